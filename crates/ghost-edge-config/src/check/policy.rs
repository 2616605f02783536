//! How services are spoken to.

use ghost_core::config::Code;
use ghost_core::config::diagnostic::At;
use ghost_core::select::health::Thresholds;

use super::Check;
use crate::model::{
    BackendTls, ClientCertificate, ConnectionPool, HealthCheck, InFlight, OutlierEjection, ProxyProtocolOut,
    RetryBudget, ServicePolicy, TlsVersion, TrustAnchors,
};
use crate::raw::{self, Time};

impl Check<'_, '_> {
    /// What holds for services that say nothing themselves.
    pub(super) fn default_policy(&mut self, raw: &raw::Policy) -> ServicePolicy {
        let built_in = ServicePolicy {
            tls: BackendTls::default(),
            proxy_protocol: None,
            health_check: None,
            thresholds: Thresholds::default(),
            outlier_ejection: None,
            in_flight: self.in_flight(&raw::InFlight::default(), &At::ROOT),
            pool: self.pool(&raw::Pool::default(), &At::ROOT),
            connect_timeout: self.time(None, 2_000, &At::ROOT),
            response_timeout: self.time(None, 30_000, &At::ROOT),
            body_idle_timeout: self.time(None, 30_000, &At::ROOT),
            retry_budget: self.retry_budget(&raw::RetryBudget::default(), &At::ROOT),
            max_response_body: 0,
        };
        self.policy(raw, &built_in, &At::ROOT)
    }

    /// A policy: what is written, the rest as in `base`.
    pub(super) fn policy(&mut self, raw: &raw::Policy, base: &ServicePolicy, at: &At<'_>) -> ServicePolicy {
        let passive = raw.passive_health.as_ref();
        let thresholds = passive.map(|passive| {
            let (failures, successes) = (passive.failure_threshold, passive.success_threshold);
            self.thresholds(
                (failures, successes),
                passive.cooldown.as_ref(),
                &base.thresholds,
                &at.key("passive_health"),
            )
        });
        let timeouts = raw.timeouts.as_ref();
        let timeout = |check: &mut Self, time: Option<&Time>, base: std::time::Duration, key: &str| match time
        {
            Some(time) => check.time(Some(time), 0, &at.key("timeouts").key(key)),
            None => base,
        };
        let proxy_protocol = match &raw.proxy_protocol {
            Some(proxy) if proxy.enabled == Some(false) => None,
            Some(proxy) => Some(ProxyProtocolOut { details: proxy.details.unwrap_or(true) }),
            None => base.proxy_protocol,
        };
        ServicePolicy {
            tls: raw
                .tls
                .as_ref()
                .map_or_else(|| base.tls.clone(), |tls| self.backend_tls(tls, &at.key("tls"))),
            proxy_protocol,
            health_check: self.health_check(
                raw.health_check.as_ref(),
                base.health_check.as_ref(),
                &at.key("health_check"),
            ),
            thresholds: thresholds.unwrap_or(base.thresholds),
            outlier_ejection: match &raw.outlier_ejection {
                Some(raw) => Some(self.outlier_ejection(raw, &at.key("outlier_ejection"))),
                None => base.outlier_ejection,
            },
            in_flight: raw
                .in_flight
                .as_ref()
                .map_or(base.in_flight, |raw| self.in_flight(raw, &at.key("in_flight"))),
            pool: raw.pool.as_ref().map_or(base.pool, |raw| self.pool(raw, &at.key("pool"))),
            connect_timeout: timeout(
                self,
                timeouts.and_then(|raw| raw.connect.as_ref()),
                base.connect_timeout,
                "connect",
            ),
            response_timeout: timeout(
                self,
                timeouts.and_then(|raw| raw.response.as_ref()),
                base.response_timeout,
                "response",
            ),
            body_idle_timeout: timeout(
                self,
                timeouts.and_then(|raw| raw.body_idle.as_ref()),
                base.body_idle_timeout,
                "body_idle",
            ),
            retry_budget: match &raw.retry_budget {
                Some(raw) => self.retry_budget(raw, &at.key("retry_budget")),
                None => base.retry_budget,
            },
            max_response_body: match &raw.max_response_body {
                Some(size) => self.bytes(Some(size), 0, &at.key("max_response_body")),
                None => base.max_response_body,
            },
        }
    }

