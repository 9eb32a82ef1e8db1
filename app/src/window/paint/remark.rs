//! What is said at a place: remarks, ends of frames, outcomes of acts, problems.

use std::borrow::Cow;

use capture::Fate;
use egui::{Align2, Color32, Pos2, Rect, Vec2, vec2};

use super::{
    super::theme::{icon, space, text, time},
    brush::Brush,
    words::{Bubble, Face, Words},
};
use crate::model::stage::scene::{Mark, Outcome, Remark};

/// How far above what happens it is said.
const LIFT: f32 = 40.0;

pub(super) fn remarks<'a>(brush: &mut Brush<'_>, remarks: impl Iterator<Item = &'a Remark>) {
    for remark in remarks {
        if brush.sees_point(remark.center, 120.0 * brush.zoom.max(1.0)) {
            draw_remark(brush, remark);
        }
    }
}

fn draw_remark(brush: &mut Brush<'_>, remark: &Remark) {
    let theme = brush.theme;
    let progress = remark.progress.clamp(0.0, 1.0);
    let center = brush.at(remark.center);
    let color = match remark.fate {
        Some(Fate::Dropped) => theme.drop,
        Some(Fate::Ignored | Fate::InFlight) => theme.mute,
        Some(Fate::Delivered) | None => theme.kind(remark.kind),
    };
    let lift = match remark.fate {
        Some(Fate::Dropped) => {
            burst(brush, center, progress, color);
            // Below, since most sockets look down: above, the words would cover the room's tables.
            -LIFT
        }
        Some(Fate::Delivered) => {
            arrival(brush, center, progress, color);
            LIFT
        }
        Some(Fate::Ignored | Fate::InFlight) | None => 0.0,
    };
    let is_reason = remark.fate == Some(Fate::Dropped);
    // Why a frame was lost is read from the back row, however small the drawing is.
    let scale = if is_reason && !brush.is_far() { brush.zoom.max(LEAST_SCALE) } else { brush.zoom };
    let words = if is_reason { in_two_lines(&remark.text) } else { remark.text.as_str().into() };
    let size = text::REMARK * theme.text_scale;
    let words = Words::new(&words, Face::Semibold, size, color).centered();
    let Some(galley) = brush.layout_scaled(words, scale) else { return };
    let padding = vec2(13.0, 5.0) * scale.min(1.6);
    // As round as one line can be.
    let line = galley.size().y / galley.rows.len().max(1) as f32;
    let corner = Some(line / 2.0 + padding.y);
    let bubble = Bubble { fill: theme.panel, line: color, width: 1.25, padding, corner };
    // What is said below grows downwards, away from what it is said of.
    let grown = (galley.size().y - line) / 2.0 + (scale - brush.zoom) * line / 2.0;
    let lifted = center - vec2(0.0, lift * brush.zoom + grown * lift.signum());
    let at = if is_reason { inside(brush.clip(), lifted, galley.size() + 2.0 * padding) } else { lifted };
    brush.faded(showing(progress), |brush| {
        brush.bubble(at, galley, bubble);
    });
}

/// A reason with more characters takes two lines.
const MOST_IN_A_LINE: usize = 36;
/// Reasons are not written smaller than at this zoom.
const LEAST_SCALE: f32 = 0.85;

/// Broken at the space that is nearest to the middle; one after a comma or a colon may be a little farther off.
fn in_two_lines(text: &str) -> Cow<'_, str> {
    const WORTH: usize = 12;
    let all = text.chars().count();
    if all <= MOST_IN_A_LINE {
        return text.into();
    }
    let off_middle = |at: &usize| {
        let is_pause = text[..*at].ends_with([',', ';', ':']);
        (2 * text[..*at].chars().count()).abs_diff(all) + if is_pause { 0 } else { WORTH }
    };
    let spaces = text.match_indices(' ').map(|(at, _)| at).filter(|at| !text[at + 1..].starts_with('…'));
    match spaces.min_by_key(off_middle) {
        Some(at) => format!("{}\n{}", &text[..at], &text[at + 1..]).into(),
        None => text.into(),
    }
}

/// The nearest middle at which all of it is inside, of what stands at its edge.
fn inside(clip: Rect, center: Pos2, size: Vec2) -> Pos2 {
    const FROM_EDGE: f32 = 6.0;
    let half = size / 2.0 + Vec2::splat(FROM_EDGE);
    let middles = Rect::from_min_max(clip.min + half, clip.max - half);
    if middles.is_positive() && clip.contains(center) { middles.clamp(center) } else { center }
}

/// Comes quickly, stays, and fades.
fn showing(progress: f32) -> f32 {
    let coming = progress / time::REMARK_COMES;
    let going = (1.0 - progress) / time::REMARK_GOES;
    // What has only just begun is already there to see when one steps onto it.
    coming.max(0.5).min(going).clamp(0.0, 1.0)
}

