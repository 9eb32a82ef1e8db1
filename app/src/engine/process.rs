//! A handle to a process that becomes readable when the process ends (pidfd_open(2)).

use std::{
    io,
    os::fd::{FromRawFd, OwnedFd},
};

use nix::unistd::Pid;

pub fn open_pidfd(process: Pid) -> io::Result<OwnedFd> {
    // SAFETY: the call takes two numbers and gives a descriptor or an error.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, process.as_raw(), 0) };
    let fd = i32::try_from(fd).ok().filter(|&fd| 0 <= fd).ok_or_else(io::Error::last_os_error)?;
    // SAFETY: the kernel just made it for us.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
