//! The parts around the stage. Each takes the state, draws, and pushes commands.

pub mod acts;
pub mod dialogs;
pub mod home;
pub mod inspector;
pub mod menu;
pub mod notices;
pub mod page;
mod probe_kind;
pub mod tools;
pub mod transport;
