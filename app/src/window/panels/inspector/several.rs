//! A page on several things at once: what they are, and what can be done with all of them.

use std::collections::BTreeSet;

use egui::Ui;
use topology::{Place, Thing};

use super::{Subject, head};
use crate::{
    model::{
        act::Item,
        command::{Command, Draw},
    },
    window::widgets::{lettering, push::Push, section},
};

pub fn show(ui: &mut Ui, subject: &Subject<'_>, out: &mut Vec<Command>) {
    let selection = &subject.state.selection;
    head::show(ui, subject, &format!("{} selected", selection.len()), "", None);
    let count = |is: fn(&Item) -> bool| selection.iter().filter(|item| is(item)).count();
    let kinds = [
        (count(|item| matches!(item, Item::Thing(Thing::Namespace(_)))), "namespace", "namespaces"),
        (count(|item| matches!(item, Item::Thing(Thing::Bridge(_)))), "bridge", "bridges"),
        (count(|item| matches!(item, Item::Cable(_))), "cable", "cables"),
        (count(|item| matches!(item, Item::Interface(_))), "interface", "interfaces"),
    ];
    for (number, one, many) in kinds.into_iter().filter(|(number, ..)| *number > 0) {
        ui.label(lettering::muted(format!("{number} {}", if number == 1 { one } else { many }), ui));
    }
    section::heading(ui, "Act on all");
    ui.horizontal_wrapped(|ui| {
        between(ui, subject, out);
        interfaces(ui, subject, out);
        if Push::new("Duplicate").key("Ctrl+D").height(26.0).show(ui).clicked() {
            out.push(Command::Draw(Draw::Duplicate));
        }
        if Push::new("Delete").key("Delete").height(26.0).show(ui).clicked() {
            out.push(Command::Draw(Draw::Remove(selection.clone())));
        }
    });
}

/// Of exactly two things.
fn between(ui: &mut Ui, subject: &Subject<'_>, out: &mut Vec<Command>) {
    let things: Vec<&Thing> = subject
        .state
        .selection
        .iter()
        .filter_map(|item| if let Item::Thing(thing) = item { Some(thing) } else { None })
        .collect();
    let [one, other] = things.as_slice() else { return };
    if matches!((one, other), (Thing::Namespace(_), Thing::Namespace(_))) {
        let ping = Push::new("Ping between them").key("P").height(26.0).enabled(subject.state.is_running());
        if ping.show(ui).clicked() {
            out.push(Command::Ping);
        }
    }
    if Push::new("Connect with a cable").height(26.0).show(ui).clicked() {
        out.push(Command::Draw(Draw::Connect { from: (*one).clone(), to: (*other).clone() }));
    }
}

fn interfaces(ui: &mut Ui, subject: &Subject<'_>, out: &mut Vec<Command>) {
    let selected = subject.state.selection.iter();
    let places: BTreeSet<Place> = selected
        .filter_map(|item| if let Item::Interface(at) = item { Some(at.clone()) } else { None })
        .collect();
    if places.is_empty() {
        return;
    }
    for (words, up) in [("Set all up", true), ("Set all down", false)] {
        if Push::new(words).height(26.0).show(ui).clicked() {
            out.push(Command::Draw(Draw::Up { of: places.clone(), up }));
        }
    }
}
