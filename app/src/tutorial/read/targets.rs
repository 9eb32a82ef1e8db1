//! Which terminal each command is typed into, as far as the page says.

mod shells;

use std::collections::{BTreeMap, BTreeSet};

use topology::NamespaceName;

use super::{
    language,
    markup::Said,
    nature::Nature,
    place::{Hint, hint, hint_of_title},
    sorting::Typed,
};
use crate::tutorial::document::Target;

/// A command with what is said about it.
#[derive(Debug)]
pub struct Placed<'a> {
    pub typed: &'a Typed,
    pub nature: &'a Nature,
    /// Which block of code it is in.
    pub block: usize,
}

/// What is said before a block of code since the one before it, and what stands behind its fence.
#[derive(Debug)]
pub struct Spoken<'a> {
    pub said: &'a [Said],
    pub info: &'a str,
}

/// By command. `blocks`: all blocks of code of the page; `last`: what is said behind them.
pub fn targets(
    commands: &[Placed<'_>],
    blocks: &[Spoken<'_>],
    last: &[Said],
    namespaces: &BTreeSet<String>,
) -> Vec<Target> {
    let reader = Reader::new(commands, blocks, last, namespaces);
    let mut chosen: Vec<Choice> = Vec::with_capacity(commands.len());
    let mut sections: Vec<(u8, Option<Hint>)> = Vec::new();
    let mut state = State { now: Target::Host, before: Target::Host, was_endless: false };
    let mut at = 0;
    for (index, block) in blocks.iter().enumerate() {
        let count = commands[at..].iter().take_while(|command| command.block == index).count();
        let spoken = reader.said_of(block, &mut sections);
        if count == 0 {
            continue;
        }
        let of_block = &commands[at..at + count];
        let (target, is_explicit) = reader.block_target(block, spoken, &mut state);
        let mut here = (target, is_explicit);
        for command in of_block {
            here = reader.within_block(command, here, &state);
            chosen.push(reader.own_choice(command, &here));
        }
        state.was_endless = of_block.iter().any(|command| command.nature.is_endless);
        at += count;
    }
    shells::follow(&mut chosen, commands);
    chosen.into_iter().map(|choice| choice.target).collect()
}

/// A target, and whether the text itself said so.
#[derive(Clone, Debug)]
struct Choice {
    target: Target,
    is_explicit: bool,
}

/// Where the text is while it is read.
struct State {
    now: Target,
    /// Before it went to another terminal.
    before: Target,
    /// The last block left something running.
    was_endless: bool,
}

struct Reader {
    /// In lower case, and as they are written.
    names: BTreeMap<String, String>,
    lower: BTreeSet<String>,
    /// The page speaks of several terminals.
    has_terminals: bool,
    /// Numbers of namespaces are numbers of terminals.
    has_numbers: bool,
    most: u32,
    has_a_first: bool,
}

impl Reader {
    fn new(
        commands: &[Placed<'_>],
        blocks: &[Spoken<'_>],
        last: &[Said],
        namespaces: &BTreeSet<String>,
    ) -> Self {
        let names: BTreeMap<String, String> =
            namespaces.iter().map(|name| (name.to_lowercase(), name.clone())).collect();
        let lower: BTreeSet<String> = names.keys().cloned().collect();
        let texts = blocks.iter().flat_map(|block| block.said).chain(last).map(|said| said.text.as_str());
        let comments = commands.iter().filter_map(|command| command.typed.comment.as_deref());
        let hints: Vec<Hint> = texts
            .filter_map(|text| hint(text, &lower))
            .chain(comments.filter_map(|comment| hint_of_title(comment, &lower)))
            .chain(blocks.iter().filter_map(|block| of_fence(block.info, &lower)))
            .collect();
        let of_terminals = |hint: &Hint| {
            matches!(
                hint,
                Hint::Number { is_terminal: true, .. } | Hint::Each(_) | Hint::Another | Hint::First
            )
        };
        let has_terminals = hints.iter().any(of_terminals);
        let opens = commands.iter().any(|command| command.nature.opens == Some(super::programs::Opened::New));
        let numbers = hints.iter().filter_map(|hint| match hint {
            Hint::Number { number, .. } | Hint::Each(number) => Some(*number),
            _ => None,
        });
        let has_a_first =
            hints.iter().any(|hint| matches!(hint, Hint::Each(_) | Hint::Number { number: 1, .. }));
        let most = numbers.max().unwrap_or(0);
        Self { names, lower, has_terminals, has_numbers: has_terminals || opens, most, has_a_first }
    }

    /// The nearest hint among the texts before a block; notes headings on the way.
    fn said_of(&self, block: &Spoken<'_>, sections: &mut Vec<(u8, Option<Hint>)>) -> Option<Hint> {
        let mut nearest = None;
        for said in block.said {
            match said.heading {
                Some(level) => {
                    sections.retain(|(above, _)| *above < level);
                    sections.push((level, hint_of_title(&said.text, &self.lower)));
                    nearest = None;
                }
                None => nearest = hint(&said.text, &self.lower).or(nearest),
            }
        }
        // A section's title counts for what follows it; further down the text has gone on from there.
        let begins = block.said.iter().any(|said| said.heading.is_some());
        let of_section = || sections.iter().rev().find_map(|(_, hint)| hint.clone()).filter(|_| begins);
        of_fence(block.info, &self.lower).or(nearest).or_else(of_section)
    }

    fn block_target(&self, block: &Spoken<'_>, spoken: Option<Hint>, state: &mut State) -> (Target, bool) {
        if let Some((target, is_aside)) = spoken.and_then(|hint| self.meant(&hint, state)) {
            if !is_aside {
                state.before = target.clone();
            } else if state.now != target {
                state.before = state.now.clone();
            }
            state.now = target.clone();
            return (target, true);
        }
        let is_new_section = block.said.iter().any(|said| said.heading.is_some());
        let goes_back = state.now != state.before && !block.said.is_empty();
        if goes_back || (state.was_endless && state.now != Target::Host) {
            state.now = state.before.clone();
        }
        if is_new_section && state.now != Target::Host {
            let target = if self.has_terminals { Target::Open } else { Target::Host };
            state.now = target.clone();
            state.before = target;
        }
        (state.now.clone(), false)
    }

    /// What a hint means here, and whether it is a step aside, behind which one comes back.
    fn meant(&self, hint: &Hint, state: &State) -> Option<(Target, bool)> {
        let target = match hint {
            Hint::Host => Target::Host,
            Hint::Each(0) => Target::Each(self.most.max(2)),
            Hint::Each(count) => Target::Each(*count),
            Hint::Number { number, is_terminal: true } => {
                // "In a second terminal", with no first one named: the first is the host's.
                return Some((Target::Numbered(*number), 1 < *number && !self.has_a_first));
            }
            Hint::Number { number, .. } => match self.with_number(*number) {
                Some(name) => self.named(&name)?,
                None if self.has_numbers => Target::Numbered(*number),
                None => return None,
            },
            Hint::Named(name) => self.named(name)?,
            Hint::Another => {
                let next = match state.now {
                    Target::Numbered(number) => number + 1,
                    _ => 2,
                };
                return Some((Target::Numbered(next), true));
            }
            Hint::First if self.has_a_first => Target::Numbered(1),
            Hint::First => Target::Host,
        };
        Some((target, false))
    }

    /// "Namespace 1", where one is called `ns1`.
    fn with_number(&self, number: u32) -> Option<String> {
        let is_it = |name: &&String| {
            let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
            letters.len() < name.len() && name[letters.len()..].parse() == Ok(number)
        };
        self.names.keys().find(is_it).cloned()
    }

    fn named(&self, name: &str) -> Option<Target> {
        self.names.get(name)?.parse::<NamespaceName>().ok().map(Target::Named)
    }

    /// Comments and prompts within the block say more than the text before it.
    fn within_block(&self, command: &Placed<'_>, here: (Target, bool), state: &State) -> (Target, bool) {
        let by_comment =
            command.typed.comment.as_deref().and_then(|comment| hint_of_title(comment, &self.lower));
        let by_prompt = command.typed.who.as_deref().and_then(|who| self.of_prompt(who));
        let said = by_prompt.or(by_comment).and_then(|hint| self.meant(&hint, state));
        said.map_or(here, |(target, _)| (target, true))
    }

    /// `[root@red ~]`, `red:~`, `host`, `(ns1)`.
    fn of_prompt(&self, who: &str) -> Option<Hint> {
        let bare = who.trim_matches(['[', ']', '(', ')']);
        let machine = bare.rsplit_once('@').map_or(bare, |(_, machine)| machine);
        let name = machine.split([':', ' ', '/', ')', ']']).next().unwrap_or_default().to_lowercase();
        let number = name
            .strip_prefix("ns")
            .or_else(|| name.strip_prefix("terminal"))
            .or_else(|| name.strip_prefix("term"));
        match name.as_str() {
            "host" => Some(Hint::Host),
            _ if self.lower.contains(&name) => Some(Hint::Named(name)),
            _ => number?
                .parse()
                .ok()
                .filter(|number| 0 < *number && *number < 33)
                .map(|number| Hint::Number { number, is_terminal: false }),
        }
    }

    /// A command that names its namespace itself, or moves things between them, is typed on the host.
    fn own_choice(&self, command: &Placed<'_>, here: &(Target, bool)) -> Choice {
        let (target, is_explicit) = here.clone();
        let names_one = command.nature.brings_namespace || command.nature.is_about_namespaces;
        if matches!(target, Target::Named(_)) && names_one {
            return Choice { target: Target::Host, is_explicit: false };
        }
        Choice { target, is_explicit }
    }
}

/// What stands behind a fence: `bash title="Terminal 2"`, `host`.
fn of_fence(info: &str, namespaces: &BTreeSet<String>) -> Option<Hint> {
    let words = info.split(|c: char| c.is_whitespace() || "=\"'{}".contains(c));
    let says_nothing =
        |word: &str| word.is_empty() || ["title", "name", "caption", "file", "label"].contains(&word);
    let is_shell = |word: &str| language::sort(word).0 != language::Sort::Unsaid;
    let words: Vec<&str> = words.filter(|word| !says_nothing(word) && !is_shell(word)).collect();
    let words = words.join(" ");
    let with_terminal = if info.contains("Terminal ") || info.contains("terminal ") {
        format!("terminal {words}")
    } else {
        words
    };
    hint_of_title(&with_terminal, namespaces)
}
