//! Values that several parts share. A value that cannot be used is reported and replaced by its default.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use ghost_core::config::Code;
use ghost_core::config::diagnostic::At;
use ghost_core::model::{HostPattern, parse_duration};
use ghost_core::request::is_token;

use super::Check;
use crate::model::Network;
use crate::raw::{Bytes, Time};

/// Longest duration: what timers of every kind can hold.
const MAX_TIME: u64 = 365 * 24 * 3_600_000;
/// Most bytes of a name.
const MAX_NAME: usize = 512;
/// Most bytes of a socket's path: `sun_path` of unix(7) less its terminator.
pub(super) const MAX_SOCKET_PATH: usize = 107;

impl Check<'_, '_> {
    pub(super) fn time(&mut self, time: Option<&Time>, default: u64, at: &At<'_>) -> Duration {
        let milliseconds = match time {
            None => Some(default),
            Some(Time::Milliseconds(number)) => Some(*number),
            Some(Time::Text(text)) => parse_duration(text),
        };
        match milliseconds {
            Some(milliseconds @ 0..=MAX_TIME) => return Duration::from_millis(milliseconds),
            Some(_) => self.findings.found(at, Code::InvalidTime, "the duration is longer than a year"),
            None => self.findings.found(at, Code::InvalidTime, format!("{} is not a duration", quoted(time))),
        }
        Duration::from_millis(default)
    }

    /// A duration that must not be zero.
    pub(super) fn positive_time(&mut self, time: Option<&Time>, default: u64, at: &At<'_>) -> Duration {
        let duration = self.time(time, default, at);
        if duration.is_zero() {
            self.findings.found(at, Code::OutOfRange, "the duration must be longer than 0s");
            return Duration::from_millis(default.max(1));
        }
        duration
    }

    pub(super) fn bytes(&mut self, size: Option<&Bytes>, default: u64, at: &At<'_>) -> u64 {
        match size {
            None => default,
            Some(Bytes::Number(number)) => *number,
            Some(Bytes::Text(text)) => parse_bytes(text).unwrap_or_else(|| {
                self.findings.found(at, Code::InvalidSize, format!("{text:?} is not a size"));
                default
            }),
        }
    }

    /// A number in its range, or the nearest end of the range.
    pub(super) fn within(&mut self, number: u64, range: RangeInclusive<u64>, at: &At<'_>) -> u64 {
        if !range.contains(&number) {
            let message = format!("{number} is not from {} to {}", range.start(), range.end());
            self.findings.found(at, Code::OutOfRange, message);
        }
        number.clamp(*range.start(), *range.end())
    }

    /// As [`Check::within`] for what fits 32 bits.
    pub(super) fn count(
        &mut self,
        number: Option<u32>,
        default: u32,
        range: RangeInclusive<u32>,
        at: &At<'_>,
    ) -> u32 {
        let (start, end) = (u64::from(*range.start()), u64::from(*range.end()));
        u32::try_from(self.within(u64::from(number.unwrap_or(default)), start..=end, at)).unwrap_or(default)
    }

    pub(super) fn percent(&mut self, number: Option<u32>, default: u8, at: &At<'_>) -> u8 {
        u8::try_from(self.count(number, u32::from(default), 0..=100, at)).unwrap_or(default)
    }

    pub(super) fn port(&mut self, number: u32, at: &At<'_>) -> u16 {
        match u16::try_from(number) {
            Ok(port) if port > 0 => port,
            _ => {
                self.findings.found(at, Code::InvalidPort, format!("{number} is not a port"));
                1
            }
        }
    }

    pub(super) fn name(&mut self, name: &str, at: &At<'_>) -> Box<str> {
        if name.is_empty() || name.len() > MAX_NAME {
            self.findings.found(at, Code::EmptyName, format!("the name has {} bytes", name.len()));
        }
        name.into()
    }

    pub(super) fn token(&mut self, name: &str, at: &At<'_>) {
        if !is_token(name.as_bytes()) {
            self.findings.found(at, Code::InvalidName, format!("{name:?} is not a token"));
        }
    }

