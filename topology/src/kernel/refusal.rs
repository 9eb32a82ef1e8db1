//! What an errno means for a step, in words for people.

use crate::StepError;

use super::ask::Refusal;

/// What was tried, and the words for what goes with it.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    /// “connecting red/veth-red to br0”
    pub(super) doing: String,
    /// What is there already, or is not: “the address 10.0.0.1/24 on red/veth-red”.
    pub(super) thing: String,
    /// The interface or namespace it happens at.
    pub(super) place: String,
}

impl Attempt {
    pub(super) fn new(doing: impl Into<String>, thing: impl Into<String>, place: impl ToString) -> Self {
        Self { doing: doing.into(), thing: thing.into(), place: place.to_string() }
    }

    pub(super) fn refused(&self, refusal: &Refusal) -> StepError {
        let said = refusal.said.as_deref();
        match refusal.errno {
            libc::EEXIST => StepError::Exists(self.thing.clone()),
            libc::ENODEV | libc::ENXIO => StepError::Missing(self.place.clone()),
            // ESRCH: no such route (net/ipv4/fib_trie.c); EADDRNOTAVAIL: no such address.
            libc::ENOENT | libc::ESRCH | libc::EADDRNOTAVAIL => StepError::Missing(self.thing.clone()),
            libc::EOPNOTSUPP | libc::EPROTONOSUPPORT | libc::EAFNOSUPPORT => {
                StepError::Unsupported { what: self.doing.clone(), hint: hint(said) }
            }
            libc::ENETUNREACH | libc::EHOSTUNREACH => StepError::Unfit(format!(
                "{}: the gateway cannot be reached from here; it needs an address in the same network \
                 on an interface that is up",
                self.doing
            )),
            libc::ENETDOWN => StepError::Unfit(format!("{}: the interface is down", self.doing)),
            libc::ELOOP => {
                StepError::Unfit(format!("{}: that would make a bridge a port of itself", self.doing))
            }
            libc::EPERM => {
                self.kernel(refusal, "the kernel does not allow it; are we inside a sandbox, or root?")
            }
            libc::EACCES => {
                self.kernel(refusal, "the kernel does not allow it; IPv6 may be switched off here")
            }
            _ => self.kernel(refusal, ""),
        }
    }

    pub(super) fn failed(&self, error: &std::io::Error) -> StepError {
        self.refused(&Refusal::of(error))
    }

    fn kernel(&self, refusal: &Refusal, hint: &str) -> StepError {
        let words = refusal.words();
        let message = if hint.is_empty() { words } else { format!("{words}: {hint}") };
        StepError::Kernel { doing: self.doing.clone(), errno: refusal.errno, message }
    }
}

fn hint(said: Option<&str>) -> String {
    let kernel =
        "this kernel was built without it, or its module is not loaded; `hopscope doctor` says what mends it";
    match said {
        Some(said) => format!("{kernel} (the kernel says: {said})"),
        None => kernel.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_kernel_lacks_is_told_with_who_knows_what_mends_it() {
        let attempt = Attempt::new("making the bridge host/br1 with VLAN filtering", "br1", "host");
        for said in [None, Some("no such filter".to_owned())] {
            let refused = attempt.refused(&Refusal { errno: libc::EOPNOTSUPP, said: said.clone() });
            let text = refused.to_string();
            assert!(text.starts_with(&attempt.doing) && text.contains("`hopscope doctor`"), "{text}");
            assert!(text.contains(&said.unwrap_or_default()), "{text}");
        }
    }
}
