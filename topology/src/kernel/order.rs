//! In which order namespaces were made, as the kernel lists them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::NamespaceName;

use super::making;

/// The order as it was found last; it is asked for again when there are other namespaces.
#[derive(Debug, Default)]
pub(super) struct Order {
    of: BTreeSet<NamespaceName>,
    order: Vec<NamespaceName>,
}

impl Order {
    /// The host, then those with names, as their mounts came (proc_pid_mountinfo(5) lists them so), then those of
    /// processes by their numbers. What has no mount that can be seen comes last, by name.
    pub(super) fn among<'a>(
        &mut self,
        names: impl Iterator<Item = &'a NamespaceName> + Clone,
    ) -> Vec<NamespaceName> {
        if !self.of.iter().eq(names.clone()) {
            self.of = names.cloned().collect();
            let mounts = fs::read_to_string("/proc/thread-self/mountinfo").unwrap_or_default();
            let mounted = mounted(&mounts);
            let mut order: Vec<NamespaceName> = self.of.iter().cloned().collect();
            order.sort_by_key(|name| {
                let at = mounted.get(name.as_str()).copied();
                (!name.is_host(), name.process(), at.unwrap_or(usize::MAX))
            });
            self.order = order;
        }
        self.order.clone()
    }
}

/// What is mounted in the folder of namespaces' names, with the number of its line.
fn mounted(mountinfo: &str) -> BTreeMap<String, usize> {
    let points = mountinfo.lines().enumerate().filter_map(|(at, line)| Some((at, line.split(' ').nth(4)?)));
    let inside = points.filter_map(|(at, point)| {
        let point = unescaped(point);
        let name = Path::new(&point).strip_prefix(making::FOLDER).ok()?.to_str()?.to_owned();
        Some((name, at))
    });
    inside.collect()
}

/// Space, tab, newline and backslash are written as a backslash and three octal digits (proc_pid_mountinfo(5)).
fn unescaped(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code {
            Some(code) => {
                plain.push(char::from(code));
                plain.push_str(&part[3..]);
            }
            None => {
                plain.push('\\');
                plain.push_str(part);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_give_the_order_of_names() {
        let mounts = "27 1 8:1 / / rw - ext4 /dev/sda rw\n\
            90 27 0:4 net:[4026532700] /run/netns/red rw shared:9 - nsfs nsfs rw\n\
            91 27 0:4 net:[4026532600] /run/netns/a\\040b\\134c rw - nsfs nsfs rw\n\
            nonsense\n\
            92 27 0:4 net:[4026532500] /run/netns/blue rw - nsfs nsfs rw";
        let found = mounted(mounts);
        let mut names: Vec<(&str, usize)> = found.iter().map(|(name, at)| (name.as_str(), *at)).collect();
        names.sort_by_key(|(_, at)| *at);
        assert_eq!(names, [("red", 1), ("a b\\c", 2), ("blue", 4)]);
        assert_eq!(unescaped("a\\9x\\"), "a\\9x\\");
    }
}
