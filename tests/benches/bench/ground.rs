//! Where the measuring happens: namespaces of our own, a fresh one for each repetition.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use nix::{
    mount::{MntFlags, MsFlags, mount, umount2},
    sched::{CloneFlags, unshare},
};
use topology::{Cable, Interface, InterfaceKind, Lab, Namespace, NamespaceName, Place};

const NAMES: &str = "/run/netns";
/// What the program under measurement takes for its user's home: it finds no settings, and leaves none.
pub const HOME: &str = "/run/home";

/// Starts this program again for one part, in fresh network and mount namespaces, as root inside.
/// Gives the number of missed targets.
pub fn in_namespaces(part: &str) -> Result<u8, String> {
    let this =
        std::env::current_exe().map_err(|error| format!("this program cannot find itself: {error}"))?;
    let mut command = Command::new("unshare");
    command.args(["--mount", "--net"]);
    if !nix::unistd::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.arg(this).args(["--inside", part]).stdin(Stdio::null());
    command.env("HOME", HOME).env_remove("XDG_CONFIG_HOME").env_remove("XDG_STATE_HOME");
    let status = command.status().map_err(|error| format!("unshare: {error}"))?;
    match status.code() {
        Some(101) | None => Err(format!("it broke ({status}); see above")),
        Some(missed) => Ok(u8::try_from(missed).unwrap_or(u8::MAX)),
    }
}

/// Makes `/run` ours, so that names of namespaces stay inside.
pub fn prepare() {
    mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>)
        .expect("mounts can be made private in a mount namespace of one's own");
    mount(Some("tmpfs"), "/run", Some("tmpfs"), MsFlags::empty(), None::<&str>)
        .expect("a tmpfs can be mounted");
    fs::create_dir(NAMES).expect("an empty /run takes a directory");
    fs::create_dir(HOME).expect("an empty /run takes a directory");
}

/// Does `work` in a network namespace that nobody has used, on a thread that ends with it;
/// what was named in [`NAMES`] is gone afterwards.
pub fn afresh<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    mount(Some("tmpfs"), NAMES, Some("tmpfs"), MsFlags::empty(), None::<&str>)
        .expect("a tmpfs can be mounted");
    let made = std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            unshare(CloneFlags::CLONE_NEWNET).expect("root inside may make network namespaces");
            work()
        });
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    umount2(NAMES, MntFlags::MNT_DETACH).expect("what was mounted can be unmounted");
    let_the_kernel_clean_up();
    made
}

/// Namespaces are taken away in the background, half a second for 500 of them, and nothing tells the end of
/// it to an ordinary user: without a pause each round would pay for the one before.
fn let_the_kernel_clean_up() {
    let end = Instant::now() + Duration::from_millis(1500);
    // A scope that just ended may have left its wake-up behind, which ends one wait at once.
    while let Some(rest) = end.checked_duration_since(Instant::now()) {
        std::thread::park_timeout(rest);
    }
}

/// `size` namespaces, each with one interface in 10.0.0.0/16, and a bridge on the host that joins them.
pub fn star(size: usize) -> Lab {
    let mut lab = Lab::default();
    let mut host = Namespace::default();
    let bridge = "br0".parse().expect("it is a name");
    host.interfaces
        .insert(bridge, Interface::new(InterfaceKind::Bridge(topology::BridgeSettings::default())));
    for number in 0..size {
        let (room, end, port) = star_names(number);
        let mut interface = Interface::new(InterfaceKind::VethEnd);
        interface.addresses.insert(star_address(number).parse().expect("it is an address"));
        let room: NamespaceName = room.parse().expect("it is a name");
        let place = |namespace: &NamespaceName, name: &str| {
            Place::new(namespace.clone(), name.parse().expect("it is a name"))
        };
        let ends = [place(&room, &end), place(&NamespaceName::host(), &port)];
        let mut namespace = Namespace::default();
        namespace.interfaces.insert(ends[0].interface.clone(), interface);
        let mut on_bridge = Interface::new(InterfaceKind::VethEnd);
        on_bridge.bridge = Some("br0".parse().expect("it is a name"));
        host.interfaces.insert(ends[1].interface.clone(), on_bridge);
        lab.namespaces.insert(room, namespace);
        let [one, other] = ends;
        lab.cables.insert(Cable::new(one, other));
    }
    lab.namespaces.insert(NamespaceName::host(), host);
    lab
}

/// The namespace, its interface, and the port that its cable leads to.
pub fn star_names(number: usize) -> (String, String, String) {
    (format!("h{number}"), format!("e{number}"), format!("v{number}"))
}

pub fn star_address(number: usize) -> String {
    format!("10.0.{}.{}/16", number / 200, number % 200 + 1)
}
