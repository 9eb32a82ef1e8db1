//! For a sandbox without a user namespace, in which root is the machine's root: what can be done so that nobody
//! changes the machine by accident. Who means to, can: that is said among the shortfalls.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::symlink,
    path::Path,
};

use nix::{
    NixPath,
    mount::{MntFlags, MsFlags, mount, umount2},
};

use super::own_files::OwnFiles;

const NO_PATH: Option<&str> = None;

/// Rights over the whole machine, which no namespace bounds (capabilities(7)): immutable files, modules, ports and
/// memory, accounting, reboot, clock, device files, audit, security modules, the kernel's log, alarms, suspending.
const OVER_THE_MACHINE: [libc::c_ulong; 13] = [9, 16, 17, 20, 22, 25, 27, 30, 32, 33, 34, 35, 36];

/// Of the machine's devices only those that everybody has.
const DEVICES: [&str; 7] = ["null", "zero", "full", "random", "urandom", "tty", "net/tun"];

/// Must be called when all else is mounted; is for this process and all that it starts.
pub fn fence_in(shortfalls: &mut Vec<String>) {
    if let Err(error) = replace_devices() {
        shortfalls.push(format!("the machine's devices can be reached: {error}"));
    }
    if let Err(error) = make_read_only() {
        shortfalls.push(format!("the machine's files can be changed: {error}"));
    }
    for right in OVER_THE_MACHINE {
        // SAFETY: the call takes numbers only. A kernel that does not know one of them has no such right.
        let _unknown = unsafe { libc::prctl(libc::PR_CAPBSET_DROP, right, 0, 0, 0) };
    }
}

/// All but what root works with, and what is the sandbox's own.
fn make_read_only() -> io::Result<()> {
    let own = OwnFiles::of_caller();
    let settings = Path::new("/proc/sys/net");
    for place in own.directories().chain([settings]) {
        mount(Some(place), place, NO_PATH, MsFlags::MS_BIND | MsFlags::MS_REC, NO_PATH)?;
    }
    let read_only = libc::MOUNT_ATTR_RDONLY;
    change(Path::new("/"), read_only, 0, libc::AT_RECURSIVE)?;
    let ours = ["/run", "/run/netns", "/dev", "/dev/pts", "/dev/shm"].map(Path::new);
    for place in own.directories().chain([settings]).chain(ours.into_iter().filter(|place| place.exists())) {
        change(place, 0, read_only, 0)?;
    }
    Ok(())
}

fn replace_devices() -> io::Result<()> {
    let new = Path::new("/run/hopscope/devices");
    fs::create_dir(new)?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC;
    mount(Some("tmpfs"), new, Some("tmpfs"), flags, Some("mode=755"))?;
    fs::create_dir(new.join("net"))?;
    let bind = |name: &str| {
        mount(Some(&Path::new("/dev").join(name)), &new.join(name), NO_PATH, MsFlags::MS_BIND, NO_PATH)
    };
    for name in DEVICES.into_iter().filter(|name| Path::new("/dev").join(name).exists()) {
        File::create(new.join(name))?;
        bind(name)?;
    }
    for name in ["pts", "shm"] {
        fs::create_dir(new.join(name))?;
        // Not every machine has both.
        let _has_none = bind(name);
    }
    for (name, to) in [
        ("ptmx", "pts/ptmx"),
        ("fd", "/proc/self/fd"),
        ("stdin", "fd/0"),
        ("stdout", "fd/1"),
        ("stderr", "fd/2"),
    ] {
        symlink(to, new.join(name))?;
    }
    mount(Some(new), "/dev", NO_PATH, MsFlags::MS_BIND | MsFlags::MS_REC, NO_PATH)?;
    umount2(new, MntFlags::MNT_DETACH)?;
    fs::remove_dir(new)
}

fn change(place: &Path, set: u64, clear: u64, recursive: i32) -> io::Result<()> {
    let wanted = libc::mount_attr { attr_set: set, attr_clr: clear, propagation: 0, userns_fd: 0 };
    let done = place.with_nix_path(|path| {
        let size = size_of::<libc::mount_attr>();
        // SAFETY: the kernel reads the path and one `mount_attr`, which outlive the call.
        unsafe {
            let from = libc::AT_FDCWD;
            libc::syscall(libc::SYS_mount_setattr, from, path.as_ptr(), recursive, &raw const wanted, size)
        }
    })?;
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
