//! Whether a window could open here.

use std::path::Path;

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

pub fn findings() -> Vec<Finding> {
    vec![display(), libraries()]
}

fn display() -> Finding {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let found =
        ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().find_map(|name| Some(format!("{name}={}", set(name)?)));
    match found {
        Some(says) => Finding::good("display", says),
        None => {
            let says = "neither WAYLAND_DISPLAY nor DISPLAY is set";
            let mend = "start it from a desktop session, or over ssh -X";
            Finding::bad(State::Limited, "display", says, COSTS, mend)
        }
    }
}

fn libraries() -> Finding {
    let is_wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|value| !value.is_empty());
    let needed = if is_wayland { ON_WAYLAND } else { ON_X11 };
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
