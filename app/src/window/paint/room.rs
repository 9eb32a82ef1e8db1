//! Rooms, and the house.

use egui::{Align2, Rect, pos2, vec2};

use super::{
    super::theme::{space, text},
    brush::Brush,
    standing, table,
    words::{Face, LEAST, Words},
};
use crate::model::{
    stage::{
        layout::{LARGE_LINE, PLATE_HEIGHT as PLATE, ROOM_PAD as PAD, RoomPlan, SMALL_LINE, address_scale},
        scene::Room,
    },
    state::Standing,
};

/// Down to this zoom, names on plates stay as large as they are.
const LEAST_NAME: f32 = 0.75;

/// A namespace with bridges in it: its name stands in the corner.
pub(super) fn house(brush: &mut Brush<'_>, room: &Room, plan: Option<&RoomPlan>) {
    if !brush.sees(room.rect, 12.0) {
        return;
    }
    brush.faded(standing::opacity(&room.state), |brush| {
        let theme = brush.theme;
        let rect = brush.rect(room.rect);
        let corner = brush.length(space::CORNER_BIG, 4.0);
        standing::frame(brush, rect, corner, theme.house, 1.0, theme.house_line, room.state.standing);
        let at = room.rect.min + vec2(18.0, 22.0);
        if !brush.is_far() {
            let width = room.rect.width() - 36.0;
            let name = Words::new(room.name.as_str(), Face::Semibold, text::TITLE, theme.text).within(width);
            let taken = brush.write(at, Align2::LEFT_CENTER, name);
            let what = what(room);
            if let Some(taken) = taken {
                let left = room.rect.width() - 36.0 - taken.width() / brush.zoom - 8.0;
                let beside = at + vec2(taken.width() / brush.zoom + 7.0, 0.5);
                let what = Words::new(what, Face::Plain, text::BODY, theme.faint).within(left);
                brush.write(beside, Align2::LEFT_CENTER, what);
            }
            contents(brush, room, plan);
        }
        standing::ring(brush, rect, corner, &room.state);
    });
}

/// A house's name from far away, where it is larger than the place that cables leave free for it: above them.
pub(super) fn house_from_afar(brush: &mut Brush<'_>, room: &Room) {
    if brush.is_far() && brush.sees(room.rect, 12.0) {
        let color = brush.theme.text;
        brush.faded(standing::opacity(&room.state), |brush| {
            far_name(brush, room.rect, room.name.as_str(), Align2::LEFT_TOP, color);
        });
    }
}

/// A namespace as a card with a coloured name plate.
pub(super) fn room(brush: &mut Brush<'_>, room: &Room, plan: Option<&RoomPlan>) {
    if !brush.sees(room.rect, 12.0) {
        return;
    }
    brush.faded(standing::opacity(&room.state), |brush| {
        let rect = brush.rect(room.rect);
        let (fill, line) = brush.theme.room(room.hue);
        if brush.is_far() {
            let corner = brush.length(space::CORNER_BIG, 3.0);
            standing::frame(brush, rect, corner, fill, 2.0, line, room.state.standing);
            far_name(brush, room.rect, room.name.as_str(), Align2::CENTER_CENTER, brush.theme.text);
            standing::ring(brush, rect, corner, &room.state);
            return;
        }
        let corner = brush.length(space::CORNER_BIG, 3.0);
        standing::frame(brush, rect, corner, fill, 1.5, line, room.state.standing);
        plate(brush, room, plan, rect, corner);
        contents(brush, room, plan);
        standing::ring(brush, rect, corner, &room.state);
    });
}

