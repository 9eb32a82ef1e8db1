//! Key presses to commands, by the one table of keys.

use egui::{Context, Event, Key, Modifiers};

use super::views::terminals;
use crate::model::{
    command::Command,
    keys,
    state::{Page, State},
};

/// What a button, a menu or a slider that has the keyboard makes of keys by itself.
const OF_CONTROLS: &[&str] =
    &["Space", "Enter", "Escape", "Tab", "Shift+Tab", "Left", "Right", "Up", "Down", "Home", "End"];

/// The commands of the keys that were pressed since the last frame.
pub fn pressed(context: &Context, state: &State, out: &mut Vec<Command>) {
    // Everything that is typed into a terminal is the terminal's.
    if terminals::has_focus(context) {
        return;
    }
    let has_focus = context.egui_wants_keyboard_input();
    let is_typing = has_focus && context.text_edit_focused();
    let events = context.input(|input| input.events.clone());
    for event in &events {
        let Some(chord) = chord(event) else { continue };
        // While one types or answers a dialog, keys mean what they mean there.
        let is_for_text = is_typing && !works_while_typing(&chord);
        let is_for_control = has_focus && OF_CONTROLS.contains(&chord.as_str());
        if is_for_text || is_for_control || state.dialog.is_some() || state.in_place.is_some() {
            continue;
        }
        if state.page == Page::Home && !chord.starts_with("Ctrl+") && !chord.starts_with('F') {
            continue;
        }
        out.extend(keys::find(&chord).and_then(|binding| (binding.command)(state)));
    }
}

/// Function keys, and chords that no text field takes.
fn works_while_typing(chord: &str) -> bool {
    let is_function = chord.strip_prefix('F').is_some_and(|rest| rest.parse::<u8>().is_ok());
    let is_text_editing = ["Ctrl+A", "Ctrl+C", "Ctrl+X", "Ctrl+V", "Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z"];
    is_function || (chord.starts_with("Ctrl+") && !is_text_editing.contains(&chord))
}

/// As the table of keys writes it.
fn chord(event: &Event) -> Option<String> {
    match event {
        Event::Copy => Some("Ctrl+C".into()),
        Event::Cut => Some("Ctrl+X".into()),
        Event::Paste(_) => Some("Ctrl+V".into()),
        Event::Key { key, pressed: true, modifiers, .. } => Some(spelled(*key, *modifiers)),
        _ => None,
    }
}

fn spelled(key: Key, modifiers: Modifiers) -> String {
    let name = match key {
        Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown => key.name(),
        Key::Minus => "-",
        _ => key.symbol_or_name(),
    };
    // Which signs need Shift is the keyboard's affair.
    let is_sign = name.chars().count() == 1 && !name.chars().all(char::is_alphanumeric);
    let control = if modifiers.command || modifiers.ctrl { "Ctrl+" } else { "" };
    let alt = if modifiers.alt { "Alt+" } else { "" };
    let shift = if modifiers.shift && !is_sign { "Shift+" } else { "" };
    format!("{control}{alt}{shift}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chord in the table that no key gives could never be typed.
    #[test]
    fn every_chord_of_the_table_can_be_typed() {
        let modifiers =
            [Modifiers::NONE, Modifiers::SHIFT, Modifiers::COMMAND, Modifiers::COMMAND | Modifiers::SHIFT];
        let typed: Vec<String> =
            Key::ALL.iter().flat_map(|&key| modifiers.map(|modifiers| spelled(key, modifiers))).collect();
        for binding in keys::BINDINGS {
            for chord in binding.chords() {
                assert!(typed.iter().any(|typed| typed == chord), "no key gives {chord}");
            }
        }
    }
}
