//! What is said about the thing under the pointer: its name, what one would type to see it, and what the hand can do.

use std::time::Duration;

use egui::{Response, Ui};
use topology::{Cable, NamespaceName, Place, Thing};

use super::Frame;
use crate::{
    model::{
        act::Item,
        stage::hit::{Hit, hit},
    },
    window::{theme, widgets::lettering},
};

/// Seconds: a pointer that rests on the stage must not cover it for long.
const STAYS: f32 = 4.0;

/// A name, what one would type, and what can be done here.
struct Tip {
    title: String,
    shell: Vec<String>,
    hint: String,
}

pub fn show(frame: &Frame<'_>, ground: &Response, things: &[(Item, Response)]) {
    let hovered = things.iter().rev().map(|(_, response)| response).find(|response| response.hovered());
    let Some(response) = hovered.or_else(|| ground.hovered().then_some(ground)) else { return };
    let Some(at) = response.hover_pos() else { return };
    let still = response.ctx.input(|input| input.pointer.time_since_last_movement());
    if STAYS <= still {
        return;
    }
    response.ctx.request_repaint_after(Duration::from_secs_f32(STAYS - still));
    let Some(tip) = hit(frame.scene, frame.to_canvas(at), frame.slack()).and_then(|found| tip(frame, &found))
    else {
        return;
    };
    response.clone().on_hover_ui_at_pointer(|ui| written(ui, &tip));
}

fn written(ui: &mut Ui, tip: &Tip) {
    ui.set_max_width(420.0);
    ui.strong(&tip.title);
    for line in &tip.shell {
        ui.label(lettering::code(line, ui).color(theme::of(ui.ctx()).accent));
    }
    if !tip.hint.is_empty() {
        ui.label(lettering::muted(&tip.hint, ui));
    }
}

fn tip(frame: &Frame<'_>, found: &Hit) -> Option<Tip> {
    let draws = !frame.state.is_replay();
    let made = |title: String, shell: Vec<String>, hint: &str| {
        let hint = if draws { hint.to_owned() } else { String::new() };
        Some(Tip { title, shell, hint })
    };
    match found {
        Hit::Pill(index) => {
            let pill = frame.scene.pills.get(*index)?;
            let told = frame.state.story.find(pill.journey)?;
            let title = told.journey.summary.clone();
            Some(Tip { title, shell: Vec::new(), hint: "Click to see its layers and bytes".into() })
        }
        Hit::Mark(index) => {
            let mark = frame.scene.marks.get(*index)?;
            Some(Tip { title: mark.text.clone(), shell: Vec::new(), hint: mark.hint.clone() })
        }
        Hit::Neighbour { of, .. } => made(
            format!("Neighbours that {of} knows"),
            vec![inside(of, "ip neigh")],
            "Right-click to make it forget them",
        ),
        Hit::Learned { by, .. } => made(
            format!("What {} has learned", by.interface),
            vec![inside(&by.namespace, &format!("bridge fdb show br {}", by.interface))],
            "Right-click to make it forget",
        ),
        Hit::Item(item) => about(item).and_then(|(title, shell, hint)| made(title, shell, hint)),
    }
}

fn about(item: &Item) -> Option<(String, Vec<String>, &'static str)> {
    Some(match item {
        Item::Thing(Thing::Namespace(name)) if name.is_host() => (
            "host: the sandbox's own root namespace".into(),
            vec!["ip addr".into(), "ip route".into()],
            "Double-click for a terminal · right-click: ping and more",
        ),
        Item::Thing(Thing::Namespace(name)) => (
            format!("Namespace {name}"),
            vec![inside(name, "ip addr"), inside(name, "ip route")],
            "Double-click for a terminal, on the name to rename · Ctrl+drag onto another room to ping it · right-click for more",
        ),
        Item::Thing(Thing::Bridge(at)) => (
            format!("Bridge {}", at.interface),
            vec![inside(&at.namespace, &format!("ip link show master {}", at.interface))],
            "Drag to move · right-click for more",
        ),
        Item::Interface(at) => interface(at),
        Item::Cable(cable) => ("Cable".into(), vec![made_by(cable)], "Right-click to unplug it"),
    })
}

fn interface(at: &Place) -> (String, Vec<String>, &'static str) {
    let shell = inside(&at.namespace, &format!("ip addr show dev {}", at.interface));
    (format!("Interface {at}"), vec![shell], "Drag out a cable · right-click: down, up, addresses")
}

/// As tutorials write it.
fn made_by(cable: &Cable) -> String {
    let [one, other] = cable.ends();
    let netns = |end: &Place| {
        if end.namespace.is_host() { String::new() } else { format!(" netns {}", end.namespace) }
    };
    format!(
        "ip link add {}{} type veth peer name {}{}",
        one.interface,
        netns(one),
        other.interface,
        netns(other)
    )
}

fn inside(namespace: &NamespaceName, command: &str) -> String {
    if namespace.is_host() { command.into() } else { format!("ip netns exec {namespace} {command}") }
}
