//! The bytes, eight or sixteen a line. Painted, not built of widgets: what is under the pointer is arithmetic.

use std::ops::Range;

use egui::{Align2, CornerRadius, Id, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use capture::{Frame, decode::Decoded};

use crate::{
    model::command::{Command, Watch},
    window::{theme, widgets},
};

const LINE: f32 = 19.0;

/// Where the hex view says which byte the pointer is over.
pub fn hovered_id() -> Id {
    Id::unique("byte under the pointer")
}

struct Grid {
    origin: Pos2,
    letter: f32,
    per_line: usize,
}

impl Grid {
    /// Left of the bytes stand four digits of offset.
    fn byte(&self, index: usize) -> Rect {
        let (line, column) = (index / self.per_line, index % self.per_line);
        let x = self.origin.x + (6.0 + column as f32 * 3.0) * self.letter;
        Rect::from_min_size(pos2(x, self.origin.y + line as f32 * LINE), vec2(2.0 * self.letter, LINE))
    }

    fn under(&self, at: Pos2, count: usize) -> Option<usize> {
        let line = ((at.y - self.origin.y) / LINE).floor();
        let column = ((at.x - self.origin.x) / self.letter - 5.5) / 3.0;
        if line < 0.0 || column < 0.0 || self.per_line as f32 <= column {
            return None;
        }
        let index = line as usize * self.per_line + column as usize;
        (index < count).then_some(index)
    }
}

pub fn show(
    ui: &mut Ui,
    frame: &Frame,
    decoded: &Decoded,
    lit: Option<Range<usize>>,
    out: &mut Vec<Command>,
) {
    widgets::section::heading(ui, "BYTES");
    let font = theme::of(ui.ctx()).mono(theme::text::SMALL);
    let letter = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
    let fits = ((ui.available_width() / letter - 6.0) / 3.0) as usize;
    let per_line = if fits >= 16 { 16 } else { 8 };
    let bytes = &frame.bytes;
    let lines = bytes.len().div_ceil(per_line).max(1);
    let size = vec2(ui.available_width(), lines as f32 * LINE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Grid, true, "Bytes"));
    let grid = Grid { origin: rect.min, letter, per_line };
    let hovered = response.hover_pos().and_then(|at| grid.under(at, bytes.len()));
    ui.data_mut(|data| data.insert_temp(hovered_id(), hovered));
    let field = hovered.and_then(|at| field_at(decoded, at));
    let lit = field
        .and_then(|(layer, field)| Some(decoded.layers.get(layer)?.fields.get(field)?.range.clone()))
        .or(lit);
    paint(ui, &grid, bytes, lit);
    if response.clicked() {
        out.push(Command::Watch(Watch::Field(field)));
    }
    if let Some((layer, field)) = field
        && let Some(found) = decoded.layers.get(layer).and_then(|layer| layer.fields.get(field))
    {
        let words = format!("{} {}: {}", decoded.layers[layer].name, found.name, found.value);
        response.on_hover_text_at_pointer(words);
    }
    let cut = (frame.original_len as usize).saturating_sub(bytes.len());
    if 0 < cut {
        ui.weak(format!("{cut} more bytes were on the wire and not kept"));
    }
}

/// The smallest field that a byte belongs to: layer and field, by place.
fn field_at(decoded: &Decoded, at: usize) -> Option<(usize, usize)> {
    let fields = decoded.layers.iter().enumerate().flat_map(|(number, layer)| {
        layer.fields.iter().enumerate().map(move |(place, field)| (number, place, &field.range))
    });
    fields
        .filter(|(_, _, range)| range.contains(&at))
        .min_by_key(|(_, _, range)| range.len())
        .map(|(number, place, _)| (number, place))
}

fn paint(ui: &Ui, grid: &Grid, bytes: &[u8], lit: Option<Range<usize>>) {
    let theme = theme::of(ui.ctx());
    let font = theme.mono(theme::text::SMALL);
    let clip = ui.clip_rect();
    if let Some(lit) = &lit {
        light(ui, grid, lit.start..lit.end.min(bytes.len()));
    }
    for (line, row) in bytes.chunks(grid.per_line).enumerate() {
        let y = grid.origin.y + (line as f32 + 0.5) * LINE;
        if y + LINE < clip.top() || clip.bottom() < y - LINE {
            continue;
        }
        let offset = format!("{:04x}", line * grid.per_line);
        ui.painter().text(pos2(grid.origin.x, y), Align2::LEFT_CENTER, offset, font.clone(), theme.faint);
        let text = row.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
        let x = grid.byte(line * grid.per_line).left();
        ui.painter().text(pos2(x, y), Align2::LEFT_CENTER, text, font.clone(), theme.text);
    }
}

/// A box around the lit bytes of each line.
fn light(ui: &Ui, grid: &Grid, range: Range<usize>) {
    if range.is_empty() {
        return;
    }
    let theme = theme::of(ui.ctx());
    for line in range.start / grid.per_line..=(range.end - 1) / grid.per_line {
        let first = range.start.max(line * grid.per_line);
        let last = (range.end - 1).min((line + 1) * grid.per_line - 1);
        let rect = grid.byte(first).union(grid.byte(last)).expand2(vec2(2.0, -1.0));
        let fill = theme.arp.gamma_multiply(theme::strength::SPAN);
        ui.painter().rect(rect, CornerRadius::same(4), fill, Stroke::new(1.0, theme.arp), StrokeKind::Inside);
    }
}
