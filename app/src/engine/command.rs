//! Runs a command line in a namespace, with its time and its output bounded.

use std::{
    io::{self, Read},
    os::{
        fd::{AsFd, OwnedFd},
        unix::process::{CommandExt, ExitStatusExt},
    },
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use nix::{
    fcntl::{FcntlArg, OFlag, fcntl},
    mount::{MntFlags, MsFlags, mount, umount2},
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sched::{CloneFlags, unshare},
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use topology::{
    NamespaceName,
    kernel::{NamespaceFd, in_namespace, path_to_tools},
    script::IN_SANDBOX,
};

use super::{
    open_files::limit_as_before,
    prober::Brake,
    process::open_pidfd,
    protocol::{Captured, CommandOutcome, EngineError},
};

/// Between the polite signal and the one that cannot be refused.
const GRACE: Duration = Duration::from_secs(1);

/// Runs `sh -c command` as root of the namespace. When `limit` has passed or the brake is pulled, its process group
/// gets SIGINT and, a second later, SIGKILL. What it left running in the background goes on.
pub fn run(
    fd: &NamespaceFd,
    namespace: &NamespaceName,
    command: &str,
    limit: Duration,
    brake: &Brake,
) -> Result<CommandOutcome, EngineError> {
    let started = Instant::now();
    let own_sys = !namespace.is_host();
    let failed = |error: io::Error| EngineError::Command(format!("“{command}” could not be run: {error}"));
    let child = in_namespace(fd, || start(command, own_sys)).and_then(|child| child).map_err(failed)?;
    let (status, timed_out, stdout, stderr) = attend(child, started + limit, brake).map_err(failed)?;
    let (code, signal) = (status.code(), status.signal());
    Ok(CommandOutcome { status: code, signal, timed_out, stdout, stderr, took: started.elapsed() })
}

/// Starts it in the namespace of the calling thread.
fn start(command: &str, own_sys: bool) -> io::Result<Child> {
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(command).process_group(0);
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    shell.env("PATH", path_to_tools()).env(IN_SANDBOX, "1");
    // SAFETY: only system calls on constants, none of which allocates or locks.
    unsafe {
        shell.pre_exec(move || {
            limit_as_before()?;
            if own_sys { show_own_interfaces_in_sys() } else { Ok(()) }
        })
    };
    shell.spawn()
}

/// As `ip netns exec` does: in a mount namespace of its own, `/sys` shows the namespace's interfaces. Nothing but
/// `/run/netns` is shared with the engine's.
/// Without it commands work too, so that failing is no reason to stop.
pub fn show_own_interfaces_in_sys() -> io::Result<()> {
    const NO_PATH: Option<&std::ffi::CStr> = None;
    if unshare(CloneFlags::CLONE_NEWNS).is_ok() {
        let _not_mounted = umount2(c"/sys", MntFlags::MNT_DETACH);
        let _shows_hosts = mount(Some(c"sysfs"), c"/sys", Some(c"sysfs"), MsFlags::empty(), NO_PATH);
    }
    Ok(())
}

/// Reads what it writes until it ends, and sees to its end at the deadline or when the brake is pulled.
fn attend(
    mut child: Child,
    deadline: Instant,
    brake: &Brake,
) -> io::Result<(ExitStatus, bool, Captured, Captured)> {
    let group = Pid::from_raw(child.id().cast_signed());
    let mut output = [
        Pipe::new(child.stdout.take().map(OwnedFd::from))?,
        Pipe::new(child.stderr.take().map(OwnedFd::from))?,
    ];
    let end = open_pidfd(group)?;
    let mut next = Some((deadline, Signal::SIGINT));
    let (mut timed_out, mut brake) = (false, Some(brake));
    loop {
        let wait = next.map_or(GRACE, |(at, _)| at.saturating_duration_since(Instant::now()));
        let (ended, is_braked) = wait_for_news(&end, brake, &output, wait)?;
        output.iter_mut().try_for_each(Pipe::drain)?;
        if ended {
            break;
        }
        if is_braked {
            // Once pulled it stays so: what follows is a matter of time.
            brake = None;
            next = next.map(|(at, signal)| (at.min(Instant::now()), signal));
        }
        if let Some((_, signal)) = next.filter(|(at, _)| *at <= Instant::now()) {
            timed_out = true;
            let _gone_already = killpg(group, signal);
            next = (signal == Signal::SIGINT).then(|| (Instant::now() + GRACE, Signal::SIGKILL));
        }
    }
    let status = child.wait()?;
    if timed_out {
        // Members of the group that took no notice of the polite signal.
        let _none_left = killpg(group, Signal::SIGKILL);
    }
    let [stdout, stderr] = output.map(|pipe| pipe.captured);
    Ok((status, timed_out, stdout, stderr))
}

/// Sleeps until there is output, or the end, or the time is over. Answers whether it ended, and whether the brake
/// was pulled.
fn wait_for_news(
    end: &OwnedFd,
    brake: Option<&Brake>,
    output: &[Pipe; 2],
    wait: Duration,
) -> io::Result<(bool, bool)> {
    let mut watched = vec![PollFd::new(end.as_fd(), PollFlags::POLLIN)];
    watched.extend(brake.map(|brake| PollFd::new(brake.as_fd(), PollFlags::POLLIN)));
    let open = output.iter().filter_map(|pipe| pipe.fd.as_ref());
    watched.extend(open.map(|fd| PollFd::new(fd.as_fd(), PollFlags::POLLIN)));
    // Rounded up, so that the deadline has passed when the time is over.
    let millis = wait.as_millis().saturating_add(1).min(60_000);
    let timeout = PollTimeout::try_from(millis).unwrap_or(PollTimeout::MAX);
    match poll(&mut watched, timeout) {
        Ok(_) | Err(nix::errno::Errno::EINTR) => {}
        Err(error) => return Err(error.into()),
    }
    let is_ready = |place: usize| watched[place].any().unwrap_or(false);
    Ok((is_ready(0), brake.is_some() && is_ready(1)))
}

/// One of the command's outputs.
struct Pipe {
    /// `None` once it is at its end.
    fd: Option<std::fs::File>,
    captured: Captured,
}

impl Pipe {
    fn new(fd: Option<OwnedFd>) -> io::Result<Self> {
        if let Some(fd) = &fd {
            fcntl(fd, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        }
        Ok(Self { fd: fd.map(std::fs::File::from), captured: Captured::default() })
    }

    /// Takes what is there now. A writer that never pauses gets its turn again at the next call.
    fn drain(&mut self) -> io::Result<()> {
        let mut chunk = [0; 65_536];
        for _ in 0..64 {
            let Some(file) = &mut self.fd else { break };
            match file.read(&mut chunk) {
                Ok(0) => self.fd = None,
                Ok(count) => {
                    let kept = count.min(Captured::LIMIT - self.captured.bytes.len());
                    self.captured.bytes.extend(&chunk[..kept]);
                    self.captured.cut |= kept < count;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
