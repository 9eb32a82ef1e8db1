//! Switches off what a network card would do for the stack, so that frames look as in the book:
//! no 64 KB giants, no checksums that are still to be filled in.

use std::{io, os::fd::{AsRawFd, BorrowedFd}};

use crate::InterfaceName;

/// `struct ethtool_value` (linux/ethtool.h).
#[repr(C)]
struct EthtoolValue {
    command: u32,
    data: u32,
}

const ETHTOOL_STXCSUM: u32 = 0x17;
const ETHTOOL_STSO: u32 = 0x1f;
const ETHTOOL_SGSO: u32 = 0x24;
const ETHTOOL_SGRO: u32 = 0x2c;

/// Without transmit checksums there is no segmentation by the card either, so those come first:
/// the later ones then find less to do.
const OFF: [u32; 4] = [ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO];

/// `socket` decides in which namespace the interface is looked for.
pub(super) fn switch_off(socket: BorrowedFd, name: &InterfaceName) -> io::Result<()> {
    for command in OFF {
        match set(socket, name, command) {
            // A device that cannot do it has nothing to switch off.
            Err(error) if error.raw_os_error() == Some(libc::EOPNOTSUPP) => {}
            other => other?,
        }
    }
    Ok(())
}

fn set(socket: BorrowedFd, name: &InterfaceName, command: u32) -> io::Result<()> {
    let mut value = EthtoolValue { command, data: 0 };
    // SAFETY: an all-zero `ifreq` is a valid value of that plain C structure.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    // An interface name has at most 15 bytes, so the closing zero remains.
    for (to, from) in request.ifr_name.iter_mut().zip(name.as_str().bytes()) {
        *to = from as libc::c_char;
    }
    request.ifr_ifru.ifru_data = (&raw mut value).cast();
    // SAFETY: both structures outlive the call, and the kernel writes at most `value`.
    let result = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCETHTOOL as _, &raw mut request) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