fn plate(brush: &mut Brush<'_>, room: &Room, plan: Option<&RoomPlan>, card: Rect, corner: f32) {
    let theme = brush.theme;
    let (fill, line) = theme.room(room.hue);
    let height = plan.map_or(PLATE, |plan| plan.plate.height());
    let plate = Rect::from_min_size(room.rect.min, vec2(room.rect.width(), height));
    let bottom = brush.at(plate.max).y;
    let is_wanted = room.state.standing == Standing::Wanted;
    let color = if is_wanted { fill.lerp_to_gamma(line, 0.35) } else { line };
    brush.top(Rect::from_min_max(card.min, pos2(card.right(), bottom)).shrink(0.5), corner, color);
    let ink = if is_wanted { theme.text } else { theme.on_pill };
    let middle = plate.center().y;
    let right = pos2(plate.right() - PAD, middle);
    let mut width = plate.width() - 2.0 * PAD;
    // A long command leaves room for the name.
    let kind = Words::new(what(room), Face::Plain, text::SMALL, ink).within(width * 0.5);
    // From afar the name matters most.
    let size = text::TITLE / brush.zoom.clamp(LEAST_NAME, 1.0);
    if let Some(taken) = brush.write(right, Align2::RIGHT_CENTER, kind) {
        width -= taken.width() / brush.zoom + 8.0;
    }
    let name = Words::new(room.name.as_str(), Face::Semibold, size, ink).within(width);
    brush.write(pos2(plate.left() + PAD, middle), Align2::LEFT_CENTER, name);
}

/// Beside its name.
fn what(room: &Room) -> &str {
    match &room.process {
        Some(command) => command,
        None if room.name.is_host() => "the machine itself",
        None if room.forwards && !room.is_house => "router",
        None => "namespace",
    }
}

fn contents(brush: &mut Brush<'_>, room: &Room, plan: Option<&RoomPlan>) {
    if let Some(plan) = plan {
        addresses(brush, room, plan.addresses);
    } else if !room.is_house {
        let top = room.rect.min + vec2(PAD, PLATE + 12.0);
        addresses(brush, room, Rect::from_min_size(top, vec2(room.rect.width() - 2.0 * PAD, 0.0)));
    }
    for table in [&room.neighbours, &room.routes] {
        if let Some(area) = table.rect {
            table::table(brush, table, area);
        }
    }
}

fn addresses(brush: &mut Brush<'_>, room: &Room, area: Rect) {
    let theme = brush.theme;
    let mut top = area.top();
    let grown = address_scale(&room.addresses, room.rect.bottom() - area.top(), brush.zoom);
    for (line, is_large) in &room.addresses {
        let height = grown * if *is_large { LARGE_LINE } else { SMALL_LINE };
        let words = match is_large {
            true => Words::new(line, Face::MonoSemibold, grown * text::TITLE, theme.text),
            false => Words::new(line, Face::Mono, grown * text::CODE, theme.mute),
        };
        let at = pos2(area.left(), top + height / 2.0);
        brush.write(at, Align2::LEFT_CENTER, words.within(area.width()));
        top += height;
    }
}

/// A name that stays readable when everything else does not, as far as it has room.
pub(super) fn far_name(brush: &mut Brush<'_>, area: Rect, name: &str, anchor: Align2, color: egui::Color32) {
    let largest = if anchor == Align2::LEFT_TOP { text::SMALL } else { text::TITLE };
    let card = brush.rect(area);
    let screen = card.shrink2(vec2(5.0, (card.height() * 0.1).min(4.0)));
    // Of a line's height, letters are about two thirds.
    let most = (screen.height() * 0.7).min(largest);
    // So that the whole name fits, if it can be read then.
    let fitting = screen.width() / (0.62 * name.chars().count().max(1) as f32);
    let size = most.min(fitting.max(LEAST + 1.0));
    let words = Words::new(name, Face::Semibold, size, color).within(screen.width());
    let Some(galley) = brush.layout_scaled(words, 1.0) else { return };
    if !galley.elided || galley.size().x >= 3.0 * size {
        let at = anchor.pos_in_rect(&screen);
        if anchor == Align2::LEFT_TOP {
            // What lies below would be taken for strokes of its letters.
            let ground = brush.theme.house.gamma_multiply(0.8);
            brush.fill(anchor.anchor_size(at, galley.size()).expand(2.0), 3.0, ground);
        }
        brush.place(at, anchor, galley);
    }
}
