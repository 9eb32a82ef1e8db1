//! What is known of programs by their names: which words are programs, and what a command line really starts when
//! `sudo`, `ip netns exec` and the like are taken off.

pub mod ip;
mod names;
mod shape;
mod unwrap;

pub use names::is_known;
pub use shape::{is_misspelt, is_sentence, is_shaped, is_surely_shaped};
pub use unwrap::{Opened, Started, started};
