//! The page itself: laid out once for each width, and painted where it is in sight.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use egui::{Id, Rect, ScrollArea, Ui, pos2, vec2};

use super::{
    code, ending,
    flow::{self, Body, Piece, pieces},
    follow::{Follow, Spot},
    part::{Laid, Pressed},
    pen::Pen,
    prose,
};
use crate::{
    model::{command::Command, walk::Tutorial},
    tutorial::document::Document,
    window::theme::{self, Theme},
};

/// Points between the page and the panel's edges.
const MARGIN: f32 = 20.0;
/// So much text is laid out in one frame; of a page that is longer, the rest follows in the next ones.
const AT_ONCE: usize = 96 << 10;

#[derive(Default)]
struct Sheet {
    document: Option<Arc<Document>>,
    theme: Option<&'static Theme>,
    width: f32,
    pieces: Vec<Piece>,
    laid: Vec<Place>,
    height: f32,
    /// Commands whose output is shown.
    open: BTreeSet<usize>,
    follow: Follow,
    offset: f32,
    /// What stands at the upper edge, and how much of it is above.
    anchor: Option<(usize, f32)>,
}

#[derive(Clone, Debug, Default)]
struct Place {
    top: f32,
    laid: Option<Laid>,
    /// What it was laid out for; changes with how its commands stand.
    print: u64,
}

pub fn show(ui: &mut Ui, tutorial: &Tutorial, out: &mut Vec<Command>) {
    let id = Id::unique("the page");
    let kept: Arc<Mutex<Sheet>> =
        ui.data_mut(|data| data.get_temp_mut_or_default::<Arc<Mutex<Sheet>>>(id).clone());
    let mut sheet = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let room = ui.available_width();
    let theme = theme::of(ui.ctx());
    let width = (room - 2.0 * MARGIN).min(theme::size::PAGE_TEXT * theme.text_scale).max(120.0);
    let left = ((room - width) / 2.0).max(MARGIN);
    sheet.renew(ui, tutorial, theme, width);
    sheet.lay_out(ui, tutorial);
    let mut pressed = Pressed::default();
    let mut area = ScrollArea::vertical().id_salt(("page", address(tutorial))).auto_shrink(false);
    if let Some(offset) = sheet.kept_offset() {
        area = area.vertical_scroll_offset(offset);
    }
    let shown = area.show_viewport(ui, |ui, viewport| {
        // As wide as it is: a wider one would widen the panel with every frame.
        ui.set_min_height(sheet.height);
        let origin = ui.max_rect().min + vec2(left, 0.0);
        sheet.paint(ui, id, origin, viewport, &mut pressed);
        let Sheet { follow, laid, pieces, .. } = &mut *sheet;
        let place = |command: usize| place_of(laid, pieces, command);
        follow.look(ui, tutorial, viewport, place, origin);
    });
    sheet.remember(shown.state.clamped_offset().y);
    out.append(&mut pressed.commands);
    for command in pressed.folds {
        if !sheet.open.remove(&command) {
            sheet.open.insert(command);
        }
        ui.ctx().request_repaint();
    }
}

fn address(tutorial: &Tutorial) -> usize {
    Arc::as_ptr(tutorial.document()) as usize
}

/// Small pictures in the text that none of our fonts has: nothing is better than an empty box.
fn lacking(ui: &Ui, document: &Document, theme: &Theme) -> BTreeSet<char> {
    let font = theme.font(theme::text::READ);
    let mut found = BTreeSet::new();
    flow::each_char(&document.blocks, &mut |c| {
        if prose::is_picture(c) {
            found.insert(c);
        }
    });
    found.retain(|c| !ui.fonts_mut(|fonts| fonts.has_glyph(&font, *c)));
    found
}

fn place_of(laid: &[Place], pieces: &[Piece], command: usize) -> Option<Spot> {
    let holds = |piece: &Piece| matches!(&piece.body, Body::Code(code) if code.commands.contains(&command));
    let place = laid.get(pieces.iter().position(holds)?)?;
    let block = place.laid.as_ref()?;
    let (_, rect) = block.commands.iter().find(|(index, _)| *index == command)?;
    Some(Spot { command: rect.translate(vec2(0.0, place.top)), block_bottom: place.top + block.height })
}

impl Sheet {
    /// Another page, another look or another width: all is laid out anew.
    fn renew(&mut self, ui: &Ui, tutorial: &Tutorial, theme: &'static Theme, width: f32) {
        let document = tutorial.document();
        let is_same = self.document.as_ref().is_some_and(|known| Arc::ptr_eq(known, document));
        if !is_same {
            *self = Self { document: Some(document.clone()), ..Self::default() };
        }
        let has_look = self.theme.is_some_and(|known| std::ptr::eq(known, theme));
        if !is_same || !has_look {
            self.pieces = pieces(document, theme, &lacking(ui, document, theme));
            self.theme = Some(theme);
        }
        if !is_same || !has_look || self.width != width {
            self.laid = vec![Place::default(); self.pieces.len()];
            self.width = width;
        }
    }

