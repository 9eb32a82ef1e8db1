//! The programs that people in a lab like to type. Hopscope's own probes need none of them.

use std::path::PathBuf;

use super::{Finding, State};

/// Program, Debian package, what is missed without it.
const TOOLS: &[(&str, &str, &str)] = &[
    ("ip", "iproute2", "terminals in the lab have no ip, and scripts that were exported cannot run"),
    ("nft", "nftables", "masquerading and filter rules of a lab cannot be set"),
    ("ethtool", "ethtool", "offloads cannot be looked at from a terminal"),
    ("ping", "iputils-ping", "terminals in the lab have no ping; Hopscope's own pings work"),
    ("tcpdump", "tcpdump", "terminals in the lab have no tcpdump; Hopscope's own capture works"),
];

pub fn findings() -> Vec<Finding> {
    let tools = TOOLS.iter().map(|&(tool, package, costs)| match find(tool) {
        Some(path) => Finding::good(tool, path.display().to_string()),
        None => {
            let mend = format!("sudo apt install {package}");
            Finding::bad(State::Limited, tool, "not installed", costs, mend)
        }
    });
    tools.collect()
}

/// Where a program is. Ordinary users' paths often lack the `sbin` directories.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"].map(PathBuf::from);
    std::env::split_paths(&path)
        .chain(more)
        .map(|directory| directory.join(program))
        .find(|found| found.is_file())
}
