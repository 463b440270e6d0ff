//! The hub: one task that owns every room, orders everything and writes the log.
//!
//! It has a thread of its own where there are several shards, and runs on the shard's where there
//! is one: then a message crosses no thread at all.
//!
//! Its loop is the way of a message: take what has come, decide, append it all in one commit,
//! apply, hand each event once to each shard that has members. While a commit is under way the
//! next batch gathers, so the cost of a commit is shared by whoever waits for it.
//!
//! Messages of one batch are applied as they are decided, since the next one's sequence depends
//! on it, and appended together; anything else first has the batch before it committed, and is
//! itself appended alone. So a log that refuses takes back nothing but what was said.

mod deed;
mod direct;
mod flusher;
mod hers;
mod keys;
mod login;
mod message;
mod purges;
#[cfg(test)]
mod tests;
mod visit;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use room::{
    AccountId, Act, Command, Decision, Departure, Directory, Event, Fact, Key, Measure, MemberId,
    Nick, Order, RoomId, Seq, Snapshot, UnixMs,
};
use rustc_hash::FxHashMap;
use store::people::TokenId;
use store::{Log, Retention, StoreError};
use tokio::sync::mpsc;

use crate::clock;
use crate::limits::{
    EXPIRED_ROOMS_MAX, FLUSH_FULL_RETRY, GATHER, GATHERS_MAX, HUB_BATCH_MAX, LISTED_MAX,
    RETENTION_TICKS,
};
use crate::metrics::HubMetrics;

pub(crate) use flusher::{FlushQueue, spawn as spawn_flusher};
pub(crate) use hers::marker;
use keys::Keys;
pub(crate) use message::{
    Ask, Credit, Deed, DirectSaid, Hers, Marked, Markers, Newcomer, Refused, Reply, Seat, ToHub,
    ToShard, Typing, Visitor, Whispered,
};
use purges::Purges;

/// The shards' inboxes, by the shard's number.
pub(crate) type ShardInboxes = Vec<mpsc::Sender<Vec<ToShard>>>;

/// The shard whose guest the hub is, the first: takes all that it is handed.
pub(crate) type Host = Box<dyn Fn(&mut Vec<ToShard>)>;

/// What the hub is made of.
pub(crate) struct Hub {
    pub(crate) inbox: mpsc::Receiver<ToHub>,
    pub(crate) log: Box<dyn Log>,
    pub(crate) directory: Directory,
    pub(crate) shards: ShardInboxes,
    pub(crate) flusher: FlushQueue,
    /// Set by the flusher while the disk does not take what is written.
    pub(crate) unflushed: Arc<AtomicBool>,
    pub(crate) keep: Keep,
    pub(crate) metrics: Arc<HubMetrics>,
}

/// What is kept, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keep {
    /// How long an empty room lies idle before it goes; `None`: for ever.
    pub(crate) room_idle: Option<Duration>,
    /// The messages.
    pub(crate) messages: Retention,
}

/// A message that is decided and applied, but not yet in the log.
struct Said {
    seat: Seat,
    ack: bool,
    mark: u32,
    shards: u64,
    present: u32,
    is_direct: bool,
}

/// Where a session is reached.
struct Seated {
    seat: Seat,
    credit: Credit,
}

/// The hub, while it runs.
struct Running {
    hub: Hub,
    /// Every session that has ever asked for something the rules decide.
    seats: FxHashMap<MemberId, Seated>,
    /// Of those who are logged in, with which token.
    logins: FxHashMap<MemberId, TokenId>,
    /// For each room, how many of each shard's sessions are in it.
    audience: FxHashMap<RoomId, Vec<u32>>,
    /// The batch: events for the log, and beside each what becomes of it then.
    events: Vec<Event>,
    said: Vec<Said>,
    /// What goes to each shard when the batch is done.
    out: Vec<Vec<ToShard>>,
    /// What goes to shards when what is written is on the disk.
    after_flush: Vec<(u16, ToShard)>,
    written: bool,
    /// A room got several messages in one commit.
    busy: bool,
    chores: Chores,
    keys: Keys,
    /// The session that each account has that ever asked without being connected: its person to
    /// slow mode. As many as there are accounts at most.
    visitors: FxHashMap<AccountId, MemberId>,
    purges: Purges,
}

