//! Completions and manual pages, both made from [`super::args`].

use std::{io::Write, path::Path};

use clap::{Command, CommandFactory};

use super::{Failure, Status, args::Args};

pub fn completions(shell: clap_complete::Shell) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut for_people(), "hopscope", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Status::Good)
}

/// Without what is hidden: completions would offer it.
fn for_people() -> Command {
    let all = Args::command();
    let shown: Vec<Command> =
        all.get_subcommands().filter(|command| !command.is_hide_set()).cloned().collect();
    Command::new("hopscope").version(env!("CARGO_PKG_VERSION")).subcommands(shown)
}

/// The manual page on standard output, or one for each command in `folder`.
pub fn man(folder: Option<&Path>) -> Result<Status, Failure> {
    let command = Args::command();
    match folder {
        None => clap_mangen::Man::new(command).render(&mut std::io::stdout().lock())?,
        Some(folder) => clap_mangen::generate_to(command, folder)
            .map_err(|error| Failure::bad_input(format!("{}: {error}", folder.display())))?,
    }
    Ok(Status::Good)
}
