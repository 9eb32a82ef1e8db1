//! The kernel as a ground: every step carried out for real and observed, each test in its own sandbox.
#![cfg(feature = "kernel")]
#![expect(clippy::expect_used, reason = "a test may stop where it stands")]

mod chance;
mod failures;
mod follow;
mod labs;
mod processes;
mod sandbox;
mod speed;
mod steps;
mod tables;
mod told;
mod told_tables;
