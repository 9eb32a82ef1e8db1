//! Panels are closed, come back, and stay as they were left.

use egui::Key;
use hopscope::model::{
    command::File,
    state::{Pane, Side},
};

use super::person::{Person, engine};

#[test]
fn a_closed_panel_comes_back_and_the_layout_stays() {
    let mut person = Person::at("panels", File::New);
    person.right_click(person.place_of("Ladder"));
    person.click("Close; the View menu brings it back");
    person.let_a_second_pass();
    assert!(!person.sees("Ladder"));
    person.key(Key::F8);
    assert!(!person.sees("Frame"), "the right side is hidden");
    person.key(Key::F10);
    person.close();

    let mut person = Person::in_folder(&person.folder.clone(), &engine(), File::New);
    assert!(!person.sees("Ladder") && !person.sees("Frame"), "it is as it was left");
    let settings = &person.state().settings;
    assert!(!settings.dark && settings.hidden.contains(&Side::Inspector));
    person.key(Key::F8);
    assert!(person.sees("Frame"));
    person.choose("View", "Ladder");
    assert_eq!(person.state().pane, Pane::Ladder);
    assert!(person.sees("Ladder"));
    person.leave();
}
