//! Namespaces of our own: user, mount, network, PID, IPC and UTS. Root inside, nothing outside.
//!
//! Everything here runs single-threaded, so that forking and `PR_SET_PDEATHSIG` (which fires when the
//! parent *thread* ends) mean what they seem to mean.

mod ids;
mod mounts;
mod one_id;
mod own_files;
mod real_root;
mod refusal;

use std::os::fd::{AsFd, OwnedFd, RawFd};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sched::{CloneFlags, unshare},
    sys::{
        prctl,
        signal::Signal,
        wait::{WaitStatus, waitpid},
    },
    unistd::{ForkResult, Pid, close, fork, geteuid, pipe2, sethostname},
};

pub use ids::range_for;
use ids::{MapHelper, MapsBefore};
pub use refusal::{APPARMOR_MEND, NAMESPACE_LIMIT, apparmor_restricts, setting};

use super::protocol::{Refusal, SandboxReport};

const ALL_BUT_USER: CloneFlags = CloneFlags::CLONE_NEWNS
    .union(CloneFlags::CLONE_NEWNET)
    .union(CloneFlags::CLONE_NEWPID)
    .union(CloneFlags::CLONE_NEWIPC)
    .union(CloneFlags::CLONE_NEWUTS);

/// Makes the sandbox. Returns in the worker only, inside; the waiter and init never come back from here
/// unless they cannot go on. `socket` stays open in whoever returns.
pub fn enter(socket: RawFd) -> Result<SandboxReport, Refusal> {
    let mut report = leave_the_outside()?;
    mounts::arrange(&mut report.shortfalls)?;
    // On screen and in prompts, the sandbox's own root namespace is the host.
    if let Err(error) = sethostname("host") {
        report.shortfalls.push(format!("the host name could not be set to “host”: {error}"));
    }
    refusal::check_network_rights()?;
    let broken = |error: std::io::Error| refusal::fork_failed(&error);
    let (ours, waiters) = pipe2(nix::fcntl::OFlag::O_CLOEXEC).map_err(|error| broken(error.into()))?;
    // SAFETY: this process has one thread.
    match unsafe { fork() }.map_err(|error| broken(error.into()))? {
        ForkResult::Parent { child } => {
            let _closed = close(socket);
            drop(ours);
            wait_and_leave(child)
        }
        ForkResult::Child => {
            drop(waiters);
            die_with_the_waiter(&ours);
            drop(ours);
            mounts::arrange_proc(&mut report.shortfalls);
            if !report.user_namespace {
                real_root::fence_in(&mut report.shortfalls);
                stand_where_one_stood();
            }
            // SAFETY: this process has one thread.
            match unsafe { fork() }.map_err(|error| broken(error.into()))? {
                ForkResult::Parent { child } => {
                    let _closed = close(socket);
                    reap_until_end_of(child)
                }
                // The worker needs no death signal: the kernel ends a PID namespace with its pid 1.
                ForkResult::Child => Ok(report),
            }
        }
    }
}

/// Unshares, and maps the ids where there is a user namespace.
fn leave_the_outside() -> Result<SandboxReport, Refusal> {
    let before = MapsBefore::read();
    let helper = MapHelper::start(&before);
    match unshare(ALL_BUT_USER | CloneFlags::CLONE_NEWUSER) {
        Ok(()) => {
            let id_range = before.map(helper).map_err(|error| refusal::map_failed(&error))?;
            stand_where_one_stood();
            let mut report = SandboxReport { user_namespace: true, id_range, shortfalls: Vec::new() };
            if !id_range && let Err(error) = one_id::pretend_to_change_user() {
                report.shortfalls.push(format!(
                    "only one user id exists inside, so that tools that change user, like tcpdump, fail there; \
                     nor can they be helped: {error}"
                ));
            }
            Ok(report)
        }
        Err(refused) if geteuid().is_root() => {
            drop(helper);
            unshare(ALL_BUT_USER).map_err(|error| refusal::unshare_failed(error, true))?;
            let shortfall = format!(
                "no user namespace could be had ({refused}); the sandbox runs as real root, and keeps the machine from accidents only"
            );
            Ok(SandboxReport { user_namespace: false, id_range: true, shortfalls: vec![shortfall] })
        }
        Err(error) => Err(refusal::unshare_failed(error, false)),
    }
}

/// The current directory may lie under another mount by now.
fn stand_where_one_stood() {
    let here = std::env::current_dir().unwrap_or_default();
    if std::env::set_current_dir(here).is_err() {
        // It cannot be entered inside, and nobody should stand in it either.
        let _nowhere = std::env::set_current_dir("/");
    }
}

/// Has the kernel kill this process when the waiter dies, also if it has died already.
fn die_with_the_waiter(lifeline: &OwnedFd) {
    let armed = prctl::set_pdeathsig(Signal::SIGKILL);
    // The waiter holds the pipe's other end: a hang-up means that it died before the line above.
    let mut line = [PollFd::new(lifeline.as_fd(), PollFlags::empty())];
    let alone = poll(&mut line, PollTimeout::ZERO).is_ok_and(|count| 0 < count);
    if armed.is_err() || alone {
        std::process::exit(1);
    }
}

/// The waiter's life: ends as init ends.
fn wait_and_leave(init: Pid) -> ! {
    loop {
        match waitpid(init, None) {
            Ok(WaitStatus::Exited(_, status)) => std::process::exit(status),
            Ok(WaitStatus::Signaled(..)) => std::process::exit(1),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => std::process::exit(1),
        }
    }
}

/// Init's life: buries orphans, and ends as the worker ends. With it ends all that still runs inside.
fn reap_until_end_of(worker: Pid) -> ! {
    loop {
        match waitpid(None, None) {
            Ok(WaitStatus::Exited(pid, status)) if pid == worker => std::process::exit(status),
            Ok(WaitStatus::Signaled(pid, ..)) if pid == worker => std::process::exit(1),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => std::process::exit(1),
        }
    }
}
