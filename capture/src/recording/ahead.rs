//! A recording read on a thread of its own, while what was read before is already worked with.

use std::{
    cell::RefCell,
    io::{self, Read},
    panic::resume_unwind,
    rc::Rc,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
    vec,
};

use super::{Fault, RecordingError, read};
use crate::Event;

/// What one piece of the input gave.
type Piece = Vec<Result<Event, RecordingError>>;

/// So many pieces may wait to be worked with.
const AHEAD: usize = 4;

/// As [`read`], ahead of who asks. Where no thread can be started, that is the only error that comes.
///
/// Nothing is kept back: before more is asked of the input, which may wait for it, all that came before is passed on.
/// Who stops asking stops the reading, as soon as the input gives something.
pub fn read_ahead<R: Read + Send + 'static>(input: R) -> ReadAhead {
    let (sender, pieces) = sync_channel(AHEAD);
    let read_all = move || {
        let piece = Rc::new(RefCell::new(Piece::new()));
        let passing_on = PassingOn { input, piece: Rc::clone(&piece), sender: sender.clone() };
        for event in read(passing_on) {
            piece.borrow_mut().push(event);
        }
        // Nobody may want it any more.
        let _ = sender.send(piece.take());
    };
    match thread::Builder::new().name("recording reader".into()).spawn(read_all) {
        Ok(thread) => ReadAhead { pieces, piece: Piece::new().into_iter(), thread: Some(thread) },
        Err(error) => {
            let error = RecordingError { offset: 0, fault: Fault::Io(error) };
            ReadAhead { pieces, piece: vec![Err(error)].into_iter(), thread: None }
        }
    }
}

/// The events of a recording; see [`super::Reader`].
#[derive(Debug)]
pub struct ReadAhead {
    pieces: Receiver<Piece>,
    piece: vec::IntoIter<Result<Event, RecordingError>>,
    thread: Option<JoinHandle<()>>,
}

impl Iterator for ReadAhead {
    type Item = Result<Event, RecordingError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(event) = self.piece.next() {
                return Some(event);
            }
            let Ok(piece) = self.pieces.recv() else { break };
            self.piece = piece.into_iter();
        }
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
            resume_unwind(panic);
        }
        None
    }
}

/// An input that passes on what was read so far before it is asked for more.
struct PassingOn<R> {
    input: R,
    piece: Rc<RefCell<Piece>>,
    sender: SyncSender<Piece>,
}

impl<R: Read> Read for PassingOn<R> {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        let piece = self.piece.take();
        if !piece.is_empty() && self.sender.send(piece).is_err() {
            return Ok(0);
        }
        self.input.read(octets)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::{
        io::{Cursor, Write, pipe},
        panic::{AssertUnwindSafe, catch_unwind},
        sync::mpsc::{Sender, channel},
    };

    use super::*;
    use crate::recording::Recorder;

    fn caption(text: String) -> Event {
        Event::Caption { t: crate::WireNs(1), text }
    }

    fn recording(captions: usize) -> Vec<u8> {
        let mut recorder = Recorder::new(Vec::new()).unwrap();
        for number in 0..captions {
            recorder.write(&caption(format!("number {number}"))).unwrap();
        }
        recorder.finish().unwrap()
    }

    #[test]
    fn it_gives_what_plain_reading_gives() {
        let whole = recording(20_000);
        let mut broken = whole.clone();
        broken[whole.len() / 2..].fill(0xff);
        let cut = whole[..whole.len() - 5].to_vec();
        for file in [whole, broken, cut, b"nonsense".to_vec(), vec![]] {
            let plain: Vec<String> = read(&file[..]).map(|item| format!("{item:?}")).collect();
            let ahead: Vec<String> = read_ahead(Cursor::new(file)).map(|item| format!("{item:?}")).collect();
            assert_eq!(ahead, plain);
        }
    }

    #[test]
    fn nothing_waits_for_what_comes_later() {
        let (input, mut end) = pipe().unwrap();
        let mut events = read_ahead(input);
        end.write_all(&recording(3)).unwrap();
        let three: Vec<Event> = events.by_ref().take(3).map(Result::unwrap).collect();
        assert_eq!(three, [0, 1, 2].map(|number| caption(format!("number {number}"))));
        drop(end);
        assert!(events.next().is_none());
    }

    /// The same recording again and again, as one file may hold several; and a word when it is let go.
    struct Endless {
        recording: Vec<u8>,
        gone: Sender<()>,
    }

    impl Read for Endless {
        fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
            self.recording.as_slice().read(octets)
        }
    }

    impl Drop for Endless {
        fn drop(&mut self) {
            let _ = self.gone.send(());
        }
    }

    #[test]
    fn who_stops_asking_stops_the_reading() {
        let (gone, is_gone) = channel();
        let mut events = read_ahead(Endless { recording: recording(10), gone });
        assert!(events.by_ref().take(1000).all(|event| event.is_ok()));
        drop(events);
        is_gone.recv().unwrap();
    }

    #[test]
    fn a_panic_while_reading_is_not_taken_for_the_end() {
        struct Bad;
        impl Read for Bad {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                panic!("this input is bad")
            }
        }
        let read = catch_unwind(AssertUnwindSafe(|| read_ahead(Bad).count()));
        assert!(read.is_err());
    }
}
