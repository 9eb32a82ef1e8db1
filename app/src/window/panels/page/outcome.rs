//! How a command went, said at its place.

use std::collections::BTreeSet;

use egui::{Color32, Pos2, Rect, pos2, vec2};

use super::{
    code::columns,
    part::{Action, Button, Look},
    pen::{Pen, SMALL_BUTTON},
};
use crate::{
    model::{
        command::{Command, Page},
        walk::{self, Tutorial},
    },
    tutorial::runner::{Outcome, Standing},
    window::{theme, widgets::icon::Icon},
};

/// So many of the last lines of an error are shown without being asked for.
const TAIL: usize = 3;

/// Beside the command's last row, up to `right`: how long it took, and what opens its output.
pub fn aside(
    pen: &mut Pen<'_>,
    tutorial: &Tutorial,
    index: usize,
    right: f32,
    top: f32,
    open: &BTreeSet<usize>,
) {
    let Some(Standing::Ran(outcomes)) = tutorial.runner.standings().get(index) else { return };
    let row = pen.scaled(theme::text::SHELL_LINE);
    let side = SMALL_BUTTON - 4.0;
    if outcomes.iter().any(|outcome| !outcome.output.trim().is_empty()) {
        let (icon, words) = if open.contains(&index) {
            (Icon::Up, "Hide the output")
        } else {
            (Icon::Down, "Show the output")
        };
        let command = tutorial.document().commands.get(index);
        let first = command.and_then(|command| command.text.lines().next()).unwrap_or_default();
        let button = Button::new(words, Look::Icon, Action::Fold(index))
            .icon(icon)
            .name(format!("Output of: {first}"))
            .tip(words);
        pen.button_before(right + 4.0, top + (row - pen.scaled(side)) / 2.0, side, button);
    }
    let took: f64 = outcomes.iter().map(|outcome| outcome.took).sum();
    let job = pen.job(seconds(took), pen.theme.mono(theme::text::TINY), pen.theme.mute);
    let size = pen.size_of(&job, f32::INFINITY);
    pen.words_before(right - pen.scaled(side) - 4.0, top + (row - size.y) / 2.0, job);
}

/// As people say it: `12 ms`, `1.2 s`, `2 min`.
fn seconds(took: f64) -> String {
    match took {
        took if took < 0.9995 => format!("{:.0} ms", (took * 1000.0).max(0.0)),
        took if took < 99.95 => format!("{took:.1} s"),
        took => format!("{:.0} min", took / 60.0),
    }
}

/// Below the command; gives the height.
pub fn show(
    pen: &mut Pen<'_>,
    tutorial: &Tutorial,
    index: usize,
    at: Pos2,
    width: f32,
    open: &BTreeSet<usize>,
) -> f32 {
    let mut y = at.y;
    let standing = tutorial.runner.standings().get(index);
    let command = tutorial.document().commands.get(index);
    let held_back = command.and_then(|command| command.held_back);
    if let (Some(why), Some(Standing::NotRun | Standing::LeftOut)) = (held_back, standing)
        && !tutorial.queued.contains(&index)
    {
        y +=
            not_run(pen, index, pos2(at.x, y), width, walk::held_back(why), command.map(|c| c.text.as_str()));
    }
    if standing == Some(&Standing::LeftOut) && held_back.is_none() {
        y += remark(pen, pos2(at.x, y), width, "left out");
    }
    if let Some(Standing::Ran(outcomes)) = standing {
        let is_open = open.contains(&index);
        let are_several = 1 < outcomes.len();
        for outcome in outcomes {
            y += one(pen, outcome, index, pos2(at.x, y), width, (is_open, are_several));
        }
    }
    y - at.y
}

fn remark(pen: &mut Pen<'_>, at: Pos2, width: f32, words: &str) -> f32 {
    let job = pen.job(words, pen.theme.font(theme::text::SMALL), pen.theme.mute);
    pen.words(at, job, width).y + 4.0
}

