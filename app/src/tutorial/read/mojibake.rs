//! UTF-8 that was once read as Windows-1252 (or its Turkish sibling 1254) and stored again as UTF-8: `â€”` for `—`.
//!
//! Such text is put right where the characters, taken back to bytes, make UTF-8 of a character that people write.
//! Accented letters of other languages do not: a letter that would begin a sequence is followed by one that
//! would not go on with it. Bytes that have no character in these code pages are often lost on the way
//! (`âŒ` was `❌`, with 9D lost); of what may have been lost, well-known signs are tried.

/// The characters of the bytes 80 to 9F in Windows-1252, as the WHATWG's encoding standard has them.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Bytes without a character in Windows-1252 or 1254.
const LOST: [u8; 7] = [0x9d, 0x8f, 0x8d, 0x8e, 0x90, 0x81, 0x9e];

/// Signs of which a byte is easily lost, the likelier first.
const SIGNS: &str = "”❌⚠📝🎯️🎉🐍🌐🔍👍🏠📍📁📎💡🚀🛠🔎🤝🔐🔁🔄🏗🏁🌍🎁👏📞🔝⏎➝➍✍❎✎🖐🐞🌞🎮🎭🐁👁🔞🎬🏢🏷🐝🔍🎞👎💎🌎🍎🎨\
                     🔌🖥🗑🛑⏩⏪⏭⏰⏱⏳⌘⌚⌛⟶⭐⬇⬆⬅✅┐═╝";

/// A run that has as many characters of a script beyond the Latin ones is no accident.
const ENOUGH_OF_A_SCRIPT: usize = 2;

pub fn of_windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The text with all of it put right, and in how many places; `None`: nothing was wrong.
pub fn mend(text: &str) -> Option<(String, usize)> {
    let mut places = 0;
    let mut mended: Option<String> = None;
    // What went through it twice is mended twice.
    for _ in 0..3 {
        let Some((better, more)) = mend_once(mended.as_deref().unwrap_or(text)) else { break };
        places = places.max(more);
        mended = Some(better);
    }
    mended.map(|mended| (mended, places))
}

fn mend_once(text: &str) -> Option<(String, usize)> {
    if text.is_ascii() {
        return None;
    }
    let mut mended = String::with_capacity(text.len());
    let mut places = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.find(|c: char| byte_of(c).is_some()).unwrap_or(rest.len());
        mended.push_str(&rest[..plain]);
        rest = &rest[plain..];
        let run = rest.find(|c: char| byte_of(c).is_none()).unwrap_or(rest.len());
        let before_space = rest[run..].starts_with(' ');
        match mend_run(&rest[..run], before_space) {
            Some(better) => {
                places += 1;
                mended.push_str(&better);
            }
            None => mended.push_str(&rest[..run]),
        }
        rest = &rest[run..];
    }
    (0 < places).then_some((mended, places))
}

/// The byte above 7F that a character stands for in Windows-1252 or 1254.
fn byte_of(c: char) -> Option<u8> {
    match c {
        'Ğ' => Some(0xd0),
        'İ' => Some(0xdd),
        'Ş' => Some(0xde),
        'ğ' => Some(0xf0),
        'ı' => Some(0xfd),
        'ş' => Some(0xfe),
        '\u{80}'..='\u{ff}' => u8::try_from(u32::from(c)).ok(),
        _ => HIGH.iter().position(|high| *high == c).and_then(|at| u8::try_from(at + 0x80).ok()),
    }
}

/// A run of characters that all stand for bytes: put right where all of it makes sense.
fn mend_run(run: &str, before_space: bool) -> Option<String> {
    let bytes: Vec<u8> = run.chars().filter_map(byte_of).collect();
    if bytes.len() < 2 {
        return None;
    }
    if let Ok(whole) = std::str::from_utf8(&bytes) {
        return is_written(whole).then(|| whole.to_owned());
    }
    let mut better = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (c, took) = whole_character(rest).or_else(|| with_a_loss(rest, before_space))?;
        better.push(c);
        at += took;
    }
    is_written(&better).then_some(better)
}

fn length(lead: u8) -> Option<usize> {
    match lead {
        0xc2..=0xdf => Some(2),
        0xe0..=0xef => Some(3),
        0xf0..=0xf4 => Some(4),
        _ => None,
    }
}

fn whole_character(bytes: &[u8]) -> Option<(char, usize)> {
    let length = length(*bytes.first()?)?;
    let c = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    Some((c, length))
}

