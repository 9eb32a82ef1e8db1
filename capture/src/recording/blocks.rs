//! Numbers and options as they stand in pcapng blocks and pcap records, in either byte order.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// Block types of the pcapng specification, section 11.1.
pub(super) mod block_type {
    pub const SECTION_HEADER: u32 = 0x0A0D_0D0A;
    pub const INTERFACE: u32 = 1;
    pub const OBSOLETE_PACKET: u32 = 2;
    pub const SIMPLE_PACKET: u32 = 3;
    pub const STATISTICS: u32 = 5;
    pub const ENHANCED_PACKET: u32 = 6;
}

/// Option codes of the pcapng specification, sections 3.5 and 4.
pub(super) mod option {
    pub const END: u16 = 0;
    pub const COMMENT: u16 = 1;
    pub const EPB_FLAGS: u16 = 2;
    pub const IF_NAME: u16 = 2;
    pub const ISB_IFDROP: u16 = 5;
    pub const IF_TSRESOL: u16 = 9;
    pub const IF_TSOFFSET: u16 = 14;
}

impl Order {
    pub fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(*bytes),
            Self::Big => u16::from_be_bytes(*bytes),
        })
    }

    pub fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(*bytes),
            Self::Big => u32::from_be_bytes(*bytes),
        })
    }

    pub fn u64(self, bytes: &[u8], at: usize) -> Option<u64> {
        let bytes = bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u64::from_le_bytes(*bytes),
            Self::Big => u64::from_be_bytes(*bytes),
        })
    }

    /// A time as pcapng has it: the upper half of the ticks, then the lower one.
    pub fn ticks(self, bytes: &[u8], at: usize) -> Option<u64> {
        Some(u64::from(self.u32(bytes, at)?) << 32 | u64::from(self.u32(bytes, at + 4)?))
    }

    /// The options of a block. What does not fit ends the list: a broken option never costs the block.
    pub fn options(self, bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
        let mut rest = bytes;
        std::iter::from_fn(move || {
            let (code, length) = (self.u16(rest, 0)?, usize::from(self.u16(rest, 2)?));
            let value = rest.get(4..4 + length).filter(|_| code != option::END)?;
            rest = rest.get(4 + padded(length)..).unwrap_or_default();
            Some((code, value))
        })
    }
}

/// The length with its padding to 32 bits.
pub(super) fn padded(length: usize) -> usize {
    length.next_multiple_of(4)
}
