//! Scenes of made-up stories.
