//! A TCP connection, and a UDP datagram with its answer.

use std::{
    io,
    net::SocketAddr,
    os::fd::{AsRawFd, OwnedFd},
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::PollFlags,
    sys::socket::{
        AddressFamily, MsgFlags, SockFlag, SockType, SockaddrStorage, connect, getsockopt, recv, send,
        socket, sockopt::SocketError,
    },
};

use super::{
    echo::with_scope,
    verdict::{Verdict, keep_errors, kept_error, wait},
};
use crate::engine::protocol::Outcome;

/// Opens a connection, and closes it again at once.
pub fn tcp(to: SocketAddr, timeout: Duration) -> io::Result<Outcome> {
    let socket = open(to, SockType::Stream)?;
    let started = Instant::now();
    match start_connecting(&socket, to) {
        Ok(()) | Err(Errno::EINPROGRESS) => {}
        Err(errno) => return Ok(spoken(errno, to, None)),
    }
    if !wait(&socket, PollFlags::POLLOUT, started + timeout)? {
        return Ok(super::silence(to.ip(), timeout));
    }
    let round_trip = started.elapsed();
    match Errno::from_raw(getsockopt(&socket, SocketError)?) {
        Errno::UnknownErrno => Ok(Outcome {
            answered: true,
            round_trip: Some(round_trip),
            answer_from: Some(to.ip()),
            reason: format!("{to} accepted the connection"),
            hops: Vec::new(),
        }),
        errno => Ok(spoken(errno, to, Some(round_trip))),
    }
}

/// Sends one datagram, and waits for one back.
pub fn udp(to: SocketAddr, payload: &[u8], timeout: Duration) -> io::Result<Outcome> {
    let socket = open(to, SockType::Datagram)?;
    keep_errors(&socket, to.ip())?;
    let sent = Instant::now();
    let sending =
        start_connecting(&socket, to).and_then(|()| send(socket.as_raw_fd(), payload, MsgFlags::empty()));
    if let Err(errno) = sending {
        return Ok(spoken(errno, to, None));
    }
    let mut buffer = vec![0; usize::from(u16::MAX) + 1];
    while wait(&socket, PollFlags::POLLIN, sent + timeout)? {
        if let Some(verdict) = kept_error(&socket, to.ip()) {
            return Ok(verdict.after(sent.elapsed()).outcome(to.ip()));
        }
        match recv(socket.as_raw_fd(), &mut buffer, MsgFlags::MSG_DONTWAIT) {
            Ok(len) => {
                return Ok(Outcome {
                    answered: true,
                    round_trip: Some(sent.elapsed()),
                    answer_from: Some(to.ip()),
                    reason: format!("{to} answered with {len} octets"),
                    hops: Vec::new(),
                });
            }
            Err(Errno::EAGAIN | Errno::EINTR) => {}
            Err(errno) => return Ok(spoken(errno, to, Some(sent.elapsed()))),
        }
    }
    Ok(super::silence(to.ip(), timeout))
}

fn open(to: SocketAddr, kind: SockType) -> io::Result<OwnedFd> {
    let family = if to.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
    Ok(socket(family, kind, SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK, None)?)
}

fn start_connecting(socket: &OwnedFd, to: SocketAddr) -> Result<(), Errno> {
    connect(socket.as_raw_fd(), &SockaddrStorage::from(with_scope(to.ip(), to.port())))
}

/// A refusal comes from the target itself, everything else from our own stack.
fn spoken(errno: Errno, to: SocketAddr, round_trip: Option<Duration>) -> Outcome {
    let refused = errno == Errno::ECONNREFUSED;
    let from = refused.then_some(to.ip());
    Verdict { from, round_trip, ..Verdict::of_errno(errno, to.ip()) }.outcome(to.ip())
}
