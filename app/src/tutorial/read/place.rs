//! What a text says of where its commands are typed: "in the host terminal", "inside Namespace 1", "in two terminals".

use std::collections::BTreeSet;

/// Said of a place, in as many words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    Host,
    /// Terminal 1, namespace 1.
    Number {
        number: u32,
        is_terminal: bool,
    },
    Named(String),
    Each(u32),
    /// One more than there was.
    Another,
    /// The one that was there at first.
    First,
}

const NUMBERS: &[(&str, u32)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("1st", 1),
    ("2nd", 2),
    ("3rd", 3),
    ("4th", 4),
    ("a", 1),
    ("b", 2),
];

/// The last thing that a text says of a place; the first within its last sentence that says one.
pub fn hint(text: &str, namespaces: &BTreeSet<String>) -> Option<Hint> {
    let sentences: Vec<Vec<String>> =
        text.split(['\n', ';', '!', '?']).flat_map(|part| part.split(". ")).map(words).collect();
    sentences.iter().rev().find_map(|words| of_sentence(words, namespaces))
}

/// What a comment or a title says that consists of nothing else: "host", "ns1:", "terminal 2".
pub fn hint_of_title(text: &str, namespaces: &BTreeSet<String>) -> Option<Hint> {
    let words = words(text);
    let all: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !["the", "on", "in", "inside", "from"].contains(word))
        .collect();
    let named = |name: &str| namespaces.get(name).map(|name| Hint::Named(name.clone()));
    let whole = match all.as_slice() {
        ["host"] | ["host", "terminal" | "machine" | "side" | "namespace" | "shell"] => Some(Hint::Host),
        [one] | [one, "terminal" | "namespace" | "side" | "shell"] | ["namespace" | "netns", one] => {
            named(one)
        }
        _ => None,
    };
    whole.or_else(|| match all.as_slice() {
        [first, second] | [first, second, _] | [first, second, _, _] => {
            numbered(first, second).or_else(|| hint(text, namespaces))
        }
        _ => hint(text, namespaces),
    })
}

/// Words in lower case, without the signs around them; arrows and dashes alone are words too.
fn words(text: &str) -> Vec<String> {
    let clean = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !"→<>-".contains(c));
        let word = word.trim_end_matches(['>', '-']);
        word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word).to_lowercase()
    };
    text.split_whitespace().map(clean).filter(|word| !word.is_empty()).collect()
}

fn number(word: &str) -> Option<u32> {
    let word = word.trim_start_matches('#');
    let said = NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number);
    said.or_else(|| word.parse().ok()).filter(|number| (1..=32).contains(number))
}

const TERMINALS: &[&str] =
    &["terminal", "shell", "window", "tab", "console", "session", "tty", "term", "pane"];
const MANY: &[&str] = &["terminals", "shells", "windows", "tabs", "consoles", "sessions", "panes"];
const NAMESPACES: &[&str] = &["namespace", "ns", "netns", "namespaces", "container", "process"];

/// "terminal 1", "namespace #2", "ns1" (where no namespace is called so).
fn numbered(first: &str, second: &str) -> Option<Hint> {
    let is_terminal = TERMINALS.contains(&first);
    let digit = second.trim_start_matches('#');
    let is_number =
        digit.starts_with(|c: char| c.is_ascii_digit()) || ["one", "two", "three", "a", "b"].contains(&digit);
    ((is_terminal || NAMESPACES.contains(&first)) && is_number)
        .then(|| number(digit).map(|number| Hint::Number { number, is_terminal }))?
}

fn of_sentence(words: &[String], namespaces: &BTreeSet<String>) -> Option<Hint> {
    (0..words.len()).find_map(|at| {
        let words: Vec<&str> = words[at..].iter().take(8).map(String::as_str).collect();
        many(&words)
            .or_else(|| terminal(&words))
            .or_else(|| placed(&words, namespaces))
            .or_else(|| possessive(&words, namespaces))
    })
}

/// "two different terminals", "both terminals", "each namespace".
fn many(words: &[&str]) -> Option<Hint> {
    let [first, rest @ ..] = words else { return None };
    let all = ["both", "each", "every", "all"].contains(first);
    let count = if all {
        Some(0)
    } else {
        number(first).filter(|count| 2 <= *count && !first.ends_with(['d', 't', 'h', 'b']))
    }?;
    let near: Vec<&str> = rest.iter().copied().take(4).collect();
    let at = near.iter().position(|word| {
        MANY.contains(word) || (all && (TERMINALS.contains(word) || *word == "namespaces"))
    })?;
    let between = [
        "different",
        "separate",
        "new",
        "more",
        "of",
        "the",
        "open",
        "root",
        "bash",
        "other",
        "terminal",
        "additional",
        "of",
        "these",
        "two",
        "namespace",
    ];
    near[..at].iter().all(|word| between.contains(word)).then_some(Hint::Each(count))
}

