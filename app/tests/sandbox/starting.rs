//! Everybody gets a sandbox, and sees only what is in it.

use std::time::{Duration, Instant};

use super::{
    labs,
    leftovers::Traces,
    users::{everybody, start},
};
use topology::NamespaceName;

const LIMIT: Duration = Duration::from_secs(20);

#[test]
fn everybody_is_root_inside_and_alone_there() {
    for who in everybody() {
        let engine = start(who);
        let say = |command: &str| {
            let outcome = engine.run(&NamespaceName::host(), command, LIMIT).expect("it runs");
            assert!(outcome.succeeded(), "{who:?}: {command}: {}", outcome.stderr.text());
            outcome.stdout.text().trim().to_string()
        };
        assert_eq!(say("id -u"), "0", "{who:?}");
        assert_eq!(say("hostname"), "host", "{who:?}");
        assert_eq!(say("ls /sys/class/net | grep -v -x -e lo; true"), "", "{who:?} sees foreign interfaces");
        assert_eq!(say("cat /proc/1/comm"), "hopscope", "{who:?} sees foreign processes");
        assert_eq!(say("ls /run/netns"), "", "{who:?} sees foreign namespaces");
        engine.stop().expect("it stops");
    }
}

#[test]
fn ip_netns_inside_sees_the_namespaces_and_nobody_outside_does() {
    for who in everybody() {
        let outside = Traces::of_this_machine();
        let engine = start(who);
        engine.build(&labs::red_and_blue()).expect("it builds");
        let host = NamespaceName::host();
        let listed = engine.run(&host, "ip netns list | cut -d' ' -f1 | sort", LIMIT).expect("it runs");
        assert_eq!(listed.stdout.text(), "blue\nred\n", "{who:?}");
        let inside = engine.run(&host, "ip netns exec red ip -o -4 addr show eth0", LIMIT).expect("it runs");
        assert!(inside.stdout.text().contains("10.10.0.1/24"), "{who:?}: {inside:?}");
        assert_eq!(Traces::of_this_machine(), outside, "{who:?}");
        engine.stop().expect("it stops");
        assert_eq!(Traces::of_this_machine(), outside, "{who:?}");
    }
}

/// A machine where `/run/netns` was never made: an ordinary user cannot make it, and needs none.
#[test]
fn a_machine_without_run_netns_is_good_enough() {
    // Such a machine is made by a bare /run in a mount namespace of its own.
    let bare =
        "mount -t tmpfs tmpfs /run && mkdir /run/kept && echo 7 > /run/kept/file && exec \"$0\" \"$@\"";
    let mut command = std::process::Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", bare]);
    command.arg(env!("CARGO_BIN_EXE_hopscope"));
    let engine = hopscope::engine::client::Engine::start_by(command).expect("an engine");
    let say = "cat /run/kept/file && ip netns add fine && ls /run/netns";
    let outcome = engine.run(&NamespaceName::host(), say, LIMIT).expect("it runs");
    assert_eq!(outcome.stdout.text(), "7\nfine\n", "{}", outcome.stderr.text());
    engine.stop().expect("it stops");
}

/// As most machines give it to everybody. What is started inside has the usual limit.
#[test]
fn a_large_lab_fits_where_processes_begin_with_1024_files() {
    let mut command = std::process::Command::new("prlimit");
    command.args(["--nofile=1024:", env!("CARGO_BIN_EXE_hopscope")]);
    let engine = hopscope::engine::client::Engine::start_by(command).expect("an engine");
    engine.build(&labs::star(200)).expect("it builds");
    assert_eq!(engine.listen().expect("it listens").len(), 401);
    let outcome = engine.run(&NamespaceName::host(), "ulimit -Sn", LIMIT).expect("it runs");
    assert_eq!(outcome.stdout.text(), "1024\n");
    engine.stop().expect("it stops");
}

#[test]
fn four_hundred_taps_are_closed_in_a_second() {
    let engine = start(everybody()[0]);
    engine.build(&labs::star(200)).expect("it builds");
    let taps = engine.listen().expect("it listens");
    assert_eq!(taps.len(), 401);
    let started = Instant::now();
    engine.stop().expect("it stops");
    let took = started.elapsed();
    assert!(took < Duration::from_secs(1), "stopping 401 taps took {took:?}");
}
