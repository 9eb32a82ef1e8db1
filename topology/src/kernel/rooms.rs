//! Which namespaces there are: those with names, and those that only processes hold.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use crate::NamespaceName;

use super::{
    Kernel, making,
    room::{Identity, NamespaceFd, Room},
};

impl Kernel {
    /// Opens what appeared, and lets go of what disappeared, since the last time. What is the same namespace stays
    /// the same room under whatever name.
    pub(super) fn find_rooms(&mut self) -> io::Result<()> {
        let host = self.rooms.get(&NamespaceName::host()).map(|room| room.identity);
        let mut names = self.names_of_namespaces(host)?;
        let named: BTreeSet<Identity> = names.keys().copied().collect();
        self.look_for_processes(&named)?;
        names.extend(self.namers.iter().map(|(identity, pid)| (*identity, NamespaceName::of_process(*pid))));
        let mut before: BTreeMap<Identity, (NamespaceName, Room)> = std::mem::take(&mut self.rooms)
            .into_iter()
            .map(|(name, room)| (room.identity, (name, room)))
            .collect();
        if let Some((name, room)) = host.and_then(|host| before.remove(&host)) {
            self.rooms.insert(name, room);
        }
        let (mut result, runtime) = (Ok(()), self.runtime());
        for (identity, name) in names {
            let room = match before.remove(&identity) {
                Some((_, room)) => Ok(Some(room)),
                None => self
                    .fresh(&name, identity)
                    .map_or(Ok(None), |fd| Room::open(fd, runtime.handle()).map(Some)),
            };
            match room {
                Ok(Some(room)) => drop(self.rooms.insert(name, room)),
                // It is a bare file, or it went just now.
                Ok(None) => self.namers.retain(|of, _| *of != identity),
                // It belongs to somebody else, and is not for us to see.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                Err(error) => result = Err(error),
            }
        }
        self.close_ears();
        if let Some(watch) = &self.watch {
            watch.shown(&self.namers, named);
        }
        result
    }

    /// Where there are no rooms any more: an ear keeps its namespace alive.
    pub(super) fn close_ears(&self) {
        if let Some(watch) = &self.watch {
            watch.keep_only(&self.rooms.values().map(|room| room.identity).collect());
        }
    }

    /// The namespaces that have names. One with several is called as it was before, or else by the first of them.
    fn names_of_namespaces(&self, host: Option<Identity>) -> io::Result<BTreeMap<Identity, NamespaceName>> {
        let mut names: BTreeMap<Identity, NamespaceName> = BTreeMap::new();
        for (name, identity) in making::named()? {
            let was_so = self.rooms.get(&name).is_some_and(|room| room.identity == identity);
            if Some(identity) != host && (was_so || !names.contains_key(&identity)) {
                names.insert(identity, name);
            }
        }
        Ok(names)
    }

    fn look_for_processes(&mut self, named: &BTreeSet<Identity>) -> io::Result<()> {
        if let Some(processes) = &self.processes {
            self.namers = processes.namers(&self.namers, |identity| named.contains(&identity))?;
        }
        Ok(())
    }

    /// The namespace of that name, if it is the one that is meant.
    fn fresh(&self, name: &NamespaceName, identity: Identity) -> Option<NamespaceFd> {
        self.open(name).filter(|fd| fd.identity().is_ok_and(|found| found == identity))
    }

    /// The namespace that stands under the name now.
    pub(super) fn open(&self, name: &NamespaceName) -> Option<NamespaceFd> {
        match (name.process(), &self.processes) {
            (Some(pid), Some(processes)) => processes.open(pid),
            _ => making::open(name),
        }
    }
}
