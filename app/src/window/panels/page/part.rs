//! What a page is painted of, with its places: laid out once, painted while it is in sight.

use egui::{
    Color32, CursorIcon, Id, Key, OpenUrl, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    UiBuilder, WidgetInfo,
    text::{CCursor, LayoutJob},
    text_selection::LabelSelectionState,
};

use super::prose::Link;
use crate::{
    model::command::{Command, Page},
    tutorial::runner::Answered,
    window::{
        theme,
        widgets::{
            entry::Entry,
            icon::{self, Icon},
            push::Push,
        },
    },
};

/// A piece of the page: places are relative to its upper left corner.
#[derive(Clone, Debug, Default)]
pub struct Laid {
    pub height: f32,
    pub parts: Vec<Part>,
    /// Where each command stands, with what is said about it.
    pub commands: Vec<(usize, Rect)>,
}

#[derive(Clone, Debug)]
pub enum Part {
    Words {
        at: Pos2,
        /// Wrapped at its own width.
        job: LayoutJob,
        size: egui::Vec2,
        links: Vec<Link>,
    },
    Fill {
        rect: Rect,
        fill: Color32,
        edge: Color32,
        radius: u8,
    },
    Button {
        rect: Rect,
        button: Button,
    },
    /// How a command stands; under the pointer, the button that runs it.
    Gutter {
        rect: Rect,
        /// Where the pointer makes the button appear.
        zone: Rect,
        sign: Option<(Sign, Color32)>,
        tip: String,
        button: Button,
    },
    /// What stands for a placeholder.
    Field {
        rect: Rect,
        placeholder: String,
        proposal: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign {
    /// A ring: it waits for its turn.
    Ring,
    /// It runs.
    Dot,
    Icon(Icon),
}

#[derive(Clone, Debug)]
pub struct Button {
    pub words: String,
    /// The accessible name.
    pub name: String,
    pub tip: String,
    pub icon: Option<Icon>,
    pub look: Look,
    pub key: &'static str,
    pub action: Action,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Primary,
    Raised,
    Quiet,
    /// Only the icon is seen.
    Icon,
}

#[derive(Clone, Debug)]
pub enum Action {
    Say(Command),
    Copy(String),
    /// Opens or closes what a command printed.
    Fold(usize),
    /// What stands in the field of this placeholder.
    UseTyped(String),
}

impl Button {
    pub fn new(words: impl Into<String>, look: Look, action: Action) -> Self {
        let words = words.into();
        Self { name: words.clone(), words, tip: String::new(), icon: None, look, key: "", action }
    }

    pub fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    pub fn tip(self, tip: impl Into<String>) -> Self {
        Self { tip: tip.into(), ..self }
    }

    pub fn key(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    /// The widget, as high as `height`, in points of usual text.
    pub fn push(&self, height: f32) -> Push<'_> {
        let push = match (self.look, self.icon) {
            (Look::Icon, Some(icon)) => Push::icon_only(&self.words, icon).quiet().width(height),
            (_, Some(icon)) => Push::new(&self.words).icon(icon),
            (_, None) => Push::new(&self.words),
        };
        let push = match self.look {
            Look::Primary => push.primary(),
            Look::Quiet => push.quiet(),
            Look::Raised | Look::Icon => push,
        };
        push.name(&self.name).tip(&self.tip).key(self.key).height(height)
    }

    fn press(&self, ui: &Ui, pressed: &mut Pressed) {
        match &self.action {
            Action::Say(command) => pressed.commands.push(command.clone()),
            Action::Copy(text) => ui.ctx().copy_text(text.clone()),
            Action::Fold(command) => pressed.folds.push(*command),
            Action::UseTyped(placeholder) => use_typed(ui, placeholder, pressed),
        }
    }
}

/// What comes of painting a piece.
#[derive(Clone, Debug, Default)]
pub struct Pressed {
    pub commands: Vec<Command>,
    /// Commands whose output is to open or close.
    pub folds: Vec<usize>,
}

impl Laid {
    /// Paints it with its upper left corner at `origin`. `id` is its own among all pieces.
    pub fn show(&self, ui: &mut Ui, origin: Pos2, id: Id, pressed: &mut Pressed) {
        let clip = ui.clip_rect();
        for (index, part) in self.parts.iter().enumerate() {
            let rect = part.rect().translate(origin.to_vec2());
            if rect.intersects(clip) {
                part.show(ui, rect, origin, id.with(index), pressed);
            }
        }
    }
}

impl Part {
    fn rect(&self) -> Rect {
        match self {
            Self::Words { at, size, .. } => Rect::from_min_size(*at, *size),
            Self::Fill { rect, .. } | Self::Button { rect, .. } | Self::Field { rect, .. } => *rect,
            Self::Gutter { rect, zone, .. } => rect.union(*zone),
        }
    }

    fn show(&self, ui: &mut Ui, rect: Rect, origin: Pos2, id: Id, pressed: &mut Pressed) {
        match self {
            Self::Words { job, links, .. } => words(ui, rect, id, job, links),
            Self::Fill { fill, edge, radius, .. } => {
                ui.painter().rect(rect, *radius, *fill, (1.0, *edge), StrokeKind::Inside);
            }
            Self::Button { button, .. } => {
                let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(id));
                let scale = theme::of(ui.ctx()).text_scale;
                if button.push(rect.height() / scale).show(&mut child).clicked() {
                    button.press(ui, pressed);
                }
            }
            Self::Gutter { rect: own, zone, sign, tip, button } => {
                let shift = origin.to_vec2();
                let places = (own.translate(shift), zone.translate(shift));
                if gutter(ui, places, id, *sign, tip, button).clicked() {
                    button.press(ui, pressed);
                }
            }
            Self::Field { placeholder, proposal, .. } => field(ui, rect, placeholder, proposal, pressed),
        }
    }
}

fn words(ui: &Ui, rect: Rect, id: Id, job: &LayoutJob, links: &[Link]) {
    let galley = ui.painter().layout_job(job.clone());
    let mut sense = Sense::click_and_drag();
    sense -= Sense::FOCUSABLE;
    let response = ui.interact(rect, id, sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &job.text));
    let ink = theme::of(ui.ctx()).text;
    let rows = links.iter().map(|link| link_rects(&galley, rect.min, link)).collect::<Vec<_>>();
    LabelSelectionState::label_text_selection(ui, &response, rect.min, galley, ink, Stroke::NONE);
    for (number, (link, rows)) in links.iter().zip(rows).enumerate() {
        let pieces = rows.into_iter().enumerate();
        let touched: Vec<Response> = pieces
            .map(|(row, rect)| {
                let response = ui.interact(rect, id.with(("link", number, row)), Sense::click());
                response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &link.words));
                response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(&link.to)
            })
            .collect();
        let line = Stroke::new(1.0, theme::of(ui.ctx()).accent);
        if touched.iter().any(|response| response.hovered() || response.has_focus()) {
            for response in &touched {
                ui.painter().hline(response.rect.x_range(), response.rect.bottom() - 2.0, line);
            }
        }
        if touched.iter().any(Response::clicked) {
            ui.ctx().open_url(OpenUrl::new_tab(&link.to));
        }
    }
}

