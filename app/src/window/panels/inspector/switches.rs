//! The settings of a namespace's stack.

use egui::Ui;
use topology::{NamespaceName, Sysctl};

use super::Subject;
use crate::{
    model::command::{Command, Draw, NamespaceChange},
    window::widgets::{push::Push, row, section, segmented, toggle},
};

/// `sysctl -w`; shown as they come out, also where the lab says nothing.
pub fn show(ui: &mut Ui, subject: &Subject<'_>, name: &NamespaceName, out: &mut Vec<Command>) {
    let Some(settled) = subject.settled.namespaces.get(name) else { return };
    let is = |sysctl| settled.sysctls.value(sysctl).unwrap_or(0);
    let mut change = |sysctl, value: Option<u8>| {
        let change = NamespaceChange::Sysctl(sysctl, value);
        out.push(Command::Draw(Draw::Namespace { name: name.clone(), change }));
    };
    section::heading(ui, "Stack");
    let tip = |sysctl: Sysctl| sysctl.keys().join("\n");
    for (words, sysctl) in [("Forwards IPv4", Sysctl::Ipv4Forward), ("Forwards IPv6", Sysctl::Ipv6Forward)] {
        if let Some(on) = toggle::show(ui, words, is(sysctl) == 1, &tip(sysctl)) {
            change(sysctl, Some(u8::from(on)));
        }
    }
    if let Some(on) = toggle::show(ui, "Speaks IPv6", is(Sysctl::DisableIpv6) == 0, &tip(Sysctl::DisableIpv6))
    {
        change(Sysctl::DisableIpv6, Some(u8::from(!on)));
    }
    row::control(ui, "rp_filter", |ui| {
        let options = [("off", 0), ("strict", 1), ("loose", 2)];
        if let Some(value) = segmented::show(ui, "rp_filter", is(Sysctl::RpFilter), &options) {
            change(Sysctl::RpFilter, Some(value));
        }
    });
    let Some(drawn) = subject.lab.namespaces.get(name) else { return };
    let said = [
        ("Forwards IPv4", Sysctl::Ipv4Forward),
        ("Forwards IPv6", Sysctl::Ipv6Forward),
        ("Speaks IPv6", Sysctl::DisableIpv6),
        ("rp_filter", Sysctl::RpFilter),
    ];
    for (words, sysctl) in said.into_iter().filter(|(_, sysctl)| drawn.sysctls.value(*sysctl).is_some()) {
        let words = format!("{words}: leave it to the kernel");
        let push = Push::new(&words).quiet().height(22.0);
        if push.tip("The lab says nothing of it any more.").show(ui).clicked() {
            change(sysctl, None);
        }
    }
}
