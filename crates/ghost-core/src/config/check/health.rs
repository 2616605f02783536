//! Health checks of services.

use super::{At, Code, Element, Refused, hostname, value};
use crate::config::raw;
use crate::config::text::Text;
use crate::model::{HealthCheck, HealthCheckKind, ServiceProtocol, Thresholds};

/// Least pause between two checks, in milliseconds: endpoints are asked, not flooded.
const MIN_INTERVAL: u64 = 100;
/// Longest pause and longest time for an answer, in milliseconds: a day.
const MAX_TIME: u64 = 86_400_000;
/// Most bytes of a path or of the name of a gRPC service.
const MAX_TEXT: usize = 1024;

pub(super) fn health_check(
    raw: &raw::HealthCheck<'_>,
    protocol: ServiceProtocol,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<HealthCheck, Refused> {
    let natural = match protocol {
        ServiceProtocol::Grpc => HealthCheckKind::Grpc,
        _ => HealthCheckKind::Http,
    };
    let kind = raw.kind.unwrap_or(natural);
    fits_kind(raw, kind, at, element)?;
    let time =
        |text: &Option<Text<'_>>, key: &str, absent: u64, least: u64, element: &mut Element<'_, '_>| {
            let at = at.key(key);
            let time = text.as_ref().map_or(Ok(absent), |text| value::duration(text, &at, element))?;
            if (least..=MAX_TIME).contains(&time) {
                return Ok(time);
            }
            element.refuse(
                &at,
                Code::InvalidHealthCheck,
                format!("{time} ms are not between {least} ms and a day"),
            )
        };
    let usual = Thresholds::default();
    Ok(HealthCheck {
        kind,
        path: path(raw.path.as_deref(), &at.key("path"), element)?,
        host: raw.host.as_deref().map(|text| host(text, &at.key("host"), element)).transpose()?,
        statuses: statuses(raw.statuses.as_deref(), &at.key("statuses"), element)?,
        grpc_service: grpc_service(raw.grpc_service.as_deref(), &at.key("grpcService"), element)?,
        interval: time(&raw.interval, "interval", 5_000, MIN_INTERVAL, element)?,
        timeout: time(&raw.timeout, "timeout", 1_000, 1, element)?,
        thresholds: Thresholds {
            failures: threshold(raw.failure_threshold, usual.failures, &at.key("failureThreshold"), element)?,
            successes: threshold(
                raw.success_threshold,
                usual.successes,
                &at.key("successThreshold"),
                element,
            )?,
            cooldown: time(&raw.cooldown, "cooldown", usual.cooldown, 0, element)?,
        },
    })
}

/// A setting that the check would not look at is a mistake about what the check does.
fn fits_kind(
    raw: &raw::HealthCheck<'_>,
    kind: HealthCheckKind,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<(), Refused> {
    let (is_http, is_grpc) = (kind == HealthCheckKind::Http, kind == HealthCheckKind::Grpc);
    let settings = [
        ("path", raw.path.is_some(), is_http),
        ("statuses", raw.statuses.is_some(), is_http),
        ("host", raw.host.is_some(), is_http || is_grpc),
        ("grpcService", raw.grpc_service.is_some(), is_grpc),
    ];
    for (key, is_written, is_meant) in settings {
        if is_written && !is_meant {
            let message = format!("{key} does not belong to a check of this type");
            return element.refuse(&at.key(key), Code::InvalidHealthCheck, message);
        }
    }
    Ok(())
}

/// Goes into a request line as it stands.
fn path(text: Option<&str>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Box<str>, Refused> {
    let path = text.unwrap_or("/health");
    let is_clean = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if path.starts_with('/') && is_clean && path.len() <= MAX_TEXT {
        return Ok(path.into());
    }
    element.refuse(at, Code::InvalidHealthCheck, format!("{path:?} is not a path with or without query"))
}

fn host(text: &str, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Box<str>, Refused> {
    match hostname::host(text) {
        Some(host) => Ok(host),
        None => element.refuse(at, Code::InvalidHostname, format!("{text:?} is not a host name")),
    }
}

/// `200-299, 404`
fn statuses(
    text: Option<&str>,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<Box<[(u16, u16)]>, Refused> {
    let text = text.unwrap_or("200-399");
    let range = |part: &str| {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        let (low, high) = (low.trim().parse::<u16>().ok()?, high.trim().parse::<u16>().ok()?);
        (100 <= low && low <= high && high <= 599).then_some((low, high))
    };
    match text.split(',').map(range).collect::<Option<Box<[_]>>>() {
        Some(ranges) => Ok(ranges),
        None => {
            let message = format!("{text:?} is not a list of status codes from 100 to 599");
            element.refuse(at, Code::InvalidHealthCheck, message)
        }
    }
}

/// Fully qualified, as a message of gRPC's health protocol carries it.
fn grpc_service(text: Option<&str>, at: &At<'_>, element: &mut Element<'_, '_>) -> Result<Box<str>, Refused> {
    let name = text.unwrap_or_default();
    if name.len() <= MAX_TEXT {
        return Ok(name.into());
    }
    element.refuse(at, Code::InvalidHealthCheck, format!("the name has {} bytes", name.len()))
}

fn threshold(
    count: Option<u32>,
    absent: u32,
    at: &At<'_>,
    element: &mut Element<'_, '_>,
) -> Result<u32, Refused> {
    match count.unwrap_or(absent) {
        count @ 1..=1000 => Ok(count),
        count => element.refuse(at, Code::InvalidHealthCheck, format!("{count} is not between 1 and 1000")),
    }
}
