//! One thread that serves: its runtime, its connections to backends, its part of the log.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use ghost_core::Draw;
use ghost_edge_config::EdgeConfiguration;
use http::HeaderMap;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use crate::accept;
use crate::body::End;
use crate::connect::Pool;
use crate::listen::Socket;
use crate::log::{Line, LineBuffer};
use crate::receive::Connection;
use crate::record::Record;
use crate::state::{Generation, Phase, Shared};

/// Lines of the log wait this long for company.
const LOG_FLUSH: Duration = Duration::from_millis(200);
/// Kept connections are looked through this often.
const SWEEP: Duration = Duration::from_secs(1);

/// What the main thread asks of a worker.
pub(crate) enum Command {
    /// Accept on a socket until told otherwise; whoever holds the other end says when.
    Listen {
        /// Name of the listener.
        name: Box<str>,
        /// The socket.
        socket: Socket,
        /// Places for connections.
        places: Arc<Semaphore>,
        /// Closed when the listener goes.
        stop: watch::Receiver<()>,
    },
    /// Tell how many connections are open, once none is or nobody waits any more.
    Idle(oneshot::Sender<()>),
}

/// One thread that serves.
pub(crate) struct Worker {
    /// What all workers share.
    pub(crate) shared: Arc<Shared>,
    /// Connections to endpoints.
    pub(crate) pool: Pool,
    generation: RefCell<arc_swap::Cache<&'static arc_swap::ArcSwap<Generation>, Arc<Generation>>>,
    random: Cell<u64>,
    lines: RefCell<LineBuffer>,
    /// Connections that are open here.
    pub(crate) open: Cell<usize>,
    emptied: tokio::sync::Notify,
    replay: bool,
}

impl Worker {
    /// Serves until all commands are given and all connections are closed.
    pub(crate) fn run(
        shared: &'static Arc<Shared>,
        seed: u64,
        replay: bool,
        commands: mpsc::UnboundedReceiver<Command>,
    ) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let worker = Rc::new(Worker {
            shared: Arc::clone(shared),
            pool: Pool::default(),
            generation: RefCell::new(arc_swap::Cache::new(&shared.generation)),
            random: Cell::new(seed | 1),
            lines: RefCell::default(),
            open: Cell::new(0),
            emptied: tokio::sync::Notify::new(),
            replay,
        });
        tokio::task::LocalSet::new().block_on(&runtime, Rc::clone(&worker).serve(commands));
        worker.flush();
        Ok(())
    }

    async fn serve(self: Rc<Self>, mut commands: mpsc::UnboundedReceiver<Command>) {
        let mut phase = self.shared.phase.subscribe();
        let (mut flush, mut sweep) = (tokio::time::interval(LOG_FLUSH), tokio::time::interval(SWEEP));
        loop {
            tokio::select! {
                command = commands.recv() => match command {
                    Some(Command::Listen { name, socket, places, stop }) => {
                        tokio::task::spawn_local(accept::accept(Rc::clone(&self), name, socket, places, stop));
                    }
                    Some(Command::Idle(told)) => {
                        let worker = Rc::clone(&self);
                        tokio::task::spawn_local(async move {
                            while worker.open.get() > 0 {
                                worker.emptied.notified().await;
                            }
                            _ = told.send(());
                        });
                    }
                    None => return,
                },
                _ = flush.tick() => self.flush(),
                _ = sweep.tick() => self.sweep(),
                _ = phase.wait_for(|phase| *phase == Phase::Stopping) => return,
            }
        }
    }

    fn sweep(&self) {
        let generation = self.generation();
        self.pool.sweep(|endpoint| {
            let of_service = generation.services.get(&endpoint.service);
            of_service.is_some_and(|service| service.endpoints.iter().any(|one| Arc::ptr_eq(one, endpoint)))
                || generation.varnish.as_ref().is_some_and(|leg| Arc::ptr_eq(leg.endpoint(), endpoint))
        });
    }

    /// What requests are decided by now.
    pub(crate) fn generation(&self) -> Arc<Generation> {
        Arc::clone(self.generation.borrow_mut().load())
    }

    /// What the current generation was made from.
    pub(crate) fn configuration(&self) -> Arc<EdgeConfiguration> {
        Arc::clone(&self.generation.borrow_mut().load().configuration)
    }

    /// A random number (SplitMix64): for choices, not for secrets.
    pub(crate) fn random(&self) -> u64 {
        let state = self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.set(state);
        let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// The random number of a decision; the one that a request names, where decisions are to be replayed.
    pub(crate) fn draw(&self, headers: &HeaderMap) -> Draw {
        let named = || headers.get(REPLAYED)?.to_str().ok()?.parse().ok();
        match self.replay.then(named).flatten() {
            Some(number) => Draw::from_unit(number),
            None => Draw::from_bits(self.random()),
        }
    }

    /// Whether requests may name their draw and see their decision.
    pub(crate) fn replays(&self) -> bool {
        self.replay
    }

    /// A connection was closed.
    pub(crate) fn closed(&self) {
        self.open.set(self.open.get() - 1);
        if self.open.get() == 0 {
            self.emptied.notify_waiters();
        }
    }

    /// Writes a request into the log.
    pub(crate) fn log(&self, connection: &Connection, record: &Record, end: End, bytes: u64, took: Duration) {
        let configuration = self.configuration();
        let Some(log) = &configuration.access_log else { return };
        let line = Line { connection, record, end, bytes, took };
        let mut lines = self.lines.borrow_mut();
        lines.write(log, &line);
        if lines.is_long() {
            self.shared.writers.access(lines.take(), &self.shared.metrics);
        }
        if log.slow_milliseconds != 0 && took.as_millis() >= u128::from(log.slow_milliseconds) {
            self.shared.metrics.event("slowRequest");
            tracing::warn!(
                id = &*record.id,
                milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                endpoint = record.endpoint.as_ref().map_or("-", |endpoint| &endpoint.name),
                "slow request"
            );
        }
    }

    fn flush(&self) {
        let mut lines = self.lines.borrow_mut();
        if !lines.is_empty() {
            self.shared.writers.access(lines.take(), &self.shared.metrics);
        }
    }
}

/// The header that names a draw, where decisions are to be replayed.
pub(crate) const REPLAYED: &str = "ghost-test-draw";
