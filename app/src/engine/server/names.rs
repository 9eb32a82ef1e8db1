//! What was renamed or moved lately, and a caller may speak of under its old name.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use topology::{Became, Lab, adopt};

/// After so long whoever is told of each look has taken it in.
const LATELY: Duration = Duration::from_secs(2);

#[derive(Default)]
pub struct Names {
    lately: VecDeque<(Instant, Vec<Became>)>,
}

impl Names {
    pub fn became(&mut self, became: &[Became]) {
        let now = Instant::now();
        self.lately.retain(|(at, _)| now.saturating_duration_since(*at) < LATELY);
        if !became.is_empty() {
            self.lately.push_back((now, became.to_vec()));
        }
    }

    /// Both labs in the names that things have now, as far as `known` has them under older ones.
    pub fn of_now(&self, mut known: Lab, mut wanted: Lab) -> (Lab, Lab) {
        for (_, became) in &self.lately {
            let news: Vec<Became> = became.iter().filter(|what| is_news(&known, what)).cloned().collect();
            if !news.is_empty() {
                known = adopt::renamed(&known, &news);
                wanted = adopt::renamed(&wanted, &news);
            }
        }
        (known, wanted)
    }
}

fn is_news(known: &Lab, became: &Became) -> bool {
    match became {
        Became::Namespace { from, to } => {
            known.namespaces.contains_key(from) && !known.namespaces.contains_key(to)
        }
        Became::Interface { from, to } => known.interface(from).is_some() && known.interface(to).is_none(),
    }
}

#[cfg(test)]
mod tests {
    use topology::{Interface, InterfaceKind, NamespaceName, Place};

    use super::*;

    fn lab(places: &[&str]) -> Lab {
        let mut lab = Lab::default();
        for at in places {
            let at: Place = at.parse().expect("a place");
            let room = lab.namespaces.entry(at.namespace).or_default();
            room.interfaces.insert(at.interface, Interface::new(InterfaceKind::VethEnd));
        }
        lab
    }

    fn moved(from: &str, to: &str) -> Became {
        Became::Interface { from: from.parse().expect("a place"), to: to.parse().expect("a place") }
    }

    #[test]
    fn what_the_caller_has_not_heard_of_is_told_in_its_place() {
        let mut names = Names::default();
        names.became(&[moved("host/a", "host/b")]);
        names.became(&[]);
        names.became(&[moved("host/b", "host/c")]);
        let (known, wanted) = names.of_now(lab(&["host/a", "red/x"]), lab(&["host/a", "red/x", "red/y"]));
        assert_eq!((known, wanted), (lab(&["host/c", "red/x"]), lab(&["host/c", "red/x", "red/y"])));
        // It knows of one, of both.
        assert_eq!(names.of_now(lab(&["host/b"]), lab(&[])).0, lab(&["host/c"]));
        assert_eq!(names.of_now(lab(&["host/c"]), lab(&["host/c"])).1, lab(&["host/c"]));
    }

    #[test]
    fn a_room_takes_its_name_along() {
        let mut names = Names::default();
        let name = |text: &str| -> NamespaceName { text.parse().expect("a name") };
        names.became(&[Became::Namespace { from: name("pid 7"), to: name("red") }]);
        let (known, wanted) = names.of_now(lab(&["pid 7/a"]), lab(&["pid 7/a", "pid 7/b"]));
        assert_eq!((known, wanted), (lab(&["red/a"]), lab(&["red/a", "red/b"])));
    }
}
