//! What a folder holds.

use std::path::{Path, PathBuf};

use egui::{Color32, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::{
    model::{command::FolderEntry, state::Folder},
    window::{
        theme,
        widgets::{
            icon::{self, Icon},
            lettering,
        },
    },
};

const ROW: f32 = 26.0;

/// A click puts an entry's name into `name`; a double click, or Enter, asks for its path.
pub fn show(ui: &mut Ui, folder: Option<&Folder>, endings: &[&str], name: &mut String) -> Option<PathBuf> {
    let theme = theme::of(ui.ctx());
    let height = (ui.max_rect().height() - 250.0).clamp(120.0, 320.0);
    let mut asked = None;
    egui::Frame::new().fill(theme.app).stroke((1.0, theme.line)).corner_radius(8).inner_margin(4).show(
        ui,
        |ui| {
            ui.set_width(ui.available_width());
            ui.set_height(height);
            let Some(folder) = folder else {
                ui.label(lettering::muted("Looking…", ui));
                return;
            };
            if let Some(trouble) = &folder.trouble {
                ui.label(lettering::bad(trouble, ui));
            }
            let shown: Vec<&FolderEntry> =
                folder.entries.iter().filter(|entry| !entry.name.starts_with('.')).collect();
            if shown.is_empty() && folder.trouble.is_none() {
                ui.label(lettering::muted("Nothing is in here.", ui));
            }
            let area = ScrollArea::vertical().auto_shrink(false);
            ui.spacing_mut().item_spacing.y = 0.0;
            area.show_rows(ui, ROW, shown.len(), |ui, rows| {
                for entry in shown.get(rows).unwrap_or_default() {
                    let fits = entry.is_folder || fits(&entry.name, endings);
                    let response = line(ui, entry, *name == entry.name, fits);
                    // Enter on a line that has the keyboard clicks it, too.
                    let by_key =
                        response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                    if response.double_clicked() || by_key {
                        asked = Some(folder.path.join(&entry.name));
                    } else if response.clicked() && !entry.is_folder {
                        name.clone_from(&entry.name);
                    }
                }
            });
        },
    );
    if asked.as_ref().is_some_and(|path| is_folder(folder, path)) {
        name.clear();
    }
    asked
}

/// The folder that is shown, one of those in it, or what is written like one.
pub fn is_folder(folder: Option<&Folder>, path: &Path) -> bool {
    if path.as_os_str().to_string_lossy().ends_with('/') {
        return true;
    }
    let Some(folder) = folder else { return false };
    let is_among = |entry: &FolderEntry| entry.is_folder && folder.path.join(&entry.name) == path;
    folder.path == path || folder.path.parent() == Some(path) || folder.entries.iter().any(is_among)
}

fn fits(name: &str, endings: &[&str]) -> bool {
    let ending = Path::new(name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

fn line(ui: &mut Ui, entry: &FolderEntry, is_chosen: bool, fits: bool) -> Response {
    let theme = theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let role = if entry.is_folder { "folder" } else { "file" };
    response.widget_info(|| {
        WidgetInfo::selected(Role::Button, true, is_chosen, format!("{role} {}", entry.name))
    });
    let fill = if is_chosen || response.has_focus() || response.hovered() {
        theme.raise
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, 6.0, fill);
    let ink = if fits { theme.text } else { theme.faint };
    let sign = if entry.is_folder { Icon::Folder } else { Icon::Page };
    let colour = if entry.is_folder { theme.accent } else { ink };
    icon::paint(ui.painter(), icon::square(pos2(rect.left() + 16.0, rect.center().y), 15.0), sign, colour);
    let galley = lettering::cut(ui, &entry.name, theme.font(theme::text::BODY), ink, rect.width() - 44.0);
    ui.painter().galley(pos2(rect.left() + 32.0, rect.center().y - galley.size().y / 2.0), galley, ink);
    response
}
