//! How Linux does it: a lab as network namespaces, veth pairs and bridges, over rtnetlink.
//!
//! - [`room`]: namespaces, and the sockets opened inside them; [`netlink`]: what is asked and told over these
//! - [`execute`] and [`carry`]: one step, and a whole plan fast, while [`maker`] makes its namespaces
//! - [`rooms`] and [`processes`]: which namespaces there are
//! - [`observe`]: the kernel's state as a [`crate::Lab`]
//! - [`look`]: the same while it is followed: [`watch`] and [`ear`] hear of changes, [`identity`] tells what is the
//!   same under another name
//! - [`tables`] and [`pace`]: the live state that nobody configures, and how often it is asked for
//! - [`tools`]: where programs are that labs need
//! - [`forwarding`]: waiting until bridges forward
//! - [`forget`]: taking out what stacks and bridges have learned
//!
//! Never here: a thread that comes back from a namespace, a shell, a name put into a command line.

mod address;
mod ask;
mod bridge;
mod cables;
mod carry;
mod ear;
mod execute;
mod firewall;
mod forget;
mod forwarding;
mod gather;
mod identity;
mod link;
mod look;
mod maker;
mod making;
mod neighbour;
mod netlink;
mod nftable;
mod observe;
mod offload;
mod order;
mod other_kind;
mod pace;
mod peers;
mod processes;
mod pulling;
mod refusal;
mod room;
mod rooms;
mod route;
mod sysctl;
mod tables;
mod tools;
mod touches;
mod watch;

use std::{collections::BTreeMap, io, path::Path, sync::Arc, thread, time::Instant};

use tokio::runtime::{Builder, Runtime};

use crate::{Ground, Lab, NamespaceName, ObserveError, Place, Plan, PlanFailure, Step, StepError};

pub use forget::{forget_learned, forget_neighbours, namespace_named};
use identity::Standing;
use order::Order;
use peers::Met;
use processes::{Namers, Processes};
use refusal::Attempt;
use room::Room;
pub use room::{NamespaceFd, in_namespace};
pub use tools::path_to_tools;
use watch::Watch;

/// The first number given to an interface: above what the kernel gives by itself to what people make
/// by hand, so that numbers stay unique over the whole lab.
const FIRST_INDEX: u32 = 101;

/// A lab in the kernel. The network namespace of the thread that makes it is `host`; names are those
/// of /run/netns in that thread's mount namespace, so all calls belong on that thread, or on ones
/// that it started.
///
/// Calls block. Dropping it closes every socket it opened and lets go of every namespace; what it
/// built stays until its names are removed or its mount namespace ends.
#[derive(Debug)]
pub struct Kernel {
    rooms: BTreeMap<NamespaceName, Room>,
    next_index: u32,
    /// Where namespaces of processes are looked for, if they are.
    processes: Option<Processes>,
    namers: Namers,
    met: Met,
    watch: Option<Watch>,
    room_for_news: Option<usize>,
    /// As of the last look.
    standing: Option<Standing>,
    order: Order,
    /// What calls wait on; `None` only while being dropped.
    runtime: Option<Arc<Runtime>>,
}

impl Kernel {
    /// Errors: this process has no right to open netlink sockets, or no descriptors left.
    pub fn new() -> Result<Self, StepError> {
        let failed =
            |error: io::Error| Attempt::new("reaching the kernel", "the host", "the host").failed(&error);
        let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(failed)?;
        let host = NamespaceFd::of_this_thread()
            .and_then(|host| Room::open(host, runtime.handle()))
            .map_err(failed)?;
        let rooms = BTreeMap::from([(NamespaceName::host(), host)]);
        Ok(Self {
            rooms,
            next_index: FIRST_INDEX,
            processes: None,
            namers: Namers::new(),
            met: Met::new(),
            watch: None,
            room_for_news: None,
            standing: None,
            order: Order::default(),
            runtime: Some(Arc::new(runtime)),
        })
    }

    /// Namespaces without a name that processes hold are shown too, as `pid 4711`. For where all processes are of the
    /// sandbox: in a PID namespace of its own, with a /proc of its own.
    pub fn seeing_processes(self) -> io::Result<Self> {
        self.seeing_processes_in("/proc")
    }

    /// As [`seeing_processes`](Self::seeing_processes), with those of another mounted proc file system.
    pub fn seeing_processes_in(mut self, folder: impl AsRef<Path>) -> io::Result<Self> {
        let host = self.rooms[&NamespaceName::host()].identity;
        self.processes = Some(Processes::in_folder(folder.as_ref(), host));
        Ok(self)
    }

