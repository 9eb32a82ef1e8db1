//! The bar at the top: menus, the lab's name and how it stands, and what one does most.

use egui::{Align, Layout, MenuBar, Rect, Ui, UiBuilder, pos2, vec2};

use crate::{
    model::{
        act::{Act, Done, ProbeKind},
        command::{Command, File},
        keys::Group,
        state::{Live, State},
    },
    window::{
        theme,
        widgets::{icon::Icon, push::Push},
    },
};

mod lists;
mod standing;

/// In points.
pub const HEIGHT: f32 = 48.0;

/// Fills the bar that `ui` is.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let bar = ui.max_rect();
    ui.painter().rect_filled(bar, 0.0, theme.panel);

    let mut end_of_menus = bar.left();
    part(ui, bar.shrink2(vec2(10.0, 0.0)), Layout::left_to_right(Align::Center), |ui| {
        end_of_menus = MenuBar::new().ui(ui, |ui| menus(ui, state, out)).inner;
    });
    let right = part(ui, bar.shrink2(vec2(16.0, 0.0)), Layout::right_to_left(Align::Center), |ui| {
        buttons(ui, state, out);
    });
    let room = Rect::from_min_max(
        pos2(end_of_menus + 16.0, bar.top()),
        pos2((right.left() - 16.0).max(end_of_menus + 16.0), bar.bottom()),
    );
    standing::show(ui, bar.center().x, room, state, out);
}

fn part(ui: &mut Ui, rect: Rect, layout: Layout, add: impl FnOnce(&mut Ui)) -> Rect {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    child.spacing_mut().item_spacing.x = 8.0;
    add(&mut child);
    child.min_rect()
}

/// Where the last one ends.
fn menus(ui: &mut Ui, state: &State, out: &mut Vec<Command>) -> f32 {
    let mut end = ui.max_rect().left();
    ui.spacing_mut().item_spacing.x = 2.0;
    ui.spacing_mut().button_padding = vec2(9.0, 6.0);
    for group in [Group::File, Group::Edit, Group::View, Group::Lab, Group::Help] {
        let words = egui::RichText::new(group.words()).color(theme::of(ui.ctx()).mute);
        let menu = ui.menu_button(words, |ui| lists::of(ui, group, state, out));
        end = menu.response.rect.right();
    }
    end
}

/// From the right.
fn buttons(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    run(ui, state, out);
    record(ui, state, out);
    ping(ui, state, out);
}

fn run(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    const WIDTH: f32 = 104.0;
    let push = match state.live {
        _ if state.is_replay() => {
            Push::new("Run lab").icon(Icon::Play).enabled(false).tip("A recording is shown: it needs no lab.")
        }
        Live::On { .. } => Push::new("Stop lab").icon(Icon::Stop).key("Shift+F5"),
        Live::Starting => Push::new("Starting…").enabled(false),
        Live::Stopping => Push::new("Stopping…").enabled(false),
        Live::Off | Live::Refused { .. } => Push::new("Run lab")
            .icon(Icon::Play)
            .primary()
            .key("F5")
            .tip("Builds the lab in the kernel, and listens everywhere."),
    };
    if push.width(WIDTH).show(ui).clicked() {
        out.push(if state.is_running() { Command::StopLab } else { Command::RunLab });
    }
}

fn record(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let red = theme::of(ui.ctx()).drop;
    let push = if state.recording.is_some() {
        Push::new("Stop recording").icon(Icon::Stop).icon_colour(red).on(true)
    } else {
        Push::new("Record").icon(Icon::Record).icon_colour(red).enabled(state.is_running())
    };
    let push = push.key("Ctrl+R").tip("Writes every frame from now on into a file.");
    if push.width(94.0).show(ui).clicked() {
        out.push(Command::File(File::ToggleRecord));
    }
}

fn ping(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    const WIDTH: f32 = 94.0;
    let pings: Vec<_> =
        state.acts.iter().filter(|done| is_ping_under_way(done)).map(|done| done.id).collect();
    if !pings.is_empty() {
        let push = Push::new("Stop ping").icon(Icon::Stop).primary().width(WIDTH).key("Ctrl+.");
        if push.show(ui).clicked() {
            out.extend(pings.into_iter().map(Command::StopAct));
        }
        return;
    }
    let push = Push::new("Ping").icon(Icon::Play).primary().width(WIDTH).enabled(state.is_running());
    let tip = if state.is_running() {
        "Pings as the lab suggests, or between what is selected."
    } else {
        "Pings can go once the lab runs."
    };
    if push.key("P").tip(tip).show(ui).clicked() {
        out.push(Command::Ping);
    }
}

fn is_ping_under_way(done: &Done) -> bool {
    let is_ping = matches!(
        &done.act,
        Act::Probe(probe) if matches!(probe.kind, ProbeKind::Ping { .. } | ProbeKind::Flood { .. })
    );
    is_ping && !done.is_over
}
