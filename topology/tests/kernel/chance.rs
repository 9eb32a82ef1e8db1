//! Commands as somebody might type them, by chance; many of them fail, as some do.

use std::process::Command;

/// A stream of numbers that is the same in each run (xorshift64, Marsaglia 2003).
pub struct Chance(u64);

const NAMES: [&str; 6] = ["red", "blue", "green", "a", "b", "c"];

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count as u64) as usize
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// Runs one; what it was, and how it went.
    pub fn command(&mut self) -> String {
        let command = self.line();
        let ran = Command::new("sh").args(["-c", &command]).output().expect("there is a shell");
        let mark = if ran.status.success() { "" } else { "  # fails" };
        format!("{command}{mark}\n")
    }

    fn line(&mut self) -> String {
        let room = self.one_of(&NAMES[..3]);
        let other = self.one_of(&NAMES[..3]);
        let at = match self.below(4) {
            0 => String::new(),
            _ => format!("-n {room} "),
        };
        let (name, second) = (self.one_of(&NAMES), self.one_of(&NAMES));
        let (number, address) = (self.below(200) + 1, self.below(250) + 1);
        match self.below(30) {
            0..=3 => format!("ip netns add {room}"),
            4 => format!("ip netns del {room}"),
            5..=7 => format!("ip {at}link add name {name} type veth peer name {second} netns {other}"),
            8 => format!("ip {at}link add name {name} type veth peer name {second}"),
            9 | 10 => format!("ip {at}link add name {name} type bridge"),
            11 | 12 => format!("ip {at}link set dev {name} master {second}"),
            13 => format!("ip {at}link set dev {name} nomaster"),
            14 => format!("ip {at}link set dev {name} netns {other}"),
            15 => format!("ip {at}link set dev {name} down name {second}"),
            16 | 17 => format!("ip {at}link set dev {name} up"),
            18 => format!("ip {at}link set dev {name} down"),
            19 | 20 => format!("ip {at}addr add 10.0.{number}.{address}/24 dev {name}"),
            21 => format!("ip {at}addr flush dev {name}"),
            22 => format!("ip {at}link del dev {name}"),
            23 => match self.below(4) {
                0 => format!("ip {at}link add name {name} type vxlan id {number} dstport 4789"),
                1 => format!("ip {at}link add link {second} name {name} type macvlan"),
                2 => format!("ip {at}tuntap add dev {name} mode {}", self.one_of(&["tun", "tap"])),
                _ => format!("ip {at}link add name {name} type ifb"),
            },
            24 => format!(
                "ip {at}route add 10.7.{number}.0/24 dev {name}; ip {at}neigh add 10.0.{number}.9 lladdr 02:00:00:00:00:09 dev {name} nud permanent"
            ),
            25 => format!(
                "ip {at}neigh replace 10.0.{number}.9 lladdr 02:00:00:00:00:{address:02x} dev {name} nud stale"
            ),
            26 => format!("ip {at}neigh flush all; ip {at}neigh flush all nud permanent"),
            27 => format!("bridge {at}fdb add 02:00:00:00:00:{address:02x} dev {name} master dynamic"),
            28 => format!("bridge {at}fdb add 02:00:00:00:00:{address:02x} dev {name} master static"),
            _ => format!(
                "ip {at}link set dev {name} mtu {}; ip {at}link set dev {name} address 02:00:00:00:01:{number:02x}",
                1300 + number
            ),
        }
    }
}
