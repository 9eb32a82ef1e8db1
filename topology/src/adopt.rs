//! What was seen in the kernel, applied to what is drawn; and drawn things made fit to be kept.

mod named;

pub use named::with_names_of_their_own;
