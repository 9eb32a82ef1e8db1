//! A page's lines made fit for the parser of Markdown: front matter taken out, fences closed that were forgotten.

use super::{language, programs};

/// The text for the parser, and where its lines stand in the file.
#[derive(Debug, Default)]
pub struct Source {
    pub text: String,
    /// By line of `text`: its line in the file, from 1.
    lines: Vec<u32>,
    /// By line of `text`: where it begins, in bytes.
    starts: Vec<usize>,
    /// What front matter calls the page.
    pub title: Option<String>,
    /// How many fences had to be closed.
    pub closed: usize,
}

/// More than this many forgotten fences are left as they are.
const MOST_CLOSED: usize = 64;

impl Source {
    pub fn new(text: &str) -> Self {
        let lines: Vec<&str> = text.split('\n').collect();
        let mut source = Self::default();
        let mut at = front_matter(&lines, &mut source.title);
        while at < lines.len() {
            let Some(fence) = Fence::opened_by(lines[at]) else {
                source.push(lines[at], at);
                at += 1;
                continue;
            };
            let (end, is_closed) = fence.end(&lines, at + 1, source.closed < MOST_CLOSED);
            for (index, line) in lines.iter().enumerate().take(end).skip(at) {
                source.push(line, index);
            }
            at = end;
            if !is_closed && end < lines.len() {
                let close = format!("{}{}", fence.before, fence.mark());
                source.push(&close, end.saturating_sub(1));
                source.closed += 1;
                // A bare mark of another kind was meant to close it.
                at += usize::from(Fence::at(lines[end]).is_some_and(|(_, info)| info.trim().is_empty()));
            }
        }
        source
    }

    fn push(&mut self, line: &str, index: usize) {
        self.starts.push(self.text.len());
        self.lines.push(u32::try_from(index + 1).unwrap_or(u32::MAX));
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The line of the file that holds this byte of `text`.
    pub fn line_at(&self, offset: usize) -> u32 {
        let index = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        self.lines.get(index).copied().unwrap_or(1)
    }
}

/// How many lines at the beginning are front matter (YAML between `---`, TOML between `+++`).
fn front_matter(lines: &[&str], title: &mut Option<String>) -> usize {
    let mark = lines[0].trim_end();
    if !["---", "+++"].contains(&mark) || lines.get(1).is_none_or(|line| line.trim().is_empty()) {
        return 0;
    }
    let is_end = |line: &&str| line.trim_end() == mark || (mark == "---" && line.trim_end() == "...");
    let Some(end) = lines.iter().skip(1).take(200).position(is_end) else { return 0 };
    let inside = &lines[1..=end];
    let is_pair = |line: &&str| {
        let name = line.split_once([':', '=']).map_or("", |(name, _)| name.trim());
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_- .\"".contains(c))
    };
    if !inside.first().is_some_and(is_pair) {
        return 0;
    }
    let said =
        inside.iter().find_map(|line| line.strip_prefix("title")?.trim_start().strip_prefix([':', '=']));
    *title =
        said.map(|said| said.trim().trim_matches(['"', '\'']).to_owned()).filter(|said| !said.is_empty());
    end + 2
}

/// A line that opens a block of code.
struct Fence<'a> {
    /// What stands before it: indent, `>` of a quote.
    before: &'a str,
    sign: char,
    count: usize,
}

impl<'a> Fence<'a> {
    fn opened_by(line: &'a str) -> Option<Self> {
        let (fence, info) = Self::at(line)?;
        (fence.sign == '~' || !info.contains('`')).then_some(fence)
    }

    /// The fence that a line begins with, and what follows it.
    fn at(line: &'a str) -> Option<(Self, &'a str)> {
        let rest = line.trim_start_matches([' ', '\t', '>']);
        let before = &line[..line.len() - rest.len()];
        let sign = rest.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let info = rest.trim_start_matches(sign);
        let count = rest.len() - info.len();
        (3 <= count).then_some((Self { before, sign, count }, info))
    }

    fn mark(&self) -> String {
        self.sign.to_string().repeat(self.count)
    }

    fn is_closed_by(&self, line: &str) -> bool {
        Fence::at(line).is_some_and(|(fence, info)| {
            fence.sign == self.sign && self.count <= fence.count && info.trim().is_empty()
        })
    }

    /// Where the block ends that began before line `from`: behind the line that closes it (`true`), or where
    /// it should have been closed.
    fn end(&self, lines: &[&str], from: usize, may_mend: bool) -> (usize, bool) {
        for (index, line) in lines.iter().enumerate().skip(from) {
            if self.is_closed_by(line) {
                return (index + 1, true);
            }
            if may_mend && self.is_opening_of_another(line) {
                return (prose(lines, from, index).unwrap_or(index), false);
            }
        }
        if !may_mend {
            return (lines.len(), true);
        }
        let bare = |line: &&str| Fence::at(line).is_some_and(|(_, info)| info.trim().is_empty());
        let end = lines.iter().skip(from).position(bare).map_or(lines.len(), |at| from + at);
        if let Some(prose) = prose(lines, from, end) {
            return (prose, false);
        }
        (end, false)
    }

    /// A fence of the same kind with the name of a language: nobody writes that inside a block.
    fn is_opening_of_another(&self, line: &str) -> bool {
        Fence::at(line).is_some_and(|(fence, info)| {
            let is_known = !matches!(language::sort(&language::label(info)).0, language::Sort::Unsaid);
            fence.sign == self.sign && fence.count == self.count && is_known
        })
    }
}

/// The first empty line in `from..to` behind which text goes on that is no code.
fn prose(lines: &[&str], from: usize, to: usize) -> Option<usize> {
    (from..to.saturating_sub(1)).find(|index| lines[*index].trim().is_empty() && is_prose(lines[index + 1]))
}

fn is_prose(line: &str) -> bool {
    let text = line.trim();
    let heading = text.trim_start_matches('#');
    let depth = text.len() - heading.len();
    if (2..=6).contains(&depth) && heading.starts_with(' ') {
        return true;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let begins_large = text.starts_with(|c: char| c.is_uppercase() || !c.is_ascii());
    let is_item = text.starts_with("- ") || text.starts_with("* ") || text.starts_with("**");
    (begins_large || is_item) && 3 <= words.len() && !programs::is_known(words[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgotten_fences_are_closed() {
        let source = Source::new("```bash\nip link\n\nNow look at it closely:\n```bash\nip addr\n```\nend");
        assert_eq!(
            source.text,
            "```bash\nip link\n```\n\nNow look at it closely:\n```bash\nip addr\n```\nend\n"
        );
        assert_eq!(source.closed, 1);
        assert_eq!(source.line_at(source.text.find("ip addr").expect("it is there")), 6);
        let source = Source::new("~~~\nip link\n```\nmore");
        assert!(source.text.starts_with("~~~\nip link\n~~~\n"), "{}", source.text);
        let source = Source::new("> ```\n> ip link\n");
        assert_eq!(source.text, "> ```\n> ip link\n\n");
    }

    #[test]
    fn front_matter_is_hidden() {
        let source = Source::new("---\ntitle: \"Two rooms\"\ntags: [a]\n---\n# One\n");
        assert_eq!((source.text.as_str(), source.title.as_deref()), ("# One\n\n", Some("Two rooms")));
        assert_eq!(source.line_at(0), 5);
        assert!(Source::new("---\n\ntext\n---\n").text.starts_with("---\n\ntext"));
        assert!(Source::new("---\nJust a sentence without a colon\n---\n").text.starts_with("---"));
    }
}
