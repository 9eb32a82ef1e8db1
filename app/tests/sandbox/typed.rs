//! What is typed in a terminal is drawn, and what is drawn of it can be taken back: the model, the desk and the kernel.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Condvar, Mutex},
    time::{Duration, Instant},
};

use hopscope::{
    desk::{Desk, Surroundings},
    model::{
        command::{Command, Draw, Effect},
        state::{Live, State},
        update::update,
    },
    terminal::TerminalId,
};
use topology::{NamespaceName, Position};

const LIMIT: Duration = Duration::from_secs(40);
const HOST: TerminalId = TerminalId(1);

/// A window without a face: its state, its desk, and a terminal on the host.
struct Class {
    state: State,
    desk: Desk,
    woken: Arc<(Mutex<bool>, Condvar)>,
    begun: Instant,
    folder: PathBuf,
}

impl Class {
    fn begin(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("hopscope-typed-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let surroundings = Surroundings {
            config: folder.join("config"),
            state: folder.join("state"),
            recordings: folder.join("recordings"),
            engine: Some(env!("CARGO_BIN_EXE_hopscope").into()),
        };
        let woken = Arc::new((Mutex::new(false), Condvar::new()));
        let bell = Arc::clone(&woken);
        let desk = Desk::open_in(&surroundings, move || {
            *bell.0.lock().expect("nobody panics with it") = true;
            bell.1.notify_all();
        });
        let state = State::new(Default::default());
        let mut class = Self { state, desk, woken, begun: Instant::now(), folder };
        class.say(Command::RunLab);
        class.until("the lab runs", State::is_running);
        class.desk.carry_out(Effect::OpenTerminal {
            terminal: HOST,
            namespace: NamespaceName::host(),
            size: Default::default(),
        });
        class
    }

    fn say(&mut self, command: Command) {
        for effect in update(&mut self.state, command) {
            self.desk.carry_out(effect);
        }
    }

    fn type_in(&mut self, line: &str) {
        let bytes = format!("{line}\r").into_bytes();
        self.desk.carry_out(Effect::Type { terminal: HOST, bytes });
    }

    #[track_caller]
    fn until(&mut self, what: &str, wanted: impl Fn(&State) -> bool) {
        let deadline = Instant::now() + LIMIT;
        loop {
            self.say(Command::Tick { now: self.begun.elapsed().as_secs_f64() });
            for news in self.desk.news(Duration::from_millis(4)) {
                self.say(Command::News(news));
            }
            if wanted(&self.state) {
                return;
            }
            let drawn = self.state.draft.lab();
            assert!(
                Instant::now() < deadline,
                "it never came to be that {what}: {drawn:#?} {:?}",
                self.state.notices
            );
            let woken = self.woken.0.lock().expect("nobody panics with it");
            // Looks that wait are asked about again, as the window does.
            let patience = Duration::from_millis(50);
            let (mut woken, _) = self
                .woken
                .1
                .wait_timeout_while(woken, patience, |woken| !*woken)
                .expect("nobody panics with it");
            *woken = false;
        }
    }

    fn leave(self) {
        self.desk.close();
        fs::remove_dir_all(&self.folder).expect("the folder goes");
    }
}

/// The kernel has what is drawn, and nobody is asked for anything.
fn is_settled(state: &State) -> bool {
    match &state.live {
        Live::On { observed, changing, .. } => {
            !changing && state.failed.is_empty() && observed.bare() == state.draft.lab().bare()
        }
        _ => false,
    }
}

fn has(state: &State, name: &str) -> bool {
    state.draft.lab().namespaces.contains_key(&name.parse::<NamespaceName>().expect("a name"))
}

fn is_real(state: &State, name: &str) -> bool {
    let name: NamespaceName = name.parse().expect("a name");
    matches!(&state.live, Live::On { observed, .. } if observed.namespaces.contains_key(&name))
}

