//! Whether a window could open here.

mod socket;

use std::path::Path;

use super::{Finding, State, tools::install};

const COSTS: &str = "no window; the command line does all else";
/// What a window loads while it starts, and the packages that bring it (Debian's, Fedora's): as
/// `scripts/install-packages` has them.
const ON_X11: &[(&str, &str, &str)] = &[
    ("libX11.so.6", "libx11-6", "libX11"),
    ("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb"),
    ("libXcursor.so.1", "libxcursor1", "libXcursor"),
    ("libXi.so.6", "libxi6", "libXi"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    ("libGL.so.1", "libgl1", "libglvnd-glx"),
];
const ON_WAYLAND: &[(&str, &str, &str)] = &[
    ("libwayland-client.so.0", "libwayland-client0", "libwayland-client"),
    ("libwayland-egl.so.1", "libwayland-egl1", "libwayland-egl"),
    ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    ("libEGL.so.1", "libegl1", "libglvnd-egl"),
];

pub fn findings() -> Vec<Finding> {
    vec![display(), libraries()]
}

fn display() -> Finding {
    // The window asks for Wayland first, and for X11 only where that is not set.
    let found = ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().find_map(|name| Some((name, set(name)?)));
    let Some((name, value)) = found else {
        let says = "neither WAYLAND_DISPLAY nor DISPLAY is set";
        let mend = "start it from a desktop session, or over ssh -X";
        return Finding::bad(State::Limited, "display", says, COSTS, mend);
    };
    let answers = match name {
        "DISPLAY" => socket::of_x11(&value, Path::new("/tmp/.X11-unix")),
        _ => socket::of_wayland(&value, set("XDG_RUNTIME_DIR").as_deref()),
    };
    match answers {
        Ok(()) => Finding::good("display", format!("{name}={value}")),
        Err(why) => {
            let says = format!("{name}={value}, but nothing answers there: {why}");
            let mend =
                format!("start it from a desktop session, or over ssh -X; {name} may be left from another");
            Finding::bad(State::Limited, "display", says, COSTS, mend)
        }
    }
}

fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn libraries() -> Finding {
    let needed = if set("WAYLAND_DISPLAY").is_some() { ON_WAYLAND } else { ON_X11 };
    let missing: Vec<_> = needed.iter().filter(|(file, ..)| !is_there(file)).collect();
    if missing.is_empty() {
        return Finding::good("graphics libraries", "all there");
    }
    let files: Vec<&str> = missing.iter().map(|(file, ..)| *file).collect();
    let packages: Vec<_> = missing.iter().map(|&&(_, debian, fedora)| (debian, fedora)).collect();
    let says = format!("{} not found", files.join(", "));
    Finding::bad(State::Limited, "graphics libraries", says, COSTS, install(&packages))
}

/// In the directories of Debian's multiarch and of others.
fn is_there(library: &str) -> bool {
    let multiarch = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    [multiarch.as_str(), "/usr/lib64", "/usr/lib", "/lib64", "/lib"]
        .iter()
        .any(|directory| Path::new(directory).join(library).exists())
}
