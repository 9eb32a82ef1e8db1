//! Namespaces that only processes hold.

use std::{
    collections::BTreeSet,
    process::{Child, Command, Stdio},
    time::Duration,
};

use topology::{Became, Ground, NamespaceName, Step, StepError, kernel::Kernel};

use crate::{
    follow::Followed,
    labs::*,
    sandbox::{in_sandbox, output},
    told,
};

/// Where the processes of the test, and only those, are seen.
const PROC: &str = "/run/proc";

/// As [`in_sandbox`], with a PID namespace for the commands that are run.
fn among_own_processes(test: impl FnOnce(Kernel, &Household) + Send + 'static) {
    in_sandbox(|| {
        std::fs::create_dir(PROC).expect("a folder");
        // The first process holds the PID namespace; it ends when its input does.
        let mut first = Command::new("unshare")
            .args(["--pid", "--fork", "sh", "-c", &format!("mount -t proc proc {PROC} && echo ready && cat")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut ready = [0; 6];
        let stdout = first.stdout.as_mut().expect("its output");
        std::io::Read::read_exact(stdout, &mut ready).expect("it says that it is ready");
        let kernel = Kernel::new().expect("the kernel").seeing_processes_in(PROC).expect("its processes");
        test(kernel, &Household { namespace: format!("/proc/{}/ns/pid_for_children", first.id()) });
        drop(first.stdin.take());
        first.wait().expect("it ends");
    });
}

/// Processes that are seen.
struct Household {
    namespace: String,
}

impl Household {
    fn start(&self, command: &str) -> Shell {
        let mut child = Command::new("nsenter")
            .args([&format!("--pid={}", self.namespace), "sh", "-c", command])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut line = String::new();
        let stdout = child.stdout.as_mut().expect("its output");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).expect("a line");
        let pid = line.trim().parse().expect("its number");
        Shell { child, pid }
    }

    /// In a namespace of its own, as the tutorials do it.
    fn apart(&self) -> Shell {
        self.start("unshare --net --fork sh -c 'echo $$; cat >/dev/null'")
    }
}

/// A shell that runs until its input ends; its own number is what it prints.
struct Shell {
    child: Child,
    pid: u32,
}

impl Shell {
    fn name(&self) -> NamespaceName {
        NamespaceName::of_process(self.pid)
    }

    fn end(mut self) {
        drop(self.child.stdin.take());
        self.child.wait().expect("it ends");
    }
}

#[test]
fn a_process_gives_its_namespace_a_name() {
    among_own_processes(|kernel, house| {
        let mut followed = Followed::new(kernel, None);
        let (one, other) = (house.apart(), house.apart());
        let names = [one.name(), other.name()];
        let sight =
            followed.until("both", |sight| names.iter().all(|name| sight.lab.namespaces.contains_key(name)));
        let found: BTreeSet<u32> = sight.processes.values().map(|process| process.pid).collect();
        assert_eq!(found, set([one.pid, other.pid]));
        assert!(sight.processes[&one.name()].command.starts_with("sh -c echo $$"), "{:?}", sight.processes);
        // As the sandbox counts: seen from outside, the numbers are others.
        let enter = format!("nsenter --net={PROC}/{}/ns/net", one.pid);
        output(&format!(
            "ip link add name br0 type bridge; ip link add name v1 type veth peer name v2; \
             ip link set dev v1 master br0; ip link set dev v2 netns {PROC}/{}/ns/net; {enter} ip link set dev v2 up",
            one.pid
        ));
        let end = topology::Place::new(one.name(), interface("v2"));
        let sight =
            followed.until("its cable", |sight| sight.lab.interface(&end).is_some_and(|found| found.up));
        assert_eq!(sight.lab.peer(&end), Some(&place("host/v1")));
        assert_eq!(followed.kernel.observe().expect("a lab"), followed.until_quiet().lab);
        // Steps work in there, but none can make or end it.
        followed
            .kernel
            .execute(&Step::SetUp { at: end.clone(), up: false })
            .expect("its interface goes down");
        let made = followed.kernel.execute(&add_namespace("pid 9")).expect_err("it cannot be made");
        assert!(matches!(&made, StepError::Unfit(why) if why.contains("pid 9")), "{made:?}");
        let sight = followed.look();
        assert_eq!(sight.lab.interface(&end).map(|found| found.up), Some(false));
        // With the last process goes the namespace, and with it both ends of the cable.
        one.end();
        let gone = |sight: &topology::Sight| sight.lab.interface(&place("host/v1")).is_none();
        let sight = followed.until("no cable", gone);
        assert_eq!(sight.processes.keys().collect::<Vec<_>>(), [&other.name()]);
        other.end();
        followed.until("the host alone", |sight| sight.lab.namespaces.len() == 1);
    });
}

#[test]
fn names_pass_from_one_to_the_next() {
    among_own_processes(|kernel, house| {
        let mut followed = Followed::new(kernel, None);
        let first = house.apart();
        followed.until("it", |sight| sight.lab.namespaces.contains_key(&first.name()));
        let enter = format!("nsenter --net={PROC}/{}/ns/net", first.pid);
        let second = house.start(&format!("{enter} sh -c 'echo $$; cat >/dev/null'"));
        let (old, new) = (first.name(), second.name());
        first.end();
        followed.became.clear();
        followed.until("the second", |sight| sight.lab.namespaces.contains_key(&new));
        assert_eq!(followed.became, [Became::Namespace { from: old, to: new.clone() }]);
        // As `ip netns attach` does.
        output(&format!(
            "mkdir -p /run/netns; touch /run/netns/red; mount --bind {PROC}/{}/ns/net /run/netns/red",
            second.pid
        ));
        followed.became.clear();
        let sight = followed.until("red", |sight| sight.lab.namespaces.contains_key(&name("red")));
        assert_eq!(followed.became, [Became::Namespace { from: new, to: name("red") }]);
        assert_eq!((sight.processes.len(), sight.lab.namespaces.len()), (0, 2));
        let sight = followed.until_quiet();
        assert_eq!(told::by_lab(&sight.lab), told::by_ip());
        second.end();
        assert_eq!(followed.until_quiet().lab, sight.lab);
        output("ip netns del red");
        followed.until("the host alone", |sight| sight.lab.namespaces.len() == 1);
    });
}

/// Seconds that this process used so far.
pub fn used() -> Duration {
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_SELF).expect("its use");
    let time = |value: nix::sys::time::TimeVal| {
        Duration::from_micros((value.tv_sec() * 1_000_000 + value.tv_usec()) as u64)
    };
    time(usage.user_time()) + time(usage.system_time())
}

#[test]
fn following_twenty_idle_processes_costs_next_to_nothing() {
    among_own_processes(|kernel, house| {
        let mut followed = Followed::new(kernel, None);
        let shells: Vec<Shell> = (0..20)
            .map(|i| if i < 4 { house.apart() } else { house.start("echo $$; cat >/dev/null") })
            .collect();
        followed.until("four", |sight| sight.processes.len() == 4);
        followed.until_quiet();
        let (before, span) = (used(), Duration::from_secs(3));
        // Nothing may be said in all that time.
        assert!(followed.wakes.recv_timeout(span).is_err());
        let share = (used() - before).as_secs_f64() / span.as_secs_f64();
        println!("following costs {:.2} % of a core", share * 100.0);
        // Without optimisation, beside other tests that start processes all the time.
        assert!(share < 0.05, "{share}");
        shells.into_iter().for_each(Shell::end);
    });
}
