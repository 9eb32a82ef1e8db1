//! Prompts at the beginning of lines: `$ `, `root@ns1:/# `, `[root@red ~]# `, `vagrant $ `, `(ns1) $ `, `PS1> `.

use super::programs;

/// What stands in front of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// All but the sign, without space: `root@ns1:/`; empty for a bare sign.
    pub who: &'a str,
    pub sign: char,
    /// What is typed behind it.
    pub rest: &'a str,
}

/// Longer than this is no prompt, in bytes.
const LONGEST: usize = 80;

const SIGNS: [char; 7] = ['$', '#', '%', '>', '❯', '➜', 'λ'];

impl Prompt<'_> {
    /// Its form is one that nothing else has.
    pub fn is_sure(&self) -> bool {
        let is_machine = self.who.contains('@') || (self.who.starts_with('[') && self.who.ends_with(']'));
        match self.sign {
            '$' | '❯' | '➜' | 'λ' => {
                self.who.is_empty() || is_machine || self.who.ends_with('~') || self.who.starts_with('(')
            }
            '#' => is_machine,
            _ => false,
        }
    }

    /// A lone `#`: a prompt of root, or a comment.
    pub fn is_hash(&self) -> bool {
        self.sign == '#' && self.who.is_empty()
    }

    /// What is typed begins with the name of a program and looks like a command.
    pub fn is_before_command(&self) -> bool {
        let words: Vec<&str> = self.rest.split_whitespace().collect();
        words.first().is_some_and(|word| {
            programs::is_known(word) || word.split_once('=').is_some_and(|(name, _)| is_name(name))
        }) && (programs::is_shaped(&words) || words[0].contains('='))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The prompt that a line begins with, as far as its form goes; whether it is one depends on the lines around it.
pub fn at(line: &str) -> Option<Prompt<'_>> {
    let line = line.trim_start();
    let until = line.char_indices().map(|(at, _)| at).find(|at| LONGEST < *at).unwrap_or(line.len());
    let signs = line[..until].char_indices().filter(|(_, c)| SIGNS.contains(c));
    for (place, sign) in signs {
        let (before, rest) = (&line[..place], &line[place + sign.len_utf8()..]);
        let who = before.trim_end();
        let is_spaced = rest.is_empty() || rest.starts_with([' ', '\t', '\u{a0}']);
        // After a machine's name the space is often forgotten.
        let may_be_close = matches!(sign, '$' | '#')
            && who.contains('@')
            && rest.starts_with(|c: char| c.is_ascii_lowercase());
        if (is_spaced || may_be_close) && is_who(who, before.len() - who.len(), sign) {
            // `➜  ~ ip link`: the folder comes behind the sign.
            let rest = rest.trim();
            let rest = if sign == '➜' { rest.strip_prefix("~ ").unwrap_or(rest) } else { rest };
            return Some(Prompt { who, sign, rest: rest.trim_start_matches("$ ").trim() });
        }
        // Only a path or a name in brackets holds signs that are not the last.
        if !(before.starts_with('[')
            || before.contains(':')
            || before.contains('@')
            || sign == '#' && who.is_empty())
        {
            return None;
        }
    }
    None
}

/// Whether this names a place where a shell waits: nothing, `~`, `/tmp`, `red`, `user@host:~`, `[root@host ~]`, `(ns1)`.
fn is_who(who: &str, spaces: usize, sign: char) -> bool {
    if 2 < spaces {
        return false;
    }
    let who = without_environment(who);
    if who.is_empty() {
        return true;
    }
    if let Some(inside) = who.strip_prefix('[') {
        let Some((inside, behind)) = inside.split_once(']') else { return false };
        let words = inside.split_whitespace().count();
        return (1..=3).contains(&words) && (behind.is_empty() || is_path(behind.trim_start_matches(':')));
    }
    let words: Vec<&str> = who.split_whitespace().collect();
    match words.as_slice() {
        [one] if is_path(one) => true,
        [one] if one.contains('@') => one.chars().all(|c| c.is_alphanumeric() || "@:~/._-+()".contains(c)),
        [one] => {
            let (name, path) = one.split_once(':').unwrap_or((one, ""));
            let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
            let is_program = programs::is_known(name) && name != "host";
            is_plain
                && !name.starts_with('-')
                && (path.is_empty() || is_path(path))
                && !is_program
                && !is_foreign(name, sign)
        }
        [one, path] => {
            (one.contains('@') || one.ends_with(':')) && is_path(path)
                || one.contains('@') && path.starts_with('(')
        }
        _ => false,
    }
}

/// Shells of other programs, which know no commands of ours.
fn is_foreign(name: &str, sign: char) -> bool {
    sign == '>'
        && ["mininet", "mysql", "sqlite", "ftp", "telnet", "nslookup", "gdb", "iex", "irb", "node"]
            .contains(&name)
}

/// `(ns1) ` in front of the rest is an environment, or a namespace.
fn without_environment(who: &str) -> &str {
    let inside = who.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    match inside {
        Some((name, rest)) if !name.is_empty() && name.len() < 24 && !name.contains(['(', '$']) => {
            rest.trim_start()
        }
        _ => who,
    }
}

fn is_path(text: &str) -> bool {
    text == "~"
        || ((text.starts_with('/') || text.starts_with("~/"))
            && !text.contains([' ', '=', '*', '|', '"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_taken_off() {
        for (line, who, rest) in [
            ("$ ip link", "", "ip link"),
            ("# ip link", "", "ip link"),
            ("% ip link", "", "ip link"),
            ("> ip link", "", "ip link"),
            ("$", "", ""),
            ("user@host:~$ ip link", "user@host:~", "ip link"),
            ("user@host:~/a-b/c$ ip link", "user@host:~/a-b/c", "ip link"),
            ("[root@host ~]# ip link", "[root@host ~]", "ip link"),
            ("[root@red]# ip link", "[root@red]", "ip link"),
            ("root@ns1:/# ip link", "root@ns1:/", "ip link"),
            ("root@ns1:/#ip link", "root@ns1:/", "ip link"),
            ("vagrant $ ip link", "vagrant", "ip link"),
            ("red# ip link", "red", "ip link"),
            ("host$ ip link", "host", "ip link"),
            ("red:~# ip link", "red:~", "ip link"),
            ("(ns1) $ ip link", "(ns1)", "ip link"),
            ("(venv) me@box:~$ ip link", "(venv) me@box:~", "ip link"),
            ("PS1> ip link", "PS1", "ip link"),
            ("bash-5.2# ip link", "bash-5.2", "ip link"),
            ("/ # ip link", "/", "ip link"),
            ("~ $ ip link", "~", "ip link"),
            ("host:~ # ip link", "host:~", "ip link"),
            ("❯ ip link", "", "ip link"),
            ("➜  ~ ip link", "", "ip link"),
        ] {
            let prompt = at(line).unwrap_or_else(|| panic!("no prompt in {line}"));
            assert_eq!((prompt.who, prompt.rest), (who, rest), "{line}");
        }
    }

    #[test]
    fn other_signs_are_no_prompts() {
        for line in [
            "ip addr # should show lo",
            "echo $ x",
            "cat > file",
            "ip link",
            "exit # leave",
            "echo $HOME",
            "$HOME/x",
            "#!/bin/bash",
            "grep a<b > c",
            "sudo tee > x",
            "mininet> net",
            "x=5 # five",
            "100% done",
            "C:\\> dir",
            "bash   # opens a shell",
            "1 packets transmitted, 1 received, 0% packet loss",
        ] {
            assert_eq!(at(line), None, "{line}");
        }
    }
}
