//! TLS that ends at a listener.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use ghost_edge_config::model::{Certificate, ClientAuth, ClientAuthMode, ListenerTls, TlsVersion};
use rustls::ServerConfig;
use rustls::server::{NoServerSessionStorage, ProducesTickets, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;

use super::{CertificateError, Certificates, PROVIDER, authorities};

/// Makes and reads session tickets. One for the process, so that tickets outlive reloads; keys turn every six hours.
#[derive(Clone)]
pub(crate) struct Tickets(Arc<dyn ProducesTickets>);

impl Tickets {
    /// With keys of its own.
    ///
    /// # Errors
    /// The machine gives no random numbers.
    pub(crate) fn new() -> Result<Self, rustls::Error> {
        rustls::crypto::aws_lc_rs::Ticketer::new().map(Self)
    }
}

impl fmt::Debug for Tickets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Tickets")
    }
}

/// What a listener's handshakes go by.
#[derive(Debug)]
pub(crate) struct TlsListener {
    /// Which certificate for which name.
    pub(crate) certificates: Arc<Certificates>,
    /// The rest.
    pub(crate) config: Arc<ServerConfig>,
}

/// Why a listener cannot speak TLS.
#[derive(Debug)]
pub(crate) enum ListenerTlsError {
    /// A certificate cannot be used.
    Certificate(CertificateError),
    /// The authorities of clients cannot be used.
    Authorities(String),
}

impl fmt::Display for ListenerTlsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ListenerTlsError::Certificate(error) => error.fmt(out),
            ListenerTlsError::Authorities(message) => out.write_str(message),
        }
    }
}

impl std::error::Error for ListenerTlsError {}

impl TlsListener {
    /// Everything is read and checked before anything is used.
    ///
    /// # Errors
    /// [`ListenerTlsError`].
    pub(crate) fn new(
        tls: &ListenerTls,
        base: &Path,
        tickets: &Tickets,
        load: impl FnMut(&Certificate) -> Result<Arc<CertifiedKey>, CertificateError>,
    ) -> Result<Self, ListenerTlsError> {
        let certificates = Arc::new(Certificates::new(tls, load).map_err(ListenerTlsError::Certificate)?);
        let builder = ServerConfig::builder_with_provider(Arc::clone(&PROVIDER));
        let versions: &[_] = match tls.min_version {
            TlsVersion::Tls12 => &[&rustls::version::TLS13, &rustls::version::TLS12],
            TlsVersion::Tls13 => &[&rustls::version::TLS13],
        };
        let failed = |error: rustls::Error| ListenerTlsError::Authorities(error.to_string());
        let builder = builder.with_protocol_versions(versions).map_err(failed)?;
        let builder = match &tls.client_auth {
            None => builder.with_no_client_auth(),
            Some(client_auth) => builder.with_client_cert_verifier(verifier(client_auth, base)?),
        };
        let resolver = Arc::clone(&certificates);
        let mut config = builder.with_cert_resolver(resolver);
        config.alpn_protocols = tls.alpn.iter().map(|alpn| alpn.as_bytes().to_vec()).collect();
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.max_early_data_size = 0;
        // Resumption would skip the check of a client's authorities.
        if tls.tickets && tls.client_auth.is_none() {
            config.ticketer = Arc::clone(&tickets.0);
            config.send_tls13_tickets = 2;
        } else {
            config.send_tls13_tickets = 0;
        }
        Ok(Self { certificates, config: Arc::new(config) })
    }
}

fn verifier(
    client_auth: &ClientAuth,
    base: &Path,
) -> Result<Arc<dyn rustls::server::danger::ClientCertVerifier>, ListenerTlsError> {
    let mut roots = rustls::RootCertStore::empty();
    for file in &client_auth.authorities {
        let more = authorities(&base.join(&*file.0)).map_err(ListenerTlsError::Authorities)?;
        roots.roots.extend(more.roots);
    }
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&PROVIDER));
    let builder = match client_auth.mode {
        ClientAuthMode::Required => builder,
        ClientAuthMode::Optional => builder.allow_unauthenticated(),
    };
    builder.build().map_err(|error| ListenerTlsError::Authorities(error.to_string()))
}
