//! Rooms, switches, cables and plugs, as of the playhead.

use capture::TapId;
use topology::NamespaceName;

use super::{
    CableLine, Plug, Port, Room, Seen, Switch, Table,
    standings::Standings,
    tables,
    ways::{Spot, Spots},
};
use crate::model::{
    stage::{
        hues::{self, HUES},
        layout::{Layout, RoomPlan},
    },
    state::State,
};

/// Sightings of the last story second that are counted one by one; of more, a share of them is.
const MOST_COUNTED: usize = 4_000;

pub(super) fn rooms(state: &State, layout: &Layout, standings: &Standings<'_>, seen: &Seen<'_>) -> Vec<Room> {
    // Houses first: everything else is painted on top of them.
    let (houses, rooms): (Vec<_>, Vec<_>) = layout.rooms.iter().partition(|(_, plan)| plan.is_house);
    let clock = tables::Clock { at: seen.at, story_at: seen.story_at };
    let others: Vec<&NamespaceName> =
        rooms.iter().map(|(name, _)| *name).filter(|name| !name.is_host()).collect();
    // In the order in which they are shown.
    let mut hues_of_others = state.hues(&others).into_iter();
    let shown = |(name, plan): (&NamespaceName, &RoomPlan)| {
        let has_tables = seen.is_near && plan.addresses.is_positive();
        let known = if has_tables { seen.tables.neighbours(name, seen.wire) } else { Vec::new() };
        Room {
            name: name.clone(),
            rect: plan.rect,
            is_house: plan.is_house,
            forwards: plan.forwards,
            hue: match (plan.is_house, name.is_host()) {
                (true, _) => 0,
                // The machine itself is not one among the others.
                (false, true) => hues::OF_HOST,
                (false, false) => hues_of_others.next().unwrap_or(0) % HUES,
            },
            process: state.processes.get(name).map(|process| process.command.clone()),
            state: standings.namespace(name),
            addresses: if has_tables { plan.address_lines.clone() } else { Vec::new() },
            neighbours: if has_tables { tables::neighbours(plan, &known, clock) } else { Table::default() },
            routes: if has_tables { tables::routes(plan) } else { Table::default() },
        }
    };
    houses.into_iter().chain(rooms).map(shown).collect()
}

pub(super) fn switches(
    state: &State,
    layout: &Layout,
    standings: &Standings<'_>,
    seen: &Seen<'_>,
) -> Vec<Switch> {
    let lab = state.lab();
    let clock = tables::Clock { at: seen.at, story_at: seen.story_at };
    let shown = layout.switches.iter().map(|(at, plan)| {
        let port = |(slot, (rect, place)): (usize, &(emath::Rect, Option<topology::Place>))| Port {
            rect: *rect,
            number: slot + 1,
            place: place.clone(),
            is_up: place.as_ref().and_then(|place| layout.ends.get(place)).is_some_and(|end| end.is_up),
        };
        let settings = lab.interface(at).and_then(topology::Interface::bridge_settings);
        Switch {
            at: at.clone(),
            rect: plan.rect,
            state: standings.bridge(at),
            ports: plan.ports.iter().enumerate().map(port).collect(),
            learned: tables::learned(plan, &seen.tables.learned(at, seen.wire), clock),
            stp: settings.is_some_and(|settings| settings.stp),
        }
    });
    shown.collect()
}

pub(super) fn cables(
    layout: &Layout,
    standings: &Standings<'_>,
    seen: &Seen<'_>,
    spots: &mut Spots<'_>,
) -> Vec<CableLine> {
    let loads = loads(layout, seen, spots);
    let mut is_up = vec![true; layout.cables.len()];
    for end in layout.ends.values() {
        if let Some((cable, ..)) = end.wire {
            is_up[cable] &= end.is_up;
        }
    }
    let lines = layout.cables.iter().enumerate().map(|(i, (cable, curve))| CableLine {
        cable: cable.clone(),
        curve: curve.clone(),
        is_up: is_up[i],
        state: standings.cable(cable),
        load: loads[i],
    });
    lines.collect()
}

/// Frames in the last story second on each cable. Each is seen at both ends, where nothing is lost; the busier counts.
fn loads(layout: &Layout, seen: &Seen<'_>, spots: &mut Spots<'_>) -> Vec<f32> {
    let first = seen.moments.partition_point(|moment| moment.story <= seen.at - 1.0);
    let last = seen.moments.partition_point(|moment| moment.story <= seen.at).max(first);
    let recent = &seen.moments[first..last];
    let mut by_tap = vec![0_u32; seen.taps.len()];
    let stride = recent.len().div_ceil(MOST_COUNTED).max(1);
    for moment in recent.iter().step_by(stride) {
        let sighting = seen
            .told
            .get(moment.told as usize)
            .and_then(|told| told.journey.sightings.get(moment.sighting as usize));
        if let Some(TapId(tap)) = sighting.map(|sighting| sighting.frame.tap)
            && let Some(count) = by_tap.get_mut(tap as usize)
        {
            *count += 1;
        }
    }
    let mut loads = vec![0.0_f32; layout.cables.len()];
    for (tap, count) in (0..).map(TapId).zip(by_tap).filter(|(_, count)| *count > 0) {
        if let Some(Spot::End(end)) = spots.get(tap)
            && let Some((cable, ..)) = &end.wire
        {
            loads[*cable] = loads[*cable].max((count as usize * stride) as f32);
        }
    }
    loads
}

pub(super) fn plugs(layout: &Layout, standings: &Standings<'_>) -> Vec<Plug> {
    let plugs = layout.ends.iter().map(|(at, end)| Plug {
        at: at.clone(),
        socket: end.socket,
        is_up: end.is_up,
        is_broken: end.wire.is_none() && end.socket.kind.is_none(),
        is_selected: standings.is_selected(at),
    });
    plugs.collect()
}
