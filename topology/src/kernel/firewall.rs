//! nftables in a namespace: our one table, written and read by the `nft` tool.

use std::{
    io::{self, Write},
    net::IpAddr,
    process::{Command, Stdio},
};

use ipnet::IpNet;
use serde_json::Value;

use crate::{FilterRule, Firewall, Hook, InterfaceName, Protocol, StepError, Verdict};

use super::tools::path_to_tools;

/// Replaces what our table holds, whole or not at all. Must run on a thread inside the namespace.
pub(super) fn write_here(wanted: &Firewall) -> Result<(), StepError> {
    nft(&["-f", "-"], &crate::firewall::ruleset(wanted)).map(drop).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => StepError::Unsupported {
            what: "the tool nft, which sets up the firewall,".into(),
            hint: "install the package nftables; `hopscope doctor` says how".into(),
        },
        _ => StepError::Kernel {
            doing: "setting up the firewall".into(),
            errno: error.raw_os_error().unwrap_or(libc::EINVAL),
            message: error.to_string(),
        },
    })
}

/// What our table holds. Must run on a thread inside the namespace.
pub(super) fn read_here() -> io::Result<Firewall> {
    if !super::nftable::exists_here()? {
        return Ok(Firewall::default());
    }
    let text = nft(&["-j", "list", "table", "inet", "hopscope"], "")?;
    let listing: Value = serde_json::from_str(&text).map_err(io::Error::other)?;
    Ok(firewall(&listing))
}

fn nft(arguments: &[&str], input: &str) -> io::Result<String> {
    let mut child = Command::new("nft")
        .args(arguments)
        .env("PATH", path_to_tools())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("nft says: {}", said.trim())))
}

fn firewall(listing: &Value) -> Firewall {
    let objects = listing["nftables"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut found = Firewall::default();
    for rule in objects.iter().filter_map(|object| object.get("rule")) {
        let expressions = rule["expr"].as_array().map(Vec::as_slice).unwrap_or_default();
        if rule["chain"] == "postrouting" {
            found.masquerade.extend(masquerade(expressions));
        } else if let Some(hook) = rule["chain"].as_str().and_then(hook) {
            found.rules.extend(filter_rule(hook, expressions));
        }
    }
    // Between hooks there is no order: each has its own chain.
    found.rules.sort_by_key(|rule| rule.hook);
    found
}

fn hook(chain: &str) -> Option<Hook> {
    match chain {
        "input" => Some(Hook::Input),
        "output" => Some(Hook::Output),
        "forward" => Some(Hook::Forward),
        _ => None,
    }
}

/// The interfaces of one masquerade rule; none if it is another kind of rule.
fn masquerade(expressions: &[Value]) -> Vec<InterfaceName> {
    if !expressions.iter().any(|expression| expression.get("masquerade").is_some()) {
        return vec![];
    }
    let matches = expressions.iter().filter_map(Match::of).filter(|found| found.left == "meta oifname");
    matches.flat_map(|found| alternatives(found.right)).filter_map(interface).collect()
}

/// Both `"eth0"` and `{"set": ["eth0", "eth1"]}`.
fn alternatives(value: &Value) -> Vec<&Value> {
    match value.get("set").and_then(Value::as_array) {
        Some(several) => several.iter().collect(),
        None => vec![value],
    }
}

/// A star at the end is listed with a backslash, since a bare one would stand for any ending.
fn interface(value: &Value) -> Option<InterfaceName> {
    let name = value.as_str()?;
    let name = name.strip_suffix("\\*").map_or_else(|| name.to_string(), |start| format!("{start}*"));
    InterfaceName::new(name).ok()
}

/// `left` in words: “meta oifname”, “ip saddr”, “tcp dport”.
struct Match<'a> {
    left: String,
    right: &'a Value,
}

impl<'a> Match<'a> {
    fn of(expression: &'a Value) -> Option<Self> {
        let found = expression.get("match")?;
        let left = &found["left"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let left = match (left.get("meta"), left.get("payload")) {
            (Some(meta), _) => format!("meta {}", text(&meta["key"])),
            (_, Some(payload)) => format!("{} {}", text(&payload["protocol"]), text(&payload["field"])),
            _ => return None,
        };
        Some(Self { left, right: &found["right"] })
    }
}

/// `None` for a rule that we could not have written.
fn filter_rule(hook: Hook, expressions: &[Value]) -> Option<FilterRule> {
    let verdict = expressions.iter().find_map(verdict)?;
    let mut rule = FilterRule {
        hook,
        protocol: None,
        from: None,
        to: None,
        in_interface: None,
        out_interface: None,
        port: None,
        verdict,
    };
    for Match { left, right } in expressions.iter().filter_map(Match::of) {
        match left.as_str() {
            "meta iifname" => rule.in_interface = interface(right),
            "meta oifname" => rule.out_interface = interface(right),
            "meta l4proto" | "ip protocol" | "ip6 nexthdr" => rule.protocol = protocol(right),
            "ip saddr" | "ip6 saddr" => rule.from = network(right),
            "ip daddr" | "ip6 daddr" => rule.to = network(right),
            "tcp dport" | "udp dport" | "th dport" => {
                rule.port = right.as_u64().and_then(|port| port.try_into().ok());
                rule.protocol = match &left[..3] {
                    "tcp" => Some(Protocol::Tcp),
                    "udp" => Some(Protocol::Udp),
                    _ => rule.protocol,
                };
            }
            _ => {}
        }
    }
    Some(rule)
}

fn verdict(expression: &Value) -> Option<Verdict> {
    let is = |name: &str| expression.get(name).is_some();
    [("accept", Verdict::Accept), ("drop", Verdict::Drop), ("reject", Verdict::Reject)]
        .into_iter()
        .find_map(|(name, verdict)| is(name).then_some(verdict))
}

/// By name, or by number where the machine has no /etc/protocols.
fn protocol(value: &Value) -> Option<Protocol> {
    match (value.as_str(), value.as_u64()) {
        (Some("icmp"), _) | (_, Some(1)) => Some(Protocol::Icmp),
        (Some("tcp"), _) | (_, Some(6)) => Some(Protocol::Tcp),
        (Some("udp"), _) | (_, Some(17)) => Some(Protocol::Udp),
        (Some("ipv6-icmp" | "icmpv6"), _) | (_, Some(58)) => Some(Protocol::Icmpv6),
        _ => None,
    }
}

/// Both `"10.0.0.1"` and `{"prefix": {"addr": "10.0.0.0", "len": 24}}`.
fn network(value: &Value) -> Option<IpNet> {
    if let Some(prefix) = value.get("prefix") {
        let length = prefix["len"].as_u64()?.try_into().ok()?;
        return IpNet::new(prefix["addr"].as_str()?.parse().ok()?, length).ok();
    }
    value.as_str()?.parse::<IpAddr>().ok().map(IpNet::from)
}
