//! Commands that ask whether somebody is there.

use crate::tutorial::read::{programs::started, shell::simples};

/// Their status is 0 only where an answer came.
const ASKING: &[&str] = &["ping", "ping4", "ping6", "arping", "fping"];

/// Whether `text` asks somebody for an answer, however it is wrapped: `sudo ip netns exec red ping 10.0.0.1`.
pub fn asks_who_is_there(text: &str) -> bool {
    let is_asking = |words: &[String]| words.first().is_some_and(|name| ASKING.contains(&name.as_str()));
    simples(text).iter().flat_map(started).any(|start| is_asking(&start.words))
}

#[cfg(test)]
mod tests {
    use super::asks_who_is_there;

    #[test]
    fn questions_are_found_inside_of_wrappers() {
        for text in [
            "ping -c 1 10.0.0.1",
            "sudo ip netns exec red ping 10.0.0.1",
            "/bin/ping6 ::1",
            "for n in 1 2; do ping -c1 10.0.0.$n; done",
            "ip netns exec red sh -c 'arping -c 1 10.0.0.1'",
        ] {
            assert!(asks_who_is_there(text), "{text}");
        }
        for text in ["echo ping", "ip link add ping type dummy", "which ping", "man ping", ""] {
            assert!(!asks_who_is_there(text), "{text}");
        }
    }
}
