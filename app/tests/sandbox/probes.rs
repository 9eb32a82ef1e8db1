//! The prober's outcomes, good and bad.

use std::time::{Duration, Instant};

use hopscope::engine::client::{Engine, EngineError, Outcome, Probe, ProbeKind};

use super::{
    labs::{self, ip, name, ping},
    users::{everybody, start},
};

const SHORT: Duration = Duration::from_millis(300);
const LIMIT: Duration = Duration::from_secs(20);

fn ask(engine: &mut Engine, from: &str, kind: ProbeKind) -> Outcome {
    engine.probe(Probe { from: name(from), kind, timeout: Duration::from_secs(4) }).expect("it can be tried")
}

fn built(lab: &topology::Lab) -> Engine {
    let engine = start(*everybody().last().expect("somebody"));
    engine.build(lab).expect("it builds");
    engine.listen().expect("it listens");
    engine
}

#[test]
fn a_ping_is_answered() {
    let mut engine = built(&labs::red_and_blue());
    let outcome = engine.probe(ping("red", "10.10.0.2")).expect("it can be tried");
    assert!(outcome.answered, "{outcome:?}");
    assert_eq!(outcome.answer_from, Some(ip("10.10.0.2")));
    assert!(outcome.round_trip.is_some_and(|time| time < Duration::from_secs(1)), "{outcome:?}");
    let large =
        ProbeKind::Ping { to: ip("10.10.0.2"), sequence: 2, identifier: 9, payload_len: 4000, ttl: Some(1) };
    assert!(ask(&mut engine, "red", large).answered);
}

#[test]
fn an_unanswered_arp_question_is_the_reason_and_comes_before_the_timeout() {
    let mut engine = built(&labs::red_and_blue());
    let started = Instant::now();
    let outcome = ask(&mut engine, "red", ProbeKind::ping(ip("10.10.0.9"), 1, 1));
    assert!(!outcome.answered);
    assert_eq!(outcome.reason, "10.10.0.9 did not answer the ARP question: host unreachable", "{outcome:?}");
    assert_eq!((outcome.answer_from, outcome.round_trip), (None, None), "nobody answered");
    assert!(started.elapsed() < Duration::from_millis(3900), "the verdict came late");

    let hurried = Probe { timeout: SHORT, ..ping("red", "10.10.0.8") };
    let outcome = engine.probe(hurried).expect("it can be tried");
    assert_eq!(outcome.reason, "10.10.0.8 did not answer the ARP question");
}

#[test]
fn without_a_route_nothing_leaves() {
    let mut engine = built(&labs::red_and_blue());
    let outcome = ask(&mut engine, "red", ProbeKind::ping(ip("192.0.2.1"), 1, 1));
    assert_eq!(outcome.reason, "there is no route to 192.0.2.1: network unreachable");
    let outcome = ask(&mut engine, "red", ProbeKind::ping(ip("2001:db8::1"), 1, 1));
    assert!(!outcome.answered && outcome.reason.contains("2001:db8::1"), "{outcome:?}");
}

#[test]
fn a_broadcast_address_is_not_blamed_on_a_firewall() {
    let mut engine = built(&labs::red_and_blue());
    let outcome = ask(&mut engine, "red", ProbeKind::ping(ip("10.10.0.255"), 1, 1));
    assert!(!outcome.answered && outcome.reason.contains("is a broadcast address"), "{outcome:?}");
    let rules = "add table ip t; add chain ip t o { type filter hook output priority 0; policy drop; }";
    let closed = engine.run(&name("red"), &format!("nft '{rules}'"), LIMIT).expect("it runs");
    assert!(closed.succeeded(), "{closed:?}");
    let outcome = ask(&mut engine, "red", ProbeKind::ping(ip("10.10.0.2"), 1, 1));
    assert!(!outcome.answered && outcome.reason.contains("own firewall"), "{outcome:?}");
}

