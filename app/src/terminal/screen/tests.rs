//! What programs write, and what is to be seen then.

use proptest::prelude::*;

use super::*;

fn screen(columns: u16, rows: u16) -> Screen {
    Screen::new(TerminalSize { columns, rows })
}

/// After this output; nothing is to be answered.
fn showing(columns: u16, rows: u16, output: &str) -> Screen {
    let mut screen = screen(columns, rows);
    assert_eq!(screen.take(output.as_bytes()), b"", "{output:?}");
    screen
}

fn cell(screen: &Screen, row: usize, column: usize) -> Cell {
    screen.row(row).nth(column).expect("the column is there")
}

fn at(row: usize, column: usize) -> Spot {
    Spot { row, column, right_half: false }
}

#[test]
fn text_stands_where_it_was_written() {
    let screen = showing(20, 4, "one\r\ntwo\x1b[4;3Hdown\x1b[1;10Hright");
    assert_eq!(screen.text(), "one      right\ntwo\n\n  down");
    let cursor = screen.cursor().expect("it is seen");
    assert_eq!((cursor.row, cursor.column, cursor.shape), (0, 14, CursorShape::Block));
}

#[test]
fn colours_and_strokes_are_kept() {
    let screen =
        showing(40, 2, "\x1b[1;31mred\x1b[0m\x1b[38;5;200ma\x1b[38;2;1;2;3;48;5;7mb\x1b[0;2;3;4;7;9mc");
    let red = cell(&screen, 0, 0);
    assert_eq!((red.ink, red.bold, red.fill), (Colour::Indexed(1), true, Colour::Default));
    assert_eq!(cell(&screen, 0, 3).ink, Colour::Indexed(200));
    let mixed = cell(&screen, 0, 4);
    assert_eq!((mixed.ink, mixed.fill), (Colour::Rgb(1, 2, 3), Colour::Indexed(7)));
    let all = cell(&screen, 0, 5);
    assert!(all.dim && all.italic && all.underlined && all.inverse && all.struck && !all.bold);
    assert_eq!(all.ink, Colour::Default);
}

#[test]
fn a_palette_that_a_program_mixes_is_used() {
    let screen = showing(20, 2, "\x1b]4;1;rgb:12/34/56\x07\x1b[31mx");
    assert_eq!(cell(&screen, 0, 0).ink, Colour::Rgb(0x12, 0x34, 0x56));
}

#[test]
fn wide_characters_cover_two_columns_and_accents_none() {
    let mut screen = showing(20, 2, "日本e\u{301}🦀x");
    assert_eq!(cell(&screen, 0, 0).width, Width::Double);
    assert_eq!(cell(&screen, 0, 1).width, Width::Covered);
    assert_eq!(cell(&screen, 0, 4).marks, ['\u{301}']);
    assert_eq!(cell(&screen, 0, 7).character, 'x');
    assert_eq!(screen.text(), "日本e\u{301}🦀x");
    screen.pick(PickKind::Characters, at(0, 1));
    screen.pick_to(Spot { row: 0, column: 5, right_half: false });
    assert_eq!(screen.picked_text().as_deref(), Some("日本e\u{301}"), "halves count as wholes");
}

#[test]
fn halves_of_wide_characters_do_no_harm() {
    let mut screen = showing(6, 2, "日本\x1b[1;1H\x1b[P");
    screen.pick(PickKind::Words, at(0, 0));
    screen.pick_to(at(0, 5));
    let _ = (screen.picked_text(), screen.text(), screen.cursor(), screen.link_at(0, 0));
    assert!(screen.picked_columns(0).is_some());
}

#[test]
fn queries_are_answered() {
    let mut screen = screen(80, 24);
    assert_eq!(screen.take(b"\x1b[c"), b"\x1b[?6c", "what are you?");
    assert_eq!(screen.take(b"\x1b[5n"), b"\x1b[0n", "are you well?");
    assert_eq!(screen.take(b"\x1b[3;7H\x1b[6n"), b"\x1b[3;7R", "where is the cursor?");
    assert_eq!(screen.take(b"\x1b[18t"), b"\x1b[8;24;80t", "how large are you?");
    assert_eq!(
        screen.take(b"\x1b]52;c;aGk=\x07\x1b]52;c;?\x07\x1b]11;?\x07"),
        b"",
        "that is nobody's business"
    );
}

#[test]
fn modes_are_as_they_were_asked_for() {
    let mut screen = showing(20, 3, "before\x1b[?1h\x1b[?2004h\x1b[?1049h\x1b[Hvim");
    let modes = screen.modes();
    assert!(modes.application_cursor && modes.bracketed_paste && modes.alternate_screen);
    assert!(modes.wheel_is_arrows);
    assert_eq!(screen.text(), "vim");
    assert_eq!(screen.take(b"\x1b[?1049l\x1b[?1l\x1b[?2004l\x1b[?25l"), b"");
    assert_eq!((screen.modes(), screen.text().as_str()), (Modes::default(), "before"));
    assert_eq!(screen.cursor(), None, "hidden");
    assert_eq!(screen.take(b"\x1b[?25h\x1b[5 q"), b"");
    assert_eq!(screen.cursor().map(|cursor| cursor.shape), Some(CursorShape::Bar));
}

