//! Questions sent from inside a namespace, so that nothing depends on `ping` and its like being there.
//!
//! Each probe runs on a thread that has entered the namespace, and asks the kernel for its own verdict
//! too (`IP_RECVERR`, ip(7)): "host unreachable" after three unanswered ARP questions says more than
//! silence, and says it sooner than a timeout.

mod arp;
mod connect;
mod echo;
mod train;
mod verdict;

use std::{net::IpAddr, time::Duration};

use topology::kernel::{NamespaceFd, in_namespace};

use self::echo::{Echo, Heard};
pub use self::train::Brake;
use super::protocol::{EngineError, Outcome, PingTrain, Probe, ProbeKind, Tally, TraceHop};

/// Carries the probe out, and waits for its end. An error means that it could not even be tried; that
/// nothing came back, or a refusal, is an outcome.
pub fn probe(fd: &NamespaceFd, probe: &Probe) -> Result<Outcome, EngineError> {
    let failed =
        |error: std::io::Error| EngineError::Probe(format!("the probe from {} failed: {error}", probe.from));
    in_namespace(fd, || ask(&probe.kind, probe.timeout)).and_then(|outcome| outcome).map_err(failed)
}

/// Sends a train of pings until its end or the brake; `tell` hears how it stands on the way.
pub fn train(
    fd: &NamespaceFd,
    train: &PingTrain,
    brake: &Brake,
    tell: impl FnMut(Tally) + Send,
) -> Result<Tally, EngineError> {
    let failed =
        |error: std::io::Error| EngineError::Probe(format!("the pings from {} failed: {error}", train.from));
    in_namespace(fd, || train::run(train, brake, tell)).and_then(|tally| tally).map_err(failed)
}

fn ask(kind: &ProbeKind, timeout: Duration) -> std::io::Result<Outcome> {
    match kind {
        ProbeKind::Ping { to, sequence, identifier, payload_len, ttl } => {
            let echo = Echo {
                to: *to,
                sequence: *sequence,
                identifier: *identifier,
                payload_len: *payload_len,
                ttl: *ttl,
            };
            echo.ask(timeout).map(|heard| ping_outcome(*to, heard, timeout))
        }
        ProbeKind::Arp { to, on } => arp::ask(*to, on, timeout),
        ProbeKind::Tcp { to } => connect::tcp(*to, timeout),
        ProbeKind::Udp { to, payload } => connect::udp(*to, payload, timeout),
        ProbeKind::Trace { to, max_hops } => trace(*to, *max_hops, timeout),
    }
}

fn ping_outcome(to: IpAddr, heard: Heard, timeout: Duration) -> Outcome {
    match heard {
        Heard::Reply { round_trip } => Outcome {
            answered: true,
            round_trip: Some(round_trip),
            answer_from: Some(to),
            reason: format!("{to} answered"),
            hops: Vec::new(),
        },
        Heard::Verdict(verdict) => verdict.outcome(to),
        Heard::Silence => silence(to, timeout),
    }
}

/// Nothing came back; the neighbour table may know more.
fn silence(to: IpAddr, timeout: Duration) -> Outcome {
    let reason = if verdict::arp_went_unanswered(to) {
        format!("{to} did not answer the ARP question")
    } else {
        format!("nothing came back from {to} within {timeout:?}")
    };
    Outcome { reason, ..Outcome::default() }
}

/// Echo requests whose TTL lets them come one hop further each time.
fn trace(to: IpAddr, max_hops: u8, timeout: Duration) -> std::io::Result<Outcome> {
    // The thread's number is a good identifier: no other trace has it at the same time.
    let identifier = (nix::unistd::gettid().as_raw() & 0xffff) as u16;
    let mut hops = Vec::new();
    for ttl in 1..=max_hops {
        let sequence = u16::from(ttl);
        let echo = Echo { to, sequence, identifier, payload_len: 32, ttl: Some(ttl) };
        let (hop, end) = match echo.ask(timeout)? {
            Heard::Reply { round_trip } => {
                let says = "the target answered".to_string();
                let hop = TraceHop { ttl, from: Some(to), round_trip: Some(round_trip), says };
                let reason = format!("{to} answered over {ttl} {}", if ttl == 1 { "hop" } else { "hops" });
                let (round_trip, answer_from) = (Some(round_trip), Some(to));
                (hop, Some(Outcome { answered: true, round_trip, answer_from, reason, hops: Vec::new() }))
            }
            Heard::Verdict(verdict) => {
                let (from, round_trip) = (verdict.from, verdict.round_trip);
                let hop = TraceHop { ttl, from, round_trip, says: verdict.plain.clone() };
                (hop, (!verdict.is_time_exceeded).then(|| verdict.outcome(to)))
            }
            Heard::Silence => {
                let says = "nobody spoke".to_string();
                (TraceHop { ttl, from: None, round_trip: None, says }, None)
            }
        };
        hops.push(hop);
        if let Some(outcome) = end {
            return Ok(Outcome { hops, ..outcome });
        }
    }
    Ok(Outcome { hops, reason: format!("{to} was not reached within {max_hops} hops"), ..Outcome::default() })
}
