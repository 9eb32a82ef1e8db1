//! A place where tests may build: a thread with network and mount namespaces of its own.

use std::{panic::resume_unwind, process::Command, thread};

use nix::{
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
};

/// Runs a test in a sandbox that goes away with it. Needs root, or a sandbox around it already.
pub fn in_sandbox(test: impl FnOnce() + Send + 'static) {
    let thread = thread::spawn(|| {
        unshare(CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS).expect(
            "these tests build real networks: run them as root, or inside a user namespace of your own",
        );
        let nothing = None::<&str>;
        mount(nothing, "/", nothing, MsFlags::MS_REC | MsFlags::MS_PRIVATE, nothing)
            .expect("mounts can be made private in a mount namespace of one's own");
        mount(Some("tmpfs"), "/run", Some("tmpfs"), MsFlags::empty(), nothing)
            .expect("/run can be mounted over");
        test();
    });
    thread.join().unwrap_or_else(|panic| resume_unwind(panic));
}

/// What a command prints; it must succeed.
pub fn output(command: &str) -> String {
    let output = Command::new("sh").args(["-c", command]).output().expect("there is a shell");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command}: {out}{err}");
    out.into_owned()
}
