//! A frame between two sightings: on a cable, in a switch, in a stack that passes it on.

use capture::{
    Direction, Journey, WireNs,
    glance::{Carries, Glance},
    tables::NeighbourState,
    wiring::mac_of,
};
use topology::{InterfaceKind, Lab, MacAddress, NamespaceName, Place};

use super::{
    Around, Narration,
    speech::{Heard, Speech},
    time,
    words::capital,
};

/// Between these two sightings of the journey, by their places in it.
pub fn on_its_way(around: &Around<'_>, journey: &Journey, from: usize, to: usize) -> Narration {
    let (Some(at), Some(next)) = (around.at(journey, from), around.at(journey, to)) else {
        return Narration::default();
    };
    let (Some(heard), Some(t)) = (Heard::at(journey, from), time(journey, from)) else {
        return Narration::new(format!("A frame goes from {at} to {next}."), "");
    };
    let sighting = &journey.sightings[from];
    let is_out = sighting.frame.direction == Direction::Out;
    let bridge = bridge_of(around.lab, at);
    let is_born = sighting.parent.is_none();
    match (bridge, is_out) {
        // The switch is inside a port, and outside its own interface.
        (Some(Side::Port(bridge)), false) => in_switch(around, journey, from, &bridge, t, &heard),
        (Some(Side::Itself(bridge)), true) => {
            let switch = in_switch(around, journey, from, &bridge, t, &heard);
            match is_born {
                true => Narration { detail: switch.headline, ..sent(around, at, t, &heard) },
                false => switch,
            }
        }
        (Some(Side::Port(_)), true) => on_cable(around, at, next, &heard),
        (_, true) if is_born => sent(around, at, t, &heard),
        (_, true) => on_cable(around, at, next, &heard),
        (_, false) => passed_on(around, journey, (from, to), &at.namespace, &heard),
    }
}

/// What an interface is to a bridge.
pub enum Side {
    Port(Place),
    Itself(Place),
}

pub fn bridge_of(lab: &Lab, at: &Place) -> Option<Side> {
    let interface = lab.interface(at)?;
    match (&interface.bridge, interface.kind) {
        (Some(bridge), _) => Some(Side::Port(Place::new(at.namespace.clone(), bridge.clone()))),
        (None, InterfaceKind::Bridge(_)) => Some(Side::Itself(at.clone())),
        (None, _) => None,
    }
}

/// Who is at that end of a cable: a bridge, or a namespace.
pub fn owner(lab: &Lab, at: &Place) -> String {
    match bridge_of(lab, at) {
        Some(Side::Port(bridge)) => bridge.interface.to_string(),
        Some(Side::Itself(_)) | None => at.namespace.to_string(),
    }
}

/// A stack has just sent it.
pub fn sent(around: &Around<'_>, at: &Place, t: WireNs, heard: &Heard) -> Narration {
    let name = &at.namespace;
    let to = heard.glance.destination;
    match &heard.speech {
        Speech::Question { target, .. } if to.is_group() => Narration::new(
            format!("{name} asks everybody: who has {target}?"),
            format!("It does not know the MAC of {target} yet, and cannot send without it."),
        ),
        Speech::Question { target, .. } => Narration::new(
            format!("{name} asks {target} alone whether it still has the same MAC."),
            format!("What it has learned is getting old: {to}."),
        ),
        Speech::Probe { target } => Narration::new(
            format!("{name} asks everybody whether {target} is still free."),
            "If nobody answers, it takes the address for itself.",
        ),
        Speech::Answer { of, at } => Narration::new(
            format!("{name} answers: {of} has the MAC {at}."),
            "Only who has asked is told, not everybody.",
        ),
        Speech::Announcement { of, at } => Narration::new(
            format!("{name} tells everybody that {of} has the MAC {at}."),
            "Nobody has asked: whoever knows it already brings it up to date.",
        ),
        Speech::Ping { number, to } => {
            Narration::new(format!("{name} sends ping {number} to {to}."), by_which_mac(around, at, t, heard))
        }
        Speech::Pong { number } => {
            Narration::new(format!("{name} answers ping {number}."), by_which_mac(around, at, t, heard))
        }
        Speech::Transport(said) => {
            Narration::new(said.is_sent_by(name.as_str()), by_which_mac(around, at, t, heard))
        }
        Speech::SpanningTree => Narration::new(
            format!("{name}'s bridge tells the next bridge what it knows of the tree."),
            "So bridges in a ring agree which ports stay closed, and no frame goes round for ever.",
        ),
        Speech::Other { to: Some(to), .. } => Narration::new(
            format!("{name} sends {} to {to}.", heard.speech.noun()),
            by_which_mac(around, at, t, heard),
        ),
        Speech::Other { to: None, .. } => {
            Narration::new(format!("{name} sends {}.", heard.speech.noun()), String::new())
        }
    }
}

