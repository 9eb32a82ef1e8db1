//! The top of a page: the kind of thing, its name (to be changed in place), and how it stands.

use egui::{Align, Layout, Ui, vec2};

use super::Subject;
use crate::{
    model::{act::Item, state::Standing},
    window::{
        theme,
        widgets::{chip, lettering},
    },
};

/// What is selected, and whether the kernel has it.
pub fn show(ui: &mut Ui, subject: &Subject<'_>, title: &str, kind: &str, item: Option<&Item>) {
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), 24.0),
        Layout::right_to_left(Align::Center),
        |ui| {
            ui.label(lettering::muted(kind, ui));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(egui::Label::new(lettering::title(title, ui)).truncate());
            });
        },
    );
    if let Some(item) = item {
        standing(ui, subject, item);
    }
    ui.add_space(6.0);
}

fn standing(ui: &mut Ui, subject: &Subject<'_>, item: &Item) {
    if subject.state.is_replay() {
        return;
    }
    let theme = theme::of(ui.ctx());
    ui.add_space(2.0);
    ui.horizontal(|ui| match subject.state.standing(item) {
        Standing::Drawn => chip::outlined(ui, "drawn", theme.mute),
        Standing::Wanted => chip::outlined(ui, "wanted", theme.arp),
        Standing::Real => chip::outlined(ui, "real", theme.good),
        Standing::Failed => chip::filled(ui, "failed", theme.drop),
    });
    if let Some(why) = subject.state.failed.get(item) {
        ui.add(egui::Label::new(lettering::bad(why, ui)).wrap());
    }
}
