//! The tutorial or script that is open, beside the stage: read, and run block by block.

mod chart;
mod code;
mod ending;
mod flow;
mod follow;
mod head;
mod note;
mod outcome;
mod part;
mod pen;
mod prose;
mod question;
mod sheet;

use egui::Ui;

use crate::{
    model::{command::Command, state::State},
    window::theme,
};

/// In points, as it is now or will be when it opens.
pub fn width(state: &State) -> f32 {
    state.settings.page_width.unwrap_or(theme::size::PAGE)
}

/// Fills the panel that `ui` is; nothing where no page is open.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some(tutorial) = &state.tutorial else { return };
    let panel = ui.max_rect();
    ui.painter().rect_filled(panel, 0.0, theme::of(ui.ctx()).panel);
    head::show(ui, tutorial, state, out);
    sheet::show(ui, tutorial, out);
}
