//! Headers and their fields; the one that is lit shows its bytes.

use std::ops::Range;

use egui::{CornerRadius, Id, RichText, Sense, Stroke, StrokeKind, Ui, vec2};

use capture::decode::{Decoded, Layer};

use crate::{
    model::{
        command::{Command, Watch},
        state::Chosen,
    },
    window::theme,
};

const ROW: f32 = 19.0;

/// Which bytes are lit: those of the field under the pointer, else of the chosen one.
pub fn show(ui: &mut Ui, decoded: &Decoded, chosen: &Chosen, out: &mut Vec<Command>) -> Option<Range<usize>> {
    let mut hovered = None;
    for (number, layer) in decoded.layers.iter().enumerate() {
        if let Some(range) = show_layer(ui, number, layer, chosen, out) {
            hovered = Some(range);
        }
    }
    if let Some(stop) = &decoded.stop {
        let theme = theme::of(ui.ctx());
        let words = format!("{} at byte {}: {}", stop.layer, stop.at, stop.reason);
        ui.label(RichText::new(words).font(theme.font(theme::text::SMALL)).color(theme.arp));
    }
    // A byte under the pointer lights up its field: the bytes tell next frame.
    hovered.or_else(|| {
        let (layer, field) = chosen.field?;
        Some(decoded.layers.get(layer)?.fields.get(field)?.range.clone())
    })
}

fn show_layer(
    ui: &mut Ui,
    number: usize,
    layer: &Layer,
    chosen: &Chosen,
    out: &mut Vec<Command>,
) -> Option<Range<usize>> {
    let theme = theme::of(ui.ctx());
    let id = Id::unique(("layer", layer.name));
    let mut hovered = None;
    let state = egui::collapsing_header::CollapsingState::load_with_default_open(ui.ctx(), id, true);
    state
        .show_header(ui, |ui| {
            ui.label(RichText::new(layer.name).font(theme.semibold(theme::text::BODY)).color(theme.text));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let count = format!("{} bytes", layer.range.len());
                ui.label(RichText::new(count).font(theme.mono(theme::text::SMALL)).color(theme.mute));
            });
        })
        .body_unindented(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (place, field) in layer.fields.iter().enumerate() {
                let is_chosen = chosen.field == Some((number, place));
                let is_lit = is_chosen || byte_hovered(ui).is_some_and(|at| field.range.contains(&at));
                let response = row(ui, field.name, &field.value, is_lit);
                if response.hovered() {
                    hovered = Some(field.range.clone());
                }
                if response.clicked() {
                    let field = (!is_chosen).then_some((number, place));
                    out.push(Command::Watch(Watch::Field(field)));
                }
            }
        });
    hovered
}

/// The byte that the pointer was over, as the hex view told in the last frame.
fn byte_hovered(ui: &Ui) -> Option<usize> {
    ui.data(|data| data.get_temp::<Option<usize>>(super::bytes::hovered_id())).flatten()
}

fn row(ui: &mut Ui, name: &str, value: &str, is_lit: bool) -> egui::Response {
    let theme = theme::of(ui.ctx());
    let width = ui.available_width();
    let lay = |text: &str, font, colour, most| {
        ui.fonts_mut(|fonts| fonts.layout(text.to_owned(), font, colour, most))
    };
    // The name has what it needs, up to half; the value wraps in the rest.
    let name = lay(name, theme.font(theme::text::SMALL), theme.mute, width / 2.0);
    let rest = width - name.size().x - 32.0;
    let value = lay(value, theme.mono(theme::text::SMALL), theme.text, rest);
    let height = (value.size().y.max(name.size().y) + 4.0).max(ROW);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    response.widget_info(|| {
        let words = format!("{}: {}", name.text(), value.text());
        egui::WidgetInfo::labeled(egui::accesskit::Role::ListItem, true, words)
    });
    if is_lit || response.hovered() {
        let colour = if is_lit { theme.arp } else { theme.line };
        let fill = if is_lit { theme.arp.gamma_multiply(theme::strength::SPAN) } else { theme.raise };
        let frame = rect.shrink2(vec2(2.0, 0.0));
        ui.painter().rect(frame, CornerRadius::same(4), fill, Stroke::new(1.0, colour), StrokeKind::Inside);
    }
    let middle = |galley: &egui::Galley| rect.center().y - galley.size().y / 2.0;
    let (name_y, value_y) = (middle(&name), middle(&value));
    let value_x = rect.right() - 8.0 - value.size().x;
    ui.painter().galley(egui::pos2(rect.left() + 12.0, name_y), name, theme.mute);
    ui.painter().galley(egui::pos2(value_x, value_y), value, theme.text);
    response
}
