//! One rule: in words, and as a form for a new one.

use egui::{Id, Ui};
use topology::{FilterRule, Hook, InterfaceName, Namespace, NamespaceName, Protocol, Verdict};

use super::{HOOKS, VERDICTS};
use crate::window::{
    panels::inspector::reading,
    widgets::{choice, entry::Entry, push::Push, row, segmented},
};

/// What is being typed for a new rule.
#[derive(Clone)]
struct Typed {
    hook: Hook,
    protocol: Option<Protocol>,
    from: String,
    to: String,
    in_interface: Option<InterfaceName>,
    out_interface: Option<InterfaceName>,
    port: String,
    verdict: Verdict,
}

const PROTOCOLS: [(&str, Option<Protocol>); 5] = [
    ("any", None),
    ("icmp", Some(Protocol::Icmp)),
    ("icmpv6", Some(Protocol::Icmpv6)),
    ("tcp", Some(Protocol::Tcp)),
    ("udp", Some(Protocol::Udp)),
];

/// `drop forward tcp from 10.0.0.0/24 to 10.0.1.9/32 port 80`
pub fn words(rule: &FilterRule) -> String {
    fn spelt<T: PartialEq>(options: &[(&'static str, T)], value: &T) -> &'static str {
        options.iter().find(|(_, option)| option == value).map_or("", |(words, _)| words)
    }
    let mut words = format!("{} {}", spelt(&VERDICTS, &rule.verdict), spelt(&HOOKS, &rule.hook));
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            words.push_str(&format!(" {key}{value}"));
        }
    };
    add("", rule.protocol.map(|_| spelt(&PROTOCOLS, &rule.protocol).to_owned()));
    add("from ", rule.from.map(|net| net.to_string()));
    add("to ", rule.to.map(|net| net.to_string()));
    add("iif ", rule.in_interface.as_ref().map(ToString::to_string));
    add("oif ", rule.out_interface.as_ref().map(ToString::to_string));
    add("port ", rule.port.map(|port| port.to_string()));
    words
}

/// Opens the form for a new rule.
pub fn begin(ui: &Ui, name: &NamespaceName) {
    let typed = Typed {
        hook: Hook::Input,
        protocol: None,
        from: String::new(),
        to: String::new(),
        in_interface: None,
        out_interface: None,
        port: String::new(),
        verdict: Verdict::Drop,
    };
    ui.data_mut(|data| data.insert_temp(id(name), typed));
}

fn id(name: &NamespaceName) -> Id {
    Id::unique(("new rule", name))
}

/// The form, where it is open; the rule, once it is to be added.
pub fn form(ui: &mut Ui, name: &NamespaceName, namespace: &Namespace) -> Option<FilterRule> {
    let id = id(name);
    let mut typed: Typed = ui.data(|data| data.get_temp(id))?;
    kinds(ui, &mut typed);
    ends(ui, id, &mut typed);
    interfaces(ui, namespace, &mut typed);
    let read = read(&typed);
    let mut added = None;
    let mut closed = false;
    row::control(ui, "", |ui| {
        ui.horizontal(|ui| {
            let add = Push::new("Add").name("Add this rule").primary().height(26.0).enabled(read.is_some());
            if add.show(ui).clicked() {
                added = read;
            }
            closed = Push::new("Cancel").quiet().height(26.0).show(ui).clicked();
        });
    });
    ui.data_mut(|data| {
        if added.is_some() || closed {
            data.remove::<Typed>(id);
        } else {
            data.insert_temp(id, typed);
        }
    });
    added
}

fn kinds(ui: &mut Ui, typed: &mut Typed) {
    row::control(ui, "verdict", |ui| {
        if let Some(verdict) = segmented::show(ui, "Verdict", typed.verdict, &VERDICTS) {
            typed.verdict = verdict;
        }
    });
    row::control(ui, "hook", |ui| {
        if let Some(hook) = segmented::show(ui, "Hook", typed.hook, &HOOKS) {
            typed.hook = hook;
        }
    });
    row::control(ui, "protocol", |ui| {
        let options = PROTOCOLS.map(|(words, _)| words.to_owned());
        let now = PROTOCOLS.iter().position(|(_, option)| *option == typed.protocol).unwrap_or(0);
        if let Some(chosen) = choice::show(ui, "Protocol", &options[now], &options, 120.0) {
            typed.protocol = PROTOCOLS.get(chosen).and_then(|(_, protocol)| *protocol);
        }
    });
}

fn ends(ui: &mut Ui, id: Id, typed: &mut Typed) {
    let field = |ui: &mut Ui, label: &str, name: &str, text: &mut String| {
        row::control(ui, label, |ui| {
            let trouble = reading::optional_network(text).err();
            Entry::new(id.with(name), name).hint("anywhere").line(ui, text, trouble.as_deref());
        });
    };
    field(ui, "from", "Rule from", &mut typed.from);
    field(ui, "to", "Rule to", &mut typed.to);
    if has_ports(typed) {
        row::control(ui, "port", |ui| {
            let trouble = read_port(typed).err();
            let entry = Entry::new(id.with("port"), "Rule port").hint("any").width(90.0);
            entry.line(ui, &mut typed.port, trouble.as_deref());
        });
    }
}

fn interfaces(ui: &mut Ui, namespace: &Namespace, typed: &mut Typed) {
    let side = |ui: &mut Ui, label: &str, now: &mut Option<InterfaceName>| {
        row::control(ui, label, |ui| {
            let mut options = vec!["any".to_owned()];
            options.extend(namespace.interfaces.keys().map(ToString::to_string));
            let shown = now.as_ref().map_or_else(|| options[0].clone(), ToString::to_string);
            if let Some(chosen) = choice::show(ui, label, &shown, &options, 180.0) {
                *now = chosen.checked_sub(1).and_then(|i| namespace.interfaces.keys().nth(i).cloned());
            }
        });
    };
    if typed.hook != Hook::Output {
        side(ui, "comes in by", &mut typed.in_interface);
    }
    if typed.hook != Hook::Input {
        side(ui, "goes out by", &mut typed.out_interface);
    }
}

fn has_ports(typed: &Typed) -> bool {
    matches!(typed.protocol, Some(Protocol::Tcp | Protocol::Udp))
}

fn read_port(typed: &Typed) -> Result<Option<u16>, String> {
    match typed.port.trim() {
        "" => Ok(None),
        text => reading::number(text, 1_u16, u16::MAX).map(Some),
    }
}

fn read(typed: &Typed) -> Option<FilterRule> {
    let in_interface = typed.in_interface.clone().filter(|_| typed.hook != Hook::Output);
    let out_interface = typed.out_interface.clone().filter(|_| typed.hook != Hook::Input);
    Some(FilterRule {
        hook: typed.hook,
        protocol: typed.protocol,
        from: reading::optional_network(&typed.from).ok()?,
        to: reading::optional_network(&typed.to).ok()?,
        in_interface,
        out_interface,
        port: if has_ports(typed) { read_port(typed).ok()? } else { None },
        verdict: typed.verdict,
    })
}
