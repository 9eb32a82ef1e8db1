//! The programs that people in a lab like to type. Hopscope's own probes need none of them.

use std::path::PathBuf;

use super::{Finding, State};

/// Program, its packages (Debian's, Fedora's), what is missed without it.
const TOOLS: &[(&str, (&str, &str), &str)] = &[
    (
        "ip",
        ("iproute2", "iproute"),
        "terminals in the lab have no ip, and scripts that were exported cannot run",
    ),
    ("nft", ("nftables", "nftables"), "masquerading and filter rules of a lab cannot be set"),
    ("ethtool", ("ethtool", "ethtool"), "offloads cannot be looked at from a terminal"),
    ("ping", ("iputils-ping", "iputils"), "terminals in the lab have no ping; Hopscope's own pings work"),
    ("tcpdump", ("tcpdump", "tcpdump"), "terminals in the lab have no tcpdump; Hopscope's own capture works"),
];

pub fn findings() -> Vec<Finding> {
    let tools = TOOLS.iter().map(|&(tool, packages, costs)| match find(tool) {
        Some(path) => Finding::good(tool, path.display().to_string()),
        None => Finding::bad(State::Limited, tool, "not installed", costs, install(&[packages])),
    });
    tools.collect()
}

/// What installs packages, each named as Debian and as Fedora call it, with the tool that is here.
pub fn install(packages: &[(&str, &str)]) -> String {
    install_with(find("apt-get").is_some(), find("dnf").is_some(), packages)
}

fn install_with(has_apt: bool, has_dnf: bool, packages: &[(&str, &str)]) -> String {
    let (debian, fedora): (Vec<&str>, Vec<&str>) = packages.iter().copied().unzip();
    match (has_apt, has_dnf) {
        (true, _) => format!("sudo apt install {}", debian.join(" ")),
        (false, true) => format!("sudo dnf install {}", fedora.join(" ")),
        (false, false) => format!("install what Debian calls {}", debian.join(" ")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_as_the_machine_calls_them() {
        let packages = [("iproute2", "iproute"), ("uidmap", "shadow-utils")];
        assert_eq!(install_with(true, true, &packages), "sudo apt install iproute2 uidmap");
        assert_eq!(install_with(false, true, &packages), "sudo dnf install iproute shadow-utils");
        assert_eq!(install_with(false, false, &packages), "install what Debian calls iproute2 uidmap");
    }
}
