//! The lab file: TOML, pleasant to write by hand, versioned.
//!
//! ```toml
//! hopscope = 1                        # the format's version, always there
//! title = "Two rooms and a switch"
//! about = "A sentence on what it shows."
//! try = "A sentence on what to try."
//! pings = [["ns1", "ns2"]]            # from a namespace to a namespace or an address
//!
//! [namespaces.ns1]                    # `host` exists even when it is not named
//! position = [120, 100]               # points on the canvas, y downwards
//! ip_forward = true                   # also: ipv6_forward, rp_filter = 0|1|2, disable_ipv6
//! routes = [{ to = "default", via = "10.10.0.254", dev = "veth-ns1" }]
//!
//! [namespaces.ns1.interfaces.veth-ns1]
//! addresses = ["10.10.0.1/24"]        # also: mac, mtu, up = false, neighbours, vlans
//! neighbours = [{ address = "10.10.0.2", mac = "02:00:00:00:00:02" }]
//!
//! [namespaces.ns1.firewall]
//! masquerade = ["veth-ns1"]
//! rules = [{ hook = "input", protocol = "tcp", port = 80, verdict = "drop" }]
//!
//! [namespaces.host.bridges.br0]       # what an interface can say, and:
//! ports = ["veth-br1"]
//! position = [400, 300]
//! stp = true                          # also: forward_delay, ageing (seconds), priority, vlan_filtering
//!
//! [[cables]]                          # an end that is named nowhere else becomes an interface
//! ends = ["ns1/veth-ns1", "host/veth-br1"]
//! ```

use crate::Lab;

mod dto;
mod error;
mod read;
mod rewrite;
mod values;
mod version;
mod write;

/// The kind of a veth end whose other end is out of sight: it was observed, and no file can make it.
const LOOSE_END: &str = "veth";

pub use error::FileError;
pub use version::VERSION;

/// The longest file that is read, in bytes.
pub const LONGEST: usize = 16 << 20;

/// Reads a lab file. Any text gives a lab or an error that says where and what to do; none panics.
pub fn parse(text: &str) -> Result<Lab, FileError> {
    let complain = |problem: error::Problem| problem.in_text(text);
    let file = version::open(text).map_err(complain)?;
    read::lab(file).map_err(complain)
}

/// Writes a lab as a new file. [`parse`] gives the same lab back,
/// if each of its veth ends has a cable and each of its ports a bridge.
pub fn write(lab: &Lab) -> String {
    write::document(lab).to_string()
}

/// Writes a lab over an old file: what did not change keeps its words, comments and order.
/// An old text that is no lab file is replaced altogether.
pub fn rewrite(old_text: &str, lab: &Lab) -> String {
    rewrite::over(old_text, lab).unwrap_or_else(|| write(lab))
}

#[cfg(test)]
mod tests;
