//! What stands in a room, and how much space it takes.

use emath::{Pos2, Rect, Vec2, pos2, vec2};
use topology::{Interface, InterfaceKind, MacAddress, Namespace, NamespaceName, Place};

use super::{
    super::{camera::Camera, sizes::ROOM_WIDTH},
    Lines, RoomPlan,
};

/// The name plate.
pub const PLATE_HEIGHT: f32 = 34.0;
/// Between a room's frame and what is written in it.
pub const ROOM_PAD: f32 = 16.0;
/// A line of [`RoomPlan::addresses`]: large or small.
pub const LARGE_LINE: f32 = 22.0;
pub const SMALL_LINE: f32 = 20.0;
/// A table: its title with the line below it, then its rows.
pub const TABLE_TITLE: f32 = 22.0;
pub const TABLE_ROW: f32 = 19.0;
const ABOVE_ADDRESSES: f32 = 12.0;
const BELOW_ADDRESSES: f32 = 14.0;
const BETWEEN_TABLES: f32 = 9.0;
const BELOW_TABLES: f32 = 13.0;
/// In a room that forwards, what passes through it has a lane of its own below the tables.
const PASSING_LANE: f32 = 26.0;
/// A large line has room for so many monospaced characters.
const LARGE_CHARACTERS: usize = 20;
/// A small one.
const SMALL_CHARACTERS: usize = 30;

/// A room at its place, with all that it holds.
pub(super) fn plan(name: &NamespaceName, namespace: &Namespace, lines: &Lines, at: Pos2) -> RoomPlan {
    let address_lines = addresses(name, namespace);
    let route_rows = routes(namespace);
    let inner = ROOM_WIDTH - 2.0 * ROOM_PAD;
    let left = at.x + ROOM_PAD;
    let mut y = at.y + PLATE_HEIGHT + ABOVE_ADDRESSES;
    let mut take = |height: f32, gap: f32| {
        let rect = Rect::from_min_size(pos2(left, y), vec2(inner, height));
        y += height + gap;
        rect
    };
    let addresses = take(addresses_height(&address_lines), BELOW_ADDRESSES);
    let neighbours = take(table_height(lines.neighbours_of(name)), BETWEEN_TABLES);
    let below = BELOW_TABLES + if forwards(namespace) { PASSING_LANE } else { 0.0 };
    let routes = take(table_height(lines.routes_of(name, namespace)), below);
    let size = vec2(ROOM_WIDTH, (y - at.y).max(super::super::sizes::ROOM_HEIGHT));
    RoomPlan {
        rect: Rect::from_min_size(at, size),
        plate: Rect::from_min_size(at, vec2(ROOM_WIDTH, PLATE_HEIGHT)),
        is_house: false,
        addresses,
        neighbours,
        routes,
        address_lines,
        route_rows,
        forwards: forwards(namespace),
        has_ipv6: has_ipv6(namespace),
    }
}

/// By how much address lines are larger than usual at this zoom, `free` canvas points being between the first one and the
/// room's lower edge: where tables are too small to be read, addresses take their place.
pub fn address_scale(lines: &[(String, bool)], free: f32, zoom: f32) -> f32 {
    if Camera::TABLES <= zoom {
        return 1.0;
    }
    let high = (free - ROOM_PAD) / addresses_height(lines).max(1.0);
    let wide = lines.iter().map(|(text, is_large)| {
        let most = if *is_large { LARGE_CHARACTERS } else { SMALL_CHARACTERS };
        most as f32 / text.chars().count().max(1) as f32
    });
    wide.fold(high, f32::min).min(1.0 / zoom).max(1.0)
}

/// Whether frames may pass through this stack.
pub(super) fn forwards(namespace: &Namespace) -> bool {
    let sysctls = namespace.sysctls;
    sysctls.ipv4_forward == Some(true) || sysctls.ipv6_forward == Some(true)
}

/// The same without its place.
pub(super) fn size(name: &NamespaceName, namespace: &Namespace, lines: &Lines) -> Vec2 {
    plan(name, namespace, lines, Pos2::ZERO).rect.size()
}

/// A house's own tables, one below the other: addresses, neighbours, routes; and all of them.
pub(super) fn house_tables(
    name: &NamespaceName,
    namespace: &Namespace,
    lines: &Lines,
    address_lines: &[(String, bool)],
) -> ([Rect; 3], Rect) {
    let mut y = 0.0;
    let mut take = |height: f32, gap: f32| {
        let rect = Rect::from_min_size(pos2(0.0, y), vec2(HOUSE_TABLES_WIDTH, height));
        y += height + gap;
        rect
    };
    let addresses = take(addresses_height(address_lines), BELOW_ADDRESSES);
    let neighbours = take(table_height(lines.neighbours_of(name)), BETWEEN_TABLES);
    let routes = take(table_height(lines.routes_of(name, namespace)), 0.0);
    ([addresses, neighbours, routes], addresses.union(neighbours).union(routes))
}

/// A little narrower than a switch, so that names of interfaces have space beside them.
const HOUSE_TABLES_WIDTH: f32 = 264.0;

pub(super) fn table_height(rows: usize) -> f32 {
    TABLE_TITLE + TABLE_ROW * rows as f32
}

fn addresses_height(lines: &[(String, bool)]) -> f32 {
    lines.iter().map(|(_, is_large)| if *is_large { LARGE_LINE } else { SMALL_LINE }).sum()
}

