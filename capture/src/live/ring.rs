//! One libpcap handle: the frames of one interface in one direction.

use std::{
    os::fd::{AsFd, AsRawFd},
    time::{Duration, SystemTime},
};

use nix::{
    fcntl::{FcntlArg, FdFlag, fcntl},
    sys::socket::{SockaddrStorage, getsockname},
};
use pcap::{Active, Capture, Linktype, Precision};

use super::{Options, one_way};
use crate::{Direction, Frame, TapId, WireNs};

/// libpcap's block size for TPACKET_V3: its largest snap length, MAXIMUM_SNAPLEN.
const BLOCK: usize = 256 << 10;

/// More do not help: a reader that pauses longer than this ring lasts has other troubles.
const MOST_BLOCKS: usize = 16;

/// With a single block the kernel has nowhere to go on while it is read.
const FEWEST_BLOCKS: usize = 2;

/// The pause of the reader that a ring should outlast where memory allows; milliseconds.
const PAUSE: usize = 100;

/// Taps that come one by one get each the share of one of so many.
const SPARED_FOR: usize = 8;

/// Beyond this, one would see the delay; milliseconds.
const LONGEST_TIMEOUT: usize = 20;

/// The same for all rings of one [`super::Taps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    snap_length: i32,
    /// Octets of one ring.
    buffer: i32,
    /// When the kernel closes a block that is not full; milliseconds.
    timeout: i32,
}

impl Options {
    pub(super) fn settings(&self, taps: usize) -> Settings {
        self.rings_of(self.memory / (taps.max(1) * 2))
    }

    /// For so many more taps, when the rings of those that are open take `used` octets. Nobody knows how many will
    /// come after them, so most of what is left stays.
    pub(super) fn settings_for_more(&self, taps: usize, used: usize) -> Settings {
        let left = self.memory.saturating_sub(used);
        self.rings_of(left / (taps.max(SPARED_FOR) * 2))
    }

    fn rings_of(&self, octets: usize) -> Settings {
        let blocks = (octets / BLOCK).clamp(FEWEST_BLOCKS, MOST_BLOCKS);
        let timeout = PAUSE.div_ceil(blocks).min(LONGEST_TIMEOUT);
        let small = |number: usize| i32::try_from(number).expect("bounded by the constants above");
        Settings {
            snap_length: i32::try_from(self.snap_length).unwrap_or(i32::MAX),
            buffer: small(blocks * BLOCK),
            timeout: small(timeout),
        }
    }
}

impl Settings {
    /// Octets of one ring.
    pub fn octets(self) -> usize {
        usize::try_from(self.buffer).unwrap_or(0)
    }

    /// After this time a frame that was stamped can be read. Kernels before 6.18 count a ring's timeout in ticks of
    /// up to 10 ms.
    pub fn until_visible(self) -> Duration {
        Duration::from_millis(u64::from(self.timeout.unsigned_abs()) + 10)
    }
}

pub(super) struct Ring {
    capture: Capture<Active>,
    tap: TapId,
    /// What was stamped before a time belongs to the tap of an earlier name; oldest first.
    formerly: Vec<(WireNs, TapId)>,
    direction: Direction,
    settings: Settings,
}

impl Ring {
    /// Opens a ring on an interface of the calling thread's namespace.
    pub fn open(
        interface: &str,
        tap: TapId,
        direction: Direction,
        settings: Settings,
    ) -> Result<Self, pcap::Error> {
        let inactive = Capture::from_device(interface)?
            .snaplen(settings.snap_length)
            .buffer_size(settings.buffer)
            .timeout(settings.timeout)
            .precision(Precision::Nano)
            // Together with the timeout this is what makes libpcap take TPACKET_V3.
            .immediate_mode(false)
            // A veth end sees all anyway; a bridge in promiscuous mode would behave differently.
            .promisc(false);
        let capture = inactive.open()?.setnonblock()?;
        // libpcap does not: a program started meanwhile would keep the ring, and its memory, after the tap is closed.
        fcntl(capture.as_fd(), FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).map_err(std::io::Error::from)?;
        // This check of libpcap, by the packet type that the kernel put into the ring, is exact from the first frame
        // on; the filter keeps the other direction from taking room in the ring.
        capture.direction(match direction {
            Direction::Out => pcap::Direction::Out,
            Direction::In | Direction::Unknown => pcap::Direction::In,
        })?;
        one_way::attach(&capture, direction, settings.snap_length.unsigned_abs())?;
        if capture.get_datalink() != Linktype::ETHERNET {
            return Err(pcap::Error::PcapError("it carries no Ethernet frames".into()));
        }
        Ok(Self { capture, tap, formerly: Vec::new(), direction, settings })
    }

