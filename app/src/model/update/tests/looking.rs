//! What is looked at, how it is shown, and what is remembered of it.

use capture::{JourneyId, WireNs};
use emath::{Rect, pos2, vec2};

use super::*;
use crate::model::{
    command::{View, Watch},
    state::{Pane, Settings, Side},
    story::tests::made_up::{batch, crossing},
};

fn watch(state: &mut State, watch: Watch) -> Vec<Effect> {
    update(state, Command::Watch(watch))
}

fn view(state: &mut State, view: View) -> Vec<Effect> {
    update(state, Command::View(view))
}

#[test]
fn a_frame_is_chosen_within_what_is_there() {
    let mut state = replaying();
    watch(&mut state, Watch::Sighting { journey: JourneyId(1), sighting: 0 });
    assert_eq!(state.chosen, None);
    watch(&mut state, Watch::CompareWith(Some(3)));
    watch(&mut state, Watch::Field(Some((9, 9))));
    assert_eq!(state.chosen, None, "nothing is in view");
    let _ = update(&mut state, Command::News(News::Seen(batch([crossing(1, 1, 0, false)]))));
    watch(&mut state, Watch::Sighting { journey: JourneyId(1), sighting: 99 });
    assert_eq!(state.chosen.map(|chosen| chosen.sighting), Some(3), "the last one");
    watch(&mut state, Watch::CompareWith(Some(1)));
    assert_eq!(state.chosen.and_then(|chosen| chosen.compared), Some(1));
    watch(&mut state, Watch::Nothing);
    assert_eq!(state.chosen, None);
}

#[test]
fn a_filter_that_makes_no_sense_leaves_the_last_one() {
    let mut state = replaying();
    watch(&mut state, Watch::Filter("journey == 1".into()));
    assert!(state.filter.filter.is_some() && state.filter.error.is_none());
    watch(&mut state, Watch::Filter("journey == ".into()));
    assert!(state.filter.filter.is_some() && state.filter.error.is_some());
    watch(&mut state, Watch::Filter("  ".into()));
    assert!(state.filter.filter.is_none() && state.filter.error.is_none());
}

#[test]
fn captions_are_in_order_and_go_into_a_running_recording() {
    let mut state = running();
    let caption = |at: i64, text: &str| Watch::Caption { at: WireNs(at), text: text.into() };
    assert_eq!(watch(&mut state, caption(5, " five ")), []);
    assert_eq!(watch(&mut state, caption(1, "one")), []);
    assert_eq!(watch(&mut state, caption(3, "  ")), [], "no caption at all");
    let _ = update(&mut state, Command::News(News::RecordingStarted { path: "/seen".into() }));
    assert!(matches!(watch(&mut state, caption(3, "three"))[..], [Effect::Caption { .. }]));
    let _ = watch(&mut state, caption(9, &"x".repeat(100_000)));
    let texts: Vec<usize> = state.captions.iter().map(|(_, text)| text.len()).collect();
    assert_eq!(texts, [3, 5, 4, 2_000]);
    // The recording tells it back; it is the same one.
    let captions = vec![(WireNs(3), "three".to_owned())];
    let _ = update(
        &mut state,
        Command::News(News::Seen(crate::model::story::Batch { captions, ..Default::default() })),
    );
    assert_eq!(state.captions.len(), 4);
    watch(&mut state, Watch::RemoveCaption { at: WireNs(1), text: "one".into() });
    assert_eq!(state.captions.len(), 3);
}

#[test]
fn the_view_stays_sane_whatever_it_is_told() {
    let mut state = running();
    let drawn = Some(Rect::from_min_max(pos2(0.0, 0.0), pos2(800.0, 600.0)));
    for told in [
        View::StageShown { size: vec2(0.0, 0.0), drawn: None },
        View::Fit,
        View::StageShown { size: vec2(0.0, 0.0), drawn },
        View::Fit,
        View::StageShown { size: vec2(1000.0, 700.0), drawn },
        View::ZoomTo(0.0),
        View::ZoomTo(1e30),
        View::Zoom { factor: f32::NAN, around: pos2(1.0, 1.0) },
        View::Zoom { factor: 0.0, around: pos2(1.0, 1.0) },
        View::Pan(vec2(1e30, -1e30)),
        View::Scale(f32::NAN),
        View::Scale(99.0),
        View::Fit,
        View::StageShown { size: vec2(1000.0, 700.0), drawn },
    ] {
        let _ = view(&mut state, told.clone());
        assert!(state.camera.zoom.is_finite() && 0.0 < state.camera.zoom, "{told:?}");
    }
    assert_eq!(state.settings.scale, 3.0);
}

#[test]
fn settings_are_remembered_as_they_are() {
    let mut state = running();
    let _ = view(&mut state, View::Dark(false));
    let _ = view(&mut state, View::Projector(true));
    let _ = view(&mut state, View::Scale(1.1));
    let _ = view(&mut state, View::ToggleSide(Side::Tools));
    let _ = view(&mut state, View::TogglePane(Pane::Ladder));
    let _ = view(&mut state, View::Dock("x = \"\"\"\n".into()));
    let path = "/labs/a \"lab\" ü.toml".into();
    let opened =
        News::OpenedLab { path, text: ready::LABS[0].text.into(), lab: Arc::new(ready::LABS[0].lab()) };
    let _ = update(&mut state, Command::News(opened));
    let effects = view(&mut state, View::WindowSize(1280.5, 720.0));
    let [Effect::SaveSettings(text)] = &effects[..] else { panic!("{effects:?}") };
    let read: Settings = toml_edit::de::from_str(text).expect("what was written can be read");
    assert_eq!(read, state.settings);
    assert_eq!((read.pane, read.recent.len(), read.hidden.len()), (Pane::Ladder, 1, 1));
    assert_eq!(view(&mut state, View::WindowSize(1280.5, 720.0)), [], "nothing new");
    let old: Settings = toml_edit::de::from_str("dark = false\nunknown = 3\n").expect("another version's");
    assert!(!old.dark);
}

#[test]
fn a_pane_is_shown_hidden_and_shown() {
    let mut state = running();
    let _ = view(&mut state, View::Show(Pane::Frames));
    let _ = view(&mut state, View::TogglePane(Pane::Frames));
    assert!(state.settings.hidden.contains(&Side::Below));
    let _ = view(&mut state, View::TogglePane(Pane::Ladder));
    assert!(!state.settings.hidden.contains(&Side::Below));
    assert_eq!((state.pane, state.settings.pane), (Pane::Ladder, Pane::Ladder));
}
