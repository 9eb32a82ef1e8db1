//! The lab file's own shape, version 1: texts are still unchecked, and know where they stand.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error};
use serde_spanned::Spanned;

pub(super) type Text = Spanned<String>;
/// Two of a kind. (Of an array, serde's own reading of `[T; 2]` lets go what is more.)
#[derive(Debug)]
pub(super) struct Pair<T>(pub [T; 2]);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pair<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Vec::<T>::deserialize(deserializer)?;
        let pair = all.try_into();
        let words =
            |all: Vec<T>| format!("a list of two entries belongs here, and this one has {}", all.len());
        pair.map(Self).map_err(|all| D::Error::custom(words(all)))
    }
}

/// By name; a name is unchecked too.
pub(super) type Named<T> = BTreeMap<Text, T>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Read and checked before; see `version`.
    #[serde(rename = "hopscope")]
    pub _version: i64,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub about: String,
    #[serde(default, rename = "try")]
    pub try_this: String,
    #[serde(default)]
    pub pings: Vec<Pair<Text>>,
    #[serde(default)]
    pub namespaces: Named<Namespace>,
    #[serde(default)]
    pub cables: Vec<Cable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cable {
    pub ends: Pair<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Namespace {
    pub position: Option<Pair<i32>>,
    pub ip_forward: Option<bool>,
    pub ipv6_forward: Option<bool>,
    pub rp_filter: Option<Spanned<i64>>,
    pub disable_ipv6: Option<bool>,
    pub routes: Vec<Spanned<Route>>,
    pub interfaces: Named<Interface>,
    pub bridges: Named<Bridge>,
    pub firewall: Firewall,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Interface {
    /// What it is where it is no cable's end: a word of [`crate::OtherKind`].
    pub kind: Option<Text>,
    pub mac: Option<Text>,
    pub mtu: Option<u32>,
    pub up: Option<bool>,
    pub addresses: Vec<Text>,
    pub neighbours: Vec<Spanned<Neighbour>>,
    pub vlans: Vec<Spanned<Vlan>>,
}

/// An interface and what only a bridge has. (Serde cannot flatten and deny unknown fields at once.)
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Bridge {
    pub ports: Vec<Text>,
    pub position: Option<Pair<i32>>,
    pub stp: Option<bool>,
    pub forward_delay: Option<u32>,
    pub ageing: Option<u32>,
    pub priority: Option<u16>,
    pub vlan_filtering: Option<bool>,
    pub mac: Option<Text>,
    pub mtu: Option<u32>,
    pub up: Option<bool>,
    pub addresses: Vec<Text>,
    pub neighbours: Vec<Spanned<Neighbour>>,
    pub vlans: Vec<Spanned<Vlan>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Neighbour {
    pub address: Text,
    pub mac: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vlan {
    pub id: u16,
    #[serde(default)]
    pub pvid: bool,
    #[serde(default)]
    pub untagged: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Route {
    pub to: Text,
    pub via: Option<Text>,
    pub dev: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Firewall {
    pub masquerade: Vec<Text>,
    pub rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub hook: Text,
    pub protocol: Option<Text>,
    pub from: Option<Text>,
    pub to: Option<Text>,
    #[serde(rename = "in")]
    pub in_interface: Option<Text>,
    #[serde(rename = "out")]
    pub out_interface: Option<Text>,
    pub port: Option<u16>,
    pub verdict: Text,
}
