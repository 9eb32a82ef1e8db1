//! A panel on a bench: a state, what the panel asked for, and a picture where one is wanted.

use std::sync::Arc;

use egui::{Ui, Vec2};
use egui_kittest::Harness;
use hopscope::{
    model::{
        command::Command,
        draft::Draft,
        state::{Live, Settings, State},
    },
    window::theme,
};
use topology::{Lab, ready};

use crate::picture::Pictures;

/// What a panel is shown, and what it asked for.
pub struct Bench {
    pub state: State,
    pub out: Vec<Command>,
}

pub type Panel = fn(&mut Ui, &State, &mut Vec<Command>);

/// A drawn lab that does not run.
pub fn drawn(name: &str) -> State {
    let mut state = State::new(Settings::default());
    state.draft = Draft::new(lab(name));
    state
}

/// The same, running.
pub fn running(name: &str) -> State {
    let mut state = drawn(name);
    let observed = Arc::new(state.draft.lab().settled());
    state.live = Live::On { observed, taps: 5, changing: false };
    state
}

pub fn lab(name: &str) -> Lab {
    ready::find(name).expect("a ready lab").lab()
}

/// Shows `panel` in all of a window of this size.
pub fn bench(size: Vec2, state: State, panel: Panel) -> Harness<'static, Bench> {
    let (dark, projector) = (state.settings.dark, state.settings.projector);
    let mut harness = Harness::builder()
        .with_size(size)
        .with_os(egui::os::OperatingSystem::Nix)
        // Short enough for a double click, and enough of them for what moves in between.
        .with_step_dt(1.0 / 30.0)
        .with_max_steps(60)
        .renderer(Pictures::default())
        .with_context_setup(move |context| theme::apply(context, dark, projector))
        .build_ui_state(
            move |ui, bench: &mut Bench| {
                egui::CentralPanel::no_frame().show(ui, |ui| panel(ui, &bench.state, &mut bench.out));
            },
            Bench { state, out: Vec::new() },
        );
    harness.run();
    harness
}

/// Where `HOPSCOPE_PICTURES` names a folder, keeps a picture there to be looked at.
pub fn picture(harness: &mut Harness<'_, Bench>, name: &str) {
    if let Some(folder) = std::env::var_os("HOPSCOPE_PICTURES") {
        let picture = harness.render().expect("a picture");
        let path = std::path::Path::new(&folder).join(format!("panels-{name}.png"));
        picture.save(path).expect("the folder can be written");
    }
}
