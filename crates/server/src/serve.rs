//! The server's life: everything is opened, connected and started here, and ended in its order.
//!
//! The threads: this one accepts and waits for signals; each shard owns its connections; the hub
//! owns the rooms and writes the log, on the shard's thread if there is only one; the flusher waits
//! for the disk; readers read the log; one thread owns the accounts, and some hash passwords; the
//! desk hands out what the hub answers to requests.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{JoinHandle, available_parallelism};
use std::time::Duration;

use anyhow::Context as _;
use room::Directory;
use store::people::People;
use store::{Log, Sqlite, StoreError};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio::time::interval;

use crate::archive::Archive;
use crate::config::{Config, Limits};
use crate::desk::Desk;
use crate::http::{self, Api, ApiParts, Probes, Site};
use crate::hub::{Hub, Keep, ShardInboxes, ToHub, spawn_flusher};
use crate::limits::{
    ACCEPTED_QUEUE_MAX, ARCHIVE_THREADS, HUB_QUEUE_MAX, SHARD_QUEUE_MAX, SHARDS_MAX, TICK,
};
use crate::listen::{Ledger, Port, bind};
use crate::metrics::Metrics;
use crate::people::{Service, Watch};
use crate::shard::{self, Accepted, Inboxes, Shard, ShardConfig};
use crate::thread::spawn;
use crate::tls::{self, Tls};
use crate::welcome::{self, DescriptorLimit, Start};

/// Serves until a signal ends it. `ready` is given what to tell whoever started it.
///
/// # Errors
///
/// If something that the server cannot do without is not to be had: the data folder, the port,
/// the pages, a thread.
pub(crate) fn serve(config: &Config, ready: impl FnOnce(&str)) -> anyhow::Result<()> {
    let descriptors = welcome::raise_descriptor_limit();
    let address = SocketAddr::new(config.listen.ip, config.listen.port);
    let tls = Tls::open(&config.tls).context("TLS cannot be spoken")?;
    let listener = bind(address).with_context(|| format!("cannot listen on {address}"))?;
    let listening = listener.local_addr()?;
    let folder = &config.data.folder;
    let log = match Sqlite::open(folder) {
        // That one names the folder itself.
        Err(in_use @ StoreError::InUse { .. }) => return Err(in_use.into()),
        log => log.with_context(|| format!("cannot keep anything in {}", folder.display()))?,
    };
    let shards = config.server.shards(available_parallelism()?);
    let shards = shards.min(NonZeroUsize::new(SHARDS_MAX).expect("the constant is not 0"));

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let signals = runtime.block_on(async { Signals::listen(tls.is_some()) })?;
    let people = People::open(folder)
        .with_context(|| format!("cannot keep accounts in {}", folder.display()))?;
    let (tls, certificate) = tls.unzip();
    let (house, watch) = House::open(config, Box::new(log), people, (shards, tls))?;
    ready(&told(config, listening, descriptors, shards));
    tracing::info!(%listening, shards, "serving");
    let ledger = Arc::new(Ledger::new(carried(&config.limits, descriptors, shards)));
    let watches = (watch, certificate);
    runtime.block_on(house.serve(listener, signals, ledger, config.idle.probe(), watches))
}

/// The limits that the system can carry too: whom it has no file for would wait unheard, and whom
/// a limit stops is told so.
fn carried(limits: &Limits, descriptors: DescriptorLimit, shards: NonZeroUsize) -> Limits {
    let fit = u32::try_from(descriptors.connections_that_fit(shards)).unwrap_or(u32::MAX);
    Limits { connections: limits.connections.min(fit.max(1)), ..limits.clone() }
}

fn told(
    config: &Config,
    listening: SocketAddr,
    descriptors: DescriptorLimit,
    shards: NonZeroUsize,
) -> String {
    welcome::welcome(&Start {
        lang: config.server.lang,
        listening: &[listening],
        machine: &welcome::machine_addresses(),
        data: &config.data.folder,
        connections: config.limits.connections,
        descriptors,
        shards,
    })
}

/// Everything that runs.
struct House {
    hub: mpsc::Sender<ToHub>,
    accepted: Vec<(mpsc::Sender<Accepted>, Arc<AtomicU32>)>,
    shutdown: watch::Sender<bool>,
    shards: Vec<JoinHandle<()>>,
    /// The hub, the flusher, the readers and those of the people: they end when the last shard
    /// has.
    behind: Vec<JoinHandle<()>>,
    metrics: Arc<Metrics>,
}

