//! The palette at the left: what can be drawn.

use egui::{DragAndDrop, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::{
    model::{
        command::Command,
        state::{State, Tool},
    },
    window::{
        theme,
        widgets::{
            icon::{self, Icon},
            key_cap, lettering,
        },
    },
};

/// In points.
pub const WIDTH: f32 = 64.0;

struct Entry {
    tool: Tool,
    words: &'static str,
    key: &'static str,
    icon: Icon,
    tip: &'static str,
}

#[rustfmt::skip]
const TOOLS: [Entry; 5] = [
    Entry { tool: Tool::Select, words: "Select", key: "V", icon: Icon::Pointer,
        tip: "Click, drag a box, hold Shift for more." },
    Entry { tool: Tool::Namespace, words: "Room", key: "N", icon: Icon::Room,
        tip: "A namespace: a network stack of its own (ip netns add). Drag it onto the stage, or click there." },
    Entry { tool: Tool::Bridge, words: "Switch", key: "B", icon: Icon::Switch,
        tip: "A bridge (ip link add type bridge). It stands in the room that it is put into, else on the host." },
    Entry { tool: Tool::Router, words: "Router", key: "R", icon: Icon::Router,
        tip: "A namespace that forwards between its interfaces (net.ipv4.ip_forward)." },
    Entry { tool: Tool::Cable, words: "Cable", key: "C", icon: Icon::Cable,
        tip: "A veth pair (ip link add type veth). Drag from one thing to another." },
];

/// Fills the strip that `ui` is. A tool dragged out of it is a [`Tool`] in egui's drag and drop.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let strip = ui.max_rect();
    ui.painter().rect_filled(strip, 0.0, theme.panel);
    // Where the window is low, the tiles move together.
    let step = (strip.height() / TOOLS.len() as f32).min(66.0);
    for (i, entry) in TOOLS.iter().enumerate() {
        let top = strip.top() + 8.0 + step * i as f32;
        let rect =
            Rect::from_min_size(pos2(strip.center().x - 24.5, top), vec2(49.0, (step - 6.0).min(60.0)));
        tile(ui, rect, entry, state, out);
    }
}

fn tile(ui: &mut Ui, rect: Rect, entry: &Entry, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let is_on = state.tool == entry.tool;
    let enabled = !state.is_replay() || entry.tool == Tool::Select;
    let sense = if !enabled {
        Sense::hover()
    } else if entry.tool == Tool::Select {
        Sense::click()
    } else {
        Sense::click_and_drag()
    };
    let response = ui.interact(rect, ui.scope_id().with(entry.words), sense);
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, is_on, entry.words));
    if response.drag_started() {
        DragAndDrop::set_payload(ui.ctx(), entry.tool);
    }
    if response.clicked() {
        out.push(Command::Tool(entry.tool));
    }
    let touched = enabled && (response.hovered() || response.has_focus());
    if is_on || touched {
        let edge = if is_on || response.has_focus() { theme.accent } else { theme.line };
        ui.painter().rect(rect, 10.0, theme.raise, (1.0, edge), StrokeKind::Inside);
    }
    let ink = match (enabled, is_on) {
        (false, _) => theme.faint,
        (true, true) => theme.text,
        (true, false) => theme.mute,
    };
    let shape = if enabled { theme.text } else { theme.faint };
    let middle = rect.center();
    icon::paint(ui.painter(), icon::square(middle - vec2(0.0, 8.0), 24.0), entry.icon, shape);
    let font = theme.font(theme::text::SMALL - 1.0);
    ui.painter().text(
        pos2(middle.x, rect.bottom() - 12.0),
        egui::Align2::CENTER_CENTER,
        entry.words,
        font,
        ink,
    );
    let corner = rect.right_top() + vec2(-5.0, 4.0);
    let font = theme.mono(theme::text::TINY - 1.0);
    ui.painter().text(corner, egui::Align2::RIGHT_TOP, entry.key, font, theme.mute);
    let response = if enabled && entry.tool != Tool::Select {
        response.on_hover_cursor(egui::CursorIcon::Grab)
    } else {
        response
    };
    response.on_hover_ui(|ui| {
        ui.set_max_width(240.0);
        ui.label(lettering::plain(entry.tip, ui));
        key_cap::show(ui, entry.key);
    });
}
