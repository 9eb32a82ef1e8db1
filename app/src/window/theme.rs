//! All colours, sizes and durations of the window.
//!
//! Four looks, each designed: dark and light, and both again for a projector, with more contrast and bigger text.

pub mod fonts;
pub mod icon;
mod looks;
mod style;
mod terminal;
#[cfg(test)]
mod tests;

use egui::{Color32, FontFamily, FontId, Id};

use crate::model::story::Kind;

/// One look. Three surfaces, one line colour, one accent; every other colour has a meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub is_dark: bool,
    pub is_projector: bool,
    /// How much bigger than usual text is.
    pub text_scale: f32,
    pub app: Color32,
    pub panel: Color32,
    pub raise: Color32,
    /// A raised thing under the pointer.
    pub hover: Color32,
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
    /// Doubts and problems that are not errors.
    pub warn: Color32,
    /// Text on pills, on rooms' name plates, and on everything else that is filled with a colour of meaning.
    pub on_pill: Color32,
    pub shadow: Color32,
}

/// The look that is on: dark until [`apply`] was called.
pub fn of(context: &egui::Context) -> &'static Theme {
    context.data(|data| data.get_temp(look_id())).unwrap_or(&looks::DARK)
}

/// Sets fonts, text styles and visuals. Cheap where nothing changes, so that it may be called every time before
/// anything is shown; fonts that are new in a pass can be used in it only if no text was laid out before.
pub fn apply(context: &egui::Context, dark: bool, projector: bool) {
    let look = look(dark, projector);
    if context.data(|data| data.get_temp::<&'static Theme>(look_id())) == Some(look) {
        return;
    }
    fonts::install(context);
    context.data_mut(|data| data.insert_temp(look_id(), look));
    let base = if dark { egui::Theme::Dark } else { egui::Theme::Light };
    context.set_theme(base);
    // Both, so that no widget falls back to a look that is not ours.
    for either in [egui::Theme::Dark, egui::Theme::Light] {
        context.set_style_of(either, style::of(look));
    }
}

/// One of the four looks, without a context: for export and for tests.
pub fn look(dark: bool, projector: bool) -> &'static Theme {
    match (dark, projector) {
        (true, false) => &looks::DARK,
        (true, true) => &looks::DARK_PROJECTOR,
        (false, false) => &looks::LIGHT,
        (false, true) => &looks::LIGHT_PROJECTOR,
    }
}

fn look_id() -> Id {
    Id::unique("hopscope's look")
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

    /// Fill and line of a room; hues repeat after the last.
    pub fn room(&self, hue: usize) -> (Color32, Color32) {
        self.rooms[hue % self.rooms.len()]
    }

    /// What is laid under something that has just changed; `strength` from 1 to 0. The same on every surface.
    pub fn glow(&self, color: Color32, strength: f32) -> Color32 {
        let share = if self.is_dark { 0.18 } else { 0.15 };
        self.panel.lerp_to_gamma(color, share).gamma_multiply(strength.clamp(0.0, 1.0))
    }

    /// Ordinary text; `size` is one of [`text`]'s.
    pub fn font(&self, size: f32) -> FontId {
        FontId::new(size * self.text_scale, FontFamily::Proportional)
    }

    pub fn semibold(&self, size: f32) -> FontId {
        FontId::new(size * self.text_scale, fonts::semibold())
    }

    /// Times, addresses, names of interfaces, bytes.
    pub fn mono(&self, size: f32) -> FontId {
        FontId::new(size * self.text_scale, FontFamily::Monospace)
    }

    pub fn mono_semibold(&self, size: f32) -> FontId {
        FontId::new(size * self.text_scale, fonts::mono_semibold())
    }

    /// For [`icon`]s.
    pub fn icons(&self, size: f32) -> FontId {
        FontId::new(size * self.text_scale, fonts::icons())
    }
}

/// Text sizes in points.
pub mod text {
    pub const TINY: f32 = 10.0;
    /// Monospaced text on the stage.
    pub const CODE: f32 = 11.0;
    pub const SMALL: f32 = 11.5;
    /// What is said on the stage, beside what happens.
    pub const REMARK: f32 = 12.0;
    /// Code on pages, and from one of its rows to the next.
    pub const SHELL: f32 = 12.0;
    pub const SHELL_LINE: f32 = 19.0;
    pub const BODY: f32 = 13.0;
    /// Of pages that are read, and from one of their rows to the next.
    pub const READ: f32 = 14.0;
    pub const READ_LINE: f32 = 22.0;
    /// Their headings, from level 1 on.
    pub const HEADINGS: [f32; 6] = [20.0, 17.0, 15.5, 14.0, 14.0, 13.0];
    pub const TITLE: f32 = 15.5;
    pub const HUGE: f32 = 20.0;
    /// Between the letters of captions in capitals.
    pub const CAPTION_SPACING: f32 = 0.8;
}

/// Distances in points, on a grid of 4.
pub mod space {
    pub const GRID: f32 = 4.0;
    pub const S: f32 = 4.0;
    pub const M: f32 = 8.0;
    pub const L: f32 = 16.0;
    pub const CORNER: f32 = 8.0;
    pub const CORNER_SMALL: f32 = 4.0;
    pub const CORNER_BIG: f32 = 16.0;
    pub const PANEL: f32 = 16.0;
    /// Height of buttons and fields.
    pub const ROW: f32 = 28.0;
}

/// Durations in seconds.
pub mod time {
    /// For what answers the hand: hovering, opening.
    pub const QUICK: f32 = 0.1;
    pub const TOOLTIP: f32 = 0.4;
    /// How much of a remark's showing it takes to come, and to go.
    pub const REMARK_COMES: f32 = 0.08;
    pub const REMARK_GOES: f32 = 0.3;
}

/// Sizes of the window's parts in points.
pub mod size {
    pub const TOP_BAR: f32 = 48.0;
    pub const TOOLS: f32 = 64.0;
    pub const TRANSPORT: f32 = 60.0;
    pub const TAB_BAR: f32 = 36.0;
    /// At the first start.
    pub const INSPECTOR: f32 = 340.0;
    pub const PAGE: f32 = 440.0;
    /// Wider than about 75 characters, lines of a page are hard to read.
    pub const PAGE_TEXT: f32 = 520.0;
    pub const BELOW: f32 = 244.0;
}

/// How strong a colour is, from 0 to 1.
pub mod strength {
    /// What the filter leaves out.
    pub const DIMMED: f32 = 0.15;
    /// What is still to come.
    pub const AHEAD: f32 = 0.45;
    /// A selected span, a chosen row, lit bytes.
    pub const SPAN: f32 = 0.16;
}
