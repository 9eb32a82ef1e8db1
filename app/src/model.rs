//! What the window knows, and how it changes: no egui, no IO, no clock.
//!
//! One writer: everything that happens is a [`command::Command`], and [`update::update`] is the only one who
//! changes the [`state::State`]. What must be done outside (engine, files) comes back as [`command::Effect`]s,
//! and their results return as [`command::News`].

pub mod act;
pub mod changes;
pub mod command;
pub mod differences;
pub mod draft;
pub mod frame_list;
pub mod keys;
pub mod lanes;
pub mod narration;
pub mod renames;
pub mod sights;
pub mod stage;
pub mod state;
pub mod story;
pub mod update;
pub mod walk;