/// No session has this number.
pub(crate) const NOBODY: MemberId = MemberId(0);

/// What need not be kept is removed a portion a tick.
#[derive(Default)]
struct Chores {
    ticks: u64,
    /// There are more messages to remove.
    trimming: bool,
    /// There are more rooms to remove.
    expiring: bool,
}

impl Hub {
    /// Runs until every sender of its inbox is gone; then everything is in the log.
    pub(crate) async fn run(self) {
        self.run_beside(None).await;
    }

    /// Runs as the guest of a shard, its only one: hands it what it is sent itself, with no queue
    /// between. Ends with [`ToHub::End`] too.
    pub(crate) async fn run_beside(self, host: Option<Host>) {
        let out = self.shards.iter().map(|_| Vec::new()).collect();
        let mut running = Running {
            hub: self,
            seats: FxHashMap::default(),
            logins: FxHashMap::default(),
            audience: FxHashMap::default(),
            events: Vec::new(),
            said: Vec::new(),
            out,
            after_flush: Vec::new(),
            written: false,
            busy: false,
            chores: Chores::default(),
            keys: Keys::default(),
            visitors: FxHashMap::default(),
            purges: Purges::default(),
        };
        running.guarded(None, Running::resume_purges);
        let mut batch = Vec::with_capacity(HUB_BATCH_MAX);
        while running.receive(&mut batch).await {
            running.gather(&mut batch).await;
            let now = clock::now();
            for message in batch.drain(..) {
                let refusal = refusal_in_case(&message);
                running.guarded(refusal, |running| running.handle(message, now));
            }
            running.guarded(None, Running::commit);
            if !running.purges.is_empty() {
                let refusal = running.purges.refusal_in_case();
                running.guarded(refusal, |running| running.step_purge(now));
            }
            running.post(host.as_ref()).await;
        }
    }
}

impl Running {
    /// Takes what has come; whether there may be more. Where a purge goes on it does not wait.
    async fn receive(&mut self, batch: &mut Vec<ToHub>) -> bool {
        use tokio::sync::mpsc::error::TryRecvError;
        if self.purges.is_empty() {
            return self.hub.inbox.recv_many(batch, HUB_BATCH_MAX).await > 0;
        }
        // On a shard's thread: lets it read what has come, and write.
        tokio::task::yield_now().await;
        while batch.len() < HUB_BATCH_MAX {
            match self.hub.inbox.try_recv() {
                Ok(message) => batch.push(message),
                Err(TryRecvError::Empty) => return true,
                // What is not gone yet stays; nobody was told that it went.
                Err(TryRecvError::Disconnected) => return !batch.is_empty(),
            }
        }
        true
    }

    /// Waits for more, if the last batch brought a room several messages: then its members are
    /// written to less often, with more each time. Where one speaks at a time nobody waits.
    ///
    /// The thread sleeps, and the shard with it if it is the shard's: all that a shard would do
    /// meanwhile is to write less to more. (The timers of the runtime go by milliseconds.)
    async fn gather(&mut self, batch: &mut Vec<ToHub>) {
        let busy = std::mem::take(&mut self.busy);
        for _ in 0..GATHERS_MAX {
            let place = HUB_BATCH_MAX.saturating_sub(batch.len());
            if !busy || place == 0 {
                return;
            }
            std::thread::sleep(GATHER);
            // On a shard's thread: lets it read what has come.
            tokio::task::yield_now().await;
            let before = batch.len();
            while batch.len() - before < place
                && let Ok(message) = self.hub.inbox.try_recv()
            {
                batch.push(message);
            }
            if batch.len() == before {
                return;
            }
        }
    }

