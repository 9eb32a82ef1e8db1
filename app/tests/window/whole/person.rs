//! Somebody at the window: looks for things by their names, clicks, drags and types, and waits until something
//! is to be seen.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex},
    time::{Duration, Instant},
};

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Role, ViewportId, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use hopscope::{
    desk::{Desk, Surroundings, settings},
    model::{
        command::File,
        narration::narrate,
        stage::{
            layout::{Layout, Lines},
            scene::{self, Scene},
        },
        state::{Settings, State},
    },
    window::app::App,
};
use topology::{Cable, NamespaceName};

use crate::picture::Pictures;

/// On a busy machine everything takes its time.
const LIMIT: Duration = Duration::from_secs(40);
/// Between two frames of something that moves, where nobody has rung.
const PACE: Duration = Duration::from_millis(2);
/// Seconds that pass from frame to frame, as the window sees it.
const STEP: f32 = 0.1;

/// Rung by the desk when it has news.
#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl Bell {
    fn ring(&self) {
        *self.rung.lock().expect("nobody panics with it") = true;
        self.heard.notify_all();
    }

    fn wait(&self, at_most: Duration) {
        let rung = self.rung.lock().expect("nobody panics with it");
        let (mut rung, _) =
            self.heard.wait_timeout_while(rung, at_most, |rung| !*rung).expect("nobody panics with it");
        *rung = false;
    }
}

pub struct Person {
    harness: Option<Harness<'static, App>>,
    bell: Arc<Bell>,
    /// Own settings, recordings, and whatever else is saved.
    pub folder: PathBuf,
}

