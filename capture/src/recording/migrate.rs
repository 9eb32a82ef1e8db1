//! How notes of older versions become notes of the current one.
//!
//! A version is never changed once it was released: what changes gets a new number, a migration here and a golden
//! file in `tests/golden` that must open forever.

use serde_json::Value;

/// From version 1 to 2, from 2 to 3, and so on: each takes one note as JSON.
const MIGRATIONS: &[Migration] = &[
    // Version 2 knows one more kind of note (`missed`); those of version 1 are as they were.
    Ok,
];

pub(super) const CURRENT: u32 = 1 + MIGRATIONS.len() as u32;

type Migration = fn(Value) -> Result<Value, String>;

/// Lifts a note of `version` to the current version. The version is one from 1 to [`CURRENT`].
pub(super) fn to_current(version: u32, note: Value) -> Result<Value, String> {
    lift(MIGRATIONS, version, note)
}

fn lift(migrations: &[Migration], version: u32, note: Value) -> Result<Value, String> {
    let done = usize::try_from(version).ok().and_then(|version| version.checked_sub(1));
    let due = done
        .and_then(|done| migrations.get(done..))
        .ok_or_else(|| format!("there is no version {version}"))?;
    due.iter().try_fold(note, |note, migration| migration(note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_migrations_that_are_due_are_carried_out_and_in_order() {
        let table: &[Migration] =
            &[|note| Ok(format!("{note}2").into()), |note| Ok(format!("{note}3").into())];
        let lifted = |version| {
            lift(table, version, Value::from(0)).map(|note| note.to_string().replace(['"', '\\'], ""))
        };
        assert_eq!(lifted(1), Ok("023".to_owned()));
        assert_eq!(lifted(2), Ok("03".to_owned()));
        assert_eq!(lifted(3), Ok("0".to_owned()));
        assert!(lifted(0).is_err() && lifted(4).is_err());
    }
}
