//! What kind of command it is: whether it ends, whether it is left alone, whether it builds or takes down.

mod asking;
mod endless;
mod held_back;
mod takedown;

use std::collections::BTreeMap;

use super::{
    programs::{Opened, Started, started},
    shell::{Simple, simples},
};
use crate::tutorial::document::HeldBack;

pub use asking::asks_who_is_there;
pub use takedown::{Effect, cleanups};

/// All that is known of a command by its own words.
#[derive(Debug)]
pub struct Nature {
    pub held_back: Option<HeldBack>,
    pub is_endless: bool,
    pub effect: Effect,
    /// Says itself which namespace it means.
    pub brings_namespace: bool,
    /// Makes, deletes or fills namespaces: `ip netns add red`, `ip link set east netns red`.
    pub is_about_namespaces: bool,
    pub opens: Option<Opened>,
    /// Leaves the shell that it is typed into.
    pub exits: bool,
    /// The function that it defines.
    pub defines: Option<String>,
    /// What that function does.
    pub body: Effect,
}

impl Nature {
    /// `text` with its placeholders made plain words; `functions`: what the page's own functions do.
    pub fn of(text: &str, functions: &BTreeMap<String, Effect>) -> Self {
        let simples = simples(text);
        let within = |in_function: bool| {
            let found = simples.iter().filter(move |simple| simple.in_function == in_function);
            found.map(|simple| (simple, started(simple))).collect::<Vec<_>>()
        };
        let starts: Vec<(&Simple, Vec<Started>)> = within(false);
        let all = || starts.iter().flat_map(|(_, starts)| starts);
        Self {
            held_back: starts.iter().find_map(|(simple, starts)| held_back::held_back(simple, starts)),
            is_endless: endless::is_endless(text, &starts),
            effect: takedown::effect(&starts, functions),
            brings_namespace: all().any(|start| start.brings_namespace),
            is_about_namespaces: all().any(|start| {
                start.words.first().is_some_and(|word| word == "ip")
                    && start.words.iter().any(|word| word == "netns")
            }),
            opens: all().find_map(|start| start.opens.clone()),
            exits: all()
                .any(|start| start.words.first().is_some_and(|word| word == "exit" || word == "logout")),
            body: takedown::effect(&within(true), functions),
            defines: defined(text),
        }
    }
}

/// The name of the function that a command defines.
fn defined(text: &str) -> Option<String> {
    let first = text.lines().next().unwrap_or_default().trim();
    let name = match first.strip_prefix("function ") {
        Some(rest) => rest.split(['(', '{', ' ']).next(),
        None => first.split_once("()").map(|(name, _)| name.trim()),
    };
    let is_name =
        |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    name.filter(is_name).map(str::to_owned)
}