    pub(super) fn networks(&mut self, networks: &[String], at: &At<'_>) -> Vec<Network> {
        let mut parsed = Vec::with_capacity(networks.len());
        for (index, text) in networks.iter().enumerate() {
            match parse_network(text) {
                Some(network) => parsed.push(network),
                None => {
                    self.findings.found(
                        &at.index(index),
                        Code::InvalidNetwork,
                        format!("{text:?} is not a network"),
                    );
                }
            }
        }
        parsed
    }

    /// A host name, exact or `*.suffix`, lower-case.
    pub(super) fn hostname(&mut self, text: &str, at: &At<'_>) -> HostPattern {
        let lower = text.to_ascii_lowercase();
        if !is_hostname(&lower) {
            self.findings.found(at, Code::InvalidHostname, format!("{text:?} is not a host name"));
        }
        HostPattern::new(Some(&lower))
    }

    /// An address with port, on which something of the edge's own is served.
    pub(super) fn own_address(&mut self, text: Option<&str>, default: SocketAddr, at: &At<'_>) -> SocketAddr {
        let Some(text) = text else { return default };
        text.parse().unwrap_or_else(|_| {
            let message = format!("{text:?} is not an address with a port");
            self.findings.found(at, Code::InvalidListenAddress, message);
            default
        })
    }

    /// The absolute path of a Unix socket.
    pub(super) fn socket_path(&mut self, path: &str, at: &At<'_>) -> Box<str> {
        if !path.starts_with('/') || path.len() > MAX_SOCKET_PATH {
            let message = format!("{path:?} is not the absolute path of a socket");
            self.findings.found(at, Code::InvalidListenAddress, message);
        }
        path.into()
    }

    pub(super) fn directory(&mut self, path: Option<&str>, at: &At<'_>) -> Option<Box<str>> {
        path.map(|path| self.name(path, at))
    }
}

fn quoted(time: Option<&Time>) -> String {
    match time {
        Some(Time::Text(text)) => format!("{text:?}"),
        Some(Time::Milliseconds(number)) => number.to_string(),
        None => String::new(),
    }
}

/// Bytes of a size with a unit.
pub(super) fn parse_bytes(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let unit: u64 = match unit.trim_start() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "KB" | "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

/// A network in CIDR notation, or one address.
pub(super) fn parse_network(text: &str) -> Option<Network> {
    match text.parse::<Network>() {
        Ok(network) => Some(network.trunc()),
        Err(_) => text.parse::<IpAddr>().ok().map(Network::from),
    }
}

/// A DNS name or address in lower case, perhaps with `*.` in front.
pub(super) fn is_hostname(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (1..=253).contains(&text.len()) && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [
            ("0", 0),
            ("512B", 512),
            ("64KiB", 65_536),
            ("1 MiB", 1 << 20),
            ("2GB", 2_000_000_000),
            ("7kB", 7_000),
        ] {
            assert_eq!(parse_bytes(text), Some(bytes), "{text}");
        }
        for text in ["", "KiB", "-1", "1.5MiB", "1K", "99999999999GiB"] {
            assert_eq!(parse_bytes(text), None, "{text}");
        }
    }

    #[test]
    fn networks_are_networks() {
        assert_eq!(parse_network("10.1.2.3/8").unwrap().to_string(), "10.0.0.0/8");
        assert_eq!(parse_network("::1").unwrap().to_string(), "::1/128");
        assert_eq!(parse_network("10.0.0.0/33"), None);
        assert_eq!(parse_network("example.com"), None);
    }

    #[test]
    fn host_names_are_names() {
        for name in
            ["a", "shop.example.com", "*.example.com", "xn--bcher-kva.example", "a_b.example", "10.0.0.1"]
        {
            assert!(is_hostname(name), "{name}");
        }
        for name in ["", "*", "*.", "a..b", "-a", "a b", "a/b", "*.*.a", "a.*.b", "a:80", "b\u{fc}cher"] {
            assert!(!is_hostname(name), "{name}");
        }
    }
}
