//! A namespace's routes, beside those that the kernel makes by itself.

use std::net::IpAddr;

use egui::{Id, Ui};
use ipnet::IpNet;
use topology::{InterfaceName, Namespace, NamespaceName, Route};

use super::reading;
use crate::{
    model::command::{Command, Draw, NamespaceChange},
    window::widgets::{choice, entry::Entry, icon::Icon, lettering, push::Push, row, section},
};

/// What is being typed for a new route.
#[derive(Clone, Default)]
struct Typed {
    to: String,
    via: String,
    dev: Option<InterfaceName>,
}

/// `ip route add` and `del`.
pub fn show(ui: &mut Ui, name: &NamespaceName, namespace: &Namespace, out: &mut Vec<Command>) {
    let id = Id::unique(("new route", name));
    let typed: Option<Typed> = ui.data(|data| data.get_temp(id));
    if section::heading_with_plus(ui, "Routes", "Add a route") {
        let next =
            if typed.is_some() { None } else { Some(Typed { to: "default".into(), ..Typed::default() }) };
        keep(ui, id, next);
        return;
    }
    if namespace.routes.is_empty() && typed.is_none() {
        ui.label(lettering::muted("only what its addresses bring", ui));
    }
    for route in &namespace.routes {
        let words = words(route);
        row::listed(ui, &words, |ui| {
            let remove = format!("Remove route {words}");
            if Push::icon_only(&remove, Icon::Cross).quiet().height(22.0).show(ui).clicked() {
                change(name, NamespaceChange::RemoveRoute(route.clone()), out);
            }
        });
    }
    if let Some(typed) = typed {
        form(ui, id, name, namespace, typed, out);
    }
}

/// As `ip route` writes it.
pub fn words(route: &Route) -> String {
    let to = if route.to.prefix_len() == 0 { "default".to_owned() } else { route.to.to_string() };
    let via = route.via.map(|via| format!(" via {via}")).unwrap_or_default();
    let dev = route.dev.as_ref().map(|dev| format!(" dev {dev}")).unwrap_or_default();
    format!("{to}{via}{dev}")
}

fn form(
    ui: &mut Ui,
    id: Id,
    name: &NamespaceName,
    namespace: &Namespace,
    mut typed: Typed,
    out: &mut Vec<Command>,
) {
    let via = reading::optional_address(&typed.via);
    let to = reading::network(&typed.to, via.clone().ok().flatten());
    row::control(ui, "to", |ui| {
        let trouble = to.as_ref().err().filter(|_| !typed.to.is_empty()).cloned();
        let entry = Entry::new(id.with("to"), "Destination").hint("default, or 10.0.0.0/24");
        entry.line(ui, &mut typed.to, trouble.as_deref());
    });
    row::control(ui, "via", |ui| {
        let trouble = via.as_ref().err().cloned();
        Entry::new(id.with("via"), "Via").hint("10.0.0.254").line(ui, &mut typed.via, trouble.as_deref());
    });
    row::control(ui, "dev", |ui| {
        let mut options = vec!["whichever reaches it".to_owned()];
        options.extend(namespace.interfaces.keys().map(ToString::to_string));
        let shown = typed.dev.as_ref().map_or_else(|| options[0].clone(), ToString::to_string);
        if let Some(chosen) = choice::show(ui, "Interface", &shown, &options, 200.0) {
            typed.dev = chosen.checked_sub(1).and_then(|i| namespace.interfaces.keys().nth(i).cloned());
        }
    });
    let route = ready(to, via, &typed, namespace);
    let mut done = false;
    row::control(ui, "", |ui| {
        if let Err(Some(trouble)) = &route {
            ui.label(lettering::bad(trouble, ui));
        }
        ui.horizontal(|ui| {
            let add = Push::new("Add").name("Add this route").primary().height(26.0).enabled(route.is_ok());
            if add.show(ui).clicked()
                && let Ok(route) = &route
            {
                change(name, NamespaceChange::AddRoute(route.clone()), out);
                done = true;
            }
            done |= Push::new("Cancel").quiet().height(26.0).show(ui).clicked();
        });
    });
    keep(ui, id, if done { None } else { Some(typed) });
}

/// The route, once it is whole; else what is still to be said, where that is not plain already.
fn ready(
    to: Result<IpNet, String>,
    via: Result<Option<IpAddr>, String>,
    typed: &Typed,
    namespace: &Namespace,
) -> Result<Route, Option<String>> {
    let (Ok(to), Ok(via)) = (to, via) else { return Err(None) };
    if via.is_none() && typed.dev.is_none() {
        return Err(None);
    }
    if via.is_some_and(|via| via.is_ipv4() != to.addr().is_ipv4()) {
        return Err(Some("both addresses must be IPv4, or both IPv6".into()));
    }
    let reached = |via: &IpAddr| {
        let mut interfaces = namespace.interfaces.values();
        interfaces.any(|found| found.addresses.iter().any(|net| net.contains(via)))
    };
    if let Some(via) = via.filter(|via| !reached(via)) {
        return Err(Some(format!("{via} is in no network of this namespace")));
    }
    let route = Route { to, via, dev: typed.dev.clone() };
    if namespace.routes.contains(&route) { Err(Some("it is there already".into())) } else { Ok(route) }
}

fn keep(ui: &Ui, id: Id, typed: Option<Typed>) {
    ui.data_mut(|data| match typed {
        Some(typed) => {
            data.insert_temp(id, typed);
        }
        None => data.remove::<Typed>(id),
    });
}

fn change(name: &NamespaceName, change: NamespaceChange, out: &mut Vec<Command>) {
    out.push(Command::Draw(Draw::Namespace { name: name.clone(), change }));
}
