//! Writing a recording, block by block.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    io::{self, ErrorKind, Write},
    time::Duration,
};

use pcap_file::{
    DataLink, Endianness,
    pcapng::{
        PcapNgBlock, PcapNgWriteError, PcapNgWriter,
        blocks::{
            enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption},
            interface_description::{
                InterfaceDescriptionBlock, InterfaceDescriptionOption, InterfaceTsResolution,
            },
            interface_statistics::{InterfaceStatisticsBlock, InterfaceStatisticsOption},
            opt_common::CommonOption,
            section_header::{SectionHeaderBlock, SectionHeaderOption},
        },
    },
};

use topology::Place;

use super::note;
use crate::{Direction, Event, Frame, Tap, TapId, WireNs};

/// The most octets of a frame that a recording claims to hold; the same in all interface blocks, larger than any
/// frame, and the most that libpcap accepts (MAXIMUM_SNAPLEN).
pub const SNAP_LENGTH: u32 = 262_144;

/// Whole blocks wait here until there are this many octets, or until [`Recorder::flush`].
const BUFFERED: usize = 64 << 10;

/// Writes events as a pcapng file. Blocks go out whole, in chunks of about 64 KiB; [`Recorder::flush`] sends what
/// waits. There is no clock in here: a live recorder's caller flushes about every second.
pub struct Recorder<W: Write> {
    out: W,
    /// `None` until the first tap: the section header carries what comes before it.
    section: Option<PcapNgWriter<Vec<u8>>>,
    /// Labs and captions from before the first tap.
    before: Vec<Event>,
    /// Of each interface block, where it stands; its number is its place in here.
    interfaces: Vec<Place>,
    /// The interface block of each tap. A tap at the place of an earlier one shares its block: two of one name
    /// would be two interfaces to whoever reads them.
    taps: BTreeMap<TapId, u32>,
}

impl<W: Write> Recorder<W> {
    /// Nothing is written before the first tap or [`Recorder::finish`].
    pub fn new(out: W) -> io::Result<Self> {
        Ok(Self { out, section: None, before: Vec::new(), interfaces: Vec::new(), taps: BTreeMap::new() })
    }

