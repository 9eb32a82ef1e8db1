//! The page when nothing is selected: the lab itself.

use egui::{Id, Ui};
use topology::{NamespaceName, Target};

use super::{Subject, head, problems};
use crate::{
    model::command::{Command, Draw, LabChange},
    window::{
        theme,
        widgets::{choice, entry::Entry, icon::Icon, lettering, push::Push, row, section},
    },
};

pub fn show(ui: &mut Ui, subject: &Subject<'_>, out: &mut Vec<Command>) {
    let lab = &subject.lab;
    let title = if lab.title.is_empty() { "Lab without a title" } else { &lab.title };
    head::show(ui, subject, title, "lab", None);
    ui.label(lettering::muted(counts(subject), ui));
    ui.add_space(8.0);
    problems::show(ui, subject, None, out);
    section::heading(ui, "About");
    let mut change = |change| out.push(Command::Draw(Draw::Lab(change)));
    let sentence = |text: &str| Ok(text.trim().to_owned());
    let entry = Entry::new(Id::unique("title of the lab"), "Title").prose().hint("a title");
    if let Some(title) = entry.edit(ui, &lab.title, sentence) {
        change(LabChange::Title(title));
    }
    let entry = Entry::new(Id::unique("about the lab"), "About").prose().lines(3).hint("what it shows");
    if let Some(about) = entry.edit(ui, &lab.about, sentence) {
        change(LabChange::About(about));
    }
    section::heading(ui, "Try this");
    let entry = Entry::new(Id::unique("try this"), "Try this").prose().lines(3).hint("what to try");
    if let Some(try_this) = entry.edit(ui, &lab.try_this, sentence) {
        change(LabChange::TryThis(try_this));
    }
    pings(ui, subject, out);
}

fn counts(subject: &Subject<'_>) -> String {
    let said = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    };
    let lab = &subject.lab;
    let namespaces = lab.namespaces.keys().filter(|name| !name.is_host()).count();
    let bridges = lab.interfaces().filter(|(_, found)| found.bridge_settings().is_some()).count();
    [
        said(namespaces, "namespace", "namespaces"),
        said(bridges, "bridge", "bridges"),
        said(lab.cables.len(), "cable", "cables"),
    ]
    .join(" · ")
}

fn pings(ui: &mut Ui, subject: &Subject<'_>, out: &mut Vec<Command>) {
    type Pair = (Option<NamespaceName>, Option<NamespaceName>);
    let lab = &subject.lab;
    let mut set = |pings| out.push(Command::Draw(Draw::Lab(LabChange::Pings(pings))));
    section::heading(ui, "Pings worth trying");
    for (i, (from, to)) in lab.pings.iter().enumerate() {
        let to = match to {
            Target::Namespace(name) => name.to_string(),
            Target::Address(address) => address.to_string(),
        };
        row::listed(ui, &format!("{from} to {to}"), |ui| {
            let name = format!("Remove the ping from {from} to {to}");
            if Push::icon_only(&name, Icon::Cross).quiet().height(22.0).show(ui).clicked() {
                let rest = lab.pings.iter().enumerate().filter(|(j, _)| *j != i);
                set(rest.map(|(_, ping)| ping.clone()).collect());
            }
        });
    }
    let names: Vec<&NamespaceName> = lab.namespaces.keys().collect();
    if names.len() < 2 {
        return;
    }
    let options: Vec<String> = names.iter().map(ToString::to_string).collect();
    let id = Id::unique("a ping worth trying");
    let (mut from, mut to): Pair = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    ui.horizontal(|ui| {
        // Two fields, the word between them, and the button share the row.
        let beside = 110.0 * theme::of(ui.ctx()).text_scale;
        let width = ((ui.available_width() - beside) / 2.0).clamp(48.0, 94.0);
        let side = |ui: &mut Ui, name: &str, now: &mut Option<NamespaceName>| {
            let shown = now.as_ref().map_or_else(|| "…".to_owned(), ToString::to_string);
            if let Some(chosen) = choice::show(ui, name, &shown, &options, width) {
                *now = names.get(chosen).map(|name| (*name).clone());
            }
        };
        side(ui, "Ping from", &mut from);
        ui.label(lettering::muted("to", ui));
        side(ui, "Ping to", &mut to);
        let both = from.clone().zip(to.clone()).filter(|(from, to)| from != to);
        let add = Push::new("Add").name("Add the ping").height(26.0).enabled(both.is_some());
        if add.show(ui).clicked()
            && let Some((from, to)) = both
        {
            set(lab.pings.iter().cloned().chain([(from, Target::Namespace(to))]).collect());
        }
    });
    ui.data_mut(|data| data.insert_temp::<Pair>(id, (from, to)));
}
