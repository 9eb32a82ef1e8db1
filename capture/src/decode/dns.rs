//! DNS (RFC 1035) and multicast DNS (RFC 6762).

use super::{
    bytes::{Bytes, Span, byte_count, hex_text, safe_text},
    dns_name,
    walk::Walk,
};

const HEADER: usize = 12;
/// More entries than this are not shown one by one.
const MOST_ENTRIES: usize = 200;

/// `name` is `DNS` or `mDNS`; `span` is the message.
pub(super) fn decode(walk: &mut Walk<'_>, name: &'static str, span: Span) {
    if !walk.has(name, span, HEADER) {
        return walk.rest("Data", span);
    }
    walk.layer(name, span);
    if !walk.wants_fields() && !walk.wants_words() {
        return;
    }
    let message = Message::read(walk.bytes, span);
    if walk.wants_fields() {
        fields(walk, span.start, &message);
    }
    if let Some(at) = message.stop {
        walk.stop(name, at, || "malformed: a name or a record does not fit into the message".into());
    }
    if walk.wants_words() {
        let words = message.words();
        walk.say(|| words.clone(), || message.label());
    }
}

/// A question, or a record of one of the three sections.
struct Entry {
    section: &'static str,
    name: String,
    kind: u16,
    /// Seconds for which an answer may be kept.
    life: u32,
    /// What the record says; empty for questions.
    data: Span,
    span: Span,
}

struct Message<'a> {
    bytes: Bytes<'a>,
    span: Span,
    entries: Vec<Entry>,
    stop: Option<usize>,
}

impl<'a> Message<'a> {
    fn read(bytes: Bytes<'a>, span: Span) -> Self {
        let mut message = Self { bytes, span, entries: Vec::new(), stop: None };
        let mut at = span.start + HEADER;
        for (section, place) in [("question", 4), ("answer", 6), ("authority", 8), ("additional", 10)] {
            for _ in 0..bytes.u16(span.start + place) {
                if message.entries.len() == MOST_ENTRIES {
                    return message;
                }
                let Some(entry) = message.entry(section, at) else {
                    message.stop = Some(at);
                    return message;
                };
                at = entry.span.end;
                message.entries.push(entry);
            }
        }
        message
    }

    fn entry(&self, section: &'static str, at: usize) -> Option<Entry> {
        let (bytes, start) = (self.bytes, self.span.start);
        let (name, behind) = dns_name::read(bytes.slice(self.span), at - start)?;
        let behind = start + behind;
        let is_question = section == "question";
        let fixed_end = behind + if is_question { 4 } else { 10 };
        if self.span.end < fixed_end {
            return None;
        }
        let data_len = if is_question { 0 } else { usize::from(bytes.u16(behind + 8)) };
        let end = fixed_end + data_len;
        if self.span.end < end {
            return None;
        }
        Some(Entry {
            section,
            name,
            kind: bytes.u16(behind),
            life: if is_question { 0 } else { bytes.u32(behind + 4) },
            data: Span { start: fixed_end, end },
            span: Span { start: at, end },
        })
    }

    fn flags(&self) -> u16 {
        self.bytes.u16(self.span.start + 2)
    }

    fn is_answer(&self) -> bool {
        self.flags() & 0x8000 != 0
    }

