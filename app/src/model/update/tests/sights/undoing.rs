//! What was typed is taken back, as far as a plan can.

use super::*;
use crate::model::changes::Change;

impl Typing {
    /// The desk carries it out.
    fn obey(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::ChangeLab(Change { wanted, .. }) = effect {
                self.kernel = wanted.settled();
                let _ = done(&mut self.state, wanted);
                let _ = self.seen();
                self.pause();
            }
        }
    }

    fn undo(&mut self) {
        let effects = update(&mut self.state, Command::Undo);
        self.obey(&effects);
    }
}

#[test]
fn all_of_it_back_and_forth() {
    let mut typing = red_and_blue();
    let end = typing.drawn().clone();
    for _ in 0..6 {
        typing.undo();
        typing.check();
    }
    assert!(typing.drawn().namespaces.keys().all(NamespaceName::is_host));
    assert_eq!(typing.state.draft.undo_words(), None);
    for _ in 0..6 {
        let effects = update(&mut typing.state, Command::Redo);
        typing.obey(&effects);
        typing.check();
    }
    assert_eq!(*typing.drawn(), end);
}

#[test]
fn what_cannot_be_taken_back_is_drawn_again() {
    let mut typing = red_and_blue();
    let before = typing.drawn().clone();
    let effects = update(&mut typing.state, Command::Undo);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::ChangeLab(_))));
    let effects = failed(&mut typing.state, None, "busy");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::ChangeLab(_))), "no fight: {effects:?}");
    assert_eq!(*typing.drawn(), before);
    typing.check();
    assert_eq!(typing.state.draft.redo_words(), None);
    let _ = typing.seen();
    typing.pause();
    assert_eq!(*typing.drawn(), before);
    assert!(typing.state.notices.iter().any(|notice| notice.words.contains("busy")));
}

#[test]
fn a_process_is_not_ended_by_undo() {
    let mut typing = Typing::begin();
    typing.unshare(7);
    let _ = typing.seen();
    typing.pause();
    let at = typing.room("pid 7");
    let effects = update(&mut typing.state, Command::Undo);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::ChangeLab(_))), "{effects:?}");
    assert_eq!(typing.room("pid 7"), at);
    typing.check();
    assert!(typing.state.notices.iter().any(|notice| notice.words.contains("pid 7 lives as long")));
    let remove = Draw::Remove([Item::Thing(Thing::Namespace(name("pid 7")))].into());
    let _ = update(&mut typing.state, Command::Draw(remove));
    typing.check();
}

#[test]
fn a_process_that_ended_is_not_brought_back() {
    let mut typing = Typing::begin();
    typing.unshare(7);
    typing.veth("host/a", "host/b");
    typing.link_set("host/a", "pid 7/a");
    let _ = typing.seen();
    typing.pause();
    typing.processes.clear();
    typing.netns_del("pid 7");
    let _ = typing.seen();
    typing.check();
    typing.pause();
    typing.undo();
    typing.check();
    assert!(typing.drawn().cables.is_empty() && !typing.drawn().namespaces.contains_key(&name("pid 7")));
}

#[test]
fn a_cable_to_a_process_is_taken_back() {
    let mut typing = Typing::begin();
    typing.unshare(7);
    let _ = typing.seen();
    typing.pause();
    typing.veth("host/a", "host/b");
    let _ = typing.seen();
    typing.pause();
    typing.link_set("host/a", "pid 7/a");
    let _ = typing.seen();
    typing.pause();
    typing.check();
    typing.undo();
    typing.check();
    assert_eq!(typing.drawn().cables.first(), Some(&Cable::new(place("host/a"), place("host/b"))));
}
