//! The terminals, a tab each.

use egui::Ui;

use crate::model::{command::Command, state::State};

/// STAND-IN
pub fn show(_ui: &mut Ui, _state: &State, _out: &mut Vec<Command>) {}
