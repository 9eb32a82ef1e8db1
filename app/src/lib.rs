//! The engine, the command line, and later the window.
#[cfg(feature = "engine")]
pub mod engine;
