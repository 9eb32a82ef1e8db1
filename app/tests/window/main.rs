//! The window without a screen: found by accessible names, looked at as pictures.

mod kernel;
mod panels;
mod picture;
mod scenes;
mod screenshots;
mod stage;
mod typed;
mod whole;
