//! What the menus hold: the bindings of their group, and what has no key.

use egui::Ui;
use topology::ready;

use crate::{
    model::{
        command::{Command, File, View},
        keys::{self, Group},
        state::State,
    },
    tutorial::ready as pages,
    window::widgets::{menu_item, section},
};

/// Of a menu, in points.
const WIDTH: f32 = 310.0;

/// The lines of a menu; a click pushes its command and closes the menu.
pub fn of(ui: &mut Ui, group: Group, state: &State, out: &mut Vec<Command>) {
    ui.set_width(WIDTH);
    ui.spacing_mut().item_spacing.y = 1.0;
    bindings(ui, group, state, out);
    match group {
        Group::File => {
            ui.separator();
            submenu(ui, "Ready labs", |ui| ready_labs(ui, out));
            submenu(ui, "Ready tutorials", |ui| ready_pages(ui, out));
            submenu(ui, "Recent files", |ui| recent(ui, state, out));
        }
        Group::Edit => {
            ui.separator();
            submenu(ui, "Tools", |ui| bindings(ui, Group::Draw, state, out));
        }
        Group::View => {
            ui.separator();
            submenu(ui, "Play", |ui| bindings(ui, Group::Play, state, out));
        }
        Group::Lab | Group::Play | Group::Help | Group::Draw => {}
    }
}

/// Its words begin where those of the other lines begin.
fn submenu(ui: &mut Ui, words: &str, add: impl FnOnce(&mut Ui)) {
    ui.scope(|ui| {
        ui.spacing_mut().button_padding.x = 24.0;
        ui.menu_button(words, |ui| {
            ui.set_width(WIDTH);
            ui.spacing_mut().item_spacing.y = 1.0;
            add(ui);
        });
    });
}

fn bindings(ui: &mut Ui, group: Group, state: &State, out: &mut Vec<Command>) {
    for binding in keys::of_group(group) {
        let command = (binding.command)(state);
        let ticked = is_on(state, command.as_ref());
        if menu_item::show(ui, binding.words, binding.keys, command.is_some(), ticked).clicked() {
            out.extend(command);
            ui.close();
        }
    }
}

/// Whether what a line stands for is what is seen now.
fn is_on(state: &State, command: Option<&Command>) -> bool {
    match command {
        Some(Command::View(View::Show(pane))) => state.pane == *pane,
        Some(Command::View(View::Projector(next))) => !next,
        Some(Command::Tool(tool)) => state.tool == *tool,
        _ => false,
    }
}

fn ready_labs(ui: &mut Ui, out: &mut Vec<Command>) {
    for ready in ready::LABS {
        if menu_item::show(ui, &ready.lab().title, "", true, false).clicked() {
            out.push(Command::File(File::OpenReady(ready.name)));
            ui.close();
        }
    }
}

fn ready_pages(ui: &mut Ui, out: &mut Vec<Command>) {
    for page in pages::PAGES {
        if menu_item::show(ui, &page.document().title, "", true, false).clicked() {
            out.push(Command::File(File::OpenReadyPage(page.name)));
            ui.close();
        }
    }
}

fn recent(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    if state.settings.recent.is_empty() {
        section::heading(ui, "None yet");
    }
    for path in &state.settings.recent {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let item = menu_item::show(ui, &name, "", true, false).on_hover_text(path.display().to_string());
        if item.clicked() {
            out.push(Command::File(File::Open(path.clone())));
            ui.close();
        }
    }
}
