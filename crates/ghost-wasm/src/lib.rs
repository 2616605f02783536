//! ghost-core as WebAssembly: convert, call, convert.
//!
//! The same exports as ghost-node. This target cannot unwind, so a panic throws out of its hook: the caller gets an
//! error whose `code` is `internal`, and must not use this instance any more.

use std::panic;

use ghost_schema::replay::Piece;
use ghost_schema::{Failure, FailureCode, json};
use js_sys::{Error, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsValue, throw_val};

type Result<T> = std::result::Result<T, JsValue>;

fn thrown(failure: Failure) -> JsValue {
    let error = Error::new(&failure.message);
    // Fails for frozen objects only, and this one is new.
    _ = Reflect::set(&error, &"code".into(), &failure.code.as_ref().into());
    error.into()
}

/// Runs once, when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    panic::set_hook(Box::new(|info| {
        throw_val(thrown(Failure::new(FailureCode::Internal, info.to_string())))
    }));
}

/// Version of the core.
#[wasm_bindgen]
pub fn version() -> String {
    ghost_schema::VERSION.to_owned()
}

/// Checks a routing document; a `CheckReport` in JSON.
#[wasm_bindgen]
pub fn check(document: &[u8], file: &str) -> Result<String> {
    json(&ghost_schema::check(document, file)).map_err(thrown)
}

/// Checks an edge's configuration in the words of `EdgeSurroundings`; an `EdgeReport`, both in JSON.
#[wasm_bindgen(js_name = checkEdge)]
pub fn check_edge(document: &[u8], format: &str, file: &str, surroundings: &str) -> Result<String> {
    ghost_schema::check_edge(document, format, file, surroundings)
        .and_then(|report| json(&report))
        .map_err(thrown)
}

/// What came of compiling.
#[wasm_bindgen]
pub struct Compilation {
    diagnostics: String,
    table: Option<Table>,
}

#[wasm_bindgen]
impl Compilation {
    /// Compiles a routing document with its endpoints document, where it has one.
    #[wasm_bindgen(constructor)]
    pub fn new(
        routes: &[u8],
        file: &str,
        endpoints: Option<Box<[u8]>>,
        endpoints_file: &str,
    ) -> Result<Self> {
        let endpoints = endpoints.as_deref().map(|endpoints| (endpoints, endpoints_file));
        let compiled = ghost_schema::compile((routes, file), endpoints);
        let diagnostics = json(&compiled.diagnostics).map_err(thrown)?;
        Ok(Self { diagnostics, table: compiled.table.map(Table) })
    }

    /// Every finding, as a list in JSON.
    pub fn diagnostics(&self) -> String {
        self.diagnostics.clone()
    }

    /// Takes the table out; nothing when a document cannot be read, or when it was taken before.
    pub fn table(&mut self) -> Option<Table> {
        self.table.take()
    }
}

/// Routes and endpoints, ready to be asked.
#[wasm_bindgen]
pub struct Table(ghost_schema::Table);

#[wasm_bindgen]
impl Table {
    /// Decides a `RequestInput` under `DecideOptions`, giving a `Decision`; all three are JSON.
    pub fn decide(&self, request: &str, options: &str) -> Result<String> {
        self.0.decide(request, options).map_err(thrown)
    }

    /// As `decide`, giving an `Explanation`.
    pub fn explain(&self, request: &str, options: &str) -> Result<String> {
        self.0.explain(request, options).map_err(thrown)
    }

    /// Decides many requests under the same `DecideOptions`; `ghost_schema::batch` describes block, layout and words.
    #[wasm_bindgen(js_name = decideBatch)]
    pub fn decide_batch(&self, block: &[u8], layout: &[u32], options: &str) -> Result<Vec<u32>> {
        self.0.decide_batch(block, layout, options).map_err(thrown)
    }

    /// What the words of a batch stand for, a `TableListing` in JSON.
    pub fn listing(&self) -> Result<String> {
        json(&self.0.listing()).map_err(thrown)
    }

    /// What another table answers differently, a `Comparison` in JSON.
    pub fn compare(&self, after: &Table) -> Result<String> {
        self.0.compare(&after.0).map_err(thrown)
    }

