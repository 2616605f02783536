//! Listeners.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ghost_core::config::Code;
use ghost_core::config::diagnostic::At;

use super::Check;
use crate::model::{Bind, Certificate, HttpsRedirect, Listener, Passthrough, Protocol, ProxyProtocolIn};
use crate::raw::{self, ListenProtocol};

/// Port of a listener that says none.
pub(super) const DEFAULT_PORT: u16 = 9889;

/// Where the raw listeners stand.
enum Place {
    Listen,
    Listeners(usize),
    /// It is not written: it follows from `domains`.
    Implied,
}

impl Check<'_, '_> {
    pub(super) fn listeners(&mut self, raw: &raw::Edge) -> Vec<Listener> {
        let at = &At::ROOT.key("certificates");
        let certificates: Vec<(Certificate, bool)> = (0..)
            .zip(&raw.certificates)
            .map(|(index, raw)| self.certificate(raw, &at.index(index)))
            .collect();
        let mut listeners: Vec<Listener> = Vec::new();
        for (place, raw) in written(raw) {
            let (listen, list) = (At::ROOT.key("listen"), At::ROOT.key("listeners"));
            let element;
            let at = match place {
                Place::Listen => &listen,
                Place::Listeners(index) => {
                    element = list.index(index);
                    &element
                }
                Place::Implied => &At::ROOT,
            };
            let listener = self.listener(&raw, &certificates, &listeners, at);
            self.distinct(&listener, &listeners, at);
            listeners.push(listener);
        }
        let https = listeners
            .iter()
            .find(|listener| listener.protocol == Protocol::Https)
            .map(|listener| listener.port);
        for listener in &mut listeners {
            if let Some(redirect) = &mut listener.http_to_https
                && redirect.port == 0
            {
                redirect.port = https.unwrap_or(443);
            }
        }
        listeners
    }

    fn listener(
        &mut self,
        raw: &raw::Listen,
        certificates: &[(Certificate, bool)],
        earlier: &[Listener],
        at: &At<'_>,
    ) -> Listener {
        let spoken = raw.protocol.unwrap_or(ListenProtocol::Http3);
        let protocol = match spoken {
            ListenProtocol::Http => Protocol::Http,
            ListenProtocol::Https | ListenProtocol::Http3 => Protocol::Https,
            ListenProtocol::Tls => Protocol::Tls,
        };
        let port = raw.port.map_or(DEFAULT_PORT, |port| self.port(port, &at.key("port")));
        let http2 = raw.http2.unwrap_or(true);
        let name = match &raw.name {
            Some(name) => self.name(name, &at.key("name")),
            None => own_name(spoken, port, earlier),
        };
        let tls = self.tls_of(raw, protocol, certificates, http2, at);
        Listener {
            entrance: name.clone(),
            name,
            source: self.findings.source(at),
            bind: self.bind(raw, port, at),
            port,
            hostname: raw.hostname.as_deref().map(|host| self.hostname(host, &at.key("hostname"))),
            protocol,
            http2,
            http3: spoken == ListenProtocol::Http3,
            proxy_protocol: raw.proxy_protocol.as_ref().map(|proxy| ProxyProtocolIn {
                trusted: self.networks(&proxy.trusted, &at.key("proxy_protocol").key("trusted")),
                timeout: self.positive_time(
                    proxy.timeout.as_ref(),
                    3_000,
                    &at.key("proxy_protocol").key("timeout"),
                ),
            }),
            tls,
            passthrough: self.passthrough(raw, protocol, at),
            http_to_https: self.https_redirect(raw, protocol, at),
            max_connections: self.count(
                raw.max_connections,
                65_536,
                1..=10_000_000,
                &at.key("max_connections"),
            ),
        }
    }

    fn bind(&mut self, raw: &raw::Listen, port: u16, at: &At<'_>) -> Bind {
        let address = raw.address.as_deref().unwrap_or("0.0.0.0");
        if let Some(path) = address.strip_prefix("unix:") {
            let mode = raw.mode.as_deref().unwrap_or("0660");
            let mode = u32::from_str_radix(mode, 8).ok().filter(|mode| *mode <= 0o777);
            if mode.is_none() {
                self.findings.found(&at.key("mode"), Code::OutOfRange, "the mode is not from 0000 to 0777");
            }
            if raw.protocol.is_none_or(|protocol| protocol == ListenProtocol::Http3) {
                let message = "HTTP/3 needs UDP; a Unix socket speaks http, https or tls";
                self.findings.found(&at.key("address"), Code::SettingConflict, message);
            }
            return Bind::Unix {
                path: self.socket_path(path, &at.key("address")),
                mode: mode.unwrap_or(0o660),
            };
        }
        let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
        let ip = bare.parse::<IpAddr>().unwrap_or_else(|_| {
            let message = format!("{address:?} is not an address to listen on");
            self.findings.found(&at.key("address"), Code::InvalidListenAddress, message);
            Ipv4Addr::UNSPECIFIED.into()
        });
        Bind::Ip(SocketAddr::new(ip, port))
    }

