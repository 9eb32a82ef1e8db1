//! What nftables does in a namespace: masquerading, and rules in order.

use egui::{Response, Ui};
use topology::{Firewall, Hook, InterfaceKind, Namespace, NamespaceName, Verdict};

use crate::{
    model::command::{Command, Draw, NamespaceChange},
    window::widgets::{icon::Icon, lettering, push::Push, row, section, toggle},
};

mod rule;

pub fn show(ui: &mut Ui, name: &NamespaceName, namespace: &Namespace, out: &mut Vec<Command>) {
    let mut set = |firewall| {
        let change = NamespaceChange::Firewall(firewall);
        out.push(Command::Draw(Draw::Namespace { name: name.clone(), change }));
    };
    let now = &namespace.firewall;
    let adds = section::heading_with_plus(ui, "Firewall", "Add a rule");
    if adds {
        rule::begin(ui, name);
    }
    masquerade(ui, namespace, &mut set);
    for i in 0..now.rules.len() {
        listed(ui, now, i, &mut set);
    }
    if let Some(rule) = rule::form(ui, name, namespace) {
        let mut next = now.clone();
        next.rules.push(rule);
        set(next);
    }
    if now.is_empty() {
        ui.label(lettering::muted("Everything passes.", ui));
    } else if !now.rules.is_empty() {
        ui.label(lettering::muted("The first that matches decides; the rest passes.", ui));
    }
}

fn masquerade(ui: &mut Ui, namespace: &Namespace, set: &mut impl FnMut(Firewall)) {
    let now = &namespace.firewall;
    let may = |kind: InterfaceKind| kind != InterfaceKind::Loopback;
    let interfaces =
        namespace.interfaces.iter().filter(|(_, found)| may(found.kind) && found.bridge.is_none());
    for (interface, _) in interfaces {
        let on = now.masquerade.contains(interface);
        let tip = "Frames routed out of it take its address (source NAT).";
        if toggle::show(ui, &format!("Masquerade out of {interface}"), on, tip).is_some() {
            let mut next = now.clone();
            if !next.masquerade.remove(interface) {
                next.masquerade.insert(interface.clone());
            }
            set(next);
        }
    }
}

fn listed(ui: &mut Ui, now: &Firewall, i: usize, set: &mut impl FnMut(Firewall)) {
    let Some(found) = now.rules.get(i) else { return };
    let words = rule::words(found);
    let number = i + 1;
    let last = now.rules.len() - 1;
    row::listed(ui, &words, |ui| {
        if small(ui, &format!("Remove rule {number}"), Icon::Cross, true).clicked() {
            let mut next = now.clone();
            next.rules.remove(i);
            set(next);
        }
        if small(ui, &format!("Move rule {number} down"), Icon::Down, i < last).clicked() {
            let mut next = now.clone();
            next.rules.swap(i, i + 1);
            set(next);
        }
        if small(ui, &format!("Move rule {number} up"), Icon::Up, 0 < i).clicked() {
            let mut next = now.clone();
            next.rules.swap(i, i - 1);
            set(next);
        }
    });
}

fn small(ui: &mut Ui, name: &str, icon: Icon, enabled: bool) -> Response {
    Push::icon_only(name, icon).quiet().height(22.0).width(22.0).enabled(enabled).show(ui)
}

const HOOKS: [(&str, Hook); 3] = [("in", Hook::Input), ("out", Hook::Output), ("forward", Hook::Forward)];
const VERDICTS: [(&str, Verdict); 3] =
    [("accept", Verdict::Accept), ("drop", Verdict::Drop), ("reject", Verdict::Reject)];
