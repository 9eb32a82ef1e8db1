//! What the pointer does on a terminal: selects, scrolls, opens links, pastes.

use egui::{CursorIcon, Id, Key, OpenUrl, PointerButton, Response, Ui};

use super::{id, paper::Paper, typing};
use crate::{
    model::{
        command::{Command, Pick, Terminal as Wish},
        state::Terminal,
    },
    terminal::screen::{Link, PickKind},
};

/// Points of the wheel that are a line.
const WHEEL_PER_LINE: f32 = 17.0;
const MOST_LINES: f32 = 200.0;

/// Turns it into commands; gives the link under the pointer.
pub fn take(
    ui: &Ui,
    terminal: &Terminal,
    paper: &Paper,
    response: &Response,
    out: &mut Vec<Command>,
) -> Option<Link> {
    if response.contains_pointer() && ui.input(|input| input.pointer.any_pressed()) {
        ui.memory_mut(|memory| memory.request_focus(id()));
    }
    let rows = terminal.screen.rows();
    let hovered = response.hover_pos().map(|at| paper.spot(at, rows));
    let link = hovered.and_then(|at| terminal.screen.link_at(at.row, at.column));
    point(ui, response, link.is_some());
    select(ui, terminal, paper, response, link.as_ref(), out);
    wheel(ui, terminal, response, out);
    if response.clicked_by(PointerButton::Middle) {
        // As on X11: what is selected here, else what was copied anywhere.
        match terminal.screen.picked_text() {
            Some(text) => {
                let bytes = typing::pasted(&terminal.screen, &text);
                out.push(Command::Terminal(Wish::Type(terminal.id, bytes)));
            }
            None => typing::ask_clipboard(ui),
        }
    }
    link
}

fn point(ui: &Ui, response: &Response, is_link: bool) {
    if response.hovered() {
        let opens = is_link && ui.input(|input| input.modifiers.command);
        ui.ctx().set_cursor_icon(if opens { CursorIcon::PointingHand } else { CursorIcon::Text });
    }
}

fn select(
    ui: &Ui,
    terminal: &Terminal,
    paper: &Paper,
    response: &Response,
    link: Option<&Link>,
    out: &mut Vec<Command>,
) {
    let rows = terminal.screen.rows();
    let mut pick = |pick| out.push(Command::Terminal(Wish::Pick(terminal.id, pick)));
    let Some(at) = response.interact_pointer_pos() else { return };
    let (held, origin) = ui.input(|input| (input.modifiers, input.pointer.press_origin()));
    let spot = paper.spot(at, rows);
    if response.drag_started_by(PointerButton::Primary) {
        pick(Pick::From(PickKind::Characters, paper.spot(origin.unwrap_or(at), rows)));
    }
    if response.dragged_by(PointerButton::Primary) || response.drag_stopped_by(PointerButton::Primary) {
        // Who drags beyond an edge wants to select what is there.
        let lines = i32::from(at.y < paper.rect.top()) - i32::from(paper.rect.bottom() < at.y);
        if lines != 0 && response.dragged() {
            ui.ctx().request_repaint();
        }
        let has_moved = ui.input(|input| input.pointer.delta() != egui::Vec2::ZERO);
        if has_moved || lines != 0 {
            pick(Pick::To(spot));
        }
        if lines != 0 {
            out.push(Command::Terminal(Wish::Scroll(terminal.id, lines)));
        }
    } else if response.triple_clicked_by(PointerButton::Primary) {
        pick(Pick::From(PickKind::Lines, spot));
    } else if response.double_clicked_by(PointerButton::Primary) {
        pick(Pick::From(PickKind::Words, spot));
    } else if response.clicked_by(PointerButton::Primary) {
        match link.filter(|_| held.command) {
            Some(link) => ui.ctx().open_url(OpenUrl::new_tab(&link.address)),
            None if held.shift => pick(Pick::To(spot)),
            None => pick(Pick::Nothing),
        }
    }
}

/// Where a program has the whole screen, the wheel is its arrow keys.
fn wheel(ui: &Ui, terminal: &Terminal, response: &Response, out: &mut Vec<Command>) {
    if !response.contains_pointer() {
        return;
    }
    let kept = Id::unique("wheel over a terminal");
    let moved = ui.input(|input| input.smooth_scroll_delta().y);
    if moved == 0.0 {
        return;
    }
    let sum = ui.data(|data| data.get_temp::<f32>(kept)).unwrap_or(0.0) + moved;
    let lines = (sum / WHEEL_PER_LINE).trunc().clamp(-MOST_LINES, MOST_LINES);
    ui.data_mut(|data| data.insert_temp(kept, sum - lines * WHEEL_PER_LINE));
    let modes = terminal.screen.modes();
    let lines = lines as i32;
    if lines == 0 {
        return;
    }
    if modes.wheel_is_arrows {
        let key = if 0 < lines { Key::ArrowUp } else { Key::ArrowDown };
        let bytes = super::keys::sent_by(key, egui::Modifiers::NONE, modes.application_cursor);
        let bytes = bytes.unwrap_or_default().repeat(lines.unsigned_abs() as usize);
        out.push(Command::Terminal(Wish::Type(terminal.id, bytes)));
    } else if !modes.alternate_screen {
        out.push(Command::Terminal(Wish::Scroll(terminal.id, lines)));
    }
}
