//! Switches off what a network card would do for the stack, so that frames look as in the book:
//! no 64 KB giants, no checksums that are still to be filled in.
//!
//! By ethtool's ioctls (linux/ethtool.h), all features of an interface at once: their names are asked
//! for first, since newer kernels have more of them than the older single switches know.

use std::{
    io,
    os::fd::{AsRawFd, BorrowedFd},
    sync::OnceLock,
};

use crate::InterfaceName;

const ETHTOOL_GSTRINGS: u32 = 0x1b;
const ETHTOOL_GSSET_INFO: u32 = 0x37;
const ETHTOOL_SFEATURES: u32 = 0x3b;
const ETH_SS_FEATURES: u32 = 4;
/// Bytes for each name, filled up with zeros.
const ETH_GSTRING_LEN: usize = 32;

/// The kernel's list of features, by which their bits are numbered, is the same for all interfaces.
static TO_SWITCH_OFF: OnceLock<Vec<u32>> = OnceLock::new();

/// `socket` decides in which namespace the interface is looked for. What it cannot do, or cannot
/// leave off, stays as it is.
pub(super) fn switch_off(socket: BorrowedFd, name: &InterfaceName) -> io::Result<()> {
    let blocks = match TO_SWITCH_OFF.get() {
        Some(blocks) => blocks,
        None => {
            let names = feature_names(socket, name)?;
            TO_SWITCH_OFF.get_or_init(|| bits(&names, is_offload))
        }
    };
    // `struct ethtool_sfeatures`: for each 32 features, which ones are meant and which of those on.
    let size = u32::try_from(blocks.len()).map_err(io::Error::other)?;
    let mut request = vec![ETHTOOL_SFEATURES, size];
    request.extend(blocks.iter().flat_map(|&meant| [meant, 0]));
    ethtool(socket, name, &mut request)
}

/// Names as in net/ethtool/common.c.
fn is_offload(name: &str) -> bool {
    name.starts_with("tx-checksum-")
        || name.starts_with("tx-") && name.ends_with("-segmentation")
        || name == "tx-gso-list"
        || name.starts_with("rx-gro")
        || name == "rx-udp-gro-forwarding"
}

fn bits(names: &[String], wanted: fn(&str) -> bool) -> Vec<u32> {
    let block = |names: &[String]| {
        let bit = |(number, name): (usize, &String)| u32::from(wanted(name)) << number;
        names.iter().enumerate().map(bit).fold(0, |all, bit| all | bit)
    };
    names.chunks(32).map(block).collect()
}

fn feature_names(socket: BorrowedFd, name: &InterfaceName) -> io::Result<Vec<String>> {
    // `struct ethtool_sset_info`: the sets asked about as a 64-bit mask, then one count for each.
    let mut question = [0_u32; 5];
    question[0] = ETHTOOL_GSSET_INFO;
    write_u64(&mut question[2..4], 1 << ETH_SS_FEATURES);
    ethtool(socket, name, &mut question)?;
    let count = question[4];
    // `struct ethtool_gstrings`: the set, the count, then the names.
    let words_for_names = count as usize * ETH_GSTRING_LEN / size_of::<u32>();
    let mut request = vec![ETHTOOL_GSTRINGS, ETH_SS_FEATURES, count];
    request.resize(request.len() + words_for_names, 0);
    ethtool(socket, name, &mut request)?;
    let bytes: Vec<u8> = request[3..].iter().flat_map(|word| word.to_ne_bytes()).collect();
    let text = |name: &[u8]| String::from_utf8_lossy(name).trim_end_matches('\0').to_string();
    Ok(bytes.chunks_exact(ETH_GSTRING_LEN).map(text).collect())
}

fn write_u64(words: &mut [u32], value: u64) {
    for (word, bytes) in words.iter_mut().zip(value.to_ne_bytes().chunks_exact(4)) {
        *word = u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
}

/// `request` begins with the command, and has room for all that the kernel answers to it.
fn ethtool(socket: BorrowedFd, name: &InterfaceName, request: &mut [u32]) -> io::Result<()> {
    // SAFETY: an all-zero `ifreq` is a valid value of that plain C structure.
    let mut envelope: libc::ifreq = unsafe { std::mem::zeroed() };
    // An interface name has at most 15 bytes, so the closing zero remains.
    for (to, from) in envelope.ifr_name.iter_mut().zip(name.as_str().bytes()) {
        *to = from as libc::c_char;
    }
    envelope.ifr_ifru.ifru_data = request.as_mut_ptr().cast();
    // SAFETY: both buffers outlive the call; each command above writes no more than its own request's length.
    let result = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCETHTOOL as _, &raw mut envelope) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_numbered_in_blocks_of_32() {
        let mut names = vec![String::new(); 34];
        names[1] = "tx-checksum-ipv4".into();
        names[31] = "rx-gro".into();
        names[33] = "tx-tcp-segmentation".into();
        names[32] = "highdma".into();
        assert_eq!(bits(&names, is_offload), [1 << 31 | 1 << 1, 1 << 1]);
    }
}
