//! Whether a window could open here.

use std::{
    net::{TcpStream, ToSocketAddrs},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{Finding, State};

const COSTS: &str = "no window; the command line does all else";
/// What a window loads while it starts, and the Debian package that brings it: as `scripts/install-packages` has them.
const ON_X11: &[(&str, &str)] = &[
    ("libX11.so.6", "libx11-6"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libXcursor.so.1", "libxcursor1"),
    ("libXi.so.6", "libxi6"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    ("libGL.so.1", "libgl1"),
];
const ON_WAYLAND: &[(&str, &str)] = &[
    ("libwayland-client.so.0", "libwayland-client0"),
    ("libwayland-egl.so.1", "libwayland-egl1"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
    ("libEGL.so.1", "libegl1"),
];
/// So long may a display on the other side of an ssh connection take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

pub fn findings() -> Vec<Finding> {
    vec![display(), libraries()]
}

fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn display() -> Finding {
    let wayland = set("WAYLAND_DISPLAY").map(|value| ("WAYLAND_DISPLAY", wayland_answers(&value), value));
    let x11 = || set("DISPLAY").map(|value| ("DISPLAY", x11_answers(&value), value));
    // The window takes the first that is named, as this does.
    let (says, mend) = match wayland.or_else(x11) {
        Some((name, true, value)) => return Finding::good("display", format!("{name}={value}")),
        Some((name, false, value)) => {
            (format!("{name}={value}, but nobody answers there"), "log in to the desktop anew, or unset it")
        }
        None => {
            let says = "neither WAYLAND_DISPLAY nor DISPLAY is set";
            (says.to_owned(), "start it from a desktop session, or over ssh -X")
        }
    };
    Finding::bad(State::Limited, "display", says, COSTS, mend)
}

/// A name in `$XDG_RUNTIME_DIR`, or a path.
fn wayland_answers(name: &str) -> bool {
    let place = PathBuf::from(set("XDG_RUNTIME_DIR").unwrap_or_default()).join(name);
    socket_answers(&place)
}

#[cfg(unix)]
fn socket_answers(place: &Path) -> bool {
    std::os::unix::net::UnixStream::connect(place).is_ok()
}

/// Displays have no sockets there.
#[cfg(not(unix))]
fn socket_answers(_place: &Path) -> bool {
    true
}

/// `:1`, `unix:1.0`, or `localhost:10.0` by way of ssh; what is written otherwise is believed.
fn x11_answers(name: &str) -> bool {
    let Some((host, number)) = name.rsplit_once(':') else { return true };
    let Ok(number) = number.split('.').next().unwrap_or_default().parse::<u16>() else { return true };
    if host.is_empty() || host == "unix" {
        return socket_answers(&PathBuf::from(format!("/tmp/.X11-unix/X{number}")));
    }
    let Some(port) = number.checked_add(6000) else { return false };
    let places = (host, port).to_socket_addrs().into_iter().flatten();
    places.into_iter().any(|at| TcpStream::connect_timeout(&at, PATIENCE).is_ok())
}

fn libraries() -> Finding {
    let needed = if set("WAYLAND_DISPLAY").is_some() { ON_WAYLAND } else { ON_X11 };
    let missing: Vec<_> = needed.iter().filter(|(file, _)| !is_there(file)).collect();
    if missing.is_empty() {
        return Finding::good("graphics libraries", "all there");
    }
    let join = |of: fn(&&&(&'static str, &'static str)) -> &'static str, with: &str| {
        missing.iter().map(|found| of(&found)).collect::<Vec<_>>().join(with)
    };
    let says = format!("{} not found", join(|found| found.0, ", "));
    let mend = format!("sudo apt install {}", join(|found| found.1, " "));
    Finding::bad(State::Limited, "graphics libraries", says, COSTS, mend)
}

/// In the directories of Debian's multiarch and of others.
fn is_there(library: &str) -> bool {
    let multiarch = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    [multiarch.as_str(), "/usr/lib64", "/usr/lib", "/lib64", "/lib"]
        .iter()
        .any(|directory| Path::new(directory).join(library).exists())
}