/// "another terminal", "a second shell", "terminal 2", "the first terminal", "host terminal".
fn terminal(words: &[&str]) -> Option<Hint> {
    let [first, rest @ ..] = words else { return None };
    let second = rest.first().copied().unwrap_or_default();
    if TERMINALS.contains(first) {
        return numbered(first, second);
    }
    let ends = |word: &str| TERMINALS.contains(&word);
    // Not more than one word between: "a new root shell", "the second bash session".
    let is_terminal =
        ends(second) || rest.get(1).is_some_and(|word| ends(word) && !["the", "a"].contains(&second));
    let is_window_alone = ["window", "session", "process"].contains(&second) && *first == "new";
    match *first {
        "another" | "new" | "separate" | "other" | "additional" if is_terminal && !is_window_alone => {
            Some(Hint::Another)
        }
        "first" | "original" | "initial" | "previous" if is_terminal => Some(Hint::First),
        "main" | "host" if is_terminal => Some(Hint::Host),
        "first" if second == "one" => Some(Hint::First),
        "second" | "third" | "fourth" | "2nd" | "3rd" if is_terminal || second == "one" => {
            number(first).map(|number| Hint::Number { number, is_terminal: true })
        }
        _ => None,
    }
}

const PLACING: &[&str] = &["in", "inside", "from", "on", "within", "into", "enter", "at"];

/// "inside namespace 1", "from ns1", "on the host", "in the red namespace".
fn placed(words: &[&str], namespaces: &BTreeSet<String>) -> Option<Hint> {
    let [first, rest @ ..] = words else { return None };
    if !PLACING.contains(first) {
        return None;
    }
    let rest: Vec<&str> = rest
        .iter()
        .copied()
        .filter(|word| {
            !["the", "your", "our", "of", "back", "a", "named", "called", "network"].contains(word)
        })
        .collect();
    let goes_in = ["into", "enter"].contains(first);
    let one = rest.first().copied()?;
    let two = rest.get(1).copied().unwrap_or_default();
    if (one == "host"
        || (["root", "default", "global", "main", "initial"].contains(&one) && NAMESPACES.contains(&two))
        || (one == "machine" && *first == "on"))
        && !goes_in
    {
        return Some(Hint::Host);
    }
    let named = |name: &str| namespaces.get(name).cloned().map(Hint::Named);
    if NAMESPACES.contains(&one)
        && let Some(named) = named(two)
    {
        return Some(named);
    }
    if let Some(named) = named(one) {
        let is_namespace =
            NAMESPACES.contains(&two) || TERMINALS.contains(&two) || *first != "on" && *first != "at";
        return is_namespace.then_some(named).filter(|_| !goes_in || NAMESPACES.contains(&two));
    }
    let digits = one.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = &one[..one.len() - digits.len()];
    if ["ns", "namespace", "netns", "container"].contains(&letters) && !digits.is_empty() && !goes_in {
        return number(digits).map(|number| Hint::Number { number, is_terminal: false });
    }
    if NAMESPACES.contains(&two)
        && let Some(number) =
            number(one).filter(|_| one.len() > 1 && !one.starts_with(|c: char| c.is_ascii_digit()))
    {
        return Some(Hint::Number { number, is_terminal: false });
    }
    numbered(one, two).filter(|_| !goes_in)
}

/// "red's terminal", "the red shell".
fn possessive(words: &[&str], namespaces: &BTreeSet<String>) -> Option<Hint> {
    let [one, rest @ ..] = words else { return None };
    let near = rest.iter().take(2).position(|word| TERMINALS.contains(word));
    near.and_then(|at| {
        (at == 0 || NAMESPACES.contains(&rest[0])).then(|| namespaces.get(*one).cloned().map(Hint::Named))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_where() {
        let namespaces: BTreeSet<String> = ["red", "ns1"].map(str::to_owned).into();
        let terminal = |number| Some(Hint::Number { number, is_terminal: true });
        let namespace = |number| Some(Hint::Number { number, is_terminal: false });
        for (text, said) in [
            ("In two different terminals:", Some(Hint::Each(2))),
            ("Open three terminals", Some(Hint::Each(3))),
            ("In both terminals:", Some(Hint::Each(0))),
            ("In the host terminal:", Some(Hint::Host)),
            ("In host terminal:", Some(Hint::Host)),
            ("Back on the host:", Some(Hint::Host)),
            ("In the root namespace, add a bridge.", Some(Hint::Host)),
            ("Inside Namespace 1 terminal:", namespace(1)),
            ("Inside Namespace 2:", namespace(2)),
            ("From namespace #2", namespace(2)),
            ("Inside the second namespace:", namespace(2)),
            ("From ns2 → ns1:", namespace(2)),
            ("From ns1 → ns2:", Some(Hint::Named("ns1".into()))),
            ("Inside the red namespace:", Some(Hint::Named("red".into()))),
            ("In namespace red:", Some(Hint::Named("red".into()))),
            ("In red's terminal:", Some(Hint::Named("red".into()))),
            ("Now in terminal 2:", terminal(2)),
            ("In a second terminal:", terminal(2)),
            ("In another terminal, watch the bridge:", Some(Hint::Another)),
            ("Open a new terminal and look:", Some(Hint::Another)),
            ("Go back to the first terminal:", Some(Hint::First)),
            ("We are done in ns2. On the host again:", Some(Hint::Host)),
            ("connect ns 1 to the br0", None),
            ("Put one end into red:", None),
            ("Create two namespaces", None),
            ("The cable has two ends.", None),
            ("Look at the link on red:", None),
        ] {
            assert_eq!(hint(text, &namespaces), said, "{text}");
        }
        assert_eq!(hint_of_title("red:", &namespaces), Some(Hint::Named("red".into())));
        assert_eq!(hint_of_title("Host", &namespaces), Some(Hint::Host));
        assert_eq!(hint_of_title("Terminal 2: listen", &namespaces), terminal(2));
        assert_eq!(hint_of_title("add red", &namespaces), None);
    }
}
