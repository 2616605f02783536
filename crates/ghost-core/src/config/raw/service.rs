//! Services and endpoints.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::text::Text;

/// How a service is spoken to and how its endpoints are chosen.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service<'a> {
    /// What the endpoints speak.
    #[serde(default)]
    pub protocol: ServiceProtocol,
    /// How an endpoint is chosen. Absent: random by weight.
    #[serde(borrow)]
    pub load_balancing: Option<LoadBalancing<'a>>,
    /// Only endpoints with this tag are used.
    pub active_tag: Option<Text<'a>>,
    /// Prefer endpoints of this zone while any of them is usable.
    pub zone: Option<Text<'a>>,
    /// How endpoints are asked whether they live. Absent: they are not asked.
    pub health_check: Option<HealthCheck<'a>>,
    /// A name whose addresses are endpoints too. Bodies that resolve names keep to its time to live.
    pub resolve: Option<Resolve<'a>>,
    /// Where the service lives, unless `endpointsFile` is given.
    #[serde(default)]
    pub endpoints: Vec<Endpoint<'a>>,
}

/// How endpoints are asked whether they live, by whoever sends them requests or writes their state.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HealthCheck<'a> {
    /// What is asked. Absent: grpc for a service of protocol grpc, else http.
    #[serde(rename = "type")]
    pub kind: Option<HealthCheckKind>,
    /// Path and query of an http check. Absent: /health.
    #[serde(borrow)]
    pub path: Option<Text<'a>>,
    /// Host that an http or grpc check sends. Absent: the endpoint's address.
    pub host: Option<Text<'a>>,
    /// Status codes of an http check that mean alive: numbers and ranges such as 200-299, 404. Absent: 200-399.
    pub statuses: Option<Text<'a>>,
    /// Service that a grpc check asks for. Absent: the server as a whole.
    pub grpc_service: Option<Text<'a>>,
    /// Pause between two checks of an endpoint, at least 100ms. Absent: 5s.
    pub interval: Option<Text<'a>>,
    /// Time for connection and answer. Absent: 1s.
    pub timeout: Option<Text<'a>>,
    /// Failures in a row that take an endpoint out, 1 to 1000. Absent: 3.
    pub failure_threshold: Option<u32>,
    /// Successes in a row that bring it back, 1 to 1000. Absent: 2.
    pub success_threshold: Option<u32>,
    /// Time after which successes count again. Absent: 5s.
    pub cooldown: Option<Text<'a>>,
}

/// What a health check asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum HealthCheckKind {
    /// A GET, by HTTP/1.1 or HTTP/2 as the service's protocol says.
    #[default]
    Http,
    /// A connection that can be opened.
    Tcp,
    /// grpc.health.v1.Health/Check.
    Grpc,
}

/// A name to resolve.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resolve<'a> {
    /// Host name; no address.
    #[serde(borrow)]
    pub hostname: Text<'a>,
    /// TCP port of every address, 1 to 65535.
    pub port: u32,
}

/// What an endpoint speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ServiceProtocol {
    /// HTTP/1.1.
    #[default]
    Http1,
    /// HTTP/2 with prior knowledge.
    H2c,
    /// HTTP/2 over TLS.
    Http2,
    /// gRPC.
    Grpc,
    /// WebSocket.
    Websocket,
    /// HTTP over TLS.
    Tls,
}

/// How an endpoint is chosen.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LoadBalancing<'a> {
    /// The algorithm.
    #[serde(rename = "type")]
    pub kind: LoadBalancingKind,
    /// What ringHash and maglev hash. Absent: the client address.
    #[serde(borrow)]
    pub hash_on: Option<HashOn<'a>>,
    /// How long a new endpoint takes to earn its whole weight. Absent: none.
    pub slow_start: Option<Text<'a>>,
    /// Share of healthy endpoints, in percent, below which health is ignored. Absent: 0, never.
    pub panic_threshold: Option<u32>,
}

/// Load balancing algorithms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum LoadBalancingKind {
    /// Random by weight.
    #[default]
    Random,
    /// In turn by weight.
    RoundRobin,
    /// The less busy of two random ones.
    LeastRequest,
    /// Consistent hash on a ring.
    RingHash,
    /// Consistent hash by a Maglev table.
    Maglev,
}

/// What a consistent hash is computed over.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HashOn<'a> {
    /// Where the key comes from.
    #[serde(rename = "type")]
    pub kind: HashOnKind,
    /// Name of the header or cookie.
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
}

/// Where a hash key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum HashOnKind {
    /// The canonical host.
    Host,
    /// The canonical path.
    Path,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
    /// The client's address.
    ClientAddress,
}

/// One address of a service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Endpoint<'a> {
    /// IPv4 or IPv6 address, or `unix:/path`. Names are resolved by whoever writes the document.
    #[serde(borrow)]
    pub address: Text<'a>,
    /// TCP port, 1 to 65535; none for a Unix socket.
    pub port: Option<u32>,
    /// Share among the service's endpoints. Absent: 1. 0: none.
    pub weight: Option<u32>,
    /// Labels that `activeTag` chooses by.
    #[serde(default)]
    pub tags: Vec<Text<'a>>,
    /// Failure domain.
    pub zone: Option<Text<'a>>,
    /// Whether it may get requests.
    #[serde(default)]
    pub state: EndpointState,
}

/// Kubernetes endpoint conditions in one word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EndpointState {
    /// Takes requests.
    #[default]
    Ready,
    /// Terminating but serving: used only when nothing is ready.
    Serving,
    /// Takes none.
    Down,
}
