//! Deleting what one person said: a room's messages are gone through a portion at a time, and
//! between two portions everyone else has their turn.

use std::collections::VecDeque;

use room::{Decision, MemberId, Nick, Purge, RoomId, Seq, UnixMs};
use store::{Reader, StoreError};

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
    member: MemberId,
    seat: Seat,
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
        let Job { member, seat, .. } = *self.waiting.front()?;
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
                let job = Job { purge, member, seat, after: Seq::START, messages: 0 };
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
        match self.step(&mut job, at) {
            Ok(true) => {
                let reply = self.end_purge(&job, at);
                let (slot, member) = (job.seat.slot, job.member);
                self.after_flush.push((job.seat.shard, ToShard::Reply { slot, member, reply }));
            }
            Ok(false) => self.purges.waiting.push_back(job),
            Err(refused) => self.reply(job.seat, job.member, Reply::Refused(refused)),
        }
        if self.purges.is_empty() {
            self.purges.reader = None;
        }
    }

    /// Whether that was the last portion.
    fn step(&mut self, job: &mut Job, at: UnixMs) -> Result<bool, Refused> {
        let messages = self.read_on(job).map_err(|error| self.refusal_of(&error))?;
        let Some(last) = messages.last() else { return Ok(true) };
        job.after = last.seq;
        let is_last = messages.len() < PURGE_STEP_MESSAGES || job.after >= job.purge.upto;
        let directory = &self.hub.directory;
        let gone = messages.iter().filter(|message| directory.purges(&job.purge, message));
        let targets: Vec<Seq> = gone.map(|message| message.seq).collect();
        if !targets.is_empty() {
            let decision = directory.purge(&job.purge, &targets, at).ok_or(Refused::LogAway)?;
            self.happen_alone(&decision)?;
            job.messages += targets.len() as u64;
        }
        Ok(is_last)
    }

    fn read_on(&mut self, job: &Job) -> Result<Vec<room::Message>, StoreError> {
        let reader = match &mut self.purges.reader {
            Some(reader) => reader,
            none => none.insert(self.hub.log.reader()?),
        };
        reader.after(job.purge.room, job.after, PURGE_STEP_MESSAGES)
    }

    /// Tells the room, if anything went.
    fn end_purge(&mut self, job: &Job, at: UnixMs) -> Reply {
        if job.messages == 0 {
            return Reply::Moderated { done: None };
        }
        let decision = self.hub.directory.purged(&job.purge, job.messages, at);
        match decision.ok_or(Refused::LogAway).and_then(|decision| {
            self.happen_alone(&decision)?;
            Ok(measure_of(&decision))
        }) {
            Ok(done) => Reply::Moderated { done },
            Err(refused) => Reply::Refused(refused),
        }
    }

    /// Append, apply, hand out. All that was said before is in the log.
    fn happen_alone(&mut self, decision: &Decision) -> Result<(), Refused> {
        self.append_alone(&decision.events)?;
        self.happen(decision);
        Ok(())
    }
}
