//! The settings of a namespace's stack.

use egui::Ui;
use topology::{NamespaceName, Sysctl};

use super::Subject;
use crate::{
    model::command::{Command, Draw, NamespaceChange},
    window::widgets::{row, section, segmented, toggle},
};

/// `sysctl -w`; shown as they come out, also where the lab says nothing.
pub fn show(ui: &mut Ui, subject: &Subject<'_>, name: &NamespaceName, out: &mut Vec<Command>) {
    let Some(settled) = subject.settled.namespaces.get(name) else { return };
    let is = |sysctl| settled.sysctls.value(sysctl).unwrap_or(0);
    let mut set = |sysctl, value| {
        let change = NamespaceChange::Sysctl(sysctl, Some(value));
        out.push(Command::Draw(Draw::Namespace { name: name.clone(), change }));
    };
    section::heading(ui, "Stack");
    let tip = |sysctl: Sysctl| sysctl.keys().join("\n");
    for (words, sysctl) in [("Forwards IPv4", Sysctl::Ipv4Forward), ("Forwards IPv6", Sysctl::Ipv6Forward)] {
        if let Some(on) = toggle::show(ui, words, is(sysctl) == 1, &tip(sysctl)) {
            set(sysctl, u8::from(on));
        }
    }
    if let Some(on) = toggle::show(ui, "Speaks IPv6", is(Sysctl::DisableIpv6) == 0, &tip(Sysctl::DisableIpv6))
    {
        set(Sysctl::DisableIpv6, u8::from(!on));
    }
    row::control(ui, "rp_filter", |ui| {
        let options = [("off", 0), ("strict", 1), ("loose", 2)];
        if let Some(value) = segmented::show(ui, "rp_filter", is(Sysctl::RpFilter), &options) {
            set(Sysctl::RpFilter, value);
        }
    });
}
