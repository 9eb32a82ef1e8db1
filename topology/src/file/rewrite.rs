//! Writing a lab over an old file, as a person would change it by hand.
//!
//! Three trees meet: the old file as its author wrote it, the same lab as we would have written it,
//! and the new lab as we write it. Where our two agree, the author's words stand untouched, so that
//! comments, order, spelling and settings that repeat the default all survive.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::IpAddr,
};

use ipnet::IpNet;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

use super::{parse, write};
use crate::Lab;

/// The lists whose order means something.
const IN_ORDER: [&str; 2] = ["pings", "rules"];

/// `None` if the old text is no lab file of ours, or if the new lab cannot be told by mending it.
pub(super) fn over(old_text: &str, lab: &Lab) -> Option<String> {
    let was = write::document(&parse(old_text).ok()?);
    let mut document: DocumentMut = old_text.parse().ok()?;
    let version = mended_version(&document);
    match document.get_mut("hopscope") {
        // To insert it anew would lose what stands before the key: often the file's first comment.
        Some(item) => *item = version,
        None => {
            document.insert("hopscope", version);
        }
    }
    merge(document.as_table_mut(), was.as_table(), write::document(lab).as_table());
    let text = document.to_string();
    (parse(&text).as_ref() == Ok(lab)).then_some(text)
}

/// The newest version's number, with what stood around the old one.
fn mended_version(document: &DocumentMut) -> Item {
    let mut value = Value::from(super::VERSION);
    if let Some(old) = document.get("hopscope").and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    Item::Value(value)
}

fn merge(old: &mut dyn TableLike, was: &dyn TableLike, new: &dyn TableLike) {
    let nothing = Table::new();
    let keys: Vec<&str> = new.iter().chain(was.iter()).map(|(key, _)| key).collect();
    let mut seen = BTreeSet::new();
    for key in keys.into_iter().filter(|key| seen.insert(*key)) {
        let (before, after) = (was.get(key), new.get(key));
        if before.map(canonical) == after.map(canonical) {
            continue;
        }
        let Some(after) = after else {
            old.remove(key);
            continue;
        };
        let both_tables = old.get_mut(key).and_then(Item::as_table_like_mut).zip(after.as_table_like());
        match both_tables {
            Some((old, after)) => {
                merge(old, before.and_then(Item::as_table_like).unwrap_or(&nothing), after);
            }
            None => match old.get_mut(key) {
                Some(item) => replace(key, item, after),
                None => {
                    old.insert(key, after.clone());
                }
            },
        }
    }
}

/// Puts a new value or list in an old one's place, keeping what stood around it and, in a list,
/// each element that is still there.
fn replace(key: &str, old: &mut Item, new: &Item) {
    match (old, new) {
        (Item::Value(Value::Array(old)), Item::Value(Value::Array(new))) => {
            mend_array(key, old, new.iter().cloned().collect());
        }
        (Item::Value(Value::Array(old)), Item::ArrayOfTables(new)) => {
            let tables = new.iter().map(|table| table.clone().into_inline_table());
            mend_array(key, old, tables.map(Value::InlineTable).collect());
        }
        (Item::ArrayOfTables(old), Item::ArrayOfTables(new)) => {
            mend_tables(key, old, new.iter().cloned().collect());
        }
        (Item::ArrayOfTables(old), Item::Value(Value::Array(new))) => {
            let tables = new.iter().filter_map(Value::as_inline_table);
            mend_tables(key, old, tables.map(|table| table.clone().into_table()).collect());
        }
        (Item::Value(old), Item::Value(new)) => {
            let decor = old.decor().clone();
            *old = new.clone();
            *old.decor_mut() = decor;
        }
        (old, new) => *old = new.clone(),
    }
}

fn mend_array(key: &str, old: &mut Array, new: Vec<Value>) {
    // What is new looks like the last element: on its own line where they have their own lines.
    let last_prefix = old.iter().last().and_then(|value| value.decor().prefix()?.as_str());
    let prefix = last_prefix.map_or(" ", only_white).to_owned();
    let dress = |mut value: Value| {
        value.decor_mut().set_prefix(&prefix);
        value.decor_mut().set_suffix("");
        value
    };
    let mut mended = mend(key, old.iter().cloned().collect(), new, canonical_value, dress);
    if let Some(first) = mended.first_mut()
        && first.decor().prefix().and_then(|prefix| prefix.as_str()) == Some(" ")
    {
        first.decor_mut().set_prefix("");
    }
    old.clear();
    mended.into_iter().for_each(|value| old.push_formatted(value));
}

fn mend_tables(key: &str, old: &mut ArrayOfTables, new: Vec<Table>) {
    let kept = old.iter().cloned().collect();
    old.clear();
    let mended = mend(key, kept, new, |table| canonical_table(table), |table| table);
    mended.into_iter().for_each(|table| old.push(table));
}

/// The new elements; those that the old list has too as they stand there.
/// Sets keep the order of their author, with what is new at the end.
fn mend<T>(
    key: &str,
    old: Vec<T>,
    mut new: Vec<T>,
    canonical: impl Fn(&T) -> String,
    dress: impl Fn(T) -> T,
) -> Vec<T> {
    let mut places: BTreeMap<String, VecDeque<usize>> = BTreeMap::new();
    for (place, element) in old.iter().enumerate() {
        places.entry(canonical(element)).or_default().push_back(place);
    }
    if !IN_ORDER.contains(&key) {
        new.sort_by_key(|element| places.get(&canonical(element)).map_or(usize::MAX, |places| places[0]));
    }
    let mut old: Vec<Option<T>> = old.into_iter().map(Some).collect();
    let mut take = |element: T| {
        let place = places.get_mut(&canonical(&element)).and_then(VecDeque::pop_front);
        place.and_then(|place| old[place].take()).unwrap_or_else(|| dress(element))
    };
    new.into_iter().map(&mut take).collect()
}

/// The white space of the last line before an element, without comments above it.
fn only_white(prefix: &str) -> &str {
    match prefix.rfind('\n') {
        Some(newline) => &prefix[newline..],
        None => " ",
    }
}

/// One text for all ways to say the same.
fn canonical(item: &Item) -> String {
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

fn canonical_table(table: &dyn TableLike) -> String {
    let mut entries: Vec<String> = table
        .iter()
        .map(|(key, item)| match (key, item.as_array()) {
            // The two ends of a cable are in no order.
            ("ends", Some(ends)) => {
                let mut ends: Vec<String> = ends.iter().map(canonical_value).collect();
                ends.sort();
                format!("{key}={ends:?}")
            }
            _ => format!("{key}={}", canonical(item)),
        })
        .collect();
    entries.sort();
    format!("{{{}}}", entries.join(";"))
}

fn canonical_value(value: &Value) -> String {
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
