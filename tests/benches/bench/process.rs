//! The whole program, as a person starts it.

use std::{path::PathBuf, process::Command, time::Duration};

use crate::{
    build::ratio,
    finish,
    ground::afresh,
    is_here,
    report::{Report, median, milliseconds, timed},
};

/// What a person would have to type to see as much: build, capture at five places, ping, stop.
const BY_HAND: &str = r#"
set -eu
directory=$(mktemp -d)
listeners=""
trap 'kill $listeners 2>/dev/null || true; wait; rm -rf $directory' EXIT
ip netns add ns1; ip netns add ns2
ip link add name br0 type bridge; ip link set dev br0 up
for n in 1 2; do
    ip link add name veth-br$n type veth peer name veth-ns$n netns ns$n
    ip link set dev veth-br$n master br0 up
    ip -n ns$n addr add 10.10.0.$n/24 dev veth-ns$n
    ip -n ns$n link set dev veth-ns$n up
done
listen() { # NAMESPACE INTERFACE
    $1 tcpdump -Z root -i $2 -U -w $directory/$2 2>$directory/$2.said & listeners="$listeners $!"
}
listen "ip netns exec ns1" veth-ns1
listen "ip netns exec ns2" veth-ns2
for port in veth-br1 br0 veth-br2; do listen "" $port; done
tries=0
for at in veth-ns1 veth-ns2 veth-br1 br0 veth-br2; do
    until grep -q "listening on" $directory/$at.said; do
        tries=$((tries + 1))
        if [ $tries -gt 500 ]; then cat $directory/*.said >&2; exit 1; fi
        sleep 0.01
    done
done
ip netns exec ns1 ping -c 1 -W 2 10.10.0.2 >/dev/null
kill -INT $listeners
wait
ip netns del ns1; ip netns del ns2; ip link del dev br0
"#;

pub fn measure(report: &mut Report) {
    let program = program();
    let run = || {
        let mut command = Command::new(&program);
        command.args(["run", "two-rooms-and-a-switch", "--ping", "ns1", "ns2", "--json"]);
        finish(&mut command)
    };
    let said = run();
    assert!(said.contains(r#""type":"journey""#), "the run shows no journey:\n{said}");
    let ours = median((0..9).map(|_| timed(run).0).collect());
    report.at_most("hopscope run, one ping", ours.as_secs_f64(), 0.5, "s");
    beside(
        report,
        ours,
        "ip, five tcpdumps and ping in a shell script",
        Command::new("sh").args(["-c", BY_HAND]),
    );
    if is_here("mn") {
        let mut mininet = Command::new("mn");
        mininet.args(["--topo", "single,2", "--switch", "lxbr", "--controller", "none", "--test", "pingall"]);
        beside(report, ours, "Mininet, which captures nothing", &mut mininet);
    } else {
        report.note("Mininet", "not installed");
    }
}

fn beside(report: &Report, ours: Duration, name: &str, command: &mut Command) {
    let mut times = Vec::new();
    for _ in 0..3 {
        let (time, output) = afresh(|| timed(|| command.output()));
        let refused = match output {
            Ok(output) if output.status.success() => None,
            Ok(output) => Some(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Some(error.to_string()),
        };
        // As an ordinary user, tcpdump may fail to change its user, for one.
        if let Some(why) = refused {
            report.note(name, &format!("could not run here: {why}"));
            return;
        }
        times.push(time);
    }
    let theirs = median(times);
    report.note(name, &milliseconds(theirs));
    report.note("    ours to that", &format!("{:.3}×", ratio(ours, theirs)));
}

/// The program that was built beside this benchmark.
pub fn program() -> PathBuf {
    let this = std::env::current_exe().expect("a program can find itself");
    let built = this.parent().and_then(|deps| deps.parent()).map(|release| release.join("hopscope"));
    let built = built.filter(|path| path.is_file());
    built.unwrap_or_else(|| panic!("build the program first: cargo build --release -p hopscope"))
}
