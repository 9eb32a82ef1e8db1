//! What goes wrong is said in plain words, and a plan that fails leaves nothing behind.

use topology::{
    BridgeSettings, Ground, InterfaceKind, OtherKind, Plan, Step, StepError,
    kernel::{Kernel, in_namespace},
};

use crate::{
    labs::*,
    sandbox::{in_sandbox, output},
};

#[test]
fn what_exists_and_what_is_missing() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        let built = [add_namespace("red"), plug("red/a", "host/b"), address("red/a", "10.0.0.1/24")];
        kernel.carry_out(&Plan { steps: built.to_vec() }).expect("a plan");
        let exists = |thing: &str| Err(StepError::Exists(thing.into()));
        let missing = |thing: &str| Err(StepError::Missing(thing.into()));
        assert_eq!(kernel.execute(&add_namespace("red")), exists("the namespace red"));
        assert_eq!(kernel.execute(&add_namespace("host")), exists("the namespace host"));
        assert_eq!(kernel.execute(&plug("red/new", "host/b")), exists("host/b"));
        assert_eq!(kernel.execute(&plug("red/a", "host/new")), exists("red/a"));
        assert_eq!(kernel.execute(&add_bridge("host/b", BridgeSettings::default())), exists("host/b"));
        assert_eq!(kernel.execute(&built[2]), exists("the address 10.0.0.1/24 on red/a"));
        assert_eq!(kernel.execute(&up("red/none")), missing("red/none"));
        assert_eq!(kernel.execute(&up("green/none")), missing("the namespace green"));
        assert_eq!(kernel.execute(&enslave("host/b", "br9")), missing("host/br9"));
        let absent = address("red/a", "10.0.0.2/24").inverse();
        assert_eq!(kernel.execute(&absent), missing("the address 10.0.0.2/24 on red/a"));
        assert_eq!(kernel.execute(&add_namespace("gone").inverse()), missing("the namespace gone"));
        let no_ipv6 = kernel.execute(&address("red/a", "2001:db8::1/64"));
        assert!(no_ipv6.as_ref().is_err_and(|error| error.to_string().contains("IPv6")), "{no_ipv6:?}");
    });
}

#[test]
fn a_failed_plan_leaves_nothing() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        let before = kernel.observe();
        let whole = star(5);
        for broken_at in [3, 6, 9, 14, whole.steps.len()] {
            let mut plan = whole.clone();
            plan.steps.insert(broken_at, up("ns0/nowhere"));
            let failure = kernel.carry_out(&plan).expect_err("it cannot work");
            assert_eq!(failure.error, StepError::Missing("ns0/nowhere".into()));
            assert_eq!(*failure.step, up("ns0/nowhere"));
            assert_eq!(failure.left_behind, vec![]);
            // What comes before it in its own namespace, and of the others whatever was done beside it.
            let in_ns0 =
                plan.steps[..broken_at].iter().filter(|step| step.sentence().contains("ns0")).count();
            assert!((in_ns0..=whole.steps.len()).contains(&failure.undone), "{broken_at} {}", failure.undone);
            assert_eq!(kernel.observe(), before);
        }
        assert_eq!(output("ip -o link | wc -l").trim(), "1");
        // In the last namespace, too, when all others are finished.
        let mut plan = whole;
        plan.steps.push(plan.steps[plan.steps.len() - 2].clone());
        let failure = kernel.carry_out(&plan).expect_err("it cannot work");
        assert_eq!(failure.error, StepError::Exists("the address 10.1.0.5/16 on ns4/eth0".into()));
        assert_eq!((failure.left_behind, kernel.observe()), (vec![], before));
    });
}

#[test]
fn what_cannot_be_undone_is_reported_and_all_else_is_undone() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        let before = kernel.observe();
        let done = [add_namespace("red"), add_namespace("blue"), plug("red/a", "host/b"), up("red/a")];
        kernel.carry_out(&Plan { steps: done.to_vec() }).expect("a plan");
        // Somebody takes away what would have to be undone.
        output("ip netns del blue");
        let error = StepError::Unfit("it does not fit".into());
        let failure = kernel.roll_back(&done, &up("red/none"), error);
        let gone = StepError::Missing("the namespace blue".into());
        assert_eq!(failure.left_behind, vec![(done[1].inverse(), gone)]);
        assert_eq!((failure.undone, kernel.observe()), (4, before));
        let told = failure.to_string();
        let [first, left] = told.lines().collect::<Vec<_>>()[..] else { panic!("{told}") };
        assert_eq!(first, "Switch red/none on: it does not fit; 3 of 4 steps undone, but not:");
        assert!(left.contains("blue") && left.contains("does not exist"), "{told}");
    });
}

