//! Shells that are opened within a terminal, and left again.

use std::collections::BTreeSet;

use super::{Choice, Placed};
use crate::tutorial::{document::Target, read::programs::Opened};

/// Where the host's terminal is inside a shell of a namespace, what is said to be "inside" stays there; a shell
/// that is never left before the text is on the host again gets a terminal of its own.
pub(super) fn follow(chosen: &mut [Choice], commands: &[Placed<'_>]) {
    let mut used: BTreeSet<u32> = chosen.iter().filter_map(|choice| numbered(&choice.target)).collect();
    let mut given: BTreeSet<u32> = BTreeSet::new();
    let mut open: Vec<usize> = Vec::new();
    for at in 0..chosen.len() {
        let nature = commands[at].nature;
        let is_inside = open.last().is_some_and(|opener| names(&commands[*opener], &chosen[at].target));
        if is_inside {
            chosen[at].target = Target::Host;
            chosen[at].is_explicit = false;
        }
        if chosen[at].target != Target::Host {
            continue;
        }
        if nature.exits {
            open.pop();
        } else if matches!(nature.opens, Some(Opened::New | Opened::Named(_))) {
            match end_of(chosen, commands, at) {
                End::Left => open.push(at),
                End::Never(until) => {
                    let own = own_terminal(&commands[at], &used, &mut given);
                    used.extend(numbered(&own));
                    for choice in chosen[at..until].iter_mut().filter(|choice| choice.target == Target::Host)
                    {
                        choice.target = own.clone();
                    }
                }
            }
        }
    }
}

enum End {
    /// `exit` comes, or nobody needs the host any more.
    Left,
    /// Before this command, which is said to be on the host.
    Never(usize),
}

fn end_of(chosen: &[Choice], commands: &[Placed<'_>], opener: usize) -> End {
    let mut depth = 1_u32;
    for at in opener + 1..chosen.len() {
        let nature = commands[at].nature;
        let is_inside = names(&commands[opener], &chosen[at].target);
        if chosen[at].target != Target::Host && !is_inside {
            continue;
        }
        if chosen[at].target == Target::Host
            && chosen[at].is_explicit
            && commands[at].block != commands[opener].block
        {
            return End::Never(at);
        }
        if nature.exits {
            depth -= 1;
        } else if nature.opens.is_some() {
            depth += 1;
        }
        if depth == 0 {
            return End::Left;
        }
    }
    End::Left
}

/// Whether the shell that this opens is in the namespace of that target.
fn names(opener: &Placed<'_>, target: &Target) -> bool {
    match (&opener.nature.opens, target) {
        (Some(Opened::Named(opened)), Target::Named(name)) => opened == name.as_str(),
        _ => false,
    }
}

fn own_terminal(opener: &Placed<'_>, used: &BTreeSet<u32>, given: &mut BTreeSet<u32>) -> Target {
    if let Some(Opened::Named(name)) = &opener.nature.opens
        && let Ok(name) = name.parse()
    {
        return Target::Named(name);
    }
    // The text calls them by number later on; else any free one does.
    let number = (1..=32).find(|number| used.contains(number) && !given.contains(number));
    let number = number.or_else(|| (1..=u32::MAX).find(|number| !used.contains(number))).unwrap_or(1);
    given.insert(number);
    Target::Numbered(number)
}

fn numbered(target: &Target) -> Option<u32> {
    match target {
        Target::Numbered(number) => Some(*number),
        _ => None,
    }
}
