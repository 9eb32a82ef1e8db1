//! What this kernel can do, found out by doing it in a namespace that is thrown away.

mod netlink;

use std::io;

use nix::sched::{CloneFlags, unshare};

use self::netlink::{Attributes, Rtnetlink};
use super::protocol::Feature;

type Trial = fn(&mut Rtnetlink) -> io::Result<()>;

/// What is tried, in this order: later trials may need what earlier ones made.
const TRIALS: &[(&str, Trial)] = &[
    ("veth", |link| link.add_link("hop-veth", "veth", None)),
    ("bridge", |link| link.add_link("hop-br", "bridge", None)),
    ("br_netfilter", |_| std::fs::metadata("/proc/sys/net/bridge/bridge-nf-call-iptables").map(|_| ())),
    ("bridge VLAN filtering", |link| {
        link.add_link("hop-vbr", "bridge", Some(Attributes::new().byte(netlink::IFLA_BR_VLAN_FILTERING, 1)))
    }),
    ("802.1Q interfaces", |link| link.add_vlan("hop-vlan", "hop-veth", 7)),
    ("netem", |link| link.add_netem("hop-veth")),
    ("nf_tables", |_| netlink::ask_nf_tables()),
];

/// Tries everything out, on a thread with a network namespace of its own.
pub fn probe() -> Vec<Feature> {
    let in_own_namespace = || -> io::Result<Vec<Feature>> {
        unshare(CloneFlags::CLONE_NEWNET)?;
        let mut link = Rtnetlink::open()?;
        let feature = |(name, trial): &(&str, Trial)| Feature {
            name: (*name).into(),
            missing: trial(&mut link).err().map(|error| error.to_string()),
        };
        Ok(TRIALS.iter().map(feature).collect())
    };
    let tried = std::thread::scope(|scope| scope.spawn(in_own_namespace).join());
    let nothing = |why: String| {
        TRIALS.iter().map(|(name, _)| Feature { name: (*name).into(), missing: Some(why.clone()) }).collect()
    };
    match tried {
        Ok(Ok(features)) => features,
        Ok(Err(error)) => nothing(format!("it could not be tried: {error}")),
        Err(_) => nothing("it could not be tried".into()),
    }
}
