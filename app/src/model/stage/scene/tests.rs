//! Scenes of made-up stories: a ping through a switch, a flood, endings, crowds.

use std::sync::Arc;

use capture::{
    Branch, ConversationId, Direction, Doubts, Evidence, Fate, Frame, Journey, JourneyId, Sighting,
    SightingId, Tap, TapId, filter::Filter,
};
use topology::{
    Lab, NamespaceName, Thing,
    check::{About, Problem, Severity},
    ready,
};

use super::*;
use crate::model::{
    draft::Draft,
    stage::{
        hit::pill_rect,
        layout::{Lines, label_rect},
    },
    state::{Chosen, FilterBox, Live, Settings},
};

const BROADCAST: [u8; 6] = [0xff; 6];
const UNICAST: [u8; 6] = [2, 0, 0, 0, 0, 2];

/// A lab with taps and journeys, all made up; wire seconds are story seconds.
struct Stage {
    state: State,
    layout: Arc<Layout>,
    taps: Vec<Tap>,
    told: Vec<Told>,
}

impl Stage {
    fn new(lab: Lab, taps: &[&str]) -> Self {
        let layout = Arc::new(Layout::of(&lab, &Lines::default()));
        let mut state = State::new(Settings::default());
        state.draft = Draft::new(lab);
        let tap =
            |(id, at): (usize, &&str)| Tap { id: TapId(id as u32), at: at.parse().expect("a good place") };
        Self { state, layout, taps: taps.iter().enumerate().map(tap).collect(), told: Vec::new() }
    }

    fn switch() -> Self {
        let taps = ["ns1/veth-ns1", "host/veth-br1", "host/br0", "host/veth-br2", "ns2/veth-ns2"];
        Self::new(ready::LABS[0].lab(), &taps)
    }

    /// `path`: tap, parent, story second. Its leaves end as said.
    fn journey(
        &mut self,
        kind: Kind,
        label: &str,
        to: [u8; 6],
        path: &[(u32, Option<u64>, i64)],
        ends: &[(u64, Fate)],
    ) {
        let id = self.told.len() as u64 + 1;
        let sighting = |(i, (tap, parent, t)): (usize, &(u32, Option<u64>, i64))| Sighting {
            id: SightingId(i as u64),
            frame: Frame {
                tap: TapId(*tap),
                t: WireNs(*t),
                direction: Direction::Unknown,
                bytes: Arc::from(to.as_slice()),
                original_len: 60,
            },
            parent: parent.map(SightingId),
            doubts: Doubts::default(),
        };
        let branch = |(leaf, fate): &(u64, Fate)| Branch {
            sighting: SightingId(*leaf),
            fate: *fate,
            reason: "the firewall of ns2 drops ICMP".into(),
            evidence: Evidence::Inferred,
        };
        let journey = Journey {
            id: JourneyId(id),
            conversation: ConversationId(1),
            protocol: if kind == Kind::Arp { "ARP" } else { "ICMP" },
            summary: label.into(),
            sightings: path.iter().enumerate().map(sighting).collect(),
            branches: ends.iter().map(branch).collect(),
        };
        let ends = path.iter().map(|(_, _, t)| *t).max().unwrap_or(0) as f64;
        let begins = path[0].2 as f64;
        self.told.push(Told { journey: Arc::new(journey), kind, label: label.into(), begins, ends });
    }

    /// ns1 asks through br0; the copy for br0's own machine ends there.
    fn ask(&mut self) {
        let path = [(0, None, 0), (1, Some(0), 1), (2, Some(1), 2), (3, Some(1), 2), (4, Some(3), 3)];
        let ends = [(2, Fate::Ignored), (4, Fate::Delivered)];
        self.journey(Kind::Arp, "who has 10.10.0.2?", BROADCAST, &path, &ends);
    }

