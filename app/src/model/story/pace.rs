//! Wire time to story time and back: microsecond hops stretched, idle seconds squeezed.

use capture::WireNs;

/// A stretch of wire time in which nothing was seen, squeezed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Story times of its torn edges.
    pub from: f64,
    pub to: f64,
    /// Nanoseconds of wire time that it stands for.
    pub wire_ns: i64,
}

/// Piecewise linear, growing, defined everywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pace {}

impl Pace {
    pub fn story_at(&self, _t: WireNs) -> f64 {
        0.0
    }
    pub fn wire_at(&self, _story: f64) -> WireNs {
        WireNs(0)
    }
    pub fn gaps(&self) -> &[Gap] {
        &[]
    }
}
