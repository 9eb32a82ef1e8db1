use super::*;
use crate::ready;

mod round_trip;
mod samples;
mod standing;

/// The second is the error's place (line, column), a part of its message and a part of its hint.
#[track_caller]
fn refused(text: &str, line: usize, column: usize, message: &str, hint: &str) {
    let error = parse(text).expect_err("this sample is wrong");
    assert_eq!((error.line, error.column), (line, column), "{error} ({})", error.hint);
    assert!(error.message.contains(message), "{error}");
    assert!(error.hint.contains(hint), "{error}: {}", error.hint);
    assert!(error.to_string().starts_with(&format!("line {line}, column {column}: ")));
}

#[test]
fn the_format_in_the_description_is_read() {
    let doc = include_str!("../file.rs");
    let block = doc.split("//! ```").nth(1).expect("an example in the description");
    let text: String =
        block.lines().skip(1).map(|line| line.trim_start_matches("//!").to_owned() + "\n").collect();
    let lab = parse(&text).unwrap_or_else(|error| panic!("{error} ({})\n{text}", error.hint));
    assert_eq!((lab.namespaces.len(), lab.cables.len()), (2, 1));
    assert_eq!(parse(&write(&lab)), Ok(lab));
}

#[test]
fn an_end_named_nowhere_else_comes_into_being_with_its_cable() {
    let lab =
        parse("hopscope = 1\nnamespaces.red = {}\ncables = [{ ends = ['red/a', 'host/b'] }]").expect("a lab");
    let places: Vec<String> = lab.interfaces().map(|(at, _)| at.to_string()).collect();
    assert_eq!(places, ["host/b", "red/a"]);
    assert!(lab.interfaces().all(|(_, found)| found.up && found.kind == crate::InterfaceKind::VethEnd));
}

#[test]
fn a_default_route_is_of_its_gateways_family() {
    let text = "hopscope = 1\n[namespaces.red]\nroutes = [{ to = 'default', via = 'fd00::1' }, { to = 'default', via = '10.0.0.1' }]";
    let lab = parse(text).expect("a lab");
    let to: Vec<String> =
        lab.namespaces.values().flat_map(|found| &found.routes).map(|route| route.to.to_string()).collect();
    assert_eq!(to, ["0.0.0.0/0", "::/0"]);
    assert_eq!(write(&lab).matches("default").count(), 2);
}

#[test]
fn the_version_is_asked_for_first() {
    refused("", 1, 1, "which version", "hopscope = 1");
    refused("title = 'no version'", 1, 1, "which version", "hopscope = 1");
    refused("title = 'new'\nhopscope = 2\nfuture = true", 2, 12, "of version 2", "newer Hopscope");
    refused("hopscope = 0", 1, 12, "number from 1", "hopscope = 1");
    refused("hopscope = 'one'", 1, 12, "number from 1", "hopscope = 1");
}

#[test]
fn broken_toml_is_pointed_at() {
    refused("hopscope = 1\ntitle = \"two", 2, 13, "", "TOML");
    refused("hopscope = 1\ntitle = 'a'\ntitle = 'b'", 3, 1, "duplicate key", "TOML");
    let deep = format!("hopscope = 1\ntitle = {}", "[".repeat(100_000));
    assert_eq!(parse(&deep).expect_err("too deep").line, 2);
}

#[test]
fn a_misspelled_key_is_recognised() {
    refused(
        "hopscope = 1\n[namespaces.red.interfaces.a]\nadresses = []",
        3,
        1,
        "unknown field “adresses”",
        "did you mean “addresses”?",
    );
    refused("hopscope = 1\n[namespace.red]", 2, 2, "unknown field “namespace”", "did you mean “namespaces”?");
    refused("hopscope = 1\n[namespaces.red]\nip_forward = 1", 3, 14, "invalid type", "");
}

#[test]
fn names_and_addresses_are_checked_where_they_stand() {
    refused("hopscope = 1\n[namespaces.red.interfaces.much-too-long-a-name]", 2, 28, "20 bytes", "shorten");
    refused("hopscope = 1\n[namespaces.'a b']", 2, 13, "' '", "letters");
    refused(
        "hopscope = 1\n[namespaces.red.interfaces.a]\naddresses = ['10.0.0.1']",
        3,
        14,
        "lacks its prefix length",
        "10.0.0.1/24",
    );
    refused(
        "hopscope = 1\n[namespaces.red.interfaces.a]\naddresses = ['fd00::1']",
        3,
        14,
        "lacks",
        "fd00::1/64",
    );
    refused(
        "hopscope = 1\n[namespaces.red.interfaces.a]\naddresses = ['10.0.0.1/33']",
        3,
        14,
        "no valid prefix",
        "0 to 32",
    );
    refused(
        "hopscope = 1\n[namespaces.red.interfaces.a]\naddresses = ['10.0.0.1/8', '10.0.0/8']",
        3,
        28,
        "is not an address",
        "such as",
    );
    refused(
        "hopscope = 1\n[namespaces.red.interfaces.a]\naddresses = ['10.0.0.1/8', '10.0.0.1/8']",
        3,
        28,
        "twice",
        "leave",
    );
    refused(
        "hopscope = 1\n[namespaces.red.interfaces.a]\nmac = '02:00'",
        3,
        7,
        "is not a MAC address",
        "hex",
    );
    refused(
        "hopscope = 1\n[namespaces.red]\nroutes = [{ to = 'default', via = '10.0.0.1/24' }]",
        3,
        35,
        "is not an address",
        "“10.0.0.1”",
    );
    refused("hopscope = 1\n[namespaces.red]\nroutes = [{ to = 'default' }]", 3, 11, "leads nowhere", "via");
    refused("hopscope = 1\n[namespaces.red]\nrp_filter = 3", 3, 13, "cannot be 3", "loose");
    refused(
        "hopscope = 1\n[namespaces.red]\nfirewall.rules = [{ hook = 'inptu', verdict = 'drop' }]",
        3,
        28,
        "not known",
        "“input”",
    );
}

