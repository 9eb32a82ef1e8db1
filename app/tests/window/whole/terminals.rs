//! Terminals in the whole window, with real shells in the sandbox.

use egui::{Event, Key, Modifiers, Pos2, Role};
use egui_kittest::kittest::Queryable;
use hopscope::model::state::{InPlace, Pane, State};

use super::person::Person;

/// What the terminal in front shows.
fn shown(state: &State) -> String {
    let front = state.terminals.iter().find(|terminal| Some(terminal.id) == state.terminal);
    front.map(|terminal| terminal.screen.whole_text()).unwrap_or_default()
}

fn type_line(person: &mut Person, line: &str) {
    person.harness().event(Event::Text(line.into()));
    person.key(Key::Enter);
}

/// A free place in a room.
fn body(person: &Person, room: &str) -> Pos2 {
    let scene = person.scene();
    let plan = &scene.layout.rooms[&room.parse::<topology::NamespaceName>().expect("a name")];
    person.on_screen(plan.rect.left_bottom() + egui::vec2(14.0, -14.0))
}

#[test]
fn a_double_click_opens_a_shell_in_a_room() {
    let mut person = Person::at_two_rooms("terminal");
    person.double_click(body(&person, "ns1"));
    assert_eq!(person.state().pane, Pane::Terminals);
    person.until("there is a prompt", |state| shown(state).contains("ns1"));
    type_line(&mut person, "ip -br addr show dev $(ls /sys/class/net | grep -v lo)");
    person.until("the address is shown", |state| shown(state).contains("10.10.0.1/24"));
    let before = person.state().playhead.playing;
    // All of these mean something in the window.
    person.harness().event(Event::Text(" : n b".into()));
    for (held, key) in
        [(Modifiers::COMMAND, Key::Z), (Modifiers::NONE, Key::F5), (Modifiers::NONE, Key::Delete)]
    {
        person.chord(held, key);
    }
    assert_eq!(person.state().playhead.playing, before);
    assert!(person.state().is_running() && person.state().draft.is_saved());
    person.keep_picture("terminal");

    person.let_a_second_pass();
    person.double_click(body(&person, "ns1"));
    assert_eq!(person.state().terminals.len(), 1, "it is there already");
    person.chord(Modifiers::SHIFT, Key::Escape);
    let was_playing = person.state().playhead.playing;
    person.key(Key::Space);
    assert_ne!(person.state().playhead.playing, was_playing, "the keys are the window's again");
    person.key(Key::T);
    person.until("a second one is there", |state| state.terminals.len() == 2);
    person.until("it has a prompt", |state| shown(state).contains("ns1"));
    let in_front = person.harness().get_by_role_and_label(Role::Terminal, "terminal ns1 2");
    assert!(in_front.is_focused());
    type_line(&mut person, "exit 3");
    person.until("it says how it ended", |state| shown(state).contains("status 3"));
    person.leave();
}

#[test]
fn a_double_click_on_a_name_still_renames() {
    let mut person = Person::at_two_rooms("terminal-plate");
    person.double_click(person.plate("ns1"));
    assert!(matches!(person.state().in_place, Some(InPlace::Name(_))));
    assert!(person.state().terminals.is_empty());
    person.leave();
}

#[test]
fn much_output_and_programs_with_the_whole_screen() {
    let mut person = Person::at_two_rooms("terminal-much");
    person.double_click(body(&person, "ns2"));
    person.until("there is a prompt", |state| shown(state).contains("ns2"));
    type_line(&mut person, "seq 30000; echo all $((600 + 66))");
    person.until("all of it was shown", |state| shown(state).contains("all 666"));
    type_line(&mut person, "seq 500 | less");
    person.until("less has the screen", |state| {
        state.terminals[0].screen.modes().alternate_screen && shown(state).starts_with("1\n")
    });
    person.key(Key::End);
    person.until("its end is seen", |state| shown(state).contains("\n500"));
    person.harness().event(Event::Text("q".into()));
    person.until("the shell is back", |state| {
        !state.terminals[0].screen.modes().alternate_screen && shown(state).contains("all 666")
    });
    person.leave();
}
