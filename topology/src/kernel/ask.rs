//! One question to the kernel over rtnetlink, and its answer.

use std::ops::ControlFlow;

use rtnetlink::{
    packet_core::{ErrorMessage, NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_INTR, NetlinkPayload, NlasIterator},
    packet_route::{
        RouteNetlinkMessage,
        link::{LinkAttribute, LinkMessage},
    },
};

use super::netlink::Netlink;

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

    fn other_answer() -> Self {
        Self { errno: libc::EPROTO, said: Some("the kernel answered something else".into()) }
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

/// Waits until the kernel has done, or refused, the change. `flags` beside `NLM_F_REQUEST | NLM_F_ACK`.
pub(super) async fn change(
    netlink: &Netlink,
    message: RouteNetlinkMessage,
    flags: u16,
) -> Result<(), Refusal> {
    let answer = netlink.ask(message, NLM_F_ACK | flags, |reply| match &reply.payload {
        NetlinkPayload::Error(error) if error.code.is_none() => ControlFlow::Break(Ok(())),
        NetlinkPayload::Error(error) => ControlFlow::Break(Err(Refusal::from_message(error))),
        _ => ControlFlow::Continue(()),
    });
    answer.await.unwrap_or_else(|error| Err(Refusal::of(&error)))
}

/// The answer to a question about one thing.
pub(super) async fn get(
    netlink: &Netlink,
    message: RouteNetlinkMessage,
) -> Result<RouteNetlinkMessage, Refusal> {
    let answer = netlink.ask(message, 0, |reply| match reply.payload {
        NetlinkPayload::InnerMessage(message) => ControlFlow::Break(Ok(message)),
        NetlinkPayload::Error(error) if error.code.is_some() => {
            ControlFlow::Break(Err(Refusal::from_message(&error)))
        }
        _ => ControlFlow::Continue(()),
    });
    answer.await.unwrap_or_else(|error| Err(Refusal::of(&error)))
}

pub(super) async fn link_named(netlink: &Netlink, name: &str) -> Result<LinkMessage, Refusal> {
    let mut wanted = LinkMessage::default();
    wanted.attributes.push(LinkAttribute::IfName(name.into()));
    match get(netlink, RouteNetlinkMessage::GetLink(wanted)).await? {
        RouteNetlinkMessage::NewLink(link) => Ok(link),
        _ => Err(Refusal::other_answer()),
    }
}

/// A dump that is torn by a change at the same time is asked for again, this often at most.
const ATTEMPTS: usize = 8;

/// Everything of one sort.
pub(super) async fn dump(
    netlink: &Netlink,
    message: RouteNetlinkMessage,
) -> Result<Vec<RouteNetlinkMessage>, Refusal> {
    for _ in 0..ATTEMPTS {
        if let Some(whole) = dump_once(netlink, message.clone()).await? {
            return Ok(whole);
        }
    }
    Err(Refusal { errno: libc::EINTR, said: Some("it changed all the time while being read".into()) })
}

/// `None` if it changed while it was being read.
async fn dump_once(
    netlink: &Netlink,
    message: RouteNetlinkMessage,
) -> Result<Option<Vec<RouteNetlinkMessage>>, Refusal> {
    let (mut found, mut torn) = (Vec::new(), false);
    let end = netlink.ask(message, NLM_F_DUMP, |reply| {
        torn |= reply.header.flags & NLM_F_DUMP_INTR != 0;
        match reply.payload {
            NetlinkPayload::InnerMessage(message) => found.push(message),
            NetlinkPayload::Error(error) if error.code.is_some() => {
                return ControlFlow::Break(Err(Refusal::from_message(&error)));
            }
            NetlinkPayload::Done(_) => return ControlFlow::Break(Ok(())),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    end.await.unwrap_or_else(|error| Err(Refusal::of(&error)))?;
    Ok((!torn).then_some(found))
}
