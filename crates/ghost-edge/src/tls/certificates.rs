//! Certificates of a listener by server name: exact, wildcard, default.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use ghost_edge_config::model::{Certificate, ListenerTls};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::{PROVIDER, read_pem};

/// Why a certificate cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CertificateError {
    /// The file it is about.
    pub(crate) file: Box<str>,
    /// What is wrong with it.
    pub(crate) message: String,
}

impl fmt::Display for CertificateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.file, self.message)
    }
}

impl std::error::Error for CertificateError {}

/// Which certificate is shown for which name.
#[derive(Debug, Default)]
pub(crate) struct Certificates {
    exact: HashMap<Box<str>, Arc<CertifiedKey>>,
    /// By what follows the `*.`.
    wildcard: HashMap<Box<str>, Arc<CertifiedKey>>,
    default: Option<Arc<CertifiedKey>>,
}

impl Certificates {
    /// The certificates of a listener. `load` gives each one by its index.
    ///
    /// # Errors
    /// The first certificate that cannot be used: a listener with half of its names would answer the others wrongly.
    pub(crate) fn new(
        tls: &ListenerTls,
        mut load: impl FnMut(&Certificate) -> Result<Arc<CertifiedKey>, CertificateError>,
    ) -> Result<Self, CertificateError> {
        let mut certificates = Self::default();
        for (index, certificate) in tls.certificates.iter().enumerate() {
            let key = load(certificate)?;
            let own = if certificate.names.is_empty() { names_of(&key) } else { certificate.names.clone() };
            for name in own {
                let (map, name) = match name.strip_prefix("*.") {
                    Some(suffix) => (&mut certificates.wildcard, Box::from(suffix)),
                    None => (&mut certificates.exact, name),
                };
                // The first one that is written for a name wins.
                map.entry(name).or_insert_with(|| Arc::clone(&key));
            }
            if tls.default_certificate == Some(index) {
                certificates.default = Some(key);
            }
        }
        Ok(certificates)
    }

    /// The certificate for a server name; `None` refuses it.
    pub(crate) fn find(&self, name: Option<&str>) -> Option<&Arc<CertifiedKey>> {
        let named = name.and_then(|name| {
            let name = name.strip_suffix('.').unwrap_or(name);
            self.exact.get(name).or_else(|| self.wildcard.get(name.split_once('.')?.1))
        });
        named.or(self.default.as_ref())
    }

    /// Whether a request for `host` may come over a connection that was made to `server_name`: both get the same
    /// certificate (RFC 9110 section 15.5.20).
    pub(crate) fn covers(&self, server_name: &str, host: &str) -> bool {
        match (self.find(Some(server_name)), self.find(Some(host))) {
            (Some(shown), Some(due)) => Arc::ptr_eq(shown, due),
            _ => false,
        }
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().map(str::to_ascii_lowercase);
        self.find(name.as_deref()).cloned()
    }
}

/// Reads chain and key, and sees that they belong together.
///
/// # Errors
/// [`CertificateError`], with the file's name.
pub(crate) fn load_certificate(
    certificate: &Certificate,
    base: &Path,
) -> Result<Arc<CertifiedKey>, CertificateError> {
    let failed = |file: &str, message: String| CertificateError { file: file.into(), message };
    let (chain_file, key_file) = (&*certificate.certificate_file, &*certificate.key_file);
    let chain = read_pem(&base.join(chain_file)).map_err(|error| failed(chain_file, error.to_string()))?;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&chain)
        .collect::<Result<_, _>>()
        .map_err(|error| failed(chain_file, error.to_string()))?;
    if chain.is_empty() {
        return Err(failed(chain_file, "no certificate in it".to_owned()));
    }
    let key = read_pem(&base.join(key_file)).map_err(|error| failed(key_file, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|error| failed(key_file, error.to_string()))?;
    let key = PROVIDER.key_provider.load_private_key(key);
    let key = key.map_err(|error| failed(key_file, error.to_string()))?;
    let certified = CertifiedKey::new(chain, key);
    certified
        .keys_match()
        .map_err(|_| failed(key_file, format!("the key does not belong to {chain_file}")))?;
    Ok(Arc::new(certified))
}

/// DNS names of a leaf, lower-case.
fn names_of(key: &CertifiedKey) -> Vec<Box<str>> {
    let Some(leaf) = key.cert.first() else { return Vec::new() };
    let Ok((_, leaf)) = x509_parser::parse_x509_certificate(leaf) else { return Vec::new() };
    let Ok(Some(names)) = leaf.subject_alternative_name() else { return Vec::new() };
    let dns = names.value.general_names.iter().filter_map(|name| match name {
        x509_parser::extensions::GeneralName::DNSName(name) => Some(name.to_ascii_lowercase().into()),
        _ => None,
    });
    dns.collect()
}
