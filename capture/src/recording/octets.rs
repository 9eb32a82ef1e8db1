//! The octets of frames. A frame comes once for each tap that saw it, mostly unchanged, and then they are kept once:
//! that spares most of the memory of a recording, and most of the time of asking for it.

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

/// A bridge passes on far fewer frames than these between a frame's first sighting and its last.
const PLACES: usize = 256;

/// Frames of late, one at most in each place; its hash says in which.
#[derive(Debug)]
pub(super) struct Octets(Vec<Option<Arc<[u8]>>>);

impl Default for Octets {
    fn default() -> Self {
        Self(vec![None; PLACES])
    }
}

impl Octets {
    pub fn keep(&mut self, octets: &[u8]) -> Arc<[u8]> {
        let place = &mut self.0[xxh3_64(octets) as usize % PLACES];
        match place {
            Some(kept) if **kept == *octets => Arc::clone(kept),
            _ => Arc::clone(place.insert(octets.into())),
        }
    }
}