    pub fn tap(&self) -> TapId {
        self.tap
    }

    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// It belongs to this tap, from the beginning.
    pub fn is_of(&mut self, tap: TapId) {
        self.tap = tap;
    }

    /// What is stamped at `since` or later belongs to this tap.
    pub fn goes_on_as(&mut self, tap: TapId, since: WireNs) {
        self.formerly.push((since, self.tap));
        self.tap = tap;
    }

    /// What is stamped before `t` has been read: earlier names are needed no more.
    pub fn forget_names_before(&mut self, t: WireNs) {
        self.formerly.retain(|(until, _)| t < *until);
    }

    /// Takes at most `most` frames out; returns how many there were. An error ends it: its interface is gone.
    pub fn read(&mut self, most: usize, frames: &mut Vec<Frame>) -> Result<usize, pcap::Error> {
        let Self { capture, tap, formerly, direction, .. } = self;
        let (tap, direction) = (*tap, *direction);
        let before = frames.len();
        let read = capture.dispatch(Some(most), |packet| {
            // With nanosecond precision tv_usec holds nanoseconds (pcap_set_tstamp_precision(3PCAP)).
            let ts = packet.header.ts;
            #[expect(clippy::useless_conversion, reason = "the fields have other widths on 32-bit machines")]
            let t = WireNs(i64::from(ts.tv_sec) * 1_000_000_000 + i64::from(ts.tv_usec));
            let earlier = formerly.iter().find(|(until, _)| t < *until);
            let tap = earlier.map_or(tap, |(_, earlier)| *earlier);
            let original_len = packet.header.len;
            frames.push(Frame { tap, t, direction, bytes: packet.data.into(), original_len });
        });
        match read {
            Err(_) if self.is_bound() => Ok(frames.len() - before),
            read => read,
        }
    }

    /// Whether it still has its interface. Where it finds nothing under the old name, libpcap says that the interface
    /// has disappeared, also when it was renamed while it was down; the kernel keeps such a socket bound, and takes the
    /// number away only when the interface is gone or in another namespace (net/packet/af_packet.c).
    fn is_bound(&self) -> bool {
        // Of a length of its own, so nix's `LinkAddr` alone does not take it.
        let address = getsockname::<SockaddrStorage>(self.capture.as_fd().as_raw_fd());
        let number = address.ok().and_then(|address| Some(address.as_link_addr()?.ifindex()));
        // It is -1 where there is none.
        number.is_some_and(|number| i32::try_from(number).is_ok())
    }

    /// How many frames came to it since it was opened, modulo 2^32; those that the kernel could not keep as well.
    pub fn received(&mut self) -> Result<u32, pcap::Error> {
        self.capture.stats().map(|stats| stats.received)
    }

    /// How many frames the kernel could not keep since the ring was opened, modulo 2^32.
    pub fn lost(&mut self) -> Result<u32, pcap::Error> {
        self.capture.stats().map(|stats| stats.dropped)
    }
}

impl AsFd for Ring {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.capture.as_fd()
    }
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ring of tap {}, {}", self.tap.0, self.direction)
    }
}

/// The clock that the kernel stamps frames with (CLOCK_REALTIME).
pub(super) fn now() -> WireNs {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    WireNs(i64::try_from(since_1970.as_nanos()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_kept_and_small_rings_wait_longer() {
        let settings = |taps| Options::default().settings(taps);
        let in_all = |taps: usize| settings(taps).buffer as usize * 2 * taps;
        assert_eq!((settings(5).buffer, settings(5).timeout), (4 << 20, 7));
        assert_eq!((settings(201).buffer, settings(201).timeout), (512 << 10, 20));
        let mut used = 0;
        for taps in 0..400 {
            used += Options::default().settings_for_more(1, used).octets() * 2;
            let beyond = (taps + 1) << 20;
            assert!(used <= Options::default().memory.max(200 << 20) + beyond, "{taps} taps one by one");
        }
        for taps in 0..=240 {
            assert!(in_all(taps) <= Options::default().memory, "{taps} taps");
        }
    }
}
