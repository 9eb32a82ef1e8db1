//! Small tables beside their owners: a caption, a line below it, rows with two columns.

use egui::{Align2, Color32, Rect, Vec2, pos2, vec2};

use super::{
    super::theme::{space, text},
    brush::Brush,
    words::{Face, Words},
};
use crate::model::stage::{
    camera::Camera,
    layout::{TABLE_ROW as ROW, TABLE_TITLE as TITLE},
    scene::{Row, Table},
};

/// How far a row's glow reaches beyond its text.
const GLOW: Vec2 = vec2(6.0, -0.5);
/// Between the columns, and least width of either where both are long.
const BETWEEN: f32 = 8.0;

/// Draws a table into `area` (canvas points), with a line below its caption.
pub(super) fn table(brush: &mut Brush<'_>, table: &Table, area: Rect) {
    if brush.zoom < Camera::TABLES || brush.is_far() || !brush.sees(area, 8.0) {
        return;
    }
    let line = area.top() + 18.0;
    let (from, to) = (brush.at(pos2(area.left(), line)), brush.at(pos2(area.right(), line)));
    brush.line(from, to, 1.0, brush.theme.line);
    caption(brush, table, area, 8.0);
    rows(brush, table, area);
}

/// Draws a table in a box of its own, which is `area`.
pub(super) fn boxed(brush: &mut Brush<'_>, table: &Table, area: Rect) {
    if brush.zoom < Camera::TABLES || brush.is_far() || !brush.sees(area, 8.0) {
        return;
    }
    let theme = brush.theme;
    let rect = brush.rect(area);
    brush.card(rect, brush.length(space::CORNER, 2.0), theme.panel, 1.0, theme.line);
    let inside = area.shrink2(vec2(14.0, 0.0));
    caption(brush, table, inside, 12.5);
    rows(brush, table, inside);
}

fn caption(brush: &mut Brush<'_>, table: &Table, area: Rect, middle: f32) {
    let theme = brush.theme;
    let caption =
        Words::new(table.title, Face::Semibold, text::TINY, theme.mute).spaced(text::CAPTION_SPACING);
    let title = pos2(area.left(), area.top() + middle);
    brush.write(title, Align2::LEFT_CENTER, caption);
    if table.more > 0 {
        let more = format!("+{} more", table.more);
        brush.write(
            pos2(area.right(), title.y),
            Align2::RIGHT_CENTER,
            Words::new(&more, Face::Plain, text::TINY, theme.mute),
        );
    }
}

fn rows(brush: &mut Brush<'_>, table: &Table, area: Rect) {
    if table.rows.is_empty() {
        let at = pos2(area.left(), row_rect(area, 0).center().y);
        brush.write(
            at,
            Align2::LEFT_CENTER,
            Words::new(table.empty, Face::Plain, text::SMALL, brush.theme.mute),
        );
    }
    for (i, row) in table.rows.iter().enumerate() {
        draw_row(brush, row, row_rect(area, i));
    }
}

/// Where a row is, without its glow.
fn row_rect(area: Rect, row: usize) -> Rect {
    let top = area.top() + TITLE + ROW * row as f32;
    Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), ROW))
}

fn draw_row(brush: &mut Brush<'_>, row: &Row, area: Rect) {
    let theme = brush.theme;
    if row.glow > 0.0 {
        let color = theme.kind(row.kind);
        let box_ = brush.rect(area.expand2(GLOW));
        let corner = brush.length(5.0, 2.0);
        brush.card(box_, corner, theme.glow(color, row.glow), 1.0, color.gamma_multiply(row.glow.min(1.0)));
    }
    let at = area.center().y;
    let (left, right) = columns(brush, row, area.width());
    let words = |text, color: Color32, width| Words::new(text, Face::Mono, text::CODE, color).within(width);
    brush.write(pos2(area.left(), at), Align2::LEFT_CENTER, words(&row.left, theme.text, left));
    brush.write(pos2(area.right(), at), Align2::RIGHT_CENTER, words(&row.right, theme.mute, right));
}

/// How wide the columns may be: the left one is worth more, but neither is pushed out by the other.
fn columns(brush: &Brush<'_>, row: &Row, width: f32) -> (f32, f32) {
    let size = text::CODE;
    let character = brush
        .layout_scaled(Words::new("0", Face::Mono, size, Color32::PLACEHOLDER), 1.0)
        .map_or(size * 0.6, |galley| galley.size().x);
    let wants = |text: &str| character * text.chars().count() as f32;
    let room = width - BETWEEN;
    let (left, right) = (wants(&row.left), wants(&row.right));
    if left + right <= room {
        return (left + 1.0, right + 1.0);
    }
    let left = left.min((room - right).max(room * 0.6));
    (left, room - left)
}
