//! What is wrong with the selected thing, and what mends it.

use egui::{Ui, vec2};
use topology::{
    Thing,
    check::{About, Problem, Severity},
};

use super::{Subject, mends};
use crate::{
    model::{act::Item, command::Command},
    window::{
        theme,
        widgets::{
            icon::{self, Icon},
            lettering,
            push::Push,
        },
    },
};

/// Those about `item`; without one, all.
pub fn show(ui: &mut Ui, subject: &Subject<'_>, item: Option<&Item>, out: &mut Vec<Command>) {
    let problems = subject.state.problems.iter();
    for problem in problems.filter(|problem| item.is_none_or(|item| is_about(&problem.about, item))) {
        card(ui, subject, problem, item.is_none(), out);
    }
}

fn is_about(about: &About, item: &Item) -> bool {
    match (about, item) {
        (
            About::Namespace(name) | About::Route { namespace: name, .. },
            Item::Thing(Thing::Namespace(of)),
        ) => name == of,
        (About::Interface(at), Item::Thing(Thing::Namespace(of))) => at.namespace == *of,
        (About::Interface(at), Item::Thing(Thing::Bridge(of)) | Item::Interface(of)) => at == of,
        (About::Interface(at), Item::Cable(cable)) => cable.ends().contains(at),
        (About::Cable(cable), Item::Cable(of)) => cable == of,
        (About::Cable(cable), Item::Interface(of)) => cable.ends().contains(of),
        _ => false,
    }
}

fn card(ui: &mut Ui, subject: &Subject<'_>, problem: &Problem, say_where: bool, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let colour = match problem.severity {
        Severity::Error => theme.drop,
        Severity::Warning => theme.arp,
        Severity::Note => theme.mute,
    };
    let frame = egui::Frame::new()
        .fill(theme.raise)
        .stroke((1.0, colour.gamma_multiply(0.5)))
        .corner_radius(8)
        .inner_margin(10);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), egui::Sense::hover());
            icon::paint(ui.painter(), icon::square(rect.center(), 14.0), Icon::Warning, colour);
            ui.vertical(|ui| {
                if say_where && problem.about != About::Lab {
                    ui.label(lettering::code(problem.about.to_string(), ui).color(theme.mute));
                }
                ui.add(egui::Label::new(lettering::plain(&problem.message, ui)).wrap());
                ui.add(egui::Label::new(lettering::muted(&problem.hint, ui)).wrap());
                if let Some((words, command)) = mends::of(&subject.lab, problem)
                    && Push::new(words).height(24.0).show(ui).clicked()
                {
                    out.push(command);
                }
            });
        });
    });
    ui.add_space(4.0);
}
