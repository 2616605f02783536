//! Runs the edge: workers, signals, changes of the configuration, the end.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::ArcSwap;
use sd_notify::NotifyState;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, oneshot, watch};

use crate::control::{Beginnings, Control, Reloaded, Resolved};
use crate::metrics::Metrics;
use crate::observe;
use crate::source::Source;
use crate::state::{Admission, Endpoints, Generation, Ingredients, Phase, Shared};
use crate::tls::Tickets;
use crate::worker::{Command, Worker};
use crate::{control, source};

/// The configuration's files are looked at this often.
const WATCH: Duration = Duration::from_millis(500);
/// Names are resolved this often.
const NAMES: Duration = Duration::from_secs(10);
/// Memory is looked at this often.
const MEMORY: Duration = Duration::from_millis(200);

/// How the edge ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As asked, with nothing cut.
    Done,
    /// It cannot run.
    Failed,
    /// The configuration is refused.
    Refused,
    /// Some requests did not end in time.
    CutShort,
}

/// What the edge is started with.
#[derive(Debug)]
pub(crate) struct Options<'o> {
    /// The configuration file.
    pub(crate) config: &'o Path,
    /// Folder with the last good configuration, served when this one is refused.
    pub(crate) last_good: Option<&'o Path>,
    /// Requests may name their draw and see their decision.
    pub(crate) replay: bool,
}

/// Runs until a signal ends it.
pub(crate) fn run(options: &Options<'_>) -> Outcome {
    let source = Source::new(options.config);
    let mut loaded = source.load();
    if loaded.configuration.is_none() {
        for finding in &loaded.diagnostics {
            report(&source::lines(finding));
        }
        let Some(last) = options.last_good.and_then(|state| source.last_good(state)) else {
            return Outcome::Refused;
        };
        report("the configuration is refused, the last good one serves");
        loaded = last;
    }
    let Some(configuration) = loaded.configuration else { return Outcome::Refused };
    crate::trace::start(&configuration.log);
    for finding in &loaded.diagnostics {
        tracing::warn!("{}", source::lines(finding));
    }
    let seed = crate::random();
    let Ok(tickets) = Tickets::new() else {
        report("this machine gives no random numbers");
        return Outcome::Failed;
    };
    let workers = configuration.workers.map_or_else(cores, usize::from);
    let shared = match first(configuration, &source, &tickets, seed) {
        Ok(shared) => shared,
        Err(errors) => {
            errors.iter().for_each(|error| report(&error.to_string()));
            return Outcome::Refused;
        }
    };
    let (queues, threads) = start_workers(shared, workers, options.replay);
    let beginnings = Beginnings { shared, source, tickets, seed, workers: queues };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return Outcome::Failed;
    };
    let mut control = Control::new(beginnings);
    let local = tokio::task::LocalSet::new();
    let outcome = local.block_on(&runtime, main(&mut control, &loaded.bytes));
    drop(control);
    for thread in threads {
        _ = thread.join();
    }
    shared.writers.flush();
    outcome
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Lives as long as the process.
static SHARED: OnceLock<Arc<Shared>> = OnceLock::new();

fn first(
    configuration: ghost_edge_config::EdgeConfiguration,
    source: &Source,
    tickets: &Tickets,
    seed: u64,
) -> Result<&'static Arc<Shared>, Vec<crate::state::GenerationError>> {
    let (metrics, endpoints) = (Metrics::new(), Endpoints::default());
    let resolved = control::resolve(&configuration);
    let ingredients = Ingredients {
        number: 1,
        seed,
        base: &source.base(),
        known: &endpoints,
        tickets,
        metrics: &metrics,
        last: None,
        resolved: &|name| resolved.get(name).cloned().unwrap_or_default(),
    };
    let generation = Generation::new(Arc::new(configuration), &ingredients)?;
    Ok(SHARED.get_or_init(|| {
        Arc::new(Shared {
            generation: ArcSwap::from_pointee(generation),
            endpoints,
            admission: Admission::default(),
            metrics,
            writers: crate::log::Writers::start(),
            phase: watch::channel(Phase::Running).0,
            memory_short: false.into(),
        })
    }))
}

