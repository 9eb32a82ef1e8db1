//! What can be kept of a page: its lab, a recording. And the pages that come with the program.

use hopscope::tutorial::ready::PAGES;
use hopscope_tests::{hopscope, json_lines, of_type, route};
use serde_json::Value;

use super::{Folder, TWO_ROOMS, lab, text_of};

#[test]
fn the_lab_of_a_page_can_be_kept_and_run_again() {
    let folder = Folder::new("convert");
    let page = folder.with("rooms.md", TWO_ROOMS);
    let lab = text_of(&folder.0.join("rooms.toml"));
    let converted = hopscope(&["convert", &page, &lab]);
    assert_eq!(converted.status.code(), Some(0), "{}", String::from_utf8_lossy(&converted.stderr));
    assert!(converted.stdout.is_empty());
    let checked = hopscope(&["check", &lab]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    let (lines, status) = json_lines(&["run", &lab, "--ping", "left", "right", "--json"]);
    assert_eq!(status, 0);
    assert_eq!(of_type(&lines, "probe")[0]["answered"], true);
}

#[test]
fn a_page_can_be_recorded() {
    let folder = Folder::new("record");
    let page = folder.with("rooms.md", TWO_ROOMS);
    let file = text_of(&folder.0.join("rooms.pcapng"));
    let (live, status) = json_lines(&["run", &page, "--record", &file, "--json"]);
    assert_eq!(status, 0);
    let (replayed, status) = json_lines(&["show", &file, "--json"]);
    assert_eq!(status, 0);
    let echoes = |lines: &[Value]| {
        let journeys = of_type(lines, "journey").into_iter().filter(|journey| journey["protocol"] == "ICMP");
        journeys.map(route).collect::<Vec<_>>()
    };
    assert_eq!(echoes(&replayed), echoes(&live));
    assert_eq!(echoes(&live).len(), 4);
}

#[test]
fn ready_tutorials_are_run_and_kept_by_their_names() {
    for page in PAGES {
        let (lines, status) = json_lines(&["run", page.name, "--json"]);
        // The cable's page has a ping that is meant to fail.
        let expected = i32::from(page.name == "a-cable-by-hand");
        assert_eq!(status, expected, "{}", page.name);
        assert!(
            !of_type(&lines, "command").is_empty() && !of_type(&lines, "journey").is_empty(),
            "{}",
            page.name
        );
        assert!(lab(&lines)["namespaces"].as_array().is_some_and(|rooms| !rooms.is_empty()), "{}", page.name);
    }
    let folder = Folder::new("ready");
    let kept = text_of(&folder.0.join("cable.toml"));
    let converted = hopscope(&["convert", PAGES[0].name, &kept]);
    assert_eq!(converted.status.code(), Some(0), "{}", String::from_utf8_lossy(&converted.stderr));
    assert_eq!(hopscope(&["check", &kept]).status.code(), Some(0));
}
