//! The window without a screen: found by accessible names, looked at as pictures.

mod panels;
mod picture;
mod scenes;
mod screenshots;
mod stage;
