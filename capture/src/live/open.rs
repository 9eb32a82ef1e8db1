//! Opening and closing many rings at once: each waits for the kernel's RCU for 14 to 24 ms, side by side or not.

use std::{collections::BTreeMap, io, thread};

use nix::{ifaddrs::getifaddrs, net::if_::InterfaceFlags};
use topology::{
    NamespaceName, Place,
    kernel::{NamespaceFd, in_namespace},
};

use super::{
    TapError, carried,
    ring::{self, Ring, Settings},
};
use crate::{Direction, Tap, TapId, WireNs};

/// What became of the wanted taps.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// Those that listen, in the order in which they were wanted.
    pub awake: Vec<Open>,
    /// Those whose interface is down.
    pub asleep: Vec<(Tap, NamespaceFd)>,
    pub failed: Vec<(Tap, TapError)>,
}

/// A tap that listens.
#[derive(Debug)]
pub(super) struct Open {
    pub tap: Tap,
    pub rings: [Ring; 2],
    /// How many frames its interface had carried that the rings did not get.
    pub before: u64,
    pub since: WireNs,
}

/// Opens both rings of every tap; returns when all of them listen.
///
/// # Errors
/// The first tap that cannot be opened; all others are closed again then.
pub(super) fn open(wanted: Vec<(Tap, NamespaceFd)>, settings: Settings) -> Result<Opened, TapError> {
    let mut opened = try_to_open(wanted, settings)?;
    if opened.failed.is_empty() {
        return Ok(opened);
    }
    close(opened.awake.into_iter().flat_map(|open| open.rings).collect());
    Err(opened.failed.swap_remove(0).1)
}

/// Opens both rings of every tap that can be opened; returns when all of these listen.
///
/// # Errors
/// No threads can be had.
pub(super) fn try_to_open(wanted: Vec<(Tap, NamespaceFd)>, settings: Settings) -> Result<Opened, TapError> {
    let mut by_namespace: BTreeMap<&NamespaceName, (&NamespaceFd, Vec<&Tap>)> = BTreeMap::new();
    for (tap, fd) in &wanted {
        by_namespace.entry(&tap.at.namespace).or_insert((fd, Vec::new())).1.push(tap);
    }
    let visits: Vec<Result<Vec<Tried>, TapError>> = thread::scope(|scope| {
        let start = |(fd, taps)| spawn(scope, move || visit(fd, taps, settings));
        let threads: Vec<_> = by_namespace.into_values().map(start).collect();
        threads.into_iter().map(join).collect()
    });
    let visits = visits.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut found: BTreeMap<TapId, Result<Found, TapError>> =
        visits.into_iter().flatten().map(|tried| (tried.tap, tried.found)).collect();
    let mut opened = Opened::default();
    for (tap, fd) in wanted {
        match found.remove(&tap.id) {
            Some(Ok(Found::Listens { rings, before, since })) => {
                opened.awake.push(Open { tap, rings, before, since });
            }
            Some(Ok(Found::Down)) => opened.asleep.push((tap, fd)),
            Some(Err(error)) => opened.failed.push((tap, error)),
            None => {
                let message = "another tap of its number was wanted too".into();
                let error = TapError::Interface { at: tap.at.clone(), message };
                opened.failed.push((tap, error));
            }
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

struct Tried {
    tap: TapId,
    found: Result<Found, TapError>,
}

enum Found {
    Listens { rings: [Ring; 2], before: u64, since: WireNs },
    Down,
}

/// Opens the taps of one namespace, inside of it.
fn visit(fd: &NamespaceFd, taps: Vec<&Tap>, settings: Settings) -> Vec<Tried> {
    let inside = in_namespace(fd, || {
        // A thread begins in the namespace of the one that started it.
        thread::scope(|scope| {
            let start = |tap: &'_ Tap| {
                let copy = tap.clone();
                spawn(scope, move || listen(&copy, settings))
            };
            let threads: Vec<_> = taps.iter().map(|&tap| (tap.id, start(tap))).collect();
            let tried = |(tap, thread)| Tried { tap, found: join(thread).and_then(|found| found) };
            threads.into_iter().map(tried).collect()
        })
    });
    inside.unwrap_or_else(|error| {
        let failed = |tap: &Tap| {
            let source = error
                .raw_os_error()
                .map_or_else(|| io::Error::other(error.to_string()), io::Error::from_raw_os_error);
            Tried { tap: tap.id, found: Err(TapError::Namespace { at: tap.at.clone(), source }) }
        };
        taps.into_iter().map(failed).collect()
    })
}

/// Opens both rings of a tap, side by side.
fn listen(tap: &Tap, settings: Settings) -> Result<Found, TapError> {
    let ring = |direction| Ring::open(tap.at.interface.as_str(), tap.id, direction, settings);
    let both = thread::scope(|scope| {
        let sent = spawn(scope, || ring(Direction::Out));
        (ring(Direction::In), join(sent))
    });
    let error = match both {
        (Ok(received), Ok(Ok(sent))) => {
            let (since, mut rings) = (ring::now(), [received, sent]);
            let before = carried::before(tap.at.interface.as_str(), &mut rings);
            return Ok(Found::Listens { rings, before, since });
        }
        (_, Err(error)) => return Err(error),
        (Err(error), _) | (_, Ok(Err(error))) => error,
    };
    if is_down(&tap.at) {
        return Ok(Found::Down);
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
