//! Stand-in.
use crate::*;
pub fn plan(_observed: &Lab, wanted: &Lab) -> Plan {
    let mut steps = Vec::new();
    let mac = |p: &Place| MacAddress::derived_from(&p.to_string());
    for (name, ns) in &wanted.namespaces {
        if !name.is_host() {
            steps.push(Step::AddNamespace { name: name.clone(), sysctls: ns.sysctls });
        } 
        if ns.sysctls.ipv4_forward == Some(true) {
            steps.push(Step::SetSysctl { namespace: name.clone(), sysctl: Sysctl::Ipv4Forward, from: 0, to: 1 });
        }
    }
    for (at, i) in wanted.interfaces() {
        if let Some(settings) = i.bridge_settings() {
            steps.push(Step::AddBridge { mac: mac(&at), at, settings });
        }
    }
    for cable in &wanted.cables {
        steps.push(Step::PlugCable { cable: cable.clone(), macs: [mac(&cable.ends()[0]), mac(&cable.ends()[1])] });
    }
    for (at, i) in wanted.interfaces() {
        if let Some(bridge) = &i.bridge {
            steps.push(Step::Enslave { port: at.clone(), bridge: bridge.clone() });
        }
        for &address in &i.addresses {
            steps.push(Step::AddAddress { at: at.clone(), address });
        }
        if i.up {
            steps.push(Step::SetUp { at, up: true });
        }
    }
    for (namespace, ns) in &wanted.namespaces {
        for route in &ns.routes {
            steps.push(Step::AddRoute { namespace: namespace.clone(), route: route.clone() });
        }
    }
    Plan { steps }
}
