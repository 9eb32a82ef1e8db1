//! What one sighting teaches a bridge or a stack.

use std::net::{IpAddr, Ipv6Addr};

use topology::{InterfaceName, Lab, MacAddress, NamespaceName, Place};

use super::{
    bridge::Station,
    neighbours::{Belief, Heard, Told},
    roles::{Port, Role},
};
use crate::{
    Direction, Sighting,
    fate::addresses,
    glance::{Arp, Carries, Datagram, Glance, ICMPV6, ipv6_at},
    wiring::mac_of,
};

pub enum Lesson<'a> {
    Station { bridge: &'a Place, mac: MacAddress, vlan: u16, port: &'a InterfaceName },
    Neighbour { namespace: &'a NamespaceName, address: IpAddr, on: &'a InterfaceName, heard: Heard },
}

/// `goes_on`: whether the frame was seen again after this sighting.
pub fn lesson<'a>(
    role: &'a Role,
    lab: &Lab,
    sighting: &Sighting,
    goes_on: impl Fn() -> bool,
) -> Option<Lesson<'a>> {
    let glance = Glance::at(&sighting.frame.bytes)?;
    match (role, sighting.frame.direction) {
        (Role::Port(port), Direction::In) => {
            let (mac, vlan) = station(port, &glance, goes_on)?;
            Some(Lesson::Station { bridge: &port.bridge, mac, vlan, port: &port.at.interface })
        }
        (Role::Port(_), _) | (_, Direction::Unknown) => None,
        (Role::Stack { at, namespace, mac }, direction) => {
            let here = Here { lab, at, namespace, mac: *mac };
            let bytes = &sighting.frame.bytes;
            let (address, heard) = match (&glance.carries, direction) {
                _ if at.interface.is_loopback() => None,
                (Carries::Arp(arp), Direction::Out) => here.asks(&glance, arp),
                (Carries::Arp(arp), _) => here.hears(&glance, arp),
                (Carries::Ip(datagram), Direction::Out) => here.solicits(&glance, datagram, bytes),
                (Carries::Ip(datagram), _) => here.is_advertised_to(&glance, datagram, bytes),
                (Carries::Other, _) => None,
            }?;
            Some(Lesson::Neighbour { namespace, address, on: &at.interface, heard })
        }
    }
}

/// Whom a bridge learns from a frame that came in at this port, and in which VLAN.
fn station(port: &Port, glance: &Glance, goes_on: impl Fn() -> bool) -> Option<Station> {
    let mac = glance.source;
    if mac.is_group() || mac == MacAddress::default() || port.own.contains(&mac) {
        return None;
    }
    // A port that STP blocks learns nothing, nor does a bridge that is down (`br_handle_frame`), and nothing goes on.
    if (port.settings.stp || !port.bridge_is_up) && !goes_on() {
        return None;
    }
    if !port.settings.vlan_filtering {
        return Some((mac, 0));
    }
    let tag = glance.vlan.filter(|vlan| *vlan != 0);
    let belongs = |vlan: u16| port.vlans.iter().any(|member| member.id == vlan);
    match tag {
        Some(vlan) => belongs(vlan).then_some((mac, vlan)),
        None => port.vlans.iter().find(|vlan| vlan.pvid).map(|vlan| (mac, vlan.id)),
    }
}

/// The stack behind one tap.
struct Here<'a> {
    lab: &'a Lab,
    at: &'a Place,
    namespace: &'a NamespaceName,
    mac: MacAddress,
}

