//! The stage in the window: shows the scene, and turns what the pointer does into commands.
//!
//! What is under the pointer is always asked of [`hit`]; the widgets on things are there for the keyboard, for
//! screen readers and for tests, and pass their clicks on.

mod banner;
mod corner;
mod drag;
mod handle;
mod in_place;
mod menu;
mod names;
mod pointer;
mod snap;
mod tips;
mod twice;

use std::sync::Arc;

use egui::{Rect, Sense, Ui};
use topology::Lab;

use self::{drag::Drag, in_place::InPlaceText};
use super::{paint, panels, theme};
use crate::model::{
    command::{Command, View},
    stage::{
        hit::Hit,
        layout::{Layout, Lines},
        scene::{Ghost, Scene, scene},
    },
    state::State,
};

/// What the stage remembers from one frame to the next, and nobody else needs.
#[derive(Debug, Default)]
pub struct Stage {
    layout: Option<Laid>,
    drag: Option<Drag>,
    /// Counts drags, so that the moves of one are one entry in undo.
    gestures: u64,
    /// What the open context menu is about, and where it was opened, on the canvas.
    menu: Option<(Option<Hit>, egui::Pos2)>,
    text: InPlaceText,
}

/// A layout and what it was made from.
#[derive(Debug)]
struct Laid {
    lab: Arc<Lab>,
    /// Of the story; how many lines tables need depends on it.
    revision: u64,
    lines: Lines,
    layout: Arc<Layout>,
}

/// One frame's view of the stage.
struct Frame<'a> {
    state: &'a State,
    scene: &'a Scene,
    /// On the screen.
    rect: Rect,
}

impl Frame<'_> {
    fn to_canvas(&self, screen: egui::Pos2) -> egui::Pos2 {
        self.state.camera.to_canvas((screen - self.rect.min).to_pos2())
    }

    fn to_screen(&self, canvas: egui::Pos2) -> egui::Pos2 {
        self.rect.min + self.state.camera.to_screen(canvas).to_vec2()
    }

    fn rect_to_screen(&self, canvas: Rect) -> Rect {
        Rect::from_min_max(self.to_screen(canvas.min), self.to_screen(canvas.max))
    }

    /// So many canvas points beside a thin thing still hit it.
    fn slack(&self) -> f32 {
        6.0 / self.state.camera.zoom
    }
}

impl Stage {
    pub fn show(&mut self, ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
        let rect = ui.available_rect_before_wrap();
        let layout = self.layout(state);
        if state.stage_size != rect.size() || state.drawn != layout.bounds {
            out.push(Command::View(View::StageShown { size: rect.size(), drawn: layout.bounds }));
        }
        let scene = scene(state, layout);
        let frame = Frame { state, scene: &scene, rect };
        let ground = ui.interact(rect, egui::Id::unique("stage"), Sense::click_and_drag());
        ground.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Canvas, true, "Stage"));
        let theme = theme::of(ui.ctx());
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 0.0, theme.stage);
        paint::paint(&painter, rect.min, &state.camera, &scene, theme);
        let things = names::show(ui, &frame);
        banner::show(ui, state, rect);
        corner::show(ui, state, rect, out);
        panels::acts::show(ui, state, rect, out);
        self.handle(ui, &frame, out);
        let ghosts = self.pointer(ui, &frame, &ground, &things, out);
        for ghost in ghosts {
            paint::paint_ghost(&painter, rect.min, &state.camera, &ghost, theme);
        }
        if self.drag.is_none() {
            tips::show(&frame, &ground, &things);
        }
        self.context_menus(&frame, &ground, &things, out);
        in_place::show(&mut self.text, ui, &frame, out);
    }

    fn layout(&mut self, state: &State) -> Arc<Layout> {
        let (lab, revision) = (state.lab(), state.story.revision());
        if let Some(known) = &self.layout
            && Arc::ptr_eq(&known.lab, &lab)
            && known.revision == revision
        {
            return known.layout.clone();
        }
        let lines = Lines::of(state);
        let known = self.layout.take().filter(|known| known.lines == lines && known.lab == lab);
        let layout = known.map_or_else(|| Arc::new(Layout::of(&lab, &lines)), |known| known.layout);
        self.layout = Some(Laid { lab, revision, lines, layout: layout.clone() });
        layout
    }
}

/// A box from two corners, in whatever order.
fn spanned(one: egui::Pos2, other: egui::Pos2) -> Rect {
    Rect::from_two_pos(one, other)
}

/// What a drop of a palette tool would make here.
fn ghost_of(tool: crate::model::state::Tool, at: egui::Pos2) -> Option<Ghost> {
    use crate::model::{stage::sizes, state::Tool};
    match tool {
        Tool::Namespace | Tool::Router => {
            let size = egui::vec2(sizes::ROOM_WIDTH, sizes::ROOM_HEIGHT);
            Some(Ghost::Room(Rect::from_center_size(at, size)))
        }
        Tool::Bridge => {
            let size = egui::vec2(sizes::SWITCH_WIDTH, sizes::SWITCH_HEIGHT);
            Some(Ghost::Switch(Rect::from_center_size(at, size)))
        }
        Tool::Select | Tool::Cable => None,
    }
}
