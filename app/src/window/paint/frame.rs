//! Frames on their way: pills with words, dots from afar, and the trails behind them.

use std::sync::Arc;

use egui::{Align2, Galley, Pos2, Rect, Vec2, vec2};

use super::{
    super::theme::text,
    brush::Brush,
    dots::Dots,
    ribbon,
    standing::DIMMED,
    words::{Bubble, Face, Words},
};
use crate::model::stage::scene::{Pill, Trail};

/// Where a frame has just been; the last point is nearest to the frame.
pub(super) fn trails(brush: &mut Brush<'_>, trails: &[Trail]) {
    /// On the screen; a trail's points are closer on the canvas than anybody sees from afar.
    const APART: f32 = 4.0;
    let mut points: Vec<Pos2> = Vec::new();
    brush.expect(trails.len() * 128);
    for trail in trails {
        let [_, .., last] = trail.points[..] else { continue };
        if !brush.sees(Rect::from_points(&trail.points), 8.0) {
            continue;
        }
        points.clear();
        for point in &trail.points {
            let at = brush.at(*point);
            if points.last().is_none_or(|before| APART * APART <= before.distance_sq(at)) {
                points.push(at);
            }
        }
        let (last, has_middle) = (brush.at(last), points.len() > 1);
        match points.last_mut() {
            Some(end) if has_middle => *end = last,
            _ => points.push(last),
        }
        let dim = if trail.is_dimmed { DIMMED } else { 1.0 };
        let color = brush.color(brush.theme.kind(trail.kind)).gamma_multiply(dim);
        let wide = ribbon::plain(brush.length(11.0, 5.0).min(20.0), color.gamma_multiply(0.32));
        let narrow = ribbon::plain(brush.length(4.0, 2.0).min(8.0), color.gamma_multiply(0.95));
        let strength = trail.strength.clamp(0.0, 1.0);
        ribbon::ribbon(brush.mesh(), &points, &wide, |t| strength * (0.15 + 0.85 * t));
        ribbon::ribbon(brush.mesh(), &points, &narrow, |t| strength * (0.25 + 0.75 * t));
    }
}

/// With more than this in sight, words would only cover each other.
const MOST_WORDS: usize = 160;
/// With more than this in sight, dots have no rim that sets them apart from each other.
const MOST_RIMS: usize = 2_000;
const PADDING: Vec2 = vec2(12.0, 5.0);
const DOT: f32 = 6.0;

/// Frames; those that are chosen come last, on top.
pub(super) fn pills(brush: &mut Brush<'_>, pills: &[Pill]) {
    // A pill is not wider than this.
    let beside = 160.0 * brush.zoom.max(1.0);
    let seen = || pills.iter().filter(|pill| pill.opacity > 0.0);
    let in_sight = seen().filter(|pill| brush.sees_point(pill.center, beside)).count();
    let is_crowd = MOST_WORDS < in_sight;
    let mut dots = Dots::new(brush);
    dots.reserve(if is_crowd || brush.is_far() { in_sight } else { 0 });
    let mut with_words = Vec::new();
    for pill in seen().filter(|pill| brush.sees_point(pill.center, beside)) {
        let is_small = (is_crowd || brush.is_far()) && !pill.is_chosen;
        let galley = if is_small { None } else { words(brush, pill) };
        match galley {
            Some(galley) => with_words.push((pill, galley)),
            None => dot(brush, &mut dots, pill, in_sight < MOST_RIMS),
        }
    }
    dots.finish(brush);
    with_words.sort_by_key(|(pill, _)| (pill.is_chosen, !pill.is_dimmed));
    for (pill, galley) in with_words {
        let opacity = pill.opacity * if pill.is_dimmed { DIMMED } else { 1.0 };
        brush.faded(opacity, |brush| draw_pill(brush, pill, galley));
    }
}

fn words(brush: &Brush<'_>, pill: &Pill) -> Option<Arc<Galley>> {
    let size = text::BODY * brush.theme.text_scale;
    let words = Words::new(&pill.text, Face::Semibold, size, brush.theme.on_pill);
    let zoom = if pill.is_chosen { brush.zoom.max(0.8) } else { brush.zoom };
    brush.layout_scaled(words, zoom)
}

fn dot(brush: &Brush<'_>, dots: &mut Dots, pill: &Pill, has_rim: bool) {
    let center = brush.at(pill.center);
    let more = (pill.count.max(1) as f32).log2().min(5.0);
    let radius = brush.length(DOT, 4.0).min(DOT) + more;
    let opacity = pill.opacity * if pill.is_dimmed { DIMMED } else { 1.0 };
    let color = brush.color(brush.theme.kind(pill.kind)).gamma_multiply(opacity);
    if pill.is_chosen {
        dots.add(center, radius + 3.0, brush.color(brush.theme.text).gamma_multiply(opacity));
    }
    if has_rim {
        dots.add(center, radius + 1.25, brush.color(brush.theme.stage).gamma_multiply(opacity));
    }
    dots.add(center, radius, color);
}

fn draw_pill(brush: &mut Brush<'_>, pill: &Pill, galley: Arc<Galley>) {
    let theme = brush.theme;
    let scale = galley.size().y / (text::BODY * theme.text_scale * 1.21);
    let padding = PADDING * scale;
    let color = theme.kind(pill.kind);
    let center = brush.at(pill.center);
    let rect = Rect::from_center_size(center, galley.size() + 2.0 * padding);
    let corner = rect.height() / 2.0;
    brush.shadow(rect.expand(2.0), corner + 2.0, 2.0, 10.0);
    if pill.count > 1 {
        // As if more of them lay below.
        let below = rect.translate(vec2(3.0, 3.0) * scale);
        brush.card(below, corner, color.lerp_to_gamma(theme.stage, 0.45), 1.5, theme.stage);
    }
    if pill.is_chosen {
        brush.fill(rect.expand(4.0), corner + 4.0, theme.text);
    }
    brush.card(rect, corner, color, 1.5, theme.stage);
    brush.place(center, Align2::CENTER_CENTER, galley);
    if pill.count > 1 {
        badge(brush, pill.count, rect, scale);
    }
}

/// How many frames a pill stands for.
fn badge(brush: &mut Brush<'_>, count: usize, pill: Rect, scale: f32) {
    let theme = brush.theme;
    let text = format!("×{count}");
    let words = Words::new(&text, Face::Semibold, text::SMALL * theme.text_scale, theme.text);
    let Some(galley) = brush.layout_scaled(words, scale) else { return };
    let center = pill.right_top() + vec2(galley.size().x * 0.2, 0.0);
    let (fill, line, padding) = (theme.raise, theme.house_line, vec2(6.0, 1.5) * scale);
    brush.bubble(center, galley, Bubble { fill, line, width: 1.0, padding, corner: None });
}
