//! The approved pictures in `screenshots/`, which the README shows: the whole window on real recordings, at
//! instants of their story. `make screenshots` writes them anew; then they are to be looked at.

use std::{fs::File, io::BufReader, path::PathBuf, sync::Arc};

use capture::{Event, Journey, journeys::Journeys, recording};
use egui_kittest::{Harness, SnapshotOptions};
use hopscope::{
    model::{
        command::{Command, News, Play, View, Watch},
        draft::{Draft, arrange},
        state::{Pane, Settings, Side, State},
        story::Batch,
        update::update,
    },
    window::app::App,
};

use crate::picture::Pictures;

mod tutorial;

/// A recording as a live window would have seen it.
fn seen(name: &str) -> Batch {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/window/recordings").join(name);
    let file = BufReader::new(File::open(&path).expect("the recording is in the repository"));
    let (mut batch, mut journeys) = (Batch::default(), Journeys::new());
    for event in recording::read(file) {
        let event = event.expect("it is whole");
        match &event {
            Event::Lab { t, lab } => batch.labs.push((*t, Arc::clone(lab))),
            Event::Caption { t, text } => batch.captions.push((*t, text.clone())),
            Event::Tap(_)
            | Event::Frame(_)
            | Event::Lost { .. }
            | Event::Missed { .. }
            | Event::Forgot { .. } => {}
        }
        journeys.push(event);
    }
    (batch.taps, batch.totals) = (Some(journeys.taps().to_vec()), journeys.totals());
    batch.journeys = journeys.finish();
    // What kernels say by themselves (bridges announce their groups) is not what these pictures are about.
    batch.journeys.retain(|journey| journey.protocol != "IGMP");
    batch
}

/// A window in which this recording's lab runs and has just seen it all.
struct Seen {
    state: State,
}

impl Seen {
    fn of(name: &str) -> Self {
        Self::beside(State::new(Settings::default()), name)
    }

    /// In this window; of a lab that grew, the whole of it.
    fn beside(mut state: State, name: &str) -> Self {
        let batch = seen(name);
        let labs = batch.labs.iter().map(|(_, lab)| lab);
        let lab = labs.max_by_key(|lab| lab.cables.len()).expect("our recordings carry their lab");
        state.draft = Draft::new(arrange::place_missing(lab));
        state.live = hopscope::model::state::Live::Starting;
        let (observed, taps) = (state.draft.lab().clone(), batch.taps.as_ref().map_or(0, Vec::len));
        let mut seen = Self { state };
        seen.say(Command::News(News::Started { observed, taps, remarks: Vec::new() }));
        seen.say(Command::News(News::Seen(batch)));
        seen.say(Command::Play(Play::Pause));
        seen
    }

    fn say(&mut self, command: Command) {
        let _nobody_carries_it_out = update(&mut self.state, command);
    }

    /// The first journey whose summary begins so.
    fn journey(&self, summary: &str) -> &Journey {
        let mut told = self.state.story.told().iter();
        &told.find(|told| told.journey.summary.starts_with(summary)).expect("it was recorded").journey
    }

    /// To the instant at which this sighting of the journey was seen, and `later` story seconds on.
    fn at(mut self, summary: &str, sighting: usize, later: f64) -> Self {
        let id = self.journey(summary).id;
        let told = self.state.story.index_of(id).expect("it is told");
        let story = self.state.story.sighting_story(told, sighting).expect("it has so many sightings");
        self.say(Command::Play(Play::Seek(story + later)));
        self
    }

    fn show(mut self, view: View) -> Self {
        self.say(Command::View(view));
        self
    }

    fn picture(self, name: &str) {
        let state = self.state;
        let mut harness = Harness::builder()
            .with_size(egui::vec2(1440.0, 900.0))
            .renderer(Pictures::default())
            .build_eframe(|_| App::showing(state));
        harness.run_steps(6);
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../screenshots");
        harness.snapshot_options(name, &SnapshotOptions::new().output_path(folder));
    }
}

#[test]
fn first_minute() {
    Seen::of("first-minute.pcapng")
        .at("who has", 3, 0.45)
        .show(View::Show(Pane::Frame))
        .picture("first-minute");
}

#[test]
fn flood_in_mid_air() {
    Seen::of("flood.pcapng").at("who has", 5, 0.3).show(View::Show(Pane::Frame)).picture("flood");
}

#[test]
fn ladder() {
    Seen::of("first-minute.pcapng")
        .at("10.10.0.2 is at", 2, 0.2)
        .show(View::Show(Pane::Ladder))
        .picture("ladder");
}

#[test]
fn bytes_of_a_frame() {
    let mut seen = Seen::of("first-minute.pcapng").at("who has", 3, 0.4);
    let journey = seen.journey("who has").id;
    seen.say(Command::View(View::ToggleSide(Side::Below)));
    seen.say(Command::Watch(Watch::Sighting { journey, sighting: 3 }));
    seen.say(Command::Watch(Watch::Field(Some((1, 8)))));
    seen.picture("bytes");
}

#[test]
fn drop_with_its_reason() {
    Seen::of("drop.pcapng").at("ping", 3, 0.5).show(View::Show(Pane::Frame)).picture("drop");
}

#[test]
fn light() {
    let seen = Seen::of("first-minute.pcapng").at("ping", 1, 0.5);
    seen.show(View::Dark(false)).show(View::Show(Pane::Frame)).picture("light");
}

#[test]
fn a_hundred_rooms() {
    Seen::of("hundred.pcapng").at("who has", 30, 0.3).picture("hundred");
}
