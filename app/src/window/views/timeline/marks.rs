//! What stands over and under the lanes: torn edges, journeys' names, spans, captions, the playhead.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2};

use super::{lanes::Spread, upright};
use crate::{
    model::state::State,
    window::{theme, views::span_of_time},
};

/// Room over and under the lanes.
pub const TOP: f32 = 22.0;
pub const BOTTOM: f32 = 30.0;

/// Idle time is a torn edge with its true length.
pub fn gaps(painter: &Painter, spread: &Spread<'_>, state: &State) {
    const TOOTH: f32 = 4.0;
    let seen = spread.axis.seen();
    let mut free_from = f32::MIN;
    for gap in state.story.pace().gaps() {
        let middle = f64::midpoint(gap.from, gap.to);
        if !seen.contains(&middle) {
            continue;
        }
        let x = spread.axis.x(middle);
        let (top, bottom) = (spread.rect.top() + TOP - 6.0, spread.bottom());
        let teeth = ((bottom - top) / (2.0 * TOOTH)).max(1.0) as usize;
        let points: Vec<Pos2> = (0..=teeth)
            .map(|tooth| {
                let side = if tooth % 2 == 0 { -TOOTH / 2.0 } else { TOOTH / 2.0 };
                pos2(x + side, top + tooth as f32 * 2.0 * TOOTH)
            })
            .collect();
        painter.add(Shape::line(points, Stroke::new(1.0, spread.theme.faint)));
        let words = span_of_time(gap.wire_ns);
        let at = pos2(x, spread.rect.top() + TOP / 2.0 - 3.0);
        let galley = painter.layout_no_wrap(words, spread.theme.mono(theme::text::TINY), spread.theme.mute);
        let left = at.x - galley.size().x / 2.0;
        if free_from < left {
            free_from = left + galley.size().x + theme::space::S;
            painter.galley(pos2(left, at.y - galley.size().y / 2.0), galley, spread.theme.mute);
        }
    }
}

/// What each journey says, under its birth, as far as there is room.
pub fn names(painter: &Painter, spread: &Spread<'_>, state: &State) {
    let seen = spread.axis.seen();
    let told = state.story.told();
    // Journeys are in order of birth; only those born in sight have their name there.
    let from = told.partition_point(|told| told.begins < seen.start);
    let mut free_from = spread.axis.left;
    for told in told[from..].iter().take_while(|told| told.begins <= seen.end).take(2_000) {
        let x = spread.axis.x(told.begins) - 4.0;
        if x < free_from {
            continue;
        }
        let galley = painter.layout_no_wrap(
            told.label.clone(),
            spread.theme.font(theme::text::SMALL),
            spread.theme.mute,
        );
        free_from = x + galley.size().x + theme::space::M;
        if free_from < spread.axis.right + theme::space::M {
            painter.galley(pos2(x, spread.bottom() + theme::space::S), galley, spread.theme.mute);
        }
    }
}

pub fn span(painter: &Painter, spread: &Spread<'_>, state: &State) {
    let Some((from, to)) = state.span else { return };
    let rect = Rect::from_x_y_ranges(
        spread.axis.x(from).max(spread.axis.left)..=spread.axis.x(to).min(spread.axis.right),
        spread.rect.top() + TOP - 6.0..=spread.bottom(),
    );
    let fill = spread.theme.accent.gamma_multiply(theme::strength::SPAN);
    painter.rect_filled(rect, 4.0, fill);
    let edge = Stroke::new(1.0, spread.theme.accent);
    painter.line_segment(upright(rect, rect.left()), edge);
    painter.line_segment(upright(rect, rect.right()), edge);
}

/// A small flag for each, with its words while there is room.
pub fn captions(painter: &Painter, spread: &Spread<'_>, state: &State) {
    let seen = spread.axis.seen();
    for (t, text) in &state.captions {
        let story = state.story.pace().story_at(*t);
        if !seen.contains(&story) {
            continue;
        }
        let (x, top) = (spread.axis.x(story), spread.rect.top() + 2.0);
        let pole = [pos2(x, top), pos2(x, spread.bottom())];
        painter.line_segment(pole, Stroke::new(1.0, spread.theme.good));
        let words: String = text.lines().next().unwrap_or_default().chars().take(28).collect();
        let galley =
            painter.layout_no_wrap(words, spread.theme.font(theme::text::TINY), spread.theme.on_pill);
        let flag = Rect::from_min_size(pos2(x, top), galley.size() + egui::vec2(8.0, 4.0));
        painter.rect_filled(flag, 3.0, spread.theme.good);
        painter.galley(flag.min + egui::vec2(4.0, 2.0), galley, Color32::PLACEHOLDER);
    }
}

pub fn playhead(painter: &Painter, spread: &Spread<'_>, at: f64) {
    let x = spread.axis.x(at);
    if x < spread.axis.left - 1.0 || spread.axis.right + 1.0 < x {
        return;
    }
    let (top, bottom) = (spread.rect.top() + 6.0, spread.bottom() + theme::space::S);
    let stroke = Stroke::new(2.0, spread.theme.accent);
    painter.line_segment([pos2(x, top), pos2(x, bottom)], stroke);
    let handle = vec![pos2(x - 7.0, top - 4.0), pos2(x + 7.0, top - 4.0), pos2(x, top + 6.0)];
    painter.add(Shape::convex_polygon(handle, spread.theme.accent, Stroke::NONE));
}
