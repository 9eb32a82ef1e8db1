//! What asks for an answer.

use std::time::Duration;

use egui::{Ui, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use hopscope::{
    model::{
        act::{Act, Probe, ProbeKind, Rounds},
        command::{Command, File, Select, View, Watch},
        state::{Dialog, Live, State},
    },
    window::panels::dialogs,
};

use super::bench::{Bench, bench, drawn, picture, running};

fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    dialogs::show(ui, state, out);
}

fn opened(mut state: State, dialog: Dialog) -> Harness<'static, Bench> {
    state.dialog = Some(dialog);
    bench(vec2(1024.0, 640.0), state, show)
}

fn closed() -> Command {
    Command::View(View::Dialog(None))
}

fn probe() -> Dialog {
    Dialog::Probe { from: "ns1".parse().ok(), to: "ns2".parse().ok() }
}

#[test]
fn a_probe_says_whom_it_asks() {
    let mut harness = opened(running("two-rooms-and-a-switch"), probe());
    picture(&mut harness, "dialog-probe");
    harness.get_by_label("Kind: Flood").click();
    harness.run();
    harness.get_by_label("Kind: Ping").click();
    harness.run();
    harness.get_by_label("Until stopped").click();
    harness.run();
    harness.get_by_label("Send").click();
    harness.run();
    let probe = Probe {
        from: "ns1".parse().expect("a name"),
        to: "10.10.0.2".parse().expect("an address"),
        aim: "ns2".into(),
        kind: ProbeKind::Ping { rounds: Rounds::UntilStopped, every: Duration::from_secs(1) },
    };
    assert_eq!(harness.state().out, [closed(), Command::Act(Act::Probe(probe))]);
}

#[test]
fn a_probe_to_nobody_is_not_sent() {
    let mut harness = opened(running("two-rooms-and-a-switch"), probe());
    harness.get_by_label("To").focus();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.get_by_label("To").type_text("nobody");
    harness.run();
    picture(&mut harness, "dialog-probe-wrong");
    assert!(harness.get_by_label("Send").accesskit_node().is_disabled());
}

#[test]
fn the_palette_finds_by_a_few_letters() {
    let mut harness = opened(drawn("two-rooms-and-a-switch"), Dialog::CommandPalette);
    picture(&mut harness, "dialog-palette");
    harness.get_by_label("Command").type_text("sel ns2");
    harness.run();
    harness.key_press(egui::Key::Enter);
    harness.run();
    let [first, Command::Select(Select::Only(_))] = harness.state().out.as_slice() else {
        panic!("{:?}", harness.state().out);
    };
    assert_eq!(*first, closed());
}

#[test]
fn arrows_choose_in_the_palette() {
    let mut harness = opened(drawn("two-rooms-and-a-switch"), Dialog::CommandPalette);
    harness.get_by_label("Command").type_text("new lab");
    harness.run();
    harness.key_press(egui::Key::ArrowDown);
    harness.key_press(egui::Key::ArrowUp);
    harness.run();
    harness.key_press(egui::Key::Enter);
    harness.run();
    assert_eq!(harness.state().out, [closed(), Command::File(File::New)]);
}

#[test]
fn escape_closes() {
    for dialog in
        [Dialog::Keys, Dialog::About, Dialog::Open, probe(), Dialog::CommandPalette, Dialog::Caption]
    {
        let mut harness = opened(drawn("two-rooms-and-a-switch"), dialog.clone());
        harness.key_press(egui::Key::Escape);
        harness.run();
        assert_eq!(harness.state().out.first(), Some(&closed()), "{dialog:?}");
    }
}

#[test]
fn the_keys_are_listed() {
    let mut harness = opened(drawn("two-rooms-and-a-switch"), Dialog::Keys);
    picture(&mut harness, "dialog-keys");
    assert!(harness.query_by_label("Close").is_some());
}

#[test]
fn unsaved_work_is_asked_about() {
    let mut harness = opened(drawn("two-rooms-and-a-switch"), Dialog::Unsaved(Box::new(File::New)));
    picture(&mut harness, "dialog-unsaved");
    harness.get_by_label("Don't save").click();
    harness.run();
    harness.get_by_label("Save").click();
    harness.run();
    assert_eq!(
        harness.state().out,
        [Command::File(File::Anyway(Box::new(File::New))), Command::File(File::Save)]
    );
}

#[test]
fn a_refusal_says_what_mends_it() {
    let mut state = drawn("two-rooms-and-a-switch");
    state.live = Live::Refused {
        what: "The sandbox could not be made.".into(),
        why: "AppArmor forbids user namespaces to programs that have no profile.".into(),
        mend: "sudo apparmor_parser -r /etc/apparmor.d/hopscope".into(),
    };
    let mut harness = opened(state, Dialog::Refusal);
    picture(&mut harness, "dialog-refusal");
    harness.get_by_label("Try again").click();
    harness.run();
    assert_eq!(harness.state().out, [closed(), Command::RunLab]);
}

#[test]
fn a_caption_is_put_on_the_moment() {
    let mut harness = opened(running("two-rooms-and-a-switch"), Dialog::Caption);
    harness.get_by_label("Caption").type_text("here it floods");
    harness.run();
    picture(&mut harness, "dialog-caption");
    harness.key_press(egui::Key::Enter);
    harness.run();
    let at = harness.state().state.story.pace().wire_at(0.0);
    assert_eq!(
        harness.state().out,
        [Command::Watch(Watch::Caption { at, text: "here it floods".into() }), closed()]
    );
}