    fn at(&self, at: f64, moving: &[Moving]) -> Scene {
        let tables = Tables::default();
        let mut moments: Vec<Moment> = Vec::new();
        for (i, told) in self.told.iter().enumerate() {
            for (j, sighting) in told.journey.sightings.iter().enumerate() {
                let t = sighting.frame.t;
                moments.push(Moment { t, story: t.0 as f64, told: i as u32, sighting: j as u32 });
            }
        }
        moments.sort_by_key(|moment| moment.t);
        let moving: Vec<Moving> = moving.iter().map(|moving| self.placed(*moving)).collect();
        let seen = Seen {
            told: &self.told,
            taps: &self.taps,
            moments: &moments,
            moving: &moving,
            in_all: moving.len(),
            at,
            wire: WireNs(at as i64),
            is_near: true,
            story_at: &|t| t.0 as f64,
            tables: &tables,
        };
        compose(&self.state, self.layout.clone(), &seen)
    }

    /// With the taps at which its journey was seen, if it was.
    fn placed(&self, moving: Moving) -> Moving {
        let told = self.told.get(moving.told as usize);
        let sighting = |index: u32| told.and_then(|told| told.journey.sightings.get(index as usize));
        let tap = |index: u32| sighting(index).map_or(TapId(u32::MAX), |sighting| sighting.frame.tap);
        let is_born = sighting(moving.from).is_some_and(|from| from.parent.is_none());
        Moving { taps: (tap(moving.from), moving.to.map(tap)), is_born, ..moving }
    }

    fn socket(&self, at: &str) -> Pos2 {
        self.layout.sockets[&at.parse::<Place>().expect("a good place")].at
    }
}

fn hop(told: u32, from: u32, to: u32, progress: f32) -> Moving {
    Moving { told, from, to: Some(to), taps: (TapId(0), None), is_born: false, progress, fate: None }
}

fn end(told: u32, from: u32, fate: Fate, progress: f32) -> Moving {
    Moving { told, from, to: None, taps: (TapId(0), None), is_born: false, progress, fate: Some(fate) }
}

fn close(a: Pos2, b: Pos2) -> bool {
    a.distance(b) < 0.6
}

#[test]
fn a_frame_runs_along_its_cable_from_the_sender_on() {
    let mut stage = Stage::switch();
    stage.ask();
    let center = |progress| stage.at(f64::from(progress), &[hop(0, 0, 1, progress)]).pills[0].center;
    // It stands clear of the room and of the switch: nothing that is written there is covered, and no name beside.
    let question = pill_rect(&stage.at(0.0, &[hop(0, 0, 1, 0.0)]).pills[0]).size();
    let clear = |at: Pos2, socket: &str, outward: f32| {
        let away = (at - stage.socket(socket)) * outward;
        let names = stage.layout.sockets.iter().map(|(at, socket)| label_rect(at, socket));
        let covers = |name: &Rect| name.shrink(0.5).intersects(Rect::from_center_size(at, question));
        away.x.abs() < 1.0 && (20.0..60.0).contains(&away.y) && !names.into_iter().any(|name| covers(&name))
    };
    assert!(clear(center(0.0), "ns1/veth-ns1", 1.0), "below its room");
    assert!(clear(center(1.0), "host/veth-br1", -1.0), "above the port");
    let back = |progress| stage.at(2.5, &[hop(0, 3, 4, progress)]).pills[0].center;
    assert!(clear(back(0.0), "host/veth-br2", -1.0), "towards ns2 it leaves the switch");
    assert!(clear(back(1.0), "ns2/veth-ns2", 1.0));
}

#[test]
fn it_appears_at_its_first_socket() {
    let mut stage = Stage::switch();
    stage.ask();
    let opacity = |progress| stage.at(0.0, &[hop(0, 0, 1, progress)]).pills[0].opacity;
    assert!(opacity(0.0) < 0.5 && opacity(0.5) == 1.0);
}

