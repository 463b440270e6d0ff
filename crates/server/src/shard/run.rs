//! The thread of a shard: what it waits for, and its end.

use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;

use lang::Lang;
use room::rate::Rate;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, LocalSet, spawn_local};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::Shard;
use crate::config::Accounts;
use crate::desk::Desk;
use crate::http::Site;
use crate::hub::{Hub, ToHub, ToShard};
use crate::limits::{IDLE_SWEEP_TICKS, SHARD_DRAIN_MAX, TICK};
use crate::listen::{Client, Permit, serve_connection};
use crate::people::Service;
use crate::stream::Stream;
use crate::tls::Tls;

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
    /// With what handshakes are carried out; `None`: they are not.
    pub(crate) tls: Option<Arc<Tls>>,
    /// Who may log in to them, and from where.
    pub(crate) accounts: Accounts,
    /// Where the hub is asked by who has no seat for the answer.
    pub(crate) desk: Desk,
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
    LocalSet::new().block_on(&runtime, async {
        // Tasks like the rest, so that a message costs no look at what they wait for.
        let shard = Rc::new(shard);
        let to_hub = shard.hub.clone();
        let hub = hub.map(|hub| {
            // Not held by the hub: it ends when the shard does.
            let host = Rc::downgrade(&shard);
            spawn_local(hub.run_beside(Some(Box::new(move |messages| {
                if let Some(shard) = host.upgrade() {
                    shard.take_all(messages.drain(..));
                }
            }))))
        });
        joined(spawn_local(serve(shard, inboxes)).await);
        if let Some(hub) = hub {
            // It is gone already if it has broken down.
            let _ = to_hub.send(ToHub::End).await;
            joined(hub.await);
        }
    });
    Ok(())
}

/// Goes on with a task's panic: what it was for is not done any more.
fn joined(ended: Result<(), JoinError>) {
    if let Err(panicked) = ended {
        std::panic::resume_unwind(panicked.into_panic());
    }
}

/// Takes what comes from other threads: the hub, if it is no guest here, and the flusher. Ends
/// with both.
async fn deliver(shard: Rc<Shard>, mut hub: mpsc::Receiver<Vec<ToShard>>) {
    let mut batches = Vec::with_capacity(SHARD_DRAIN_MAX);
    while hub.recv_many(&mut batches, SHARD_DRAIN_MAX).await > 0 {
        shard.take_all(batches.drain(..).flatten());
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
            delivered = &mut delivering => return joined(delivered),
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
            let client = Client { stream: Stream::Plain(stream), peer, permit };
            spawn_local(serve_connection(shard, client, shutdown));
        }
        Err(error) => tracing::warn!(%error, "a connection could not be taken over"),
    }
}
