//! News that come late, twice, or in an odd order.

use topology::InterfaceName;

use super::*;
use crate::model::{
    act::{Act, Item},
    command::InterfaceChange,
    state::Standing,
    story::Batch,
};

fn stopped(why: Option<&str>) -> Command {
    Command::News(News::Stopped { why: why.map(Into::into) })
}

fn has_start(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::StartLab(_)))
}

#[test]
fn who_stops_while_it_starts_hears_no_more_of_it() {
    let (mut state, _) = opened();
    assert_eq!(update(&mut state, Command::StopLab), [Effect::StopLab]);
    assert_eq!(update(&mut state, Command::StopLab), [], "once");
    let late = started(&state);
    assert_eq!(update(&mut state, late), []);
    assert_eq!(state.live, Live::Stopping);
    assert_eq!(update(&mut state, stopped(None)), []);
    assert_eq!(state.live, Live::Off);
    let refused = News::Refused { what: "a".into(), why: "b".into(), mend: "c".into() };
    let (mut state, _) = opened();
    let _ = update(&mut state, Command::StopLab);
    let _ = update(&mut state, Command::News(refused));
    assert_eq!((&state.live, &state.dialog), (&Live::Stopping, &None));
}

#[test]
fn run_and_stop_twice_in_a_hurry() {
    let (mut state, _) = opened();
    assert_eq!(update(&mut state, Command::RunLab), [], "it starts already");
    let _ = update(&mut state, Command::StopLab);
    assert_eq!(update(&mut state, Command::RunLab), []);
    assert_eq!(update(&mut state, Command::RunLab), []);
    assert!(has_start(&update(&mut state, stopped(None))), "it starts when it has stopped");
    assert_eq!(state.live, Live::Starting);
    let _ = update(&mut state, Command::StopLab);
    let _ = update(&mut state, Command::RunLab);
    let _ = update(&mut state, Command::StopLab);
    assert_eq!(update(&mut state, stopped(None)), [], "the last word counts");
    assert_eq!(state.live, Live::Off);
}

#[test]
fn a_death_while_it_is_stopped_does_not_lose_the_next_start() {
    let mut state = running();
    let _ = update(&mut state, Command::StopLab);
    let _ = update(&mut state, stopped(Some("killed")));
    assert_eq!(update(&mut state, Command::RunLab), [], "the answer to the stop is still to come");
    assert!(has_start(&update(&mut state, stopped(None))));
    let begun = started(&state);
    let _ = update(&mut state, begun);
    assert!(state.is_running());
}

#[test]
fn another_lab_opened_while_one_starts_takes_its_turn() {
    let (mut state, _) = opened();
    let other = ready::LABS[1].name;
    let effects = update(&mut state, Command::File(File::OpenReady(other)));
    assert!(effects.contains(&Effect::StopLab) && !has_start(&effects), "{effects:?}");
    let late = started(&state);
    assert_eq!(update(&mut state, late), []);
    let effects = update(&mut state, stopped(None));
    assert_eq!(effects, [Effect::StartLab(state.draft.lab().clone())]);
    assert_eq!(state.draft.lab().title, ready::LABS[1].lab().title);
}

#[test]
fn news_of_a_lab_that_is_off_change_nothing() {
    let (mut state, _) = opened();
    let _ = update(&mut state, Command::StopLab);
    let _ = update(&mut state, stopped(None));
    let lab = state.draft.lab().clone();
    let all: [fn(&mut State, &Lab) -> Vec<Effect>; 3] = [
        done,
        |state, _| failed(state, None, "late"),
        |state, _| {
            let late = started(state);
            update(state, late)
        },
    ];
    for late in all {
        assert_eq!(late(&mut state, &lab), []);
        assert_eq!(state.live, Live::Off);
        assert!(state.failed.is_empty());
    }
    let _ = update(&mut state, Command::News(News::RecordingStarted { path: "/a".into() }));
    assert_eq!(state.recording, None, "nothing runs that could be recorded");
}