#[test]
fn a_flood_crosses_the_switch_below_its_ports_and_is_said_so() {
    let mut stage = Stage::switch();
    stage.ask();
    let scene = stage.at(1.5, &[hop(0, 1, 2, 0.5), hop(0, 1, 3, 0.5)]);
    let body = scene.switches[0].rect;
    assert_eq!(scene.pills.len(), 2);
    assert!(body.contains(scene.pills[1].center), "{:?} in {body:?}", scene.pills[1].center);
    // The copy for the host's own stack goes up into the house, and is only a dot, since nobody there wants it.
    assert!(scene.pills[0].center.y < body.top() && scene.pills[0].text.is_empty());
    let port = stage.socket("host/veth-br1");
    assert!(scene.pills[1].center.y > port.y + 15.0, "below the ports' upper edge");
    let remarks: Vec<&str> = scene.remarks.iter().map(|remark| remark.text.as_str()).collect();
    assert_eq!(remarks, ["flooding to 1 port"]);
    assert!(scene.remarks[0].center.y < body.top() - 40.0);
    // On the next cable it is still said; a frame to one receiver is no flood.
    assert_eq!(stage.at(2.5, &[hop(0, 3, 4, 0.5)]).remarks.len(), 1);
    stage.journey(Kind::EchoRequest, "ping 1 →", UNICAST, &[(1, None, 1), (3, Some(0), 2)], &[]);
    assert_eq!(stage.at(1.5, &[hop(1, 0, 1, 0.5)]).remarks, []);
}

#[test]
fn endings_are_swallowed_or_fade_or_burst() {
    let mut stage = Stage::switch();
    stage.ask();
    let socket = stage.socket("ns2/veth-ns2");
    let delivered = stage.at(3.1, &[end(0, 4, Fate::Delivered, 0.2)]);
    let before = stage.at(3.0, &[end(0, 4, Fate::Delivered, 0.0)]).pills[0].center;
    assert!(socket.y < before.y && delivered.pills[0].center.y < before.y, "it goes up to the socket");
    assert_eq!((delivered.remarks[0].fate, delivered.remarks[0].text.as_str()), (Some(Fate::Delivered), ""));
    assert!(close(delivered.remarks[0].center, socket));

    let ignored = stage.at(3.5, &[end(0, 4, Fate::Ignored, 0.5)]);
    assert_eq!((ignored.pills[0].opacity, ignored.remarks[0].text.as_str()), (0.5, "not for me"));

    let dropped = stage.at(3.1, &[end(0, 4, Fate::Dropped, 0.1)]);
    assert_eq!(dropped.remarks[0].text, "the firewall of ns2 drops ICMP");
    let burst = stage.at(3.5, &[end(0, 4, Fate::Dropped, 0.5)]);
    assert_eq!((burst.pills.len(), burst.remarks.len()), (0, 1));

    let waiting = stage.at(3.5, &[end(0, 4, Fate::InFlight, 0.5)]);
    assert_eq!((waiting.pills.len(), waiting.remarks.len()), (1, 0));
}

#[test]
fn a_trail_reaches_back_as_far_as_the_eye_remembers() {
    let mut stage = Stage::switch();
    stage.ask();
    let scene = stage.at(2.5, &[hop(0, 3, 4, 0.5)]);
    let trail = &scene.trails[0];
    assert!(close(trail.points[trail.points.len() - 1], scene.pills[0].center), "it ends at the frame");
    // 1.5 seconds back is where it entered the switch.
    assert!(close(trail.points[0], stage.socket("host/veth-br1")), "{:?}", trail.points[0]);
    // Two copies share what lies before the switch.
    let both = stage.at(1.9, &[hop(0, 1, 2, 0.9), hop(0, 1, 3, 0.9)]);
    let first = stage.socket("host/veth-br1");
    assert!(!close(both.trails[0].points[0], first) && close(both.trails[1].points[0], first));
}

