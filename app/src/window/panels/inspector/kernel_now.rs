//! What the kernel has in its tables at this moment, while the lab runs.
//!
//! The tables on the stage are worked out from frames, as of the playhead; a replay has those alone. These here are
//! what `ip neigh` and `bridge fdb show` would say now. They stand at the end of a page: when they grow, nothing
//! that somebody is about to press moves.

use egui::{Align, Color32, Label, Layout, RichText, Ui, vec2};
use topology::{
    NamespaceName, Place,
    sight::tables::{ForwardingEntry, ForwardingKind, Listed, NeighbourEntry, NeighbourState, Tables},
};

use super::Subject;
use crate::{
    model::state::Live,
    window::{
        theme,
        widgets::{lettering, section},
    },
};

/// Who has which MAC, as this namespace knows it.
pub fn neighbours(ui: &mut Ui, subject: &Subject<'_>, name: &NamespaceName) {
    let Some(tables) = tables_of(subject, name) else { return };
    heading(ui, "Neighbours, as told by", "ip neigh");
    let nothing = Listed::default();
    let listed = tables.map_or(&nothing, |tables| &tables.neighbours);
    if listed.is_empty() {
        let words = "Nothing is learned yet. Who has which MAC is asked when the first frame is to be sent.";
        ui.add(Label::new(lettering::muted(words, ui)).wrap());
    }
    list(ui, listed, neighbour);
}

/// Which MAC is behind which port, as this bridge knows it.
pub fn forwarding(ui: &mut Ui, subject: &Subject<'_>, at: &Place) {
    let Some(tables) = tables_of(subject, &at.namespace) else { return };
    heading(ui, "Forwarding, as told by", "bridge fdb show");
    let nothing = Listed::default();
    let listed = tables.and_then(|tables| tables.forwarding.get(&at.interface)).unwrap_or(&nothing);
    // What is the bridge's own is there from the start.
    if !listed.entries.iter().any(|entry| entry.kind == ForwardingKind::Learned) {
        let words = "Nothing is learned yet. A bridge learns from each frame who sent it.";
        ui.add(Label::new(lettering::muted(words, ui)).wrap());
    }
    list(ui, listed, forwarded);
}

/// Nothing at all where no kernel has this namespace now.
fn tables_of<'a>(subject: &'a Subject<'_>, name: &NamespaceName) -> Option<Option<&'a Tables>> {
    match &subject.state.live {
        Live::On { observed, .. } if !subject.state.is_replay() && observed.namespaces.contains_key(name) => {
            Some(subject.state.sights.tables.get(name))
        }
        _ => None,
    }
}

fn heading(ui: &mut Ui, words: &str, command: &str) {
    section::heading(ui, "In the kernel now");
    let tip = "Of this moment, wherever the playhead is. The tables on the stage come from the frames that were seen.";
    let mute = theme::of(ui.ctx()).mute;
    ui.horizontal(|ui| {
        ui.label(lettering::muted(words, ui)).on_hover_text(tip);
        ui.label(lettering::code(command, ui).color(mute)).on_hover_text(tip);
    });
}

fn list<T>(ui: &mut Ui, listed: &Listed<T>, row: impl Fn(&mut Ui, &T)) {
    for entry in &listed.entries {
        ui.add_space(5.0);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            row(ui, entry);
        });
    }
    if listed.more != 0 {
        ui.add_space(5.0);
        ui.label(lettering::muted(format!("and {} more", listed.more), ui));
    }
}

/// The address and how it stands; below, its MAC and where it is reached.
fn neighbour(ui: &mut Ui, entry: &NeighbourEntry) {
    let theme = theme::of(ui.ctx());
    let colour = match entry.state {
        NeighbourState::Reachable | NeighbourState::Permanent => theme.good,
        NeighbourState::Failed => theme.drop,
        _ => theme.mute,
    };
    let state = lettering::muted(entry.state.as_str(), ui).color(colour);
    line(ui, (&entry.address.to_string(), theme.text), state, in_words(entry.state));
    let mac = entry.mac.map_or_else(|| "no MAC".to_owned(), |mac| mac.to_string());
    let interface = lettering::code(entry.interface.as_str(), ui).color(theme.mute);
    line(ui, (&mac, theme.mute), interface, "The interface that leads there.");
}

/// net/core/neighbour.c; RFC 4861, 7.3.2.
fn in_words(state: NeighbourState) -> &'static str {
    match state {
        NeighbourState::Permanent => "Set by hand: nobody asks, and it never gets old.",
        NeighbourState::Reachable => "Confirmed within the last half minute or so.",
        NeighbourState::Stale => "Known, but not confirmed lately: it is used, and then confirmed.",
        NeighbourState::Delay => {
            "Used without being confirmed lately: some seconds are left for a sign before it is asked."
        }
        NeighbourState::Probe => "It is being asked whether it is still there.",
        NeighbourState::Incomplete => "Asked for; nobody has answered yet.",
        NeighbourState::Failed => "Asked for in vain: nobody answered.",
    }
}

/// The MAC and how it came to be known; below, the port and the VLAN.
fn forwarded(ui: &mut Ui, entry: &ForwardingEntry) {
    let theme = theme::of(ui.ctx());
    let (colour, tip) = match entry.kind {
        ForwardingKind::Learned => {
            (theme.good, "From a frame that it sent; forgotten when it is silent for long.")
        }
        ForwardingKind::Static => (theme.text, "Set by hand: it never gets old."),
        ForwardingKind::Permanent => {
            (theme.mute, "An address of this machine's own: a frame to it goes no further.")
        }
    };
    let kind = lettering::muted(entry.kind.as_str(), ui).color(colour);
    line(ui, (&entry.mac.to_string(), theme.text), kind, tip);
    let vlan = entry.vlan.map(|id| format!("VLAN {id}")).unwrap_or_default();
    let vlan = lettering::muted(vlan, ui);
    line(ui, (entry.port.as_str(), theme.mute), vlan, "It is there for frames of this VLAN.");
}

/// Monospaced at the left, something short at the right.
fn line(ui: &mut Ui, (left, ink): (&str, Color32), right: RichText, tip: &str) {
    let size = vec2(ui.available_width(), 18.0 * theme::of(ui.ctx()).text_scale);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.label(right).on_hover_text(tip);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(Label::new(lettering::code(left, ui).color(ink)).truncate());
        });
    });
}