/// Why the frame is addressed to this MAC.
fn by_which_mac(around: &Around<'_>, at: &Place, t: WireNs, heard: &Heard) -> String {
    let mac = heard.glance.destination;
    let (Carries::Ip(datagram), false) = (&heard.glance.carries, mac.is_group()) else {
        return String::new();
    };
    let to = datagram.destination;
    let has_mac = |state: NeighbourState| matches!(state, NeighbourState::Known(known) | NeighbourState::Static(known) if known == mac);
    let known = around.tables.neighbours(&at.namespace, t);
    if known.iter().any(|row| row.address == to && has_mac(row.state)) {
        return format!("It knows the MAC of {to}: {mac}.");
    }
    match known.iter().find(|row| has_mac(row.state)) {
        Some(gateway) => {
            format!("{to} is in another network, so it gives the frame to {} to pass on.", gateway.address)
        }
        None => String::new(),
    }
}

fn on_cable(around: &Around<'_>, at: &Place, next: &Place, heard: &Heard) -> Narration {
    let (from, to) = (owner(around.lab, at), owner(around.lab, next));
    let noun = capital(&heard.speech.noun());
    Narration::new(format!("{noun} goes through the cable from {from} to {to}."), "")
}

/// How a port is called: by the number that is drawn on it, or by its name.
pub fn port_name(around: &Around<'_>, bridge: &Place, port: &Place) -> String {
    match (around.port_number)(bridge, port) {
        Some(number) => format!("port {number}"),
        None => port.interface.to_string(),
    }
}

fn in_switch(
    around: &Around<'_>,
    journey: &Journey,
    from: usize,
    bridge: &Place,
    t: WireNs,
    heard: &Heard,
) -> Narration {
    let name = &bridge.interface;
    let noun = heard.speech.noun();
    let to = heard.glance.destination;
    let detail = just_learned(around, bridge, t, heard.glance.source);
    let out = out_of_all(around, journey, from, bridge);
    if to.is_group() {
        let asked = match heard.speech {
            Speech::Question { target, .. } if has_address(around.lab, &bridge.namespace, target) => {
                format!(" sends {noun} {out}, and lets {} hear it too.", bridge.namespace)
            }
            Speech::Question { target, .. } => {
                format!(" does not know where {target} is, so it sends {noun} {out}.")
            }
            _ => format!(" sends {noun} {out}: it is for everybody."),
        };
        return Narration::new(format!("{name}{asked}"), detail);
    }
    let own = around.lab.interface(bridge).map(|interface| mac_of(bridge, interface));
    if own == Some(to) {
        let namespace = &bridge.namespace;
        let headline = format!(
            "{} is addressed to the MAC of {name} itself, so {namespace} takes it in.",
            capital(&noun)
        );
        return Narration::new(headline, detail);
    }
    let known = around.tables.learned(bridge, t).into_iter().find(|row| row.mac == to);
    match known {
        Some(row) => {
            let port = port_name(around, bridge, &row.port);
            Narration::new(
                format!("{name} knows that {to} lives behind {port}, so only that port gets it."),
                detail,
            )
        }
        None => {
            Narration::new(format!("{name} does not know where {to} is, so it sends {noun} {out}."), detail)
        }
    }
}

