//! One ICMP or ICMPv6 echo request and what comes back (RFC 792, RFC 4443).

use std::{
    io,
    net::{IpAddr, SocketAddr, SocketAddrV6},
    os::fd::{AsRawFd, OwnedFd},
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::PollFlags,
    sys::socket::{
        AddressFamily, MsgFlags, SockFlag, SockType, SockaddrStorage, connect, recv, send, setsockopt,
        socket,
        sockopt::{Ipv4Ttl, Ipv6Ttl},
    },
};

use super::verdict::{Verdict, icmp_for, keep_errors, kept_error, wait};

const HEADER: usize = 8;

#[derive(Clone, Copy, Debug)]
pub struct Echo {
    pub to: IpAddr,
    pub sequence: u16,
    pub identifier: u16,
    pub payload_len: u16,
    pub ttl: Option<u8>,
}

pub enum Heard {
    Reply { round_trip: Duration },
    Verdict(Verdict),
    Silence,
}

impl Echo {
    /// Sends the request from the calling thread's namespace and waits for the first thing that is said to it.
    pub fn ask(&self, timeout: Duration) -> io::Result<Heard> {
        let socket = match self.open() {
            Ok(socket) => socket,
            Err(refused) => return self.refused(refused),
        };
        let sent = Instant::now();
        if let Err(refused) = send(socket.as_raw_fd(), &self.request(), MsgFlags::empty()) {
            return self.refused(refused);
        }
        let deadline = sent + timeout;
        let mut buffer = vec![0; usize::from(u16::MAX) + 1];
        while wait(&socket, PollFlags::POLLIN, deadline)? {
            if let Some(verdict) = kept_error(&socket, self.to) {
                return Ok(Heard::Verdict(verdict.after(sent.elapsed())));
            }
            match recv(socket.as_raw_fd(), &mut buffer, MsgFlags::MSG_DONTWAIT) {
                Ok(len) if self.is_answered_by(&buffer[..len]) => {
                    return Ok(Heard::Reply { round_trip: sent.elapsed() });
                }
                // The raw socket hears all ICMP from there, also other people's.
                Ok(_) | Err(Errno::EAGAIN | Errno::EINTR) => {}
                Err(refused) => return self.refused(refused),
            }
        }
        Ok(Heard::Silence)
    }

    /// What is about the network is an answer; what is about us is an error.
    fn refused(&self, errno: Errno) -> io::Result<Heard> {
        if is_about_us(errno) {
            return Err(errno.into());
        }
        Ok(Heard::Verdict(Verdict::of_errno(errno, self.to)))
    }

    /// A socket that sends to the target, and hears of it only.
    pub fn open(&self) -> Result<OwnedFd, Errno> {
        let family = if self.to.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
        let socket = socket(family, SockType::Raw, SockFlag::SOCK_CLOEXEC, icmp_for(self.to))?;
        keep_errors(&socket, self.to)
            .map_err(|error| Errno::from_raw(error.raw_os_error().unwrap_or(libc::EIO)))?;
        if let Some(ttl) = self.ttl {
            match self.to {
                IpAddr::V4(_) => setsockopt(&socket, Ipv4Ttl, &i32::from(ttl))?,
                IpAddr::V6(_) => setsockopt(&socket, Ipv6Ttl, &i32::from(ttl))?,
            }
        }
        // Connected, the kernel gives us errors about this target only.
        connect(socket.as_raw_fd(), &SockaddrStorage::from(with_scope(self.to, 0)))?;
        Ok(socket)
    }

    /// Type, code, checksum, identifier, sequence (RFC 792), then the payload.
    /// For ICMPv6 the kernel fills in the checksum, which covers addresses that only it knows yet.
    pub fn request(&self) -> Vec<u8> {
        let mut bytes = vec![if self.to.is_ipv4() { 8 } else { 128 }, 0, 0, 0];
        bytes.extend(self.identifier.to_be_bytes());
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend((0..self.payload_len).map(|at| (at % 256) as u8));
        if self.to.is_ipv4() {
            let sum = checksum(&bytes);
            bytes[2..4].copy_from_slice(&sum.to_be_bytes());
        }
        bytes
    }

