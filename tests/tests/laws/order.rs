//! Nothing depends on the order of a hash table.

use crate::{source, uphold};

/// Where hashed look-ups are worth it: the correlator sees millions of frames a second.
const HASHED: &str = "capture/src/";

/// What visits a table in its own order.
const VISITS: &[&str] = &[
    ".iter()",
    ".iter_mut()",
    ".keys()",
    ".values()",
    ".values_mut()",
    ".drain()",
    ".into_iter()",
    ".extract_if(",
];

#[test]
fn hash_tables_are_only_where_speed_needs_them() {
    let why = "two runs over the same input must print the same: ordered maps keep every iteration the same";
    let sources = source::rust();
    let elsewhere = sources.iter().filter(|source| !source.path.starts_with(HASHED) && !source.is_test());
    let broken: Vec<_> = elsewhere
        .filter(|source| names_hash_table(&source.product_code()))
        .map(|source| format!("{} uses a hash table", source.path))
        .collect();
    uphold(why, &broken);
}

#[test]
fn hash_tables_are_never_visited_in_their_own_order() {
    let why =
        "the order of a hash table is nobody's: what is visited must be ordered by something that is meant";
    let sources = source::rust();
    let broken: Vec<_> = sources
        .iter()
        .filter(|source| source.path.starts_with(HASHED))
        .flat_map(|source| {
            visits(&source.product_code()).into_iter().map(|found| format!("{}:{found}", source.path))
        })
        .collect();
    uphold(why, &broken);
}

fn names_hash_table(text: &str) -> bool {
    ["HashMap", "HashSet", "HashTable"].iter().any(|name| text.contains(name))
}

/// `line: name` for each visit to a table that this file declares as `name: …HashMap<…>`.
fn visits(code: &str) -> Vec<String> {
    let tables: Vec<&str> =
        code.lines().filter(|line| names_hash_table(line)).filter_map(declared_name).collect();
    let is_visit = |line: &str, table: &&str| {
        let loops_over = [format!("in &{table} "), format!("in &self.{table} "), format!("in self.{table} ")];
        let called = VISITS.iter().any(|visit| {
            line.match_indices(&format!("{table}{visit}"))
                .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        });
        called || loops_over.iter().any(|text| line.contains(text.as_str()))
    };
    let found = code.lines().enumerate().flat_map(|(index, line)| {
        tables
            .iter()
            .filter(move |table| is_visit(line, table))
            .map(move |table| format!("{}: {table}", index + 1))
    });
    found.collect()
}

/// The name in front of the first `:` that is no path separator, as in `pub pending: HashMap<Key, Entry>,`.
fn declared_name(line: &str) -> Option<&str> {
    let table = line.find("Hash")?;
    let before =
        line[..table].trim_end_matches(|c: char| c.is_alphanumeric() || "_:&<".contains(c)).trim_end();
    let colon = if before.ends_with(':') { before } else { &line[..line[..table].find(": ")? + 1] };
    let name =
        colon.trim_end_matches(':').trim_end().rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
    (!name.is_empty()).then_some(name)
}

#[test]
fn visits_are_found() {
    let code = "struct A {\n    pub pending: HashMap<K, V>,\n    seen: &'a mut hashbrown::HashSet<K>,\n}\n\
                for x in &self.pending {}\nself.seen.keys();\nunseen.keys();\nself.pending.get(&k);";
    assert_eq!(visits(code), ["5: pending", "6: seen"]);
}
