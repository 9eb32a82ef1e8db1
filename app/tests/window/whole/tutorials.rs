//! Tutorials in the whole window: the page beside the stage, typed into real terminals, drawn as it comes about.

use egui::{Key, Modifiers, PointerButton};
use hopscope::{
    model::state::{Live, State},
    tutorial::runner::{Question, Standing},
};
use topology::{Cable, NamespaceName, Place};

use super::person::{Person, count};

fn name(text: &str) -> NamespaceName {
    text.parse().expect("a name")
}

/// What the kernel has besides the host, by name.
pub fn rooms(state: &State) -> Vec<String> {
    match &state.live {
        Live::On { observed, .. } => {
            observed.namespaces.keys().filter(|name| !name.is_host()).map(ToString::to_string).collect()
        }
        _ => Vec::new(),
    }
}

fn has_cable(state: &State, one: &str, other: &str) -> bool {
    let place = |text: &str| text.parse::<Place>().expect("a place");
    let cable = Cable::new(place(one), place(other));
    matches!(&state.live, Live::On { observed, .. } if observed.cables.contains(&cable))
}

/// How each command went, in order: its status, or `None` while that is not known.
pub fn statuses(state: &State) -> Vec<Option<i32>> {
    let tutorial = state.tutorial.as_ref().expect("a page is open");
    let status = |standing: &Standing| match standing {
        Standing::Ran(outcomes) => outcomes.first().map(|outcome| outcome.status),
        _ => None,
    };
    tutorial.runner.standings().iter().map(status).collect()
}

pub fn rests(state: &State) -> bool {
    state.tutorial.as_ref().is_some_and(|tutorial| !tutorial.is_busy())
}

fn waits(state: &State) -> bool {
    state.tutorial.as_ref().is_some_and(|tutorial| tutorial.waits())
}

/// Rooms that stand in each other's way, with all the rows that their tables have come to.
fn rooms_that_overlap(person: &Person) -> Vec<String> {
    let drawn = person.scene().rooms;
    let pairs = drawn
        .iter()
        .enumerate()
        .flat_map(|(at, room)| drawn[at + 1..].iter().map(move |other| (room, other)));
    let overlap = pairs.filter(|(room, other)| room.rect.intersects(other.rect));
    overlap
        .map(|(room, other)| format!("{} {} and {} {}", room.name, room.rect, other.name, other.rect))
        .collect()
}

const TWO_WAYS: &str = "# A cord, then a box between

Two rooms:

```bash
sudo ip netns add red
sudo ip netns add blue
```

A cord from one to the other:

```bash
sudo ip link add cord-r type veth peer name cord-b
sudo ip link set cord-r netns red
sudo ip link set cord-b netns blue
sudo ip -n red addr add 10.41.0.1/24 dev cord-r
sudo ip -n blue addr add 10.41.0.2/24 dev cord-b
sudo ip -n red link set cord-r up
sudo ip -n blue link set cord-b up
sudo ip netns exec red ping -c 1 10.41.0.2
```

The same with a bridge between them:

```bash
sudo ip link add hub type bridge
sudo ip link set hub up
sudo ip link add eth-r netns red type veth peer name port-r
sudo ip link add eth-b netns blue type veth peer name port-b
sudo ip link set port-r master hub up
sudo ip link set port-b master hub up
sudo ip -n red addr add 10.42.0.1/24 dev eth-r
sudo ip -n blue addr add 10.42.0.2/24 dev eth-b
sudo ip -n red link set eth-r up
sudo ip -n blue link set eth-b up
sudo ip netns exec blue ping -c 1 10.42.0.1
```

## Clean up

```bash
sudo ip netns del red
sudo ip netns del blue
sudo ip link del hub
```
";

