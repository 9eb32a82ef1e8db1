//! The window: egui draws the state, and turns what a person does into commands.
//!
//! `panels` and `views` take `&State`, draw, and push `Command`s; they do not know each other. `widgets` know
//! neither state nor commands. `theme` is the one place for colours, sizes and durations.

pub mod paint;
pub mod panels;
pub mod raster;
pub mod stage;
pub mod theme;
pub mod views;
pub mod widgets;
