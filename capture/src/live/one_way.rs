//! A filter that lets a socket see one direction only.
//!
//! It is attached here and not by libpcap: libpcap (1.10) runs a new filter itself over the blocks that were in use
//! when it was set, and cannot know the packet type there, so that a filter `inbound` or `outbound` silently
//! swallows whatever comes in the first milliseconds.

use std::{
    io,
    os::fd::{AsFd, AsRawFd},
};

use nix::libc;

use crate::Direction;

/// PACKET_OUTGOING of linux/if_packet.h: what the interface sends, as opposed to what it receives.
const OUTGOING: u32 = 4;

/// Where a filter finds the packet type: SKF_AD_OFF + SKF_AD_PKTTYPE of linux/filter.h.
const PACKET_TYPE: u32 = (-0x1000_i32 + 4).cast_unsigned();

/// Instruction codes of classic BPF (kernel document networking/filter).
const LOAD_BYTE: u16 = 0x30;
const JUMP_IF_EQUAL: u16 = 0x15;
const RETURN: u16 = 0x06;

/// From now on the socket gets frames of this direction only, and at most `snap_length` octets of each.
pub(super) fn attach(socket: &impl AsFd, direction: Direction, snap_length: u32) -> io::Result<()> {
    let mut program = program(direction, snap_length);
    let filter = libc::sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() };
    // SAFETY: the kernel copies the program, which lives until the call returns, and writes nowhere.
    let result = unsafe {
        libc::setsockopt(
            socket.as_fd().as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_ATTACH_FILTER,
            (&raw const filter).cast(),
            size_of::<libc::sock_fprog>() as libc::socklen_t,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn program(direction: Direction, snap_length: u32) -> [libc::sock_filter; 4] {
    let (if_outgoing, otherwise) = match direction {
        Direction::Out => (0, 1),
        Direction::In | Direction::Unknown => (1, 0),
    };
    [
        libc::sock_filter { code: LOAD_BYTE, jt: 0, jf: 0, k: PACKET_TYPE },
        libc::sock_filter { code: JUMP_IF_EQUAL, jt: if_outgoing, jf: otherwise, k: OUTGOING },
        libc::sock_filter { code: RETURN, jt: 0, jf: 0, k: snap_length },
        libc::sock_filter { code: RETURN, jt: 0, jf: 0, k: 0 },
    ]
}
