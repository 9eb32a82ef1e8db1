//! STAND-IN for the kernel module: a namespace's handle and how to enter it.

use std::{
    fs::File,
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    panic::resume_unwind,
    sync::Arc,
    thread,
};

use nix::sched::{CloneFlags, setns};

#[derive(Clone, Debug)]
pub struct NamespaceFd(Arc<OwnedFd>);

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

pub fn in_namespace<T: Send>(fd: &NamespaceFd, run: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let enter = || {
            setns(fd, CloneFlags::CLONE_NEWNET)?;
            Ok(run())
        };
        let visit = thread::Builder::new().name("namespace visit".into()).spawn_scoped(scope, enter)?;
        visit.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}