#[test]
fn what_a_stopping_engine_says_is_of_a_story_that_is_over() {
    let mut state = running();
    let _ = update(&mut state, Command::File(File::New));
    let captions = vec![(capture::WireNs(5), "late".to_owned())];
    let _ = update(&mut state, Command::News(News::Seen(Batch { captions, ..Batch::default() })));
    assert!(state.captions.is_empty());
}

#[test]
fn what_waits_for_a_start_is_dropped_by_a_stop() {
    let (mut state, _) = opened();
    let forget = Command::Act(Act::ForgetNeighbours(Default::default()));
    assert_eq!(update(&mut state, forget.clone()), []);
    assert_eq!(state.pending.len(), 1);
    let _ = update(&mut state, Command::StopLab);
    assert!(state.pending.is_empty());
    let _ = update(&mut state, forget);
    let effects = update(&mut state, stopped(None));
    assert!(has_start(&effects), "an act starts the lab again");
    let begun = started(&state);
    assert!(matches!(update(&mut state, begun)[..], [Effect::Act { .. }]));
}

#[test]
fn two_changes_in_a_row_are_under_way_until_the_last_is_done() {
    let mut state = running();
    let _ = add_namespace(&mut state);
    let (first, number) = (state.draft.lab().clone(), state.changes.newest());
    let _ = add_namespace(&mut state);
    let news = News::Changed { number, observed: Arc::new(first.settled()), taps: 5 };
    assert_eq!(update(&mut state, Command::News(news)), [], "the other one's answer is to come");
    assert!(matches!(state.live, Live::On { changing: true, .. }));
    assert!(state.failed.is_empty(), "what is on its way has not failed");
    let last = state.draft.lab().clone();
    assert_eq!(done(&mut state, &last), []);
    assert!(matches!(state.live, Live::On { changing: false, .. }));
}

#[test]
fn what_the_kernel_has_otherwise_is_said_on_the_thing() {
    let mut state = running();
    let at: topology::Place = "ns1/veth-ns1".parse().expect("a place");
    let change = InterfaceChange::Mtu(Some(70_000));
    let _ = update(&mut state, Command::Draw(Draw::Interface { at: at.clone(), change }));
    let item = Item::Interface(at);
    assert!(!state.failed.contains_key(&item), "it is on its way");
    let lab = state.draft.lab().clone();
    let _ = done(&mut state, &lab);
    assert_eq!(state.failed[&item], "MTU: the kernel has 65535 instead of 70000");
    assert_eq!(state.standing(&item), Standing::Failed);
    let _ = update(&mut state, Command::Undo);
    let lab = state.draft.lab().clone();
    let _ = done(&mut state, &lab);
    assert_eq!(state.standing(&item), Standing::Real);
}

#[test]
fn a_change_that_failed_stands_as_failed_until_it_is_taken_back() {
    let mut state = running();
    let _ = add_namespace(&mut state);
    let added = state.selection.first().expect("it is selected").clone();
    let _ = failed(&mut state, Some(added.clone()), "too many open files");
    assert_eq!(state.standing(&added), Standing::Failed);
    assert_eq!(state.failed[&added], "too many open files");
    assert!(state.log.last().is_some_and(|logged| logged.trouble.is_some()));
    let effects = update(&mut state, Command::Undo);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::ChangeLab(_))));
    assert!(state.failed.is_empty());
}

#[test]
fn what_is_typed_about_something_that_goes_is_over() {
    let mut state = running();
    let name: InterfaceName = "veth-ns1".parse().expect("a name");
    let at = topology::Place::new("ns1".parse().expect("a name"), name);
    let typed = crate::model::state::InPlace::Address { at: at.clone(), was: None };
    let _ = update(&mut state, Command::View(crate::model::command::View::InPlace(Some(typed))));
    let _ = update(&mut state, Command::Draw(Draw::Remove([Item::Interface(at)].into())));
    assert_eq!(state.in_place, None);
}
