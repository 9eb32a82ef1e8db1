//! IPv4 (RFC 791), with its options and fragments.

use std::net::IpAddr;

use etherparse::{
    Ipv4HeaderSlice,
    err::ipv4::{HeaderError, HeaderSliceError},
};

use super::{
    bytes::{Bytes, Span, byte_count, hex_text},
    checksum,
    ip::{self, Ends},
    options::options,
    walk::Walk,
};

/// Gives the end of the datagram.
pub(super) fn decode(walk: &mut Walk<'_>, span: Span) -> usize {
    if !walk.has("IPv4", span, 20) {
        walk.rest("Data", span);
        return span.end;
    }
    let header = match Ipv4HeaderSlice::from_slice(walk.bytes.slice(span)) {
        Ok(header) => header,
        Err(error) => {
            walk.stop("IPv4", span.start, || refusal(&error));
            walk.rest("Data", span);
            return span.end;
        }
    };
    let header_len = header.slice().len();
    let (datagram, cut) = extent(walk, span, header_len, usize::from(header.total_len()));
    walk.layer("IPv4", span.first(header_len));
    let (from, to) = (IpAddr::V4(header.source_addr()), IpAddr::V4(header.destination_addr()));
    walk.note_addresses(from, to);
    fields(walk, span.start, &header);
    let list = Span { start: span.start + 20, end: span.start + header_len };
    options(walk, "IPv4", list, option_text);
    let fragment = header.is_fragmenting_payload();
    let offset = usize::from(header.fragments_offset().value()) * 8;
    let ends = Ends { from, to, whole: !cut && !fragment };
    let body = datagram.skip(header_len);
    if offset == 0 {
        ip::carried(walk, header.protocol().0, body, ends);
        if fragment && !walk.summary.is_empty() {
            walk.summary.push_str(", first fragment");
        }
    } else {
        ip::later_fragment(walk, offset, body, ends);
    }
    datagram.end
}

fn refusal(error: &HeaderSliceError) -> String {
    match error {
        HeaderSliceError::Content(HeaderError::UnexpectedVersion { version_number }) => {
            format!("malformed: version {version_number} where IPv4 was announced")
        }
        HeaderSliceError::Content(HeaderError::HeaderLengthSmallerThanHeader { ihl }) => {
            format!("malformed: a header of {}, 20 is the least", byte_count(usize::from(*ihl) * 4))
        }
        HeaderSliceError::Len(error) => {
            format!("truncated: a header of {}, {} here", byte_count(error.required_len), error.len)
        }
    }
}

/// Which bytes the header claims, and whether some of them are missing.
fn extent(walk: &mut Walk<'_>, span: Span, header_len: usize, total: usize) -> (Span, bool) {
    // Zero is what a segmentation offload leaves for more than 65,535 bytes.
    if total == 0 {
        return (span, false);
    }
    if total < header_len {
        walk.stop("IPv4", span.start + 2, || {
            format!("malformed: a total length of {total}, with a header of {header_len}")
        });
        return (span.first(header_len), true);
    }
    if span.len() < total {
        walk.stop("IPv4", span.end, || {
            format!("truncated: the header says {}, {} here", byte_count(total), span.len())
        });
        return (span, true);
    }
    (span.first(total), false)
}

fn fields(walk: &mut Walk<'_>, at: usize, header: &Ipv4HeaderSlice<'_>) {
    if !walk.wants_fields() {
        return;
    }
    let bytes = walk.bytes;
    walk.field("version", at, 1, || "4".into());
    walk.field("header length", at, 1, || byte_count(header.slice().len()));
    walk.field("service class", at + 1, 1, || header.dcp().value().to_string());
    walk.field("congestion", at + 1, 1, || congestion(header.ecn().value()).into());
    walk.field("total length", at + 2, 2, || byte_count(usize::from(header.total_len())));
    walk.field("identification", at + 4, 2, || format!("{:#06x}", header.identification()));
    walk.field("flags", at + 6, 1, || {
        match (header.dont_fragment(), header.more_fragments()) {
            (false, false) => "none",
            (true, false) => "don't fragment",
            (false, true) => "more fragments",
            (true, true) => "don't fragment, more fragments",
        }
        .into()
    });
    walk.field("fragment offset", at + 6, 2, || {
        byte_count(usize::from(header.fragments_offset().value()) * 8)
    });
    walk.field("time to live", at + 8, 1, || header.ttl().to_string());
    walk.field("protocol", at + 9, 1, || ip::number_text(header.protocol().0));
    let span = Span { start: at, end: at + header.slice().len() };
    walk.field("header checksum", at + 10, 2, || checksum::judge(bytes, span, at + 10, None));
    walk.field("source", at + 12, 4, || header.source_addr().to_string());
    walk.field("destination", at + 16, 4, || header.destination_addr().to_string());
}

/// RFC 3168: what the two low bits say.
pub(super) fn congestion(ecn: u8) -> &'static str {
    match ecn {
        0 => "not used",
        3 => "congestion met",
        _ => "capable",
    }
}

fn option_text(bytes: Bytes<'_>, span: Span) -> String {
    let addresses = |from: usize| {
        let places = (span.start + from..span.end.saturating_sub(3)).step_by(4);
        places.map(|at| bytes.ipv4(at).to_string()).collect::<Vec<_>>().join(" ")
    };
    match bytes.u8(span.start) {
        7 => format!("record route: {}", addresses(3)),
        68 => format!("timestamps: {}", hex_text(bytes.slice(span.skip(2)), None)),
        131 => format!("loose source route: {}", addresses(3)),
        137 => format!("strict source route: {}", addresses(3)),
        148 => "router alert".into(),
        other => format!("{other}: {}", hex_text(bytes.slice(span.skip(2)), None)),
    }
}
