//! For a sandbox in which only one user exists: whoever wants to become somebody else stays root, and is told that it
//! went well. Tools like tcpdump give up otherwise, though they need nothing of the other user.
//!
//! A filter of system calls (seccomp(2)) for everything inside. Nobody gains anything by it: the calls could only
//! fail, or change nothing.

use std::io;

/// All that change user or group, or the list of further groups.
const CHANGES: [libc::c_long; 9] = [
    libc::SYS_setgroups,
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_setreuid,
    libc::SYS_setregid,
    libc::SYS_setresuid,
    libc::SYS_setresgid,
    libc::SYS_setfsuid,
    libc::SYS_setfsgid,
];

/// Numbers of system calls mean this only on the machine's own kind; those of others pass (`linux/audit.h`).
const ARCHITECTURE: Option<u32> = if cfg!(target_arch = "x86_64") {
    Some(0xC000_003E)
} else if cfg!(target_arch = "aarch64") {
    Some(0xC000_00B7)
} else if cfg!(target_arch = "riscv64") {
    Some(0xC000_00F3)
} else {
    None
};

/// From now on, for this thread and all that it starts.
pub fn pretend_to_change_user() -> io::Result<()> {
    let architecture = ARCHITECTURE.ok_or(io::ErrorKind::Unsupported)?;
    let mut filter = filter(architecture);
    let program = libc::sock_fprog {
        len: u16::try_from(filter.len()).map_err(io::Error::other)?,
        filter: filter.as_mut_ptr(),
    };
    // SAFETY: the kernel copies the program, which outlives the call.
    let set = unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) };
    if set == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Where `seccomp_data` holds what is asked for, in octets.
const NUMBER: u32 = 0;
const KIND: u32 = 4;

fn filter(architecture: u32) -> Vec<libc::sock_filter> {
    let changes = CHANGES.map(|call| u32::try_from(call).unwrap_or(u32::MAX));
    let allowed = libc::SECCOMP_RET_ALLOW;
    // An error of number 0 is success.
    let done = libc::SECCOMP_RET_ERRNO;
    let mut filter = vec![load(KIND), equal(architecture, 1, 0), end(allowed), load(NUMBER)];
    for (call, left) in changes.into_iter().zip((0..u8::try_from(CHANGES.len()).unwrap_or(u8::MAX)).rev()) {
        filter.push(equal(call, left + 1, 0));
    }
    filter.extend([end(allowed), end(done)]);
    filter
}

fn load(at: u32) -> libc::sock_filter {
    statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, at)
}

/// So many statements are jumped over.
fn equal(to: u32, if_so: u8, if_not: u8) -> libc::sock_filter {
    statement(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, if_so, if_not, to)
}

fn end(with: u32) -> libc::sock_filter {
    statement(libc::BPF_RET | libc::BPF_K, 0, 0, with)
}

fn statement(code: u32, jt: u8, jf: u8, k: u32) -> libc::sock_filter {
    libc::sock_filter { code: u16::try_from(code).unwrap_or(0), jt, jf, k }
}