    /// IPv4 raw sockets give the IP header too, IPv6 ones do not (raw(7), ipv6(7)).
    fn is_answered_by(&self, received: &[u8]) -> bool {
        self.answered_sequence(received) == Some(self.sequence)
    }

    /// The number of the request that this answers, if it is one of this identifier.
    pub fn answered_sequence(&self, received: &[u8]) -> Option<u16> {
        let message = match (self.to, received.first()) {
            (IpAddr::V4(_), Some(first)) => received.get(usize::from(first & 0x0f) * 4..),
            (IpAddr::V6(_), _) => Some(received),
            (IpAddr::V4(_), None) => None,
        };
        let header = message?.first_chunk::<HEADER>()?;
        let [kind, 0, _, _, id_high, id_low, sequence_high, sequence_low] = *header else { return None };
        let is_own = kind == if self.to.is_ipv4() { 0 } else { 129 }
            && u16::from_be_bytes([id_high, id_low]) == self.identifier;
        is_own.then(|| u16::from_be_bytes([sequence_high, sequence_low]))
    }
}

/// Whether an error says something about this process rather than about the network.
pub fn is_about_us(errno: Errno) -> bool {
    matches!(errno, Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM | Errno::EPROTONOSUPPORT)
}

/// A link-local address means nothing without an interface: the first one that is not the loopback.
pub fn with_scope(to: IpAddr, port: u16) -> SocketAddr {
    match to {
        IpAddr::V6(address) if address.is_unicast_link_local() => {
            let interfaces = nix::net::if_::if_nameindex().ok();
            let index =
                interfaces.iter().flatten().find(|found| found.name() != c"lo").map(|found| found.index());
            SocketAddrV6::new(address, port, 0, index.unwrap_or(0)).into()
        }
        _ => SocketAddr::new(to, port),
    }
}

/// The Internet checksum (RFC 1071).
fn checksum(bytes: &[u8]) -> u16 {
    let word = |pair: &[u8]| u32::from(pair[0]) << 8 | pair.get(1).copied().map_or(0, u32::from);
    let mut sum: u32 = bytes.chunks(2).map(word).sum();
    while 0xffff < sum {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    // Folded until it fits.
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echo(to: &str) -> Echo {
        let to = to.parse().expect("an address");
        Echo { to, sequence: 3, identifier: 0x1234, payload_len: 57, ttl: None }
    }

    #[test]
    fn a_request_sums_up_to_all_ones() {
        assert_eq!(checksum(&echo("10.0.0.1").request()), 0);
        // The example of RFC 1071, section 3.
        assert_eq!(checksum(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), !0xddf2);
    }

    #[test]
    fn only_ones_own_reply_counts() {
        let (v4, v6) = (echo("10.0.0.1"), echo("fd00::1"));
        let reply =
            |kind: u8, id: u16| [&[kind, 0, 0, 0], &id.to_be_bytes()[..], &3_u16.to_be_bytes()].concat();
        let in_ip = |message: Vec<u8>| [vec![0x45], vec![0; 19], message].concat();
        assert!(v4.is_answered_by(&in_ip(reply(0, 0x1234))));
        assert!(!v4.is_answered_by(&in_ip(reply(8, 0x1234))), "one's own request");
        assert!(!v4.is_answered_by(&in_ip(reply(0, 0x1235))), "another ping");
        assert!(!v4.is_answered_by(&[0x4f; 10]), "cut off");
        assert!(!v4.is_answered_by(&[]));
        assert!(v6.is_answered_by(&reply(129, 0x1234)));
        assert!(!v6.is_answered_by(&reply(128, 0x1234)));
    }
}
