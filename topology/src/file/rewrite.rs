//! Writing a lab over an old file, as a person would change it by hand.
//!
//! Three trees meet: the old file as its author wrote it, the same lab as we would have written it,
//! and the new lab as we write it. Where our two agree, the author's words stand untouched, so that
//! comments, order, spelling and settings that repeat the default all survive.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use canonical::{canonical, canonical_table, canonical_value};
use list::{Element, List};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

use super::{parse, write};
use crate::Lab;

mod canonical;
mod list;

/// The lists whose order means something.
const IN_ORDER: [&str; 2] = ["pings", "rules"];

/// `None` if the old text is no lab file of ours, or if the new lab cannot be told by mending it.
pub(super) fn over(old_text: &str, lab: &Lab) -> Option<String> {
    let was = write::document(&parse(old_text).ok()?);
    let mut document: DocumentMut = old_text.parse().ok()?;
    set_version(&mut document);
    merge(document.as_table_mut(), was.as_table(), write::document(lab).as_table());
    let text = document.to_string();
    (parse(&text).as_ref() == Ok(lab)).then_some(text)
}

/// The newest version's number, with what stood around the old one.
fn set_version(document: &mut DocumentMut) {
    if let Some(Item::Value(old)) = document.get_mut("hopscope") {
        say_instead(old, Value::from(super::VERSION));
    }
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
        (Item::Value(old), Item::Value(new)) => say_instead(old, new.clone()),
        (old, new) => *old = new.clone(),
    }
}

/// Puts a value in another one's place, with the same space and comments around.
fn say_instead(old: &mut Value, new: Value) {
    let decor = old.decor().clone();
    *old = new;
    *old.decor_mut() = decor;
}

fn mend_array(key: &str, old: &mut Array, new: Vec<Value>) {
    if key == "position" && old.len() == new.len() {
        old.iter_mut().zip(new).for_each(|(old, new)| say_instead(old, new));
        return;
    }
    let mut list = List::taken_from(old);
    let usual_space = list.usual_space();
    let dress = |mut element: Element| {
        element.before.clone_from(&usual_space);
        element
    };
    let new = new.into_iter().map(Element::new).collect();
    let kept = std::mem::take(&mut list.elements);
    list.elements = mend(key, kept, new, |element| canonical_value(&element.value), dress);
    list.put_into(old);
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
