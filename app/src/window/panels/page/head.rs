//! What stands above the page: its name, how far one has got, and what runs it.

use egui::{Align, Layout, Popup, Rect, Ui, UiBuilder, pos2, vec2};

use crate::{
    model::{
        command::{Command, File, Page, View},
        state::{Dialog, Live, State},
        walk::{Pace, Tutorial},
    },
    window::{
        theme,
        widgets::{icon::Icon, lettering, menu_item, push::Push},
    },
};

const MARGIN: f32 = 20.0;

pub fn show(ui: &mut Ui, tutorial: &Tutorial, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let top = ui.max_rect().min;
    let width = ui.available_width();
    let room = Rect::from_min_size(top + vec2(MARGIN, 12.0), vec2(width - MARGIN - 12.0, f32::INFINITY));
    let mut inner = ui.new_child(UiBuilder::new().max_rect(room).layout(Layout::top_down(Align::Min)));
    inner.set_width(room.width());
    name(&mut inner, tutorial, out);
    standing(&mut inner, tutorial);
    inner.add_space(8.0);
    buttons(&mut inner, tutorial, state, out);
    trouble(&mut inner, tutorial, state, out);
    let bottom = inner.min_rect().bottom() + 12.0;
    line(ui, tutorial, pos2(top.x, bottom), width);
    ui.painter().hline(top.x..=top.x + width, bottom + 1.0, (1.0, theme.line));
    ui.advance_cursor_after_rect(Rect::from_min_max(top, pos2(top.x + width, bottom + 2.0)));
}

/// How far one has got, as a line along the lower edge.
fn line(ui: &Ui, tutorial: &Tutorial, at: egui::Pos2, width: f32) {
    let progress = tutorial.progress();
    if 0 < progress.of {
        let share = progress.done as f32 / progress.of as f32;
        let rect = Rect::from_min_size(at, vec2(width * share, 2.0));
        ui.painter().rect_filled(rect, 0.0, theme::of(ui.ctx()).accent);
    }
}

fn name(ui: &mut Ui, tutorial: &Tutorial, out: &mut Vec<Command>) {
    let title = super::prose::shown(&tutorial.document().title).trim().to_owned();
    let title = if title.is_empty() { tutorial.file_name() } else { title };
    let row = vec2(ui.available_width(), 24.0);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        let close = Push::icon_only("Close the page", Icon::Cross).quiet().height(24.0).width(24.0);
        if close.show(ui).clicked() {
            out.push(Command::Page(Page::Close));
        }
        more(ui, tutorial, out);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(egui::Label::new(lettering::title(title.as_str(), ui)).truncate()).on_hover_text(&title);
        });
    });
}

/// What is done seldom.
fn more(ui: &mut Ui, tutorial: &Tutorial, out: &mut Vec<Command>) {
    let more = Push::icon_only("More about the page", Icon::More).quiet().height(24.0).width(24.0).show(ui);
    Popup::menu(&more).show(|ui| {
        ui.set_width(230.0);
        ui.spacing_mut().item_spacing.y = 1.0;
        let was_run = 0 < tutorial.progress().done;
        let lines = [
            ("Save as lab…", true, Command::View(View::Dialog(Some(Dialog::SaveLab)))),
            ("Save as recording…", was_run, Command::File(File::KeepWhatHappened)),
            ("Run again from the start", was_run, Command::Page(Page::Restart)),
            ("Close", true, Command::Page(Page::Close)),
        ];
        for (words, enabled, command) in lines {
            if menu_item::show(ui, words, "", enabled, false).clicked() {
                out.push(command);
                ui.close();
            }
        }
    });
}

fn standing(ui: &mut Ui, tutorial: &Tutorial) {
    let theme = theme::of(ui.ctx());
    let progress = tutorial.progress();
    let row = vec2(ui.available_width(), 18.0);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(8.0);
        if 0 < progress.failed {
            ui.label(lettering::bad(format!("{} failed", progress.failed), ui));
        }
        if 0 < progress.of {
            ui.label(lettering::muted(format!("{} of {}", progress.done, progress.of), ui));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let words = lettering::code(tutorial.file_name(), ui).color(theme.mute);
            let path = tutorial.path.display().to_string();
            ui.add(egui::Label::new(words).truncate()).on_hover_text(path);
        });
    });
}

