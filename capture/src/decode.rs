//! STAND-IN for the decoder, until it is merged.

use std::ops::Range;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub layers: Vec<Layer>,
    pub protocol: &'static str,
    pub summary: String,
    pub stop: Option<Stop>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub name: &'static str,
    pub range: Range<usize>,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub value: String,
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    pub layer: &'static str,
    pub at: usize,
    pub reason: String,
}

pub fn decode(bytes: &[u8]) -> Decoded {
    Decoded {
        layers: Vec::new(),
        protocol: "Ethernet",
        summary: format!("{} octets", bytes.len()),
        stop: None,
    }
}
