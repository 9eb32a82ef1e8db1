//! What commands changed in the lab, said below their block; and whose turn it is then.

use egui::{Color32, Pos2, Rect, pos2, vec2};

use super::{
    part::{Action, Button, Look},
    pen::{BUTTON, Pen},
};
use crate::{
    model::{
        command::{Command, Page},
        walk::{Change, Sort, Tutorial},
    },
    window::{theme, widgets::icon::Icon},
};

/// So many changes are told one by one.
const MOST: usize = 8;

/// From `at` on; gives the height.
pub fn changes(pen: &mut Pen<'_>, at: Pos2, width: f32, changes: &[Change]) -> f32 {
    let theme = pen.theme;
    let mut y = at.y;
    for change in changes.iter().take(MOST) {
        let (sign, ink) = match change.sort {
            Sort::Added => ("+", theme.good),
            Sort::Removed => ("−", theme.drop),
            Sort::Changed => ("·", theme.accent),
        };
        let job = pen.job(sign, theme.mono_semibold(theme::text::SMALL), ink);
        pen.words(pos2(at.x, y), job, 20.0);
        let job = pen.job(&change.words, theme.font(theme::text::SMALL), theme.text);
        let size = pen.words(pos2(at.x + 16.0, y), job, width - 16.0);
        y += size.y + 3.0;
    }
    if MOST < changes.len() {
        let words = format!("and {} more", changes.len() - MOST);
        let job = pen.job(words, theme.font(theme::text::SMALL), theme.mute);
        y += pen.words(pos2(at.x + 16.0, y), job, width - 16.0).y + 3.0;
    }
    y - at.y
}

/// The card below the block that was run last.
pub fn show(
    pen: &mut Pen<'_>,
    top: f32,
    width: f32,
    tutorial: &Tutorial,
    said: &[Change],
    is_last: bool,
) -> f32 {
    let waits = is_last && tutorial.waits() && tutorial.next_block().is_some();
    if said.is_empty() && !waits {
        return 0.0;
    }
    let theme = pen.theme;
    let card = pen.fill_later();
    let (left, inner) = (12.0, width - 24.0);
    let mut y = top + 10.0;
    let words = if said.is_empty() { "NOTHING IN THE LAB CHANGED" } else { "WHAT CHANGED" };
    let mut job = pen.job(words, theme.semibold(theme::text::TINY), theme.mute);
    job.sections.iter_mut().for_each(|section| {
        section.format.extra_letter_spacing = theme::text::CAPTION_SPACING;
    });
    y += pen.words(pos2(left, y), job, inner).y + 6.0;
    if !said.is_empty() {
        y += changes(pen, pos2(left, y), inner, said) + 4.0;
    }
    if waits {
        let next = Button::new("Next step", Look::Primary, Action::Say(Command::Page(Page::Next)))
            .icon(Icon::Forward)
            .name("Next step, below the block")
            .key("Enter");
        y += pen.button(pos2(left, y + 2.0), BUTTON, next).height() + 6.0;
    }
    let rect = Rect::from_min_size(pos2(0.0, top), vec2(width, y + 6.0 - top));
    let fill = theme.panel.lerp_to_gamma(theme.accent, if theme.is_dark { 0.07 } else { 0.05 });
    pen.settle_fill(card, rect, fill, Color32::TRANSPARENT, 8);
    rect.height()
}
