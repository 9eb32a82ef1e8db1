use topology::{Interface, Namespace, NamespaceName, ready};

use super::*;

fn lab() -> Lab {
    ready::find("two-rooms-and-a-cable").expect("a ready lab").lab().settled()
}

fn words(before: &Lab, after: &Lab) -> Vec<String> {
    let sign = |sort| match sort {
        Sort::Added => '+',
        Sort::Removed => '-',
        Sort::Changed => '.',
    };
    changes(before, after).iter().map(|change| format!("{} {}", sign(change.sort), change.words)).collect()
}

#[test]
fn what_appears_is_said_in_order_and_can_be_pointed_at() {
    let said = changes(&Lab::default(), &lab());
    let all: Vec<&str> = said.iter().map(|change| change.words.as_str()).collect();
    assert!(all.iter().any(|words| words.starts_with("namespace ")), "{all:?}");
    assert!(all.iter().any(|words| words.starts_with("cable ") && words.contains(" ↔ ")), "{all:?}");
    assert!(said.iter().filter(|change| change.item.is_some()).count() >= 3, "{all:?}");
    assert!(said.iter().all(|change| !change.sentence.is_empty()));
    let gone = words(&lab(), &Lab::default());
    assert!(gone.iter().all(|words| words.starts_with('-')), "{gone:?}");
}

#[test]
fn nothing_is_said_of_what_is_as_before() {
    assert_eq!(words(&lab(), &lab()), [""; 0]);
}

#[test]
fn an_end_that_moves_is_no_new_cable() {
    let name = |name: &str| NamespaceName::new(name).expect("a name");
    let (host, red) = (NamespaceName::host(), name("red"));
    let place = |namespace: &NamespaceName, interface: &str| {
        Place::new(namespace.clone(), interface.parse().expect("a name"))
    };
    let with = |first: &NamespaceName| {
        let mut lab = Lab::default();
        lab.namespaces.insert(red.clone(), Namespace::default());
        lab.namespaces.entry(host.clone()).or_default();
        let ends = [place(first, "veth-red"), place(&host, "veth-blue")];
        for end in &ends {
            let namespace = lab.namespaces.entry(end.namespace.clone()).or_default();
            namespace
                .interfaces
                .insert(end.interface.clone(), Interface::new(topology::InterfaceKind::VethEnd));
        }
        let [one, other] = ends;
        lab.cables.insert(Cable::new(one, other));
        lab.settled()
    };
    assert_eq!(words(&with(&host), &with(&red)), [". host/veth-red → red"]);
}
