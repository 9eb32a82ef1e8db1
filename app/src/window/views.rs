//! What was seen, in other shapes than the stage. Each takes the state, draws, and pushes commands.

pub mod commands;
pub mod filter_box;
pub mod frame;
pub mod frames;
pub mod ladder;
pub mod problems;
pub mod timeline;
