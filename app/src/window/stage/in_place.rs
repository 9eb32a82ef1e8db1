//! Names and addresses, typed where they stand on the stage.

use egui::{Id, Key, Pos2, Rect, TextEdit, Ui, vec2};
use ipnet::IpNet;
use topology::{InterfaceName, NamespaceName, Place, Thing};

use super::{Frame, pointer::rect_of};
use crate::{
    model::{
        act::Item,
        command::{Command, Draw, InterfaceChange, View},
        draft::proposal,
        state::InPlace,
    },
    window::theme,
};

/// What has been typed so far, and for what.
#[derive(Debug, Default)]
pub struct InPlaceText {
    about: Option<InPlace>,
    text: String,
}

const WIDTH: f32 = 200.0;

pub fn show(typed: &mut InPlaceText, ui: &Ui, frame: &Frame<'_>, out: &mut Vec<Command>) {
    let Some(about) = frame.state.in_place.clone() else {
        typed.about = None;
        return;
    };
    let Some(at) = place_of(frame, &about) else {
        out.push(Command::View(View::InPlace(None)));
        return;
    };
    let is_new = typed.about.as_ref() != Some(&about);
    if is_new {
        typed.text = text_of(frame, &about);
        typed.about = Some(about.clone());
    }
    let verdict = meant(frame, &about, typed.text.trim());
    let theme = theme::of(ui.ctx());
    let area = egui::Area::new(Id::unique("in place")).fixed_pos(at).order(egui::Order::Foreground);
    area.show(ui.ctx(), |ui| {
        egui::Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_width(WIDTH);
            let label = label_of(&about);
            let edit = TextEdit::singleline(&mut typed.text)
                .font(egui::TextStyle::Monospace)
                .desired_width(WIDTH)
                .hint_text(label);
            let mut response = edit.show(ui).response.response;
            response = response.on_hover_text(label);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::TextInput, true, label));
            if is_new {
                response.request_focus();
            }
            if let Err(why) = &verdict {
                ui.colored_label(theme.drop, why);
            }
            let (enter, escape) = ui.input(|i| (i.key_pressed(Key::Enter), i.key_pressed(Key::Escape)));
            if escape {
                out.push(Command::View(View::InPlace(None)));
            } else if let (true, Ok(commands)) = (enter || response.lost_focus(), verdict) {
                out.extend(commands);
                out.push(Command::View(View::InPlace(None)));
            } else if response.lost_focus() && !enter {
                out.push(Command::View(View::InPlace(None)));
            } else if enter {
                response.request_focus();
            }
        });
    });
}

fn label_of(about: &InPlace) -> &'static str {
    match about {
        InPlace::Name(Item::Thing(Thing::Namespace(_))) => "Namespace's name",
        InPlace::Name(_) => "Interface's name",
        InPlace::Address { .. } => "Address with prefix, such as 10.10.0.1/24",
    }
}

/// The upper left corner of the field on the screen.
fn place_of(frame: &Frame<'_>, about: &InPlace) -> Option<Pos2> {
    let corner = |rect: Rect| frame.to_screen(rect.min) + vec2(4.0, 4.0);
    let socket = |at: &Place| frame.scene.layout.sockets.get(at).map(|socket| frame.to_screen(socket.at));
    match about {
        InPlace::Name(Item::Thing(thing)) => rect_of(frame, thing).map(corner),
        InPlace::Name(Item::Interface(at)) | InPlace::Address { at, .. } => {
            socket(at).or_else(|| rect_of(frame, &Thing::Bridge(at.clone())).map(corner))
        }
        InPlace::Name(Item::Cable(_)) => None,
    }
}

fn text_of(frame: &Frame<'_>, about: &InPlace) -> String {
    match about {
        InPlace::Name(Item::Thing(Thing::Namespace(name))) => name.to_string(),
        InPlace::Name(Item::Thing(Thing::Bridge(at)) | Item::Interface(at)) => at.interface.to_string(),
        InPlace::Name(Item::Cable(_)) => String::new(),
        InPlace::Address { was: Some(was), .. } => was.to_string(),
        InPlace::Address { at, was: None } => {
            proposal::address_for(frame.state.draft.lab(), at).map_or_else(String::new, |net| net.to_string())
        }
    }
}

/// What the text means, or what is wrong with it.
fn meant(frame: &Frame<'_>, about: &InPlace, text: &str) -> Result<Vec<Command>, String> {
    let lab = frame.state.draft.lab();
    match about {
        InPlace::Name(Item::Thing(Thing::Namespace(from))) => {
            let to: NamespaceName = text.parse().map_err(|error: topology::NameError| error.to_string())?;
            if to == *from {
                return Ok(Vec::new());
            }
            if lab.namespaces.contains_key(&to) || to.is_host() {
                return Err(format!("there is a namespace {to} already"));
            }
            Ok(vec![Command::Draw(Draw::RenameNamespace { from: from.clone(), to })])
        }
        InPlace::Name(Item::Thing(Thing::Bridge(at)) | Item::Interface(at)) => {
            let to: InterfaceName = text.parse().map_err(|error: topology::NameError| error.to_string())?;
            if to == at.interface {
                return Ok(Vec::new());
            }
            if lab.interface(&Place::new(at.namespace.clone(), to.clone())).is_some() {
                return Err(format!("{} has an interface {to} already", at.namespace));
            }
            Ok(vec![Command::Draw(Draw::RenameInterface { at: at.clone(), to })])
        }
        InPlace::Name(Item::Cable(_)) => Err("a cable has no name".into()),
        InPlace::Address { at, was } => {
            let change = |change| Command::Draw(Draw::Interface { at: at.clone(), change });
            if text.is_empty() {
                return Ok(was.map(|was| change(InterfaceChange::RemoveAddress(was))).into_iter().collect());
            }
            let net: IpNet =
                text.parse().map_err(|_| "not an address with a prefix, such as 10.10.0.1/24")?;
            if *was == Some(net) {
                return Ok(Vec::new());
            }
            let replace = |from| InterfaceChange::ReplaceAddress { from, to: net };
            Ok(vec![change(was.map_or(InterfaceChange::AddAddress(net), replace))])
        }
    }
}
