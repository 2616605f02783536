//! A new connection: socket, PROXY header, TLS.

use std::fmt;
use std::io;

use ghost_core::model::Address;
use rustls_pki_types::ServerName;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;

use super::Wire;
use crate::stream::{Prefixed, Socket, Stream};

/// Why there is no connection.
#[derive(Debug)]
pub(crate) enum DialError {
    /// Nobody answers there.
    Connect(io::Error),
    /// TLS failed: names, authorities, versions.
    Tls(io::Error),
    /// The name to check is none.
    Name,
    /// The endpoint does not speak HTTP/2 as its service says.
    Protocol,
    /// All of it took too long.
    Timeout,
}

impl fmt::Display for DialError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DialError::Connect(error) => write!(out, "cannot connect: {error}"),
            DialError::Tls(error) => write!(out, "TLS failed: {error}"),
            DialError::Name => out.write_str("TLS needs a server name"),
            DialError::Protocol => out.write_str("the endpoint does not speak HTTP/2"),
            DialError::Timeout => out.write_str("connecting took too long"),
        }
    }
}

impl std::error::Error for DialError {}

/// The PROXY header that goes first, where the service wants one.
pub(crate) type Announced = Option<Vec<u8>>;

/// Connects to an endpoint.
///
/// # Errors
/// [`DialError`]; the caller keeps the time.
pub(crate) async fn dial(
    address: &Address,
    wire: &Wire,
    name: Option<&str>,
    announced: &Announced,
) -> Result<Stream, DialError> {
    let mut socket = connect(address).await.map_err(DialError::Connect)?;
    if let Some(header) = announced {
        socket.write_all(header).await.map_err(DialError::Connect)?;
    }
    let Wire::Tls { config, http2, .. } = wire else {
        return Ok(Stream::Plain(Prefixed::new(bytes::Bytes::new(), socket)));
    };
    let name = ServerName::try_from(name.unwrap_or_default().to_owned()).map_err(|_| DialError::Name)?;
    let connector = TlsConnector::from(std::sync::Arc::clone(config));
    let stream = connector.connect(name, socket).await.map_err(DialError::Tls)?;
    if *http2 && stream.get_ref().1.alpn_protocol() != Some(b"h2") {
        return Err(DialError::Protocol);
    }
    Ok(Stream::ClientTls(Box::new(stream)))
}

/// A socket to an endpoint.
pub(crate) async fn connect(address: &Address) -> io::Result<Socket> {
    Ok(match address {
        Address::Ip(ip, port) => {
            let socket = TcpStream::connect((*ip, *port)).await?;
            socket.set_nodelay(true)?;
            Socket::Tcp(socket)
        }
        Address::Unix(path) => Socket::Unix(UnixStream::connect(&**path).await?),
    })
}
