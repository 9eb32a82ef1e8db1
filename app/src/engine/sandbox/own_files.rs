//! What root works with, for a sandbox in which it is somebody else: its home, the current directory, and `/tmp` are
//! mounted so that there root inside is root outside (mount_setattr(2), id-mapped mounts). All else of the machine
//! stays as it is for strangers.
//!
//! Needs Linux 5.12 and a file system that can do it; where it fails, these directories are as closed as all others.

use std::{
    fs::File,
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd},
    path::{Path, PathBuf},
};

use nix::{
    NixPath,
    sched::{CloneFlags, setns},
    unistd::Pid,
};

/// The machine's own: never brought in, also where somebody lives or works there.
const OF_THE_MACHINE: [&str; 13] = [
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr",
    "/var",
];

/// Directories that are brought in.
pub struct OwnFiles {
    directories: Vec<PathBuf>,
}

impl OwnFiles {
    pub fn of_caller() -> Self {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let here = std::env::current_dir().ok();
        let all = [home, Some("/tmp".into()), here].into_iter().flatten();
        let directories = all
            .filter_map(|place| place.canonicalize().ok())
            .filter(|place| place.is_dir() && !is_of_the_machine(place))
            .collect();
        Self { directories }
    }

    pub fn directories(&self) -> impl Iterator<Item = &Path> {
        self.directories.iter().map(PathBuf::as_path)
    }

    /// Mounts them in the mount namespace of the process, by the map of its user namespace. The calling process stays
    /// in that mount namespace.
    pub fn bring_into(&self, process: Pid) {
        let namespace = |kind: &str| File::open(format!("/proc/{process}/ns/{kind}"));
        let (Ok(users), Ok(mounts)) = (namespace("user"), namespace("mnt")) else { return };
        let trees: Vec<_> = self
            .directories
            .iter()
            .filter_map(|place| {
                // What is mounted further in may not be able to do it.
                let tree = mapped_tree(place, users.as_fd(), libc::AT_RECURSIVE);
                Some((place, tree.or_else(|_| mapped_tree(place, users.as_fd(), 0)).ok()?))
            })
            .collect();
        if setns(mounts, CloneFlags::CLONE_NEWNS).is_ok() {
            for (place, tree) in trees {
                let _stays_closed = attach(&tree, place);
            }
        }
    }
}

fn is_of_the_machine(place: &Path) -> bool {
    place == Path::new("/") || OF_THE_MACHINE.iter().any(|own| place.starts_with(own))
}

/// A copy of what is mounted there, not attached anywhere, in which ids are as the user namespace maps them.
fn mapped_tree(place: &Path, users: BorrowedFd, recursive: i32) -> io::Result<OwnedFd> {
    let flags = libc::OPEN_TREE_CLONE | libc::OPEN_TREE_CLOEXEC | recursive.cast_unsigned();
    let tree = place.with_nix_path(|path| {
        // SAFETY: the path is a C string that outlives the call, which gives a descriptor or an error.
        unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), flags) }
    })?;
    let tree = i32::try_from(tree).ok().filter(|&tree| 0 <= tree).ok_or_else(io::Error::last_os_error)?;
    // SAFETY: the kernel just made it for us.
    let tree = unsafe { OwnedFd::from_raw_fd(tree) };
    let wanted = libc::mount_attr {
        attr_set: libc::MOUNT_ATTR_IDMAP,
        attr_clr: 0,
        propagation: 0,
        userns_fd: u64::from(users.as_raw_fd().cast_unsigned()),
    };
    let flags = libc::AT_EMPTY_PATH | recursive;
    // SAFETY: the kernel reads one `mount_attr`, which outlives the call, and an empty path.
    let set = unsafe {
        let (path, size) = (c"".as_ptr(), size_of::<libc::mount_attr>());
        libc::syscall(libc::SYS_mount_setattr, tree.as_raw_fd(), path, flags, &raw const wanted, size)
    };
    if set == 0 { Ok(tree) } else { Err(io::Error::last_os_error()) }
}

fn attach(tree: &OwnedFd, place: &Path) -> io::Result<()> {
    const MOVE_MOUNT_F_EMPTY_PATH: libc::c_uint = 4;
    let moved = place.with_nix_path(|path| {
        let (from, empty) = (tree.as_raw_fd(), c"".as_ptr());
        // SAFETY: both paths are C strings that outlive the call.
        unsafe {
            let to = libc::AT_FDCWD;
            libc::syscall(libc::SYS_move_mount, from, empty, to, path.as_ptr(), MOVE_MOUNT_F_EMPTY_PATH)
        }
    })?;
    if moved == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_machine_is_brought_in() {
        for own in ["/", "/etc", "/usr/local/src", "/var/lib", "/proc/1", "/sys"] {
            assert!(is_of_the_machine(Path::new(own)), "{own}");
        }
        for users in ["/home/alice", "/srv/lab", "/etcetera", "/tmp"] {
            assert!(!is_of_the_machine(Path::new(users)), "{users}");
        }
    }
}
