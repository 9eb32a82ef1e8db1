//! A connection to the kernel's rtnetlink in one namespace, for questions and changes.
//!
//! The kernel does what it is asked while the request is being sent, so that its answer is there when the sending
//! returns. So there is no task for the connection, and no queue to it: whoever asks sends and receives by himself, and
//! waits only in the rare case that there is something to wait for.

use std::{
    io,
    ops::ControlFlow,
    os::fd::{AsFd, BorrowedFd},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use rtnetlink::{
    packet_core::{NLM_F_REQUEST, NetlinkBuffer, NetlinkMessage},
    packet_route::RouteNetlinkMessage,
    sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE},
};
use tokio::{
    io::{Interest, unix::AsyncFd},
    runtime::Handle,
};

/// What the kernel fills at once at most, while it tells everything of one sort (`NLMSG_GOODSIZE` and what
/// `netlink_recvmsg` makes of it in net/netlink/af_netlink.c).
const OCTETS_OF_AN_ANSWER: usize = 32 * 1024;

/// Where a message begins after another (`NLMSG_ALIGNTO` in linux/netlink.h).
const ALIGNMENT: usize = 4;

/// May be used from any thread, by one at a time. Cheap to clone; the last clone closes it.
#[derive(Clone, Debug)]
pub(super) struct Netlink(Arc<Line>);

#[derive(Debug)]
struct Line {
    socket: AsyncFd<Socket>,
    /// Of the last request; what answers another one is of somebody who did not wait for all of it.
    number: AtomicU32,
}

/// For ioctls that name an interface: netdevice(7), ethtool. Any socket takes them (`sock_do_ioctl` in net/socket.c).
impl AsFd for Netlink {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.socket.get_ref().as_fd()
    }
}

impl Netlink {
    /// In the namespace of the calling thread, for ever. It is waited for on `runtime`, by whatever thread.
    pub(super) fn open_here(runtime: &Handle) -> io::Result<Self> {
        let socket = Socket::new(NETLINK_ROUTE)?;
        socket.set_non_blocking(true)?;
        // The kernel's own words for a refusal, without an echo of the request before them.
        socket.set_ext_ack(true)?;
        socket.set_cap_ack(true)?;
        let _in_runtime = runtime.enter();
        // SAFETY: a `Socket` owns its descriptor, and shows the same one as long as it lives.
        let socket = unsafe { AsyncFd::register(socket) }?;
        Ok(Self(Arc::new(Line { socket, number: AtomicU32::new(0) })))
    }

    /// Gives `take` one message of the answer after the other, until it has had enough.
    /// `flags` beside `NLM_F_REQUEST`; they must make the kernel answer.
    pub(super) async fn ask<T>(
        &self,
        message: RouteNetlinkMessage,
        flags: u16,
        mut take: impl FnMut(NetlinkMessage<RouteNetlinkMessage>) -> ControlFlow<T>,
    ) -> io::Result<T> {
        let number = self.send(message, flags).await?;
        let mut answer = Vec::with_capacity(OCTETS_OF_AN_ANSWER);
        loop {
            answer.clear();
            self.receive(&mut answer).await?;
            let mut rest = answer.as_slice();
            while let Ok(length) = NetlinkBuffer::new_checked(rest).map(|next| next.length() as usize) {
                let message = NetlinkMessage::deserialize(&rest[..length]);
                rest = rest.get(length.next_multiple_of(ALIGNMENT)..).unwrap_or_default();
                // What a newer kernel tells in a way that is not known is left out.
                let Ok(message) = message else { continue };
                if message.header.sequence_number == number
                    && let ControlFlow::Break(taken) = take(message)
                {
                    return Ok(taken);
                }
            }
        }
    }

    /// The number of the request.
    async fn send(&self, message: RouteNetlinkMessage, flags: u16) -> io::Result<u32> {
        let number = self.0.number.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let mut request = NetlinkMessage::from(message);
        request.header.flags = NLM_F_REQUEST | flags;
        request.header.sequence_number = number;
        request.finalize();
        let mut octets = vec![0; request.buffer_len()];
        request.serialize(&mut octets);
        let kernel = SocketAddr::new(0, 0);
        let send = |socket: &Socket| uninterrupted(|| socket.send_to(&octets, &kernel, 0));
        self.0.at_once_or_later(Interest::WRITABLE, send).await?;
        Ok(number)
    }

    async fn receive(&self, answer: &mut Vec<u8>) -> io::Result<()> {
        let receive = |socket: &Socket| uninterrupted(|| socket.recv(answer, libc::MSG_TRUNC));
        let length = self.0.at_once_or_later(Interest::READABLE, receive).await?;
        match length {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            length if answer.len() < length => Err(io::Error::from_raw_os_error(libc::EMSGSIZE)),
            _ => Ok(()),
        }
    }
}

impl Line {
    /// There is nearly always nothing to wait for.
    async fn at_once_or_later<T>(
        &self,
        interest: Interest,
        mut call: impl FnMut(&Socket) -> io::Result<T>,
    ) -> io::Result<T> {
        match call(self.socket.get_ref()) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.socket.async_io(interest, call).await
            }
            other => other,
        }
    }
}

fn uninterrupted<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
