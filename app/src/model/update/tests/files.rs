//! New, open, save, restore, and what is asked before something is lost.

use super::*;
use crate::model::{
    command::{InterfaceChange, Saved, Select},
    state::{Opened, Page},
};

const PATH: &str = "/labs/mine.toml";

fn did(news: News) -> Command {
    Command::News(news)
}

fn read(path: &str) -> (Command, Opened) {
    let text = ready::LABS[1].text.to_owned();
    let lab = Arc::new(ready::LABS[1].lab());
    let opened = Opened { path: path.into(), text: text.clone(), lab: lab.clone() };
    (did(News::OpenedLab { path: path.into(), text, lab }), opened)
}

fn drawn_on() -> State {
    let (mut state, _) = opened();
    let effects = add_namespace(&mut state);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Autosave { .. })));
    state
}

fn saved(state: &mut State, path: &str) -> Vec<Effect> {
    update(state, did(News::Saved { path: path.into(), what: Saved::Lab }))
}

#[test]
fn a_first_save_asks_where_and_the_next_does_not() {
    let mut state = drawn_on();
    assert!(matches!(update(&mut state, Command::File(File::Save))[..], [Effect::List(_)]));
    assert_eq!(state.dialog, Some(Dialog::SaveLab));
    let effects = update(&mut state, Command::File(File::SaveLabAs(PATH.into())));
    assert!(matches!(&effects[..], [Effect::SaveText { what: Saved::Lab, .. }]), "{effects:?}");
    assert!(state.dialog.is_none() && !state.draft.is_saved(), "it is not in the file yet");
    let effects = saved(&mut state, PATH);
    assert!(effects.contains(&Effect::DropAutosave), "what is in its file needs no other place");
    assert!(state.draft.is_saved());
    assert_eq!(state.settings.recent, [std::path::PathBuf::from(PATH)]);
    let _ = add_namespace(&mut state);
    let effects = update(&mut state, Command::File(File::Save));
    assert!(matches!(&effects[..], [Effect::SaveText { path, .. }] if path.as_os_str() == PATH));
}

#[test]
fn what_is_drawn_while_it_is_saved_stays_unsaved() {
    let mut state = drawn_on();
    let _ = update(&mut state, Command::File(File::SaveLabAs(PATH.into())));
    let _ = add_namespace(&mut state);
    let effects = saved(&mut state, PATH);
    assert!(!effects.contains(&Effect::DropAutosave));
    assert!(!state.draft.is_saved());
}

#[test]
fn a_save_that_ends_after_another_lab_was_opened_is_not_that_labs() {
    let mut state = drawn_on();
    let _ = update(&mut state, Command::File(File::SaveLabAs(PATH.into())));
    let _ = update(&mut state, Command::File(File::Anyway(Box::new(File::New))));
    let _ = saved(&mut state, PATH);
    assert_eq!(state.draft.path, None);
}

#[test]
fn who_saves_first_goes_on_with_what_was_meant() {
    let mut state = drawn_on();
    let _ = update(&mut state, Command::File(File::New));
    assert!(matches!(state.dialog, Some(Dialog::Unsaved(_))));
    let _ = update(&mut state, Command::File(File::Save));
    assert_eq!(state.dialog, Some(Dialog::SaveLab));
    let _ = update(&mut state, Command::File(File::SaveLabAs(PATH.into())));
    let _ = saved(&mut state, PATH);
    assert!(state.draft.lab().namespaces.is_empty(), "a new one");

    let mut state = drawn_on();
    let _ = update(&mut state, Command::Quit);
    let _ = update(&mut state, Command::File(File::Save));
    let _ = update(&mut state, Command::File(File::SaveLabAs(PATH.into())));
    assert!(saved(&mut state, PATH).contains(&Effect::Quit));

    // Who closes the dialog does not want it any more; nor does it happen where nothing could be saved.
    for end in [
        Command::View(crate::model::command::View::Dialog(None)),
        did(News::SaveFailed { path: PATH.into(), why: "no room".into() }),
    ] {
        let mut state = drawn_on();
        let _ = update(&mut state, Command::Quit);
        let _ = update(&mut state, Command::File(File::Save));
        let _ = update(&mut state, end);
        let _ = update(&mut state, Command::File(File::SaveLabAs(PATH.into())));
        assert!(!saved(&mut state, PATH).contains(&Effect::Quit));
    }
}

