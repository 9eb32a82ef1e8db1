//! Classic pcap files (draft-ietf-opsawg-pcap), of either byte order, in micro- or nanoseconds.

use std::io::Read;

use super::{
    Fault, LONGEST_BLOCK, RecordingError,
    blocks::Order,
    bytes::Bytes,
    interfaces::Taps,
    pcapng::{ETHERNET, link_type_fault},
    read::{Progress, Waiting},
};
use crate::{Direction, Event, Frame, TapId, WireNs};

const FILE_HEADER: usize = 24;
const RECORD_HEADER: usize = 16;

#[derive(Debug)]
pub(super) struct Classic {
    order: Order,
    nanoseconds_per_tick: i64,
    tap: TapId,
    /// False where the link type cannot be shown: then the records are skipped.
    is_shown: bool,
}

impl Classic {
    /// Reads the file header and queues its tap; `None` if this is no pcap file.
    pub fn begin<R: Read>(bytes: &mut Bytes<R>, waiting: &mut Waiting) -> Result<Option<Self>, Fault> {
        let header = bytes.peek(FILE_HEADER)?;
        let magic = header.first_chunk::<4>().copied().unwrap_or_default();
        let (order, nanoseconds_per_tick) = match magic {
            [0xd4, 0xc3, 0xb2, 0xa1] => (Order::Little, 1000),
            [0x4d, 0x3c, 0xb2, 0xa1] => (Order::Little, 1),
            [0xa1, 0xb2, 0xc3, 0xd4] => (Order::Big, 1000),
            [0xa1, 0xb2, 0x3c, 0x4d] => (Order::Big, 1),
            _ => return Ok(None),
        };
        // The upper half may hold the length of the frame check sequence.
        let link_type = order.u32(header, 20).ok_or(Fault::Truncated)? & 0xffff;
        let mut taps = Taps::default();
        let at = taps.place("", 0);
        let is_shown = link_type == ETHERNET;
        let id = TapId(0);
        waiting.push_back(if is_shown {
            Ok(Event::Tap(taps.tap(at).0))
        } else {
            Err(RecordingError { offset: 0, fault: link_type_fault(&at, link_type) })
        });
        bytes.skip(FILE_HEADER);
        Ok(Some(Self { order, nanoseconds_per_tick, tap: id, is_shown }))
    }

    pub fn step<R: Read>(&self, bytes: &mut Bytes<R>) -> Result<Progress, Fault> {
        let header = bytes.peek(RECORD_HEADER)?;
        if header.is_empty() {
            return Ok(Progress::End);
        }
        let field = |at| self.order.u32(header, at).ok_or(Fault::Truncated);
        let (seconds, ticks, captured, original_len) = (field(0)?, field(4)?, field(8)?, field(12)?);
        let captured = captured as usize;
        if LONGEST_BLOCK < captured {
            return Err(Fault::Broken(format!("a frame that claims {captured} octets")));
        }
        let record = bytes.peek(RECORD_HEADER + captured)?;
        let frame = record.get(RECORD_HEADER..RECORD_HEADER + captured).ok_or(Fault::Truncated)?;
        let t = i64::from(seconds) * 1_000_000_000 + i64::from(ticks) * self.nanoseconds_per_tick;
        let progress = if self.is_shown {
            Progress::Event(Event::Frame(Frame {
                tap: self.tap,
                t: WireNs(t),
                direction: Direction::Unknown,
                bytes: frame.into(),
                original_len: original_len.max(captured as u32),
            }))
        } else {
            Progress::Queued
        };
        bytes.skip(RECORD_HEADER + captured);
        Ok(progress)
    }
}