    /// What the table holds, a `TableSummary` in JSON.
    pub fn summary(&self) -> Result<String> {
        json(&self.0.summary()).map_err(thrown)
    }
}

/// The requests of a piece of a log, `RequestInput`s in JSON, by `ReplayOptions`.
#[wasm_bindgen(js_name = loggedRequests)]
pub fn logged_requests(bytes: &[u8], options: &str) -> Result<String> {
    ghost_schema::logged_requests(bytes, options).map_err(thrown)
}

/// A log on its way through one table or two; `ghost_schema::replay` describes pieces and reports.
#[wasm_bindgen]
pub struct Replay(ghost_schema::Replay);

#[wasm_bindgen]
impl Replay {
    /// Begins, by `ReplayOptions` in JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Self> {
        ghost_schema::Replay::new(options).map(Self).map_err(thrown)
    }

    /// Decides every request of a piece of the log, `offset` bytes behind its beginning; how many lines the piece has.
    pub fn feed(&mut self, table: &Table, bytes: &[u8], number: u32, offset: f64) -> u32 {
        self.0.feed(&table.0, None, piece(bytes, number, offset))
    }

    /// As `feed`, by both tables.
    #[wasm_bindgen(js_name = feedBoth)]
    pub fn feed_both(
        &mut self,
        table: &Table,
        against: &Table,
        bytes: &[u8],
        number: u32,
        offset: f64,
    ) -> u32 {
        self.0.feed(&table.0, Some(&against.0), piece(bytes, number, offset))
    }

    /// What came of it so far, a `ReplayReport` in JSON.
    pub fn report(&self) -> Result<String> {
        json(&self.0.report()).map_err(thrown)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "offsets are whole numbers below 2^53, and `as` saturates"
)]
fn piece(bytes: &[u8], number: u32, offset: f64) -> Piece<'_> {
    Piece { bytes, number, offset: offset as u64 }
}

/// What is learnt about endpoints while they serve; `ghost_schema::live` describes it.
#[wasm_bindgen]
#[derive(Default)]
pub struct LiveEndpoints(ghost_schema::LiveEndpoints);

#[wasm_bindgen]
impl LiveEndpoints {
    /// Nothing is known.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(ghost_schema::LiveEndpoints::new())
    }

    /// Takes routes in; false where they cannot be read.
    #[wasm_bindgen(js_name = setRoutes)]
    pub fn set_routes(&mut self, document: &[u8], file: &str) -> bool {
        self.0.set_routes(document, file)
    }

    /// Takes an endpoints document in, or that there is none; false where it cannot be read.
    #[wasm_bindgen(js_name = setEndpoints)]
    pub fn set_endpoints(&mut self, document: Option<Box<[u8]>>, file: &str) -> bool {
        self.0.set_endpoints(document.as_deref().map(|bytes| (bytes, file)))
    }

    /// Whether a service asks for probes or addresses.
    #[wasm_bindgen(js_name = isAsked)]
    pub fn is_asked(&self) -> bool {
        self.0.is_asked()
    }

    /// What is to be probed and resolved, a `LivePlan` in JSON.
    pub fn plan(&self) -> Result<String> {
        self.0.plan().map_err(thrown)
    }

    /// Takes the result of a probe; whether the endpoint's state changed.
    pub fn observe(&mut self, service: &str, endpoint: &str, passed: bool, now: f64) -> bool {
        self.0.observe(service, endpoint, passed, milliseconds(now))
    }

    /// Takes the addresses of a service's name, a list in JSON; whether they are others than before.
    pub fn resolve(&mut self, service: &str, addresses: &str) -> Result<bool> {
        self.0.resolve(service, addresses).map_err(thrown)
    }

    /// The endpoints document to serve.
    pub fn document(&self) -> Result<String> {
        self.0.document().map_err(thrown)
    }
}

/// Milliseconds of a clock in JavaScript.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds stay far below 2^53, and `as` saturates"
)]
fn milliseconds(now: f64) -> u64 {
    now as u64
}
