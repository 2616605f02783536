//! Sockets that clients come in by.

use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ghost_edge_config::model::Bind;
use socket2::{Domain, Protocol, Type};

/// Connections that wait to be accepted.
const BACKLOG: i32 = 4096;

/// A socket that is listened on.
#[derive(Debug)]
pub(crate) enum Socket {
    /// TCP.
    Tcp(std::net::TcpListener),
    /// Unix.
    Unix(std::os::unix::net::UnixListener),
}

impl Socket {
    /// The same socket once more.
    ///
    /// # Errors
    /// The process has too many files.
    pub(crate) fn share(&self) -> io::Result<Self> {
        Ok(match self {
            Socket::Tcp(socket) => Socket::Tcp(socket.try_clone()?),
            Socket::Unix(socket) => Socket::Unix(socket.try_clone()?),
        })
    }
}

/// One socket for each worker: of TCP ones the kernel spreads connections over all (SO_REUSEPORT), a Unix one is shared.
///
/// # Errors
/// The address is in use or not to be had.
pub(crate) fn bind(bind: &Bind, workers: usize) -> io::Result<Vec<Socket>> {
    match bind {
        Bind::Ip(address) => {
            let first = tcp(*address)?;
            // Port 0 becomes a port with the first one.
            let chosen = first.local_addr()?;
            let more = (1..workers).map(|_| tcp(chosen));
            std::iter::once(Ok(first)).chain(more).map(|socket| socket.map(Socket::Tcp)).collect()
        }
        Bind::Unix { path, mode } => {
            let socket = Socket::Unix(unix(Path::new(&**path), *mode)?);
            let more: io::Result<Vec<Socket>> = (1..workers).map(|_| socket.share()).collect();
            Ok(std::iter::once(socket).chain(more?).collect())
        }
    }
}

fn tcp(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = socket2::Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// A socket file that nobody listens on any more is replaced.
fn unix(path: &Path, mode: u32) -> io::Result<std::os::unix::net::UnixListener> {
    if path.exists() {
        if std::os::unix::net::UnixStream::connect(path).is_ok() {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        std::fs::remove_file(path)?;
    }
    let socket = std::os::unix::net::UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Sockets that systemd opened (sd_listen_fds): by the address they are bound to.
pub(crate) fn inherited() -> Vec<(Bind, Socket)> {
    let mut from = listenfd::ListenFd::from_env();
    let mut found = Vec::new();
    for index in 0..from.len() {
        if let Ok(Some(socket)) = from.take_tcp_listener(index) {
            if let (Ok(address), Ok(())) = (socket.local_addr(), socket.set_nonblocking(true)) {
                found.push((Bind::Ip(address), Socket::Tcp(socket)));
            }
        } else if let Ok(Some(socket)) = from.take_unix_listener(index) {
            let path = socket.local_addr().ok().and_then(|address| Some(address.as_pathname()?.to_owned()));
            if let (Some(path), Ok(())) = (path, socket.set_nonblocking(true)) {
                let bind = Bind::Unix { path: path.to_string_lossy().into(), mode: 0 };
                found.push((bind, Socket::Unix(socket)));
            }
        }
    }
    found
}

/// Whether a socket is bound where a listener listens; the mode of a socket file is systemd's then.
pub(crate) fn is_same(left: &Bind, right: &Bind) -> bool {
    match (left, right) {
        (Bind::Unix { path: left, .. }, Bind::Unix { path: right, .. }) => left == right,
        _ => left == right,
    }
}
