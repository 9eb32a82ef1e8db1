//! What is run comes into sight, gently, and only for who looks on.

use egui::{Align, Rect, Ui, vec2};

use crate::model::walk::Tutorial;

/// What was looked at last.
#[derive(Clone, Debug, Default)]
pub struct Follow {
    looks: u64,
    current: Option<usize>,
    /// Whoever scrolls away from what is run wants to read something else.
    is_away: bool,
    waited: bool,
}

/// Where a command stands, in the page's own points.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub command: Rect,
    /// The lower edge of its block, with what is said below it.
    pub block_bottom: f32,
}

impl Follow {
    /// `place`: of a command, if it is laid out. `viewport`: what of the page is in sight.
    pub fn look(
        &mut self,
        ui: &Ui,
        tutorial: &Tutorial,
        viewport: Rect,
        place: impl Fn(usize) -> Option<Spot>,
        origin: egui::Pos2,
    ) {
        let was_asked = self.looks != tutorial.looks;
        self.looks = tutorial.looks;
        let current = tutorial.runner.current();
        let waits = tutorial.waits();
        let asks = tutorial.runner.question().is_some();
        let is_new = current.is_some() && current != self.current;
        let turns = waits && !self.waited;
        self.waited = waits;
        if was_asked {
            self.is_away = false;
        } else if is_scrolled_by_hand(ui) {
            let seen = current.or(self.current).and_then(&place);
            self.is_away = seen.is_some_and(|spot| !spot.command.intersects(viewport));
        }
        let last = tutorial.stretch.as_ref().and_then(|stretch| stretch.commands.iter().max().copied());
        let aim = if turns { last } else { current };
        if (was_asked || is_new || turns) && !self.is_away {
            // What is not laid out yet is brought into sight when it is.
            let Some(spot) = aim.and_then(&place) else { return };
            let wanted = if turns { with_card(spot, viewport) } else { with_some_below(spot.command, asks) };
            bring(ui, wanted, viewport, origin);
        } else if !self.is_away
            && let Some(Spot { command, .. }) = current.and_then(&place)
            && !is_in_sight(command, viewport)
        {
            // What was said or asked above it has moved it meanwhile.
            bring(ui, with_some_below(command, asks), viewport, origin);
        }
        if current.is_some() {
            self.current = current;
        }
    }
}

const ABOVE: f32 = 24.0;

/// Some of what comes next is to be seen as well.
fn with_some_below(command: Rect, asks: bool) -> Rect {
    let below = if asks { 160.0 } else { 72.0 };
    Rect::from_min_max(command.min - vec2(0.0, ABOVE), command.max + vec2(0.0, below))
}

/// To the end of its block, where stands what changed and how it goes on: of a block that is higher than the page, that.
fn with_card(spot: Spot, viewport: Rect) -> Rect {
    let bottom = spot.block_bottom + ABOVE;
    let top = (spot.command.top() - ABOVE).max(bottom - viewport.height());
    Rect::from_x_y_ranges(spot.command.x_range(), top..=bottom)
}

fn bring(ui: &Ui, wanted: Rect, viewport: Rect, origin: egui::Pos2) {
    let wanted = wanted.with_max_y(wanted.bottom().min(wanted.top() + viewport.height()));
    if viewport.y_range().contains(wanted.top()) && wanted.bottom() <= viewport.bottom() {
        return;
    }
    let place = wanted.translate(origin.to_vec2());
    let is_far = viewport.height() < (wanted.center().y - viewport.center().y).abs();
    ui.scroll_to_rect(place, is_far.then_some(Align::Center));
}

/// At least its first line.
fn is_in_sight(rect: Rect, viewport: Rect) -> bool {
    const LINE: f32 = 20.0;
    let line = rect.with_max_y(rect.bottom().min(rect.top() + LINE));
    viewport.y_range().contains(line.top()) && line.bottom() <= viewport.bottom()
}

/// By the wheel, or by the bar at the side.
fn is_scrolled_by_hand(ui: &Ui) -> bool {
    let is_over = ui.rect_contains_pointer(ui.clip_rect());
    is_over && ui.input(|input| input.smooth_scroll_delta().y != 0.0 || input.pointer.is_decidedly_dragging())
}
