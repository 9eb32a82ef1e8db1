//! Starts the engine's process with its end of a socket pair.

use std::{
    os::{
        fd::AsRawFd,
        unix::{net::UnixStream, process::CommandExt},
    },
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::StartError;

/// This binary, or what the environment names in its place.
pub fn own_program() -> Command {
    let program =
        std::env::var_os("HOPSCOPE_ENGINE").map_or_else(|| PathBuf::from("/proc/self/exe"), PathBuf::from);
    let mut command = Command::new(program);
    command.arg0("hopscope");
    command
}

/// The process, and our end of the socket.
pub fn engine_process(mut command: Command) -> Result<(Child, UnixStream), StartError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |source| StartError::Spawn { program: program.clone(), source };
    let (ours, theirs) = UnixStream::pair().map_err(failed)?;
    let inherited = theirs.as_raw_fd();
    command.args(["engine", "--fd"]).arg(inherited.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let hand_over = move || {
        // SAFETY: a system call on numbers. The descriptor keeps its number: at any other one might be
        // the pipe through which the standard library reports that the program could not be started.
        match unsafe { libc::fcntl(inherited, libc::F_SETFD, 0) } {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        }
    };
    // SAFETY: it makes one system call and neither allocates nor locks. `theirs` lives until after the spawn.
    unsafe { command.pre_exec(hand_over) };
    let process = command.spawn().map_err(failed)?;
    drop(theirs);
    Ok((process, ours))
}
