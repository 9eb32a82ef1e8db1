//! egui's meshes as pixels, without a GPU: for pictures made by tests, and for export.
