//! Names, checked once at the edge: everything inside may rely on them being fit for the kernel,
//! for `/run/netns` and for a shell line.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

/// Why a text cannot be a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a name cannot be empty")]
    Empty,
    #[error("“{name}” is {bytes} bytes long; {limit} is the most")]
    TooLong { name: String, bytes: usize, limit: usize },
    #[error("“{name}” holds {found:?}, which a name cannot hold")]
    Character { name: String, found: char },
    #[error("“{name}” cannot be a name: it means a place in the file system or an option")]
    Reserved { name: String },
    /// The kernel's names for the switches of all interfaces and of new ones (net/ipv4/devinet.c).
    #[error("“{name}” cannot be an interface's name: in /proc/sys it means {meaning}")]
    Switches { name: String, meaning: &'static str },
    #[error("“{0}” is not of the form namespace/interface")]
    NotAPlace(String),
}

fn checked(name: &str, limit: usize) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if limit < name.len() {
        return Err(NameError::TooLong { name: name.into(), bytes: name.len(), limit });
    }
    let unfit = |c: &char| c.is_whitespace() || c.is_control() || "/:%'\"\\$`".contains(*c);
    if let Some(found) = name.chars().find(unfit) {
        return Err(NameError::Character { name: name.into(), found });
    }
    if name == "." || name == ".." || name.starts_with('-') {
        return Err(NameError::Reserved { name: name.into() });
    }
    Ok(())
}

const PROCESS: &str = "pid ";

/// The number in `pid 4711`: decimal, without zeros before it.
fn process_in(name: &str) -> Option<u32> {
    let digits = name.strip_prefix(PROCESS)?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| is_plain)
}

fn checked_namespace(name: &str, limit: usize) -> Result<(), NameError> {
    if process_in(name).is_some() {
        return Ok(());
    }
    checked(name, limit)
}

fn checked_interface(name: &str, limit: usize) -> Result<(), NameError> {
    let meaning = match name {
        "all" => "all interfaces",
        "default" => "those to come",
        _ => return checked(name, limit),
    };
    Err(NameError::Switches { name: name.into(), meaning })
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $limit:expr, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The longest allowed, in bytes.
            pub const LONGEST: usize = $limit;

            pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
                let name = name.into();
                $check(&name, Self::LONGEST)?;
                Ok(Self(name.into()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                (*name.0).to_owned()
            }
        }
    };
}

name_type!(
    /// A network namespace's name, as `ip netns` shows it; `host` is the sandbox's own root namespace.
    /// One that has no name but is held by a process is called after that: `pid 4711`.
    NamespaceName,
    64,
    checked_namespace
);
name_type!(
    /// An interface's name: at most 15 bytes (`IFNAMSIZ` less the closing zero, linux/if.h).
    InterfaceName,
    15,
    checked_interface
);

impl NamespaceName {
    /// The sandbox's root namespace, which plays the part of the machine itself.
    pub fn host() -> Self {
        Self("host".into())
    }

    pub fn is_host(&self) -> bool {
        &*self.0 == "host"
    }

    /// What a namespace is called that has no name: after the process `pid` in it, as the sandbox counts.
    pub fn of_process(pid: u32) -> Self {
        // No process has the number 0 (it would be the kernel itself), and no name says so.
        Self(format!("{PROCESS}{}", pid.max(1)).into())
    }

    /// The process, if it is called after one.
    pub fn process(&self) -> Option<u32> {
        process_in(&self.0)
    }
}

impl InterfaceName {
    pub fn loopback() -> Self {
        Self("lo".into())
    }

    pub fn is_loopback(&self) -> bool {
        &*self.0 == "lo"
    }
}

/// One interface in one namespace, written `namespace/interface`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Place {
    pub namespace: NamespaceName,
    pub interface: InterfaceName,
}

impl Place {
    pub fn new(namespace: NamespaceName, interface: InterfaceName) -> Self {
        Self { namespace, interface }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { namespace, interface } = self;
        if f.width().is_some() || f.precision().is_some() {
            return f.pad(&format!("{namespace}/{interface}"));
        }
        f.write_str(namespace.as_str())?;
        f.write_str("/")?;
        f.write_str(interface.as_str())
    }
}

impl FromStr for Place {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let (namespace, interface) = text.split_once('/').ok_or_else(|| NameError::NotAPlace(text.into()))?;
        Ok(Self { namespace: namespace.parse()?, interface: interface.parse()? })
    }
}

impl TryFrom<String> for Place {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> String {
        place.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Of what names are made of, and of what they must not hold.
    fn near_names() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[a-z0-9.@_-]{0,70}",
            "(pid )?[0-9a-z]{0,11}",
            r#"[-./:%'"\\$` \n\ta-zé]{0,17}"#
        ]
    }

    fn is_fit(name: &str, limit: usize) -> bool {
        let is_bad = |c: char| c.is_whitespace() || c.is_control() || "/:%'\"\\$`".contains(c);
        let is_sized = (1..=limit).contains(&name.len());
        is_sized && !name.contains(is_bad) && !name.starts_with('-') && name != "." && name != ".."
    }

    proptest! {
        #[test]
        fn interface_names_are_fit_or_refused(text in near_names()) {
            let name = text.parse::<InterfaceName>();
            prop_assert_eq!(name.is_ok(), is_fit(&text, 15));
            prop_assert!(name.is_err() || name.as_ref().map(InterfaceName::to_string) == Ok(text));
        }

        #[test]
        fn namespace_names_are_fit_or_refused(text in near_names()) {
            let name = text.parse::<NamespaceName>();
            let process = name.as_ref().ok().and_then(NamespaceName::process);
            match process {
                Some(number) => prop_assert_eq!(&text, &format!("pid {number}")),
                None => prop_assert_eq!(name.is_ok(), is_fit(&text, 64)),
            }
            prop_assert!(name.is_err() || name.as_ref().map(NamespaceName::to_string) == Ok(text));
        }

        #[test]
        fn places_are_read_as_they_are_written(namespace in near_names(), interface in near_names()) {
            let parts = (namespace.parse::<NamespaceName>(), interface.parse::<InterfaceName>());
            let read = format!("{namespace}/{interface}").parse::<Place>();
            match parts {
                (Ok(namespace), Ok(interface)) => prop_assert_eq!(read, Ok(Place::new(namespace, interface))),
                _ => prop_assert!(read.is_err(), "{:?}", read),
            }
        }
    }

    #[test]
    fn what_the_kernel_calls_its_switches_is_no_interface() {
        for name in ["all", "default"] {
            assert!(matches!(InterfaceName::new(name), Err(NameError::Switches { .. })), "{name}");
            assert!(NamespaceName::new(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_of_processes() {
        let name = NamespaceName::of_process(4711);
        assert_eq!((name.as_str(), name.process(), name.is_host()), ("pid 4711", Some(4711), false));
        assert_eq!("pid 4711".parse(), Ok(name.clone()));
        let place: Place = "pid 4711/veth-ns1".parse().expect("a place");
        assert_eq!((place.to_string().as_str(), &place.namespace), ("pid 4711/veth-ns1", &name));
        assert_eq!("red".parse::<NamespaceName>().map(|name| name.process()), Ok(None));
        let unfit =
            ["pid", "pid ", "pid 0", "pid 04", "pid +4", "pid 4 ", "pid  4", "Pid 4", "pid 4294967296"];
        for text in unfit.into_iter().filter(|text| text.contains(' ')) {
            assert!(text.parse::<NamespaceName>().is_err(), "{text:?}");
        }
        assert!("pid 4".parse::<InterfaceName>().is_err());
    }
}
