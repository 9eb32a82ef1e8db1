//! What asks for an answer before one goes on. Escape, and a click beside it, close each.

use egui::{Align, Id, Layout, Modal, Ui, vec2};

use crate::{
    model::{
        command::{Command, View},
        state::{Dialog, State},
    },
    window::{theme, widgets::lettering},
};

mod about;
mod caption;
mod file;
mod keys;
mod palette;
mod probe;
mod refusal;
mod unsaved;

/// The dialog that is open, over everything else.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some(dialog) = &state.dialog else { return };
    let theme = theme::of(ui.ctx());
    let is_new = is_new(ui, dialog);
    let frame = egui::Frame::new()
        .fill(theme.panel)
        .stroke((1.0, theme.line))
        .corner_radius(14)
        .shadow(ui.visuals().window_shadow)
        .inner_margin(if *dialog == Dialog::CommandPalette { 10 } else { 20 });
    let room = ui.ctx().content_rect().size() - vec2(48.0, 48.0);
    let id = Id::unique(("dialog", std::mem::discriminant(dialog)));
    let modal = Modal::new(id).frame(frame).show(ui.ctx(), |ui| {
        ui.set_max_size(room);
        ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
        match dialog {
            Dialog::Open => file::show(ui, state, file::Purpose::Open, is_new, out),
            Dialog::SaveLab => file::show(ui, state, file::Purpose::SaveLab, is_new, out),
            Dialog::SaveScript => file::show(ui, state, file::Purpose::SaveScript, is_new, out),
            Dialog::SaveRecording => file::show(ui, state, file::Purpose::SaveRecording, is_new, out),
            Dialog::CommandPalette => palette::show(ui, state, is_new, out),
            Dialog::Keys => keys::show(ui, out),
            Dialog::About => about::show(ui, out),
            Dialog::Probe { from, to } => probe::show(ui, state, (from, to), is_new, out),
            Dialog::Caption => caption::show(ui, state, is_new, out),
            Dialog::Refusal => refusal::show(ui, state, out),
            Dialog::Unsaved(wish) => unsaved::before(ui, wish, out),
            Dialog::Quit => unsaved::leaving(ui, out),
        }
    });
    if modal.should_close() {
        close(out);
    }
}

fn close(out: &mut Vec<Command>) {
    out.push(Command::View(View::Dialog(None)));
}

fn heading(ui: &mut Ui, words: &str) {
    ui.label(lettering::title(words, ui));
    ui.add_space(8.0);
}

/// Buttons at the right end, the first one outermost.
fn footer(ui: &mut Ui, buttons: impl FnOnce(&mut Ui)) {
    ui.add_space(12.0);
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), 30.0),
        Layout::right_to_left(Align::Center),
        buttons,
    );
}

/// Whether it was not there the last time something was drawn: then it begins afresh.
fn is_new(ui: &Ui, dialog: &Dialog) -> bool {
    type Kept = (Dialog, u64);
    let id = Id::unique("the dialog that was open");
    let now = ui.ctx().cumulative_pass_nr();
    let kept: Option<Kept> = ui.data(|data| data.get_temp(id));
    ui.data_mut(|data| data.insert_temp::<Kept>(id, (dialog.clone(), now)));
    kept.is_none_or(|(known, seen)| known != *dialog || seen + 1 < now)
}
