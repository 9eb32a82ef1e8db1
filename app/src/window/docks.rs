//! The panels beside and below the stage: docked, moved, closed, and as they were at the next start.

use egui::{Color32, Id, Stroke, Ui, Visuals, WidgetText};
use egui_tiles::{EditAction, SimplificationOptions, TabState, Tabs, TileId, Tiles, Tree, UiResponse};
use serde::{Deserialize, Serialize};

use super::{panels, theme, views};
use crate::model::{
    command::{Command, View},
    state::{Pane, State},
};

/// Two trees of panels. A panel is in one of them, or closed.
#[derive(Serialize, Deserialize)]
pub struct Docks {
    below: Tree<Pane>,
    right: Tree<Pane>,
    #[serde(skip)]
    seen: Seen,
}

/// What the state said last, to notice when it wants another panel in front.
#[derive(Default, PartialEq, Clone)]
struct Seen {
    pane: Option<Pane>,
    is_frame_chosen: bool,
    selected: usize,
    terminal_wishes: u64,
}

const BELOW: [Pane; 6] =
    [Pane::Timeline, Pane::Ladder, Pane::Frames, Pane::Commands, Pane::Problems, Pane::Terminals];
const RIGHT: [Pane; 2] = [Pane::Inspector, Pane::Frame];

impl Default for Docks {
    fn default() -> Self {
        Self {
            below: Tree::new_tabs(Id::unique("below"), BELOW.to_vec()),
            right: Tree::new_tabs(Id::unique("right"), RIGHT.to_vec()),
            seen: Seen::default(),
        }
    }
}

impl Docks {
    /// As it was written; what cannot be read is as at the first start.
    pub fn parse(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// Brings to the front what the state asks for, also if it had been closed.
    pub fn follow(&mut self, state: &State) {
        let now = Seen {
            pane: Some(state.pane),
            is_frame_chosen: state.chosen.is_some(),
            selected: state.selection.len(),
            terminal_wishes: state.terminal_wants_focus,
        };
        if now == self.seen {
            return;
        }
        if now.pane != self.seen.pane {
            self.bring_to_front(state.pane);
        }
        // Also where it had been closed in front.
        if now.terminal_wishes != self.seen.terminal_wishes && state.pane == Pane::Terminals {
            self.bring_to_front(Pane::Terminals);
        }
        if now.is_frame_chosen && !self.seen.is_frame_chosen {
            self.bring_to_front(Pane::Frame);
        } else if now.selected != self.seen.selected && 0 < now.selected {
            self.bring_to_front(Pane::Inspector);
        }
        self.seen = now;
    }

    fn bring_to_front(&mut self, pane: Pane) {
        let is = |_: TileId, tile: &egui_tiles::Tile<Pane>| matches!(tile, egui_tiles::Tile::Pane(found) if *found == pane);
        if self.below.make_active(is) || self.right.make_active(is) {
            return;
        }
        let is_right = RIGHT.contains(&pane);
        self.put(pane, is_right);
        if is_right {
            self.right.make_active(is)
        } else {
            self.below.make_active(is)
        };
    }

    pub fn show_below(&mut self, ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
        self.show(ui, state, out, false);
    }

    pub fn show_right(&mut self, ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
        self.show(ui, state, out, true);
    }

    fn show(&mut self, ui: &mut Ui, state: &State, out: &mut Vec<Command>, right: bool) {
        let tree = if right { &mut self.right } else { &mut self.below };
        let mut shown = Shown {
            state,
            theme: theme::of(ui.ctx()),
            out,
            has_filter: !right,
            is_edited: false,
            goes_over: None,
            closes: None,
        };
        tree.ui(&mut shown, ui);
        let (edited, goes_over, closes) = (shown.is_edited, shown.goes_over, shown.closes);
        if let Some(tile) = closes {
            tree.remove_recursively(tile);
        }
        if let Some(tile) = goes_over {
            self.move_over(tile, right);
        }
        if (edited || goes_over.is_some() || closes.is_some())
            && let Ok(text) = serde_json::to_string(self)
        {
            out.push(Command::View(View::Dock(text)));
        }
    }

    fn move_over(&mut self, tile: TileId, from_right: bool) {
        let from = if from_right { &mut self.right } else { &mut self.below };
        let Some(pane) = from.tiles.get_pane(&tile).copied() else { return };
        from.remove_recursively(tile);
        self.put(pane, !from_right);
    }

    /// As the last tab of one of the trees, which may have lost all others.
    fn put(&mut self, pane: Pane, right: bool) {
        let (tree, name) = if right { (&mut self.right, "right") } else { (&mut self.below, "below") };
        let tile = tree.tiles.insert_pane(pane);
        match tree.root() {
            Some(root) => tree.move_tile_to_container(tile, root, usize::MAX, true),
            None => *tree = Tree::new_tabs(Id::unique(name), vec![pane]),
        }
    }
}

struct Shown<'a> {
    state: &'a State,
    theme: &'static theme::Theme,
    out: &'a mut Vec<Command>,
    /// The filter box stands at the right end of the lower tabs.
    has_filter: bool,
    is_edited: bool,
    /// This tab shall go to the other tree.
    goes_over: Option<TileId>,
    closes: Option<TileId>,
}

