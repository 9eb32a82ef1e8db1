//! Tables as of the playhead: what fits, what has just changed.

use std::net::IpAddr;

use capture::{
    WireNs,
    tables::{LearnedRow, NeighbourRow, NeighbourState},
};
use topology::Place;

use super::{Row, Table};
use crate::model::{
    stage::layout::{RoomPlan, SwitchPlan, TABLE_ROW, TABLE_TITLE},
    story::Kind,
};

/// Story seconds in which a changed row stops glowing.
pub const GLOW: f64 = 2.5;

/// When it is, for telling what is new.
#[derive(Clone, Copy)]
pub(super) struct Clock<'a> {
    pub(super) at: f64,
    pub(super) story_at: &'a dyn Fn(WireNs) -> f64,
}

impl Clock<'_> {
    /// 1 when it has just changed, fading to 0.
    fn glow(&self, since: WireNs) -> f32 {
        let age = self.at - (self.story_at)(since);
        // A row from before the story began is not new, whatever the playhead says.
        if age < 0.0 { 0.0 } else { (1.0 - age / GLOW).max(0.0) as f32 }
    }
}

pub(super) fn neighbours(plan: &RoomPlan, rows: &[NeighbourRow], clock: Clock<'_>) -> Table {
    let rows = rows.iter().map(|row| Row {
        left: row.address.to_string(),
        right: match row.state {
            NeighbourState::Asking => "asking …".into(),
            NeighbourState::Known(mac) => mac.to_string(),
            NeighbourState::Static(mac) => format!("{mac} fixed"),
            NeighbourState::Failed => "no answer".into(),
        },
        glow: if matches!(row.state, NeighbourState::Static(_)) { 0.0 } else { clock.glow(row.since) },
        kind: if matches!(row.address, IpAddr::V4(_)) { Kind::Arp } else { Kind::Nd },
    });
    let title = if plan.has_ipv6 { "NEIGHBOURS" } else { "ARP" };
    table(plan.neighbours, title, "nothing yet", rows.collect())
}

pub(super) fn routes(plan: &RoomPlan) -> Table {
    let row = |(to, by): &(String, String)| Row {
        left: to.clone(),
        right: by.clone(),
        glow: 0.0,
        kind: Kind::Other,
    };
    table(plan.routes, "ROUTES", "no routes", plan.route_rows.iter().map(row).collect())
}

pub(super) fn learned(plan: &SwitchPlan, rows: &[LearnedRow], clock: Clock<'_>) -> Table {
    let number = |port: &Place| plan.ports.iter().position(|(_, at)| at.as_ref() == Some(port));
    let rows = rows.iter().map(|row| {
        let glow = clock.glow(row.since);
        let port = match number(&row.port) {
            Some(slot) => format!("port {}", slot + 1),
            None => row.port.interface.to_string(),
        };
        let right = if glow > 0.0 { format!("{port} · just now") } else { port };
        Row { left: row.mac.to_string(), right, glow, kind: Kind::Arp }
    });
    table(plan.learned, "LEARNED", "nothing yet", rows.collect())
}

/// As many rows as there is space for; the newest one is always among them.
fn table(rect: emath::Rect, title: &'static str, empty: &'static str, mut rows: Vec<Row>) -> Table {
    if !rect.is_positive() {
        return Table { rect: None, title, rows: Vec::new(), more: 0, empty };
    }
    let fit = (((rect.height() - TABLE_TITLE) / TABLE_ROW + 0.01) as usize).max(1);
    let more = rows.len().saturating_sub(fit);
    if more > 0 {
        let brightest = |a: &(usize, f32), b: &(usize, f32)| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0));
        let hidden = rows.iter().enumerate().skip(fit).map(|(i, row)| (i, row.glow)).max_by(brightest);
        let shown = rows.iter().take(fit).map(|row| row.glow).fold(0.0, f32::max);
        if let Some((newest, glow)) = hidden
            && shown < glow
        {
            rows.swap(fit - 1, newest);
        }
        rows.truncate(fit);
    }
    Table { rect: Some(rect), title, rows, more, empty }
}

#[cfg(test)]
mod tests {
    use emath::{Pos2, Rect, vec2};

    use super::*;

    fn rows(glows: &[f32]) -> Vec<Row> {
        let row = |(i, glow): (usize, &f32)| Row {
            left: i.to_string(),
            right: String::new(),
            glow: *glow,
            kind: Kind::Arp,
        };
        glows.iter().enumerate().map(row).collect()
    }

    fn shown(lines: usize, glows: &[f32]) -> (Vec<String>, usize) {
        let height = TABLE_TITLE + TABLE_ROW * lines as f32;
        let rect = Rect::from_min_size(Pos2::ZERO, vec2(100.0, height));
        let table = table(rect, "ARP", "nothing yet", rows(glows));
        (table.rows.into_iter().map(|row| row.left).collect(), table.more)
    }

    #[test]
    fn what_does_not_fit_is_counted_and_the_newest_is_shown() {
        let words = |numbers: &[&str]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(shown(2, &[0.0, 0.0]), (words(&["0", "1"]), 0));
        assert_eq!(shown(2, &[0.0, 0.0, 0.0]), (words(&["0", "1"]), 1));
        assert_eq!(shown(2, &[0.0, 0.1, 0.9, 0.8]), (words(&["0", "2"]), 2));
        assert_eq!(shown(2, &[0.5, 0.0, 0.2]), (words(&["0", "1"]), 1));
    }

    #[test]
    fn a_row_glows_from_its_change_on_and_fades() {
        let story_at = |t: WireNs| t.0 as f64;
        let glow = |at: f64| Clock { at, story_at: &story_at }.glow(WireNs(10));
        assert_eq!(glow(9.9), 0.0);
        assert_eq!(glow(10.0), 1.0);
        assert!((glow(11.25) - 0.5).abs() < 1e-6);
        assert_eq!(glow(20.0), 0.0);
    }
}