#[test]
fn a_cable_is_typed_drawn_taken_back_and_brought_again() {
    let mut class = Class::begin("cable");
    class.type_in("ip netns add red");
    class.until("red is drawn", |state| has(state, "red") && is_settled(state));
    class.type_in(
        "ip link add eth0 netns red type veth peer name veth-red && ip addr add 10.0.0.1/24 dev veth-red",
    );
    class.until("the cable is drawn with its address", |state| {
        let lab = state.draft.lab();
        let port = lab.interface(&"host/veth-red".parse().expect("a place"));
        lab.cables.len() == 1 && port.is_some_and(|port| !port.addresses.is_empty()) && is_settled(state)
    });
    let typed = class.state.draft.lab().clone();
    while class.state.draft.undo_words().is_some() {
        class.say(Command::Undo);
        class.until("the kernel follows", |state| !state.changes.are_under_way() && is_settled(state));
    }
    class.until("nothing is left", |state| !has(state, "red") && !is_real(state, "red") && is_settled(state));
    while class.state.draft.redo_words().is_some() {
        class.say(Command::Redo);
        class.until("the kernel follows", |state| !state.changes.are_under_way() && is_settled(state));
    }
    class.until("all is there again", |state| is_real(state, "red") && is_settled(state));
    assert_eq!(*class.state.draft.lab(), typed);
    class.leave();
}

/// Each command is under way while something is drawn, and the drawing does not know of it yet.
#[test]
fn what_is_typed_and_what_is_drawn_at_the_same_moment_are_both_kept() {
    // Without numbers, since names that are drawn are counted on.
    const TYPED: [&str; 8] = ["kitchen", "hall", "attic", "cellar", "porch", "garage", "study", "pantry"];
    let mut class = Class::begin("moment");
    for (number, room) in (0..).zip(TYPED) {
        class.type_in(&format!("ip netns add {room}"));
        class.say(Command::Draw(Draw::AddNamespace { at: Position { x: 40 + 200 * number, y: 600 } }));
        // Some at once, some when the answer to the one before is there.
        if number % 3 == 2 {
            class.until("it is done", |state| !state.changes.are_under_way());
        }
    }
    class.until("all of it is there", |state| {
        let rooms = state.draft.lab().namespaces.keys().filter(|name| !name.is_host()).count();
        let is_there = |room: &&str| has(state, room) && is_real(state, room);
        rooms == 2 * TYPED.len() && TYPED.iter().all(is_there) && is_settled(state)
    });
    while class.state.draft.undo_words().is_some() {
        class.say(Command::Undo);
    }
    class.until("all is taken back", |state| state.draft.lab().namespaces.len() <= 1 && is_settled(state));
    class.leave();
}

/// By one line, so that one look may find all of it.
#[test]
fn the_room_that_is_made_first_stands_left() {
    let mut class = Class::begin("order");
    class.type_in(
        "ip netns add red && ip netns add blue && ip link add eth0 netns red type veth peer name eth0 netns blue",
    );
    class.until("the cable is drawn", |state| state.draft.lab().cables.len() == 1 && is_settled(state));
    let room =
        |name: &str| &class.state.draft.lab().namespaces[&name.parse::<NamespaceName>().expect("a name")];
    let [red, blue] = ["red", "blue"].map(|name| room(name).position.expect("it has a place"));
    assert!(red.x < blue.x, "{red:?} {blue:?}");
    class.leave();
}

#[test]
fn a_process_brings_its_room_and_takes_it_along() {
    let mut class = Class::begin("process");
    class.type_in("unshare --net --fork bash --norc");
    class.until("its room is drawn", |state| !state.processes.is_empty() && is_settled(state));
    let name = class.state.processes.first_key_value().expect("there is one").0.clone();
    assert!(has(&class.state, name.as_str()), "{name}");
    class.say(Command::Undo);
    assert!(has(&class.state, name.as_str()), "a process is not ended by undo");
    class.type_in("exit");
    class.until("it is gone with it", |state| !has(state, name.as_str()) && is_settled(state));
    class.leave();
}