impl Here<'_> {
    fn has(&self, address: IpAddr) -> bool {
        addresses::is_held(self.lab, self.namespace, address)
    }

    fn takes(&self, glance: &Glance) -> bool {
        glance.destination.is_group() || glance.destination == self.mac
    }

    fn asks(&self, glance: &Glance, arp: &Arp) -> Option<(IpAddr, Heard)> {
        // Announcements and probes (RFC 5227) ask for nobody.
        let is_question = arp.operation == 1 && arp.sender != arp.target && !arp.sender.is_unspecified();
        let to = glance.destination;
        let heard = if to.is_group() { Heard::Asked } else { Heard::Checked(to) };
        (is_question && !self.has(arp.target.into())).then_some((arp.target.into(), heard))
    }

    /// `arp_process` (net/ipv4/arp.c).
    fn hears(&self, glance: &Glance, arp: &Arp) -> Option<(IpAddr, Heard)> {
        let is_sound = matches!(arp.operation, 1 | 2) && !arp.sender.is_unspecified();
        if !is_sound || !self.takes(glance) || self.has(arp.sender.into()) {
            return None;
        }
        let announces = arp.sender == arp.target;
        let is_for_me = self.has(arp.target.into());
        let asks_me = arp.operation == 1 && is_for_me;
        let answers_me = arp.operation == 2 && is_for_me && !glance.destination.is_group();
        let told = Told {
            mac: Some(arp.sender_mac),
            // An answer also makes an entry where the question was not seen.
            creates: asks_me || answers_me,
            overrides: if asks_me || announces { Belief::AtOnce } else { Belief::AfterLock },
            revives: true,
        };
        Some((arp.sender.into(), Heard::Told(told)))
    }

    fn solicits(&self, glance: &Glance, datagram: &Datagram, bytes: &[u8]) -> Option<(IpAddr, Heard)> {
        let message = Message::of(datagram, bytes).filter(|message| message.kind == SOLICITATION)?;
        let target = message.target()?;
        let to = glance.destination;
        let heard = if to.is_group() { Heard::Asked } else { Heard::Checked(to) };
        let is_question = !datagram.source.is_unspecified() && !self.has(target.into());
        is_question.then_some((target.into(), heard))
    }

    /// `ndisc_rcv` (net/ipv6/ndisc.c).
    fn is_advertised_to(
        &self,
        glance: &Glance,
        datagram: &Datagram,
        bytes: &[u8],
    ) -> Option<(IpAddr, Heard)> {
        let message = Message::of(datagram, bytes).filter(|_| self.takes(glance))?;
        let sysctls = &self.lab.namespaces.get(self.namespace)?.sysctls;
        let source = datagram.source;
        let (address, told) = match message.kind {
            SOLICITATION => {
                let is_for_me = self.has_on_this_interface(message.target()?);
                (is_for_me && !source.is_unspecified())
                    .then(|| Some((source, asserted(message.option(24, 1)?))))?
            }
            ADVERTISEMENT => {
                let flags = *message.bytes.get(4)?;
                let solicited = flags & 0x40 != 0;
                let target = message.target()?;
                let told = Told {
                    mac: message.option(24, 2),
                    creates: solicited && !datagram.destination.is_multicast(),
                    overrides: if flags & 0x20 != 0 { Belief::AtOnce } else { Belief::Never },
                    revives: false,
                };
                (told.mac.is_some() || solicited).then_some((IpAddr::V6(target), told))
            }
            ROUTER_SOLICITATION if sysctls.ipv6_forward == Some(true) && !source.is_unspecified() => {
                message.option(8, 1).map(|mac| (source, asserted(mac)))
            }
            ROUTER_ADVERTISEMENT if sysctls.ipv6_forward != Some(true) => {
                message.option(16, 1).map(|mac| (source, asserted(mac)))
            }
            _ => None,
        }?;
        let is_off = sysctls.disable_ipv6 == Some(true);
        (!is_off && !self.has(address)).then_some((address, Heard::Told(told)))
    }

    /// Unlike ARP, IPv6 answers only for addresses of the very interface.
    fn has_on_this_interface(&self, address: Ipv6Addr) -> bool {
        let Some(interface) = self.lab.interface(self.at) else { return false };
        address == addresses::link_local(mac_of(self.at, interface))
            || interface.addresses.iter().any(|held| held.addr() == address)
    }
}

/// Who speaks says where itself is.
fn asserted(mac: MacAddress) -> Told {
    Told { mac: Some(mac), creates: true, overrides: Belief::AtOnce, revives: true }
}

const ROUTER_SOLICITATION: u8 = 133;
const ROUTER_ADVERTISEMENT: u8 = 134;
const SOLICITATION: u8 = 135;
const ADVERTISEMENT: u8 = 136;

/// A message of neighbour discovery (RFC 4861, 4).
struct Message<'a> {
    kind: u8,
    bytes: &'a [u8],
}

impl<'a> Message<'a> {
    fn of(datagram: &Datagram, bytes: &'a [u8]) -> Option<Self> {
        // A hop limit below 255 means that it came through a router, so that it is not to be believed.
        let is_near = datagram.protocol == ICMPV6 && datagram.ttl == 255 && !datagram.fragment.is_fragment();
        let bytes = datagram.payload(bytes);
        let kind = *bytes.first().filter(|_| is_near)?;
        (ROUTER_SOLICITATION..=ADVERTISEMENT).contains(&kind).then_some(Self { kind, bytes })
    }

    fn target(&self) -> Option<Ipv6Addr> {
        ipv6_at(self.bytes, 8).filter(|target| !target.is_multicast())
    }

    /// The MAC in the first option of this kind; options begin at `at`.
    fn option(&self, at: usize, kind: u8) -> Option<MacAddress> {
        let mut rest = self.bytes.get(at..)?;
        while let [found, eights, value @ ..] = rest {
            let length = usize::from(*eights) * 8;
            if *found == kind && length == 8 {
                return value.get(..6)?.try_into().ok().map(MacAddress);
            }
            // A length of nothing would never end (RFC 4861, 4.6).
            rest = rest.get(length..).filter(|_| 0 < length)?;
        }
        None
    }
}
