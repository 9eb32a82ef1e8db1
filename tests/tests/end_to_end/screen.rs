//! A screen that nobody sees, with a mouse and keys on it: Xvfb and xdotool.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

const STARTS_WITHIN: Duration = Duration::from_secs(30);
/// What is missing is not skipped but said, with what mends it.
const INSTALL: &str = "`scripts/install-packages test` installs it";

pub const WIDTH: u32 = 1440;
pub const HEIGHT: u32 = 900;

/// Seconds between two things that a hand does: even a busy machine that draws by software shows each.
const HAND: &str = "0.3";

/// An X server of its own; it ends with the test.
pub struct Screen {
    server: Child,
    display: String,
    /// What it shows lies here, as xwd(1) writes it.
    memory: PathBuf,
}

impl Screen {
    /// `folder`: where the server keeps what it shows.
    pub fn open(folder: &Path) -> Self {
        let size = format!("{WIDTH}x{HEIGHT}x24");
        // The server chooses a free number for its display, and writes it to standard output.
        let spawned = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                &size,
                "+extension",
                "GLX",
                "-nolisten",
                "tcp",
                "-fbdir",
            ])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut server = spawned.unwrap_or_else(|error| panic!("Xvfb does not start ({error}); {INSTALL}"));
        let output = server.stdout.take().expect("it is a pipe");
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(output).read_line(&mut line);
            // Nobody listens any more if it took too long.
            let _unheard = tell.send(read.map(|_| line));
        });
        let number = told.recv_timeout(STARTS_WITHIN).expect("Xvfb says its display's number in time");
        let display = format!(":{}", number.expect("what Xvfb writes can be read").trim());
        Self { server, display, memory: folder.join("Xvfb_screen0") }
    }

    pub fn display(&self) -> &str {
        &self.display
    }

    /// Runs xdotool to its end; gives what it printed.
    pub fn xdotool(&self, arguments: &[&str]) -> String {
        let run = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).output();
        let output = run.unwrap_or_else(|error| panic!("xdotool does not start ({error}); {INSTALL}"));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    pub fn key(&self, chord: &str) {
        self.xdotool(&["key", chord, "sleep", HAND]);
    }

    /// In the field that has the keyboard, instead of what stands there.
    pub fn type_over(&self, text: &str) {
        self.key("ctrl+a");
        self.xdotool(&["type", "--delay", "40", text]);
        self.xdotool(&["sleep", HAND]);
    }

    pub fn click(&self, at: (f32, f32), button: &str) {
        let [x, y] = [at.0, at.1].map(|part| part.round().to_string());
        self.xdotool(&["mousemove", &x, &y, "sleep", HAND, "click", button, "sleep", HAND]);
    }

    pub fn drag(&self, from: (f32, f32), to: (f32, f32)) {
        let part = |share: f32| (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
        let mut hand: Vec<String> = Vec::new();
        let move_to = |hand: &mut Vec<String>, (x, y): (f32, f32)| {
            hand.extend(["mousemove".into(), x.round().to_string(), y.round().to_string()]);
            hand.extend(["sleep".into(), HAND.into()]);
        };
        move_to(&mut hand, from);
        hand.extend(["mousedown", "1", "sleep", HAND].map(String::from));
        [0.1, 0.4, 0.8, 1.0].into_iter().for_each(|share| move_to(&mut hand, part(share)));
        hand.extend(["mouseup", "1", "sleep", HAND].map(String::from));
        self.xdotool(&hand.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// `HOPSCOPE_PICTURES=directory` keeps there what is seen now, as xwd(1) writes it.
    pub fn keep_picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("HOPSCOPE_PICTURES") {
            let path = Path::new(&folder).join(format!("{name}.xwd"));
            fs::copy(&self.memory, path).expect("the folder can be written to");
        }
    }

    /// Red, green and blue of what is seen in a part of the screen: from left and top to right and bottom.
    pub fn colours(&self, (left, top, right, bottom): (u32, u32, u32, u32)) -> Vec<[u8; 3]> {
        let memory = fs::read(&self.memory).expect("Xvfb keeps there what it shows");
        // XWDFileHeader in <X11/XWDFile.h>: 32 bit numbers, the most significant byte first.
        let field = |index: usize| {
            let bytes = memory[index * 4..index * 4 + 4].try_into().expect("four of them");
            u32::from_be_bytes(bytes) as usize
        };
        let (header, is_big_endian, bits, line, colours) =
            (field(0), field(7) == 1, field(11), field(12), field(19));
        assert_eq!((bits, is_big_endian), (32, false), "pixels as Xvfb keeps them on this machine");
        // A colour of the map takes twelve bytes.
        let begin = header + colours * 12;
        let pixel = |x: u32, y: u32| {
            let at = begin + y as usize * line + x as usize * 4;
            [memory[at + 2], memory[at + 1], memory[at]]
        };
        (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.server.kill();
        let _status = self.server.wait();
    }
}
