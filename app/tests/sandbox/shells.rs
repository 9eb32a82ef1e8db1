//! What one meets at a shell of the sandbox: nested shells, tools, help, and a machine that cannot be touched.

use super::{
    labs,
    session::{LIMIT, Session},
    users::{Who, everybody, start, without_user_namespaces},
};

fn at_host(who: Who, work: impl FnOnce(&mut Session)) {
    let mut engine = start(who);
    engine.build(&labs::red_and_blue()).expect("it builds");
    let asides = engine.take_asides().expect("nobody took them");
    work(&mut Session::open(&engine, asides, "host"));
}

#[test]
fn shells_in_shells_say_where_they_stand() {
    for who in everybody() {
        at_host(who, |host| {
            let own = host.shell;
            let nested = host.run("unshare --net --fork bash");
            assert_ne!(nested.shell, own, "{who:?}");
            assert_eq!(nested.status, 0);
            let pid = format!("pid {}", nested.shell);
            assert_eq!(host.at, ["host", &pid], "{who:?}");
            host.wait_for(&pid);
            // One more shell there is in the same namespace, which keeps its name.
            let third = host.run("bash");
            assert_ne!(third.shell, nested.shell);
            host.wait_for(&pid);
            assert_eq!(host.run("exit 3").status, 3);
            assert_eq!(host.run("exit 0").status, 0);
            assert_eq!(host.at, ["host", &pid, "host"]);
            host.run("ip netns exec red bash");
            host.wait_for("red");
            assert!(host.output("ls /sys/class/net").contains("eth0"));
            host.run("exit");
            host.run("sudo ip netns exec blue bash --norc");
            host.run("exit");
            // Where a command stands is told while it runs.
            host.type_in("ip netns exec blue sleep 1000\r");
            host.until("blue", |host| host.at.last().is_some_and(|at| at == "blue"));
            host.type_in("\x03");
            host.prompt();
            assert_eq!(host.at, ["host", &pid, "host", "red", "host", "blue", "host", "blue", "host"]);
        });
    }
}

/// Each shell in a namespace has mounts of its own, and still they know the same namespaces.
#[test]
fn namespaces_made_at_one_shell_are_known_to_all() {
    for who in everybody() {
        let mut engine = start(who);
        engine.build(&labs::red_and_blue()).expect("it builds");
        let asides = engine.take_asides().expect("nobody took them");
        let mut red = Session::open(&engine, asides, "red");
        assert_eq!(red.run("ip netns add green").status, 0);
        let inside = engine.run(&labs::name("green"), "ip link set lo up", LIMIT).expect("it runs");
        assert!(inside.succeeded(), "{who:?}: {inside:?}");
        let made = engine.run(&labs::name("host"), "ip netns add yellow", LIMIT).expect("it runs");
        assert!(made.succeeded(), "{who:?}: {made:?}");
        red.output("ip netns exec yellow ip link set lo up");
        red.output("ip netns del green");
        let gone = engine.run(&labs::name("host"), "ip netns exec green true", LIMIT).expect("it runs");
        assert!(!gone.succeeded(), "{who:?}");
    }
}

#[test]
fn the_prompt_stands_whatever_is_set() {
    at_host(Who::Me, |host| {
        host.run("set -u -f; shopt -s failglob");
        host.wait_for("host");
        assert_eq!(host.run("cd /usr").status, 0);
        host.wait_for("/usr");
        host.run("ip netns add 'a$(touch b)'; ip netns exec 'a$(touch b)' env -i PATH=$PATH TERM=dumb bash");
        host.wait_for("a$(touch b)");
        host.run("exit");
        host.run("env -u PROMPT_COMMAND bash");
        host.run("sh -c bash");
        host.run("bash -l");
        host.run("PROMPT_COMMAND+=';true'; set -e");
        host.run("exit; :");
        assert_eq!(host.run("echo $-").status, 0);
    });
}

