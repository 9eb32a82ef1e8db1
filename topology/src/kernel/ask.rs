//! One question to the kernel over rtnetlink, and its answer.

use futures_util::{StreamExt, stream::BoxStream};
use rtnetlink::{
    Handle,
    packet_core::{
        ErrorMessage, NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NetlinkMessage, NetlinkPayload,
        NlasIterator,
    },
    packet_route::{
        RouteNetlinkMessage,
        link::{LinkAttribute, LinkMessage},
    },
};

/// The kernel's no: an errno and, where it gave one, its own sentence (`NLMSGERR_ATTR_MSG`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) errno: i32,
    pub(super) said: Option<String>,
}

impl Refusal {
    pub(super) fn of(error: &std::io::Error) -> Self {
        Self { errno: error.raw_os_error().unwrap_or(libc::EIO), said: None }
    }

    /// The connection ended before the answer.
    fn broken() -> Self {
        Self { errno: libc::EPIPE, said: Some("the connection to the kernel broke".into()) }
    }

    fn from_message(error: &ErrorMessage) -> Self {
        Self { errno: error.raw_code().abs(), said: extended_acknowledgement(&error.header) }
    }

    pub(super) fn words(&self) -> String {
        let plain = std::io::Error::from_raw_os_error(self.errno).to_string();
        let plain = plain.split(" (os error").next().unwrap_or_default();
        match &self.said {
            Some(said) => format!("{plain} ({said})"),
            None => plain.to_string(),
        }
    }
}

/// Length of `struct nlmsghdr` (linux/netlink.h), the header of the request that was refused.
const REQUEST_HEADER: usize = 16;
const NLMSGERR_ATTR_MSG: u16 = 1;

fn extended_acknowledgement(after_code: &[u8]) -> Option<String> {
    let attributes = after_code.get(REQUEST_HEADER..)?;
    NlasIterator::new(attributes)
        .filter_map(Result::ok)
        .find(|attribute| attribute.kind() == NLMSGERR_ATTR_MSG)
        .map(|attribute| {
            String::from_utf8_lossy(attribute.value())
                .trim_end_matches('\0')
                .trim_end_matches('.')
                .to_string()
        })
}

pub(super) type Replies = BoxStream<'static, NetlinkMessage<RouteNetlinkMessage>>;

/// Sends a change, without waiting. Changes sent to one namespace happen in the order of sending.
/// `flags` beside `NLM_F_REQUEST | NLM_F_ACK`.
pub(super) fn send(netlink: &Handle, message: RouteNetlinkMessage, flags: u16) -> Result<Replies, Refusal> {
    let mut request = NetlinkMessage::from(message);
    request.header.flags = NLM_F_REQUEST | NLM_F_ACK | flags;
    let mut netlink = netlink.clone();
    Ok(netlink.request(request).map_err(|_| Refusal::broken())?.boxed())
}

/// Waits until the kernel has done, or refused, what was sent.
pub(super) async fn acknowledgement(mut replies: Replies) -> Result<(), Refusal> {
    while let Some(reply) = replies.next().await {
        if let NetlinkPayload::Error(error) = &reply.payload {
            return if error.code.is_none() { Ok(()) } else { Err(Refusal::from_message(error)) };
        }
    }
    Err(Refusal::broken())
}

pub(super) async fn change(
    netlink: &Handle,
    message: RouteNetlinkMessage,
    flags: u16,
) -> Result<(), Refusal> {
    acknowledgement(send(netlink, message, flags)?).await
}

/// The answer to a question about one thing.
pub(super) async fn get(
    netlink: &Handle,
    message: RouteNetlinkMessage,
) -> Result<RouteNetlinkMessage, Refusal> {
    let mut request = NetlinkMessage::from(message);
    request.header.flags = NLM_F_REQUEST;
    let mut netlink = netlink.clone();
    let mut replies = netlink.request(request).map_err(|_| Refusal::broken())?.boxed();
    while let Some(reply) = replies.next().await {
        match reply.payload {
            NetlinkPayload::InnerMessage(message) => return Ok(message),
            NetlinkPayload::Error(error) if error.code.is_some() => {
                return Err(Refusal::from_message(&error));
            }
            _ => {}
        }
    }
    Err(Refusal::broken())
}

pub(super) async fn link_named(netlink: &Handle, name: &str) -> Result<LinkMessage, Refusal> {
    let mut wanted = LinkMessage::default();
    wanted.attributes.push(LinkAttribute::IfName(name.into()));
    match get(netlink, RouteNetlinkMessage::GetLink(wanted)).await? {
        RouteNetlinkMessage::NewLink(link) => Ok(link),
        _ => Err(Refusal::broken()),
    }
}

/// A dump that is torn by a change at the same time is asked for again, this often at most.
const ATTEMPTS: usize = 8;

/// Everything of one sort. One dump at a time for each connection: the kernel refuses a second.
pub(super) async fn dump(
    netlink: &Handle,
    message: RouteNetlinkMessage,
) -> Result<Vec<RouteNetlinkMessage>, Refusal> {
    for _ in 0..ATTEMPTS {
        if let Some(whole) = dump_once(netlink, message.clone()).await? {
            return Ok(whole);
        }
    }
    Err(Refusal { errno: libc::EINTR, said: Some("it changed all the time while being read".into()) })
}

async fn dump_once(
    netlink: &Handle,
    message: RouteNetlinkMessage,
) -> Result<Option<Vec<RouteNetlinkMessage>>, Refusal> {
    let mut request = NetlinkMessage::from(message);
    request.header.flags = NLM_F_REQUEST | NLM_F_DUMP;
    let mut netlink = netlink.clone();
    let mut replies = netlink.request(request).map_err(|_| Refusal::broken())?.boxed();
    let (mut found, mut torn) = (Vec::new(), false);
    while let Some(reply) = replies.next().await {
        torn |= reply.header.flags & NLM_F_DUMP_INTR != 0;
        match reply.payload {
            NetlinkPayload::InnerMessage(message) => found.push(message),
            NetlinkPayload::Error(error) if error.code.is_some() => {
                return Err(Refusal::from_message(&error));
            }
            NetlinkPayload::Done(_) => return Ok((!torn).then_some(found)),
            _ => {}
        }
    }
    Err(Refusal::broken())
}
