//! Commands that do not end by themselves.

use super::play;

#[test]
fn an_endless_command_gets_three_seconds_from_its_first_output() {
    play(
        &["endless host: ping x"],
        r##"
        run 0
        > open host in host
        0 host <P7>$
        > type host ping x\r
        0.1 host <C>
        0.5 host 64 bytes\r\n
        3.4 tick
        > nothing
        3.5 tick
        > type host \u{3}
        4.4 tick
        > nothing
        3.6 host ^C2 received\r\n<P7>$
        = 0 ran host@host 0 "64 bytes\n^C2 received\n" interrupted
        "##,
    );
}

#[test]
fn a_silent_one_gets_four_and_is_ended_by_harder_keys() {
    play(
        &["endless host: vim", "host: true"],
        r##"
        run 0 1
        > open host in host
        0 host <P7>$
        > type host vim\r
        0 host <C>
        3.9 tick
        > nothing
        4 tick
        > type host \u{3}
        4 tick
        4.9 tick
        > nothing
        5 tick
        > type host \u{3}
        6 tick
        > type host q
        7 tick
        > type host \e\e:q!\r
        7.1 host <P7:1>$
        = 0 ran host@host 1 "" interrupted
        > type host \u{15}true\r
        7.2 host <C><P7>$
        = 1 ran host@host 0 ""
        "##,
    );
}

#[test]
fn what_nothing_ends_is_left_with_its_terminal() {
    play(
        &["endless host: trap '' INT QUIT", "host: true"],
        r##"
        run 0 1
        > open host in host
        0 host <P7>$
        > type host trap '' INT QUIT\r
        0 host <C>
        4 tick
        > type host \u{3}
        4 tick
        5 tick
        > type host \u{3}
        6 tick
        > type host q
        7 tick
        > type host \e\e:q!\r
        8 tick
        > type host \u{1c}
        9 tick
        = 0 ran host@host 130 "\n[it could not be ended, and was left alone with its terminal]\n" interrupted
        > open host in host
        "##,
    );
}

#[test]
fn what_takes_too_long_is_ended_likewise() {
    play(
        &["host: read x"],
        r##"
        run 0
        > open host in host
        0 host <P7>$
        > type host read x\r
        0.1 host <C>
        59.9 tick
        > nothing
        60 tick
        > type host \u{3}
        60.1 host <P7:130>$
        = 0 ran host@host 130 "" interrupted
        "##,
    );
}

#[test]
fn a_person_may_end_it_sooner() {
    play(
        &["host: sleep 50"],
        r##"
        run 0
        > open host in host
        0 host <P7>$
        > type host sleep 50\r
        0.1 host <C>
        please interrupt
        > type host \u{3}
        please interrupt
        > nothing
        0.3 host ^C<P7:130>$
        = 0 ran host@host 130 "^C" interrupted
        "##,
    );
}

#[test]
fn a_terminal_in_which_somebody_works_is_waited_for() {
    play(
        &["host: a", "host: b"],
        r##"
        run 0
        > open host in host
        0 host <P7>$
        > type host a\r
        0.1 host <C><P7>$
        1 host top\r\n<C>
        2 tick
        run 1
        > nothing
        3 host <P7>$
        > type host b\r
        4 host <C><P7>$
        = 1 ran host@host 0 ""
        "##,
    );
}