#[test]
fn frames_of_one_kind_at_one_spot_are_one_with_a_count() {
    let mut stage = Stage::switch();
    for i in 0..5 {
        let label = if i == 4 { "ping 2 →" } else { "ping 1 →" };
        stage.journey(Kind::EchoRequest, label, UNICAST, &[(0, None, 0), (1, Some(0), 1)], &[]);
    }
    stage.ask();
    let same: Vec<Moving> = (0..4).map(|i| hop(i, 0, 1, 0.5)).collect();
    let scene = stage.at(0.5, &same);
    assert_eq!((scene.pills.len(), scene.pills[0].count, scene.pills[0].text.as_str()), (1, 4, "ping 1 →"));
    let mixed: Vec<Moving> = (0..6).map(|i| hop(i, 0, 1, 0.5)).collect();
    let scene = stage.at(0.5, &mixed);
    let words: Vec<(&str, usize)> = scene.pills.iter().map(|pill| (pill.text.as_str(), pill.count)).collect();
    assert_eq!(words, [("ping", 5), ("who has 10.10.0.2?", 1)]);
    // The chosen one is never hidden among others, and lies on top.
    stage.state.chosen = Some(Chosen { journey: JourneyId(2), sighting: 0, compared: None, field: None });
    let scene = stage.at(0.5, &same);
    assert_eq!((scene.pills.len(), scene.pills[0].count), (2, 3));
    assert!(scene.pills[1].is_chosen && !scene.pills[0].is_chosen);
}

#[test]
fn a_filter_dims_what_it_leaves_out() {
    let mut stage = Stage::switch();
    stage.ask();
    stage.journey(Kind::EchoRequest, "ping 1 →", UNICAST, &[(0, None, 0), (1, Some(0), 1)], &[]);
    let filter = Some(Filter::parse("journey == 1").expect("a filter"));
    stage.state.filter = FilterBox { text: "journey == 1".into(), filter, error: None, wants_focus: 0 };
    let scene = stage.at(0.5, &[hop(0, 0, 1, 0.5), hop(1, 0, 1, 0.5)]);
    let dimmed: Vec<(Kind, bool)> = scene.pills.iter().map(|pill| (pill.kind, pill.is_dimmed)).collect();
    assert_eq!(dimmed, [(Kind::Arp, false), (Kind::EchoRequest, true)]);
    assert!(scene.trails.iter().any(|trail| trail.is_dimmed));
}

#[test]
fn what_is_not_drawn_is_counted() {
    let mut stage = Stage::switch();
    stage.taps[0].at = "gone/veth-gone".parse().expect("a place");
    stage.ask();
    let scene = stage.at(0.5, &[hop(0, 0, 1, 0.5), hop(0, 3, 4, 0.5)]);
    assert_eq!((scene.unseen, scene.pills.len()), (1, 1));
    // Nonsense from elsewhere is nothing to fall over.
    let wrong = [hop(9, 0, 1, 0.5), hop(0, 77, 1, 0.5), hop(0, 3, 99, 0.5)];
    assert_eq!(stage.at(0.5, &wrong).unseen, 3);
}

#[test]
fn beyond_400_frames_are_dots() {
    let lab = crate::model::stage::layout::tests::star(60, true);
    let taps: Vec<String> =
        (0..60).flat_map(|i| [format!("ns{i}/veth{i}"), format!("host/veth-br{i}")]).collect();
    let taps: Vec<&str> = taps.iter().map(String::as_str).collect();
    let mut stage = Stage::new(lab, &taps);
    for i in 0..60 {
        stage.journey(Kind::Udp, "hello", UNICAST, &[(2 * i, None, 0), (2 * i + 1, Some(0), 1)], &[]);
    }
    let moving: Vec<Moving> =
        (0..60).flat_map(|i| (0..40).map(move |j| hop(i, 0, 1, j as f32 / 40.0))).collect();
    let scene = stage.at(0.5, &moving);
    let with_words = scene.pills.iter().filter(|pill| !pill.text.is_empty()).count();
    assert!(
        scene.pills.len() > 400 && with_words <= 400,
        "{} pills, {with_words} with words",
        scene.pills.len()
    );
    assert_eq!(scene.pills.iter().map(|pill| pill.count).sum::<usize>(), 2400);
    assert!(scene.trails.len() <= 200);
}

