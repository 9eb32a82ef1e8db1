//! What `make bench` wants to know of a real window: when each picture was on the screen, and what it held.
//!
//! The environment variable `HOPSCOPE_FRAME_LOG` names a file. Each picture adds a line of numbers: nanoseconds since
//! 1970, sightings in the story, frames captured, frames lost, frames not shown, whether a lab runs, whether the
//! playhead moves.

use std::{
    fs::File,
    io::Write as _,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use egui::Context;

use crate::model::state::State;

const VARIABLE: &str = "HOPSCOPE_FRAME_LOG";

const SOON: Duration = Duration::from_millis(200);

/// The file, if somebody asked for one.
#[derive(Debug)]
pub struct FrameLog {
    out: File,
    /// The picture that goes to the screen before the next pass begins.
    drawn: Option<String>,
    /// What the picture before held.
    before: String,
}

impl FrameLog {
    pub fn if_asked_for() -> Option<Self> {
        let path = std::env::var_os(VARIABLE)?;
        match File::create(&path) {
            Ok(out) => Some(Self { out, drawn: None, before: String::new() }),
            Err(error) => {
                eprintln!("hopscope: {VARIABLE}: {}: {error}", path.display());
                None
            }
        }
    }

    /// A new pass begins, so that the picture before is on the screen.
    pub fn is_shown(&mut self) {
        let Some(drawn) = self.drawn.take() else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        if let Err(error) = writeln!(self.out, "{} {drawn}", now.as_nanos()) {
            eprintln!("hopscope: {VARIABLE}: {error}");
        }
    }

    /// The pass has ended.
    pub fn is_drawn(&mut self, context: &Context, state: &State) {
        let story = &state.story;
        let totals = story.totals();
        let is_moving = state.playhead.is_moving(story.length());
        let held = format!(
            "{} {} {} {} {} {}",
            story.moments().len(),
            totals.frames,
            totals.lost,
            story.not_shown(),
            u8::from(state.is_running()),
            u8::from(is_moving),
        );
        if held != self.before {
            // Else nobody could tell when it was shown, should it be the last.
            context.request_repaint_after(if self.before.is_empty() { Duration::ZERO } else { SOON });
            self.before.clone_from(&held);
        }
        self.drawn = Some(held);
    }
}
