//! How sentences are put together.

/// Characters of a sentence that find room in one line.
const LONGEST: usize = 110;

/// Cut at a word where it is too long.
pub fn fit(text: String) -> String {
    if text.chars().count() <= LONGEST {
        return text;
    }
    let kept: String = text.chars().take(LONGEST - 1).collect();
    let end = kept.rfind(' ').unwrap_or(kept.len());
    format!("{}…", kept[..end].trim_end_matches([',', ':', ';']))
}

/// With a capital letter at its beginning. Names of namespaces and bridges are not for this.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Nanoseconds as people say them: `840 ns`, `84 µs`, `1.2 ms`, `0.997 s`.
pub fn duration(nanoseconds: i64) -> String {
    let ns = nanoseconds.max(0);
    match ns {
        0..1_000 => format!("{ns} ns"),
        1_000..10_000 => format!("{:.1} µs", ns as f64 / 1e3),
        10_000..1_000_000 => format!("{} µs", ns / 1_000),
        1_000_000..10_000_000 => format!("{:.1} ms", ns as f64 / 1e6),
        10_000_000..100_000_000 => format!("{} ms", ns / 1_000_000),
        100_000_000..10_000_000_000 => format!("{:.3} s", ns as f64 / 1e9),
        _ => format!("{:.1} s", ns as f64 / 1e9),
    }
}

/// A reason as the journey gives it, as a sentence of its own.
pub fn sentence(reason: &str) -> String {
    /// Other words may be names, which are written as they are.
    const ORDINARY: [&str; 10] = ["a", "an", "it", "its", "the", "no", "nobody", "too", "most", "what"];
    let text = reason.trim();
    let first = text.split(' ').next().unwrap_or_default();
    let text = if ORDINARY.contains(&first) { capital(text) } else { text.to_owned() };
    if text.is_empty() || text.ends_with(['.', '!', '?']) { text } else { text + "." }
}