#[test]
fn a_page_draws_itself_and_cleans_up_when_asked() {
    let mut person = Person::at_page("page-run", TWO_WAYS);
    assert!(person.reads("A cord, then a box between") && person.reads("Two rooms:"));
    assert!(rooms(person.state()).is_empty());
    person.press_button("Run all");
    person.until("all that builds was run", |state| {
        rests(state) && statuses(state)[..21].iter().all(Option::is_some)
    });
    assert_eq!(statuses(person.state()), [vec![Some(0); 21], vec![None; 3]].concat());
    person.until("both pings were seen, there and back", |state| count(state, "ICMP") == 4);
    person.settle();
    assert!(person.sees("namespace red") && person.sees("namespace blue") && person.sees("bridge hub"));
    assert!(has_cable(person.state(), "red/cord-r", "blue/cord-b"));
    person.cable("red/cord-r", "blue/cord-b");
    person.cable("blue/eth-b", "host/port-b");
    let routes: Vec<usize> = person
        .state()
        .story
        .told()
        .iter()
        .filter_map(|told| (told.journey.protocol == "ICMP").then_some(told.journey.sightings.len()))
        .collect();
    assert_eq!(routes, [2, 2, 4, 4], "the cord has two ends, and with a bridge there are two cables");
    person.keep_picture("page-run");
    assert_eq!(rooms_that_overlap(&person), Vec::<String>::new());
    person.press_button("Clean up");
    person.until("nothing is left", |state| rests(state) && rooms(state).is_empty());
    assert_eq!(statuses(person.state()), vec![Some(0); 24]);
    person.until("the drawing is empty too", |state| {
        let lab = state.draft.lab();
        lab.cables.is_empty() && lab.namespaces.keys().all(NamespaceName::is_host)
    });
    assert!(!person.sees("namespace red") && !person.sees("bridge hub"));
    assert!(person.sees("Run again from the start"));
    person.leave();
}

