//! The window as eframe knows it: news in, the state drawn, commands out, effects handed to the desk.

use std::time::{Duration, Instant};

use egui::{CentralPanel, Context, Frame, Panel, Ui, ViewportCommand};

use super::{docks::Docks, frame_log::FrameLog, panels, shortcuts, stage::Stage, theme};
use crate::{
    desk::Desk,
    model::{
        command::{Command, Effect, File, View},
        state::{Page, Settings, Side, State},
        update::update,
    },
};

/// Of each frame, at most this is spent on taking in news.
const NEWS_BUDGET: Duration = Duration::from_millis(6);
/// The same while a recording is read: that it is soon there counts for more than even pictures.
const READING_BUDGET: Duration = Duration::from_millis(20);
/// While something moves and there is no graphics card, which would give the beat: drawing by software takes all
/// processors that it can get.
const SLOW_FRAME: Duration = Duration::from_millis(25);
/// A frame that took longer than this was drawn by a machine that needs a rest.
const FAST_ENOUGH: Duration = Duration::from_millis(10);
/// While looks at the kernel wait for the answer to a change to settle.
const SETTLING: Duration = Duration::from_millis(50);
/// While only outcomes fade or acts are under way.
const CALM_FRAME: Duration = Duration::from_millis(200);

pub struct App {
    pub state: State,
    desk: Option<Desk>,
    stage: Stage,
    docks: Docks,
    commands: Vec<Command>,
    /// The looks that egui was told last.
    looks: Option<(bool, bool, f32)>,
    title: String,
    log: Option<FrameLog>,
    pass_began: Instant,
    /// Without a graphics card.
    is_drawn_by_software: bool,
}

impl App {
    /// `first`: what to open at the start.
    pub fn new(context: &Context, settings: Settings, first: File) -> Self {
        let waker = context.clone();
        Self::with(Desk::open(move || waker.request_repaint()), settings, first)
    }

    /// The same with a desk of one's own, which must wake the window whenever it has news.
    pub fn with(desk: Desk, settings: Settings, first: File) -> Self {
        let log = FrameLog::if_asked_for();
        let commands = vec![Command::File(first)];
        Self { desk: Some(desk), commands, log, ..Self::showing(State::new(settings)) }
    }

    /// A window on a state that is there already, for pictures: nobody carries anything out, and no time passes.
    pub fn showing(state: State) -> Self {
        let docks = Docks::parse(state.settings.dock.as_deref());
        Self {
            state,
            desk: None,
            stage: Stage::default(),
            docks,
            commands: Vec::new(),
            looks: None,
            title: String::new(),
            log: None,
            pass_began: Instant::now(),
            is_drawn_by_software: false,
        }
    }

    /// Whether there is no graphics card, so that each picture costs processor time.
    #[must_use]
    pub fn drawn_by_software(self, is_drawn_by_software: bool) -> Self {
        Self { is_drawn_by_software, ..self }
    }

    fn obey(&mut self, context: &Context) {
        for command in std::mem::take(&mut self.commands) {
            for effect in update(&mut self.state, command) {
                match effect {
                    Effect::Copy(text) => context.copy_text(text),
                    Effect::Quit => context.send_viewport_cmd(ViewportCommand::Close),
                    effect => {
                        if let Some(desk) = &mut self.desk {
                            desk.carry_out(effect);
                        }
                    }
                }
            }
        }
    }

    fn set_looks(&mut self, context: &Context) {
        let Settings { dark, projector, scale, .. } = self.state.settings;
        if self.looks != Some((dark, projector, scale)) {
            theme::apply(context, dark, projector);
            context.set_zoom_factor(scale);
            self.looks = Some((dark, projector, scale));
        }
    }

