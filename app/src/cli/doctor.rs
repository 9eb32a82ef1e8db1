//! `hopscope doctor`: what this machine can do.

use std::{io::Write, path::Path};

use super::{Failure, Status};
use crate::{
    doctor::{State, report},
    print::style,
};

pub fn doctor() -> Result<Status, Failure> {
    let findings = report();
    let mut out = anstream::stdout().lock();
    for finding in &findings {
        let mark = match finding.state {
            State::Good => style::good("good   "),
            State::Limited => style::doubtful("limited"),
            State::Broken => style::bad("broken "),
        };
        writeln!(out, "{mark}  {}: {}", style::strong(&finding.what), finding.says)?;
        if finding.state != State::Good {
            writeln!(out, "           costs: {}", finding.costs)?;
            writeln!(out, "           mend:  {}", finding.mend)?;
        }
    }
    let is_broken = findings.iter().any(|finding| finding.state == State::Broken);
    Ok(if is_broken { Status::Incapable } else { Status::Good })
}

/// What Ubuntu's AppArmor asks of a program that makes user namespaces.
const PROFILE: &str = include_str!("../../../packaging/apparmor/hopscope");
/// The line behind the places where the program usually is.
const BEFORE_PROFILE: &str = "\nprofile hopscope ";

pub fn apparmor_profile() -> Result<Status, Failure> {
    let here = std::env::current_exe().ok();
    write!(anstream::stdout().lock(), "{}", profile_for(here.as_deref().and_then(Path::to_str)))?;
    Ok(Status::Good)
}

/// With the place of this program among the others. What cannot stand between quotes there is left out.
fn profile_for(here: Option<&str>) -> String {
    let special = |c: char| c.is_control() || "\"\\*?[]{}^@".contains(c);
    match (here.filter(|here| !here.contains(special)), PROFILE.split_once(BEFORE_PROFILE)) {
        (Some(here), Some((places, rules))) => {
            format!("{places}@{{hopscope_paths}} += \"{here}\"\n{BEFORE_PROFILE}{rules}")
        }
        _ => PROFILE.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_names_the_place_of_this_program() {
        let profile = profile_for(Some("/opt/my tools/hopscope"));
        let [before, place, after] =
            ["+= @{HOME}/**/target", "+= \"/opt/my tools/hopscope\"\n", "\nprofile hopscope"]
                .map(|part| profile.find(part).unwrap_or_else(|| panic!("{part} is not in {profile}")));
        assert!(before < place && place < after, "{profile}");
        assert_eq!(profile_for(Some("/tmp/a\"b/hopscope")), PROFILE);
        assert_eq!(profile_for(None), PROFILE);
    }
}
