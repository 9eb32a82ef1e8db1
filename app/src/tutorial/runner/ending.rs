//! How what does not end is ended: as a person would, from the politest key on.

/// Seconds that each gets.
const EACH: f64 = 1.0;

/// Ctrl-C twice; what pagers and full-screen programs end by; what editors end by; Ctrl-\, which few refuse.
const KEYS: [&[u8]; 5] = [b"\x03", b"\x03", b"q", b"\x1b\x1b:q!\r", b"\x1c"];

/// What is to be done about it now.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    Press(&'static [u8]),
    /// None of it helped.
    GiveUp,
}

#[derive(Clone, Debug, Default)]
pub struct Ending {
    pressed: usize,
    /// When the last key was pressed; `None`: since the driver last said the time.
    since: Option<f64>,
}

impl Ending {
    /// The first of it, at once.
    pub fn begun() -> (Self, Vec<u8>) {
        (Self { pressed: 1, since: None }, KEYS[0].to_vec())
    }

    pub fn next(&mut self, now: f64) -> Option<Next> {
        if now < *self.since.get_or_insert(now) + EACH {
            return None;
        }
        self.since = Some(now);
        self.pressed += 1;
        Some(KEYS.get(self.pressed - 1).map_or(Next::GiveUp, |keys| Next::Press(keys)))
    }

    pub fn due(&self) -> Option<f64> {
        self.since.map(|since| since + EACH)
    }

    /// More was pressed than what a shell at its prompt passes over.
    pub fn has_muddied(&self) -> bool {
        2 < self.pressed
    }
}

/// Words that a shell opens by which may write no marks of ours.
const SHELLS: [&str; 9] = ["sh", "dash", "ash", "zsh", "ksh", "mksh", "fish", "su", "busybox"];

/// Whether a command may have opened a shell that knows nothing of marks, and `last_line` is its prompt.
pub fn is_foreign_prompt(command: &str, last_line: &str) -> bool {
    let names = |word: &str| SHELLS.contains(&word.rsplit('/').next().unwrap_or(word));
    let is_prompt = ["$ ", "# ", "% ", "> "].iter().any(|end| last_line.ends_with(end));
    is_prompt && command.split_whitespace().any(names)
}

/// What makes such a shell one of ours, without changing its process number or its place.
pub const TAKE_OVER: &[u8] = b"exec bash\r";
