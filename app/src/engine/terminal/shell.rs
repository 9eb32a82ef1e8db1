//! Starts a shell on a new pseudo-terminal.

use std::{
    ffi::OsString,
    io,
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command},
};

use nix::{
    fcntl::{FcntlArg, OFlag, fcntl},
    pty::{OpenptyResult, Winsize, openpty},
    sys::signal::SigSet,
    sys::termios::{InputFlags, SetArg, tcgetattr, tcsetattr},
    unistd::{AccessFlags, access},
};
use topology::{
    kernel::{NamespaceFd, in_namespace},
    script::IN_SANDBOX,
};

use super::kit;
use crate::{
    engine::{command::show_own_interfaces_in_sys, open_files::limit_as_before, process::open_pidfd},
    terminal::TerminalSize,
};

/// A shell that runs.
pub struct Shell {
    pub process: Child,
    /// Readable when the shell has ended.
    pub end: OwnedFd,
    /// The terminal's other side; never blocks.
    pub master: OwnedFd,
    /// What the user should know about it.
    pub remark: Option<&'static str>,
}

/// Starts one in the namespace. Everything inside starts from a known environment: of the user's only the language,
/// the time zone, the path and the home are taken over.
pub fn start(fd: &NamespaceFd, is_host: bool, size: TerminalSize) -> io::Result<Shell> {
    kit::lay_out()?;
    let OpenptyResult { master, slave } = openpty(&winsize(size), None)?;
    // Deleting a character deletes all of its bytes.
    let mut settings = tcgetattr(&slave)?;
    settings.input_flags |= InputFlags::IUTF8;
    tcsetattr(&slave, SetArg::TCSANOW, &settings)?;
    fcntl(&master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    fcntl(&master, FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC))?;
    let (mut command, remark) = command();
    command.stdin(slave.try_clone()?).stdout(slave.try_clone()?).stderr(slave);
    // SAFETY: only system calls on constants, none of which allocates or locks.
    unsafe {
        command.pre_exec(move || {
            take_over_terminal()?;
            limit_as_before()?;
            if is_host { Ok(()) } else { show_own_interfaces_in_sys() }
        })
    };
    // The command holds the terminal's inner side open as long as it lives, which hides the shell's end.
    let process = in_namespace(fd, move || command.spawn())??;
    let end = open_pidfd(nix::unistd::Pid::from_raw(process.id().cast_signed()))?;
    Ok(Shell { process, end, master, remark })
}

/// Tells the terminal its size; who runs in front is told by SIGWINCH.
pub fn resize(master: &OwnedFd, size: TerminalSize) {
    let size = winsize(size);
    // SAFETY: the kernel reads one winsize from where the pointer leads.
    let _hung_up = unsafe { libc::ioctl(master.as_raw_fd(), libc::TIOCSWINSZ, &raw const size) };
}

fn winsize(size: TerminalSize) -> Winsize {
    Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 }
}

/// Runs in the new process: a session of its own, whose terminal is the one at its standard input.
fn take_over_terminal() -> io::Result<()> {
    // Whoever started the engine may have blocked the signals that Ctrl-C and a hang-up send.
    SigSet::empty().thread_set_mask()?;
    nix::unistd::setsid()?;
    // SAFETY: the call takes numbers only.
    match unsafe { libc::ioctl(libc::STDIN_FILENO, libc::TIOCSCTTY, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn command() -> (Command, Option<&'static str>) {
    let bash = kit::find("bash");
    let program = bash.clone().unwrap_or_else(|| "/bin/sh".into());
    let mut command = Command::new(&program);
    command.env_clear().env("SHELL", &program);
    let remark = if bash.is_some() {
        command.args(["--noprofile", "--rcfile"]).arg(Path::new(kit::HOME).join("shell.bash"));
        None
    } else {
        // Such shells know no more than the process' number and the last status, but these are the marks' contents.
        command.env("PS1", "\x1b]133;D;$?;pid=$$\x07\x1b]133;A;pid=$$\x07# ").arg("-i");
        Some("bash is not installed here, so this is sh: its prompt does not say where it stands\r\n")
    };
    let home = home();
    let mut path = OsString::from(kit::TOOLS);
    path.push(":");
    path.push(kit::path());
    command.env("PATH", path).env("HOME", &home).env("USER", "root").env("LOGNAME", "root");
    command.env("TERM", "xterm-256color").env("COLORTERM", "truecolor");
    command.env("LESSHISTFILE", "-").env("HISTFILE", Path::new(kit::HOME).join("history"));
    command.env("LANG", language());
    command.env(IN_SANDBOX, "1");
    let kept = std::env::vars_os()
        .filter(|(name, _)| name.to_str().is_some_and(|name| name.starts_with("LC_") || name == "TZ"));
    command.envs(kept.filter(|(name, _)| name != "LC_ALL"));
    let here = std::env::current_dir().ok().filter(|place| may_enter(place));
    command.current_dir(here.unwrap_or(home));
    (command, remark)
}

/// The user's, where it can be entered.
fn home() -> PathBuf {
    let users = std::env::var_os("HOME").map(PathBuf::from);
    users.filter(|home| home.is_absolute() && may_enter(home)).unwrap_or_else(kit::own_home)
}

fn may_enter(place: &Path) -> bool {
    place.is_dir() && access(place, AccessFlags::X_OK | AccessFlags::R_OK).is_ok()
}

/// The user's, if it can write every character.
fn language() -> String {
    let named = ["LC_ALL", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    let writes_all = |language: &String| {
        let language = language.to_ascii_lowercase();
        language.ends_with("utf-8") || language.ends_with("utf8")
    };
    named.into_iter().find(writes_all).unwrap_or_else(|| "C.UTF-8".into())
}
