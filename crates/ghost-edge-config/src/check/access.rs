//! Limits, times and trust.

use ghost_core::config::diagnostic::At;

use super::Check;
use crate::model::{HeaderTrust, Limits, Timeouts, Trust, Varnish, VarnishUse};
use crate::{model, raw};
use ghost_core::config::Code;

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

impl Check<'_, '_> {
    pub(super) fn limits(&mut self, raw: &raw::Limits) -> Limits {
        let at = &At::ROOT.key("limits");
        let size = |check: &mut Self, size: Option<&raw::Bytes>, default: u64, most: u64, key: &str| {
            let bytes = check.bytes(size, default, &at.key(key));
            u32::try_from(check.within(bytes, 256..=most, &at.key(key))).unwrap_or(u32::MAX)
        };
        let memory = self.bytes(raw.memory.as_ref(), 256 * MIB, &at.key("memory"));
        Limits {
            header_bytes: size(self, raw.header_bytes.as_ref(), 32 * KIB, MIB, "header_bytes"),
            headers: self.count(raw.headers, 100, 1..=1000, &at.key("headers")),
            target_bytes: size(self, raw.target_bytes.as_ref(), 8 * KIB, MIB, "target_bytes"),
            body_bytes: self.bytes(raw.body_bytes.as_ref(), 0, &at.key("body_bytes")),
            streams: self.count(raw.streams, 100, 1..=10_000, &at.key("streams")),
            resets_per_minute: self.count(
                raw.resets_per_minute,
                100,
                1..=1_000_000,
                &at.key("resets_per_minute"),
            ),
            continuation_frames: self.count(
                raw.continuation_frames,
                8,
                1..=1000,
                &at.key("continuation_frames"),
            ),
            requests_per_connection: raw.requests_per_connection.unwrap_or(0),
            connections_per_address: self.count(
                raw.connections_per_address,
                256,
                1..=10_000_000,
                &at.key("connections_per_address"),
            ),
            connections: self.count(raw.connections, 65_536, 1..=10_000_000, &at.key("connections")),
            memory_bytes: self.within(memory, MIB..=u64::MAX, &at.key("memory")),
            buffer_bytes: size(self, raw.buffer.as_ref(), 256 * KIB, 64 * MIB, "buffer"),
            min_bytes_per_second: raw.min_bytes_per_second.unwrap_or(240),
        }
    }

    pub(super) fn client_timeouts(&mut self, raw: &raw::ClientTimeouts) -> Timeouts {
        let at = &At::ROOT.key("client_timeouts");
        Timeouts {
            handshake: self.time(raw.handshake.as_ref(), 10_000, &at.key("handshake")),
            header: self.time(raw.header.as_ref(), 10_000, &at.key("header")),
            body_idle: self.time(raw.body_idle.as_ref(), 30_000, &at.key("body_idle")),
            keep_alive: self.time(raw.keep_alive.as_ref(), 60_000, &at.key("keep_alive")),
            write_idle: self.time(raw.write_idle.as_ref(), 30_000, &at.key("write_idle")),
            tunnel_idle: self.time(raw.tunnel_idle.as_ref(), 3_600_000, &at.key("tunnel_idle")),
            request: self.time(raw.request.as_ref(), 0, &at.key("request")),
        }
    }

    pub(super) fn trust(&mut self, raw: &raw::Trust) -> Trust {
        let level = |raw: Option<raw::HeaderTrust>, default| match raw {
            None => default,
            Some(raw::HeaderTrust::Proxies) => HeaderTrust::Proxies,
            Some(raw::HeaderTrust::Always) => HeaderTrust::Always,
            Some(raw::HeaderTrust::Never) => HeaderTrust::Never,
        };
        Trust {
            proxies: self.networks(&raw.proxies, &At::ROOT.key("trust").key("proxies")),
            forwarded: level(raw.forwarded, HeaderTrust::Proxies),
            write_forwarded: raw.write_forwarded.unwrap_or(false),
            request_id: level(raw.request_id, HeaderTrust::Proxies),
            trace: level(raw.trace, HeaderTrust::Always),
        }
    }

    pub(super) fn varnish(&mut self, raw: &raw::Varnish, listeners: &[model::Listener]) -> Varnish {
        let at = &At::ROOT.key("varnish");
        for (index, name) in raw.listeners.iter().enumerate() {
            if !listeners.iter().any(|listener| *listener.name == **name) {
                let message = format!("there is no listener {name:?}");
                self.findings.found(&at.key("listeners").index(index), Code::UnknownListener, message);
            }
        }
        let when = match (&raw.listeners[..], raw.when) {
            ([], None | Some(raw::VarnishUse::Always)) => VarnishUse::Always,
            ([], Some(raw::VarnishUse::Cacheable)) => VarnishUse::Cacheable,
            (names, None) => VarnishUse::Listeners(names.iter().map(|name| Box::from(&**name)).collect()),
            (_, Some(_)) => {
                self.findings.found(
                    &at.key("when"),
                    Code::SettingConflict,
                    "when and listeners stand together",
                );
                VarnishUse::Always
            }
        };
        Varnish {
            socket: self.socket_path(&raw.socket, &at.key("socket")),
            when,
            pool: self.pool(&raw.pool, &at.key("pool")),
            response_timeout: self.time(raw.response_timeout.as_ref(), 60_000, &at.key("response_timeout")),
        }
    }
}
