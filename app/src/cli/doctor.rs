//! `hopscope doctor`: what this machine can do.

use std::io::Write;

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
