//! The page to start from.

use egui::vec2;
use egui_kittest::kittest::Queryable;
use hopscope::{
    model::{
        command::{Command, File, View},
        state::Dialog,
    },
    tutorial::ready,
    window::panels::home,
};

use super::bench::{bench, drawn, picture};

#[test]
fn each_lab_is_a_card() {
    for width in [1024.0, 1440.0] {
        let mut state = drawn("two-rooms-and-a-switch");
        state.settings.recent = vec!["/srv/ada/labs/ring.toml".into(), "/srv/ada/seen.pcapng".into()];
        let mut harness = bench(vec2(width, 852.0), state, home::show);
        picture(&mut harness, &format!("home-{width}"));
        harness.get_by_label("Two rooms and a cable").click();
        harness.run();
        harness.get_by_label("Open a lab or a recording…").click();
        harness.run();
        harness.get_by_label("New lab").click();
        harness.run();
        harness.get_by_label("A cable by hand").click();
        harness.run();
        assert_eq!(
            harness.state().out,
            [
                Command::File(File::OpenReady("two-rooms-and-a-cable")),
                Command::View(View::Dialog(Some(Dialog::Open))),
                Command::File(File::New),
                Command::File(File::OpenReadyPage("a-cable-by-hand")),
            ]
        );
    }
}

#[test]
fn cards_are_reached_by_key() {
    let mut harness = bench(vec2(1024.0, 640.0), drawn("two-rooms-and-a-switch"), home::show);
    // Three buttons, the ready tutorials and the way to others come first.
    for _ in 0..3 + ready::PAGES.len() + 2 {
        harness.key_press(egui::Key::Tab);
        harness.run();
    }
    harness.key_press(egui::Key::Enter);
    harness.run();
    assert_eq!(harness.state().out, [Command::File(File::OpenReady("two-rooms-and-a-switch"))]);
}
