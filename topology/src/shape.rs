//! Questions about a lab's shape: what hangs together, where it loops, who hears whom.
//!
//! The shape is how things are plugged in, whether they are up or not.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ipnet::IpNet;
use petgraph::{
    algo::astar,
    graph::{EdgeReference, NodeIndex, UnGraph},
    visit::EdgeRef,
};

use crate::{Cable, Lab, NamespaceName, Place, Thing};

mod domains;
mod loops;

pub use domains::broadcast_domains;
pub use loops::BridgeLoop;

/// What joins two things.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    Cable(Cable),
    /// A bridge and the namespace whose stack owns it.
    Inside,
}

/// A lab as a graph of namespaces and bridges, joined by cables.
#[derive(Clone, Debug)]
pub struct Shape {
    graph: UnGraph<Thing, Link>,
    index: BTreeMap<Thing, NodeIndex>,
    domains: Vec<BTreeSet<Place>>,
    domain_of: BTreeMap<Place, usize>,
    addresses: BTreeMap<Place, BTreeSet<IpNet>>,
}

impl Shape {
    pub fn of(lab: &Lab) -> Self {
        let mut graph = UnGraph::default();
        let mut index = BTreeMap::new();
        for thing in things(lab) {
            index.insert(thing.clone(), graph.add_node(thing));
        }
        for (thing, &node) in &index {
            if let Thing::Bridge(at) = thing {
                let owner = index[&Thing::Namespace(at.namespace.clone())];
                graph.add_edge(node, owner, Link::Inside);
            }
        }
        for cable in &lab.cables {
            let [one, other] = cable.ends().each_ref().map(|end| index.get(&stands_at(lab, end)));
            if let (Some(&one), Some(&other)) = (one, other) {
                graph.add_edge(one, other, Link::Cable(cable.clone()));
            }
        }
        let domains = broadcast_domains(lab);
        let numbered = domains.iter().enumerate();
        let domain_of =
            numbered.flat_map(|(number, domain)| domain.iter().map(move |at| (at.clone(), number)));
        let addresses = lab.interfaces().map(|(at, interface)| (at, interface.addresses.clone()));
        Self { domain_of: domain_of.collect(), addresses: addresses.collect(), graph, index, domains }
    }

    /// The graph itself, for layout and the like; nodes are in the order of the things' names.
    pub fn graph(&self) -> &UnGraph<Thing, Link> {
        &self.graph
    }

    pub fn node(&self, thing: &Thing) -> Option<NodeIndex> {
        self.index.get(thing).copied()
    }

    /// The things that hang together, by cables or because a bridge is inside a namespace;
    /// in the order of each component's first thing.
    pub fn components(&self) -> Vec<BTreeSet<Thing>> {
        let mut components = Vec::new();
        let mut seen = BTreeSet::new();
        for &start in self.index.values() {
            if !seen.insert(start) {
                continue;
            }
            let mut component = BTreeSet::new();
            let mut waiting = VecDeque::from([start]);
            while let Some(node) = waiting.pop_front() {
                component.insert(self.graph[node].clone());
                waiting.extend(self.graph.neighbors(node).filter(|&next| seen.insert(next)));
            }
            components.push(component);
        }
        components
    }

    /// The loops that bridges and the cables between them make: as many as there are cables
    /// that one would have to pull until none is left.
    pub fn bridge_loops(&self) -> Vec<BridgeLoop> {
        self.bridge_loops_among(|_| true, |_| true)
    }

    /// The same among chosen bridges and cables only.
    pub fn bridge_loops_among(
        &self,
        bridge_counts: impl Fn(&Place) -> bool,
        cable_counts: impl Fn(&Cable) -> bool,
    ) -> Vec<BridgeLoop> {
        let bridge = |node: NodeIndex| match &self.graph[node] {
            Thing::Bridge(at) if bridge_counts(at) => Some(at),
            Thing::Bridge(_) | Thing::Namespace(_) => None,
        };
        let joints = self.graph.edge_references().filter_map(|edge| match edge.weight() {
            Link::Cable(cable) if cable_counts(cable) => {
                Some((bridge(edge.source())?, bridge(edge.target())?, cable))
            }
            Link::Cable(_) | Link::Inside => None,
        });
        loops::loops(joints)
    }

    /// The interfaces that hear each other's broadcasts, `lo` left out; see [`broadcast_domains`].
    pub fn broadcast_domains(&self) -> &[BTreeSet<Place>] {
        &self.domains
    }

    /// The broadcast domain that an interface is in.
    pub fn broadcast_domain(&self, at: &Place) -> Option<&BTreeSet<Place>> {
        self.domain_of.get(at).map(|&number| &self.domains[number])
    }

    /// The things on the shortest way between two namespaces, both included;
    /// by cables alone if that is possible, else also from bridge to bridge through the stack they are in.
    pub fn path(&self, from: &NamespaceName, to: &NamespaceName) -> Option<Vec<Thing>> {
        let start = self.node(&Thing::Namespace(from.clone()))?;
        let goal = self.node(&Thing::Namespace(to.clone()))?;
        let dearer_than_any_way_by_cable = self.graph.edge_count() + 1;
        let cost = |edge: EdgeReference<'_, Link>| match edge.weight() {
            Link::Cable(_) => 1,
            Link::Inside => dearer_than_any_way_by_cable,
        };
        let (_, nodes) = astar(&self.graph, start, |node| node == goal, cost, |_| 0)?;
        Some(nodes.into_iter().map(|node| self.graph[node].clone()).collect())
    }

    /// The other places that an interface reaches without a router:
    /// in its broadcast domain, and each sees the other's address inside its own subnet.
    pub fn on_link(&self, at: &Place) -> BTreeSet<Place> {
        let (Some(domain), Some(mine)) = (self.broadcast_domain(at), self.addresses.get(at)) else {
            return BTreeSet::new();
        };
        let shares = |other: &&Place| {
            let theirs = self.addresses.get(*other).into_iter().flatten();
            *other != at && theirs.into_iter().any(|b| mine.iter().any(|a| share_a_subnet(a, b)))
        };
        domain.iter().filter(shares).cloned().collect()
    }
}

/// True if two addresses reach each other without a router.
pub fn share_a_subnet(one: &IpNet, other: &IpNet) -> bool {
    one.contains(&other.addr()) && other.contains(&one.addr())
}

fn things(lab: &Lab) -> BTreeSet<Thing> {
    let namespaces = lab.namespaces.keys().cloned().map(Thing::Namespace);
    let is_bridge = |(at, interface): (Place, &crate::Interface)| {
        interface.bridge_settings().is_some().then_some(Thing::Bridge(at))
    };
    namespaces.chain(lab.interfaces().filter_map(is_bridge)).collect()
}

/// What a cable's end is plugged into: the bridge it is a port of, else its namespace.
fn stands_at(lab: &Lab, end: &Place) -> Thing {
    match lab.interface(end).and_then(|interface| interface.bridge.clone()) {
        Some(bridge) => Thing::Bridge(Place::new(end.namespace.clone(), bridge)),
        None => Thing::Namespace(end.namespace.clone()),
    }
}

#[cfg(test)]
mod tests;
