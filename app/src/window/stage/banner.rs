//! The caption of the moment, at the stage's upper edge while it is told.

use egui::{Align2, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2};

use crate::{model::state::State, window::theme};

/// Story seconds that a caption stays, unless the next one comes.
const STAYS: f64 = 5.0;
const FROM_EDGE: f32 = 12.0;

pub fn show(ui: &Ui, state: &State, stage: Rect) {
    let Some(words) = current(state) else { return };
    let theme = theme::of(ui.ctx());
    let most = (stage.width() - 4.0 * theme::space::L).max(80.0);
    let font = theme.semibold(theme::text::TITLE);
    let galley = ui.painter().layout(words.to_owned(), font, theme.text, most);
    let size = galley.size() + Vec2::new(2.0 * theme::space::L, 2.0 * theme::space::M);
    let rect = Align2::CENTER_TOP.anchor_size(pos2(stage.center().x, stage.top() + FROM_EDGE), size);
    ui.painter().rect(rect, theme::space::CORNER, theme.raise, (1.5, theme.good), egui::StrokeKind::Inside);
    let at = rect.min + Vec2::new(theme::space::L, theme::space::M);
    ui.painter().galley(at, galley, theme.text);
    let found = ui.interact(rect, egui::Id::unique("caption of the moment"), Sense::hover());
    found.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Caption: {words}")));
}

/// The newest one before the playhead, if it has only just begun.
fn current(state: &State) -> Option<&str> {
    let pace = state.story.pace();
    let at = state.playhead.at();
    let begun = state.captions.partition_point(|(t, _)| pace.story_at(*t) <= at);
    let (t, words) = state.captions.get(begun.checked_sub(1)?)?;
    (at - pace.story_at(*t) < STAYS).then_some(words.as_str())
}
