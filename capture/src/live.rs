//! Stand-in.
use crate::*;
use topology::kernel::NamespaceFd;
#[derive(Debug, Default, Clone)] pub struct Options {}
#[derive(Debug)] pub struct Taps {}
#[derive(Debug, thiserror::Error)] #[error("no")] pub struct TapError;
impl Taps {
    pub fn open(_w: Vec<(Tap, NamespaceFd)>, _o: Options, _sink: impl FnMut(Vec<Event>) + Send + 'static) -> Result<Taps, TapError> { Ok(Taps {}) }
    pub fn add(&self, _w: Vec<(Tap, NamespaceFd)>) -> Result<(), TapError> { Ok(()) }
    pub fn wake(&self) -> Result<Vec<TapId>, TapError> { Ok(vec![]) }
    pub fn close(self) {}
}
