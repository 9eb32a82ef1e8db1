//! A ground of plain memory: the same steps, refused for the same reasons, and no kernel.

use crate::{
    Ground, Interface, InterfaceName, Lab, Namespace, NamespaceName, ObserveError, Step, StepError, Sysctls,
    settle,
};

/// A sandbox on paper.
#[derive(Clone, Debug)]
pub struct Paper {
    lab: Lab,
}

impl Paper {
    /// A sandbox that has just started: only `host`, its loopback down, every sysctl off.
    #[must_use]
    pub fn new() -> Self {
        let loopback: (InterfaceName, Interface) = (InterfaceName::loopback(), settle::new_loopback());
        let interfaces = [loopback].into();
        let host = Namespace { sysctls: Sysctls::KERNEL, interfaces, ..Namespace::default() };
        Self { lab: Lab { namespaces: [(NamespaceName::host(), host)].into(), ..Lab::default() } }
    }
}

impl Default for Paper {
    fn default() -> Self {
        Self::new()
    }
}

impl Ground for Paper {
    fn execute(&mut self, step: &Step) -> Result<(), StepError> {
        match step {
            // The drawing is not the ground's.
            Step::Move { .. } => Ok(()),
            step => step.apply(&mut self.lab),
        }
    }

    fn observe(&mut self) -> Result<Lab, ObserveError> {
        Ok(self.lab.clone())
    }
}
