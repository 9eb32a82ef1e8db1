//! The little of HTML that pages use: shown as what it means, never as tags.

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// Its name in lower case, whether it closes, and what stands in it.
    Tag {
        name: String,
        closes: bool,
        attributes: &'a str,
    },
}

/// Tags that are taken for tags; `<interface>` is something that the reader has to fill in.
const TAGS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "ins",
    "kbd",
    "label",
    "li",
    "main",
    "mark",
    "meta",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "samp",
    "script",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// The pieces of a text, in order; comments are left out.
pub fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut text_from = 0;
    let mut at = 0;
    while let Some(next) = html[at..].find('<') {
        let start = at + next;
        let rest = &html[start..];
        let (piece, took) = if rest.starts_with("<!--") {
            (None, rest.find("-->").map_or(rest.len(), |end| end + 3))
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            (None, rest.find('>').map_or(rest.len(), |end| end + 1))
        } else if let Some((tag, took)) = tag(rest) {
            (Some(tag), took)
        } else {
            at = start + 1;
            continue;
        };
        if text_from < start {
            found.push(Piece::Text(&html[text_from..start]));
        }
        found.extend(piece);
        at = start + took;
        text_from = at;
    }
    if text_from < html.len() {
        found.push(Piece::Text(&html[text_from..]));
    }
    found
}

/// A known tag at the beginning of `text`, and its length.
fn tag(text: &str) -> Option<(Piece<'_>, usize)> {
    let inside = text.strip_prefix('<')?;
    let closes = inside.starts_with('/');
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let len = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
    // The longest name has ten letters.
    let name = inside.get(..len).filter(|name| name.len() <= 10)?.to_ascii_lowercase();
    // A tag that goes on for longer is none.
    let until: usize = inside.char_indices().nth(2000).map_or(inside.len(), |(at, _)| at);
    let end = inside[..until].find('>')?;
    if !TAGS.contains(&name.as_str()) || end < len {
        return None;
    }
    let attributes = inside[len..end].trim_end_matches('/');
    Some((Piece::Tag { name, closes, attributes }, text.len() - inside.len() + end + 1))
}

/// The value of an attribute, such as `alt` of ` src=x alt="A room"`.
pub fn attribute(attributes: &str, name: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let at = lower.match_indices(name).find_map(|(at, _)| {
        let is_whole = lower[..at].ends_with(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        let rest = lower[at + name.len()..].trim_start();
        (is_whole && rest.starts_with('=')).then(|| lower.len() - rest.len() + 1)
    })?;
    let value = attributes[at..].trim_start();
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split_whitespace().next()?,
    };
    Some(unescaped(value))
}

/// Character references put back, those that pages use.
pub fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", "\u{a0}"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_gaps() {
        let html = "<b>a</b> <PID1> < 3 <!-- no -->b<br/>";
        let text: Vec<String> = pieces(html)
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => (*text).to_owned(),
                Piece::Tag { name, closes, .. } => format!("[{}{name}]", if *closes { "/" } else { "" }),
            })
            .collect();
        assert_eq!(text.join("·"), "[b]·a·[/b]· <PID1> < 3 ·b·[br]");
        assert_eq!(attribute(" src=x ALT=\"A &amp; B\"", "alt").as_deref(), Some("A & B"));
        assert_eq!(attribute(" src='a b' title=no", "alt"), None);
    }
}
