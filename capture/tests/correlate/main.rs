//! Correlation on made-up sightings: cases with their expected journeys, and laws for any sightings.

mod cases;
mod early;
mod followed;
mod laws;
mod made_up;
mod tables;
