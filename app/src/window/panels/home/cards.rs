//! The ready labs, each with a small picture.

use std::sync::Arc;

use egui::{Id, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use topology::{Lab, ready};

use crate::{
    model::{
        command::{Command, File},
        draft::Draft,
        stage::{
            layout::{Layout, Lines},
            scene::{Scene, scene},
        },
        state::{Settings, State},
    },
    window::{
        paint,
        theme::{self, Theme},
    },
};

const GAP: f32 = 16.0;
/// In points; cards share what there is, and are never narrower.
const NARROWEST: f32 = 250.0;
const PICTURE: f32 = 150.0;
const WORDS: f32 = 136.0;

/// A ready lab with what is painted of it, made once.
struct Card {
    name: &'static str,
    lab: Lab,
    scene: Scene,
}

/// In rows, as many beside each other as there is room for.
pub fn show(ui: &mut Ui, out: &mut Vec<Command>) {
    let cards = cards(ui);
    let room = ui.available_width();
    let columns = ((room + GAP) / (NARROWEST + GAP)).floor().clamp(1.0, 4.0);
    let width = (room - GAP * (columns - 1.0)) / columns;
    let columns = columns as usize;
    let rows = cards.len().div_ceil(columns);
    let height = PICTURE + WORDS * theme::of(ui.ctx()).text_scale;
    let whole = vec2(room, rows as f32 * (height + GAP) - GAP);
    let (area, _) = ui.allocate_exact_size(whole, Sense::hover());
    for (i, card) in cards.iter().enumerate() {
        let (row, column) = (i / columns, i % columns);
        let corner = area.min + vec2(column as f32 * (width + GAP), row as f32 * (height + GAP));
        one(ui, Rect::from_min_size(corner, vec2(width, height)), card, out);
    }
}

fn cards(ui: &Ui) -> Arc<Vec<Card>> {
    let id = Id::unique("cards of the ready labs");
    if let Some(cards) = ui.data(|data| data.get_temp(id)) {
        return cards;
    }
    let cards = ready::LABS.iter().map(|ready| {
        let lab = ready.lab();
        let mut state = State::new(Settings::default());
        state.draft = Draft::new(lab.clone());
        let scene = scene(&state, Arc::new(Layout::of(&lab, &Lines::default())));
        Card { name: ready.name, lab, scene }
    });
    let cards = Arc::new(cards.collect::<Vec<_>>());
    ui.data_mut(|data| data.insert_temp(id, cards.clone()));
    cards
}

fn one(ui: &mut Ui, rect: Rect, card: &Card, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let response = ui.interact(rect, Id::unique(("ready lab", card.name)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &card.lab.title));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.clicked() {
        out.push(Command::File(File::OpenReady(card.name)));
    }
    if ui.is_rect_visible(rect) {
        let touched = response.hovered() || response.has_focus();
        let edge = if touched { theme.accent } else { theme.line };
        ui.painter().rect(rect, 12.0, theme.panel, (1.0, edge), StrokeKind::Inside);
        let picture = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + PICTURE)).shrink(1.0);
        let upper = egui::CornerRadius { nw: 11, ne: 11, sw: 0, se: 0 };
        ui.painter().rect_filled(picture, upper, theme.stage);
        paint::thumbnail(&ui.painter().with_clip_rect(picture), picture.shrink(12.0), &card.scene, theme);
        ui.painter().hline(rect.x_range().shrink(1.0), picture.bottom(), (1.0, theme.line));
        words(
            ui,
            Rect::from_min_max(pos2(rect.left(), picture.bottom()), rect.max).shrink(14.0),
            card,
            theme,
        );
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand);
}

fn words(ui: &Ui, rect: Rect, card: &Card, theme: &Theme) {
    let painter = ui.painter().with_clip_rect(rect.expand(4.0));
    let line = |text: &str, font, colour, rows: usize| {
        let mut job = egui::text::LayoutJob::simple(text.to_owned(), font, colour, rect.width());
        job.wrap.max_rows = rows;
        painter.layout_job(job)
    };
    let mut y = rect.top();
    let small = theme.font(theme::text::SMALL);
    for (text, font, colour, rows) in [
        (&card.lab.title, theme.semibold(theme::text::BODY + 1.0), theme.text, 1),
        (&card.lab.about, small.clone(), theme.mute, 2),
        (&format!("Try: {}", card.lab.try_this), small, theme.text, 3),
    ] {
        let galley = line(text, font, colour, rows);
        let height = galley.size().y;
        painter.galley(pos2(rect.left(), y), galley, colour);
        y += height + 5.0;
    }
}
