//! Following the kernel: hearing that something changed, and asking again only where it did.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    time::Instant,
};

use nix::sched::{CloneFlags, setns};

use crate::{
    Cable, InterfaceKind, Lab, NamespaceName, ObserveError, Place, Process, Sight,
    sight::tables::{NeighbourState, Tables},
};

use super::{
    Kernel, drive,
    ear::Ear,
    identity::{Standing, became},
    observe::{Seen, failed},
    room::{Identity, NamespaceFd, Room, on_own_thread},
    watch::{Stale, Watch},
};

/// What changes again while it is being asked is asked again in the same look, this often; then the look is told
/// as it is, and the next one follows at once.
const ROUNDS: usize = 3;

/// The namespaces that have cable ends without a cable.
fn loose_ends(lab: &Lab) -> BTreeSet<NamespaceName> {
    let cabled: BTreeSet<&Place> = lab.cables.iter().flat_map(Cable::ends).collect();
    let ends = lab.interfaces().filter(|(_, found)| found.kind == InterfaceKind::VethEnd);
    ends.map(|(at, _)| at).filter(|at| !cabled.contains(at)).map(|at| at.namespace).collect()
}

impl Kernel {
    /// From now on `wake` is called when something may have changed, whoever did it: once, and again only after the
    /// next [`look`](Self::look). It is called on a thread of its own, or during a look, and should only pass the
    /// word on.
    ///
    /// Must be called on the thread that made this ground, or one that it started; a second time it replaces `wake`.
    pub fn follow(&mut self, wake: impl Fn() + Send + Sync + 'static) -> io::Result<()> {
        self.follow_with_room_for(None, wake)
    }

