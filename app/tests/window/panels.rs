//! Each panel, shown a state that was made up: what is clicked becomes a command.

mod bars;
mod bench;
mod dialogs;
mod file_dialog;
mod home;
mod inspector;
mod notices;
mod page;
mod terminals;
