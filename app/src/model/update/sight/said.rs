//! What was typed, told.

use topology::{Became, Interface, Lab, Step, plan::plan};

use crate::model::{renames::Renames, sights::Said};

/// What leads from one look to the next, whoever did it.
pub fn said(before: &Lab, after: &Lab, became: &[Became]) -> Said {
    let mut said = Said::default();
    for what in became {
        let (sentence, shell) = of_one(what);
        said.sentences.push(sentence);
        said.shell.push(shell);
    }
    let before = called_anew(before, became);
    let steps = plan(&before, after).steps;
    for step in steps.iter().filter(|step| !matches!(step, Step::Move { .. })) {
        said.sentences.push(step.sentence());
        said.shell.extend(step.shell().lines().filter(|line| is_of_the_step(step, line)).map(str::to_owned));
    }
    said
}

/// A step's lines prepare and tidy up as well; nobody typed that.
fn is_of_the_step(step: &Step, line: &str) -> bool {
    match step {
        Step::SetSysctl { .. } | Step::SetFirewall { .. } => true,
        _ => !line.contains("sysctl -q") && !line.contains("addrgenmode") && !line.contains("ethtool"),
    }
}

fn of_one(became: &Became) -> (String, String) {
    match became {
        Became::Namespace { from, to } => {
            (format!("Call the namespace {from} now {to}"), format!("# {from} is now called {to}"))
        }
        Became::Interface { from, to } => {
            let inside = match from.namespace.is_host() {
                true => "ip".to_owned(),
                false => format!("ip -n {}", from.namespace),
            };
            let mut shell = format!("{inside} link set dev {}", from.interface);
            let mut words = Vec::new();
            if from.namespace != to.namespace {
                let to = if to.namespace.is_host() { "1" } else { to.namespace.as_str() };
                shell += &format!(" netns {to}");
                words.push(format!("Move {from} to {}", if to == "1" { "host" } else { to }));
            }
            if from.interface != to.interface {
                shell += &format!(" name {}", to.interface);
                words.push(format!("Call {from} now {}", to.interface));
            }
            (words.join(" and "), shell)
        }
    }
}

/// The lab before with the names of afterwards, so that a plan between the two tells the rest.
fn called_anew(before: &Lab, became: &[Became]) -> Lab {
    if became.is_empty() {
        return before.clone();
    }
    let renames = Renames::of(became);
    let mut lab = renames.lab(before);
    for at in renames.moved() {
        if let Some(found) = lab.interface_mut(&at) {
            // The kernel takes the rest away when it moves an interface.
            *found = Interface { up: false, mac: found.mac, mtu: found.mtu, ..Interface::new(found.kind) };
        }
    }
    lab
}
