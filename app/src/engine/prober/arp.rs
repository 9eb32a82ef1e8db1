//! One ARP question and its answer (RFC 826), past the kernel's own neighbour table.

use std::{
    io,
    net::Ipv4Addr,
    os::fd::{AsRawFd, FromRawFd, OwnedFd},
    time::{Duration, Instant},
};

use ipnet::Ipv4Net;
use nix::{
    errno::Errno,
    ifaddrs::getifaddrs,
    poll::PollFlags,
    sys::socket::{MsgFlags, recv, send},
};
use topology::InterfaceName;

use super::verdict::wait;
use crate::engine::protocol::Outcome;

const BROADCAST: [u8; 6] = [0xff; 6];
/// Ethernet, IPv4, lengths 6 and 4: what every ARP message on Ethernet begins with.
const BEGIN: [u8; 6] = [0, 1, 8, 0, 6, 4];
const REQUEST: [u8; 2] = [0, 1];
const REPLY: [u8; 2] = [0, 2];

/// Asks on the interface of the calling thread's namespace.
pub fn ask(to: Ipv4Addr, on: &InterfaceName, timeout: Duration) -> io::Result<Outcome> {
    let Some(asker) = Asker::on(on, to)? else {
        return Ok(Outcome { reason: format!("there is no interface {on} to ask on"), ..Outcome::default() });
    };
    let socket = asker.open()?;
    let sent = Instant::now();
    match send(socket.as_raw_fd(), &asker.question(to), MsgFlags::empty()) {
        Ok(_) => {}
        Err(Errno::ENETDOWN | Errno::ENXIO) => {
            return Ok(Outcome { reason: format!("the interface {on} is down"), ..Outcome::default() });
        }
        Err(error) => return Err(error.into()),
    }
    let mut buffer = [0; 128];
    while wait(&socket, PollFlags::POLLIN, sent + timeout)? {
        match recv(socket.as_raw_fd(), &mut buffer, MsgFlags::MSG_DONTWAIT) {
            Ok(len) => {
                if let Some(mac) = answer_in(&buffer[..len], to) {
                    return Ok(Outcome {
                        answered: true,
                        round_trip: Some(sent.elapsed()),
                        answer_from: Some(to.into()),
                        reason: format!("{to} is at {}", topology::MacAddress(mac)),
                        hops: Vec::new(),
                    });
                }
            }
            Err(Errno::EAGAIN | Errno::EINTR) => {}
            Err(Errno::ENETDOWN) => {
                return Ok(Outcome { reason: format!("the interface {on} went down"), ..Outcome::default() });
            }
            Err(error) => return Err(error.into()),
        }
    }
    let reason = format!("{to} did not answer the ARP question on {on} within {timeout:?}");
    Ok(Outcome { reason, ..Outcome::default() })
}

/// Who asks.
struct Asker {
    index: i32,
    mac: [u8; 6],
    /// 0.0.0.0 where the interface has none: then it is a probe in the sense of RFC 5227.
    address: Ipv4Addr,
}

impl Asker {
    /// Asks with the address that shares a network with `to`, else with any.
    fn on(interface: &InterfaceName, to: Ipv4Addr) -> io::Result<Option<Self>> {
        let (mut hardware, mut addresses) = (None, Vec::new());
        for found in getifaddrs()?.filter(|found| found.interface_name == interface.as_str()) {
            let Some(address) = found.address else { continue };
            if let Some(link) = address.as_link_addr() {
                hardware = link.addr().and_then(|mac| Some((i32::try_from(link.ifindex()).ok()?, mac)));
            }
            if let Some(address) = address.as_sockaddr_in() {
                let mask = found.netmask.as_ref().and_then(|mask| Some(mask.as_sockaddr_in()?.ip()));
                let shares = mask
                    .and_then(|mask| Ipv4Net::with_netmask(address.ip(), mask).ok())
                    .is_some_and(|net| net.contains(&to));
                addresses.push((!shares, address.ip()));
            }
        }
        addresses.sort();
        let address = addresses.first().map_or(Ipv4Addr::UNSPECIFIED, |&(_, address)| address);
        Ok(hardware.map(|(index, mac)| Self { index, mac, address }))
    }

    /// A packet socket that hears ARP on this interface only (packet(7)).
    fn open(&self) -> io::Result<OwnedFd> {
        let protocol = (libc::ETH_P_ARP as u16).to_be();
        let kind = libc::SOCK_RAW | libc::SOCK_CLOEXEC;
        // Protocol 0: it hears nothing before it is bound to its interface.
        // SAFETY: the call takes three numbers and gives a descriptor or an error.
        let fd = unsafe { libc::socket(libc::AF_PACKET, kind, 0) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel just made it for us.
        let socket = unsafe { OwnedFd::from_raw_fd(fd) };
        // SAFETY: all zeros is a valid value of this plain C structure.
        let mut address: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
        address.sll_family = libc::AF_PACKET as u16;
        address.sll_protocol = protocol;
        address.sll_ifindex = self.index;
        let len = size_of::<libc::sockaddr_ll>() as libc::socklen_t;
        // SAFETY: `address` is a whole `sockaddr_ll` of length `len`, and outlives the call.
        if unsafe { libc::bind(fd, (&raw const address).cast(), len) } < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(socket)
    }

    /// Ethernet header, then RFC 826's fields in their order.
    fn question(&self, to: Ipv4Addr) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(42);
        bytes.extend(BROADCAST);
        bytes.extend(self.mac);
        bytes.extend([0x08, 0x06]);
        bytes.extend(BEGIN);
        bytes.extend(REQUEST);
        bytes.extend(self.mac);
        bytes.extend(self.address.octets());
        bytes.extend([0; 6]);
        bytes.extend(to.octets());
        bytes
    }
}

/// The MAC in a frame, if it is an answer about `of`.
fn answer_in(frame: &[u8], of: Ipv4Addr) -> Option<[u8; 6]> {
    let arp = frame.get(14..)?;
    let is_answer = arp.get(..6)? == BEGIN && arp.get(6..8)? == REPLY && arp.get(14..18)? == of.octets();
    if is_answer { arp.get(8..14)?.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_from_questions_and_from_other_answers() {
        let asker = Asker { index: 2, mac: [2, 0, 0, 0, 0, 1], address: Ipv4Addr::new(10, 0, 0, 1) };
        let mut frame = asker.question(Ipv4Addr::new(10, 0, 0, 2));
        assert_eq!(frame.len(), 42);
        assert_eq!(answer_in(&frame, asker.address), None, "a question");
        frame[20..22].copy_from_slice(&REPLY);
        assert_eq!(answer_in(&frame, asker.address), Some(asker.mac));
        assert_eq!(answer_in(&frame, Ipv4Addr::new(10, 0, 0, 9)), None, "about somebody else");
        assert_eq!(answer_in(&frame[..30], asker.address), None, "cut off");
    }
}
