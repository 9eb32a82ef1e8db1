//! The end of the page: what can be kept of it.

use egui::{Color32, Rect, pos2, vec2};

use super::{
    part::{Action, Button, Laid, Look},
    pen::{BUTTON, Pen},
};
use crate::{
    model::{
        command::{Command, File, Page, View},
        state::Dialog,
        walk::Tutorial,
    },
    window::{theme, widgets::icon::Icon},
};

/// How the end of the page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// There is something left to run.
    NotYet,
    /// Nothing but what takes down what was built.
    BeforeCleanup,
    Reached,
}

pub fn of(tutorial: &Tutorial) -> End {
    let progress = tutorial.progress();
    if progress.done == 0 || tutorial.is_busy() {
        End::NotYet
    } else if tutorial.only_cleanup_is_left() {
        End::BeforeCleanup
    } else if tutorial.left().next().is_none() {
        End::Reached
    } else {
        End::NotYet
    }
}

/// Nothing high until the end is reached.
pub fn lay_out(mut pen: Pen<'_>, tutorial: &Tutorial, end: End, width: f32) -> Laid {
    if end == End::NotYet {
        return Laid::default();
    }
    let theme = pen.theme;
    let card = pen.fill_later();
    let (left, inner) = (16.0, width - 32.0);
    let (title, words) = said(tutorial, end);
    let mut y = 14.0;
    let job = pen.job(title, theme.semibold(theme::text::TITLE), theme.text);
    y += pen.words(pos2(left, y), job, inner).y + 4.0;
    let job = pen.job(words, theme.font(theme::text::BODY), theme.mute);
    y += pen.words(pos2(left, y), job, inner).y + 12.0;
    let command = |command| Action::Say(command);
    let save_lab = command(Command::View(View::Dialog(Some(Dialog::SaveLab))));
    let mut buttons = vec![
        Button::new("Save as lab…", Look::Raised, save_lab)
            .tip("What stands on the stage now, as a lab file that builds it again at once."),
        Button::new("Save as recording…", Look::Raised, command(Command::File(File::KeepWhatHappened)))
            .tip("All frames that were seen, to be played again anywhere."),
    ];
    if end == End::BeforeCleanup {
        let run = command(Command::Page(Page::RunAll { step_by_step: false }));
        let clean = Button::new("Clean up", Look::Primary, run).icon(Icon::Play);
        buttons
            .insert(0, clean.name("Clean up, at the page's end").tip("Runs the last commands of the page."));
    } else {
        let again = command(Command::Page(Page::Restart));
        buttons.push(
            Button::new("Run again from the start", Look::Quiet, again)
                .name("Run again from the start, at its end")
                .tip("In a fresh, empty lab."),
        );
    }
    y += pen.buttons(pos2(left, y), inner, BUTTON, buttons) + 16.0;
    let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(width, y));
    pen.settle_fill(card, rect, theme.raise, Color32::TRANSPARENT, 10);
    Laid { height: y, ..pen.laid }
}

fn said(tutorial: &Tutorial, end: End) -> (&'static str, String) {
    if end == End::BeforeCleanup {
        let words = "What is left takes down what this page built. Keep it first, if it is worth keeping.";
        return ("All that builds was run", words.into());
    }
    let progress = tutorial.progress();
    let commands = if progress.done == 1 { "command" } else { "commands" };
    let failed = match progress.failed {
        0 => String::new(),
        failed => format!(", of which {failed} failed"),
    };
    ("The end of the page", format!("{} {commands} were run{failed}.", progress.done))
}
