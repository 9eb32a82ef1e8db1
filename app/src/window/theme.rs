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

/// The look that is on.
pub fn of(_context: &egui::Context) -> &'static Theme {
    unimplemented!()
}

/// Sets fonts, text styles and visuals; to be called once, and whenever one of these changes.
pub fn apply(_context: &egui::Context, _dark: bool, _projector: bool) {}
