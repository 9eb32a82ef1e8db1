//! What is typed while a terminal has the focus: all of it goes there, but a few chords that are the window's.

use egui::{Event, EventFilter, Id, ImeEvent, Key, Modifiers, Ui, ViewportCommand};

use super::{id, keys};
use crate::{
    model::{
        command::{Command, Terminal as Wish},
        state::Terminal,
    },
    terminal::screen::Screen,
};

/// Seconds within which what was asked of the clipboard comes; nothing comes of an empty one.
const CLIPBOARD_ANSWERS: f64 = 0.5;
/// What goes around a paste, for programs that want to know (`CSI ? 2004 h`).
const PASTE: (&str, &str) = ("\x1b[200~", "\x1b[201~");

/// Whatever was typed since the last pass.
pub fn take(ui: &Ui, terminal: &Terminal, out: &mut Vec<Command>) {
    let all = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id(), all));
    let (events, now_held) = ui.input(|input| (input.events.clone(), input.modifiers));
    let mut bytes = Vec::new();
    let mut held = now_held;
    for event in &events {
        match event {
            Event::Key { key, pressed: true, modifiers, .. } => {
                held = *modifiers;
                match of_window(*key, *modifiers, terminal) {
                    Some(Own::Leave) => ui.memory_mut(|memory| memory.surrender_focus(id())),
                    Some(Own::Paste) => ask_clipboard(ui),
                    Some(Own::Do(wish)) => out.push(Command::Terminal(wish)),
                    None => {
                        let cursor = terminal.screen.modes().application_cursor;
                        bytes.extend(keys::sent_by(*key, *modifiers, cursor).unwrap_or_default());
                    }
                }
            }
            Event::Text(text) => bytes.extend(keys::after_escape(held, text.as_bytes())),
            Event::Ime(ImeEvent::Commit(text)) => bytes.extend(text.as_bytes()),
            // egui makes these of Ctrl+C and Ctrl+X before anybody hears of the keys.
            Event::Copy => bytes.push(0x03),
            Event::Cut => bytes.push(0x18),
            Event::Paste(text) if was_asked(ui) => bytes.extend(pasted(&terminal.screen, text)),
            // Of Ctrl+V alone: to a shell it means that the next key is meant as it is.
            Event::Paste(_) => bytes.push(0x16),
            _ => {}
        }
    }
    if !bytes.is_empty() {
        out.push(Command::Terminal(Wish::Type(terminal.id, bytes)));
    }
}

/// What a chord does that no terminal gets.
enum Own {
    Leave,
    Paste,
    Do(Wish),
}

fn of_window(key: Key, held: Modifiers, terminal: &Terminal) -> Option<Own> {
    let (ctrl, shift) = (held.ctrl || held.command, held.shift);
    if held.alt {
        return None;
    }
    let page = i32::try_from(terminal.screen.rows()).unwrap_or(i32::MAX).max(2) - 1;
    let scrolls = !terminal.screen.modes().alternate_screen;
    let scroll = |lines| Some(Own::Do(Wish::Scroll(terminal.id, lines)));
    match (key, ctrl, shift) {
        (Key::Escape, false, true) => Some(Own::Leave),
        (Key::C, true, true) | (Key::Insert, true, false) => Some(Own::Do(Wish::Copy(terminal.id))),
        (Key::V, true, true) | (Key::Insert, false, true) => Some(Own::Paste),
        (Key::PageUp, false, true) if scrolls => scroll(page),
        (Key::PageDown, false, true) if scrolls => scroll(-page),
        (Key::ArrowUp, true, true) if scrolls => scroll(1),
        (Key::ArrowDown, true, true) if scrolls => scroll(-1),
        (Key::Home, false, true) if scrolls => scroll(i32::MAX),
        (Key::End, false, true) if scrolls => scroll(i32::MIN),
        _ => None,
    }
}

/// The clipboard's text comes as a paste in one of the next passes.
pub fn ask_clipboard(ui: &Ui) {
    let now = ui.input(|input| input.time);
    ui.data_mut(|data| data.insert_temp(asked_id(), now));
    ui.ctx().send_viewport_cmd(ViewportCommand::RequestPaste);
    ui.ctx().request_repaint();
}

fn was_asked(ui: &Ui) -> bool {
    let now = ui.input(|input| input.time);
    let asked = ui.data_mut(|data| data.remove_temp::<f64>(asked_id()));
    asked.is_some_and(|asked| now <= asked + CLIPBOARD_ANSWERS)
}

fn asked_id() -> Id {
    Id::unique("clipboard asked for a terminal")
}

/// As if it were typed, line by line; a program that wants to know is told where it begins and ends, and what is
/// pasted cannot say that itself.
pub fn pasted(screen: &Screen, text: &str) -> Vec<u8> {
    let lines = text.replace("\r\n", "\r").replace('\n', "\r");
    if !screen.modes().bracketed_paste {
        return lines.into_bytes();
    }
    let inside: String = lines.chars().filter(|c| !matches!(c, '\x1b' | '\x03')).collect();
    format!("{}{inside}{}", PASTE.0, PASTE.1).into_bytes()
}
