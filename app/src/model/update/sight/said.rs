//! What was typed, told.

use topology::{Became, Interface, Lab, Place, Step, plan::plan};

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

/// What the kernel has after a change of ours, less what is neither drawn nor was there before, with what is drawn
/// and was there before: the difference to what it has was typed while the change was under way.
pub fn without_what_is_typed(drawn: &Lab, before: &Lab, after: &Lab) -> Lab {
    let mut expected = after.clone();
    let is_ours = |at: &Place| drawn.interface(at).is_some() || before.interface(at).is_some();
    expected.namespaces.retain(|name, _| {
        name.is_host() || drawn.namespaces.contains_key(name) || before.namespaces.contains_key(name)
    });
    for (name, namespace) in &mut expected.namespaces {
        namespace.interfaces.retain(|interface, found| {
            let at = Place::new(name.clone(), interface.clone());
            let known = [drawn, before].map(|lab| lab.interface(&at));
            found
                .addresses
                .retain(|address| known.iter().flatten().any(|known| known.addresses.contains(address)));
            interface.is_loopback() || is_ours(&at)
        });
        let known = [drawn, before].map(|lab| lab.namespaces.get(name));
        namespace.routes.retain(|route| known.iter().flatten().any(|known| known.routes.contains(route)));
    }
    expected.cables.retain(|cable| drawn.cables.contains(cable) || before.cables.contains(cable));
    for (name, found) in &before.namespaces {
        if drawn.namespaces.contains_key(name) && !after.namespaces.contains_key(name) {
            expected.namespaces.insert(name.clone(), found.clone());
        }
    }
    let went =
        before.interfaces().filter(|(at, _)| drawn.interface(at).is_some() && after.interface(at).is_none());
    for (at, found) in went {
        if let Some(namespace) = expected.namespaces.get_mut(&at.namespace) {
            namespace.interfaces.insert(at.interface, found.clone());
        }
    }
    let went =
        before.cables.iter().filter(|cable| drawn.cables.contains(cable) && !after.cables.contains(cable));
    expected.cables.extend(went.cloned());
    expected
}
