//! Labs of many shapes, arranged and looked at with a ruler.

use std::fmt::Write as _;

use emath::Rect;
use topology::{BridgeSettings, Cable, Interface, InterfaceKind, Lab, Namespace, NamespaceName, Place, Position, ready};

use super::*;
use crate::model::stage::layout::{Layout, Lines};

mod labs;
mod missing;

use labs::{line, lonely, ring, star, stripped, tree, two_networks};

/// What keeps off each other: rooms and houses, and the switches in one house.
fn boxes(layout: &Layout) -> Vec<(String, Rect)> {
    layout.rooms.iter().map(|(name, room)| (name.to_string(), room.rect)).collect()
}

fn distance(a: Rect, b: Rect) -> f32 {
    let x = (b.left() - a.right()).max(a.left() - b.right());
    let y = (b.top() - a.bottom()).max(a.top() - b.bottom());
    x.max(y)
}

/// What is wrong with an arranged lab.
fn faults(lab: &Lab, least: f32) -> Vec<String> {
    let mut faults = Vec::new();
    for lines in [Lines::default(), Measured::of(lab).lines] {
        let layout = Layout::of(lab, &lines);
        let boxes = boxes(&layout);
        for (i, (one, a)) in boxes.iter().enumerate() {
            let near = boxes[i + 1..].iter().filter(|(_, b)| distance(*a, *b) < least);
            faults.extend(near.map(|(other, b)| format!("{one} and {other} are {} apart", distance(*a, *b))));
        }
        let switches: Vec<_> = layout.switches.iter().collect();
        for (i, (one, a)) in switches.iter().enumerate() {
            let a = a.rect.union(a.learned);
            let near = switches[i + 1..].iter().filter(|(_, b)| distance(a, b.rect.union(b.learned)) < 16.0);
            faults.extend(near.map(|(other, _)| format!("switches {one} and {other} are in each other's way")));
        }
        for name in layout.rooms.keys() {
            if lab.namespaces[name].position.is_none() {
                faults.push(format!("{name} has no position"));
            }
        }
        for at in layout.switches.keys() {
            if lab.interface(at).and_then(|found| found.position).is_none() {
                faults.push(format!("{at} has no position"));
            }
        }
    }
    faults
}

fn all_labs() -> Vec<(String, Lab)> {
    let mut labs: Vec<(String, Lab)> =
        ready::LABS.iter().map(|ready| (ready.name.to_owned(), stripped(&ready.lab()))).collect();
    labs.extend([8, 24, 100].map(|count| (format!("star of {count}"), star(count))));
    labs.extend([2, 3, 5, 6].map(|count| (format!("star of {count}"), star(count))));
    labs.push(("ring of 3".into(), ring(3)));
    labs.push(("ring of 4".into(), ring(4)));
    labs.push(("line of 5".into(), line(5)));
    labs.push(("tree of 3".into(), tree(2)));
    labs.push(("tree of 5".into(), tree(4)));
    labs.push(("two networks".into(), two_networks()));
    labs.push(("12 lonely".into(), lonely(12)));
    labs
}

#[test]
fn nothing_is_in_the_way_of_anything() {
    let mut all = String::new();
    for (name, lab) in all_labs() {
        let found = faults(&arrange(&lab), 48.0);
        if !found.is_empty() {
            writeln!(all, "{name}: {found:#?}").expect("a string takes everything");
        }
    }
    assert!(all.is_empty(), "{all}");
}

#[test]
fn look() {
    for (name, lab) in all_labs() {
        let lab = arrange(&lab);
        let layout = Layout::of(&lab, &Lines::default());
        let lines: Vec<Vec<emath::Pos2>> = layout.cables.values().map(|curve| curve.flatten(1.0)).collect();
        let unnamed = layout.sockets.values().filter(|socket| !socket.is_labelled).count();
        let through = lines.iter().flat_map(|line| line.windows(2)).filter(|w| {
            let middle = w[0] + (w[1] - w[0]) / 2.0;
            layout.rooms.values().any(|room| !room.is_house && room.rect.shrink(2.0).contains(middle))
                || layout.switches.values().any(|s| s.learned.shrink(2.0).contains(middle))
        }).count();
        let mut crossings = 0;
        for i in 0..lines.len() {
            for other in &lines[i + 1..] {
                for a in lines[i].windows(2) {
                    for b in other.windows(2) {
                        let cross = |o: emath::Pos2, p: emath::Pos2, q: emath::Pos2| (p - o).x * (q - o).y - (p - o).y * (q - o).x;
                        if cross(a[0], a[1], b[0]) * cross(a[0], a[1], b[1]) < 0.0 && cross(b[0], b[1], a[0]) * cross(b[0], b[1], a[1]) < 0.0 {
                            crossings += 1;
                        }
                    }
                }
            }
        }
        println!("== {name}: {:?} crossings {crossings} unnamed {unnamed} of {} through {through}", layout.bounds.map(|b| b.size()), layout.sockets.len());
        println!("{}", picture(&layout));
    }
}

fn picture(layout: &Layout) -> String {
    let Some(bounds) = layout.bounds else { return String::new() };
    let scale = emath::vec2((bounds.width() / 150.0).max(14.0), (bounds.width() / 150.0).max(14.0) * 2.2);
    let size = (bounds.size() / scale).ceil();
    let mut cells = vec![vec![' '; size.x as usize + 1]; size.y as usize + 1];
    let at = |p: emath::Pos2| (((p.x - bounds.left()) / scale.x) as usize, ((p.y - bounds.top()) / scale.y) as usize);
    for curve in layout.cables.values() {
        for i in 0..=400 {
            let (x, y) = at(curve.at(i as f32 / 400.0));
            cells[y][x] = '.';
        }
    }
    let mut frame = |rect: Rect, name: &str, edge: char| {
        let ((x0, y0), (x1, y1)) = (at(rect.min), at(rect.max));
        for x in x0..=x1 { cells[y0][x] = edge; cells[y1][x] = edge; }
        for y in y0..=y1 { cells[y][x0] = edge; cells[y][x1] = edge; }
        for (i, c) in name.chars().enumerate() { if x0 + 1 + i < x1 { cells[(y0 + 1).min(y1)][x0 + 1 + i] = c; } }
    };
    for (name, room) in &layout.rooms { frame(room.rect, name.as_str(), if room.is_house { '~' } else { '#' }); if room.is_house && room.addresses.is_positive() { frame(room.addresses.union(room.routes), "tables", ':'); } }
    for (at, s) in &layout.switches { frame(s.learned, "L", ','); frame(s.rect, at.interface.as_str(), '='); }
    cells.into_iter().map(|row| row.into_iter().collect::<String>().trim_end().to_owned() + "\n").collect()
}
