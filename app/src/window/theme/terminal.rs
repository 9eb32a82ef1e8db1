//! Colours of terminals: the sixteen that programs name, in our shades, and all others so that they can be read.

use egui::Color32;

use super::Theme;

/// Black, red, green, yellow, blue, magenta, cyan, white; then the same brighter.
const DARK: [u32; 16] = [
    0x10131A, 0xFF6B6B, 0x3DD68C, 0xF2CF5B, 0x5B9DFF, 0xD78CFF, 0x2CC9C9, 0xC4CCDA, //
    0x8792A7, 0xFF9494, 0x6EEBAD, 0xFFE28A, 0x8CBBFF, 0xE6B3FF, 0x6AE4E4, 0xFFFFFF,
];
const LIGHT: [u32; 16] = [
    0x18202C, 0xC42323, 0x0B7143, 0x7F6000, 0x1B64D8, 0x8A2FB8, 0x0A6E6E, 0xC9D1DE, //
    0x5D687B, 0xD23030, 0x0A7F4A, 0x8A6A00, 0x2A6FE0, 0x9A3FCC, 0x087878, 0xFFFFFF,
];
/// Of the cube that follows, along each edge.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];
/// Contrast that text has, as everywhere in the window.
const CONTRAST: f32 = 4.5;
const CONTRAST_OF_PROJECTOR: f32 = 5.5;
const STEPS: u8 = 16;

impl Theme {
    /// What terminals write on.
    pub fn paper(&self) -> Color32 {
        self.stage
    }

    /// The cursor, and what is written on it.
    pub fn terminal_cursor(&self) -> (Color32, Color32) {
        (self.accent, self.on_accent)
    }

    /// Behind selected text.
    pub fn terminal_selection(&self) -> Color32 {
        self.paper().lerp_to_gamma(self.accent, if self.is_dark { 0.34 } else { 0.24 })
    }

    /// One of the usual 256.
    pub fn indexed(&self, index: u8) -> Color32 {
        match index {
            0..=15 => {
                let table = if self.is_dark { &DARK } else { &LIGHT };
                let [_, red, green, blue] = table[usize::from(index)].to_be_bytes();
                Color32::from_rgb(red, green, blue)
            }
            16..=231 => {
                let index = usize::from(index - 16);
                Color32::from_rgb(CUBE[index / 36], CUBE[index / 6 % 6], CUBE[index % 6])
            }
            232..=255 => Color32::from_gray(8 + (index - 232) * 10),
        }
    }

    pub fn mixed(&self, red: u8, green: u8, blue: u8) -> Color32 {
        Color32::from_rgb(red, green, blue)
    }

    /// The shade of `ink` that is next to it and can be read on this fill.
    pub fn legible(&self, ink: Color32, fill: Color32) -> Color32 {
        let is_for_projector = self.is_projector && fill == self.paper();
        let least = if is_for_projector { CONTRAST_OF_PROJECTOR } else { CONTRAST };
        if least <= contrast(ink, fill) {
            return ink;
        }
        let (light, dark) = (Color32::WHITE, Color32::BLACK);
        let away = if contrast(light, fill) < contrast(dark, fill) { dark } else { light };
        let shades = (1..=STEPS).map(|step| ink.lerp_to_gamma(away, f32::from(step) / f32::from(STEPS)));
        shades.into_iter().find(|shade| least <= contrast(*shade, fill)).unwrap_or(away)
    }
}

/// Relative luminance, WCAG 2.2.
fn luminance(color: Color32) -> f32 {
    let linear = |channel: u8| {
        let share = f32::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

/// Contrast ratio, WCAG 2.2: 1 to 21.
fn contrast(one: Color32, other: Color32) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::theme::look;

    fn looks() -> [&'static Theme; 4] {
        [look(true, false), look(true, true), look(false, false), look(false, true)]
    }

    #[test]
    fn whatever_a_program_chooses_can_be_read_on_the_paper() {
        for theme in looks() {
            for index in 0..=255 {
                let ink = theme.legible(theme.indexed(index), theme.paper());
                assert!(4.5 <= contrast(ink, theme.paper()), "{index}: {ink:?}");
            }
            let (cursor, on_cursor) = theme.terminal_cursor();
            assert!(4.5 <= contrast(cursor, on_cursor));
            assert!(4.5 <= contrast(theme.text, theme.terminal_selection()));
        }
    }

    #[test]
    fn colours_that_can_be_read_stay_as_they_are() {
        let as_chosen = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14];
        for theme in [look(true, false), look(false, false)] {
            for index in as_chosen {
                let ink = theme.indexed(index);
                assert_eq!(theme.legible(ink, theme.paper()), ink, "{index}");
            }
        }
    }

    #[test]
    fn no_two_of_the_sixteen_hide_each_other() {
        for theme in looks() {
            for (ink, fill) in (0..16).flat_map(|ink| (0..16).map(move |fill| (ink, fill))) {
                let (ink, fill) = (theme.indexed(ink), theme.indexed(fill));
                assert!(4.5 <= contrast(theme.legible(ink, fill), fill), "{ink:?} on {fill:?}");
            }
        }
    }
}