#[test]
fn what_a_page_typed_can_be_taken_back() {
    let page = "# Two\n\n```\n$ ip netns add red\n$ ip netns add blue\n```\n";
    let mut person = Person::at_page("page-undo", page);
    person.press_button("Run: ip netns add red");
    person.until("red is there", |state| rests(state) && rooms(state) == ["red"]);
    assert_eq!(person.mark_of("Run: ip netns add red").as_deref(), Some("done"));
    assert_eq!(person.mark_of("Run: ip netns add blue"), None);
    person.press_button("Run: ip netns add blue");
    person.until("blue is there", |state| rests(state) && rooms(state) == ["blue", "red"]);
    person.until("it is drawn", |state| state.draft.lab().namespaces.contains_key(&name("blue")));
    person.chord(Modifiers::SHIFT, Key::Escape);
    person.chord(Modifiers::COMMAND, Key::Z);
    person.until("the kernel has lost blue alone", |state| rooms(state) == ["red"]);
    let drawn: Vec<String> = person.scene().rooms.iter().map(|room| room.name.to_string()).collect();
    assert_eq!(drawn, ["red"]);
    person.chord(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    person.until("it is there again", |state| rooms(state) == ["blue", "red"]);
    person.leave();
}

const PROCESSES: &str = "# Networks of processes

Open **two different terminals**, and in each:

```bash
sudo unshare --net --fork bash
```

Then in the **host terminal**, with the number of the first for `<PID1>`:

```bash
sudo ip link add eth-a type veth peer name port-a
sudo ip link set eth-a netns <PID1>
```
";

#[test]
fn a_placeholder_is_asked_about_and_filled_from_the_kernel() {
    let mut person = Person::at_page("page-processes", PROCESSES);
    person.press_button("Run all");
    person.until("it is asked", |state| {
        let question = state.tutorial.as_ref().and_then(|tutorial| tutorial.runner.question());
        matches!(question, Some(Question::Placeholder { proposal: Some(_), .. }))
    });
    person.until("two rooms are there", |state| rooms(state).len() == 2);
    person.settle();
    assert!(person.reads("<PID1> is …"), "the question stands on the page");
    assert_eq!(person.state().processes.len(), 2);
    person.keep_picture("page-question");
    person.press_button("Use it");
    let home = |state: &State| {
        let rooms = state.processes.iter();
        rooms
            .map(|(name, process)| (name.clone(), process.command.clone()))
            .find(|(name, _)| has_cable(state, &format!("{name}/eth-a"), "host/port-a"))
    };
    person.until("the cable's end has moved in", |state| rests(state) && home(state).is_some());
    assert_eq!(statuses(person.state()), [Some(0); 3]);
    let (room, command) = home(person.state()).expect("it was there just now");
    assert!(room.as_str().starts_with("pid ") && command.contains("bash"), "{room} {command}");
    person.settle();
    let scene = person.scene();
    let drawn = scene.rooms.iter().find(|drawn| drawn.name == room).expect("the room is drawn");
    assert_eq!(drawn.process.as_deref(), Some(command.as_str()));
    assert_eq!(person.state().terminals.len(), 3, "two terminals of processes, and the host's");
    person.keep_picture("page-processes");
    person.leave();
}

#[test]
fn step_by_step_says_what_changed_and_waits() {
    let page = "# Slowly\n\n```\n$ ip netns add red\n```\n\nThen:\n\n```\n$ ip netns add blue\n$ ip link add c-r netns red \
                type veth peer name c-b netns blue\n```\n";
    let mut person = Person::at_page("page-steps", page);
    person.press_button("Step by step");
    person.until("it waits", |state| waits(state) && statuses(state)[0] == Some(0));
    person.settle();
    // The stage calls its room the same.
    assert!(person.reads("WHAT CHANGED"));
    assert!(2 <= person.how_often("namespace red"), "the page says it, and the stage shows it");
    assert_eq!(person.state().selection.len(), 1, "what is new is pointed out");
    person.harness().run_steps(20);
    assert_eq!(rooms(person.state()), ["red"], "nothing is run without being asked for");
    person.keep_picture("page-step");
    person.press_button("Next step");
    person.until("the second block was run", |state| {
        rests(state) && statuses(state) == vec![Some(0); 3] && has_cable(state, "red/c-r", "blue/c-b")
    });
    person.until_reads("cable blue/c-b ↔ red/c-r");
    assert!(person.sees("Run again from the start"), "that was all of it");
    person.leave();
}

#[test]
fn what_changed_comes_into_sight_below_a_block_with_much_output() {
    let prose = "Words about words.\n\n".repeat(20);
    let listing = "$ ip -n red link\n".to_owned() + &"1: lo: <LOOPBACK> mtu 65536 state DOWN\n".repeat(18);
    let page = format!(
        "# Far down\n\n{prose}```\n$ ip netns add red\n{listing}```\n\nThen:\n\n```\n$ ip netns add blue\n```\n"
    );
    let mut person = Person::at_page("page-far-step", &page);
    person.press_button("Step by step");
    person.until("it waits", |state| waits(state) && statuses(state)[1] == Some(0));
    person.settle();
    person.keep_picture("page-far-step");
    // With the pointer, so it must be where one can see it.
    let button = person.place_of("Next step, below the block");
    person.click_at(button, PointerButton::Primary, Modifiers::NONE);
    person.until("the second block was run", |state| rests(state) && rooms(state) == ["blue", "red"]);
    person.leave();
}

#[test]
fn a_failure_stands_at_its_block_and_the_page_goes_on() {
    let page =
        "# With a slip\n\n```\n$ ip link set no-such-thing up\n```\n\n```\n$ ip netns add after\n```\n";
    let mut person = Person::at_page("page-failure", page);
    person.press_button("Run all");
    person.until("all was run", |state| rests(state) && statuses(state).iter().all(Option::is_some));
    person.settle();
    assert_eq!(statuses(person.state()), [Some(1), Some(0)]);
    assert!(person.reads("exit 1") && person.reads("Cannot find device \"no-such-thing\""));
    assert!(person.reads("1 failed"));
    assert_eq!(person.mark_of("Run: ip link set no-such-thing up").as_deref(), Some("failed"));
    assert_eq!(person.mark_of("Run: ip netns add after").as_deref(), Some("done"));
    person.until("the page went on", |state| rooms(state) == ["after"]);
    person.keep_picture("page-failure");
    person.leave();
}
