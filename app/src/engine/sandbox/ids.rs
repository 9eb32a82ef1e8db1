//! Which user and group ids exist inside (user_namespaces(7)).
//!
//! * root: a range that nobody has outside. Were root inside also root outside, whatever belongs to root there could
//!   be changed from here: its files, the kernel's settings, the whole machine by `/proc/sysrq-trigger`;
//! * others, where `newuidmap` and a range in `/etc/subuid` exist: root is the user, 1 and up the range;
//! * else: root is the user, and nobody else exists.
//!
//! A range can only be written from outside, so a helper process stays there until that is done. For root it also
//! brings in what root works with, see [`super::own_files`].

use std::{
    fs, io,
    os::fd::{AsFd, OwnedFd},
    process::{Command, Stdio},
};

use nix::{
    fcntl::OFlag,
    sys::wait::{WaitStatus, waitpid},
    unistd::{
        ForkResult, Gid, Pid, Uid, User, fork, getpid, pipe2, read, setgroups, setresgid, setresuid, write,
    },
};

use super::own_files::OwnFiles;

const USERS: &str = "/proc/self/uid_map";
const GROUPS: &str = "/proc/self/gid_map";

/// Ids that a user may hand out inside (subuid(5)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdRange {
    pub first: u32,
    pub count: u32,
}

/// What root's range is, where all ids exist: nobody has them, and nobody hands them out (systemd's table of ids
/// says so too).
const NOBODYS: IdRange = IdRange { first: 2_000_000_000, count: 65_536 };

/// A range for root, by `/proc/self/uid_map` and `gid_map`: where there are few ids, in a container, the upper half
/// of them.
fn nobodys_range(users: &str, groups: &str) -> Option<IdRange> {
    let (users, groups) = (extents(users), extents(groups));
    let exists = |range: &IdRange| {
        let holds = |extent: &IdRange| {
            let end = |range: &IdRange| u64::from(range.first) + u64::from(range.count);
            extent.first <= range.first && end(range) <= end(extent)
        };
        users.iter().any(holds) && groups.iter().any(holds)
    };
    let upper_half = |extent: &IdRange| {
        let count = (extent.count / 2).min(NOBODYS.count);
        IdRange { first: extent.first + (extent.count - count), count }
    };
    let largest = users.iter().max_by_key(|extent| extent.count).map(upper_half);
    [Some(NOBODYS), largest].into_iter().flatten().find(|range| 1000 <= range.count && exists(range))
}

/// The ids that exist in a namespace with this map.
fn extents(map: &str) -> Vec<IdRange> {
    let line = |line: &str| {
        let mut fields = line.split_whitespace().map(|field| field.parse().ok());
        let (first, _outside, count) = (fields.next()??, fields.next()??, fields.next()??);
        Some(IdRange { first, count })
    };
    map.lines().filter_map(line).collect()
}

/// The first range that a file like `/etc/subuid` gives to a user, by name or by number.
pub fn range_for(text: &str, name: Option<&str>, id: u32) -> Option<IdRange> {
    let id = id.to_string();
    text.lines().find_map(|line| {
        let mut fields = line.trim().split(':');
        let owner = fields.next()?;
        let first = fields.next()?.parse().ok()?;
        let count = fields.next()?.parse().ok().filter(|&count| 0 < count)?;
        (Some(owner) == name || owner == id).then_some(IdRange { first, count })
    })
}

/// Who we are outside, read before that can no longer be seen.
pub struct MapsBefore {
    user: Uid,
    group: Gid,
    plan: Option<Plan>,
}

/// How a range is written.
enum Plan {
    /// Root is somebody else inside; its own files are brought in.
    Away { range: IdRange, files: OwnFiles },
    /// By the set-uid tools.
    Subordinate { users: IdRange, groups: IdRange },
}

impl MapsBefore {
    pub fn read() -> Self {
        let (user, group) = (nix::unistd::geteuid(), nix::unistd::getegid());
        let plan = if user.is_root() { away() } else { subordinate(user) };
        Self { user, group, plan }
    }

    /// Maps the ids of this process, which has unshared by now. Answers whether it became a range.
    pub fn map(&self, helper: Option<MapHelper>) -> io::Result<bool> {
        if helper.is_some_and(MapHelper::run) {
            if matches!(self.plan, Some(Plan::Away { .. })) {
                become_root_inside()?;
            }
            return Ok(true);
        }
        // The helper may have got through with one of the two.
        if is_empty(USERS)? {
            fs::write(USERS, format!("0 {} 1\n", self.user))?;
        }
        if is_empty(GROUPS)? {
            fs::write("/proc/self/setgroups", "deny")?;
            fs::write(GROUPS, format!("0 {} 1\n", self.group))?;
        }
        Ok(false)
    }
}

