//! A whole plan, fast: namespaces made on a thread of their own while the first of them are already
//! worked in, and each cable with its port in one message.
//!
//! One lock of the kernel (`rtnl_mutex`) is held by nearly all that is done here. More threads would only wait
//! for it.
//!
//! The order of a plan is kept in each namespace, not between them: a namespace is finished as soon as
//! its cables are plugged. What is put together is noted step by step, so that a plan that fails can be
//! undone exactly.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{Cable, NamespaceName, Step, StepError};

use super::{
    Kernel, ask, bridge,
    cables::NewCable,
    maker::Maker,
    refusal::Attempt,
    touches::{Pulling, Touches, namespaces},
};

/// The place in the plan of the step that failed, and why.
pub(super) type Failure = (usize, StepError);

impl Kernel {
    /// Appends to `done` the places of the steps that were carried out, in their order.
    pub(super) async fn carry(&mut self, steps: &[Step], done: &mut Vec<usize>) -> Result<(), Failure> {
        let (covered, touches) = (vec![false; steps.len()], Touches::of(steps));
        let (making, to_be_made, deaf) = (VecDeque::new(), BTreeSet::new(), Vec::new());
        let mut carrying =
            Carrying { kernel: self, steps, touches, covered, done, maker: None, making, to_be_made, deaf };
        let result = carrying.go_through().await;
        // After a failure too: what is being made must be there to be undone.
        let rest = carrying.until_all_made().await;
        let listening = carrying.let_bridges_listen().await;
        result.and(rest).and(listening)
    }
}

struct Carrying<'a> {
    kernel: &'a mut Kernel,
    steps: &'a [Step],
    touches: Touches<'a>,
    /// The steps that happened before it was their turn.
    covered: Vec<bool>,
    done: &'a mut Vec<usize>,
    maker: Option<Maker>,
    /// The steps that the maker has still to carry out, and the names of what it makes.
    making: VecDeque<usize>,
    to_be_made: BTreeSet<&'a NamespaceName>,
    /// The steps that made bridges, which do not listen to multicast yet.
    deaf: Vec<usize>,
}

impl<'a> Carrying<'a> {
    async fn go_through(&mut self) -> Result<(), Failure> {
        let steps = self.steps;
        let mut at = 0;
        while at < steps.len() {
            match &steps[at] {
                _ if self.covered[at] => at += 1,
                Step::AddNamespace { name, .. } if !name.is_host() => {
                    self.until_all_made().await?;
                    at = self.start_making(at)?;
                }
                _ if let run = self.touches.pulling(steps, at)
                    && 1 < run.cables.len() =>
                {
                    self.until_all_made().await?;
                    self.carry_pulling(&run).await?;
                    at = run.end;
                }
                Step::PlugCable { .. } => at = self.carry_cables(at).await?,
                step if is_local(step) => {
                    let run = self.run(at, is_local);
                    at = run.last().map_or(at, |last| last + 1);
                    self.carry_local(&run).await?;
                }
                step => {
                    self.until_made_for(at).await?;
                    self.kernel.perform(step).await.map_err(|error| (at, error))?;
                    self.done.push(at);
                    if let Step::AddBridge { .. } = step {
                        self.deaf.push(at);
                        self.let_listen(at, false).await?;
                    }
                    at += 1;
                }
            }
        }
        Ok(())
    }

    /// For each change of a port the kernel goes over the multicast state of all ports of its bridge, which
    /// for hundreds of them is a fifth of the work. So bridges listen to multicast only in the end.
    async fn let_listen(&mut self, bridge: usize, on: bool) -> Result<(), Failure> {
        let Step::AddBridge { at, .. } = &self.steps[bridge] else { return Ok(()) };
        let attempt = Attempt::new(format!("setting the multicast snooping of {at}"), at.to_string(), at);
        let index = self.kernel.index(at).await.map_err(|error| (bridge, error))?;
        let netlink = self.kernel.netlink(&at.namespace).map_err(|error| (bridge, error))?;
        ask::change(&netlink, bridge::snooping(index, on), 0)
            .await
            .map_err(|refusal| (bridge, attempt.refused(&refusal)))
    }

