//! Puts configurations into use: generations, listeners that come and go, health checks.

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;

use ghost_core::Diagnostic;
use ghost_edge_config::EdgeConfiguration;
use ghost_edge_config::model::{Bind, Listener};
use tokio::sync::{Semaphore, mpsc, watch};

use crate::health;
use crate::listen::{self, Socket};
use crate::source::{Source, Stamp};
use crate::state::{Generation, GenerationError, Ingredients, Shared};
use crate::tls::Tickets;
use crate::worker::Command;

/// A listener that is being listened on.
struct Open {
    listener: Listener,
    places: Arc<Semaphore>,
    /// Dropped to stop it.
    _stop: watch::Sender<()>,
}

/// The main thread's part.
pub(crate) struct Control {
    /// What all workers share.
    pub(crate) shared: &'static Arc<Shared>,
    source: Source,
    tickets: Tickets,
    seed: u64,
    workers: Vec<mpsc::UnboundedSender<Command>>,
    open: HashMap<Box<str>, Open>,
    inherited: Vec<(Bind, Socket)>,
    checks: watch::Sender<u64>,
    stamp: Stamp,
    resolved: Resolved,
}

/// Addresses by name.
pub(crate) type Resolved = HashMap<Box<str>, Vec<IpAddr>>;

/// What was put into use.
#[derive(Debug)]
pub(crate) struct Reloaded {
    /// Its number.
    pub(crate) generation: u64,
    /// SHA-256 of the configuration file.
    pub(crate) sum: String,
}

/// SHA-256 in hexadecimal digits.
fn sum(bytes: &[u8]) -> String {
    let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why a configuration is not put into use.
#[derive(Debug)]
pub(crate) enum Refused {
    /// What is wrong with it.
    Findings(Vec<Diagnostic>),
    /// TLS of its listeners cannot be used.
    Tls(Vec<GenerationError>),
    /// An address cannot be listened on.
    Listen(Box<str>, std::io::Error),
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Findings(findings) => {
                let lines: Vec<String> = findings.iter().map(crate::source::lines).collect();
                out.write_str(&lines.join("\n"))
            }
            Refused::Tls(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                out.write_str(&lines.join("\n"))
            }
            Refused::Listen(name, error) => write!(out, "listener {name}: cannot listen: {error}"),
        }
    }
}

impl std::error::Error for Refused {}

/// Everything that a process has before its first configuration.
pub(crate) struct Beginnings {
    /// What all workers share, with its first generation.
    pub(crate) shared: &'static Arc<Shared>,
    /// Where configurations come from.
    pub(crate) source: Source,
    /// Session tickets.
    pub(crate) tickets: Tickets,
    /// Seed of hash tables.
    pub(crate) seed: u64,
    /// Ends of the workers' queues.
    pub(crate) workers: Vec<mpsc::UnboundedSender<Command>>,
}

impl Control {
    /// Nothing is listened on yet.
    pub(crate) fn new(from: Beginnings) -> Self {
        let Beginnings { shared, source, tickets, seed, workers } = from;
        Self {
            shared,
            source,
            tickets,
            seed,
            workers,
            open: HashMap::new(),
            inherited: listen::inherited(),
            checks: watch::channel(0).0,
            stamp: Stamp::default(),
            resolved: Resolved::new(),
        }
    }

    /// Listens as the first generation says.
    ///
    /// # Errors
    /// [`Refused::Listen`].
    pub(crate) fn start(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let generation = self.shared.current();
        self.listen(&generation.configuration)?;
        self.put_into_use(&generation, bytes);
        Ok(())
    }

    /// Whether any of the configuration's files changed since it was last read.
    pub(crate) fn is_stale(&self) -> bool {
        self.source.stamp(Some(&self.shared.current().configuration)) != self.stamp
    }

    /// The configuration's files as they are now.
    pub(crate) fn stamp_now(&self) -> Stamp {
        self.source.stamp(Some(&self.shared.current().configuration))
    }

