//! Cables, and the plugs at their ends.

use egui::{Align2, Color32, Pos2, Rect, Vec2, vec2};

use super::{
    super::theme::text,
    brush::Brush,
    ribbon, standing,
    words::{Face, Words},
};
use crate::model::{
    stage::{
        layout::{LABEL_CHARACTER, label_rect},
        scene::{CableLine, Plug},
    },
    state::Standing,
};

const WIDTH: f32 = 3.0;
/// On the screen; it keeps crossing cables apart.
const CASING: f32 = 2.5;
/// How far a cable may be beside its curve, on the screen.
const TOLERANCE: f32 = 0.35;
/// A plug, along the edge and away from it.
const PLUG: Vec2 = vec2(16.0, 11.0);

pub(super) fn cables(brush: &mut Brush<'_>, cables: &[CableLine]) {
    // About what a cable takes; a mesh that grows is copied again and again.
    brush.expect(cables.len() * 48);
    for cable in cables {
        if !brush.sees(cable.curve.bounds(), 8.0) {
            continue;
        }
        let points = cable.curve.flatten(TOLERANCE / brush.zoom);
        let points: Vec<Pos2> = points.into_iter().map(|point| brush.at(point)).collect();
        brush.faded(standing::opacity(&cable.state), |brush| draw_cable(brush, cable, &points));
    }
}

fn draw_cable(brush: &mut Brush<'_>, cable: &CableLine, points: &[Pos2]) {
    let theme = brush.theme;
    let width = thickness(brush, cable.load);
    let casing = if brush.is_far() { 1.0 } else { CASING };
    if cable.state.is_selected {
        let layers = ribbon::plain(width + 8.0, brush.color(theme.accent.gamma_multiply(0.55)));
        ribbon::ribbon(brush.mesh(), points, &layers, |_| 1.0);
    }
    let around = brush.color(theme.stage);
    let is_whole = matches!(cable.state.standing, Standing::Real | Standing::Drawn);
    if cable.is_up && is_whole {
        let color = if cable.load > 0.0 { theme.cable_on } else { theme.cable };
        let color = brush.color(color);
        if brush.is_far() {
            // Thousands may be in sight, and a casing would be finer than can be seen.
            ribbon::ribbon(brush.mesh(), points, &ribbon::plain(width, color), |_| 1.0);
        } else {
            let layers = ribbon::cased(width, color, casing, around);
            ribbon::ribbon(brush.mesh(), points, &layers, |_| 1.0);
        }
        return;
    }
    let color = match cable.state.standing {
        Standing::Failed => theme.drop,
        Standing::Wanted => theme.cable_on,
        Standing::Drawn | Standing::Real => theme.cable,
    };
    let layers = ribbon::plain(width + 2.0 * casing, around);
    ribbon::ribbon(brush.mesh(), points, &layers, |_| 1.0);
    let layers = ribbon::plain((width * 0.75).max(1.5), brush.color(color));
    for dash in dashes(points, brush.length(9.0, 4.0), brush.length(7.0, 4.0)) {
        ribbon::ribbon(brush.mesh(), &dash, &layers, |_| 1.0);
    }
}

/// On the screen; from afar a cable's load can be seen by it.
fn thickness(brush: &Brush<'_>, load: f32) -> f32 {
    let width = brush.length(WIDTH, 1.5).min(WIDTH * 2.0);
    match (brush.is_sketch, brush.is_far()) {
        (true, _) => brush.length(WIDTH, 1.25),
        (false, true) => width + 0.6 * (1.0 + load.max(0.0)).log2().min(5.0),
        (false, false) => width,
    }
}

/// Cuts a line into pieces of length `on` with `off` between them.
fn dashes(points: &[Pos2], on: f32, off: f32) -> Vec<Vec<Pos2>> {
    /// A cable that is longer than this on the screen is mostly outside of it.
    const MOST: usize = 400;
    let mut dashes = Vec::new();
    let mut dash: Vec<Pos2> = points.first().copied().into_iter().collect();
    let (mut is_on, mut left) = (true, on);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        while left < from.distance(to) && dashes.len() < MOST {
            from += (to - from).normalized() * left;
            if is_on {
                dash.push(from);
                dashes.push(std::mem::take(&mut dash));
            } else {
                dash = vec![from];
            }
            is_on = !is_on;
            left = if is_on { on } else { off };
        }
        left -= from.distance(to);
        if is_on {
            dash.push(to);
        }
    }
    if dash.len() > 1 {
        dashes.push(dash);
    }
    dashes
}

