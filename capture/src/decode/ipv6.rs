//! IPv6 (RFC 8200) and its extension headers.

use std::net::IpAddr;

use etherparse::Ipv6HeaderSlice;

use super::{
    bytes::{Span, byte_count, hex_text},
    ethernet::yes_no,
    ip::{self, Ends},
    ipv4,
    walk::Walk,
};

const HEADER: usize = 40;
/// More extension headers than this are taken for nonsense.
const MOST_EXTENSIONS: usize = 16;

/// Gives the end of the datagram.
pub(super) fn decode(walk: &mut Walk<'_>, span: Span) -> usize {
    if !walk.has("IPv6", span, HEADER) {
        walk.rest("Data", span);
        return span.end;
    }
    let header = match Ipv6HeaderSlice::from_slice(walk.bytes.slice(span)) {
        Ok(header) => header,
        // The length has been looked at, so it is the version.
        Err(_) => {
            let version = walk.bytes.u8(span.start) >> 4;
            walk.stop("IPv6", span.start, || {
                format!("malformed: version {version} where IPv6 was announced")
            });
            walk.rest("Data", span);
            return span.end;
        }
    };
    let length = usize::from(header.payload_length());
    // Zero is what a segmentation offload (or a jumbogram) leaves for more than 65,535 bytes.
    let jumbo = length == 0 && header.next_header().0 != 59;
    let datagram = if jumbo { span } else { span.first(HEADER + length) };
    let cut = datagram.len() < HEADER + length;
    if cut {
        walk.stop("IPv6", span.end, || {
            let needed = byte_count(HEADER + length);
            format!("truncated: the header says {needed}, {} here", span.len())
        });
    }
    walk.layer("IPv6", span.first(HEADER));
    let (from, to) = (IpAddr::V6(header.source_addr()), IpAddr::V6(header.destination_addr()));
    walk.note_addresses(from, to);
    fields(walk, span.start, &header);
    let ends = Ends { from, to, whole: !cut };
    extensions(walk, header.next_header().0, datagram.skip(HEADER), ends);
    datagram.end
}

fn fields(walk: &mut Walk<'_>, at: usize, header: &Ipv6HeaderSlice<'_>) {
    if !walk.wants_fields() {
        return;
    }
    walk.field("version", at, 1, || "6".into());
    walk.field("service class", at, 2, || header.dscp().value().to_string());
    walk.field("congestion", at + 1, 1, || ipv4::congestion(header.ecn().value()).into());
    walk.field("flow label", at + 1, 3, || format!("{:#07x}", header.flow_label().value()));
    walk.field("payload length", at + 4, 2, || byte_count(usize::from(header.payload_length())));
    walk.field("next header", at + 6, 1, || ip::number_text(header.next_header().0));
    walk.field("hop limit", at + 7, 1, || header.hop_limit().to_string());
    walk.field("source", at + 8, 16, || header.source_addr().to_string());
    walk.field("destination", at + 24, 16, || header.destination_addr().to_string());
}

/// Goes through the extension headers, then decodes what is carried.
fn extensions(walk: &mut Walk<'_>, mut number: u8, mut span: Span, mut ends: Ends) {
    let mut fragment = None;
    for count in 0.. {
        let Some(name) = extension_name(number) else { break };
        if count == MOST_EXTENSIONS {
            walk.stop("IPv6", span.start, || {
                format!("malformed: more than {MOST_EXTENSIONS} extension headers")
            });
            return walk.rest("Data", span);
        }
        if !walk.has(name, span, 8) {
            return walk.rest("Data", span);
        }
        let (bytes, at) = (walk.bytes, span.start);
        let len = match number {
            44 => 8,
            // The authentication header counts in units of four (RFC 4302, 2.2).
            51 => (usize::from(bytes.u8(at + 1)) + 2) * 4,
            _ => (usize::from(bytes.u8(at + 1)) + 1) * 8,
        };
        if !walk.has(name, span, len) {
            return walk.rest("Data", span);
        }
        extension(walk, number, name, span.first(len));
        if number == 44 {
            let control = bytes.u16(at + 2);
            let offset = usize::from(control & !7);
            fragment = (control & !6 != 0).then_some(offset).or(fragment);
            ends.whole &= control & !6 == 0;
        }
        number = bytes.u8(at);
        span = span.skip(len);
        // What follows in a later fragment is the middle of something.
        if fragment.is_some_and(|offset| offset != 0) {
            break;
        }
    }
    match fragment {
        Some(offset) if offset != 0 => ip::later_fragment(walk, offset, span, ends),
        Some(_) => {
            ip::carried(walk, number, span, ends);
            if !walk.summary.is_empty() {
                walk.summary.push_str(", first fragment");
            }
        }
        None => ip::carried(walk, number, span, ends),
    }
}

/// A layer of its own in the picture, but still IPv6 as far as the protocol's name goes.
fn extension(walk: &mut Walk<'_>, number: u8, name: &'static str, span: Span) {
    let (bytes, at) = (walk.bytes, span.start);
    walk.part(name, span);
    walk.field("next header", at, 1, || ip::number_text(bytes.u8(at)));
    if number == 44 {
        let control = bytes.u16(at + 2);
        walk.field("fragment offset", at + 2, 2, || byte_count(usize::from(control & !7)));
        walk.field("more fragments", at + 3, 1, || yes_no(control & 1 == 1));
        walk.field("identification", at + 4, 4, || format!("{:#010x}", bytes.u32(at + 4)));
        return;
    }
    walk.field("length", at + 1, 1, || byte_count(span.len()));
    walk.field("content", at + 2, span.len() - 2, || {
        let content = bytes.slice(span.skip(2));
        // RFC 2711: MLD asks every router on the way to look.
        if content.starts_with(&[5, 2, 0, 0]) { "router alert: MLD".into() } else { hex_text(content, None) }
    });
}

fn extension_name(number: u8) -> Option<&'static str> {
    Some(match number {
        0 => "IPv6 hop-by-hop options",
        43 => "IPv6 routing header",
        44 => "IPv6 fragment header",
        51 => "IPv6 authentication header",
        60 => "IPv6 destination options",
        135 => "IPv6 mobility header",
        139 => "IPv6 host identity",
        140 => "IPv6 shim6",
        _ => return None,
    })
}
