//! Which of the rooms' colours a namespace has.

use topology::Lab;

use super::layout::{is_drawn, is_house};

/// Colours that rooms can have, in turn.
pub const HUES: usize = 6;

/// By its place among the rooms on the stage; `None`: it is a house, or not drawn at all.
pub fn hue_of(lab: &Lab, namespace: &str) -> Option<usize> {
    let rooms = lab.namespaces.iter().filter(|(name, room)| is_drawn(name, room) && !is_house(room));
    let place = rooms.map(|(name, _)| name).position(|name| name.as_str() == namespace)?;
    Some(place % HUES)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use topology::ready;

    use super::*;
    use crate::model::{
        draft::Draft,
        stage::{
            layout::{Layout, Lines},
            scene::scene,
        },
        state::State,
    };

    #[test]
    fn they_are_those_of_the_stage() {
        for ready in ready::LABS {
            let mut state = State::new(Default::default());
            state.draft = Draft::new(ready.lab());
            let layout = Arc::new(Layout::of(&state.lab(), &Lines::of(&state)));
            for room in scene(&state, layout).rooms.iter().filter(|room| !room.is_house) {
                assert_eq!(hue_of(&state.lab(), room.name.as_str()), Some(room.hue), "{}", room.name);
            }
        }
    }
}
