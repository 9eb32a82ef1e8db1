use egui::{Color32, FontFamily, FontId};

use super::{Theme, fonts, icon, look};
use crate::model::story::Kind;

const KINDS: [Kind; 7] =
    [Kind::Arp, Kind::EchoRequest, Kind::EchoReply, Kind::Nd, Kind::Tcp, Kind::Udp, Kind::Other];

fn looks() -> [(&'static str, &'static Theme); 4] {
    [
        ("dark", look(true, false)),
        ("light", look(false, false)),
        ("dark, projector", look(true, true)),
        ("light, projector", look(false, true)),
    ]
}

/// Relative luminance, WCAG 2.2.
fn luminance(color: Color32) -> f64 {
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

/// Contrast ratio, WCAG 2.2: 1 to 21.
fn contrast(one: Color32, other: Color32) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn inks(theme: &Theme) -> Vec<(String, Color32)> {
    let mut inks = vec![
        ("text".to_owned(), theme.text),
        ("mute".into(), theme.mute),
        ("faint".into(), theme.faint),
        ("accent".into(), theme.accent),
        ("drop".into(), theme.drop),
        ("good".into(), theme.good),
        ("warn".into(), theme.warn),
    ];
    inks.extend(KINDS.map(|kind| (format!("{kind:?}"), theme.kind(kind))));
    inks
}

fn fills(theme: &Theme) -> Vec<(String, Color32)> {
    let mut fills = vec![
        ("app".to_owned(), theme.app),
        ("panel".into(), theme.panel),
        ("raise".into(), theme.raise),
        ("stage".into(), theme.stage),
        ("house".into(), theme.house),
        ("bridge".into(), theme.bridge),
    ];
    fills.extend(theme.rooms.iter().enumerate().map(|(i, room)| (format!("room {i}"), room.0)));
    fills
}

#[test]
fn all_text_can_be_read_on_all_surfaces() {
    for (name, theme) in looks() {
        for (ink_name, ink) in inks(theme) {
            let least = match (theme.is_projector, ink_name.as_str()) {
                (true, "text" | "mute") => 7.0,
                // More would leave colours of meaning too dark to tell them apart.
                (true, _) => 5.5,
                (false, _) => 4.5,
            };
            for (fill_name, fill) in fills(theme) {
                let found = contrast(ink, fill);
                assert!(least <= found, "{name}: {ink_name} on {fill_name}: {found:.2}");
            }
        }
    }
}

#[test]
fn all_text_can_be_read_on_colours_of_meaning() {
    for (name, theme) in looks() {
        let least = if theme.is_projector { 5.5 } else { 4.5 };
        let plates = theme.rooms.iter().enumerate().map(|(i, room)| (format!("plate {i}"), room.1));
        let pills = inks(theme).into_iter().filter(|(name, _)| !["text", "mute", "faint"].contains(&&**name));
        for (fill_name, fill) in pills.chain(plates) {
            let found = contrast(theme.on_pill, fill);
            assert!(least <= found, "{name}: on {fill_name}: {found:.2}");
        }
        assert!(least <= contrast(theme.on_accent, theme.accent), "{name}: on the accent");
        let selected = super::style::of(theme).visuals.selection;
        assert!(4.5 <= contrast(selected.stroke.color, selected.bg_fill), "{name}: selected text");
        assert!(4.5 <= contrast(theme.text, theme.hover), "{name}: text under the pointer");
    }
}

#[test]
fn rows_that_glow_can_still_be_read() {
    for (name, theme) in looks() {
        for kind in KINDS {
            for fill in theme.rooms.map(|room| room.0).into_iter().chain([theme.panel, theme.house]) {
                let glowing = fill.blend(theme.glow(theme.kind(kind), 1.0));
                let found = contrast(theme.text, glowing);
                assert!(7.0 <= found, "{name}: {kind:?}: {found:.2}");
            }
        }
    }
}

#[test]
fn a_projectors_looks_have_more_contrast() {
    for dark in [true, false] {
        let (usual, projector) = (look(dark, false), look(dark, true));
        for (usual, projector) in inks(usual).iter().zip(inks(projector)) {
            let (on, on_projector) = (look(dark, false).panel, look(dark, true).panel);
            assert!(contrast(usual.1, on) < contrast(projector.1, on_projector), "{}", usual.0);
        }
        assert!(usual.text_scale < projector.text_scale);
    }
}

#[test]
fn rooms_differ_from_each_other() {
    for (name, theme) in looks() {
        for (i, one) in theme.rooms.iter().enumerate() {
            for (j, other) in theme.rooms.iter().enumerate().skip(i + 1) {
                let apart = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
                let distance = apart(one.1.r(), other.1.r())
                    + apart(one.1.g(), other.1.g())
                    + apart(one.1.b(), other.1.b());
                assert!(50_u32.pow(2) < distance, "{name}: rooms {i} and {j}");
            }
        }
    }
}

#[test]
fn every_glyph_that_is_used_is_there() {
    let context = egui::Context::default();
    fonts::install(&context);
    let families =
        [FontFamily::Proportional, fonts::semibold(), FontFamily::Monospace, fonts::mono_semibold()];
    let signs = "→←↑↓↔⇄⇒⇐●○■□▲▼◆◇✓✗✔✖⚠★…·•×÷±µ½¼¾°–—‘’“”„«»‹›≤≥≠≈∞▶◀▸▾▴◂⏎⌘⇧▏│─┼└├ÄÖÜäöüßéèçñøåőğşžłΑαΩωЖж№€";
    let mut output = context.run_ui(egui::RawInput::default(), |ui| {
        ui.ctx().fonts_mut(|view| {
            for family in &families {
                let font = FontId::new(13.0, family.clone());
                let missing: String = signs.chars().filter(|sign| !view.has_glyph(&font, *sign)).collect();
                assert!(missing.is_empty(), "{family:?} lacks {missing}");
            }
            for (name, icon) in icon::ALL {
                for family in [FontFamily::Proportional, fonts::icons()] {
                    let font = FontId::new(16.0, family.clone());
                    assert!(view.has_glyphs(&font, icon), "{family:?} lacks {name}");
                }
            }
        });
    });
    // egui insists on textures being taken.
    output.textures_delta.clear();
}

#[test]
fn the_look_that_was_applied_is_the_look_that_is_on() {
    let context = egui::Context::default();
    assert!(super::of(&context).is_dark, "before anything is applied");
    for (_, theme) in looks() {
        super::apply(&context, theme.is_dark, theme.is_projector);
        assert_eq!(super::of(&context), theme);
        let style = context.style_of(context.theme());
        assert_eq!(style.visuals.dark_mode, theme.is_dark);
        assert_eq!(style.visuals.panel_fill, theme.panel);
        let body = style.text_styles[&egui::TextStyle::Body].size;
        assert_eq!(body, super::text::BODY * theme.text_scale);
    }
}