const WIRED: &str = "hopscope = 1
[namespaces.ns1.interfaces.veth-ns1]
[namespaces.host.bridges.br0]
ports = ['veth-br1']
[[cables]]
ends = ['ns1/veth-ns1', 'host/veth-br1']
";

#[test]
fn cables_are_checked_where_they_stand() {
    assert!(parse(WIRED).is_ok());
    let with = |more: &str| format!("{WIRED}{more}");
    refused(
        &with("[[cables]]\nends = ['ns1/veth-ns1', 'host/x']"),
        8,
        9,
        "cable's end already",
        "another name",
    );
    refused(&with("[[cables]]\nends = ['ns1/x', 'ns1/x']"), 8, 18, "cable's end already", "another name");
    refused(
        &with("[[cables]]\nends = ['ns2/x', 'host/x']"),
        8,
        9,
        "no namespace “ns2”",
        "did you mean “ns1”?",
    );
    refused(&with("[[cables]]\nends = ['other/x', 'host/x']"), 8, 9, "no namespace", "[namespaces.other]");
    refused(&with("[[cables]]\nends = ['ns1/x', 'host/br0']"), 8, 18, "is a bridge", "ports");
    refused(&with("[[cables]]\nends = ['ns1/lo', 'host/x']"), 8, 9, "loopback", "no cable");
    refused(&with("[[cables]]\nends = ['ns1', 'host/x']"), 8, 9, "namespace/interface", "slash");
    refused(&with("[[cables]]\nends = ['ns1/x']"), 8, 8, "invalid length 1", "");
}

#[test]
fn of_a_pair_nothing_is_let_go() {
    let three = "invalid length 3";
    refused(&format!("{WIRED}[[cables]]\nends = ['ns1/x', 'host/x', 'host/y']"), 8, 8, three, "");
    refused("hopscope = 1\npings = [['a', 'b', 'c']]\n[namespaces]\na = {}\nb = {}", 2, 9, three, "");
    refused("hopscope = 1\n[namespaces.a]\nposition = [1, 2, 3]", 3, 12, three, "");
    refused("hopscope = 1\n[namespaces.a.bridges.b]\nposition = [1, 2, 3]", 3, 12, three, "");
    refused("hopscope = 1\n[namespaces.a]\nposition = [1]", 3, 12, "invalid length 1", "");
}

#[test]
fn interfaces_and_ports_are_checked_where_they_stand() {
    refused(
        &WIRED.replace("'veth-br1']\n[[", "'veth-br2']\n[["),
        4,
        10,
        "no cable's end in host",
        "did you mean “veth-br1”?",
    );
    refused(
        &WIRED.replace("ports = ['veth-br1']", "ports = ['veth-br1', 'veth-br1']"),
        4,
        22,
        "a port of br0 already",
        "once",
    );
    refused(
        &WIRED.replace("ports = ['veth-br1']", "ports = ['br0']"),
        4,
        10,
        "cannot be a port",
        "cable's end",
    );
    refused(
        &WIRED.replace("interfaces.veth-ns1", "interfaces.veth-n"),
        2,
        28,
        "neither a cable's end nor a bridge",
        "[[cables]]",
    );
    let taken = "[namespaces.ns1.bridges.veth-ns1]\n";
    refused(
        &WIRED.replace("[namespaces.host", &format!("{taken}[namespaces.host")),
        3,
        25,
        "is taken",
        "own name",
    );
}

#[test]
fn columns_count_characters() {
    refused("hopscope = 1\nnamespaces = { 'ü' = { 'äöü' = 1 } }", 2, 24, "unknown field", "");
}

#[test]
fn a_file_that_is_too_long_is_refused_at_once() {
    let long = " ".repeat(LONGEST + 1);
    refused(&long, 1, 1, "bytes", "really");
}

#[test]
fn a_lab_is_written_as_a_person_would() {
    let lab = parse(samples::SWITCH).expect("a lab");
    assert_eq!(write(&lab), samples::SWITCH);
}

#[test]
fn what_goes_without_saying_is_not_said() {
    let text = "hopscope = 1\n[namespaces.red]\nrp_filter = 0\n[namespaces.red.bridges.b]\nstp = false\nageing = 300\nup = true\n";
    let lab = parse(text).expect("a lab");
    assert_eq!(
        write(&lab),
        "hopscope = 1\n\n[namespaces.red]\nrp_filter = 0\n\n[namespaces.red.bridges.b]\n"
    );
}
