//! What a fence says of its code.

/// What a label means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Commands, perhaps with prompts and what they print.
    Shell,
    /// It says nothing that helps.
    Unsaid,
    /// Plain text: commands only where prompts say so.
    Text,
    /// Output, or another language.
    Other,
}

const SHELLS: &[&str] = &[
    "bash",
    "sh",
    "shell",
    "zsh",
    "ksh",
    "dash",
    "ash",
    "fish",
    "console",
    "terminal",
    "shell-session",
    "shellsession",
    "sh-session",
    "bash-session",
    "bashsession",
    "session",
    "shellscript",
    "shell-script",
    "bash-script",
    "sh-script",
    "cli",
    "cmdline",
    "command",
    "commands",
    "command-line",
    "commandline",
    "prompt",
    "linux",
    "unix",
    "tty",
    "term",
    "xterm",
    "bashrc",
    "posix",
];

const TEXTS: &[&str] = &["text", "txt", "plain", "plaintext", "plain-text", "none", "raw", "nohighlight"];

/// Of these a slip of one letter is no shell.
const OTHERS: &[&str] = &[
    "output",
    "out",
    "log",
    "logs",
    "result",
    "stdout",
    "stderr",
    "mermaid",
    "dot",
    "graphviz",
    "plantuml",
    "ditaa",
    "ascii",
    "python",
    "py",
    "pycon",
    "yaml",
    "yml",
    "json",
    "jsonc",
    "toml",
    "ini",
    "conf",
    "config",
    "cfg",
    "properties",
    "c",
    "h",
    "cpp",
    "c++",
    "cc",
    "csharp",
    "cs",
    "go",
    "golang",
    "rust",
    "rs",
    "java",
    "kotlin",
    "scala",
    "swift",
    "js",
    "jsx",
    "javascript",
    "ts",
    "tsx",
    "typescript",
    "php",
    "ruby",
    "rb",
    "perl",
    "pl",
    "lua",
    "r",
    "sql",
    "html",
    "xml",
    "css",
    "scss",
    "svg",
    "md",
    "markdown",
    "tex",
    "latex",
    "diff",
    "patch",
    "dockerfile",
    "docker",
    "makefile",
    "make",
    "cmake",
    "nginx",
    "apache",
    "hcl",
    "terraform",
    "tf",
    "proto",
    "http",
    "powershell",
    "ps",
    "ps1",
    "pwsh",
    "bat",
    "batch",
    "cmd",
    "dos",
    "vim",
    "vimrc",
    "awk",
    "sed",
    "bpf",
    "nft",
    "nftables",
    "systemd",
    "service",
    "csv",
    "asm",
    "bison",
    "hash",
    "basic",
    "math",
    "pseudo",
    "pseudocode",
    "haskell",
    "hs",
    "elixir",
    "erlang",
    "zig",
    "nix",
    "tcl",
    "matlab",
    "julia",
    "dart",
];

/// The first word of a fence's info string, in lower case and without decoration: `{.bash .wide}` and `bash:up.sh`
/// are `bash`.
pub fn label(info: &str) -> String {
    let info = info.trim().trim_start_matches(['{', '.', ' ']);
    let end = info.find(|c: char| c.is_whitespace() || "{}:,;=([\"'".contains(c)).unwrap_or(info.len());
    // `title="x"` alone names no language.
    if info[end..].starts_with('=') {
        return String::new();
    }
    info[..end].to_lowercase()
}

/// What the label means, and the label as it should have been written.
pub fn sort(label: &str) -> (Sort, String) {
    let said = |sort| (sort, label.to_owned());
    if label.is_empty() {
        return said(Sort::Unsaid);
    }
    if SHELLS.contains(&label) {
        return said(Sort::Shell);
    }
    if TEXTS.contains(&label) {
        return said(Sort::Text);
    }
    if OTHERS.contains(&label) {
        return said(Sort::Other);
    }
    let meant = ["bash", "shell", "console", "terminal", "shell-session"];
    match meant.into_iter().find(|meant| is_slip(label, meant)) {
        Some(meant) => (Sort::Shell, meant.to_owned()),
        None => said(Sort::Unsaid),
    }
}

/// One letter missing, added or wrong, or two beside each other exchanged (Damerau's four slips).
fn is_slip(written: &str, meant: &str) -> bool {
    let (written, meant): (Vec<char>, Vec<char>) = (written.chars().collect(), meant.chars().collect());
    if written.len() < 3 || 1 < written.len().abs_diff(meant.len()) {
        return false;
    }
    let start = written.iter().zip(&meant).take_while(|(one, other)| one == other).count();
    let (written, meant) = (&written[start..], &meant[start..]);
    match (written, meant) {
        ([], [_]) | ([_], []) => true,
        ([_, more @ ..], other) if more == other => true,
        (other, [_, more @ ..]) if more == other => true,
        ([_, one @ ..], [_, other @ ..]) if one == other => true,
        ([a, b, one @ ..], [c, d, other @ ..]) => a == d && b == c && one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_understood() {
        for (info, language, meant) in [
            ("bash", "bash", Sort::Shell),
            ("Bash title=\"On the host\"", "bash", Sort::Shell),
            ("bsah", "bash", Sort::Shell),
            ("shel", "shell", Sort::Shell),
            ("termnial", "terminal", Sort::Shell),
            ("consol", "console", Sort::Shell),
            ("shell-sesion", "shell-session", Sort::Shell),
            ("{.sh .numberLines}", "sh", Sort::Shell),
            ("bash{1,3}", "bash", Sort::Shell),
            ("sh:up.sh", "sh", Sort::Shell),
            ("", "", Sort::Unsaid),
            ("title=\"x\"", "", Sort::Unsaid),
            ("host", "host", Sort::Unsaid),
            ("text", "text", Sort::Text),
            ("hash", "hash", Sort::Other),
            ("batch", "batch", Sort::Other),
            ("mermaid", "mermaid", Sort::Other),
            ("yaml", "yaml", Sort::Other),
        ] {
            assert_eq!(sort(&label(info)), (meant, language.to_owned()), "{info}");
        }
    }
}