impl House {
    fn open(
        config: &Config,
        mut log: Box<dyn Log>,
        people: People,
        (shards, tls): (NonZeroUsize, Option<Arc<Tls>>),
    ) -> anyhow::Result<(Self, Watch)> {
        let metrics = Arc::new(Metrics::new(shards.get()));
        let unflushed = Arc::new(AtomicBool::new(false));
        let (archive, mut behind) =
            Archive::spawn((0..ARCHIVE_THREADS).map(|_| log.reader()).collect::<Result<_, _>>()?)?;
        // One for each shard, and one for the desk.
        let (to_shards, mut from_hub): (ShardInboxes, Vec<_>) =
            (0..=shards.get()).map(|_| mpsc::channel(SHARD_QUEUE_MAX)).unzip();
        let (flusher, thread) = spawn_flusher(
            log.flusher()?,
            to_shards.clone(),
            Arc::clone(&unflushed),
            Arc::clone(&metrics.flush),
        )?;
        let (hub, inbox) = mpsc::channel(HUB_QUEUE_MAX);
        let mut directory = Directory::new(config.limits.rooms as usize, log.rooms()?);
        directory.never_again(log.last_room()?);
        let owners = people.owners()?;
        let last_account = owners.iter().map(|(_, account)| *account).max();
        for (nick, account) in owners {
            directory.own(nick, account);
        }
        let keep =
            Keep { room_idle: config.retention.room_idle(), messages: config.retention.messages() };
        let running = Hub {
            inbox,
            log,
            directory,
            shards: to_shards,
            flusher,
            unflushed: Arc::clone(&unflushed),
            keep,
            metrics: Arc::clone(&metrics.hub),
        };
        behind.insert(0, thread);
        let mut guest = None;
        if shards.get() == 1 {
            guest = Some(running);
        } else {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
            behind.insert(0, spawn("hub", move || runtime.block_on(running.run()))?);
        }
        let desk_shard = u16::try_from(shards.get()).expect("there are at most SHARDS_MAX");
        let to_desk = from_hub.pop().expect("the last is the desk's");
        let (desk, thread) = Desk::open(desk_shard, hub.clone(), to_desk)?;
        behind.push(thread);
        let limits = config.limits.clone();
        let (people, threads) = Service::spawn(people, limits, Arc::clone(&metrics.people))?;
        behind.extend(threads);
        let watch = Watch::new(people.clone(), hub.clone(), last_account);

        let (shutdown, shut) = watch::channel(false);
        let parts = (desk.clone(), archive.clone(), people.clone());
        let api = api(config, &metrics, parts, shut.clone());
        let shard_config = shard_config(config, &metrics, unflushed, (people, desk, api, tls))?;
        let shard_config = Arc::new(shard_config);
        let (mut accepted, mut threads) = (Vec::new(), Vec::new());
        for (index, from_hub) in from_hub.into_iter().enumerate() {
            let (sender, receiver) = mpsc::channel(ACCEPTED_QUEUE_MAX);
            accepted.push((sender, Arc::default()));
            let inboxes = Inboxes { hub: from_hub, accepted: receiver, shutdown: shut.clone() };
            let (config, hub, archive) = (Arc::clone(&shard_config), hub.clone(), archive.clone());
            let metrics = Arc::clone(&metrics.shards[index]);
            let guest = guest.take();
            let index = u16::try_from(index).expect("there are at most SHARDS_MAX");
            threads.push(spawn(&format!("shard-{index}"), move || {
                let shard = Shard::new(index, config, hub, archive, metrics);
                if let Err(error) = shard::run(shard, inboxes, guest) {
                    tracing::error!(%error, "a shard could not run");
                }
            })?);
        }
        Ok((Self { hub, accepted, shutdown, shards: threads, behind, metrics }, watch))
    }

