//! A whole plan, fast: namespaces made one after the other on one thread, each cable with its port in
//! one message, and changes inside namespaces sent without waiting for each answer.
//!
//! What is put together is noted step by step, so that a plan that fails can be undone exactly.

use std::collections::BTreeMap;

use crate::{Cable, Step, StepError};

use super::{
    Kernel,
    ask::{self, Replies},
    cables::{NewCable, ON_THEIR_WAY},
    refusal::Attempt,
    touches::{Pulling, Touches},
};

/// The place in the plan of the step that failed, and why.
pub(super) type Failure = (usize, StepError);

/// So many changes may be on their way over all namespaces.
const ON_THEIR_WAY_IN_ALL: usize = 512;

impl Kernel {
    /// Appends to `done` the places of the steps that were carried out, in their order.
    pub(super) async fn carry(&mut self, steps: &[Step], done: &mut Vec<usize>) -> Result<(), Failure> {
        let mut covered = vec![false; steps.len()];
        let touches = Touches::of(steps);
        let mut at = 0;
        while at < steps.len() {
            let run = |belongs: fn(&Step) -> bool| {
                let length = (at..steps.len()).take_while(|&i| covered[i] || belongs(&steps[i])).count();
                (at..at + length).filter(|&i| !covered[i]).collect::<Vec<usize>>()
            };
            let is_namespace = |step: &Step| matches!(step, Step::AddNamespace { .. });
            let next = |run: &[usize]| run.last().map_or(at, |last| last + 1);
            match &steps[at] {
                _ if covered[at] => at += 1,
                Step::AddNamespace { .. } => {
                    let run = run(is_namespace);
                    at = next(&run);
                    self.carry_namespaces(steps, &run, done)?;
                }
                _ if let run = touches.pulling(steps, at)
                    && 1 < run.cables.len() =>
                {
                    self.carry_pulling(&run, done).await?;
                    at = run.end;
                }
                Step::PlugCable { .. } => {
                    at = self.carry_cables(steps, at, &touches, &mut covered, done).await?;
                }
                step if is_local(step) => {
                    let run = run(is_local);
                    at = next(&run);
                    self.carry_local(steps, &run, done).await?;
                }
                step => {
                    self.perform(step).await.map_err(|error| (at, error))?;
                    done.push(at);
                    at += 1;
                }
            }
        }
        Ok(())
    }

    fn carry_namespaces(
        &mut self,
        steps: &[Step],
        run: &[usize],
        done: &mut Vec<usize>,
    ) -> Result<(), Failure> {
        let wanted = run.iter().filter_map(|&i| match &steps[i] {
            Step::AddNamespace { name, sysctls } => Some((name, sysctls)),
            _ => None,
        });
        let (made, result) = self.make_namespaces(&wanted.collect::<Vec<_>>());
        done.extend(&run[..made]);
        result.map_err(|error| (run.get(made).copied().unwrap_or(run[0]), error))
    }

    /// The cables from step `at` on, each with the steps that happen together with it. Where to go on.
    async fn carry_cables(
        &mut self,
        steps: &[Step],
        mut at: usize,
        touches: &Touches<'_>,
        covered: &mut [bool],
        done: &mut Vec<usize>,
    ) -> Result<usize, Failure> {
        let (mut cables, mut together) = (Vec::new(), Vec::new());
        while at < steps.len() {
            if let Step::PlugCable { cable, macs } = &steps[at] {
                let mut new = NewCable::plain(cable, *macs);
                let mut these = vec![at];
                these.extend(touches.with_cable(steps, at, &mut new));
                these.iter().for_each(|&step| covered[step] = true);
                cables.push(new);
                together.push(these);
            } else if !covered[at] {
                break;
            }
            at += 1;
        }
        let results = self.plug_cables(&cables).await;
        let mut failure = None;
        for (these, result) in together.into_iter().zip(results) {
            match result {
                Ok(()) => done.extend(these),
                Err(error) => failure = failure.or(Some((these[0], error))),
            }
        }
        failure.map_or(Ok(at), Err)
    }

    async fn carry_pulling(&mut self, run: &Pulling<'_>, done: &mut Vec<usize>) -> Result<(), Failure> {
        let cables: Vec<&Cable> = run.cables.iter().map(|(cable, _)| *cable).collect();
        let mut failure = None;
        for ((_, these), result) in run.cables.iter().zip(self.pull_cables(&cables).await) {
            match result {
                Ok(()) => done.extend(these),
                Err(error) => failure = failure.or_else(|| these.last().map(|&i| (i, error))),
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// Steps that touch only their own namespace: order matters inside each, not between them.
    async fn carry_local(
        &mut self,
        steps: &[Step],
        run: &[usize],
        done: &mut Vec<usize>,
    ) -> Result<(), Failure> {
        let mut sent: Vec<Sent> = Vec::new();
        let mut in_room: BTreeMap<_, usize> = BTreeMap::new();
        for &i in run {
            let request = match self.request_for(&steps[i]).await {
                Ok(Some(request)) => request,
                Ok(None) => unreachable!("`is_local` holds for steps that are one message"),
                Err(error) => return receive(sent, done).await.and(Err((i, error))),
            };
            let netlink = match self.netlink(&request.room) {
                Ok(netlink) => netlink,
                Err(error) => return receive(sent, done).await.and(Err((i, error))),
            };
            match ask::send(&netlink, request.message, request.flags) {
                Ok(replies) => sent.push(Sent { step: i, replies, attempt: request.attempt }),
                Err(refusal) => {
                    let error = request.attempt.refused(&refusal);
                    return receive(sent, done).await.and(Err((i, error)));
                }
            }
            let here = in_room.entry(request.room).or_default();
            *here += 1;
            if ON_THEIR_WAY <= *here || ON_THEIR_WAY_IN_ALL <= sent.len() {
                receive(std::mem::take(&mut sent), done).await?;
                in_room.clear();
            }
        }
        receive(sent, done).await
    }
}

struct Sent {
    step: usize,
    replies: Replies,
    attempt: Attempt,
}

/// All answers; those after a refusal too, for what was sent may have happened.
async fn receive(sent: Vec<Sent>, done: &mut Vec<usize>) -> Result<(), Failure> {
    let mut failure = None;
    for Sent { step, replies, attempt } in sent {
        match ask::acknowledgement(replies).await {
            Ok(()) => done.push(step),
            Err(refusal) => failure = failure.or_else(|| Some((step, attempt.refused(&refusal)))),
        }
    }
    failure.map_or(Ok(()), Err)
}

fn is_local(step: &Step) -> bool {
    matches!(
        step,
        Step::RemoveBridge { .. }
            | Step::Enslave { .. }
            | Step::Release { .. }
            | Step::SetUp { .. }
            | Step::SetMac { .. }
            | Step::SetMtu { .. }
            | Step::SetBridge { .. }
            | Step::AddAddress { .. }
            | Step::RemoveAddress { .. }
            | Step::RemoveNeighbour { .. }
            | Step::AddRoute { .. }
            | Step::RemoveRoute { .. }
    )
}
