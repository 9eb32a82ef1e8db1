//! All sightings as a table: sortable, filtered, a million rows without effort.

use std::sync::Arc;

use egui::{Align2, Id, Rect, Sense, Ui, mutex::Mutex, pos2, vec2};

use super::{fate_words, say_instead, span_of_time};
use crate::{
    model::{
        command::{Command, Play, Watch},
        frame_list::{Column, FrameList},
        state::State,
        story::Moment,
    },
    window::{
        theme,
        widgets::rows::{Rows, RowsView},
    },
};

/// Title, width in letters of the monospaced font, and what a click sorts by.
const COLUMNS: [(&str, f32, Option<Column>); 8] = [
    ("No.", 8.0, None),
    ("Time", 12.0, Some(Column::Time)),
    ("Seen at", 24.0, Some(Column::Tap)),
    ("Way", 5.0, None),
    ("Protocol", 10.0, Some(Column::Protocol)),
    ("Length", 8.0, Some(Column::Length)),
    ("Journey", 9.0, Some(Column::Journey)),
    ("What it says", 0.0, None),
];
const ROW: f32 = 22.0;

pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let id = Id::unique("frame list");
    let list: Arc<Mutex<FrameList>> =
        ui.data_mut(|data| data.get_temp_mut_or_default::<Arc<Mutex<FrameList>>>(id).clone());
    let mut list = list.lock();
    if !list.go_on(&state.story, state.filter.filter.as_ref()) {
        ui.ctx().request_repaint();
    }
    header(ui, &mut list);
    let theme = theme::of(ui.ctx());
    let rows = list.rows();
    if rows.is_empty() {
        let words = if state.story.moments().is_empty() {
            "Nothing was seen yet"
        } else {
            "No frame fits the filter"
        };
        say_instead(ui, words);
        return;
    }
    let chosen = state.in_view();
    let letter = ui.fonts_mut(|fonts| fonts.glyph_width(&theme.mono(theme::text::SMALL), 'm'));
    let view = RowsView { name: "Frames", count: rows.len() as u64, height: ROW };
    let clicked = Rows::show(ui, &view, |painter, rect, row| {
        let Some(moment) =
            rows.get(row as usize).and_then(|&place| state.story.moments().get(place as usize))
        else {
            return;
        };
        let is_chosen = state.story.told().get(moment.told as usize).is_some_and(|told| {
            chosen.is_some_and(|chosen| {
                chosen.journey == told.journey.id && chosen.sighting == moment.sighting as usize
            })
        });
        if is_chosen {
            painter.rect_filled(rect, 4.0, theme.accent.gamma_multiply(theme::strength::SPAN));
        }
        cells(painter, rect, letter, state, moment, rows[row as usize]);
    });
    if let Some(moment) = clicked
        .and_then(|row| rows.get(row as usize))
        .and_then(|&place| state.story.moments().get(place as usize))
        && let Some(told) = state.story.told().get(moment.told as usize)
    {
        out.push(Command::Play(Play::Seek(moment.story)));
        let (journey, sighting) = (told.journey.id, moment.sighting as usize);
        out.push(Command::Watch(Watch::Sighting { journey, sighting }));
    }
}

/// The left edge of each column, in letters.
fn edges() -> impl Iterator<Item = (f32, f32)> {
    COLUMNS.iter().scan(1.0, |left, (_, width, _)| {
        let edge = *left;
        *left += width;
        Some((edge, *width))
    })
}

fn header(ui: &mut Ui, list: &mut FrameList) {
    let theme = theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let letter = ui.fonts_mut(|fonts| fonts.glyph_width(&theme.mono(theme::text::SMALL), 'm'));
    let (column, falling) = list.order();
    for ((words, _, sorts), (left, width)) in COLUMNS.iter().zip(edges()) {
        let x = rect.left() + left * letter;
        let right = if width == 0.0 { rect.right() } else { x + width * letter };
        let cell = Rect::from_x_y_ranges(x..=right, rect.y_range());
        let mark = if *sorts == Some(column) { if falling { " ▼" } else { " ▲" } } else { "" };
        let font = theme.font(theme::text::SMALL);
        let at = pos2(x, rect.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, format!("{words}{mark}"), font, theme.mute);
        if let Some(sorts) = sorts {
            let response = ui.interact(cell, Id::unique(("sort", words)), Sense::click());
            response.widget_info(|| {
                egui::WidgetInfo::labeled(
                    egui::accesskit::Role::ColumnHeader,
                    true,
                    format!("Sort by {words}"),
                )
            });
            if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
                list.sort_by(*sorts);
            }
        }
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, theme.line));
}

fn cells(painter: &egui::Painter, rect: Rect, letter: f32, state: &State, moment: &Moment, number: u32) {
    let theme = theme::of(painter.ctx());
    let Some((told, sighting)) = state.story.sighting(moment) else { return };
    let first = state.story.moments().first().map_or(0, |first| first.t.0);
    let tap = state.story.taps().get(sighting.frame.tap.0 as usize);
    let fate = told.journey.branches.iter().find(|branch| branch.sighting == sighting.id);
    let says = match fate {
        Some(branch) => format!("{}  ({})", told.journey.summary, fate_words(branch.fate)),
        None => told.journey.summary.clone(),
    };
    let texts = [
        (number + 1).to_string(),
        span_of_time(moment.t.0 - first),
        tap.map_or_else(String::new, |tap| tap.at.to_string()),
        sighting.frame.direction.to_string(),
        told.journey.protocol.to_owned(),
        sighting.frame.original_len.to_string(),
        told.journey.id.0.to_string(),
        says,
    ];
    for (index, (text, (left, width))) in texts.into_iter().zip(edges()).enumerate() {
        let x = rect.left() + left * letter;
        let end = if width == 0.0 { rect.right() } else { x + (width - 1.0) * letter };
        let clip = Rect::from_x_y_ranges(x..=end, rect.y_range());
        let painter = painter.with_clip_rect(clip.intersect(painter.clip_rect()));
        let colour = if index == 4 { theme.kind(told.kind) } else { theme.text };
        let font = if index == 7 { theme.font(theme::text::BODY) } else { theme.mono(theme::text::SMALL) };
        painter.text(pos2(x, rect.center().y), Align2::LEFT_CENTER, text, font, colour);
    }
}
