//! The engine, the command line, and later the window.

pub mod doctor;
#[cfg(feature = "engine")]
pub mod engine;
