//! A key as it looks on a keyboard.

use egui::{Align2, Response, Sense, StrokeKind, Ui, vec2};

use super::lettering;
use crate::window::theme;

/// `keys` as in `Ctrl+Z` or `Left or ,`: a cap for each, with small words between.
pub fn show(ui: &mut Ui, keys: &str) -> Response {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 3.0;
        for (i, chord) in keys.split(" or ").enumerate() {
            if i > 0 {
                ui.label(lettering::muted("or", ui));
            }
            // A chord may itself be or end in the key `+`.
            for part in parts(chord) {
                cap(ui, part);
            }
        }
    })
    .response
}

fn parts(chord: &str) -> Vec<&str> {
    match chord.strip_suffix("++") {
        Some(before) => before.split('+').chain(["+"]).collect(),
        None if chord == "+" => vec!["+"],
        None => chord.split('+').collect(),
    }
}

fn cap(ui: &mut Ui, key: &str) {
    let theme = theme::of(ui.ctx());
    let galley = ui.painter().layout_no_wrap(key.to_owned(), theme.mono(theme::text::SMALL), theme.text);
    let size = vec2((galley.size().x + 12.0).max(22.0), 20.0 * theme.text_scale);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    ui.painter().rect(rect, 5.0, theme.raise, (1.0, theme.line), StrokeKind::Inside);
    let at = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size());
    ui.painter().galley(at.min, galley, theme.text);
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn the_plus_key_is_a_key() {
        assert_eq!(parts("Ctrl+Shift+Z"), ["Ctrl", "Shift", "Z"]);
        assert_eq!(parts("Ctrl++"), ["Ctrl", "+"]);
        assert_eq!(parts("+"), ["+"]);
    }
}