    /// Reads the configuration again and puts it into use; what cannot be used leaves the one before.
    ///
    /// # Errors
    /// [`Refused`].
    pub(crate) fn reload(&mut self) -> Result<Reloaded, (Refused, String)> {
        let before = self.shared.current();
        self.stamp = self.source.stamp(Some(&before.configuration));
        let loaded = self.source.load();
        let sum = sum(&loaded.bytes);
        let refused = |control: &Self, refused| {
            control.shared.metrics.reload("refused");
            Err((refused, sum.clone()))
        };
        let Some(configuration) = loaded.configuration else {
            return refused(self, Refused::Findings(loaded.diagnostics));
        };
        let configuration = Arc::new(configuration);
        let resolved = resolve(&configuration);
        let generation = build(&Compile {
            configuration: Arc::clone(&configuration),
            resolved: &resolved,
            number: before.number + 1,
            seed: self.seed,
            base: self.source.base(),
            tickets: &self.tickets,
            shared: self.shared,
            last: Some(&before),
        });
        let generation = match generation {
            Ok(generation) => Arc::new(generation),
            Err(errors) => return refused(self, Refused::Tls(errors)),
        };
        // New sockets first: when one cannot be had, nothing has changed.
        let new = self.bind_new(&generation.configuration);
        let new = match new {
            Ok(new) => new,
            Err(error) => return refused(self, error),
        };
        self.resolved = resolved;
        self.shared.generation.store(Arc::clone(&generation));
        self.open_and_close(&generation.configuration, new);
        self.put_into_use(&generation, &loaded.bytes);
        self.shared.metrics.reload("done");
        Ok(Reloaded { generation: generation.number, sum })
    }

    /// Puts new addresses of names into use; names that have none any more keep the ones they had.
    pub(crate) fn readdress(&mut self, mut resolved: Resolved) {
        let before = self.shared.current();
        for (name, addresses) in &mut resolved {
            if let Some(known) = self.resolved.get(name).filter(|_| addresses.is_empty()) {
                addresses.clone_from(known);
            }
        }
        if resolved == self.resolved {
            return;
        }
        let generation = build(&Compile {
            configuration: Arc::clone(&before.configuration),
            resolved: &resolved,
            number: before.number + 1,
            seed: self.seed,
            base: self.source.base(),
            tickets: &self.tickets,
            shared: self.shared,
            last: Some(&before),
        });
        self.resolved = resolved;
        // The files were fine before; if one is not any more, its own change tells.
        let Ok(generation) = generation else { return };
        let generation = Arc::new(generation);
        self.shared.generation.store(Arc::clone(&generation));
        self.check_endpoints(&generation);
        tracing::info!(generation = generation.number, "addresses of names changed");
    }

    fn check_endpoints(&self, generation: &Arc<Generation>) {
        self.shared.metrics.generation.set(i64::try_from(generation.number).unwrap_or(i64::MAX));
        self.checks.send_replace(generation.number);
        self.shared.metrics.forget_endpoints();
        health::check(self.shared, generation, &self.checks.subscribe());
        self.shared.endpoints.sweep();
    }

    fn put_into_use(&mut self, generation: &Arc<Generation>, bytes: &[u8]) {
        let mut stamp = self.source.stamp(Some(&generation.configuration));
        stamp.keep(&self.stamp);
        self.stamp = stamp;
        self.shared
            .writers
            .output(generation.configuration.access_log.as_ref().map(|log| log.output.clone()));
        self.check_endpoints(generation);
        if let Some(state) = &generation.configuration.state_directory
            && let Err(error) = self.source.keep(&self.source.base().join(&**state), bytes)
        {
            tracing::warn!(%error, state_directory = &**state, "cannot keep the configuration");
        }
    }

    fn listen(&mut self, configuration: &EdgeConfiguration) -> Result<(), Refused> {
        let new = self.bind_new(configuration)?;
        self.open_and_close(configuration, new);
        Ok(())
    }

    /// Sockets of listeners that are not open yet, or elsewhere.
    fn bind_new(
        &mut self,
        configuration: &EdgeConfiguration,
    ) -> Result<Vec<(Listener, Vec<Socket>)>, Refused> {
        let mut new = Vec::new();
        for listener in &configuration.listeners {
            let known = self.open.get(&listener.name);
            if known.is_some_and(|open| listen::is_same(&open.listener.bind, &listener.bind)) {
                continue;
            }
            let sockets = match self.take_inherited(&listener.bind) {
                Some(socket) => share(socket, self.workers.len()),
                None => listen::bind(&listener.bind, self.workers.len()),
            };
            let sockets = sockets.map_err(|error| Refused::Listen(listener.name.clone(), error))?;
            new.push((listener.clone(), sockets));
        }
        Ok(new)
    }

