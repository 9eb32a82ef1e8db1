//! Which user and group ids exist inside (user_namespaces(7)).
//!
//! * root: all ids that exist outside, each as itself;
//! * others, where `newuidmap` and a range in `/etc/subuid` exist: root is the user, 1 and up the range;
//! * else: root is the user, and nobody else exists.
//!
//! A range can only be written from outside, so a helper process stays there until that is done.

use std::{
    fs, io,
    os::fd::{AsFd, OwnedFd},
    process::{Command, Stdio},
};

use nix::{
    fcntl::OFlag,
    sys::wait::{WaitStatus, waitpid},
    unistd::{ForkResult, Gid, Pid, Uid, User, fork, getpid, pipe2, read, write},
};

const USERS: &str = "/proc/self/uid_map";
const GROUPS: &str = "/proc/self/gid_map";

/// Ids that a user may hand out inside (subuid(5)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdRange {
    pub first: u32,
    pub count: u32,
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
    /// The two files' contents.
    Whole { users: String, groups: String },
    /// By the set-uid tools.
    Subordinate { users: IdRange, groups: IdRange },
}

impl MapsBefore {
    pub fn read() -> Self {
        let (user, group) = (nix::unistd::geteuid(), nix::unistd::getegid());
        let plan = if user.is_root() { whole() } else { subordinate(user) };
        Self { user, group, plan }
    }

    /// Maps the ids of this process, which has unshared by now. Answers whether it became a range.
    pub fn map(&self, helper: Option<MapHelper>) -> io::Result<bool> {
        if helper.is_some_and(MapHelper::run) {
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

fn whole() -> Option<Plan> {
    let each_as_itself = |map: &str| -> Option<String> {
        let text = fs::read_to_string(map).ok()?;
        let line = |line: &str| {
            let mut fields = line.split_whitespace();
            let (inside, _outside, count) = (fields.next()?, fields.next()?, fields.next()?);
            Some(format!("{inside} {inside} {count}\n"))
        };
        text.lines().map(line).collect()
    };
    Some(Plan::Whole { users: each_as_itself(USERS)?, groups: each_as_itself(GROUPS)? })
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
            Self::Whole { users, groups } => {
                fs::write(format!("/proc/{process}/uid_map"), users)?;
                fs::write(format!("/proc/{process}/gid_map"), groups)
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
    fn ranges_are_found_by_name_and_by_number() {
        let text = "# a comment\nalice:100000:65536\n1001:200000:10\nbob:x:1\nbob:7:0\nbob:300000:5\n";
        let found = |name, id| range_for(text, name, id);
        assert_eq!(found(Some("alice"), 1000), Some(IdRange { first: 100_000, count: 65_536 }));
        assert_eq!(found(None, 1001), Some(IdRange { first: 200_000, count: 10 }));
        assert_eq!(found(Some("bob"), 9), Some(IdRange { first: 300_000, count: 5 }));
        assert_eq!(found(Some("carol"), 9), None);
    }
}
