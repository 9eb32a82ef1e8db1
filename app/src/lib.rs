//! The engine, the command line, and later the window.
//!
//! With the feature `engine` labs are built and captured; without it, recordings and lab files only.

pub mod cli;
pub mod doctor;
#[cfg(feature = "engine")]
pub mod engine;
pub mod print;
