//! Pages typed line by line: what the stage shows after each.

use egui_kittest::Harness;
use hopscope::window::app::App;

use crate::{kernel::Typing, picture::Pictures};

const RED_AND_BLUE: &[&str] = &[
    "ip netns add red",
    "ip netns add blue",
    "ip link add veth-red type veth peer name veth-blue",
    "ip link set veth-red netns red",
    "ip link set veth-blue netns blue",
    "ip -n red addr add 10.0.0.1/24 dev veth-red",
    "ip -n blue addr add 10.0.0.2/24 dev veth-blue",
    "ip -n red link set veth-red up",
    "ip -n blue link set veth-blue up",
];

const SWITCH: &[&str] = &[
    "ip netns add kitchen",
    "ip netns add cellar",
    "ip netns add attic",
    "ip link add br0 type bridge",
    "ip link set br0 up",
    "ip link add eth-k type veth peer name port-k",
    "ip link set eth-k netns kitchen",
    "ip link set port-k master br0",
    "ip link set port-k up",
    "ip link add eth-c type veth peer name port-c",
    "ip link set eth-c netns cellar",
    "ip link set port-c master br0",
    "ip link set port-c up",
    "ip link add eth-a type veth peer name port-a",
    "ip link set eth-a netns attic",
    "ip link set port-a master br0",
    "ip link set port-a up",
    "ip addr add 10.0.0.254/24 dev br0",
    "ip -n kitchen addr add 10.0.0.1/24 dev eth-k",
    "ip -n kitchen link set eth-k up",
    "ip -n cellar addr add 10.0.0.2/24 dev eth-c",
    "ip -n cellar link set eth-c up",
    "ip -n attic addr add 10.0.0.3/24 dev eth-a",
    "ip -n attic link set eth-a up",
];

const UNSHARE: &[&str] = &[
    "unshare 4711",
    "unshare 4720",
    "ip link add veth1 type veth peer name veth2",
    "ip link add veth3 type veth peer name veth4",
    "ip link set veth1 netns pid_4711",
    "ip link set veth3 netns pid_4720",
    "ip -n pid_4711 link set veth1 name eth0",
    "ip -n pid_4720 link set veth3 name eth0",
    "ip link add br0 type bridge",
    "ip link set veth2 master br0",
    "ip link set veth4 master br0",
    "ip -n pid_4711 addr add 192.168.0.1/24 dev eth0",
    "ip -n pid_4720 addr add 192.168.0.2/24 dev eth0",
];

/// `HOPSCOPE_PICTURES=directory` keeps a picture after each line there.
fn page(name: &str, lines: &[&str]) {
    let mut typing = Typing::begin();
    let folder = std::env::var_os("HOPSCOPE_PICTURES");
    for (i, line) in lines.iter().enumerate() {
        typing.type_in(line);
        if let Some(folder) = &folder {
            let state =
                std::mem::replace(&mut typing.state, hopscope::model::state::State::new(Default::default()));
            let mut harness = Harness::builder()
                .with_size(egui::vec2(1280.0, 800.0))
                .renderer(Pictures::default())
                .build_eframe(|_| App::showing(state));
            harness.run_steps(6);
            let picture = harness.render().expect("a picture");
            let path = std::path::Path::new(folder).join(format!("{name}-{i:02}.png"));
            picture.save(path).expect("the directory can be written to");
            std::mem::swap(&mut typing.state, &mut harness.state_mut().state);
        }
    }
}

#[test]
fn red_and_blue() {
    page("red-and-blue", RED_AND_BLUE);
}

#[test]
fn rooms_around_a_switch() {
    page("switch", SWITCH);
}

#[test]
fn rooms_of_processes() {
    page("unshare", UNSHARE);
}
