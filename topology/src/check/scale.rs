//! Limits that all namespaces of a machine share.

use super::{About, Problem, Subject, addresses::addresses};
use std::collections::BTreeMap;

/// How many neighbours the kernel keeps for each of IPv4 and IPv6 over all namespaces together:
/// gc_thresh3 (kernel, networking/ip-sysctl), which only the machine's own root can raise.
const NEIGHBOURS: u64 = 1024;

/// Whether everyone can know everyone's MAC at once.
pub(super) fn neighbour_tables(subject: &Subject<'_>) -> Vec<Problem> {
    let mut counts: BTreeMap<(bool, &crate::Place), u64> = BTreeMap::new();
    for (at, address) in addresses(subject) {
        let domain = subject.shape.broadcast_domain(&at);
        if let Some(first) = domain.and_then(|domain| domain.first()) {
            *counts.entry((address.addr().is_ipv6(), first)).or_default() += 1;
        }
    }
    let entries = |ipv6: bool| -> u64 {
        let pairs = |count: u64| count.saturating_mul(count.saturating_sub(1));
        let sizes = counts.iter().filter(|((family, _), _)| *family == ipv6).map(|(_, count)| *count);
        sizes.map(pairs).fold(0, u64::saturating_add)
    };
    let too_many = [(false, "IPv4"), (true, "IPv6")].map(|(ipv6, family)| (entries(ipv6), family));
    let problem = |(entries, family): (u64, &str)| {
        let message = format!(
            "if all talk to all, this lab needs {entries} {family} neighbour entries, and the kernel keeps \
             {NEIGHBOURS} for all namespaces of the machine together: beyond that frames are lost"
        );
        let hint = "make the networks smaller, with routers between them, or let only some talk to each other; \
                    the limit (gc_thresh3) cannot be raised without being root on the machine";
        Problem::warning(About::Lab, message, hint)
    };
    too_many.into_iter().filter(|(entries, _)| *entries > NEIGHBOURS).map(problem).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::super::{
        Severity,
        testing::{assert_only, lab, said},
    };
    use crate::Lab;

    fn rooms(count: usize) -> Lab {
        let ports: Vec<String> = (1..=count).map(|number| format!("\"p{number}\"")).collect();
        let mut text = format!("[namespaces.host.bridges.br0]\nports = [{}]\n", ports.join(", "));
        for number in 1..=count {
            let address =
                format!("[namespaces.n{number}.interfaces.v]\naddresses = [\"10.0.0.{number}/24\"]");
            writeln!(text, "{address}\n[[cables]]\nends = [\"n{number}/v\", \"host/p{number}\"]")
                .expect("a string takes all");
        }
        lab(&text)
    }

    #[test]
    fn the_neighbour_table_holds_32_who_all_talk_to_each_other() {
        assert_eq!(said(&rooms(32)), Vec::<String>::new());
        assert_only(&rooms(33), Severity::Warning, "the lab", "needs 1056 IPv4 neighbour entries");
    }
}
