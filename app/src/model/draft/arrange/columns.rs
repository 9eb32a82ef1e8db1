//! What is cabled together, from left to right.

use std::collections::{BTreeMap, BTreeSet};

use emath::pos2;

use super::{
    CABLE_GAP, GAP,
    group::Group,
    order::{mean, spread},
};

/// Longer columns become several.
const MOST_IN_A_COLUMN: usize = 8;

/// Groups in columns, so that `joints` (pairs of their numbers) join neighbouring columns where that is possible.
pub(super) fn beside_each_other(groups: Vec<Group>, joints: &BTreeSet<(usize, usize)>) -> Group {
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
    for &(a, b) in joints {
        near[a].push(b);
        near[b].push(a);
    }
    let mut placed: Vec<Option<(Group, f32)>> = groups.into_iter().map(|group| Some((group, 0.0))).collect();
    let columns = columns(&near);
    let mut middles: BTreeMap<usize, f32> = BTreeMap::new();
    let mut all = Group::empty();
    let mut x = 0.0;
    for column in columns.iter().flat_map(|column| column.chunks(MOST_IN_A_COLUMN)) {
        let mut blocks: Vec<(f32, usize, Group)> = Vec::new();
        for &node in column {
            let wanted = mean(near[node].iter().filter_map(|other| middles.get(other).copied()));
            if let Some((group, _)) = placed[node].take() {
                blocks.push((wanted.unwrap_or(0.0), node, group));
            }
        }
        blocks.sort_by(|a, b| a.0.total_cmp(&b.0));
        let wanted: Vec<(f32, f32)> = blocks.iter().map(|(y, _, group)| (*y, group.rect.height())).collect();
        let width = blocks.iter().map(|(_, _, group)| group.rect.width()).fold(0.0, f32::max);
        for (y, (_, node, mut group)) in spread(&wanted, GAP).into_iter().zip(blocks) {
            group.center_at(pos2(x + width / 2.0, y));
            middles.insert(node, y);
            all.add(group);
        }
        x += width + CABLE_GAP;
    }
    all
}

/// By distance from an end of the longest way; what hangs on one thing only stands on both sides of it in turn.
fn columns(near: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let Some(first) = (0..near.len()).min_by_key(|node| near[*node].len()) else { return Vec::new() };
    let farthest =
        |distances: &[usize]| (0..near.len()).rev().max_by_key(|node| distances[*node]).unwrap_or(first);
    let end = farthest(&distances(near, first));
    let other_end = farthest(&distances(near, end));
    // The one that is named first stands left.
    let mut column = distances(near, end.min(other_end));
    let last = column.iter().max().copied().unwrap_or(0);
    for (node, joined) in near.iter().enumerate() {
        let leaves: Vec<usize> = joined.iter().copied().filter(|leaf| near[*leaf].len() == 1).collect();
        // One stays where it is: the way goes on there.
        if 0 < column[node] && 3 <= leaves.len() {
            let at_left = leaves.iter().filter(|leaf| column[**leaf] < column[node]).count();
            let more = (leaves.len() / 2).saturating_sub(at_left);
            let right = leaves.iter().filter(|leaf| column[node] < column[**leaf]).copied();
            for leaf in right.take(more).collect::<Vec<_>>() {
                column[leaf] = column[node] - 1;
            }
        }
    }
    let mut columns = vec![Vec::new(); last + 1];
    for (node, column) in column.into_iter().enumerate() {
        columns[column.min(last)].push(node);
    }
    columns
}

fn distances(near: &[Vec<usize>], from: usize) -> Vec<usize> {
    let mut distances = vec![usize::MAX; near.len()];
    distances[from] = 0;
    let mut waiting = std::collections::VecDeque::from([from]);
    while let Some(node) = waiting.pop_front() {
        for &next in &near[node] {
            if distances[next] == usize::MAX {
                distances[next] = distances[node] + 1;
                waiting.push_back(next);
            }
        }
    }
    // What hangs together by nothing but a bridge's own house cannot be far.
    distances.into_iter().map(|distance| if distance == usize::MAX { 0 } else { distance }).collect()
}
