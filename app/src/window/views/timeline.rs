//! A lane per tap, story time to the right, idle time squeezed into torn edges.

mod lanes;
mod marks;

use egui::{Id, Pos2, Rect, Sense, Ui, Vec2, pos2};

use super::{lane_order::LaneOrder, say_instead};
use crate::{
    model::{
        command::{Command, Play, Watch},
        state::State,
    },
    window::theme,
};

/// What part of the story is seen; kept by egui from frame to frame.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// Story seconds at the left edge.
    from: f64,
    /// Story seconds from edge to edge.
    span: f64,
    /// Somebody looks elsewhere: the playhead is not followed until it moves by hand again.
    is_held: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self { from: 0.0, span: 14.0, is_held: false }
    }
}

const LEAST_SPAN: f64 = 0.2;
const MOST_SPAN: f64 = 36_000.0;
/// The playhead is kept within these parts of the width while it plays.
const KEPT: std::ops::Range<f64> = 0.05..0.8;

/// Where story times are on the screen.
#[derive(Clone, Copy)]
struct Axis {
    window: Window,
    left: f32,
    right: f32,
}

impl Axis {
    fn x(&self, story: f64) -> f32 {
        self.left + ((story - self.window.from) / self.window.span) as f32 * (self.right - self.left)
    }

    fn story(&self, x: f32) -> f64 {
        self.window.from + f64::from((x - self.left) / (self.right - self.left).max(1.0)) * self.window.span
    }

    /// Story times that are seen, with a little on either side.
    fn seen(&self) -> std::ops::Range<f64> {
        let slack = self.window.span * 0.02;
        self.window.from - slack..self.window.from + self.window.span + slack
    }
}

pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let area = ui.available_rect_before_wrap();
    let theme = theme::of(ui.ctx());
    if state.story.moments().is_empty() {
        let words =
            "Nothing was seen yet. Ping, and every frame appears here, at every place where it was seen";
        say_instead(ui, words);
        return;
    }
    let order = LaneOrder::of(ui, state);
    let label_width = lanes::label_width(ui, &order);
    let lane_height = lanes::height(area.height() - marks::TOP - marks::BOTTOM, order.taps.len(), theme);
    let needed = order.taps.len() as f32 * lane_height + marks::TOP + marks::BOTTOM;
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let size = Vec2::new(area.width(), needed.max(area.height()));
        let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Slider, true, "Timeline"));
        let id = Id::unique("timeline window");
        let mut window: Window = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        let (left, right) = (rect.left() + label_width, rect.right() - theme::space::L);
        keep_playhead(&mut window, state);
        let mut axis = Axis { window, left, right };
        move_window(ui, &mut axis, &response);
        let painter = ui.painter_at(rect);
        let spread = lanes::Spread { rect, axis, order: &order, theme, height: lane_height };
        marks::gaps(&painter, &spread, state);
        lanes::show(&painter, &spread, state);
        marks::names(&painter, &spread, state);
        marks::span(&painter, &spread, state);
        marks::captions(&painter, &spread, state);
        marks::playhead(&painter, &spread, state.playhead.at());
        touched(ui, &spread, state, &response, out);
        ui.data_mut(|data| data.insert_temp(id, axis.window));
    });
}

/// While it plays, the playhead stays in sight; stepping brings it back too.
fn keep_playhead(window: &mut Window, state: &State) {
    let at = state.playhead.at();
    let place = (at - window.from) / window.span;
    if state.playhead.playing {
        window.is_held = false;
    }
    if window.is_held {
        return;
    }
    if place > KEPT.end {
        window.from = at - window.span * KEPT.end;
    } else if place < KEPT.start {
        window.from = at - window.span * KEPT.start;
    }
    // What is before the beginning is never shown, but for a little margin.
    let margin = window.span * 0.02;
    window.from = window.from.max(-margin);
}

fn move_window(ui: &Ui, axis: &mut Axis, response: &egui::Response) {
    if !response.contains_pointer() {
        return;
    }
    let (wheel, shift, control, pinch) = ui.input(|input| {
        (input.smooth_scroll_delta(), input.modifiers.shift, input.modifiers.command, input.zoom_delta())
    });
    let width = f64::from((axis.right - axis.left).max(1.0));
    let across = if shift { wheel.x + wheel.y } else { wheel.x };
    if across != 0.0 {
        axis.window.from -= f64::from(across) / width * axis.window.span;
        axis.window.is_held = true;
    }
    let factor = if pinch != 1.0 {
        f64::from(pinch)
    } else if control || shift {
        1.0
    } else {
        f64::from((wheel.y / 240.0).exp2())
    };
    if factor != 1.0
        && let Some(pointer) = response.hover_pos()
    {
        let fixed = axis.story(pointer.x);
        axis.window.span = (axis.window.span / factor).clamp(LEAST_SPAN, MOST_SPAN);
        let part = f64::from((pointer.x - axis.left) / (axis.right - axis.left).max(1.0));
        axis.window.from = fixed - part * axis.window.span;
        axis.window.is_held = true;
    }
}

/// Click and drag scrub; with Shift they select a span; a click on a sighting chooses it.
fn touched(
    ui: &Ui,
    spread: &lanes::Spread<'_>,
    state: &State,
    response: &egui::Response,
    out: &mut Vec<Command>,
) {
    let hovered = response.hover_pos().and_then(|at| lanes::under(spread, state, at));
    if let Some(place) = hovered {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        response.clone().on_hover_ui_at_pointer(|ui| lanes::tip(ui, state, place));
    }
    let Some(pointer) = response.interact_pointer_pos() else { return };
    let at = spread.axis.story(pointer.x);
    let shift = ui.input(|input| input.modifiers.shift);
    if response.clicked() {
        match hovered.and_then(|place| lanes::chosen(state, place)) {
            Some(chosen) => out.push(Command::Watch(chosen)),
            None if shift => out.push(Command::Watch(Watch::Span(None))),
            None => out.push(Command::Play(Play::Seek(at))),
        }
    } else if response.dragged_by(egui::PointerButton::Primary) {
        let origin = ui.input(|input| input.pointer.press_origin()).unwrap_or(pointer);
        if shift {
            let from = spread.axis.story(origin.x);
            out.push(Command::Watch(Watch::Span(Some((from.min(at), from.max(at))))));
        } else {
            out.push(Command::Play(Play::Seek(at)));
        }
    }
}

/// A vertical hairline's ends.
fn upright(rect: Rect, x: f32) -> [Pos2; 2] {
    [pos2(x, rect.top()), pos2(x, rect.bottom())]
}
