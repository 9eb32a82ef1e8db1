//! Where we are in story time: a small machine that knows no clock.

use super::Story;

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
    /// Real seconds that pass at once at most: a window that was hidden does not leap when it is seen again.
    pub const LONGEST_STEP: f64 = 0.1;
    /// How far the story may be ahead of who follows, in story seconds.
    pub const LAG: f64 = 20.0;
    /// And in nanoseconds of wire time: what takes long to tell but happened all at once is told to its end.
    pub const WIRE_LAG: i64 = 2_000_000_000;

    /// Story seconds of chatter that somebody waits for what they asked.
    pub const PATIENCE: f64 = 1.6;
    /// And how long before it one arrives.
    pub const RUN_UP: f64 = 0.4;
    /// So many journeys that are no chatter may be ahead, however long the chatter between them takes to tell.
    pub const AHEAD: usize = 10;
    /// How far chatter may be ahead while nothing else was seen.
    pub const CHATTER_LAG: f64 = 8.0;

    /// Story seconds.
    pub fn at(&self) -> f64 {
        self.at
    }

    /// Goes there. Who goes back wants to look, and follows no more.
    pub fn seek(&mut self, at: f64) {
        let at = if at.is_finite() { at.max(0.0) } else { 0.0 };
        if at < self.at {
            self.following = false;
        }
        self.at = at;
    }

    /// Stays at the instant where it is, which has another story time now.
    pub fn reanchor(&mut self, at: f64) {
        self.at = at;
    }

    /// Plays. At the end of what there is and does not grow, from its beginning.
    pub fn play(&mut self, beginning: f64, length: f64) {
        if length <= self.at && !self.following {
            self.at = beginning.min(length);
        }
        self.playing = true;
    }

    /// Who pauses wants to look, and follows no more.
    pub fn pause(&mut self) {
        self.playing = false;
        self.following = false;
    }

    /// To the end, and on from there when more comes.
    pub fn to_end(&mut self, length: f64) {
        self.at = length;
        self.follow(true);
    }

    pub fn follow(&mut self, following: bool) {
        self.following = following;
        if following {
            self.playing = true;
            self.looped = None;
        }
    }

    /// `seconds` of real time pass; the story is `length` long. True if the playhead moved.
    pub fn advance(&mut self, seconds: f64, length: f64) -> bool {
        let step = seconds.min(Self::LONGEST_STEP) * self.speed;
        let is_forward = step.is_finite() && 0.0 < step;
        if !self.playing || !is_forward {
            return false;
        }
        let before = self.at;
        let to = self.at + step;
        match self.looped.filter(|(from, to)| from < to) {
            Some((from, end)) if end <= to => self.at = from + (to - end) % (end - from),
            Some(_) => self.at = to,
            // It may already be past the end: what it looked at was dropped.
            None if length <= to => {
                self.at = self.at.max(length);
                self.playing = self.following;
            }
            None => self.at = to,
        }
        self.at != before
    }

    /// True if time has to pass for it: while it waits at the end, nothing moves.
    pub fn is_moving(&self, length: f64) -> bool {
        self.playing && (self.looped.is_some() || self.at < length)
    }

    /// Who follows and has fallen far behind goes on at the beginning of the newest conversation, and nobody waits
    /// for what was asked until the machines' own chatter has been told.
    /// How many journeys were jumped over that somebody may have wanted to see, if it jumped.
    pub fn catch_up(&mut self, story: &Story) -> Option<usize> {
        let follows = self.playing && self.following && self.looped.is_none();
        if !follows || story.length() <= self.at {
            return None;
        }
        let is_told = |index: usize| !story.told()[index].is_chatter();
        if !story.active(self.at).any(is_told) {
            self.leave_chatter(story);
            return None;
        }
        if story.length() - self.at <= Self::LAG * self.speed.max(1.0) {
            return None;
        }
        if !story.tells_after(self.at, Self::AHEAD) {
            return None;
        }
        let newest = story.newest_told().filter(|newest| self.at < *newest)?;
        let pace = story.pace();
        let wire_lag = pace.wire_at(newest).0.saturating_sub(pace.wire_at(self.at).0);
        if wire_lag < Self::WIRE_LAG {
            return None;
        }
        let jumped = story.begun_between(self.at, newest);
        self.at = newest;
        Some(jumped)
    }

    /// To what was asked next, where that is ahead; else to the newest of the chatter, where that is far ahead.
    fn leave_chatter(&mut self, story: &Story) {
        let to = match story.next_told(self.at) {
            Some(next) if Self::PATIENCE < next - self.at => Some(next - Self::RUN_UP),
            Some(_) => None,
            None if Self::CHATTER_LAG < story.length() - self.at => story.newest_conversation(),
            None => None,
        };
        if let Some(to) = to.filter(|to| self.at < *to) {
            self.at = to;
        }
    }
}
