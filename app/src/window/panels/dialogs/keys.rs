//! All keys, by group.

use egui::{Align, Layout, ScrollArea, Ui, vec2};

use super::{close, footer, heading};
use crate::{
    model::{
        command::Command,
        keys::{self, Group},
    },
    window::widgets::{key_cap, lettering, push::Push, section},
};

pub fn show(ui: &mut Ui, out: &mut Vec<Command>) {
    let height = (ui.max_rect().height() - 130.0).clamp(160.0, 620.0);
    ui.set_width(ui.max_rect().width().min(860.0));
    heading(ui, "Keys");
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.columns(2, |columns| {
            let (left, right) = (
                [Group::Play, Group::View, Group::Help],
                [Group::File, Group::Edit, Group::Lab, Group::Draw],
            );
            left.iter().for_each(|group| of_group(&mut columns[0], *group));
            right.iter().for_each(|group| of_group(&mut columns[1], *group));
        });
    });
    footer(ui, |ui| {
        if Push::new("Close").show(ui).clicked() {
            close(out);
        }
    });
}

fn of_group(ui: &mut Ui, group: Group) {
    section::heading(ui, group.words());
    ui.spacing_mut().item_spacing.y = 0.0;
    for binding in keys::of_group(group).filter(|binding| !binding.keys.is_empty()) {
        ui.horizontal(|ui| {
            let size = vec2(ui.available_width() * 0.48, 24.0);
            ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_size(size);
                ui.add(egui::Label::new(lettering::plain(binding.words, ui)).truncate());
            });
            key_cap::show(ui, binding.keys);
        });
    }
}
