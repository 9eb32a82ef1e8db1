//! Commands that "run all" leaves alone, since they are about more than the network that the page builds.

use crate::tutorial::{
    document::HeldBack,
    read::{programs::Started, shell::Simple},
};

pub fn held_back(simple: &Simple, starts: &[Started]) -> Option<HeldBack> {
    let by_program = starts.iter().find_map(|start| {
        let (name, args) = start.words.split_first()?;
        of_program(name, args)
    });
    by_program.or_else(|| {
        simple.writes.iter().any(|file| is_of_the_machine(file)).then_some(HeldBack::EditsMachine)
    })
}

const INSTALLERS: &[&str] = &[
    "apt",
    "apt-get",
    "aptitude",
    "dnf",
    "yum",
    "apk",
    "pacman",
    "zypper",
    "snap",
    "flatpak",
    "brew",
    "pip",
    "pip2",
    "pip3",
    "pipx",
    "npm",
    "yarn",
    "gem",
    "cargo",
    "emerge",
    "opkg",
    "rpm",
    "dpkg",
    "nix-env",
    "port",
    "tdnf",
    "microdnf",
    "add-apt-repository",
];

/// What they do without changing anything.
const ONLY_LOOKS: &[&str] = &[
    "list",
    "show",
    "search",
    "info",
    "policy",
    "--version",
    "-V",
    "-l",
    "-L",
    "-q",
    "-qa",
    "-ql",
    "-s",
    "--list",
];

const OUTSIDE: &[&str] = &[
    "docker",
    "docker-compose",
    "podman",
    "nerdctl",
    "kubectl",
    "crictl",
    "ctr",
    "helm",
    "minikube",
    "kind",
    "k3s",
    "lxc",
    "lxc-start",
    "virsh",
    "vagrant",
    "multipass",
    "machinectl",
    "systemctl",
    "systemd-run",
    "systemd-nspawn",
    "nmcli",
    "nmtui",
    "resolvectl",
    "networkctl",
    "firewall-cmd",
    "ssh",
    "aws",
    "gcloud",
    "az",
    "terraform",
    "ansible",
    "ansible-playbook",
    "loginctl",
    "busctl",
];

const MACHINE: &[&str] = &[
    "modprobe",
    "insmod",
    "rmmod",
    "depmod",
    "reboot",
    "shutdown",
    "halt",
    "poweroff",
    "useradd",
    "adduser",
    "usermod",
    "userdel",
    "deluser",
    "groupadd",
    "addgroup",
    "groupdel",
    "passwd",
    "chpasswd",
    "visudo",
    "chsh",
    "fdisk",
    "parted",
    "sfdisk",
    "mkswap",
    "swapon",
    "swapoff",
    "hostnamectl",
    "timedatectl",
    "localectl",
    "update-grub",
    "grub-install",
    "update-initramfs",
    "dracut",
    "netplan",
    "ufw",
    "service",
    "update-alternatives",
    "crontab",
    "setenforce",
    "netfilter-persistent",
    "chkconfig",
    "update-rc.d",
    "telinit",
    "setcap",
    "ifup",
    "ifdown",
    "apparmor_parser",
    "aa-teardown",
    "grubby",
];

fn of_program(name: &str, args: &[String]) -> Option<HeldBack> {
    let first = args.iter().find(|arg| !arg.starts_with('-')).map_or("", String::as_str);
    if INSTALLERS.contains(&name) {
        let looks = args.iter().any(|arg| ONLY_LOOKS.contains(&arg.as_str())) || args.is_empty();
        let builds = name == "cargo" && !["install", "add", "fetch"].contains(&first);
        return (!looks && !builds).then_some(HeldBack::Installs);
    }
    match name {
        "python" | "python3" if args.iter().any(|arg| arg == "pip") => Some(HeldBack::Installs),
        "make" if args.iter().any(|arg| arg.contains("install")) => Some(HeldBack::Installs),
        "go" if first == "install" || first == "get" => Some(HeldBack::Installs),
        "git" => ["clone", "pull", "fetch", "submodule"].contains(&first).then_some(HeldBack::Downloads),
        "docker" | "podman" | "nerdctl" | "crictl" | "ctr" if first == "pull" || first == "image" => {
            Some(HeldBack::Downloads)
        }
        "curl" | "wget" | "aria2c" | "lynx" => leaves_the_lab(args).then_some(HeldBack::Downloads),
        "scp" | "rsync" | "sftp" | "ftp" => {
            args.iter().any(|arg| arg.contains(':')).then_some(HeldBack::Downloads)
        }
        "systemctl" => {
            let looks =
                ["status", "is-active", "is-enabled", "list-units", "show", "cat", ""].contains(&first);
            Some(if looks { HeldBack::Elsewhere } else { HeldBack::EditsMachine })
        }
        _ if OUTSIDE.contains(&name) => Some(HeldBack::Elsewhere),
        _ if MACHINE.contains(&name) || name.starts_with("mkfs") => {
            let looks = (name == "service"
                && args.iter().any(|arg| arg == "status" || arg == "--status-all"))
                || (name == "ufw" && first == "status");
            (!looks).then_some(HeldBack::EditsMachine)
        }
        _ => edits(name, args).then_some(HeldBack::EditsMachine),
    }
}

