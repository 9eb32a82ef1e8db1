//! A page that somebody copied out of a terminal: prompts, output, and tools that have gone out of use.

use hopscope_tests::of_type;

use super::{caused_by, commands, lab, run};

const WITH_BRCTL: &str = "# A box with two plugs, the old way

As somebody typed it, prompts and all:

~~~bsah
ada@desk:~$ sudo brctl addbr box
ada@desk:~$ sudo ip netns add east
ada@desk:~$ sudo ip netns add west
ada@desk:~$ sudo ip link add plug-e type veth peer name wall-e
ada@desk:~$ sudo ip link add plug-w type veth peer name wall-w
ada@desk:~$ sudo ip link set plug-e netns east
ada@desk:~$ sudo ip link set plug-w netns west
ada@desk:~$ sudo brctl addif box wall-e wall-w
ada@desk:~$ brctl show
bridge name     bridge id               STP enabled     interfaces
box             8000.0a1b2c3d4e5f       no              wall-e
                                                        wall-w
~~~

Addresses, and everything up:

    # ip -n east addr add 10.34.0.1/24 dev plug-e
    # ip -n west addr add 10.34.0.2/24 dev plug-w
    # ip -n east link set plug-e up
    # ip -n west link set plug-w up
    # ip link set wall-e up
    # ip link set wall-w up
    # ip link set box up

```
vagrant $ sudo ip netns exec east ping -c 1 10.34.0.2
PING 10.34.0.2 (10.34.0.2) 56(84) bytes of data.
64 bytes from 10.34.0.2: icmp_seq=1 ttl=64 time=0.061 ms

--- 10.34.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = 0.061/0.061/0.061/0.000 ms
```
";

#[test]
fn what_was_copied_from_a_terminal_is_run_without_its_prompts_and_output() {
    let (lines, status) = run("brctl", "old.md", WITH_BRCTL, &[]);
    assert_eq!(status, 0);
    let told = commands(&lines);
    assert!(told.iter().all(|line| line.starts_with("host: ") && line.ends_with(" 0")), "{told:#?}");
    let first = ["host: sudo brctl addbr box 0", "host: sudo ip netns add east 0"];
    assert_eq!((&told[..2], told.len()), (&first.map(str::to_owned)[..], 17), "{told:#?}");
    assert!(of_type(&lines, "not-run").is_empty());
    let bridge = serde_json::json!([{ "name": "box", "namespace": "host", "ports": ["wall-e", "wall-w"] }]);
    assert_eq!(lab(&lines)["bridges"], bridge);
    let cables = serde_json::json!([
        { "ends": ["east/plug-e", "host/wall-e"] },
        { "ends": ["host/wall-w", "west/plug-w"] },
    ]);
    assert_eq!(lab(&lines)["cables"], cables);
    let echoes = caused_by(&lines, "sudo ip netns exec east ping -c 1 10.34.0.2", "ICMP");
    let there = "east/plug-e> >host/wall-e host/wall-w> >west/plug-w delivered";
    let back = "west/plug-w> >host/wall-w host/wall-e> >east/plug-e delivered";
    assert_eq!(echoes, [there, back]);
}