#[test]
fn a_namespace_that_cannot_be_made_undoes_what_was_built_beside_it() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        output("ip netns add ns30");
        let before = kernel.observe();
        let failure = kernel.carry_out(&star(40)).expect_err("the name is taken");
        assert_eq!(failure.error, StepError::Exists("the namespace ns30".into()));
        assert_eq!(*failure.step, star(40).steps[failed_at(&star(40), "ns30")]);
        assert_eq!((failure.left_behind, kernel.observe()), (vec![], before));
        // And again, once it is out of the way; the bridge is then as the kernel makes bridges.
        output("ip netns del ns30");
        kernel.carry_out(&star(40)).expect("a star");
        assert_eq!(kernel.observe().expect("a lab").cables.len(), 40);
        let bridges = output("ip -d link show type bridge");
        assert!(bridges.contains("mcast_snooping 1"), "{bridges}");
    });
}

/// The place of the step that makes that namespace.
fn failed_at(plan: &topology::Plan, namespace: &str) -> usize {
    let makes = |step: &Step| matches!(step, Step::AddNamespace { name, .. } if name.as_str() == namespace);
    plan.steps.iter().position(makes).expect("the plan makes it")
}

#[test]
fn what_people_do_by_hand_is_seen() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        kernel.execute(&add_namespace("red")).expect("a namespace");
        output("ip netns del red; ip netns add red; ip netns add green");
        output(
            "ip link add name x type veth peer name y netns green; ip link add name odd type vxlan id 7 dstport 4789",
        );
        output("ip -n green addr add 10.0.0.1/8 dev y; ip -n green link set y up; ip link set x up");
        let lab = kernel.observe().expect("a lab");
        assert_eq!(lab.cables, set([cable("host/x", "green/y")]));
        let odd = lab.interface(&place("host/odd")).map(|found| found.kind);
        assert_eq!(odd, Some(InterfaceKind::Other(OtherKind::Vxlan)));
        assert_eq!(lab.namespaces[&name("red")].sysctls, KERNEL_SYSCTLS);
        // The namespace of that name is another one now.
        kernel.execute(&Step::SetUp { at: place("red/lo"), up: true }).expect("its loopback");
        assert!(output("ip -n red link show lo").contains("UP"));
        output("ip netns del green");
        assert_eq!(kernel.execute(&up("green/y")), Err(StepError::Missing("the namespace green".into())));
    });
}

#[test]
fn works_inside_an_async_runtime_too() {
    in_sandbox(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let mut kernel = Kernel::new().expect("the kernel");
            kernel.carry_out(&star(2)).expect("a star");
            assert_eq!(kernel.observe().expect("a lab").cables.len(), 2);
        });
    });
}

#[test]
fn dropping_it_closes_everything() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        kernel.carry_out(&star(10)).expect("a star");
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
        kernel.wait_until_forwarding(deadline).expect("forwarding");
        let held = kernel.namespace(&name("ns3")).expect("it");
        let identities: Vec<String> = (0..10)
            .map(|i| kernel.namespace(&name(&format!("ns{i}"))).expect("it").identity().expect("its inode").1)
            .map(|inode| format!("net:[{inode}]"))
            .collect();
        // Other tests may run in this process, so only what belongs to these namespaces counts.
        let descriptors = || {
            let all = std::fs::read_dir("/proc/self/fd").expect("the list of descriptors").flatten();
            let targets = all.filter_map(|entry| std::fs::read_link(entry.path()).ok());
            targets.filter(|target| identities.iter().any(|own| target.as_os_str() == own.as_str())).count()
        };
        let sockets = || {
            let list = in_namespace(&held, || std::fs::read_to_string("/proc/thread-self/net/netlink"));
            let list = list.expect("entered").expect("the list of netlink sockets");
            // The third column is the port; the kernel's own end has none.
            list.lines().skip(1).filter(|line| line.split_whitespace().nth(2) != Some("0")).count()
        };
        assert_eq!((descriptors(), sockets()), (10, 1));
        drop(kernel);
        assert_eq!((descriptors(), sockets()), (1, 0));
        // What a tap still holds lives on, name or no name.
        output("ip -all netns del");
        let alive = in_namespace(&held, || nix::net::if_::if_nametoindex("eth0").is_ok());
        assert!(alive.expect("it can be entered"));
    });
}
