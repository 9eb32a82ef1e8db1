//! A steady stream through the first lab, captured everywhere; ours beside one dumpcap on several interfaces.

use std::{
    net::UdpSocket,
    process::{Command, ExitCode, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use capture::{
    Event, TapId,
    live::{Options, Taps},
};
use topology::{
    NamespaceName,
    kernel::{Kernel, in_namespace},
    ready,
};

use crate::{
    build::built, finish, ground::afresh, is_here, process::program, report::Report, taps::all_taps,
};

/// Each frame of the stream is seen at four of the five taps: a bridge's own tap sees only what concerns it.
const SIGHTINGS: u64 = 4;
/// 100,000 sightings a second.
const PER_SECOND: u64 = 25_000;
/// 400,000 sightings a second: about as much as one core can send while it is watched.
const MANY_PER_SECOND: u64 = 100_000;
const SECONDS: u64 = 5;
/// Octets of UDP payload, chosen so that no other frame has the stream's length.
const PAYLOAD: usize = 83;
/// Ethernet, IPv4 and UDP headers.
const HEADERS: usize = 14 + 20 + 8;
const PORT: u16 = 9009;

pub fn measure(report: &mut Report) {
    for per_second in [PER_SECOND, MANY_PER_SECOND] {
        let (sent, seen) = afresh(|| ours(per_second));
        report.note("frames sent in five seconds", &sent.to_string());
        report.note("sightings a second", &(sent * SIGHTINGS / SECONDS).to_string());
        let lost = (sent * SIGHTINGS).saturating_sub(seen);
        report.at_most("lost by our taps", lost as f64, 0.0, "of them");
    }
    if is_here("dumpcap") {
        let (sent, kept) = afresh(dumpcap);
        let lost = 100.0 * (1.0 - kept as f64 / (sent * 3) as f64);
        report.note("lost by dumpcap -i veth-br1 -i br0 -i veth-br2", &format!("{lost:.1} %"));
    } else {
        report.note("dumpcap", "not installed");
    }
    let lost = whole_program();
    report.at_most("lost by hopscope run --record, journeys and all", lost as f64, 0.0, "of them");
}

fn first_lab() -> topology::Lab {
    ready::LABS[0].lab()
}

/// Frames sent, and sightings of them.
fn ours(per_second: u64) -> (u64, u64) {
    let lab = first_lab();
    let kernel = built(&lab);
    let counted = Arc::new(Mutex::new([0_u64; 5]));
    let counts = counted.clone();
    let sink = move |events: Vec<Event>| {
        let mut counts = counts.lock().expect("nobody panics with it");
        for event in events {
            if let Event::Frame(frame) = event
                && frame.bytes.len() == HEADERS + PAYLOAD
            {
                let TapId(id) = frame.tap;
                counts[id as usize] += 1;
            }
        }
    };
    let taps = Taps::open(all_taps(&lab, &kernel), Options::default(), sink)
        .unwrap_or_else(|error| panic!("{error}"));
    let sent = stream_through(&kernel, per_second);
    taps.close();
    let seen = counted.lock().expect("nobody panics with it").iter().sum();
    (sent, seen)
}

/// Frames sent, and frames that dumpcap wrote from three interfaces of the host.
fn dumpcap() -> (u64, u64) {
    let lab = first_lab();
    let kernel = built(&lab);
    let file = std::env::temp_dir().join(format!("hopscope-bench-{}.pcapng", std::process::id()));
    let mut command = Command::new("dumpcap");
    command.args(["-q", "-i", "veth-br1", "-i", "br0", "-i", "veth-br2", "-w"]).arg(&file);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("dumpcap can be started");
    wait_for_line(&mut child, "File:");
    let sent = stream_through(&kernel, PER_SECOND);
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).expect("it is a process id"));
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).expect("our child can be signalled");
    child.wait().expect("a child can be waited for");
    let bytes = std::fs::File::open(&file).expect("dumpcap wrote its file");
    let events = capture::recording::read(std::io::BufReader::new(bytes));
    let is_ours =
        |event: &Event| matches!(event, Event::Frame(frame) if frame.bytes.len() == HEADERS + PAYLOAD);
    let kept = events.filter(|event| event.as_ref().is_ok_and(is_ours)).count() as u64;
    std::fs::remove_file(&file).expect("what was written can be removed");
    (sent, kept)
}

