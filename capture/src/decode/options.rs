//! The options behind an IPv4 or TCP header, which both are lists of a kind, a length and a value
//! (RFC 791, 3.1; RFC 9293, 3.1); kinds 0 and 1 are a single byte.

use super::{
    bytes::{Bytes, Span},
    walk::Walk,
};

/// A field for each option in `span`, in words by `tell(bytes, option)`.
pub fn options(
    walk: &mut Walk<'_>,
    layer: &'static str,
    span: Span,
    tell: impl Fn(Bytes<'_>, Span) -> String,
) {
    if !walk.wants_fields() {
        return;
    }
    let bytes = walk.bytes;
    let mut at = span.start;
    while at < span.end {
        let kind = bytes.u8(at);
        if kind < 2 {
            let name = if kind == 0 { "end of options" } else { "nothing" };
            walk.field("option", at, 1, || name.into());
            at += 1;
            continue;
        }
        // At the very end there may be no length byte: what is beyond the header does not count.
        let len = if at + 1 < span.end { usize::from(bytes.u8(at + 1)) } else { 0 };
        if len < 2 || span.end - at < len {
            walk.field("option", at, span.end - at, || format!("{kind}, malformed"));
            return walk.stop(layer, at, || format!("malformed: option {kind} of length {len}"));
        }
        walk.field("option", at, len, || tell(bytes, Span { start: at, end: at + len }));
        at += len;
    }
}

#[cfg(test)]
mod tests {
    use crate::decode::decode;

    /// An IPv4 header with four bytes of options, the last of which is a kind that would need a length.
    #[test]
    fn a_kind_in_the_last_byte_has_no_length_beyond_the_header() {
        let ethernet = [[2; 6], [4; 6]].concat();
        let header = [0x46, 0, 0, 28, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 1, 1, 1, 7];
        let bytes = [ethernet, vec![8, 0], header.to_vec(), vec![99, 99, 99, 99]].concat();
        let stop = decode(&bytes).stop.expect("the option is cut off");
        assert_eq!(stop.reason, "malformed: option 7 of length 0", "99 is data, not a length");
    }
}
