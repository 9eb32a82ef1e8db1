//! In the stage's lower left corner, while a lab runs: what can be done in it, without opening a menu.
//!
//! Who asks whom is what the Ping button would take: the two that are selected, else what the lab suggests.

use std::collections::BTreeSet;

use egui::{Align, Layout, Rect, Shape, Ui, UiBuilder, Vec2, pos2};
use topology::{NamespaceName, Thing};

use super::probe_kind::{self, Probing};
use crate::{
    model::{
        act::{Act, Item, Probe, ProbeKind},
        command::{Command, View},
        draft::{plugging::Plugging, proposal},
        state::{Dialog, State},
    },
    window::{theme, widgets::push::Push},
};

/// In points.
const HEIGHT: f32 = 32.0;
const FROM_EDGE: f32 = 12.0;
/// A stage that is narrower has no room for it beside the zoom.
const NARROWEST: f32 = 720.0;

pub fn show(ui: &mut Ui, state: &State, stage: Rect, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let height = HEIGHT * theme.text_scale;
    if !state.is_running() || state.is_replay() || stage.width() < NARROWEST * theme.text_scale {
        return;
    }
    let ground = ui.painter().add(Shape::Noop);
    let corner = pos2(stage.left() + FROM_EDGE, stage.bottom() - FROM_EDGE - height);
    let room = Rect::from_min_size(corner, Vec2::new(stage.width(), height));
    let builder = UiBuilder::new().max_rect(room.shrink(2.0)).layout(Layout::left_to_right(Align::Center));
    let shown = ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        let mut bar = Bar { height: height - 4.0, ui, out };
        bar.probes(state);
        bar.forgetting(state);
        bar.of_selected(state);
    });
    let rect = Rect::from_min_size(corner, Vec2::new(shown.response.rect.width() + 4.0, height));
    let frame = egui::epaint::RectShape::new(
        rect,
        theme::space::CORNER,
        theme.panel,
        (1.0, theme.line),
        egui::StrokeKind::Inside,
    );
    ui.painter().set(ground, frame);
}

struct Bar<'a> {
    height: f32,
    ui: &'a mut Ui,
    out: &'a mut Vec<Command>,
}

impl Bar<'_> {
    fn button(&mut self, words: &str, name: &str, tip: &str, command: Option<Command>) {
        let push = Push::new(words).name(name).tip(tip).quiet().height(self.height);
        if push.enabled(command.is_some()).show(self.ui).clicked() {
            self.out.extend(command);
        }
    }

    fn probes(&mut self, state: &State) {
        let lab = state.draft.lab();
        let pair = proposal::suggested_ping(lab, &state.selection);
        let who = pair.as_ref().map(|(from, aim, _)| format!("{from} → {aim}. ")).unwrap_or_default();
        let probe = |kind: ProbeKind| {
            let (from, aim, to) = pair.clone()?;
            Some(Command::Act(Act::Probe(Probe { from, to, aim, kind })))
        };
        let arp = pair.as_ref().and_then(|(from, _, to)| {
            let on = proposal::leaves_by(lab, from, *to)?;
            probe(ProbeKind::Arp { on })
        });
        self.button(
            "ARP",
            "ARP probe now",
            &format!("{who}Asks once who has the address, as arping does."),
            arp,
        );
        let trace = probe(ProbeKind::Trace { most_hops: ProbeKind::MOST_HOPS });
        self.button(
            "Trace",
            "Trace now",
            &format!("{who}Pings with growing TTL, as traceroute does."),
            trace,
        );
        let namespace =
            |name: &str| name.parse::<NamespaceName>().ok().filter(|name| lab.namespaces.contains_key(name));
        let dialog = Dialog::Probe {
            from: pair.as_ref().map(|(from, ..)| from.clone()),
            to: pair.as_ref().and_then(|(_, aim, _)| namespace(aim)),
        };
        for (words, name, tip, kind) in [
            ("Ping…", "Ping in other ways", "Several times, until stopped, or as a flood.", Probing::Ping),
            ("TCP…", "Connect by TCP", "Opens a connection to a port and closes it again.", Probing::Tcp),
            ("UDP…", "Send a UDP datagram", "Sends a datagram with a text to a port.", Probing::Udp),
        ] {
            let push = Push::new(words).name(name).tip(tip).quiet().height(self.height);
            if push.show(self.ui).clicked() {
                probe_kind::ask_for(self.ui.ctx(), kind);
                self.out.push(Command::View(View::Dialog(Some(dialog.clone()))));
            }
        }
    }

    fn forgetting(&mut self, state: &State) {
        self.rule();
        let (mut rooms, mut bridges) = (BTreeSet::new(), BTreeSet::new());
        for item in &state.selection {
            match item {
                Item::Thing(Thing::Namespace(name)) => drop(rooms.insert(name.clone())),
                Item::Thing(Thing::Bridge(at)) => drop(bridges.insert(at.clone())),
                Item::Cable(_) | Item::Interface(_) => {}
            }
        }
        let of =
            |chosen: bool, all: &str| if chosen { "the selected".to_owned() } else { format!("all {all}") };
        let tip = format!("Empties the ARP tables of {} (ip neigh flush).", of(!rooms.is_empty(), "rooms"));
        self.button("Forget ARP", "Empty ARP tables", &tip, Some(Command::Act(Act::ForgetNeighbours(rooms))));
        let tip =
            format!("Empties the MAC tables of {} (bridge fdb flush).", of(!bridges.is_empty(), "switches"));
        let learned = Some(Command::Act(Act::ForgetLearned(bridges)));
        self.button("Forget MACs", "Empty MAC tables", &tip, learned);
    }

    fn of_selected(&mut self, state: &State) {
        let Some(item) = state.selection.first().filter(|_| state.selection.len() == 1) else { return };
        let Some(plugging) = Plugging::of(state.draft.lab(), item) else { return };
        self.rule();
        let words = plugging.words;
        let tip = if plugging.up { "ip link set … up" } else { "ip link set … down" };
        self.button(words, &format!("{words} now"), tip, Some(Command::Draw(plugging.draw())));
    }

    fn rule(&mut self) {
        let theme = theme::of(self.ui.ctx());
        let (rect, _) = self.ui.allocate_exact_size(Vec2::new(9.0, self.height), egui::Sense::hover());
        self.ui.painter().vline(rect.center().x, rect.y_range().shrink(6.0), (1.0, theme.line));
    }
}