fn not_run(pen: &mut Pen<'_>, index: usize, at: Pos2, width: f32, why: &str, text: Option<&str>) -> f32 {
    let job = pen.job(format!("not run: {why}"), pen.theme.font(theme::text::SMALL), pen.theme.warn);
    let height = pen.scaled(SMALL_BUTTON);
    let size = pen.size_of(&job, width);
    let first = text.and_then(|text| text.lines().next()).unwrap_or_default();
    let action = Action::Say(Command::Page(Page::Run { commands: vec![index], also_held_back: true }));
    let button = Button::new("Run anyway", Look::Quiet, action)
        .name(format!("Run anyway, as said below: {first}"))
        .tip("Only the sandbox can be changed by it, and it may not work there.");
    let beside = at.x + size.x + 8.0;
    let fits = beside + button.push(SMALL_BUTTON).size(pen.ui).x <= at.x + width;
    pen.words(pos2(at.x, at.y + (height - size.y).max(0.0) / 2.0), job, width);
    if fits {
        pen.button(pos2(beside, at.y), SMALL_BUTTON, button);
        height.max(size.y) + 4.0
    } else {
        pen.button(pos2(at.x, at.y + size.y + 2.0), SMALL_BUTTON, button);
        size.y + height + 6.0
    }
}

fn one(
    pen: &mut Pen<'_>,
    outcome: &Outcome,
    index: usize,
    at: Pos2,
    width: f32,
    (is_open, are_several): (bool, bool),
) -> f32 {
    let has_failed = outcome.status != 0 && !outcome.was_interrupted;
    let place = if are_several { format!(" in {}", walk::slot(&outcome.slot)) } else { String::new() };
    let mut words = Vec::new();
    if has_failed {
        words.push(format!("exit {}{place}", outcome.status));
    } else if outcome.was_interrupted {
        words.push(format!("ended as Ctrl-C would, after {}{place}", seconds(outcome.took)));
    } else if are_several && is_open {
        words.push(walk::slot(&outcome.slot));
    }
    let lines: Vec<&str> = outcome.output.trim_end().lines().collect();
    let is_empty = lines.iter().all(|line| line.trim().is_empty());
    let skipped = if is_open || !has_failed { 0 } else { lines.len().saturating_sub(TAIL) };
    let seen = if (is_open || has_failed) && !is_empty { &lines[skipped..] } else { &[] };
    if words.is_empty() && seen.is_empty() {
        return 0.0;
    }
    printed(pen, at, width, (has_failed, words.concat()), seen, (skipped, index))
}

/// A small card with a bar at its left; gives the height.
fn printed(
    pen: &mut Pen<'_>,
    at: Pos2,
    width: f32,
    (has_failed, title): (bool, String),
    lines: &[&str],
    (skipped, index): (usize, usize),
) -> f32 {
    let theme = pen.theme;
    let colour = if has_failed { theme.drop } else { theme.line };
    let card = pen.fill_later();
    let bar = pen.fill_later();
    let (left, top) = (at.x + 12.0, at.y + 3.0);
    let inner = width - 20.0;
    let mut y = top + 6.0;
    if !title.is_empty() {
        let ink = if has_failed { theme.drop } else { theme.mute };
        let job = pen.job(title, theme.semibold(theme::text::SMALL), ink);
        y += pen.words(pos2(left, y), job, inner).y + 2.0;
    }
    if !lines.is_empty() {
        let text = lines.iter().map(|line| columns(line)).collect::<Vec<_>>().join("\n");
        let ink = if has_failed { theme.text } else { theme.mute };
        let mut job = pen.job(text, theme.mono(theme::text::CODE), ink);
        job.wrap.break_anywhere = true;
        y += pen.words(pos2(left, y), job, inner).y + 2.0;
    }
    if 0 < skipped {
        let words = format!("Show all {} lines", lines.len() + skipped);
        let button = Button::new(words, Look::Quiet, Action::Fold(index))
            .name(format!("Show all of error {}", index + 1));
        y += pen.button(pos2(left - 8.0, y), SMALL_BUTTON, button).height() + 2.0;
    }
    let rect = Rect::from_min_max(pos2(at.x, top), pos2(at.x + width, y + 5.0));
    pen.settle_fill(card, rect, theme.panel, Color32::TRANSPARENT, 6);
    let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
    pen.settle_fill(bar, edge, colour, Color32::TRANSPARENT, 1);
    rect.bottom() - at.y + 5.0
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_read_well() {
        let said = [0.0, 0.0124, 0.9996, 1.26, 12.0, 99.96, 170.0].map(seconds);
        assert_eq!(said, ["0 ms", "12 ms", "1.0 s", "1.3 s", "12.0 s", "2 min", "3 min"]);
    }
}
