//! Named namespaces: made, found and removed as `ip netns` does, so that it sees them.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::{fd::AsFd, unix::fs::OpenOptionsExt},
    path::{Path, PathBuf},
};

use nix::{
    mount::{MntFlags, MsFlags, mount, umount2},
    sched::{CloneFlags, unshare},
    sys::statfs::{FsType, fstatfs},
};
use tokio::runtime::Runtime;

use crate::{NamespaceName, StepError, Sysctls};

use super::{
    refusal::Attempt,
    room::{NamespaceFd, Room, Sockets, on_own_thread},
    sysctl,
};

/// Where `ip netns` keeps its names (iproute2's NETNS_RUN_DIR).
const FOLDER: &str = "/run/netns";

/// `NSFS_MAGIC` (linux/magic.h).
const NSFS: FsType = FsType(0x6e73_6673);

fn path(name: &NamespaceName) -> PathBuf {
    Path::new(FOLDER).join(name.as_str())
}

fn attempt(doing: &str, name: &NamespaceName) -> Attempt {
    let thing = format!("the namespace {name}");
    Attempt::new(format!("{doing} {thing}"), thing.clone(), thing)
}

/// Makes namespaces, in order, on one thread that moves into each new one and is then done with.
/// On failure gives those made before it too.
pub(super) fn make(
    runtime: &Runtime,
    wanted: &[(&NamespaceName, &Sysctls)],
) -> (Vec<Room>, Result<(), StepError>) {
    let mut made = Vec::with_capacity(wanted.len());
    let result = on_own_thread(|| {
        Ok(wanted.iter().try_for_each(|(name, sysctls)| {
            made.push(
                make_here(runtime, name, sysctls).map_err(|error| attempt("making", name).failed(&error))?,
            );
            Ok(())
        }))
    });
    let result =
        result.unwrap_or_else(|error| Err(Attempt::new("starting a thread", "it", "it").failed(&error)));
    (made, result)
}

fn make_here(runtime: &Runtime, name: &NamespaceName, sysctls: &Sysctls) -> io::Result<Room> {
    fs::create_dir_all(FOLDER)?;
    let path = path(name);
    OpenOptions::new().write(true).create_new(true).mode(0o444).open(&path)?;
    let room = unshare_and_settle(runtime, sysctls).and_then(|room| {
        mount(Some("/proc/thread-self/ns/net"), &path, None::<&str>, MsFlags::MS_BIND, None::<&str>)?;
        Ok(room)
    });
    room.inspect_err(|_| {
        // The reason for the failure matters more than an empty file that could not be removed.
        let _ = fs::remove_file(&path);
    })
}

fn unshare_and_settle(runtime: &Runtime, sysctls: &Sysctls) -> io::Result<Room> {
    unshare(CloneFlags::CLONE_NEWNET)?;
    sysctl::prepare()?;
    sysctl::write_all_here(sysctls)?;
    let mut room = Room::with_sockets(NamespaceFd::of_this_thread()?, Sockets::open_here(runtime)?)?;
    room.prepared = true;
    Ok(room)
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

/// The namespaces that have a name, in order of their names. What cannot be one of ours (odd names,
/// files that are no namespaces, a name that is being made at this moment) is left out.
pub(super) fn named() -> io::Result<Vec<(NamespaceName, NamespaceFd)>> {
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
            && let Some(fd) = open(&name)
        {
            found.push((name, fd));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}

pub(super) fn open(name: &NamespaceName) -> Option<NamespaceFd> {
    let path = path(name);
    let file = File::open(&path).ok()?;
    let is_namespace = fstatfs(file.as_fd()).ok()?.filesystem_type() == NSFS;
    is_namespace.then(|| NamespaceFd::open(&path).ok()).flatten()
}
