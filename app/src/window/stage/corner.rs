//! In the stage's lower right corner: how large it is drawn, and buttons to change that.

use egui::{Align, Layout, Rect, Ui, UiBuilder, Vec2, pos2};

use crate::{
    model::{
        command::{Command, View},
        state::State,
    },
    window::{
        theme,
        widgets::{icon::Icon, push::Push},
    },
};

/// In points; a projector's bigger signs need more room beside them.
const SIZE: Vec2 = Vec2::new(160.0, 32.0);
const PROJECTOR_WIDTH: f32 = 192.0;
const FROM_EDGE: f32 = 12.0;
/// One press.
const STEP: f32 = 1.25;

pub fn show(ui: &mut Ui, state: &State, stage: Rect, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let corner = stage.max - Vec2::splat(FROM_EDGE);
    let scale = theme.text_scale;
    let width = if theme.is_projector { PROJECTOR_WIDTH } else { SIZE.x };
    let bar = Rect::from_min_max(corner - Vec2::new(width, SIZE.y) * scale, corner);
    if stage.width() < 2.0 * SIZE.x || stage.height() < 3.0 * SIZE.y {
        return;
    }
    ui.painter().rect(bar, theme::space::CORNER, theme.panel, (1.0, theme.line), egui::StrokeKind::Inside);
    let inner = bar.shrink(2.0);
    let builder = UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        let around = pos2(stage.width() / 2.0, stage.height() / 2.0);
        let mut button = |ui: &mut Ui, push: Push<'_>, view: View| {
            if push.quiet().height(inner.height()).show(ui).clicked() {
                out.push(Command::View(view));
            }
        };
        let smaller = View::Zoom { factor: 1.0 / STEP, around };
        button(ui, Push::icon_only("Zoom out", Icon::Minus).key("-").width(30.0 * scale), smaller);
        let percent = format!("{:.0} %", state.camera.zoom * 100.0);
        let natural =
            Push::new(&percent).name("Zoom to 100 %").key("0").tip("To natural size").width(62.0 * scale);
        button(ui, natural, View::ZoomTo(1.0));
        let larger = View::Zoom { factor: STEP, around };
        button(ui, Push::icon_only("Zoom in", Icon::Plus).key("+").width(30.0 * scale), larger);
        button(
            ui,
            Push::icon_only("Fit the lab into the window", Icon::Fit).key("F").width(34.0 * scale),
            View::Fit,
        );
    });
}
