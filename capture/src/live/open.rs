//! Opening and closing many rings at once: each waits for the kernel's RCU for 14 to 24 ms, side by side or not.

use std::{collections::BTreeMap, io, thread};

use nix::{ifaddrs::getifaddrs, net::if_::InterfaceFlags};
use topology::{
    NamespaceName, Place,
    kernel::{NamespaceFd, in_namespace},
};

use super::{
    TapError,
    ring::{Ring, Settings},
};
use crate::{Direction, Tap};

/// What became of the wanted taps.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// Those that listen, in the order in which they were wanted.
    pub awake: Vec<Tap>,
    pub rings: Vec<Ring>,
    /// Those whose interface is down.
    pub asleep: Vec<(Tap, NamespaceFd)>,
}

/// Opens both rings of every tap; returns when all of them listen.
pub(super) fn open(wanted: Vec<(Tap, NamespaceFd)>, settings: Settings) -> Result<Opened, TapError> {
    let mut by_namespace: BTreeMap<&NamespaceName, (&NamespaceFd, Vec<&Tap>)> = BTreeMap::new();
    for (tap, fd) in &wanted {
        by_namespace.entry(&tap.at.namespace).or_insert((fd, Vec::new())).1.push(tap);
    }
    let visits: Vec<Result<Vec<Tried>, TapError>> = thread::scope(|scope| {
        let start = |(fd, taps)| spawn(scope, move || visit(fd, taps, settings));
        let threads: Vec<_> = by_namespace.into_values().map(start).collect();
        threads.into_iter().map(|thread| join(thread).and_then(|visit| visit)).collect()
    });
    let mut found = BTreeMap::new();
    let mut failed = None;
    for tried in visits.into_iter().flat_map(|visit| visit.unwrap_or_else(|error| vec![Err(error)])) {
        match tried {
            Ok((id, rings)) => {
                found.insert(id, rings);
            }
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    if let Some(error) = failed {
        close(found.into_values().flatten().flatten().collect());
        return Err(error);
    }
    let mut opened = Opened::default();
    for (tap, fd) in wanted {
        match found.remove(&tap.id).flatten() {
            Some(rings) => {
                opened.rings.extend(rings);
                opened.awake.push(tap);
            }
            None => opened.asleep.push((tap, fd)),
        }
    }
    Ok(opened)
}

/// Closes rings, each on a thread of its own.
pub(super) fn close(rings: Vec<Ring>) {
    thread::scope(|scope| {
        for ring in rings {
            // Where no thread can be had, the ring is dropped with the closure, here and now.
            let _started = thread::Builder::new().spawn_scoped(scope, move || drop(ring));
        }
    });
}

/// A tap's rings; none if its interface is down.
type Tried = Result<(crate::TapId, Option<[Ring; 2]>), TapError>;

/// Opens the taps of one namespace, inside of it.
fn visit(fd: &NamespaceFd, taps: Vec<&Tap>, settings: Settings) -> Result<Vec<Tried>, TapError> {
    let first = taps.first().map(|tap| tap.at.clone());
    let inside = in_namespace(fd, || {
        // A thread begins in the namespace of the one that started it.
        thread::scope(|scope| {
            let start = |tap| spawn(scope, move || listen(tap, settings));
            let threads: Vec<_> = taps.into_iter().map(start).collect();
            threads.into_iter().map(|thread| join(thread).and_then(|tried| tried)).collect()
        })
    });
    match (inside, first) {
        (Ok(tried), _) => Ok(tried),
        (Err(source), Some(at)) => Err(TapError::Namespace { at, source }),
        (Err(_), None) => Ok(Vec::new()),
    }
}

/// Opens both rings of a tap, side by side.
fn listen(tap: &Tap, settings: Settings) -> Tried {
    let ring = |direction| Ring::open(tap.at.interface.as_str(), tap.id, direction, settings);
    let both = thread::scope(|scope| {
        let sent = spawn(scope, || ring(Direction::Out));
        (ring(Direction::In), join(sent))
    });
    let error = match both {
        (Ok(received), Ok(Ok(sent))) => return Ok((tap.id, Some([received, sent]))),
        (_, Err(error)) => return Err(error),
        (Err(error), _) | (_, Ok(Err(error))) => error,
    };
    if is_down(&tap.at) {
        return Ok((tap.id, None));
    }
    Err(TapError::Interface { at: tap.at.clone(), message: error.to_string() })
}

/// Whether the interface exists in the calling thread's namespace and is down.
fn is_down(at: &Place) -> bool {
    let interfaces = getifaddrs().into_iter().flatten();
    let mut own = interfaces.filter(|found| found.interface_name == at.interface.as_str()).peekable();
    own.peek().is_some() && own.all(|found| !found.flags.contains(InterfaceFlags::IFF_UP))
}

type Started<'scope, T> = io::Result<thread::ScopedJoinHandle<'scope, T>>;

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    run: impl FnOnce() -> T + Send + 'scope,
) -> Started<'scope, T> {
    thread::Builder::new().name("tap".into()).spawn_scoped(scope, run)
}

fn join<T>(started: Started<'_, T>) -> Result<T, TapError> {
    let thread = started
        .map_err(|source| TapError::System { doing: "a thread for a tap cannot be started", source })?;
    Ok(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
}
