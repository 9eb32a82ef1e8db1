//! A probe with all that can be said about it.

use egui::{Id, Key, Ui};
use topology::{InterfaceName, Lab, NamespaceName};

use super::{close, footer, heading};
use crate::{
    model::{
        act::{Act, ProbeKind},
        command::Command,
        state::State,
    },
    window::{
        panels::probe_kind::{self, Probing},
        widgets::{choice, entry::Entry, lettering, push::Push, row, segmented, toggle},
    },
};

mod aim;
mod reading;

/// What is being typed.
#[derive(Clone)]
struct Typed {
    kind: Probing,
    from: Option<NamespaceName>,
    to: String,
    times: String,
    until_stopped: bool,
    /// Milliseconds.
    every: String,
    /// Frames a second.
    at_most: String,
    on: Option<InterfaceName>,
    hops: String,
    port: String,
    text: String,
}

type Ends<'a> = (&'a Option<NamespaceName>, &'a Option<NamespaceName>);

pub fn show(ui: &mut Ui, state: &State, (from, to): Ends<'_>, is_new: bool, out: &mut Vec<Command>) {
    let id = Id::unique("probe dialog");
    let lab = state.lab();
    let kept: Option<Typed> = if is_new { None } else { ui.data(|data| data.get_temp(id)) };
    let mut typed = kept.unwrap_or_else(|| begin(ui, &lab, from.as_ref(), to.as_ref()));
    ui.set_width(460.0);
    heading(ui, "Probe");
    if let Some(kind) = segmented::show(ui, "Kind", typed.kind, &Probing::ALL) {
        typed.kind = kind;
    }
    ui.add_space(8.0);
    let first = ends(ui, id, &lab, &mut typed);
    if is_new {
        first.request_focus();
    }
    details(ui, id, &lab, &mut typed);
    let probe = reading::probe(&lab, &typed);
    let mut go = ui.input(|input| input.key_pressed(Key::Enter)) && first.lost_focus();
    footer(ui, |ui| {
        let is_ready = probe.is_ok() && state.is_running();
        go = Push::new("Send").primary().enabled(is_ready).show(ui).clicked() || go && is_ready;
        if Push::new("Cancel").quiet().show(ui).clicked() {
            close(out);
        }
        if !state.is_running() {
            ui.label(lettering::muted("Probes can go once the lab runs.", ui));
        }
    });
    if go && let Ok(probe) = probe {
        close(out);
        out.push(Command::Act(Act::Probe(probe)));
    }
    ui.data_mut(|data| data.insert_temp(id, typed));
}

/// From and to as asked for, else as the lab suggests.
fn begin(ui: &Ui, lab: &Lab, from: Option<&NamespaceName>, to: Option<&NamespaceName>) -> Typed {
    let suggested = lab.pings.iter().find(|(start, _)| from.is_none_or(|from| from == start));
    let from = from.or(suggested.map(|(from, _)| from)).or_else(|| lab.namespaces.keys().next());
    let to = to.map(ToString::to_string).or_else(|| suggested.map(|(_, to)| aim::words(to)));
    Typed {
        kind: probe_kind::asked(ui.ctx()),
        from: from.cloned(),
        to: to.unwrap_or_default(),
        times: "4".into(),
        until_stopped: false,
        every: "1000".into(),
        at_most: "1000".into(),
        on: None,
        hops: ProbeKind::MOST_HOPS.to_string(),
        port: "80".into(),
        text: "hello".into(),
    }
}

/// From where, to where; the field that is typed into first.
fn ends(ui: &mut Ui, id: Id, lab: &Lab, typed: &mut Typed) -> egui::Response {
    let names: Vec<&NamespaceName> = lab.namespaces.keys().collect();
    let options: Vec<String> = names.iter().map(ToString::to_string).collect();
    row::control(ui, "from", |ui| {
        let shown = typed.from.as_ref().map_or_else(|| "…".to_owned(), ToString::to_string);
        if let Some(chosen) = choice::show(ui, "From", &shown, &options, 200.0) {
            typed.from = names.get(chosen).map(|name| (*name).clone());
            typed.on = None;
        }
    });
    let field = row::control(ui, "to", |ui| {
        ui.horizontal(|ui| {
            let entry = Entry::new(id.with("to"), "To").hint("ns2 or 10.10.0.2").width(200.0);
            let field = entry.line(ui, &mut typed.to, None);
            if let Some(chosen) = choice::show(ui, "Namespaces", "namespaces", &options, 120.0) {
                typed.to = options.get(chosen).cloned().unwrap_or_default();
            }
            field
        })
        .inner
    });
    // Its line is there also when there is nothing to say, so that nothing below it moves.
    let said = match aim::read(lab, typed.from.as_ref(), &typed.to) {
        Ok(address) if address.to_string() != typed.to => lettering::muted(format!("that is {address}"), ui),
        Err(trouble) if !typed.to.is_empty() => lettering::bad(trouble, ui),
        Ok(_) | Err(_) => lettering::muted(" ", ui),
    };
    row::control(ui, "", |ui| ui.label(said));
    field
}

fn details(ui: &mut Ui, id: Id, lab: &Lab, typed: &mut Typed) {
    let number = |ui: &mut Ui, label: &str, name: &str, text: &mut String, trouble: Option<String>| {
        row::control(ui, label, |ui| {
            Entry::new(id.with(name), name).width(110.0).line(ui, text, trouble.as_deref());
        });
    };
    match typed.kind {
        Probing::Ping => {
            if let Some(on) = toggle::show(ui, "Until stopped", typed.until_stopped, "") {
                typed.until_stopped = on;
            }
            if !typed.until_stopped {
                let trouble = reading::times(&typed.times).err();
                number(ui, "how often", "Times", &mut typed.times, trouble);
            }
            let trouble = reading::every(&typed.every).err();
            number(ui, "every (ms)", "Every", &mut typed.every, trouble);
        }
        Probing::Flood => {
            let trouble = reading::at_most(&typed.at_most).err();
            number(ui, "at most (/s)", "At most", &mut typed.at_most, trouble);
        }
        Probing::Arp => interface(ui, lab, typed),
        Probing::Trace => {
            let trouble = reading::hops(&typed.hops).err();
            number(ui, "most hops", "Most hops", &mut typed.hops, trouble);
        }
        Probing::Tcp | Probing::Udp => {
            let trouble = reading::port(&typed.port).err();
            number(ui, "port", "Port", &mut typed.port, trouble);
            if typed.kind == Probing::Udp {
                row::control(ui, "text", |ui| {
                    let trouble = reading::text(&typed.text).err();
                    Entry::new(id.with("text"), "Text").line(ui, &mut typed.text, trouble.as_deref());
                });
            }
        }
    }
}

/// ARP is asked on one interface.
fn interface(ui: &mut Ui, lab: &Lab, typed: &mut Typed) {
    let on = reading::interface(lab, typed);
    let interfaces = typed.from.as_ref().and_then(|from| lab.namespaces.get(from)).into_iter();
    let names: Vec<InterfaceName> = interfaces
        .flat_map(|namespace| namespace.interfaces.keys())
        .filter(|name| !name.is_loopback())
        .cloned()
        .collect();
    let options: Vec<String> = names.iter().map(ToString::to_string).collect();
    row::control(ui, "on", |ui| {
        let shown = on.map_or_else(|_| "…".to_owned(), |on| on.to_string());
        if let Some(chosen) = choice::show(ui, "On", &shown, &options, 200.0) {
            typed.on = names.get(chosen).cloned();
        }
    });
}
