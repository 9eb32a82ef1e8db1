//! What only an attempt can tell: a sandbox is made, things are tried out in it, and it goes again.

use std::fs;

use super::{Finding, State, tools};
use crate::engine::{
    client::{Engine, Feature, StartError},
    protocol::SandboxReport,
    sandbox::{APPARMOR_MEND, NAMESPACE_LIMIT, apparmor_restricts, range_for, setting},
};

const NO_LABS: &str = "no lab can be built on this machine; recordings can still be shown";

pub fn findings() -> Vec<Finding> {
    let (sandbox, attempts) = attempt();
    let mut findings = vec![kernel_version(), user_namespaces(sandbox.as_ref()), id_range(sandbox.as_ref())];
    findings.extend(attempts);
    findings.extend([libpcap(), tun(), arp_limit()]);
    findings
}

fn kernel_version() -> Finding {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut numbers = release.split(['.', '-']).map_while(|part| part.trim().parse::<u32>().ok());
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if (5, 9) <= version {
        return Finding::good("kernel", release.trim());
    }
    let costs = "Hopscope is tried with Linux 5.9 and later only";
    Finding::bad(State::Limited, "kernel", release.trim(), costs, "use a newer kernel")
}

/// `sandbox`: what one became here, if it could be made at all.
fn user_namespaces(sandbox: Option<&SandboxReport>) -> Finding {
    let what = "user namespaces";
    let without = "the sandbox keeps the machine from accidents only: in it, root is the machine's own";
    let as_root = sandbox.is_some_and(|report| !report.user_namespace);
    let (state, costs) = if as_root { (State::Limited, without) } else { (State::Broken, NO_LABS) };
    match setting(NAMESPACE_LIMIT) {
        None => {
            let mend = "use a kernel with CONFIG_USER_NS, or run it with sudo";
            Finding::bad(state, what, "this kernel has none", costs, mend)
        }
        Some(0) => {
            let says = "forbidden (user.max_user_namespaces is 0)";
            Finding::bad(state, what, says, costs, "sudo sysctl user.max_user_namespaces=10000")
        }
        Some(_) if apparmor_restricts() && sandbox.is_none() => {
            let says = "AppArmor gives rights in them only to programs with a profile";
            let costs = "without its profile Hopscope cannot build labs as an ordinary user";
            Finding::bad(State::Limited, what, says, costs, APPARMOR_MEND)
        }
        Some(_) if apparmor_restricts() => {
            Finding::good(what, "restricted by AppArmor, but not for whoever runs this")
        }
        Some(limit) => Finding::good(what, format!("allowed, {limit} at most")),
    }
}

fn id_range(sandbox: Option<&SandboxReport>) -> Finding {
    let what = "range of user ids";
    let user = nix::unistd::geteuid();
    let costs = "tools in the lab that change user, such as tcpdump, stay root of the lab instead";
    let only_one = sandbox.is_some_and(|report| !report.id_range);
    if user.is_root() {
        return match only_one {
            false => Finding::good(what, "root takes one that nobody has"),
            true => {
                let mend = "give the container more user ids (a map of at least 2000)";
                Finding::bad(State::Limited, what, "this root has too few ids to give away", costs, mend)
            }
        };
    }
    let name =
        nix::unistd::User::from_uid(user).ok().flatten().map_or_else(|| user.to_string(), |user| user.name);
    let range = |file| range_for(&fs::read_to_string(file).ok()?, Some(&name), user.as_raw());
    match (tools::find("newuidmap"), range("/etc/subuid"), range("/etc/subgid")) {
        (Some(newuidmap), Some(_), Some(_)) if only_one => {
            let says = format!("{} did not give the range of /etc/subuid", newuidmap.display());
            Finding::bad(State::Limited, what, says, costs, "sudo apt install --reinstall uidmap")
        }
        (Some(_), Some(users), Some(_)) => {
            Finding::good(what, format!("{} more from {} on", users.count, users.first))
        }
        (None, ..) => {
            let mend = tools::install(&[("uidmap", "shadow-utils")]);
            Finding::bad(State::Limited, what, "newuidmap is not installed", costs, mend)
        }
        _ => {
            let says = format!("/etc/subuid and /etc/subgid give none to {name}");
            let mend = format!("sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {name}");
            Finding::bad(State::Limited, what, says, costs, mend)
        }
    }
}

