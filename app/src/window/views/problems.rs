use egui::Ui;

use crate::model::{command::Command, state::State};

pub fn show(_ui: &mut Ui, _state: &State, _out: &mut Vec<Command>) {}
