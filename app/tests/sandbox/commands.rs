//! Commands in namespaces: their output, their end, their limits.

use std::time::{Duration, Instant};

use hopscope::engine::client::{Captured, EngineError};
use nix::{sys::stat::Mode, unistd::mkfifo};

use super::{
    labs::{self, name},
    users::{Who, everybody, start},
};

const LIMIT: Duration = Duration::from_secs(20);

#[test]
fn commands_run_where_they_should_and_say_how_they_ended() {
    for who in everybody() {
        let engine = start(who);
        engine.build(&labs::red_and_blue()).expect("it builds");
        let outcome =
            engine.run(&name("red"), "ls /sys/class/net; echo problem >&2; exit 7", LIMIT).expect("it runs");
        assert_eq!(outcome.stdout.text(), "eth0\nlo\n", "{who:?}");
        assert_eq!((outcome.stderr.text().as_ref(), outcome.status), ("problem\n", Some(7)), "{who:?}");
        let outcome = engine.run(&name("red"), "kill -9 $$", LIMIT).expect("it runs");
        assert_eq!((outcome.status, outcome.signal, outcome.timed_out), (None, Some(9), false), "{who:?}");
        let refused = engine.run(&name("green"), "true", LIMIT);
        assert_eq!(refused, Err(EngineError::NoSuchNamespace(name("green"))), "{who:?}");
    }
}

#[test]
fn whoever_takes_too_long_is_asked_and_then_made_to_end() {
    let engine = start(Who::Me);
    let host = topology::NamespaceName::host();
    let limit = Duration::from_millis(200);
    let polite = engine.run(&host, "trap 'echo bye; exit 5' INT; while true; do sleep 0.01; done", limit);
    let polite = polite.expect("it runs");
    assert_eq!((polite.timed_out, polite.status, polite.stdout.text().as_ref()), (true, Some(5), "bye\n"));
    let started = Instant::now();
    let stubborn = engine.run(&host, "trap '' INT; while true; do sleep 0.01; done", limit).expect("it runs");
    assert_eq!((stubborn.timed_out, stubborn.signal), (true, Some(9)));
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_command_can_be_stopped_before_its_time() {
    let engine = start(Who::Me);
    let host = topology::NamespaceName::host();
    let begun = std::env::temp_dir().join(format!("hopscope-begun-{}", std::process::id()));
    mkfifo(&begun, Mode::S_IRWXU).expect("a pipe can be made");
    let say = format!("echo > '{}'", begun.display());
    // Whether it goes by the polite signal or only by the other.
    for (trap, signal) in [("", 2), ("trap '' INT; ", 9)] {
        let running = engine.begin_run(&host, &format!("{trap}{say}; sleep 100"), LIMIT).expect("it runs");
        std::fs::read(&begun).expect("it says that it has begun");
        engine.stop_train(running.id()).expect("the engine is there");
        let outcome = running.command().expect("it ran");
        assert_eq!((outcome.status, outcome.signal), (None, Some(signal)), "{outcome:?}");
        assert!(outcome.took < LIMIT, "{outcome:?}");
    }
    std::fs::remove_file(&begun).expect("it can be removed");
}

#[test]
fn endless_output_is_cut_and_that_is_said() {
    let engine = start(Who::Me);
    let host = topology::NamespaceName::host();
    let outcome = engine.run(&host, "head -c 3000000 /dev/zero; echo end >&2", LIMIT).expect("it runs");
    assert_eq!((outcome.stdout.bytes.len(), outcome.stdout.cut), (Captured::LIMIT, true));
    assert_eq!(
        (outcome.stderr.text().as_ref(), outcome.stderr.cut, outcome.status),
        ("end\n", false, Some(0))
    );
}

#[test]
fn what_runs_on_in_the_background_does_not_hold_up_the_answer() {
    let engine = start(Who::Me);
    let host = topology::NamespaceName::host();
    let started = Instant::now();
    let outcome = engine.run(&host, "sleep 100 & echo started", LIMIT).expect("it runs");
    assert_eq!(outcome.stdout.text(), "started\n");
    assert!(started.elapsed() < Duration::from_secs(10));
}
