//! The program as a person has it: real mouse and keys in the real window, on the real kernel.
//!
//! What came of it is seen in the lab's file, in the recording, and on the screen.

mod screen;

use std::{
    collections::BTreeSet,
    env, fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use capture::{Direction, Event, recording};
use hopscope::{
    model::stage::{
        layout::{Layout, Lines},
        sizes,
    },
    window::{panels::tools, theme},
};
use topology::{Lab, Place, file};

use self::screen::{HEIGHT, Screen, WIDTH};

/// Debug build, software GL, a busy machine.
const LIMIT: Duration = Duration::from_secs(60);
/// A hand that saw nothing come of it tries again.
const TRIES: usize = 3;

/// The middles of the palette's tiles.
const ROOM: (f32, f32) = (tools::WIDTH / 2.0, 152.0);
const SWITCH: (f32, f32) = (tools::WIDTH / 2.0, 218.0);
/// Where things are dropped.
const RED: (f32, f32) = (300.0, 200.0);
const BLUE: (f32, f32) = (800.0, 200.0);
const BR0: (f32, f32) = (560.0, 470.0);
/// From the pointer to the third line of an interface's menu.
const CHANGE_ADDRESS: (f32, f32) = (70.0, 83.0);

/// The program in a home of its own, with a lab file open that is empty yet.
struct Session {
    program: Child,
    screen: Screen,
    home: PathBuf,
}

impl Session {
    fn open() -> Self {
        let home = env::temp_dir().join(format!("hopscope-end-to-end-{}", std::process::id()));
        fs::create_dir_all(&home).expect("a folder");
        let screen = Screen::open(&home);
        let lab = home.join("lab.toml");
        fs::write(&lab, "# Drawn by hand.\nhopscope = 1\ntitle = \"By hand\"\n").expect("a file");
        let said = fs::File::create(home.join("said")).expect("a file");
        let mut command = Command::new(hopscope_tests::program());
        for variable in ["WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"] {
            command.env_remove(variable);
        }
        let program = command
            .arg("open")
            .arg(&lab)
            .env("HOME", &home)
            .env("DISPLAY", screen.display())
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .stdin(Stdio::null())
            .stderr(said)
            .spawn()
            .expect("hopscope starts");
        let mut session = Self { program, screen, home };
        session.until("the window shows the lab's title", |session| {
            !session.screen.xdotool(&["search", "--onlyvisible", "--name", "^By hand"]).is_empty()
        });
        // Without a window manager nobody gives the window its keys.
        session.screen.xdotool(&["search", "--onlyvisible", "--name", "^By hand", "windowfocus", "--sync"]);
        session
    }

    /// Looks again and again, a moment apart.
    fn until(&mut self, what: &str, mut wanted: impl FnMut(&mut Self) -> bool) {
        let deadline = Instant::now() + LIMIT;
        while !wanted(self) {
            let ended = self.program.try_wait().expect("it is our child");
            let said = || fs::read_to_string(self.home.join("said")).unwrap_or_default();
            assert!(ended.is_none(), "hopscope has ended ({ended:?}) before {what}: {}", said());
            assert!(Instant::now() < deadline, "in {LIMIT:?} it did not come to be that {what}: {}", said());
            self.screen.xdotool(&["sleep", "0.2"]);
        }
    }

    /// Saves, and reads what was saved.
    fn lab(&self) -> Lab {
        self.screen.key("ctrl+s");
        let text = fs::read_to_string(self.home.join("lab.toml")).expect("the file is there");
        file::parse(&text).unwrap_or_else(|error| panic!("what was saved cannot be read: {error}\n{text}"))
    }

    /// Does something until it is done: a busy machine may take a press and its release for one.
    fn draw(&mut self, what: &str, hand: impl Fn(&Self), is_done: impl Fn(&Lab) -> bool) {
        for _ in 0..TRIES {
            hand(self);
            self.screen.keep_picture("end-to-end-drawing");
            let patience = Instant::now() + Duration::from_secs(6);
            while Instant::now() < patience {
                if is_done(&self.lab()) {
                    return;
                }
            }
        }
        panic!("{what}: not after {TRIES} tries; the lab is {:#?}", self.lab());
    }

    fn drag_out(&mut self, tile: (f32, f32), to: (f32, f32), things: usize) {
        let what = format!("a thing is dragged out to {to:?}");
        self.draw(&what, |session| session.screen.drag(tile, to), |lab| count(lab) == things);
    }

    fn plug(&mut self, room: (f32, f32), cables: usize) {
        let hand = |session: &Self| {
            session.screen.key("c");
            session.screen.drag(room, BR0);
        };
        self.draw(&format!("a cable from {room:?} to the bridge"), hand, |lab| lab.cables.len() == cables);
    }

    /// Types an address in place, from the interface's menu.
    fn readdress(&mut self, place: &str, address: &str) {
        let at: Place = place.parse().expect("a place");
        let lab = self.lab();
        let socket = Layout::of(&lab, &Lines::default()).sockets[&at].at;
        // The window shows one point of the canvas as one of the screen, and red was dropped by its middle.
        let corner = lab.namespaces[&"red".parse().expect("a name")].position.expect("it was put there");
        let (width, height) = (sizes::ROOM_WIDTH / 2.0, sizes::ROOM_HEIGHT / 2.0);
        let beside = (RED.0 - width - corner.x as f32, RED.1 - height - corner.y as f32);
        let pointer = (socket.x + beside.0, socket.y + beside.1);
        let hand = |session: &Self| {
            session.screen.click(pointer, "3");
            session.screen.keep_picture("end-to-end-menu");
            session.screen.click((pointer.0 + CHANGE_ADDRESS.0, pointer.1 + CHANGE_ADDRESS.1), "1");
            session.screen.type_over(address);
            session.screen.key("Return");
        };
        let wanted = BTreeSet::from([address.parse().expect("an address")]);
        let has_it = |lab: &Lab| lab.interface(&at).is_some_and(|found| found.addresses == wanted);
        self.draw(&format!("{place} gets {address}"), hand, has_it);
    }

    /// Pixels on the stage that have the colour of an echo's answer; such a frame fills some thousands of them,
    /// what else is green there some hundreds.
    fn answer_in_sight(&self) -> usize {
        let colour = theme::look(true, false).reply.to_array();
        let stage = self.screen.colours((70, 60, 1090, 590));
        stage.iter().filter(|pixel| **pixel == colour[..3]).count()
    }

    fn save_recording(&mut self) -> Vec<Event> {
        let path = self.home.join("seen.pcapng");
        self.screen.key("ctrl+shift+r");
        self.screen.xdotool(&["sleep", "1"]);
        self.screen.type_over(&path.display().to_string());
        self.screen.key("Return");
        self.until("the recording is saved", |_| path.exists());
        let file = fs::File::open(&path).expect("it was saved");
        recording::read(file).map(|event| event.expect("it is whole")).collect()
    }

    fn quit(&mut self) {
        self.screen.key("ctrl+q");
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.program.try_wait().expect("it is our child") {
                assert!(status.success(), "{status}");
                return;
            }
            assert!(Instant::now() < deadline, "the window does not close");
            self.screen.xdotool(&["sleep", "0.2"]);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended by itself, as it should.
        let _ended = self.program.kill();
        let _status = self.program.wait();
        let _left = fs::remove_dir_all(&self.home);
    }
}

/// Namespaces but the host, and bridges.
fn count(lab: &Lab) -> usize {
    let bridges = lab.interfaces().filter(|(_, found)| found.bridge_settings().is_some()).count();
    bridges + lab.namespaces.keys().filter(|name| !name.is_host()).count()
}

/// Whether an echo's answer (RFC 792) arrived at this place.
fn is_answered(events: &[Event], place: &str) -> bool {
    let place: Place = place.parse().expect("a place");
    let is_there = |event: &Event| matches!(event, Event::Tap(tap) if tap.at == place);
    let number = events.iter().filter(|event| matches!(event, Event::Tap(_))).position(is_there);
    let number = number.expect("the place was listened to") as u32;
    events.iter().any(|event| match event {
        Event::Frame(frame) if frame.tap.0 == number && frame.direction == Direction::In => {
            frame.bytes.get(12..14) == Some(&[0x08, 0x00])
                && frame.bytes.get(23) == Some(&1)
                && frame.bytes.get(34) == Some(&0)
        }
        _ => false,
    })
}

#[test]
fn a_lab_is_drawn_run_and_pinged_with_mouse_and_keys() {
    let mut session = Session::open();
    // From here on the window does not fit itself to what is drawn: things stay where they were dropped.
    session.screen.key("0");
    session.drag_out(ROOM, RED, 1);
    session.drag_out(ROOM, BLUE, 2);
    session.drag_out(SWITCH, BR0, 3);
    session.plug(RED, 1);
    session.plug(BLUE, 2);
    session.readdress("red/veth-red", "198.51.100.1/24");
    session.readdress("blue/veth-blue", "198.51.100.2/24");

    session.screen.key("F5");
    // Pressed while the lab starts, it is sent as soon as the lab runs.
    session.screen.key("p");
    session.until("the answer is on the stage", |session| 1_500 < session.answer_in_sight());
    session.screen.keep_picture("end-to-end-answer");
    let whole: BTreeSet<_> = session.screen.colours((0, 0, WIDTH, HEIGHT)).into_iter().collect();
    assert!(200 < whole.len(), "{} colours are no picture of a window", whole.len());

    let events = session.save_recording();
    // Nothing was said about who is to ask, so the first by name does.
    assert!(
        is_answered(&events, "blue/veth-blue"),
        "the answer is in the recording: {} events",
        events.len()
    );
    session.quit();
}
