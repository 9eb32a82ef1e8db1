//! What stands for `<PID1>` and the like.

use std::collections::BTreeMap;

use topology::{BridgeSettings, Interface, InterfaceKind, NamespaceName, Sight};

use super::{play, sight};
use crate::tutorial::runner::fill;

#[test]
fn the_kernel_proposes_and_a_person_nods() {
    play(
        &["host: ip link set a netns <PID1>", "host: ip link set b netns <PID2>", "host: kill <PID1>"],
        r##"
        sees 90 80
        run 0 1 2
        ? what 0: <PID1> 80
        > nothing
        answer 80
        > open host in host
        0.1 host <P7>$
        > type host ip link set a netns 80\r
        0.2 host <C><P7>$
        = 0 ran host@host 0 ""
        ? what 1: <PID2> 90
        answer 91
        > type host ip link set b netns 91\r
        0.3 host <C><P7>$
        > type host kill 80\r
        0.4 host <C><P7>$
        = 2 ran host@host 0 ""
        "##,
    );
}

#[test]
fn an_answer_holds_until_the_kernel_shows_something_else() {
    play(
        &["host: kill <PID1>", "host: kill <PID1>"],
        r##"
        sees 80
        run 0
        ? what 0: <PID1> 80
        answer 80
        > open host in host
        0.1 host <P7>$
        > type host kill 80\r
        0.2 host <C><P7>$
        sees 95
        run 1
        ? what 1: <PID1> 95
        "##,
    );
}

#[test]
fn a_terminal_that_lives_in_a_namespace_of_its_own_is_meant_by_its_number() {
    play(
        &["2: unshare --net bash", "host: kill <PID2>"],
        r##"
        sees 5 6 7
        run 0 1
        > open 2 in host
        0.1 2 opened 10
        0.1 2 <P10>$
        > type 2 unshare --net bash\r
        0.2 2 <C>
        0.2 2 at pid 12
        0.3 2 <P13>#
        ? what 1: <PID2> 13
        "##,
    );
}

#[test]
fn without_a_kernel_there_is_no_proposal() {
    play(
        &["host: ping <address>"],
        "
        run 0
        ? what 0: <address> ?
        answer skip
        = 0 left out
        > nothing
        ",
    );
}

#[test]
fn only_what_is_beyond_doubt_is_proposed() {
    let mut seen = sight("50");
    let host = seen.lab.namespaces.entry(NamespaceName::host()).or_default();
    let bridge = InterfaceKind::Bridge(BridgeSettings::default());
    for (name, kind) in [("lo", InterfaceKind::Loopback), ("br0", bridge), ("veth-a", InterfaceKind::VethEnd)]
    {
        host.interfaces.insert(name.parse().expect("a name"), Interface::new(kind));
    }
    for name in ["red", "blue"] {
        seen.lab.namespaces.entry(name.parse().expect("a name")).or_default();
    }
    let cases = [
        ("<PID>", Some("50")),
        ("<pid_1>", Some("50")),
        ("<PID2>", None),
        ("<interface>", Some("veth-a")),
        ("<bridge-name>", Some("br0")),
        ("<namespace>", None),
        ("<NS1>", Some("blue")),
        ("<your-name>", None),
        ("<>", None),
        ("<0>", None),
        ("<pid0>", None),
    ];
    for (placeholder, expected) in cases {
        let proposal = fill::proposal(placeholder, &BTreeMap::new(), Some(&seen), "host");
        assert_eq!(proposal.as_deref(), expected, "{placeholder}");
    }
    assert_eq!(fill::proposal("<interface>", &BTreeMap::new(), Some(&Sight::default()), "host"), None);
}
