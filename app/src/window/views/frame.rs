//! One frame: its layers, its bytes, and the same frame at all the places where it was seen.

mod bytes;
mod layers;
mod places;

use egui::{RichText, ScrollArea, Ui};

use capture::{Journey, decode::decode};

use super::fate_words;
use crate::{
    model::{
        command::Command,
        state::{Chosen, State},
        story::Told,
    },
    window::theme,
};

pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let found = state.in_view().and_then(|chosen| {
        let told = state.story.find(chosen.journey)?;
        let sighting = told.journey.sightings.get(chosen.sighting)?;
        Some((chosen, told, sighting))
    });
    let Some((chosen, told, sighting)) = found else {
        egui::Frame::NONE.inner_margin(theme::space::L).show(ui, |ui| {
            let words = "Click a frame on the stage, on the timeline or in the list: its layers and bytes appear here";
            ui.label(RichText::new(words).color(theme.mute));
        });
        return;
    };
    let decoded = decode(&sighting.frame.bytes);
    ScrollArea::vertical().id_salt("frame").auto_shrink(false).show(ui, |ui| {
        egui::Frame::NONE.inner_margin(theme::space::L).show(ui, |ui| {
            title(ui, told, &chosen);
            ui.add_space(theme::space::M);
            let lit = layers::show(ui, &decoded, &chosen, out);
            ui.add_space(theme::space::M);
            bytes::show(ui, &sighting.frame, &decoded, lit, out);
            ui.add_space(theme::space::M);
            places::show(ui, state, told, &chosen, out);
        });
    });
}

fn title(ui: &mut Ui, told: &Told, chosen: &Chosen) {
    let theme = theme::of(ui.ctx());
    let journey = &told.journey;
    ui.label(RichText::new(&journey.summary).font(theme.semibold(theme::text::TITLE)).color(theme.text));
    let place =
        format!("journey {} · sighting {} of {}", journey.id.0, chosen.sighting + 1, journey.sightings.len());
    ui.label(RichText::new(place).font(theme.font(theme::text::SMALL)).color(theme.mute));
    let (words, reason) = standing(journey, chosen.sighting);
    ui.horizontal(|ui| {
        crate::window::widgets::chip::filled(ui, journey.protocol, theme.kind(told.kind));
        ui.label(RichText::new(words).color(theme.mute));
    });
    if let Some((reason, evidence)) = reason {
        ui.label(RichText::new(reason).color(theme.text)).on_hover_text(evidence);
    }
    let sighting = &journey.sightings[chosen.sighting];
    for doubt in sighting.doubts.iter() {
        ui.label(RichText::new(doubt_words(doubt)).font(theme.font(theme::text::SMALL)).color(theme.arp));
    }
}

/// What became of it here; why, and who says so.
fn standing(journey: &Journey, index: usize) -> (String, Option<(&str, &'static str)>) {
    let sighting = &journey.sightings[index];
    let copies = journey.sightings.iter().filter(|other| other.parent == Some(sighting.id)).count();
    match journey.branches.iter().find(|branch| branch.sighting == sighting.id) {
        Some(branch) => {
            let evidence = match branch.evidence {
                capture::Evidence::Kernel => "The kernel said so",
                capture::Evidence::Inferred => "Inferred from the lab and from what was seen",
            };
            (fate_words(branch.fate).into(), Some((&branch.reason, evidence)))
        }
        None if 1 < copies => (format!("flooded to {copies}, on its way"), None),
        None => ("on its way".into(), None),
    }
}

fn doubt_words(doubt: capture::Doubt) -> &'static str {
    match doubt {
        capture::Doubt::NoOrigin => "Not certain: it must have been seen earlier elsewhere, but was not",
        capture::Doubt::Ambiguous => {
            "Not certain: other frames with the very same bytes were on their way; the oldest was taken"
        }
        capture::Doubt::Translated => {
            "Recognised by what it carries: addresses or ports were changed on the way"
        }
        capture::Doubt::Fragment => "Not certain: it is one of several fragments, or made from them",
        capture::Doubt::DirectionGuessed => "Not certain: the file does not say which way it went",
    }
}
