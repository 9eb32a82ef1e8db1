//! Just enough of the shell's grammar (POSIX.1-2024, chapter 2, and what bash adds) to know where a command ends and
//! which programs it starts.

mod lexer;
mod words;

pub use lexer::Lexer;
pub use words::{Keyword, Simple};

/// The simple commands of a text, in the order in which they end; those in `$(…)` come before the one around them.
pub fn simples(text: &str) -> Vec<Simple> {
    let mut lexer = Lexer::default();
    for line in text.lines() {
        lexer.feed(line);
    }
    lexer.into_simples()
}

/// Whether `text`, of one or more lines, is complete: no open quote, loop, here-document or `|` at its end.
#[cfg(test)]
fn is_complete(text: &str) -> bool {
    let mut lexer = Lexer::default();
    let mut complete = true;
    for line in text.lines() {
        complete = lexer.feed(line);
    }
    complete
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_end_where_the_shell_says() {
        let complete = [
            "ip link",
            "ping 10.0.0.1 &",
            "for i in 1 2; do\n  ip netns add ns$i\ndone",
            "for i in 1 2\ndo\n  echo $i\ndone | sort > x",
            "while read a b; do echo \"$a\"; done < file",
            "if ip link show br0 >/dev/null 2>&1; then\n echo yes\nelse\n echo no\nfi",
            "case $1 in\n  up|start) ip link set br0 up ;;\n  (down)\n    ip link set br0 down;;\nesac",
            "cat > f <<EOF\nit's $(open\nEOF",
            "cat <<-'A' <<B\n\tone\n\tA\ntwo\nB",
            "echo \"a\nb\"",
            "echo 'it' \\\n  more",
            "make_room() {\n  ip netns add \"$1\"\n}",
            "function make_room\n{\n  ip netns add $1\n}",
            "rooms=(red\n blue)",
            "{ echo a; echo b; } > f",
            "(cd /tmp && ls)",
            "ip addr |\n  grep inet",
            "a &&\n\n b",
            "x=$((1 << 3))",
            "echo $(( (1+2) * 3 )) ${#x} ${x#*/} # it's over",
            "echo `date` \"`hostname`\" $(ls \"$(pwd)\")",
            "[[ $x =~ ^(a|b)$ && -n $y ]] && echo hit",
            "for ((i = 0; i < 3; i++)); do echo $i; done",
            "diff <(ip a) <(ip -n red a)",
            "echo do done fi if",
            "echo {a,b} ${x:-it}",
            "! ip link show br9",
            "until ping -c1 10.0.0.1; do sleep 1; done",
        ];
        for text in complete {
            assert!(is_complete(text), "this is complete: {text}");
            let lines: Vec<&str> = text.lines().collect();
            for count in 1..lines.len() {
                let part = lines[..count].join("\n");
                assert!(!is_complete(&part), "this goes on: {part}");
            }
        }
    }

    #[test]
    fn programs_are_found_wherever_they_stand() {
        let started = |text: &str| {
            let names = simples(text).into_iter().filter_map(|simple| simple.words.first().cloned());
            names.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(started("A=1 ip link && sudo ping x | tee f; (ls)"), "ip sudo tee ls");
        assert_eq!(started("for n in $(ip netns); do ip netns del $n; done"), "ip ip");
        assert_eq!(started("echo \"now $(date)\" > /etc/motd"), "date echo");
        assert_eq!(started("case $x in a) ls;; b) pwd;; esac"), "ls pwd");
        assert_eq!(started("while true; do sleep 1; done"), "true sleep");
        let simple = &simples("echo 1 2>&1 >/proc/x >> 'y z' &")[0];
        assert_eq!(simple.writes, ["/proc/x", "y z"]);
        assert!(simple.in_background);
    }
}
