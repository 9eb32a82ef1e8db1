//! A small lab for tests of captures: network namespaces that nobody has a name for, and taps on them.
//! They are gone when their handles are dropped.

use std::{
    fs::File,
    net::UdpSocket,
    os::fd::AsRawFd,
    process::Command,
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use capture::{
    Event, Frame, Tap, TapId,
    live::{Options, Taps},
};
use nix::sched::{CloneFlags, unshare};
use topology::kernel::{NamespaceFd, in_namespace};

pub struct Room {
    pub name: &'static str,
    pub namespace: NamespaceFd,
    /// For other processes to find the namespace by.
    file: File,
}

impl Room {
    /// A new namespace, with `lo` up.
    pub fn new(name: &'static str) -> Self {
        let made = std::thread::spawn(|| {
            unshare(CloneFlags::CLONE_NEWNET).expect("this test needs root");
            File::open("/proc/thread-self/ns/net").expect("the own namespace")
        });
        let file = made.join().expect("a namespace");
        let namespace = NamespaceFd::from(file.try_clone().expect("a second handle"));
        let room = Self { name, namespace, file };
        room.ip("link set lo up");
        room
    }

    /// Runs `ip` with these arguments inside.
    pub fn ip(&self, arguments: &str) {
        let mut command = Command::new("ip");
        command.args(arguments.split_whitespace());
        let status = self.inside(|| command.status()).expect("ip is needed for this test");
        assert!(status.success(), "{}: ip {arguments}", self.name);
    }

    pub fn inside<T: Send>(&self, run: impl FnOnce() -> T + Send) -> T {
        in_namespace(&self.namespace, run).expect("entering a namespace of this test")
    }

    /// Without IPv6 the kernel says nothing by itself.
    pub fn be_quiet(&self) {
        let off = || std::fs::write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
        self.inside(off).expect("a setting of this namespace");
    }

    /// How `ip link … netns` finds this namespace.
    pub fn path(&self) -> String {
        format!("/proc/{}/fd/{}", std::process::id(), self.file.as_raw_fd())
    }

    /// A socket of this namespace.
    pub fn udp(&self, address: &str) -> UdpSocket {
        self.inside(|| UdpSocket::bind(address)).expect("a socket")
    }
}

/// Two rooms and a switch: `red/eth0` – `switch/v1`, `switch/br0`, `switch/v2` – `blue/eth0`;
/// red is 10.10.0.1 and fd00::1, blue is 10.10.0.2 and fd00::2.
pub fn two_rooms_and_a_switch() -> [Room; 3] {
    let [red, switch, blue] = [Room::new("red"), Room::new("switch"), Room::new("blue")];
    switch.ip("link add name br0 type bridge");
    for (room, number) in [(&red, 1), (&blue, 2)] {
        let path = room.path();
        switch.ip(&format!("link add name v{number} type veth peer name eth0 netns {path}"));
        switch.ip(&format!("link set dev v{number} master br0 up"));
        room.ip(&format!("address add 10.10.0.{number}/24 dev eth0"));
        room.ip("link set dev eth0 up");
        room.ip(&format!("address add fd00::{number}/64 dev eth0 nodad"));
    }
    switch.ip("link set dev br0 up");
    let rooms = [red, switch, blue];
    wait_until_frames_pass(&rooms);
    rooms
}

/// The kernel brings carriers and ports up a little after it was told to.
fn wait_until_frames_pass([red, _, blue]: &[Room; 3]) {
    let deadline = Instant::now() + Duration::from_secs(20);
    let ways = [
        (red, "0.0.0.0:0", blue, "10.10.0.2:9"),
        (blue, "0.0.0.0:0", red, "10.10.0.1:9"),
        (red, "[::]:0", blue, "[fd00::2]:9"),
        (blue, "[::]:0", red, "[fd00::1]:9"),
    ];
    for (from, any, to, address) in ways {
        let (sender, receiver) = (from.udp(any), to.udp(address));
        receiver.set_read_timeout(Some(Duration::from_millis(5))).expect("a timeout");
        loop {
            // Nothing may be sent before there is a carrier, and nothing arrives before the ports forward.
            let _sent = sender.send_to(b"anybody there?", address);
            if receiver.recv(&mut [0; 100]).is_ok() {
                break;
            }
            assert!(Instant::now() < deadline, "{address} cannot be reached");
        }
    }
}

/// The taps of [`two_rooms_and_a_switch`], numbered in this order.
pub fn five_taps([red, switch, blue]: &[Room; 3]) -> Vec<(Tap, NamespaceFd)> {
    taps(&[(red, "eth0"), (switch, "v1"), (switch, "br0"), (switch, "v2"), (blue, "eth0")])
}

pub fn taps(wanted: &[(&Room, &str)]) -> Vec<(Tap, NamespaceFd)> {
    let tap = |(number, (room, interface)): (usize, &(&Room, &str))| {
        let at = format!("{}/{interface}", room.name).parse().expect("a place");
        (Tap { id: TapId(u32::try_from(number).expect("few taps")), at }, room.namespace.clone())
    };
    wanted.iter().enumerate().map(tap).collect()
}

/// Opens taps whose events can be received.
pub fn open(wanted: Vec<(Tap, NamespaceFd)>, options: Options) -> (Taps, Receiver<Vec<Event>>) {
    let (sender, receiver) = channel();
    let sink = move |events| {
        // The test may have seen enough.
        let _enough = sender.send(events);
    };
    (Taps::open(wanted, options, sink).expect("taps that listen"), receiver)
}

/// The frames among what was received so far, or until the taps are closed.
pub fn frames(events: impl IntoIterator<Item = Vec<Event>>) -> Vec<Frame> {
    let frame = |event| match event {
        Event::Frame(frame) => Some(frame),
        _ => None,
    };
    events.into_iter().flatten().filter_map(frame).collect()
}

/// What all frames of a test carry, so that the kernel's own chatter is not taken for them.
pub const MARK: &[u8] = b"hopscope test";

pub fn is_marked(bytes: &[u8]) -> bool {
    bytes.windows(MARK.len()).any(|window| window == MARK)
}
