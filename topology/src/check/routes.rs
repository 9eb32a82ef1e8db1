//! Routes: whether the interfaces they lean on carry them.

use std::net::IpAddr;

use super::{About, Problem, Severity, Subject};
use crate::{
    Namespace, NamespaceName, Route,
    standing::{interface_towards, reaches},
};

/// Why a route does not stand, how bad that is, and what mends it.
type Verdict = (Severity, String, String);

/// Routes that the kernel refuses or drops.
pub(super) fn cannot_stand(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, namespace) in &subject.lab.namespaces {
        for route in &namespace.routes {
            if let Some((severity, message, hint)) = verdict(name, namespace, route) {
                let about = About::Route { namespace: name.clone(), route: route.clone() };
                problems.push(Problem::new(severity, about, message, hint));
            }
        }
    }
    problems
}

fn verdict(name: &NamespaceName, namespace: &Namespace, route: &Route) -> Option<Verdict> {
    let to = route.to;
    let error = |message: String, hint: String| Some((Severity::Error, message, hint));
    if let Some(via) = route.via.filter(|via| via.is_ipv4() != to.addr().is_ipv4()) {
        let hint = "take a gateway of the same family as the destination".into();
        return error(format!("the gateway {via} is of another family than {to}"), hint);
    }
    let dev = match (&route.dev, route.via) {
        (Some(dev), _) => dev,
        (None, None) => {
            let hint = "give it a gateway (via), an interface (dev) or both".into();
            return error(format!("the route to {to} has neither a gateway nor an interface"), hint);
        }
        (None, Some(via)) => match interface_towards(namespace, via) {
            Some(dev) => dev,
            None => {
                let message =
                    format!("the gateway {via} is on no network of an interface of {name} that is up");
                return error(message, towards(name, namespace, via));
            }
        },
    };
    let Some(found) = namespace.interfaces.get(dev) else {
        let hint = format!("name one of {name}'s interfaces, or plug a cable into {name}/{dev}");
        return error(format!("the route to {to} goes out of {dev}, which {name} lacks"), hint);
    };
    if !found.up {
        let message =
            format!("the route to {to} goes out of {name}/{dev}, which is down, so the kernel drops it");
        return Some((Severity::Warning, message, format!("set {name}/{dev} up")));
    }
    let via = route.via.filter(|via| !reaches(namespace, dev, found, *via))?;
    let own = namespace.interfaces.values().any(|found| found.addresses.iter().any(|net| net.addr() == via));
    if own {
        let hint = "take the address of the router at the other end".into();
        return error(format!("the gateway {via} is {name}'s own address"), hint);
    }
    error(format!("the gateway {via} is not on the network of {name}/{dev}"), towards(name, namespace, via))
}

/// What brings a gateway within reach.
fn towards(name: &NamespaceName, namespace: &Namespace, via: IpAddr) -> String {
    let leads = |up: bool| {
        namespace
            .interfaces
            .iter()
            .find(|(_, found)| found.up == up && found.addresses.iter().any(|address| address.contains(&via)))
    };
    if matches!(via, IpAddr::V6(via) if via.is_unicast_link_local()) {
        return "name the interface too (dev): a link-local address is on each link".into();
    }
    match (leads(true), leads(false)) {
        (Some((other, _)), _) => format!("{via} is on the network of {name}/{other}: name that, or none"),
        (None, Some((other, _))) => format!("set {name}/{other} up, which is on the network of {via}"),
        (None, None) => format!(
            "give an interface of {name} an address in the network of {via}, or take a gateway that is near"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Severity,
        testing::{ROOMS, assert_only, lab, said},
    };
    use crate::{Lab, Route};

    fn with(route: &str) -> Lab {
        lab(&format!("[namespaces.a]\nroutes = [{{ to = \"10.9.0.0/16\", {route} }}]\n{ROOMS}"))
    }

    const ABOUT: &str = "a, route to 10.9.0.0/16";

    #[test]
    fn a_gateway_is_on_a_network_of_ones_own() {
        for fine in ["via = \"10.0.0.2\"", "via = \"10.0.0.2\", dev = \"va\"", "dev = \"va\""] {
            assert_eq!(said(&with(fine)), Vec::<String>::new(), "{fine}");
        }
        assert_only(&with("via = \"10.7.0.2\""), Severity::Error, ABOUT, "10.7.0.2 is on no network");
        assert_only(
            &with("via = \"10.7.0.2\", dev = \"va\""),
            Severity::Error,
            ABOUT,
            "not on the network of a/va",
        );
        assert_only(&with("via = \"10.0.0.1\""), Severity::Error, ABOUT, "own address");
        assert_only(&with("via = \"fe80::1\", dev = \"va\""), Severity::Error, ABOUT, "another family");
    }

    #[test]
    fn a_route_leads_out_of_an_interface_that_is_there_and_up() {
        assert_only(&with("dev = \"vx\""), Severity::Error, ABOUT, "which a lacks");
        let mut down = with("dev = \"va\"");
        let at = "a/va".parse().expect("a place");
        down.interface_mut(&at).expect("it is there").up = false;
        let all = said(&down);
        assert!(all[0].starts_with("Warning, a, route to") && all[0].contains("down"), "{all:#?}");
        assert!(all[1..].iter().all(|line| line.starts_with("Note")), "{all:#?}");
    }

    #[test]
    fn a_route_has_a_gateway_or_an_interface() {
        let mut lab = lab(ROOMS);
        let a = lab.namespaces.values_mut().next().expect("a room");
        a.routes.insert(Route { to: "10.9.0.0/16".parse().expect("a net"), via: None, dev: None });
        assert_only(&lab, Severity::Error, ABOUT, "neither");
    }
}