    /// Appends an event.
    ///
    /// # Errors
    /// Those of the output, and `InvalidInput` for a frame or a loss of a tap that was not announced, for times
    /// before 1970, which the format cannot hold, and for frames longer than [`SNAP_LENGTH`].
    pub fn write(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Lab { .. } | Event::Caption { .. } | Event::Forgot { .. }
                if self.interfaces.is_empty() =>
            {
                self.before.push(event.clone());
                return Ok(());
            }
            Event::Tap(tap) => self.write_tap(tap)?,
            Event::Frame(frame) => self.write_frame(frame)?,
            Event::Lost { t, tap, frames } => {
                let interface = self.interface(*tap)?;
                self.write_statistics(interface, *t, vec![InterfaceStatisticsOption::IsbIfDrop(*frames)])?;
            }
            Event::Missed { t, tap, .. } => self.write_note(self.interface(*tap)?, *t, event)?,
            Event::Lab { t, .. } | Event::Caption { t, .. } | Event::Forgot { t, .. } => {
                self.write_note(0, *t, event)?;
            }
        }
        if self.section.as_ref().is_some_and(|section| BUFFERED <= section.get_ref().len()) {
            self.send()?;
        }
        Ok(())
    }

    /// Sends all whole blocks and flushes the output. What came before the first tap goes on waiting for it.
    pub fn flush(&mut self) -> io::Result<()> {
        self.send()?;
        self.out.flush()
    }

    /// Sends everything and gives the output back.
    pub fn finish(mut self) -> io::Result<W> {
        self.section()?;
        self.flush()?;
        Ok(self.out)
    }

    fn write_tap(&mut self, tap: &Tap) -> io::Result<()> {
        if let Some(number) = self.interfaces.iter().position(|at| *at == tap.at) {
            self.taps.insert(tap.id, small(number)?);
            return Ok(());
        }
        let mut block = InterfaceDescriptionBlock::new(DataLink::ETHERNET, SNAP_LENGTH);
        block.options = vec![
            InterfaceDescriptionOption::IfName(tap.at.to_string().into()),
            InterfaceDescriptionOption::IfTsResol(InterfaceTsResolution::NANO),
        ];
        self.append(block)?;
        self.taps.insert(tap.id, small(self.interfaces.len())?);
        self.interfaces.push(tap.at.clone());
        Ok(())
    }

    fn write_frame(&mut self, frame: &Frame) -> io::Result<()> {
        if (SNAP_LENGTH as usize) < frame.bytes.len() {
            return Err(refused(format!(
                "a frame of {} octets is too long for a recording",
                frame.bytes.len()
            )));
        }
        // Bits 0 and 1 of epb_flags: 1 inbound, 2 outbound (pcapng, 4.3.1).
        let flags = match frame.direction {
            Direction::In => vec![EnhancedPacketOption::Flags(1)],
            Direction::Out => vec![EnhancedPacketOption::Flags(2)],
            Direction::Unknown => Vec::new(),
        };
        let block = EnhancedPacketBlock {
            interface_id: self.interface(frame.tap)?,
            timestamp: since_1970(frame.t)?,
            original_len: frame.original_len,
            data: Cow::Borrowed(&frame.bytes),
            options: flags,
        };
        self.append(block)
    }

    fn write_note(&mut self, interface: u32, t: WireNs, event: &Event) -> io::Result<()> {
        let comment = |text: String| InterfaceStatisticsOption::Common(CommonOption::Comment(text.into()));
        let comments = note::comments(std::slice::from_ref(event));
        self.write_statistics(interface, t, comments.into_iter().map(comment).collect())
    }

    fn write_statistics(
        &mut self,
        interface_id: u32,
        t: WireNs,
        options: Vec<InterfaceStatisticsOption<'_>>,
    ) -> io::Result<()> {
        self.append(InterfaceStatisticsBlock { interface_id, timestamp: since_1970(t)?, options })
    }

    /// The interface block that stands for a tap.
    fn interface(&self, tap: TapId) -> io::Result<u32> {
        self.taps.get(&tap).copied().ok_or_else(|| refused(format!("tap {} was not announced", tap.0)))
    }

    fn append<'a>(&mut self, block: impl PcapNgBlock<'a>) -> io::Result<()> {
        self.section()?.write_pcapng_block(block).map_err(io_error)?;
        Ok(())
    }

    /// The section, whose header is made when it is first needed.
    fn section(&mut self) -> io::Result<&mut PcapNgWriter<Vec<u8>>> {
        let section = match self.section.take() {
            Some(section) => section,
            None => {
                let header = section_header(&std::mem::take(&mut self.before));
                PcapNgWriter::with_section_header(Vec::new(), header).map_err(io_error)?
            }
        };
        Ok(self.section.insert(section))
    }

    fn send(&mut self) -> io::Result<()> {
        let Some(section) = &mut self.section else { return Ok(()) };
        let blocks = section.get_mut();
        let sent = self.out.write_all(blocks);
        // Also after a failure: nobody knows how much went out, and a block must not go out twice.
        blocks.clear();
        sent
    }
}

impl<W: Write> fmt::Debug for Recorder<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("interfaces", &self.interfaces).finish_non_exhaustive()
    }
}

fn section_header(notes: &[Event]) -> SectionHeaderBlock<'static> {
    let comment = |text: String| SectionHeaderOption::Common(CommonOption::Comment(text.into()));
    let mut options = vec![
        SectionHeaderOption::Hardware(std::env::consts::ARCH.into()),
        SectionHeaderOption::OS(std::env::consts::OS.into()),
        SectionHeaderOption::UserApplication(concat!("Hopscope ", env!("CARGO_PKG_VERSION")).into()),
    ];
    options.extend(note::comments(notes).into_iter().map(comment));
    SectionHeaderBlock { endianness: Endianness::Little, options, ..SectionHeaderBlock::default() }
}

fn small(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| refused("too many taps".into()))
}

fn since_1970(t: WireNs) -> io::Result<Duration> {
    let nanoseconds = u64::try_from(t.0).map_err(|_| refused("a time before 1970".into()))?;
    Ok(Duration::from_nanos(nanoseconds))
}

fn refused(reason: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, reason)
}

fn io_error(error: PcapNgWriteError) -> io::Error {
    match error {
        PcapNgWriteError::Io(error) => error,
        other => io::Error::new(ErrorKind::InvalidInput, other),
    }
}
