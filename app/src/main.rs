//! `hopscope`: one binary for the window, the engine and the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    hopscope::cli::main()
}
