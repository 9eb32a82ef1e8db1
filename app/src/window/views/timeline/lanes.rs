//! The lanes themselves, and the sightings on them.

use std::collections::BTreeMap;

use capture::{Journey, TapId};
use egui::{Align2, CornerRadius, FontId, Painter, Pos2, Rect, Ui, Vec2, pos2};

use super::Axis;
use crate::{
    model::{
        command::Watch,
        state::{Chosen, State},
        story::Moment,
    },
    window::{
        theme::{self, Theme},
        views::lane_order::LaneOrder,
    },
};

/// Of a lane: at ease, and where there are many.
const HEIGHT: f32 = 27.0;
const LEAST_HEIGHT: f32 = 17.0;
const MARK: Vec2 = Vec2::new(8.0, 13.0);
/// Above so many sightings in sight, columns of pixels are drawn instead.
const MOST_MARKS: usize = 2_000;
/// For these columns, of more sightings every n-th is looked at.
const MOST_LOOKED_AT: usize = 6_000;

/// Where everything of the timeline is.
pub struct Spread<'a> {
    pub rect: Rect,
    pub axis: Axis,
    pub order: &'a LaneOrder,
    pub theme: &'a Theme,
    /// Of a lane.
    pub height: f32,
}

/// How high each of so many lanes is, in so much space.
pub fn height(space: f32, lanes: usize, theme: &Theme) -> f32 {
    (space / lanes.max(1) as f32).clamp(LEAST_HEIGHT * theme.text_scale, HEIGHT * theme.text_scale)
}

impl Spread<'_> {
    pub fn y(&self, lane: usize) -> f32 {
        self.rect.top() + super::marks::TOP + (lane as f32 + 0.5) * self.height
    }

    pub fn bottom(&self) -> f32 {
        self.y(self.order.taps.len()) - self.height * 0.5
    }

    fn lane_of(&self, tap: TapId) -> Option<usize> {
        self.order.place(tap)
    }
}

fn mono(theme: &Theme) -> FontId {
    theme.mono(theme::text::SMALL)
}

/// What the longest label needs.
pub fn label_width(ui: &Ui, order: &LaneOrder) -> f32 {
    let font = mono(theme::of(ui.ctx()));
    let letter = ui.fonts_mut(|fonts| fonts.glyph_width(&font, 'm'));
    order.letters as f32 * letter + 2.0 * theme::space::L
}

/// The moments in sight, as places in the story.
fn in_sight(spread: &Spread<'_>, state: &State) -> std::ops::Range<usize> {
    let seen = spread.axis.seen();
    state.story.moments_between(seen.start, seen.end)
}

pub fn show(painter: &Painter, spread: &Spread<'_>, state: &State) {
    let theme = spread.theme;
    let in_view = painter.clip_rect().y_range().expand(HEIGHT);
    for (lane, id) in spread.order.taps.iter().enumerate() {
        let y = spread.y(lane);
        if !in_view.contains(y) {
            continue;
        }
        let (left, right) = (spread.axis.left, spread.axis.right);
        painter.hline(left..=right, y, egui::Stroke::new(1.0, theme.line));
        if let Some(tap) = state.story.taps().get(id.0 as usize) {
            let at = pos2(left - theme::space::M, y);
            painter.text(at, Align2::RIGHT_CENTER, tap.at.to_string(), mono(theme), theme.mute);
        }
    }
    let range = in_sight(spread, state);
    let clip = Rect::from_min_max(
        pos2(spread.axis.left - MARK.x / 2.0 - 1.0, spread.rect.top()),
        pos2(spread.axis.right + MARK.x, spread.rect.bottom()),
    );
    let painter = painter.with_clip_rect(clip.intersect(painter.clip_rect()));
    if MOST_MARKS < range.len() {
        columns(&painter, spread, state, range);
    } else {
        let mut looks = Looks { state, chosen: state.in_view(), fitting: BTreeMap::new() };
        for moment in &state.story.moments()[range] {
            mark(&painter, spread, &mut looks, moment);
        }
    }
}

/// What is asked for many marks of one picture.
struct Looks<'a> {
    state: &'a State,
    chosen: Option<Chosen>,
    /// Whether journeys fit the filter, by their places.
    fitting: BTreeMap<u32, bool>,
}

impl Looks<'_> {
    fn is_out(&mut self, moment: &Moment, journey: &Journey) -> bool {
        let Some(filter) = &self.state.filter.filter else { return false };
        let taps = self.state.story.taps();
        !*self.fitting.entry(moment.told).or_insert_with(|| filter.matches(journey, taps))
    }
}

