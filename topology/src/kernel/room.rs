//! A namespace as the kernel module sees it: a handle that keeps it alive, and the socket opened inside.
//!
//! A namespace is entered only by a short-lived thread of its own that never goes back.
//! A socket belongs for ever to the namespace it was born in, so what such a thread opens may
//! afterwards be used from anywhere.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    os::{
        fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd},
        unix::fs::MetadataExt,
    },
    panic::resume_unwind,
    sync::Arc,
    thread,
};

use nix::sched::{CloneFlags, setns};
use rtnetlink::{MulticastGroup, packet_core::NetlinkMessage, packet_route::RouteNetlinkMessage};
use tokio::{
    runtime::{Handle, Runtime},
    task::JoinHandle,
};

use crate::InterfaceName;

use super::{netlink::Netlink, observe::Seen};

/// What tells two namespaces apart while one of them is held: device and inode of the kernel's file system of
/// namespaces.
pub(super) type Identity = (u64, u64);

/// Keeps a network namespace alive, whatever happens to its name. Cheap to clone.
#[derive(Clone, Debug)]
pub struct NamespaceFd(Arc<OwnedFd>);

impl NamespaceFd {
    /// The namespace of the calling thread.
    pub(super) fn of_this_thread() -> io::Result<Self> {
        Self::open("/proc/thread-self/ns/net")
    }

    pub(super) fn open(path: impl AsRef<std::path::Path>) -> io::Result<Self> {
        Ok(Self(Arc::new(File::open(path)?.into())))
    }

    /// What tells two namespaces apart: the inode in the kernel's own file system of namespaces.
    pub fn identity(&self) -> io::Result<(u64, u64)> {
        let file = File::from(self.0.try_clone()?);
        let found = file.metadata()?;
        Ok((found.dev(), found.ino()))
    }
}

/// An open `/proc/…/ns/net` or `/run/netns/…`.
impl From<File> for NamespaceFd {
    fn from(file: File) -> Self {
        Self(Arc::new(file.into()))
    }
}

impl AsFd for NamespaceFd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl AsRawFd for NamespaceFd {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// Runs `run` on a new thread inside the namespace; the thread ends with it.
///
/// Whatever `run` starts (threads, processes) and opens (sockets) is of that namespace.
/// Errors: the thread could not be started, or may not enter (`CAP_SYS_ADMIN` is needed in the user
/// namespaces of both the caller and the network namespace, setns(2)).
pub fn in_namespace<T: Send>(fd: &NamespaceFd, run: impl FnOnce() -> T + Send) -> io::Result<T> {
    on_own_thread(|| {
        setns(fd, CloneFlags::CLONE_NEWNET)?;
        Ok(run())
    })
}

/// Runs `run` on a new thread, which may change its namespaces as it likes, and waits for it.
pub(super) fn on_own_thread<T: Send>(run: impl FnOnce() -> io::Result<T> + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let visit = thread::Builder::new().name("namespace visit".into()).spawn_scoped(scope, run)?;
        visit.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// The kernel's own announcements on the links of a namespace.
pub(super) type Announcements = futures_util::stream::BoxStream<'static, NetlinkMessage<RouteNetlinkMessage>>;

/// Listens to announcements; the task ends when it is aborted.
pub(super) fn listen_to_links(
    runtime: &Runtime,
    fd: &NamespaceFd,
) -> io::Result<(JoinHandle<()>, Announcements)> {
    use futures_util::StreamExt;
    in_namespace(fd, || {
        let _in_runtime = runtime.enter();
        let (connection, _, messages) = rtnetlink::new_multicast_connection(&[MulticastGroup::Link])?;
        Ok((runtime.spawn(connection), messages.map(|(message, _)| message).boxed()))
    })?
}

/// One namespace that a [`super::Kernel`] works in.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) fd: NamespaceFd,
    pub(super) identity: Identity,
    pub(super) netlink: Netlink,
    /// The kernel's numbers of the interfaces, as far as they were asked for in this piece of work.
    pub(super) indexes: BTreeMap<InterfaceName, u32>,
    /// Whether an address may be removed without its neighbours, see [`super::sysctl::promote_secondaries`].
    pub(super) promotes: bool,
    /// Whether there may be bridges, as far as it was looked at or worked in.
    pub(super) has_bridges: bool,
    /// Whether bridged frames are kept away from iptables, see [`super::sysctl::quieten_bridges`].
    pub(super) bridges_quiet: bool,
    /// As it was when it was last asked.
    pub(super) seen: Option<Seen>,
}

impl Room {
    /// Its netlink is waited for on `runtime`.
    pub(super) fn open(fd: NamespaceFd, runtime: &Handle) -> io::Result<Self> {
        let netlink = in_namespace(&fd, || Netlink::open_here(runtime))??;
        Self::with_netlink(fd, netlink)
    }

    pub(super) fn with_netlink(fd: NamespaceFd, netlink: Netlink) -> io::Result<Self> {
        let identity = fd.identity()?;
        let indexes = BTreeMap::new();
        let (promotes, has_bridges, bridges_quiet, seen) = (false, true, false, None);
        Ok(Self { fd, identity, netlink, indexes, promotes, has_bridges, bridges_quiet, seen })
    }
}