#[test]
fn the_load_of_a_cable_is_what_it_carried_in_the_last_second() {
    let mut stage = Stage::switch();
    for _ in 0..3 {
        stage.journey(Kind::Udp, "hello", UNICAST, &[(0, None, 5), (1, Some(0), 5)], &[]);
    }
    let load = |at: f64| stage.at(at, &[]).cables.iter().map(|cable| cable.load).collect::<Vec<_>>();
    // In the order of the cables: ns1's is that of host/veth-br1.
    assert_eq!((load(5.5), load(4.9), load(6.5)), (vec![3.0, 0.0], vec![0.0, 0.0], vec![0.0, 0.0]));
}

#[test]
fn each_thing_says_how_it_stands() {
    let mut stage = Stage::switch();
    let standing =
        |stage: &Stage| stage.at(0.0, &[]).rooms.iter().map(|room| room.state.standing).collect::<Vec<_>>();
    assert_eq!(standing(&stage), [Standing::Drawn; 3]);
    let mut observed = stage.state.draft.lab().settled();
    observed.namespaces.remove(&"ns2".parse::<NamespaceName>().expect("a name"));
    stage.state.live = Live::On { observed: Arc::new(observed), taps: 5, changing: true };
    assert_eq!(standing(&stage), [Standing::Real, Standing::Real, Standing::Wanted]);
    let ns1 = Item::Thing(Thing::Namespace("ns1".parse().expect("a name")));
    stage.state.failed.insert(ns1.clone(), "refused".into());
    stage.state.selection.insert(ns1);
    let scene = stage.at(0.0, &[]);
    assert_eq!(
        scene.rooms[1].state,
        ItemState { standing: Standing::Failed, is_selected: true, is_dimmed: false }
    );
    assert_eq!(scene.marks.len(), 1);
    assert!(scene.marks[0].is_error && scene.rooms[1].rect.expand(6.0).contains(scene.marks[0].center));
}

#[test]
fn problems_sit_on_what_they_are_about_and_not_on_each_other() {
    let mut stage = Stage::switch();
    let lab = stage.state.draft.lab().clone();
    let ns1: NamespaceName = "ns1".parse().expect("a name");
    let end: Place = "ns1/veth-ns1".parse().expect("a place");
    let cable = lab.cables.first().expect("there are two").clone();
    let route = topology::Route { to: "10.9.0.0/16".parse().expect("a network"), via: None, dev: None };
    let abouts = [
        (About::Lab, Severity::Error),
        (About::Namespace(ns1.clone()), Severity::Error),
        (About::Namespace(ns1.clone()), Severity::Warning),
        (About::Namespace(ns1.clone()), Severity::Note),
        (About::Interface(end.clone()), Severity::Warning),
        (About::Cable(cable.clone()), Severity::Warning),
        (About::Route { namespace: ns1.clone(), route }, Severity::Warning),
    ];
    let problem =
        |(about, severity)| Problem { severity, about, message: "wrong".into(), hint: "mend it".into() };
    stage.state.problems = abouts.into_iter().map(problem).collect();
    let scene = stage.at(0.0, &[]);
    assert_eq!(scene.marks.len(), 5, "{:?}", scene.marks);
    for (i, mark) in scene.marks.iter().enumerate() {
        assert!(scene.marks[i + 1..].iter().all(|other| other.center.distance(mark.center) > 15.0));
    }
    let plan = &scene.layout.rooms[&ns1];
    assert!(plan.plate.expand(8.0).contains(scene.marks[0].center));
    assert!(plan.plate.expand(8.0).contains(scene.marks[1].center));
    assert!(scene.marks[2].center.distance(scene.layout.sockets[&end].at) < 20.0);
    assert!(scene.layout.cables[&cable].distance(scene.marks[3].center) < 1.0);
    assert!(plan.routes.contains(scene.marks[4].center));
}

#[test]
fn the_first_ping_in_words() {
    let mut stage = Stage::switch();
    stage.ask();
    let text = stage.at(2.5, &[end(0, 2, Fate::Ignored, 0.5), hop(0, 3, 4, 0.5)]).describe();
    let expected = include_str!("tests/first-ping.txt");
    assert_eq!(text, expected, "{text}");
}
