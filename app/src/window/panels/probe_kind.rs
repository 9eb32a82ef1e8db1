//! Which kind of probe its dialog opens with: asked for by a button elsewhere, kept beside egui's memory.

use egui::{Context, Id};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Probing {
    #[default]
    Ping,
    Flood,
    Arp,
    Trace,
    Tcp,
    Udp,
}

impl Probing {
    pub const ALL: [(&'static str, Self); 6] = [
        ("Ping", Self::Ping),
        ("Flood", Self::Flood),
        ("ARP", Self::Arp),
        ("Traceroute", Self::Trace),
        ("TCP", Self::Tcp),
        ("UDP", Self::Udp),
    ];
}

/// The dialog that opens next begins with this kind.
pub fn ask_for(context: &Context, kind: Probing) {
    context.data_mut(|data| data.insert_temp(id(), kind));
}

/// What was asked for last.
pub fn asked(context: &Context) -> Probing {
    context.data(|data| data.get_temp(id())).unwrap_or_default()
}

fn id() -> Id {
    Id::unique("the kind of probe that was asked for")
}
