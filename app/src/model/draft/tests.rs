//! What edits do to labs.

mod clipboard;
mod connecting;
mod edits;
mod growing;
mod laws;
mod names;
mod proposals;
mod removing;

use ipnet::IpNet;
use topology::{Place, Position, ready};

use super::*;
use crate::model::command::{InterfaceChange, LabChange, NamespaceChange};

fn lab(text: &str) -> Lab {
    file::parse(text).expect("a sound lab file")
}

fn ready_lab(name: &str) -> Lab {
    ready::find(name).expect("a ready lab").lab()
}

fn place(text: &str) -> Place {
    text.parse().expect("a place")
}

fn net(text: &str) -> IpNet {
    text.parse().expect("an address with its prefix")
}

/// `name` is a namespace, `namespace/bridge` a bridge.
fn thing(text: &str) -> topology::Thing {
    match text.contains('/') {
        true => topology::Thing::Bridge(place(text)),
        false => topology::Thing::Namespace(text.parse().expect("a name")),
    }
}

const HERE: Position = Position { x: 400, y: 300 };

/// The edit, with nothing selected; it has to succeed.
fn drawn(draft: &mut Draft, draw: Draw) -> Edited {
    draft.draw(&draw, &BTreeSet::new()).unwrap_or_else(|why| panic!("{draw:?}: {why}"))
}

fn connect(draft: &mut Draft, from: &str, to: &str) {
    drawn(draft, Draw::Connect { from: thing(from), to: thing(to) });
}

/// `namespace/interface address …` of each interface that is no loopback.
fn interfaces(lab: &Lab) -> Vec<String> {
    let line = |(at, found): (Place, &topology::Interface)| {
        let addresses = found.addresses.iter().map(|net| format!(" {net}"));
        format!("{at}{}", addresses.collect::<String>())
    };
    lab.interfaces().filter(|(at, _)| !at.interface.is_loopback()).map(line).collect()
}

fn routes(lab: &Lab, namespace: &str) -> Vec<String> {
    let name = namespace.parse().expect("a name");
    let words = |route: &topology::Route| {
        let via = route.via.map(|via| via.to_string()).unwrap_or_default();
        let dev = route.dev.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} via {via} dev {dev}", route.to)
    };
    lab.namespaces.get(&name).map(|found| found.routes.iter().map(words).collect()).unwrap_or_default()
}