    /// Goes a step; a panic costs the batch at hand and rebuilds the rooms from the log, not the
    /// server. Whoever asked for the step is given the refusal.
    fn guarded(&mut self, refusal: Option<(Seat, ToShard)>, step: impl FnOnce(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| step(self))).is_ok() {
            return;
        }
        tracing::error!("a room broke a rule of its own; rebuilding the rooms from the log");
        self.hub.metrics.rebuilds.add(1);
        self.hub.directory.end_visit();
        self.refuse_batch(&Refused::LogAway);
        if let Some((seat, refusal)) = refusal {
            self.to(seat, refusal);
        }
        match self.hub.log.rooms() {
            Ok(rooms) => rooms.into_iter().for_each(|kept| self.hub.directory.rebuild(kept)),
            Err(error) => tracing::error!(%error, "the log cannot be read"),
        }
    }

    fn handle(&mut self, message: ToHub, now: UnixMs) {
        match message {
            ToHub::Say { member, seat, room, text, key, ack, mark } => {
                let command =
                    Command { member, at: now, act: Act::Say { room, text, reply: None, key } };
                self.say(seat, room, &command, (ack, mark));
            }
            ToHub::Ask { member, seat, ask } => self.ask(member, seat, ask, now),
            ToHub::Visit { visitor, seat, ask } => self.visit(*visitor, seat, ask, now),
            ToHub::Watch { seat, room, on } => self.watch(seat, room, on),
            ToHub::Gone { member } => {
                self.commit();
                let command = Command { member, at: now, act: Act::Disconnect };
                if let Ok(decision) = self.hub.directory.decide(&command) {
                    self.happen(&decision);
                }
                self.hub.directory.depart(member);
                self.seats.remove(&member);
                self.logins.remove(&member);
            }
            ToHub::Own(owners) => {
                for (nick, account) in owners {
                    self.hub.directory.own(nick, account);
                }
            }
            // Who asked may be gone.
            ToHub::Claim { member, nick, answer } => drop(answer.send(self.claim(member, nick))),
            ToHub::Ended { account, token } => {
                self.commit();
                self.end_token(account, token, now);
            }
            ToHub::Read { account, member, room, seq } => self.read((account, member), room, seq),
            ToHub::Logins(answer) => drop(answer.send(self.logins())),
            ToHub::Typing { member, room, on } => self.typing(member, room, on),
            ToHub::Tick => self.tick(now),
            ToHub::End => self.hub.inbox.close(),
        }
    }

    fn say(&mut self, seat: Seat, room: RoomId, command: &Command, (ack, mark): (bool, u32)) {
        let member = command.member;
        if self.hub.unflushed.load(Ordering::Relaxed) {
            return self.refuse_said(member, seat, mark, Refused::LogAway);
        }
        if let Act::Say { key: Some(key), .. } = &command.act {
            match self.said_before(member, (room, key), command.at) {
                Ok(None) => {}
                Ok(Some(seq)) => {
                    let kept = ToShard::Kept { slot: seat.slot, member, mark, seq };
                    return self.after_flush.push((seat.shard, kept));
                }
                Err(refused) => return self.refuse_said(member, seat, mark, refused),
            }
        }
        match self.hub.directory.decide(command) {
            Ok(decision) => {
                self.hub.directory.apply(&decision);
                let shards = self.shards_of(room);
                let place = self.hub.directory.room(room);
                let present = place.map_or(0, room::Room::present);
                let is_direct = place.is_some_and(room::Room::is_direct);
                for event in decision.events {
                    self.keys.remember(&event);
                    self.events.push(event);
                    self.said.push(Said { seat, ack, mark, shards, present, is_direct });
                }
            }
            Err(refusal) => self.refuse_said(member, seat, mark, Refused::Rule(refusal)),
        }
    }

    /// What `member` said in a room with that key before, if she or someone else did.
    fn said_before(
        &mut self,
        member: MemberId,
        (room, key): (RoomId, &Key),
        now: UnixMs,
    ) -> Result<Option<Seq>, Refused> {
        let place = self.hub.directory.place_of(member, room, now).map_err(Refused::Rule)?;
        if !self.keys.knows(room) {
            let head = place.kept().head;
            // What is not in the log yet would be missed there.
            self.commit();
            let loaded = self.keys.load(&mut *self.hub.log, room, head, now);
            loaded.map_err(|error| {
                tracing::warn!(%error, "the keys of a room could not be read");
                Refused::LogAway
            })?;
        }
        if self.keys.find(room, key).is_some() {
            // If that fails, it was not said.
            self.commit();
        }
        Ok(self.keys.find(room, key))
    }

    fn refuse_said(&mut self, member: MemberId, seat: Seat, mark: u32, refused: Refused) {
        self.hub.metrics.refused.add(1);
        self.to(seat, ToShard::Refused { slot: seat.slot, member, mark, refused });
    }

    /// Appends the batch; then it may be delivered. What the log refuses has not happened.
    fn commit(&mut self) {
        if self.events.is_empty() {
            return;
        }
        match self.hub.log.append(&self.events) {
            Ok(()) => {
                self.written = true;
                self.busy |= self.events.windows(2).any(|pair| pair[0].room == pair[1].room);
                self.hub.metrics.appends.add(1);
                self.hub.metrics.messages.add(self.events.len() as u64);
                let mut direct = Vec::new();
                for (event, said) in self.events.drain(..).zip(self.said.drain(..)) {
                    if said.ack
                        && let Some(member) = event.fact.author()
                    {
                        let (slot, mark, seq) = (said.seat.slot, said.mark, event.seq);
                        let kept = ToShard::Kept { slot, member, mark, seq };
                        self.after_flush.push((said.seat.shard, kept));
                    }
                    let event = Arc::new(event);
                    let present = said.present;
                    if said.is_direct {
                        direct.push(Arc::clone(&event));
                    }
                    send_to(&mut self.out, said.shards, || ToShard::Event {
                        event: Arc::clone(&event),
                        present,
                    });
                }
                for event in direct {
                    self.tell_direct(&event);
                }
            }
            Err(error) => {
                self.hub.directory.unsay(self.events.iter());
                let refused = self.refusal_of(&error);
                self.refuse_batch(&refused);
            }
        }
    }

    /// Tells the authors of the batch that nothing of it has happened.
    fn refuse_batch(&mut self, refused: &Refused) {
        let events = std::mem::take(&mut self.events);
        for (event, said) in events.iter().zip(std::mem::take(&mut self.said)) {
            self.keys.unsay(event);
            if let Some(member) = event.fact.author() {
                self.refuse_said(member, said.seat, said.mark, refused.clone());
            }
        }
    }

    /// Hands the batch to the shards, and what waits for the disk to the flusher.
    async fn post(&mut self, host: Option<&Host>) {
        for (shard, out) in self.out.iter_mut().enumerate() {
            if out.is_empty() {
                continue;
            }
            // The desk has a thread of its own.
            if let Some(take) = host.filter(|_| shard == 0) {
                take(out);
            } else {
                // A shard that is gone has no members any more.
                let _ = self.hub.shards[shard].send(std::mem::take(out)).await;
            }
        }
        if std::mem::take(&mut self.written) || !self.after_flush.is_empty() {
            self.hub.flusher.push(std::mem::take(&mut self.after_flush));
            while self.hub.flusher.is_full() {
                tokio::time::sleep(FLUSH_FULL_RETRY).await;
            }
        }
        self.hub.metrics.rooms.set(self.hub.directory.rooms_len() as u64);
        self.hub.metrics.present.set(self.hub.directory.present_len() as u64);
    }

    fn ask(&mut self, member: MemberId, seat: Seat, ask: Ask, now: UnixMs) {
        // What was said before goes out before the answer.
        self.commit();
        let directory = &self.hub.directory;
        let reply = match ask {
            Ask::Act(act, newcomer) => {
                self.meet((member, seat), newcomer);
                return self.act(seat, &Command { member, at: now, act });
            }
            Ask::LogIn(bearer, newcomer) => {
                self.meet((member, seat), newcomer);
                return self.log_in((member, seat), *bearer, now);
            }
            Ask::LogOut => return self.log_out((member, seat), now),
            Ask::About { room, seq, deed } => {
                return self.about((member, seat), (room, seq), deed, now);
            }
            Ask::Post { room, text, key } => {
                return self.post_alone((member, seat), room, (text, key), now);
            }
            Ask::Open(name) => self.open(member, &name, now),
            Ask::Channels(markers) => {
                let mut rooms = directory.public_rooms();
                let first = rooms.by_ref().take(LISTED_MAX).map(room::Room::listed).collect();
                let more = rooms.count();
                let hers = markers.map(|markers| Box::new(self.hers(member, &markers, now)));
                Reply::Channels(first, more, hers)
            }
            Ask::Hers(markers) => Reply::Hers(Box::new(self.hers(member, &markers, now))),
            Ask::Members(room) => self.members(room),
            Ask::Topic(room) => {
                Reply::Topic(directory.room(room).and_then(|room| room.kept().topic.clone()))
            }
            Ask::Purge { room, nick, last_ms } => {
                return self.begin_purge((member, seat), room, (&nick, last_ms), now);
            }
            Ask::InForce(room) => match directory.in_force(member, room, LISTED_MAX, now) {
                Ok(in_force) => Reply::InForce(Box::new(in_force)),
                Err(refusal) => Reply::Refused(Refused::Rule(refusal)),
            },
            Ask::Named(room) => {
                Reply::Named(directory.room(room).map(|room| room.kept().name.clone()))
            }
            Ask::Head(room) => {
                Reply::Head(directory.room(room).map(|room| room.kept().head).unwrap_or_default())
            }
            Ask::Written => Reply::Written,
            Ask::May(room, right) => match directory.check_right(member, room, right) {
                Ok(()) => Reply::Written,
                Err(refusal) => Reply::Refused(Refused::Rule(refusal)),
            },
            Ask::Flushed => {
                let reply = ToShard::Reply { slot: seat.slot, member, reply: Reply::Written };
                return self.after_flush.push((seat.shard, reply));
            }
            Ask::Whisper { to, text } => self.whisper(member, to, &text),
        };
        self.reply(seat, member, reply);
    }

    /// Takes note of a session that asks for something for the first time.
    fn meet(&mut self, (member, seat): (MemberId, Seat), newcomer: Option<Newcomer>) {
        if let Some(Newcomer { credit, address }) = newcomer {
            self.hub.directory.arrive(member, address);
            self.seats.insert(member, Seated { seat, credit });
        }
    }

    /// Decide, append, apply, for everything but messages.
    fn act(&mut self, seat: Seat, command: &Command) {
        let member = command.member;
        let decision = match self.hub.directory.decide(command) {
            Ok(decision) => decision,
            Err(refusal) => {
                self.hub.metrics.refused.add(1);
                return self.reply(seat, member, Reply::Refused(Refused::Rule(refusal)));
            }
        };
        let kept: Vec<Event> =
            decision.events.iter().filter(|event| event.fact.is_kept()).cloned().collect();
        if !kept.is_empty()
            && let Err(refused) = self.append_alone(&kept)
        {
            self.hub.metrics.refused.add(1);
            return self.reply(seat, member, Reply::Refused(refused));
        }
        self.happen(&decision);
        if let Act::Moderate { order: Order::Retention(_), .. } = &command.act {
            self.chores.trimming = true;
        }
        let reply = self.outcome(command, &decision);
        if kept.is_empty() {
            self.reply(seat, member, reply);
        } else {
            let reply = ToShard::Reply { slot: seat.slot, member, reply };
            self.after_flush.push((seat.shard, reply));
        }
    }

    fn append_alone(&mut self, kept: &[Event]) -> Result<(), Refused> {
        if self.hub.unflushed.load(Ordering::Relaxed) {
            return Err(Refused::LogAway);
        }
        self.hub.log.append(kept).map_err(|error| self.refusal_of(&error))?;
        for event in kept {
            self.keys.remember(event);
        }
        self.written = true;
        self.hub.metrics.appends.add(1);
        let said = kept.iter().filter(|event| matches!(event.fact, Fact::Said { .. }));
        self.hub.metrics.messages.add(said.count() as u64);
        Ok(())
    }

    /// Makes a decision true, and tells the rooms.
    fn happen(&mut self, decision: &Decision) {
        self.hub.directory.apply(decision);
        for event in &decision.events {
            let room = event.room;
            let seated = event.fact.author().and_then(|member| self.seats.get(&member));
            let seat = seated.map(|seated| seated.seat);
            // Who enters is no audience of her own entering; who leaves is none any more.
            if let (Fact::Left { member, how, .. }, Some(seat)) = (&event.fact, seat) {
                self.count(room, seat, |count| count.saturating_sub(1));
                let (slot, member) = (seat.slot, *member);
                match how {
                    Departure::Left => self.to(seat, ToShard::Unseated { slot, member, room }),
                    Departure::Removed => {
                        self.to(seat, ToShard::Unseated { slot, member, room });
                        self.put_out((member, seat), room, decision);
                    }
                    Departure::Disconnected => {}
                }
            }
            let shards = self.shards_of(room);
            let present = self.hub.directory.room(room).map_or(0, room::Room::present);
            let shared = Arc::new(event.clone());
            send_to(&mut self.out, shards, || ToShard::Event {
                event: Arc::clone(&shared),
                present,
            });
            self.tell_direct(event);
            if let (Fact::Entered { member, .. }, Some(seat)) = (&event.fact, seat)
                && let Some(entered) = self.hub.directory.room(room)
            {
                let name = entered.kept().name.clone();
                self.count(room, seat, |count| count + 1);
                let (slot, member, head) = (seat.slot, *member, event.seq);
                self.to(seat, ToShard::Seated { slot, member, room, name, head });
            }
        }
        self.tell_displaced(decision);
    }

    /// Tells someone who is out of a room now why she is.
    fn put_out(&mut self, (member, seat): (MemberId, Seat), room: RoomId, decision: &Decision) {
        let name = self.hub.directory.room(room).map(|room| room.kept().name.clone());
        if let (Some(name), Some((by, measure))) = (name, measure_of(decision)) {
            let slot = seat.slot;
            self.to(seat, ToShard::PutOut { slot, member, name, by, measure });
        }
    }

    /// What the asker is told of an act that has happened.
    fn outcome(&self, command: &Command, decision: &Decision) -> Reply {
        let directory = &self.hub.directory;
        let named = |name| directory.room_named(name).expect("the room was just entered");
        match &command.act {
            Act::Create { name, .. } => {
                let present = named(name).present();
                let Snapshot { id: room, name, capacity, head, .. } = named(name).kept().clone();
                Reply::Created { room, name, present, capacity, head }
            }
            Act::Enter { name, .. } => self.entered(command.member, named(name)),
            Act::Direct { nick, .. } => {
                let name = self.direct_name(command.member, nick);
                self.entered(command.member, named(&name.expect("both have accounts")))
            }
            Act::EnterByLink { invitation, .. } => {
                let room = directory.room(invitation.room).expect("it was just entered");
                self.entered(command.member, room)
            }
            Act::Leave { room } => {
                let room = directory.room(*room).expect("the room was just left");
                Reply::Left { name: room.kept().name.clone() }
            }
            Act::SetTopic { .. } => Reply::TopicSet,
            Act::Rename { nick } => Reply::Renamed { nick: nick.clone() },
            Act::Say { room, .. } => {
                let room = directory.room(*room).expect("it was just said there");
                Reply::Replied { seq: room.kept().head }
            }
            Act::Edit { target, .. } => Reply::Edited { seq: target.seq },
            Act::Delete { target, .. } => Reply::Deleted { seq: target.seq },
            Act::React { target, on, .. } => Reply::Reacted { seq: target.seq, on: *on },
            Act::Pin { target, on, .. } => Reply::Pinned { seq: target.seq, on: *on },
            Act::Moderate { .. } => Reply::Moderated { done: measure_of(decision) },
            Act::LogIn { nick, .. } => Reply::LoggedIn { nick: nick.clone() },
            Act::LogOut => Reply::LoggedOut,
            Act::Disconnect => unreachable!("sessions go by messages of their own"),
        }
    }

    fn typing(&mut self, member: MemberId, room: RoomId, on: bool) {
        let present = self.hub.directory.present(member);
        let Some(present) = present.filter(|present| present.rooms.contains(&room)) else { return };
        let (nick, account) = (present.nick.clone(), present.account);
        let typing = Arc::new(Typing { nick, account, on });
        let shards = self.shards_of(room);
        send_to(&mut self.out, shards, || ToShard::Typing {
            room,
            member,
            typing: Arc::clone(&typing),
        });
    }

    fn tick(&mut self, now: UnixMs) {
        self.chores.ticks += 1;
        // Once soon after the start, for servers that are never up for long.
        let due = self.chores.ticks % RETENTION_TICKS == 1;
        if due || self.chores.trimming {
            self.commit();
            self.trim(now);
        }
        if due || self.chores.expiring {
            self.expire_rooms(now);
        }
    }

    /// Removes a bounded number of rooms; the next tick goes on if there are more.
    fn expire_rooms(&mut self, now: UnixMs) {
        self.chores.expiring = false;
        let Some(idle) = self.hub.keep.room_idle else { return };
        let idle_ms = u64::try_from(idle.as_millis()).unwrap_or(u64::MAX);
        let rooms = self.hub.directory.idle_rooms(now, idle_ms);
        for &room in rooms.iter().take(EXPIRED_ROOMS_MAX) {
            if let Err(error) = self.hub.log.remove_room(room) {
                return tracing::warn!(%error, "a room could not be removed");
            }
            self.hub.directory.remove(room);
            self.audience.remove(&room);
            self.keys.remove(room);
            self.hub.metrics.rooms_expired.add(1);
        }
        self.chores.expiring = rooms.len() > EXPIRED_ROOMS_MAX;
    }

    /// Removes one bounded portion; the next tick goes on if there is more.
    fn trim(&mut self, now: UnixMs) {
        // Also where every message is kept: what is left of removed rooms goes here.
        self.chores.trimming = false;
        match self.hub.log.trim(self.hub.keep.messages, now) {
            Ok(trimmed) => {
                self.chores.trimming = trimmed > 0;
                self.hub.metrics.trimmed.add(trimmed as u64);
            }
            Err(error) => tracing::warn!(%error, "old messages could not be removed"),
        }
    }

    fn refusal_of(&self, error: &StoreError) -> Refused {
        self.hub.metrics.log_refusals.add(1);
        tracing::warn!(%error, "the log refused an append");
        match error {
            StoreError::NoSpace => Refused::NoSpace,
            _ => Refused::LogAway,
        }
    }

    fn reply(&mut self, seat: Seat, member: MemberId, reply: Reply) {
        self.to(seat, ToShard::Reply { slot: seat.slot, member, reply });
    }

    /// To one shard, after all that has been said so far.
    fn to(&mut self, seat: Seat, message: ToShard) {
        self.out[usize::from(seat.shard)].push(message);
    }

    fn shards_of(&self, room: RoomId) -> u64 {
        let counts = self.audience.get(&room).map_or(&[][..], |counts| &counts[..]);
        counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .fold(0, |shards, (shard, _)| shards | 1 << shard)
    }

    fn count(&mut self, room: RoomId, seat: Seat, change: impl Fn(u32) -> u32) {
        let shards = self.hub.shards.len();
        let counts = self.audience.entry(room).or_insert_with(|| vec![0; shards]);
        let count = &mut counts[usize::from(seat.shard)];
        *count = change(*count);
        if counts.iter().all(|count| *count == 0) {
            self.audience.remove(&room);
        }
    }
}