    async fn let_bridges_listen(&mut self) -> Result<(), Failure> {
        let mut failure = None;
        for bridge in std::mem::take(&mut self.deaf) {
            match self.let_listen(bridge, true).await {
                // A later step took it away again.
                Ok(()) | Err((_, StepError::Missing(_))) => {}
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// The steps from `at` on that belong together, without those that happened already.
    fn run(&self, at: usize, belongs: fn(&Step) -> bool) -> Vec<usize> {
        let run = (at..self.steps.len()).take_while(|&i| self.covered[i] || belongs(&self.steps[i]));
        run.filter(|&i| !self.covered[i]).collect()
    }

    /// Begins with the namespaces from step `at` on. Where to go on.
    fn start_making(&mut self, at: usize) -> Result<usize, Failure> {
        let run = self.run(at, |step| matches!(step, Step::AddNamespace { name, .. } if !name.is_host()));
        let mut wanted = Vec::with_capacity(run.len());
        for &i in &run {
            if let Step::AddNamespace { name, sysctls } = &self.steps[i] {
                wanted.push((name.clone(), *sysctls));
                self.to_be_made.insert(name);
            }
        }
        self.maker = Some(self.kernel.start_making(wanted).map_err(|error| (at, error))?);
        let next = run.last().map_or(at, |last| last + 1);
        self.making = run.into();
        Ok(next)
    }

    /// Waits for the next namespace; whether there was one.
    async fn next_made(&mut self) -> Result<bool, Failure> {
        let Some(maker) = &mut self.maker else { return Ok(false) };
        let (Some(made), Some(step)) = (maker.next().await, self.making.pop_front()) else {
            self.maker = None;
            self.to_be_made.clear();
            return Ok(false);
        };
        let room = made.map_err(|error| (step, error))?;
        if let Step::AddNamespace { name, .. } = &self.steps[step] {
            self.to_be_made.remove(name);
            self.kernel.rooms.insert(name.clone(), room);
        }
        self.done.push(step);
        Ok(true)
    }

    /// One that failed does not keep the others from being noted.
    async fn until_all_made(&mut self) -> Result<(), Failure> {
        let mut failure = None;
        loop {
            match self.next_made().await {
                Ok(true) => {}
                Ok(false) => return failure.map_or(Ok(()), Err),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
    }

    /// Waits until the namespaces are there that a step needs.
    async fn until_made_for(&mut self, step: usize) -> Result<(), Failure> {
        let needed = namespaces(&self.steps[step]);
        while needed.iter().any(|name| self.to_be_made.contains(name)) && self.next_made().await? {}
        Ok(())
    }

    /// The cables from step `at` on, each with the steps that happen together with it, and what is then
    /// to be done in their namespaces. Where to go on.
    async fn carry_cables(&mut self, at: usize) -> Result<usize, Failure> {
        let (mut cables, mut next) = (Vec::new(), at);
        while let Some(step) = self.steps.get(next) {
            if let Step::PlugCable { cable, macs } = step {
                let mut new = NewCable::plain(cable, *macs);
                let mut these = vec![next];
                these.extend(self.touches.with_cable(self.steps, next, &mut new));
                these.iter().for_each(|&step| self.covered[step] = true);
                cables.push((new, these));
            } else if !self.covered[next] {
                break;
            }
            next += 1;
        }
        let mut still_to_plug: BTreeMap<&NamespaceName, usize> = BTreeMap::new();
        for end in cables.iter().flat_map(|(new, _)| new.cable.ends()) {
            *still_to_plug.entry(&end.namespace).or_default() += 1;
        }
        for (new, these) in &cables {
            self.until_made_for(these[0]).await?;
            self.kernel.plug_cable(new).await.map_err(|error| (these[0], error))?;
            self.done.extend(these);
            for end in new.cable.ends() {
                let ends = still_to_plug.entry(&end.namespace).or_default();
                *ends -= 1;
                if *ends == 0 {
                    self.finish(&end.namespace, at).await?;
                }
            }
        }
        Ok(next)
    }

    /// The next steps of a namespace, of which all before `at` is done: as far as they are local.
    async fn finish(&mut self, namespace: &NamespaceName, at: usize) -> Result<(), Failure> {
        let after = self.touches.in_namespace(namespace, at).iter().copied();
        let remaining = after.filter(|&i| !self.covered[i]);
        let run: Vec<usize> = remaining.take_while(|&i| is_local(&self.steps[i])).collect();
        run.iter().for_each(|&i| self.covered[i] = true);
        self.carry_local(&run).await
    }

    async fn carry_pulling(&mut self, run: &Pulling<'_>) -> Result<(), Failure> {
        let cables: Vec<&Cable> = run.cables.iter().map(|(cable, _)| *cable).collect();
        let mut failure = None;
        for ((_, these), result) in run.cables.iter().zip(self.kernel.pull_cables(&cables).await) {
            match result {
                Ok(()) => self.done.extend(these),
                Err(error) => failure = failure.or_else(|| these.last().map(|&i| (i, error))),
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// Steps that touch only their own namespace: order matters inside each, not between them.
    async fn carry_local(&mut self, run: &[usize]) -> Result<(), Failure> {
        for &i in run {
            self.until_made_for(i).await?;
            self.kernel.perform(&self.steps[i]).await.map_err(|error| (i, error))?;
            self.done.push(i);
        }
        Ok(())
    }
}

fn is_local(step: &Step) -> bool {
    matches!(
        step,
        Step::RemoveBridge { .. }
            | Step::RemoveOther { .. }
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
