//! The page to start from: ready labs, recent files, something of one's own.

use egui::{Align, Layout, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::{
    model::{
        command::{Command, File, View},
        state::{Dialog, State},
    },
    window::{
        theme,
        widgets::{
            icon::{self, Icon},
            lettering,
            push::Push,
            section,
        },
    },
};

mod cards;
mod lessons;

/// Wider than this, lines are hard to read.
const WIDEST: f32 = 1120.0;

/// Fills the page that `ui` is.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let page = ui.max_rect();
    ui.painter().rect_filled(page, 0.0, theme::of(ui.ctx()).app);
    ScrollArea::vertical().id_salt("home").auto_shrink(false).show(ui, |ui| {
        let width = (ui.available_width() - 64.0).min(WIDEST);
        let side = ((ui.available_width() - width) / 2.0).max(0.0);
        ui.horizontal_top(|ui| {
            ui.add_space(side);
            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                ui.add_space(32.0);
                head(ui, state, out);
                ui.add_space(10.0);
                section::heading(ui, "Learn by typing");
                ui.add_space(8.0);
                lessons::show(ui, out);
                ui.add_space(10.0);
                section::heading(ui, "Ready labs");
                ui.add_space(8.0);
                cards::show(ui, out);
                recent(ui, state, out);
                ui.add_space(40.0);
            });
        });
    });
}

fn head(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let words =
        egui::RichText::new("Hopscope").font(theme.semibold(theme::text::HUGE + 8.0)).color(theme.text);
    ui.label(words);
    let sentence = "See how frames really travel: build a network, ping, and watch every hop.";
    ui.label(lettering::muted(sentence, ui).font(theme.font(theme::text::TITLE)));
    ui.add_space(14.0);
    ui.horizontal(|ui| {
        let open = Push::new("Open a lab or a recording…").icon(Icon::Folder).primary().height(34.0);
        if open.key("Ctrl+O").show(ui).clicked() {
            out.push(Command::View(View::Dialog(Some(Dialog::Open))));
        }
        if Push::new("New lab").icon(Icon::Plus).height(34.0).key("Ctrl+N").show(ui).clicked() {
            out.push(Command::File(File::New));
        }
        let has_lab = !state.lab().namespaces.is_empty();
        if has_lab && Push::new("Back to the stage").quiet().height(34.0).show(ui).clicked() {
            out.push(Command::View(View::Stage));
        }
    });
}

fn recent(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    if state.settings.recent.is_empty() {
        return;
    }
    ui.add_space(10.0);
    section::heading(ui, "Recent files");
    for path in &state.settings.recent {
        let theme = theme::of(ui.ctx());
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Open {name}")));
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 8.0, theme.raise);
        }
        let middle = rect.center().y;
        icon::paint(
            ui.painter(),
            icon::square(pos2(rect.left() + 18.0, middle), 16.0),
            Icon::Page,
            theme.mute,
        );
        let font = theme.font(theme::text::BODY);
        let galley = ui.painter().layout_no_wrap(name, font, theme.text);
        let left = rect.left() + 38.0;
        let rest = left + galley.size().x + 14.0;
        ui.painter().galley(pos2(left, middle - galley.size().y / 2.0), galley, theme.text);
        let folder = path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
        let font = theme.mono(theme::text::SMALL);
        let galley = lettering::cut(ui, &folder, font, theme.mute, (rect.right() - rest - 12.0).max(0.0));
        ui.painter().galley(pos2(rest, middle - galley.size().y / 2.0), galley, theme.mute);
        if response.clicked() {
            out.push(Command::File(File::Open(path.clone())));
        }
    }
}
