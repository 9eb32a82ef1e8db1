//! Opening and saving.

use egui::vec2;
use egui_kittest::{Harness, kittest::Queryable};
use hopscope::{
    model::{
        command::{Command, File, FolderEntry, View},
        state::{Dialog, Folder},
    },
    window::panels::dialogs,
};

use super::bench::{Bench, bench, drawn, picture};

fn opened(dialog: Dialog) -> Harness<'static, Bench> {
    let mut state = drawn("two-rooms-and-a-switch");
    state.dialog = Some(dialog);
    let entry = |name: &str, is_folder| FolderEntry { is_folder, name: name.into() };
    let entries = vec![
        entry("classes", true),
        entry("notes.txt", false),
        entry("seen.pcapng", false),
        entry("two-rooms-and-a-switch.toml", false),
    ];
    state.folder = Some(Folder { path: "/srv/ada/labs".into(), entries, trouble: None });
    bench(vec2(1024.0, 640.0), state, dialogs::show)
}

fn done(file: File) -> [Command; 2] {
    [Command::View(View::Dialog(None)), Command::File(file)]
}

#[test]
fn a_file_is_opened_by_a_double_click() {
    let mut harness = opened(Dialog::Open);
    picture(&mut harness, "dialog-open");
    let at = harness.get_by_label("file seen.pcapng").rect().center();
    for _ in 0..2 {
        harness.drag_at(at);
        harness.drop_at(at);
    }
    harness.run();
    assert_eq!(harness.state().out, done(File::Open("/srv/ada/labs/seen.pcapng".into())));
}

#[test]
fn a_path_can_be_typed() {
    let mut harness = opened(Dialog::Open);
    harness.get_by_label("File name").type_text("/tmp/other.toml");
    harness.run();
    harness.key_press(egui::Key::Enter);
    harness.run();
    assert_eq!(harness.state().out, done(File::Open("/tmp/other.toml".into())));
}

#[test]
fn folders_are_walked() {
    let mut harness = opened(Dialog::Open);
    harness.get_by_label("To the folder above").click();
    harness.run();
    harness.get_by_label("File name").focus();
    harness.run();
    harness.get_by_label("File name").type_text("classes");
    harness.run();
    harness.key_press(egui::Key::Enter);
    harness.run();
    assert_eq!(
        harness.state().out,
        [
            Command::File(File::List("/srv/ada".into())),
            Command::File(File::List("/srv/ada/labs/classes".into())),
        ]
    );
}

#[test]
fn saving_over_a_file_is_said_before() {
    let mut harness = opened(Dialog::SaveLab);
    picture(&mut harness, "dialog-save");
    // The proposal is the lab's title, and such a file is there.
    harness.get_by_label("Replace").click();
    harness.run();
    assert_eq!(
        harness.state().out,
        done(File::SaveLabAs("/srv/ada/labs/two-rooms-and-a-switch.toml".into()))
    );
}

#[test]
fn an_ending_is_added() {
    let mut harness = opened(Dialog::SaveScript);
    harness.get_by_label("File name").focus();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.get_by_label("File name").type_text("mine");
    harness.run();
    harness.get_by_label("Save").click();
    harness.run();
    assert_eq!(harness.state().out, done(File::SaveScriptAs("/srv/ada/labs/mine.sh".into())));
}
