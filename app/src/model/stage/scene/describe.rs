//! A scene in words: what a test compares, and a person reads in its failure.

use std::fmt::{self, Write as _};

use emath::{Pos2, Rect};

use super::{ItemState, Scene, Table};

impl Scene {
    /// One line for each thing, in the order of painting; places rounded to whole canvas points.
    pub fn describe(&self) -> String {
        let mut text = String::new();
        self.write(&mut text).expect("a string takes everything");
        text
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        self.write_things(out)?;
        for trail in &self.trails {
            let (Some(from), Some(to)) = (trail.points.first(), trail.points.last()) else { continue };
            let dim = if trail.is_dimmed { " dim" } else { "" };
            writeln!(
                out,
                "trail {:?} {} to {} {:.1}{dim}",
                trail.kind,
                point(*from),
                point(*to),
                trail.strength
            )?;
        }
        for pill in &self.pills {
            write!(out, "pill {:?} “{}” at {}", pill.kind, pill.text, point(pill.center))?;
            write!(out, " opacity {:.1}", pill.opacity)?;
            if pill.count != 1 {
                write!(out, " ×{}", pill.count)?;
            }
            out.push_str(if pill.is_chosen { " chosen" } else { "" });
            out.push_str(if pill.is_dimmed { " dim\n" } else { "\n" });
        }
        for remark in &self.remarks {
            let fate = remark.fate.map_or(String::new(), |fate| format!("{fate:?} "));
            writeln!(
                out,
                "remark {fate}“{}” at {} {:.1}",
                remark.text,
                point(remark.center),
                remark.progress
            )?;
        }
        for mark in &self.marks {
            let what = match (mark.is_error, mark.is_note) {
                (true, _) => "error",
                (false, true) => "note",
                (false, false) => "warning",
            };
            writeln!(out, "mark {what} “{}” at {}", mark.text, point(mark.center))?;
        }
        for outcome in &self.outcomes {
            let bad = if outcome.is_bad { "bad " } else { "" };
            writeln!(
                out,
                "outcome {bad}“{}” at {} {:.1}",
                outcome.text,
                point(outcome.center),
                outcome.opacity
            )?;
        }
        if self.unseen > 0 {
            writeln!(out, "unseen {}", self.unseen)?;
        }
        Ok(())
    }

    fn write_things(&self, out: &mut String) -> fmt::Result {
        for room in &self.rooms {
            let what = if room.is_house { "house" } else { "room" };
            let forwards = if room.forwards { " forwards" } else { "" };
            let process = room.process.as_ref().map(|it| format!(" process “{it}”")).unwrap_or_default();
            let (place, standing) = (area(room.rect), state(room.state));
            writeln!(out, "{what} {} {place}{standing}{forwards}{process}", room.name)?;
            for (line, _) in &room.addresses {
                writeln!(out, "  {line}")?;
            }
            table(out, &room.neighbours)?;
            table(out, &room.routes)?;
        }
        for cable in &self.cables {
            let [one, other] = cable.cable.ends();
            let up = if cable.is_up { "" } else { " down" };
            writeln!(out, "cable {one} – {other}{}{up} load {:.0}", state(cable.state), cable.load)?;
        }
        for switch in &self.switches {
            writeln!(out, "switch {} {}{}", switch.at, area(switch.rect), state(switch.state))?;
            for port in &switch.ports {
                if let Some(place) = &port.place {
                    writeln!(
                        out,
                        "  port {} {}{}",
                        port.number,
                        place.interface,
                        if port.is_up { "" } else { " down" }
                    )?;
                }
            }
            table(out, &switch.learned)?;
        }
        for plug in &self.plugs {
            let broken = if plug.is_broken { " broken" } else { "" };
            let kind = plug.socket.kind.map(|kind| format!(" {kind}")).unwrap_or_default();
            let down = if plug.is_up { "" } else { " down" };
            writeln!(out, "plug {} at {}{kind}{broken}{down}", plug.at, point(plug.socket.at))?;
        }
        Ok(())
    }
}

fn table(out: &mut String, table: &Table) -> fmt::Result {
    if table.rect.is_none() {
        return Ok(());
    }
    write!(out, "  {}:", table.title)?;
    if table.rows.is_empty() {
        write!(out, " {}", table.empty)?;
    }
    for (i, row) in table.rows.iter().enumerate() {
        write!(out, "{} {} → {}", if i == 0 { "" } else { ";" }, row.left, row.right)?;
        if row.glow > 0.0 {
            write!(out, " (glow {:.1})", row.glow)?;
        }
    }
    if table.more > 0 {
        write!(out, " and {} more", table.more)?;
    }
    writeln!(out)
}

fn point(at: Pos2) -> String {
    format!("{:.0},{:.0}", at.x, at.y)
}

fn area(rect: Rect) -> String {
    format!("at {} size {:.0}×{:.0}", point(rect.min), rect.width(), rect.height())
}

fn state(state: ItemState) -> String {
    let selected = if state.is_selected { " selected" } else { "" };
    let dimmed = if state.is_dimmed { " dim" } else { "" };
    format!(" {:?}{selected}{dimmed}", state.standing).to_lowercase()
}
