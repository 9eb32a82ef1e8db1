//! What stands for a placeholder: what the kernel shows, and what a person has said.

use std::collections::BTreeMap;

use topology::{NamespaceName, Sight};

use super::{Slot, seat::Seat};

/// What was answered on this page.
#[derive(Debug, Default)]
pub struct Answers {
    /// By placeholder: what was proposed then, and what was said.
    known: BTreeMap<String, (Option<String>, String)>,
}

impl Answers {
    pub fn remember(&mut self, name: String, proposal: Option<String>, answer: String) {
        self.known.insert(name, (proposal, answer));
    }

    /// An answer holds as long as the kernel shows the same: a page that is run again has other processes.
    pub fn of(&self, name: &str, proposal: Option<&str>) -> Option<&str> {
        let (proposed, answer) = self.known.get(name)?;
        let is_fresh = proposal.is_none() || proposed.as_deref() == proposal;
        is_fresh.then_some(answer.as_str())
    }
}

/// What the kernel shows for it; `at` is where the command will be typed.
pub fn proposal(
    placeholder: &str,
    seats: &BTreeMap<Slot, Seat>,
    sight: Option<&Sight>,
    at: &str,
) -> Option<String> {
    let lower = placeholder.to_ascii_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let word = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let number: Option<usize> = bare[word.len()..].parse().ok();
    let is =
        |means: &[&str]| word.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| means.contains(&part));
    if is(&["pid", "process"]) {
        return process(number, seats, sight);
    }
    let sight = sight?;
    if is(&["bridge", "br", "switch"]) {
        return only(number, bridges(sight));
    }
    if is(&["interface", "iface", "if", "dev", "device", "nic", "veth"]) {
        return only(number, interfaces(sight, at));
    }
    if is(&["namespace", "netns", "ns"]) {
        return only(number, named(sight));
    }
    None
}

/// The `number`th, else the only one.
fn only(number: Option<usize>, found: Vec<String>) -> Option<String> {
    match number {
        Some(number) => found.into_iter().nth(number.checked_sub(1)?),
        None => <[String; 1]>::try_from(found).ok().map(|[only]| only),
    }
}

fn process(number: Option<usize>, seats: &BTreeMap<Slot, Seat>, sight: Option<&Sight>) -> Option<String> {
    let of_terminal = number.and_then(|number| {
        let seat = seats.get(&Slot::Numbered(u32::try_from(number).ok()?))?;
        process_in(seat)
    });
    let of_kernel = || {
        let mut found: Vec<u32> = sight?.processes.values().map(|process| process.pid).collect();
        found.sort_unstable();
        only(number, found.iter().map(ToString::to_string).collect())
    };
    let of_only_terminal =
        || only(None, seats.values().filter_map(process_in).collect()).filter(|_| number.is_none());
    of_terminal.or_else(of_kernel).or_else(of_only_terminal)
}

/// The process number of a terminal's shell that lives in a namespace without a name.
fn process_in(seat: &Seat) -> Option<String> {
    let of_namespace = seat.namespace().strip_prefix("pid ")?;
    match seat.shell()? {
        // The first of a process namespace of its own counts from one; outside it has another number.
        1 => Some(of_namespace.to_owned()),
        shell => Some(shell.to_string()),
    }
}

fn bridges(sight: &Sight) -> Vec<String> {
    let bridges = sight.lab.interfaces().filter(|(_, found)| found.bridge_settings().is_some());
    bridges.map(|(place, _)| place.interface.to_string()).collect()
}

fn interfaces(sight: &Sight, at: &str) -> Vec<String> {
    let namespace = NamespaceName::new(at).ok().and_then(|name| sight.lab.namespaces.get(&name));
    let all = namespace.into_iter().flat_map(|namespace| &namespace.interfaces);
    let plain = all.filter(|(name, found)| !name.is_loopback() && found.bridge_settings().is_none());
    plain.map(|(name, _)| name.to_string()).collect()
}

fn named(sight: &Sight) -> Vec<String> {
    let names = sight.lab.namespaces.keys();
    let named = names.filter(|name| !name.is_host() && !sight.processes.contains_key(*name));
    named.map(ToString::to_string).collect()
}
