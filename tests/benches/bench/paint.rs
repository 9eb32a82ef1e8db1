//! What one picture costs before it goes to the graphics driver: egui's pass over the state, and tessellation.

use std::time::Duration;

use capture::journeys::Journeys;
use eframe::App as _;
use egui::{Context, Pos2, RawInput, Rect, Ui, vec2};
use hopscope::{
    model::{
        state::{Page, Settings, Source, State},
        story::{Batch, Keep, Story},
        update::update,
    },
    window::{app::App, stage::Stage, theme},
};

use crate::{
    grid,
    report::{Report, median, milliseconds, timed},
};

const MOVING: usize = 10_000;
const ROUNDS: usize = 300;
/// Before anything is counted: fonts are rasterised, things laid out.
const WARM_UP: usize = 20;

pub fn measure(report: &mut Report) {
    let (story, at) = story();
    let mut state = State::new(Settings::default());
    show(&mut state, story, at);
    stage_alone(report, &mut state);
    state.camera.zoom = 1.0;
    let near = pictures(&mut state);
    report.note("the stage at full size, a part of it in sight", &milliseconds(near.0 + near.1));
    let taken = std::mem::take(&mut state.story);
    whole_window(report, taken, at);
}

/// A story with ten thousand frames on their way, and when they are.
fn story() -> (Story, f64) {
    let mut journeys = Journeys::new();
    let events = grid::events(60_000);
    let labs = events.iter().find_map(|event| match event {
        capture::Event::Lab { t, lab } => Some((*t, lab.clone())),
        _ => None,
    });
    events.into_iter().for_each(|event| journeys.push(event));
    journeys.flush();
    let taps = Some(journeys.taps().to_vec());
    let mut told = journeys.take_finished();
    let totals = journeys.totals();
    told.extend(journeys.finish());
    let mut story = Story::keeping(Keep::RECORDING);
    let labs = labs.into_iter().collect();
    story.take(Batch { taps, labs, journeys: told, totals, end: Some(Ok(())), ..Batch::default() });
    let at = story.length() / 2.0;
    let (_, moving) = story.moving_at(at, usize::MAX);
    assert!(MOVING <= moving, "only {moving} frames move in the middle of {:.1} s", story.length());
    (story, at)
}

fn show(state: &mut State, story: Story, at: f64) {
    state.source = Source::Recording { path: "grid.pcapng".into() };
    state.page = Page::Stage;
    state.story = story;
    state.playhead.following = false;
    state.playhead.playing = true;
    state.playhead.seek(at);
}

fn stage_alone(report: &mut Report, state: &mut State) {
    let (pass, tessellation) = pictures(state);
    report.note("the stage: egui's pass", &milliseconds(pass));
    report.note("the stage: tessellation", &milliseconds(tessellation));
    let both = (pass + tessellation).as_secs_f64() * 1e3;
    report.at_most("the stage, each picture", both, 2.0, "ms");
}

/// How long the pass and the tessellation of one picture take, of the stage alone.
fn pictures(state: &mut State) -> (Duration, Duration) {
    let mut stage = Stage::default();
    let at = state.playhead.at();
    let mut number = 0;
    let times = painted(|ui| {
        number += 1;
        state.playhead.seek(at + f64::from(number) / 60.0);
        let mut out = Vec::new();
        stage.show(ui, state, &mut out);
        for command in out {
            let _nothing_to_do_outside = update(state, command);
        }
    });
    state.playhead.seek(at);
    times
}

fn whole_window(report: &mut Report, story: Story, at: f64) {
    let context = context();
    let mut state = State::new(Settings::default());
    show(&mut state, story, at);
    let mut app = App::showing(state);
    let mut frame = eframe::Frame::_new_kittest();
    let (pass, tessellation) = painted_in(&context, |ui| both(&mut app, ui, &mut frame));
    report.note("the whole window: egui's pass", &milliseconds(pass));
    report.note("the whole window: tessellation", &milliseconds(tessellation));
    report.note("the whole window, each picture", &milliseconds(pass + tessellation));
}

fn both(app: &mut App, ui: &mut Ui, frame: &mut eframe::Frame) {
    app.logic(&ui.ctx().clone(), frame);
    app.ui(ui, frame);
}

fn context() -> Context {
    let context = Context::default();
    theme::apply(&context, true, false);
    context
}

fn painted(show: impl FnMut(&mut Ui)) -> (Duration, Duration) {
    painted_in(&context(), show)
}

/// Medians of the pass and of the tessellation.
fn painted_in(context: &Context, mut show: impl FnMut(&mut Ui)) -> (Duration, Duration) {
    let (mut passes, mut tessellations) = (Vec::new(), Vec::new());
    for number in 0..WARM_UP + ROUNDS {
        let (pass, tessellation) = pass(context, number, &mut show);
        if WARM_UP <= number {
            passes.push(pass);
            tessellations.push(tessellation);
        }
    }
    (median(passes), median(tessellations))
}

fn pass(context: &Context, number: usize, mut show: impl FnMut(&mut Ui)) -> (Duration, Duration) {
    let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0)));
    let input = RawInput { screen_rect, time: Some(number as f64 / 60.0), ..RawInput::default() };
    let (pass, mut output) = timed(|| context.run_ui(input, &mut show));
    output.textures_delta.clear();
    let shapes = std::mem::take(&mut output.shapes);
    let (tessellation, primitives) = timed(|| context.tessellate(shapes, output.pixels_per_point));
    assert!(!primitives.is_empty(), "something is drawn");
    (pass, tessellation)
}
