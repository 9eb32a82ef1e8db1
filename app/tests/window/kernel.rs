//! A kernel of plain memory that understands the few commands of a page, and a window that looks at it.

use std::{collections::BTreeMap, sync::Arc};

use hopscope::model::{
    command::{Command, News},
    state::{Settings, State},
    update::update,
};
use topology::{
    Became, Cable, Interface, InterfaceKind, InterfaceName, Lab, MacAddress, Namespace, NamespaceName, Place,
    Process, Sight,
};

pub struct Typing {
    pub state: State,
    kernel: Lab,
    processes: BTreeMap<NamespaceName, Process>,
    became: Vec<Became>,
}

impl Typing {
    /// An empty lab that runs.
    pub fn begin() -> Self {
        let mut state = State::new(Settings::default());
        let _ = update(&mut state, Command::RunLab);
        let kernel = Lab::default().settled();
        let observed = Arc::new(kernel.clone());
        let _ = update(&mut state, Command::News(News::Started { observed, taps: 0, remarks: Vec::new() }));
        Self { state, kernel, processes: BTreeMap::new(), became: Vec::new() }
    }

    pub fn say(&mut self, command: Command) {
        let _nobody_carries_it_out = update(&mut self.state, command);
    }

    /// One command, and what is seen of it.
    pub fn type_in(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        self.run(&words, &NamespaceName::host());
        self.say(Command::Tick { now: self.state.now + 2.0 });
        let became = std::mem::take(&mut self.became);
        let (lab, processes) = (self.kernel.settled(), self.processes.clone());
        let sight = Sight { lab, processes, became, ..Sight::default() };
        self.say(Command::News(News::Saw(Box::new(sight))));
    }

    fn run(&mut self, words: &[&str], inside: &NamespaceName) {
        match words {
            ["unshare", pid] => self.unshare(pid.parse().expect("a number")),
            ["ip", "-n", name, rest @ ..] => {
                let all: Vec<&str> = ["ip"].iter().chain(rest).copied().collect();
                self.run(&all, &name.replace('_', " ").parse().expect("a name"));
            }
            ["ip", "netns", "add", name] => self.add_namespace(name.parse().expect("a name")),
            ["ip", "netns", "del", name] => self.remove_namespace(&name.parse().expect("a name")),
            ["ip", "link", "add", name, "type", "bridge"] => {
                self.add(&place(inside, name), InterfaceKind::Bridge(Default::default()));
            }
            ["ip", "link", "add", one, "type", "veth", "peer", "name", other] => {
                let ends = [place(inside, one), place(inside, other)];
                ends.iter().for_each(|end| self.add(end, InterfaceKind::VethEnd));
                let [one, other] = ends;
                self.kernel.cables.insert(Cable::new(one, other));
            }
            ["ip", "link", "set", name, "netns", to] => {
                let to: NamespaceName = to.replace('_', " ").parse().expect("a name");
                self.move_to(&place(inside, name), &place(&to, name));
            }
            ["ip", "link", "set", name, "name", to] => {
                self.move_to(&place(inside, name), &place(inside, to));
            }
            ["ip", "link", "set", name, "master", bridge] => {
                let bridge: InterfaceName = bridge.parse().expect("a name");
                self.at(&place(inside, name)).bridge = Some(bridge);
            }
            ["ip", "link", "set", name, up] => self.at(&place(inside, name)).up = *up == "up",
            ["ip", "addr", "add", address, "dev", name] => {
                let address = address.parse().expect("an address");
                self.at(&place(inside, name)).addresses.insert(address);
            }
            _ => panic!("{words:?} is not known here"),
        }
    }

    fn at(&mut self, at: &Place) -> &mut Interface {
        self.kernel.interface_mut(at).unwrap_or_else(|| panic!("there is no {at}"))
    }

    fn add(&mut self, at: &Place, kind: InterfaceKind) {
        let mac = Some(MacAddress::derived_from(&at.to_string()));
        let found = Interface { up: false, mac, ..Interface::new(kind) };
        let namespace = self.kernel.namespaces.entry(at.namespace.clone()).or_default();
        namespace.interfaces.insert(at.interface.clone(), found);
    }

    fn add_namespace(&mut self, name: NamespaceName) {
        let lo = Interface { up: false, ..Interface::new(InterfaceKind::Loopback) };
        let interfaces = [(InterfaceName::loopback(), lo)].into();
        self.kernel.namespaces.insert(name, Namespace { interfaces, ..Namespace::default() });
    }

    fn unshare(&mut self, pid: u32) {
        let name: NamespaceName = format!("pid {pid}").parse().expect("a name");
        self.add_namespace(name.clone());
        self.processes.insert(name, Process { pid, command: "bash".into() });
    }

    fn remove_namespace(&mut self, name: &NamespaceName) {
        self.kernel.namespaces.remove(name);
        for cable in self.kernel.cables.clone() {
            if cable.ends().iter().any(|end| end.namespace == *name) {
                self.kernel.cables.remove(&cable);
                for end in cable.ends() {
                    if let Some(namespace) = self.kernel.namespaces.get_mut(&end.namespace) {
                        namespace.interfaces.remove(&end.interface);
                    }
                }
            }
        }
    }

    fn move_to(&mut self, from: &Place, to: &Place) {
        let namespace = self.kernel.namespaces.get_mut(&from.namespace).expect("it is there");
        let mut found = namespace.interfaces.remove(&from.interface).expect("it is there");
        if from.namespace != to.namespace {
            (found.up, found.bridge) = (false, None);
            found.addresses.clear();
        }
        let namespace = self.kernel.namespaces.get_mut(&to.namespace).expect("it is there");
        namespace.interfaces.insert(to.interface.clone(), found);
        if let Some(cable) = self.kernel.cable_at(from).cloned() {
            let far = cable.other_end(from).expect("it has two ends").clone();
            self.kernel.cables.remove(&cable);
            self.kernel.cables.insert(Cable::new(to.clone(), far));
        }
        self.became.push(Became::Interface { from: from.clone(), to: to.clone() });
    }
}

fn place(namespace: &NamespaceName, interface: &str) -> Place {
    Place::new(namespace.clone(), interface.parse().expect("a name"))
}