    /// The namespace of that name, kept alive by the answer; `None` if there is none.
    pub fn namespace(&self, name: &NamespaceName) -> Option<NamespaceFd> {
        match self.rooms.get(name) {
            Some(room) if name.is_host() || self.is_current(name, room) => Some(room.fd.clone()),
            _ => self.open(name),
        }
    }

    /// Waits until every port of every bridge that is up forwards, or has its reason not to: its cable
    /// is down, or the spanning tree blocks it. The answer is the ports that still do not at `deadline`.
    /// Of the bridges that others made in namespaces of ours, it knows those that were there at the last
    /// [`observe`](Ground::observe).
    pub fn wait_until_forwarding(&mut self, deadline: Instant) -> Result<Vec<Place>, ObserveError> {
        let runtime = self.runtime();
        drive(&runtime, self.until_forwarding(deadline))
    }

    fn runtime(&self) -> Arc<Runtime> {
        Arc::clone(self.runtime.as_ref().expect("it is taken only by `drop`"))
    }

    /// Forgets what may have changed behind our back since the last call.
    fn look_again(&mut self) {
        let rooms = std::mem::take(&mut self.rooms);
        let current = rooms.into_iter().filter(|(name, room)| name.is_host() || self.is_current(name, room));
        self.rooms = current.collect();
        self.rooms.values_mut().for_each(|room| room.indexes.clear());
        self.close_ears();
    }

    /// Whether the name still stands for that namespace.
    fn is_current(&self, name: &NamespaceName, room: &Room) -> bool {
        self.open(name).and_then(|fd| fd.identity().ok()) == Some(room.identity)
    }
}

impl Ground for Kernel {
    fn execute(&mut self, step: &Step) -> Result<(), StepError> {
        self.look_again();
        let runtime = self.runtime();
        drive(&runtime, self.perform(step))
    }

    fn observe(&mut self) -> Result<Lab, ObserveError> {
        let runtime = self.runtime();
        drive(&runtime, self.lab_as_it_stands())
    }

    fn carry_out(&mut self, plan: &Plan) -> Result<(), PlanFailure> {
        self.look_again();
        let runtime = self.runtime();
        let mut done = Vec::with_capacity(plan.steps.len());
        drive(&runtime, self.carry(&plan.steps, &mut done)).map_err(|(failed, error)| {
            let done: Vec<Step> = done.into_iter().map(|step| plan.steps[step].clone()).collect();
            self.roll_back(&done, &plan.steps[failed], error)
        })
    }

    /// As fast as a plan; a step that cannot be undone does not keep the others from it.
    fn roll_back(&mut self, done: &[Step], failed: &Step, error: StepError) -> PlanFailure {
        let mut inverses: Vec<Step> = done.iter().rev().map(Step::inverse).collect();
        let mut left_behind = Vec::new();
        let runtime = self.runtime();
        while !inverses.is_empty() {
            self.look_again();
            let mut undone = Vec::with_capacity(inverses.len());
            match drive(&runtime, self.carry(&inverses, &mut undone)) {
                Ok(()) => break,
                Err((at, error)) => {
                    left_behind.push((inverses[at].clone(), error));
                    undone.push(at);
                    let places = 0..inverses.len();
                    let remain = places.filter(|place| !undone.contains(place));
                    inverses = remain.map(|place| inverses[place].clone()).collect();
                }
            }
        }
        PlanFailure { step: Box::new(failed.clone()), error, undone: done.len(), left_behind }
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        self.watch = None;
        self.rooms.clear();
        // A plain drop of a runtime panics inside another one; this never blocks.
        if let Some(runtime) = self.runtime.take().and_then(Arc::into_inner) {
            runtime.shutdown_background();
        }
    }
}

/// Runs to the end; on a thread of its own where the caller is itself inside an async runtime,
/// which forbids a second one on the same thread.
fn drive<T: Send>(runtime: &Runtime, work: impl Future<Output = T> + Send) -> T {
    let work = async {
        let done = work.await;
        // Whatever listened to announcements meanwhile has ended its connection, whose socket, and with it the
        // namespace, goes when the task gets its turn: now, or nobody knows when.
        tokio::task::yield_now().await;
        done
    };
    if tokio::runtime::Handle::try_current().is_err() {
        return runtime.block_on(work);
    }
    thread::scope(|scope| {
        let thread = scope.spawn(|| runtime.block_on(work));
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