#[test]
fn a_lab_that_is_opened_asks_only_if_something_would_be_lost() {
    let (mut state, _) = opened();
    let _ = update(&mut state, Command::File(File::Open(PATH.into())));
    let (news, lab) = read(PATH);
    let _ = update(&mut state, news);
    assert_eq!(state.dialog, None);
    assert_eq!(state.draft.lab().title, lab.lab.title);
    assert!(state.draft.is_saved());

    let mut state = drawn_on();
    let before = state.draft.lab().clone();
    let open = Command::File(File::Open(PATH.into()));
    assert_eq!(update(&mut state, open), [Effect::Open(PATH.into())], "it may be a recording");
    let _ = update(&mut state, read(PATH).0);
    assert_eq!(state.dialog, Some(Dialog::Unsaved(Box::new(File::Open(PATH.into())))));
    assert_eq!(*state.draft.lab(), before);
    let effects = update(&mut state, Command::File(File::Anyway(Box::new(File::Open(PATH.into())))));
    assert!(effects.contains(&Effect::DropAutosave) && state.dialog.is_none());
    assert_eq!(state.draft.path.as_deref(), Some(std::path::Path::new(PATH)));

    let mut state = drawn_on();
    let _ = update(&mut state, read(PATH).0);
    let _ = update(&mut state, Command::View(crate::model::command::View::Dialog(None)));
    assert_eq!(state.opened, None, "it stays as it is");
    assert_eq!(*state.draft.lab(), before);
}

#[test]
fn a_recording_is_shown_beside_the_drawing_which_comes_back() {
    let mut state = drawn_on();
    let before = state.draft.lab().clone();
    let _ = update(&mut state, Command::File(File::Open("/seen.pcapng".into())));
    let effects = update(&mut state, did(News::OpenedRecording { path: "/seen.pcapng".into() }));
    assert!(effects.contains(&Effect::StopLab));
    assert!(state.is_replay() && state.dialog.is_none());
    let _ = update(&mut state, Command::Undo);
    let _ = add_namespace(&mut state);
    let _ = update(&mut state, Command::Draw(Draw::Remove(Default::default())));
    assert_eq!(*state.draft.lab(), before, "nothing draws in a recording");
    assert_eq!(update(&mut state, Command::File(File::BackToDrawing)), [Effect::CloseRecording]);
    assert!(!state.is_replay() && !state.draft.is_saved());
    assert_eq!(*state.lab(), *before);
    assert_eq!(update(&mut state, Command::File(File::BackToDrawing)), []);
    assert!(matches!(update(&mut state, Command::Undo)[..], [_, ..]), "undo goes on where it was");
}

#[test]
fn a_recordings_lab_is_drawn_on_after_a_question() {
    let mut state = drawn_on();
    let _ = update(&mut state, did(News::OpenedRecording { path: "/seen.pcapng".into() }));
    assert_eq!(update(&mut state, Command::File(File::EditRecordedLab)), []);
    assert!(matches!(state.dialog, Some(Dialog::Unsaved(_))));
    let wish = File::Anyway(Box::new(File::EditRecordedLab));
    assert!(update(&mut state, Command::File(wish)).contains(&Effect::CloseRecording));
    assert!(!state.is_replay());
}

