//! In which namespace a terminal's foreground stands, by name.

use std::{
    fs,
    os::{fd::AsFd, unix::fs::MetadataExt},
    path::Path,
};

use nix::unistd::{Pid, tcgetpgrp};

const NAMES: &str = "/run/netns";
/// These only stand at the door of a namespace and let others in.
const DOORKEEPERS: [&str; 4] = ["unshare", "nsenter", "sudo", "ip"];

/// What tells one namespace from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    inode: u64,
}

/// Where the process stands; `None` when it is gone.
pub fn of(process: Pid) -> Option<Identity> {
    at(Path::new(&format!("/proc/{process}/ns/net")))
}

/// Where that stands what runs in front on this terminal.
pub fn of_foreground(master: impl AsFd) -> Option<Identity> {
    let group = tcgetpgrp(master).ok().filter(|group| 0 < group.as_raw())?;
    // The first of a pipeline may have ended while others of it run.
    of(group).or_else(|| processes().filter(|&process| group_of(process) == Some(group)).find_map(of))
}

/// Its name, `host`, or `pid N` after the first process that lives there; `None` when nobody does any more, or only
/// who is about to let somebody in.
pub fn name(identity: Identity) -> Option<String> {
    if at(Path::new("/proc/self/ns/net")) == Some(identity) {
        return Some("host".into());
    }
    let mut names: Vec<_> = fs::read_dir(NAMES).into_iter().flatten().flatten().collect();
    names.sort_by_key(fs::DirEntry::file_name);
    if let Some(named) = names.iter().find(|named| at(&named.path()) == Some(identity)) {
        return Some(named.file_name().to_string_lossy().into_owned());
    }
    let mut inhabitants: Vec<Pid> = processes().filter(|&process| of(process) == Some(identity)).collect();
    inhabitants.sort_unstable();
    inhabitants.into_iter().find(|&process| !is_doorkeeper(process)).map(|process| format!("pid {process}"))
}

fn at(path: &Path) -> Option<Identity> {
    fs::metadata(path).ok().map(|found| Identity { device: found.dev(), inode: found.ino() })
}

/// All that live in the sandbox, in any order.
pub fn processes() -> impl Iterator<Item = Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).map(Pid::from_raw)
}

fn is_doorkeeper(process: Pid) -> bool {
    let name = fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
    DOORKEEPERS.contains(&name.trim_end())
}

fn group_of(process: Pid) -> Option<Pid> {
    nix::unistd::getpgid(Some(process)).ok()
}