fn mark(painter: &Painter, spread: &Spread<'_>, looks: &mut Looks<'_>, moment: &Moment) {
    let state = looks.state;
    let Some((told, sighting)) = state.story.sighting(moment) else { return };
    let Some(lane) = spread.lane_of(sighting.frame.tap) else { return };
    let centre = pos2(spread.axis.x(moment.story), spread.y(lane));
    let rect = Rect::from_center_size(centre, MARK);
    if !painter.clip_rect().intersects(rect) {
        return;
    }
    let is_ahead = state.playhead.at() < moment.story;
    let is_out = looks.is_out(moment, &told.journey);
    let strength = match (is_out, is_ahead) {
        (true, _) => theme::strength::DIMMED,
        (false, true) => theme::strength::AHEAD,
        (false, false) => 1.0,
    };
    let colour = spread.theme.kind(told.kind).gamma_multiply(strength);
    painter.rect_filled(rect, CornerRadius::same(3), colour);
    let is_chosen = looks.chosen.is_some_and(|chosen| {
        chosen.journey == told.journey.id && chosen.sighting == moment.sighting as usize
    });
    if is_chosen {
        let ring = egui::Stroke::new(1.5, spread.theme.text);
        painter.rect_stroke(rect.expand(2.0), CornerRadius::same(5), ring, egui::StrokeKind::Outside);
    }
}

/// How much there was, a column of pixels at a time.
fn columns(painter: &Painter, spread: &Spread<'_>, state: &State, range: std::ops::Range<usize>) {
    const WIDTH: f32 = 3.0;
    let moments = &state.story.moments()[range];
    let per_lane = spread.order.taps.len();
    let slots = ((spread.axis.right - spread.axis.left) / WIDTH).ceil().max(1.0) as usize + 1;
    let mut counts = vec![0_u32; slots * per_lane];
    let mut kinds = vec![crate::model::story::Kind::Other; slots * per_lane];
    // Of very many, every n-th is looked at: the picture is the same, and the time bounded.
    let stride = moments.len().div_ceil(MOST_LOOKED_AT).max(1);
    let seen = spread.axis.seen();
    let in_sight = moments.iter().step_by(stride).filter(|moment| seen.contains(&moment.story));
    for moment in in_sight {
        let Some((told, sighting)) = state.story.sighting(moment) else { continue };
        let Some(lane) = spread.lane_of(sighting.frame.tap) else { continue };
        let slot = ((spread.axis.x(moment.story) - spread.axis.left) / WIDTH).max(0.0) as usize;
        let cell = slot.min(slots - 1) * per_lane + lane;
        counts[cell] += 1;
        kinds[cell] = told.kind;
    }
    let mut mesh = egui::Mesh::default();
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    for (cell, &count) in counts.iter().enumerate().filter(|(_, count)| 0 < **count) {
        let (slot, lane) = (cell / per_lane, cell % per_lane);
        let x = spread.axis.left + slot as f32 * WIDTH;
        let height = 3.0 + (spread.height - 8.0) * (count as f32 / most).sqrt();
        let rect = Rect::from_center_size(pos2(x + WIDTH / 2.0, spread.y(lane)), Vec2::new(WIDTH, height));
        if painter.clip_rect().intersects(rect) {
            mesh.add_colored_rect(rect, spread.theme.kind(kinds[cell]));
        }
    }
    painter.add(mesh);
}

/// The sighting under the pointer, by its place in the story.
pub fn under(spread: &Spread<'_>, state: &State, at: Pos2) -> Option<usize> {
    let range = in_sight(spread, state);
    if MOST_MARKS < range.len() {
        return None;
    }
    range.into_iter().rev().find(|&place| {
        let moment = &state.story.moments()[place];
        let seen = state.story.sighting(moment);
        seen.and_then(|(_, sighting)| spread.lane_of(sighting.frame.tap)).is_some_and(|lane| {
            let centre = pos2(spread.axis.x(moment.story), spread.y(lane));
            Rect::from_center_size(centre, MARK + Vec2::splat(4.0)).contains(at)
        })
    })
}

pub fn chosen(state: &State, place: usize) -> Option<Watch> {
    let moment = state.story.moments().get(place)?;
    let told = state.story.told().get(moment.told as usize)?;
    Some(Watch::Sighting { journey: told.journey.id, sighting: moment.sighting as usize })
}

pub fn tip(ui: &mut Ui, state: &State, place: usize) {
    let Some(moment) = state.story.moments().get(place) else { return };
    let Some((told, sighting)) = state.story.sighting(moment) else { return };
    let first = told.journey.sightings.first().map_or(moment.t.0, |first| first.frame.t.0);
    let tap = state.story.taps().get(sighting.frame.tap.0 as usize);
    ui.strong(&told.journey.summary);
    let at = tap.map_or_else(String::new, |tap| tap.at.to_string());
    ui.monospace(format!(
        "{at}  {}  +{}",
        sighting.frame.direction,
        super::super::span_of_time(moment.t.0 - first)
    ));
}
