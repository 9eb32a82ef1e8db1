//! Named namespaces: made, found and removed as `ip netns` does, so that it sees them.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::{
        fd::AsFd,
        unix::fs::{MetadataExt, OpenOptionsExt},
    },
    path::{Path, PathBuf},
};

use nix::{
    mount::{MntFlags, MsFlags, mount, umount2},
    sched::{CloneFlags, unshare},
    sys::statfs::{FsType, fstatfs},
};

use tokio::runtime::Handle;

use crate::{NamespaceName, StepError, Sysctls};

use super::{
    netlink::Netlink,
    refusal::Attempt,
    room::{Identity, NamespaceFd, Room},
    sysctl::{Fresh, Setting},
};

/// Where `ip netns` keeps its names (iproute2's NETNS_RUN_DIR).
pub(super) const FOLDER: &str = "/run/netns";

/// `NSFS_MAGIC` (linux/magic.h).
const NSFS: FsType = FsType(0x6e73_6673);

fn path(name: &NamespaceName) -> PathBuf {
    Path::new(FOLDER).join(name.as_str())
}

fn attempt(doing: &str, name: &NamespaceName) -> Attempt {
    let thing = format!("the namespace {name}");
    Attempt::new(format!("{doing} {thing}"), thing.clone(), thing)
}

/// A namespace that was just made, and what is still to be written before it is as it was wanted.
#[derive(Debug)]
pub(super) struct Made {
    name: NamespaceName,
    room: Room,
    settings: Vec<Setting>,
}

impl Made {
    /// Settings of a stack are not queued for the lock that all changes of the kernel's networking need: while
    /// another thread holds it, the kernel tries again and again (`restart_syscall` in net/ipv6/addrconf.c). So this
    /// belongs on the thread that makes those changes, where nobody holds it.
    pub(super) fn settle(self) -> Result<Room, StepError> {
        let written = self.settings.into_iter().try_for_each(Setting::write);
        written.map(|()| self.room).map_err(|error| {
            // Half made is not made; the reason matters more than a name that could not be removed.
            let _ = remove(&self.name);
            attempt("making", &self.name).failed(&error)
        })
    }
}

/// Makes a namespace and leaves the calling thread in it. `fresh` is what new ones start with, once known.
pub(super) fn make_here(
    name: &NamespaceName,
    sysctls: &Sysctls,
    runtime: &Handle,
    fresh: &mut Option<Fresh>,
) -> Result<Made, StepError> {
    let failed = |error: io::Error| attempt("making", name).failed(&error);
    fs::create_dir_all(FOLDER).map_err(failed)?;
    let path = path(name);
    OpenOptions::new().write(true).create_new(true).mode(0o444).open(&path).map_err(failed)?;
    let made = unshare_and_open(sysctls, runtime, fresh).and_then(|(room, settings)| {
        mount(Some("/proc/thread-self/ns/net"), &path, None::<&str>, MsFlags::MS_BIND, None::<&str>)?;
        Ok(Made { name: name.clone(), room, settings })
    });
    made.map_err(|error| {
        // The reason for the failure matters more than an empty file that could not be removed.
        let _ = fs::remove_file(&path);
        failed(error)
    })
}

fn unshare_and_open(
    sysctls: &Sysctls,
    runtime: &Handle,
    fresh: &mut Option<Fresh>,
) -> io::Result<(Room, Vec<Setting>)> {
    unshare(CloneFlags::CLONE_NEWNET)?;
    let fresh = match fresh {
        Some(fresh) => fresh,
        None => fresh.insert(Fresh::read_here()?),
    };
    let settings = fresh.settle_here(sysctls)?;
    let mut room = Room::with_netlink(NamespaceFd::of_this_thread()?, Netlink::open_here(runtime)?)?;
    room.has_bridges = false;
    Ok((room, settings))
}

/// Takes the name away; the namespace itself goes when nothing holds it any more.
pub(super) fn remove(name: &NamespaceName) -> Result<(), StepError> {
    let failed = |error: io::Error| attempt("removing", name).failed(&error);
    let path = path(name);
    match umount2(&path, MntFlags::MNT_DETACH) {
        // EINVAL: nothing is mounted there, so it is a bare file that somebody left.
        Ok(()) | Err(nix::errno::Errno::EINVAL) => {}
        Err(error) => return Err(failed(error.into())),
    }
    fs::remove_file(path).map_err(failed)
}

/// What has a name and may be a namespace, in order of the names. Names that cannot be one of ours are left out;
/// only [`open`] finds out whether there is a namespace behind one.
pub(super) fn named() -> io::Result<Vec<(NamespaceName, Identity)>> {
    let entries = match fs::read_dir(FOLDER) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        other => other?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().and_then(|name| NamespaceName::new(name).ok()) else {
            continue;
        };
        if !name.is_host()
            && name.process().is_none()
            && let Some(identity) = identity(&name)
        {
            found.push((name, identity));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}

/// What stands under the name, which need not be a namespace.
pub(super) fn identity(name: &NamespaceName) -> Option<Identity> {
    let found = fs::metadata(path(name)).ok()?;
    Some((found.dev(), found.ino()))
}

/// The namespace of that name, or of that process.
pub(super) fn open(name: &NamespaceName) -> Option<NamespaceFd> {
    if let Some(pid) = name.process() {
        return NamespaceFd::open(format!("/proc/{pid}/ns/net")).ok();
    }
    let file = File::open(path(name)).ok()?;
    let is_namespace = fstatfs(file.as_fd()).ok()?.filesystem_type() == NSFS;
    is_namespace.then(|| file.into())
}