    fn tls_of(
        &mut self,
        raw: &raw::Listen,
        protocol: Protocol,
        certificates: &[(Certificate, bool)],
        http2: bool,
        at: &At<'_>,
    ) -> Option<crate::model::ListenerTls> {
        if protocol != Protocol::Https {
            if raw.tls.is_some() {
                let message = "tls stands beside a protocol that does not end TLS";
                self.findings.found(&at.key("tls"), Code::SettingConflict, message);
            }
            return None;
        }
        let none = raw::ListenTls::default();
        let tls = self.listener_tls(raw.tls.as_ref().unwrap_or(&none), certificates, http2, &at.key("tls"));
        if tls.is_none() && !self.findings.incomplete {
            let spoken = if raw.protocol.is_none() { "http3, the default," } else { "this protocol" };
            self.findings.found(at, Code::MissingCertificate, format!("{spoken} needs a certificate"));
        }
        tls
    }

    fn passthrough(&mut self, raw: &raw::Listen, protocol: Protocol, at: &At<'_>) -> Vec<Passthrough> {
        let at = &at.key("passthrough");
        if protocol != Protocol::Tls {
            if !raw.passthrough.is_empty() {
                self.findings.found(at, Code::SettingConflict, "passthrough needs protocol tls");
            }
            return Vec::new();
        }
        if raw.passthrough.is_empty() && !self.findings.incomplete {
            self.findings.found(
                at,
                Code::MissingKey,
                "\"passthrough\" is missing: protocol tls needs to know where to",
            );
        }
        let mut list: Vec<Passthrough> = Vec::new();
        for (index, raw) in raw.passthrough.iter().enumerate() {
            let at = &at.index(index);
            let server_name = match &raw.server_name {
                Some(name) => self.hostname(name, &at.key("server_name")),
                None => ghost_core::model::HostPattern::Any,
            };
            if list.iter().any(|earlier| earlier.server_name == server_name) {
                let message = format!("server name {server_name} goes two ways");
                self.findings.found(at, Code::ListenerConflict, message);
            }
            list.push(Passthrough { server_name, service: raw.upstream.as_str().into() });
        }
        list.sort_by_key(|one| one.server_name.specificity());
        list
    }

    fn https_redirect(
        &mut self,
        raw: &raw::Listen,
        protocol: Protocol,
        at: &At<'_>,
    ) -> Option<HttpsRedirect> {
        let port = raw.https_port.map_or(0, |port| self.port(port, &at.key("https_port")));
        if raw.http_to_https != Some(true) {
            return None;
        }
        if protocol != Protocol::Http {
            self.findings.found(
                &at.key("http_to_https"),
                Code::SettingConflict,
                "http_to_https needs protocol http",
            );
        }
        Some(HttpsRedirect { port, status: 308 })
    }

    fn distinct(&mut self, listener: &Listener, earlier: &[Listener], at: &At<'_>) {
        if earlier.iter().any(|one| one.name == listener.name) {
            let message = format!("listener {:?} is written twice", listener.name);
            self.findings.found(&at.key("name"), Code::DuplicateListener, message);
        }
        if let Some(one) = earlier.iter().find(|one| one.bind == listener.bind) {
            let message = format!("{} belongs to listener {:?}", listener.bind, one.name);
            self.findings.found(at, Code::ListenerConflict, message);
        }
    }
}

/// The listeners as written, or those that follow from the rest.
fn written(raw: &raw::Edge) -> Vec<(Place, raw::Listen)> {
    let listen = raw.listen.iter().map(|listen| (Place::Listen, listen.clone()));
    let list = (0..).zip(&raw.listeners).map(|(index, listen)| (Place::Listeners(index), listen.clone()));
    let listeners: Vec<_> = listen.chain(list).collect();
    if !listeners.is_empty() {
        return listeners;
    }
    let implied = |protocol: Option<ListenProtocol>, port: Option<u32>| {
        (Place::Implied, raw::Listen { protocol, port, ..raw::Listen::default() })
    };
    match (raw.domains.is_empty(), raw.certificates.is_empty()) {
        (true, _) => vec![implied(None, None)],
        (false, true) => vec![implied(Some(ListenProtocol::Http), Some(80))],
        (false, false) => vec![
            implied(Some(ListenProtocol::Http), Some(80)),
            implied(Some(ListenProtocol::Https), Some(443)),
        ],
    }
}

/// The protocol, with the port behind it where that is taken.
fn own_name(spoken: ListenProtocol, port: u16, earlier: &[Listener]) -> Box<str> {
    let word = match spoken {
        ListenProtocol::Http => "http",
        ListenProtocol::Https | ListenProtocol::Http3 => "https",
        ListenProtocol::Tls => "tls",
    };
    if earlier.iter().any(|one| *one.name == *word) { format!("{word}-{port}").into() } else { word.into() }
}
