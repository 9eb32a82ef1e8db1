//! How long it takes, beside `ip -batch` in the same run.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    time::{Duration, Instant},
};

use topology::{
    Ground,
    kernel::{Kernel, in_namespace},
};

use crate::{
    labs::*,
    sandbox::{in_sandbox, output},
};

/// The same star by `ip -batch`: one run for the namespaces and cables, one for each namespace.
fn star_by_ip_batch(count: u32) -> Duration {
    let mut outside = String::from("link add name br0 type bridge\nlink set br0 up\n");
    let mut inside = String::new();
    let mut names = String::new();
    for i in 0..count {
        let _ = writeln!(names, "netns add ns{i}");
        let _ = writeln!(outside, "link add name port{i} type veth peer name eth0 netns ns{i}");
        let _ = writeln!(outside, "link set port{i} master br0 up");
        let _ = writeln!(
            inside,
            "printf 'link set lo up\\naddr add 10.1.{}.{}/16 dev eth0\\nlink set eth0 up\\n' | ip -n ns{i} -batch -",
            i / 250,
            i % 250 + 1
        );
    }
    let script = format!("ip -batch - <<'.'\n{names}.\nip -batch - <<'.'\n{outside}.\n{inside}");
    let start = Instant::now();
    output(&script);
    start.elapsed()
}

#[test]
fn a_star_of_100() {
    in_sandbox(|| {
        let count = 100;
        let mut kernel = Kernel::new().expect("the kernel");
        let plan = star(count);
        let start = Instant::now();
        kernel.carry_out(&plan).expect("a star");
        let built = start.elapsed();
        let waiting = kernel.wait_until_forwarding(Instant::now() + Duration::from_secs(5));
        let forwarding = start.elapsed() - built;
        assert_eq!(waiting, Ok(vec![]));
        assert!(forwarding < Duration::from_millis(900), "ports took {forwarding:?} to forward");
        let seen = Instant::now();
        let lab = kernel.observe().expect("a lab");
        let observed = seen.elapsed();
        assert_eq!((lab.namespaces.len(), lab.cables.len()), (count as usize + 1, count as usize));
        assert_eq!(lab.ports(&place("host/br0")).count(), count as usize);
        output("ip netns exec ns0 ping -q -c1 -W2 10.1.0.100");
        assert_unique_indexes(&kernel, count);
        assert_eq!(output("ip -6 -o addr | grep port || true"), "", "a port has no IPv6 of its own");
        let start = Instant::now();
        let inverses = plan.steps.iter().rev().map(topology::Step::inverse);
        kernel.carry_out(&topology::Plan { steps: inverses.collect() }).expect("taken down");
        let taken_down = start.elapsed();
        assert_eq!(kernel.observe(), Ok(empty()));
        drop(kernel);
        in_sandbox(move || {
            let by_ip = star_by_ip_batch(count);
            println!(
                "star of {count}: built in {built:?}, forwarding {forwarding:?} later, observed in {observed:?}, \
                 taken down in {taken_down:?}; \
                 ip -batch: {by_ip:?}; ratio {:.2}",
                built.as_secs_f64() / by_ip.as_secs_f64()
            );
        });
    });
}

fn assert_unique_indexes(kernel: &Kernel, count: u32) {
    let mut all = BTreeSet::new();
    let mut number = 0;
    for i in 0..count {
        let fd = kernel.namespace(&name(&format!("ns{i}"))).expect("it");
        let index =
            in_namespace(&fd, || nix::net::if_::if_nametoindex("eth0")).expect("entered").expect("eth0");
        all.insert(index);
        all.insert(nix::net::if_::if_nametoindex(format!("port{i}").as_str()).expect("a port"));
        number += 2;
    }
    assert_eq!(all.len(), number);
}

#[test]
fn spanning_tree_is_waited_for() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        let mut plan = star(1);
        let settings = topology::BridgeSettings { stp: true, forward_delay: 2, ..Default::default() };
        plan.steps[1] = add_bridge("host/br0", settings);
        kernel.carry_out(&plan).expect("a star");
        let start = Instant::now();
        let soon = kernel.wait_until_forwarding(start + Duration::from_millis(300));
        assert_eq!(soon, Ok(vec![place("host/port0")]));
        assert!((Duration::from_millis(290)..Duration::from_millis(900)).contains(&start.elapsed()));
        assert_eq!(kernel.wait_until_forwarding(start + Duration::from_secs(10)), Ok(vec![]));
        assert!(Duration::from_secs(3) < start.elapsed(), "listening and learning take two seconds each");
    });
}

#[test]
fn two_at_once() {
    let build = || {
        in_sandbox(|| {
            let mut kernel = Kernel::new().expect("the kernel");
            kernel.carry_out(&star(20)).expect("a star");
            assert_eq!(kernel.wait_until_forwarding(Instant::now() + Duration::from_secs(5)), Ok(vec![]));
            assert_eq!(kernel.observe().expect("a lab").cables.len(), 20);
        });
    };
    std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(build))));
}
