//! pcapng, block by block, ours and that of other tools.

use std::io::Read;

use topology::Place;

use super::{
    Fault, LONGEST_BLOCK, RecordingError,
    blocks::{Order, block_type, option, padded},
    bytes::Bytes,
    interfaces::{Clock, Interface, Taps},
    note,
    octets::Octets,
    read::{Progress, Waiting},
};
use crate::{Direction, Event, Frame, TapId, WireNs};

pub(super) const ETHERNET: u32 = 1;

/// What is known while reading a file.
#[derive(Debug, Default)]
pub(super) struct PcapNg {
    taps: Taps,
    /// `None` before the first section header.
    order: Option<Order>,
    /// Those of the current section.
    interfaces: Vec<Interface>,
    /// The time of the frame before, for frames that have none of their own.
    last: WireNs,
    octets: Octets,
}

impl PcapNg {
    /// Reads one block.
    pub fn step<R: Read>(&mut self, bytes: &mut Bytes<R>, waiting: &mut Waiting) -> Result<Progress, Fault> {
        let offset = bytes.offset();
        let head = bytes.peek(12)?;
        if head.is_empty() {
            return Ok(Progress::End);
        }
        if head.len() < 12 {
            return Err(Fault::Truncated);
        }
        // The type of a section header reads the same in both orders, and the order stands right behind the length.
        if Order::Big.u32(head, 0) == Some(block_type::SECTION_HEADER) {
            self.begin_section(head)?;
        }
        let order = self.order.ok_or(Fault::NotARecording)?;
        let kind = order.u32(head, 0).ok_or(Fault::Truncated)?;
        let length = order.u32(head, 4).ok_or(Fault::Truncated)? as usize;
        let shortest = if kind == block_type::SECTION_HEADER { 28 } else { 12 };
        if !(shortest..=LONGEST_BLOCK).contains(&length) || !length.is_multiple_of(4) {
            return Err(Fault::Broken(format!("a block that claims {length} octets")));
        }
        let block = bytes.peek(length)?;
        if block.len() < length {
            return Err(Fault::Truncated);
        }
        if order.u32(block, length - 4) != Some(length as u32) {
            return Err(Fault::Broken("the two lengths of a block differ".into()));
        }
        let progress = self.block(order, kind, &block[8..length - 4], waiting).unwrap_or_else(|fault| {
            waiting.push_back(Err(RecordingError { offset, fault }));
            Progress::Queued
        });
        bytes.skip(length);
        Ok(progress)
    }

    fn begin_section(&mut self, head: &[u8]) -> Result<(), Fault> {
        self.order = match head.get(8..12) {
            Some([0x4d, 0x3c, 0x2b, 0x1a]) => Some(Order::Little),
            Some([0x1a, 0x2b, 0x3c, 0x4d]) => Some(Order::Big),
            _ if self.order.is_none() => return Err(Fault::NotARecording),
            _ => {
                return Err(Fault::Broken("a section without a byte order".into()));
            }
        };
        self.interfaces.clear();
        self.taps.begin_section();
        Ok(())
    }

    /// Reads what is between a block's type and lengths.
    fn block(
        &mut self,
        order: Order,
        kind: u32,
        body: &[u8],
        waiting: &mut Waiting,
    ) -> Result<Progress, Fault> {
        match kind {
            block_type::ENHANCED_PACKET => self.packet(order, order.u32(body, 0), body),
            block_type::SECTION_HEADER => queue_notes(order, body.get(16..), None, waiting),
            block_type::INTERFACE => self.interface_description(order, body),
            block_type::STATISTICS => self.statistics(order, body, waiting),
            block_type::SIMPLE_PACKET => self.simple_packet(order, body),
            // Here the interface has 16 bits, and a count of drops follows it.
            block_type::OBSOLETE_PACKET => self.packet(order, order.u16(body, 0).map(u32::from), body),
            _ => Ok(Progress::Queued),
        }
    }

    fn interface_description(&mut self, order: Order, body: &[u8]) -> Result<Progress, Fault> {
        let short = || Fault::Malformed("an interface block that is too short".into());
        let mut name = String::new();
        let mut clock = Clock::MICROSECONDS;
        for (code, value) in order.options(body.get(8..).unwrap_or_default()) {
            match code {
                option::IF_NAME => {
                    name = String::from_utf8_lossy(value).trim_end_matches('\0').into();
                }
                option::IF_TSRESOL => clock.resolution = value.first().copied().unwrap_or(clock.resolution),
                option::IF_TSOFFSET => clock.offset = order.u64(value, 0).unwrap_or_default().cast_signed(),
                _ => {}
            }
        }
        let link_type = order.u16(body, 0).map(u32::from);
        let snap_length = order.u32(body, 4).unwrap_or(0);
        let at = self.taps.place(&name, self.interfaces.len());
        if link_type != Some(ETHERNET) {
            // Also a broken block counts, so that the interfaces behind it keep their numbers.
            self.interfaces.push(Interface { tap: None, clock, snap_length });
            return Err(link_type.map_or_else(short, |link_type| link_type_fault(&at, link_type)));
        }
        let (tap, is_new) = self.taps.tap(at);
        self.interfaces.push(Interface { tap: Some(tap.id), clock, snap_length });
        Ok(if is_new { Progress::Event(Event::Tap(tap)) } else { Progress::Queued })
    }

