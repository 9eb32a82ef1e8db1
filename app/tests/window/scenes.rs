//! Scenes made by hand, as the stage would make them.

use std::sync::Arc;

use capture::{Fate, JourneyId};
use egui::{Pos2, Rect, Vec2, pos2, vec2};
use hopscope::model::{
    act::Item,
    stage::{
        layout::{Curve, Layout, RoomPlan, Socket},
        scene::{
            CableLine, ItemState, Mark, Outcome, Pill, Plug, Port, Remark, Room, Row, Scene, Switch, Table,
            Trail,
        },
    },
    state::Standing,
    story::Kind,
};
use topology::{Cable, NamespaceName, Place, Thing};

pub const AS_DRAWN: ItemState = ItemState { standing: Standing::Real, is_selected: false, is_dimmed: false };

/// Two rooms and a switch, in the middle of the first question: the moment that the look shows.
pub fn first_question() -> Scene {
    let mut scene = Scene::default();
    let mut layout = Layout::default();
    let rooms = [
        ("ns1", 112.0, 0, "10.10.0.1/24", "5e:e3:b5:f9:f6:63"),
        ("ns2", 822.0, 1, "10.10.0.2/24", "de:b4:f6:ca:3e:1e"),
    ];
    for (name, left, hue, address, mac) in rooms {
        let mut room = room(&mut layout, name, pos2(left, 132.0), hue);
        room.addresses = vec![(address.into(), true), (mac.into(), false)];
        room.routes.rows = vec![row("10.10.0.0/24", &format!("veth-{name}"), 0.0)];
        scene.rooms.push(room);
    }
    scene.rooms[0].neighbours.rows = vec![row("10.10.0.2", "asking …", 1.0)];
    scene.rooms.push(house(&mut layout, Rect::from_min_max(pos2(372.0, 296.0), pos2(794.0, 530.0))));
    let mut switch = switch(pos2(430.0, 408.0));
    switch.learned.rows = vec![row("5e:e3:b5:f9:f6:63", "port 1 · just now", 1.0)];
    let ports: Vec<Pos2> = [0, 5].map(|i: usize| switch.ports[i].rect.center_top()).into();
    for (port, at) in [(0, "host/veth-br1"), (5, "host/veth-br2")] {
        switch.ports[port].place = Some(place(at));
        switch.ports[port].is_up = true;
    }
    scene.switches.push(switch);
    let sockets = [pos2(228.0, 338.0), pos2(938.0, 338.0)];
    let names = [("ns1/veth-ns1", "host/veth-br1"), ("ns2/veth-ns2", "host/veth-br2")];
    for (i, (room_end, port_end)) in names.into_iter().enumerate() {
        let (from, to) = (sockets[i], ports[i]);
        let curve = Curve::from([from, from + vec2(0.0, 86.0), to - vec2(0.0, 92.0), to]);
        scene.cables.push(cable(room_end, port_end, curve));
        let side = if i == 0 { -1 } else { 1 };
        let label = from + vec2(14.0 * f32::from(side), 18.0);
        scene.plugs.push(plug(room_end, from, vec2(0.0, 1.0), label, side));
        let label = to + vec2(if i == 0 { 38.0 } else { -38.0 }, -30.0);
        scene.plugs.push(plug(port_end, to, vec2(0.0, -1.0), label, 0));
    }
    let along = |cable: usize, from: f32, to: f32| -> Vec<Pos2> {
        (0..=24).map(|i| scene.cables[cable].curve.at(from + (to - from) * i as f32 / 24.0)).collect()
    };
    let trails = [(along(0, 0.0, 1.0), 0.45), (along(1, 1.0, 0.42), 1.0)];
    scene.trails =
        trails.map(|(points, strength)| Trail { points, kind: Kind::Arp, strength, is_dimmed: false }).into();
    let center = scene.cables[1].curve.at(0.42);
    scene.pills.push(pill(1, center, Kind::Arp, "who has 10.10.0.2?"));
    let text = "flooding to 1 port".into();
    scene.remarks.push(Remark {
        center: pos2(620.0, 353.0),
        text,
        kind: Kind::Arp,
        fate: None,
        progress: 0.4,
    });
    scene.layout = Arc::new(layout);
    scene
}

