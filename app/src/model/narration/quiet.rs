//! Before anything was seen: what to do.

use super::{Narration, words::sentence};
use crate::model::state::{Live, State};

pub fn hint(state: &State) -> Narration {
    if state.is_replay() {
        return match state.story.totals().frames {
            0 => Narration::new("This recording holds no frames.", "Its lab can be looked at all the same."),
            _ => Narration::new("The recording is being read.", ""),
        };
    }
    let lab = state.lab();
    let is_empty = lab.namespaces.is_empty();
    match &state.live {
        Live::Refused { what, mend, .. } => Narration::new(sentence(what), sentence(mend)),
        Live::Starting => Narration::new("The lab is being built in the kernel.", ""),
        Live::Stopping => Narration::new("The lab is being taken down.", ""),
        _ if is_empty && state.tutorial.is_some() => Narration::new(
            "Run a block of the page: what it makes appears here.",
            "Or type in a terminal: a namespace, a cable, a bridge.",
        ),
        _ if is_empty => Narration::new(
            "Drag a namespace out of the palette to begin.",
            "Or open one of the ready labs: File ▸ Home.",
        ),
        Live::Off => Narration::new("Press Run to build this lab and listen to it.", sentence(&lab.try_this)),
        Live::On { .. } => {
            Narration::new("All is quiet. Press Ping and watch what happens.", sentence(&lab.try_this))
        }
    }
}
