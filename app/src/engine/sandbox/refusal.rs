//! Why a machine gives no sandbox, told so that it can be mended.

use std::{fs, io};

use nix::errno::Errno;

use crate::engine::protocol::Refusal;

const WHAT: &str = "the sandbox could not be made";

/// Ubuntu since 23.10: programs without a profile get user namespaces without any rights in them.
pub const APPARMOR_SWITCH: &str = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
/// Debian before 11, and kernels derived from it.
pub const CLONE_SWITCH: &str = "/proc/sys/kernel/unprivileged_userns_clone";
pub const NAMESPACE_LIMIT: &str = "/proc/sys/user/max_user_namespaces";

pub const APPARMOR_MEND: &str = "load the AppArmor profile that comes with Hopscope: \
    hopscope doctor --apparmor-profile | sudo tee /etc/apparmor.d/hopscope >/dev/null && \
    sudo apparmor_parser -r /etc/apparmor.d/hopscope, or until the next start of the machine: \
    sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run it with sudo";

/// The first number in a file of /proc/sys.
pub fn setting(path: &str) -> Option<i64> {
    fs::read_to_string(path).ok()?.split_whitespace().next()?.parse().ok()
}

pub fn unshare_failed(error: Errno, as_root: bool) -> Refusal {
    let (why, mend) = match error {
        _ if setting(NAMESPACE_LIMIT) == Some(0) => (
            "this machine allows no user namespaces (user.max_user_namespaces is 0)".into(),
            "sudo sysctl user.max_user_namespaces=10000, or run it with sudo".into(),
        ),
        _ if !as_root && setting(CLONE_SWITCH) == Some(0) => (
            "this machine allows user namespaces to root only (kernel.unprivileged_userns_clone is 0)".into(),
            "sudo sysctl kernel.unprivileged_userns_clone=1, or run it with sudo".into(),
        ),
        Errno::EPERM | Errno::EACCES => denied(error, as_root),
        Errno::ENOSPC | Errno::EUSERS => (
            "the limit of namespaces is reached (see /proc/sys/user/max_*_namespaces), or they are nested \
             more than 32 deep"
                .into(),
            "end programs that hold namespaces, or raise the limit, for example: \
             sudo sysctl user.max_user_namespaces=10000 user.max_net_namespaces=10000"
                .into(),
        ),
        Errno::EINVAL | Errno::ENOSYS => (
            format!("this kernel was built without some kind of namespace ({error})"),
            "use a kernel with CONFIG_USER_NS, CONFIG_NET_NS, CONFIG_PID_NS, CONFIG_IPC_NS and CONFIG_UTS_NS"
                .into(),
        ),
        _ => (format!("unshare: {error}"), "run hopscope doctor for more".into()),
    };
    Refusal { what: WHAT.into(), why, mend }
}

fn denied(error: Errno, as_root: bool) -> (String, String) {
    if !as_root && apparmor_restricts() {
        let why = "AppArmor withholds rights in user namespaces from programs without a profile \
                   (kernel.apparmor_restrict_unprivileged_userns is 1)";
        return (why.into(), APPARMOR_MEND.into());
    }
    let mend = if as_root {
        "a container needs --privileged (or --cap-add SYS_ADMIN and a seccomp profile that allows unshare) for it"
    } else {
        "inside a container: allow unshare and mount in its seccomp profile; else ask whoever keeps this machine, \
         or run it with sudo"
    };
    (
        format!("this machine does not allow it ({error}); a container or a security policy forbids it"),
        mend.into(),
    )
}

pub fn apparmor_restricts() -> bool {
    setting(APPARMOR_SWITCH).is_some_and(|value| value != 0)
}

/// Something that root may do in a sandbox of its own was refused after the namespaces were made.
fn stripped(doing: &str, error: &io::Error) -> Refusal {
    let refused = matches!(error.raw_os_error(), Some(libc::EPERM | libc::EACCES));
    let (why, mend) = if refused {
        let outside_root = fs::read_to_string("/proc/self/uid_map")
            .is_ok_and(|map| map.split_whitespace().nth(1) == Some("0"));
        let (why, mend) = denied(Errno::from_raw(error.raw_os_error().unwrap_or(0)), outside_root);
        (format!("{doing}: {why}"), mend)
    } else {
        (format!("{doing}: {error}"), "run hopscope doctor for more".into())
    };
    Refusal { what: WHAT.into(), why, mend }
}

pub fn map_failed(error: &io::Error) -> Refusal {
    stripped("writing the map of user ids", error)
}

pub fn mount_failed(doing: &str, error: impl Into<io::Error>) -> Refusal {
    stripped(doing, &error.into())
}

pub fn fork_failed(error: &io::Error) -> Refusal {
    Refusal {
        what: WHAT.into(),
        why: format!("no new process could be started: {error}"),
        mend: "end some programs, or raise the limit (ulimit -u)".into(),
    }
}

/// Namespaces can be had and yet come without rights (so does AppArmor on Ubuntu), which shows at the
/// first change to the network. The change tried here sets the loopback's flags to what they are.
pub fn check_network_rights() -> Result<(), Refusal> {
    let attempt = || -> io::Result<()> {
        let socket = std::net::UdpSocket::bind("0.0.0.0:0")?;
        let fd = std::os::fd::AsRawFd::as_raw_fd(&socket);
        // SAFETY: all zeros is a valid value of this plain C structure.
        let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
        for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
            *to = from.cast_signed();
        }
        for call in [libc::SIOCGIFFLAGS, libc::SIOCSIFFLAGS] {
            // SAFETY: both calls read and write one `ifreq`, which outlives them.
            if unsafe { libc::ioctl(fd, call, &raw mut request) } < 0 {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(())
    };
    attempt().map_err(|error| stripped("changing the sandbox's own network", &error))
}
