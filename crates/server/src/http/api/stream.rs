//! What happens in a room, as server-sent events (HTML, section 9.2): a cursor in the room's log.
//!
//! A stream holds nothing while its client does not read: it waits with one page in its hand, and
//! reads the log on from there. Now and then, and whenever someone keeps order in the room, it
//! looks whether its client may still hear.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::Frame;
use lang::Lang;
use room::{Event, Fact, RoomId, RoomName, Seq};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};
use wire::Secret;
use wire::api::Problem;
use wire::json::{self, Farewell, Notice};

use super::meter::Place;
use super::reply::Reply;
use super::{Api, Asker};
use crate::archive::Reading;
use crate::desk::Watch;
use crate::hub::Visitor;
use crate::limits::{STREAM_PULSE, STREAM_RETRY};

/// Milliseconds after which a client whose stream ended comes back by itself.
const RETRY_MS: u64 = 2000;

/// One open stream.
struct Stream {
    api: Arc<Api>,
    visitor: Visitor,
    token: Secret,
    room: RoomId,
    name: RoomName,
    /// The last event that was sent.
    seen: Seq,
    watch: Watch,
    shutdown: watch::Receiver<bool>,
    to_client: mpsc::Sender<Bytes>,
    /// Given back at the end.
    _place: Place,
}

/// The stream is over: its client has gone, or may not hear any more.
struct Over;

/// Why a stream goes on.
enum Woken {
    /// Something has happened in the room.
    Happened,
    /// It was silent for a while.
    Pulse,
    /// The server goes down.
    Ending,
    /// The client has gone, or the hub.
    Over,
}

impl Api {
    /// Opens a stream of what happens in a room after an event, or from now on.
    pub(super) async fn stream(
        self: &Arc<Self>,
        who: &Asker,
        name: RoomName,
        after: Option<Seq>,
    ) -> Result<Reply, Problem> {
        let visitor = who.visitor()?;
        let token = who.bearer()?.1.clone();
        let place = self.meters.open_stream(visitor.account).ok_or(json::Problem::Busy)?;
        let kept = self.open(&visitor, name).await?.view.kept;
        let watch = self.parts.desk.watch(kept.id).ok_or(json::Problem::Busy)?;
        let (to_client, from_stream) = mpsc::channel(1);
        let stream = Stream {
            api: Arc::clone(self),
            visitor,
            token,
            room: kept.id,
            name: kept.name,
            seen: after.unwrap_or(kept.head).min(kept.head),
            watch,
            shutdown: self.parts.shutdown.clone(),
            to_client,
            _place: place,
        };
        tokio::spawn(stream.run());
        Ok(Reply::stream(Body::new(Lines(from_stream))))
    }
}

impl Stream {
    async fn run(mut self) {
        // So that the client hears at once that it is heard.
        let hello = Bytes::from(format!("retry: {RETRY_MS}\n\n"));
        if self.to_client.send(hello).await.is_ok() {
            let Over = self.go_on().await;
        }
    }

    async fn go_on(&mut self) -> Over {
        let mut pulse = interval_at(Instant::now() + STREAM_PULSE, STREAM_PULSE);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if let Err(over) = self.catch_up().await {
                return over;
            }
            let woken = tokio::select! {
                happened = self.watch.happened() => {
                    if happened { Woken::Happened } else { Woken::Over }
                }
                _ = pulse.tick() => Woken::Pulse,
                _ = self.shutdown.wait_for(|down| *down) => Woken::Ending,
                () = self.to_client.closed() => Woken::Over,
            };
            match woken {
                Woken::Happened => {}
                Woken::Pulse if self.may_hear().await => {
                    if let Err(over) = self.send(Bytes::from_static(b":\n\n")).await {
                        return over;
                    }
                }
                Woken::Ending => {
                    let bye = json::notice(&Notice::Bye(Farewell::ShuttingDown), Lang::En);
                    let mut last = Vec::new();
                    line(&mut last, None, &bye);
                    let _ = self.to_client.try_send(last.into());
                    return Over;
                }
                Woken::Pulse | Woken::Over => return Over,
            }
        }
    }

    /// Sends what is in the log and was not sent.
    async fn catch_up(&mut self) -> Result<(), Over> {
        loop {
            let reading = Reading::After(self.room, self.seen);
            let Some(events) = self.api.parts.archive.read(reading).await else {
                sleep(STREAM_RETRY).await;
                continue;
            };
            let Some(last) = events.last().map(|event| event.seq) else { return Ok(()) };
            let is_about_order = |event: &Event| matches!(event.fact, Fact::Moderated { .. });
            if events.iter().any(is_about_order) && !self.may_hear().await {
                return Err(Over);
            }
            let page = self.page(&events);
            self.send(page).await?;
            self.seen = last;
        }
    }

    fn page(&self, events: &[Event]) -> Bytes {
        let (mut page, mut seen) = (Vec::new(), self.seen);
        for event in events {
            if event.seq > seen.next() {
                let (room, begins) = (self.name.clone(), event.seq);
                let missed = Notice::Missed { room, after: seen, begins };
                line(&mut page, Some(Seq(begins.0 - 1)), &json::notice(&missed, Lang::En));
            }
            seen = event.seq;
            if let Some(json) = json::event(event, &self.name, 0) {
                line(&mut page, Some(event.seq), &json);
            }
        }
        page.into()
    }

    async fn send(&mut self, bytes: Bytes) -> Result<(), Over> {
        self.to_client.send(bytes).await.map_err(|_| Over)
    }

    /// Whether the token is good and the room open to its account.
    async fn may_hear(&self) -> bool {
        let parts = &self.api.parts;
        match parts.people.by_token(self.token.reveal().to_owned()).await {
            Ok(Some(bearer)) if bearer.account.id == self.visitor.account => {}
            // It is asked again with the next pulse.
            Err(_) => return true,
            Ok(_) => return false,
        }
        let opened = self.api.open(&self.visitor, self.name.clone()).await;
        match opened {
            Ok(opened) => opened.view.kept.id == self.room,
            Err(problem) => problem.status() >= 500,
        }
    }
}

/// Adds one event; JSON has no line ends.
fn line(page: &mut Vec<u8>, id: Option<Seq>, json: &[u8]) {
    if let Some(Seq(id)) = id {
        page.extend_from_slice(format!("id: {id}\n").as_bytes());
    }
    page.extend_from_slice(b"data: ");
    page.extend_from_slice(json);
    page.extend_from_slice(b"\n\n");
}

/// The body of a stream: what comes, as the client takes it.
struct Lines(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Lines {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
