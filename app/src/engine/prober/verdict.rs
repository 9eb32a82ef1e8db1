//! What the kernel or a router says instead of an answer, in plain words.

use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::fd::{AsFd, AsRawFd},
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::socket::{
        ControlMessageOwned, MsgFlags, SockProtocol, recvmsg, setsockopt,
        sockopt::{Ipv4RecvErr, Ipv6RecvErr},
    },
};

use crate::engine::protocol::Outcome;

// linux/errqueue.h
const ORIGIN_LOCAL: u8 = 1;
const ORIGIN_ICMP: u8 = 2;
const ORIGIN_ICMP6: u8 = 3;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Who said it; `None`: our own stack.
    pub from: Option<IpAddr>,
    pub round_trip: Option<Duration>,
    pub plain: String,
    pub is_time_exceeded: bool,
}

impl Verdict {
    /// An error that a system call gave.
    pub fn of_errno(errno: Errno, to: IpAddr) -> Self {
        let plain = match errno {
            Errno::ENETUNREACH => format!("there is no route to {to}: network unreachable"),
            Errno::EHOSTUNREACH => format!("{to} did not answer the {}: host unreachable", question(to)),
            Errno::ECONNREFUSED => format!("{to} refused: nothing listens there (connection refused)"),
            // connect(2): no broadcast was asked for; or a route of the kind “prohibit”.
            Errno::EACCES => format!("{to} is a broadcast address, or a route here forbids it ({errno})"),
            Errno::EPERM => format!("this namespace's own firewall did not let it out ({errno})"),
            Errno::EADDRNOTAVAIL => format!("this namespace has no address to reach {to} from"),
            Errno::EMSGSIZE => format!("it is larger than the way to {to} carries in one piece"),
            Errno::ENETDOWN => "the interface towards it is down".into(),
            Errno::ETIMEDOUT => format!("nothing came back from {to}"),
            Errno::EINVAL if to.to_string().starts_with("fe80:") => {
                format!("{to} is a link-local address, and no interface here reaches it")
            }
            _ => format!("{to}: {}", errno.desc()),
        };
        Self { from: None, round_trip: None, plain, is_time_exceeded: false }
    }

    fn of_message(error: &libc::sock_extended_err, from: Option<IpAddr>, to: IpAddr) -> Self {
        let errno = Errno::from_raw(i32::try_from(error.ee_errno).unwrap_or(0));
        let speaker = from.map_or_else(|| "a router".into(), |from| from.to_string());
        let own = from.is_some_and(is_own);
        // RFC 792 and RFC 4443: type 3 and type 1 mean unreachable, type 11 and type 3 time exceeded.
        let is_v4 = error.ee_origin == ORIGIN_ICMP;
        let plain = match (is_v4, error.ee_type, error.ee_code) {
            (true, 11, _) | (false, 3, _) => format!("{speaker}: the TTL ran out there"),
            (true, 3, 1) | (false, 1, 3) if own => return Self::of_errno(Errno::EHOSTUNREACH, to),
            (true, 3, 1) | (false, 1, 3) => {
                format!("{speaker} says: {to} did not answer the {}: host unreachable", question(to))
            }
            (true, 3, 0) | (false, 1, 0) => format!("{speaker} has no route to {to}: network unreachable"),
            (true, 3, 3) | (false, 1, 4) => format!("{to} refused: nothing listens there (port unreachable)"),
            (true, 3, 2) => format!("{to} does not speak this protocol"),
            (true, 3, 4) | (false, 2, _) => {
                format!("{speaker}: it is larger than the next stretch carries ({} octets)", error.ee_info)
            }
            (true, 3, 9 | 10 | 13) | (false, 1, 1 | 5 | 6) => {
                format!("{speaker}: a firewall forbids it (administratively prohibited)")
            }
            _ => format!("{speaker} says: {}", errno.desc()),
        };
        let is_time_exceeded = matches!((is_v4, error.ee_type), (true, 11) | (false, 3));
        Self { from, round_trip: None, plain, is_time_exceeded }
    }

