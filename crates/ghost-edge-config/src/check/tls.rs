//! TLS at listeners: certificates, names, clients' certificates.

use ghost_core::config::Code;
use ghost_core::config::diagnostic::At;
use ghost_core::model::HostPattern;

use super::Check;
use super::policy::tls_version;
use crate::model::{
    Alpn, AuthoritiesFile, Certificate, CertificateFacts, ClientAuth, ClientAuthMode, Domain, Listener,
    ListenerTls, Protocol,
};
use crate::raw;
use crate::surroundings::ProblemKind;

impl Check<'_, '_> {
    /// TLS of one listener, with the certificates of all listeners behind its own.
    pub(super) fn listener_tls(
        &mut self,
        raw: &raw::ListenTls,
        shared: &[(Certificate, bool)],
        http2: bool,
        at: &At<'_>,
    ) -> Option<ListenerTls> {
        let mut certificates = Vec::new();
        match (&raw.cert, &raw.key) {
            (Some(certificate), Some(key)) => {
                let pair = raw::Certificate {
                    cert: certificate.clone(),
                    key: key.clone(),
                    server_names: Vec::new(),
                    server_name: None,
                    default: Some(true),
                };
                certificates.push(self.certificate(&pair, at));
            }
            (None, None) => {}
            (Some(_), None) => self.findings.found(at, Code::MissingKey, "\"key\" is missing beside cert"),
            (None, Some(_)) => self.findings.found(at, Code::MissingKey, "\"cert\" is missing beside key"),
        }
        for (index, raw) in raw.certificates.iter().enumerate() {
            certificates.push(self.certificate(raw, &at.key("certificates").index(index)));
        }
        let own = certificates.len();
        certificates.extend(shared.iter().cloned());
        if certificates.is_empty() {
            return None;
        }
        let default = self.default_certificate(&certificates, own, at);
        let refuse = raw.unknown_names == Some(raw::UnknownNames::Refuse);
        let client_auth =
            raw.client_auth.as_ref().and_then(|raw| self.client_auth(raw, &at.key("client_auth")));
        if client_auth.is_some() && raw.tickets == Some(true) {
            let message = "tickets and client_auth stand together: a resumed session would skip the check of the authorities";
            self.findings.found(&at.key("tickets"), Code::SettingConflict, message);
        }
        Some(ListenerTls {
            certificates: certificates.into_iter().map(|(certificate, _)| certificate).collect(),
            default_certificate: (!refuse).then_some(default),
            min_version: tls_version(raw.min_version),
            alpn: if http2 { vec![Alpn::H2, Alpn::Http11] } else { vec![Alpn::Http11] },
            tickets: raw.tickets.unwrap_or(true) && client_auth.is_none(),
            client_auth,
        })
    }

    /// The marked one; a listener's own before those of all listeners; else the first.
    fn default_certificate(
        &mut self,
        certificates: &[(Certificate, bool)],
        own: usize,
        at: &At<'_>,
    ) -> usize {
        let marked: Vec<usize> =
            (0..).zip(certificates).filter(|(_, (_, marked))| *marked).map(|(index, _)| index).collect();
        let of_own = marked.iter().filter(|index| **index < own).count();
        if of_own > 1 || of_own == 0 && marked.len() > 1 {
            self.findings.found(
                at,
                Code::DefaultCertificate,
                format!("{} certificates are the default", marked.len()),
            );
        }
        marked.first().copied().unwrap_or(0)
    }

    /// A certificate, and whether it is marked as the default.
    pub(super) fn certificate(&mut self, raw: &raw::Certificate, at: &At<'_>) -> (Certificate, bool) {
        let facts = self.look_at_certificate((&raw.cert, &at.key("cert")), (&raw.key, &at.key("key")));
        let mut names: Vec<Box<str>> = Vec::new();
        if let Some(name) = &raw.server_name {
            names.push(self.hostname(name, &at.key("server_name")).to_string().into());
        }
        for (index, name) in raw.server_names.iter().enumerate() {
            names.push(self.hostname(name, &at.key("server_names").index(index)).to_string().into());
        }
        if let Some(facts) = &facts {
            for name in names.iter().filter(|name| !facts.names.iter().any(|known| covers(known, name))) {
                let message = format!("the certificate does not hold for {name}");
                self.findings.found(at, Code::UncoveredName, message);
            }
            if names.is_empty() {
                names.clone_from(&facts.names);
            }
        }
        let certificate = Certificate {
            certificate_file: raw.cert.as_str().into(),
            key_file: raw.key.as_str().into(),
            names,
            facts,
        };
        (certificate, raw.default.unwrap_or(false))
    }

