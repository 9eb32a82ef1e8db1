//! `hopscope labs`: the ready labs and the ready tutorials.

use std::io::Write;

use topology::ready;

use super::{Failure, Status};
use crate::{print::style, tutorial::ready as pages};

pub fn labs() -> Result<Status, Failure> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "Ready labs\n")?;
    for ready in ready::LABS {
        let lab = ready.lab();
        writeln!(out, "{}  {}", style::strong(ready.name), lab.title)?;
        writeln!(out, "    {}", lab.about)?;
        writeln!(out, "    Try: {}\n", lab.try_this)?;
    }
    writeln!(out, "Run one with: hopscope run {}\n", ready::LABS[0].name)?;
    writeln!(out, "Ready tutorials\n")?;
    for page in pages::PAGES {
        writeln!(out, "{}  {}", style::strong(page.name), page.document().title)?;
        writeln!(out, "    {}\n", page.about)?;
    }
    writeln!(out, "Walk through one with: hopscope open {}", pages::PAGES[0].name)?;
    writeln!(out, "Have it typed and told with: hopscope run {}", pages::PAGES[0].name)?;
    Ok(Status::Good)
}