    fn set_title(&mut self, context: &Context) {
        let lab = self.state.lab();
        let name = if lab.title.is_empty() { "Unnamed lab" } else { &lab.title };
        let unsaved = if self.state.draft.is_saved() { "" } else { "• " };
        let title = format!("{unsaved}{name} – Hopscope");
        if title != self.title {
            context.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// What the window's frame itself says: files dropped on it, its close button, its size.
    fn window_events(&mut self, context: &Context) {
        let (dropped, closing, size) = context.input(|input| {
            let dropped: Vec<_> =
                input.raw.dropped_files.iter().map(|file| file.path().to_path_buf()).collect();
            (dropped, input.viewport().close_requested(), input.viewport().inner_rect.map(|rect| rect.size()))
        });
        self.commands.extend(dropped.into_iter().map(|path| Command::File(File::Open(path))));
        if closing && !self.state.may_leave() {
            context.send_viewport_cmd(ViewportCommand::CancelClose);
            self.commands.push(Command::Quit);
        }
        if let Some(size) = size
            && self.state.settings.window.is_none_or(|(x, y)| 1.0 < (size.x - x).abs() + (size.y - y).abs())
        {
            self.commands.push(Command::View(View::WindowSize(size.x, size.y)));
        }
    }

    fn lay_out(&mut self, ui: &mut Ui) {
        let theme = theme::of(ui.ctx());
        let bare = Frame::NONE.fill(theme.panel);
        let (state, out) = (&self.state, &mut self.commands);
        let is_shown = |side: Side| state.is_shown(side);
        let line = egui::Stroke::new(1.0, theme.line);
        Panel::top("menu").exact_size(theme::size::TOP_BAR).frame(bare).show(ui, |ui| {
            panels::menu::show(ui, state, out);
        });
        if state.page == Page::Home {
            CentralPanel::default().frame(Frame::NONE.fill(theme.app)).show(ui, |ui| {
                panels::home::show(ui, state, out);
            });
            return;
        }
        if is_shown(Side::Below) {
            Panel::bottom("below")
                .resizable(true)
                .default_size(theme::size::BELOW)
                .size_range(120.0..=ui.available_height() * 0.7)
                .frame(bare)
                .show(ui, |ui| self.docks.show_below(ui, state, out));
        }
        Panel::bottom("transport").exact_size(theme::size::TRANSPORT).frame(bare).show(ui, |ui| {
            panels::transport::show(ui, state, out);
        });
        if is_shown(Side::Tools) {
            Panel::left("tools").exact_size(theme::size::TOOLS).frame(bare).show(ui, |ui| {
                panels::tools::show(ui, state, out);
            });
        }
        if state.tutorial.is_some() {
            page(ui, state, out);
        }
        if is_shown(Side::Inspector) {
            Panel::right("right")
                .resizable(true)
                .default_size(theme::size::INSPECTOR)
                .size_range(240.0..=ui.available_width() * 0.6)
                .frame(bare)
                .show(ui, |ui| self.docks.show_right(ui, state, out));
        }
        CentralPanel::default().frame(Frame::NONE.fill(theme.stage).stroke(line)).show(ui, |ui| {
            self.stage.show(ui, state, out);
        });
        panels::notices::show(ui, state, out);
    }

    /// When time matters to the open tutorial next.
    fn page_wakes(&self) -> Option<Duration> {
        let wakes = self.state.tutorial.as_ref()?.wakes?;
        let rest = (wakes - self.state.now).clamp(0.0, CALM_FRAME.as_secs_f64());
        Some(Duration::from_secs_f64(rest).max(SLOW_FRAME))
    }

    /// Asks for the next frame only when something will have changed by then.
    fn plan_next_frame(&self, context: &Context, frame: &eframe::Frame) {
        let playhead = &self.state.playhead;
        if playhead.is_moving(self.state.story.length()) {
            let took = frame.info().cpu_usage.map_or(Duration::ZERO, Duration::from_secs_f32);
            if took < FAST_ENOUGH && !self.is_drawn_by_software {
                context.request_repaint();
            } else {
                // What the picture itself takes is part of the beat, and egui takes off what it thinks that is.
                let rest = SLOW_FRAME.saturating_sub(self.pass_began.elapsed());
                let expected = Duration::from_secs_f32(context.input(|input| input.predicted_dt));
                context.request_repaint_after(rest + expected);
            }
        } else if let Some(wakes) = self.page_wakes() {
            context.request_repaint_after(wakes);
            if self.state.sights.is_waiting() {
                context.request_repaint_after(SETTLING);
            }
        } else if self.state.sights.is_waiting() {
            context.request_repaint_after(SETTLING);
        } else if self.state.notices.iter().any(|notice| !notice.is_bad) || !self.state.acts.is_empty() {
            context.request_repaint_after(CALM_FRAME);
        }
    }
}

/// The open tutorial. How wide it was made is kept for the next time.
fn page(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let width = panels::page::width(state);
    let shown = Panel::left("page")
        .resizable(true)
        .default_size(width)
        .size_range(300.0..=(ui.available_width() * 0.6).max(300.0))
        .frame(Frame::NONE.fill(theme.panel))
        .show(ui, |ui| panels::page::show(ui, state, out));
    let now = shown.response.rect.width();
    let is_dragged = ui.input(|input| input.pointer.any_down());
    if 1.0 < (now - width).abs() && !is_dragged {
        out.push(Command::View(View::PageWidth(now)));
    }
}

impl eframe::App for App {
    fn logic(&mut self, context: &Context, _frame: &mut eframe::Frame) {
        self.pass_began = Instant::now();
        if let Some(log) = &mut self.log {
            log.is_shown();
        }
        let is_reading = self.state.is_replay() && self.state.story.end().is_none();
        let budget = if is_reading { READING_BUDGET } else { NEWS_BUDGET };
        if let Some(desk) = &mut self.desk {
            self.commands.extend(desk.news(budget).into_iter().map(Command::News));
            // egui's clock, so that whoever drives the window without a screen says what time it is.
            self.commands.push(Command::Tick { now: context.input(|input| input.time) });
        }
        self.obey(context);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        let context = ui.ctx().clone();
        self.set_looks(&context);
        self.window_events(&context);
        shortcuts::pressed(&context, &self.state, &mut self.commands);
        self.docks.follow(&self.state);
        self.lay_out(ui);
        panels::dialogs::show(ui, &self.state, &mut self.commands);
        let had_commands = !self.commands.is_empty();
        self.obey(&context);
        self.set_title(&context);
        if had_commands {
            // What they changed is to be seen at once.
            context.request_repaint();
        }
        self.plan_next_frame(&context, frame);
        if let Some(log) = &mut self.log {
            log.is_drawn(&context, &self.state);
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if let Some(desk) = self.desk.take() {
            desk.close();
        }
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("state", &self.state).finish_non_exhaustive()
    }
}