#[test]
fn arp_asks_past_the_neighbour_table() {
    let mut engine = built(&labs::red_and_blue());
    let arp = |to: &str, on: &str| ProbeKind::Arp {
        to: to.parse().expect("an address"),
        on: on.parse().expect("an interface"),
    };
    let outcome = ask(&mut engine, "red", arp("10.10.0.2", "eth0"));
    assert!(outcome.answered && outcome.reason.starts_with("10.10.0.2 is at 02:"), "{outcome:?}");
    let nobody = Probe { from: name("red"), kind: arp("10.10.0.7", "eth0"), timeout: SHORT };
    let outcome = engine.probe(nobody).expect("it can be tried");
    assert!(!outcome.answered && outcome.reason.contains("did not answer the ARP question"), "{outcome:?}");
    let outcome = ask(&mut engine, "red", arp("10.10.0.2", "eth9"));
    assert_eq!(outcome.reason, "there is no interface eth9 to ask on");
}

/// Answers each datagram with twice the same.
const ECHO: &str = "while True:\n d,a=s.recvfrom(99)\n s.sendto(d+d,a)";

/// A server in a few words of Python, which says when it listens.
fn serve(engine: &mut Engine, kind: &str, serve: &str) {
    serve_at(engine, "blue", kind, "10.10.0.2", serve);
}

fn serve_at(engine: &mut Engine, room: &str, kind: &str, address: &str, serve: &str) {
    let (family, version) = if address.contains(':') { ("AF_INET6", "6") } else { ("AF_INET", "") };
    let program = format!(
        "import socket\ns=socket.socket(socket.{family},socket.{kind})\ns.bind(('{address}',7000))\n{serve}"
    );
    let command = format!("python3 -c \"{program}\" >/dev/null 2>&1 &");
    let started = engine.run(&name(room), &command, LIMIT).expect("it runs");
    assert!(started.succeeded(), "{started:?}");
    // The socket's line in /proc is the event to wait for.
    let table = if kind == "SOCK_STREAM" { "tcp" } else { "udp" };
    let listens = format!(
        "until grep -q ':1B58 0*:0000' /proc/net/{table}{version}; do read -t 0.05 _ </dev/null; done"
    );
    let waited = engine.run(&name(room), &listens, LIMIT).expect("it runs");
    assert!(!waited.timed_out, "the server does not listen");
}

#[test]
fn tcp_is_accepted_refused_or_lost() {
    let mut engine = built(&labs::red_and_blue());
    serve(&mut engine, "SOCK_STREAM", "s.listen()\nwhile True: s.accept()");
    let tcp = |to: &str| ProbeKind::Tcp { to: to.parse().expect("an address and a port") };
    let outcome = ask(&mut engine, "red", tcp("10.10.0.2:7000"));
    assert!(outcome.answered && outcome.round_trip.is_some(), "{outcome:?}");
    let outcome = ask(&mut engine, "red", tcp("10.10.0.2:7001"));
    assert!(!outcome.answered && outcome.reason.contains("refused"), "{outcome:?}");
    assert_eq!(outcome.answer_from, Some(ip("10.10.0.2")));
    let outcome = ask(&mut engine, "red", tcp("10.10.0.9:7000"));
    assert!(outcome.reason.contains("did not answer the ARP question"), "{outcome:?}");
}

#[test]
fn udp_is_answered_refused_or_lost() {
    let mut engine = built(&labs::red_and_blue());
    serve(&mut engine, "SOCK_DGRAM", ECHO);
    let udp = |to: &str| {
        let to = to.parse().expect("an address and a port");
        ProbeKind::Udp { to, payload: b"hello".to_vec() }
    };
    let outcome = ask(&mut engine, "red", udp("10.10.0.2:7000"));
    assert!(outcome.answered && outcome.reason.contains("10 octets"), "{outcome:?}");
    let outcome = ask(&mut engine, "red", udp("10.10.0.2:7001"));
    assert!(!outcome.answered && outcome.reason.contains("port unreachable"), "{outcome:?}");
    assert_eq!(outcome.answer_from, Some(ip("10.10.0.2")));
    let outcome = ask(&mut engine, "red", udp("10.10.0.9:7000"));
    assert_eq!(outcome.reason, "10.10.0.9 did not answer the ARP question: host unreachable");
}