/// Changes files or settings of the machine.
fn edits(name: &str, args: &[String]) -> bool {
    let plain = || args.iter().filter(|arg| !arg.starts_with('-')).map(String::as_str);
    let of_machine = || plain().any(is_of_the_machine);
    match name {
        "sysctl" => {
            let loads = args.iter().any(|arg| {
                ["-p", "--system", "--load"].contains(&arg.split('=').next().unwrap_or(arg))
                    || arg.starts_with("-p/")
            });
            let sets = plain().any(|arg| {
                arg.split_once('=')
                    .is_some_and(|(key, _)| !key.starts_with("net.") && !key.starts_with("net/"))
            });
            loads || sets
        }
        "init" => plain().next().is_some(),
        "dd" => args.iter().any(|arg| arg.strip_prefix("of=").is_some_and(is_of_the_machine)),
        "rm" | "shred" => plain().any(|file| is_of_the_machine(file) || is_everything(file)),
        "tee" | "touch" | "mkdir" | "rmdir" | "chmod" | "chown" | "chgrp" | "truncate" | "vi" | "vim"
        | "nano" | "emacs" | "vipw" | "sudoedit" => of_machine(),
        "sed" | "perl" => {
            args.iter().any(|arg| arg.starts_with("-i") || arg == "--in-place" || arg.starts_with("-pi"))
                && of_machine()
        }
        "cp" | "mv" | "ln" | "install" => args.last().is_some_and(|file| is_of_the_machine(file)),
        _ => name.starts_with("/etc/init.d"),
    }
}

/// Files that outlive the page and belong to the machine or to the person.
fn is_of_the_machine(file: &str) -> bool {
    let under =
        |folder: &str| file.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let harmless = ["/proc/sys/net", "/sys/class/net", "/proc/self", "/sys/fs/cgroup"].into_iter().any(under);
    let folders = ["/etc", "/usr", "/lib", "/lib64", "/boot", "/bin", "/sbin", "/opt", "/proc", "/sys"];
    let disk = file.starts_with("/dev/sd")
        || file.starts_with("/dev/nvme")
        || file.starts_with("/dev/vd")
        || file.starts_with("/dev/mapper");
    let of_person = ["~/.", "$HOME/."].iter().any(|start| file.starts_with(start));
    (folders.into_iter().any(under) && !harmless) || disk || of_person
}

fn is_everything(file: &str) -> bool {
    let bare = file.trim_end_matches('*').trim_end_matches('/');
    let is_root = bare.is_empty() && file.starts_with('/');
    is_root || ["~", "$HOME", "/var", "/home", "/root"].contains(&bare)
}

/// Whether something is fetched from the world, and not from a machine of the lab.
fn leaves_the_lab(args: &[String]) -> bool {
    let urls = args.iter().filter(|arg| {
        arg.contains("://") || (!arg.starts_with('-') && arg.contains('.') && !arg.starts_with('/'))
    });
    urls.map(|arg| arg.split_once("://").map_or(arg.as_str(), |(_, rest)| rest)).any(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
        match host.parse::<std::net::Ipv4Addr>() {
            Ok(address) => {
                !(address.is_private()
                    || address.is_loopback()
                    || address.is_link_local()
                    || address.is_documentation())
            }
            Err(_) => {
                host.contains('.')
                    && !host.contains(['$', '['])
                    && !host.ends_with(".local")
                    && host.ends_with(|c: char| c.is_ascii_alphabetic())
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::HeldBack::{Downloads, EditsMachine, Elsewhere, Installs};
    use crate::tutorial::read::nature::Nature;

    #[test]
    fn what_is_left_alone_is_known() {
        for (text, why) in [
            ("sudo apt-get install -y bridge-utils", Some(Installs)),
            ("apt update && apt install iproute2", Some(Installs)),
            ("DEBIAN_FRONTEND=x sudo -E apt install y", Some(Installs)),
            ("dnf install iproute", Some(Installs)),
            ("python3 -m pip install scapy", Some(Installs)),
            ("apt list --installed", None),
            ("wget https://example.org/x.tar.gz", Some(Downloads)),
            ("curl -fsSL https://example.org | sh", Some(Downloads)),
            ("x=$(curl -s https://example.org)", Some(Downloads)),
            ("curl http://10.0.0.2:8080/", None),
            ("ip netns exec red curl -s 192.168.1.1", None),
            ("curl localhost:80", None),
            ("git clone https://example.org/x", Some(Downloads)),
            ("docker pull alpine", Some(Downloads)),
            ("docker run -it alpine", Some(Elsewhere)),
            ("kubectl exec x -- ip a", Some(Elsewhere)),
            ("ip link set x netns $(docker inspect -f y z)", Some(Elsewhere)),
            ("sudo systemctl restart x", Some(EditsMachine)),
            ("systemctl status x", Some(Elsewhere)),
            ("sudo modprobe br_netfilter", Some(EditsMachine)),
            ("sudo sysctl -w net.ipv4.ip_forward=1", None),
            ("sysctl -w kernel.x=1", Some(EditsMachine)),
            ("sysctl -p", Some(EditsMachine)),
            ("echo 1 > /proc/sys/net/ipv4/ip_forward", None),
            ("echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward", None),
            ("echo x >> /etc/hosts", Some(EditsMachine)),
            ("echo x | sudo tee -a /etc/sysctl.conf", Some(EditsMachine)),
            ("sudo sh -c 'reboot'", Some(EditsMachine)),
            ("sed -i s/a/b/ /etc/x", Some(EditsMachine)),
            ("sudo nano /etc/network/interfaces", Some(EditsMachine)),
            ("cat /etc/hosts", None),
            ("cp /etc/hosts /tmp", None),
            ("rm -rf / --no-preserve-root", Some(EditsMachine)),
            ("rm -f /tmp/x", None),
            ("mkfs.ext4 /dev/x", Some(EditsMachine)),
            ("useradd x", Some(EditsMachine)),
            ("iptables -t nat -A POSTROUTING -j MASQUERADE", None),
            ("nft add table ip nat", None),
            ("install_all() {\n  apt install x\n}", None),
            ("echo apt install x", None),
        ] {
            assert_eq!(Nature::of(text, &Default::default()).held_back, why, "{text}");
        }
    }
}
