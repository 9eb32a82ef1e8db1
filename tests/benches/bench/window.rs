//! The program's real window, on a screen that nobody sees and that is drawn by software.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::park_timeout,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::{finish, ground::HOME, process::program};

/// Longer than anything takes that works.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at what the window wrote.
const LOOK: Duration = Duration::from_millis(5);

/// A screen of 1280 × 800.
pub struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    pub fn open() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "+extension", "GLX", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("Xvfb: {error}"));
        let mut number = String::new();
        let output = server.stdout.take().expect("it was asked for");
        BufReader::new(output).read_line(&mut number).expect("Xvfb says which display it is");
        assert!(!number.trim().is_empty(), "Xvfb opened no display");
        Self { server, display: format!(":{}", number.trim()) }
    }

    /// Starts the program; its window fills the screen.
    pub fn window(&self, opens: &str) -> Window {
        let settings = Path::new(HOME).join(".config/hopscope");
        fs::create_dir_all(&settings).expect("there is a home");
        fs::write(settings.join("settings.toml"), "window = [1280.0, 800.0]\n").expect("there is a home");
        let log = Path::new(HOME).join("frames");
        let begun = SystemTime::now();
        let child = Command::new(program())
            .args(["open", opens])
            .env("DISPLAY", &self.display)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("HOPSCOPE_FRAME_LOG", &log)
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("hopscope: {error}"));
        Window { child, log, begun, display: self.display.clone() }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        end(&mut self.server);
    }
}

/// The program, as long as its window is wanted.
pub struct Window {
    child: Child,
    log: PathBuf,
    begun: SystemTime,
    display: String,
}

/// A picture that was on the screen, as the program says: see `window/frame_log.rs`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown {
    /// Since the program was started.
    pub after: Duration,
    pub moments: u64,
    pub frames: u64,
    pub lost: u64,
    pub not_shown: u64,
    pub is_running: bool,
    pub is_playing: bool,
}

impl Window {
    /// All pictures so far.
    pub fn shown(&self) -> Vec<Shown> {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        // The last line may be half written.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(|line| self.read(line)).collect()
    }

    fn read(&self, line: &str) -> Shown {
        let numbers: Vec<u64> = line.split(' ').map(|word| word.parse().expect("only numbers")).collect();
        let [nanoseconds, moments, frames, lost, not_shown, is_running, is_playing] = numbers[..] else {
            panic!("seven numbers make a line of the log, not “{line}”");
        };
        let began = self.begun.duration_since(UNIX_EPOCH).expect("it is later than 1970");
        let after = Duration::from_nanos(nanoseconds).saturating_sub(began);
        let (is_running, is_playing) = (is_running == 1, is_playing == 1);
        Shown { after, moments, frames, lost, not_shown, is_running, is_playing }
    }

    /// The first picture that is as wished.
    #[track_caller]
    pub fn wait_for(&self, what: &str, is_it: impl Fn(&Shown) -> bool) -> Shown {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let shown = self.shown();
            if let Some(found) = shown.iter().find(|shown| is_it(shown)) {
                return *found;
            }
            assert!(Instant::now() < deadline, "there is no {what}; the last picture: {:?}", shown.last());
            park_timeout(LOOK);
        }
    }

    /// Until so long no picture was drawn. What was seen in a rush is played to its end first, and the outcome of what
    /// was asked for stands a while.
    #[track_caller]
    pub fn wait_for_rest(&self, rest: Duration) {
        let deadline = Instant::now() + 3 * PATIENCE;
        let (mut count, mut since) = (self.shown().len(), Instant::now());
        while since.elapsed() < rest {
            assert!(Instant::now() < deadline, "the window never rests");
            park_timeout(LOOK);
            let now = self.shown().len();
            if now != count {
                (count, since) = (now, Instant::now());
            }
        }
    }

    /// Pictures a second for this long from now on, and how long the slowest twentieth of them took at least.
    pub fn rate(&self, span: Duration) -> (f64, Duration) {
        let before = self.shown().len();
        let deadline = Instant::now() + span;
        while let Some(left) = deadline.checked_duration_since(Instant::now()) {
            park_timeout(left);
        }
        let shown = self.shown();
        let times: Vec<Duration> = shown[before..].iter().map(|shown| shown.after).collect();
        let mut waits: Vec<Duration> = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
        waits.sort();
        let slow = waits.get(waits.len() * 19 / 20).copied().unwrap_or(span);
        (times.len() as f64 / span.as_secs_f64(), slow)
    }

    /// Does something by the command palette.
    pub fn command(&self, words: &str) {
        let xdotool = |arguments: &[&str]| {
            let mut command = Command::new("xdotool");
            finish(command.args(arguments).env("DISPLAY", &self.display))
        };
        let found = xdotool(&["search", "--sync", "--onlyvisible", "--name", "Hopscope"]);
        let window = found.lines().next().expect("the window has a title").to_owned();
        xdotool(&["windowfocus", "--sync", &window]);
        xdotool(&["key", "--delay", "120", "ctrl+k"]);
        park_timeout(Duration::from_millis(400));
        xdotool(&["type", "--delay", "30", words]);
        park_timeout(Duration::from_millis(400));
        xdotool(&["key", "--delay", "120", "Return"]);
    }

    /// Seconds of processor time that the window has used, and its engine with what runs in there.
    pub fn processor_seconds(&self) -> (f64, f64) {
        let window = self.child.id();
        let all: Vec<Process> = processes();
        let mut engine = Vec::from_iter(all.iter().filter(|process| process.parent == window));
        let mut next = 0;
        while let Some(parent) = engine.get(next).map(|process| process.id) {
            engine.extend(all.iter().filter(|process| process.parent == parent));
            next += 1;
        }
        let own = all.iter().find(|process| process.id == window).map_or(0.0, |process| process.seconds);
        (own, engine.iter().map(|process| process.seconds).sum())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        end(&mut self.child);
        // A window that was not started cannot have written it.
        let _is_there = fs::remove_file(&self.log);
    }
}

struct Process {
    id: u32,
    parent: u32,
    seconds: f64,
}

/// All of this machine, by proc(5).
fn processes() -> Vec<Process> {
    let folders = fs::read_dir("/proc").expect("/proc is there");
    let ids = folders.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(process).collect()
}

fn process(id: u32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before the last bracket may hold anything.
    let words: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |place: usize| words.get(place)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)?;
    let per_second = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK).ok()??;
    Some(Process { id, parent: u32::try_from(number(1)?).ok()?, seconds: ticks as f64 / per_second as f64 })
}

fn end(child: &mut Child) {
    // It may have ended by itself.
    let _is_running = child.kill();
    child.wait().expect("a child can be waited for");
}
