//! Taps as columns, story time downwards: the same journeys as the timeline, as books draw them.

use std::sync::Arc;

use egui::{
    Align2, Color32, Id, Painter, Pos2, Rect, ScrollArea, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2,
};

use capture::{SightingId, TapId};

use super::{lane_order::LaneOrder, say_instead, span_of_time};
use crate::{
    model::{
        command::{Command, Play, Watch},
        state::State,
        story::Told,
    },
    window::theme::{self, Theme},
};

/// Points of height for each story second, at first and at the ends of Ctrl+wheel.
const PER_SECOND: f32 = 26.0;
const PER_SECOND_RANGE: std::ops::RangeInclusive<f32> = 4.0..=400.0;
const HEADER: f32 = 30.0;
const TIMES: f32 = 92.0;
const LEAST_COLUMN: f32 = 120.0;
/// Of more than this in sight, every n-th is drawn.
const MOST_JOURNEYS: usize = 300;

/// Where columns and times are.
struct Ladder<'a> {
    state: &'a State,
    theme: &'a Theme,
    order: Arc<LaneOrder>,
    /// So many journeys are in sight that words would only cover each other.
    is_crowd: bool,
    left: f32,
    column: f32,
    /// Story second at the top edge, and that edge.
    top: f64,
    top_y: f32,
    /// Points of height for each story second.
    per_second: f32,
}

impl Ladder<'_> {
    fn x(&self, tap: TapId) -> Option<f32> {
        let place = self.order.place(tap)?;
        Some(self.left + TIMES + (place as f32 + 0.5) * self.column)
    }

    fn y(&self, story: f64) -> f32 {
        self.top_y + (story - self.top) as f32 * self.per_second
    }
}

pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let area = ui.available_rect_before_wrap();
    let order = LaneOrder::of(ui, state);
    if order.taps.is_empty() || state.story.moments().is_empty() {
        say_instead(ui, "Nothing was seen yet. Each frame will climb down this ladder from tap to tap");
        return;
    }
    let column = ((area.width() - TIMES) / order.taps.len() as f32).max(LEAST_COLUMN);
    let width = TIMES + column * order.taps.len() as f32;
    ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
        let size = vec2(width.max(area.width()), area.height());
        let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::List, true, "Ladder"));
        let id = Id::unique("ladder top");
        let mut top: f64 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        let per_second = zoomed(ui, &response);
        let seen = f64::from((rect.height() - HEADER) / per_second);
        follow(ui, &mut top, seen, per_second, state, &response);
        ui.data_mut(|data| data.insert_temp(id, top));
        let top_y = rect.top() + HEADER + theme::space::M;
        let left = rect.left();
        let is_crowd = false;
        let mut ladder = Ladder { state, theme, order, is_crowd, left, column, top, top_y, per_second };
        let painter = ui.painter_at(rect);
        header(&painter, &ladder, rect);
        let body = Rect::from_min_max(pos2(rect.left(), rect.top() + HEADER), rect.max);
        let painter = painter.with_clip_rect(body.intersect(painter.clip_rect()));
        let touched = rungs(&painter, &mut ladder, top..top + seen, response.hover_pos());
        playhead(&painter, &ladder, rect);
        if response.clicked() {
            match (touched, response.interact_pointer_pos()) {
                (Some(watch), _) => out.push(Command::Watch(watch)),
                (None, Some(at)) => {
                    let story = top + f64::from((at.y - ladder.top_y) / per_second);
                    out.push(Command::Play(Play::Seek(story)));
                }
                (None, None) => {}
            }
        }
    });
}

/// Points for each story second, as Ctrl+wheel or a pinch left it.
fn zoomed(ui: &Ui, response: &egui::Response) -> f32 {
    let id = Id::unique("ladder zoom");
    let mut per_second: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(PER_SECOND);
    if response.contains_pointer() {
        let factor = ui.input(|input| input.zoom_delta());
        per_second = (per_second * factor).clamp(*PER_SECOND_RANGE.start(), *PER_SECOND_RANGE.end());
        ui.data_mut(|data| data.insert_temp(id, per_second));
    }
    per_second
}

/// The wheel scrolls; while it plays, the playhead stays in the upper two thirds.
fn follow(ui: &Ui, top: &mut f64, seen: f64, per_second: f32, state: &State, response: &egui::Response) {
    let mut moved = 0.0;
    if response.contains_pointer() {
        moved -= ui.input(|input| input.smooth_scroll_delta().y);
    }
    if response.dragged() {
        moved -= response.drag_delta().y;
    }
    *top += f64::from(moved / per_second);
    let (at, id) = (state.playhead.at(), Id::unique("ladder playhead"));
    let before: f64 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    if at != before {
        if *top + seen * 0.7 < at {
            *top = at - seen * 0.7;
        } else if at < *top + seen * 0.2 {
            *top = at - seen * 0.2;
        }
        ui.data_mut(|data| data.insert_temp(id, at));
    }
    *top = top.clamp(-0.2, state.story.length().max(0.0));
}

