//! Named namespaces: made, found and removed as `ip netns` does, so that it sees them.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::{fd::AsFd, unix::fs::OpenOptionsExt},
    path::{Path, PathBuf},
};

use nix::{
    mount::{MntFlags, MsFlags, mount, umount2},
    sched::{CloneFlags, setns, unshare},
    sys::statfs::{FsType, fstatfs},
};
use tokio::runtime::Handle;

use crate::{NamespaceName, StepError, Sysctls};

use super::{
    refusal::Attempt,
    room::{NamespaceFd, Room, Sockets},
    sysctl::{self, AsBorn},
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

/// Makes namespaces, in order, and gives each to `take` until that wants no more, or until one could
/// not be made. For a thread that ends with it: that thread moves into each of them.
pub(super) fn make<'a>(
    runtime: &Handle,
    wanted: impl Iterator<Item = (&'a NamespaceName, &'a Sysctls)>,
    take: impl Fn(Result<Room, StepError>) -> bool,
) {
    let mut maker: Option<Maker> = None;
    for (name, sysctls) in wanted {
        let failed = |error: io::Error| attempt("making", name).failed(&error);
        let made = if name.is_host() {
            Err(StepError::Exists(format!("the namespace {name}")))
        } else {
            let maker = match &mut maker {
                Some(maker) => Ok(maker),
                none => Maker::here(runtime).map(|maker| none.insert(maker)),
            };
            maker.and_then(|maker| maker.make(name, sysctls)).map_err(failed)
        };
        let is_last = made.is_err();
        if !take(made) || is_last {
            return;
        }
    }
}

struct Maker<'a> {
    runtime: &'a Handle,
    /// All namespaces are made from this one, so they all begin with the same settings, even where
    /// those are inherited (`net.core.devconf_inherit_init_net`).
    home: NamespaceFd,
    as_born: Option<AsBorn>,
}

impl<'a> Maker<'a> {
    fn here(runtime: &'a Handle) -> io::Result<Self> {
        fs::create_dir_all(FOLDER)?;
        Ok(Self { runtime, home: NamespaceFd::of_this_thread()?, as_born: None })
    }

    fn make(&mut self, name: &NamespaceName, sysctls: &Sysctls) -> io::Result<Room> {
        let path = path(name);
        OpenOptions::new().write(true).create_new(true).mode(0o444).open(&path)?;
        let room = self.unshare_and_settle(sysctls).and_then(|room| {
            mount(Some("/proc/thread-self/ns/net"), &path, None::<&str>, MsFlags::MS_BIND, None::<&str>)?;
            Ok(room)
        });
        room.inspect_err(|_| {
            // The reason for the failure matters more than an empty file that could not be removed.
            let _ = fs::remove_file(&path);
        })
    }

    fn unshare_and_settle(&mut self, sysctls: &Sysctls) -> io::Result<Room> {
        if self.as_born.is_some() {
            setns(&self.home, CloneFlags::CLONE_NEWNET)?;
        }
        unshare(CloneFlags::CLONE_NEWNET)?;
        let as_born = match &self.as_born {
            Some(as_born) => as_born,
            None => self.as_born.insert(AsBorn::read_here()?),
        };
        sysctl::settle(as_born, sysctls)?;
        let mut room = Room::with_sockets(NamespaceFd::of_this_thread()?, Sockets::open_here(self.runtime)?)?;
        room.prepared = true;
        Ok(room)
    }
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
