//! All colours, sizes and durations of the window.

use egui::Color32;

use crate::model::story::Kind;

/// One look. Three surfaces, one line colour, one accent; every other colour has a meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub is_dark: bool,
    pub app: Color32,
    pub panel: Color32,
    pub raise: Color32,
    pub stage: Color32,
    pub dot: Color32,
    pub line: Color32,
    pub text: Color32,
    pub mute: Color32,
    pub faint: Color32,
    pub accent: Color32,
    pub on_accent: Color32,
    pub house: Color32,
    pub house_line: Color32,
    /// Fill and line of rooms, by hue.
    pub rooms: [(Color32, Color32); 6],
    pub bridge: Color32,
    pub bridge_line: Color32,
    pub cable: Color32,
    pub cable_on: Color32,
    pub arp: Color32,
    pub request: Color32,
    pub reply: Color32,
    pub nd: Color32,
    pub tcp: Color32,
    pub udp: Color32,
    pub other: Color32,
    pub drop: Color32,
    pub good: Color32,
    pub on_pill: Color32,
}

impl Theme {
    pub fn kind(&self, kind: Kind) -> Color32 {
        match kind {
            Kind::Arp => self.arp,
            Kind::EchoRequest => self.request,
            Kind::EchoReply => self.reply,
            Kind::Nd => self.nd,
            Kind::Tcp => self.tcp,
            Kind::Udp => self.udp,
            Kind::Other => self.other,
        }
    }
}

/// Text sizes in points.
pub mod text {
    pub const TINY: f32 = 10.0;
    pub const SMALL: f32 = 11.5;
    pub const BODY: f32 = 13.0;
    pub const TITLE: f32 = 15.5;
    pub const HUGE: f32 = 20.0;
}

// STAND-IN until the look is written.
static DARK: Theme = Theme {
    is_dark: true,
    app: Color32::from_rgb(0x0E, 0x11, 0x17),
    panel: Color32::from_rgb(0x16, 0x1B, 0x24),
    raise: Color32::from_rgb(0x1D, 0x24, 0x30),
    stage: Color32::from_rgb(0x0B, 0x0E, 0x14),
    dot: Color32::from_rgb(0x1B, 0x22, 0x30),
    line: Color32::from_rgb(0x2A, 0x33, 0x42),
    text: Color32::from_rgb(0xE8, 0xEC, 0xF4),
    mute: Color32::from_rgb(0x8B, 0x95, 0xA9),
    faint: Color32::from_rgb(0x5A, 0x64, 0x78),
    accent: Color32::from_rgb(0x5B, 0x9D, 0xFF),
    on_accent: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    house: Color32::from_rgb(0x13, 0x19, 0x25),
    house_line: Color32::from_rgb(0x34, 0x40, 0x56),
    bridge: Color32::from_rgb(0x1C, 0x27, 0x35),
    bridge_line: Color32::from_rgb(0x6B, 0x7F, 0x9E),
    cable: Color32::from_rgb(0x5D, 0x6B, 0x82),
    cable_on: Color32::from_rgb(0x8F, 0xA3, 0xC2),
    arp: Color32::from_rgb(0xF5, 0xB5, 0x3D),
    request: Color32::from_rgb(0x4D, 0xA3, 0xFF),
    reply: Color32::from_rgb(0x3D, 0xD6, 0x8C),
    nd: Color32::from_rgb(0xB4, 0x8C, 0xFF),
    tcp: Color32::from_rgb(0xFF, 0x7A, 0xB6),
    udp: Color32::from_rgb(0x2C, 0xC9, 0xC9),
    other: Color32::from_rgb(0x8B, 0x95, 0xA9),
    drop: Color32::from_rgb(0xFF, 0x5C, 0x5C),
    good: Color32::from_rgb(0x3D, 0xD6, 0x8C),
    on_pill: Color32::from_rgb(0x10, 0x13, 0x1A),
    rooms: [(Color32::from_rgb(0x16, 0x24, 0x3F), Color32::from_rgb(0x4C, 0x86, 0xF0)); 6],
};
static LIGHT: Theme = Theme {
    is_dark: false,
    app: Color32::from_rgb(0xEE, 0xF1, 0xF6),
    panel: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    raise: Color32::from_rgb(0xF3, 0xF5, 0xF9),
    stage: Color32::from_rgb(0xF8, 0xFA, 0xFD),
    dot: Color32::from_rgb(0xDD, 0xE3, 0xEC),
    line: Color32::from_rgb(0xD4, 0xDB, 0xE6),
    text: Color32::from_rgb(0x18, 0x20, 0x2C),
    mute: Color32::from_rgb(0x5C, 0x68, 0x7C),
    faint: Color32::from_rgb(0x97, 0xA1, 0xB3),
    accent: Color32::from_rgb(0x1F, 0x6F, 0xEB),
    on_accent: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    house: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    house_line: Color32::from_rgb(0xB9, 0xC4, 0xD6),
    bridge: Color32::from_rgb(0xEE, 0xF2, 0xF8),
    bridge_line: Color32::from_rgb(0x74, 0x88, 0xA6),
    cable: Color32::from_rgb(0xA5, 0xB1, 0xC4),
    cable_on: Color32::from_rgb(0x5F, 0x73, 0x96),
    arp: Color32::from_rgb(0xD9, 0x8A, 0x00),
    request: Color32::from_rgb(0x16, 0x73, 0xE6),
    reply: Color32::from_rgb(0x12, 0x93, 0x5A),
    nd: Color32::from_rgb(0x7A, 0x4F, 0xE0),
    tcp: Color32::from_rgb(0xD3, 0x40, 0x7F),
    udp: Color32::from_rgb(0x0E, 0x8F, 0x8F),
    other: Color32::from_rgb(0x5C, 0x68, 0x7C),
    drop: Color32::from_rgb(0xD9, 0x2D, 0x2D),
    good: Color32::from_rgb(0x12, 0x93, 0x5A),
    on_pill: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    rooms: [(Color32::from_rgb(0xE8, 0xF0, 0xFF), Color32::from_rgb(0x2F, 0x6B, 0xE0)); 6],
};

/// The look that is on.
pub fn of(context: &egui::Context) -> &'static Theme {
    if context.theme() == egui::Theme::Dark { &DARK } else { &LIGHT }
}

/// Sets fonts, text styles and visuals; to be called once, and whenever one of these changes.
pub fn apply(context: &egui::Context, dark: bool, _projector: bool) {
    context.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
}
