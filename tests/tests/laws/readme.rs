//! The README says what is true now.

use capture::filter::Filter;
use hopscope::tutorial::ready::PAGES;
use topology::{file, ready};

use crate::{source, uphold};

fn readme() -> String {
    std::fs::read_to_string(source::root().join("README.md")).expect("there is a README")
}

#[test]
fn every_ready_lab_is_in_the_readme() {
    let why = "a lab that nobody can find is not there";
    let readme = readme();
    let missing = ready::LABS.iter().filter(|lab| !readme.contains(&format!("| `{}` |", lab.name)));
    uphold(why, &missing.map(|lab| lab.name.to_owned()).collect::<Vec<_>>());
}

#[test]
fn every_ready_tutorial_is_in_the_readme() {
    let why = "a tutorial that nobody can find is not there";
    let readme = readme();
    let missing = PAGES.iter().filter(|page| !readme.contains(&format!("| `{}` |", page.name)));
    uphold(why, &missing.map(|page| page.name.to_owned()).collect::<Vec<_>>());
}

#[test]
fn the_lab_files_in_the_readme_can_be_read() {
    let why = "people copy examples";
    let readme = readme();
    let examples = blocks(&readme, "```toml");
    assert!(2 <= examples.len(), "the README shows the lab file by example");
    let wrong =
        examples.iter().filter_map(|text| file::parse(text).err().map(|error| format!("{error}\n{text}")));
    uphold(why, &wrong.collect::<Vec<_>>());
}

#[test]
fn the_filters_in_the_readme_can_be_read() {
    let why = "people copy examples";
    let readme = readme();
    let (_, filters) = readme.split_once("\n## Filters\n").expect("the README explains filters");
    let examples = blocks(filters, "```");
    let first = examples.first().expect("the README shows filters by example");
    let wrong = first
        .lines()
        .filter_map(|line| Filter::parse(line).err().map(|error| format!("{line}: {}", error.message)));
    uphold(why, &wrong.collect::<Vec<_>>());
}

/// What stands between a line `fence` and the next line that closes it.
fn blocks<'a>(text: &'a str, fence: &str) -> Vec<&'a str> {
    let starts =
        text.match_indices(&format!("\n{fence}\n")).map(|(at, found)| at + found.len()).collect::<Vec<_>>();
    starts.into_iter().filter_map(|start| text[start..].split_once("\n```").map(|(block, _)| block)).collect()
}
