//! What is to be done, in the order of the command line, and which address a name stands for.

use std::net::IpAddr;

use clap::ArgMatches;
use topology::{Lab, NamespaceName, Target, aim::best_address};

use super::super::{Failure, args::Run};

/// One thing that the command line asks for.
#[derive(Debug)]
pub enum Task {
    Ping(Aim),
    Exec { namespace: NamespaceName, command: String },
}

/// From where to which address a ping goes.
#[derive(Debug)]
pub struct Aim {
    pub from: NamespaceName,
    /// As it was said: a namespace or an address.
    pub said: String,
    pub address: IpAddr,
    /// Of the echo requests: another one for each ping of a run, so that their answers cannot be mixed up.
    pub identifier: u16,
}

/// Pings and commands in the order in which they were given;
/// where nothing is asked for, what the lab itself suggests.
pub fn tasks(args: &Run, matches: Option<&ArgMatches>, lab: &Lab) -> Result<Vec<Task>, Failure> {
    if args.ping.is_empty() && args.exec.is_empty() && args.listen_for.is_none() {
        let suggested = (1..).zip(&lab.pings);
        return suggested.map(|(number, (from, to))| aim(lab, from, to, number).map(Task::Ping)).collect();
    }
    let mut tasks = Vec::new();
    for (number, (place, pair)) in (1..).zip(in_pairs(matches, "ping", &args.ping)) {
        let to = target(&pair[1])?;
        tasks.push((place, Task::Ping(aim(lab, &namespace(lab, &pair[0])?, &to, number)?)));
    }
    for (place, pair) in in_pairs(matches, "exec", &args.exec) {
        let namespace = namespace(lab, &pair[0])?;
        tasks.push((place, Task::Exec { namespace, command: pair[1].clone() }));
    }
    tasks.sort_by_key(|(place, _)| *place);
    Ok(tasks.into_iter().map(|(_, task)| task).collect())
}

/// Two values at a time, each pair with its place on the command line.
fn in_pairs<'a>(
    matches: Option<&ArgMatches>,
    option: &str,
    values: &'a [String],
) -> Vec<(usize, &'a [String])> {
    let places: Vec<usize> = match matches.and_then(|matches| matches.indices_of(option)) {
        Some(places) => places.step_by(2).collect(),
        None => Vec::new(),
    };
    let pairs = values.chunks_exact(2).enumerate();
    pairs.map(|(number, pair)| (places.get(number).copied().unwrap_or(number), pair)).collect()
}

fn target(text: &str) -> Result<Target, Failure> {
    if let Ok(address) = text.parse() {
        return Ok(Target::Address(address));
    }
    let name = text.parse().map_err(|error| {
        Failure::bad_input(format!("“{text}” is neither an address nor a namespace: {error}"))
    })?;
    Ok(Target::Namespace(name))
}

fn namespace(lab: &Lab, text: &str) -> Result<NamespaceName, Failure> {
    let known = |name: &NamespaceName| name.is_host() || lab.namespaces.contains_key(name);
    match text.parse() {
        Ok(name) if known(&name) => Ok(name),
        _ => Err(unknown(lab, text)),
    }
}

fn unknown(lab: &Lab, text: &str) -> Failure {
    let mut names: Vec<String> = lab.namespaces.keys().map(ToString::to_string).collect();
    if !names.iter().any(|name| name == "host") {
        names.push("host".into());
    }
    Failure::bad_input(format!(
        "the lab has no namespace called “{text}”; its namespaces are: {}",
        names.join(", ")
    ))
}

fn aim(lab: &Lab, from: &NamespaceName, to: &Target, identifier: u16) -> Result<Aim, Failure> {
    let from_namespace = lab.namespaces.get(from).cloned().unwrap_or_default();
    let (said, address) = match to {
        Target::Address(address) => (address.to_string(), *address),
        Target::Namespace(name) => {
            let Some(aimed) = lab.namespaces.get(name) else { return Err(unknown(lab, name.as_str())) };
            let address = best_address(&from_namespace, aimed).ok_or_else(|| {
                Failure::bad_input(format!("{name} has no address to ping; say an address instead"))
            })?;
            (name.to_string(), address)
        }
    };
    Ok(Aim { from: from.clone(), said, address, identifier })
}