pub(super) fn plugs(brush: &mut Brush<'_>, plugs: &[Plug]) {
    /// Below this zoom a plug is smaller than its cable is thick.
    const LEAST_ZOOM: f32 = 0.3;
    if brush.zoom < LEAST_ZOOM {
        return;
    }
    for plug in plugs {
        if brush.sees_point(plug.socket.at, 16.0 * brush.zoom.max(1.0)) {
            draw_plug(brush, plug);
        }
    }
    if !brush.is_far() {
        plugs.iter().for_each(|plug| name(brush, plug));
    }
}

fn draw_plug(brush: &mut Brush<'_>, plug: &Plug) {
    let theme = brush.theme;
    let is_upright = plug.socket.outward.y.abs() >= plug.socket.outward.x.abs();
    let size = if is_upright { PLUG } else { PLUG.yx() };
    let rect = brush.rect(Rect::from_center_size(plug.socket.at, size));
    let corner = brush.length(3.0, 1.0);
    if plug.is_broken {
        broken(brush, plug, rect, corner);
    } else if plug.is_up {
        brush.card(rect, corner, theme.cable_on, brush.length(1.0, 0.5), theme.stage);
    } else {
        brush.card(rect, corner, theme.stage, brush.length(1.5, 1.0), theme.cable);
    }
    if plug.is_selected {
        brush.card(rect.expand(3.5), corner + 3.5, Color32::TRANSPARENT, 2.0, theme.accent);
    }
}

/// Its peer is missing: a hollow plug, and a torn piece of cable.
fn broken(brush: &mut Brush<'_>, plug: &Plug, rect: Rect, corner: f32) {
    let theme = brush.theme;
    let (away, aside) = (plug.socket.outward, plug.socket.outward.rot90());
    let at = |out: f32, side: f32| plug.socket.at + away * out + aside * side;
    let cable = [(5.0, 0.0), (15.0, 0.0)].map(|(out, side)| brush.at(at(out, side)));
    let width = brush.length(WIDTH, 1.5);
    let layers = ribbon::plain(width, brush.color(theme.cable));
    ribbon::ribbon(brush.mesh(), &cable, &layers, |_| 1.0);
    for frayed in [-4.0, 0.0, 4.0] {
        let (from, to) = (brush.at(at(15.0, 0.0)), brush.at(at(20.0, frayed)));
        brush.line(from, to, brush.length(1.4, 1.0), theme.drop);
    }
    brush.card(rect, corner, theme.stage, brush.length(1.6, 1.0), theme.drop);
}

/// The interface's name beside its plug.
fn name(brush: &mut Brush<'_>, plug: &Plug) {
    // Where there is no room for a name, the tooltip and the inspector have it.
    if !plug.socket.is_labelled {
        return;
    }
    let anchor = match plug.socket.label_side {
        ..0 => Align2::RIGHT_CENTER,
        0 => Align2::CENTER_CENTER,
        1.. => Align2::LEFT_CENTER,
    };
    let theme = brush.theme;
    let color = match (plug.is_broken, plug.is_selected) {
        (true, _) => theme.drop,
        (false, true) => theme.text,
        (false, false) => theme.mute,
    };
    let name = plug.at.interface.as_str();
    let Some(kind) = plug.socket.kind else {
        brush.write(plug.socket.label, anchor, Words::new(name, Face::Mono, text::CODE, color));
        return;
    };
    // The small word is always behind the name.
    let area = label_rect(&plug.at, &plug.socket);
    let taken =
        brush.write(area.left_center(), Align2::LEFT_CENTER, Words::new(name, Face::Mono, text::CODE, color));
    let width = taken.map_or(0.0, |taken| taken.width() / brush.zoom);
    let beside = area.left_center() + vec2(width + LABEL_CHARACTER * 0.8, 0.0);
    brush.write(beside, Align2::LEFT_CENTER, Words::new(kind, Face::Plain, text::SMALL, theme.faint));
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn dashes_go_around_corners() {
        let points = [pos2(0.0, 0.0), pos2(10.0, 0.0), pos2(10.0, 10.0)];
        let dashes = dashes(&points, 6.0, 2.0);
        assert_eq!(dashes.len(), 3);
        assert_eq!(dashes[0], [pos2(0.0, 0.0), pos2(6.0, 0.0)]);
        assert_eq!(dashes[1], [pos2(8.0, 0.0), pos2(10.0, 0.0), pos2(10.0, 4.0)]);
        assert_eq!(dashes[2], [pos2(10.0, 6.0), pos2(10.0, 10.0)]);
    }
}
