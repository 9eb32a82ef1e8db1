//! What was typed while a change of ours was under way.

use topology::{Became, Lab, adopt, reconcile::reconcile};

use super::said;
use crate::model::{renames::known, sights::Said};

/// What the kernel has done besides what it was asked for: first it calls things otherwise, then comes the rest.
pub struct Typed {
    before: Lab,
    pub became: Vec<Became>,
    /// The kernel before, in today's names.
    renamed: Lab,
    /// As it would be had nobody typed.
    expected: Lab,
    /// As it would be had nothing been refused or clamped.
    real: Lab,
}

impl Typed {
    /// The kernel stood as `before`, a change wanted it as `wanted`, and it stands as `after` now.
    ///
    /// What the change did not touch, and has changed all the same, was typed. Where the kernel has otherwise what the
    /// change did touch, it did not take the wish as it was meant, and that is said on the thing itself.
    pub fn meanwhile(wanted: &Lab, before: &Lab, after: &Lab, became: &[Became]) -> Self {
        let became = known(became, before, after);
        let renamed = adopt::renamed(before, &became);
        let mut typed =
            Self { before: before.clone(), became, renamed, expected: Lab::default(), real: Lab::default() };
        let wanted = typed.in_new_names(wanted);
        typed.expected = reconcile(&wanted, &typed.renamed, &typed.renamed).settled();
        typed.real = reconcile(&wanted, &typed.renamed, after).settled();
        keep_macs_of_bridges(&typed.expected, &mut typed.real);
        typed
    }

    fn in_new_names(&self, lab: &Lab) -> Lab {
        adopt::adopt(lab, &self.before, &self.renamed, &self.became)
    }

    pub fn done_to(&self, drawn: &Lab) -> Lab {
        adopt::adopt(&self.in_new_names(drawn), &self.expected, &self.real, &[])
    }

    pub fn said(&self) -> Said {
        let mut said = said::said(&self.before, &self.renamed, &self.became);
        let rest = said::said(&self.expected, &self.real, &[]);
        said.sentences.extend(rest.sentences);
        said.shell.extend(rest.shell);
        said
    }
}

/// A bridge that was made by hand takes the lowest of its ports' addresses by itself (net/bridge/br_stp_if.c).
fn keep_macs_of_bridges(expected: &Lab, real: &mut Lab) {
    for (at, was) in expected.interfaces().filter(|(_, found)| found.bridge_settings().is_some()) {
        if let Some(bridge) = real.interface_mut(&at).filter(|found| found.bridge_settings().is_some()) {
            bridge.mac = was.mac;
        }
    }
}