/// A sequence of three or four bytes of which one is missing, or whose last one (A0) became a plain space.
fn with_a_loss(bytes: &[u8], before_space: bool) -> Option<(char, usize)> {
    let length = length(*bytes.first()?).filter(|length| 3 <= *length)?;
    let kept = bytes.get(..length - 1)?;
    let nbsp = (before_space && bytes.len() == length - 1).then_some(0xa0);
    let mut best: Option<(usize, char)> = None;
    for lost in LOST.into_iter().chain(nbsp) {
        for place in (1..length).rev() {
            if lost == 0xa0 && place + 1 != length {
                continue;
            }
            let mut tried = kept.to_vec();
            tried.insert(place, lost);
            let Some(c) = std::str::from_utf8(&tried).ok().and_then(|text| text.chars().next()) else {
                continue;
            };
            let rank = SIGNS.chars().position(|sign| sign == c);
            if let Some(rank) = rank.filter(|rank| best.is_none_or(|(best, _)| *rank < best)) {
                best = Some((rank, c));
            }
        }
    }
    best.map(|(_, c)| (c, length - 1))
}

/// Whether people write this: Latin letters and signs anywhere, other scripts in more than one letter.
fn is_written(text: &str) -> bool {
    let mut of_a_script = 0;
    for c in text.chars() {
        match u32::from(c) {
            0x80..=0x17f
            | 0x192
            | 0x2c6
            | 0x2dc
            | 0x2000..=0x2bff
            | 0x3000..=0x303f
            | 0xfe00..=0xfe0f
            | 0xfeff
            | 0xfffd => {}
            0x1f000..=0x1faff | 0xe0020..=0xe007f => {}
            0x370..=0x1fff | 0x3040..=0xd7a3 | 0xf900..=0xfaff | 0xff00..=0xffef | 0x20000..=0x3ffff => {
                of_a_script += 1
            }
            _ => return false,
        }
    }
    of_a_script == 0 || ENOUGH_OF_A_SCRIPT <= of_a_script
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a careless editor would store it; lost bytes are dropped.
    fn spoilt(text: &str, page: fn(u8) -> Option<char>) -> String {
        text.bytes()
            .filter_map(|byte| if byte < 0x80 { Some(char::from(byte)) } else { page(byte) })
            .collect()
    }

    fn western(byte: u8) -> Option<char> {
        Some(of_windows_1252(byte)).filter(|c| !c.is_control())
    }

    fn turkish(byte: u8) -> Option<char> {
        match byte {
            0xd0 => Some('Ğ'),
            0xdd => Some('İ'),
            0xde => Some('Ş'),
            0xf0 => Some('ğ'),
            0xfd => Some('ı'),
            0xfe => Some('ş'),
            0x8e | 0x9e => None,
            _ => western(byte),
        }
    }

    #[test]
    fn spoilt_text_comes_back() {
        for text in [
            "one — two",
            "“left” and ‘right’",
            "a → b ↔ c",
            "✅ works, ❌ fails",
            "⚠️ take care",
            "⚠ less",
            "🔧 tools",
            "🌉 bridge",
            "📝 note",
            "🎯 aim",
            "⚙️ how",
            "naïve café",
            "10 µs ± 2 °C",
            "┌──┐ │ │ └──┘",
            "привет мир",
            "网络命名空间",
            "…and • so",
            "1️⃣ first",
        ] {
            for (name, page) in [("western", western as fn(u8) -> Option<char>), ("turkish", turkish)] {
                let broken = spoilt(text, page);
                // Letters of other scripts whose bytes were lost cannot be known.
                let is_whole = text.bytes().filter(|byte| *byte >= 0x80).all(|byte| page(byte).is_some());
                let is_sign = text.chars().all(|c| {
                    u32::from(c) < 0x370
                        || 0x2000 <= u32::from(c) && u32::from(c) < 0x3000
                        || 0xfe00 <= u32::from(c)
                });
                if is_whole || is_sign {
                    let mended = mend(&broken).unwrap_or_else(|| panic!("{name}: {broken} was left alone")).0;
                    assert_eq!(mended, text, "{name}: {broken}");
                }
            }
            let twice =
                spoilt(&spoilt(text, |byte| Some(of_windows_1252(byte))), |byte| Some(of_windows_1252(byte)));
            assert_eq!(mend(&twice).map(|(mended, _)| mended).as_deref(), Some(text), "twice: {twice}");
        }
    }

    #[test]
    fn real_text_stays() {
        for text in [
            "plain",
            "crème brûlée à la façon",
            "Größe über Äpfel",
            "„Ä“ und „Ü“",
            "ağ köprüsü, şöyle ışık",
            "«déjà» – œuvre",
            "São João, ação",
            "→ ✅ 🔧",
            "20 € · 5 £",
            "Łódź",
            "Привет",
            "naïve…",
            "été—hiver",
            "ROMÂNĂ",
        ] {
            assert_eq!(mend(text), None, "{text}");
        }
    }
}