#[test]
fn a_trace_names_every_router() {
    let mut engine = built(&labs::routed());
    let outcome = ask(&mut engine, "left", ProbeKind::Trace { to: ip("10.2.0.2"), max_hops: 5 });
    assert!(outcome.answered, "{outcome:?}");
    let hops: Vec<_> = outcome.hops.iter().map(|hop| (hop.ttl, hop.from)).collect();
    assert_eq!(hops, [(1, Some(ip("10.1.0.1"))), (2, Some(ip("10.2.0.2")))]);

    let outcome = ask(&mut engine, "left", ProbeKind::ping(ip("10.3.0.1"), 1, 1));
    assert_eq!(outcome.reason, "10.1.0.1 has no route to 10.3.0.1: network unreachable");
    assert_eq!(outcome.answer_from, Some(ip("10.1.0.1")));
    let outcome = ask(&mut engine, "left", ProbeKind::ping(ip("10.2.0.9"), 1, 1));
    assert_eq!(outcome.reason, "10.1.0.1 says: 10.2.0.9 did not answer the ARP question: host unreachable");
}

#[test]
fn over_ipv6_every_kind_finds_its_answer_and_its_refusal() {
    let mut engine = built(&labs::routed_with_ipv6());
    let outcome = ask(&mut engine, "left", ProbeKind::Trace { to: ip("fd00:2::2"), max_hops: 5 });
    let hops: Vec<_> = outcome.hops.iter().map(|hop| (hop.ttl, hop.from)).collect();
    assert_eq!(hops, [(1, Some(ip("fd00:1::1"))), (2, Some(ip("fd00:2::2")))], "{outcome:?}");
    serve_at(&mut engine, "right", "SOCK_STREAM", "fd00:2::2", "s.listen()\nwhile True: s.accept()");
    serve_at(&mut engine, "right", "SOCK_DGRAM", "fd00:2::2", ECHO);
    let to = |port: u16| std::net::SocketAddr::new(ip("fd00:2::2"), port);
    let udp = |port| ProbeKind::Udp { to: to(port), payload: b"hello".to_vec() };
    assert!(ask(&mut engine, "left", ProbeKind::Tcp { to: to(7000) }).answered);
    let outcome = ask(&mut engine, "left", udp(7000));
    assert!(outcome.answered && outcome.reason.contains("10 octets"), "{outcome:?}");
    let outcome = ask(&mut engine, "left", ProbeKind::Tcp { to: to(7001) });
    assert!(!outcome.answered && outcome.reason.contains("refused"), "{outcome:?}");
    let outcome = ask(&mut engine, "left", udp(7001));
    assert!(!outcome.answered && outcome.reason.contains("port unreachable"), "{outcome:?}");
    assert_eq!(outcome.answer_from, Some(ip("fd00:2::2")));
}

#[test]
fn unknown_namespaces_and_senseless_probes_are_refused() {
    let engine = built(&labs::red_and_blue());
    let refused = engine.probe(ping("green", "10.10.0.2"));
    assert_eq!(refused, Err(EngineError::NoSuchNamespace(name("green"))));
    let kind = ProbeKind::Trace { to: ip("10.10.0.2"), max_hops: 0 };
    let refused = engine.probe(Probe { kind, ..ping("red", "10.10.0.2") });
    assert!(matches!(refused, Err(EngineError::Unfit(_))), "{refused:?}");
    assert!(engine.probe(ping("red", "10.10.0.2")).expect("it goes on").answered);
}
