//! What five taps lose: small UDP frames from red through a bridge to blue, at several rates, for two seconds each;
//! then the time and memory that 201 taps take. As root.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark paces what it sends, and pauses its reader on purpose"
)]

use std::{
    net::UdpSocket,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use capture::{
    Event, WireNs,
    live::{Options, Taps},
};
use rooms::{Room, five_taps, taps, two_rooms_and_a_switch};

#[path = "../tests/rooms/mod.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod rooms;

const FOR: Duration = Duration::from_secs(2);

fn main() {
    for rate in [20_000, 50_000, u64::MAX] {
        flood(rate, Duration::ZERO);
    }
    flood(25_000, Duration::from_millis(80));
    flood(50_000, Duration::from_millis(80));
    many();
}

/// Sends at most `rate` frames a second, while the sink stops for `pause` every half second.
fn flood(rate: u64, pause: Duration) {
    let rooms = two_rooms_and_a_switch();
    let [red, _, blue] = &rooms;
    let (seen, late, counting) =
        (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(true)));
    let sink = {
        let (seen, late, counting) = (Arc::clone(&seen), Arc::clone(&late), Arc::clone(&counting));
        let (mut newest, mut paused) = (WireNs(0), Instant::now());
        move |events: Vec<Event>| {
            for event in events {
                if let Event::Frame(frame) = event {
                    seen.fetch_add(1, Ordering::Relaxed);
                    late.fetch_add(u64::from(frame.t < newest), Ordering::Relaxed);
                    newest = newest.max(frame.t);
                }
            }
            if !pause.is_zero()
                && counting.load(Ordering::Relaxed)
                && Duration::from_millis(500) < paused.elapsed()
            {
                std::thread::sleep(pause);
                paused = Instant::now();
            }
        }
    };
    let taps = Taps::open(five_taps(&rooms), Options::default(), sink).expect("taps that listen");
    let _listener = blue.udp("10.10.0.2:9999");
    let socket = red.udp("0.0.0.0:0");
    socket.connect("10.10.0.2:9999").expect("connected");
    let before = cpu_time();
    let sent = send(&socket, rate);
    taps.flush();
    let used = cpu_time() - before;
    counting.store(false, Ordering::Relaxed);
    let lost = taps.lost();
    taps.close();
    let seen = seen.load(Ordering::Relaxed);
    println!(
        "{} sent/s, pauses of {pause:?}: {} frames/s seen, {lost} lost, {} out of order, {used:?} of CPU in all",
        sent / FOR.as_secs(),
        seen / FOR.as_secs(),
        late.load(Ordering::Relaxed),
    );
}

/// Sends evenly for [`FOR`]; returns how many.
fn send(socket: &UdpSocket, rate: u64) -> u64 {
    let began = Instant::now();
    let mut sent = 0;
    loop {
        let elapsed = began.elapsed();
        if FOR <= elapsed {
            return sent;
        }
        let due = (elapsed.as_secs_f64() * rate as f64) as u64;
        if sent < due {
            socket.send(&[0; 22]).expect("sent");
            sent += 1;
        } else {
            std::thread::sleep(Duration::from_micros(200));
        }
    }
}

fn many() {
    let room = Room::new("switch");
    let names: Vec<String> = (0..100).flat_map(|n| [format!("a{n}"), format!("b{n}")]).collect();
    for n in 0..100 {
        let queue = "numtxqueues 1 numrxqueues 1";
        room.ip(&format!("link add name a{n} up {queue} type veth peer name b{n} {queue}"));
        room.ip(&format!("link set dev b{n} up"));
    }
    let wanted: Vec<(&Room, &str)> =
        names.iter().map(|name| (&room, name.as_str())).chain([(&room, "lo")]).collect();
    for _ in 0..5 {
        let before = resident_kib();
        let began = Instant::now();
        let taps = Taps::open(taps(&wanted), Options::default(), |_| {}).expect("taps that listen");
        let opened = began.elapsed();
        let resident = resident_kib().saturating_sub(before);
        let began = Instant::now();
        taps.close();
        println!(
            "201 taps: listen after {opened:?}, {} MB, closed after {:?}",
            resident / 1000,
            began.elapsed()
        );
    }
}

fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

/// User and system time of this process.
fn cpu_time() -> Duration {
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_SELF).expect("usage");
    let time = |value: nix::sys::time::TimeVal| {
        Duration::from_micros(u64::try_from(value.tv_sec() * 1_000_000 + value.tv_usec()).unwrap_or(0))
    };
    time(usage.user_time()) + time(usage.system_time())
}
