//! How many files the engine may have open. A lab of two hundred namespaces needs some two thousand, and most machines
//! give a process 1024 as long as it does not ask for more.

use std::{io, sync::OnceLock};

use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};

/// As the engine was started with: the soft limit, and the hard one.
static BEFORE: OnceLock<(rlim_t, rlim_t)> = OnceLock::new();

/// As many as the machine allows. Where they cannot be had it stays as it is, and a lab that is too large says so.
pub fn allow_all() {
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < hard
        && setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_ok()
    {
        let _only_once = BEFORE.set((soft, hard));
    }
}

/// For what is started inside: programs that wait by select(2) break with numbers beyond 1024.
/// No more than a system call, so that it can be called between fork and exec.
pub fn limit_as_before() -> io::Result<()> {
    match BEFORE.get() {
        Some(&(soft, hard)) => Ok(setrlimit(Resource::RLIMIT_NOFILE, soft, hard)?),
        None => Ok(()),
    }
}
