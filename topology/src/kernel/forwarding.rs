//! Waiting until bridges forward: a port that was just switched on does so some milliseconds later,
//! when the kernel has taken note of its carrier, and with the spanning tree only after half a minute.

use std::{io, time::Instant};

use futures_util::{StreamExt, stream::select_all};
use rtnetlink::packet_route::link::BridgePortState;
use tokio::{runtime::Runtime, task::JoinHandle, time::timeout_at};

use crate::{NamespaceName, ObserveError, Place};

use super::{
    Kernel,
    gather::{self, Kind},
    room::{Announcements, Room, listen_to_links},
};

impl Kernel {
    pub(super) async fn until_forwarding(&mut self, deadline: Instant) -> Result<Vec<Place>, ObserveError> {
        let with_bridges = self.rooms.iter().filter(|(_, room)| room.has_bridges);
        let names: Vec<NamespaceName> = with_bridges.map(|(name, _)| name.clone()).collect();
        let waiting = self.not_forwarding(&names).await?;
        if waiting.is_empty() {
            return Ok(waiting);
        }
        let mut names: Vec<NamespaceName> = waiting.into_iter().map(|place| place.namespace).collect();
        names.dedup();
        let runtime = self.runtime();
        let rooms = names.iter().filter_map(|name| self.rooms.get(name));
        let (_ears, announcements) =
            listen(&runtime, rooms).map_err(|error| failed("listening to the news of bridges", &error))?;
        let mut news = select_all(announcements).ready_chunks(1024);
        loop {
            // Only now, with open ears: nothing can happen unheard between the look and the news.
            let waiting = self.not_forwarding(&names).await?;
            if waiting.is_empty() || deadline <= Instant::now() {
                return Ok(waiting);
            }
            match timeout_at(deadline.into(), news.next()).await {
                Ok(Some(_)) => {}
                // Too late, or deaf: one last look says how it stands.
                Ok(None) | Err(_) => return self.not_forwarding(&names).await,
            }
        }
    }

    /// The ports that are about to forward, but do not yet.
    async fn not_forwarding(&self, names: &[NamespaceName]) -> Result<Vec<Place>, ObserveError> {
        let mut waiting = Vec::new();
        for (name, room) in names.iter().filter_map(|name| self.rooms.get_key_value(name)) {
            let links = gather::links(&room.netlink).await.map_err(|refusal| ObserveError {
                doing: format!("reading the bridges of {name}"),
                message: refusal.words(),
            })?;
            let of_bridge_that_is_up = |controller: &u32| {
                links
                    .get(controller)
                    .is_some_and(|bridge| bridge.up && matches!(bridge.kind, Kind::Bridge(_)))
            };
            for port in
                links.values().filter(|link| link.controller.as_ref().is_some_and(of_bridge_that_is_up))
            {
                let settled =
                    matches!(port.port_state, Some(BridgePortState::Forwarding | BridgePortState::Blocking));
                if port.up && port.carrier && !settled {
                    waiting.push(Place::new(name.clone(), port.name.clone()));
                }
            }
        }
        Ok(waiting)
    }
}

fn failed(doing: &str, error: &io::Error) -> ObserveError {
    ObserveError { doing: doing.into(), message: error.to_string() }
}

/// Tasks that end when they are dropped.
struct Ears(Vec<JoinHandle<()>>);

impl Drop for Ears {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

fn listen<'a>(
    runtime: &Runtime,
    rooms: impl Iterator<Item = &'a Room>,
) -> io::Result<(Ears, Vec<Announcements>)> {
    let (mut ears, mut announcements) = (Ears(Vec::new()), Vec::new());
    for room in rooms {
        let (ear, heard) = listen_to_links(runtime, &room.fd)?;
        ears.0.push(ear);
        announcements.push(heard);
    }
    Ok((ears, announcements))
}
