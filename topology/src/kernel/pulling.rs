//! Cables pulled, many at once: the kernel waits out an RCU grace period for each message that removes
//! an interface, some 20 ms, so the cables are put into a group and the group is removed.

use std::collections::BTreeMap;

use crate::{Cable, NamespaceName, Place, StepError};

use super::{
    Kernel,
    ask::{self, Refusal},
    link,
    refusal::Attempt,
};

/// The group of interfaces about to go (`IFLA_GROUP`): a number that nobody else is likely to use.
const GOING: u32 = 0x676f_6e65;

fn attempt(cable: &Cable) -> Attempt {
    let [one, other] = cable.ends();
    let thing = format!("the cable {one} – {other}");
    Attempt::new(format!("pulling {thing}"), thing.clone(), thing)
}

impl Kernel {
    pub(super) async fn pull_cable(&mut self, cable: &Cable) -> Result<(), StepError> {
        let (end, index) = self.an_end_of(cable, &BTreeMap::new()).await?;
        let netlink = self.netlink(&end.namespace)?;
        let answer = ask::change(&netlink, link::remove(index), 0).await;
        self.forget(cable);
        answer.map_err(|refusal| attempt(cable).refused(&refusal))
    }

    /// One answer for each cable, in order.
    pub(super) async fn pull_cables(&mut self, cables: &[&Cable]) -> Vec<Result<(), StepError>> {
        let mut ends_in: BTreeMap<NamespaceName, usize> = BTreeMap::new();
        for end in cables.iter().flat_map(|cable| cable.ends()) {
            *ends_in.entry(end.namespace.clone()).or_default() += 1;
        }
        let mut grouped = Vec::with_capacity(cables.len());
        for cable in cables {
            grouped.push(self.put_into_group(cable, &ends_in).await);
        }
        let mut removed: BTreeMap<NamespaceName, Result<(), Refusal>> = BTreeMap::new();
        for namespace in grouped.iter().flatten() {
            if !removed.contains_key(namespace) {
                let answer = match self.netlink(namespace) {
                    Ok(netlink) => ask::change(&netlink, link::remove_group(GOING), 0).await,
                    // It was there a moment ago.
                    Err(_) => Err(Refusal { errno: libc::ENODEV, said: None }),
                };
                removed.insert(namespace.clone(), answer);
            }
        }
        cables.iter().for_each(|cable| self.forget(cable));
        let result = |(cable, grouped): (&&Cable, Result<NamespaceName, StepError>)| {
            removed[&grouped?].clone().map_err(|refusal| attempt(cable).refused(&refusal))
        };
        cables.iter().zip(grouped).map(result).collect()
    }

    /// The namespace in which an end was put into the group.
    async fn put_into_group(
        &mut self,
        cable: &Cable,
        ends_in: &BTreeMap<NamespaceName, usize>,
    ) -> Result<NamespaceName, StepError> {
        let (end, index) = self.an_end_of(cable, ends_in).await?;
        let netlink = self.netlink(&end.namespace)?;
        let answer = ask::change(&netlink, link::group(index, GOING), 0).await;
        answer.map_err(|refusal| attempt(cable).refused(&refusal))?;
        Ok(end.namespace.clone())
    }

    /// The end that can be found, rather in a namespace with many ends, and its number.
    async fn an_end_of<'a>(
        &mut self,
        cable: &'a Cable,
        ends_in: &BTreeMap<NamespaceName, usize>,
    ) -> Result<(&'a Place, u32), StepError> {
        let [one, other] = cable.ends();
        let many = |end: &Place| ends_in.get(&end.namespace).copied().unwrap_or_default();
        let (first, second) = if many(one) < many(other) { (other, one) } else { (one, other) };
        match self.index(first).await {
            Ok(index) => Ok((first, index)),
            Err(StepError::Missing(_)) => Ok((second, self.index(second).await?)),
            Err(error) => Err(error),
        }
    }

    fn forget(&mut self, cable: &Cable) {
        for end in cable.ends() {
            if let Some(room) = self.rooms.get_mut(&end.namespace) {
                room.indexes.remove(&end.interface);
            }
        }
    }
}
