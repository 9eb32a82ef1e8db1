//! A bridge, drawn as a switch with numbered ports, and what it has learned.

use egui::{Align2, pos2, vec2};

use super::{
    super::theme::text,
    brush::Brush,
    room, standing, table,
    words::{Face, Words},
};
use crate::model::stage::scene::{Port, Switch};

const CORNER: f32 = 10.0;
const PAD: f32 = 16.0;

pub(super) fn switch(brush: &mut Brush<'_>, switch: &Switch) {
    let all = switch.learned.rect.map_or(switch.rect, |learned| learned.union(switch.rect));
    if !brush.sees(all, 12.0) {
        return;
    }
    brush.faded(standing::opacity(&switch.state), |brush| {
        let theme = brush.theme;
        let rect = brush.rect(switch.rect);
        let corner = brush.length(CORNER, 2.0);
        standing::frame(brush, rect, corner, theme.bridge, 1.6, theme.bridge_line, switch.state.standing);
        if brush.is_far() {
            let name = switch.at.interface.as_str();
            room::far_name(brush, switch.rect, name, Align2::CENTER_CENTER, theme.text);
        } else {
            names(brush, switch);
            switch.ports.iter().for_each(|port| draw_port(brush, port));
            if let Some(area) = switch.learned.rect {
                table::boxed(brush, &switch.learned, area);
            }
        }
        standing::ring(brush, rect, corner, &switch.state);
    });
}

fn names(brush: &mut Brush<'_>, switch: &Switch) {
    let theme = brush.theme;
    let left = switch.rect.left() + PAD;
    let end = switch.ports.first().map_or(switch.rect.right(), |port| port.rect.left());
    let width = end - left - 6.0;
    let middle = switch.rect.center().y;
    let name = switch.at.interface.as_str();
    let name = Words::new(name, Face::Semibold, text::TITLE, theme.text).within(width);
    brush.write(pos2(left, middle - 9.5), Align2::LEFT_CENTER, name);
    let what = if switch.stp { "switch · STP" } else { "switch" };
    let what = Words::new(what, Face::Plain, text::SMALL, theme.mute).within(width);
    brush.write(pos2(left, middle + 10.5), Align2::LEFT_CENTER, what);
}

fn draw_port(brush: &mut Brush<'_>, port: &Port) {
    let theme = brush.theme;
    let is_plugged = port.place.is_some();
    let line = if port.is_up && is_plugged { theme.good } else { theme.line };
    let rect = brush.rect(port.rect);
    brush.card(rect, brush.length(4.0, 1.0), theme.stage, brush.length(1.4, 1.0).min(2.0), line);
    let ink = if is_plugged { theme.text } else { theme.faint };
    let number = port.number.to_string();
    brush.write(
        port.rect.center() + vec2(0.0, 1.5),
        Align2::CENTER_CENTER,
        Words::new(&number, Face::Mono, text::TINY, ink),
    );
}
