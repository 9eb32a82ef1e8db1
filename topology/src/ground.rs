//! Where a lab stands: the kernel is one ground, plain memory ([`crate::paper::Paper`]) another.
//! This is the seam for tests: a step, not a netlink message.

use crate::{Lab, Plan, Step};

pub trait Ground {
    /// Carries out one step, whole or not at all.
    fn execute(&mut self, step: &Step) -> Result<(), StepError>;

    /// The lab as it stands, settled; without titles and positions, which no ground knows.
    fn observe(&mut self) -> Result<Lab, ObserveError>;

    /// Carries out a plan; on failure undoes what was done and reports what could not be undone.
    fn carry_out(&mut self, plan: &Plan) -> Result<(), PlanFailure> {
        for (done, step) in plan.steps.iter().enumerate() {
            if let Err(error) = self.execute(step) {
                return Err(self.roll_back(&plan.steps[..done], step, error));
            }
        }
        Ok(())
    }

    /// Undoes `done`, last step first, and makes the report.
    fn roll_back(&mut self, done: &[Step], failed: &Step, error: StepError) -> PlanFailure {
        let undo = |step: &Step| {
            let inverse = step.inverse();
            self.execute(&inverse).err().map(|error| (inverse, error))
        };
        let left_behind = done.iter().rev().filter_map(undo).collect();
        PlanFailure { step: Box::new(failed.clone()), error, undone: done.len(), left_behind }
    }
}

/// Why a step was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
pub enum StepError {
    /// What the step is about does not exist.
    #[error("{0} does not exist")]
    Missing(String),
    #[error("{0} exists already")]
    Exists(String),
    /// The step does not fit the lab as it stands.
    #[error("{0}")]
    Unfit(String),
    /// The kernel said no; `errno` as in errno(3).
    #[error("{doing}: {message}")]
    Kernel { doing: String, errno: i32, message: String },
    /// This kernel or machine lacks something.
    #[error("{what} is not to be had here: {hint}")]
    Unsupported { what: String, hint: String },
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the kernel could not be observed while {doing}: {message}")]
pub struct ObserveError {
    pub doing: String,
    pub message: String,
}

/// A plan that failed, and how far its undoing went.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PlanFailure {
    pub step: Box<Step>,
    pub error: StepError,
    /// How many steps had been done before, and were then undone as far as possible.
    pub undone: usize,
    /// The undoing steps that failed too.
    pub left_behind: Vec<(Step, StepError)>,
}

impl std::fmt::Display for PlanFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.step.sentence(), self.error)?;
        match self.left_behind.len() {
            0 => write!(f, " ({} steps undone, nothing left behind)", self.undone),
            left => {
                write!(
                    f,
                    "; {} of {} steps undone, but not:",
                    self.undone.saturating_sub(left),
                    self.undone
                )?;
                self.left_behind
                    .iter()
                    .try_for_each(|(step, error)| write!(f, "\n  {}: {error}", step.sentence()))
            }
        }
    }
}

impl std::error::Error for PlanFailure {}
