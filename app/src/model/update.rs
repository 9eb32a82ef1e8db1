//! The one writer.

mod beyond;
mod draw;
mod file;
mod live;
mod news;
mod page;
mod play;
mod sight;
mod terminal;
mod view;
mod watch;

use super::{
    act::{Done, Telling},
    command::{Command, Effect},
    state::State,
};

/// Good news leave by themselves after so many seconds.
const NOTICE_SECONDS: f64 = 6.0;
/// An outcome stays beside its sender for so long.
const OUTCOME_SECONDS: f64 = 12.0;

/// Carries a command out on the state; what must be done outside comes back.
#[must_use]
pub fn update(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Draw(edit) => draw::draw(state, edit),
        Command::Undo => draw::undo(state),
        Command::Redo => draw::redo(state),
        Command::Select(select) => draw::select(state, select),
        Command::Tool(tool) => {
            state.tool = tool;
            Vec::new()
        }
        Command::RunLab => live::run(state),
        Command::StopLab => live::stop(state),
        Command::Ping => live::ping(state),
        Command::Act(act) => live::act(state, act),
        Command::StopAct(id) => vec![Effect::StopAct(id)],
        Command::StopAllActs => live::stop_all(state),
        Command::Play(play) => play::play(state, play),
        Command::Watch(watch) => watch::watch(state, watch),
        Command::View(view) => view::view(state, view),
        Command::File(file) => file::file(state, file),
        Command::Terminal(terminal) => terminal::terminal(state, terminal),
        Command::Page(page) => page::page(state, page),
        Command::News(news) => news::news(state, news),
        Command::Tick { now } => tick(state, now),
        Command::Dismiss(id) => {
            state.notices.retain(|notice| notice.id != id);
            Vec::new()
        }
        Command::Quit => file::quit(state),
    }
}

fn tick(state: &mut State, now: f64) -> Vec<Effect> {
    let passed = (now - state.now).max(0.0);
    state.now = now;
    play::advance(state, passed);
    state.notices.retain(|notice| notice.is_bad || now - notice.since < NOTICE_SECONDS);
    live::tell_outcomes(state);
    let is_told = |done: &Done| done.is_over && done.telling == Telling::Told;
    state.acts.retain(|done| !is_told(done) || now - done.since < OUTCOME_SECONDS);
    let mut effects = page::tick(state);
    effects.extend(sight::settle(state));
    effects
}

#[cfg(test)]
mod tests;
