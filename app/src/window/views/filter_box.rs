//! Where the filter is typed: errors and completions as one types.

use egui::{Id, Key, RichText, TextEdit, Ui, text::CCursor, text::CCursorRange};

use capture::filter::{Completion, complete};

use crate::{
    model::{
        command::{Command, Watch},
        state::State,
    },
    window::theme,
};

const WIDTH: f32 = 300.0;
const MOST_SHOWN: usize = 9;

pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let id = Id::unique("filter text");
    let mut text = state.filter.text.clone();
    let cursor = TextEdit::load_state(ui.ctx(), id).and_then(|kept| kept.cursor.char_range());
    let cursor = cursor.map_or(text.chars().count(), |range| range.primary.index.0);
    let is_begun = begun(&text, &complete(&text, byte_of(&text, cursor))).is_some();
    let colour = if state.filter.error.is_some() { theme.drop } else { theme.text };
    let shown = TextEdit::singleline(&mut text)
        .id(id)
        .font(theme.mono(theme::text::SMALL))
        .text_color(colour)
        .hint_text("filter: icmp or arp")
        .desired_width(WIDTH)
        // Tab finishes a word; where none is begun, it goes on to the next control.
        .lock_focus(is_begun)
        .show(ui);
    let response = shown.response.response;
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::TextInput, true, "Filter"));
    take_focus_when_wanted(ui, state, &response);
    if response.changed() {
        out.push(Command::Watch(Watch::Filter(text.clone())));
    }
    // Escape takes the focus away before anybody hears of it.
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
        out.push(Command::Watch(Watch::Filter(String::new())));
    }
    if !response.has_focus() {
        if let Some(error) = &state.filter.error {
            response.on_hover_text(RichText::new(error.message.clone()).color(theme.drop));
        }
        return;
    }
    let cursor = shown.cursor_range.map_or(text.chars().count(), |range| range.primary.index.0);
    let offers = complete(&text, byte_of(&text, cursor));
    let finished = begun(&text, &offers).filter(|_| takes_tab(ui)).cloned();
    let picked = finished.or(popup(&response, state, &offers));
    if let Some(picked) = picked {
        text.replace_range(picked.replaces.clone(), &picked.text);
        let end = text[..picked.replaces.start + picked.text.len()].chars().count();
        let mut kept = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
        kept.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(end))));
        kept.store(ui.ctx(), id);
        ui.memory_mut(|memory| memory.request_focus(id));
        out.push(Command::Watch(Watch::Filter(text)));
    }
}

fn byte_of(text: &str, letter: usize) -> usize {
    text.char_indices().nth(letter).map_or(text.len(), |(at, _)| at)
}

fn take_focus_when_wanted(ui: &Ui, state: &State, response: &egui::Response) {
    let id = Id::unique("filter focus");
    let seen: u64 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    if seen < state.filter.wants_focus {
        response.request_focus();
        ui.data_mut(|data| data.insert_temp(id, state.filter.wants_focus));
    }
}

/// The offer that finishes the word before the cursor, if one was begun there.
fn begun<'a>(text: &str, offers: &'a [Completion]) -> Option<&'a Completion> {
    offers.first().filter(|offer| {
        let word = &text[offer.replaces.clone()];
        !word.is_empty() && word != offer.text.trim_end()
    })
}

fn takes_tab(ui: &Ui) -> bool {
    ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Tab))
}

/// What could be typed next.
fn popup(response: &egui::Response, state: &State, offers: &[Completion]) -> Option<Completion> {
    let theme = theme::of(&response.ctx);
    let mut picked = None;
    let area = egui::Area::new(Id::unique("filter offers"))
        .order(egui::Order::Foreground)
        .fixed_pos(response.rect.left_top() - egui::vec2(0.0, 4.0))
        .pivot(egui::Align2::LEFT_BOTTOM);
    area.show(&response.ctx, |ui| {
        egui::Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_width(WIDTH);
            if let Some(error) = &state.filter.error {
                ui.label(RichText::new(&error.message).color(theme.drop));
            }
            for offer in offers.iter().take(MOST_SHOWN) {
                let row = ui.horizontal(|ui| {
                    let button = ui.selectable_label(false, RichText::new(&offer.text).monospace());
                    ui.label(RichText::new(offer.about).color(theme.mute));
                    button
                });
                if row.inner.clicked() {
                    picked = Some(offer.clone());
                }
            }
            if state.filter.error.is_none() && offers.is_empty() {
                ui.label(RichText::new("Enter more, or Esc to show everything").color(theme.mute));
            }
        });
    });
    picked
}
