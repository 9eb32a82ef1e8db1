//! What a drag or a tool shows before it is done.

use egui::{Color32, Painter, Pos2, Rect, Vec2, pos2, vec2};

use super::{
    super::theme::{Theme, space, text},
    brush::Brush,
    ribbon,
    words::{Bubble, Face, Words},
};
use crate::model::stage::{camera::Camera, layout::Curve, scene::Ghost};

/// Paints one ghost above the scene; arguments as for [`super::paint`].
pub fn paint_ghost(painter: &Painter, origin: Pos2, camera: &Camera, ghost: &Ghost, theme: &Theme) {
    let mut brush = Brush::new(painter, origin, camera, theme);
    match ghost {
        Ghost::Box(area) => selection(&mut brush, *area),
        Ghost::Cable { from, to, fits } => cable(&mut brush, *from, *to, *fits),
        Ghost::Room(area) => room(&mut brush, *area),
        Ghost::Switch(area) => switch(&mut brush, *area),
        Ghost::Guides(lines) => guides(&mut brush, lines),
        Ghost::Moved(by) => moved(&mut brush, *by),
    }
    brush.finish();
}

fn selection(brush: &mut Brush<'_>, area: Rect) {
    let accent = brush.theme.accent;
    brush.card(brush.rect(area), 2.0, accent.gamma_multiply(0.12), 1.0, accent);
}

/// A rubber band that hangs a little, as a cable does.
fn cable(brush: &mut Brush<'_>, from: Pos2, to: Pos2, fits: bool) {
    let color = if fits { brush.theme.good } else { brush.theme.drop };
    let sag = vec2(0.0, (from.distance(to) * 0.25).min(60.0));
    let curve = Curve::from([from, from.lerp(to, 0.3) + sag, from.lerp(to, 0.7) + sag, to]);
    let points = curve.flatten(0.25 / brush.zoom);
    let points: Vec<Pos2> = points.into_iter().map(|point| brush.at(point)).collect();
    let width = brush.length(3.0, 2.0).min(6.0);
    ribbon::ribbon(brush.mesh(), &points, &ribbon::plain(width + 6.0, color.gamma_multiply(0.25)), |_| 1.0);
    ribbon::ribbon(brush.mesh(), &points, &ribbon::plain(width, color), |_| 1.0);
    let (start, end) = (brush.at(from), brush.at(to));
    brush.circle(start, width * 1.5, color);
    brush.circle(end, width * 2.0, brush.theme.stage);
    brush.ring(end, width * 2.0, width * 0.75, color);
}

fn room(brush: &mut Brush<'_>, area: Rect) {
    let accent = brush.theme.accent;
    let rect = brush.rect(area);
    let corner = brush.length(space::CORNER_BIG, 3.0);
    brush.fill(rect, corner, accent.gamma_multiply(0.10));
    let plate = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + brush.length(34.0, 4.0)));
    brush.top(plate, corner, accent.gamma_multiply(0.35));
    brush.dashed(rect, corner, 1.5, accent);
}

fn switch(brush: &mut Brush<'_>, area: Rect) {
    const PORTS: usize = 6;
    let accent = brush.theme.accent;
    let rect = brush.rect(area);
    brush.fill(rect, brush.length(10.0, 2.0), accent.gamma_multiply(0.10));
    let port = vec2(19.0, 22.0);
    for i in 0..PORTS {
        let right = area.right() - 21.0 - 34.0 * (PORTS - 1 - i) as f32;
        let at = Rect::from_min_size(pos2(right - port.x, area.center().y - port.y / 2.0), port);
        if area.contains_rect(at) {
            let line = accent.gamma_multiply(0.6);
            brush.card(brush.rect(at), brush.length(4.0, 1.0), Color32::TRANSPARENT, 1.0, line);
        }
    }
    brush.dashed(rect, brush.length(10.0, 2.0), 1.5, accent);
}

fn guides(brush: &mut Brush<'_>, lines: &[(Pos2, Pos2)]) {
    let color = brush.theme.accent.gamma_multiply(0.8);
    for (from, to) in lines {
        let (from, to) = (brush.at(*from), brush.at(*to));
        brush.line(from, to, 1.0, color);
        brush.circle(from, 2.0, color);
        brush.circle(to, 2.0, color);
    }
}

/// How far something was moved, beside the pointer.
fn moved(brush: &mut Brush<'_>, by: Vec2) {
    let theme = brush.theme;
    let sign = |value: f32| if value < -0.5 { '−' } else { '+' };
    let text = format!("{}{:<4.0}{}{:<4.0}", sign(by.x), by.x.abs(), sign(by.y), by.y.abs());
    let words = Words::new(text.trim_end(), Face::Mono, text::SMALL * theme.text_scale, theme.text);
    let Some(galley) = brush.layout_scaled(words, 1.0) else { return };
    let pointer = brush.painter.ctx().pointer_latest_pos();
    let clip = brush.clip().shrink(8.0);
    let half = galley.size() / 2.0 + vec2(8.0, 3.0);
    let beside = pointer.map_or(clip.min + half, |at| at + vec2(18.0, 18.0) + half);
    let center = beside.clamp(clip.min + half, (clip.max - half).max(clip.min + half));
    let bubble = Bubble {
        fill: theme.panel,
        line: theme.line,
        width: 1.0,
        padding: vec2(8.0, 3.0),
        corner: Some(space::CORNER_SMALL),
    };
    brush.bubble(center, galley, bubble);
}
