//! Each panel, shown a state that was made up: what is clicked becomes a command.

mod bars;
mod bench;
