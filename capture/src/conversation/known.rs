//! The conversations that are remembered, by key.
//!
//! Each has a seat, and seats are given again in the order in which they are left, so that all
//! looks but the one by key touch memory in order. A journey keeps its seat and need not look
//! its key up again.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::{Key, State};

/// Where a conversation sits. Once that is forgotten the seat leads nowhere, whoever sits there then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    index: u32,
    /// How many sat there before.
    before: u32,
}

#[derive(Debug, Default)]
pub(super) struct Known {
    /// Indices of seats.
    by_key: HashTable<u32>,
    seats: Vec<Seated>,
    empty: Vec<u32>,
    hasher: FixedState,
}

#[derive(Clone, Copy, Debug)]
struct Seated {
    key: Key,
    hash: u64,
    before: u32,
    state: State,
}

impl Known {
    pub fn find(&self, key: &Key) -> Option<Seat> {
        let hash = self.hasher.hash_one(key);
        let &index = self.by_key.find(hash, |&index| self.seats[index as usize].key == *key)?;
        Some(Seat { index, before: self.seats[index as usize].before })
    }

    pub fn get(&self, seat: Seat) -> Option<&State> {
        let seated = self.seats.get(seat.index as usize)?;
        (seated.before == seat.before).then_some(&seated.state)
    }

    pub fn get_mut(&mut self, seat: Seat) -> Option<&mut State> {
        let seated = self.seats.get_mut(seat.index as usize)?;
        (seated.before == seat.before).then_some(&mut seated.state)
    }

    /// Remembers a key that was not known.
    pub fn add(&mut self, key: Key, state: State) -> Seat {
        let hash = self.hasher.hash_one(key);
        let index = match self.empty.pop() {
            Some(index) => {
                let seat = &mut self.seats[index as usize];
                *seat = Seated { key, hash, before: seat.before, state };
                index
            }
            None => {
                self.seats.push(Seated { key, hash, before: 0, state });
                self.seats.len() as u32 - 1
            }
        };
        self.by_key.insert_unique(hash, index, |&index| self.seats[index as usize].hash);
        Seat { index, before: self.seats[index as usize].before }
    }

    pub fn forget(&mut self, seat: Seat) {
        if self.get(seat).is_none() {
            return;
        }
        let seated = &mut self.seats[seat.index as usize];
        if let Ok(found) = self.by_key.find_entry(seated.hash, |&index| index == seat.index) {
            found.remove();
        }
        seated.before = seated.before.wrapping_add(1);
        self.empty.push(seat.index);
    }
}
