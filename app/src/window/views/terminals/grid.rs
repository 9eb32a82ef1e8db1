//! One terminal: painted, and given what hand and keyboard do.

use egui::{
    Color32, CornerRadius, FontFamily, FontId, Id, Mesh, Painter, Rect, Sense, Shape, StrokeKind, Ui,
    WidgetInfo, accesskit::Role, pos2, vec2,
};

use super::{
    boxes,
    glyphs::{self, Odd, Row, Stroke},
    hand, id, name_of,
    paper::{BAR, Paper},
    typing,
};
use crate::{
    model::{
        command::{Command, Pick, Terminal as Wish},
        state::{State, Terminal},
    },
    terminal::screen::{Cursor, CursorShape, Link, Screen},
    window::theme,
};

pub fn show(ui: &mut Ui, state: &State, terminal: &Terminal, out: &mut Vec<Command>) {
    let rect = ui.available_rect_before_wrap();
    if rect.width() < 2.0 * BAR || rect.height() < BAR {
        return;
    }
    let paper = Paper::of(ui, rect);
    if paper.size() != terminal.size || paper.size() != state.terminal_size {
        out.push(Command::Terminal(Wish::Resize(terminal.id, paper.size())));
    }
    let response = ui.interact(rect, id(), Sense::click_and_drag());
    let name = format!("terminal {}", name_of(state, terminal));
    response.widget_info(|| WidgetInfo::labeled(Role::Terminal, true, &name));
    ui.ctx().accesskit_node_builder(id(), |node| node.set_value(terminal.screen.text()));
    focus_when_wanted(ui, state);
    let has_focus = response.has_focus();
    let link = hand::take(ui, terminal, &paper, &response, out);
    if has_focus && state.dialog.is_none() && state.in_place.is_none() {
        typing::take(ui, terminal, out);
        tell_input_method(ui, terminal, &paper);
    }
    paint(ui, terminal, &paper, has_focus, link.as_ref());
    scroll_bar(ui, terminal, &paper, out);
    response.context_menu(|ui| menu(ui, terminal, out));
    if let Some(link) = link {
        response.on_hover_text_at_pointer(format!("Ctrl+click opens {}", link.address));
    }
}

/// Somebody has asked for this terminal, and wants to type.
fn focus_when_wanted(ui: &Ui, state: &State) {
    let kept = Id::unique("wishes to type into a terminal");
    let seen = ui.data(|data| data.get_temp::<u64>(kept)).unwrap_or(0);
    if seen != state.terminal_wants_focus {
        ui.data_mut(|data| data.insert_temp(kept, state.terminal_wants_focus));
        ui.memory_mut(|memory| memory.request_focus(id()));
    }
}

/// Where what is being composed is to be shown.
fn tell_input_method(ui: &Ui, terminal: &Terminal, paper: &Paper) {
    let Some(cursor) = terminal.screen.cursor() else { return };
    let cursor_rect = paper.cells(cursor.row, cursor.column..cursor.column + 1);
    ui.output_mut(|output| {
        output.ime = Some(egui::output::IMEOutput {
            purpose: egui::IMEPurpose::Terminal,
            rect: paper.rect,
            cursor_rect,
            should_interrupt_composition: false,
        });
    });
}

fn menu(ui: &mut Ui, terminal: &Terminal, out: &mut Vec<Command>) {
    let offer = |ui: &mut Ui, words: &str, key: &str, can: bool| {
        let clicked = ui.add_enabled(can, egui::Button::new(words).shortcut_text(key)).clicked();
        if clicked {
            ui.close();
        }
        clicked
    };
    let has_picked = terminal.screen.picked_text().is_some();
    if offer(ui, "Copy", "Ctrl+Shift+C", has_picked) {
        out.push(Command::Terminal(Wish::Copy(terminal.id)));
    }
    if offer(ui, "Paste", "Ctrl+Shift+V", terminal.ended.is_none()) {
        ui.memory_mut(|memory| memory.request_focus(id()));
        typing::ask_clipboard(ui);
    }
    if offer(ui, "Select all", "", true) {
        out.push(Command::Terminal(Wish::Pick(terminal.id, Pick::All)));
    }
    ui.separator();
    if offer(ui, "Another terminal here", "", terminal.ended.is_none()) {
        out.push(Command::Terminal(Wish::Open(terminal.opened_in.clone())));
    }
    if offer(ui, "Close", "", true) {
        out.push(Command::Terminal(Wish::Close(terminal.id)));
    }
}

