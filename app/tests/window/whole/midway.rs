//! A page that is not simply run from its first command to its last: ended, stopped, begun again, closed; and scripts.

use hopscope::{
    model::state::{Live, State},
    tutorial::runner::Standing,
};

use super::{
    person::Person,
    tutorials::{rests, rooms, statuses},
};

const ENDLESS: &str =
    "# On and on\n\n```\n$ ip link set lo up\n$ ping 127.0.0.1\n$ ip netns add after\n```\n";
const SLOW: &str = "# Slow\n\n```\n$ ip netns add first\n$ sleep 45\n$ ip netns add never\n```\n";

/// The command of this number has been typed and has not ended.
fn runs(state: &State, command: usize) -> bool {
    let tutorial = state.tutorial.as_ref().expect("a page is open");
    matches!(tutorial.runner.standings()[command], Standing::Running { .. })
}

fn shown(state: &State) -> String {
    let front = state.terminals.iter().find(|terminal| Some(terminal.id) == state.terminal);
    front.map(|terminal| terminal.screen.whole_text()).unwrap_or_default()
}

#[test]
fn what_runs_is_ended_by_a_button_and_the_page_goes_on() {
    let mut person = Person::at_page("midway-interrupt", ENDLESS);
    person.press_button("Run all");
    person.until("it pings", |state| runs(state, 1) && shown(state).contains("icmp_seq=1"));
    person.press_button("Interrupt");
    person.until("the page went on", |state| rests(state) && rooms(state) == ["after"]);
    person.settle();
    assert_eq!(person.mark_of("Run: ping 127.0.0.1").as_deref(), Some("ended as Ctrl-C would"));
    assert_eq!(person.mark_of("Run: ip netns add after").as_deref(), Some("done"));
    assert!(!person.reads("1 failed"), "to be ended is no failure");
    person.press_button("Run again from the start");
    person.until("there is a fresh lab", |state| state.is_running() && rooms(state).is_empty());
    person.settle();
    assert!(statuses(person.state()).iter().all(Option::is_none));
    person.press_button("Run: ip netns add after");
    person.until("it is run anew", |state| rests(state) && rooms(state) == ["after"]);
    person.leave();
}

#[test]
fn who_stops_a_page_gets_nothing_more_typed() {
    let mut person = Person::at_page("midway-stop", SLOW);
    person.press_button("Run all");
    person.until("it sleeps", |state| runs(state, 1));
    person.press_button("Stop");
    assert!(runs(person.state(), 1), "what runs goes on");
    person.press_button("Interrupt");
    person.until("nothing runs", rests);
    person.settle();
    assert_eq!(rooms(person.state()), ["first"]);
    assert_eq!(statuses(person.state()).last(), Some(&None));
    person.press_button("Run the rest");
    person.until("it was asked for", |state| rests(state) && rooms(state) == ["first", "never"]);
    person.leave();
}

#[test]
fn a_page_is_closed_while_it_runs() {
    let mut person = Person::at_page("midway-close", SLOW);
    person.press_button("Run all");
    person.until("it sleeps", |state| runs(state, 1));
    person.press_button("Close the page");
    assert!(person.state().tutorial.is_none() && person.state().is_running());
    person.harness().run_steps(20);
    assert!(person.sees("namespace first"), "what was built stays");
    assert!(shown(person.state()).contains("sleep 45"), "its terminal too");
    assert_eq!(rooms(person.state()), ["first"]);
    person.leave();
}

#[test]
fn with_the_lab_stops_its_page_and_a_new_one_can_be_had() {
    let mut person = Person::at_page("midway-lab", SLOW);
    person.press_button("Run all");
    person.until("it sleeps", |state| runs(state, 1));
    person.press_button("Stop lab");
    person.until("it has stopped", |state| state.live == Live::Off);
    person.until("nothing of the page runs any more", rests);
    assert_eq!(statuses(person.state()), [Some(0), Some(129), None]);
    person.settle();
    person.press_button("Run: ip netns add never");
    person.until("the lab was started for it", |state| {
        rests(state) && rooms(state).contains(&"never".to_owned())
    });
    person.leave();
}

const SCRIPT: &str = "#!/bin/bash
make_room() {
    ip netns add \"$1\"
    ip link add \"to-$1\" type veth peer name eth0 netns \"$1\"
    ip link set \"to-$1\" master hub up
}
ip link add hub type bridge
for room in north south; do
    make_room \"$room\"
done
ip link set hub up
";

#[test]
fn a_script_is_opened_and_run_like_a_page() {
    let mut person = Person::at_file("midway-script", "rooms.sh", SCRIPT);
    person.press_button("Run all");
    person.until("both rooms are there", |state| rests(state) && rooms(state) == ["north", "south"]);
    assert!(statuses(person.state()).iter().all(|status| *status == Some(0)));
    person.settle();
    assert!(person.sees("namespace north") && person.sees("bridge hub"));
    person.cable("north/eth0", "host/to-north");
    person.keep_picture("page-script");
    person.leave();
}
