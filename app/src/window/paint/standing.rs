//! How a thing stands in the kernel, and whether it is selected: the same signs on everything.

use egui::{Align2, Color32, Rect, vec2};

use super::{
    brush::Brush,
    words::{Face, Words},
};
use crate::model::{stage::scene::ItemState, state::Standing};

/// What the filter leaves out is still there, but steps back.
pub(super) const DIMMED: f32 = 0.45;

pub(super) fn opacity(state: &ItemState) -> f32 {
    if state.is_dimmed { DIMMED } else { 1.0 }
}

/// A card: solid when drawn or real, dashed while it is wanted, in the colour of loss when it failed.
pub(super) fn frame(
    brush: &mut Brush<'_>,
    rect: Rect,
    corner: f32,
    fill: Color32,
    width: f32,
    line: Color32,
    standing: Standing,
) {
    match standing {
        Standing::Drawn | Standing::Real => brush.card(rect, corner, fill, width, line),
        Standing::Wanted => {
            brush.fill(rect, corner, fill.gamma_multiply(0.6));
            brush.dashed(rect, corner, width.max(1.5), line);
        }
        Standing::Failed => {
            brush.card(rect, corner, fill, 2.0, brush.theme.drop);
            failure(brush, rect);
        }
    }
}

/// A ring around what is selected.
pub(super) fn ring(brush: &mut Brush<'_>, rect: Rect, corner: f32, state: &ItemState) {
    if state.is_selected {
        const AWAY: f32 = 4.0;
        let color = brush.theme.accent;
        brush.card(rect.expand(AWAY), corner + AWAY, Color32::TRANSPARENT, 2.0, color);
    }
}

/// A small mark in the upper right corner.
fn failure(brush: &mut Brush<'_>, rect: Rect) {
    let theme = brush.theme;
    let radius = brush.length(9.0, 5.0).min(12.0);
    let center = rect.right_top() + vec2(-radius * 0.4, radius * 0.4);
    brush.circle(center, radius + 2.0, theme.stage);
    brush.circle(center, radius, theme.drop);
    let sign = Words::new("!", Face::Semibold, radius * 1.4, theme.on_pill);
    if let Some(galley) = brush.layout_scaled(sign, 1.0) {
        brush.place(center, Align2::CENTER_CENTER, galley);
    }
}
