//! Listeners and certificates.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Time;

/// One socket to listen on.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeListen")]
pub struct Listen {
    /// Unique name. Absent: the protocol, with the port behind it where that is taken.
    pub name: Option<String>,
    /// IPv4 or IPv6 address, or `unix:/path`. Absent: 0.0.0.0.
    pub address: Option<String>,
    /// TCP port, and UDP port for HTTP/3, 1 to 65535. Absent: 9889. With a Unix socket: the port that clients see.
    pub port: Option<u32>,
    /// What is spoken. Absent: http3, which is HTTPS with HTTP/1.1, HTTP/2 and HTTP/3.
    pub protocol: Option<ListenProtocol>,
    /// Only for this host: exact or `*.suffix`.
    pub hostname: Option<String>,
    /// HTTP/2, by ALPN or by prior knowledge. Absent: true.
    pub http2: Option<bool>,
    /// PROXY protocol from proxies in front.
    pub proxy_protocol: Option<ProxyProtocolIn>,
    /// TLS that ends here.
    pub tls: Option<ListenTls>,
    /// With protocol tls: where connections go, by server name.
    #[serde(default)]
    pub passthrough: Vec<Passthrough>,
    /// Every request is redirected to HTTPS. Absent: false.
    pub http_to_https: Option<bool>,
    /// Port of the redirect. Absent: that of the first HTTPS listener, else 443.
    pub https_port: Option<u32>,
    /// Connections at a time. Absent: 65536.
    pub max_connections: Option<u32>,
    /// Permissions of a Unix socket in octal digits. Absent: "0660".
    pub mode: Option<String>,
}

/// What a listener speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeListenProtocol")]
#[serde(rename_all = "snake_case")]
pub enum ListenProtocol {
    /// Plain HTTP/1.1 and HTTP/2.
    Http,
    /// HTTP/1.1 and HTTP/2 over TLS.
    Https,
    /// HTTP/1.1 and HTTP/2 over TLS, and HTTP/3 over QUIC on the same port.
    Http3,
    /// TLS that is passed through.
    Tls,
}

/// PROXY protocol in front of connections, version 1 or 2.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeProxyProtocolIn")]
pub struct ProxyProtocolIn {
    /// Networks whose connections must begin with it; others are taken as they are.
    pub trusted: Vec<String>,
    /// Time for the whole header. Absent: 3s.
    pub timeout: Option<Time>,
}

/// TLS that ends at a listener.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeListenTls")]
pub struct ListenTls {
    /// PEM file with the certificate and its chain, leaf first; also used for names that no other certificate has.
    pub cert: Option<String>,
    /// PEM file with its private key.
    pub key: Option<String>,
    /// Further certificates, chosen by server name.
    #[serde(default)]
    pub certificates: Vec<Certificate>,
    /// Least version. Absent: "1.2".
    pub min_version: Option<TlsVersion>,
    /// What is done with a server name that no certificate has, and without one. Absent: default.
    pub unknown_names: Option<UnknownNames>,
    /// Certificates of clients.
    pub client_auth: Option<ClientAuth>,
    /// Session tickets. Absent: true, and false with `client_auth`.
    pub tickets: Option<bool>,
}

/// A certificate with its key.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeCertificate")]
pub struct Certificate {
    /// PEM file with the certificate and its chain, leaf first.
    pub cert: String,
    /// PEM file with its private key.
    pub key: String,
    /// Server names it is used for. Absent: those in the certificate.
    #[serde(default)]
    pub server_names: Vec<String>,
    /// As `server_names` with one name.
    pub server_name: Option<String>,
    /// Used for names that no certificate has. Absent: false; the first certificate is, where none is marked.
    pub default: Option<bool>,
}

/// Version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeTlsVersion")]
pub enum TlsVersion {
    /// RFC 5246, with forward secrecy and AEAD only.
    #[serde(rename = "1.2")]
    Tls12,
    /// RFC 8446.
    #[serde(rename = "1.3")]
    Tls13,
}

/// What is done with a server name that no certificate has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeUnknownNames")]
#[serde(rename_all = "snake_case")]
pub enum UnknownNames {
    /// The default certificate is shown.
    Default,
    /// The connection is closed without an answer.
    Refuse,
}

/// Certificates of clients.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "EdgeClientAuth")]
pub struct ClientAuth {
    /// Whether certificates are asked for. Absent: true.
    pub enabled: Option<bool>,
    /// Whether a connection without one is refused. Absent: true.
    pub require_client_cert: Option<bool>,
    /// PEM file with the authorities they must descend from.
    pub ca_file: Option<String>,
    /// Further authority files.
    #[serde(default)]
    pub ca_files: Vec<String>,
}

/// Where TLS connections go that do not end here.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "EdgePassthrough")]
pub struct Passthrough {
    /// Server name: exact or `*.suffix`. Absent: every other one, and connections without a name.
    pub server_name: Option<String>,
    /// Name of the upstream.
    pub upstream: String,
}
