//! Recordings: one pcapng file that any tool opens and that also carries the lab, its changes, captions and what was forgotten.
//!
//! How our own files are laid out (version 2), within the pcapng specification (draft-ietf-opsawg-pcapng):
//!
//! - one interface description block for each tap, named `namespace/interface`, nanoseconds, Ethernet,
//!   the same snap length everywhere, since libpcap refuses files where it differs;
//! - one enhanced packet block for each frame, with its direction in the flags option;
//! - **notes**: what a capture format has no place for (the lab as it stands, captions, what somebody made a table forget). A note is a comment, see
//!   [`note`]: those from before the first tap stand in the section header, the others in interface statistics
//!   blocks, which may stand anywhere. Custom blocks would be the natural place, but tshark 4.0 shows each of
//!   them as an empty frame;
//! - losses are interface statistics blocks with the `isb_ifdrop` option.
//!
//! Blocks are only ever appended, so that a recorder that was killed leaves a file that ends in the middle of a
//! block at worst; [`Reader`] delivers everything before that point and then says so.
//!
//! Files of other tools open too: pcapng and classic pcap, of either byte order. Writing goes through the crate
//! `pcap-file`; reading does not, because we promise what it cannot: errors with their place in the file, the
//! same leniency towards unknown or broken options in all blocks, memory that only grows with bytes that really
//! arrived, and a truncated end that is told apart from a broken one.

mod ahead;
mod blocks;
mod bytes;
mod classic;
mod interfaces;
mod migrate;
mod note;
mod octets;
mod pcapng;
mod read;
mod write;

pub use ahead::{ReadAhead, read_ahead};
pub use read::{Reader, read};
pub use write::{Recorder, SNAP_LENGTH};

/// What our own files are written as; [`Reader`] opens this version and all before it.
pub const VERSION: u32 = migrate::CURRENT;

/// No block, frame or option may claim to be longer; octets.
const LONGEST_BLOCK: usize = 64 << 20;

/// What is wrong with a recording, and where.
#[derive(Debug, thiserror::Error)]
#[error("at byte {offset}: {fault}")]
pub struct RecordingError {
    /// Where in the file the block begins that cannot be read; octets from its start.
    pub offset: u64,
    pub fault: Fault,
}

#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("this is neither a pcapng nor a pcap file")]
    NotARecording,
    /// What a killed recorder leaves. Everything before it has been delivered.
    #[error("the recording ends in the middle of a block; everything before it is whole")]
    Truncated,
    /// The file cannot be followed any further: what ought to be a block or a record is none.
    #[error("{0}; the rest cannot be found")]
    Broken(String),
    /// One block; what comes behind it can be read.
    #[error("{0}")]
    Malformed(String),
    #[error(
        "{tap} holds frames of link type {link_type} ({name}), which are left out: only Ethernet (link type 1) \
         can be shown; record on a named interface instead of “any”"
    )]
    LinkType { tap: String, link_type: u32, name: &'static str },
    #[error(
        "this recording is of version {found}, and this Hopscope reads up to version {newest}: get a newer Hopscope"
    )]
    Newer { found: u32, newest: u32 },
    #[error("a note cannot be read: {0}")]
    Note(String),
}

impl RecordingError {
    /// Whether the reader gives nothing more after this error; otherwise it goes on behind what it could not read.
    pub fn is_last(&self) -> bool {
        match self.fault {
            Fault::Io(_) | Fault::NotARecording | Fault::Truncated | Fault::Broken(_) => true,
            Fault::Malformed(_) | Fault::LinkType { .. } | Fault::Newer { .. } | Fault::Note(_) => false,
        }
    }

    /// Whether the file was only cut off: what a killed recorder leaves, worth a hint rather than a failure.
    pub fn is_truncation(&self) -> bool {
        matches!(self.fault, Fault::Truncated)
    }
}
