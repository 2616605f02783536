//! The outer objects of both documents, and listeners.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Endpoint, Route, Service};
use crate::config::text::{Entries, Text};

/// `ghost.json`: who wants what (listeners, routes) and, unless `endpointsFile` is given, where it lives.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    bound(deserialize = "'de: 'a, L: Deserialize<'de>, R: Deserialize<'de>, S: Deserialize<'de>")
)]
#[schemars(title = "ghost.json")]
pub struct Document<'a, L, R, S> {
    /// Where editors find the schema of this file. Ignored by Ghost.
    #[serde(borrow, default, rename = "$schema")]
    pub schema: Option<Text<'a>>,
    /// Major version of the format. This build reads version 1.
    pub version: u32,
    /// Number of this state of the file, rising, set by whoever writes it.
    pub generation: Option<u64>,
    /// Where requests enter. Without listeners every request belongs to one listener named `default`.
    #[serde(default)]
    pub listeners: Vec<L>,
    /// The routes, in any order: precedence is the Gateway API's.
    #[serde(default)]
    pub routes: Vec<R>,
    /// The services that rules name, by key. The key is any text; `namespace/name:port` by convention.
    #[serde(default)]
    pub services: Entries<'a, S>,
    /// A second file that holds the endpoints of the services; relative to this file.
    pub endpoints_file: Option<Text<'a>>,
}

/// The document with its parts whole, for the schema.
pub type WholeDocument<'a> = Document<'a, Listener<'a>, Route<'a>, Service<'a>>;
/// The document split into its parts, each read on its own so that a broken one hurts no other.
pub type SplitDocument<'a> = Document<'a, &'a RawValue, &'a RawValue, &'a RawValue>;

/// The file that `endpointsFile` names: where services live.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, bound(deserialize = "'de: 'a, S: Deserialize<'de>"))]
#[schemars(title = "endpoints.json")]
pub struct EndpointsDocument<'a, S> {
    /// Where editors find the schema of this file. Ignored by Ghost.
    #[serde(borrow, default, rename = "$schema")]
    pub schema: Option<Text<'a>>,
    /// Major version of the format. This build reads version 1.
    pub version: u32,
    /// Number of this state of the file, rising, set by whoever writes it.
    pub generation: Option<u64>,
    /// Endpoints by service key.
    #[serde(default)]
    pub services: Entries<'a, S>,
}

/// The endpoints of one service in an endpoints file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceEndpoints<'a> {
    /// Where the service lives.
    #[serde(borrow, default)]
    pub endpoints: Vec<Endpoint<'a>>,
}

/// Gateway API `Listener`: a port, a protocol and the host names it answers for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Listener<'a> {
    /// Unique name; routes attach by it.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// TCP or UDP port as clients see it, 1 to 65535.
    pub port: u32,
    /// What is spoken on the port.
    pub protocol: Protocol,
    /// Exact host, `*.suffix`, or absent for any.
    pub hostname: Option<Text<'a>>,
}

/// Gateway API `ProtocolType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Protocol {
    /// Plain HTTP.
    #[serde(rename = "HTTP")]
    Http,
    /// HTTP over TLS, ended here.
    #[serde(rename = "HTTPS")]
    Https,
    /// TLS, passed through or ended here.
    #[serde(rename = "TLS")]
    Tls,
    /// Plain TCP.
    #[serde(rename = "TCP")]
    Tcp,
    /// UDP.
    #[serde(rename = "UDP")]
    Udp,
}
