//! What `ip neigh` and `bridge fdb` say, in the words that can be held against what a look shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use topology::{
    NamespaceName,
    sight::tables::{NeighbourState, Tables},
};

use crate::{sandbox::output, told};

/// A line for each entry of the tables that have some, by what table it is.
type Lines = BTreeMap<String, BTreeSet<String>>;

/// What is told otherwise, in some lines; empty where a look shows what `ip` and `bridge` say. Of a table that is too
/// long to be told whole, the rest must be counted.
pub fn differences(shown: &BTreeMap<NamespaceName, Tables>) -> Vec<String> {
    const SOME: usize = 20;
    let (told, (shown, more)) = (by_ip(), by_look(shown));
    let mut found = Vec::new();
    let tables: BTreeSet<&String> = told.keys().chain(shown.keys()).collect();
    for table in tables {
        let none = BTreeSet::new();
        let [told, shown] = [&told, &shown].map(|lines| lines.get(table).unwrap_or(&none));
        found.extend(shown.difference(told).map(|line| format!("{table}: only shown: {line}")));
        match more.get(table) {
            None => found.extend(told.difference(shown).map(|line| format!("{table}: not shown: {line}"))),
            Some(more) if shown.len() + more != told.len() => {
                found.push(format!("{table}: {} and {more} shown of {}", shown.len(), told.len()));
            }
            Some(_) => {}
        }
    }
    found.truncate(SOME);
    found
}

/// What nobody has answered is left out: it comes without a word. Of the states between which an entry moves by
/// itself only one is told.
fn by_ip() -> Lines {
    let mut lines = Lines::new();
    for name in told::namespaces() {
        let inside = if name == "host" { String::new() } else { format!("-n {name}") };
        let neighbours = entries(&format!("ip {inside} -json neigh"));
        let forwarding = entries(&format!("bridge {inside} -json fdb show"));
        for (table, line) in
            neighbours.iter().filter_map(neighbour).chain(forwarding.iter().filter_map(forwarded))
        {
            lines.entry(format!("{name} {table}")).or_default().insert(line);
        }
    }
    lines
}

fn entries(command: &str) -> Vec<Value> {
    match output(command).trim() {
        "" => vec![],
        json => serde_json::from_str(json).expect("it speaks JSON"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The table, and the line.
fn neighbour(entry: &Value) -> Option<(String, String)> {
    let state = text(&entry["state"][0]).to_lowercase();
    let state = NeighbourState::ALL.into_iter().find(|known| known.as_str() == state)?;
    let (dev, address) = (text(&entry["dev"]), text(&entry["dst"]));
    // A tun has addresses of its own making, of one octet.
    let mac = Some(text(&entry["lladdr"])).filter(|mac| mac.len() == 17).unwrap_or_default();
    Some((String::new(), format!("{dev} {address} {mac} {}", at_rest(state)?)))
}

fn at_rest(state: NeighbourState) -> Option<&'static str> {
    use NeighbourState::{Delay, Failed, Incomplete, Permanent, Probe, Reachable, Stale};
    match state {
        Permanent => Some("permanent"),
        Reachable | Stale | Delay | Probe => Some("known"),
        Incomplete | Failed => None,
    }
}

fn forwarded(entry: &Value) -> Option<(String, String)> {
    let bridge = entry["master"].as_str()?.to_owned();
    let kind = match text(&entry["state"]) {
        "" | "stale" => "learned",
        kind => kind,
    };
    let vlan = entry["vlan"].as_u64().map(|id| format!(" vlan {id}")).unwrap_or_default();
    Some((bridge, format!("{}{vlan} {} {kind}", text(&entry["mac"]), text(&entry["ifname"]))))
}

/// The same of a look, and how much more is counted.
fn by_look(tables: &BTreeMap<NamespaceName, Tables>) -> (Lines, BTreeMap<String, usize>) {
    let (mut lines, mut more) = (Lines::new(), BTreeMap::new());
    let mut take = |table: String, told: BTreeSet<String>, besides: usize| {
        more.extend((besides != 0).then(|| (table.clone(), besides)));
        lines.extend((!told.is_empty()).then_some((table, told)));
    };
    for (name, tables) in tables {
        let neighbours = tables.neighbours.entries.iter().filter_map(|entry| {
            let mac = entry.mac.map(|mac| mac.to_string()).unwrap_or_default();
            Some(format!("{} {} {mac} {}", entry.interface, entry.address, at_rest(entry.state)?))
        });
        take(format!("{name} "), neighbours.collect(), tables.neighbours.more);
        for (bridge, listed) in &tables.forwarding {
            let forwarded = listed.entries.iter().map(|entry| {
                let vlan = entry.vlan.map(|id| format!(" vlan {id}")).unwrap_or_default();
                format!("{}{vlan} {} {}", entry.mac, entry.port, entry.kind.as_str())
            });
            take(format!("{name} {bridge}"), forwarded.collect(), listed.more);
        }
    }
    (lines, more)
}
