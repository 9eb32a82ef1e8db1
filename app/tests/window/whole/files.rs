//! Recordings: written while it runs, played back where nothing can run.

use std::{fs, path::Path};

use egui::Key;
use hopscope::model::{command::File, state::Source};

use super::person::{Person, count, pings_seen};

#[test]
fn what_was_recorded_plays_back_without_an_engine() {
    let mut person = Person::at_two_rooms("record");
    person.press_button("Record");
    person.until("it records", |state| state.recording.is_some());
    person.press_button("Ping");
    person.until("the ping and its question were seen", |state| {
        pings_seen(state, 1) && count(state, "ARP") == 2
    });
    person.key(Key::M);
    person.type_over("here it comes back");
    person.press_button("Put it here");
    let path = person.state().recording.clone().expect("it records");
    person.press_button("Stop recording");
    person.until("it is written", |state| state.recording.is_none());
    person.until_reads("frames are in");
    person.close();

    let nowhere = Path::new("/nonexistent/engine");
    let mut person = Person::in_folder(&person.folder.clone(), nowhere, File::Open(path.clone()));
    person.until("the recording is open", |state| {
        state.source == Source::Recording { path: path.clone() }
            && pings_seen(state, 1)
            && count(state, "ARP") == 2
    });
    assert!(person.reads("replay of"), "the bar says what is seen");
    assert_eq!(person.state().captions.len(), 1);
    assert!(person.sees("namespace ns1") && person.sees("bridge br0"), "the lab is in the recording");
    person.key(Key::Home);
    assert!(person.state().playhead.playing, "what was opened plays, and from the beginning too");
    person.key(Key::CloseBracket);
    let mut headlines = 0;
    person.until("the end is played", |state| {
        headlines += usize::from(!hopscope::model::narration::narrate(state).headline.is_empty());
        !state.playhead.playing
    });
    assert!(person.state().story.length() <= person.state().playhead.at());
    assert!(0 < headlines, "hops are told in a replay too");
    assert_eq!(count(person.state(), "ICMP"), 2);
    assert_eq!(person.neighbours("ns1").len(), 1);
    person.keep_picture("replay");
    person.leave();
}

#[test]
fn where_no_engine_starts_the_reason_is_told_and_drawing_goes_on() {
    let folder = std::env::temp_dir().join(format!("hopscope-window-refused-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let nowhere = Path::new("/nonexistent/engine");
    let first = File::OpenReady("two-rooms-and-a-switch");
    let mut person = Person::in_folder(&folder, nowhere, first);
    person.until("it says so", |_| true);
    person.until("the refusal is shown", |state| state.dialog.is_some());
    assert!(person.sees("This machine does not let a lab run"));
    assert!(person.reads("/nonexistent/engine"), "which program could not be started");
    person.press_button("Close");
    assert!(person.sees("cannot run here – why?"));
    person.click("Room");
    let free = person.place_of("bridge br0") + egui::vec2(0.0, -160.0);
    person.click_at(free, egui::PointerButton::Primary, egui::Modifiers::NONE);
    assert!(person.sees("namespace ns3"), "drawing works all the same");
    person.press_button("cannot run here – why?");
    person.press_button("Try again");
    person.until("it is refused again", |state| state.dialog.is_some());
    person.leave();
}
