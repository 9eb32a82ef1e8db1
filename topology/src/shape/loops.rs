//! Loops among bridges: a frame that is flooded into one comes back.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{Cable, Place};

/// A way round, from bridge to bridge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BridgeLoop {
    /// In the order of the way round; one bridge alone if a cable joins two of its own ports.
    pub bridges: Vec<Place>,
    /// As many as bridges; the last one leads back to the first bridge.
    pub cables: Vec<Cable>,
}

type Tree<'a> = BTreeMap<&'a Place, Option<(&'a Place, &'a Cable)>>;

/// Grows a tree over the bridges; each cable left over closes one loop with the tree.
pub(super) fn loops<'a>(joints: impl Iterator<Item = (&'a Place, &'a Place, &'a Cable)>) -> Vec<BridgeLoop> {
    let joints: BTreeSet<_> = joints.map(|(a, b, cable)| (cable, a, b)).collect();
    let mut around: BTreeMap<&Place, Vec<(&Place, &Cable)>> = BTreeMap::new();
    for &(cable, a, b) in &joints {
        around.entry(a).or_default().push((b, cable));
        around.entry(b).or_default().push((a, cable));
    }
    let tree = spanning_tree(&around);
    let in_tree: BTreeSet<&Cable> = tree.values().flatten().map(|&(_, cable)| cable).collect();
    let left_over = joints.iter().filter(|(cable, ..)| !in_tree.contains(cable));
    left_over.map(|&(cable, a, b)| closed_by(cable, a, b, &tree)).collect()
}

/// Each bridge with the bridge and cable that lead towards its tree's root.
fn spanning_tree<'a>(around: &BTreeMap<&'a Place, Vec<(&'a Place, &'a Cable)>>) -> Tree<'a> {
    let mut tree = Tree::new();
    for &root in around.keys() {
        if tree.contains_key(root) {
            continue;
        }
        tree.insert(root, None);
        let mut waiting = VecDeque::from([root]);
        while let Some(bridge) = waiting.pop_front() {
            for &(next, cable) in &around[bridge] {
                if !tree.contains_key(next) {
                    tree.insert(next, Some((bridge, cable)));
                    waiting.push_back(next);
                }
            }
        }
    }
    tree
}

/// The loop that `cable` between `a` and `b` closes: up from both until the ways meet.
fn closed_by(cable: &Cable, a: &Place, b: &Place, tree: &Tree<'_>) -> BridgeLoop {
    let (mut up_from_a, mut up_from_b) = (way_up(a, tree), way_up(b, tree));
    while let [.., x, _] = up_from_a[..]
        && let [.., y, _] = up_from_b[..]
        && x.0 == y.0
    {
        up_from_a.pop();
        up_from_b.pop();
    }
    // Both ways end in the bridge where they meet; it counts once, and its own way up not at all.
    let meeting = up_from_a.pop().map(|(bridge, _)| bridge);
    up_from_b.pop();
    let down_to_b = || up_from_b.iter().rev();
    let bridges = up_from_a.iter().map(|step| step.0).chain(meeting).chain(down_to_b().map(|step| step.0));
    let up_cables = up_from_a.iter().filter_map(|step| step.1);
    let cables = up_cables.chain(down_to_b().filter_map(|step| step.1)).chain([cable]);
    BridgeLoop { bridges: bridges.cloned().collect(), cables: cables.cloned().collect() }
}

fn way_up<'a>(from: &'a Place, tree: &Tree<'a>) -> Vec<(&'a Place, Option<&'a Cable>)> {
    let mut way = Vec::new();
    let mut next = Some(from);
    while let Some(bridge) = next {
        let parent = tree.get(bridge).copied().flatten();
        way.push((bridge, parent.map(|(_, cable)| cable)));
        next = parent.map(|(bridge, _)| bridge);
    }
    way
}