impl egui_tiles::Behavior<Pane> for Shown<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut Pane) -> UiResponse {
        let theme = theme::of(ui.ctx());
        ui.painter().rect_filled(ui.max_rect(), 0.0, theme.panel);
        let show = match pane {
            Pane::Timeline => views::timeline::show,
            Pane::Ladder => views::ladder::show,
            Pane::Frames => views::frames::show,
            Pane::Commands => views::commands::show,
            Pane::Problems => views::problems::show,
            Pane::Terminals => views::terminals::show,
            Pane::Inspector => panels::inspector::show,
            Pane::Frame => views::frame::show,
        };
        ui.push_id(*pane as usize, |ui| show(ui, self.state, self.out));
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> WidgetText {
        let counted = |words: &str, count: usize| {
            if count == 0 { words.to_owned() } else { format!("{words} {count}") }
        };
        match pane {
            Pane::Timeline => "Timeline".into(),
            Pane::Ladder => "Ladder".into(),
            Pane::Frames => counted("Frames", self.state.story.moments().len()).into(),
            Pane::Commands => "Commands".into(),
            Pane::Terminals => counted("Terminals", self.state.terminals.len()).into(),
            Pane::Problems => counted("Problems", self.state.problems.len()).into(),
            Pane::Inspector => "Lab".into(),
            Pane::Frame => "Frame".into(),
        }
    }

    fn on_tab_button(
        &mut self,
        tiles: &mut Tiles<Pane>,
        tile: TileId,
        button: egui::Response,
    ) -> egui::Response {
        if button.clicked()
            && let Some(pane) = tiles.get_pane(&tile)
        {
            self.out.push(Command::View(View::Show(*pane)));
        }
        let words = if self.has_filter { "Move to the right side" } else { "Move below the stage" };
        button.context_menu(|ui| {
            if ui.button(words).clicked() {
                self.goes_over = Some(tile);
                ui.close();
            }
            if ui.button("Close; the View menu brings it back").clicked() {
                self.closes = Some(tile);
                ui.close();
            }
        });
        button
    }

    fn top_bar_right_ui(
        &mut self,
        tiles: &Tiles<Pane>,
        ui: &mut Ui,
        tile: TileId,
        _tabs: &Tabs,
        _scroll: &mut f32,
    ) {
        // Only once, should the lower panels be split.
        let is_first = tiles.parent_of(tile).is_none() || self.has_filter;
        if self.has_filter && is_first {
            self.has_filter = false;
            ui.add_space(theme::space::M);
            views::filter_box::show(ui, self.state, self.out);
        }
    }

    fn on_edit(&mut self, _action: EditAction) {
        self.is_edited = true;
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..Default::default() }
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        theme::size::TAB_BAR
    }

    fn tab_bar_color(&self, _visuals: &Visuals) -> Color32 {
        self.theme.panel
    }

    fn tab_bg_color(
        &self,
        _visuals: &Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        tab: &TabState,
    ) -> Color32 {
        let theme = self.theme;
        if tab.active { theme.raise } else { theme.panel }
    }

    fn tab_outline_stroke(
        &self,
        _visuals: &Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        _tab: &TabState,
    ) -> Stroke {
        Stroke::NONE
    }

    fn tab_bar_hline_stroke(&self, _visuals: &Visuals) -> Stroke {
        Stroke::new(1.0, self.theme.line)
    }

    fn tab_text_color(
        &self,
        _visuals: &Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        tab: &TabState,
    ) -> Color32 {
        let theme = self.theme;
        if tab.active { theme.text } else { theme.mute }
    }
}