/// From the back to the front: fills, what is selected, letters, lines, the cursor.
fn paint(ui: &Ui, terminal: &Terminal, paper: &Paper, has_focus: bool, link: Option<&Link>) {
    let theme = theme::of(ui.ctx());
    let painter = ui.painter_at(paper.rect);
    painter.rect_filled(paper.rect, 0.0, theme.paper());
    let screen = &terminal.screen;
    glyphs::ready(ui, terminal.id, screen, paper, |rows| {
        let mut under = Mesh::default();
        for (row, ready) in rows.iter().enumerate() {
            for (columns, fill) in &ready.fills {
                under.add_colored_rect(paper.cells(row, columns.clone()), *fill);
            }
            if let Some(columns) = screen.picked_columns(row) {
                under.add_colored_rect(paper.cells(row, columns), theme.terminal_selection());
            }
        }
        painter.add(under);
        let (mut over, mut shapes) = (Mesh::default(), Vec::new());
        for (row, ready) in rows.iter().enumerate() {
            letters(&painter, paper, row, ready);
            lines(&mut over, &mut shapes, paper, row, ready);
        }
        for (row, columns) in link.iter().flat_map(|link| &link.places) {
            let place = paper.cells(*row, columns.clone());
            over.add_colored_rect(line_in(place, 0.92, paper.pixel), theme.accent);
        }
        painter.add(over);
        painter.extend(shapes);
    });
    if let Some(cursor) = screen.cursor() {
        paint_cursor(&painter, screen, paper, cursor, has_focus, theme);
    }
}

fn letters(painter: &Painter, paper: &Paper, row: usize, ready: &Row) {
    if !ready.letters.is_empty() {
        let galley = painter.layout_job(ready.letters.clone());
        painter.galley(paper.corner(row, 0), galley, Color32::PLACEHOLDER);
    }
    for odd in &ready.odd {
        paint_odd(painter, paper, row, odd);
    }
}

/// In the middle of its cells, and no larger than they are.
fn paint_odd(painter: &Painter, paper: &Paper, row: usize, odd: &Odd) {
    let cells = paper.cells(row, odd.columns.clone());
    let laid = |size: f32| {
        let format = egui::text::TextFormat {
            font_id: FontId::new(size, odd.font.family.clone()),
            color: odd.ink,
            italics: odd.italic,
            line_height: Some(paper.cell.y),
            ..Default::default()
        };
        painter.layout_job(egui::text::LayoutJob::single_section(odd.text.clone(), format))
    };
    let usual = laid(odd.font.size);
    let galley = if cells.width() + paper.pixel < usual.size().x {
        laid(odd.font.size * cells.width() / usual.size().x)
    } else {
        usual
    };
    let corner = cells.center() - galley.size() / 2.0;
    painter.with_clip_rect(cells.expand(1.0).intersect(painter.clip_rect())).galley(
        pos2(corner.x, cells.top()),
        galley,
        odd.ink,
    );
}

fn lines(over: &mut Mesh, shapes: &mut Vec<Shape>, paper: &Paper, row: usize, ready: &Row) {
    for (column, c, ink) in &ready.boxes {
        let cell = paper.cells(row, *column..column + 1);
        let mut brush = boxes::Brush { mesh: over, shapes, pixel: paper.pixel };
        boxes::paint(&mut brush, cell, *c, *ink);
    }
    for (columns, stroke, ink) in &ready.strokes {
        let share = if *stroke == Stroke::Under { 0.92 } else { 0.55 };
        over.add_colored_rect(line_in(paper.cells(row, columns.clone()), share, paper.pixel), *ink);
    }
}