/// What someone with rights does by a decision, and who that is.
fn measure_of(decision: &Decision) -> Option<(Nick, Box<Measure>)> {
    let mut facts = decision.events.iter().map(|event| &event.fact);
    facts.find_map(|fact| match fact {
        Fact::Moderated { nick, measure, .. } => Some((nick.clone(), measure.clone())),
        _ => None,
    })
}

/// What to tell a message's sender if handling it fails: who asked would wait for ever.
fn refusal_in_case(message: &ToHub) -> Option<(Seat, ToShard)> {
    let refused = Refused::LogAway;
    match *message {
        ToHub::Say { member, seat, mark, .. } => {
            Some((seat, ToShard::Refused { slot: seat.slot, member, mark, refused }))
        }
        ToHub::Ask { member, seat, .. } => {
            let reply = Reply::Refused(refused);
            Some((seat, ToShard::Reply { slot: seat.slot, member, reply }))
        }
        ToHub::Visit { seat, .. } => {
            let (slot, reply) = (seat.slot, Reply::Refused(refused));
            Some((seat, ToShard::Reply { slot, member: NOBODY, reply }))
        }
        ToHub::Watch { .. }
        | ToHub::Typing { .. }
        | ToHub::Gone { .. }
        | ToHub::Own(_)
        | ToHub::Claim { .. }
        | ToHub::Ended { .. }
        | ToHub::Read { .. }
        | ToHub::Logins(_)
        | ToHub::Tick
        | ToHub::End => None,
    }
}

/// One copy to each shard in the mask.
fn send_to(out: &mut [Vec<ToShard>], mut shards: u64, message: impl Fn() -> ToShard) {
    while shards != 0 {
        out[shards.trailing_zeros() as usize].push(message());
        shards &= shards - 1;
    }
}
