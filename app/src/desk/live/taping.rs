//! The recording that runs: what is seen goes into a file at once, so that a crash costs a second of it.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter, ErrorKind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use capture::{Event, recording::Recorder};

/// What a crash of the machine may cost at most.
pub const BETWEEN_FLUSHES: Duration = Duration::from_secs(1);

pub struct Taping {
    pub path: PathBuf,
    pub frames: u64,
    recorder: Recorder<BufWriter<File>>,
    flushed: Instant,
}

impl Taping {
    /// A new file in the folder, named after the time, which begins with what stands now.
    pub fn start(folder: &Path, in_force: &[Event]) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (path, file) = create(folder)?;
        let recorder = Recorder::new(BufWriter::new(file))?;
        let mut taping = Self { path, frames: 0, recorder, flushed: Instant::now() };
        in_force.iter().try_for_each(|event| taping.take(event))?;
        taping.recorder.flush()?;
        Ok(taping)
    }

    pub fn take(&mut self, event: &Event) -> io::Result<()> {
        self.frames += u64::from(matches!(event, Event::Frame(_)));
        self.recorder.write(event)
    }

    /// What a person said goes out at once: it may be the last for long.
    pub fn take_and_flush(&mut self, event: &Event) -> io::Result<()> {
        self.take(event)?;
        self.recorder.flush()
    }

    /// Sends what waits, about every second.
    pub fn flush_now_and_then(&mut self) -> io::Result<()> {
        if self.flushed.elapsed() < BETWEEN_FLUSHES {
            return Ok(());
        }
        self.flushed = Instant::now();
        self.recorder.flush()
    }

    /// Everything reaches the disk.
    pub fn finish(self) -> io::Result<()> {
        let out = self.recorder.finish()?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }
}

fn create(folder: &Path) -> io::Result<(PathBuf, File)> {
    let stem = format!("hopscope-{}", local_time());
    let names = std::iter::once(format!("{stem}.pcapng")).chain((2..).map(|n| format!("{stem}-{n}.pcapng")));
    for name in names {
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// `YYYY-MM-DD-HHMMSS` as clocks on the wall show it here.
fn local_time() -> String {
    // SAFETY: `time` takes no pointer here; `localtime_r` reads one number and fills one structure, which
    // may begin as zeros.
    let time = unsafe {
        let now = libc::time(std::ptr::null_mut());
        let mut time: libc::tm = std::mem::zeroed();
        libc::localtime_r(&raw const now, &raw mut time);
        time
    };
    format!(
        "{:04}-{:02}-{:02}-{:02}{:02}{:02}",
        time.tm_year + 1900,
        time.tm_mon + 1,
        time.tm_mday,
        time.tm_hour,
        time.tm_min,
        time.tm_sec
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use std::sync::Arc;

    use capture::{Direction, Frame, Tap, TapId, WireNs, recording};
    use topology::Lab;

    use super::*;

    #[test]
    fn two_recordings_of_one_second_are_two_files_that_begin_with_the_lab() {
        let folder = std::env::temp_dir().join(format!("hopscope-taping-{}", std::process::id()));
        let in_force = [
            Event::Lab { t: WireNs(1), lab: Arc::new(Lab::default()) },
            Event::Tap(Tap { id: TapId(0), at: "red/a".parse().unwrap() }),
        ];
        let mut one = Taping::start(&folder, &in_force).unwrap();
        let other = Taping::start(&folder, &in_force).unwrap();
        assert_ne!(one.path, other.path);
        let bytes = [0; 60].into();
        let frame = Frame { tap: TapId(0), t: WireNs(2), direction: Direction::In, bytes, original_len: 60 };
        one.take(&Event::Frame(frame)).unwrap();
        assert_eq!(one.frames, 1);
        let path = one.path.clone();
        one.finish().unwrap();
        let events: Vec<_> = recording::read(File::open(path).unwrap()).map(Result::unwrap).collect();
        assert_eq!(events.len(), 3);
        assert_eq!(events[..2], in_force);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
