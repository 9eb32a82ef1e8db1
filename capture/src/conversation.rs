//! Which journeys belong together: question and answer, all of a TCP connection, the error about a frame.
//!
//! The key is made of what both sides of a conversation repeat. It is taken when a journey begins,
//! so that conversations are numbered in the order of their first journey. Where a stack translates
//! addresses on the way, the key of the translated frame is noted as a second name.

mod known;

use std::{collections::VecDeque, net::IpAddr};

use topology::MacAddress;

use crate::{
    ConversationId,
    correlate::Steady,
    glance::{self, Arp, Carries, Datagram, Glance},
};
use known::Known;
pub use known::Seat;

/// What a frame is to its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Wants an answer: an ARP question, an echo request, a neighbour solicitation, a TCP SYN.
    Question,
    Answer,
    /// An ICMP error about an earlier frame.
    Refusal,
    Rest,
}

/// What came of a question so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    #[default]
    Unanswered,
    Answered,
    /// An ICMP error came back.
    Refused,
}

/// What both sides repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Arp {
        asker: MacAddress,
        asked_by: [u8; 4],
        asked_for: [u8; 4],
    },
    Echo {
        from: IpAddr,
        to: IpAddr,
        id: u16,
        sequence: u16,
    },
    Neighbour {
        target: IpAddr,
    },
    Dhcp {
        transaction: u32,
    },
    Ports {
        protocol: u8,
        one: (IpAddr, u16),
        other: (IpAddr, u16),
    },
    /// Later pieces of a datagram, which show no ports.
    Pieces {
        from: IpAddr,
        to: IpAddr,
        protocol: u8,
        id: u32,
    },
    Addresses {
        protocol: u8,
        one: IpAddr,
        other: IpAddr,
    },
}

/// The conversations that may still go on.
#[derive(Debug, Default)]
pub struct Conversations {
    known: Known,
    /// Each key's seat once, with the time at which to look whether it is over.
    ends: VecDeque<(Steady, Seat)>,
    count: u64,
}

#[derive(Clone, Copy, Debug)]
struct State {
    id: ConversationId,
    outcome: Outcome,
    last: Steady,
}

impl Conversations {
    /// A conversation is over when nothing was said for so long (nanoseconds of wire time).
    pub const SILENCE: i64 = 60_000_000_000;
    /// Conversations remembered at most; the one that has been looked at longest ago goes first.
    const MOST: usize = 1 << 17;

    /// The conversation of the journey that this frame begins.
    pub fn join(
        &mut self,
        glance: Option<&Glance>,
        bytes: &[u8],
        now: Steady,
    ) -> (ConversationId, Option<Seat>) {
        self.forget(now);
        let Some((key, part)) = glance.and_then(|glance| key(glance, bytes)) else {
            return (self.next(), None);
        };
        let seat = self.known.find(&key);
        let known = seat.and_then(|seat| self.known.get(seat).copied());
        // The same question after its answer is a new conversation; before, it is a retry.
        let goes_on = |state: &State| part != Part::Question || state.outcome == Outcome::Unanswered;
        let state = match known.filter(goes_on) {
            Some(state) => {
                let outcome = match part {
                    Part::Answer => Outcome::Answered,
                    Part::Refusal if state.outcome == Outcome::Unanswered => Outcome::Refused,
                    _ => state.outcome,
                };
                State { outcome, last: now, ..state }
            }
            None => State { id: self.next(), outcome: Outcome::Unanswered, last: now },
        };
        let seat = self.note(seat, key, state);
        self.note_pieces(glance, state, now);
        (state.id, Some(seat))
    }

    /// Notes that this frame, changed on its way, belongs to the conversation in `seat` too.
    pub fn also(&mut self, seat: Option<Seat>, glance: Option<&Glance>, bytes: &[u8], now: Steady) {
        let state = seat.and_then(|seat| self.known.get(seat).copied());
        let changed = glance.and_then(|glance| key(glance, bytes));
        if let (Some(state), Some((key, _))) = (state, changed) {
            self.note(self.known.find(&key), key, State { last: now, ..state });
        }
    }

    /// What came of it so far, if it is still remembered.
    pub fn outcome(&self, seat: Option<Seat>) -> Option<Outcome> {
        self.known.get(seat?).map(|state| state.outcome)
    }

    fn next(&mut self) -> ConversationId {
        self.count += 1;
        ConversationId(self.count)
    }

    /// `seat` is the key's, if it has one already; gives the one that it has now.
    fn note(&mut self, seat: Option<Seat>, key: Key, state: State) -> Seat {
        if let Some(seat) = seat
            && let Some(known) = self.known.get_mut(seat)
        {
            *known = state;
            return seat;
        }
        let seat = self.known.add(key, state);
        self.ends.push_back((Steady(state.last.0.saturating_add(Self::SILENCE)), seat));
        seat
    }

    /// The first piece of a datagram has ports, the later ones only the datagram's id.
    fn note_pieces(&mut self, glance: Option<&Glance>, state: State, now: Steady) {
        let Some(datagram) = glance.and_then(Glance::datagram) else { return };
        if datagram.fragment.more && datagram.fragment.offset == 0 {
            let key = pieces(datagram);
            self.note(self.known.find(&key), key, State { last: now, ..state });
        }
    }

