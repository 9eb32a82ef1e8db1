//! On the name plate of the room under the pointer: where a ping is dragged out of it, or asked for by a click.

use egui::{Align2, CursorIcon, Id, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::{Frame, Stage, drag::Drag};
use crate::{
    model::{
        command::{Command, View},
        stage::layout::{PLATE_HEIGHT, ROOM_PAD},
        state::{Dialog, Tool},
    },
    window::theme,
};

/// On the canvas.
const SIZE: Vec2 = Vec2::new(74.0, 22.0);
/// Where rooms are drawn smaller than this, they have no words either.
const LEAST_ZOOM: f32 = 0.5;

impl Stage {
    pub(super) fn handle(&mut self, ui: &Ui, frame: &Frame<'_>, out: &mut Vec<Command>) {
        let state = frame.state;
        if state.is_replay()
            || state.tool != Tool::Select
            || state.camera.zoom < LEAST_ZOOM
            || self.drag.is_some()
        {
            return;
        }
        // While a button is down, the handle that it was pressed on stays.
        let pointer = ui.input(|input| match input.pointer.any_down() {
            true => input.pointer.press_origin(),
            false => input.pointer.hover_pos(),
        });
        let Some(pointer) = pointer else { return };
        let at = frame.to_canvas(pointer);
        let rooms = frame.scene.rooms.iter().filter(|room| !room.is_house);
        let Some(room) = rooms.rev().find(|room| room.rect.contains(at)) else { return };
        let center =
            pos2(room.rect.right() - ROOM_PAD - SIZE.x / 2.0 + 6.0, room.rect.top() + PLATE_HEIGHT / 2.0);
        let rect = frame.rect_to_screen(Rect::from_center_size(center, SIZE));
        if !frame.rect.contains_rect(rect) {
            return;
        }
        let handle = ui.interact(rect, Id::unique(("ping from", &room.name)), Sense::click_and_drag());
        handle.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Ping from {}", room.name)));
        let theme = theme::of(ui.ctx());
        let fill = if handle.hovered() { theme.accent } else { theme.raise };
        let ink = if handle.hovered() { theme.on_accent } else { theme.text };
        ui.painter().rect(rect, rect.height() / 2.0, fill, (1.0, theme.line), egui::StrokeKind::Inside);
        let mut font = theme.semibold(theme::text::REMARK);
        font.size *= state.camera.zoom;
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, "ping …", font, ink);
        if handle.hovered() {
            ui.ctx().set_cursor_icon(CursorIcon::Grab);
        }
        if handle.clicked() {
            let dialog = Dialog::Probe { from: Some(room.name.clone()), to: None };
            out.push(Command::View(View::Dialog(Some(dialog))));
        } else if handle.drag_started() {
            let start = room.rect.center_top() + vec2(0.0, PLATE_HEIGHT / 2.0);
            self.drag = Some(Drag::Probe { from: room.name.clone(), start, by_handle: true });
        } else {
            handle.on_hover_text("Drag onto another room to ping it, or click to choose what to send (Ctrl+drag from anywhere on the room does the same)");
        }
    }
}
