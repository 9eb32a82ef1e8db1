//! `hopscope labs`: the ready labs.

use std::io::Write;

use topology::ready;

use super::{Failure, Status};
use crate::print::style;

pub fn labs() -> Result<Status, Failure> {
    let mut out = anstream::stdout().lock();
    for ready in ready::LABS {
        let lab = ready.lab();
        writeln!(out, "{}  {}", style::strong(ready.name), lab.title)?;
        writeln!(out, "    {}", lab.about)?;
        writeln!(out, "    Try: {}\n", lab.try_this)?;
    }
    writeln!(out, "Run one with: hopscope run {}", ready::LABS[0].name)?;
    Ok(Status::Good)
}