/// Short strokes away from where a frame was lost.
fn burst(brush: &mut Brush<'_>, center: Pos2, progress: f32, color: Color32) {
    const RAYS: usize = 10;
    let eased = 1.0 - (1.0 - progress).powi(3);
    let (inner, outer) = (5.0 + 11.0 * eased, 9.0 + 15.0 * eased);
    brush.faded((1.0 - progress).sqrt(), |brush| {
        let scale = brush.length(1.0, 0.5);
        for ray in 0..RAYS {
            let away = Vec2::angled(std::f32::consts::TAU * (ray as f32 + 0.5) / RAYS as f32);
            let far = if ray % 2 == 0 { outer } else { outer * 0.82 };
            brush.line(center + away * inner * scale, center + away * far * scale, 2.0 * scale, color);
        }
        let arm = 4.0 * scale * (1.0 - 0.4 * eased);
        for (x, y) in [(arm, arm), (arm, -arm)] {
            brush.line(center - vec2(x, y), center + vec2(x, y), 2.5 * scale, color);
        }
    });
}

/// A ring that opens where a frame has arrived.
fn arrival(brush: &mut Brush<'_>, center: Pos2, progress: f32, color: Color32) {
    let eased = 1.0 - (1.0 - progress).powi(3);
    brush.faded(1.0 - progress, |brush| {
        let scale = brush.length(1.0, 0.5);
        brush.circle(center, 4.0 * scale, color);
        brush.ring(center, (6.0 + 14.0 * eased) * scale, (3.0 - 1.5 * eased) * scale, color);
    });
}

/// How acts ended, where they happened.
pub(super) fn outcomes(brush: &mut Brush<'_>, outcomes: &[Outcome]) {
    let theme = brush.theme;
    for outcome in outcomes.iter().filter(|outcome| outcome.opacity > 0.0) {
        let (color, text) = match (outcome.is_pending, outcome.is_bad) {
            (true, _) => (theme.mute, outcome.text.clone()),
            (false, true) => (theme.drop, format!("✗ {}", outcome.text)),
            (false, false) => (theme.good, format!("✓ {}", outcome.text)),
        };
        let size = text::REMARK * theme.text_scale;
        if !brush.sees_point(outcome.center, 200.0 * brush.zoom.max(1.0)) {
            continue;
        }
        let Some(galley) = brush.layout(Words::new(&text, Face::Semibold, size, color)) else { continue };
        let padding = vec2(10.0, 4.0) * brush.zoom.min(1.6);
        let corner = Some(space::CORNER);
        let bubble = Bubble { fill: theme.panel, line: color, width: 1.0, padding, corner };
        let at = brush.at(outcome.center);
        brush.faded(outcome.opacity.min(1.0), |brush| {
            brush.bubble(at, galley, bubble);
        });
    }
}

/// A triangle (a doubt), a disc (an error) or a quiet sign (good to know) on what it is about; its words are the tooltip's.
pub(super) fn marks(brush: &mut Brush<'_>, marks: &[Mark]) {
    let theme = brush.theme;
    for mark in marks {
        if !brush.sees_point(mark.center, 20.0 * brush.zoom.max(1.0)) {
            continue;
        }
        let size = brush.length(20.0, 12.0).min(28.0);
        let (sign, color) = match (mark.is_error, mark.is_note) {
            (true, _) => (icon::ERROR, theme.drop),
            (false, true) => (icon::INFO, theme.mute),
            (false, false) => (icon::WARNING, theme.warn),
        };
        let center = brush.at(mark.center);
        let Some(galley) = brush.layout_scaled(Words::new(sign, Face::Icon, size, color), 1.0) else {
            continue;
        };
        brush.circle(center, size * 0.66, theme.stage);
        brush.place(center, Align2::CENTER_CENTER, galley);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_takes_two_lines_of_about_the_same_length() {
        assert_eq!(in_two_lines("a filter rule of ns2 stops it"), "a filter rule of ns2 stops it");
        for broken in [
            "a filter rule of ns2 stops it:\n“input icmp: drop”",
            "it arrived, but nobody\nin ns2 listens to UDP 53",
        ] {
            assert_eq!(in_two_lines(&broken.replace('\n', " ")), broken);
        }
        let word = "x".repeat(MOST_IN_A_LINE + 1);
        assert_eq!(in_two_lines(&word), word.as_str(), "nowhere to break it");
    }

    #[test]
    fn words_at_the_edge_are_moved_inside_and_others_stay() {
        let clip = Rect::from_min_max(Pos2::ZERO, egui::pos2(400.0, 300.0));
        let at = |x: f32, y: f32| inside(clip, egui::pos2(x, y), vec2(100.0, 40.0));
        assert_eq!(at(200.0, 150.0), egui::pos2(200.0, 150.0));
        assert_eq!(at(390.0, 290.0), egui::pos2(344.0, 274.0));
        assert_eq!(at(-90.0, 150.0), egui::pos2(-90.0, 150.0), "what is out of sight stays there");
    }
}
