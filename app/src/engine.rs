//! The process that owns the sandbox, the taps and the shells.
//!
//! The caller starts its own binary again as `hopscope engine --fd N` with one end of a socket pair
//! ([`client`]). There, before any thread exists, [`sandbox`] makes three processes of it:
//!
//! ```text
//! caller ── waiter (outside the PID namespace) ── init (its pid 1) ── worker: the engine proper (server)
//! ```
//!
//! Whoever of them dies, however violently, takes the others along, and the kernel then takes
//! everything that was built: a closed socket ends the worker, the worker's end ends init, init's end
//! is the end of its PID namespace, and the waiter's end kills init.

pub mod client;
mod command;
mod features;
mod losses;
pub(crate) mod now;
mod open_files;
pub(crate) mod paper;
mod prober;
mod process;
pub mod protocol;
pub(crate) mod sandbox;
mod server;
mod terminal;
pub mod wire;

use std::{
    io::Write,
    os::{
        fd::{AsRawFd, FromRawFd, RawFd},
        unix::net::UnixStream,
    },
    process::ExitCode,
};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};

use protocol::{Message, Refusal, Said};

/// The engine's process: makes a sandbox and serves the caller at the other end of the socket `fd`.
///
/// Must run before the process has a second thread. Exit status: 0 after an orderly end, 2 when `fd`
/// is no socket, 3 when this machine gives no sandbox (the caller is told why).
pub fn main(fd: RawFd) -> ExitCode {
    let Some(socket) = inherited_socket(fd) else {
        eprintln!(
            "hopscope engine: there is no socket at descriptor {fd}; hopscope starts its engine itself"
        );
        return ExitCode::from(2);
    };
    // A terminal's Ctrl-C is meant for the caller, who then ends the engine in good order.
    let _already_leader = nix::unistd::setsid();
    open_files::allow_all();
    match sandbox::enter(socket.as_raw_fd()) {
        Ok(report) => server::serve(socket, report),
        Err(refusal) => refuse(&socket, refusal),
    }
}

/// Takes over the socket, and closes whatever else leaked in from the caller.
fn inherited_socket(fd: RawFd) -> Option<UnixStream> {
    if fd <= libc::STDERR_FILENO {
        return None;
    }
    close_range(libc::STDERR_FILENO + 1, fd - 1);
    close_range(fd + 1, RawFd::MAX);
    // SAFETY: `fd` is only asked about here.
    let borrowed = unsafe { std::os::fd::BorrowedFd::borrow_raw(fd) };
    nix::sys::socket::getsockname::<nix::sys::socket::UnixAddr>(fd).ok()?;
    fcntl(borrowed, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).ok()?;
    // SAFETY: it is an open socket, inherited for this purpose, and nobody else in this process has it.
    Some(unsafe { UnixStream::from_raw_fd(fd) })
}

fn close_range(first: RawFd, last: RawFd) {
    if let (Ok(first), Ok(last)) = (libc::c_uint::try_from(first), libc::c_uint::try_from(last))
        && first <= last
    {
        // SAFETY: nothing in this process has opened a descriptor yet that it would miss.
        // A kernel before 5.9 lacks the call; then leaked descriptors stay open, as they would be anyway.
        unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) };
    }
}

/// Tells the caller why there is no sandbox.
fn refuse(mut socket: &UnixStream, refusal: Refusal) -> ExitCode {
    let said = wire::encode_message(&Message::Said(Said::Refused(refusal.clone())));
    let told = wire::write_preamble(socket, protocol::VERSION)
        .is_ok_and(|()| said.is_ok_and(|bytes| socket.write_all(&bytes).is_ok()));
    if !told {
        eprintln!("hopscope engine: {refusal}");
    }
    ExitCode::from(3)
}