    fn forget(&mut self, now: Steady) {
        while let Some(&(end, seat)) = self.ends.front()
            && (end <= now || Self::MOST < self.ends.len())
        {
            self.ends.pop_front();
            let last = self.known.get(seat).map_or(Steady::default(), |state| state.last);
            let end = Steady(last.0.saturating_add(Self::SILENCE));
            if now < end && self.ends.len() < Self::MOST {
                self.ends.push_back((end, seat));
            } else {
                self.known.forget(seat);
            }
        }
    }
}

/// The key of a frame, and its part. `None` for what stands alone, such as STP.
pub fn key(glance: &Glance, bytes: &[u8]) -> Option<(Key, Part)> {
    match &glance.carries {
        Carries::Arp(arp) => Some(of_arp(arp)),
        Carries::Ip(datagram) => Some(match datagram.quoted(bytes) {
            Some(quoted) => (of_datagram(&quoted, bytes).0, Part::Refusal),
            None => of_datagram(datagram, bytes),
        }),
        Carries::Other => None,
    }
}

fn of_arp(arp: &Arp) -> (Key, Part) {
    let (sender, target) = (arp.sender.octets(), arp.target.octets());
    match arp.operation {
        2 => (Key::Arp { asker: arp.target_mac, asked_by: target, asked_for: sender }, Part::Answer),
        // Who asks for its own address announces it and wants no answer (RFC 5227, 3).
        _ => {
            let part = if sender == target { Part::Rest } else { Part::Question };
            (Key::Arp { asker: arp.sender_mac, asked_by: sender, asked_for: target }, part)
        }
    }
}

fn of_datagram(datagram: &Datagram, bytes: &[u8]) -> (Key, Part) {
    if datagram.fragment.offset != 0 {
        return (pieces(datagram), Part::Rest);
    }
    let payload = datagram.payload(bytes);
    let found = match datagram.protocol {
        glance::ICMP | glance::ICMPV6 => of_icmp(datagram, payload),
        glance::UDP => of_dhcp(datagram, bytes),
        _ => None,
    };
    if let Some(found) = found {
        return found;
    }
    let (from, to, protocol) = (datagram.source, datagram.destination, datagram.protocol);
    match datagram.ports(bytes) {
        Some((source, destination)) => {
            let (one, other) = in_order((from, source), (to, destination));
            // SYN without ACK (RFC 9293, 3.1).
            let is_syn = protocol == glance::TCP && payload.get(13).is_some_and(|flags| flags & 0x12 == 0x02);
            let part = match protocol {
                glance::TCP if is_syn => Part::Question,
                glance::TCP => Part::Answer,
                _ => Part::Rest,
            };
            (Key::Ports { protocol, one, other }, part)
        }
        None => {
            let (one, other) = in_order(from, to);
            (Key::Addresses { protocol, one, other }, Part::Rest)
        }
    }
}

fn of_icmp(datagram: &Datagram, payload: &[u8]) -> Option<(Key, Part)> {
    let (from, to) = (datagram.source, datagram.destination);
    let id = glance::u16_at(payload, 4)?;
    let sequence = glance::u16_at(payload, 6)?;
    let target = || glance::ipv6_at(payload, 8).map(|target| Key::Neighbour { target: target.into() });
    match (datagram.protocol, payload[0]) {
        (glance::ICMP, 8) | (glance::ICMPV6, 128) => {
            Some((Key::Echo { from, to, id, sequence }, Part::Question))
        }
        (glance::ICMP, 0) | (glance::ICMPV6, 129) => {
            Some((Key::Echo { from: to, to: from, id, sequence }, Part::Answer))
        }
        // From the unspecified address it asks whether the address is free; silence is the good answer.
        (glance::ICMPV6, 135) if from.is_unspecified() => Some((target()?, Part::Rest)),
        (glance::ICMPV6, 135) => Some((target()?, Part::Question)),
        (glance::ICMPV6, 136) => Some((target()?, Part::Answer)),
        _ => None,
    }
}

/// DHCP speaks from changing addresses; the transaction id stays (RFC 2131, 2).
fn of_dhcp(datagram: &Datagram, bytes: &[u8]) -> Option<(Key, Part)> {
    let (source, destination) = datagram.ports(bytes)?;
    if !matches!((source, destination), (67 | 68, 67 | 68)) {
        return None;
    }
    let transaction = datagram.payload(bytes).get(12..16)?.try_into().ok()?;
    Some((Key::Dhcp { transaction: u32::from_be_bytes(transaction) }, Part::Rest))
}

fn pieces(datagram: &Datagram) -> Key {
    let Datagram { source: from, destination: to, protocol, fragment, .. } = *datagram;
    Key::Pieces { from, to, protocol, id: fragment.id }
}

fn in_order<T: Ord>(one: T, other: T) -> (T, T) {
    if one <= other { (one, other) } else { (other, one) }
}
