//! The frames that are under way: seen to enter a medium, not yet forgotten.
//!
//! Entries stand in one ring in the order in which they came, so that forgetting is taking from its
//! front. A table finds the latest entry of a key, and each entry the one before it with the same
//! key. Entries are used up in order, so those still open for an exit are the last few of that
//! chain: looking walks back until it meets one that has left there already.

use std::collections::{BTreeMap, VecDeque};

use hashbrown::HashTable;

use super::clock::Steady;

/// A frame inside a medium.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub key: u64,
    pub entered: Steady,
    pub sighting: u64,
    pub journey: u64,
    /// The tap by which it entered.
    pub ingress: u32,
    pub ttl: u8,
    /// Some exit beyond the 64th was used; which one stands aside.
    has_far_exits: bool,
    /// The table leads here no more.
    is_settled: bool,
    exits: u64,
    previous: u64,
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub key: u64,
    /// The exit by which it leaves.
    pub exit: u32,
    /// Entries that came by this tap do not count.
    pub not_from: Option<u32>,
    /// Only entries with a higher TTL count; 0 for any.
    pub ttl_above: u8,
    pub now: Steady,
}

/// An entry that fits.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub number: u64,
    /// Others would have fitted too.
    pub ambiguous: bool,
}

#[derive(Debug, Default)]
pub struct Pending {
    ring: VecDeque<Entry>,
    /// The number of the ring's first entry; numbers start at 1, 0 stands for none.
    first: u64,
    latest: HashTable<Latest>,
    far_exits: BTreeMap<u64, Vec<u32>>,
    crowded: u64,
}

#[derive(Clone, Copy, Debug)]
struct Latest {
    key: u64,
    number: u64,
}

impl Pending {
    /// Entries kept at most (64 octets each): what a second of a bridge loop gives on a fast machine.
    const MOST: usize = 1 << 20;
    /// Entries of one key looked at for one frame.
    const DEEPEST: usize = 512;
    /// An open entry older than this (nanoseconds) gives way to a younger one: it was lost. Frames
    /// of a lab wait this long nowhere while later ones with the same octets pass.
    const STALE: i64 = 50_000_000;

    pub fn new() -> Self {
        Self { first: 1, ..Self::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    pub fn len(&self) -> usize {
        self.ring.len()
    }

    /// How often a look or the ring itself was cut short because too much was under way.
    pub fn crowded(&self) -> u64 {
        self.crowded
    }

    pub fn get(&self, number: u64) -> Option<&Entry> {
        self.ring.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    fn get_mut(&mut self, number: u64) -> Option<&mut Entry> {
        self.ring.get_mut(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// Enters a frame.
    pub fn enter(&mut self, key: u64, entered: Steady, sighting: u64, journey: u64, ingress: u32, ttl: u8) {
        if self.ring.len() == Self::MOST {
            self.crowded += 1;
            self.forget_first();
        }
        let number = self.first + self.ring.len() as u64;
        let slot = self.latest.entry(key, |found| found.key == key, |found| found.key);
        let previous = match slot {
            hashbrown::hash_table::Entry::Occupied(mut found) => {
                std::mem::replace(&mut found.get_mut().number, number)
            }
            hashbrown::hash_table::Entry::Vacant(free) => {
                free.insert(Latest { key, number });
                0
            }
        };
        let (has_far_exits, is_settled, exits) = (false, false, 0);
        self.ring.push_back(Entry {
            key,
            entered,
            sighting,
            journey,
            ingress,
            ttl,
            has_far_exits,
            is_settled,
            exits,
            previous,
        });
    }

    /// The oldest entry that fits and is not stale; if all are stale, the youngest.
    pub fn find(&mut self, wanted: Wanted) -> Option<Found> {
        let latest = self.latest.find(wanted.key, |found| found.key == wanted.key)?.number;
        let mut found: Option<Found> = None;
        let mut number = latest;
        for _ in 0..Self::DEEPEST {
            let Some(entry) = self.get(number) else { return found };
            let fits = wanted.not_from != Some(entry.ingress)
                && (wanted.ttl_above == 0 || wanted.ttl_above < entry.ttl);
            if fits {
                let is_stale = Self::STALE < wanted.now.0 - entry.entered.0;
                if self.has_left(entry, number, wanted.exit) || (is_stale && found.is_some()) {
                    return found;
                }
                found = Some(Found { number, ambiguous: found.is_some() });
                if is_stale {
                    return found;
                }
            }
            number = entry.previous;
        }
        self.crowded += 1;
        found.map(|found| Found { ambiguous: true, ..found })
    }

    fn has_left(&self, entry: &Entry, number: u64, exit: u32) -> bool {
        match exit {
            0..64 => entry.exits & (1 << exit) != 0,
            _ => {
                entry.has_far_exits
                    && self.far_exits.get(&number).is_some_and(|exits| exits.binary_search(&exit).is_ok())
            }
        }
    }

    /// Notes that the frame has left by this exit, under all its keys.
    pub fn leave(&mut self, number: u64, exit: u32) {
        for number in self.siblings(number) {
            self.note_exit(number, exit);
        }
    }

    /// Notes that the frame has left by the only exit there is: a cable's end.
    pub fn leave_for_good(&mut self, number: u64) {
        let Some(entry) = self.get_mut(number) else { return };
        entry.exits |= 1;
        let key = entry.key;
        let is_latest = |found: &Latest| found.key == key && found.number == number;
        // All before the latest have left too, or it would not have been its turn.
        if let Ok(found) = self.latest.find_entry(key, is_latest) {
            found.remove();
            self.get_mut(number).into_iter().for_each(|entry| entry.is_settled = true);
        }
    }

    /// Puts a later sighting of the same frame in the place of the one that entered.
    pub fn move_on(&mut self, number: u64, sighting: u64, ttl: u8) {
        for number in self.siblings(number) {
            if let Some(entry) = self.get_mut(number) {
                (entry.sighting, entry.ttl) = (sighting, ttl);
            }
        }
    }

    /// The entries of the same sighting, which stand side by side.
    fn siblings(&self, number: u64) -> std::ops::Range<u64> {
        let Some(entry) = self.get(number) else { return number..number };
        let is_sibling = |number: u64| self.get(number).is_some_and(|other| other.sighting == entry.sighting);
        let (mut from, mut to) = (number, number + 1);
        while is_sibling(from - 1) {
            from -= 1;
        }
        while is_sibling(to) {
            to += 1;
        }
        from..to
    }

    fn note_exit(&mut self, number: u64, exit: u32) {
        let Some(entry) = self.get_mut(number) else { return };
        if exit < 64 {
            entry.exits |= 1 << exit;
            return;
        }
        entry.has_far_exits = true;
        let exits = self.far_exits.entry(number).or_default();
        if let Err(at) = exits.binary_search(&exit) {
            exits.insert(at, exit);
        }
    }

    /// Forgets what entered before `horizon`.
    pub fn forget_before(&mut self, horizon: Steady) {
        while self.ring.front().is_some_and(|entry| entry.entered < horizon) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        let Some(entry) = self.ring.pop_front() else { return };
        if entry.has_far_exits {
            self.far_exits.remove(&self.first);
        }
        let is_latest = |found: &Latest| found.key == entry.key && found.number == self.first;
        if !entry.is_settled
            && let Ok(found) = self.latest.find_entry(entry.key, is_latest)
        {
            found.remove();
        }
        self.first += 1;
    }
}
