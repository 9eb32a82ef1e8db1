//! How many frames an interface has carried, as the kernel counts.

use std::fs;

use super::ring::Ring;

/// How many frames the interface of the calling thread's namespace had carried that its rings, which are open
/// already, did not get. Exact where nothing passes at this very moment, else to a few frames; 0 where the kernel does
/// not say.
pub(super) fn before(interface: &str, rings: &mut [Ring; 2]) -> u64 {
    /// Under a steady stream it is never quiet.
    const TRIES: usize = 5;
    let mut seen = received(rings);
    let mut before = 0;
    for _ in 0..TRIES {
        before = in_all(interface).saturating_sub(seen);
        let again = received(rings);
        if again == seen {
            break;
        }
        seen = again;
    }
    before
}

fn received(rings: &mut [Ring; 2]) -> u64 {
    rings.iter_mut().map(|ring| u64::from(ring.received().unwrap_or(0))).sum()
}

/// Received and sent, since the interface was made.
fn in_all(interface: &str) -> u64 {
    // Of the calling thread, which may be in another namespace than the process.
    let table = fs::read_to_string("/proc/thread-self/net/dev").unwrap_or_default();
    table.lines().find_map(|line| line_of(interface, line)).unwrap_or(0)
}

/// A line of /proc/net/dev: the name, eight numbers about what was received, of which frames are the second, and
/// eight about what was sent (net/core/net-procfs.c).
fn line_of(interface: &str, line: &str) -> Option<u64> {
    let (name, numbers) = line.split_once(':')?;
    if name.trim() != interface {
        return None;
    }
    let numbers: Vec<u64> = numbers.split_whitespace().map_while(|number| number.parse().ok()).collect();
    Some(numbers.get(1)?.saturating_add(*numbers.get(9)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_the_second_and_the_tenth_number() {
        let line = "  eth0: 1296 12 0 0 0 0 0 3 2048 30 0 0 0 0 0 0";
        assert_eq!(line_of("eth0", line), Some(42));
        assert_eq!(line_of("th0", line), None);
        assert_eq!(line_of("eth0", "eth0: 1 2"), None);
        assert_eq!(line_of("Inter-|   Receive", "Inter-|   Receive    |  Transmit"), None);
    }
}
