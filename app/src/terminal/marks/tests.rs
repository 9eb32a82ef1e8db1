use proptest::prelude::*;

use super::*;

fn taken(bytes: &[u8]) -> Vec<Piece> {
    let mut marks = Marks::default();
    let mut pieces = marks.take(bytes);
    put(&mut pieces, &marks.rest());
    pieces
}

fn text(text: &str) -> Piece {
    Piece::Text(text.as_bytes().to_vec())
}

#[test]
fn a_command_and_its_prompts() {
    let mut stream = prompt(7, 0);
    stream.extend(b"red:~# ls\r\n");
    stream.extend(BEGINS);
    stream.extend("\x1b[01;34mdîr\x1b[0m\r\n".as_bytes());
    stream.extend(prompt(7, -1));
    stream.extend(b"red:~# ");
    let prompt = |status| Piece::Prompt { shell: 7, status };
    let expected = [
        prompt(0),
        text("red:~# ls\r\n"),
        Piece::Begins,
        text("\x1b[01;34mdîr\x1b[0m\r\n"),
        prompt(-1),
        text("red:~# "),
    ];
    assert_eq!(taken(&stream), expected);
}

#[test]
fn a_mark_may_end_in_st_and_another_shell_begins_with_status_0() {
    let stream = b"\x1b]133;D;3;pid=7\x1b\\\x1b]133;A;pid=8\x1b\\$ \x1b]133;A;pid=7\x07";
    let expected = [Piece::Prompt { shell: 8, status: 0 }, text("$ "), Piece::Prompt { shell: 7, status: 0 }];
    assert_eq!(taken(stream), expected);
}

#[test]
fn what_is_no_mark_of_ours_stays() {
    let endless = format!("\x1b]133;{}", "A".repeat(1000));
    let cases = [
        "\x1b]0;a title\x07",
        "\x1b]8;;http://a.example\x1b\\link\x1b]8;;\x1b\\",
        "\x1b]133;A\x07",
        "\x1b]133;A;k=i\x07",
        "\x1b]133;D;x;pid=1\x07",
        "\x1b]133;D;1;pid=\x07",
        "\x1b]133;A;pid=99999999999\x07",
        "\x1b]133;C;pid=1\x07",
        "\x1b]133",
        "\x1b]133;A;pid=1",
        "\x1b]133;A;pid=1\x1b",
        "\x1b]133;A;pid=1\x1b[0m",
        "\x1b]133;A\r\n;pid=1\x07",
        "\x1b]133;\u{e9}\x07",
        "\x1b\x1b\x1b",
        &endless,
    ];
    for case in cases {
        assert_eq!(taken(case.as_bytes()), [text(case)], "{case:?}");
    }
}

#[test]
fn a_mark_after_one_that_was_broken_off_counts() {
    let cases = ["\x1b]133;A;pid=1", "\x1b", "\x1b]", "\x1b]133;C\x1b"];
    for broken in cases {
        let stream = [broken.as_bytes(), BEGINS].concat();
        assert_eq!(taken(&stream), [text(broken), Piece::Begins], "{broken:?}");
    }
}

#[test]
fn an_escape_that_never_ends_is_not_held_for_ever() {
    let mut marks = Marks::default();
    let held: Vec<Piece> = (0..1000).flat_map(|_| marks.take(b"\x1b]133;AAAAAAAAAAAAAAAAAAAAAAAA")).collect();
    assert!(!held.is_empty());
    assert!(marks.held.len() <= LONGEST);
}

/// Bytes with many beginnings, ends and wholes of marks in them.
fn streams() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        prop::sample::select(vec![
            &b"\x1b"[..],
            b"\x1b]133;",
            b"\x1b]133;A;pid=12",
            b"\x1b]133;D;130;pid=12",
            b"\x1b]133;C",
            b"\x07",
            b"\x1b\\",
            b"\\",
            b"]1",
            b"\x1b]0;title\x07",
            BEGINS,
            b"red:~# ",
        ])
        .prop_map(<[u8]>::to_vec),
        Just(prompt(12, 1)),
        prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_cut_gives_the_same(stream in streams(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        places.extend([0, stream.len()]);
        places.sort_unstable();
        let mut marks = Marks::default();
        let mut joined = Vec::new();
        for piece in places.windows(2).flat_map(|cut| marks.take(&stream[cut[0]..cut[1]])) {
            match piece {
                Piece::Text(text) => put(&mut joined, &text),
                mark => joined.push(mark),
            }
        }
        put(&mut joined, &marks.rest());
        prop_assert_eq!(joined, taken(&stream));
    }

    #[test]
    fn text_without_escapes_passes_at_once(stream in prop::collection::vec(any::<u8>().prop_filter("escape", |&byte| byte != ESCAPE), 1..100)) {
        prop_assert_eq!(Marks::default().take(&stream), [Piece::Text(stream.clone())]);
    }
}
