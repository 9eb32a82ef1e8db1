//! How well a few letters fit some words.

/// `None` where the letters do not all appear in order. Letters in a row, and those that begin a word, count more.
pub fn score(letters: &str, words: &str) -> Option<i32> {
    const IN_A_ROW: i32 = 6;
    const BEGINS_A_WORD: i32 = 8;
    let mut wanted = letters.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).peekable();
    let mut score = 0;
    let mut before = ' ';
    let mut was_hit = false;
    for c in words.chars().flat_map(char::to_lowercase) {
        let is_hit = wanted.peek() == Some(&c);
        if is_hit {
            wanted.next();
            score += 1;
            score += if was_hit { IN_A_ROW } else { 0 };
            score += if before.is_alphanumeric() { 0 } else { BEGINS_A_WORD };
        }
        (before, was_hit) = (c, is_hit);
    }
    // Of two that fit alike, the shorter one was more likely meant.
    let length = i32::try_from(words.chars().count()).unwrap_or(i32::MAX);
    wanted.peek().is_none().then(|| if letters.is_empty() { 0 } else { score * 8 - length.min(64) / 4 })
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn letters_in_order_are_enough_and_beginnings_are_better() {
        assert!(score("slred", "Select red").is_some());
        assert_eq!(score("zq", "Select red"), None);
        assert!(score("op", "Open…") > score("op", "Stop the lab"));
        assert!(score("ping", "Ping") > score("ping", "Ping until stopped"));
        assert_eq!(score("", "Anything"), Some(0));
    }
}