fn buttons(ui: &mut Ui, tutorial: &Tutorial, state: &State, out: &mut Vec<Command>) {
    let can_run = !matches!(state.live, Live::Refused { .. });
    let has_left = tutorial.left().next().is_some();
    ui.horizontal(|ui| {
        ui.set_height(28.0 * theme::of(ui.ctx()).text_scale);
        if tutorial.document().commands.is_empty() {
            ui.label(lettering::muted("There is nothing to run on this page.", ui));
        } else if !tutorial.runner.is_idle() {
            under_way(ui, out);
        } else if tutorial.pace == Pace::StepByStep && has_left {
            let waits = tutorial.waits();
            let words = if waits { "Next step" } else { "Playing…" };
            let next =
                Push::new(words).icon(Icon::Forward).primary().key("Enter").width(112.0).enabled(waits);
            if next.show(ui).clicked() {
                out.push(Command::Page(Page::Next));
            }
            if Push::new("Run the rest").tip("All that is left, without a pause.").show(ui).clicked() {
                out.push(Command::Page(Page::RunAll { step_by_step: false }));
            }
        } else if has_left {
            let is_new = tutorial.progress().done == 0;
            let words = match (is_new, tutorial.only_cleanup_is_left()) {
                (true, _) => "Run all",
                (false, true) => "Clean up",
                (false, false) => "Run the rest",
            };
            let all = Push::new(words).icon(Icon::Play).primary().width(112.0).enabled(can_run);
            if all.tip("Types every command into its terminal, one after the other.").show(ui).clicked() {
                out.push(Command::Page(Page::RunAll { step_by_step: false }));
            }
            let step = Push::new("Step by step").enabled(can_run);
            let step = step.tip("Runs a block, shows what it changed, plays its frames, and waits.");
            if step.show(ui).clicked() {
                out.push(Command::Page(Page::RunAll { step_by_step: true }));
            }
        } else {
            let again = Push::new("Run again from the start").tip("In a fresh, empty lab.").enabled(can_run);
            if again.show(ui).clicked() {
                out.push(Command::Page(Page::Restart));
            }
        }
    });
}

fn under_way(ui: &mut Ui, out: &mut Vec<Command>) {
    let stop = Push::new("Stop").icon(Icon::Stop).width(112.0);
    if stop.tip("What runs now is the last; nothing more is typed.").show(ui).clicked() {
        out.push(Command::Page(Page::Stop));
    }
    let interrupt = Push::new("Interrupt").tip("Ends what runs now, as Ctrl-C would, and goes on.");
    if interrupt.show(ui).clicked() {
        out.push(Command::Page(Page::Interrupt));
    }
}

/// Why nothing can run, or why one has to wait.
fn trouble(ui: &mut Ui, tutorial: &Tutorial, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    match &state.live {
        Live::Refused { what, why, mend } => {
            ui.add_space(8.0);
            let frame = egui::Frame::new().fill(theme.raise).corner_radius(8).inner_margin(12);
            ui.scope(|ui| {
                ui.set_max_width(ui.available_width() - 8.0);
                frame.show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    let words = "The page can be read, but not run here";
                    ui.label(lettering::plain(words, ui).font(theme.semibold(theme::text::BODY)));
                    let words = format!("{what}: {why}");
                    ui.add(egui::Label::new(lettering::muted(words, ui)).wrap().selectable(true));
                    if !mend.is_empty() {
                        ui.add(egui::Label::new(lettering::muted(mend.as_str(), ui)).wrap().selectable(true));
                    }
                    ui.add_space(4.0);
                    if Push::new("Try again").height(26.0).show(ui).clicked() {
                        out.push(Command::RunLab);
                    }
                });
            });
        }
        Live::Starting if !tutorial.queued.is_empty() => {
            ui.add_space(4.0);
            ui.label(lettering::muted("Waits for the lab to start…", ui));
        }
        _ => {}
    }
}