fn is_empty(map: &str) -> io::Result<bool> {
    Ok(fs::read_to_string(map)?.trim().is_empty())
}

fn away() -> Option<Plan> {
    let range = nobodys_range(&fs::read_to_string(USERS).ok()?, &fs::read_to_string(GROUPS).ok()?)?;
    Some(Plan::Away { range, files: OwnFiles::of_caller() })
}

/// Until then this process is still root outside, and nobody inside.
fn become_root_inside() -> io::Result<()> {
    setgroups(&[])?;
    let (user, group) = (Uid::from_raw(0), Gid::from_raw(0));
    setresgid(group, group, group)?;
    setresuid(user, user, user)?;
    // Who changes user loses what it has in /proc, which the sandbox needs. What is in here may look at the engine.
    Ok(nix::sys::prctl::set_dumpable(true)?)
}

fn subordinate(user: Uid) -> Option<Plan> {
    let name = User::from_uid(user).ok().flatten().map(|user| user.name);
    let range = |file| range_for(&fs::read_to_string(file).ok()?, name.as_deref(), user.as_raw());
    Some(Plan::Subordinate { users: range("/etc/subuid")?, groups: range("/etc/subgid")? })
}

/// A process that stays outside to write our maps.
pub struct MapHelper {
    process: Pid,
    go: OwnedFd,
}

impl MapHelper {
    /// `None` when no range is to be had, or no process.
    pub fn start(before: &MapsBefore) -> Option<Self> {
        let plan = before.plan.as_ref()?;
        let (wait, go) = pipe2(OFlag::O_CLOEXEC).ok()?;
        let parent = getpid();
        // SAFETY: this process has one thread.
        match unsafe { fork() }.ok()? {
            ForkResult::Parent { child } => Some(Self { process: child, go }),
            ForkResult::Child => {
                drop(go);
                let told = read(wait.as_fd(), &mut [0]).is_ok_and(|count| count == 1);
                let done = told && plan.write(parent, before).is_ok();
                std::process::exit(i32::from(!done));
            }
        }
    }

    /// Lets it write; answers whether all went well.
    fn run(self) -> bool {
        let told = write(self.go.as_fd(), &[1]).is_ok();
        // Dropped without a word, the pipe tells the helper that it is not needed.
        drop(self.go);
        let ended = waitpid(self.process, None);
        told && matches!(ended, Ok(WaitStatus::Exited(_, 0)))
    }
}

impl Plan {
    fn write(&self, process: Pid, before: &MapsBefore) -> io::Result<()> {
        match self {
            Self::Away { range, files } => {
                let map = format!("0 {} {}\n", range.first, range.count);
                fs::write(format!("/proc/{process}/uid_map"), &map)?;
                fs::write(format!("/proc/{process}/gid_map"), &map)?;
                files.bring_into(process);
                Ok(())
            }
            Self::Subordinate { users, groups } => {
                run_tool("newuidmap", process, before.user.as_raw(), *users)?;
                run_tool("newgidmap", process, before.group.as_raw(), *groups)
            }
        }
    }
}

fn run_tool(tool: &str, process: Pid, own: u32, range: IdRange) -> io::Result<()> {
    let numbers = [0, own, 1, 1, range.first, range.count].map(|number| number.to_string());
    let mut command = Command::new(tool);
    command.arg(process.to_string()).args(numbers);
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{tool} failed: {status}"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_becomes_somebody_that_exists_and_that_nobody_is() {
        let all = "         0          0 4294967295\n";
        assert_eq!(nobodys_range(all, all), Some(NOBODYS));
        let container = "0 1000 1\n1 100000 65535\n";
        assert_eq!(nobodys_range(container, container), Some(IdRange { first: 32_769, count: 32_767 }));
        let only_root = "0 1000 1\n";
        assert_eq!(nobodys_range(only_root, only_root), None);
        assert_eq!(nobodys_range(container, only_root), None);
        assert_eq!(nobodys_range("nonsense\n", all), None);
    }

    #[test]
    fn ranges_are_found_by_name_and_by_number() {
        let text = "# a comment\nalice:100000:65536\n1001:200000:10\nbob:x:1\nbob:7:0\nbob:300000:5\n";
        let found = |name, id| range_for(text, name, id);
        assert_eq!(found(Some("alice"), 1000), Some(IdRange { first: 100_000, count: 65_536 }));
        assert_eq!(found(None, 1001), Some(IdRange { first: 200_000, count: 10 }));
        assert_eq!(found(Some("bob"), 9), Some(IdRange { first: 300_000, count: 5 }));
        assert_eq!(found(Some("carol"), 9), None);
    }
}
