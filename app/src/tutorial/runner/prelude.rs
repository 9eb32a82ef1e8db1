//! What a script's shell is told before its first command.

/// It stands in the script's folder, calls itself by the script's name (bash 5.0 and later), and takes `!` as what it
/// is, as a shell does that reads a file.
pub fn of_script(path: &str) -> String {
    let folder = match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => ".",
    };
    format!("cd -- {}; BASH_ARGV0={}; set +o histexpand", quoted(folder), quoted(path))
}

/// One word, whatever is in it (POSIX shell, 2.2.2 single quotes).
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::of_script;

    #[test]
    fn a_path_is_one_word() {
        let cases = [
            ("/a/b.sh", "cd -- '/a'; BASH_ARGV0='/a/b.sh'; set +o histexpand"),
            ("/b.sh", "cd -- '/'; BASH_ARGV0='/b.sh'; set +o histexpand"),
            ("b.sh", "cd -- '.'; BASH_ARGV0='b.sh'; set +o histexpand"),
            ("/it's $HOME/x", r"cd -- '/it'\''s $HOME'; BASH_ARGV0='/it'\''s $HOME/x'; set +o histexpand"),
        ];
        for (path, told) in cases {
            assert_eq!(of_script(path), told);
        }
    }
}
