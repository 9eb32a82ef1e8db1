//! The bytes between engine and caller; nothing else knows them.
//!
//! Each side first sends a preamble: `hopscope` and its version (u32, little endian). Then come
//! messages: a length (u32, little endian, without itself) and a body. A request's body is one
//! [postcard](https://postcard.jamesmunns.com/wire-format) value. A message's body begins with a
//! tag: [`SAID`] and one value, or [`EVENTS`] and values up to its end.
//!
//! Nothing that arrives can make this panic, or take more memory than the limits say.

use std::{
    io::{self, Read, Write},
    sync::Arc,
};

use capture::{Direction, Event, Frame, TapId, WireNs};
use serde::{Deserialize, Serialize, Serializer};

use super::protocol::{Message, Request, Said};

/// The largest body that an engine sends, in octets.
pub const LARGEST_MESSAGE: usize = 16 << 20;
/// The largest body that an engine accepts, in octets: two labs of some ten thousand interfaces each.
pub const LARGEST_REQUEST: usize = 8 << 20;

const NAME: &[u8; 8] = b"hopscope";
const SAID: u8 = 0;
const EVENTS: u8 = 1;

#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("the other side does not speak this protocol")]
    Stranger,
    #[error("a message of {len} octets is over the limit of {limit}")]
    TooLarge { len: usize, limit: usize },
    #[error("a message makes no sense: {0}")]
    Senseless(String),
}

pub fn write_preamble(mut out: impl Write, version: u32) -> io::Result<()> {
    let mut bytes = NAME.to_vec();
    bytes.extend(version.to_le_bytes());
    out.write_all(&bytes)
}

/// The other side's version.
pub fn read_preamble(mut input: impl Read) -> Result<u32, WireError> {
    let (mut name, mut version) = ([0; 8], [0; 4]);
    input.read_exact(&mut name)?;
    if name != *NAME {
        return Err(WireError::Stranger);
    }
    input.read_exact(&mut version)?;
    Ok(u32::from_le_bytes(version))
}

/// One body of at most `limit` octets; `None` when the other side has closed between two messages.
pub fn read_body(mut input: impl Read, limit: usize) -> Result<Option<Vec<u8>>, WireError> {
    let mut prefix = [0; 4];
    let mut filled = 0;
    while filled < prefix.len() {
        match input.read(&mut prefix[filled..]) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(WireError::Io(io::ErrorKind::UnexpectedEof.into())),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let len = usize::try_from(u32::from_le_bytes(prefix)).unwrap_or(usize::MAX);
    if limit < len {
        return Err(WireError::TooLarge { len, limit });
    }
    // Reading grows the buffer with what really comes, not with what was promised.
    let mut body = Vec::new();
    input.take(len as u64).read_to_end(&mut body)?;
    if body.len() < len {
        return Err(WireError::Io(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(Some(body))
}

/// A request with its length before it.
pub fn encode_request(request: &Request) -> Result<Vec<u8>, WireError> {
    let bytes = postcard::to_extend(request, vec![0; 4]).map_err(senseless)?;
    with_length(bytes, LARGEST_REQUEST)
}

/// A message with its length before it. Events should be so few that they fit.
pub fn encode_message(message: &Message) -> Result<Vec<u8>, WireError> {
    let bytes = match message {
        Message::Said(said) => postcard::to_extend(said, vec![0, 0, 0, 0, SAID]).map_err(senseless)?,
        Message::Events(events) => {
            let empty = Ok(vec![0, 0, 0, 0, EVENTS]);
            events.iter().fold(empty, |bytes: Result<_, WireError>, event| {
                postcard::to_extend(&EventOnWire::from(event), bytes?).map_err(senseless)
            })?
        }
    };
    with_length(bytes, LARGEST_MESSAGE)
}

/// Decodes a request's body.
pub fn decode_request(body: &[u8]) -> Result<Request, WireError> {
    whole(body)
}

/// Decodes a message's body.
pub fn decode_message(body: &[u8]) -> Result<Message, WireError> {
    match body.split_first() {
        Some((&SAID, rest)) => whole::<Said>(rest).map(Message::Said),
        Some((&EVENTS, mut rest)) => {
            let mut events = Vec::new();
            while !rest.is_empty() {
                let (event, after) = postcard::take_from_bytes::<EventOnWire>(rest).map_err(senseless)?;
                events.push(event.into());
                rest = after;
            }
            Ok(Message::Events(events))
        }
        Some((tag, _)) => Err(WireError::Senseless(format!("unknown tag {tag}"))),
        None => Err(WireError::Senseless("it is empty".into())),
    }
}

fn whole<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, WireError> {
    match postcard::take_from_bytes(bytes).map_err(senseless)? {
        (value, []) => Ok(value),
        (_, rest) => Err(WireError::Senseless(format!("{} octets too many", rest.len()))),
    }
}

fn with_length(mut bytes: Vec<u8>, limit: usize) -> Result<Vec<u8>, WireError> {
    let len = bytes.len() - 4;
    let prefix = u32::try_from(len).ok().filter(|_| len <= limit);
    let prefix = prefix.ok_or(WireError::TooLarge { len, limit })?;
    bytes[..4].copy_from_slice(&prefix.to_le_bytes());
    Ok(bytes)
}

fn senseless(error: postcard::Error) -> WireError {
    WireError::Senseless(error.to_string())
}

/// An event whose frame's bytes are copied as a block: frames are nearly all that is sent.
#[derive(Serialize, Deserialize)]
enum EventOnWire<'a> {
    Frame {
        tap: TapId,
        t: WireNs,
        direction: Direction,
        original_len: u32,
        #[serde(borrow, serialize_with = "as_a_block")]
        bytes: &'a [u8],
    },
    Other(Event),
}

fn as_a_block<S: Serializer>(bytes: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

impl<'a> From<&'a Event> for EventOnWire<'a> {
    fn from(event: &'a Event) -> Self {
        match event {
            Event::Frame(Frame { tap, t, direction, bytes, original_len }) => {
                Self::Frame { tap: *tap, t: *t, direction: *direction, original_len: *original_len, bytes }
            }
            other => Self::Other(other.clone()),
        }
    }
}

impl From<EventOnWire<'_>> for Event {
    fn from(event: EventOnWire<'_>) -> Self {
        match event {
            EventOnWire::Frame { tap, t, direction, original_len, bytes } => {
                let at_least = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
                let original_len = original_len.max(at_least);
                Self::Frame(Frame { tap, t, direction, bytes: Arc::from(bytes), original_len })
            }
            EventOnWire::Other(event) => event,
        }
    }
}

#[cfg(test)]
#[path = "wire/tests.rs"]
mod tests;