    fn take_inherited(&mut self, bind: &Bind) -> Option<Socket> {
        let place = self.inherited.iter().position(|(own, _)| listen::is_same(own, bind))?;
        Some(self.inherited.remove(place).1)
    }

    fn open_and_close(&mut self, configuration: &EdgeConfiguration, new: Vec<(Listener, Vec<Socket>)>) {
        let wanted = |name: &str| configuration.listeners.iter().any(|listener| *listener.name == *name);
        self.open.retain(|name, _| wanted(name));
        for listener in &configuration.listeners {
            if let Some(open) = self.open.get_mut(&listener.name) {
                resize(&open.places, open.listener.max_connections, listener.max_connections);
                open.listener = listener.clone();
            }
        }
        for (listener, sockets) in new {
            let (stop, stopped) = watch::channel(());
            let places = Arc::new(Semaphore::new(listener.max_connections as usize));
            for (worker, socket) in self.workers.iter().zip(sockets) {
                let (name, places, stop) = (listener.name.clone(), Arc::clone(&places), stopped.clone());
                // A worker that is gone does not listen.
                _ = worker.send(Command::Listen { name, socket, places, stop });
            }
            tracing::info!(listener = &*listener.name, bind = %listener.bind, "listening");
            self.open.insert(listener.name.clone(), Open { listener, places, _stop: stop });
        }
    }

    /// Closes every listener.
    pub(crate) fn close(&mut self) {
        self.open.clear();
        self.checks.send_replace(u64::MAX);
    }

    /// Ends of the workers' queues.
    pub(crate) fn workers(&self) -> &[mpsc::UnboundedSender<Command>] {
        &self.workers
    }
}

fn share(socket: Socket, times: usize) -> std::io::Result<Vec<Socket>> {
    let more: std::io::Result<Vec<Socket>> = (1..times).map(|_| socket.share()).collect();
    Ok(more?.into_iter().chain([socket]).collect())
}

fn resize(places: &Semaphore, before: u32, after: u32) {
    if after > before {
        places.add_permits((after - before) as usize);
    } else {
        places.forget_permits((before - after) as usize);
    }
}

/// What a generation is compiled from.
pub(crate) struct Compile<'c> {
    /// The checked configuration.
    pub(crate) configuration: Arc<EdgeConfiguration>,
    /// Addresses of the names in it.
    pub(crate) resolved: &'c Resolved,
    /// The generation's number.
    pub(crate) number: u64,
    /// Seed of hash tables.
    pub(crate) seed: u64,
    /// Folder of the configuration file.
    pub(crate) base: PathBuf,
    /// Session tickets of the process.
    pub(crate) tickets: &'c Tickets,
    /// What is known across generations.
    pub(crate) shared: &'c Shared,
    /// The generation before.
    pub(crate) last: Option<&'c Generation>,
}

/// Compiles a configuration.
///
/// # Errors
/// Every listener whose TLS cannot be used.
pub(crate) fn build(from: &Compile<'_>) -> Result<Generation, Vec<GenerationError>> {
    Generation::new(
        Arc::clone(&from.configuration),
        &Ingredients {
            number: from.number,
            seed: from.seed,
            base: &from.base,
            known: &from.shared.endpoints,
            tickets: from.tickets,
            metrics: &from.shared.metrics,
            last: from.last,
            resolved: &|name| from.resolved.get(name).cloned().unwrap_or_default(),
        },
    )
}

/// Addresses of the names in a configuration. A name without any gives no endpoint, and a warning.
pub(crate) fn resolve(configuration: &EdgeConfiguration) -> Resolved {
    let mut found = HashMap::new();
    for name in configuration.names_to_resolve() {
        let mut addresses: Vec<IpAddr> = match (name, 0).to_socket_addrs() {
            Ok(addresses) => addresses.map(|address| address.ip()).collect(),
            Err(error) => {
                tracing::warn!(name, %error, "cannot resolve a backend's name");
                Vec::new()
            }
        };
        addresses.sort_unstable();
        addresses.dedup();
        found.insert(name.into(), addresses);
    }
    found
}
