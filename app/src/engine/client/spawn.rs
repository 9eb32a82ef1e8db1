//! Starts the engine's process with its end of a socket pair.

use std::{
    os::{
        fd::{AsRawFd, RawFd},
        unix::{net::UnixStream, process::CommandExt},
    },
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::StartError;

/// Where the engine finds its socket.
const FD: RawFd = 3;

/// The process, and our end of the socket.
pub fn engine_process() -> Result<(Child, UnixStream), StartError> {
    let program = std::env::var_os("HOPSCOPE_ENGINE").map_or_else(|| PathBuf::from("/proc/self/exe"), PathBuf::from);
    let failed = |source| StartError::Spawn { program: program.display().to_string(), source };
    let (ours, theirs) = UnixStream::pair().map_err(failed)?;
    let mut command = Command::new(&program);
    command.args(["engine", "--fd", "3"]).arg0("hopscope");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let inherited = theirs.as_raw_fd();
    let hand_over = move || {
        // SAFETY: system calls on numbers; dup2 onto itself would leave close-on-exec set.
        let done = if inherited == FD {
            unsafe { libc::fcntl(FD, libc::F_SETFD, 0) }
        } else {
            unsafe { libc::dup2(inherited, FD) }
        };
        if done < 0 { Err(std::io::Error::last_os_error()) } else { Ok(()) }
    };
    // SAFETY: it makes one system call and neither allocates nor locks. `theirs` lives until after the spawn.
    unsafe { command.pre_exec(hand_over) };
    let process = command.spawn().map_err(failed)?;
    drop(theirs);
    Ok((process, ours))
}
