//! Whether a display answers: its socket takes a connection. Nothing is said over it.

use std::{
    io,
    net::{TcpStream, ToSocketAddrs},
    path::Path,
    time::Duration,
};

/// A display on another machine gets this long.
const PATIENCE: Duration = Duration::from_secs(2);
/// Display 0 over TCP (X(7)); the others follow.
const FIRST_PORT: u16 = 6000;

/// `[HOST]:DISPLAY[.SCREEN]`, as X(7) has it; the sockets of this machine's displays are in `folder`.
pub fn of_x11(display: &str, folder: &Path) -> io::Result<()> {
    let wrong = || io::Error::new(io::ErrorKind::InvalidInput, "this is not written as :0 or host:0 is");
    let (host, number) = display.rsplit_once(':').ok_or_else(wrong)?;
    let number = number.split_once('.').map_or(number, |(number, _screen)| number);
    let number: u16 = number.parse().map_err(|_| wrong())?;
    if host.is_empty() || host == "unix" {
        return connect(&folder.join(format!("X{number}")));
    }
    let port = FIRST_PORT.checked_add(number).ok_or_else(wrong)?;
    let mut last = wrong();
    for address in (host.trim_matches(['[', ']']), port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(_answered) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A whole path, or a name in the session's own folder (wl_display_connect(3)).
pub fn of_wayland(display: &str, runtime_folder: Option<&str>) -> io::Result<()> {
    match runtime_folder {
        _ if Path::new(display).is_absolute() => connect(Path::new(display)),
        Some(folder) => connect(&Path::new(folder).join(display)),
        None => {
            Err(io::Error::new(io::ErrorKind::NotFound, "XDG_RUNTIME_DIR, where it would be, is not set"))
        }
    }
}

#[cfg(unix)]
fn connect(socket: &Path) -> io::Result<()> {
    use std::os::unix::net::UnixStream;
    // X servers may have a socket without a file, which Xlib tries first.
    #[cfg(target_os = "linux")]
    if let Some(name) = socket.to_str() {
        use std::os::{linux::net::SocketAddrExt, unix::net::SocketAddr};
        if UnixStream::connect_addr(&SocketAddr::from_abstract_name(name)?).is_ok() {
            return Ok(());
        }
    }
    UnixStream::connect(socket).map(|_answered| ())
}

/// Other systems' displays have no sockets that could be asked.
#[cfg(not(unix))]
fn connect(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::{net::TcpListener, os::unix::net::UnixListener};

    use super::*;

    #[test]
    fn a_display_is_there_only_if_it_answers() {
        let folder = std::env::temp_dir().join(format!("hopscope-display-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let named = folder.to_str().expect("the path is text");
        let listener = UnixListener::bind(folder.join("X7")).expect("it can listen");
        for display in [":7", ":7.0", "unix:7"] {
            assert!(of_x11(display, &folder).is_ok(), "{display}");
        }
        for display in [":8", ":", "7", ":7x", "", ":99999"] {
            assert!(of_x11(display, &folder).is_err(), "{display}");
        }
        assert!(of_wayland("X7", Some(named)).is_ok());
        assert!(of_wayland(&format!("{named}/X7"), None).is_ok());
        assert!(of_wayland("X7", None).is_err());
        drop(listener);
        assert!(of_x11(":7", &folder).is_err(), "the file is left, and nobody answers");
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    }

    #[test]
    fn a_display_over_the_network_is_asked_at_its_port() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("it can listen");
        let port = listener.local_addr().expect("it has an address").port();
        let display = format!("127.0.0.1:{}.0", port - FIRST_PORT);
        assert!(of_x11(&display, Path::new("/nonexistent")).is_ok(), "{display}");
        drop(listener);
        assert!(of_x11(&display, Path::new("/nonexistent")).is_err(), "{display}");
    }
}