type Started = (Vec<mpsc::UnboundedSender<Command>>, Vec<JoinHandle<()>>);

fn start_workers(shared: &'static Arc<Shared>, count: usize, replay: bool) -> Started {
    let start = |index: usize| {
        let (queue, commands) = mpsc::unbounded_channel();
        let name = format!("worker-{index}");
        let thread = std::thread::Builder::new().name(name).spawn(move || {
            if let Err(error) = Worker::run(shared, crate::random(), replay, commands) {
                tracing::error!(%error, index, "a worker cannot run");
            }
        });
        Some((queue, thread.ok()?))
    };
    (0..count.max(1)).filter_map(start).unzip()
}

/// What a signal asks for.
enum Asked {
    Stop,
    Reload,
    Reopen,
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    reopen: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            reopen: signal(SignalKind::user_defined1())?,
        })
    }

    async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.terminate.recv() => Asked::Stop,
            _ = self.interrupt.recv() => Asked::Stop,
            _ = self.hangup.recv() => Asked::Reload,
            _ = self.reopen.recv() => Asked::Reopen,
        }
    }

    async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn main(control: &mut Control, bytes: &[u8]) -> Outcome {
    let Ok(mut signals) = Signals::new() else { return Outcome::Failed };
    let shared = control.shared;
    if let Err(refused) = control.start(bytes) {
        report(&refused.to_string());
        shared.phase.send_replace(Phase::Stopping);
        return Outcome::Failed;
    }
    let metrics = shared.current().configuration.metrics.as_ref().map(|metrics| metrics.address);
    if let Some(address) = metrics
        && let Err(error) = observe::serve(Arc::clone(shared), address).await
    {
        report(&format!("metrics: cannot listen on {address}: {error}"));
        shared.phase.send_replace(Phase::Stopping);
        return Outcome::Failed;
    }
    tell(&[NotifyState::Ready]);
    tracing::info!(generation = 1, workers = control.workers().len(), "ready");
    let (mut watch, mut memory) = (tokio::time::interval(WATCH), tokio::time::interval(MEMORY));
    let (mut names, mut resolving) = (tokio::time::interval(NAMES), None);
    let mut idle = None;
    let alive = sd_notify::watchdog_enabled().map(|limit| limit / 2);
    let mut alive = tokio::time::interval(alive.unwrap_or(Duration::from_secs(3600)));
    loop {
        tokio::select! {
            biased;
            asked = signals.next() => match asked {
                Asked::Stop => break,
                Asked::Reload => reload(control),
                Asked::Reopen => shared.writers.reopen(),
            },
            _ = watch.tick() => {
                if control.is_stale() {
                    settle(control).await;
                    reload(control);
                }
            }
            _ = names.tick(), if resolving.is_none() => resolving = resolve_later(shared),
            resolved = found(&mut resolving), if resolving.is_some() => {
                resolving = None;
                if let Some(resolved) = resolved {
                    control.readdress(resolved);
                }
            }
            _ = memory.tick() => look_at_memory(shared, &mut idle),
            _ = alive.tick() => tell(&[NotifyState::Watchdog]),
        }
    }
    drain(control, &mut signals).await
}

/// Asks for the addresses of names, off this thread; nothing where there are no names.
fn resolve_later(shared: &Shared) -> Option<JoinLater> {
    let configuration = Arc::clone(&shared.current().configuration);
    let asks = !configuration.names_to_resolve().is_empty();
    asks.then(|| tokio::task::spawn_blocking(move || control::resolve(&configuration)))
}

type JoinLater = tokio::task::JoinHandle<Resolved>;

async fn found(resolving: &mut Option<JoinLater>) -> Option<Resolved> {
    match resolving {
        Some(resolving) => resolving.await.ok(),
        None => None,
    }
}

