//! What is said once, and what a crash left behind.

use egui::vec2;
use egui_kittest::kittest::Queryable;
use hopscope::{
    model::{
        command::{Command, File},
        state::{Notice, State},
    },
    window::panels::notices,
};

use super::bench::{bench, drawn, picture};

fn noticed() -> State {
    let mut state = drawn("two-rooms-and-a-switch");
    state.stage_size = vec2(936.0, 520.0);
    state.now = 10.0;
    let notice = |id, words: &str, is_bad, since| Notice { id, words: words.into(), is_bad, since };
    state.notices = vec![
        notice(1, "Saved two-rooms-and-a-switch.toml", false, 9.0),
        notice(2, "The change was undone: the kernel has no room for another address here", true, 1.0),
        notice(3, "Long gone", false, 0.0),
    ];
    state
}

#[test]
fn bad_news_stay_until_they_are_dismissed() {
    let mut state = noticed();
    state.left_behind = Some((String::new(), Some("/srv/ada/labs/ring.toml".into())));
    let mut harness = bench(vec2(1024.0, 640.0), state, notices::show);
    picture(&mut harness, "notices");
    assert!(harness.query_by_label("Dismiss: Long gone").is_none());
    let words = "Dismiss: The change was undone: the kernel has no room for another address here";
    harness.get_by_label(words).click();
    harness.run();
    harness.get_by_label("Restore").click();
    harness.run();
    harness.get_by_label("Drop it").click();
    harness.run();
    assert_eq!(
        harness.state().out,
        [Command::Dismiss(2), Command::File(File::Restore), Command::File(File::DropRestored)]
    );
}
