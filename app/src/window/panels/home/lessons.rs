//! Tutorials that come with the program, and the way to others.

use egui::{Id, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::{
    model::{
        command::{Command, File, View},
        state::Dialog,
    },
    tutorial::ready::{self, ReadyPage},
    window::{
        theme,
        widgets::icon::{self, Icon},
    },
};

const GAP: f32 = 16.0;
const NARROWEST: f32 = 250.0;
const HEIGHT: f32 = 96.0;

/// What a card stands for.
enum Lesson {
    Ready(&'static ReadyPage, String),
    /// One of one's own.
    Open,
}

/// In rows, as the ready labs above.
pub fn show(ui: &mut Ui, out: &mut Vec<Command>) {
    let lessons = lessons(ui);
    let room = ui.available_width();
    let columns = ((room + GAP) / (NARROWEST + GAP)).floor().clamp(1.0, 4.0);
    let width = (room - GAP * (columns - 1.0)) / columns;
    let height = HEIGHT * theme::of(ui.ctx()).text_scale;
    let rows = lessons.len().div_ceil(columns as usize) as f32;
    let (area, _) = ui.allocate_exact_size(vec2(room, rows * (height + GAP) - GAP), Sense::hover());
    for (i, lesson) in lessons.iter().enumerate() {
        let (row, column) = (i / columns as usize, i % columns as usize);
        let corner = area.min + vec2(column as f32 * (width + GAP), row as f32 * (height + GAP));
        one(ui, Rect::from_min_size(corner, vec2(width, height)), lesson, out);
    }
}

/// Titles stand in the pages themselves, which are read once.
fn lessons(ui: &Ui) -> Vec<Lesson> {
    let id = Id::unique("titles of the ready pages");
    let titles = ui.data(|data| data.get_temp::<Vec<String>>(id)).unwrap_or_else(|| {
        let titles: Vec<String> = ready::PAGES.iter().map(|page| page.document().title).collect();
        ui.data_mut(|data| data.insert_temp(id, titles.clone()));
        titles
    });
    let pages = ready::PAGES.iter().zip(titles).map(|(page, title)| Lesson::Ready(page, title));
    pages.chain([Lesson::Open]).collect()
}

fn one(ui: &mut Ui, rect: Rect, lesson: &Lesson, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let (title, about, sign, command) = match lesson {
        Lesson::Ready(page, title) => {
            (title.as_str(), page.about, Icon::Page, Command::File(File::OpenReadyPage(page.name)))
        }
        Lesson::Open => (
            "Open a tutorial or script…",
            "Any .md or .sh with ip commands in it: read it here, run it here, watch it here.",
            Icon::Folder,
            Command::View(View::Dialog(Some(Dialog::Open))),
        ),
    };
    let response = ui.interact(rect, Id::unique(("lesson", title)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.clicked() {
        out.push(command);
    }
    if ui.is_rect_visible(rect) {
        let touched = response.hovered() || response.has_focus();
        let edge = if touched { theme.accent } else { theme.line };
        ui.painter().rect(rect, 12.0, theme.panel, (1.0, edge), StrokeKind::Inside);
        let inner = rect.shrink(14.0);
        let square = icon::square(inner.min + vec2(8.0, 10.0), 16.0);
        icon::paint(ui.painter(), square, sign, theme.accent);
        let painter = ui.painter().with_clip_rect(inner.expand(4.0));
        let mut y = inner.top();
        for (text, font, ink, rows, indent) in [
            (title, theme.semibold(theme::text::BODY + 1.0), theme.text, 1, 26.0),
            (about, theme.font(theme::text::SMALL), theme.mute, 3, 0.0),
        ] {
            let width = inner.width() - indent;
            let mut job = egui::text::LayoutJob::simple(text.to_owned(), font, ink, width);
            job.wrap.max_rows = rows;
            let galley = painter.layout_job(job);
            let height = galley.size().y;
            painter.galley(pos2(inner.left() + indent, y), galley, ink);
            y += height + 7.0;
        }
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand);
}