impl Person {
    /// At a window that opens on this, in an empty folder of its own.
    pub fn at(test: &str, first: File) -> Self {
        let folder = env::temp_dir().join(format!("hopscope-window-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self::in_folder(&folder, &engine(), first)
    }

    /// At the lab of the first minute, which runs.
    pub fn at_two_rooms(test: &str) -> Self {
        let mut person = Self::at(test, File::OpenReady("two-rooms-and-a-switch"));
        person.until("the lab runs", State::is_running);
        person.settle();
        person
    }

    /// At a page of these words, whose lab runs, empty.
    pub fn at_page(test: &str, text: &str) -> Self {
        Self::at_file(test, "page.md", text)
    }

    /// The same, and the file is called so.
    pub fn at_file(test: &str, name: &str, text: &str) -> Self {
        let folder = env::temp_dir().join(format!("hopscope-window-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(name);
        fs::write(&path, text).expect("a file can be written");
        let mut person = Self::in_folder(&folder, &engine(), File::Open(path));
        person.until("the page is open and its lab runs", |state| {
            state.tutorial.is_some() && state.is_running()
        });
        person.settle();
        person
    }

    /// With an engine that may be none, and the settings that are kept in the folder.
    pub fn in_folder(folder: &Path, engine: &Path, first: File) -> Self {
        let surroundings = surroundings(folder, engine);
        let settings = settings::load_from(&surroundings)
            .map(|text| toml_edit::de::from_str::<Settings>(&text).expect("it wrote them itself"));
        let bell = Arc::new(Bell::default());
        let ringer = Arc::clone(&bell);
        let desk = Desk::open_in(&surroundings, move || ringer.ring());
        let harness = Harness::builder()
            .with_size(vec2(1440.0, 900.0))
            .with_step_dt(STEP)
            .renderer(Pictures::default())
            .build_eframe(move |_| App::with(desk, settings.unwrap_or_default(), first));
        Self { harness: Some(harness), bell, folder: folder.to_owned() }
    }

    pub fn harness(&mut self) -> &mut Harness<'static, App> {
        self.harness.as_mut().expect("the window is open")
    }

    fn seen(&self) -> &Harness<'static, App> {
        self.harness.as_ref().expect("the window is open")
    }

    pub fn state(&self) -> &State {
        &self.seen().state().state
    }

    /// Until everything that was done is to be seen; what plays goes on a little.
    pub fn settle(&mut self) {
        self.harness().run_steps(3);
    }

    /// Looks on until something is so.
    pub fn until(&mut self, what: &str, mut wanted: impl FnMut(&State) -> bool) {
        let deadline = Instant::now() + LIMIT;
        loop {
            self.harness().step();
            if wanted(self.state()) {
                return;
            }
            assert!(Instant::now() < deadline, "it never came to be that {what}; {}", self.situation());
            self.wait(deadline);
        }
    }

    /// Until the window wants to be drawn again, or the desk rings.
    fn wait(&self, deadline: Instant) {
        let left = deadline.saturating_duration_since(Instant::now());
        let next = &self.seen().output().viewport_output[&ViewportId::ROOT].repaint_delay;
        self.bell.wait(if next.is_zero() { PACE } else { left.min(*next) });
    }

    /// Until all that was seen so far has been played.
    pub fn until_played(&mut self) {
        self.until("all is played", |state| state.story.length() <= state.playhead.at());
    }

    /// Looks on until words are to be read anywhere, also as a part of others.
    pub fn until_reads(&mut self, words: &str) {
        let deadline = Instant::now() + LIMIT;
        while !self.reads(words) {
            assert!(Instant::now() < deadline, "“{words}” was never to be read; {}", self.situation());
            self.wait(deadline);
            self.harness().step();
        }
    }

    /// For whoever looks for a fault.
    fn situation(&self) -> String {
        let state = self.state();
        let kept = env::var_os("HOPSCOPE_PICTURES").map(PathBuf::from);
        format!(
            "live: {:?}, acts: {:?}, notices: {:?}, dialog: {:?}, playhead: {:?} of {}, journeys: {}, page: {:?}, \
             pictures: {kept:?}",
            state.live,
            state.acts,
            state.notices,
            state.dialog,
            state.playhead,
            state.story.length(),
            state.story.told().len(),
            state.tutorial.as_ref().map(|tutorial| (tutorial.runner.standings(), &tutorial.stretch))
        )
    }

    /// Of a thing with this accessible name.
    pub fn place_of(&self, name: &str) -> Pos2 {
        self.seen().get_by_label(name).rect().center()
    }

    pub fn sees(&self, name: &str) -> bool {
        self.seen().query_all_by_label(name).next().is_some()
    }

    /// Whether words are to be read anywhere, also as a part of others.
    pub fn reads(&self, words: &str) -> bool {
        self.seen().query_all_by_label_contains(words).next().is_some()
    }

    /// So many things say just this.
    pub fn how_often(&self, words: &str) -> usize {
        self.seen().query_all_by_label(words).count()
    }

    pub fn click(&mut self, name: &str) {
        self.seen().get_by_label(name).click();
        self.settle();
    }

    /// Where a menu or a label says the same.
    pub fn press_button(&mut self, name: &str) {
        self.seen().get_by_role_and_label(Role::Button, name).click();
        self.settle();
    }

    /// How the command that this button of the page runs stands, as it is said to who cannot see its mark.
    pub fn mark_of(&self, button: &str) -> Option<String> {
        let found = self.seen().query_by_role_and_label(Role::Button, button)?;
        found.accesskit_node().description().filter(|words| !words.is_empty())
    }

    /// From a menu of the bar at the top.
    pub fn choose(&mut self, menu: &str, entry: &str) {
        let called = self.seen().query_all_by_label(menu).map(|node| node.rect().center());
        let at = called.min_by(|one, other| one.y.total_cmp(&other.y)).expect("the menu is there");
        self.click_at(at, PointerButton::Primary, Modifiers::NONE);
        self.seen().get_by_role_and_label(Role::MenuItem, entry).click();
        self.settle();
    }

    pub fn click_at(&mut self, at: Pos2, button: PointerButton, modifiers: Modifiers) {
        self.seen().hover_at(at);
        self.settle();
        for pressed in [true, false] {
            self.seen()
                .event_modifiers(Event::PointerButton { pos: at, button, pressed, modifiers }, modifiers);
        }
        self.settle();
    }

    pub fn right_click(&mut self, at: Pos2) {
        self.click_at(at, PointerButton::Secondary, Modifiers::NONE);
    }

    /// So that the next click is not taken for the second of two.
    pub fn let_a_second_pass(&mut self) {
        self.harness().run_steps(10);
    }

    pub fn double_click(&mut self, at: Pos2) {
        self.let_a_second_pass();
        let harness = self.seen();
        harness.hover_at(at);
        for pressed in [true, false, true, false] {
            let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
            harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        }
        self.settle();
    }

    /// With the left button, over several places on the way.
    pub fn drag(&mut self, from: Pos2, to: Pos2) {
        self.drag_holding(Modifiers::NONE, from, to);
    }

    /// The same while keys are held.
    pub fn drag_holding(&mut self, modifiers: Modifiers, from: Pos2, to: Pos2) {
        self.let_a_second_pass();
        self.seen().event(Event::ModifiersChanged(modifiers));
        self.seen().hover_at(from);
        self.settle();
        self.seen().drag_at(from);
        for part in 1..=8 {
            self.seen().hover_at(from + (to - from) * (part as f32 / 8.0));
        }
        self.settle();
        self.seen().drop_at(to);
        self.seen().event(Event::ModifiersChanged(Modifiers::NONE));
        self.settle();
    }

    pub fn key(&mut self, key: Key) {
        self.seen().key_press(key);
        self.settle();
    }

    pub fn chord(&mut self, modifiers: Modifiers, key: Key) {
        self.seen().key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// In the field that has the keyboard, instead of what stands there.
    pub fn type_over(&mut self, text: &str) {
        self.chord(Modifiers::COMMAND, Key::A);
        self.seen().event(Event::Text(text.into()));
        self.settle();
    }

    pub fn scene(&self) -> Scene {
        let state = self.state();
        scene::scene(state, Arc::new(Layout::of(&state.lab(), &Lines::of(state))))
    }

    /// Where a point of the stage is on the screen.
    pub fn on_screen(&self, canvas: Pos2) -> Pos2 {
        let corner = self.seen().get_by_label("Stage").rect().min;
        corner + self.state().camera.to_screen(canvas).to_vec2()
    }

    /// The middle of a cable, by its ends.
    pub fn cable(&self, one: &str, other: &str) -> Pos2 {
        let cable = Cable::new(one.parse().expect("a place"), other.parse().expect("a place"));
        let scene = self.scene();
        let line = scene.cables.iter().find(|line| line.cable == cable).expect("the cable is drawn");
        self.on_screen(line.curve.at(0.5))
    }

    /// A room's name plate.
    pub fn plate(&self, room: &str) -> Pos2 {
        self.on_screen(
            self.scene().layout.rooms[&room.parse::<NamespaceName>().expect("a name")].plate.center(),
        )
    }

    /// Whom a room knows now, as its table says: address and MAC.
    pub fn neighbours(&self, room: &str) -> Vec<(String, String)> {
        let scene = self.scene();
        let room = scene.rooms.iter().find(|found| found.name.as_str() == room).expect("the room is there");
        room.neighbours.rows.iter().map(|row| (row.left.clone(), row.right.clone())).collect()
    }

    /// What is said below the stage.
    pub fn headline(&self) -> String {
        narrate(self.state()).headline
    }

    /// `HOPSCOPE_PICTURES=directory` keeps it there.
    pub fn keep_picture(&mut self, name: &str) {
        let Some(folder) = env::var_os("HOPSCOPE_PICTURES") else { return };
        let picture = self.harness().render().expect("a picture");
        picture
            .save(Path::new(&folder).join(format!("whole-{name}.png")))
            .expect("the folder can be written to");
    }

    /// Closes the window; its folder stays.
    pub fn close(&mut self) {
        if let Some(harness) = self.harness.take() {
            eframe::App::on_exit(&mut harness.into_state(), None);
        }
    }

    pub fn leave(mut self) {
        self.close();
        fs::remove_dir_all(&self.folder).expect("the folder goes");
    }
}

/// The program that was built with this test.
pub fn engine() -> PathBuf {
    env!("CARGO_BIN_EXE_hopscope").into()
}

fn surroundings(folder: &Path, engine: &Path) -> Surroundings {
    Surroundings {
        config: folder.join("config"),
        state: folder.join("state"),
        recordings: folder.join("recordings"),
        engine: Some(engine.to_owned()),
    }
}

/// Journeys of a protocol that were seen so far.
pub fn count(state: &State, protocol: &str) -> usize {
    state.story.told().iter().filter(|told| told.journey.protocol == protocol).count()
}

/// Whether so many pings have been answered, and all that they sent was seen at both ends of both cables.
pub fn pings_seen(state: &State, pings: usize) -> bool {
    let whole = |told: &&hopscope::model::story::Told| {
        told.journey.protocol == "ICMP" && 4 <= told.journey.sightings.len()
    };
    2 * pings <= state.story.told().iter().filter(whole).count()
}
