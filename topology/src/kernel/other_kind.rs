//! Interfaces of other kinds as rtnetlink knows them.

use rtnetlink::packet_route::link::{InfoKind, LinkInfo};

use crate::OtherKind;

/// `is_ethernet` tells a tap from a tun, which share their name.
pub(super) fn of(infos: &[LinkInfo], is_ethernet: bool) -> OtherKind {
    let kind = infos.iter().find_map(|info| match info {
        LinkInfo::Kind(kind) => Some(kind),
        _ => None,
    });
    match kind {
        Some(InfoKind::Dummy) => OtherKind::Dummy,
        Some(InfoKind::Vlan) => OtherKind::Vlan,
        Some(InfoKind::Vxlan) => OtherKind::Vxlan,
        Some(InfoKind::MacVlan) => OtherKind::Macvlan,
        Some(InfoKind::MacVtap | InfoKind::IpVtap) => OtherKind::Macvtap,
        Some(InfoKind::IpVlan) => OtherKind::Ipvlan,
        Some(InfoKind::Tun) if is_ethernet => OtherKind::Tap,
        Some(InfoKind::Tun) => OtherKind::Tun,
        Some(InfoKind::Bond) => OtherKind::Bond,
        Some(InfoKind::Team) => OtherKind::Team,
        Some(InfoKind::Vrf) => OtherKind::Vrf,
        Some(InfoKind::Wireguard) => OtherKind::Wireguard,
        Some(InfoKind::Ifb) => OtherKind::Ifb,
        Some(kind) if is_tunnel(kind) => OtherKind::Tunnel,
        _ => OtherKind::Unknown,
    }
}

fn is_tunnel(kind: &InfoKind) -> bool {
    let ip_in_ip = matches!(
        kind,
        InfoKind::IpIp
            | InfoKind::Ip6Tnl
            | InfoKind::SitTun
            | InfoKind::Vti
            | InfoKind::Vti6
            | InfoKind::Xfrm
            | InfoKind::BareUdp
    );
    let gre = matches!(
        kind,
        InfoKind::GreTap
            | InfoKind::GreTap6
            | InfoKind::GreTun
            | InfoKind::GreTun6
            | InfoKind::ErSpan
            | InfoKind::Ip6ErSpan
            | InfoKind::Geneve
    );
    ip_in_ip || gre
}

/// What the kernel puts into each namespace by itself once a tunnel's module is loaded (`fb_tunnels_only_for_init_net`
/// in the kernel's Documentation/admin-guide/sysctl/net.rst); nobody made them, and nobody can remove them.
const FALLBACKS: [&str; 9] =
    ["tunl0", "gre0", "gretap0", "erspan0", "sit0", "ip6tnl0", "ip6gre0", "ip_vti0", "ip6_vti0"];

/// Whether it is such a fallback, and nobody uses it.
pub(super) fn is_idle_fallback(kind: OtherKind, name: &str, up: bool) -> bool {
    kind == OtherKind::Tunnel && !up && FALLBACKS.contains(&name)
}

/// Of a kind that needs no more than a name.
pub(super) fn to_be_made(kind: OtherKind) -> Option<InfoKind> {
    match kind {
        OtherKind::Dummy => Some(InfoKind::Dummy),
        OtherKind::Ifb => Some(InfoKind::Ifb),
        OtherKind::Bond => Some(InfoKind::Bond),
        OtherKind::Wireguard => Some(InfoKind::Wireguard),
        _ => None,
    }
}
