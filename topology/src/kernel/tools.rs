//! Where the programs are that labs need, such as `ip` and `nft`.

use std::ffi::OsString;

/// `PATH`, and behind it what ordinary users' paths lack on Debian, which keeps these programs in `sbin`.
pub fn path_to_tools() -> OsString {
    let mut path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
    path.push(":/usr/local/sbin:/usr/sbin:/sbin");
    path
}