    /// Active checks: what is written, the rest as in `base` or the built-in defaults.
    pub(super) fn health_check(
        &mut self,
        raw: Option<&raw::HealthCheck>,
        base: Option<&HealthCheck>,
        at: &At<'_>,
    ) -> Option<HealthCheck> {
        let Some(raw) = raw else { return base.cloned() };
        let built_in = HealthCheck {
            path: "/health".into(),
            host: None,
            interval: self.time(None, 5_000, at),
            timeout: self.time(None, 1_000, at),
            statuses: vec![(200, 399)],
            thresholds: Thresholds::default(),
        };
        let base = base.unwrap_or(&built_in);
        let path = raw.path.as_deref().unwrap_or(&base.path);
        let clean = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
        if !path.starts_with('/') || !clean {
            let message = format!("{path:?} is not a path with or without query");
            self.findings.found(&at.key("path"), Code::InvalidPath, message);
        }
        if let Some(host) = &raw.host
            && !super::value::is_hostname(&host.to_ascii_lowercase())
        {
            self.findings.found(
                &at.key("host"),
                Code::InvalidHostname,
                format!("{host:?} is not a host name"),
            );
        }
        let positive =
            |check: &mut Self, time: &Option<Time>, base: std::time::Duration, key: &str| match time {
                Some(time) => check.positive_time(Some(time), 1_000, &at.key(key)),
                None => base,
            };
        let failures = self.either(
            ("failure_threshold", raw.failure_threshold),
            ("unhealthy_threshold", raw.unhealthy_threshold),
            at,
        );
        let successes = self.either(
            ("success_threshold", raw.success_threshold),
            ("healthy_threshold", raw.healthy_threshold),
            at,
        );
        let check = HealthCheck {
            path: path.into(),
            host: raw.host.as_deref().map(Box::from).or_else(|| base.host.clone()),
            interval: positive(self, &raw.interval, base.interval, "interval"),
            timeout: positive(self, &raw.timeout, base.timeout, "timeout"),
            statuses: match &raw.statuses {
                Some(text) => self.statuses(text, &at.key("statuses")),
                None => base.statuses.clone(),
            },
            thresholds: self.thresholds((failures, successes), raw.cooldown.as_ref(), &base.thresholds, at),
        };
        raw.enabled.unwrap_or(true).then_some(check)
    }

    /// The one of two spellings of a setting that is written.
    fn either(&mut self, one: (&str, Option<u32>), other: (&str, Option<u32>), at: &At<'_>) -> Option<u32> {
        if one.1.is_some() && other.1.is_some() {
            let message = format!("{} and {} are the same setting", one.0, other.0);
            self.findings.found(&at.key(other.0), Code::SettingConflict, message);
        }
        one.1.or(other.1)
    }

    fn thresholds(
        &mut self,
        (failures, successes): (Option<u32>, Option<u32>),
        cooldown: Option<&Time>,
        base: &Thresholds,
        at: &At<'_>,
    ) -> Thresholds {
        let cooldown = cooldown.map(|time| self.time(Some(time), 0, &at.key("cooldown")).as_millis());
        Thresholds {
            failures: self.count(failures, base.failures, 1..=1000, &at.key("failure_threshold")),
            successes: self.count(successes, base.successes, 1..=1000, &at.key("success_threshold")),
            cooldown: cooldown.map_or(base.cooldown, |time| u64::try_from(time).unwrap_or(u64::MAX)),
        }
    }

    /// `200-299, 404`
    fn statuses(&mut self, text: &str, at: &At<'_>) -> Vec<(u16, u16)> {
        let range = |part: &str| {
            let (low, high) = part.split_once('-').unwrap_or((part, part));
            let (low, high) = (low.trim().parse::<u16>().ok()?, high.trim().parse::<u16>().ok()?);
            (100 <= low && low <= high && high <= 599).then_some((low, high))
        };
        let ranges: Option<Vec<_>> = text.split(',').map(range).collect();
        ranges.unwrap_or_else(|| {
            let message = format!("{text:?} is not a list of status codes and ranges from 100 to 599");
            self.findings.found(at, Code::OutOfRange, message);
            Vec::new()
        })
    }

