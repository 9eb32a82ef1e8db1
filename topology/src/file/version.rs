//! Which version of the format a file is of, and how an old one becomes the newest.

use serde::{Deserialize, de::IntoDeserializer};
use toml_edit::{Document, Item, Table, Value, de::Deserializer};

use super::{LONGEST, dto, error::Problem};

/// The newest version of the lab file, which is the one that is written.
pub const VERSION: i64 = 1 + MIGRATIONS.len() as i64;

/// `MIGRATIONS[i]` turns a file of version `i + 1` into one of version `i + 2`.
const MIGRATIONS: &[Migration] = &[];

type Migration = fn(&mut Table);

/// Parses the TOML, brings it to the newest version, and reads its shape.
pub(super) fn open(text: &str) -> Result<dto::File, Problem> {
    if LONGEST < text.len() {
        let message = format!("this file has {} bytes; a lab file has at most {LONGEST}", text.len());
        return Err(Problem::new(0..0, message, "is it really a lab file?"));
    }
    open_with(text, MIGRATIONS)
}

fn open_with(text: &str, migrations: &[Migration]) -> Result<dto::File, Problem> {
    let document = Document::parse(text)?;
    let newest = 1 + migrations.len();
    let version = version_of(document.as_item(), newest)?;
    if version == newest {
        return Ok(dto::File::deserialize(Deserializer::from(document))?);
    }
    // Keys and values still know where they stood in the old text.
    let mut table = document.into_table();
    migrations.iter().skip(version - 1).for_each(|migration| migration(&mut table));
    Ok(dto::File::deserialize(Value::from(table.into_inline_table()).into_deserializer())?)
}

fn version_of(file: &Item, newest: usize) -> Result<usize, Problem> {
    let first_line = || format!("begin the file with the line `hopscope = {newest}`");
    let item = file
        .get("hopscope")
        .ok_or_else(|| Problem::new(0..0, "this file does not say which version it is of", first_line()))?;
    let span = item.span().unwrap_or_default();
    match item.as_integer().and_then(|version| usize::try_from(version).ok()) {
        Some(version) if (1..=newest).contains(&version) => Ok(version),
        Some(version) if newest < version => {
            let message = format!("this file is of version {version}; this Hopscope reads up to {newest}");
            Err(Problem::new(span, message, "open it with a newer Hopscope"))
        }
        Some(_) | None => {
            let message = "the version of a lab file is a number from 1 on";
            Err(Problem::new(span, message, first_line()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rename(file: &mut Table) {
        if let Some(value) = file.remove("name") {
            file.insert("title", value);
        }
    }

    fn shout(file: &mut Table) {
        if let Some(title) = file.get("title").and_then(Item::as_str).map(str::to_uppercase) {
            file.insert("title", toml_edit::value(title));
        }
    }

    const TWO: &[Migration] = &[rename, shout];

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let file = open_with(text, TWO).expect("a sample opens");
        assert_eq!(file.title, expected);
    }

    #[test]
    fn an_old_file_goes_through_each_migration_after_its_version() {
        check("hopscope = 1\nname = 'one'", "ONE");
        check("hopscope = 2\ntitle = 'two'", "TWO");
        check("hopscope = 3\ntitle = 'three'", "three");
    }

    #[test]
    fn an_old_file_still_says_where_it_is_wrong() {
        let text = "hopscope = 1\nname = 'one'\n[namespaces.red]\npositoin = [1, 2]";
        let error = open_with(text, TWO).expect_err("a field is misspelled").in_text(text);
        assert_eq!((error.line, error.column), (4, 1), "{error}");
        assert_eq!(error.hint, "did you mean “position”?");
    }

    #[test]
    fn a_newer_file_says_so() {
        let error = open_with("hopscope = 4", TWO).expect_err("nobody knows version 4 yet");
        assert_eq!(error.message, "this file is of version 4; this Hopscope reads up to 3");
    }
}
