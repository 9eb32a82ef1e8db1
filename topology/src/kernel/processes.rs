//! Namespaces that only processes hold, as /proc tells of them, and what they are called after.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::Process;

use super::room::{Identity, NamespaceFd};

/// A command line is shown as long as this, in characters.
const LONGEST_COMMAND: usize = 60;

/// Where processes are looked for.
#[derive(Clone, Debug)]
pub(super) struct Processes {
    folder: PathBuf,
    /// The namespaces of the host and of all that have names of their own are left out.
    host: Identity,
}

/// Which process each of the namespaces is called after that have no name.
pub(super) type Namers = BTreeMap<Identity, u32>;

impl Processes {
    /// `folder` is a mounted proc file system.
    pub(super) fn in_folder(folder: &Path, host: Identity) -> Self {
        Self { folder: folder.into(), host }
    }

    /// A look at all processes, by their main threads: the threads with which this program stands in namespaces for
    /// a moment are of no account.
    ///
    /// A namespace is called after the process that it was called after `before`, as long as that is in it; else
    /// after the first that is not about to run something else there.
    pub(super) fn namers(&self, before: &Namers, is_named: impl Fn(Identity) -> bool) -> io::Result<Namers> {
        let mut pids: BTreeMap<Identity, Vec<u32>> = BTreeMap::new();
        for entry in fs::read_dir(&self.folder)? {
            let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            // It may have ended since, or belong to somebody else.
            let Some(identity) = self.namespace_of(pid) else { continue };
            if identity != self.host && !is_named(identity) {
                pids.entry(identity).or_default().push(pid);
            }
        }
        let namers = pids.into_iter().filter_map(|(identity, mut pids)| {
            pids.sort_unstable();
            let same = before.get(&identity).filter(|pid| pids.contains(pid)).copied();
            let namer = same.or_else(|| pids.into_iter().find(|pid| !self.is_passing_through(*pid)))?;
            Some((identity, namer))
        });
        Ok(namers.collect())
    }

    /// Whether nothing changed for those that namespaces are called after.
    pub(super) fn are_there(&self, namers: &Namers) -> bool {
        namers.iter().all(|(identity, pid)| self.namespace_of(*pid) == Some(*identity))
    }

    fn namespace_of(&self, pid: u32) -> Option<Identity> {
        // Reading where the link leads is much cheaper than following it.
        let target = fs::read_link(self.link(pid)).ok()?;
        let number = target.to_str()?.strip_prefix("net:[")?.strip_suffix(']')?.parse().ok()?;
        Some((self.host.0, number))
    }

    pub(super) fn open(&self, pid: u32) -> Option<NamespaceFd> {
        NamespaceFd::open(self.link(pid)).ok()
    }

    fn link(&self, pid: u32) -> PathBuf {
        self.of(pid).join("ns/net")
    }

    fn of(&self, pid: u32) -> PathBuf {
        self.folder.join(pid.to_string())
    }

    /// `unshare` and its like make or enter a namespace for somebody else, who comes at once; `ip` does when it is
    /// about named ones.
    fn is_passing_through(&self, pid: u32) -> bool {
        let Ok(name) = fs::read_to_string(self.of(pid).join("comm")) else { return true };
        match name.trim_end() {
            "unshare" | "nsenter" | "sudo" => true,
            "ip" => self.arguments(pid).iter().any(|word| word.starts_with("netns") || word == "net"),
            _ => false,
        }
    }

    fn arguments(&self, pid: u32) -> Vec<String> {
        let line = fs::read(self.of(pid).join("cmdline")).unwrap_or_default();
        let words = line.split(|byte| *byte == 0).filter(|word| !word.is_empty());
        words.map(|word| String::from_utf8_lossy(word).into_owned()).collect()
    }

    pub(super) fn process(&self, pid: u32) -> Process {
        let mut command = self.arguments(pid).join(" ");
        if command.is_empty() {
            // A thread of the kernel, or one that has ended.
            command = fs::read_to_string(self.of(pid).join("comm")).unwrap_or_default().trim_end().into();
        }
        let shown = |c: char| if c.is_control() { ' ' } else { c };
        let mut short: String = command.chars().take(LONGEST_COMMAND).map(shown).collect();
        if LONGEST_COMMAND < command.chars().count() {
            short.push('…');
        }
        Process { pid, command: short }
    }
}

/// The number that the last process was given, which is all that must be read to see that none was started since.
#[derive(Debug)]
pub(super) struct LastStarted(fs::File);

impl LastStarted {
    pub(super) fn open() -> io::Result<Self> {
        fs::File::open("/proc/loadavg").map(Self)
    }

    /// The last word of /proc/loadavg (proc_loadavg(5)).
    pub(super) fn read(&self) -> Option<u32> {
        use std::os::unix::fs::FileExt;
        let mut text = [0_u8; 128];
        let length = self.0.read_at(&mut text, 0).ok()?;
        std::str::from_utf8(&text[..length]).ok()?.split_whitespace().last()?.parse().ok()
    }
}
