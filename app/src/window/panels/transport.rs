//! The bar under the stage: playing, one sentence on what happens, and both clocks.

use egui::{Align, Layout, Popup, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::{
    model::{
        command::{Command, Play},
        narration::{Narration, narrate},
        state::State,
    },
    window::{
        theme,
        widgets::{icon::Icon, lettering, menu_item, push::Push},
    },
};

mod clock;

/// In points.
pub const HEIGHT: f32 = 60.0;

/// Kept for the clocks, so that nothing moves while they run.
const CLOCKS_WIDTH: f32 = 216.0;
const MARGIN: f32 = 16.0;
const BUTTON_HEIGHT: f32 = 32.0;

/// Story seconds in one real second, and how that is written.
const SPEEDS: [(f64, &str); 5] = [(0.25, "¼"), (0.5, "½"), (1.0, "1"), (2.0, "2"), (4.0, "4×")];

/// Fills the bar that `ui` is.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let bar = ui.max_rect();
    ui.painter().rect_filled(bar, 0.0, theme.panel);
    let inner = bar.shrink2(vec2(MARGIN, 0.0));
    let builder = UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center));
    let mut left = ui.new_child(builder);
    left.spacing_mut().item_spacing.x = 6.0;
    player(&mut left, state, out);
    modes(&mut left, state, out);
    let clocks =
        Rect::from_min_max(pos2(inner.right() - CLOCKS_WIDTH * theme.text_scale, inner.top()), inner.max);
    let sentence = Rect::from_min_max(
        pos2(left.min_rect().right() + 18.0, inner.top()),
        pos2(clocks.left() - 18.0, inner.bottom()),
    );
    told(ui, sentence, &narrate(state));
    clock::show(ui, clocks, state);
}

fn player(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let is_playing = state.playhead.playing;
    let (words, icon) = if is_playing { ("Pause", Icon::Pause) } else { ("Play", Icon::Play) };
    let side = |words, icon| Push::icon_only(words, icon).width(38.0).height(BUTTON_HEIGHT);
    let buttons = [
        (
            side("To the beginning of this or the previous conversation", Icon::ToBeginning).key("PageUp"),
            Play::PreviousConversation,
        ),
        (side("Back a hop", Icon::Back).key("ArrowLeft or ,"), Play::PreviousHop),
        (Push::icon_only(words, icon).primary().width(46.0).height(BUTTON_HEIGHT).key("Space"), Play::Toggle),
        (side("On a hop", Icon::Forward).key("ArrowRight or ."), Play::NextHop),
        (side("Next conversation", Icon::ToEnd).key("PageDown"), Play::NextConversation),
    ];
    for (button, play) in buttons {
        if button.show(ui).clicked() {
            out.push(Command::Play(play));
        }
    }
}

fn modes(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    ui.add_space(6.0);
    speed(ui, state, out);
    let playhead = &state.playhead;
    let looped = Push::icon_only("Loop", Icon::Loop)
        .tip("Plays the marked span of the timeline again and again.")
        .key("L")
        .on(playhead.looped.is_some())
        .enabled(playhead.looped.is_some() || state.span.is_some())
        .width(34.0)
        .height(BUTTON_HEIGHT);
    if looped.show(ui).clicked() {
        let next = if playhead.looped.is_some() { None } else { state.span };
        out.push(Command::Play(Play::Loop(next)));
    }
    if !state.is_replay() {
        let follow = Push::icon_only("Follow live", Icon::Follow)
            .tip("Goes on by itself when something new is seen.")
            .key("G")
            .on(playhead.following)
            .width(34.0)
            .height(BUTTON_HEIGHT);
        if follow.show(ui).clicked() {
            out.push(Command::Play(Play::FollowLive(!playhead.following)));
        }
    }
}

fn speed(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let now = state.playhead.speed;
    let words = format!("speed {}", spelt(now));
    let push = Push::new(&words).name("Speed").width(84.0).height(BUTTON_HEIGHT);
    let response =
        push.tip("Story seconds in one real second; faster and slower by key.").key("[ or ]").show(ui);
    Popup::menu(&response).gap(4.0).show(|ui| {
        ui.set_width(120.0);
        for (speed, words) in SPEEDS {
            let is_on = (speed - now).abs() < 1e-6;
            if menu_item::show(ui, &format!("speed {words}"), "", true, is_on).clicked() {
                out.push(Command::Play(Play::Speed(speed)));
            }
        }
    });
}

fn spelt(speed: f64) -> String {
    let known = SPEEDS.iter().find(|(known, _)| (known - speed).abs() < 1e-6);
    known.map_or_else(|| format!("{speed:.2}"), |(_, words)| (*words).to_owned())
}

/// The sentence and what follows from it.
fn told(ui: &mut Ui, rect: Rect, told: &Narration) {
    if rect.width() < 40.0 || told.headline.is_empty() {
        return;
    }
    let theme = theme::of(ui.ctx());
    let mut headline =
        lettering::cut(ui, &told.headline, theme.font(theme::text::TITLE - 0.5), theme.text, rect.width());
    let detail =
        lettering::cut(ui, &told.detail, theme.font(theme::text::SMALL + 0.5), theme.mute, rect.width());
    // Where there is little room, the sentence itself comes first: it takes both lines.
    let has_detail = !told.detail.is_empty() && !headline.elided;
    if headline.elided {
        let font = theme.font(theme::text::BODY);
        let mut job = egui::text::LayoutJob::simple(told.headline.clone(), font, theme.text, rect.width());
        job.wrap.max_rows = 2;
        headline = ui.painter().layout_job(job);
    }
    let was_cut = headline.elided || detail.elided || !has_detail && !told.detail.is_empty();
    let gap = if has_detail { 2.0 + detail.size().y } else { 0.0 };
    let top = rect.center().y - (headline.size().y + gap) / 2.0;
    let below = top + headline.size().y + 2.0;
    ui.painter().galley(pos2(rect.left(), top), headline, theme.text);
    if has_detail {
        ui.painter().galley(pos2(rect.left(), below), detail, theme.mute);
    }
    let found = ui.interact(rect, ui.scope_id().with("sentence"), Sense::hover());
    let whole = format!("{} {}", told.headline, told.detail);
    found.widget_info(|| WidgetInfo::labeled(Role::Label, true, whole.trim()));
    if was_cut {
        found.on_hover_text(whole.trim());
    }
}
