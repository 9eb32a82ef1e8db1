//! What the sandbox's shells read, and the few tools that behave differently inside.

use std::{
    ffi::{OsStr, OsString},
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use nix::mount::{MsFlags, mount};

/// Where it lies: in a file system of the sandbox's own, of which the machine sees nothing.
pub const HOME: &str = "/run/hopscope";
/// First in the path of every terminal.
pub const TOOLS: &str = "/run/hopscope/bin";

const SHELL: &str = include_str!("kit/shell.bash");
const MISSING: &str = include_str!("kit/missing");
const SUDO: &str = include_str!("kit/sudo");
const SU: &str = include_str!("kit/su");
const BRCTL: &str = include_str!("kit/brctl");

/// Lays it out once, in this process' own mount namespace.
pub fn lay_out() -> io::Result<()> {
    static LAID_OUT: OnceLock<Result<(), String>> = OnceLock::new();
    LAID_OUT
        .get_or_init(|| lay_out_now().map_err(|error| error.to_string()))
        .clone()
        .map_err(io::Error::other)
}

fn lay_out_now() -> io::Result<()> {
    fs::create_dir_all(TOOLS)?;
    fs::create_dir_all(own_home())?;
    write("shell.bash", SHELL, 0o644)?;
    write("missing", MISSING, 0o755)?;
    write("bin/sudo", SUDO, 0o755)?;
    write("bin/su", SU, 0o755)?;
    if find("brctl").is_none() {
        write("bin/brctl", BRCTL, 0o755)?;
    }
    remember_the_hosts_namespace();
    put_before_other_shells_files();
    Ok(())
}

/// A home for who cannot enter the user's.
pub fn own_home() -> PathBuf {
    Path::new(HOME).join("home")
}

fn write(name: &str, text: &str, mode: u32) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut file =
        options.write(true).create(true).truncate(true).mode(mode).open(Path::new(HOME).join(name))?;
    file.write_all(text.as_bytes())
}

/// Shells compare theirs with this file. Without it they find no name for the host, which is no reason to stop.
fn remember_the_hosts_namespace() {
    let at = Path::new(HOME).join("net");
    if fs::File::create(&at).is_ok() {
        let _not_remembered = bind(Path::new("/proc/self/ns/net"), &at);
    }
}

/// Shells that are started in a shell read these files, which would set another prompt. In the sandbox they read ours
/// instead; the files themselves stay as they are.
fn put_before_other_shells_files() {
    let ours = Path::new(HOME).join("shell.bash");
    let of_user = std::env::var_os("HOME").map(|home| Path::new(&home).join(".bashrc"));
    let of_system = ["/etc/bash.bashrc", "/etc/bashrc"].map(PathBuf::from);
    for file in of_user.into_iter().chain(of_system).filter(|file| file.is_file()) {
        // The exported PROMPT_COMMAND is there where this fails.
        let _stays = bind(&ours, &file);
    }
}

fn bind(from: &Path, to: &Path) -> nix::Result<()> {
    const NONE: Option<&str> = None;
    mount(Some(from), to, NONE, MsFlags::MS_BIND, NONE)
}

/// Where programs are looked for: the user's path, and where ip, nft and tcpdump are, which that often lacks.
pub fn path() -> OsString {
    let users = std::env::var_os("PATH").unwrap_or_default();
    let users = std::env::split_paths(&users).filter(|place| place.is_absolute());
    let ours =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"].map(PathBuf::from);
    let mut places: Vec<PathBuf> = Vec::new();
    for place in users.chain(ours) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    std::env::join_paths(places).unwrap_or_else(|_| "/usr/sbin:/usr/bin:/sbin:/bin".into())
}

/// A program of the machine, wherever it lies in [`path`].
pub fn find(program: impl AsRef<OsStr>) -> Option<PathBuf> {
    let program = Path::new(program.as_ref());
    let is_program = |at: &PathBuf| {
        let allowed = nix::unistd::access(at, nix::unistd::AccessFlags::X_OK).is_ok();
        allowed && at.is_file()
    };
    std::env::split_paths(&path()).map(|place| place.join(program)).find(is_program)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::marks::{BEGINS, prompt};

    #[test]
    fn shells_write_the_marks_that_are_understood() {
        let written = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("text");
            text.replace('\x1b', r"\e").replace('\x07', r"\a")
        };
        let prompt = written(prompt(4711, 23)).replace("23", "%s").replace("4711", "%s");
        assert!(SHELL.contains(&format!("printf '{prompt}'")), "{prompt}");
        assert!(SHELL.contains(&format!("PS0='{}'", written(BEGINS.to_vec()))));
    }

    #[test]
    fn programs_are_found_in_the_places_of_root_too() {
        assert!(find("sh").is_some());
        assert_eq!(find("no-such-program-anywhere"), None);
        assert!(path().to_string_lossy().contains("/usr/sbin"));
    }
}