    /// An enhanced packet block, or the obsolete packet block that it replaced: they differ in the interface only.
    fn packet(&mut self, order: Order, interface: Option<u32>, body: &[u8]) -> Result<Progress, Fault> {
        let short = || Fault::Malformed("a packet block that is shorter than its frame".into());
        let interface = self.interface(interface.ok_or_else(short)?)?;
        let ticks = order.ticks(body, 4).ok_or_else(short)?;
        let captured = order.u32(body, 12).ok_or_else(short)? as usize;
        let original = order.u32(body, 16).ok_or_else(short)?;
        let frame = body.get(20..).and_then(|rest| rest.get(..captured)).ok_or_else(short)?;
        let options = body.get(20 + padded(captured)..).unwrap_or_default();
        let direction = direction(order, options);
        Ok(self.frame(interface, Some(interface.clock.at(ticks)), direction, frame, original))
    }

    /// A frame of the first interface, without a time: it gets that of the frame before it.
    fn simple_packet(&mut self, order: Order, body: &[u8]) -> Result<Progress, Fault> {
        let short = || Fault::Malformed("a simple packet block that is too short".into());
        let interface = self.interface(0)?;
        let original = order.u32(body, 0).ok_or_else(short)?;
        let kept = if interface.snap_length == 0 { original } else { original.min(interface.snap_length) };
        let rest = body.get(4..).ok_or_else(short)?;
        let frame = rest.get(..kept as usize).unwrap_or(rest);
        Ok(self.frame(interface, None, Direction::Unknown, frame, original))
    }

    fn frame(
        &mut self,
        interface: Interface,
        t: Option<WireNs>,
        direction: Direction,
        frame: &[u8],
        original_len: u32,
    ) -> Progress {
        let Some(tap) = interface.tap else { return Progress::Queued };
        self.last = t.unwrap_or(self.last);
        let original_len = original_len.max(frame.len() as u32);
        Progress::Event(Event::Frame(Frame {
            tap,
            t: self.last,
            direction,
            bytes: self.octets.keep(frame),
            original_len,
        }))
    }

    fn statistics(&mut self, order: Order, body: &[u8], waiting: &mut Waiting) -> Result<Progress, Fault> {
        let short = || Fault::Malformed("a statistics block that is too short".into());
        let interface = self.interface(order.u32(body, 0).ok_or_else(short)?)?;
        let t = interface.clock.at(order.ticks(body, 4).ok_or_else(short)?);
        let options = body.get(12..);
        let lost = order
            .options(options.unwrap_or_default())
            .find(|(code, _)| *code == option::ISB_IFDROP)
            .and_then(|(_, value)| order.u64(value, 0));
        queue_notes(order, options, interface.tap, waiting)?;
        match (lost, interface.tap) {
            (Some(frames), Some(tap)) => Ok(Progress::Event(Event::Lost { t, tap, frames })),
            _ => Ok(Progress::Queued),
        }
    }

    fn interface(&self, number: u32) -> Result<Interface, Fault> {
        let found = usize::try_from(number).ok().and_then(|number| self.interfaces.get(number));
        found.copied().ok_or_else(|| Fault::Malformed(format!("interface {number} was not described before")))
    }
}

/// What to say of frames that have no Ethernet header. The numbers are those of tcpdump.org/linktypes.html.
pub(super) fn link_type_fault(at: &Place, link_type: u32) -> Fault {
    let name = match link_type {
        0 | 108 => "BSD loopback",
        12 | 14 | 101 | 228 | 229 => "IP without a link layer",
        105 | 127 => "Wi-Fi",
        113 => "Linux cooked, as from “any”",
        276 => "Linux cooked version 2, as from “any”",
        _ => "something else",
    };
    Fault::LinkType { tap: at.to_string(), link_type, name }
}

/// Bits 0 and 1 of the flags (pcapng, 4.3.1).
fn direction(order: Order, options: &[u8]) -> Direction {
    let mut options = order.options(options);
    let flags =
        options.find(|(code, _)| *code == option::EPB_FLAGS).and_then(|(_, value)| order.u32(value, 0));
    match flags.unwrap_or(0) & 3 {
        1 => Direction::In,
        2 => Direction::Out,
        _ => Direction::Unknown,
    }
}

fn queue_notes(
    order: Order,
    options: Option<&[u8]>,
    tap: Option<TapId>,
    waiting: &mut Waiting,
) -> Result<Progress, Fault> {
    let options = order.options(options.unwrap_or_default());
    let comments = options.filter(|(code, _)| *code == option::COMMENT).map(|(_, value)| value);
    waiting.extend(note::events(comments, tap)?.into_iter().map(Ok));
    Ok(Progress::Queued)
}
