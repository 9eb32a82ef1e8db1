//! From bytes to text, whatever they were written with.

use super::mojibake;

/// Text with `\n` between its lines, and what had to be done to it, each in a few words.
#[derive(Debug, Default)]
pub struct Decoded {
    pub text: String,
    pub notes: Vec<String>,
}

/// Never fails: what is no UTF-8 is read as Windows-1252, in which every byte means something.
pub fn decode(bytes: &[u8]) -> Decoded {
    let mut notes = Vec::new();
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => from_utf8(rest, &mut notes),
        [0xff, 0xfe, rest @ ..] => from_utf16(rest, u16::from_le_bytes, &mut notes),
        [0xfe, 0xff, rest @ ..] => from_utf16(rest, u16::from_be_bytes, &mut notes),
        _ => match zeroes(bytes) {
            Some(Zeroes::Odd) => from_utf16(bytes, u16::from_le_bytes, &mut notes),
            Some(Zeroes::Even) => from_utf16(bytes, u16::from_be_bytes, &mut notes),
            None => from_utf8(bytes, &mut notes),
        },
    };
    let mut text = lines_ended_by_one(text);
    if let Some((mended, places)) = mojibake::mend(&text) {
        let times = if places == 1 { "in one place".to_owned() } else { format!("in {places} places") };
        notes.push(format!("letters and signs that were stored in a wrong encoding were put right {times}"));
        text = mended;
    }
    if let Some(rest) = text.strip_prefix('\u{feff}') {
        text = rest.to_owned();
    }
    Decoded { text, notes }
}

#[derive(Clone, Copy)]
enum Zeroes {
    Odd,
    Even,
}

/// UTF-16 without a mark at its beginning: every second byte of plain text is zero.
fn zeroes(bytes: &[u8]) -> Option<Zeroes> {
    let start = &bytes[..bytes.len().min(512) & !1];
    let count = |offset: usize| start.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let most = start.len() / 2 * 2 / 3;
    match (count(0), count(1)) {
        _ if start.len() < 8 => None,
        (even, odd) if most < odd && even * 8 < odd => Some(Zeroes::Odd),
        (even, odd) if most < even && odd * 8 < even => Some(Zeroes::Even),
        _ => None,
    }
}

fn from_utf16(bytes: &[u8], join: fn([u8; 2]) -> u16, notes: &mut Vec<String>) -> String {
    notes.push("it was stored as UTF-16".to_owned());
    let units = bytes.chunks_exact(2).map(|pair| join([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn from_utf8(bytes: &[u8], notes: &mut Vec<String>) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut strange = 0_usize;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        strange += chunk.invalid().len();
        text.extend(chunk.invalid().iter().map(|byte| mojibake::of_windows_1252(*byte)));
    }
    if 0 < strange {
        let what =
            if strange == 1 { "one byte that is".to_owned() } else { format!("{strange} bytes that are") };
        notes.push(format!("{what} no UTF-8 were read as Windows-1252"));
    }
    text
}

/// `\r\n` is one line's end. A lone `\r` is one only where the whole file has no `\n` (as on old Macs).
fn lines_ended_by_one(text: String) -> String {
    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
    if !text.contains('\r') {
        return text;
    }
    if !text.contains('\n') {
        return text.replace('\r', "\n");
    }
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        plain.extend(line.trim_end_matches('\r').chars().map(|c| if c == '\r' { ' ' } else { c }));
        plain.push_str(end);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_gives_the_same_text() {
        let text = "# Räume\n\nzwei → eins\n";
        let utf16 = |write: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(write).collect::<Vec<u8>>();
        let marked = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
        let ways = [
            text.as_bytes().to_vec(),
            marked(&[0xef, 0xbb, 0xbf], text.as_bytes().to_vec()),
            marked(&[0xff, 0xfe], utf16(u16::to_le_bytes)),
            marked(&[0xfe, 0xff], utf16(u16::to_be_bytes)),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            text.replace('\n', "\r\n").into_bytes(),
            text.replace('\n', "\r").into_bytes(),
            "# RÃ¤ume\n\nzwei â†’ eins\n".as_bytes().to_vec(),
            "ï»¿# RÃ¤ume\n\nzwei â†’ eins\n".as_bytes().to_vec(),
            b"# R\xe4ume\n\nzwei \xe2\x86\x92 eins\n".to_vec(),
        ];
        for (index, bytes) in ways.iter().enumerate() {
            let decoded = decode(bytes);
            assert_eq!(decoded.text, text, "way {index}");
            let was_fine = [0, 1, 6, 7].contains(&index);
            assert_eq!(decoded.notes.is_empty(), was_fine, "way {index}: {:?}", decoded.notes);
        }
    }
}
