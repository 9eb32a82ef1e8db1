//! What can be said on the command line: the one definition that help, completions and man page share.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Shows how frames really travel: builds network labs in the Linux kernel without root,
/// captures at every point, and follows each frame hop by hop
///
/// Without a command, opens the window.
#[derive(Debug, Parser)]
#[command(name = "hopscope", version, after_help = exit_statuses())]
pub struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Each exit status, and what it means, in lines that fit a terminal.
pub const EXIT_STATUSES: [(u8, &[&str]); 4] = [
    (0, &["done; all probes were answered"]),
    (
        1,
        &[
            "some probes were not answered, a `ping` that was typed among them (the output says which),",
            "a command failed and --strict was given, or `check` found errors",
        ],
    ),
    (2, &["bad usage, or a file that cannot be read or written"]),
    (3, &["this machine cannot do it (`hopscope doctor` says what mends it)"]),
];

fn exit_statuses() -> String {
    let one = |(status, lines): &(u8, &[&str])| format!("\n  {status}  {}", lines.join("\n     "));
    "Exit status:".to_owned() + &EXIT_STATUSES.iter().map(one).collect::<String>()
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the window on a lab file, a ready lab, a recording, a tutorial or a script [default: the first ready lab, running]
    #[cfg(feature = "window")]
    Open {
        /// A lab file, a recording, a tutorial (.md), a script (.sh), or the name of a ready lab or tutorial
        #[arg(value_name = "FILE|LAB")]
        what: Option<String>,
    },
    /// Build a lab in a sandbox and probe it, or run a tutorial or script there, and print the journey of every frame
    #[cfg(feature = "engine")]
    #[command(after_help = exit_statuses())]
    Run(Run),
    /// Print the journeys of a recording; needs no privileges
    Show(Show),
    /// Say what is wrong with a lab, where, and what mends it
    Check {
        /// A lab file, or the name of a ready lab
        #[arg(value_name = "FILE|LAB")]
        lab: String,
    },
    /// Turn a lab into a shell script (.sh) or a lab file (.toml); the lab may come out of a recording, or out of a
    /// tutorial or script, which is run for that
    Convert {
        /// A lab file, a recording, a tutorial (.md), a script (.sh), or the name of a ready lab or tutorial
        #[arg(value_name = "IN")]
        input: String,
        /// Where to; its ending says what: .sh or .toml
        #[arg(value_name = "OUT")]
        output: PathBuf,
    },
    /// List the ready labs and the ready tutorials
    Labs,
    /// Check what this machine can do, and say what mends the rest
    Doctor {
        /// Print the AppArmor profile that lets this program make its sandbox, and check nothing
        #[arg(long)]
        apparmor_profile: bool,
    },
    /// Print a completion script for a shell
    Completions {
        /// Which one it is for
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for each command into a folder
    Man {
        /// An existing folder; without one, only the main page is printed
        #[arg(value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
    /// The process that owns the sandbox; started by Hopscope itself
    #[cfg(feature = "engine")]
    #[command(hide = true)]
    Engine {
        #[arg(long)]
        fd: i32,
    },
}

/// `hopscope run`
#[derive(Debug, clap::Args)]
pub struct Run {
    /// A lab file, a tutorial (.md), a script (.sh), or the name of a ready lab or tutorial (see `hopscope labs`)
    ///
    /// The commands of a tutorial or script are typed into terminals in the sandbox, in order; what installs,
    /// downloads or edits the machine is left out.
    #[arg(value_name = "FILE|LAB")]
    pub lab: String,
    /// Ping from a namespace to a namespace or an address; may be given more than once
    /// [default: what the lab itself suggests]
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], action = clap::ArgAction::Append)]
    pub ping: Vec<String>,
    /// How many echo requests each --ping sends, 10000 at most
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub count: u16,
    /// Run a shell command in a namespace (`host` is the sandbox itself); in order with --ping; ended after a minute
    #[arg(long, num_args = 2, value_names = ["NS", "CMD"], action = clap::ArgAction::Append)]
    pub exec: Vec<String>,
    /// Go on capturing for so many seconds after the last probe and command
    #[arg(long = "for", value_name = "SECS", value_parser = seconds)]
    pub listen_for: Option<std::time::Duration>,
    /// Keep what was seen in a pcapng file
    #[arg(long, value_name = "OUT.pcapng")]
    pub record: Option<PathBuf>,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Stop at the first command whose status is not 0, and end with status 1
    #[arg(long)]
    pub strict: bool,
}

/// `hopscope show`
#[derive(Debug, clap::Args)]
pub struct Show {
    /// A recording, or a capture of another tool (pcap, pcapng)
    #[arg(value_name = "FILE.pcapng")]
    pub file: PathBuf,
    /// Only the journeys that fit, such as: arp or ip == 10.10.0.2 and not fate == delivered
    #[arg(long, value_name = "EXPR")]
    pub filter: Option<String>,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
}

fn seconds(text: &str) -> Result<std::time::Duration, String> {
    let wrong = || format!("“{text}” is not a number of seconds between 0 and 1000000");
    let seconds: f64 = text.parse().map_err(|_| wrong())?;
    if !(0.0..=1e6).contains(&seconds) {
        return Err(wrong());
    }
    Ok(std::time::Duration::from_secs_f64(seconds))
}