/// Reads a child's standard error up to a line with `text`; the rest is read away in the background.
fn wait_for_line(child: &mut std::process::Child, text: &str) {
    use std::io::{BufRead, BufReader};
    let mut lines = BufReader::new(child.stderr.take().expect("it was asked for")).lines();
    let said = lines.by_ref().map_while(Result::ok).find(|line| line.contains(text));
    assert!(said.is_some(), "it ended before it said “{text}”");
    std::thread::spawn(move || lines.for_each(drop));
}

/// What the program itself reports as lost, with everything it does: capture, correlate, print, record.
fn whole_program() -> u64 {
    let this = std::env::current_exe().expect("a program can find itself");
    let stream = format!("{} --send 10.10.0.2:{PORT} {PER_SECOND} {SECONDS}", this.display());
    let file = std::env::temp_dir().join(format!("hopscope-bench-{}-run.pcapng", std::process::id()));
    let mut command = Command::new(program());
    command
        .args(["run", "two-rooms-and-a-switch", "--exec", "ns1", &stream, "--json", "--record"])
        .arg(&file);
    let said = finish(&mut command);
    std::fs::remove_file(&file).expect("what was recorded can be removed");
    let summary = said.lines().next_back().expect("a run ends with its summary");
    let summary: serde_json::Value = serde_json::from_str(summary).expect("it is JSON");
    let number = |field: &str| summary[field].as_u64().unwrap_or_else(|| panic!("no {field} in {summary}"));
    let sent = PER_SECOND * SECONDS * SIGHTINGS;
    number("lost").max(sent.saturating_sub(number("frames")))
}

/// Sends the stream from ns1 to ns2 and gives the number of frames.
fn stream_through(kernel: &Kernel, per_second: u64) -> u64 {
    let namespace = |name: &str| {
        let name: NamespaceName = name.parse().expect("it is a name");
        kernel.namespace(&name).expect("the lab has it")
    };
    // Somebody has to listen, or the kernel answers with errors, which are frames too.
    let bind = || UdpSocket::bind(("10.10.0.2", PORT)).expect("ns2 has that address");
    let _listener = in_namespace(&namespace("ns2"), bind).expect("ns2 can be entered");
    in_namespace(&namespace("ns1"), || send(&format!("10.10.0.2:{PORT}"), per_second, SECONDS))
        .expect("ns1 can be entered")
}

/// `--send ADDRESS:PORT PER_SECOND SECONDS`: the stream, for a program that runs it in a namespace.
pub fn send_as_told(to: &str, per_second: &str, seconds: &str) -> ExitCode {
    match (per_second.parse(), seconds.parse()) {
        (Ok(per_second), Ok(seconds)) => {
            send(to, per_second, seconds);
            ExitCode::SUCCESS
        }
        _ => ExitCode::from(2),
    }
}

/// Sends at an even pace, and gives the number of frames. Who cannot keep the pace measures something else.
fn send(to: &str, per_second: u64, seconds: u64) -> u64 {
    let socket = UdpSocket::bind("0.0.0.0:0").expect("a namespace has ports");
    socket.connect(to).expect("the lab has a route");
    let payload = [0x5a; PAYLOAD];
    let start = Instant::now();
    for number in 0..per_second * seconds {
        let due = start + Duration::from_nanos(number * 1_000_000_000 / per_second);
        // Bursts of a millisecond: pauses shorter than that cost more than they save.
        if number % (per_second / 1000).max(1) == 0 {
            while let Some(early) =
                due.checked_duration_since(Instant::now()).filter(|early| !early.is_zero())
            {
                std::thread::park_timeout(early);
            }
        }
        // An error left over from an earlier datagram is told on the next one, which was then not sent.
        while socket.send(&payload).is_err() {}
    }
    let late = start.elapsed().as_secs_f64() / seconds as f64;
    assert!(
        late < 1.05,
        "this machine cannot send {per_second} frames a second: it took {late:.2} times as long"
    );
    per_second * seconds
}
