//! A lab as a shell script that builds it with nothing but iproute2, nftables and util-linux.

use crate::{
    Ground, Lab, NamespaceName, Step, Target,
    paper::Paper,
    plan,
    step::{inside, sysctls_line},
};

/// A complete script for `sh` that builds the settled lab from an empty sandbox.
/// Run plainly, it first makes that sandbox, so that it can do the machine's own network no harm.
/// With `--here` it builds in the network namespace it is run in.
#[must_use]
pub fn script(lab: &Lab) -> String {
    let settled = lab.settled();
    let mut start = Paper::new().observe().unwrap_or_default();
    let host = NamespaceName::host();
    let mut text = header(&settled) + SANDBOX;
    let mut add = |comment: &str, lines: &str| text += &format!("\n# {comment}\n{lines}\n");
    // What the host's stack starts with depends on the machine, so its switches are always set.
    if let (Some(wanted), Some(found)) = (settled.namespaces.get(&host), start.namespaces.get_mut(&host)) {
        found.sysctls = wanted.sysctls;
        if let Some(switches) = sysctls_line(&host, &wanted.sysctls) {
            add("Set the switches of the host's own stack", &switches);
        }
    }
    let plan = plan::plan(&start, &settled);
    for step in plan.steps.iter().filter(|step| !matches!(step, Step::Move { .. })) {
        add(&step.sentence(), &step.shell());
    }
    text + &hints(&settled)
}

/// Set in the environment, it tells a script that it is in a sandbox already, and needs none of its own.
pub const IN_SANDBOX: &str = "HOPSCOPE_SANDBOX";

const SANDBOX: &str = r#"set -eu

# In a terminal of Hopscope, which is a sandbox already, it builds right there.
case "${1-${HOPSCOPE_SANDBOX:+--here}}" in
--here) ;;
'')
    [ -f "$0" ] || { echo "Save this script as a file first: it starts itself again in its sandbox." >&2; exit 2; }
    # shellcheck disable=SC2016  # the inner shell expands these
    exec unshare --user --map-root-user --net --mount sh -eu -c '
        if [ -d /run/netns ]; then
            mount -t tmpfs tmpfs /run/netns
        else
            mount -t tmpfs tmpfs /run
            mkdir /run/netns
        fi
        sh "$1" --here
        if [ -t 0 ] && [ -t 1 ]; then
            echo "The lab stands. This shell is its host; leave it, and the lab is gone."
            exec "${SHELL:-/bin/sh}"
        fi
    ' sh "$0"
    ;;
*)
    echo "usage: sh $0 [--here]" >&2
    exit 2
    ;;
esac
"#;

fn header(lab: &Lab) -> String {
    let mut text = String::from("#!/bin/sh\n");
    for line in [&lab.title, &lab.about].into_iter().flat_map(|text| text.lines()) {
        text += &comment(line);
    }
    text + "#
# A lab of Hopscope, as the commands that build it.
#
#   sh FILE          builds it in a sandbox of its own: new user, network and mount namespaces,
#                    so that it needs no root and cannot touch this machine's network.
#                    On a terminal it then gives you a shell in there; leave it, and all is gone.
#   sh FILE --here   builds it in the network namespace that you are in now, as root there.
#
# It needs ip and bridge (iproute2), sysctl, unshare and mount, and nft if the lab has a firewall.

"
}

fn hints(lab: &Lab) -> String {
    let mut text = String::new();
    for line in lab.try_this.lines() {
        text += &comment(&format!("Try: {line}"));
    }
    for (from, to) in &lab.pings {
        let Some(address) = address_of(lab, to) else { continue };
        text += &comment(&format!("Try: {}ping -c 1 {address}", inside(from)));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

fn address_of(lab: &Lab, target: &Target) -> Option<std::net::IpAddr> {
    match target {
        Target::Address(address) => Some(*address),
        Target::Namespace(name) => {
            let interfaces = &lab.namespaces.get(name)?.interfaces;
            interfaces.values().flat_map(|found| &found.addresses).map(ipnet::IpNet::addr).next()
        }
    }
}

/// A comment of one line, whatever the text holds.
fn comment(line: &str) -> String {
    let shown: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("# {shown}\n")
}

#[cfg(test)]
mod tests;