/// The same lab with everything that can be wrong, or selected, or end.
pub fn everything_at_once() -> Scene {
    let mut scene = first_question();
    scene.rooms[0].state.is_selected = true;
    scene.rooms[0].addresses[0].0 = "2001:db8:aaaa:bbbb::10/64".into();
    scene.rooms[0].routes.rows[0] = row("2001:db8:aaaa:bbbb:cccc::/80", "via fe80::5ce3:b5ff:fef9:f663", 0.0);
    scene.rooms[0].routes.more = 3;
    scene.rooms[1].state.standing = Standing::Failed;
    scene.rooms[1].name = name("a-namespace-with-a-very-long-name");
    scene.rooms[1].neighbours.rows = vec![row("10.10.0.1", "5e:e3:b5:f9:f6:63", 0.5)];
    scene.rooms[2].state.is_dimmed = false;
    scene.switches[0].state.is_selected = true;
    scene.switches[0].stp = true;
    scene.cables[0].state.is_selected = true;
    scene.cables[1].is_up = false;
    scene.plugs[2].is_up = false;
    let mut layout = Layout::clone(&scene.layout);
    let mut wanted = room(&mut layout, "new", pos2(112.0, 560.0), 2);
    wanted.state.standing = Standing::Wanted;
    wanted.addresses = vec![("no address".into(), false)];
    let mut dimmed = room(&mut layout, "other", pos2(822.0, 560.0), 3);
    dimmed.state.is_dimmed = true;
    dimmed.forwards = true;
    dimmed.addresses = vec![("10.0.9.1/24".into(), true), ("eth0 5e:e3:b5:f9:f6:01".into(), false)];
    scene.rooms.extend([wanted, dimmed]);
    scene.plugs.push(Plug {
        is_broken: true,
        ..plug("new/veth9", pos2(344.0, 660.0), vec2(1.0, 0.0), pos2(372.0, 684.0), 1)
    });
    scene.layout = Arc::new(layout);
    scene.pills.push(Pill { count: 37, ..pill(2, pos2(560.0, 600.0), Kind::EchoRequest, "ping 1 →") });
    scene.pills.push(Pill { is_chosen: true, ..pill(3, pos2(700.0, 600.0), Kind::EchoReply, "← pong 1") });
    scene.pills.push(Pill { is_dimmed: true, ..pill(4, pos2(480.0, 640.0), Kind::Tcp, "SYN 80") });
    scene.pills.push(Pill { opacity: 0.5, ..pill(5, pos2(600.0, 640.0), Kind::Nd, "who has fe80::2?") });
    scene.pills.push(pill(6, pos2(740.0, 640.0), Kind::Udp, "DNS example.org?"));
    scene.pills.push(pill(7, pos2(640.0, 680.0), Kind::Other, "LLDP"));
    let remark = |x, y, text: &str, fate, progress| {
        let text = text.into();
        Remark { center: pos2(x, y), text, kind: Kind::Arp, fate, progress }
    };
    scene.remarks.extend([
        remark(480.0, 60.0, "dropped: TTL is 0", Some(Fate::Dropped), 0.35),
        remark(680.0, 60.0, "not for me", Some(Fate::Ignored), 0.5),
        remark(860.0, 60.0, "delivered", Some(Fate::Delivered), 0.4),
    ]);
    let mark = |x, y, is_error| Mark {
        center: pos2(x, y),
        about: Some(Item::Thing(Thing::Namespace(name("ns1")))),
        is_error,
        is_note: false,
        text: String::new(),
        hint: String::new(),
    };
    scene.marks = vec![mark(340.0, 200.0, false), mark(590.0, 420.0, true)];
    let outcome = |x, y, text: &str, is_bad| Outcome {
        center: pos2(x, y),
        text: text.into(),
        is_bad,
        is_pending: false,
        opacity: 1.0,
    };
    scene.outcomes = vec![
        outcome(228.0, 112.0, "3 of 3 answered, 0.21 ms", false),
        outcome(938.0, 112.0, "no answer from 10.10.0.9", true),
    ];
    scene
}

/// Many rooms around many switches, each room with two cables, and so many frames.
pub fn crowd(rooms: usize, frames: usize) -> Scene {
    let mut scene = Scene::default();
    let mut layout = Layout::default();
    let columns = (rooms as f32 * 1.6).sqrt().ceil() as usize;
    for i in 0..rooms {
        let at = pos2((i % columns) as f32 * 300.0, (i / columns) as f32 * 320.0);
        let mut room = room(&mut layout, &format!("ns{i}"), at, i);
        room.addresses =
            vec![(format!("10.0.{}.{}/24", i / 250, i % 250 + 1), true), ("5e:e3:b5:f9:f6:63".into(), false)];
        room.routes.rows = vec![row("10.10.0.0/24", "eth0", 0.0)];
        room.neighbours.rows = vec![row("10.10.0.2", "5e:e3:b5:f9:f6:63", 0.0)];
        scene.rooms.push(room);
    }
    for i in 0..2 * rooms {
        let (one, other) = (i / 2, (i / 2 + if i % 2 == 0 { 1 } else { columns }) % rooms);
        let end = |room: usize, side: f32| scene.rooms[room].rect.center_bottom() + vec2(side, 0.0);
        let (from, to) = (end(one, -40.0), end(other, 40.0));
        let curve = Curve::from([from, from + vec2(0.0, 90.0), to + vec2(0.0, 90.0), to]);
        let ends = [format!("ns{one}/a{i}"), format!("ns{other}/b{i}")];
        scene.cables.push(CableLine { load: (i % 7) as f32 * 4.0, ..cable(&ends[0], &ends[1], curve) });
        for (end, at) in ends.iter().zip([from, to]) {
            scene.plugs.push(plug(end, at, vec2(0.0, 1.0), at + vec2(10.0, 16.0), 1));
        }
    }
    let kinds = [Kind::Arp, Kind::EchoRequest, Kind::EchoReply, Kind::Nd, Kind::Tcp, Kind::Udp, Kind::Other];
    for i in 0..frames {
        let at = scene.cables[i % scene.cables.len()].curve.at((i * 37 % 101) as f32 / 100.0);
        scene.pills.push(pill(i as u64, at, kinds[i % 7], "ping 1 →"));
    }
    scene.layout = Arc::new(layout);
    scene
}

