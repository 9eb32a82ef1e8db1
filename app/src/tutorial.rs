//! Tutorials and scripts: pages of text with commands in them, read, and run in order.
//!
//! Pure: no IO, no clock. Whoever runs one (the window, the command line) brings terminals and time.

pub mod document;
pub mod read;
pub mod ready;
pub mod runner;
