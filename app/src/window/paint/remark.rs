//! What is said at a place: remarks, ends of frames, outcomes of acts, problems.

use capture::Fate;
use egui::{Align2, Color32, Pos2, Vec2, vec2};

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
    let size = text::REMARK * theme.text_scale;
    let Some(galley) = brush.layout(Words::new(&remark.text, Face::Semibold, size, color)) else { return };
    let padding = vec2(13.0, 5.0) * brush.zoom.min(1.6);
    let bubble = Bubble { fill: theme.panel, line: color, width: 1.25, padding, corner: None };
    let at = center - vec2(0.0, lift * brush.zoom);
    brush.faded(showing(progress), |brush| {
        brush.bubble(at, galley, bubble);
    });
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
