//! A column of equally high rows, of which only those in sight are drawn; exact for any number of rows.

use egui::{CornerRadius, Id, Painter, Rect, Sense, Ui, Vec2, pos2};

use crate::window::theme;

#[derive(Debug)]
pub struct RowsView {
    /// The accessible name.
    pub name: &'static str,
    pub count: u64,
    /// Points.
    pub height: f32,
}

/// The scroll position in rows: points would lose single rows beyond some hundred thousand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows {
    top: f64,
}

const BAR: f32 = 10.0;
const LEAST_HANDLE: f32 = 24.0;

impl Rows {
    /// Draws the rows in sight by `paint(painter, row's rect, row)`; gives the row that was clicked.
    pub fn show(ui: &mut Ui, view: &RowsView, mut paint: impl FnMut(&Painter, Rect, u64)) -> Option<u64> {
        let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Table, true, view.name));
        let id = Id::unique(("rows", view.name));
        let mut rows: Self = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        let seen = f64::from(rect.height() / view.height);
        let most = (view.count as f64 - seen).max(0.0);
        if response.contains_pointer() {
            rows.top -= f64::from(ui.input(|input| input.smooth_scroll_delta().y) / view.height);
        }
        rows.bar(ui, rect, id, seen, view.count, most);
        rows.top = rows.top.clamp(0.0, most);
        let body = Rect::from_min_max(rect.min, pos2(rect.right() - BAR, rect.bottom()));
        let painter = ui.painter_at(body);
        let first = rows.top.floor();
        let mut row = first as u64;
        let mut y = body.top() - ((rows.top - first) as f32) * view.height;
        let mut clicked = None;
        let pointer = response.interact_pointer_pos().filter(|_| response.clicked());
        while y < body.bottom() && row < view.count {
            let line = Rect::from_min_size(pos2(body.left(), y), Vec2::new(body.width(), view.height));
            paint(&painter, line, row);
            if pointer.is_some_and(|at| line.contains(at)) {
                clicked = Some(row);
            }
            y += view.height;
            row += 1;
        }
        ui.data_mut(|data| data.insert_temp(id, rows));
        clicked
    }

    fn bar(&mut self, ui: &Ui, rect: Rect, id: Id, seen: f64, count: u64, most: f64) {
        if most <= 0.0 {
            return;
        }
        let theme = theme::of(ui.ctx());
        let track = Rect::from_min_max(pos2(rect.right() - BAR, rect.top()), rect.max);
        let handle = ((seen / count as f64) as f32 * track.height()).clamp(LEAST_HANDLE, track.height());
        let free = track.height() - handle;
        let response = ui.interact(track, id.with("bar"), Sense::click_and_drag());
        if let Some(at) = response.interact_pointer_pos() {
            let part = ((at.y - track.top() - handle / 2.0) / free.max(1.0)).clamp(0.0, 1.0);
            self.top = f64::from(part) * most;
        }
        let top = track.top() + (self.top / most).clamp(0.0, 1.0) as f32 * free;
        let grip = Rect::from_min_size(pos2(track.left() + 2.0, top), Vec2::new(BAR - 4.0, handle));
        let colour = if response.hovered() || response.dragged() { theme.mute } else { theme.line };
        ui.painter().rect_filled(grip, CornerRadius::same(3), colour);
    }
}