/// A line through cells, so far down, on whole pixels.
fn line_in(cells: Rect, share: f32, pixel: f32) -> Rect {
    let y = ((cells.top() + cells.height() * share) / pixel).floor() * pixel;
    let thick = (cells.height() / 17.0 / pixel).round().max(1.0) * pixel;
    Rect::from_min_size(pos2(cells.left(), y.min(cells.bottom() - thick)), vec2(cells.width(), thick))
}

/// Filled where it has the keyboard, an outline elsewhere. It does not blink: that would draw the window for ever.
fn paint_cursor(
    painter: &Painter,
    screen: &Screen,
    paper: &Paper,
    cursor: Cursor,
    has_focus: bool,
    theme: &theme::Theme,
) {
    let wide = if cursor.is_wide { 2 } else { 1 };
    let cells = paper.cells(cursor.row, cursor.column..cursor.column + wide);
    let (fill, ink) = theme.terminal_cursor();
    if !has_focus {
        let stroke = egui::Stroke::new(paper.pixel, theme.mute);
        painter.rect_stroke(cells, CornerRadius::ZERO, stroke, StrokeKind::Inside);
        return;
    }
    let thick = (2.0 * paper.pixel).max(1.5);
    match cursor.shape {
        CursorShape::Bar => {
            let bar = Rect::from_min_size(cells.min, vec2(thick, cells.height()));
            painter.rect_filled(bar, CornerRadius::ZERO, fill);
        }
        CursorShape::Underline => {
            let line = Rect::from_min_max(pos2(cells.left(), cells.bottom() - thick), cells.max);
            painter.rect_filled(line, CornerRadius::ZERO, fill);
        }
        CursorShape::Block => {
            painter.rect_filled(cells, CornerRadius::ZERO, fill);
            let Some(under) = screen.row(cursor.row).nth(cursor.column) else { return };
            if under.character != ' ' && !under.hidden {
                let text = std::iter::once(under.character).chain(under.marks).collect();
                let columns = cursor.column..cursor.column + wide;
                let font = FontId::new(paper.font_size, FontFamily::Monospace);
                paint_odd(
                    painter,
                    paper,
                    cursor.row,
                    &Odd { columns, text, font, ink, italic: under.italic },
                );
            }
        }
    }
}

/// Only where there is something to scroll to.
fn scroll_bar(ui: &Ui, terminal: &Terminal, paper: &Paper, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let scrolled = terminal.screen.scrolled();
    let hidden = scrolled.above + scrolled.below;
    if hidden == 0 {
        return;
    }
    let track = Rect::from_min_max(pos2(paper.rect.right() - BAR, paper.rect.top()), paper.rect.max);
    let response = ui.interact(track, Id::unique("scroll bar of a terminal"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, "Scroll the terminal"));
    let all = (hidden + terminal.screen.rows()) as f32;
    let length = (track.height() * terminal.screen.rows() as f32 / all).max(24.0);
    let travel = (track.height() - length).max(1.0);
    let top = track.top() + travel * scrolled.above as f32 / hidden as f32;
    let is_held = response.dragged() || response.hovered();
    let width = if is_held { 6.0 } else { 4.0 };
    let handle = Rect::from_min_size(pos2(track.right() - width - 2.0, top), vec2(width, length));
    let ink = if is_held { theme.faint } else { theme.line };
    ui.painter_at(paper.rect).rect_filled(handle, CornerRadius::same(3), ink);
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked()) {
        let above = (at.y - length / 2.0 - track.top()) / travel * hidden as f32;
        let lines = scrolled.above as f32 - above.clamp(0.0, hidden as f32);
        if 0.5 < lines.abs() {
            out.push(Command::Terminal(Wish::Scroll(terminal.id, lines.round() as i32)));
        }
    }
}
