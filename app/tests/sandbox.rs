//! The engine's process on the real kernel: who may start it, what it can do, and that nothing of it stays.
#![cfg(feature = "engine")]

mod sandbox {
    pub mod labs;
    pub mod leftovers;
    pub mod session;
    pub mod users;

    mod commands;
    mod deaths;
    #[cfg(feature = "window")]
    mod desk;
    #[cfg(feature = "window")]
    mod desk_terminals;
    mod follow;
    mod learned;
    mod probes;
    mod protocol;
    mod shells;
    mod starting;
    mod terminals;
    #[cfg(feature = "window")]
    mod typed;
}
