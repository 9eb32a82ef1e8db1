//! Everything that can be done, found by a few letters.

use egui::{Event, Id, Key, Modifiers, ScrollArea, Ui};
use topology::{Thing, ready};

use super::close;
use crate::{
    model::{
        act::Item,
        command::{Command, File, Select},
        keys::BINDINGS,
        state::State,
    },
    window::widgets::{entry::Entry, lettering, menu_item},
};

mod fuzzy;

/// So many are listed; more letters find the rest.
const MOST: usize = 60;

#[derive(Clone, Default)]
struct Typed {
    text: String,
    /// The line that Enter would choose.
    at: usize,
}

struct Offer {
    words: String,
    keys: &'static str,
    command: Command,
}

pub fn show(ui: &mut Ui, state: &State, is_new: bool, out: &mut Vec<Command>) {
    ui.set_width(ui.max_rect().width().min(560.0));
    let id = Id::unique("command palette");
    let mut typed: Typed =
        if is_new { Typed::default() } else { ui.data(|data| data.get_temp(id)).unwrap_or_default() };
    // Before the field sees them: up and down move through the list while one types.
    let (up, down, enter) = ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        (pressed(Key::ArrowUp), pressed(Key::ArrowDown), pressed(Key::Enter))
    });
    let entry = Entry::new(id.with("text"), "Command").prose().hint("What do you want to do?");
    let field = entry.line(ui, &mut typed.text, None);
    if is_new {
        field.request_focus();
    }
    if field.changed() {
        typed.at = 0;
    }
    let offers = found(offers(state), &typed.text);
    let last = offers.len().saturating_sub(1);
    if down {
        typed.at += 1;
    }
    if up {
        typed.at = typed.at.saturating_sub(1);
    }
    typed.at = typed.at.min(last);
    ui.add_space(4.0);
    let chosen = list(ui, &offers, typed.at, up || down).or_else(|| enter.then_some(typed.at));
    ui.data_mut(|data| data.insert_temp(id, typed));
    if let Some(offer) = chosen.and_then(|i| offers.into_iter().nth(i)) {
        // Closed first, since the command itself may open a dialog.
        close(out);
        out.push(offer.command);
    }
}

fn list(ui: &mut Ui, offers: &[Offer], at: usize, moved: bool) -> Option<usize> {
    let mut chosen = None;
    let height = (ui.max_rect().height() - 60.0).clamp(120.0, 420.0);
    // The pointer resting on the list must not fight the arrow keys.
    let pointer_moved =
        ui.input(|input| input.events.iter().any(|event| matches!(event, Event::PointerMoved(_))));
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for (i, offer) in offers.iter().enumerate() {
            let response = menu_item::show(ui, &offer.words, offer.keys, true, i == at);
            if i == at && moved && !pointer_moved {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                chosen = Some(i);
            }
        }
        if offers.is_empty() {
            ui.label(lettering::muted("Nothing is called so.", ui));
        }
    });
    chosen
}

/// What can be done now.
fn offers(state: &State) -> Vec<Offer> {
    let bound = BINDINGS.iter().filter_map(|binding| {
        let command = (binding.command)(state)?;
        Some(Offer { words: binding.words.to_owned(), keys: binding.keys, command })
    });
    let labs = ready::LABS.iter().map(|ready| Offer {
        words: format!("Open lab: {}", ready.lab().title),
        keys: "",
        command: Command::File(File::OpenReady(ready.name)),
    });
    let lab = state.lab();
    let select = |thing: Thing, name: String| Offer {
        words: format!("Select {name}"),
        keys: "",
        command: Command::Select(Select::Only(Item::Thing(thing))),
    };
    let namespaces =
        lab.namespaces.keys().map(|name| select(Thing::Namespace(name.clone()), name.to_string()));
    let bridges = lab.interfaces().filter(|(_, found)| found.bridge_settings().is_some());
    let bridges = bridges.map(|(at, _)| select(Thing::Bridge(at.clone()), at.to_string()));
    bound.chain(labs).chain(namespaces).chain(bridges).collect()
}

/// Best first; those that fit equally well keep their order.
fn found(offers: Vec<Offer>, text: &str) -> Vec<Offer> {
    let scored = offers.into_iter().filter_map(|offer| Some((fuzzy::score(text, &offer.words)?, offer)));
    let mut scored: Vec<(i32, Offer)> = scored.collect();
    scored.sort_by_key(|(score, _)| -score);
    scored.into_iter().map(|(_, offer)| offer).take(MOST).collect()
}
