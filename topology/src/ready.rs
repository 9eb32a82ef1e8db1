//! Ready labs: networks to start from, each with something to try.

use crate::{Lab, file};

/// A lab that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadyLab {
    /// For the command line.
    pub name: &'static str,
    /// The lab file.
    pub text: &'static str,
}

macro_rules! ready_labs {
    ($($name:literal),* $(,)?) => {
        /// All of them; the first is the one to begin with.
        pub const LABS: &[ReadyLab] =
            &[$(ReadyLab { name: $name, text: include_str!(concat!("ready/", $name, ".toml")) }),*];
    };
}

ready_labs![
    "two-rooms-and-a-switch",
    "two-rooms-and-a-cable",
    "four-rooms-and-the-host",
    "switch-with-a-gateway",
    "two-networks-and-a-router",
    "out-through-nat",
    "ring-with-stp",
    "rooms-with-ipv6",
];

pub fn find(name: &str) -> Option<&'static ReadyLab> {
    LABS.iter().find(|ready| ready.name == name)
}

impl ReadyLab {
    pub fn lab(&self) -> Lab {
        file::parse(self.text).expect("the ready labs are tested to be sound lab files")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_sound_and_says_what_to_try() {
        for ready in LABS {
            let lab = file::parse(ready.text).unwrap_or_else(|error| panic!("{}: {error}", ready.name));
            assert_eq!(lab, ready.lab());
            assert!(
                !lab.title.is_empty() && !lab.about.is_empty() && !lab.try_this.is_empty(),
                "{}",
                ready.name
            );
            assert!(!lab.pings.is_empty(), "{}", ready.name);
            let placed = lab.namespaces.values().all(|namespace| namespace.position.is_some());
            assert!(placed, "{}: each namespace has its place on the canvas", ready.name);
        }
    }

    #[test]
    fn each_is_found_by_its_name() {
        for ready in LABS {
            assert_eq!(find(ready.name), Some(ready));
        }
        assert_eq!(find("no such lab"), None);
    }
}
