//! Completions and manual pages, both made from [`super::args`].

use std::{fs, io::Write, path::Path};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::{
    Failure, Status,
    args::{Args, EXIT_STATUSES},
};

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
    let mut main = Args::command().disable_help_subcommand(true);
    // Gives each command its whole name, such as “hopscope-run”.
    main.build();
    let Some(folder) = folder else {
        std::io::stdout().lock().write_all(&page(&main)?)?;
        return Ok(Status::Good);
    };
    let shown = main.get_subcommands().filter(|command| !command.is_hide_set());
    for command in shown.chain([&main]) {
        let path = folder.join(Man::new(command.clone()).get_filename());
        fs::write(&path, page(command)?)
            .map_err(|error| Failure::bad_input(format!("{}: {error}", path.display())))?;
    }
    Ok(Status::Good)
}

/// As clap_mangen lays it out, but for the exit statuses, which it would run together under “EXTRA”, and for the
/// program's name and version at the foot of every page.
fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let man = Man::new(command.clone()).source(concat!("hopscope ", env!("CARGO_PKG_VERSION")));
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    if command.get_subcommands().any(|found| !found.is_hide_set()) {
        man.render_subcommands_section(&mut out)?;
    }
    if command.get_after_help().is_some() {
        writeln!(out, ".SH \"EXIT STATUS\"")?;
        for (status, lines) in EXIT_STATUSES {
            writeln!(out, ".TP\n\\fB{status}\\fR\n{}", lines.join("\n").replace('-', "\\-"))?;
        }
    }
    // Each section begins with what one page needs once.
    let text = String::from_utf8_lossy(&out).into_owned();
    let (preamble, rest) = text.split_at(text.find(".TH").unwrap_or(0));
    let once = if preamble.is_empty() { rest.to_owned() } else { rest.replace(preamble, "") };
    Ok(format!("{preamble}{once}").into_bytes())
}
