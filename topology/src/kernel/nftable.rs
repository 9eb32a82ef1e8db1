//! Whether a namespace has our nftables table: one question over netlink, far cheaper than the `nft` tool.

use std::{io, os::fd::AsRawFd};

use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, socket};

/// linux/netfilter/nfnetlink.h and nf_tables.h.
const NFNL_SUBSYS_NFTABLES: u16 = 10;
const NFT_MSG_GETTABLE: u16 = 1;
const NFTA_TABLE_NAME: u16 = 1;
const NFPROTO_INET: u8 = 1;
const NLM_F_REQUEST: u16 = 1;
const NLMSG_ERROR: u16 = 2;

const NAME: &[u8; 9] = b"hopscope\0";

/// Must run on a thread inside the namespace.
pub(super) fn exists_here() -> io::Result<bool> {
    let socket =
        socket(AddressFamily::Netlink, SockType::Raw, SockFlag::SOCK_CLOEXEC, SockProtocol::NetlinkNetFilter);
    let socket = match socket {
        Ok(socket) => socket,
        Err(nix::errno::Errno::EPROTONOSUPPORT) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    // A netlink request is carried out inside `send`, so its answer is there when `send` returns.
    send(socket.as_raw_fd(), &question(), MsgFlags::empty())?;
    let mut answer = [0_u8; 1024];
    let length = recv(socket.as_raw_fd(), &mut answer, MsgFlags::MSG_DONTWAIT)?;
    reading(&answer[..length])
}

/// `nlmsghdr`, `nfgenmsg`, one attribute.
fn question() -> Vec<u8> {
    let attribute_length = 4 + NAME.len() as u16;
    let mut message = vec![0; 4];
    message.extend((NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETTABLE).to_ne_bytes());
    message.extend(NLM_F_REQUEST.to_ne_bytes());
    message.extend([0; 8]);
    message.extend([NFPROTO_INET, 0, 0, 0]);
    message.extend(attribute_length.to_ne_bytes());
    message.extend(NFTA_TABLE_NAME.to_ne_bytes());
    message.extend(NAME);
    message.resize(message.len().next_multiple_of(4), 0);
    let length = message.len() as u32;
    message[..4].copy_from_slice(&length.to_ne_bytes());
    message
}

fn reading(answer: &[u8]) -> io::Result<bool> {
    let torn = || io::Error::other("the kernel gave a torn answer about nftables");
    let kind =
        answer.get(4..6).and_then(|bytes| bytes.try_into().ok()).map(u16::from_ne_bytes).ok_or_else(torn)?;
    if kind != NLMSG_ERROR {
        return Ok(true);
    }
    let code = answer
        .get(16..20)
        .and_then(|bytes| bytes.try_into().ok())
        .map(i32::from_ne_bytes)
        .ok_or_else(torn)?;
    match -code {
        // No such table; no nftables in this kernel (EINVAL, EOPNOTSUPP from nfnetlink).
        libc::ENOENT | libc::EINVAL | libc::EOPNOTSUPP | libc::EPROTONOSUPPORT => Ok(false),
        errno => Err(io::Error::from_raw_os_error(errno)),
    }
}
