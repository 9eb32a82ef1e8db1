//! The sandbox's own view of the file system: a `/run` with `/run/netns` for its namespaces and `/run/hopscope` for
//! what its shells need, `/proc` and `/sys` that show its processes and interfaces, and terminals of its own.

use std::{
    fs::{self, File},
    io,
    os::fd::AsRawFd,
    path::{Path, PathBuf},
};

use nix::mount::{MsFlags, mount};

use super::refusal;
use crate::engine::protocol::Refusal;

const NAMES: &str = "/run/netns";
const SHELLS: &str = "/run/hopscope";
const NO_PATH: Option<&str> = None;

/// Everything but `/proc`. What the sandbox can do without is written to `shortfalls`.
pub fn arrange(shortfalls: &mut Vec<String>) -> Result<(), Refusal> {
    // Whatever is mounted from now on stays in here.
    mount(NO_PATH, "/", NO_PATH, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NO_PATH)
        .map_err(|error| refusal::mount_failed("making the mounts private", error))?;
    replace_run(shortfalls).map_err(|error| refusal::mount_failed("replacing /run", error))?;
    for own in [NAMES, SHELLS] {
        fs::create_dir(own).map_err(|error| refusal::mount_failed(&format!("making {own}"), error))?;
    }
    tmpfs(NAMES).map_err(|error| refusal::mount_failed("mounting on /run/netns", error))?;
    // A namespace that is made at one shell is to be found by the others, which have mounts of their own.
    mount(NO_PATH, NAMES, NO_PATH, MsFlags::MS_SHARED, NO_PATH)
        .map_err(|error| refusal::mount_failed("sharing /run/netns", error))?;
    if let Err(error) = arrange_terminals() {
        shortfalls.push(format!("terminals inside are among the machine's: {error}"));
    }
    if let Err(error) = over("/sys", "sysfs", MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC) {
        shortfalls.push(format!("/sys still shows the machine's interfaces, not the sandbox's: {error}"));
    }
    Ok(())
}

/// Must be called by a member of the new PID namespace.
pub fn arrange_proc(shortfalls: &mut Vec<String>) {
    if let Err(error) = over("/proc", "proc", MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC) {
        shortfalls.push(format!("/proc still shows the machine's processes, not the sandbox's: {error}"));
    }
}

fn over(at: &str, kind: &str, flags: MsFlags) -> io::Result<()> {
    Ok(mount(Some(kind), at, Some(kind), flags, NO_PATH)?)
}

fn tmpfs(at: &str) -> io::Result<()> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    Ok(mount(Some("tmpfs"), at, Some("tmpfs"), flags, Some("mode=755"))?)
}

/// The sandbox's terminals are numbered on their own, and those of the machine cannot be reached.
fn arrange_terminals() -> io::Result<()> {
    const TERMINALS: &str = "/dev/pts";
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC;
    let settings = Some("newinstance,ptmxmode=0666,mode=0620");
    mount(Some("devpts"), TERMINALS, Some("devpts"), flags, settings)?;
    let maker = Path::new("/dev/ptmx");
    // Elsewhere it is a link there already.
    if !maker.is_symlink() {
        mount(Some("/dev/pts/ptmx"), maker, NO_PATH, MsFlags::MS_BIND, NO_PATH)?;
    }
    Ok(())
}

/// An ordinary user cannot make anything in `/run`, and nothing of ours is to be seen there. So a `/run` of our own is
/// put over the old one, and what the old one held is bound into it.
fn replace_run(shortfalls: &mut Vec<String>) -> io::Result<()> {
    let old = File::open("/run")?;
    let mut names: Vec<_> = fs::read_dir("/run")?.collect::<io::Result<Vec<_>>>()?;
    // What the machine has by these names is none of the sandbox's.
    names.retain(|entry| [NAMES, SHELLS].iter().all(|own| entry.path() != Path::new(own)));
    names.sort_by_key(fs::DirEntry::file_name);
    let kinds: Vec<_> = names.iter().map(fs::DirEntry::file_type).collect();
    tmpfs("/run")?;
    for (entry, kind) in names.iter().zip(kinds) {
        // Through the descriptor one still reaches what the new mount covers.
        let from = PathBuf::from(format!("/proc/self/fd/{}", old.as_raw_fd())).join(entry.file_name());
        let to = Path::new("/run").join(entry.file_name());
        if let Err(error) = kind.and_then(|kind| bring(&from, &to, kind)) {
            shortfalls.push(format!("{} is not visible inside: {error}", to.display()));
        }
    }
    Ok(())
}

fn bring(from: &Path, to: &Path, kind: fs::FileType) -> io::Result<()> {
    if kind.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    if kind.is_dir() {
        fs::create_dir(to)?;
    } else {
        File::create_new(to)?;
    }
    Ok(mount(Some(from), to, NO_PATH, MsFlags::MS_BIND | MsFlags::MS_REC, NO_PATH)?)
}
