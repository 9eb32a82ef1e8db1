//! Reads what the engine says, and sorts it.

use std::{
    collections::VecDeque,
    os::unix::net::UnixStream,
    sync::mpsc::{self, Receiver, SyncSender, TrySendError},
};

use capture::{Event, WireNs};

use super::{
    asides::{Aside, Asides},
    line::Line,
};
use crate::engine::{
    losses::Losses,
    protocol::{Message, Said},
    wire,
};

/// Events that may wait to be taken: about two seconds of a busy lab, and some 50 MB.
const WAITING_EVENTS: usize = 1 << 18;

/// What the engine said, or why it says nothing any more.
pub type Spoken = Result<Said, String>;

/// Reads on a thread of its own until the engine is gone. Gives the first thing that is said, before which
/// nothing can be asked, and the events; what is said unasked goes to `asides`, and all else to the line.
pub fn start(
    socket: UnixStream,
    line: Line,
    asides: Asides,
) -> std::io::Result<(Receiver<Spoken>, Receiver<Event>)> {
    let (said, first) = mpsc::sync_channel(1);
    let (told, events) = mpsc::sync_channel(WAITING_EVENTS);
    let mut sorter =
        Sorter { told, losses: Losses::default(), held: VecDeque::new(), latest: WireNs::default() };
    let read = move || {
        let mut said = Some(said);
        let why = loop {
            let message = match wire::read_body(&socket, wire::LARGEST_MESSAGE) {
                Ok(Some(body)) => wire::decode_message(&body),
                Ok(None) => break "it ended".to_string(),
                Err(error) => break error.to_string(),
            };
            line.count();
            match message {
                Ok(Message::Said(spoken)) => match said.take() {
                    Some(said) => said.send(Ok(spoken)).unwrap_or_default(),
                    None => {
                        if let Err(why) = hear(spoken, &line, &asides) {
                            break why;
                        }
                    }
                },
                Ok(Message::Events(events)) => events.into_iter().for_each(|event| sorter.pass_on(event)),
                Err(error) => break error.to_string(),
            }
        };
        // First: whoever waits for an answer does not take events meanwhile.
        line.end(&why);
        asides.end();
        if let Some(said) = said {
            said.send(Err(why)).unwrap_or_default();
        }
        sorter.say_the_rest();
    };
    std::thread::Builder::new().name("engine-reader".into()).spawn(read)?;
    Ok((first, events))
}

fn hear(said: Said, line: &Line, asides: &Asides) -> Result<(), String> {
    match said {
        Said::Terminal { terminal, said } => asides.pass_on(Aside::Terminal { terminal, said }),
        Said::Saw(sight) => asides.pass_on(Aside::Saw(sight)),
        said => line.hear(said)?,
    }
    Ok(())
}

/// Hands events on, and never waits: an answer behind them must get through even if nobody takes events.
struct Sorter {
    told: SyncSender<Event>,
    losses: Losses,
    /// What came while there was no room, and must not be lost: no frames, so it stays short.
    held: VecDeque<Event>,
    latest: WireNs,
}

impl Sorter {
    fn pass_on(&mut self, mut event: Event) {
        match &event {
            Event::Frame(frame) => self.latest = frame.t,
            Event::Lab { t, .. }
            | Event::Lost { t, .. }
            | Event::Missed { t, .. }
            | Event::Caption { t, .. }
            | Event::Forgot { t, .. } => self.latest = *t,
            Event::Tap(_) => {}
        }
        if self.hands_are_empty() {
            let own = self.losses.add_up(&mut event);
            match self.told.try_send(event) {
                Ok(()) | Err(TrySendError::Disconnected(_)) => {}
                Err(TrySendError::Full(Event::Lost { t, tap, frames })) => {
                    self.keep_or_count(Event::Lost { t, tap, frames: frames - own });
                }
                Err(TrySendError::Full(event)) => self.keep_or_count(event),
            }
        } else {
            self.keep_or_count(event);
        }
    }

    /// There is no room for it.
    fn keep_or_count(&mut self, event: Event) {
        if !self.losses.leave_out(&event) && !self.losses.take_in(&event) {
            self.held.push_back(event);
        }
    }

    /// Hands on what was held and what was lost, as far as there is room; true when nothing remains.
    fn hands_are_empty(&mut self) -> bool {
        if self.held.is_empty() && self.losses.has_news() {
            self.held.extend(self.losses.news(self.latest));
        }
        while let Some(event) = self.held.pop_front() {
            if let Err(TrySendError::Full(event)) = self.told.try_send(event) {
                self.held.push_front(event);
                return false;
            }
        }
        !self.losses.has_news() || self.hands_are_empty()
    }

    /// The engine is gone: now there is time to wait until somebody takes the rest.
    fn say_the_rest(mut self) {
        self.held.extend(self.losses.news(self.latest));
        for event in self.held {
            if self.told.send(event).is_err() {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use capture::{Direction, Frame, TapId};

    #[test]
    fn a_reader_who_comes_late_gets_what_matters_and_the_number_of_what_does_not() {
        let (told, events) = mpsc::sync_channel(4);
        let mut sorter = Sorter { told, losses: Losses::default(), held: VecDeque::new(), latest: WireNs(0) };
        let frame = |t| {
            let (tap, t, direction) = (TapId(0), WireNs(t), Direction::In);
            Event::Frame(Frame { tap, t, direction, bytes: [0; 60].into(), original_len: 60 })
        };
        let caption = Event::Caption { t: WireNs(9), text: "stays".into() };
        (0..6).for_each(|t| sorter.pass_on(frame(t)));
        sorter.pass_on(Event::Lost { t: WireNs(6), tap: TapId(0), frames: 10 });
        sorter.pass_on(caption.clone());
        let before: Vec<_> = events.try_iter().collect();
        assert_eq!(before, [frame(0), frame(1), frame(2), frame(3)]);
        sorter.pass_on(frame(10));
        sorter.say_the_rest();
        let after: Vec<_> = events.iter().collect();
        let lost: Vec<u64> = after
            .iter()
            .filter_map(|event| if let Event::Lost { frames, .. } = event { Some(*frames) } else { None })
            .collect();
        assert_eq!(lost.last(), Some(&12), "two here and ten before: {after:?}");
        assert!(after.contains(&caption) && after.contains(&frame(10)));
    }
}
