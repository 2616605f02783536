//! ghost-core in Node as a native addon: convert, call, convert.
//!
//! The same exports as ghost-wasm. Every entry is guarded: a panic becomes a thrown error whose `code` is `internal`,
//! never the end of the process.

use ghost_schema::replay::Piece;
use ghost_schema::{Failure, FailureCode, guard, json};
use napi::Error;
use napi::bindgen_prelude::Uint32Array;
use napi_derive::napi;

type Result<T> = napi::Result<T, FailureCode>;

fn enter<T>(body: impl FnOnce() -> std::result::Result<T, Failure>) -> Result<T> {
    guard(body).map_err(|failure| Error::new(failure.code, failure.message))
}

/// Version of the core.
#[napi]
pub fn version() -> &'static str {
    ghost_schema::VERSION
}

/// Checks a routing document; a `CheckReport` in JSON.
#[napi]
pub fn check(document: &[u8], file: String) -> Result<String> {
    enter(|| json(&ghost_schema::check(document, &file)))
}

/// Checks an edge's configuration in the words of `EdgeSurroundings`; an `EdgeReport`, both in JSON.
#[napi]
pub fn check_edge(document: &[u8], format: String, file: String, surroundings: String) -> Result<String> {
    enter(|| {
        ghost_schema::check_edge(document, &format, &file, &surroundings).and_then(|report| json(&report))
    })
}

/// What came of compiling.
#[napi]
pub struct Compilation {
    diagnostics: String,
    table: Option<Table>,
}

#[napi]
impl Compilation {
    /// Compiles a routing document with its endpoints document, where it has one.
    #[napi(constructor)]
    pub fn new(
        routes: &[u8],
        file: String,
        endpoints: Option<&[u8]>,
        endpoints_file: String,
    ) -> Result<Self> {
        enter(|| {
            let endpoints = endpoints.map(|endpoints| (endpoints, &*endpoints_file));
            let compiled = ghost_schema::compile((routes, &file), endpoints);
            Ok(Self {
                diagnostics: json(&compiled.diagnostics)?,
                table: compiled.table.map(|table| Table(Some(table))),
            })
        })
    }

    /// Every finding, as a list in JSON.
    #[napi]
    pub fn diagnostics(&self) -> String {
        self.diagnostics.clone()
    }

    /// Takes the table out; nothing when a document cannot be read, or when it was taken before.
    #[napi]
    pub fn table(&mut self) -> Option<Table> {
        self.table.take()
    }

    /// Gives the memory back, and with it a table that was not taken.
    #[napi]
    pub fn free(&mut self) {
        *self = Self { diagnostics: String::new(), table: None };
    }
}

const FREED: &str = "the table is freed";

/// Routes and endpoints, ready to be asked.
#[napi]
pub struct Table(Option<ghost_schema::Table>);

#[napi]
impl Table {
    fn ask<T>(
        &self,
        body: impl FnOnce(&ghost_schema::Table) -> std::result::Result<T, Failure>,
    ) -> Result<T> {
        let freed = || Failure::new(FailureCode::Internal, FREED);
        enter(|| body(self.0.as_ref().ok_or_else(freed)?))
    }

    /// Decides a `RequestInput` under `DecideOptions`, giving a `Decision`; all three are JSON.
    #[napi]
    pub fn decide(&self, request: String, options: String) -> Result<String> {
        self.ask(|table| table.decide(&request, &options))
    }

    /// As `decide`, giving an `Explanation`.
    #[napi]
    pub fn explain(&self, request: String, options: String) -> Result<String> {
        self.ask(|table| table.explain(&request, &options))
    }

    /// Decides many requests under the same `DecideOptions`; `ghost_schema::batch` describes block, layout and words.
    #[napi]
    pub fn decide_batch(&self, block: &[u8], layout: &[u32], options: String) -> Result<Uint32Array> {
        self.ask(|table| table.decide_batch(block, layout, &options)).map(Uint32Array::from)
    }

    /// What the words of a batch stand for, a `TableListing` in JSON.
    #[napi]
    pub fn listing(&self) -> Result<String> {
        self.ask(|table| json(&table.listing()))
    }

