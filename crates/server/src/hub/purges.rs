//! Deleting what one person said: a room's messages are gone through a portion at a time, and
//! between two portions everyone else has their turn. One that broke off, because the server did,
//! is gone on with at the next start.

use std::collections::VecDeque;

use room::{Decision, Event, MemberId, Nick, Purge, PurgeStep, RoomId, Seq, UnixMs};
use store::{READ_EVENTS_MAX, Reader, StoreError};

use super::message::{Refused, Reply, Seat, ToShard};
use super::{Running, measure_of};
use crate::limits::{PURGE_STEP_MESSAGES, PURGES_MAX};

/// The purges that were asked for and are not done.
#[derive(Default)]
pub(super) struct Purges {
    waiting: VecDeque<Job>,
    /// There while there are some.
    reader: Option<Box<dyn Reader>>,
}

/// A purge, and how far it is.
struct Job {
    purge: Purge,
    /// Who waits for its end; nobody, if it is gone on with after a start.
    asker: Option<(MemberId, Seat)>,
    /// The log says that it has begun.
    has_begun: bool,
    /// The last message that was looked at.
    after: Seq,
    /// How many messages went.
    messages: u64,
}

impl Purges {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// What whoever waits for the next step is told if it fails.
    pub(super) fn refusal_in_case(&self) -> Option<(Seat, ToShard)> {
        let (member, seat) = self.waiting.front()?.asker?;
        let reply = Reply::Refused(Refused::LogAway);
        Some((seat, ToShard::Reply { slot: seat.slot, member, reply }))
    }
}

impl Running {
    /// Begins to delete what someone said; she who asks is answered when it is gone.
    pub(super) fn begin_purge(
        &mut self,
        (member, seat): (MemberId, Seat),
        room: RoomId,
        (nick, last_ms): (&Nick, Option<u64>),
        at: UnixMs,
    ) {
        let refused = match self.hub.directory.decide_purge(member, room, (nick, last_ms), at) {
            Ok(_) if self.purges.waiting.len() >= PURGES_MAX => Refused::Busy,
            Ok(purge) => {
                let (asker, after) = (Some((member, seat)), Seq::START);
                let job = Job { purge, asker, has_begun: false, after, messages: 0 };
                return self.purges.waiting.push_back(job);
            }
            Err(refusal) => Refused::Rule(refusal),
        };
        self.hub.metrics.refused.add(1);
        self.reply(seat, member, Reply::Refused(refused));
    }

    /// Goes on with the first purge: a bounded number of messages is looked at, and those that go
    /// are deleted. The others take turns.
    pub(super) fn step_purge(&mut self, at: UnixMs) {
        let Some(mut job) = self.purges.waiting.pop_front() else { return };
        match (self.step(&mut job, at), job.asker) {
            (Ok(None), _) => self.purges.waiting.push_back(job),
            (Ok(Some(reply)), Some((member, seat))) => {
                let reply = ToShard::Reply { slot: seat.slot, member, reply };
                self.after_flush.push((seat.shard, reply));
            }
            (Err(refused), Some((member, seat))) => {
                self.reply(seat, member, Reply::Refused(refused));
            }
            (Ok(Some(_)), None) => tracing::info!(room = job.purge.room.0, "a purge is done"),
            // The next start tries again.
            (Err(refused), None) => tracing::warn!(?refused, "a purge broke off again"),
        }
        if self.purges.is_empty() {
            self.purges.reader = None;
        }
    }

    /// Goes through one portion; what is answered, if that was the last.
    fn step(&mut self, job: &mut Job, at: UnixMs) -> Result<Option<Reply>, Refused> {
        let messages = self.read_on(job).map_err(|error| self.refusal_of(&error))?;
        job.after = messages.last().map_or(job.after, |last| last.seq);
        let is_last = messages.len() < PURGE_STEP_MESSAGES || job.after >= job.purge.upto;
        let directory = &self.hub.directory;
        let gone = messages.iter().filter(|message| directory.purges(&job.purge, message));
        let targets: Vec<Seq> = gone.map(|message| message.seq).collect();
        let total = job.messages + targets.len() as u64;
        let step = match (is_last, job.has_begun) {
            // Nothing was begun, so there is nothing to end.
            (true, false) if total == 0 => return Ok(Some(Reply::Moderated { done: None })),
            (true, _) => PurgeStep::Last(total),
            (false, _) if targets.is_empty() => return Ok(None),
            (false, true) => PurgeStep::Next,
            (false, false) => PurgeStep::First,
        };
        let decision = directory.purge(&job.purge, &targets, step, at).ok_or(Refused::LogAway)?;
        self.happen_alone(&decision)?;
        (job.messages, job.has_begun) = (total, true);
        Ok(is_last.then(|| Reply::Moderated { done: measure_of(&decision) }))
    }

    fn read_on(&mut self, job: &Job) -> Result<Vec<room::Message>, StoreError> {
        let reader = match &mut self.purges.reader {
            Some(reader) => reader,
            none => none.insert(self.hub.log.reader()?),
        };
        reader.after(job.purge.room, job.after, PURGE_STEP_MESSAGES)
    }

    /// Goes on with the purges that an earlier process has begun and not ended.
    pub(super) fn resume_purges(&mut self) {
        for room in self.hub.directory.purging_rooms() {
            match self.begun_in(room) {
                Ok(jobs) => self.purges.waiting.extend(jobs),
                Err(error) => tracing::warn!(%error, "a purge waits for the next start"),
            }
        }
        // What is left over is found by the next start.
        self.purges.waiting.truncate(PURGES_MAX);
    }

    fn begun_in(&mut self, room: RoomId) -> Result<Vec<Job>, StoreError> {
        let mut reader = self.hub.log.reader()?;
        let (mut jobs, mut before): (Vec<Job>, _) = (Vec::new(), Seq(u64::MAX));
        loop {
            let page = reader.measures(room, before, READ_EVENTS_MAX)?;
            let Some(first) = page.first() else { return Ok(jobs) };
            before = first.seq;
            // Of two that began alike the newer one is about all that the older one is.
            for begun in page.iter().rev() {
                let Some(purge) = self.hub.directory.purge_begun(begun) else { continue };
                if !jobs.iter().any(|job| job.purge.is_same(&purge)) {
                    let messages = done_since(&mut *reader, &purge, begun)?;
                    let (asker, after) = (None, Seq::START);
                    jobs.push(Job { purge, asker, has_begun: true, after, messages });
                }
            }
        }
    }

    /// Append, apply, hand out. All that was said before is in the log.
    fn happen_alone(&mut self, decision: &Decision) -> Result<(), Refused> {
        self.append_alone(&decision.events)?;
        self.happen(decision);
        Ok(())
    }
}

/// How many messages went by a purge since it began: at least one, which went with its beginning.
fn done_since(reader: &mut dyn Reader, purge: &Purge, begun: &Event) -> Result<u64, StoreError> {
    let (mut done, mut from) = (0, begun.seq);
    loop {
        let page = reader.read(purge.room, from, READ_EVENTS_MAX)?;
        let Some(last) = page.last() else { return Ok(done.max(1)) };
        from = last.seq.next();
        done += page.iter().filter(|event| purge.has_done(event)).count() as u64;
    }
}
