//! Takes connections in, as long as there is room for them.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::handshake;
use crate::listen;
use crate::receive::{Connection, Peer};
use crate::state::{Entrance, Refusal};
use crate::stream::Socket;
use crate::worker::Worker;

/// Pause after the process ran out of files.
const EXHAUSTED: Duration = Duration::from_millis(50);

enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Listener {
    fn new(socket: listen::Socket) -> io::Result<Self> {
        Ok(match socket {
            listen::Socket::Tcp(socket) => Listener::Tcp(TcpListener::from_std(socket)?),
            listen::Socket::Unix(socket) => Listener::Unix(UnixListener::from_std(socket)?),
        })
    }

    async fn accept(&self) -> io::Result<(Socket, Option<SocketAddr>)> {
        Ok(match self {
            Listener::Tcp(listener) => {
                let (socket, address) = listener.accept().await?;
                (Socket::Tcp(socket), Some(address))
            }
            Listener::Unix(listener) => (Socket::Unix(listener.accept().await?.0), None),
        })
    }
}

/// Accepts until `stop` is closed; connections that the kernel has already taken for this socket are served then, too.
pub(crate) async fn accept(
    worker: Rc<Worker>,
    name: Box<str>,
    socket: listen::Socket,
    places: Arc<Semaphore>,
    mut stop: watch::Receiver<()>,
) {
    let Ok(listener) = Listener::new(socket) else { return };
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        tokio::select! {
            biased;
            accepted = listener.accept() => take(&worker, &name, accepted, place).await,
            _ = stop.changed() => break,
        }
    }
    while let Ok(Ok((socket, address))) = tokio::time::timeout(Duration::ZERO, listener.accept()).await {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        take(&worker, &name, Ok((socket, address)), place).await;
    }
}

async fn take(
    worker: &Rc<Worker>,
    name: &str,
    accepted: io::Result<(Socket, Option<SocketAddr>)>,
    place: OwnedSemaphorePermit,
) {
    match accepted {
        Ok((socket, address)) => begin(worker, name, socket, address, place),
        Err(error) if is_of_connection(&error) => {}
        Err(error) => {
            worker.shared.metrics.event("acceptFailed");
            tracing::warn!(%error, listener = name, "cannot accept connections");
            tokio::time::sleep(EXHAUSTED).await;
        }
    }
}

/// The client was gone before it was accepted.
fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

fn begin(
    worker: &Rc<Worker>,
    name: &str,
    socket: Socket,
    address: Option<SocketAddr>,
    place: OwnedSemaphorePermit,
) {
    let generation = worker.generation();
    let Some(entrance) = generation.entrance(name) else { return };
    let local = match &socket {
        Socket::Tcp(socket) => {
            _ = socket.set_nodelay(true);
            socket.local_addr().ok()
        }
        Socket::Unix(_) => None,
    };
    let peer = Peer { client: address, local, tls: None };
    let counted = Counted::new(worker, place);
    let work = handshake::begin(Rc::clone(worker), Arc::clone(entrance), socket, peer, counted);
    tokio::task::spawn_local(work);
}

/// A connection counts from here to its end, or to that of the tunnel it became.
pub(crate) struct Counted {
    worker: Rc<Worker>,
    _place: OwnedSemaphorePermit,
}

impl Counted {
    fn new(worker: &Rc<Worker>, place: OwnedSemaphorePermit) -> Self {
        worker.open.set(worker.open.get() + 1);
        worker.shared.metrics.connections.inc();
        Self { worker: Rc::clone(worker), _place: place }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.worker.shared.metrics.connections.dec();
        self.worker.closed();
    }
}

/// A connection that a client may have; `None` is closed at once.
pub(crate) fn admit(
    worker: &Rc<Worker>,
    entrance: &Arc<Entrance>,
    peer: Peer,
    counted: Counted,
) -> Option<Connection> {
    let configuration = worker.configuration();
    match worker.shared.admission.enter(peer.address(), &configuration.limits) {
        Ok(admitted) => Some(Connection {
            worker: Rc::clone(worker),
            entrance: Arc::clone(entrance),
            peer,
            timeouts: configuration.timeouts,
            least_pace: configuration.limits.min_bytes_per_second,
            requests: Cell::new(0),
            activity: Arc::default(),
            _admitted: admitted,
            _counted: counted,
        }),
        Err(refusal) => {
            worker.shared.metrics.limit(match refusal {
                Refusal::Connections => "connections",
                Refusal::PerAddress => "connectionsPerAddress",
            });
            None
        }
    }
}