    fn lay_out(&mut self, ui: &Ui, tutorial: &Tutorial) {
        let mut budget = AT_ONCE;
        let (mut y, mut below) = (8.0, 0.0);
        let end = ending::of(tutorial);
        for (piece, place) in self.pieces.iter().zip(&mut self.laid) {
            let print = match &piece.body {
                Body::Code(code) => code::fingerprint(tutorial, code, &self.open),
                Body::Ending => end as u64,
                _ => 0,
            };
            let scale = self.theme.map_or(1.0, |theme| theme.text_scale);
            let width = (self.width - piece.indent * scale).max(80.0);
            if (place.laid.is_none() || place.print != print) && 0 < budget {
                budget = budget.saturating_sub(piece.weight() + 64);
                place.laid = Some(match &piece.body {
                    Body::Code(code) => code::lay_out(Pen::new(ui), tutorial, code, &self.open, width),
                    Body::Ending => ending::lay_out(Pen::new(ui), tutorial, end, width),
                    _ => piece.lay_out(Pen::new(ui), width).unwrap_or_default(),
                });
                place.print = print;
            }
            let height = place.laid.as_ref().map_or_else(|| piece.guess(width), |laid| laid.height);
            // What is not there takes no room.
            let gap = if height == 0.0 { 0.0 } else { f32::max(below, piece.above) };
            y += if y == 8.0 { 0.0 } else { gap };
            place.top = y.round();
            y += height;
            below = if height == 0.0 { below } else { piece.below };
        }
        self.height = y + 32.0;
        if budget == 0 {
            ui.ctx().request_repaint();
        }
    }

    /// The offset at which what was at the upper edge still is there, where that moved.
    fn kept_offset(&self) -> Option<f32> {
        let (index, above) = self.anchor?;
        let offset = self.laid.get(index)?.top + above;
        (0.5 < (offset - self.offset).abs()).then_some(offset.max(0.0))
    }

    fn remember(&mut self, offset: f32) {
        self.offset = offset;
        let first = self.laid.partition_point(|place| place.top <= offset).checked_sub(1);
        self.anchor = first.and_then(|index| Some((index, offset - self.laid.get(index)?.top)));
    }

    fn paint(&self, ui: &mut Ui, id: Id, origin: egui::Pos2, viewport: Rect, pressed: &mut Pressed) {
        let first = self.laid.partition_point(|place| place.top <= viewport.top()).saturating_sub(1);
        for (index, place) in self.laid.iter().enumerate().skip(first) {
            if viewport.bottom() < place.top {
                break;
            }
            let (Some(piece), Some(laid), Some(theme)) = (self.pieces.get(index), &place.laid, self.theme)
            else {
                continue;
            };
            let indent = piece.indent * theme.text_scale;
            let corner = origin + vec2(indent, place.top);
            self.rails(ui, index, origin);
            if let Some(marker) = &piece.marker {
                let font = theme.font(theme::text::READ);
                let galley = ui.painter().layout_no_wrap(marker.clone(), font, theme.mute);
                let line = theme::text::READ_LINE * theme.text_scale;
                let at = pos2(corner.x - 8.0 - galley.size().x, corner.y + (line - galley.size().y) / 2.0);
                ui.painter().galley(at, galley, theme.mute);
            }
            laid.show(ui, corner, id.with(index), pressed);
        }
    }

    /// The bars of quotes, through the gaps between what is quoted.
    fn rails(&self, ui: &Ui, index: usize, origin: egui::Pos2) {
        let (Some(piece), Some(place), Some(theme)) =
            (self.pieces.get(index), self.laid.get(index), self.theme)
        else {
            return;
        };
        let bottom = place.top + place.laid.as_ref().map_or(0.0, |laid| laid.height);
        for (depth, rail) in piece.rails.iter().enumerate() {
            let next = self.pieces.get(index + 1).zip(self.laid.get(index + 1));
            let goes_on = next.filter(|(next, _)| next.rails.get(depth) == Some(rail));
            let bottom = goes_on.map_or(bottom, |(_, next)| next.top);
            let x = origin.x + rail * theme.text_scale;
            let bar = Rect::from_min_max(pos2(x, origin.y + place.top), pos2(x + 3.0, origin.y + bottom));
            ui.painter().rect_filled(bar, 1.5, theme.line);
        }
    }
}
