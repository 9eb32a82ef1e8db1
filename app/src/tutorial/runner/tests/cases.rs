//! Commands that end by themselves.

use super::{play, play_script};

#[test]
fn a_command_is_typed_at_the_prompt_and_its_output_is_between_the_marks() {
    play(
        &["host: ip link"],
        r##"
        run 0
        > open host in host
        0.1 host opened 7
        0.2 host Welcome\r\n<P7>
        > nothing
        0.2 host \e[?2004hhost $
        > type host ip link\r
        0.3 host ip link\r\n\e[?2004l\r<C>1: \e[1mlo\e[0m\r\n
        = 0 running
        0.4 host 2: eth\r\n<P7>
        0.4 host \e[?2004hhost $
        = 0 ran host@host 0 "1: lo\n2: eth\n"
        "##,
    );
}

#[test]
fn the_next_command_waits_for_taps_of_what_the_last_one_made() {
    play(
        &["host: true", "host: false", "host: true"],
        r##"
        run 0 1 2
        > open host in host
        0.1 host opened 7
        0.2 host <P7>$
        > type host true\r
        0.3 host <C><P7>$
        > let taps come
        = 0 ran host@host 0 ""
        0.4 tick
        > nothing
        taps came
        > type host false\r
        0.5 host <C><P7:1>$
        > let taps come
        please stop
        taps came
        > nothing
        = 2 not run
        run 2
        > type host true\r
        0.6 host <C><P7>$
        = 2 ran host@host 0 ""
        > nothing
        "##,
    );
}

#[test]
fn marks_may_come_in_pieces_and_a_prompt_may_have_no_text() {
    play(
        &["host: false", "host: true"],
        r##"
        run 0 1
        > open host in host
        0.1 host opened 7
        0.2 host <P7>
        0.21 tick
        > nothing
        0.26 tick
        > type host false\r
        0.3 host <C>
        0.4 host <P7:1>
        = 0 running
        0.46 tick
        = 0 ran host@host 1 ""
        > type host true\r
        0.5 host <C><P7>$
        = 1 ran host@host 0 ""
        "##,
    );
}

#[test]
fn what_goes_in_as_several_commands_ends_with_the_last() {
    play(
        &["host: a\\nb"],
        r##"
        run 0
        > open host in host
        0.1 host <P7>\e[?2004h$
        > type host \e[200~a\nb\e[201~\r
        0.2 host \e[?2004l\r<C>of a\r\n<P7:1><C>of b\r\n<P7>\e[?2004h$
        = 0 ran host@host 0 "of a\nof b\n"
        "##,
    );
}

#[test]
fn a_shell_that_takes_no_pastes_gets_line_by_line() {
    play(
        &["host: cat <<EOF\\nline\\nEOF"],
        r##"
        run 0
        > open host in host
        0.1 host \e[?2004h\e[?20
        0.1 host 04l<P7>$
        > type host cat <<EOF\rline\rEOF\r
        0.2 host > > <C>line\r\n<P7>$
        = 0 ran host@host 0 "line\n"
        "##,
    );
}

#[test]
fn what_the_shell_does_not_understand_is_its_output() {
    play(
        &["host: )"],
        r##"
        run 0
        > open host in host
        0.1 host <P7>\e[?2004h$
        > type host )\r
        0.2 host )\r\n\e[?2004l\rbash: syntax error near `)'\r\n<P7:2>\e[?2004h$
        = 0 ran host@host 2 "bash: syntax error near `)'\n"
        "##,
    );
}

#[test]
fn a_comment_has_no_status_of_its_own() {
    play(
        &["host: # nothing"],
        r##"
        run 0
        > open host in host
        0.1 host <P7>$
        > type host # nothing\r
        0.2 host # nothing\r\n<P7:5>$
        = 0 ran host@host 0 ""
        "##,
    );
}

#[test]
fn an_incomplete_command_is_ended_and_said_to_be() {
    play(
        &["host: echo \"", "host: true"],
        r##"
        run 0 1
        > open host in host
        0.1 host <P7>\e[?2004h$
        > type host echo \"\r
        0.2 host echo "\r\n\e[?2004l\r>
        1.1 tick
        > nothing
        1.3 tick
        > type host \u{3}\r
        1.4 host ^C\r\n<P7:130>\e[?2004h$
        = 0 ran host@host 2 "the command is not complete: the shell waited for more (a quote, a bracket or the end of a here-document is missing)\n"
        > type host true\r
        1.5 host <C><P7>$
        = 1 ran host@host 0 ""
        "##
        .replace("\\u{3}\\r", "\\u{3}")
        .as_str(),
    );
}

#[test]
fn what_is_held_back_is_run_only_when_it_is_meant() {
    play(
        &["held host: apt install x", "host: true"],
        r##"
        run 0
        > nothing
        = 0 left out
        run held 0
        > open host in host
        0.1 host <P7>$
        > type host apt install x\r
        0.2 host <C><P7:100>$
        = 0 ran host@host 100 ""
        "##,
    );
}

#[test]
fn stopping_forgets_what_has_not_begun() {
    play(
        &["host: a", "host: b"],
        r##"
        run 0 1
        > open host in host
        0.1 host <P7>$
        > type host a\r
        please stop
        0.2 host <C><P7>$
        = 0 ran host@host 0 ""
        = 1 not run
        run 1
        > type host b\r
        0.3 host <C><P7>$
        = 1 ran host@host 0 ""
        "##,
    );
}

#[test]
fn a_shell_that_left_is_opened_anew() {
    play(
        &["host: exit 3", "host: true"],
        r##"
        run 0 1
        > open host in host
        0.1 host <P7>$
        > type host exit 3\r
        0.2 host <C>exit\r\n
        0.3 host ended 3
        = 0 ran host@host 3 "exit\n"
        > open host in host
        0.4 host <P9>$
        > type host true\r
        0.5 host <C><P9>$
        = 1 ran host@host 0 ""
        "##,
    );
}

#[test]
fn a_terminal_that_cannot_be_opened_says_why() {
    play(
        &["red: true", "host: true"],
        r##"
        run 0
        > open red in red
        0.1 red failed there is no namespace red
        = 0 ran red@red 1 "there is no namespace red\n"
        run 1
        > open host in host
        0.2 host ended 1
        > open host in host
        0.3 host ended 1
        = 1 ran host@host 1 "the terminal's shell ended at once\n"
        "##,
    );
}

#[test]
fn a_script_begins_in_its_folder_and_ends_where_it_says() {
    let mut runner = super::Runner::new(std::sync::Arc::default());
    runner.set_file("/a/page.md");
    assert_eq!(runner.prelude, None, "only scripts have a folder");
    let runner = play_script(
        &["host: false", "host: exit 4", "host: true"],
        r"
        run 0 1 2
        > open host in host
        0.1 host <P7>$
        > type host false\r
        0.2 host <C><P7:1>$
        > type host exit 4\r
        0.3 host <C>
        0.4 host ended 4
        > nothing
        = 2 not run
        ",
    );
    assert_eq!(runner.script_ended(), Some(4));
    assert!(runner.is_idle());
}
