//! The checked model: what routes, rules and services mean, valid by construction.
//!
//! Values are made by [`crate::config`] only, so nothing downstream checks them again.

mod endpoint;
mod filter;
mod health;
mod hostname;
mod listener;
pub(crate) mod pattern;
mod policy;
mod route;
mod time;

pub use endpoint::{Address, Endpoint, Endpoints, HashOn, LoadBalancing, Resolve, Service, State};
pub use filter::{
    Cors, Filters, Header, HeaderModifier, Mirror, OriginPattern, PathRewrite, Redirect, Rewrite, Share,
};
pub use health::{HealthCheck, Thresholds};
pub use hostname::{HostPattern, HostSpecificity};
pub use listener::Listener;
pub use pattern::{InvalidPattern, Pattern};
pub use policy::{CachePolicy, Policy, Retry, SessionPersistence};
pub use route::{
    Action, Backend, GrpcMethod, HeaderMatch, InvalidBackend, Match, PathMatch, Quarantined, QueryMatch,
    Route, Routes, Rule, TextMatch, WeightedBackends,
};
pub use time::{Timestamp, parse_duration};

pub use crate::config::raw::{
    CookieLifetime, HealthCheckKind, InvalidReference, LoadBalancingKind, Protocol, RouteKind,
    ServiceProtocol, SessionPersistenceKind,
};
