//! Decides where an HTTP request goes.
//!
//! Documents are checked ([`check`]), compiled ([`RouteTable`], [`EndpointTable`]) and asked ([`decide`]). The crate does
//! no I/O, reads no clock, draws no random numbers and starts no threads: all of that comes in as arguments, so the
//! same inputs give the same decision in varnishd, at the edge and in a terminal.
//!
//! From a document to an endpoint, and what is done to the request on the way:
//!
//! ```
//! use ghost_core::filter::header;
//! use ghost_core::request::{Entrance, HeaderPairs, Request, Scheme};
//! use ghost_core::select::PickInput;
//! use ghost_core::{Draw, EndpointTable, Outcome, RouteTable, check, decide, lint};
//!
//! let document = br#"{ "version": 1,
//!     "services": { "cart": { "endpoints": [ { "address": "10.0.0.7", "port": 3000 } ] } },
//!     "routes": [ { "name": "shop", "rules": [ {
//!         "filters": [ { "type": "RequestHeaderModifier",
//!             "requestHeaderModifier": { "set": [ { "name": "x-from", "value": "ghost" } ] } } ],
//!         "backends": [ { "service": "cart", "weight": 9 } ] } ] } ] }"#;
//! let routes = check(document, "ghost.json").routes.unwrap();
//! let (table, endpoints) = (RouteTable::build(&routes), EndpointTable::build(&routes, None));
//! assert!(lint(&table, &routes).is_empty());
//!
//! let mut headers = vec![(b"x-from".to_vec(), b"client".to_vec())];
//! let request = Request { entrance: Entrance::Port(80), scheme: Scheme::Http, method: b"GET", host: b"shop.example",
//!     path: b"/", query: None, headers: &HeaderPairs(&headers) };
//! let decision = decide(&table, &request);
//! let Outcome::Forward(backends) = decision.outcome else { panic!("it is forwarded") };
//! let (backend, rest) = backends.pick(Draw::from_unit(0.5)).unwrap();
//! let endpoint = endpoints.service(&backend.service).unwrap().pick(&PickInput::new(rest)).unwrap();
//! assert_eq!(endpoint.address.to_string(), "10.0.0.7:3000");
//!
//! let filters = decision.winner.unwrap().rule.filters.as_ref().unwrap();
//! header::apply(header::edits(&filters.request_headers), &mut headers);
//! assert_eq!(headers, [(b"x-from".to_vec(), b"ghost".to_vec())]);
//! ```
//!
//! One changed route, and why a request goes where it goes:
//!
//! ```
//! use ghost_core::document::{DecideOptions, RequestDocument, explain};
//! use ghost_core::{EndpointTable, RouteTable, check};
//!
//! let read = |path: &str| {
//!     let document = format!(r#"{{ "version": 1, "services": {{ "s": {{}} }}, "routes": [ {{ "name": "a",
//!         "rules": [ {{ "matches": [ {{ "path": {{ "value": "{path}" }} }} ], "backends": [ {{ "service": "s" }} ] }} ] }} ] }}"#);
//!     check(document.as_bytes(), "ghost.json").routes.unwrap()
//! };
//! let (before, after) = (read("/old"), read("/new"));
//! let table = RouteTable::build(&before).apply(Some(2), &after.changes_since(&before).unwrap());
//! let request = RequestDocument { method: "GET".into(), url: "http://a.example/old".into(), headers: vec![] };
//! let told = explain(&table, &EndpointTable::build(&after, None), &request, &DecideOptions::default());
//! assert_eq!((told.decision.status, &*told.candidates[0].stage), (Some(404), "path"));
//! ```

#![forbid(unsafe_code)]

pub mod compare;
pub mod compile;
pub mod config;
pub mod decide;
pub mod document;
pub mod filter;
mod lint;
pub mod model;
pub mod request;
pub mod select;

pub use compile::RouteTable;
pub use config::{Checked, CheckedEndpoints, Diagnostic, check, check_endpoints};
pub use decide::{Decision, Outcome, Why, decide};
pub use lint::lint;
pub use select::{Draw, EndpointTable};