/// Below the plate: each address, and the MAC (with several interfaces also the name) that it belongs to.
fn addresses(name: &NamespaceName, namespace: &Namespace) -> Vec<(String, bool)> {
    let with_addresses: Vec<_> = addressed(namespace).collect();
    if with_addresses.is_empty() {
        return vec![("no address".into(), false)];
    }
    let is_alone = with_addresses.len() == 1;
    let mut lines = Vec::new();
    for (interface, found) in with_addresses {
        for address in &found.addresses {
            let text = address.to_string();
            let is_large = text.len() <= LARGE_CHARACTERS;
            lines.push((text, is_large));
        }
        let at = Place::new(name.clone(), interface.clone());
        let mac = found.mac.unwrap_or_else(|| MacAddress::derived_from(&at.to_string()));
        let both = format!("{interface} {mac}");
        lines.push(match is_alone {
            true => (mac.to_string(), false),
            false if both.len() <= SMALL_CHARACTERS => (both, false),
            false => (interface.to_string(), false),
        });
    }
    lines
}

/// A house says in one line each which of its interfaces has which address.
pub(super) fn house_addresses(namespace: &Namespace) -> Vec<(String, bool)> {
    let lines = addressed(namespace).flat_map(|(interface, found)| {
        found.addresses.iter().map(move |address| (format!("{interface}  {address}"), false))
    });
    lines.collect()
}

fn addressed(namespace: &Namespace) -> impl Iterator<Item = (&topology::InterfaceName, &Interface)> {
    let real = namespace.interfaces.iter().filter(|(_, found)| found.kind != InterfaceKind::Loopback);
    real.filter(|(_, found)| !found.addresses.is_empty())
}

/// Whether it speaks IPv6, as far as its addresses show.
pub(super) fn has_ipv6(namespace: &Namespace) -> bool {
    addressed(namespace).any(|(_, found)| found.addresses.iter().any(|address| address.addr().is_ipv6()))
}

/// Where a frame to here leaves by there: default routes first, then the configured ones, then those that the kernel
/// makes for an interface's own network.
pub(super) fn routes(namespace: &Namespace) -> Vec<(String, String)> {
    let mut configured: Vec<_> = namespace.routes.iter().collect();
    configured.sort_by_key(|route| route.to.prefix_len() != 0);
    let mut rows: Vec<(String, String)> = Vec::new();
    for route in configured {
        let to = if route.to.prefix_len() == 0 { "default".into() } else { route.to.to_string() };
        let by = match (&route.via, &route.dev) {
            (Some(via), _) => format!("via {via}"),
            (None, Some(dev)) => dev.to_string(),
            (None, None) => String::new(),
        };
        rows.push((to, by));
    }
    for (interface, found) in addressed(namespace).filter(|(_, found)| found.up) {
        for address in &found.addresses {
            if address.prefix_len() < address.max_prefix_len() {
                rows.push((address.trunc().to_string(), interface.to_string()));
            }
        }
    }
    rows.dedup();
    rows
}

#[cfg(test)]
mod tests {
    use topology::ready;

    use super::*;
    use crate::model::stage::sizes::ROOM_HEIGHT;

    fn namespace(lab: &str, name: &str) -> (NamespaceName, Namespace) {
        let name: NamespaceName = name.parse().expect("a good name");
        let lab = ready::find(lab).expect("a ready lab").lab();
        (name.clone(), lab.namespaces[&name].clone())
    }

    #[test]
    fn a_room_with_a_line_in_each_table_is_just_full() {
        let (name, room) = namespace("two-rooms-and-a-switch", "ns1");
        let plan = plan(&name, &room, &Lines::default(), pos2(48.0, 64.0));
        assert_eq!(plan.rect.size(), vec2(ROOM_WIDTH, ROOM_HEIGHT));
        assert_eq!(plan.routes.bottom() + BELOW_TABLES, plan.rect.bottom());
        assert_eq!(plan.address_lines[0], ("10.10.0.1/24".into(), true));
        assert_eq!(plan.route_rows, [("10.10.0.0/24".into(), "veth-ns1".into())]);
    }

    #[test]
    fn a_router_grows_and_says_which_interface_has_what() {
        let (name, room) = namespace("two-networks-and-a-router", "router");
        let plan = plan(&name, &room, &Lines::default(), Pos2::ZERO);
        assert!(plan.rect.height() > ROOM_HEIGHT);
        let lines: Vec<&str> = plan.address_lines.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0], "10.0.1.1/24");
        assert!(lines[1].starts_with("veth-r1 02:"), "{}", lines[1]);
    }

    #[test]
    fn addresses_fill_a_room_whose_tables_cannot_be_read() {
        let lines =
            |texts: &[(&str, bool)]| texts.iter().map(|(text, large)| (text.to_string(), *large)).collect();
        let usual: Vec<_> = lines(&[("10.10.0.1/24", true), ("02:00:00:00:00:01", false)]);
        assert_eq!(address_scale(&usual, 160.0, 1.0), 1.0);
        assert_eq!(address_scale(&usual, 160.0, 0.5), 20.0 / 12.0);
        let many: Vec<_> = lines(&[("10.10.0.1/24", true); 8]);
        assert_eq!(address_scale(&many, 160.0, 0.5), 1.0, "they have no more room");
        let long: Vec<_> = lines(&[("2001:db8:1:2::1/64", true)]);
        assert_eq!(address_scale(&long, 160.0, 0.5), 20.0 / 18.0);
    }

    #[test]
    fn the_default_route_comes_first() {
        let (_, room) = namespace("two-networks-and-a-router", "left");
        assert_eq!(routes(&room)[0], ("default".into(), "via 10.0.1.1".into()));
    }
}