/// Makes a sandbox, and tries out the kernel's features in it.
fn attempt() -> (Option<SandboxReport>, Vec<Finding>) {
    let engine = match Engine::start() {
        Ok(engine) => engine,
        Err(StartError::Refused(refusal)) => {
            let broken = Finding::bad(State::Broken, "sandbox", refusal.why, NO_LABS, refusal.mend);
            return (None, vec![broken]);
        }
        Err(error) => {
            let mend = "install hopscope anew, and report it if that does not help";
            let broken = Finding::bad(State::Broken, "sandbox", error.to_string(), NO_LABS, mend);
            return (None, vec![broken]);
        }
    };
    let report = engine.sandbox().clone();
    let mut findings = vec![Finding::good("sandbox", "it can be made")];
    findings.extend(report.shortfalls.iter().map(|shortfall| {
        let (costs, mend) =
            ("tools in the lab may show or do less than they would as root", "usually nothing: labs work");
        Finding::bad(State::Limited, "inside the sandbox", shortfall.as_str(), costs, mend)
    }));
    match engine.features() {
        Ok(features) => findings.extend(features.into_iter().map(feature)),
        Err(error) => {
            let mend = "report it with this text";
            findings.push(Finding::bad(
                State::Limited,
                "kernel features",
                error.to_string(),
                "they are unknown",
                mend,
            ));
        }
    }
    // What was found stays true however the engine ends; dropped, it ends anyway.
    let _stopped = engine.stop();
    (Some(report), findings)
}

fn feature(Feature { name, missing }: Feature) -> Finding {
    let Some(why) = missing else { return Finding::good(name, "works") };
    let (state, costs, module, option) = match name.as_str() {
        "veth" => (State::Broken, "no cables, so no labs", Some("veth"), "CONFIG_VETH"),
        "bridge" => (State::Broken, "no bridges", Some("bridge"), "CONFIG_BRIDGE"),
        "br_netfilter" => {
            // Its absence changes nothing: labs switch it off anyway.
            return Finding::good(name, "not loaded, and not needed");
        }
        "bridge VLAN filtering" => (
            State::Limited,
            "labs with VLANs on bridges cannot be built",
            // A part of the module “bridge”: there or not, and loaded with it.
            None,
            "CONFIG_BRIDGE_VLAN_FILTERING",
        ),
        "802.1Q interfaces" => {
            (State::Limited, "no VLAN interfaces in namespaces", Some("8021q"), "CONFIG_VLAN_8021Q")
        }
        "netem" => (State::Limited, "no artificial delay or loss", Some("sch_netem"), "CONFIG_NET_SCH_NETEM"),
        "nf_tables" => {
            (State::Limited, "no masquerading and no filter rules", Some("nf_tables"), "CONFIG_NF_TABLES")
        }
        _ => (State::Limited, "labs that need it cannot be built", None, "it"),
    };
    let mend = match module {
        Some(module) => {
            format!("sudo modprobe {module}; if there is no such module, use a kernel with {option}")
        }
        None => format!("use a kernel with {option}"),
    };
    Finding::bad(state, name, format!("this kernel has it not: {why}"), costs, mend)
}

fn libpcap() -> Finding {
    // The program would not have started without it: it is linked.
    let directories = ["/usr/lib", "/usr/lib64", "/lib"].map(str::to_owned);
    let multiarch = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    let files =
        directories.into_iter().chain([multiarch]).filter_map(|directory| fs::read_dir(directory).ok());
    let names = files.flatten().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let version =
        names.filter_map(|name| Some(name.strip_prefix("libpcap.so.")?.to_owned())).max_by_key(String::len);
    Finding::good("libpcap", version.unwrap_or_else(|| "linked in".into()))
}

fn tun() -> Finding {
    match fs::OpenOptions::new().read(true).write(true).open("/dev/net/tun") {
        Ok(_) => Finding::good("/dev/net/tun", "can be opened"),
        Err(error) => {
            let costs = "virtual machines and VPN programs cannot take part in a lab";
            let mend = "sudo modprobe tun && sudo chmod 666 /dev/net/tun";
            Finding::bad(State::Limited, "/dev/net/tun", error.to_string(), costs, mend)
        }
    }
}

/// The kernel counts neighbours over all namespaces together.
fn arp_limit() -> Finding {
    let what = "ARP entries on the whole machine";
    match setting("/proc/sys/net/ipv4/neigh/default/gc_thresh3") {
        Some(limit) if limit <= 1024 => {
            let says = format!("{limit} at most");
            let costs = "labs where more than about 30 namespaces all talk to each other lose frames";
            let mend = "sudo sysctl net.ipv4.neigh.default.gc_thresh3=8192, for such labs";
            Finding::bad(State::Limited, what, says, costs, mend)
        }
        Some(limit) => Finding::good(what, format!("{limit} at most")),
        None => Finding::good(what, "unknown here: only the machine's first network namespace shows it"),
    }
}
