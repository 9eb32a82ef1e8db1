//! The whole window, with its desk, its engine and the real kernel: what a person does, by names and by pointer.

mod acting;
mod drawing;
mod files;
mod first_minute;
mod looking;
mod midway;
mod panels;
mod person;
mod terminals;
mod tutorials;
