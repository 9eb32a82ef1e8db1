//! What can be asked and forgotten from here, while the lab runs.

use std::collections::BTreeSet;

use egui::Ui;
use topology::{NamespaceName, Place};

use super::Subject;
use crate::{
    model::{
        act::Act,
        command::{Command, View},
        state::Dialog,
    },
    window::{
        panels::probe_kind::{self, Probing},
        widgets::{lettering, push::Push, section},
    },
};

/// Probes from a namespace, and its memory of neighbours.
pub fn of_namespace(ui: &mut Ui, subject: &Subject<'_>, name: &NamespaceName, out: &mut Vec<Command>) {
    section::heading(ui, "Act");
    let runs = subject.state.is_running();
    ui.horizontal_wrapped(|ui| {
        let probes = [
            ("Ping…", Probing::Ping),
            ("ARP probe…", Probing::Arp),
            ("Traceroute…", Probing::Trace),
            ("TCP…", Probing::Tcp),
            ("UDP…", Probing::Udp),
        ];
        for (words, kind) in probes {
            if Push::new(words).height(26.0).enabled(runs).show(ui).clicked() {
                probe_kind::ask_for(ui.ctx(), kind);
                let dialog = Dialog::Probe { from: Some(name.clone()), to: None };
                out.push(Command::View(View::Dialog(Some(dialog))));
            }
        }
        let forget = Push::new("Forget ARP").height(26.0).enabled(runs);
        if forget.tip("ip neigh flush: it has to ask again who has which address.").show(ui).clicked() {
            out.push(Command::Act(Act::ForgetNeighbours(BTreeSet::from([name.clone()]))));
        }
    });
    if !runs {
        ui.label(lettering::muted("These need a running lab.", ui));
    }
}

/// What a bridge has learned.
pub fn of_bridge(ui: &mut Ui, subject: &Subject<'_>, at: &Place, out: &mut Vec<Command>) {
    section::heading(ui, "Act");
    let forget = Push::new("Forget what it learned").height(26.0).enabled(subject.state.is_running());
    if forget.tip("bridge fdb flush: the next frame floods again.").show(ui).clicked() {
        out.push(Command::Act(Act::ForgetLearned(BTreeSet::from([at.clone()]))));
    }
}