    pub fn after(self, round_trip: Duration) -> Self {
        Self { round_trip: Some(round_trip), ..self }
    }

    pub fn outcome(self, to: IpAddr) -> Outcome {
        // Our own stack's address as the speaker would look as if somebody had answered.
        let answer_from = self.from.filter(|&from| from == to || !is_own(from));
        let round_trip = self.round_trip.filter(|_| answer_from.is_some());
        Outcome { answered: false, round_trip, answer_from, reason: self.plain, hops: Vec::new() }
    }
}

fn question(to: IpAddr) -> &'static str {
    if to.is_ipv4() { "ARP question" } else { "neighbour solicitation" }
}

/// Whether an interface of this thread's namespace has the address.
fn is_own(address: IpAddr) -> bool {
    // Asking the kernel for a socket there is the shortest way to know.
    std::net::UdpSocket::bind((address, 0)).is_ok()
}

/// Has errors that come back kept with their sender.
pub fn keep_errors(socket: &impl AsFd, to: IpAddr) -> io::Result<()> {
    match to {
        IpAddr::V4(_) => setsockopt(socket, Ipv4RecvErr, &true)?,
        IpAddr::V6(_) => setsockopt(socket, Ipv6RecvErr, &true)?,
    }
    Ok(())
}

/// The next kept error that somebody sent, if there is one.
pub fn kept_error(socket: &impl AsRawFd, to: IpAddr) -> Option<Verdict> {
    let mut quoted = [0; 512];
    let mut parts = [IoSliceMut::new(&mut quoted)];
    let mut space = nix::cmsg_space!(libc::sock_extended_err, libc::sockaddr_in6, [u64; 4]);
    let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
    let message = recvmsg::<()>(socket.as_raw_fd(), &mut parts, Some(&mut space), flags).ok()?;
    message.cmsgs().ok()?.find_map(|control| match control {
        ControlMessageOwned::Ipv4RecvErr(error, from) if error.ee_origin == ORIGIN_ICMP => {
            let from = from.map(|from| Ipv4Addr::from(u32::from_be(from.sin_addr.s_addr)).into());
            Some(Verdict::of_message(&error, from, to))
        }
        ControlMessageOwned::Ipv6RecvErr(error, from) if error.ee_origin == ORIGIN_ICMP6 => {
            let from = from.map(|from| Ipv6Addr::from(from.sin6_addr.s6_addr).into());
            Some(Verdict::of_message(&error, from, to))
        }
        ControlMessageOwned::Ipv4RecvErr(error, _) | ControlMessageOwned::Ipv6RecvErr(error, _)
            if error.ee_origin == ORIGIN_LOCAL =>
        {
            Some(Verdict::of_errno(Errno::from_raw(i32::try_from(error.ee_errno).unwrap_or(0)), to))
        }
        _ => None,
    })
}

/// Waits until the socket has something for us, error or not. False: the deadline came first.
pub fn wait(socket: &impl AsFd, events: PollFlags, deadline: Instant) -> io::Result<bool> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        // Rounded up: rounding down would spin for the last millisecond.
        let millis = left.as_millis().saturating_add(1).min(60_000);
        let mut watched = [PollFd::new(socket.as_fd(), events)];
        match poll(&mut watched, PollTimeout::try_from(millis).unwrap_or(PollTimeout::MAX)) {
            Ok(0) | Err(Errno::EINTR) => {}
            Ok(_) => return Ok(true),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether this namespace asked for the address's MAC and got none: flags 0 in /proc/net/arp (proc(5)).
pub fn arp_went_unanswered(to: IpAddr) -> bool {
    let table = std::fs::read_to_string("/proc/thread-self/net/arp").unwrap_or_default();
    let to = to.to_string();
    table.lines().skip(1).any(|line| {
        let mut fields = line.split_whitespace();
        fields.next() == Some(&to) && fields.nth(1) == Some("0x0")
    })
}

/// The protocol number of echo requests.
pub fn icmp_for(to: IpAddr) -> SockProtocol {
    if to.is_ipv4() { SockProtocol::Icmp } else { SockProtocol::IcmpV6 }
}