    fn outlier_ejection(&mut self, raw: &raw::OutlierEjection, at: &At<'_>) -> OutlierEjection {
        OutlierEjection {
            consecutive_failures: self.count(
                raw.consecutive_failures,
                5,
                1..=10_000,
                &at.key("consecutive_failures"),
            ),
            interval: self.positive_time(raw.interval.as_ref(), 10_000, &at.key("interval")),
            failure_percent: self.percent(raw.failure_percent, 0, &at.key("failure_percent")),
            minimum_requests: self.count(
                raw.minimum_requests,
                50,
                1..=1_000_000,
                &at.key("minimum_requests"),
            ),
            base_time: self.positive_time(raw.base_time.as_ref(), 30_000, &at.key("base_time")),
            maximum_time: self.positive_time(raw.maximum_time.as_ref(), 300_000, &at.key("maximum_time")),
            maximum_percent: self.percent(raw.maximum_percent, 10, &at.key("maximum_percent")),
        }
    }

    fn in_flight(&mut self, raw: &raw::InFlight, at: &At<'_>) -> InFlight {
        InFlight {
            limit: self.count(raw.limit, 64, 1..=1_000_000, &at.key("limit")),
            queue: self.count(raw.queue, 256, 0..=1_000_000, &at.key("queue")),
            wait: self.time(raw.wait.as_ref(), 1_000, &at.key("wait")),
        }
    }

    pub(super) fn pool(&mut self, raw: &raw::Pool, at: &At<'_>) -> ConnectionPool {
        ConnectionPool {
            max_idle: self.count(raw.max_idle, 32, 0..=100_000, &at.key("max_idle")),
            idle_timeout: self.positive_time(raw.idle_timeout.as_ref(), 60_000, &at.key("idle_timeout")),
            streams: self.count(raw.streams, 100, 1..=10_000, &at.key("streams")),
        }
    }

    fn retry_budget(&mut self, raw: &raw::RetryBudget, at: &At<'_>) -> RetryBudget {
        let body = self.bytes(raw.body.as_ref(), 64 << 10, &at.key("body"));
        let body = self.within(body, 0..=64 << 20, &at.key("body"));
        RetryBudget {
            percent: self.percent(raw.percent, 20, &at.key("percent")),
            minimum_per_second: self.count(
                raw.minimum_per_second,
                3,
                0..=1_000_000,
                &at.key("minimum_per_second"),
            ),
            body_bytes: u32::try_from(body).unwrap_or(u32::MAX),
        }
    }

    fn backend_tls(&mut self, raw: &raw::BackendTls, at: &At<'_>) -> BackendTls {
        let authorities = self.authority_files(raw.ca_file.as_deref(), &raw.ca_files, at);
        let client_certificate = match (&raw.cert, &raw.key) {
            (Some(certificate), Some(key)) => {
                self.look_at_certificate((certificate, &at.key("cert")), (key, &at.key("key")));
                Some(ClientCertificate {
                    certificate_file: certificate.as_str().into(),
                    key_file: key.as_str().into(),
                })
            }
            (None, None) => None,
            (Some(_), None) => {
                self.findings.found(at, Code::MissingKey, "\"key\" is missing beside cert");
                None
            }
            (None, Some(_)) => {
                self.findings.found(at, Code::MissingKey, "\"cert\" is missing beside key");
                None
            }
        };
        let mut name = |name: &str, at: &At<'_>| -> Box<str> { self.hostname(name, at).to_string().into() };
        let server_name = raw.server_name.as_deref().map(|text| name(text, &at.key("server_name")));
        let names = raw.subject_alt_names.iter().enumerate();
        BackendTls {
            server_name,
            subject_alt_names: names
                .map(|(index, text)| name(text, &at.key("subject_alt_names").index(index)))
                .collect(),
            trust: if authorities.is_empty() {
                TrustAnchors::System
            } else {
                TrustAnchors::Files(authorities)
            },
            client_certificate,
            min_version: tls_version(raw.min_version),
        }
    }
}

pub(super) fn tls_version(raw: Option<raw::TlsVersion>) -> TlsVersion {
    match raw {
        None | Some(raw::TlsVersion::Tls12) => TlsVersion::Tls12,
        Some(raw::TlsVersion::Tls13) => TlsVersion::Tls13,
    }
}
