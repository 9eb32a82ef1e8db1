//! Which terminal, and where its shell lives.

use super::play;

#[test]
fn a_nested_shell_makes_the_terminal_that_of_its_namespace() {
    play(
        &["1: unshare --net --fork bash", "1: ip addr", "1: exit", "1: true"],
        r##"
        run 0 1 2 3
        > open 1 in host
        0.1 1 opened 7
        0.1 1 <P7>$
        > type 1 unshare --net --fork bash\r
        0.2 1 <C>
        0.3 1 <P9>#
        = 0 ran 1@host 0 ""
        > nothing
        0.35 1 at pid 9
        > type 1 ip addr\r
        0.4 1 <C>1: lo\r\n
        0.4 1 at red
        0.5 1 <P9>#
        = 1 ran 1@pid 9 0 "1: lo\n"
        > type 1 exit\r
        0.6 1 <C>exit\r\n<P7:5>$
        = 2 ran 1@pid 9 5 "exit\n"
        > type 1 true\r
        0.7 1 <C><P7>$
        = 3 ran 1@host 0 ""
        "##
        .replace("pid 9", "pid-9")
        .as_str(),
    );
}

#[test]
fn a_nested_shell_whose_place_nobody_says_is_where_the_other_is() {
    play(
        &["red: bash", "red: true"],
        r##"
        run 0 1
        > open red in red
        0.1 red <P7>$
        > type red bash\r
        0.2 red <C><P9>$
        > nothing
        0.4 tick
        > nothing
        0.5 tick
        > type red true\r
        0.6 red <C><P9>$
        = 1 ran red@red 0 ""
        "##,
    );
}

#[test]
fn what_was_said_of_the_place_before_the_prompt_counts() {
    play(
        &["host: ip netns exec red bash", "host: true"],
        r##"
        run 0 1
        > open host in host
        0.1 host <P7>$
        > type host ip netns exec red bash\r
        0.2 host <C>
        0.2 host at red
        0.3 host <P9>$
        > type host true\r
        0.4 host <C><P9>$
        = 1 ran host@red 0 ""
        "##,
    );
}

#[test]
fn a_shell_without_marks_is_replaced_by_one_that_has_them() {
    play(
        &["host: unshare --net sh", "host: true"],
        r##"
        run 0 1
        > open host in host
        0.1 host <P7>$
        > type host unshare --net sh\r
        0.2 host <C>#\s
        0.8 tick
        > nothing
        1 tick
        > type host exec bash\r
        1 host exec bash\r\n
        1 host <P8>$
        = 0 ran host@host 0 "# exec bash\n"
        1 host at blue
        > type host true\r
        1.1 host <C><P8>$
        = 1 ran host@blue 0 ""
        "##,
    );
}

#[test]
fn each_of_several_terminals_gets_it_one_after_the_other() {
    play(
        &["both: hostname"],
        r##"
        run 0
        > open 1 in host
        0.1 1 <P7>$
        > type 1 hostname\r
        0.2 1 <C>one\r\n<P7>$
        > open 2 in host
        = 0 running
        0.3 2 <P8>$
        > type 2 hostname\r
        0.4 2 <C>two\r\n<P8:1>$
        = 0 ran 1@host 0 "one\n" 2@host 1 "two\n"
        "##,
    );
}

#[test]
fn an_open_place_is_asked_for_once() {
    play(
        &["open: a", "2: b", "red: c", "open: d", "both: e"],
        r##"
        run 0 3
        ? where 0: host 1 2 red
        > nothing
        answer text that is no place
        ? where 0: host 1 2 red
        answer where 2
        ? none
        > open 2 in host
        0.1 2 <P7>$
        > type 2 a\r
        0.2 2 <C><P7>$
        > type 2 d\r
        0.3 2 <C><P7>$
        = 3 ran 2@host 0 ""
        "##,
    );
}

#[test]
fn a_question_can_be_refused() {
    play(
        &["open: a", "host: b"],
        r##"
        run 0 1
        ? where 0: host
        answer skip
        = 0 left out
        > open host in host
        0.1 host <P7>$
        > type host b\r
        0.2 host <C><P7>$
        = 1 ran host@host 0 ""
        "##,
    );
}
