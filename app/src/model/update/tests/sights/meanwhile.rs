//! Somebody types while a change of ours is under way.

use super::*;
use crate::model::changes::Change;

fn asked(effects: &[Effect]) -> Change {
    let change = effects.iter().find_map(|effect| match effect {
        Effect::ChangeLab(change) => Some(change.clone()),
        _ => None,
    });
    change.expect("the kernel is asked")
}

impl Typing {
    /// As an engine does it: what was typed stays.
    fn carry_out(&mut self, change: &Change) {
        self.kernel = topology::reconcile::reconcile(&change.wanted, &change.known, &self.kernel).settled();
    }

    fn answer(&mut self, change: &Change) -> Vec<Effect> {
        let (number, observed) = (change.number, Arc::new(self.kernel.settled()));
        update(&mut self.state, Command::News(News::Changed { number, observed, taps: 5 }))
    }
}

#[test]
fn a_change_starts_from_the_last_look_or_from_the_change_before() {
    let mut typing = red_and_blue();
    let Live::On { observed, .. } = &typing.state.live else { panic!("it runs") };
    let seen = observed.clone();
    typing.netns_add("unseen");
    let first = asked(&add_namespace(&mut typing.state));
    assert_eq!((&first.known, first.after), (&seen, None));
    let second = asked(&update(&mut typing.state, Command::Undo));
    assert_eq!((&second.known, second.after), (&first.wanted, Some(first.number)));
    typing.carry_out(&first);
    let _ = typing.answer(&first);
    typing.carry_out(&second);
    let _ = typing.answer(&second);
    let names: Vec<&str> = typing.drawn().namespaces.keys().map(NamespaceName::as_str).collect();
    assert_eq!(names, ["blue", "host", "red", "unseen"]);
    typing.check();
}

#[test]
fn settings_that_were_typed_meanwhile_are_drawn_and_not_called_refused() {
    let mut typing = red_and_blue();
    let change = asked(&add_namespace(&mut typing.state));
    typing.change("red/veth-red", |found| (found.up, found.mtu) = (false, Some(1300)));
    typing.carry_out(&change);
    let _ = typing.answer(&change);
    typing.check();
    let end = typing.drawn().interface(&place("red/veth-red")).expect("it is drawn").clone();
    assert_eq!((end.up, end.mtu), (false, Some(1300)));
    assert!(typing.state.draft.undo_words().is_some_and(|words| words.starts_with("Typed: ")));
}

#[test]
fn what_was_renamed_meanwhile_keeps_what_is_set_on_it() {
    let mut typing = red_and_blue();
    let item = Item::Interface(place("red/veth-red"));
    let change = asked(&add_namespace(&mut typing.state));
    let _ = update(&mut typing.state, Command::Select(Select::Only(item)));
    typing.link_set("red/veth-red", "red/wan");
    let _ = typing.seen();
    typing.kernel.namespaces.extend(
        change
            .wanted
            .namespaces
            .iter()
            .filter(|(name, _)| !change.known.namespaces.contains_key(*name))
            .map(|(name, found)| (name.clone(), found.clone())),
    );
    let _ = typing.answer(&change);
    typing.check();
    assert_eq!(typing.state.selection, [Item::Interface(place("red/wan"))].into());
    let words = typing.state.draft.undo_words().expect("something was typed").to_owned();
    assert!(words.contains("Call red/veth-red now wan") && !words.contains("and"), "{words}");
    let _ = typing.seen();
    typing.pause();
    typing.check();
}

#[test]
fn an_older_change_that_failed_is_heard_of_with_the_newer_one() {
    let mut typing = red_and_blue();
    let first = asked(&add_namespace(&mut typing.state));
    let second = asked(&add_namespace(&mut typing.state));
    let news = News::ChangeFailed { number: first.number, about: None, why: "busy".into() };
    assert_eq!(update(&mut typing.state, Command::News(news)), []);
    assert!(typing.state.notices.iter().all(|notice| !notice.words.contains("busy")));
    let second = second.after_failed(&first);
    typing.carry_out(&second);
    let _ = typing.answer(&second);
    typing.check();
}
