//! Hardware addresses. IP networks are `ipnet::IpNet`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An IEEE 802 MAC address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MacAddress(pub [u8; 6]);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a MAC address, which looks like 02:42:ac:11:00:02")]
pub struct MacAddressError(String);

impl MacAddress {
    pub const BROADCAST: Self = Self([0xff; 6]);

    /// True for group addresses: multicast and broadcast (IEEE 802-2014, 8.2).
    pub fn is_group(self) -> bool {
        self.0[0] & 1 == 1
    }

    /// A locally administered address that is always the same for the same text,
    /// so that a lab looks alike each time it is built.
    pub fn derived_from(text: &str) -> Self {
        // FNV-1a, 64 bit: spread enough for a lab, and short.
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let [_, _, _, a, b, c, d, e] = hash.to_be_bytes();
        Self([0x02, a, b, c, d, e])
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // By hand, since MACs are written for every frame that was not for its finder.
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b':'; 17];
        for (octet, place) in self.0.into_iter().zip(text.chunks_mut(3)) {
            place[0] = DIGITS[usize::from(octet >> 4)];
            place[1] = DIGITS[usize::from(octet & 0xf)];
        }
        f.pad(std::str::from_utf8(&text).expect("digits and colons are text"))
    }
}

impl FromStr for MacAddress {
    type Err = MacAddressError;
    fn from_str(text: &str) -> Result<Self, MacAddressError> {
        let wrong = || MacAddressError(text.into());
        let mut bytes = [0; 6];
        let mut parts = text.split(':');
        for byte in &mut bytes {
            let part = parts.next().ok_or_else(wrong)?;
            let is_hex = part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
            *byte = is_hex.then(|| u8::from_str_radix(part, 16).ok()).flatten().ok_or_else(wrong)?;
        }
        if parts.next().is_some() { Err(wrong()) } else { Ok(Self(bytes)) }
    }
}

impl TryFrom<String> for MacAddress {
    type Error = MacAddressError;
    fn try_from(text: String) -> Result<Self, MacAddressError> {
        text.parse()
    }
}

impl From<MacAddress> for String {
    fn from(mac: MacAddress) -> String {
        mac.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn addresses_are_read_as_they_are_written(octets: [u8; 6]) {
            let mac = MacAddress(octets);
            prop_assert_eq!(mac.to_string().parse(), Ok(mac));
            prop_assert_eq!(mac.to_string().to_uppercase().parse(), Ok(mac));
        }

        #[test]
        fn nothing_else_is_an_address(text in prop_oneof![any::<String>(), "[0-9a-gA-F:+. -]{0,20}"]) {
            if let Ok(mac) = text.parse::<MacAddress>() {
                prop_assert_eq!(mac.to_string(), text.to_lowercase());
            }
        }

        #[test]
        fn a_derived_address_is_one_stations_own(text: String) {
            let mac = MacAddress::derived_from(&text);
            prop_assert!(mac == MacAddress::derived_from(&text) && !mac.is_group() && mac.0[0] & 2 == 2);
        }
    }
}
