//! Things on the stage as widgets: for the keyboard, for screen readers and for tests.

use egui::{Id, Response, Sense, Ui, WidgetInfo, accesskit::Role};
use topology::Thing;

use super::Frame;
use crate::model::act::Item;

/// A widget on each thing that is in sight; they take clicks and the focus, but no drags.
pub fn show(ui: &Ui, frame: &Frame<'_>) -> Vec<(Item, Response)> {
    let mut shown = Vec::new();
    let seen = frame.rect;
    let mut place = |item: Item, rect: egui::Rect, name: String, describe: String| {
        let rect = frame.rect_to_screen(rect);
        if !rect.intersects(seen) {
            return;
        }
        let response = ui.interact(rect.intersect(seen), Id::unique(("thing", &item)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::GraphicsObject, true, name.clone()));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(describe));
        shown.push((item, response));
    };
    // Houses first: what stands inside them lies above.
    for room in frame.scene.rooms.iter().filter(|room| room.is_house) {
        place(namespace(room), room.rect, format!("namespace {}", room.name), told(room));
    }
    for switch in &frame.scene.switches {
        let ports = switch.ports.iter().filter(|port| port.place.is_some()).count();
        let item = Item::Thing(Thing::Bridge(switch.at.clone()));
        place(item, switch.rect, format!("bridge {}", switch.at.interface), format!("{ports} ports"));
    }
    for room in frame.scene.rooms.iter().filter(|room| !room.is_house) {
        place(namespace(room), room.rect, format!("namespace {}", room.name), told(room));
    }
    for plug in &frame.scene.plugs {
        let rect = egui::Rect::from_center_size(plug.socket.at, egui::Vec2::splat(18.0));
        let item = Item::Interface(plug.at.clone());
        place(item, rect, format!("interface {}", plug.at), String::new());
    }
    shown
}

fn namespace(room: &crate::model::stage::scene::Room) -> Item {
    Item::Thing(Thing::Namespace(room.name.clone()))
}

fn told(room: &crate::model::stage::scene::Room) -> String {
    room.addresses.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>().join(", ")
}