    /// What another table answers differently, a `Comparison` in JSON.
    #[napi]
    pub fn compare(&self, after: &Table) -> Result<String> {
        let after = after.0.as_ref().ok_or_else(|| Error::new(FailureCode::Internal, FREED))?;
        self.ask(|table| table.compare(after))
    }

    /// What the table holds, a `TableSummary` in JSON.
    #[napi]
    pub fn summary(&self) -> Result<String> {
        self.ask(|table| json(&table.summary()))
    }

    /// Gives the memory back; every later call fails.
    #[napi]
    pub fn free(&mut self) {
        self.0 = None;
    }
}

/// The requests of a piece of a log, `RequestInput`s in JSON, by `ReplayOptions`.
#[napi]
pub fn logged_requests(bytes: &[u8], options: String) -> Result<String> {
    enter(|| ghost_schema::logged_requests(bytes, &options))
}

/// A log on its way through one table or two; `ghost_schema::replay` describes pieces and reports.
#[napi]
pub struct Replay(ghost_schema::Replay);

#[napi]
impl Replay {
    /// Begins, by `ReplayOptions` in JSON.
    #[napi(constructor)]
    pub fn new(options: String) -> Result<Self> {
        enter(|| ghost_schema::Replay::new(&options).map(Self))
    }

    /// Decides every request of a piece of the log, `offset` bytes behind its beginning; how many lines the piece has.
    #[napi]
    pub fn feed(&mut self, table: &Table, bytes: &[u8], number: u32, offset: f64) -> Result<u32> {
        table.ask(|table| Ok(self.0.feed(table, None, piece(bytes, number, offset))))
    }

    /// As `feed`, by both tables.
    #[napi]
    pub fn feed_both(
        &mut self,
        table: &Table,
        against: &Table,
        bytes: &[u8],
        number: u32,
        offset: f64,
    ) -> Result<u32> {
        let piece = piece(bytes, number, offset);
        table.ask(|table| {
            let against = against.0.as_ref().ok_or_else(|| Failure::new(FailureCode::Internal, FREED))?;
            Ok(self.0.feed(table, Some(against), piece))
        })
    }

    /// What came of it so far, a `ReplayReport` in JSON.
    #[napi]
    pub fn report(&self) -> Result<String> {
        enter(|| json(&self.0.report()))
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
#[napi]
#[derive(Default)]
pub struct LiveEndpoints(ghost_schema::LiveEndpoints);

#[napi]
impl LiveEndpoints {
    /// Nothing is known.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self(ghost_schema::LiveEndpoints::new())
    }

    /// Takes routes in; false where they cannot be read.
    #[napi]
    pub fn set_routes(&mut self, document: &[u8], file: String) -> Result<bool> {
        enter(|| Ok(self.0.set_routes(document, &file)))
    }

    /// Takes an endpoints document in, or that there is none; false where it cannot be read.
    #[napi]
    pub fn set_endpoints(&mut self, document: Option<&[u8]>, file: String) -> Result<bool> {
        enter(|| Ok(self.0.set_endpoints(document.map(|bytes| (bytes, &*file)))))
    }

    /// Whether a service asks for probes or addresses.
    #[napi]
    pub fn is_asked(&self) -> bool {
        self.0.is_asked()
    }

    /// What is to be probed and resolved, a `LivePlan` in JSON.
    #[napi]
    pub fn plan(&self) -> Result<String> {
        enter(|| self.0.plan())
    }

    /// Takes the result of a probe; whether the endpoint's state changed.
    #[napi]
    pub fn observe(&mut self, service: String, endpoint: String, passed: bool, now: f64) -> Result<bool> {
        enter(|| Ok(self.0.observe(&service, &endpoint, passed, milliseconds(now))))
    }

    /// Takes the addresses of a service's name, a list in JSON; whether they are others than before.
    #[napi]
    pub fn resolve(&mut self, service: String, addresses: String) -> Result<bool> {
        enter(|| self.0.resolve(&service, &addresses))
    }

    /// The endpoints document to serve.
    #[napi]
    pub fn document(&self) -> Result<String> {
        enter(|| self.0.document())
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
