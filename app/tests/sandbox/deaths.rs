//! However an engine dies, nothing of it stays.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Duration,
};

use hopscope::engine::client::Engine;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use topology::NamespaceName;

use super::{
    labs::{self, ping},
    leftovers::{Footprint, Traces},
    users::{everybody, start},
};

const LIMIT: Duration = Duration::from_secs(20);
const IN_BACKGROUND: &str = "sleep 1000 >/dev/null 2>&1 & (setsid sleep 1000 >/dev/null 2>&1 &) ; true";

/// Starts things in the sandbox that would like to live on.
fn with_a_life_of_its_own(engine: &mut Engine) {
    engine.build(&labs::red_and_blue()).expect("it builds");
    engine.listen().expect("it listens");
    for namespace in ["host", "red"] {
        let started = engine.run(&labs::name(namespace), IN_BACKGROUND, LIMIT).expect("it runs");
        assert!(started.succeeded(), "{started:?}");
    }
}

/// Waiter, init, worker, and at last one of the shells' children.
#[test]
fn killing_any_of_its_processes_ends_all_of_them() {
    for who in everybody() {
        for victim in 0..4 {
            let before = Traces::of_this_machine();
            let mut engine = start(who);
            with_a_life_of_its_own(&mut engine);
            let footprint = Footprint::of(engine.process_id());
            assert_eq!(footprint.processes.len(), 7, "three processes and four sleepers");
            assert!(4 < footprint.namespaces(), "only {} namespaces", footprint.namespaces());
            let (process, _) = &footprint.processes[victim];
            kill(Pid::from_raw(*process), Signal::SIGKILL).expect("it can be killed");
            if victim == 3 {
                // A sleeper's death changes nothing: the engine goes on.
                engine.run(&NamespaceName::host(), "true", LIMIT).expect("it still answers");
            }
            drop(engine);
            footprint.check_gone(LIMIT);
            assert_eq!(Traces::of_this_machine(), before, "{who:?}, victim {victim}");
        }
    }
}

#[test]
fn stopping_in_order_leaves_nothing_either() {
    let mut engine = start(everybody()[0]);
    with_a_life_of_its_own(&mut engine);
    let footprint = Footprint::of(engine.process_id());
    engine.stop().expect("it stops");
    footprint.check_gone(LIMIT);
}

/// Where a run of random tests begins; a failed one says it, and is repeated with it.
fn seed() -> u64 {
    let given = std::env::var("HOPSCOPE_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| RandomState::new().build_hasher().finish());
    println!("HOPSCOPE_TEST_SEED={seed}");
    seed
}

/// Killed while it starts, builds, opens its taps or asks: at random moments.
#[test]
fn killing_it_in_the_middle_of_work_leaves_nothing() {
    /// Microseconds.
    const LONGEST: u64 = 150_000;
    let before = Traces::of_this_machine();
    let (seed, mut reached) = (seed(), [0; 3]);
    for round in 0..12 {
        let engine = start(everybody()[0]);
        let footprint = Footprint::of(engine.process_id());
        // Any odd factor with its bits well spread turns consecutive numbers into scattered ones.
        let random = (seed ^ round).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let victim = Pid::from_raw(footprint.processes[round as usize % 3].0);
        let after = Duration::from_micros((random >> 32) % LONGEST);
        let killer = std::thread::spawn(move || {
            // Time is what this test varies: there is no event to wait for in the middle of a build.
            std::thread::park_timeout(after);
            kill(victim, Signal::SIGKILL).unwrap_or_default();
        });
        let is_built = engine.build(&labs::star(10)).is_ok();
        let listens = is_built && engine.listen().is_ok();
        // Until it dies.
        while listens && engine.probe(ping("ns1", "10.9.0.3")).is_ok() {}
        reached[usize::from(is_built) + usize::from(listens)] += 1;
        killer.join().expect("the killer ends");
        drop(engine);
        footprint.check_gone(LIMIT);
    }
    println!(
        "killed while building: {}, while listening: {}, while asking: {}",
        reached[0], reached[1], reached[2]
    );
    assert_eq!(Traces::of_this_machine(), before);
}

/// This test plays two parts: the caller that is killed, and who kills it and looks.
#[test]
fn killing_the_caller_leaves_nothing() {
    if std::env::var_os("HOPSCOPE_TEST_CALLER").is_some() {
        let mut engine = start(everybody()[0]);
        with_a_life_of_its_own(&mut engine);
        println!("\nengine {}", engine.process_id());
        loop {
            std::thread::park();
        }
    }
    let before = Traces::of_this_machine();
    let mut caller = Command::new(std::env::current_exe().expect("this test has a file"));
    caller.args(["--exact", "sandbox::deaths::killing_the_caller_leaves_nothing", "--nocapture"]);
    let mut caller =
        caller.env("HOPSCOPE_TEST_CALLER", "1").stdout(Stdio::piped()).spawn().expect("this test runs again");
    let said = BufReader::new(caller.stdout.take().expect("it was piped")).lines().map_while(Result::ok);
    let engine = said.filter_map(|line| line.strip_prefix("engine ")?.parse().ok()).next();
    let footprint = Footprint::of(engine.expect("the caller has an engine"));
    assert_eq!(footprint.processes.len(), 7);
    caller.kill().expect("it can be killed");
    caller.wait().expect("it was ours");
    footprint.check_gone(LIMIT);
    assert_eq!(Traces::of_this_machine(), before);
}