#[test]
fn sudo_simply_runs_the_command() {
    for who in everybody() {
        at_host(who, |host| {
            let cases = [
                ("sudo id -u", "0\r\n"),
                ("sudo -E -H -n -- echo fine", "fine\r\n"),
                ("echo | sudo -Su root -g root echo fine", "fine\r\n"),
                ("sudo -nE A=b C=d sh -c 'echo $A$C'", "bd\r\n"),
                ("sudo --user=root echo fine", "fine\r\n"),
                ("sudo -u bob echo fine", "no “bob”"),
                ("sudo -s echo a b", "a b\r\n"),
                ("sudo -i pwd", "/"),
                ("sudo -v", ""),
                ("sudo su -c 'echo fine'", "fine\r\n"),
                ("sudo ip netns exec red ip -br addr show eth0", "10.10.0.1/24"),
                ("su root -c 'echo fine'", "fine\r\n"),
            ];
            for (line, expected) in cases {
                let output = host.output(line);
                assert!(output.contains(expected), "{who:?}: {line}: {output:?}");
            }
            assert_eq!(host.run("sudo sh -c 'exit 7'").status, 7);
            assert_eq!(host.run("sudo").status, 1);
            for shell in ["sudo -i", "sudo su -", "su -", "sudo -s", "sudo bash"] {
                let own = host.shell;
                assert_ne!(host.run(shell).shell, own, "{shell}");
                assert_eq!(host.run("exit").shell, own, "{shell}");
            }
        });
    }
}

#[test]
fn what_is_missing_is_explained() {
    at_host(Who::Me, |host| {
        // Nothing of the machine is in the path, so that everything is missing.
        host.run("everything=$PATH; PATH=/run/hopscope/bin");
        for (tool, package) in [("hping3", "hping3"), ("tshark", "tshark"), ("route", "net-tools")] {
            let ran = host.run(tool);
            assert!(ran.output.contains(&format!("{tool}: not found; ")), "{ran:?}");
            assert!(ran.output.contains(package) && ran.status == 127, "{ran:?}");
        }
        let ran = host.run("no-such-tool");
        assert_eq!(
            (ran.output.contains("no-such-tool: command not found"), ran.status),
            (true, 127),
            "{ran:?}"
        );
        host.run("PATH=$everything");
        assert_eq!(host.run("sudo no-such-tool").status, 1);
    });
}

#[test]
fn the_tools_of_tutorials_work() {
    for who in everybody() {
        at_host(who, |host| {
            host.output("ip netns add tools; ip -n tools link set lo up");
            host.run("ip netns exec tools bash");
            host.output("brctl addbr br0; ip link add v0 type veth peer name v1; brctl addif br0 v0");
            let shown = host.output("brctl show br0");
            assert!(shown.contains("br0") && shown.contains("v0"), "{who:?}: {shown}");
            let captured =
                host.output("timeout 20 tcpdump -n -c 2 -i lo icmp & ping -c 20 -i 0.2 127.0.0.1; wait");
            assert!(captured.contains("ICMP echo request"), "{who:?}: {captured}");
            host.type_in("top\r");
            host.wait_for("%CPU");
            host.type_in("q");
            assert_eq!(host.prompt().status, 0);
            host.type_in("vim -u NONE -i NONE -n\r");
            host.wait_for("\x1b[?1049h");
            host.type_in("ione two\x1b:wq! /tmp/../run/hopscope/written\r");
            assert_eq!(host.prompt().status, 0);
            assert!(host.output("cat /run/hopscope/written").contains("one two"));
            host.type_in("ip addr | less -X\r");
            host.wait_for("(END)");
            host.type_in("q");
            assert_eq!(host.prompt().status, 0);
        });
    }
}

