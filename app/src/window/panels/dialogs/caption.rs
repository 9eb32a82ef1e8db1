//! Words on a moment, kept in the recording.

use egui::{Id, Key, Ui};

use super::{close, footer, heading};
use crate::{
    model::{
        command::{Command, Watch},
        state::State,
    },
    window::widgets::{entry::Entry, icon::Icon, lettering, push::Push, row, section},
};

/// Long enough for a sentence, short enough to be read while it plays.
const LONGEST: usize = 200;

pub fn show(ui: &mut Ui, state: &State, is_new: bool, out: &mut Vec<Command>) {
    ui.set_width(440.0);
    heading(ui, "Put a caption here");
    let id = Id::unique("caption");
    let mut text: String =
        if is_new { String::new() } else { ui.data(|data| data.get_temp(id)).unwrap_or_default() };
    let at = state.story.pace().wire_at(state.playhead.at());
    let words = format!("At story {:.1} s. It shows while this moment plays.", state.playhead.at());
    ui.label(lettering::muted(words, ui));
    let too_long = (LONGEST < text.chars().count()).then(|| format!("at most {LONGEST} letters"));
    let entry = Entry::new(id.with("text"), "Caption").prose().hint("what is to be noticed here");
    let field = entry.line(ui, &mut text, too_long.as_deref());
    if is_new {
        field.request_focus();
    }
    let is_fit = too_long.is_none() && !text.trim().is_empty();
    let mut done = field.lost_focus() && is_fit && ui.input(|input| input.key_pressed(Key::Enter));
    if !state.captions.is_empty() {
        section::heading(ui, "So far");
        egui::ScrollArea::vertical().max_height(160.0).show(ui, |ui| {
            for (at, text) in &state.captions {
                let story = state.story.pace().story_at(*at);
                row::listed(ui, &format!("{story:.1} s  {text}"), |ui| {
                    let name = format!("Remove caption {text}");
                    if Push::icon_only(&name, Icon::Cross).quiet().height(22.0).show(ui).clicked() {
                        out.push(Command::Watch(Watch::RemoveCaption { at: *at, text: text.clone() }));
                    }
                });
            }
        });
    }
    footer(ui, |ui| {
        done |= Push::new("Put it here").primary().enabled(is_fit).show(ui).clicked();
        if Push::new("Cancel").quiet().show(ui).clicked() {
            close(out);
        }
    });
    if done {
        out.push(Command::Watch(Watch::Caption { at, text: text.trim().to_owned() }));
        close(out);
    }
    ui.data_mut(|data| data.insert_temp(id, text));
}