/// What is drawn, with its edges.
pub fn bounds(scene: &Scene) -> Rect {
    let rects = scene.rooms.iter().map(|room| room.rect);
    rects.chain(scene.cables.iter().map(|cable| cable.curve.bounds())).fold(Rect::NOTHING, Rect::union)
}

fn room(layout: &mut Layout, text: &str, at: Pos2, hue: usize) -> Room {
    let rect = Rect::from_min_size(at, vec2(232.0, 206.0));
    let inside = |top: f32, height: f32| Rect::from_min_size(at + vec2(16.0, top), vec2(200.0, height));
    let plan = RoomPlan {
        rect,
        plate: Rect::from_min_size(at, vec2(232.0, 34.0)),
        is_house: false,
        addresses: inside(46.0, 42.0),
        neighbours: inside(102.0, 41.0),
        routes: inside(152.0, 41.0),
        address_lines: Vec::new(),
        route_rows: Vec::new(),
        forwards: false,
        has_ipv6: false,
    };
    let room = Room {
        name: name(text),
        rect,
        is_house: false,
        forwards: false,
        process: None,
        hue,
        state: AS_DRAWN,
        addresses: Vec::new(),
        neighbours: table("ARP", plan.neighbours),
        routes: table("ROUTES", plan.routes),
    };
    layout.rooms.insert(room.name.clone(), plan);
    room
}

fn house(layout: &mut Layout, rect: Rect) -> Room {
    let mut house = room(layout, "host", rect.min, 0);
    layout.rooms.remove(&house.name);
    (house.rect, house.is_house) = (rect, true);
    (house.neighbours, house.routes) = (Table::default(), Table::default());
    house
}

fn switch(at: Pos2) -> Switch {
    let port = |i: usize| Port {
        rect: Rect::from_min_size(at + vec2(96.0 + 34.0 * i as f32, 18.0), vec2(19.0, 22.0)),
        number: i + 1,
        place: None,
        is_up: false,
    };
    Switch {
        at: place("host/br0"),
        rect: Rect::from_min_size(at, vec2(306.0, 58.0)),
        state: AS_DRAWN,
        ports: (0..6).map(port).collect(),
        learned: table("LEARNED", Rect::from_min_size(at + vec2(0.0, 68.0), vec2(306.0, 44.0))),
        stp: false,
    }
}

fn table(title: &'static str, rect: Rect) -> Table {
    Table { rect: Some(rect), title, rows: Vec::new(), more: 0, empty: "nothing yet" }
}

fn row(left: &str, right: &str, glow: f32) -> Row {
    Row { left: left.into(), right: right.into(), glow, kind: Kind::Arp }
}

fn cable(one: &str, other: &str, curve: Curve) -> CableLine {
    CableLine { cable: Cable::new(place(one), place(other)), curve, is_up: true, state: AS_DRAWN, load: 1.0 }
}

fn plug(at: &str, socket: Pos2, outward: Vec2, label: Pos2, label_side: i8) -> Plug {
    let socket = Socket { at: socket, outward, label, label_side, is_labelled: true, kind: None };
    Plug { at: place(at), socket, is_up: true, is_broken: false, is_selected: false }
}

fn pill(journey: u64, center: Pos2, kind: Kind, text: &str) -> Pill {
    Pill {
        journey: JourneyId(journey),
        sighting: 0,
        center,
        kind,
        text: text.into(),
        count: 1,
        opacity: 1.0,
        is_chosen: false,
        is_dimmed: false,
    }
}

fn name(text: &str) -> NamespaceName {
    text.parse().expect("a good name")
}

fn place(text: &str) -> Place {
    text.parse().expect("a good place")
}
