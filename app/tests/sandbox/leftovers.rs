//! Looks for what an engine might leave behind.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::{
        fd::{AsFd, FromRawFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    path::Path,
    time::{Duration, Instant},
};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// What anybody on the machine could see of a lab.
#[derive(Debug, PartialEq, Eq)]
pub struct Traces {
    interfaces: BTreeSet<String>,
    named_namespaces: BTreeSet<String>,
    mounts: BTreeSet<String>,
}

impl Traces {
    pub fn of_this_machine() -> Self {
        let list = |directory: &str| {
            let entries = fs::read_dir(directory).into_iter().flatten().flatten();
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
        };
        let mounts = fs::read_to_string("/proc/self/mountinfo").expect("proc is mounted");
        Self {
            interfaces: list("/sys/class/net"),
            named_namespaces: list("/run/netns"),
            mounts: mounts.lines().map(str::to_owned).collect(),
        }
    }
}

/// An engine's processes, outermost first, and the namespaces that they and their lab live in.
pub struct Footprint {
    pub processes: Vec<(i32, OwnedFd)>,
    namespaces: BTreeSet<u64>,
}

impl Footprint {
    /// Of a running engine, by its outermost process: waiter, init, worker, and whatever they started.
    pub fn of(outermost: u32) -> Self {
        let mut found = vec![outermost.cast_signed()];
        let parents = parents();
        let mut next = 0;
        while let Some(&parent) = found.get(next) {
            found.extend(parents.iter().filter(|&(_, &of)| of == parent).map(|(&child, _)| child));
            next += 1;
        }
        let own = namespaces_of("self");
        let mut namespaces: BTreeSet<u64> = BTreeSet::new();
        for process in &found {
            namespaces.extend(namespaces_of(&process.to_string()));
            let named = Path::new("/proc").join(process.to_string()).join("root/run/netns");
            namespaces.extend(fs::read_dir(named).into_iter().flatten().flatten().filter_map(|entry| {
                // Through the process' root, an entry is the namespace that is bound there.
                fs::metadata(entry.path()).ok().map(|found| found.ino())
            }));
        }
        let namespaces = namespaces.difference(&own).copied().collect();
        let processes = found.into_iter().map(|process| (process, pidfd(process))).collect();
        Self { processes, namespaces }
    }

    pub fn namespaces(&self) -> usize {
        self.namespaces.len()
    }

    /// Waits for the end of every process, then looks whether anybody still holds one of the namespaces.
    pub fn check_gone(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        for (process, end) in &self.processes {
            let left = deadline.saturating_duration_since(Instant::now()).as_millis();
            let timeout = PollTimeout::try_from(left).expect("a short time");
            let ended =
                poll(&mut [PollFd::new(end.as_fd(), PollFlags::POLLIN)], timeout).expect("poll works");
            assert_eq!(ended, 1, "process {process} still lives after {limit:?}");
        }
        let held = held_namespaces();
        let kept: Vec<_> =
            self.namespaces.iter().filter_map(|inode| held.get(inode).map(|by| (inode, by))).collect();
        assert!(kept.is_empty(), "namespaces are still held: {kept:?}");
    }
}

/// Each process' parent.
fn parents() -> BTreeMap<i32, i32> {
    let parent = |stat: String| {
        // The name in parentheses may hold anything; what counts comes after its end.
        let (_, rest) = stat.rsplit_once(')')?;
        rest.split_whitespace().nth(1)?.parse().ok()
    };
    let parent_of = |process: i32| parent(fs::read_to_string(format!("/proc/{process}/stat")).ok()?);
    processes().into_iter().filter_map(|process| Some((process, parent_of(process)?))).collect()
}

fn is_ours(process: i32, parents: &BTreeMap<i32, i32>) -> bool {
    let own = std::process::id().cast_signed();
    let mut chain = std::iter::successors(Some(process), |of| parents.get(of).copied());
    parents.get(&process) == Some(&1) || chain.any(|ancestor| ancestor == own)
}

fn is_dead(process: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_none_or(|(_, rest)| rest.trim_start().starts_with(['Z', 'X']))
}

fn processes() -> Vec<i32> {
    let entries = fs::read_dir("/proc").expect("proc is mounted").flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn namespaces_of(process: &str) -> BTreeSet<u64> {
    let of = |kind: &str| inode_in(Path::new(&format!("/proc/{process}/ns/{kind}")));
    ["user", "mnt", "net", "pid", "pid_for_children", "ipc", "uts"].into_iter().filter_map(of).collect()
}

/// The number in a link like `net:[4026531840]`.
fn inode_in(link: &Path) -> Option<u64> {
    let target = fs::read_link(link).ok()?;
    let (_, number) = target.to_str()?.split_once(":[")?;
    number.strip_suffix(']')?.parse().ok()
}

/// Every namespace that some process is in or has open, and who that is.
fn held_namespaces() -> BTreeMap<u64, i32> {
    let mut held = BTreeMap::new();
    let parents = parents();
    // Of a dead process only its entry waits for its parent. A namespace's number is given out again once
    // it is gone, also to the engine of a test that runs beside this one: what we left is ours or orphaned.
    for process in processes().into_iter().filter(|&process| !is_dead(process) && is_ours(process, &parents))
    {
        held.extend(namespaces_of(&process.to_string()).into_iter().map(|inode| (inode, process)));
        let open = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
        held.extend(open.filter_map(|entry| inode_in(&entry.path())).map(|inode| (inode, process)));
    }
    held
}

fn pidfd(process: i32) -> OwnedFd {
    // SAFETY: the call takes two numbers and gives a descriptor or an error.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, process, 0) };
    assert!(0 <= fd, "process {process}: {}", std::io::Error::last_os_error());
    // SAFETY: the kernel just made it for us.
    unsafe { OwnedFd::from_raw_fd(fd.try_into().expect("a descriptor")) }
}
