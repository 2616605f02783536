//! What a configuration names outside itself, looked at for real.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use ghost_edge_config::model::{Certificate, CertificateFacts};
use ghost_edge_config::{NotSet, Problem, ProblemKind, Surroundings};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::tls::{load_certificate, read_pem};

/// Files are looked for beside the configuration.
#[derive(Debug)]
pub(crate) struct Machine {
    base: PathBuf,
}

impl Machine {
    /// The machine as a configuration in this folder sees it.
    pub(crate) fn new(base: &Path) -> Self {
        Self { base: base.to_owned() }
    }
}

impl Surroundings for Machine {
    fn variable(&self, name: &str) -> Result<Option<String>, NotSet> {
        std::env::var(name).map(Some).map_err(|_| NotSet)
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        let read = std::fs::read(self.base.join(name));
        read.map(Some).map_err(|error| Problem::new(ProblemKind::Unreadable, error.to_string()))
    }

    fn certificate(&self, certificate: &str, key: &str) -> Result<Option<CertificateFacts>, Problem> {
        for (file, in_key) in [(certificate, false), (key, true)] {
            if let Err(error) = std::fs::File::open(self.base.join(file)) {
                let problem = Problem::new(ProblemKind::Unreadable, error.to_string());
                return Err(Problem { in_key, ..problem });
            }
        }
        let pair = Certificate {
            certificate_file: certificate.into(),
            key_file: key.into(),
            names: Vec::new(),
            facts: None,
        };
        let loaded = load_certificate(&pair, &self.base).map_err(|error| Problem {
            in_key: *error.file == *key,
            kind: if error.message.contains("does not belong") {
                ProblemKind::KeyMismatch
            } else {
                ProblemKind::Invalid
            },
            message: error.message,
        })?;
        let leaf = loaded.cert.first().map(AsRef::as_ref).unwrap_or_default();
        facts(leaf).map(Some).map_err(|message| Problem::new(ProblemKind::Invalid, message))
    }

    fn authorities(&self, file: &str) -> Result<Option<usize>, Problem> {
        let bytes = read_pem(&self.base.join(file))
            .map_err(|error| Problem::new(ProblemKind::Unreadable, error.to_string()))?;
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
        let certificates =
            certificates.map_err(|error| Problem::new(ProblemKind::Invalid, error.to_string()))?;
        Ok(Some(certificates.len()))
    }

    fn now(&self) -> Option<i64> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok()
    }
}

fn facts(leaf: &[u8]) -> Result<CertificateFacts, String> {
    let (_, leaf) = x509_parser::parse_x509_certificate(leaf).map_err(|error| error.to_string())?;
    let names = leaf.subject_alternative_name().ok().flatten();
    let names = names.map(|names| names.value.general_names.iter().filter_map(name).collect());
    Ok(CertificateFacts {
        names: names.unwrap_or_default(),
        not_before: leaf.validity().not_before.timestamp(),
        not_after: leaf.validity().not_after.timestamp(),
    })
}

fn name(name: &x509_parser::extensions::GeneralName<'_>) -> Option<Box<str>> {
    match name {
        x509_parser::extensions::GeneralName::DNSName(name) => Some(name.to_ascii_lowercase().into()),
        x509_parser::extensions::GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => Some(std::net::Ipv4Addr::from(<[u8; 4]>::try_from(*bytes).ok()?).to_string().into()),
            16 => Some(std::net::Ipv6Addr::from(<[u8; 16]>::try_from(*bytes).ok()?).to_string().into()),
            _ => None,
        },
        _ => None,
    }
}
