//! What this machine has of what Hopscope needs, what each lack costs, and how to mend it.

mod display;
#[cfg(feature = "engine")]
mod sandbox;
mod tools;

use std::fmt;

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: String,
    pub state: State,
    /// What was found.
    pub says: String,
    /// What does not work because of it; empty when all is well.
    pub costs: String,
    /// What to do about it; empty when all is well.
    pub mend: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Good,
    /// Something does not work, the rest does.
    Limited,
    /// Labs cannot be built, or nothing can be shown.
    Broken,
}

/// Looks at everything. Takes some tenths of a second; changes nothing on the machine.
pub fn report() -> Vec<Finding> {
    let mut findings = Vec::new();
    #[cfg(feature = "engine")]
    findings.extend(sandbox::findings());
    findings.extend(tools::findings());
    findings.extend(display::findings());
    findings
}

impl Finding {
    fn good(what: impl Into<String>, says: impl Into<String>) -> Self {
        let (costs, mend) = (String::new(), String::new());
        Self { what: what.into(), state: State::Good, says: says.into(), costs, mend }
    }

    fn bad(
        state: State,
        what: impl Into<String>,
        says: impl Into<String>,
        costs: &str,
        mend: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), state, says: says.into(), costs: costs.into(), mend: mend.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.state {
            State::Good => "good   ",
            State::Limited => "limited",
            State::Broken => "broken ",
        };
        write!(f, "{mark}  {}: {}", self.what, self.says)?;
        if !self.costs.is_empty() {
            write!(f, "\n           costs: {}", self.costs)?;
        }
        if !self.mend.is_empty() {
            write!(f, "\n           mend:  {}", self.mend)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lack_says_what_it_costs_and_how_to_mend_it() {
        for finding in tools::findings().into_iter().chain(display::findings()) {
            assert!(!finding.what.is_empty() && !finding.says.is_empty(), "{finding:?}");
            let explained = !finding.costs.is_empty() && !finding.mend.is_empty();
            assert_eq!(explained, finding.state != State::Good, "{finding:?}");
        }
    }
}
