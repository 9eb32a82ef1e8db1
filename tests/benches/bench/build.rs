//! Ours beside `ip -batch`, and beside one `ip` per command as tutorials type it: each until every port forwards.

use std::{
    fmt::Write as _,
    io::Write as _,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use topology::{Ground, Lab, kernel::Kernel, plan::plan};

use crate::{
    finish,
    ground::{afresh, star, star_address, star_names},
    report::{Report, median, milliseconds, timed},
};

pub fn measure(report: &mut Report) {
    // In turns, so that a busy moment hits both.
    for (size, rounds, target) in [(100, 7, 0.3), (500, 3, 0.2)] {
        let (mut ours, mut batches) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            ours.push(build(size));
            batches.push(afresh(|| timed(|| until_forwarding(|| batch(size))).0));
        }
        let (ours, batches) = (median(ours), median(batches));
        report.note(&format!("{size} namespaces, all forwarding, ours"), &milliseconds(ours));
        report.note(&format!("{size} namespaces, all forwarding, ip -batch"), &milliseconds(batches));
        report.at_most(&format!("{size} namespaces, ours to ip -batch"), ratio(ours, batches), target, "×");
        if size == 100 {
            let one_round = |_| afresh(|| timed(|| until_forwarding(|| one_by_one(size))).0);
            let single = median((0..3).map(one_round).collect());
            report.note("100 namespaces, all forwarding, one ip per command", &milliseconds(single));
            report.at_most("100 namespaces, ours to one ip per command", ratio(ours, single), 0.04, "×");
        }
    }
}

/// From nothing to a star whose ports all forward.
fn build(size: usize) -> Duration {
    let wanted = star(size);
    afresh(|| {
        let start = Instant::now();
        let kernel = built(&wanted);
        let time = start.elapsed();
        drop(kernel);
        time
    })
}

/// The lab in the calling thread's network namespace, with all ports forwarding.
pub fn built(wanted: &Lab) -> Kernel {
    let mut kernel = Kernel::new().unwrap_or_else(|error| panic!("{error}"));
    let observed = kernel.observe().unwrap_or_else(|error| panic!("{error}"));
    kernel.carry_out(&plan(&observed, wanted)).unwrap_or_else(|failure| panic!("{failure}"));
    wait(&mut kernel);
    kernel
}

/// Others build, we only look when all of it forwards.
fn until_forwarding(build: impl FnOnce()) {
    build();
    wait(&mut Kernel::new().unwrap_or_else(|error| panic!("{error}")));
}

fn wait(kernel: &mut Kernel) {
    let deadline = Instant::now() + Duration::from_secs(10);
    let waiting = kernel.wait_until_forwarding(deadline).unwrap_or_else(|error| panic!("{error}"));
    assert!(waiting.is_empty(), "after ten seconds these ports do not forward: {waiting:?}");
}

/// Two batches for all that the host sees, then one in each namespace: the fewest that `ip` can do it with.
fn batch(size: usize) {
    let mut names = String::new();
    let mut links = String::from("link add name br0 type bridge\nlink set dev br0 up\n");
    for number in 0..size {
        let (room, end, port) = star_names(number);
        let _ = writeln!(names, "netns add {room}");
        let _ = writeln!(links, "link add name {port} type veth peer name {end} netns {room}");
        let _ = writeln!(links, "link set dev {port} master br0 up");
    }
    feed(Command::new("ip").args(["-batch", "-"]), &names);
    feed(Command::new("ip").args(["-batch", "-"]), &links);
    for number in 0..size {
        let (room, end, _) = star_names(number);
        let address = star_address(number);
        let inside = format!("link set dev lo up\nlink set dev {end} up\naddr add {address} dev {end}\n");
        feed(Command::new("ip").args(["-n", &room, "-batch", "-"]), &inside);
    }
}

fn one_by_one(size: usize) {
    let ip = |line: &str| {
        let _silence = finish(Command::new("ip").args(line.split(' ')));
    };
    ip("link add name br0 type bridge");
    ip("link set dev br0 up");
    for number in 0..size {
        let (room, end, port) = star_names(number);
        let address = star_address(number);
        ip(&format!("netns add {room}"));
        ip(&format!("link add name {port} type veth peer name {end}"));
        ip(&format!("link set dev {end} netns {room}"));
        ip(&format!("link set dev {port} master br0"));
        ip(&format!("link set dev {port} up"));
        ip(&format!("-n {room} link set dev lo up"));
        ip(&format!("-n {room} addr add {address} dev {end}"));
        ip(&format!("-n {room} link set dev {end} up"));
    }
}

fn feed(command: &mut Command, text: &str) {
    let mut child =
        command.stdin(Stdio::piped()).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut input = child.stdin.take().expect("it was asked for");
    input.write_all(text.as_bytes()).expect("ip reads what it is told");
    drop(input);
    let status = child.wait().expect("a child can be waited for");
    assert!(status.success(), "{command:?}: {status}");
}

pub fn ratio(ours: Duration, theirs: Duration) -> f64 {
    ours.as_secs_f64() / theirs.as_secs_f64()
}
