//! Story time and wire time, as of the playhead.

use capture::WireNs;
use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use crate::{model::state::State, window::theme};

/// Right-aligned in `rect`; monospaced, so that digits stay in their columns.
pub fn show(ui: &mut Ui, rect: Rect, state: &State) {
    let theme = theme::of(ui.ctx());
    let story = format!("story {:.1} s", state.playhead.at());
    let wire = if state.story.moments().is_empty() {
        "wire –".to_owned()
    } else {
        format!("wire {}", time_of_day(state.story.pace().wire_at(state.playhead.at())))
    };
    let middle = rect.center().y;
    let lines = [
        (&story, middle - 9.0, theme::text::BODY - 0.5, theme.text),
        (&wire, middle + 10.0, theme::text::SMALL, theme.mute),
    ];
    for (words, y, size, ink) in lines {
        let at = pos2(rect.right(), y);
        let spot = ui.painter().text(at, Align2::RIGHT_CENTER, words, theme.mono(size), ink);
        let found = ui.interact(spot, ui.scope_id().with(("clock", y.to_bits())), Sense::hover());
        found.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    }
}

/// `14:03:22.104 117 382 UTC`: hours, minutes, seconds; milli-, micro- and nanoseconds.
pub fn time_of_day(t: WireNs) -> String {
    const SECOND: i64 = 1_000_000_000;
    let seconds = t.0.div_euclid(SECOND);
    let ns = t.0.rem_euclid(SECOND);
    let of_day = seconds.rem_euclid(86_400);
    let (hours, minutes) = (of_day / 3_600, of_day / 60 % 60);
    let (ms, us, rest) = (ns / 1_000_000, ns / 1_000 % 1_000, ns % 1_000);
    format!("{hours:02}:{minutes:02}:{:02}.{ms:03} {us:03} {rest:03} UTC", of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_keeps_its_width() {
        assert_eq!(time_of_day(WireNs(0)), "00:00:00.000 000 000 UTC");
        assert_eq!(time_of_day(WireNs(50_602_104_117_382)), "14:03:22.104 117 382 UTC");
        assert_eq!(time_of_day(WireNs(-1)), "23:59:59.999 999 999 UTC");
    }
}
