//! What the protocols' decoders share while they go up through one frame.

use std::{
    fmt::{self, Write},
    net::IpAddr,
};

use topology::MacAddress;

use super::{
    Facts, Field, Layer, Stop,
    bytes::{Bytes, Span, byte_count},
};

/// How much is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    Full,
    Brief,
    /// As brief, without the label.
    Headline,
    Facts,
}

/// The state of one walk. Decoders go from the outside to the inside and speak up on the way back,
/// so the innermost has the first word: whoever finds a summary there already keeps silent.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub bytes: Bytes<'a>,
    pub layers: Vec<Layer>,
    pub protocol: &'static str,
    pub summary: String,
    pub label: String,
    pub stop: Option<Stop>,
    pub facts: Facts,
    /// The highest protocol inside an ICMP error's quote.
    pub quoted_protocol: &'static str,
    /// How deep we are in IP inside IP.
    pub nesting: u8,
    detail: Detail,
    quoting: bool,
}

impl<'a> Walk<'a> {
    pub fn new(bytes: &'a [u8], detail: Detail) -> Self {
        let layers = if detail == Detail::Full { Vec::with_capacity(6) } else { Vec::new() };
        Self {
            bytes: Bytes(bytes),
            layers,
            protocol: "nothing",
            summary: String::new(),
            label: String::new(),
            stop: None,
            facts: Facts::default(),
            quoted_protocol: "",
            nesting: 0,
            detail,
            quoting: false,
        }
    }

    pub fn frame(&self) -> Span {
        Span { start: 0, end: self.bytes.0.len() }
    }

    /// Whether fields are kept; to be asked before work that only they need.
    pub fn wants_fields(&self) -> bool {
        self.detail == Detail::Full
    }

    /// Whether a summary is still wanted; to be asked before work that only it needs.
    pub fn wants_words(&self) -> bool {
        self.detail != Detail::Facts && self.summary.is_empty()
    }

    pub fn is_quoting(&self) -> bool {
        self.quoting
    }

    /// Begins a layer; the fields that follow belong to it.
    pub fn layer(&mut self, name: &'static str, span: Span) {
        if self.quoting {
            self.quoted_protocol = name;
        } else {
            self.protocol = name;
            if self.detail == Detail::Facts {
                self.facts.protocols.push(name);
            }
        }
        self.part(if self.quoting { quoted_name(name) } else { name }, span);
    }

    /// A layer in the picture that is no protocol of its own.
    pub fn part(&mut self, name: &'static str, span: Span) {
        if self.wants_fields() {
            self.layers.push(Layer { name, range: span.start..span.end, fields: Vec::with_capacity(8) });
        }
    }

    /// Adds a field to the newest layer.
    pub fn field(&mut self, name: &'static str, at: usize, len: usize, value: impl FnOnce() -> String) {
        if !self.wants_fields() {
            return;
        }
        let Some(layer) = self.layers.last_mut() else { return };
        let range = at..at.saturating_add(len);
        debug_assert!(
            layer.range.start <= range.start && range.end <= layer.range.end,
            "{name} at {range:?} leaves {} at {:?}",
            layer.name,
            layer.range
        );
        let start = range.start.clamp(layer.range.start, layer.range.end);
        let end = range.end.clamp(start, layer.range.end);
        layer.fields.push(Field { name, value: value(), range: start..end });
    }

    /// Bytes that belong to no protocol: what the last header carries, or padding behind it.
    pub fn rest(&mut self, name: &'static str, span: Span) {
        if !span.is_empty() {
            self.part(if self.quoting && name == "Data" { "quoted Data" } else { name }, span);
            self.field("length", span.start, span.len(), || byte_count(span.len()));
        }
    }

    /// Words about the frame, unless a higher layer has already found better ones.
    pub fn say(&mut self, summary: impl FnOnce() -> String, label: impl FnOnce() -> String) {
        if self.wants_words() {
            self.summary = summary();
            if self.detail != Detail::Headline {
                self.label = label();
            }
        }
    }

    /// Notes where decoding stops. The first note stays; inside a quote nothing is noted,
    /// since a quote is allowed to end anywhere.
    pub fn stop(&mut self, layer: &'static str, at: usize, reason: impl FnOnce() -> String) {
        if !self.quoting && self.stop.is_none() && self.detail != Detail::Facts {
            self.stop = Some(Stop { layer, at, reason: reason() });
        }
    }

    /// Whether `span` has at least `least` bytes; if not, that is why decoding stops.
    pub fn has(&mut self, layer: &'static str, span: Span, least: usize) -> bool {
        let enough = least <= span.len();
        if !enough {
            self.stop(layer, span.end, || {
                format!("truncated: {layer} needs {}, {} here", byte_count(least), are(span.len()))
            });
        }
        enough
    }

    /// Runs `inner` over bytes that are only quoted, and gives the words it found.
    pub fn quote(&mut self, inner: impl FnOnce(&mut Self)) -> String {
        let was_quoting = std::mem::replace(&mut self.quoting, true);
        let summary = std::mem::take(&mut self.summary);
        let label = std::mem::take(&mut self.label);
        inner(self);
        self.quoting = was_quoting;
        self.label = label;
        std::mem::replace(&mut self.summary, summary)
    }

    /// Notes who speaks to whom, outside quotes.
    pub fn note_addresses(&mut self, from: IpAddr, to: IpAddr) {
        if self.detail == Detail::Facts && !self.quoting {
            self.facts.addresses.push((from, to));
        }
    }

    pub fn note_macs(&mut self, from: MacAddress, to: MacAddress) {
        self.facts.macs = Some((from, to));
    }
}

/// A summary, with room for most of them at once: growing costs more than writing.
pub(super) fn line(words: fmt::Arguments<'_>) -> String {
    let mut line = String::with_capacity(64);
    line.write_fmt(words).expect("writing to a string cannot fail");
    line
}

fn are(count: usize) -> String {
    if count == 1 { "1 is".into() } else { format!("{count} are") }
}

fn quoted_name(name: &'static str) -> &'static str {
    match name {
        "IPv4" => "quoted IPv4",
        "IPv6" => "quoted IPv6",
        "ICMP" => "quoted ICMP",
        "ICMPv6" => "quoted ICMPv6",
        "UDP" => "quoted UDP",
        "TCP" => "quoted TCP",
        "IGMP" => "quoted IGMP",
        _ => "quoted Data",
    }
}