    fn of(&self, section: &str) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.section == section)
    }

    fn words(&self) -> String {
        let question = self.of("question").next();
        if self.entries.is_empty() && self.stop.is_some() {
            return "a message that cannot be read".into();
        }
        if !self.is_answer() {
            return match question {
                Some(Entry { name, kind, .. }) => {
                    let others = match self.of("question").count() - 1 {
                        0 => String::new(),
                        count => format!(" and {count} more"),
                    };
                    format!("asks for {} of {name}{others}", kind_name(*kind))
                }
                None => "asks for nothing".into(),
            };
        }
        match (self.flags() & 15, question, self.answer()) {
            (0, _, Some(answer)) => answer,
            (0, Some(Entry { name, kind, .. }), None) => format!("{name} has no {}", kind_name(*kind)),
            (3, Some(Entry { name, .. }), _) => format!("there is no {name}"),
            (code, Some(Entry { name, .. }), _) => format!("cannot say for {name}: {}", code_name(code)),
            (code, None, _) => format!("answer without a question: {}", code_name(code)),
        }
    }

    /// `example.org is 10.0.0.9, 10.0.0.10`, under the name that was asked for, aliases followed.
    fn answer(&self) -> Option<String> {
        let first = self.of("answer").next()?;
        let question = self.of("question").next();
        let name = question.map_or(&first.name, |question| &question.name);
        let wanted = question.map_or(first.kind, |question| question.kind);
        let has_wanted = self.of("answer").any(|entry| entry.kind == wanted);
        let kind = if has_wanted { wanted } else { first.kind };
        let data = self.of("answer").filter(|entry| entry.kind == kind).map(|entry| self.data_text(entry));
        let data = data.take(8).collect::<Vec<_>>().join(", ");
        Some(match kind {
            1 | 5 | 12 | 28 => format!("{name} is {data}"),
            kind => format!("{name} has {} {data}", kind_name(kind)),
        })
    }

    fn label(&self) -> String {
        match self.of("question").next().or(self.of("answer").next()) {
            Some(entry) if self.is_answer() => match self.answer() {
                Some(answer) if answer.len() < 40 => answer,
                Some(_) => format!("answer: {}", entry.name),
                None if self.flags() & 15 == 3 => format!("no {}", entry.name),
                None => "no answer".into(),
            },
            Some(entry) => format!("{}?", entry.name),
            None => "DNS".into(),
        }
    }

    fn data_text(&self, entry: &Entry) -> String {
        let (bytes, at, len) = (self.bytes, entry.data.start, entry.data.len());
        let name_at = |at: usize| {
            let read = dns_name::read(bytes.slice(self.span), at - self.span.start);
            read.map_or_else(|| "a malformed name".to_string(), |(name, _)| name)
        };
        match (entry.kind, len) {
            (1, 4) => bytes.ipv4(at).to_string(),
            (28, 16) => bytes.ipv6(at).to_string(),
            (2 | 5 | 12 | 6, 1..) => name_at(at),
            (15, 3..) => format!("{} {}", bytes.u16(at), name_at(at + 2)),
            (16, _) => texts(bytes.slice(entry.data)),
            (33, 7..) => format!("{}:{}", name_at(at + 6), bytes.u16(at + 4)),
            _ => hex_text(bytes.slice(entry.data.first(64)), None),
        }
    }
}

fn fields(walk: &mut Walk<'_>, at: usize, message: &Message<'_>) {
    let bytes = walk.bytes;
    let flags = message.flags();
    walk.field("identification", at, 2, || format!("{:#06x}", bytes.u16(at)));
    walk.field("kind", at + 2, 1, || if message.is_answer() { "answer".into() } else { "question".into() });
    walk.field("flags", at + 2, 2, || flag_words(flags));
    walk.field("result", at + 3, 1, || code_name(flags & 15).into());
    for (name, place) in [("questions", 4), ("answers", 6), ("authorities", 8), ("additionals", 10)] {
        walk.field(name, at + place, 2, || bytes.u16(at + place).to_string());
    }
    for entry in &message.entries {
        let Entry { section, name, kind, life, span, .. } = entry;
        walk.field(section, span.start, span.len(), || match (*section, *kind) {
            ("question", kind) => format!("{} of {name}", kind_name(kind)),
            // The pseudo-record of RFC 6891 uses the fields for other things.
            (_, 41) => format!("extensions, {}", byte_count(entry.data.len())),
            (_, kind) => {
                format!("{name}: {} {}, for {life} s", kind_name(kind), message.data_text(entry))
            }
        });
    }
}

fn flag_words(flags: u16) -> String {
    let names = [
        (0x0400, "authoritative"),
        (0x0200, "cut short"),
        (0x0100, "recursion wanted"),
        (0x0080, "recursion available"),
        (0x0020, "authentic"),
        (0x0010, "checking off"),
    ];
    let words: Vec<_> = names.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, name)| *name).collect();
    if words.is_empty() { "none".into() } else { words.join(", ") }
}

fn texts(mut data: &[u8]) -> String {
    let mut words = Vec::new();
    while let Some((length, rest)) = data.split_first() {
        let (text, behind) = rest.split_at(usize::from(*length).min(rest.len()));
        words.push(format!("“{}”", safe_text(text)));
        data = behind;
    }
    words.join(" ")
}

fn kind_name(kind: u16) -> String {
    let name = match kind {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        12 => "PTR",
        15 => "MX",
        16 => "TXT",
        28 => "AAAA",
        33 => "SRV",
        41 => "OPT",
        43 => "DS",
        46 => "RRSIG",
        47 => "NSEC",
        48 => "DNSKEY",
        64 => "SVCB",
        65 => "HTTPS",
        252 => "AXFR",
        255 => "ANY",
        other => return format!("type {other}"),
    };
    name.into()
}

fn code_name(code: u16) -> &'static str {
    match code {
        0 => "no error",
        1 => "malformed question",
        2 => "server failed",
        3 => "no such name",
        4 => "not implemented",
        5 => "refused",
        _ => "another error",
    }
}
