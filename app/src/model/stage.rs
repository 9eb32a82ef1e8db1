//! The stage without a brush: where everything is, and what moves.
//!
//! `layout` (a lab → places of rooms, sockets, cables) → `scene` (layout + story time → things to draw) → `hit`
//! (what is under the pointer). Points are on the canvas, y downwards; [`camera`] turns them into points of the screen.

pub mod camera;
pub mod hit;
pub mod hues;
pub mod layout;
pub mod scene;
pub mod sizes;
