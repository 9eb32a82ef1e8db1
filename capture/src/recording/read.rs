//! Reading a recording as events, whoever wrote it.

use std::{collections::VecDeque, io::Read};

use super::{Fault, RecordingError, bytes::Bytes, classic::Classic, pcapng::PcapNg};
use crate::Event;

/// Reads a pcapng or pcap file as it comes; nothing is read before the first event is asked for.
pub fn read<R: Read>(input: R) -> Reader<R> {
    Reader { bytes: Bytes::new(input), format: Format::Unknown, waiting: VecDeque::new(), ended: false }
}

/// The events of a recording, in the file's order. Taps are numbered in the file's order too, and each is said
/// before its first frame. After an error that [is the last](RecordingError::is_last) nothing more comes;
/// after others it goes on behind what could not be read.
#[derive(Debug)]
pub struct Reader<R> {
    bytes: Bytes<R>,
    format: Format,
    /// What the last block gave beyond its first event.
    waiting: Waiting,
    ended: bool,
}

pub(super) type Waiting = VecDeque<Result<Event, RecordingError>>;

/// What one step through a file gave. The events are in the queue, or one of them right here.
pub(super) enum Progress {
    Event(Event),
    /// Zero or more events were queued.
    Queued,
    End,
}

#[derive(Debug)]
enum Format {
    /// The first octets are still to be read.
    Unknown,
    Classic(Classic),
    PcapNg(PcapNg),
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Event, RecordingError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.ended {
                return None;
            }
            let offset = self.bytes.offset();
            match self.step() {
                Ok(Progress::Event(event)) => return Some(Ok(event)),
                Ok(Progress::Queued) => {}
                Ok(Progress::End) => self.ended = true,
                Err(fault) => {
                    // Where a block cannot even be delimited, nothing behind it can be found either.
                    self.ended = true;
                    self.waiting.push_back(Err(RecordingError { offset, fault }));
                }
            }
        }
    }
}

impl<R: Read> Reader<R> {
    fn step(&mut self) -> Result<Progress, Fault> {
        match &mut self.format {
            Format::PcapNg(pcapng) => pcapng.step(&mut self.bytes, &mut self.waiting),
            Format::Classic(classic) => classic.step(&mut self.bytes),
            Format::Unknown => {
                self.format = Self::recognise(&mut self.bytes, &mut self.waiting)?;
                Ok(Progress::Queued)
            }
        }
    }

    fn recognise(bytes: &mut Bytes<R>, waiting: &mut Waiting) -> Result<Format, Fault> {
        let first = bytes.peek(4)?;
        if first == [0x0A, 0x0D, 0x0D, 0x0A] {
            return Ok(Format::PcapNg(PcapNg::default()));
        }
        Classic::begin(bytes, waiting)?.map(Format::Classic).ok_or(Fault::NotARecording)
    }
}
