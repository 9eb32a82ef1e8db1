//! What tshark, capinfos and tcpdump say of our recordings: no complaint, no frame too many.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use capture::{Direction, Event, Frame, Tap, TapId, WireNs, recording::Recorder};
use topology::Lab;

const T: i64 = 1_700_000_000_123_456_789;

/// An ARP question, padded to the shortest Ethernet frame.
const ARP: &[u8] =
    b"\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x01\x08\x06\0\x01\x08\0\x06\x04\0\x01\x02\0\0\0\0\x01\
    \x0a\x0a\0\x01\0\0\0\0\0\0\x0a\x0a\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

fn recorded(name: &str) -> PathBuf {
    let tap = |id, at: &str| Event::Tap(Tap { id: TapId(id), at: at.parse().expect("a place") });
    let frame = |id, t, direction| {
        let original_len = ARP.len() as u32;
        Event::Frame(Frame { tap: TapId(id), t: WireNs(t), direction, bytes: ARP.into(), original_len })
    };
    // Longer than one comment can be.
    let lab = Arc::new(Lab { title: "Two rooms".into(), about: "x".repeat(100_000), ..Lab::default() });
    let events = [
        Event::Lab { t: WireNs(T), lab: lab.clone() },
        tap(0, "ns1/veth-ns1"),
        frame(0, T, Direction::Out),
        Event::Caption { t: WireNs(T), text: "ns1 asks".into() },
        tap(1, "host/veth-br1"),
        frame(1, T + 601, Direction::In),
        Event::Lab { t: WireNs(T + 700), lab },
        Event::Lost { t: WireNs(T + 800), tap: TapId(1), frames: 3 },
        frame(1, T + 901, Direction::Unknown),
    ];
    let mut recorder = Recorder::new(Vec::new()).expect("a recorder");
    events.iter().for_each(|event| recorder.write(event).expect("written"));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pcapng"));
    std::fs::write(&path, recorder.finish().expect("finished")).expect("a place for temporary files");
    path
}

/// What a tool prints; it must succeed and complain about nothing but running as root.
fn told(tool: &str, arguments: &[&str], file: &Path) -> String {
    let mut command = Command::new(tool);
    command.args(arguments).arg(file).env("LC_ALL", "C").env("TZ", "UTC");
    let output = command.output().unwrap_or_else(|error| panic!("{tool} is needed for this test: {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    let is_expected =
        |line: &str| line.starts_with("Running as user \"root\"") || line.starts_with("reading from file");
    let complaints: Vec<&str> = complaint.lines().filter(|line| !is_expected(line)).collect();
    assert!(output.status.success() && complaints.is_empty(), "{tool}: {complaint}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn tshark_sees_each_frame_once_with_its_interface_direction_and_nanoseconds() {
    let fields = [
        "-T",
        "fields",
        "-e",
        "frame.number",
        "-e",
        "frame.interface_name",
        "-e",
        "frame.packet_flags_direction",
    ];
    let rest = ["-e", "frame.time_epoch", "-e", "_ws.col.Info", "-r"];
    let told = told("tshark", &[&fields[..], &rest].concat(), &recorded("tshark"));
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines,
        [
            "1\tns1/veth-ns1\t0x00000002\t1700000000.123456789\tWho has 10.10.0.2? Tell 10.10.0.1",
            "2\thost/veth-br1\t0x00000001\t1700000000.123457390\tWho has 10.10.0.2? Tell 10.10.0.1",
            "3\thost/veth-br1\t\t1700000000.123457690\tWho has 10.10.0.2? Tell 10.10.0.1",
        ]
    );
}

#[test]
fn capinfos_lists_the_interfaces_and_counts_the_frames() {
    let told = told("capinfos", &[], &recorded("capinfos"));
    for wanted in [
        "Number of packets:   3",
        "Name = ns1/veth-ns1",
        "Name = host/veth-br1",
        "Hopscope ",
        "Number of interfaces in file: 2",
        "Time precision = nanoseconds (9)",
        "hopscope-recording 2",
    ] {
        assert!(told.contains(wanted), "“{wanted}” is not in:\n{told}");
    }
}

#[test]
fn tcpdump_reads_every_frame() {
    let told = told("tcpdump", &["-nn", "--nano", "-tt", "-r"], &recorded("tcpdump"));
    assert_eq!(told.lines().count(), 3, "{told}");
    assert!(told.starts_with("1700000000.123456789 ARP, Request who-has 10.10.0.2 tell 10.10.0.1"), "{told}");
}