#[test]
fn titles_and_bells_are_heard_and_marks_of_shells_leave_no_trace() {
    let screen = showing(
        40,
        2,
        "\x1b]0;red: ~\x07\x07\x1b]133;D;0;pid=7\x07\x1b]133;A;pid=7\x07red:~# \x1b]133;C\x07\x1b]7;file:///\x1b\\",
    );
    assert_eq!((screen.title(), screen.bells(), screen.text().as_str()), (Some("red: ~"), 1, "red:~#"));
}

#[test]
fn an_update_that_is_never_finished_is_shown_all_the_same() {
    assert_eq!(showing(20, 2, "\x1b[?2026hhello").text(), "hello");
}

#[test]
fn what_scrolls_away_is_kept_and_found_again() {
    let mut screen = screen(10, 3);
    for number in 0..SCROLL_BACK + 100 {
        assert_eq!(screen.take(format!("{number}\r\n").as_bytes()), b"");
    }
    assert_eq!(screen.scrolled(), Scrolled { above: SCROLL_BACK, below: 0 });
    screen.scroll(2);
    let last = SCROLL_BACK + 100;
    assert_eq!(screen.text(), format!("{}\n{}\n{}", last - 4, last - 3, last - 2));
    assert_eq!(screen.cursor(), None, "out of sight");
    assert_eq!(screen.take(b"more\r\n"), b"");
    assert_eq!(
        screen.text(),
        format!("{}\n{}\n{}", last - 4, last - 3, last - 2),
        "one reads on undisturbed"
    );
    screen.scroll(i32::MAX);
    assert_eq!(screen.scrolled().above, 0);
    screen.scroll(i32::MIN);
    assert_eq!(screen.scrolled().below, 0);
    screen.scroll(1);
    screen.scroll_to_end();
    assert_eq!(screen.text(), format!("{}\nmore", last - 1));
    let kept = screen.whole_text();
    assert!(kept.lines().count() <= SCROLL_BACK + 3 && kept.ends_with("\nmore"));
}

#[test]
fn a_narrower_screen_wraps_and_a_wider_one_joins_again() {
    let mut screen = showing(20, 4, "0123456789abcdef");
    screen.resize(TerminalSize { columns: 10, rows: 4 });
    assert_eq!(screen.whole_text(), "0123456789\nabcdef");
    screen.resize(TerminalSize { columns: 30, rows: 4 });
    assert_eq!(screen.whole_text(), "0123456789abcdef");
    screen.resize(TerminalSize { columns: 0, rows: 0 });
    assert_eq!((screen.columns(), screen.rows()), (2, 1));
    screen.resize(TerminalSize { columns: u16::MAX, rows: u16::MAX });
    assert_eq!((screen.columns(), screen.rows()), (1_000, 500));
}

#[test]
fn selections_give_their_text() {
    let mut screen = showing(10, 4, "inet 10.0.0.1/24\r\nsecond   \r\nthird");
    screen.pick(PickKind::Words, at(0, 6));
    assert_eq!(screen.picked_text().as_deref(), Some("10.0.0.1/24"), "also where it was wrapped");
    assert_eq!(screen.picked_columns(0), Some(5..10));
    assert_eq!(screen.picked_columns(1), Some(0..6));
    screen.pick(PickKind::Lines, at(1, 0));
    assert_eq!(screen.picked_text().as_deref(), Some("inet 10.0.0.1/24\n"));
    screen.pick(PickKind::Characters, at(2, 3));
    assert_eq!(screen.picked_text(), None, "a click selects nothing");
    screen.pick_to(at(3, 2));
    assert_eq!(screen.picked_text().as_deref(), Some("ond\nth"));
    assert_eq!(screen.picked_columns(2), Some(3..10));
    screen.pick_all();
    assert_eq!(screen.picked_text().as_deref(), Some("inet 10.0.0.1/24\nsecond\nthird"));
    screen.pick_nothing();
    assert_eq!(screen.picked_columns(2), None);
}

