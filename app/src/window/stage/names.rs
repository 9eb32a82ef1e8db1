//! Things on the stage as widgets: for the keyboard, for screen readers and for tests.

use egui::{Id, Response, Sense, Ui, WidgetInfo, accesskit::Role};
use topology::Thing;

use super::Frame;
use crate::model::act::Item;

/// Below this zoom no plug is drawn: it would be smaller than its cable is thick.
const LEAST_ZOOM_OF_PLUGS: f32 = 0.3;

/// A widget on each thing that is in sight; they take clicks and the focus, but no drags.
pub fn show(ui: &Ui, frame: &Frame<'_>) -> Vec<(Item, Response)> {
    let mut shown = Vec::new();
    let seen = frame.rect;
    let mut place =
        |item: Item, rect: egui::Rect, name: &dyn Fn() -> String, describe: &dyn Fn() -> String| {
            let rect = frame.rect_to_screen(rect);
            if !rect.intersects(seen) {
                return;
            }
            let response = ui.interact(rect.intersect(seen), Id::unique(("thing", &item)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::GraphicsObject, true, name()));
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(describe()));
            shown.push((item, response));
        };
    // Houses first: what stands inside them lies above.
    for room in frame.scene.rooms.iter().filter(|room| room.is_house) {
        place(namespace(room), room.rect, &|| format!("namespace {}", room.name), &|| told(room));
    }
    for switch in &frame.scene.switches {
        let ports = || switch.ports.iter().filter(|port| port.place.is_some()).count();
        let item = Item::Thing(Thing::Bridge(switch.at.clone()));
        let name = || format!("bridge {}", switch.at.interface);
        place(item, switch.rect, &name, &|| format!("{} ports", ports()));
    }
    for room in frame.scene.rooms.iter().filter(|room| !room.is_house) {
        place(namespace(room), room.rect, &|| format!("namespace {}", room.name), &|| told(room));
    }
    let is_far = frame.state.camera.zoom < LEAST_ZOOM_OF_PLUGS;
    for plug in frame.scene.plugs.iter().filter(|_| !is_far) {
        let rect = egui::Rect::from_center_size(plug.socket.at, egui::Vec2::splat(18.0));
        let item = Item::Interface(plug.at.clone());
        place(item, rect, &|| format!("interface {}", plug.at), &String::new);
    }
    shown
}

fn namespace(room: &crate::model::stage::scene::Room) -> Item {
    Item::Thing(Thing::Namespace(room.name.clone()))
}

fn told(room: &crate::model::stage::scene::Room) -> String {
    room.addresses.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>().join(", ")
}
