//! TCP (RFC 9293) with the options of RFC 2018 and RFC 7323.

use std::net::SocketAddr;

use etherparse::{
    TcpHeaderSlice,
    err::tcp::{HeaderError, HeaderSliceError},
};

use super::{
    bytes::{Bytes, Span, byte_count, hex_text},
    checksum, dns,
    ip::Ends,
    options::options,
    udp::port_text,
    walk::Walk,
};

const HEADER: usize = 20;

pub(super) fn decode(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    // An ICMP error quotes as few as 8 bytes: the ports and the sequence number.
    if walk.is_quoting() && (8..HEADER).contains(&span.len()) {
        return beginning(walk, span, ends);
    }
    if !walk.has("TCP", span, HEADER) {
        return walk.rest("Data", span);
    }
    let header = match TcpHeaderSlice::from_slice(walk.bytes.slice(span)) {
        Ok(header) => header,
        Err(error) => {
            walk.stop("TCP", span.start + 12, || match error {
                HeaderSliceError::Content(HeaderError::DataOffsetTooSmall { data_offset }) => {
                    format!(
                        "malformed: a header of {}, 20 is the least",
                        byte_count(usize::from(data_offset) * 4)
                    )
                }
                HeaderSliceError::Len(error) => {
                    format!("truncated: a header of {}, {} here", byte_count(error.required_len), error.len)
                }
            });
            return walk.rest("Data", span);
        }
    };
    let header_len = header.slice().len();
    let at = span.start;
    walk.layer("TCP", span.first(header_len));
    ports(walk, at);
    fields(walk, span, &header, ends);
    options(walk, "TCP", Span { start: at + HEADER, end: at + header_len }, option_text);
    let body = span.skip(header_len);
    carried(walk, body);
    walk.say(
        || {
            let data = match body.len() {
                0 => String::new(),
                count => format!(", {}", byte_count(count)),
            };
            format!("{} {}{data}", flag_words(&header), arrow(ports_of(&header), ends))
        },
        || flag_words(&header),
    );
}

fn beginning(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    let (bytes, at) = (walk.bytes, span.start);
    walk.layer("TCP", span);
    ports(walk, at);
    walk.field("sequence number", at + 4, 4, || bytes.u32(at + 4).to_string());
    walk.say(|| arrow((bytes.u16(at), bytes.u16(at + 2)), ends), || "TCP".into());
}

fn ports(walk: &mut Walk<'_>, at: usize) {
    let (from, to) = (walk.bytes.u16(at), walk.bytes.u16(at + 2));
    if !walk.is_quoting() {
        walk.facts.ports = Some((from, to));
    }
    walk.field("source port", at, 2, || port_text(from));
    walk.field("destination port", at + 2, 2, || port_text(to));
}

fn ports_of(header: &TcpHeaderSlice<'_>) -> (u16, u16) {
    (header.source_port(), header.destination_port())
}

fn arrow((from, to): (u16, u16), ends: Ends) -> String {
    format!("{} → {}", SocketAddr::new(ends.from, from), SocketAddr::new(ends.to, to))
}

fn fields(walk: &mut Walk<'_>, span: Span, header: &TcpHeaderSlice<'_>, ends: Ends) {
    if !walk.wants_fields() {
        return;
    }
    let (bytes, at) = (walk.bytes, span.start);
    walk.field("sequence number", at + 4, 4, || header.sequence_number().to_string());
    walk.field("acknowledgement number", at + 8, 4, || match header.ack() {
        true => header.acknowledgment_number().to_string(),
        false => format!("{} (not used)", header.acknowledgment_number()),
    });
    walk.field("header length", at + 12, 1, || byte_count(header.slice().len()));
    walk.field("flags", at + 12, 2, || {
        let mut words = flag_words(header);
        for (set, name) in [(header.ece(), " ECE"), (header.cwr(), " CWR"), (header.ns(), " AE")] {
            words.push_str(if set { name } else { "" });
        }
        words
    });
    walk.field("window", at + 14, 2, || byte_count(usize::from(header.window_size())));
    walk.field("checksum", at + 16, 2, || match ends.whole {
        true => checksum::judge(bytes, span, at + 16, ends.pseudo(6)),
        false => format!("{:#06x} not checked: only a part is here", header.checksum()),
    });
    walk.field("urgent pointer", at + 18, 2, || header.urgent_pointer().to_string());
}

/// `SYN`, `SYN ACK`, `PSH ACK`, …; `no flags` where there is none.
fn flag_words(header: &TcpHeaderSlice<'_>) -> String {
    let flags = [
        (header.syn(), "SYN"),
        (header.fin(), "FIN"),
        (header.rst(), "RST"),
        (header.psh(), "PSH"),
        (header.urg(), "URG"),
        (header.ack(), "ACK"),
    ];
    let mut words = String::with_capacity(16);
    for (_, name) in flags.iter().filter(|(set, _)| *set) {
        words.push_str(if words.is_empty() { "" } else { " " });
        words.push_str(name);
    }
    if words.is_empty() { "no flags".into() } else { words }
}

fn option_text(bytes: Bytes<'_>, option: Span) -> String {
    let at = option.start;
    match (bytes.u8(at), option.len()) {
        (2, 4) => format!("largest segment {} bytes", bytes.u16(at + 2)),
        (3, 3) => format!("window scale {} (times {})", bytes.u8(at + 2), 1_u64 << bytes.u8(at + 2).min(14)),
        (4, 2) => "selective acknowledgement permitted".into(),
        (5, len) if 10 <= len => {
            let pieces = (at + 2..option.end - 7).step_by(8);
            let words = pieces.map(|at| format!("{}–{}", bytes.u32(at), bytes.u32(at + 4)));
            format!("selectively acknowledged {}", words.collect::<Vec<_>>().join(", "))
        }
        (8, 10) => format!("timestamp {}, echo of {}", bytes.u32(at + 2), bytes.u32(at + 6)),
        (kind, _) => format!("{kind}: {}", hex_text(bytes.slice(option.skip(2)), None)),
    }
}

fn carried(walk: &mut Walk<'_>, body: Span) {
    let dns_here = walk.facts.ports.is_some_and(|(from, to)| from == 53 || to == 53);
    // Over TCP each message has its length before it (RFC 1035, 4.2.2); a message that is spread
    // over several segments is shown as data.
    let length = usize::from(walk.bytes.u16(body.start));
    let is_whole = 14 <= body.len() && 12 <= length && length + 2 <= body.len();
    if dns_here && is_whole && !walk.is_quoting() {
        let message = body.skip(2).first(length);
        walk.part("DNS length", body.first(2));
        walk.field("length", body.start, 2, || byte_count(length));
        dns::decode(walk, "DNS", message);
        walk.rest("Data", Span { start: message.end, end: body.end });
    } else {
        walk.rest("Data", body);
    }
}
