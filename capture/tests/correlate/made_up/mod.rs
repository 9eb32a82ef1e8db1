//! Made-up labs, frames and sightings, from a few lines of text each.

pub mod frames;
pub mod lab;
pub mod picture;
pub mod story;

pub use story::Story;
