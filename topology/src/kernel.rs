//! Stand-in.
use crate::*;
use std::{os::fd::{AsFd, OwnedFd}, sync::Arc, collections::BTreeMap, process::Command};
#[derive(Clone, Debug)]
pub struct NamespaceFd(Arc<OwnedFd>);
#[derive(Debug)]
pub struct Kernel { host: NamespaceFd, lab: Lab, names: BTreeMap<NamespaceName, NamespaceFd> }
fn open(path: &str) -> Option<NamespaceFd> { std::fs::File::open(path).ok().map(|f| NamespaceFd(Arc::new(f.into()))) }
fn ip(args: &str) -> Result<(), StepError> {
    let out = Command::new("/bin/sh").arg("-c").arg(format!("PATH=$PATH:/usr/sbin:/sbin ip {args}")).output().expect("sh");
    if out.status.success() { Ok(()) } else { Err(StepError::Unfit(format!("{args}: {}", String::from_utf8_lossy(&out.stderr)))) }
}
fn n(name: &NamespaceName) -> String { if name.is_host() { String::new() } else { format!("-n {name}") } }
impl Kernel {
    pub fn new() -> Result<Kernel, StepError> { 
        Ok(Kernel { host: open("/proc/thread-self/ns/net").expect("own ns"), lab: Lab::default(), names: BTreeMap::new() })
    }
    pub fn namespace(&self, name: &NamespaceName) -> Option<NamespaceFd> {
        if name.is_host() { Some(self.host.clone()) } else { self.names.get(name).cloned() }
    }
    pub fn wait_until_forwarding(&mut self, _deadline: std::time::Instant) -> Result<Vec<Place>, ObserveError> { Ok(vec![]) }
}
pub fn in_namespace<T: Send>(fd: &NamespaceFd, run: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    std::thread::scope(|s| s.spawn(|| {
        nix::sched::setns(fd.0.as_fd(), nix::sched::CloneFlags::CLONE_NEWNET)?;
        Ok(run())
    }).join().expect("no panic"))
}
impl Ground for Kernel {
    fn execute(&mut self, step: &Step) -> Result<(), StepError> {
        match step {
            Step::AddNamespace { name, .. } => { ip(&format!("netns add {name}"))?; self.names.insert(name.clone(), open(&format!("/run/netns/{name}")).expect("it")); self.lab.namespaces.insert(name.clone(), Namespace::default()); Ok(()) }
            Step::AddBridge { at, settings, .. } => { self.lab.namespaces.entry(at.namespace.clone()).or_default().interfaces.insert(at.interface.clone(), Interface::new(InterfaceKind::Bridge(*settings))); ip(&format!("{} link add name {} type bridge", n(&at.namespace), at.interface)) }
            Step::PlugCable { cable, macs } => { let [a, b] = cable.ends();
                for p in [a, b] { self.lab.namespaces.entry(p.namespace.clone()).or_default().interfaces.insert(p.interface.clone(), Interface::new(InterfaceKind::VethEnd)); }
                ip(&format!("link add name tmpa address {} type veth peer name tmpb address {}", macs[0], macs[1]))?;
                for (t, p) in [("tmpa", a), ("tmpb", b)] {
                    if p.namespace.is_host() { ip(&format!("link set {t} name {}", p.interface))?; } else { ip(&format!("link set {t} netns {} name {}", p.namespace, p.interface))?; }
                }
                Ok(()) }
            Step::Enslave { port, bridge } => ip(&format!("{} link set {} master {bridge}", n(&port.namespace), port.interface)),
            Step::SetUp { at, .. } => ip(&format!("{} link set {} up", n(&at.namespace), at.interface)),
            Step::AddAddress { at, address } => ip(&format!("{} addr add {address} dev {}", n(&at.namespace), at.interface)),
            Step::AddRoute { namespace, route } => ip(&format!("{} route add {} via {}", n(namespace), route.to, route.via.expect("via"))),
            Step::SetSysctl { namespace, .. } => { let fd = self.namespace(namespace).expect("it"); in_namespace(&fd, || std::fs::write("/proc/sys/net/ipv4/ip_forward", "1")).expect("x").expect("y"); Ok(()) }
            _ => Ok(()),
        }
    }
    fn observe(&mut self) -> Result<Lab, ObserveError> { Ok(self.lab.clone()) }
}
