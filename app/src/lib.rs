//! The window, the engine, and the command line.
//!
//! With the feature `engine` labs are built and captured; without it, recordings and lab files only.

pub mod cli;
#[cfg(feature = "window")]
pub mod desk;
pub mod doctor;
#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "window")]
pub mod model;
pub mod print;
pub mod terminal;
pub mod tutorial;
#[cfg(feature = "window")]
pub mod window;
