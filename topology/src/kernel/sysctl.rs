//! Settings of a network stack under /proc/sys/net, which shows the namespace of the thread that looks.
//! So everything here must run on a thread inside the namespace, see [`super::in_namespace`].

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{Sysctl, Sysctls};

fn path(name: &str) -> PathBuf {
    PathBuf::from("/proc/sys/net").join(name)
}

/// The file that holds the value for the whole stack.
fn file(sysctl: Sysctl) -> &'static str {
    match sysctl {
        Sysctl::Ipv4Forward => "ipv4/ip_forward",
        Sysctl::Ipv6Forward => "ipv6/conf/all/forwarding",
        Sysctl::RpFilter => "ipv4/conf/all/rp_filter",
        Sysctl::DisableIpv6 => "ipv6/conf/all/disable_ipv6",
    }
}

pub(super) fn write_here(sysctl: Sysctl, value: u8) -> io::Result<()> {
    open_here(sysctl, value)?.into_iter().try_for_each(Setting::write)
}

fn open_here(sysctl: Sysctl, value: u8) -> io::Result<Vec<Setting>> {
    let stack = Setting::open(&path(file(sysctl)), value)?;
    match sysctl {
        // The kernel itself gives `default` and each interface what IPv6's `all` gets (net/ipv6/addrconf.c).
        Sysctl::Ipv4Forward | Sysctl::Ipv6Forward | Sysctl::DisableIpv6 => Ok(vec![stack]),
        // The kernel takes the greater of `all` and the interface's own: each must be set to be off.
        Sysctl::RpFilter => {
            let mut settings = each_interface("ipv4/conf", "rp_filter", value)?;
            settings.insert(0, stack);
            Ok(settings)
        }
    }
}

/// A value about to be written. The file was opened inside the namespace, and belongs to it for ever: any thread may
/// write to it.
#[derive(Debug)]
pub(super) struct Setting {
    file: File,
    value: u8,
}

impl Setting {
    fn open(path: &Path, value: u8) -> io::Result<Self> {
        Ok(Self { file: OpenOptions::new().write(true).open(path)?, value })
    }

    pub(super) fn write(mut self) -> io::Result<()> {
        // An interface may have gone meanwhile.
        if_present(self.file.write_all(self.value.to_string().as_bytes()))
    }
}

/// 0 where this kernel has no such setting; then it also has nothing to switch, but IPv6 counts as off.
pub(super) fn read_here(sysctl: Sysctl) -> io::Result<u8> {
    match fs::read_to_string(path(file(sysctl))) {
        Ok(text) => text.trim().parse().map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(u8::from(sysctl == Sysctl::DisableIpv6)),
        Err(error) => Err(error),
    }
}

pub(super) fn read_all_here() -> io::Result<Sysctls> {
    let on = |sysctl| read_here(sysctl).map(|value| Some(value != 0));
    Ok(Sysctls {
        ipv4_forward: on(Sysctl::Ipv4Forward)?,
        ipv6_forward: on(Sysctl::Ipv6Forward)?,
        rp_filter: Some(read_here(Sysctl::RpFilter)?),
        disable_ipv6: on(Sysctl::DisableIpv6)?,
    })
}

/// What a new namespace starts with, which the first namespace of the machine decides for all of them.
///
/// Each way below /proc/sys/net leads past the entries of all other namespaces, so that asking every new
/// namespace again would cost more the more there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fresh(Sysctls);

impl Fresh {
    /// Of a namespace in which nobody has changed anything yet.
    pub(super) fn read_here() -> io::Result<Self> {
        read_all_here().map(Self)
    }

    /// What is still to be written: those that are set and differ from what such a namespace starts with.
    pub(super) fn settle_here(&self, wanted: &Sysctls) -> io::Result<Vec<Setting>> {
        let mut settings = Vec::new();
        for sysctl in Sysctl::ALL {
            if let Some(value) = wanted.value(sysctl)
                && self.0.value(sysctl) != Some(value)
            {
                settings.extend(open_here(sysctl, value)?);
            }
        }
        Ok(settings)
    }
}

/// Without this, removing an address takes the others of its subnet with it.
pub(super) fn promote_secondaries() -> io::Result<()> {
    write("ipv4/conf/all/promote_secondaries", 1)
}

/// Frames that only cross a bridge must not meet iptables rules; where `br_netfilter` is loaded,
/// each new namespace starts with the opposite.
pub(super) fn quieten_bridges() -> io::Result<()> {
    ["iptables", "ip6tables", "arptables"]
        .into_iter()
        .try_for_each(|tables| if_present(write(&format!("bridge/bridge-nf-call-{tables}"), 0)))
}

fn if_present(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn write(name: &str, value: u8) -> io::Result<()> {
    fs::write(path(name), value.to_string())
}

/// `all` and `default` are among the folders of `under`.
fn each_interface(under: &str, name: &str, value: u8) -> io::Result<Vec<Setting>> {
    let mut settings = Vec::new();
    for folder in fs::read_dir(path(under))? {
        match Setting::open(&folder?.path().join(name), value) {
            Ok(setting) => settings.push(setting),
            // An interface may go away at any moment.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(settings)
}
