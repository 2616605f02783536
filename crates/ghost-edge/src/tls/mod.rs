//! TLS on both sides: certificates that listeners show, tickets, and whom to trust behind.

mod backend;
mod certificates;
mod listener;

pub(crate) use backend::{BackendTlsError, client_config};
pub(crate) use certificates::{CertificateError, Certificates, load_certificate};
pub(crate) use listener::{ListenerTlsError, Tickets, TlsListener};

use std::path::Path;
use std::sync::{Arc, LazyLock};

use rustls::crypto::CryptoProvider;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// The one cryptography of the process.
pub(crate) static PROVIDER: LazyLock<Arc<CryptoProvider>> =
    LazyLock::new(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));

/// Largest PEM file that is read.
const MAX_PEM: u64 = 8 << 20;

/// Reads a file of bounded size.
pub(crate) fn read_pem(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path)?.take(MAX_PEM + 1).read_to_end(&mut bytes)?;
    if read as u64 > MAX_PEM {
        return Err(std::io::Error::other("larger than 8 MiB"));
    }
    Ok(bytes)
}

/// The authorities in a PEM file.
fn authorities(path: &Path) -> Result<rustls::RootCertStore, String> {
    let bytes = read_pem(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let certificate = certificate.map_err(|error| format!("{}: {error}", path.display()))?;
        roots.add(certificate).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if roots.is_empty() { Err(format!("{}: no certificate in it", path.display())) } else { Ok(roots) }
}