/// Where the machine has no brctl, ours has the same commands.
#[test]
fn brctl_has_a_stand_in() {
    let script = include_str!("../../src/engine/terminal/kit/brctl");
    at_host(Who::Me, |host| {
        host.type_in("cat >/run/hopscope/brctl <<'END-OF-SCRIPT'\r");
        // Tabs would ask for completion.
        assert!(!script.contains('\t'));
        for line in script.lines() {
            host.type_in(&format!("{line}\r"));
        }
        host.type_in("END-OF-SCRIPT\r");
        host.prompt();
        host.output("chmod +x /run/hopscope/brctl; brctl() { /run/hopscope/brctl \"$@\"; }; unshare -n true");
        assert!(host.output("brctl addbr bridge1").contains("bridge-utils"));
        assert!(
            !host
                .output("ip link add v0 type veth peer name v1; brctl addif bridge1 v0 v1")
                .contains("stand")
        );
        host.output("brctl stp bridge1 on; brctl setfd bridge1 4.5; brctl setageing bridge1 100");
        host.output("brctl setbridgeprio bridge1 4096; brctl hairpin bridge1 v0 on; ip link set bridge1 up");
        let details = host.output("ip -d link show bridge1");
        for part in ["forward_delay 450", "ageing_time 10000", "priority 4096", "stp_state 1"] {
            assert!(details.contains(part), "{part}: {details}");
        }
        let shown = host.output("brctl show");
        let lines: Vec<&str> = shown.lines().collect();
        let [head, bridge, second] = lines[..] else { panic!("{shown:?}") };
        assert_eq!(head, "bridge name\tbridge id\t\tSTP enabled\tinterfaces");
        assert!(bridge.starts_with("bridge1\t\t1000.") && bridge.ends_with("\tyes\t\tv1"), "{bridge:?}");
        assert_eq!(second, "\t\t\t\t\t\t\tv0");
        let macs = host.output("ip link set v0 up; brctl showmacs bridge1");
        assert!(
            macs.lines().skip(1).all(|line| line.contains("yes")) && 2 < macs.lines().count(),
            "{macs:?}"
        );
        host.output("brctl delif bridge1 v0; ip link set bridge1 down; brctl delbr bridge1");
        assert_eq!(host.run("brctl show bridge1").status, 1);
        assert_eq!(host.run("brctl nonsense").status, 1);
    });
}

/// Whoever starts Hopscope, also root: the machine outside stays as it is.
#[test]
fn the_machine_is_out_of_reach() {
    for who in everybody() {
        at_host(who, |host| {
            for path in ["/etc/passwd", "/etc/hopscope-test", "/usr/bin/hopscope-test", "/boot/hopscope-test"]
            {
                let ran = host.run(&format!("echo >>{path}"));
                assert_ne!(ran.status, 0, "{who:?}: {path}: {ran:?}");
            }
            let forbidden = [
                "echo 1 >/proc/sys/kernel/sysrq",
                "echo core >/proc/sys/kernel/core_pattern",
                "echo >/proc/sysrq-trigger",
                "echo 0 >/sys/kernel/mm/ksm/run",
                "mount -o remount,rw /usr && touch /usr/hopscope-test",
                "rm -f /etc/hostname /etc/passwd",
                "mknod /tmp/hopscope-test b 8 0",
                "date -s 2000-01-01",
            ];
            for line in forbidden {
                let ran = host.run(line);
                assert_ne!(ran.status, 0, "{who:?}: {line}: {ran:?}");
            }
            host.output("sysctl -w net.ipv4.ip_forward=1");
            let seen = host.output("ls /proc | grep -c '^[0-9]*$'; ls /sys/class/net");
            assert!(!seen.contains("docker"), "{seen}");
            host.output("cd ~ && touch hopscope-test && ls hopscope-test && rm hopscope-test");
            host.output("cd /tmp && mkdir -m 700 hopscope-test && rmdir hopscope-test");
        });
    }
}

/// Without user namespaces root stays root: the machine is kept from accidents at least.
#[test]
fn where_root_stays_root_the_machine_is_read_only() {
    let mut engine = without_user_namespaces();
    let report = engine.sandbox().clone();
    assert!(!report.user_namespace && report.shortfalls.len() == 1, "{report:?}");
    engine.build(&labs::red_and_blue()).expect("it builds");
    let asides = engine.take_asides().expect("nobody took them");
    let mut host = Session::open(&engine, asides, "host");
    let forbidden = [
        "echo >>/etc/passwd",
        "touch /usr/hopscope-test",
        "echo 1 >/proc/sys/kernel/sysrq",
        "echo >/proc/sysrq-trigger",
        "echo 0 >/sys/kernel/mm/ksm/run",
        "mknod /tmp/hopscope-test b 8 0",
        "ls /dev/?da* /dev/mem",
    ];
    for line in forbidden {
        let ran = host.run(line);
        assert_ne!(ran.status, 0, "{line}: {ran:?}");
    }
    host.output("sysctl -w net.ipv4.ip_forward=1; ip netns exec red ping -c1 -W2 10.10.0.2");
    host.output("ip netns add green; echo >/dev/null; cd /tmp && touch hopscope-$$ && rm hopscope-$$");
    host.run("ip netns exec green bash");
    assert_eq!(host.at.last().map(String::as_str), Some("green"));
}
