//! Which veth ends belong together, over all namespaces.

use std::collections::{BTreeMap, BTreeSet};

use rtnetlink::packet_route::{
    RouteNetlinkMessage,
    nsid::{NsidAttribute, NsidMessage},
};

use crate::{Cable, NamespaceName, Place};

use super::{
    ask::{self, Refusal},
    gather::Link,
    netlink::Netlink,
    room::{Identity, NamespaceFd},
};

/// A namespace with what is needed to ask about its acquaintances.
pub(super) struct Side<'a> {
    pub(super) name: &'a NamespaceName,
    pub(super) identity: Identity,
    pub(super) fd: &'a NamespaceFd,
    pub(super) netlink: &'a Netlink,
    pub(super) links: &'a BTreeMap<u32, Link>,
}

/// The cables whose two ends are both in `sides`.
///
/// An end knows its peer's number, and the peer's namespace by a number of its own namespace's making.
/// Whoever has that number, and points back, is a candidate; only candidates are asked about, for
/// asking about each pair of namespaces would take far longer in a big lab.
pub(super) async fn cables(sides: &[Side<'_>], met: &mut Met) -> Result<BTreeSet<Cable>, Refusal> {
    let mut ends_by_index: BTreeMap<u32, Vec<(usize, &Link)>> = BTreeMap::new();
    for (number, side) in sides.iter().enumerate() {
        for link in side.links.values().filter(|link| link.peer.is_some()) {
            ends_by_index.entry(link.index).or_default().push((number, link));
        }
    }
    let mut acquaintances = Acquaintances { sides, met };
    let mut cables = BTreeSet::new();
    for (&index, ends) in &ends_by_index {
        for &(here, link) in ends {
            let Some((peer, namespace)) = link.peer else { continue };
            let candidates = ends_by_index.get(&peer).map(Vec::as_slice).unwrap_or_default();
            // Each cable is looked at from its lower end only.
            if peer < index {
                continue;
            }
            for &(there, other) in candidates {
                let points_back = other.peer.is_some_and(|(back, _)| back == index);
                let itself = here == there && link.index == other.index;
                if !points_back || itself {
                    continue;
                }
                let back = other.peer.and_then(|(_, namespace)| namespace);
                if acquaintances.belongs(here, namespace, there).await?
                    && acquaintances.belongs(there, back, here).await?
                {
                    cables.insert(Cable::new(place(&sides[here], link), place(&sides[there], other)));
                    break;
                }
            }
        }
    }
    Ok(cables)
}

fn place(side: &Side, link: &Link) -> Place {
    Place::new(side.name.clone(), link.name.clone())
}

/// What the first calls the second. A number stays as long as both are there, so it need not be asked for twice.
pub(super) type Met = BTreeMap<(Identity, Identity), i32>;

struct Acquaintances<'a, 'b> {
    sides: &'a [Side<'a>],
    met: &'b mut Met,
}

impl Acquaintances<'_, '_> {
    /// Whether `there` is what `here` calls `namespace`; `None` is the namespace itself.
    async fn belongs(&mut self, here: usize, namespace: Option<i32>, there: usize) -> Result<bool, Refusal> {
        let Some(namespace) = namespace else { return Ok(here == there) };
        let (here, there) = (&self.sides[here], &self.sides[there]);
        let pair = (here.identity, there.identity);
        if let Some(known) = self.met.get(&pair) {
            return Ok(*known == namespace);
        }
        let answer = number_of(here.netlink, there.fd).await?;
        self.met.extend(answer.map(|number| (pair, number)));
        Ok(answer == Some(namespace))
    }
}

/// The number by which a namespace knows another; `None` if it never met it.
async fn number_of(netlink: &Netlink, other: &NamespaceFd) -> Result<Option<i32>, Refusal> {
    use std::os::fd::AsRawFd;
    let mut question = NsidMessage::default();
    question.attributes.push(NsidAttribute::Fd(other.as_raw_fd() as u32));
    let RouteNetlinkMessage::NewNsId(answer) =
        ask::get(netlink, RouteNetlinkMessage::GetNsId(question)).await?
    else {
        return Ok(None);
    };
    Ok(answer.attributes.iter().find_map(|attribute| match attribute {
        // -1: not assigned (linux/net_namespace.h).
        NsidAttribute::Id(number) => (0 <= *number).then_some(*number),
        _ => None,
    }))
}
