//! TLS to endpoints: whom to trust, which names count, what the edge shows of itself.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use ghost_edge_config::model::{BackendTls, Certificate, TlsVersion, TrustAnchors};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::{PROVIDER, authorities, load_certificate};

/// Why a service cannot be spoken to by TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BackendTlsError(pub String);

impl fmt::Display for BackendTlsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for BackendTlsError {}

/// The system's authorities, read once.
static SYSTEM: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    Arc::new(roots)
});

/// What handshakes with a service's endpoints go by.
///
/// # Errors
/// [`BackendTlsError`], with the file's name where it is about one.
pub(crate) fn client_config(
    tls: &BackendTls,
    alpn: &[&[u8]],
    base: &Path,
) -> Result<Arc<ClientConfig>, BackendTlsError> {
    let failed = |error: &dyn fmt::Display| BackendTlsError(error.to_string());
    let roots = match &tls.trust {
        TrustAnchors::System => Arc::clone(&SYSTEM),
        TrustAnchors::Files(files) => {
            let mut roots = RootCertStore::empty();
            for file in files {
                roots.roots.extend(authorities(&base.join(&*file.0)).map_err(BackendTlsError)?.roots);
            }
            Arc::new(roots)
        }
    };
    let versions: &[_] = match tls.min_version {
        TlsVersion::Tls12 => &[&rustls::version::TLS13, &rustls::version::TLS12],
        TlsVersion::Tls13 => &[&rustls::version::TLS13],
    };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&PROVIDER))
        .with_protocol_versions(versions)
        .map_err(|error| failed(&error))?;
    let builder = if tls.subject_alt_names.is_empty() {
        builder.with_root_certificates(roots)
    } else {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(OneOfNames::new(roots, &tls.subject_alt_names)?))
    };
    let mut config = match &tls.client_certificate {
        None => builder.with_no_client_auth(),
        Some(own) => {
            let certificate = Certificate {
                certificate_file: own.certificate_file.clone(),
                key_file: own.key_file.clone(),
                names: Vec::new(),
                facts: None,
            };
            let key = load_certificate(&certificate, base).map_err(|error| failed(&error))?;
            builder.with_client_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(key)))
        }
    };
    config.alpn_protocols = alpn.iter().map(|alpn| alpn.to_vec()).collect();
    Ok(Arc::new(config))
}

/// Takes a certificate that has one of several names, instead of the name that was asked for (Gateway API
/// BackendTLSPolicy subjectAltNames).
#[derive(Debug)]
struct OneOfNames {
    roots: Arc<RootCertStore>,
    inner: Arc<WebPkiServerVerifier>,
    hosts: Vec<ServerName<'static>>,
    uris: Vec<Box<str>>,
}

impl OneOfNames {
    fn new(roots: Arc<RootCertStore>, names: &[Box<str>]) -> Result<Self, BackendTlsError> {
        let builder = WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&PROVIDER));
        let inner = builder.build().map_err(|error| BackendTlsError(error.to_string()))?;
        let (uris, hosts): (Vec<_>, Vec<_>) = names.iter().cloned().partition(|name| name.contains("://"));
        let hosts = hosts.iter().map(|name| ServerName::try_from(name.to_string()));
        let hosts = hosts.collect::<Result<_, _>>().map_err(|error| BackendTlsError(error.to_string()))?;
        Ok(Self { roots, inner, hosts, uris })
    }

    fn has_uri(&self, certificate: &CertificateDer<'_>) -> bool {
        let Ok((_, leaf)) = x509_parser::parse_x509_certificate(certificate) else { return false };
        let Ok(Some(names)) = leaf.subject_alternative_name() else { return false };
        names.value.general_names.iter().any(|name| match name {
            x509_parser::extensions::GeneralName::URI(uri) => self.uris.iter().any(|own| **own == **uri),
            _ => false,
        })
    }
}

impl ServerCertVerifier for OneOfNames {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let parsed = ParsedCertificate::try_from(end_entity)?;
        let algorithms = PROVIDER.signature_verification_algorithms.all;
        verify_server_cert_signed_by_trust_anchor(&parsed, &self.roots, intermediates, now, algorithms)?;
        if self.hosts.iter().any(|name| verify_server_name(&parsed, name).is_ok()) || self.has_uri(end_entity)
        {
            return Ok(ServerCertVerified::assertion());
        }
        Err(CertificateError::NotValidForName.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
