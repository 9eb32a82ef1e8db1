//! One text for all ways to say the same, so that what did not change is recognised.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use toml_edit::{Item, TableLike, Value};

pub(super) fn canonical(item: &Item) -> String {
    match item {
        Item::None => String::new(),
        Item::Value(value) => canonical_value(value),
        Item::Table(table) => canonical_table(table),
        Item::ArrayOfTables(tables) => {
            let mut tables: Vec<String> = tables.iter().map(|table| canonical_table(table)).collect();
            tables.sort();
            tables.join(",")
        }
    }
}

pub(super) fn canonical_table(table: &dyn TableLike) -> String {
    let mut entries: Vec<String> = table
        .iter()
        .map(|(key, item)| match (key, item.as_array()) {
            // The two ends of a cable are in no order.
            ("ends", Some(ends)) => {
                let mut ends: Vec<String> = ends.iter().map(canonical_value).collect();
                ends.sort();
                format!("{key}={ends:?}")
            }
            _ if key == "to" && item.as_str() == Some("default") => {
                format!("{key}={:?}", default_route(table))
            }
            _ => format!("{key}={}", canonical(item)),
        })
        .collect();
    entries.sort();
    format!("{{{}}}", entries.join(";"))
}

pub(super) fn canonical_value(value: &Value) -> String {
    match value {
        Value::String(text) => match (text.value().parse::<IpNet>(), text.value().parse::<IpAddr>()) {
            (Ok(network), _) => format!("{network:?}"),
            (_, Ok(address)) => format!("{address:?}"),
            _ => format!("{:?}", text.value()),
        },
        Value::Array(array) => {
            let elements: Vec<String> = array.iter().map(canonical_value).collect();
            format!("[{}]", elements.join(","))
        }
        Value::InlineTable(table) => canonical_table(table),
        Value::Integer(number) => number.value().to_string(),
        Value::Boolean(truth) => truth.value().to_string(),
        Value::Float(number) => number.value().to_string(),
        Value::Datetime(time) => time.value().to_string(),
    }
}

/// What `to = "default"` means beside this gateway.
fn default_route(route: &dyn TableLike) -> IpNet {
    let via = route.get("via").and_then(Item::as_str).and_then(|via| via.parse().ok());
    match via {
        Some(IpAddr::V6(_)) => IpNet::V6(Ipv6Net::default()),
        Some(IpAddr::V4(_)) | None => IpNet::V4(Ipv4Net::default()),
    }
}
