//! What was seen, in other shapes than the stage. Each takes the state, draws, and pushes commands.

pub mod commands;
pub mod filter_box;
pub mod frame;
pub mod frames;
pub mod ladder;
mod lane_order;
pub mod problems;
pub mod terminals;
pub mod timeline;

use super::theme;

/// Nanoseconds in three digits and a unit, always as wide: `  840 ns`, ` 2.40 µs`, `0.997 s`.
pub fn span_of_time(ns: i64) -> String {
    let magnitude = ns.unsigned_abs() as f64;
    let (value, unit) = match magnitude {
        m if m < 1e3 => (m, "ns"),
        m if m < 1e6 => (m / 1e3, "µs"),
        m if m < 1e9 => (m / 1e6, "ms"),
        m => (m / 1e9, "s"),
    };
    let digits = match value {
        _ if unit == "ns" => 0,
        v if v < 10.0 => 2,
        v if v < 100.0 => 1,
        _ => 0,
    };
    let digits = if unit == "s" { digits + 1 } else { digits };
    let sign = if ns < 0 { "−" } else { "" };
    format!("{sign}{value:.digits$} {unit}")
}

/// In the middle of a view that has nothing to show: why, and what would change that.
fn say_instead(ui: &egui::Ui, words: &str) {
    let theme = theme::of(ui.ctx());
    let middle = ui.available_rect_before_wrap().center();
    let font = theme.font(theme::text::BODY);
    ui.painter().text(middle, egui::Align2::CENTER_CENTER, words, font, theme.mute);
}

/// How a branch of a journey ended, in a word or two.
pub fn fate_words(fate: capture::Fate) -> &'static str {
    match fate {
        capture::Fate::Delivered => "delivered",
        capture::Fate::Ignored => "not for it",
        capture::Fate::Dropped => "dropped",
        capture::Fate::InFlight => "on its way",
    }
}

#[cfg(test)]
mod tests {
    use super::span_of_time;

    #[test]
    fn times_have_three_digits_and_a_unit() {
        let told =
            [(0, "0 ns"), (840, "840 ns"), (2_400, "2.40 µs"), (84_000, "84.0 µs"), (997_000_000, "997 ms")];
        for (ns, words) in told {
            assert_eq!(span_of_time(ns), words);
        }
        assert_eq!(span_of_time(1_250_000_000), "1.250 s");
        assert_eq!(span_of_time(-500), "−500 ns");
    }
}
