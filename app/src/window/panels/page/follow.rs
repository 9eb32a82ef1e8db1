//! What is run comes into sight, gently, and only for who looks on.

use egui::{Align, Rect, Ui, pos2, vec2};

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

impl Follow {
    /// `place`: of a command, in the page's own points, if it is laid out. `viewport`: what of the page is in sight.
    pub fn look(
        &mut self,
        ui: &Ui,
        tutorial: &Tutorial,
        viewport: Rect,
        place: impl Fn(usize) -> Option<Rect>,
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
            self.is_away = seen.is_some_and(|rect| !rect.intersects(viewport));
        }
        let last = tutorial.stretch.as_ref().and_then(|stretch| stretch.commands.iter().max().copied());
        let aim = if turns { last } else { current };
        if (was_asked || is_new || turns) && !self.is_away {
            // What is not laid out yet is brought into sight when it is.
            let Some(rect) = aim.and_then(&place) else { return };
            bring(ui, rect, viewport, turns || asks, origin);
        } else if !self.is_away
            && let Some(rect) = current.and_then(&place)
            && !is_in_sight(rect, viewport)
        {
            // What was said or asked above it has moved it meanwhile.
            bring(ui, rect, viewport, asks, origin);
        }
        if current.is_some() {
            self.current = current;
        }
    }
}

fn bring(ui: &Ui, rect: Rect, viewport: Rect, has_card: bool, origin: egui::Pos2) {
    // Some of what comes next is to be seen as well.
    let below = if has_card { 160.0 } else { 72.0 };
    let wanted = Rect::from_min_max(rect.min - vec2(0.0, 24.0), pos2(rect.right(), rect.bottom() + below));
    let wanted = wanted.with_max_y(wanted.bottom().min(wanted.top() + viewport.height()));
    if viewport.y_range().contains(wanted.top()) && wanted.bottom() <= viewport.bottom() {
        return;
    }
    let place = wanted.translate(origin.to_vec2());
    let is_far = viewport.height() < (rect.center().y - viewport.center().y).abs();
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
