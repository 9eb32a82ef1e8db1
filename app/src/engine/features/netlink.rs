//! The few netlink messages that trying things out needs (netlink(7), rtnetlink(7)).
//! Building labs goes through `topology::kernel`; here only the kernel's yes or no counts.

use std::{
    io,
    os::fd::{AsRawFd, FromRawFd, OwnedFd},
};

// linux/if_link.h, linux/if_bridge.h, linux/pkt_sched.h, linux/netfilter/nf_tables.h
pub const IFLA_BR_VLAN_FILTERING: u16 = 7;
const IFLA_VLAN_ID: u16 = 1;
const NFT_MSG_GETGEN: u16 = 16;
const NESTED: u16 = libc::NLA_F_NESTED as u16;

/// Attributes, each padded to four octets.
#[derive(Clone, Default)]
pub struct Attributes(Vec<u8>);

impl Attributes {
    pub fn new() -> Self {
        Self::default()
    }

    fn with(mut self, kind: u16, value: &[u8]) -> Self {
        // Names and small structures: nothing here comes near 64 KiB.
        let len = (4 + value.len()) as u16;
        self.0.extend(len.to_ne_bytes());
        self.0.extend(kind.to_ne_bytes());
        self.0.extend(value);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        self
    }

    pub fn byte(self, kind: u16, value: u8) -> Self {
        self.with(kind, &[value])
    }

    fn text(self, kind: u16, value: &str) -> Self {
        self.with(kind, &[value.as_bytes(), &[0]].concat())
    }

    fn nested(self, kind: u16, inner: &Self) -> Self {
        self.with(kind | NESTED, &inner.0)
    }
}

/// A route netlink socket of the namespace in which it was opened.
pub struct Rtnetlink(OwnedFd);

impl Rtnetlink {
    pub fn open() -> io::Result<Self> {
        open(libc::NETLINK_ROUTE).map(Self)
    }

    /// Makes an interface, down.
    pub fn add_link(&mut self, name: &str, kind: &str, data: Option<Attributes>) -> io::Result<()> {
        self.add(name, kind, data, Attributes::new())
    }

    pub fn add_vlan(&mut self, name: &str, below: &str, id: u16) -> io::Result<()> {
        let data = Attributes::new().with(IFLA_VLAN_ID, &id.to_ne_bytes());
        let below = Attributes::new().with(libc::IFLA_LINK, &index_of(below)?.to_ne_bytes());
        self.add(name, "vlan", Some(data), below)
    }

    fn add(&mut self, name: &str, kind: &str, data: Option<Attributes>, more: Attributes) -> io::Result<()> {
        let mut info = Attributes::new().text(libc::IFLA_INFO_KIND, kind);
        if let Some(data) = data {
            info = info.nested(libc::IFLA_INFO_DATA, &data);
        }
        // struct ifinfomsg, all zeros.
        let mut body = vec![0; 16];
        body.extend(more.text(libc::IFLA_IFNAME, name).nested(libc::IFLA_LINKINFO, &info).0);
        ask(&self.0, libc::RTM_NEWLINK, (libc::NLM_F_CREATE | libc::NLM_F_EXCL) as u16, &body)
    }

    /// Puts a netem queue without any effect on an interface.
    pub fn add_netem(&mut self, on: &str) -> io::Result<()> {
        // struct tcmsg: family and padding, index, handle, parent, info.
        let mut body = vec![0; 4];
        body.extend(index_of(on)?.to_ne_bytes());
        body.extend(0_u32.to_ne_bytes());
        body.extend(u32::MAX.to_ne_bytes());
        body.extend(0_u32.to_ne_bytes());
        // struct tc_netem_qopt: latency, limit, loss, gap, duplicate, jitter.
        let options: Vec<u8> =
            [0_u32, 1000, 0, 0, 0, 0].iter().flat_map(|number| number.to_ne_bytes()).collect();
        let attributes = Attributes::new().text(libc::TCA_KIND, "netem").with(libc::TCA_OPTIONS, &options);
        body.extend(attributes.0);
        ask(&self.0, libc::RTM_NEWQDISC, (libc::NLM_F_CREATE | libc::NLM_F_EXCL) as u16, &body)
    }
}

/// Asks nf_tables for its generation, which only a kernel with nf_tables knows.
pub fn ask_nf_tables() -> io::Result<()> {
    let socket = open(libc::NETLINK_NETFILTER)?;
    let kind = (libc::NFNL_SUBSYS_NFTABLES as u16) << 8 | NFT_MSG_GETGEN;
    // struct nfgenmsg: family, version, resource.
    ask(&socket, kind, 0, &[0, 0, 0, 0])
}

fn index_of(interface: &str) -> io::Result<i32> {
    let index = nix::net::if_::if_nametoindex(interface)?;
    i32::try_from(index).map_err(io::Error::other)
}

fn open(family: i32) -> io::Result<OwnedFd> {
    // SAFETY: the call takes three numbers and gives a descriptor or an error.
    let fd = unsafe { libc::socket(libc::AF_NETLINK, libc::SOCK_RAW | libc::SOCK_CLOEXEC, family) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel just made it for us.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Sends one request and waits for the kernel's yes or no; requests are carried out while they are sent.
fn ask(socket: &OwnedFd, kind: u16, flags: u16, body: &[u8]) -> io::Result<()> {
    let flags = flags | (libc::NLM_F_REQUEST | libc::NLM_F_ACK) as u16;
    let mut message = ((16 + body.len()) as u32).to_ne_bytes().to_vec();
    message.extend(kind.to_ne_bytes());
    message.extend(flags.to_ne_bytes());
    message.extend([0; 8]);
    message.extend(body);
    nix::sys::socket::send(socket.as_raw_fd(), &message, nix::sys::socket::MsgFlags::empty())?;
    let mut answer = [0; 8192];
    loop {
        let len =
            nix::sys::socket::recv(socket.as_raw_fd(), &mut answer, nix::sys::socket::MsgFlags::empty())?;
        let mut rest = &answer[..len];
        while let Some((header, _)) = rest.split_first_chunk::<16>() {
            let size = u32::from_ne_bytes([header[0], header[1], header[2], header[3]]) as usize;
            if u16::from_ne_bytes([header[4], header[5]]) == libc::NLMSG_ERROR as u16 {
                let code =
                    rest.get(16..20).and_then(|code| code.try_into().ok()).map_or(0, i32::from_ne_bytes);
                return if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(-code)) };
            }
            rest = rest.get(size.max(16).next_multiple_of(4)..).unwrap_or_default();
        }
    }
}
