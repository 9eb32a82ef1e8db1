//! What a namespace announces of itself: one subscribed netlink socket, of which only matters whether something was said
//! of the lab, or of the tables alone.
//!
//! A change is announced before the system call that made it returns (but for carriers, which come a little later),
//! so that whoever empties the ears first and asks then knows of everything that happened before.

use std::{
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
};

use nix::{
    errno::Errno,
    sys::socket::{
        AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, recv, setsockopt,
        socket, sockopt::RcvBuf,
    },
};

/// Groups of linux/rtnetlink.h; each has the bit of its number less one.
const GROUPS: u32 = group(libc::RTNLGRP_LINK)
    | group(libc::RTNLGRP_NEIGH)
    | group(libc::RTNLGRP_IPV4_IFADDR)
    | group(libc::RTNLGRP_IPV4_ROUTE)
    | group(libc::RTNLGRP_IPV6_IFADDR)
    | group(libc::RTNLGRP_IPV6_ROUTE)
    | group(libc::RTNLGRP_IPV4_NETCONF)
    | group(libc::RTNLGRP_IPV6_NETCONF);

const fn group(number: libc::c_uint) -> u32 {
    1 << (number - 1)
}

/// `struct nlmsghdr`: length, type, flags, number, sender.
const HEADER: usize = 16;
/// Where the state stands in `struct ndmsg` (linux/neighbour.h), counted from the message's beginning.
const NEIGHBOUR_STATE: usize = HEADER + 8;
const LONGEST: usize = 64 * 1024;

/// What an ear heard since it was last emptied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// Something that a look would show differently, perhaps.
    pub(super) change: bool,
    /// Only what stacks and bridges learn by themselves.
    pub(super) tables: bool,
    /// More was said than the socket could hold.
    pub(super) lost: bool,
}

/// A socket that belongs for ever to the namespace it was opened in.
#[derive(Debug)]
pub(super) struct Ear {
    socket: OwnedFd,
    /// Whether neighbours that come and go by themselves matter: one of them may take a permanent one's place.
    pub(super) minds_neighbours: bool,
}

impl Ear {
    /// Opens it in the namespace of the calling thread. `room_for`: how many octets of news may wait, if not as many
    /// as the system gives.
    pub(super) fn open_here(room_for: Option<usize>) -> io::Result<Self> {
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        let socket = socket(AddressFamily::Netlink, SockType::Raw, flags, SockProtocol::NetlinkRoute)?;
        if let Some(octets) = room_for {
            setsockopt(&socket, RcvBuf, &octets)?;
        }
        bind(socket.as_raw_fd(), &NetlinkAddr::new(0, GROUPS))?;
        Ok(Self { socket, minds_neighbours: false })
    }

    /// Takes all that waits.
    pub(super) fn empty(&self, buffer: &mut Buffer) -> Heard {
        let mut heard = Heard::default();
        loop {
            match recv(self.socket.as_raw_fd(), &mut buffer.0, MsgFlags::MSG_DONTWAIT) {
                Ok(length) => self.heed(&buffer.0[..length.min(LONGEST)], &mut heard),
                Err(Errno::EINTR) => {}
                // ENOBUFS: said once for all that was lost; what follows is heard again.
                Err(Errno::ENOBUFS) => heard = Heard { change: true, tables: true, lost: true },
                Err(_) => return heard,
            }
        }
    }

    /// What the messages of a datagram may change.
    fn heed(&self, mut datagram: &[u8], heard: &mut Heard) {
        while let Some((length, kind)) = header(datagram) {
            let message = datagram.get(..length).unwrap_or(datagram);
            let is_of_tables = matches!(kind, libc::RTM_NEWNEIGH | libc::RTM_DELNEIGH);
            heard.tables |= is_of_tables;
            heard.change |= !is_of_tables || self.is_of_lab(message);
            datagram = datagram.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
    }

    /// What stacks and bridges learn by themselves is not of the lab; what a person sets is permanent.
    fn is_of_lab(&self, message: &[u8]) -> bool {
        let is_of_bridge = message.get(HEADER).is_none_or(|family| i32::from(*family) == libc::AF_BRIDGE);
        let state = message.get(NEIGHBOUR_STATE..NEIGHBOUR_STATE + 2);
        let state = state.map_or(0, |bytes| u16::from_ne_bytes([bytes[0], bytes[1]]));
        let is_permanent = state & libc::NUD_PERMANENT != 0;
        !is_of_bridge && (is_permanent || self.minds_neighbours)
    }
}

impl AsFd for Ear {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// Length and type of the first message; `None` where there is none.
fn header(datagram: &[u8]) -> Option<(usize, u16)> {
    let length = u32::from_ne_bytes(datagram.get(..4)?.try_into().ok()?) as usize;
    let kind = u16::from_ne_bytes(datagram.get(4..6)?.try_into().ok()?);
    (HEADER <= length).then_some((length, kind))
}

/// Room for one datagram.
#[derive(Debug)]
pub(super) struct Buffer(Box<[u8]>);

impl Buffer {
    pub(super) fn new() -> Self {
        Self(vec![0; LONGEST].into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, family: i32, state: u16) -> Vec<u8> {
        let mut octets = 28_u32.to_ne_bytes().to_vec();
        octets.extend(kind.to_ne_bytes());
        octets.resize(HEADER, 0);
        octets.push(family as u8);
        octets.resize(NEIGHBOUR_STATE, 0);
        octets.extend(state.to_ne_bytes());
        octets.resize(28, 0);
        octets
    }

    #[test]
    fn what_is_learned_is_news_of_the_tables_alone() {
        let mut ear = Ear::open_here(None).expect("a socket");
        let learned = message(libc::RTM_NEWNEIGH, libc::AF_INET, 2);
        let by_bridge = message(libc::RTM_NEWNEIGH, libc::AF_BRIDGE, 0x80);
        let permanent = message(libc::RTM_NEWNEIGH, libc::AF_INET6, 0x80);
        let link = message(libc::RTM_NEWLINK, 0, 0);
        let heard = |ear: &Ear, said: &[&[u8]]| {
            let mut heard = Heard::default();
            ear.heed(&said.concat(), &mut heard);
            (heard.change, heard.tables)
        };
        assert_eq!(heard(&ear, &[&learned, &by_bridge]), (false, true));
        assert_eq!(heard(&ear, &[&learned, &permanent]), (true, true));
        assert_eq!(heard(&ear, &[&by_bridge, &link]), (true, true));
        assert_eq!(heard(&ear, &[&link]), (true, false));
        ear.minds_neighbours = true;
        assert_eq!([heard(&ear, &[&learned]), heard(&ear, &[&by_bridge])], [(true, true), (false, true)]);
        for torn in [&learned[..3], &learned[..20], &[0; 40]] {
            heard(&ear, &[torn]);
        }
    }
}
