//! What of a lab is on paper only: no kernel knows titles, or positions on a canvas.

use std::{collections::BTreeMap, mem};

use topology::{Became, Lab, NamespaceName, Target};

/// `observed`, with what `drawn` says beyond what a kernel can hold.
pub fn onto(mut observed: Lab, drawn: &Lab) -> Lab {
    observed.title.clone_from(&drawn.title);
    observed.about.clone_from(&drawn.about);
    observed.try_this.clone_from(&drawn.try_this);
    observed.pings.clone_from(&drawn.pings);
    for (name, namespace) in &mut observed.namespaces {
        let drawn = drawn.namespaces.get(name);
        namespace.position = drawn.and_then(|drawn| drawn.position);
        for (name, interface) in &mut namespace.interfaces {
            let drawn = drawn.and_then(|drawn| drawn.interfaces.get(name));
            interface.position = drawn.and_then(|drawn| drawn.position);
        }
    }
    observed
}

/// What was drawn under other names than those that things have now.
pub fn rename(drawn: &mut Lab, became: &[Became]) {
    let (mut names, mut interfaces) = (BTreeMap::new(), Vec::new());
    for became in became {
        match became {
            Became::Interface { from, to } => {
                let namespace = drawn.namespaces.get_mut(&from.namespace);
                let found = namespace.and_then(|namespace| namespace.interfaces.remove(&from.interface));
                interfaces.extend(found.map(|found| (to, found)));
            }
            Became::Namespace { from, to } => {
                names.insert(from.clone(), to.clone());
            }
        }
    }
    let rename = |name: &mut NamespaceName| {
        if let Some(to) = names.get(name) {
            name.clone_from(to);
        }
    };
    let namespaces = mem::take(&mut drawn.namespaces).into_iter();
    drawn.namespaces = namespaces
        .map(|(mut name, found)| {
            rename(&mut name);
            (name, found)
        })
        .collect();
    for (source, target) in &mut drawn.pings {
        rename(source);
        if let Target::Namespace(name) = target {
            rename(name);
        }
    }
    for (at, found) in interfaces {
        let namespace = drawn.namespaces.entry(at.namespace.clone()).or_default();
        namespace.interfaces.insert(at.interface.clone(), found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_paper_goes_along_with_names() {
        let mut drawn = topology::ready::LABS[0].lab().settled();
        let position = |drawn: &Lab, name: &str| {
            drawn.namespaces.get(&name.parse().expect("a name")).and_then(|namespace| namespace.position)
        };
        let (one, two) = (position(&drawn, "ns1"), position(&drawn, "ns2"));
        let became = |from: &str, to: &str| Became::Namespace {
            from: from.parse().expect("a name"),
            to: to.parse().expect("a name"),
        };
        let interface = Became::Interface {
            from: "ns1/veth-ns1".parse().expect("a place"),
            to: "ns2/eth0".parse().expect("a place"),
        };
        rename(&mut drawn, &[became("ns1", "ns2"), became("ns2", "ns1"), interface]);
        assert_eq!((position(&drawn, "ns2"), position(&drawn, "ns1")), (one, two));
        assert!(drawn.interface(&"ns2/eth0".parse().expect("a place")).is_some());
    }

    #[test]
    fn what_is_on_paper_comes_back_onto_what_was_observed() {
        let drawn = topology::ready::LABS[0].lab().settled();
        let mut observed = drawn.clone();
        observed.title.clear();
        observed.pings.clear();
        for namespace in observed.namespaces.values_mut() {
            namespace.position = None;
            namespace.interfaces.values_mut().for_each(|interface| interface.position = None);
        }
        assert_ne!(observed, drawn);
        assert_eq!(onto(observed, &drawn), drawn);
    }
}
