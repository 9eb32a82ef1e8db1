//! The fonts that come with the program, and what stands in where they lack a glyph.

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily};

/// For names, titles and what is said on pills.
pub fn semibold() -> FontFamily {
    FontFamily::Name(SEMIBOLD.into())
}

/// For addresses that must be read from afar.
pub fn mono_semibold() -> FontFamily {
    FontFamily::Name(MONO_SEMIBOLD.into())
}

/// Pictures instead of letters; proportional text shows them too.
pub fn icons() -> FontFamily {
    FontFamily::Name(egui_material_icons::FONT_FAMILY.into())
}

/// Tells egui; it takes effect at once where no text was laid out yet in this pass, else in the next.
pub fn install(context: &Context) {
    context.set_fonts(definitions());
}

const SEMIBOLD: &str = "semibold";
const MONO_SEMIBOLD: &str = "mono-semibold";

const OURS: [(&str, &[u8]); 4] = [
    ("Inter", include_bytes!("../../../assets/fonts/Inter-Regular.otf")),
    ("Inter SemiBold", include_bytes!("../../../assets/fonts/Inter-SemiBold.otf")),
    ("JetBrains Mono", include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf")),
    ("JetBrains Mono SemiBold", include_bytes!("../../../assets/fonts/JetBrainsMono-SemiBold.ttf")),
];

/// Each family: its own font first, then the other style's shapes, egui's symbols, icons last.
fn definitions() -> FontDefinitions {
    const ICONS: &str = egui_material_icons::FONT_FAMILY;
    let egui_icons = |fonts: &FontDefinitions| {
        let all = fonts.families.get(&FontFamily::Proportional);
        all.into_iter().flatten().filter(|name| *name != "Ubuntu-Light").cloned().collect::<Vec<_>>()
    };
    let mut fonts = FontDefinitions::default();
    let mut symbols = vec!["Hack".to_owned()];
    symbols.extend(egui_icons(&fonts));
    symbols.dedup();
    symbols.push(ICONS.to_owned());
    fonts.font_data.remove("Ubuntu-Light");
    for (name, bytes) in OURS {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    fonts.font_data.insert(ICONS.to_owned(), Arc::new(egui_material_icons::font_insert().data));
    let chains = [
        (FontFamily::Proportional, ["Inter", "JetBrains Mono"]),
        (semibold(), ["Inter SemiBold", "JetBrains Mono SemiBold"]),
        (FontFamily::Monospace, ["JetBrains Mono", "Inter"]),
        (mono_semibold(), ["JetBrains Mono SemiBold", "Inter SemiBold"]),
    ];
    for (family, first) in chains {
        let chain = first.into_iter().map(str::to_owned).chain(symbols.iter().cloned()).collect();
        fonts.families.insert(family, chain);
    }
    fonts.families.insert(icons(), vec![ICONS.to_owned(), "Inter".to_owned()]);
    fonts
}
