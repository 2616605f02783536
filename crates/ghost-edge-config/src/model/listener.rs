//! Where requests enter.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;

/// One socket that is listened on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Unique name; what reload compares, what logs and metrics say.
    pub name: Box<str>,
    /// `file:line:column`.
    pub source: Box<str>,
    /// Where it listens.
    pub bind: Bind,
    /// Port as clients see it: that of `bind`, or the one given for a Unix socket.
    pub port: u16,
    /// Only for this host, exact or `*.suffix`; `None`: any.
    pub hostname: Option<ghost_core::model::HostPattern>,
    /// What is spoken.
    pub protocol: Protocol,
    /// HTTP/2: by ALPN where there is TLS, by prior knowledge where there is none. HTTP/1.1 is always spoken.
    pub http2: bool,
    /// HTTP/3 on the same port over UDP, announced by Alt-Svc.
    pub http3: bool,
    /// Name of the listener in `routes` by which requests are decided: this one's, or that of an earlier listener with the
    /// same port (listeners that share a port share an entrance).
    pub entrance: Box<str>,
    /// PROXY protocol in front of the connection; `None`: bytes that look like it are a broken request.
    pub proxy_protocol: Option<ProxyProtocolIn>,
    /// TLS that ends here; present exactly with [`Protocol::Https`].
    pub tls: Option<ListenerTls>,
    /// Where TLS goes that does not end here, exact names before wildcards before any; filled with [`Protocol::Tls`] only.
    pub passthrough: Vec<Passthrough>,
    /// Every request is answered with a redirect to HTTPS before it is routed.
    pub http_to_https: Option<HttpsRedirect>,
    /// Connections at a time; the accept loop waits beyond.
    pub max_connections: u32,
}

/// Where a listener listens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Bind {
    /// TCP, and UDP for HTTP/3.
    Ip(SocketAddr),
    /// Unix socket, absolute path.
    Unix {
        /// Path.
        path: Box<str>,
        /// Permission bits of the socket file.
        mode: u32,
    },
}

impl fmt::Display for Bind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bind::Ip(address) => address.fmt(out),
            Bind::Unix { path, .. } => write!(out, "unix:{path}"),
        }
    }
}

/// What a listener speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS that ends here.
    Https,
    /// TLS that is passed through by server name.
    Tls,
}

/// An application protocol that is offered in the handshake (RFC 7301).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alpn {
    /// `h2`
    H2,
    /// `http/1.1`
    Http11,
}

impl Alpn {
    /// The registered identification sequence.
    pub fn as_bytes(self) -> &'static [u8] {
        match self {
            Alpn::H2 => b"h2",
            Alpn::Http11 => b"http/1.1",
        }
    }
}

/// Who may begin a connection with the PROXY protocol, version 1 or 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyProtocolIn {
    /// Addresses that must send it; a connection from elsewhere is taken as it is. Peers of a Unix socket are trusted.
    pub trusted: Vec<IpNet>,
    /// Time for the whole header.
    pub timeout: Duration,
}

/// TLS that ends at a listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerTls {
    /// In the order written; at least one. Which is used: exact name, then wildcard, then the default.
    pub certificates: Vec<Certificate>,
    /// Index of the certificate for clients without server name and for names that no certificate has; `None`: such a
    /// handshake is refused.
    pub default_certificate: Option<usize>,
    /// Least version.
    pub min_version: TlsVersion,
    /// What is offered, in order of preference.
    pub alpn: Vec<Alpn>,
    /// Certificates of clients; `None`: not asked for.
    pub client_auth: Option<ClientAuth>,
    /// Tickets for resumption. Off where `client_auth` is given: resumption would skip the check of the authorities.
    pub tickets: bool,
}

/// A certificate chain and its key, as files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// PEM, leaf first.
    pub certificate_file: Box<str>,
    /// PEM, one private key.
    pub key_file: Box<str>,
    /// Server names it is used for, lower-case, `*.suffix` for one label: those written, else those of the certificate.
    /// Empty where the files were not looked at.
    pub names: Vec<Box<str>>,
    /// What the shell read in the files; `None` where it did not look.
    pub facts: Option<CertificateFacts>,
}

/// What a certificate says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// DNS names and addresses of the leaf's subject alternative name, lower-case.
    pub names: Vec<Box<str>>,
    /// First second of validity, Unix time.
    pub not_before: i64,
    /// Last second of validity, Unix time.
    pub not_after: i64,
}

/// Version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TlsVersion {
    /// RFC 5246, with forward secrecy and AEAD only.
    #[default]
    Tls12,
    /// RFC 8446.
    Tls13,
}

/// Client certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAuth {
    /// Whether a certificate must be shown.
    pub mode: ClientAuthMode,
    /// Authorities that clients' certificates must descend from.
    pub authorities: Vec<AuthoritiesFile>,
}

/// A bundle of certificate authorities in PEM.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuthoritiesFile(pub Box<str>);

/// Whether a client certificate must be shown. One that is shown is always checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientAuthMode {
    /// No certificate, no handshake.
    #[default]
    Required,
    /// Without one the request goes on unnamed.
    Optional,
}

/// Which service takes a TLS connection that is passed through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passthrough {
    /// Server name: exact, `*.suffix`, or any.
    pub server_name: ghost_core::model::HostPattern,
    /// Service key.
    pub service: Box<str>,
}

/// A redirect of everything to HTTPS; host, path and query stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpsRedirect {
    /// Port of the Location; left out of it when it is 443.
    pub port: u16,
    /// 301, 302, 307 or 308.
    pub status: u16,
}
