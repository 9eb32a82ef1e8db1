//! What no cable joins: side by side, and below each other when that gets too wide.

use emath::pos2;

use super::{GAP, group::Group};

/// Between groups that have nothing to do with each other.
const APART: f32 = 120.0;
/// Up to this wide, everything stands side by side.
const LEAST_WIDTH: f32 = 3200.0;

pub(super) fn side_by_side(groups: Vec<Group>) -> Group {
    let (lonely, mut groups): (Vec<Group>, Vec<Group>) =
        groups.into_iter().partition(|group| group.corners.len() == 1);
    if !lonely.is_empty() {
        groups.push(table(lonely));
    }
    let area: f32 =
        groups.iter().map(|group| (group.rect.width() + APART) * (group.rect.height() + APART)).sum();
    let widest = groups.iter().map(|group| group.rect.width()).fold(0.0, f32::max);
    let most = (area * 1.6).sqrt().max(widest).max(LEAST_WIDTH);
    on_shelves(groups, most, APART)
}

/// Rooms without a cable: in rows and columns.
fn table(groups: Vec<Group>) -> Group {
    let columns = (groups.len() as f32 * 1.3).sqrt().ceil().max(1.0);
    let widest = groups.iter().map(|group| group.rect.width()).fold(0.0, f32::max);
    on_shelves(groups, columns * (widest + GAP), GAP)
}

fn on_shelves(groups: Vec<Group>, most: f32, gap: f32) -> Group {
    let mut all = Group::empty();
    let (mut x, mut y, mut height) = (0.0_f32, 0.0, 0.0_f32);
    for mut group in groups {
        if 0.0 < x && most < x + group.rect.width() {
            (x, y, height) = (0.0, y + height + gap, 0.0);
        }
        group.move_to(pos2(x, y));
        x += group.rect.width() + gap;
        height = height.max(group.rect.height());
        all.add(group);
    }
    all
}