#[test]
fn links_are_found() {
    let text = "see (https://example.org/a_(b)?c=d), or\r\n\x1b]8;;https://example.org/marked\x1b\\here\x1b]8;;\x1b\\ \x1b]8;;file:///etc/passwd\x07not\x1b]8;;\x07";
    let screen = showing(24, 4, text);
    let link = screen.link_at(0, 10).expect("an address");
    assert_eq!(link.address, "https://example.org/a_(b)?c=d");
    assert_eq!(link.places, [(0, 5..24), (1, 0..10)]);
    assert_eq!(screen.link_at(1, 2), Some(link), "the same from its other row");
    assert_eq!(screen.link_at(0, 1), None);
    assert_eq!(screen.link_at(1, 11), None, "the comma is the sentence's");
    let marked = screen.link_at(2, 1).expect("a marked one");
    assert_eq!(
        (marked.address.as_str(), &marked.places[..]),
        ("https://example.org/marked", &[(2, 0..4)][..])
    );
    assert_eq!(screen.link_at(2, 6), None, "pages only");
    assert_eq!(showing(20, 1, "http:// https://x").link_at(0, 3), None);
    assert_eq!(screen.link_at(99, 99), None);
}

#[test]
fn strings_without_an_end_are_not_kept_and_what_follows_is_seen() {
    let mut screen = screen(20, 2);
    assert_eq!(screen.take(b"a\x1b]0;"), b"");
    for _ in 0..100 {
        assert_eq!(screen.take(&[b'x'; 1000]), b"");
    }
    assert_eq!(screen.take(b"end\x07b\x1b]0;short\x07c"), b"");
    assert_eq!((screen.text().as_str(), screen.title(), screen.bells()), ("abc", Some("short"), 0));
}

#[test]
fn signs_without_end_on_one_character_are_dropped() {
    let mut screen = screen(20, 2);
    assert_eq!(screen.take("e".as_bytes()), b"");
    assert_eq!(screen.take("\u{301}".repeat(100_000).as_bytes()), b"");
    assert!(cell(&screen, 0, 0).marks.len() < 1_000);
}

/// What a program might do, and much that none would.
fn output() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "\x1b[?1049h",
        "\x1b[?1049l",
        "\x1b[P",
        "\x1b[3@",
        "\x1b[2J",
        "\x1b[3J",
        "\x1b[L",
        "\x1b[M",
        "\x1bM",
        "\x1b[4h",
        "\x1b[4l",
        "\x1b[?7l",
        "\x1b[?7h",
        "\x1b[?6h",
        "\x1b[2;3r",
        "\x1b[r",
        "\x1b[99;99H",
        "\x1b[H",
        "\x1b#8",
        "\x1bc",
        "\x1b7",
        "\x1b8",
        "\x1b[5X",
        "\x1b[3S",
        "\x1b[3T",
        "\x1b[22t",
        "\x1b[23t",
        "\x1b[100b",
        "\r",
        "\n",
        "\t",
        "\x08",
        "\x1bH",
        "\x1b[3g",
        "日",
        "🦀",
        "e\u{301}",
        "\u{200d}",
        "\u{fe0f}",
        "\x1b]8;;http://x\x07",
        "\x1b]8;;\x07",
        "\x1b[=1u",
        "\x1b[>1u",
        "\x1b[<99u",
        "\x1bP1$r",
        "\x1b\\",
        "\x1b(0",
        "qqq",
        "\x0e",
        "\x0f",
        "http://example.org/",
        "\x1b[?2026h",
        "\x1b[999999999999C",
        "\x1b[-1A",
        "\x1b[65535;65535r",
    ]);
    let piece = prop_oneof![
        6 => known.prop_map(|known| known.as_bytes().to_vec()),
        2 => prop::collection::vec(any::<u8>(), 0..12),
        2 => prop::collection::vec(b' '..=b'~', 0..40),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_output_does_harm(
        outputs in prop::collection::vec((output(), 0_u16..30, 0_u16..8, -9_i32..9), 1..5),
        picked in (0_usize..8, 0_usize..30, 0_usize..8, 0_usize..30),
    ) {
        let mut screen = screen(10, 4);
        for (output, columns, rows, lines) in outputs {
            let _ = screen.take(&output);
            screen.scroll(lines);
            let kinds = [PickKind::Characters, PickKind::Words, PickKind::Lines];
            for kind in kinds {
                screen.pick(kind, at(picked.0, picked.1));
                screen.pick_to(Spot { row: picked.2, column: picked.3, right_half: true });
                let _ = screen.picked_text();
                for row in 0..screen.rows() {
                    if let Some(columns) = screen.picked_columns(row) {
                        prop_assert!(columns.end <= screen.columns());
                    }
                }
            }
            screen.resize(TerminalSize { columns, rows });
            for row in 0..screen.rows() {
                prop_assert_eq!(screen.row(row).count(), screen.columns());
                for column in 0..screen.columns() {
                    let _ = screen.link_at(row, column);
                }
            }
            if let Some(cursor) = screen.cursor() {
                prop_assert!(cursor.row < screen.rows() && cursor.column < screen.columns());
            }
            let _ = (screen.text(), screen.whole_text(), screen.modes(), screen.scrolled());
        }
    }
}
