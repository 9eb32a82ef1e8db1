//! Starts engines as root and as an ordinary user.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Stdio},
};

use hopscope::engine::client::Engine;

/// Nobody on any machine, and without a range in /etc/subuid.
const ORDINARY: u32 = 64_321;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever runs the tests.
    Me,
    /// A user without any rights; needs tests that run as root.
    Ordinary,
}

/// Whom this machine lets us be: without root we already are an ordinary user.
pub fn everybody() -> Vec<Who> {
    if nix::unistd::geteuid().is_root() { vec![Who::Me, Who::Ordinary] } else { vec![Who::Me] }
}

pub fn start(who: Who) -> Engine {
    let engine = match who {
        Who::Me => Engine::start_by(Command::new(env!("CARGO_BIN_EXE_hopscope"))),
        Who::Ordinary => as_ordinary_user(),
    };
    engine.unwrap_or_else(|error| panic!("{who:?} got no engine: {error}"))
}

fn as_ordinary_user() -> Result<Engine, hopscope::engine::client::StartError> {
    let own = PathBuf::from(env!("CARGO_BIN_EXE_hopscope"));
    let mut look = setpriv();
    look.args(["test", "-x"]).arg(&own).stderr(Stdio::null());
    if look.status().expect("setpriv (Debian: util-linux) runs").success() {
        return start_program(own);
    }
    // The build directory is private: a copy where every user may go.
    let directory = std::env::temp_dir().join(format!("hopscope-test-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("a directory");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("its permissions");
    let copy = directory.join("hopscope");
    fs::copy(own, &copy).expect("a copy");
    let engine = start_program(copy);
    fs::remove_dir_all(directory).expect("the directory goes");
    engine
}

fn setpriv() -> Command {
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={ORDINARY}")).arg(format!("--regid={ORDINARY}")).arg("--clear-groups");
    command
}

fn start_program(program: PathBuf) -> Result<Engine, hopscope::engine::client::StartError> {
    let mut command = setpriv();
    command.arg(program);
    Engine::start_by(command)
}

/// Root on a machine that gives no user namespaces: one in a user namespace whose limit of further ones is 0.
pub fn without_user_namespaces() -> Engine {
    let mut command = Command::new("unshare");
    let forbid = "echo 0 >/proc/sys/user/max_user_namespaces && exec \"$0\" \"$@\"";
    command.args(["--user", "--map-root-user", "sh", "-c", forbid]).arg(env!("CARGO_BIN_EXE_hopscope"));
    Engine::start_by(command).unwrap_or_else(|error| panic!("no engine: {error}"))
}
