//! What must be decided before a command is typed, asked at its place.

use egui::{Pos2, Rect, pos2, vec2};

use super::{
    part::{Action, Button, Look, Part},
    pen::{BUTTON, Pen},
};
use crate::{
    model::{
        command::{Command, Page},
        walk,
    },
    tutorial::runner::{Answered, Question},
    window::theme,
};

/// From `at` on; gives the height.
pub fn show(pen: &mut Pen<'_>, at: Pos2, width: f32, question: &Question) -> f32 {
    let theme = pen.theme;
    let card = pen.fill_later();
    let (left, inner) = (at.x + 12.0, width - 24.0);
    let mut y = at.y + 10.0;
    let (words, more) = match question {
        Question::Where { .. } => (
            "Which terminal is this for?".to_owned(),
            "The page leaves it open. The answer holds for the rest of the page.",
        ),
        Question::Placeholder { name, proposal: Some(_), .. } => {
            (format!("{name} is …"), "That is what the kernel shows. Another value can be typed.")
        }
        Question::Placeholder { name, proposal: None, .. } => {
            (format!("{name} is …"), "Nothing in the lab fits it: type what it stands for.")
        }
    };
    let job = pen.job(words, theme.semibold(theme::text::BODY), theme.text);
    y += pen.words(pos2(left, y), job, inner).y + 2.0;
    let job = pen.job(more, theme.font(theme::text::SMALL), theme.mute);
    y += pen.words(pos2(left, y), job, inner).y + 8.0;
    let answer = |answered| Action::Say(Command::Page(Page::Answer(answered)));
    let skip = Button::new("Leave out", Look::Quiet, answer(Answered::Skip)).name("Leave this command out");
    let buttons = match question {
        Question::Where { choices, .. } => {
            let choice = |slot: &crate::tutorial::runner::Slot| {
                let words = walk::slot(slot);
                let name = format!("Run it in: {words}");
                Button::new(words, Look::Raised, answer(Answered::Where(slot.clone()))).name(name)
            };
            choices.iter().map(choice).chain([skip]).collect()
        }
        Question::Placeholder { name, proposal, .. } => {
            let rect =
                Rect::from_min_size(pos2(left, y), vec2(inner.min(pen.scaled(180.0)), pen.scaled(28.0)));
            let proposal = proposal.clone().unwrap_or_default();
            pen.laid.parts.push(Part::Field { rect, placeholder: name.clone(), proposal });
            y = rect.bottom() + 10.0;
            vec![Button::new("Use it", Look::Primary, Action::UseTyped(name.clone())), skip]
        }
    };
    y += pen.buttons(pos2(left, y), inner, BUTTON, buttons) + 12.0;
    let rect = Rect::from_min_max(at, pos2(at.x + width, y));
    pen.settle_fill(card, rect, theme.panel, theme.accent, 8);
    rect.height()
}