#[test]
fn what_a_crash_left_behind_is_restored_unsaved_and_kept_safe() {
    let (mut state, _) = opened();
    let text = ready::LABS[1].text.to_owned();
    let found = || did(News::FoundAutosave { text: text.clone(), path: Some(PATH.into()) });
    let _ = update(&mut state, found());
    let effects = update(&mut state, Command::File(File::Restore));
    let autosaves = |effect: &Effect| matches!(effect, Effect::Autosave { .. });
    assert!(effects.contains(&Effect::DropAutosave) && effects.iter().any(autosaves), "{effects:?}");
    assert!(!state.draft.is_saved() && state.left_behind.is_none());
    assert_eq!(state.draft.path.as_deref(), Some(std::path::Path::new(PATH)));

    let mut state = drawn_on();
    let _ = update(&mut state, found());
    assert_eq!(update(&mut state, Command::File(File::Restore)), [], "what is drawn would be lost");
    assert_eq!(state.dialog, Some(Dialog::Unsaved(Box::new(File::Restore))));
    let effects = update(&mut state, Command::File(File::DropRestored));
    assert!(matches!(&effects[..], [Effect::DropAutosave, Effect::Autosave { .. }]), "{effects:?}");

    let (mut state, _) = opened();
    let _ = update(&mut state, did(News::FoundAutosave { text: "nonsense".into(), path: None }));
    let _ = update(&mut state, Command::File(File::Restore));
    assert!(state.notices.iter().any(|notice| notice.is_bad));
}

#[test]
fn what_a_crash_left_behind_outlives_who_does_not_decide() {
    let (mut state, _) = opened();
    let _ = update(&mut state, did(News::FoundAutosave { text: ready::LABS[1].text.into(), path: None }));
    let _ = add_namespace(&mut state);
    assert!(!update(&mut state, Command::Undo).contains(&Effect::DropAutosave));
    assert_eq!(update(&mut state, Command::Quit), [Effect::Quit]);
}

#[test]
fn undone_to_what_is_saved_nothing_needs_to_be_kept() {
    let mut state = drawn_on();
    assert!(update(&mut state, Command::Undo).contains(&Effect::DropAutosave));
}

#[test]
fn what_was_copied_in_a_recording_can_be_pasted_into_a_drawing() {
    let mut state = replaying();
    let lab = Arc::new(ready::LABS[0].lab());
    let labs = vec![(capture::WireNs(0), lab)];
    let _ = update(&mut state, did(News::Seen(crate::model::story::Batch { labs, ..Default::default() })));
    let _ = update(&mut state, Command::Select(Select::All));
    assert!(!state.selection.is_empty());
    let _ = update(&mut state, Command::Draw(Draw::Copy));
    let _ = update(&mut state, Command::File(File::BackToDrawing));
    let before = state.draft.lab().namespaces.len();
    let _ = update(&mut state, Command::Draw(Draw::Paste { at: Position { x: 0, y: 0 } }));
    assert!(before < state.draft.lab().namespaces.len());
}

#[test]
fn a_file_that_has_no_text_for_a_name_is_opened_all_the_same() {
    use std::os::unix::ffi::OsStrExt;
    let (mut state, _) = opened();
    let path = std::path::PathBuf::from(std::ffi::OsStr::from_bytes(b"/labs/\xff.toml"));
    let (_, Opened { text, lab, .. }) = read(PATH);
    let _ = update(&mut state, did(News::OpenedLab { path, text, lab }));
    assert!(state.settings.recent.is_empty() && state.page == Page::Stage);
}

#[test]
fn saving_as_it_stands_survives_the_words_of_an_edit() {
    let mut state = drawn_on();
    let at = "ns1/veth-ns1".parse().expect("a place");
    let change = InterfaceChange::Mtu(Some(1400));
    let _ = update(&mut state, Command::Draw(Draw::Interface { at, change }));
    let effects = update(&mut state, Command::File(File::SaveLabAs(PATH.into())));
    let [Effect::SaveText { text, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(topology::file::parse(text).expect("a lab"), **state.draft.lab());
}