    /// Has a pair of files looked at, and says what is wrong with them.
    pub(super) fn look_at_certificate(
        &mut self,
        (certificate, certificate_at): (&str, &At<'_>),
        (key, key_at): (&str, &At<'_>),
    ) -> Option<CertificateFacts> {
        let facts = match self.surroundings.certificate(certificate, key) {
            Ok(facts) => facts?,
            Err(problem) => {
                let (file, at) = if problem.in_key { (key, key_at) } else { (certificate, certificate_at) };
                let code = match problem.kind {
                    ProblemKind::Unreadable => Code::UnreadableFile,
                    ProblemKind::Invalid => Code::InvalidCertificate,
                    ProblemKind::KeyMismatch => Code::KeyMismatch,
                };
                self.findings.found(at, code, format!("{file}: {}", problem.message));
                return None;
            }
        };
        self.watch(certificate);
        self.watch(key);
        if let Some(now) = self.surroundings.now() {
            if now > facts.not_after {
                let days = (now - facts.not_after) / 86_400;
                self.findings.found(
                    certificate_at,
                    Code::CertificateNotValid,
                    format!("{certificate}: expired {days} days ago"),
                );
            } else if now < facts.not_before {
                let message = format!("{certificate}: valid in {} seconds only", facts.not_before - now);
                self.findings.found(certificate_at, Code::CertificateNotValid, message);
            }
        }
        Some(facts)
    }

    /// Authority files, each looked at.
    pub(super) fn authority_files(
        &mut self,
        one: Option<&str>,
        more: &[String],
        at: &At<'_>,
    ) -> Vec<AuthoritiesFile> {
        let mut files = Vec::new();
        if let Some(file) = one {
            files.push(self.authority_file(file, &at.key("ca_file")));
        }
        for (index, file) in more.iter().enumerate() {
            files.push(self.authority_file(file, &at.key("ca_files").index(index)));
        }
        files
    }

    fn authority_file(&mut self, file: &str, at: &At<'_>) -> AuthoritiesFile {
        match self.surroundings.authorities(file) {
            Ok(Some(0)) => {
                self.findings.found(
                    at,
                    Code::InvalidCertificate,
                    format!("{file}: there is no certificate in it"),
                );
            }
            Ok(Some(_)) => self.watch(file),
            Ok(None) => {}
            Err(problem) => {
                let code = match problem.kind {
                    ProblemKind::Unreadable => Code::UnreadableFile,
                    ProblemKind::Invalid | ProblemKind::KeyMismatch => Code::InvalidCertificate,
                };
                self.findings.found(at, code, format!("{file}: {}", problem.message));
            }
        }
        AuthoritiesFile(file.into())
    }

    fn client_auth(&mut self, raw: &raw::ClientAuth, at: &At<'_>) -> Option<ClientAuth> {
        if raw.enabled == Some(false) {
            return None;
        }
        let authorities = self.authority_files(raw.ca_file.as_deref(), &raw.ca_files, at);
        if authorities.is_empty() {
            self.findings.found(
                at,
                Code::MissingKey,
                "\"ca_file\" is missing: clients' certificates are checked against it",
            );
        }
        let required = raw.require_client_cert.unwrap_or(true);
        let mode = if required { ClientAuthMode::Required } else { ClientAuthMode::Optional };
        Some(ClientAuth { mode, authorities })
    }

    /// Domains that no certificate holds for, on listeners whose certificates were looked at.
    pub(super) fn covered_names(&mut self, listeners: &[Listener], domains: &[Domain]) {
        for listener in listeners.iter().filter(|listener| listener.protocol == Protocol::Https) {
            let Some(tls) = &listener.tls else { continue };
            if tls.certificates.iter().any(|certificate| certificate.names.is_empty()) {
                continue;
            }
            for (index, domain) in domains.iter().enumerate() {
                let mut names = tls.certificates.iter().flat_map(|certificate| &certificate.names);
                if !names.any(|name| covers(name, &domain.domain)) {
                    let message =
                        format!("no certificate of listener {:?} holds for {}", listener.name, domain.domain);
                    self.findings.found(
                        &At::ROOT.key("domains").index(index).key("domain"),
                        Code::UncoveredName,
                        message,
                    );
                }
            }
        }
    }

    pub(super) fn watch(&mut self, file: &str) {
        if !self.watched_files.iter().any(|known| **known == *file) {
            self.watched_files.push(file.into());
        }
    }
}

/// Whether a certificate's name holds for a host (RFC 9525 section 6.3: `*` stands for one label).
fn covers(name: &str, host: &str) -> bool {
    if name == host {
        return true;
    }
    let HostPattern::Wildcard(suffix) = HostPattern::new(Some(name)) else { return false };
    host.split_once('.').is_some_and(|(label, rest)| label != "*" && *rest == *suffix)
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_wildcard_stands_for_one_label() {
        assert!(covers("a.example", "a.example"));
        assert!(covers("*.example", "a.example"));
        assert!(covers("*.example", "*.example"));
        assert!(!covers("*.example", "a.b.example"));
        assert!(!covers("*.example", "example"));
        assert!(!covers("*.b.example", "*.example"));
    }
}