    /// As [`follow`](Self::follow), with so many octets of room for news in each namespace; what does not fit is
    /// lost, and that namespace asked anew.
    pub fn follow_with_room_for(
        &mut self,
        octets: Option<usize>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<()> {
        self.watch = None;
        self.room_for_news = octets;
        self.watch = Some(Watch::start(self.processes.clone(), wake)?);
        Ok(())
    }

    /// How often so far more was announced than there was room for.
    pub fn lost_announcements(&self) -> u64 {
        self.watch.as_ref().map_or(0, Watch::lost)
    }

    /// The kernel's state now, as [`observe`](crate::Ground::observe) gives it, with what became of what was there at
    /// the look before, and the tables. While the kernel is followed, only what changed is asked.
    pub fn look(&mut self) -> Result<Sight, ObserveError> {
        let runtime = self.runtime();
        drive(&runtime, self.sight())
    }

    async fn sight(&mut self) -> Result<Sight, ObserveError> {
        let mut stale = self.watch.as_ref().map(Watch::take);
        let result = self.sight_of(&mut stale).await;
        if let (Err(_), Some(watch), Some(stale)) = (&result, &self.watch, stale) {
            watch.put_back(stale);
        }
        result
    }

    async fn sight_of(&mut self, stale: &mut Option<Stale>) -> Result<Sight, ObserveError> {
        self.find_rooms().map_err(|error| failed("looking for namespaces", &error))?;
        self.open_ears().map_err(|error| failed("listening in namespaces", &error))?;
        let (mut asked, mut all_asked) = (stale.clone(), BTreeSet::new());
        for round in 1..=ROUNDS {
            let is_stale = |identity| asked.as_ref().is_none_or(|stale| stale.whole.contains(&identity));
            let meant = self.rooms.values().filter(|room| room.seen.is_none() || is_stale(room.identity));
            let meant: BTreeSet<Identity> = meant.map(|room| room.identity).collect();
            let torn = self.ask_in(|room| meant.contains(&room.identity)).await?;
            if let Some(stale) = &asked {
                self.ask_tables_again(stale.tables.difference(&meant).copied().collect()).await?;
            }
            all_asked.extend(meant);
            let Some(watch) = &self.watch else { break };
            for name in &torn {
                self.rooms.get(name).into_iter().for_each(|room| watch.ask_again(room.identity));
            }
            self.mind_neighbours();
            self.mind_tables();
            // After the last round, what was heard waits for the next look.
            let more = if round < ROUNDS { watch.take_more() } else { Stale::default() };
            if more.is_empty() {
                break;
            }
            stale.get_or_insert_default().extend(&more);
            asked = Some(more);
        }
        self.tell(&all_asked).await
    }

    async fn tell(&mut self, asked: &BTreeSet<Identity>) -> Result<Sight, ObserveError> {
        let mut lab = self.lab_as_seen().await?;
        if !asked.is_empty() {
            // When one end of a cable moves, nothing is announced where the other one is.
            let with_loose_end = loose_ends(&lab);
            let is_meant = |name: &NamespaceName, room: &Room| {
                with_loose_end.contains(name) && !asked.contains(&room.identity)
            };
            let meant = self.rooms.iter().filter(|(name, room)| is_meant(name, room));
            let meant: BTreeSet<Identity> = meant.map(|(_, room)| room.identity).collect();
            if !meant.is_empty() {
                self.ask_in(|room| meant.contains(&room.identity)).await?;
                lab = self.lab_as_seen().await?;
            }
        }
        let standing = Standing::of(&self.rooms, &lab);
        let became = self
            .standing
            .replace(standing)
            .map_or_else(Vec::new, |before| became(&before, self.standing.as_ref().unwrap_or(&before)));
        let made = self.order.among(self.rooms.keys());
        Ok(Sight { lab, processes: self.processes_shown(), made, became, tables: self.tables_seen() })
    }

    async fn ask_tables_again(&mut self, of: BTreeSet<Identity>) -> Result<(), ObserveError> {
        if of.is_empty() {
            return Ok(());
        }
        let begun = Instant::now();
        let torn = self.ask_tables_in(&of).await?;
        if let Some(watch) = &self.watch {
            watch.tables_asked(begun.elapsed());
            watch.put_back(Stale { tables: torn, ..Stale::default() });
        }
        Ok(())
    }

    fn tables_seen(&self) -> BTreeMap<NamespaceName, Tables> {
        let seen = self.rooms.iter().filter_map(|(name, room)| Some((name, &room.seen.as_ref()?.tables)));
        seen.filter(|(_, tables)| !tables.is_empty())
            .map(|(name, tables)| (name.clone(), tables.clone()))
            .collect()
    }

    fn processes_shown(&self) -> BTreeMap<NamespaceName, Process> {
        let Some(processes) = &self.processes else { return BTreeMap::new() };
        let of = |name: &NamespaceName| Some((name.clone(), processes.process(name.process()?)));
        self.rooms.keys().filter_map(of).collect()
    }

    /// In every room that has none yet. Only what was asked after its ear was opened counts.
    fn open_ears(&mut self) -> io::Result<()> {
        let Some(watch) = &self.watch else { return Ok(()) };
        let deaf: Vec<(Identity, NamespaceFd)> = self
            .rooms
            .values_mut()
            .filter(|room| !watch.hears(room.identity))
            .map(|room| {
                room.seen = None;
                (room.identity, room.fd.clone())
            })
            .collect();
        if deaf.is_empty() {
            return Ok(());
        }
        let octets = self.room_for_news;
        let ears: Vec<Ear> = on_own_thread(|| {
            let open = |(_, fd): &(Identity, NamespaceFd)| {
                setns(fd, CloneFlags::CLONE_NEWNET)?;
                Ear::open_here(octets)
            };
            deaf.iter().map(open).collect()
        })?;
        deaf.iter().zip(ears).try_for_each(|((identity, _), ear)| watch.listen(*identity, ear))
    }

    fn mind_neighbours(&self) {
        let Some(watch) = &self.watch else { return };
        let seen = self.rooms.values().filter_map(|room| Some((room.identity, room.seen.as_ref()?)));
        let minds =
            |seen: &Seen| seen.namespace.interfaces.values().any(|found| !found.neighbours.is_empty());
        watch.mind_neighbours(&seen.filter(|(_, seen)| minds(seen)).map(|(identity, _)| identity).collect());
    }

    /// What is reachable gets stale without a word.
    fn mind_tables(&self) {
        let Some(watch) = &self.watch else { return };
        let is_restless = |room: &&Room| {
            let neighbours = room.seen.iter().flat_map(|seen| &seen.tables.neighbours.entries);
            neighbours.into_iter().any(|entry| entry.state == NeighbourState::Reachable)
        };
        watch.mind_tables(self.rooms.values().filter(is_restless).map(|room| room.identity).collect());
    }
}