/// A rectangle for each row that a link stands in.
fn link_rects(galley: &egui::Galley, origin: Pos2, link: &Link) -> Vec<Rect> {
    let at = |index: usize| galley.pos_from_cursor(CCursor::new(index));
    let (from, to) = (at(link.chars.start), at(link.chars.end));
    let mut rects = Vec::new();
    for row in &galley.rows {
        let place = row.rect();
        let is_above = place.bottom() <= from.center().y;
        let is_below = to.center().y <= place.top();
        if is_above || is_below {
            continue;
        }
        let left = if place.y_range().contains(from.center().y) { from.left() } else { place.left() };
        let right = if place.y_range().contains(to.center().y) { to.left() } else { place.right() };
        if left < right {
            let rect = Rect::from_x_y_ranges(left..=right, place.y_range());
            rects.push(rect.translate(origin.to_vec2()));
        }
    }
    rects
}

fn gutter(
    ui: &Ui,
    (rect, zone): (Rect, Rect),
    id: Id,
    sign: Option<(Sign, Color32)>,
    tip: &str,
    button: &Button,
) -> Response {
    let theme = theme::of(ui.ctx());
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &button.name));
    // The mark is for all, also for those who have the window read to them.
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(tip));
    let is_pointed_at = ui.rect_contains_pointer(zone.union(rect)) || response.has_focus();
    if is_pointed_at {
        let lit = response.hovered() || response.has_focus();
        let fill = if lit { theme.accent } else { theme.hover };
        let ink = if lit { theme.on_accent } else { theme.text };
        ui.painter().rect_filled(rect, 6.0, fill);
        icon::paint(ui.painter(), icon::square(rect.center(), 11.0), Icon::Play, ink);
    } else if let Some((sign, colour)) = sign {
        match sign {
            Sign::Ring => {
                ui.painter().circle_stroke(rect.center(), 3.5, Stroke::new(1.5, colour));
            }
            Sign::Dot => {
                ui.painter().circle_filled(rect.center(), 4.5, colour);
            }
            Sign::Icon(icon) => {
                icon::paint(ui.painter(), icon::square(rect.center(), 14.0), icon, colour);
            }
        }
    }
    let words = if tip.is_empty() { button.tip.clone() } else { format!("{tip}\n{}", button.tip) };
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(words)
}

fn typed_id(placeholder: &str) -> Id {
    Id::unique(("what stands for", placeholder))
}

fn field(ui: &mut Ui, rect: Rect, placeholder: &str, proposal: &str, pressed: &mut Pressed) {
    let id = typed_id(placeholder);
    let mut text = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_else(|| proposal.to_owned());
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(id));
    let name = format!("What stands for {placeholder}");
    let scale = theme::of(ui.ctx()).text_scale;
    let entry = Entry::new(id.with("field"), &name).hint("nothing found").width(rect.width() / scale - 18.0);
    let response = entry.line(&mut child, &mut text, None);
    ui.data_mut(|data| data.insert_temp(id, text));
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        use_typed(ui, placeholder, pressed);
    }
}

fn use_typed(ui: &Ui, placeholder: &str, pressed: &mut Pressed) {
    let id = typed_id(placeholder);
    let text = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_default().trim().to_owned();
    if !text.is_empty() {
        ui.data_mut(|data| data.remove::<String>(id));
        pressed.commands.push(Command::Page(Page::Answer(Answered::Placeholder(text))));
    }
}
