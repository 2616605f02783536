//! The leg to a varnishd that loaded `vmod_ghost` with the same routes. There the VMOD alone decides and filters; the edge
//! passes listener, scheme and client over the trusted socket.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use ghost_core::Draw;
use ghost_core::model::Address;
use ghost_edge_config::EdgeConfiguration;
use ghost_edge_config::model::{ServicePolicy, VarnishUse};
use http::Method;

use crate::connect::Wire;
use crate::decide::Asked;
use crate::filter::{self, CorsHeaders};
use crate::forward::Plan;
use crate::select::Keys;
use crate::state::{Endpoint, Endpoints, Service};

/// Name of the leg in logs and metrics; no service key has a space.
const NAME: &str = "varnishd";

/// A varnishd behind the edge.
pub(crate) struct VarnishLeg {
    service: Arc<Service>,
    when: VarnishUse,
}

impl VarnishLeg {
    /// The leg of a configuration, where it has one.
    pub(crate) fn new(configuration: &EdgeConfiguration, known: &Endpoints) -> Option<Self> {
        let varnish = configuration.varnish.as_ref()?;
        let policy = ServicePolicy {
            health_check: None,
            outlier_ejection: None,
            proxy_protocol: None,
            pool: varnish.pool,
            response_timeout: varnish.response_timeout,
            ..configuration.default_policy.clone()
        };
        let address = Address::Unix(varnish.socket.clone());
        let service = Service {
            key: NAME.into(),
            endpoints: [known.find(NAME, &address, policy.in_flight.limit)].into(),
            policy,
            wire: Ok(Wire::Http1),
            turn: Arc::new(AtomicU64::new(0)),
            outliers: Arc::default(),
            budget: Arc::default(),
        };
        Some(Self { service: Arc::new(service), when: varnish.when.clone() })
    }

    /// Whether a request goes there. Tunnels never do: varnishd would only pipe them.
    pub(crate) fn takes(&self, listener: &str, method: &Method, tunnel: bool) -> bool {
        !tunnel
            && match &self.when {
                VarnishUse::Always => true,
                VarnishUse::Cacheable => *method == Method::GET || *method == Method::HEAD,
                VarnishUse::Listeners(names) => names.iter().any(|name| **name == *listener),
            }
    }

    /// The varnishd.
    pub(crate) fn endpoint(&self) -> &Arc<Endpoint> {
        &self.service.endpoints[0]
    }
}

impl<'p> Plan<'p> {
    /// The request as it came, but for its canonical path.
    pub(crate) fn through(leg: &'p VarnishLeg, asked: &'p Asked, method: &Method, draw: Draw) -> Self {
        Self {
            service: &leg.service,
            table: None,
            keys: Keys::default(),
            policy: None,
            target: filter::target(&[], &asked.path, asked.query.as_deref(), asked.authority(), None),
            method: method.clone(),
            chain: Vec::new(),
            cors: Vec::<CorsHeaders>::new(),
            inbound: &asked.inbound,
            way: &asked.way,
            draw,
            varnish: Some(leg),
        }
    }
}
