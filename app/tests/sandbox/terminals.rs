//! Terminals through the engine: what is typed, what comes, how they end.

use std::time::Duration;

use hopscope::{
    engine::client::{Engine, EngineError},
    terminal::{TerminalId, TerminalSize},
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::{
    labs::{self, name},
    leftovers::{Footprint, Traces},
    session::{LIMIT, Session},
    users::{Who, everybody, start},
};

/// With red and blue in it, and at a shell there.
fn at_work(who: Who, work: impl FnOnce(&mut Session)) {
    let mut engine = start(who);
    engine.build(&labs::red_and_blue()).expect("it builds");
    let asides = engine.take_asides().expect("nobody took them");
    work(&mut Session::open(&engine, asides, "red"));
}

#[test]
fn a_shell_tells_where_it_stands_and_how_commands_end() {
    for who in everybody() {
        at_work(who, |red| {
            assert_eq!(red.at, ["red"], "{who:?}");
            red.wait_for("red");
            assert!(red.output("ls /sys/class/net").contains("eth0"), "{who:?}");
            let ran = red.run("echo one; (exit 42)");
            assert_eq!((ran.status, ran.output.contains("one")), (42, true), "{ran:?}");
            assert!(red.output("echo $?").contains("42"));
            assert_eq!(red.run("false | true").status, 0);
            assert!(
                red.output("tty; echo $TERM $COLORTERM").contains("/dev/pts/0\r\nxterm-256color truecolor")
            );
            assert!(red.output("id -u; ping -c1 -W2 10.10.0.2").contains("1 received"), "{who:?}");
            red.type_in("exit 5\r");
            red.until("its end", |red| red.ended == Some(5));
        });
    }
}

#[test]
fn the_keys_of_a_terminal_work() {
    at_work(Who::Me, |red| {
        red.run("echo first-$((1 + 1))");
        red.run("echo second");
        // Twice up, and back.
        red.type_in("\x1b[A\x1b[A");
        // Only what differs is drawn anew.
        red.wait_for("first-$((1 + 1))");
        assert!(red.run("").output.contains("first-2"));
        red.type_in("echo broken off\x03");
        let ran = red.prompt();
        assert_eq!((ran.status, ran.output.as_str()), (130, ""));
        red.type_in("sh -c 'echo go\"\"ing; exec sleep 1000'\r");
        red.wait_for("going");
        red.type_in("\x03");
        assert_eq!(red.prompt().status, 130);
        // A command of several lines begins once.
        red.type_in("for i in 1 2\rdo echo =$i=\rdone\r");
        red.wait_for("=2=");
        assert_eq!(red.begun(), 1);
        assert_eq!(red.prompt().status, 0);
        // No command begins where none was typed.
        red.type_in("\r");
        red.prompt();
        assert_eq!(red.begun(), 0);
    });
}

#[test]
fn a_new_size_is_told_to_what_runs() {
    at_work(Who::Me, |red| {
        assert!(red.output("stty size").contains("24 100"));
        red.type_in("sh -c \"trap 'stty size' WINCH; echo go''ing; while true; do sleep 0.01; done\"\r");
        red.wait_for("going");
        red.engine
            .resize_terminal(red.terminal, TerminalSize { columns: 77, rows: 33 })
            .expect("it can be asked");
        red.wait_for("33 77");
        red.type_in("\x03");
        red.prompt();
        let refused = red.engine.resize_terminal(red.terminal, TerminalSize { columns: 0, rows: 33 });
        assert!(matches!(refused, Err(EngineError::Unfit(_))), "{refused:?}");
        let refused = red.engine.type_into(red.terminal, vec![b'x'; 70_000]);
        assert!(matches!(refused, Err(EngineError::Unfit(_))), "{refused:?}");
    });
}

#[test]
fn a_flood_is_held_back_and_ended_by_ctrl_c() {
    at_work(Who::Me, |red| {
        red.look();
        red.takes = false;
        red.octets = 0;
        red.type_in("yes\r");
        let limit = 256 << 10;
        red.until("all that may be on its way", |red| limit <= red.octets);
        // Another order is carried out meanwhile, and nothing more has come before its answer.
        red.engine.run(&name("red"), "true", LIMIT).expect("it runs");
        red.look();
        assert_eq!(red.octets, limit);
        red.type_in("\x03");
        red.takes = true;
        red.engine.took(red.terminal, limit.try_into().expect("it is small")).expect("it can be told");
        assert_eq!(red.prompt().status, 130);
        assert!(red.octets < 2 * limit, "{} octets came", red.octets);
    });
}

/// Nobody reads: what is typed waits, up to a limit, and the engine goes on.
#[test]
fn what_is_typed_and_not_read_is_bounded() {
    at_work(Who::Me, |red| {
        red.takes = false;
        red.type_in("stty raw -echo; sleep 1000\r");
        red.until("its beginning", |red| red.begun() == 1);
        let refused = (0..100).find_map(|_| red.engine.type_into(red.terminal, vec![b'x'; 60_000]).err());
        assert!(matches!(refused, Some(EngineError::Unfit(_))), "{refused:?}");
        red.engine.close_terminal(red.terminal).expect("it can be asked");
        red.until("its end", |red| red.ended.is_some());
    });
}

#[test]
fn closing_ends_what_runs_in_it() {
    at_work(Who::Me, |red| {
        red.run("nohup sleep 1000 >/dev/null 2>&1 &");
        red.type_in("trap '' HUP; sleep 1001\r");
        red.until("its beginning", |red| red.begun() == 1);
        red.engine.close_terminal(red.terminal).expect("it can be asked");
        red.until("its end", |red| red.ended.is_some());
        let left = red.engine.run(&name("host"), "pgrep -r D,R,S,T -x 'sleep|bash'", LIMIT).expect("it runs");
        assert_eq!(left.stdout.text(), "");
        let refused = red.engine.close_terminal(red.terminal);
        assert!(matches!(refused, Err(EngineError::Terminal(_))), "{refused:?}");
    });
}

#[test]
fn what_cannot_be_opened_says_so_and_there_is_a_limit() {
    let mut engine = start(Who::Me);
    let asides = engine.take_asides().expect("nobody took them");
    let mut green = Session::begin(&engine, asides, "green");
    green.until("its failure", |green| green.failed.is_some());
    assert!(green.failed.as_ref().is_some_and(|why| why.contains("green")), "{:?}", green.failed);
    let open = |number| engine.open_terminal(TerminalId(number), name("host"), TerminalSize::default());
    for number in 100..164 {
        open(number).expect("there is room");
    }
    assert!(matches!(open(164), Err(EngineError::Terminal(_))));
    assert!(matches!(open(100), Err(EngineError::Terminal(_))));
}

#[test]
fn nothing_of_terminals_outlives_a_killed_engine() {
    for who in everybody() {
        let before = Traces::of_this_machine();
        let mut engine = start(who);
        let asides = engine.take_asides().expect("nobody took them");
        let mut host = Session::open(&engine, asides, "host");
        host.run("sleep 1000 & (setsid sleep 1000 &); unshare --net sleep 1000 &");
        host.type_in("sleep 1000\r");
        host.until("its beginning", |host| host.begun() == 1);
        let footprint = Footprint::of(engine.process_id());
        assert!(7 <= footprint.processes.len(), "{}", footprint.processes.len());
        let process = Pid::from_raw(engine.process_id().cast_signed());
        kill(process, Signal::SIGKILL).expect("it can be killed");
        drop_after(engine, || footprint.check_gone(Duration::from_secs(20)));
        assert_eq!(Traces::of_this_machine(), before, "{who:?}");
    }
}

fn drop_after(engine: Engine, check: impl FnOnce()) {
    check();
    drop(engine);
}
