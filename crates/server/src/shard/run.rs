//! The thread of a shard: what it waits for, and its end.

use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;

use lang::Lang;
use room::rate::Rate;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::Shard;
use crate::http::Site;
use crate::hub::{Hub, ToShard};
use crate::limits::{IDLE_SWEEP_TICKS, SHARD_DRAIN_MAX, TICK};
use crate::listen::{Permit, serve_connection};
use crate::people::Service;

/// What every shard is configured with.
pub(crate) struct ShardConfig {
    /// The language a connection begins with.
    pub(crate) lang: Lang,
    /// Lines of one connection.
    pub(crate) flood: Rate,
    /// Lines of all connections of one address.
    pub(crate) address_flood: Rate,
    /// Lines dropped in a row after which a connection is cut; `None`: never.
    pub(crate) flood_cut_after: Option<u32>,
    /// Ticks of silence after which a connection in no room is closed; `None`: never.
    pub(crate) idle_close_ticks: Option<u32>,
    /// How long members may take to go when the server does.
    pub(crate) grace: std::time::Duration,
    /// The pages.
    pub(crate) site: Arc<Site>,
    /// The accounts.
    pub(crate) people: Service,
}

/// A connection that was accepted for this shard.
pub(crate) struct Accepted {
    pub(crate) stream: std::net::TcpStream,
    pub(crate) peer: IpAddr,
    pub(crate) permit: Permit,
}

/// Where a shard's work comes from.
pub(crate) struct Inboxes {
    pub(crate) hub: mpsc::Receiver<Vec<ToShard>>,
    pub(crate) accepted: mpsc::Receiver<Accepted>,
    pub(crate) shutdown: watch::Receiver<bool>,
}

/// Runs a shard on this thread until the shutdown, and until its connections are gone; the hub
/// too, if it is a guest here.
///
/// # Errors
///
/// If the system gives no event queue.
pub(crate) fn run(shard: Shard, inboxes: Inboxes, hub: Option<Hub>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let hub = hub.map(|hub| runtime.spawn(hub.run()));
    LocalSet::new().block_on(&runtime, serve(Rc::new(shard), inboxes));
    // With the connections, all who speak to the hub are gone: it ends when it has heard them out.
    if let Some(hub) = hub
        && let Err(panicked) = runtime.block_on(hub)
    {
        std::panic::resume_unwind(panicked.into_panic());
    }
    Ok(())
}

/// Takes what comes from the hub, and writes it to the members. A task of its own, so that a
/// message costs no look at anything else that the shard waits for. Ends with the hub.
async fn deliver(shard: Rc<Shard>, mut hub: mpsc::Receiver<Vec<ToShard>>) {
    let mut batches = Vec::with_capacity(SHARD_DRAIN_MAX);
    while hub.recv_many(&mut batches, SHARD_DRAIN_MAX).await > 0 {
        for message in batches.drain(..).flatten() {
            shard.take(message);
        }
        shard.flush_rooms();
    }
}

async fn serve(shard: Rc<Shard>, inboxes: Inboxes) {
    let Inboxes { hub, mut accepted, mut shutdown } = inboxes;
    let mut delivering = spawn_local(deliver(Rc::clone(&shard), hub));
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut deadline = None;
    let mut open = true;
    loop {
        tokio::select! {
            delivered = &mut delivering => {
                if let Err(panicked) = delivered {
                    std::panic::resume_unwind(panicked.into_panic());
                }
                return;
            }
            newcomer = accepted.recv(), if open => match newcomer {
                Some(newcomer) => accept(&shard, newcomer, &shutdown),
                None => open = false,
            },
            _ = ticks.tick() => {
                shard.tick.set(shard.tick.get().wrapping_add(1));
                shard.sweep(IDLE_SWEEP_TICKS);
                shard.count_crowds();
                shard.pages.take();
                if deadline.is_some() && shard.is_quiet() {
                    return;
                }
            }
            _ = shutdown.changed(), if deadline.is_none() => {
                shard.say_goodbye();
                ticks = interval(TICK / 50);
                deadline = Some(Instant::now() + shard.config.grace);
            }
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                return;
            }
        }
    }
}

fn accept(shard: &Rc<Shard>, accepted: Accepted, shutdown: &watch::Receiver<bool>) {
    match TcpStream::from_std(accepted.stream) {
        Ok(stream) => {
            let Accepted { peer, permit, .. } = accepted;
            let (shard, shutdown) = (Rc::clone(shard), shutdown.clone());
            spawn_local(serve_connection(shard, stream, peer, permit, shutdown));
        }
        Err(error) => tracing::warn!(%error, "a connection could not be taken over"),
    }
}