fn header(painter: &Painter, ladder: &Ladder<'_>, rect: Rect) {
    for id in &ladder.order.taps {
        let (Some(x), Some(tap)) = (ladder.x(*id), ladder.state.story.taps().get(id.0 as usize)) else {
            continue;
        };
        let font = ladder.theme.mono(theme::text::SMALL);
        let at = pos2(x, rect.top() + HEADER / 2.0);
        painter.text(at, Align2::CENTER_CENTER, tap.at.to_string(), font, ladder.theme.text);
        painter.vline(x, rect.top() + HEADER..=rect.bottom(), Stroke::new(1.0, ladder.theme.line));
    }
    painter.hline(rect.x_range(), rect.top() + HEADER, Stroke::new(1.0, ladder.theme.line));
}

/// All hops in sight, or of very many journeys an even choice; gives what is under the pointer.
fn rungs(
    painter: &Painter,
    ladder: &mut Ladder<'_>,
    seen: std::ops::Range<f64>,
    pointer: Option<Pos2>,
) -> Option<Watch> {
    let told = ladder.state.story.told();
    // A journey's hops reach a little further than its birth.
    let from = told.partition_point(|told| told.begins < seen.start - 30.0);
    let in_reach = told[from..].partition_point(|told| told.begins <= seen.end);
    let in_sight = told[from..from + in_reach].iter().filter(|told| seen.start <= told.ends);
    let count = in_sight.clone().count();
    ladder.is_crowd = MOST_JOURNEYS < count;
    let mut touched = None;
    for told in in_sight.step_by(count.div_ceil(MOST_JOURNEYS).max(1)) {
        if let Some(found) = journey(painter, ladder, told, pointer) {
            touched = Some(found);
        }
    }
    touched
}

fn journey(painter: &Painter, ladder: &Ladder<'_>, told: &Told, pointer: Option<Pos2>) -> Option<Watch> {
    let state = ladder.state;
    let is_out = state.filter.filter.as_ref().is_some_and(|f| !f.matches(&told.journey, state.story.taps()));
    let colour =
        ladder.theme.kind(told.kind).gamma_multiply(if is_out { theme::strength::DIMMED } else { 1.0 });
    let chosen = state.in_view();
    let place = |id: SightingId| told.journey.sightings.iter().position(|sighting| sighting.id == id);
    let spot = |index: usize| -> Option<Pos2> {
        let sighting = told.journey.sightings.get(index)?;
        let y = ladder.y(state.story.pace().story_at(sighting.frame.t));
        Some(pos2(ladder.x(sighting.frame.tap)?, y))
    };
    let mut touched = None;
    for (index, sighting) in told.journey.sightings.iter().enumerate() {
        let Some(at) = spot(index) else { continue };
        let strength = if state.playhead.at() < state.story.pace().story_at(sighting.frame.t) {
            theme::strength::AHEAD
        } else {
            1.0
        };
        let colour = colour.gamma_multiply(strength);
        match sighting.parent.and_then(place).and_then(spot) {
            Some(from) => arrow(painter, from, at, colour),
            None if ladder.is_crowd => {}
            None => {
                let words = painter.layout_no_wrap(
                    told.label.clone(),
                    ladder.theme.font(theme::text::SMALL),
                    ladder.theme.text,
                );
                let corner = at + vec2(theme::space::M, -words.size().y - 2.0);
                painter.galley(corner, words, ladder.theme.text);
                time(painter, ladder, sighting.frame.t, at.y);
            }
        }
        painter.circle_filled(at, 4.0, colour);
        if chosen.is_some_and(|chosen| chosen.journey == told.journey.id && chosen.sighting == index) {
            painter.circle_stroke(at, 7.0, Stroke::new(1.5, ladder.theme.text));
        }
        if pointer.is_some_and(|pointer| pointer.distance(at) < 8.0) {
            touched = Some(Watch::Sighting { journey: told.journey.id, sighting: index });
        }
    }
    touched
}

fn arrow(painter: &Painter, from: Pos2, to: Pos2, colour: Color32) {
    painter.line_segment([from, to], Stroke::new(2.0, colour));
    let way = (to - from).normalized();
    let side = way.rot90() * 4.0;
    let (tip, back) = (to - way * 4.0, to - way * 12.0);
    if from.distance(to) > 16.0 {
        painter.add(Shape::convex_polygon(vec![tip, back + side, back - side], colour, Stroke::NONE));
    }
}

/// Since the first frame of all.
fn time(painter: &Painter, ladder: &Ladder<'_>, t: capture::WireNs, y: f32) {
    let story = &ladder.state.story;
    let first = story.moments().first().map_or(t, |moment| moment.t);
    let words = format!("+{}", span_of_time(t.0 - first.0));
    let at = pos2(ladder.left + TIMES - theme::space::M, y);
    painter.text(at, Align2::RIGHT_CENTER, words, ladder.theme.mono(theme::text::SMALL), ladder.theme.mute);
}

fn playhead(painter: &Painter, ladder: &Ladder<'_>, rect: Rect) {
    let y = ladder.y(ladder.state.playhead.at());
    let stroke = Stroke::new(2.0, ladder.theme.accent);
    painter.hline(rect.x_range(), y, stroke);
    let left = pos2(rect.left(), y);
    let handle = vec![left + vec2(0.0, -6.0), left + Vec2::new(9.0, 0.0), left + vec2(0.0, 6.0)];
    painter.add(Shape::convex_polygon(handle, ladder.theme.accent, Stroke::NONE));
}