/// Writers often write several files: wait until they are done.
async fn settle(control: &Control) {
    for _ in 0..20 {
        let before = control.stamp_now();
        tokio::time::sleep(Duration::from_millis(100)).await;
        if control.stamp_now() == before {
            return;
        }
    }
}

fn reload(control: &mut Control) {
    // systemd compares this with the time of its own request (Type=notify-reload).
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
    match control.reload() {
        Ok(Reloaded { generation, sum }) => {
            tracing::info!(generation, sha256 = sum, "configuration is in use");
        }
        Err((refused, sum)) => {
            tracing::error!(sha256 = sum, "configuration is refused, the one before stays:\n{refused}");
        }
    }
    tell(&[NotifyState::Ready]);
}

/// Not being run by systemd is no error.
fn tell(states: &[NotifyState<'_>]) {
    _ = sd_notify::notify(states);
}

/// Lets requests in flight end, for as long as the configuration says; a second signal cuts them.
async fn drain(control: &mut Control, signals: &mut Signals) -> Outcome {
    let shared = control.shared;
    let limit = shared.current().configuration.drain;
    tell(&[NotifyState::Stopping]);
    tracing::info!(connections = shared.admission.open(), "draining");
    // Those who are told first accept what the kernel has already taken.
    shared.phase.send_replace(Phase::Draining);
    control.close();
    let (mut waits, mut told) = (Vec::new(), Vec::new());
    for worker in control.workers() {
        let (sender, receiver) = oneshot::channel();
        told.push(worker.send(Command::Idle(sender)));
        waits.push(receiver);
    }
    let all = async {
        // Accept loops end before the workers are asked whether they are idle.
        for wait in waits {
            _ = wait.await;
        }
    };
    let outcome = tokio::select! {
        () = all => Outcome::Done,
        () = tokio::time::sleep(limit) => Outcome::CutShort,
        () = signals.stop() => Outcome::CutShort,
    };
    if outcome == Outcome::CutShort {
        tracing::warn!(connections = shared.admission.open(), "drain cut short");
    } else {
        tracing::info!("drain complete");
    }
    shared.phase.send_replace(Phase::Stopping);
    outcome
}

/// What traffic added to resident memory, against the limit: beyond it new requests are refused until it falls by a tenth.
fn look_at_memory(shared: &Shared, idle: &mut Option<u64>) {
    let Some(all) = resident() else { return };
    let bytes = all.saturating_sub(*idle.get_or_insert(all));
    shared.metrics.memory.set(i64::try_from(all).unwrap_or(i64::MAX));
    let limit = shared.current().configuration.limits.memory_bytes;
    let short = shared.memory_short.load(Ordering::Relaxed);
    let now_short = limit != 0 && bytes > if short { limit / 10 * 9 } else { limit };
    if now_short != short {
        tracing::warn!(bytes, limit, now_short, "memory limit");
        shared.memory_short.store(now_short, Ordering::Relaxed);
    }
}

/// Second word of statm, in pages of 4 KiB.
fn resident() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    statm.split(' ').nth(1)?.parse::<u64>().ok().map(|pages| pages * 4096)
}

/// Words for people, before there is a log.
#[expect(clippy::print_stderr, reason = "the shell owns its streams")]
fn report(text: &str) {
    eprintln!("{text}");
}

/// Compiles without serving: what `check` needs beyond the file itself.
///
/// # Errors
/// Every listener whose TLS cannot be used.
pub(crate) fn compiles(
    configuration: ghost_edge_config::EdgeConfiguration,
    source: &Source,
) -> Result<(), Vec<crate::state::GenerationError>> {
    let Ok(tickets) = Tickets::new() else { return Ok(()) };
    let (metrics, endpoints) = (Metrics::new(), Endpoints::default());
    let ingredients = Ingredients {
        number: 1,
        seed: 0,
        base: &source.base(),
        known: &endpoints,
        tickets: &tickets,
        metrics: &metrics,
        last: None,
        resolved: &|_| Vec::new(),
    };
    Generation::new(Arc::new(configuration), &ingredients).map(drop)
}
