//! The same frame here and there: all its sightings, and what changed between two of them.

use egui::{Align2, Color32, RichText, Sense, Stroke, Ui, pos2, vec2};

use capture::{
    Sighting,
    decode::{Field, decode},
};

use super::super::span_of_time;
use crate::{
    model::{
        command::{Command, Watch},
        state::{Chosen, State},
        story::Told,
    },
    window::{
        theme,
        widgets::{self, push::Push},
    },
};

const ROW: f32 = 22.0;
const COMPARE_WIDTH: f32 = 78.0;
/// A flood through a hundred ports has more places than anybody reads.
const MOST_SHOWN: usize = 200;

pub fn show(ui: &mut Ui, state: &State, told: &Told, chosen: &Chosen, out: &mut Vec<Command>) {
    let sightings = &told.journey.sightings;
    let places = if sightings.len() == 1 { "PLACE" } else { "PLACES" };
    widgets::section::heading(ui, &format!("SAME FRAME, {} {places}", sightings.len()));
    for index in 0..sightings.len().min(MOST_SHOWN) {
        row(ui, state, told, chosen, index, out);
    }
    if MOST_SHOWN < sightings.len() {
        ui.weak(format!("and {} more", sightings.len() - MOST_SHOWN));
    }
    if let Some(other) = chosen.compared.filter(|other| *other != chosen.sighting)
        && let Some(there) = sightings.get(other)
    {
        ui.add_space(theme::space::M);
        differences(ui, state, &sightings[chosen.sighting], there);
    } else if 1 < sightings.len() {
        ui.add_space(theme::space::S);
        let words = "Point at another place to compare it with the chosen one";
        let theme = theme::of(ui.ctx());
        ui.label(RichText::new(words).font(theme.font(theme::text::SMALL)).color(theme.faint));
    }
}

fn row(ui: &mut Ui, state: &State, told: &Told, chosen: &Chosen, index: usize, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let sighting = &told.journey.sightings[index];
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let name = place_name(state, sighting);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::ListItem, true, format!("seen at {name}"))
    });
    let is_ahead = state.playhead.at() < state.story.pace().story_at(sighting.frame.t);
    let is_chosen = index == chosen.sighting;
    let colour = if is_ahead { theme.faint } else { theme.kind(told.kind) };
    let x = rect.left() + 8.0;
    if index + 1 < told.journey.sightings.len().min(MOST_SHOWN) {
        let line = [pos2(x, rect.center().y), pos2(x, rect.center().y + ROW)];
        ui.painter().line_segment(line, Stroke::new(1.5, theme.line));
    }
    ui.painter().circle_filled(pos2(x, rect.center().y), 5.0, colour);
    if chosen.compared == Some(index) {
        ui.painter().circle_stroke(pos2(x, rect.center().y), 7.5, Stroke::new(1.5, theme.accent));
    }
    let text = match (is_chosen, is_ahead) {
        (true, _) => theme.text,
        (false, true) => theme.faint,
        (false, false) => theme.mute,
    };
    let first = told.journey.sightings.first().map_or(0, |first| first.frame.t.0);
    let since = sighting.frame.t.0 - first;
    let mono = theme.mono(theme::text::SMALL);
    let painter = ui.painter();
    let y = rect.center().y;
    let name_font = if is_chosen { theme.mono_semibold(theme::text::SMALL) } else { mono.clone() };
    painter.text(pos2(rect.left() + 24.0, y), Align2::LEFT_CENTER, name, name_font, text);
    let direction = sighting.frame.direction.to_string();
    painter.text(pos2(rect.right() - 84.0, y), Align2::RIGHT_CENTER, direction, mono.clone(), theme.mute);
    let since = if since == 0 { "0".into() } else { format!("+{}", span_of_time(since)) };
    painter.text(pos2(rect.right() - 4.0, y), Align2::RIGHT_CENTER, since, mono, text);
    if !is_chosen && rect.contains(ui.input(|input| input.pointer.hover_pos()).unwrap_or_default()) {
        compare(ui, rect, chosen, index, out);
    }
    let response = response.on_hover_text("Click to show it here");
    if response.clicked() {
        out.push(Command::Watch(Watch::Sighting { journey: told.journey.id, sighting: index }));
    }
    if response.secondary_clicked() {
        let other = (chosen.compared != Some(index)).then_some(index);
        out.push(Command::Watch(Watch::CompareWith(other)));
    }
}

/// A button on the row under the pointer.
fn compare(ui: &mut Ui, row: egui::Rect, chosen: &Chosen, index: usize, out: &mut Vec<Command>) {
    let is_on = chosen.compared == Some(index);
    let words = if is_on { "Compared" } else { "Compare" };
    let rect = egui::Rect::from_min_max(
        pos2(row.right() - 96.0 - COMPARE_WIDTH, row.top()),
        pos2(row.right() - 96.0, row.bottom()),
    );
    let builder = egui::UiBuilder::new().max_rect(rect);
    ui.scope_builder(builder, |ui| {
        let push = Push::new(words).name("Compare with the chosen place").on(is_on);
        if push.height(20.0).tip("What changed between the chosen place and this one").show(ui).clicked() {
            out.push(Command::Watch(Watch::CompareWith((!is_on).then_some(index))));
        }
    });
}

fn place_name(state: &State, sighting: &Sighting) -> String {
    let tap = state.story.taps().get(sighting.frame.tap.0 as usize);
    tap.map_or_else(|| "?".into(), |tap| format!("{} / {}", tap.at.namespace, tap.at.interface))
}

/// Every field that is not the same here and there, side by side.
fn differences(ui: &mut Ui, state: &State, here: &Sighting, there: &Sighting) {
    let theme = theme::of(ui.ctx());
    widgets::section::heading(ui, "WHAT CHANGED");
    let (ours, theirs) = (decode(&here.frame.bytes), decode(&there.frame.bytes));
    let named = |decoded: &capture::decode::Decoded| -> Vec<(String, String)> {
        let fields = decoded.layers.iter().flat_map(|layer| {
            let name = move |field: &Field| (format!("{} {}", layer.name, field.name), field.value.clone());
            layer.fields.iter().map(name)
        });
        fields.collect()
    };
    let (ours, theirs) = (named(&ours), named(&theirs));
    let mut changed = Vec::new();
    for (name, value) in &ours {
        let other = theirs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        if other.as_ref() != Some(value) {
            changed.push((name.clone(), value.clone(), other.unwrap_or_else(|| "–".into())));
        }
    }
    for (name, value) in &theirs {
        if !ours.iter().any(|(known, _)| known == name) {
            changed.push((name.clone(), "–".into(), value.clone()));
        }
    }
    if changed.is_empty() {
        ui.label(RichText::new("Nothing: the very same bytes").color(theme.good));
        return;
    }
    let small =
        |text: &str, colour: Color32| RichText::new(text).font(theme.mono(theme::text::SMALL)).color(colour);
    egui::Grid::new("what changed").num_columns(3).striped(true).show(ui, |ui| {
        ui.label("");
        ui.label(small(&place_name(state, here), theme.mute));
        ui.label(small(&place_name(state, there), theme.mute));
        ui.end_row();
        for (name, ours, theirs) in changed {
            ui.label(RichText::new(name).font(theme.font(theme::text::SMALL)).color(theme.mute));
            ui.label(small(&ours, theme.text));
            ui.label(small(&theirs, theme.arp));
            ui.end_row();
        }
    });
}