    async fn serve(
        mut self,
        listener: std::net::TcpListener,
        signals: Signals,
        ledger: Arc<Ledger>,
        probe: Option<Duration>,
        (watch, certificate): (Watch, Option<tls::Watch>),
    ) -> anyhow::Result<()> {
        let port = Port {
            listener,
            ledger,
            shards: std::mem::take(&mut self.accepted),
            metrics: Arc::clone(&self.metrics.listen),
            probe,
        };
        let Signals { mut end, reload } = signals;
        let hub = self.hub.clone();
        let ticks = async {
            let mut ticks = interval(TICK);
            loop {
                ticks.tick().await;
                // A hub too busy for this one takes the next.
                let _ = hub.try_send(ToHub::Tick);
            }
        };
        tokio::select! {
            failed = port.accept() => failed?,
            () = ticks => {}
            () = watch.run() => {}
            () = look_after(certificate, reload) => {}
            () = end.next() => tracing::info!("shutting down"),
        }
        drop(hub);
        let _ = self.shutdown.send(true);
        let ended = tokio::task::spawn_blocking(move || self.join());
        tokio::select! {
            ended = ended => ended.context("a thread could not be waited for"),
            () = end.next() => {
                tracing::warn!("ending at once: a second signal came");
                std::process::exit(FORCED_EXIT_CODE);
            }
        }
    }

    /// Waits for every thread: first who speaks to the hub, then the hub, which commits what is
    /// left, then the flusher, which brings it to the disk.
    fn join(self) {
        drop(self.hub);
        for thread in self.shards.into_iter().chain(self.behind) {
            if thread.join().is_err() {
                tracing::error!("a thread had panicked");
            }
        }
    }
}

/// The exit code where a second signal did not let the shutdown finish.
const FORCED_EXIT_CODE: i32 = 1;

fn api(
    config: &Config,
    metrics: &Metrics,
    (desk, archive, people): (Desk, Archive, Service),
    shutdown: watch::Receiver<bool>,
) -> Api {
    Api::new(ApiParts {
        desk,
        archive,
        people,
        accounts: config.accounts.clone(),
        origins: config.http.origins.clone(),
        flood: config.flood.connection(),
        address_flood: config.flood.address(),
        limits: config.limits.clone(),
        metrics: Arc::clone(&metrics.api),
        shutdown,
    })
}

fn shard_config(
    config: &Config,
    metrics: &Arc<Metrics>,
    unflushed: Arc<AtomicBool>,
    (people, desk, api, tls): (Service, Desk, Api, Option<Arc<Tls>>),
) -> anyhow::Result<ShardConfig> {
    let metrics = Arc::clone(metrics);
    let ready = move || {
        let away = unflushed.load(Ordering::Relaxed);
        if away { Err("the disk does not take what is written".to_owned()) } else { Ok(()) }
    };
    let probes = Probes { ready: Arc::new(ready), metrics: Arc::new(move || metrics.encode()) };
    let grace = config.server.shutdown_grace();
    let site = Site::new(
        config.pages.folder.as_deref(),
        config.http.origins.clone(),
        probes,
        http::Limits::default(),
    )?;
    let ticks = |limit: Duration| u32::try_from(limit.as_secs()).unwrap_or(u32::MAX);
    Ok(ShardConfig {
        lang: config.server.lang,
        flood: config.flood.connection(),
        address_flood: config.flood.address(),
        flood_cut_after: (config.flood.cut_after > 0).then_some(config.flood.cut_after),
        idle_close_ticks: config.idle.close().map(ticks),
        grace,
        site: Arc::new(site.with_api(api).with_tls(tls.clone(), config.tls.hsts_s)),
        people,
        tls,
        accounts: config.accounts.clone(),
        desk,
    })
}

/// Looks after the certificate, if there is one to look after.
async fn look_after(certificate: Option<tls::Watch>, reload: Option<Signal>) {
    let mut reload = reload;
    let asked = async || match &mut reload {
        Some(reload) => {
            reload.recv().await;
        }
        None => std::future::pending().await,
    };
    match certificate {
        Some(certificate) => certificate.run(asked).await,
        None => std::future::pending().await,
    }
}

/// The signals that the server listens to.
struct Signals {
    end: Ending,
    /// SIGHUP, by which the certificate is read again; `None`: there is none, and the signal ends
    /// the process as it does others.
    reload: Option<Signal>,
}

/// The signals that end the server.
struct Ending {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen(reloads: bool) -> std::io::Result<Self> {
        let end = Ending {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        };
        Ok(Self { end, reload: reloads.then(|| signal(SignalKind::hangup())).transpose()? })
    }
}

impl Ending {
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
