//! Where we are in story time: a small machine that knows no clock.

/// Plays, pauses, loops, follows.
#[derive(Clone, Debug, PartialEq)]
pub struct Playhead {
    at: f64,
    pub playing: bool,
    /// Story seconds per real second.
    pub speed: f64,
    /// Goes on by itself when something new happens.
    pub following: bool,
    pub looped: Option<(f64, f64)>,
}

impl Default for Playhead {
    fn default() -> Self {
        Self { at: 0.0, playing: true, speed: 1.0, following: true, looped: None }
    }
}

impl Playhead {
    /// Story seconds.
    pub fn at(&self) -> f64 {
        self.at
    }
    pub fn seek(&mut self, at: f64) {
        self.at = at;
    }
    /// `seconds` of real time pass; the story is `length` long. True if the playhead moved.
    pub fn advance(&mut self, _seconds: f64, _length: f64) -> bool {
        false
    }
}
