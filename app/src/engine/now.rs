//! The machine's clock, as captures read it.

use std::time::{SystemTime, UNIX_EPOCH};

use capture::WireNs;

/// Now, as captures stamp their frames.
pub fn wire_now() -> WireNs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WireNs(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