/// What the bridge learned from this very frame.
pub fn just_learned(around: &Around<'_>, bridge: &Place, t: WireNs, from: MacAddress) -> String {
    let rows = around.tables.learned(bridge, t);
    let new = rows.into_iter().find(|row| row.mac == from && row.since == t);
    new.map_or_else(String::new, |row| {
        let port = port_name(around, bridge, &row.port);
        format!("And it has just learned: {from} lives behind {port}.")
    })
}

/// `out of its only other port`, as far as this frame may leave by them.
fn out_of_all(around: &Around<'_>, journey: &Journey, from: usize, bridge: &Place) -> String {
    let is_up = |at: &Place| around.lab.interface(at).is_some_and(|found| found.up);
    let came_in = around.at(journey, from);
    let settings = around.lab.interface(bridge).and_then(topology::Interface::bridge_settings);
    let picks = settings.is_some_and(|settings| settings.stp || settings.vlan_filtering);
    // A bridge that chooses among its ports is believed what was seen.
    let count = match picks {
        false => around.lab.ports(bridge).filter(|port| Some(port) != came_in && is_up(port)).count(),
        true => {
            let own = journey.sightings[from].id;
            let sent = |found: &&capture::Sighting| {
                found.parent == Some(own) && found.frame.direction == Direction::Out
            };
            journey.sightings.iter().filter(sent).count()
        }
    };
    match count {
        0 => "out of every other port, of which there is none".into(),
        1 => "out of its only other port".into(),
        2 => "out of both other ports".into(),
        count => format!("out of all {count} other ports"),
    }
}

fn passed_on(
    around: &Around<'_>,
    journey: &Journey,
    (from, to): (usize, usize),
    namespace: &NamespaceName,
    heard: &Heard,
) -> Narration {
    let after = journey.sightings.get(to).and_then(|next| Glance::at(&next.frame.bytes));
    let (Carries::Ip(before), Some(Carries::Ip(after))) =
        (heard.glance.carries, after.as_ref().map(|after| after.carries))
    else {
        let (at, next) = (around.at(journey, from), around.at(journey, to));
        let way = at.zip(next).map(|(at, next)| format!(" from {} to {}", at.interface, next.interface));
        let noun = heard.speech.noun();
        return Narration::new(format!("{namespace} passes {noun} on{}.", way.unwrap_or_default()), "");
    };
    let headline = match before.ttl == after.ttl {
        true => format!("{namespace} passes it on, and puts its own MAC on it."),
        false => format!(
            "{namespace} lowers the TTL from {} to {} and puts its own MAC on it.",
            before.ttl, after.ttl
        ),
    };
    let swap = |is: std::net::IpAddr, was: std::net::IpAddr| match around.lab.namespaces.get(namespace) {
        Some(_) if has_address(around.lab, namespace, is) => {
            format!("And it puts its own address {is} in place of {was}.")
        }
        _ => format!("And it puts {is} in place of {was}."),
    };
    let detail = if before.source != after.source {
        swap(after.source, before.source)
    } else if before.destination != after.destination {
        let (is, was) = (after.destination, before.destination);
        format!("It remembers who has sent the question, and puts {is} back in place of {was}.")
    } else {
        format!("It is on its way to {}, by another network.", after.destination)
    };
    Narration::new(headline, detail)
}

fn has_address(lab: &Lab, namespace: &NamespaceName, address: std::net::IpAddr) -> bool {
    lab.namespaces.get(namespace).is_some_and(|found| {
        found.interfaces.values().any(|interface| interface.addresses.iter().any(|net| net.addr() == address))
    })
}
