//! Which of the rooms' colours a namespace has, for whoever shows it beside the stage.

use topology::NamespaceName;

use super::layout::{is_drawn, is_house};
use crate::model::state::State;

/// Colours that rooms can have, in turn.
pub const HUES: usize = 6;
/// The machine itself is not one among the others.
pub const OF_HOST: usize = HUES - 1;

/// The same as on the stage; `None`: it is a house, or not drawn at all.
pub fn hue_of(state: &State, namespace: &str) -> Option<usize> {
    let lab = state.lab();
    let drawn = lab.namespaces.iter().filter(|(name, room)| is_drawn(name, room) && !is_house(room));
    let rooms: Vec<&NamespaceName> = drawn.map(|(name, _)| name).collect();
    let found = rooms.iter().find(|name| name.as_str() == namespace)?;
    if found.is_host() {
        return Some(OF_HOST);
    }
    let others: Vec<&NamespaceName> = rooms.iter().copied().filter(|name| !name.is_host()).collect();
    let place = others.iter().position(|name| name == found)?;
    Some(state.hues(&others).get(place)? % HUES)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use capture::WireNs;
    use topology::ready;

    use super::*;
    use crate::model::{
        draft::Draft,
        stage::{
            layout::{Layout, Lines},
            scene::scene,
        },
        state::Source,
        story::Batch,
    };

    #[test]
    fn they_are_those_of_the_stage() {
        for ready in ready::LABS {
            let mut state = State::new(Default::default());
            state.draft = Draft::new(ready.lab());
            let layout = Arc::new(Layout::of(&state.lab(), &Lines::of(&state)));
            for room in scene(&state, layout).rooms.iter().filter(|room| !room.is_house) {
                assert_eq!(hue_of(&state, room.name.as_str()), Some(room.hue), "{}", room.name);
            }
        }
    }

    #[test]
    fn a_recording_shows_them_in_turn() {
        for ready in ready::LABS {
            let mut state = State::new(Default::default());
            state.source = Source::Recording { path: "seen.pcapng".into() };
            let labs = vec![(WireNs(0), Arc::new(ready.lab()))];
            let _ = state.story.take(Batch { labs, ..Batch::default() });
            let layout = Arc::new(Layout::of(&state.lab(), &Lines::of(&state)));
            let scene = scene(&state, layout);
            assert!(!scene.rooms.is_empty());
            for room in scene.rooms.iter().filter(|room| !room.is_house) {
                assert_eq!(hue_of(&state, room.name.as_str()), Some(room.hue), "{}", room.name);
            }
        }
    }
}
