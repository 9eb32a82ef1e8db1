//! Menu, tools and transport.

use egui::{Rect, Ui, pos2, vec2};
use egui_kittest::kittest::Queryable;
use hopscope::{
    model::{
        command::{Command, Draw, File, Play, View},
        state::{Dialog, Live, State, Tool},
    },
    window::panels::{menu, tools, transport},
};

use super::bench::{Bench, bench, drawn, picture, running};

/// The three bars around an empty stage.
fn frame(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    egui::Panel::top("menu")
        .exact_size(menu::HEIGHT)
        .frame(egui::Frame::NONE)
        .show(ui, |ui| menu::show(ui, state, out));
    egui::Panel::bottom("transport")
        .exact_size(transport::HEIGHT)
        .frame(egui::Frame::NONE)
        .show(ui, |ui| transport::show(ui, state, out));
    egui::Panel::left("tools")
        .exact_size(tools::WIDTH)
        .frame(egui::Frame::NONE)
        .show(ui, |ui| tools::show(ui, state, out));
}

fn shown(width: f32, state: State) -> egui_kittest::Harness<'static, Bench> {
    bench(vec2(width, 480.0), state, frame)
}

#[test]
fn what_one_does_most_is_one_click() {
    let mut harness = shown(1440.0, running("two-rooms-and-a-switch"));
    for name in ["Ping", "Stop lab", "Record", "On a hop", "Back a hop", "Pause", "Follow live", "Switch"] {
        harness.get_by_label(name).click();
        harness.run();
    }
    assert_eq!(
        harness.state().out,
        [
            Command::Ping,
            Command::StopLab,
            Command::File(File::ToggleRecord),
            Command::Play(Play::NextHop),
            Command::Play(Play::PreviousHop),
            Command::Play(Play::Toggle),
            Command::Play(Play::FollowLive(false)),
            Command::Tool(Tool::Bridge),
        ]
    );
    picture(&mut harness, "bars-1440");
}

#[test]
fn a_menu_holds_the_bindings_of_its_group() {
    let mut harness = shown(1024.0, drawn("two-rooms-and-a-switch"));
    harness.get_by_label("File").click();
    harness.run();
    picture(&mut harness, "menu-file");
    harness.get_by_label("Open…").click();
    harness.run();
    assert_eq!(harness.state().out, [Command::View(View::Dialog(Some(Dialog::Open)))]);
    harness.get_by_label("View").click();
    harness.run();
    picture(&mut harness, "menu-view");
}

#[test]
fn the_speed_is_chosen_from_a_menu() {
    let mut harness = shown(1024.0, drawn("two-rooms-and-a-switch"));
    harness.get_by_label("Speed").click();
    harness.run();
    picture(&mut harness, "bars-1024");
    harness.get_by_label("speed ¼").click();
    harness.run();
    assert_eq!(harness.state().out, [Command::Play(Play::Speed(0.25))]);
}

#[test]
fn a_refusal_says_why_on_a_click() {
    let mut state = drawn("two-rooms-and-a-switch");
    state.live =
        Live::Refused { what: "no sandbox".into(), why: "forbidden".into(), mend: "allow it".into() };
    let mut harness = shown(1024.0, state);
    harness.get_by_label("cannot run here – why?").click();
    harness.run();
    assert_eq!(harness.state().out, [Command::View(View::Dialog(Some(Dialog::Refusal)))]);
    picture(&mut harness, "bars-refused");
}

#[test]
fn a_tool_can_be_dragged_out() {
    let mut harness = shown(1024.0, drawn("two-rooms-and-a-switch"));
    let from = harness.get_by_label("Room").rect().center();
    harness.drag_at(from);
    harness.step();
    harness.hover_at(from + vec2(60.0, 10.0));
    harness.step();
    harness.hover_at(pos2(400.0, 200.0));
    harness.step();
    let payload = egui::DragAndDrop::payload::<Tool>(&harness.ctx);
    assert_eq!(payload.as_deref(), Some(&Tool::Namespace));
    assert!(
        !harness
            .state()
            .out
            .iter()
            .any(|command| matches!(command, Command::Draw(Draw::AddNamespace { .. })))
    );
}

#[test]
fn nothing_overlaps_in_a_narrow_window() {
    for (width, projector) in [(1024.0, false), (1440.0, false), (1440.0, true)] {
        let mut state = running("two-rooms-and-a-switch");
        (state.settings.projector, state.settings.dark) = (projector, !projector);
        let mut harness = shown(width, state);
        if projector {
            picture(&mut harness, "bars-light-projector");
        }
        let names =
            ["File", "Edit", "View", "Lab", "Help", "Two rooms and a switch", "Ping", "Record", "Stop lab"];
        let rects: Vec<Rect> = names.iter().map(|name| harness.get_by_label(name).rect()).collect();
        for pair in rects.windows(2) {
            assert!(pair[0].right() < pair[1].left(), "{width}: {pair:?}");
        }
        assert!(rects.iter().all(|rect| rect.right() <= width));
    }
}
