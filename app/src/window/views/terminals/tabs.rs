//! Which terminals there are: a tab each, with the colour of its room, and a menu that opens more.

use egui::{
    CornerRadius, Id, Rect, Response, ScrollArea, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};
use topology::NamespaceName;

use super::name_of;
use crate::{
    model::{
        command::{Command, Terminal as Wish},
        stage::hues::hue_of,
        state::{State, Terminal},
    },
    terminal::TerminalId,
    window::{
        theme::{self, Theme},
        widgets::{
            icon::{self, Icon},
            push::Push,
        },
    },
};

const HEIGHT: f32 = 32.0;
const DOT: f32 = 4.0;
const CROSS: f32 = 20.0;
const PAD: f32 = 10.0;

pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let height = HEIGHT * theme.text_scale;
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, egui::Stroke::new(1.0, theme.line));
    let inner = bar.shrink2(vec2(theme::space::S, 0.0));
    ui.scope_builder(egui::UiBuilder::new().max_rect(inner), |ui| {
        ScrollArea::horizontal().id_salt("terminal tabs").show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                for terminal in &state.terminals {
                    tab(ui, state, terminal, out);
                }
                more(ui, state, out);
            });
        });
    });
}

fn tab(ui: &mut Ui, state: &State, terminal: &Terminal, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let name = name_of(state, terminal);
    let is_front = state.terminal == Some(terminal.id);
    let ink = if is_front { theme.text } else { theme.mute };
    let words = ui.painter().layout_no_wrap(name.clone(), theme.mono(theme::text::SMALL), ink);
    let width = PAD + 2.0 * DOT + theme::space::M + words.size().x + 2.0 + CROSS + 2.0;
    let size = vec2(width, (HEIGHT - 6.0) * theme.text_scale);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = Id::unique(("terminal tab", terminal.id));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_front, format!("tab {name}")));
    follow(ui, state.terminal.filter(|_| is_front), rect);
    let fill = match (is_front, response.hovered()) {
        (true, _) => theme.raise,
        (false, true) => theme.hover,
        (false, false) => theme.panel,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(theme::space::CORNER_SMALL as u8), fill);
    let dot = pos2(rect.left() + PAD + DOT, rect.center().y);
    let colour = colour_of(theme, state, &terminal.at);
    if terminal.ended.is_none() {
        ui.painter().circle_filled(dot, DOT, colour);
    } else {
        ui.painter().circle_stroke(dot, DOT - 0.5, egui::Stroke::new(1.0, theme.faint));
    }
    let left = dot.x + DOT + theme::space::M;
    ui.painter().galley(pos2(left, rect.center().y - words.size().y / 2.0), words, ink);
    let middle = pos2(rect.right() - 2.0 - CROSS / 2.0, rect.center().y);
    let cross = cross(ui, terminal.id, &name, Rect::from_center_size(middle, vec2(CROSS, CROSS)));
    let response = response.on_hover_ui(|ui| about(ui, terminal));
    if cross.clicked() || response.clicked_by(egui::PointerButton::Middle) {
        out.push(Command::Terminal(Wish::Close(terminal.id)));
    } else if response.clicked() {
        out.push(Command::Terminal(Wish::Show(terminal.id)));
    }
}

/// The tab in front is brought into sight once.
fn follow(ui: &Ui, front: Option<TerminalId>, rect: Rect) {
    let Some(front) = front else { return };
    let id = Id::unique("terminal tab seen");
    let seen = ui.data(|data| data.get_temp::<TerminalId>(id));
    if seen != Some(front) {
        ui.data_mut(|data| data.insert_temp(id, front));
        ui.scroll_to_rect(rect, None);
    }
}

fn cross(ui: &Ui, terminal: TerminalId, name: &str, rect: Rect) -> Response {
    let theme = theme::of(ui.ctx());
    let response = ui.interact(rect, Id::unique(("close terminal", terminal)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Close terminal {name}")));
    if response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::same(theme::space::CORNER_SMALL as u8), theme.hover);
    }
    let ink = if response.hovered() { theme.text } else { theme.mute };
    icon::paint(ui.painter(), rect.shrink(3.0), Icon::Cross, ink);
    response.on_hover_text("Close it; what runs in it is told as if its window were closed")
}

/// The same colour as on the stage.
fn colour_of(theme: &Theme, state: &State, at: &str) -> egui::Color32 {
    hue_of(state, at).map_or(theme.bridge_line, |hue| theme.room(hue).1)
}

fn about(ui: &mut Ui, terminal: &Terminal) {
    let theme = theme::of(ui.ctx());
    if let Some(title) = terminal.screen.title() {
        ui.strong(title);
    }
    ui.label(
        egui::RichText::new(entered_by(&terminal.at))
            .font(theme.mono(theme::text::SMALL))
            .color(theme.accent),
    );
    let opened = terminal.opened_in.as_str();
    if opened != terminal.at {
        ui.weak(format!("It was opened in {opened}; what runs in it has moved on"));
    }
    if let Some(shell) = terminal.shell {
        ui.weak(format!("Its shell is process {shell} of the sandbox"));
    }
}

/// What one would type on one's own machine to get such a shell.
fn entered_by(at: &str) -> String {
    match at.strip_prefix("pid ") {
        _ if at == NamespaceName::host().as_str() => "bash".into(),
        Some(pid) => format!("nsenter --net --target {pid} bash"),
        None => format!("ip netns exec {at} bash"),
    }
}

fn more(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let can = state.is_running();
    let button = Push::icon_only("New terminal", Icon::Plus)
        .tip("A new terminal")
        .key("T")
        .quiet()
        .enabled(can)
        .show(ui);
    egui::Popup::menu(&button).show(|ui| {
        let host = NamespaceName::host();
        let lab = state.lab();
        let others = lab.namespaces.keys().filter(|name| !name.is_host());
        for name in std::iter::once(&host).chain(others) {
            let words = format!("Terminal in {name}");
            if ui.button(&words).on_hover_text(entered_by(name.as_str())).clicked() {
                out.push(Command::Terminal(Wish::Open(name.clone())));
                ui.close();
            }
        }
    });
}
