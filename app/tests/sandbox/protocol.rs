//! What an engine does with a caller who is not what it expects, and the other way round.

use std::{
    io::Write,
    os::{
        fd::AsRawFd,
        unix::{net::UnixStream, process::CommandExt},
    },
    process::{Child, Command, Stdio},
    time::Duration,
};

use hopscope::engine::{
    client::{Engine, StartError},
    protocol::{Message, Said, VERSION},
    wire,
};

/// An engine's process, and a socket on which anything can be said to it.
fn raw_engine() -> (Child, UnixStream) {
    let (ours, theirs) = UnixStream::pair().expect("a socket pair");
    ours.set_read_timeout(Some(Duration::from_secs(20))).expect("a deadline");
    let inherited = theirs.as_raw_fd();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hopscope"));
    command.args(["engine", "--fd"]).arg(inherited.to_string()).stdin(Stdio::null()).stdout(Stdio::null());
    // SAFETY: a system call on numbers.
    let hand_over = move || match unsafe { libc::fcntl(inherited, libc::F_SETFD, 0) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    };
    // SAFETY: one system call; `theirs` outlives the spawn.
    let child = unsafe { command.pre_exec(hand_over) }.spawn().expect("it starts");
    drop(theirs);
    (child, ours)
}

/// Reads to the end of what it says.
fn rest(socket: &UnixStream) -> Vec<Message> {
    let body = || wire::read_body(socket, wire::LARGEST_MESSAGE).ok().flatten();
    std::iter::from_fn(body).map(|body| wire::decode_message(&body).expect("it makes sense")).collect()
}

#[test]
fn an_engine_of_another_version_is_named_as_such() {
    // A made-up engine: it says that it speaks version 99, and waits for our end.
    let say = r"printf 'hopscope\143\000\000\000' >&$2; cat <&$2 >/dev/null";
    let mut command = Command::new("bash");
    command.args(["-c", say]);
    let error = Engine::start_by(command).expect_err("it is another version");
    assert!(matches!(error, StartError::Version { ours: VERSION, theirs: 99 }), "{error:?}");
    assert!(error.to_string().contains("99"), "{error}");
}

#[test]
fn programs_that_are_no_engine_are_told_from_engines() {
    let start = |say: &str| {
        let mut command = Command::new("bash");
        command.args(["-c", say]);
        Engine::start_by(command).expect_err("it is no engine").to_string()
    };
    assert!(start("exit 7").contains("exit status: 7"));
    assert!(start("echo 'HTTP/1.1 400 Bad Request' >&$2").contains("does not speak this protocol"));
    let error = Engine::start_by(Command::new("/nowhere/hopscope")).expect_err("there is none");
    assert!(
        matches!(&error, StartError::Spawn { program, .. } if program == "/nowhere/hopscope"),
        "{error:?}"
    );
}

#[test]
fn an_engine_ends_when_its_caller_speaks_another_version_or_nonsense() {
    for preamble in [&b"hopscope\x63\0\0\0"[..], &b"GET / HTTP/1.1\r\n"[..]] {
        let (mut child, mut socket) = raw_engine();
        socket.write_all(preamble).expect("it listens");
        assert_eq!(wire::read_preamble(&socket).expect("it says who it is"), VERSION);
        assert_eq!(rest(&socket), []);
        assert!(!child.wait().expect("it ends").success());
    }
}

#[test]
fn an_oversized_request_ends_the_engine_instead_of_filling_it() {
    let (mut child, mut socket) = raw_engine();
    wire::write_preamble(&socket, VERSION).expect("it listens");
    wire::read_preamble(&socket).expect("it says who it is");
    socket.write_all(&u32::MAX.to_le_bytes()).expect("it listens");
    let said = rest(&socket);
    assert!(matches!(&said[..], [Message::Said(Said::Ready(_))]), "{said:?}");
    child.wait().expect("it ends");
}

#[test]
fn an_engine_without_a_socket_says_so() {
    let started =
        Command::new(env!("CARGO_BIN_EXE_hopscope")).args(["engine", "--fd", "3"]).output().expect("it runs");
    assert_eq!(started.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&started.stderr).contains("no socket"));
}
