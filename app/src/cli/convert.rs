//! `hopscope convert`: a lab in another form.

use std::{fs, io::Write, path::Path};

use topology::{Lab, file, script};

use super::{Failure, Status, load};

pub fn convert(input: &str, output: &Path) -> Result<Status, Failure> {
    let ending = output.extension().and_then(|ending| ending.to_str());
    let write = match ending {
        Some("sh") => script::script,
        Some("toml") => file::write,
        _ => {
            return Err(Failure::bad_input(format!(
                "{}: the ending must say what to write: .sh or .toml",
                output.display()
            )));
        }
    };
    let text = write(&lab_of(input)?);
    save(output, &text, ending == Some("sh"))
        .map_err(|error| Failure::bad_input(format!("{}: {error}", output.display())))?;
    Ok(Status::Good)
}

/// A tutorial or script is run for its lab.
fn lab_of(input: &str) -> Result<Lab, Failure> {
    #[cfg(feature = "engine")]
    if let Some(page) = load::page(input)? {
        return super::run::page::observed(&page);
    }
    load::lab(input)
}

/// Writes beside the target and renames, so that a half-written file never takes its place.
fn save(path: &Path, text: &str, executable: bool) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let written = write_whole(Path::new(&beside), text, executable).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_whole(path: &Path, text: &str, executable: bool) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    if executable {
        use std::os::unix::fs::PermissionsExt;
        let mut permissions = file.metadata()?.permissions();
        // Whoever may read it may run it.
        permissions.set_mode(permissions.mode() | (permissions.mode() & 0o444) >> 2);
        file.set_permissions(permissions)?;
    }
    #[cfg(not(unix))]
    let _ = executable;
    file.sync_all()
}
