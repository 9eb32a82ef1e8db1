//! Every binding, in every kind of state.

use super::*;
use crate::model::{
    command::Select,
    keys::BINDINGS,
    story::tests::made_up::{batch, crossing},
};

fn states() -> Vec<(&'static str, State)> {
    let selected = |mut state: State, select: Select| {
        let _ = update(&mut state, Command::Select(select));
        state
    };
    let refused = {
        let (mut state, _) = opened();
        let news = News::Refused { what: "a".into(), why: "b".into(), mend: "c".into() };
        let _ = update(&mut state, Command::News(news));
        state
    };
    let mut replay = replaying();
    let journeys = [crossing(1, 1, 0, false), crossing(2, 1, 9_000_000, true)];
    let _ = update(&mut replay, Command::News(News::Seen(batch(journeys))));
    let mut drawn = running();
    let _ = add_namespace(&mut drawn);
    let _ = update(&mut drawn, Command::Draw(Draw::Copy));
    let cables = running().draft.lab().cables.iter().cloned().map(crate::model::act::Item::Cable).collect();
    vec![
        ("empty", State::new(Default::default())),
        ("starting", opened().0),
        ("running", running()),
        ("all selected", selected(running(), Select::All)),
        ("cables selected", selected(running(), Select::These(cables))),
        ("drawn on", drawn),
        ("refused", refused),
        ("replay", replay),
    ]
}

#[test]
fn every_binding_can_be_pressed_everywhere() {
    for (number, binding) in BINDINGS.iter().enumerate() {
        for (name, mut state) in states() {
            let Some(command) = (binding.command)(&state) else { continue };
            let (was_replay, before) = (state.is_replay(), state.draft.lab().clone());
            let _ = update(&mut state, command.clone());
            let _ = update(&mut state, Command::Tick { now: 1.0 });
            let draws_on = matches!(command, Command::File(File::EditRecordedLab | File::New));
            assert!(
                !was_replay || draws_on || before == *state.draft.lab(),
                "“{}” draws in a {name}",
                binding.words
            );
            assert!(number < BINDINGS.len() && state.playhead.at().is_finite());
        }
    }
}

#[test]
fn all_of_them_one_after_the_other() {
    for (_, mut state) in states() {
        for round in 0..2 {
            for binding in BINDINGS {
                if let Some(command) = (binding.command)(&state) {
                    let _ = update(&mut state, command);
                }
                let _ = update(&mut state, Command::Tick { now: f64::from(round) });
            }
        }
    }
}

#[test]
fn a_replay_offers_the_way_back_and_a_drawing_does_not() {
    let back = crate::model::keys::find("Ctrl+B").expect("it is bound");
    assert_eq!((back.command)(&replaying()), Some(Command::File(File::BackToDrawing)));
    assert_eq!((back.command)(&running()), None);
    let stop = crate::model::keys::find("Shift+F5").expect("it is bound");
    assert_eq!((stop.command)(&opened().0), Some(Command::StopLab), "also while it starts");
}
