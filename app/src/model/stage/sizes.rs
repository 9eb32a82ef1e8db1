//! How large things on the stage are, in canvas points; shared by the layout and by whoever places things.

/// A room as it is with one interface and a line in each table; it grows downwards with what it holds.
pub const ROOM_WIDTH: f32 = 232.0;
pub const ROOM_HEIGHT: f32 = 206.0;
/// A switch with six ports; it grows to the right.
pub const SWITCH_WIDTH: f32 = 306.0;
pub const SWITCH_HEIGHT: f32 = 58.0;
/// What a switch has learned, with one line.
pub const LEARNED_HEIGHT: f32 = 44.0;
/// Between a house's frame and the switches in it.
pub const HOUSE_PAD: f32 = 56.0;
/// Where a house's name stands.
pub const HOUSE_HEADER: f32 = 44.0;
