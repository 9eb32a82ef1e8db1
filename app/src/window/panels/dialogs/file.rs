//! Files: which one to open, where to save.

use std::path::{Path, PathBuf};

use egui::{Id, Key, Ui};

use super::{close, footer, heading};
use crate::{
    model::{
        command::{Command, File},
        state::{Folder, State},
    },
    window::widgets::{entry::Entry, icon::Icon, lettering, push::Push, segmented},
};

mod listing;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Open,
    SaveLab,
    SaveScript,
    SaveRecording,
}

/// What is being typed.
#[derive(Clone, Default)]
struct Typed {
    /// A name in the folder that is shown, or a whole path.
    name: String,
    /// Only the marked span is saved.
    only_span: bool,
}

impl Purpose {
    fn title(self) -> &'static str {
        match self {
            Self::Open => "Open a lab, a recording, a tutorial or a script",
            Self::SaveLab => "Save the lab",
            Self::SaveScript => "Save as a shell script",
            Self::SaveRecording => "Save what was seen",
        }
    }

    /// Which files fit; of a new one, the first.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Open => &["toml", "pcapng", "pcap", "md", "markdown", "sh", "bash", "txt"],
            Self::SaveLab => &["toml"],
            Self::SaveScript => &["sh"],
            Self::SaveRecording => &["pcapng"],
        }
    }

    fn saves(self) -> bool {
        self != Self::Open
    }
}

pub fn show(ui: &mut Ui, state: &State, purpose: Purpose, is_new: bool, out: &mut Vec<Command>) {
    let id = Id::unique("file dialog");
    let mut typed = if is_new {
        let name = if purpose.saves() { proposal(state, purpose) } else { String::new() };
        Typed { name, only_span: false }
    } else {
        ui.data(|data| data.get_temp(id)).unwrap_or_default()
    };
    ui.set_width(ui.max_rect().width().min(600.0));
    heading(ui, purpose.title());
    let folder = state.folder.as_ref();
    place(ui, folder, out);
    if let Some(asked) = listing::show(ui, folder, purpose.endings(), &mut typed.name) {
        go(folder, purpose, &typed, &asked, state, out);
    }
    ui.add_space(4.0);
    let entry = Entry::new(id.with("name"), "File name").hint("name or path");
    let field = entry.line(ui, &mut typed.name, None);
    if is_new {
        field.request_focus();
    }
    if purpose == Purpose::SaveRecording && state.span.is_some() {
        let options = [("everything", false), ("only the marked span", true)];
        if let Some(only) = segmented::show(ui, "Save", typed.only_span, &options) {
            typed.only_span = only;
        }
    }
    let target = target(folder, purpose, &typed.name);
    let replaces = purpose.saves() && target.as_deref().is_some_and(|path| exists(folder, path));
    if replaces {
        let words = "There is a file of this name already; saving replaces it.";
        ui.label(lettering::bad(words, ui));
    }
    let mut go_on = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    footer(ui, |ui| {
        let words = match (purpose.saves(), replaces) {
            (false, _) => "Open",
            (true, false) => "Save",
            (true, true) => "Replace",
        };
        go_on |= Push::new(words).primary().enabled(target.is_some()).show(ui).clicked();
        if Push::new("Cancel").quiet().show(ui).clicked() {
            close(out);
        }
    });
    if go_on && let Some(path) = target {
        go(folder, purpose, &typed, &path, state, out);
        if listing::is_folder(folder, &path) {
            typed.name.clear();
        }
    }
    ui.data_mut(|data| data.insert_temp(id, typed));
}

/// Which folder is shown, and the way out of it.
fn place(ui: &mut Ui, folder: Option<&Folder>, out: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let parent = folder.and_then(|folder| folder.path.parent());
        let up = Push::icon_only("To the folder above", Icon::Up).enabled(parent.is_some());
        if up.show(ui).clicked()
            && let Some(parent) = parent
        {
            out.push(Command::File(File::List(parent.to_owned())));
        }
        let words = folder.map_or_else(|| "…".to_owned(), |folder| folder.path.display().to_string());
        ui.add(egui::Label::new(lettering::code(words, ui)).truncate());
    });
    ui.add_space(4.0);
}

/// Into a folder, or done.
fn go(
    folder: Option<&Folder>,
    purpose: Purpose,
    typed: &Typed,
    path: &Path,
    state: &State,
    out: &mut Vec<Command>,
) {
    if listing::is_folder(folder, path) {
        out.push(Command::File(File::List(path.to_owned())));
        return;
    }
    let path = path.to_owned();
    let span = state.span.filter(|_| typed.only_span).map(|(from, to)| {
        let pace = state.story.pace();
        (pace.wire_at(from), pace.wire_at(to))
    });
    close(out);
    out.push(Command::File(match purpose {
        Purpose::Open => File::Open(path),
        Purpose::SaveLab => File::SaveLabAs(path),
        Purpose::SaveScript => File::SaveScriptAs(path),
        Purpose::SaveRecording => File::SaveRecordingAs { path, span },
    }));
}

/// The path that is meant: in the folder that is shown, with an ending where it needs one.
fn target(folder: Option<&Folder>, purpose: Purpose, name: &str) -> Option<PathBuf> {
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    let path = folder.map_or_else(|| PathBuf::from(name), |folder| folder.path.join(name));
    if !purpose.saves() || listing::is_folder(folder, &path) || path.extension().is_some() {
        return Some(path);
    }
    Some(path.with_extension(purpose.endings()[0]))
}

fn exists(folder: Option<&Folder>, path: &Path) -> bool {
    let Some(folder) = folder.filter(|folder| path.parent() == Some(folder.path.as_path())) else {
        return false;
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder.entries.iter().any(|entry| !entry.is_folder && entry.name == name)
}

/// A name for a new file: the one that it has, or the lab's title in small letters.
fn proposal(state: &State, purpose: Purpose) -> String {
    let stem = match state.draft.path.as_ref().and_then(|path| path.file_stem()) {
        Some(stem) => stem.to_string_lossy().into_owned(),
        None => slug(&state.lab().title),
    };
    format!("{stem}.{}", purpose.endings()[0])
}

fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "lab".into() } else { slug }
}
