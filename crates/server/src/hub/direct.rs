//! What is for one person: a word that passes, and a room of two.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use room::{Event, Fact, MemberId, Nick, Room, RoomName, Text};

use super::message::{DirectSaid, Refused, Reply, ToShard, Whispered};
use super::{Running, Seated};
use crate::limits::WHISPERS_BYTES_MAX;

impl Running {
    pub(super) fn whisper(&mut self, member: MemberId, to: Nick, text: &Text) -> Reply {
        let directory = &self.hub.directory;
        let Some(from) = directory.present(member) else {
            return Reply::Refused(Refused::Rule(room::Refusal::NotInRoom));
        };
        let (from, account) = (from.nick.clone(), from.account);
        let called: Vec<_> = directory.all_called(&to).collect();
        if called.is_empty() {
            return Reply::Refused(Refused::NoSuchNick(to));
        }
        let cost = Whispered::cost(&from, text);
        let mut is_read = false;
        for recipient in called {
            let Some(Seated { seat, credit }) = self.seats.get(&recipient) else { continue };
            if credit.load(Ordering::Relaxed) + cost > WHISPERS_BYTES_MAX {
                continue;
            }
            credit.fetch_add(cost, Ordering::Relaxed);
            let (seat, from, text) = (*seat, from.clone(), text.clone());
            let whispered = Whispered { from, account, text };
            self.to(seat, ToShard::Whisper { slot: seat.slot, member: recipient, whispered });
            is_read = true;
        }
        if !is_read {
            return Reply::Refused(Refused::NotReading(to));
        }
        self.hub.metrics.whispers.add(1);
        Reply::Whispered { to }
    }

    /// What someone is told who is in a room.
    pub(super) fn entered(&self, member: MemberId, room: &Room) -> Reply {
        let kept = room.kept();
        Reply::Entered {
            room: kept.id,
            name: kept.name.clone(),
            present: room.present(),
            capacity: kept.capacity,
            topic: kept.topic.clone(),
            head: kept.head,
            direct: self.shares_with(member, &kept.name),
        }
    }

    /// With whom someone shares a room of two.
    fn shares_with(&self, member: MemberId, name: &RoomName) -> Option<Nick> {
        let account = self.account_of(member)?;
        let [one, other] = name.pair()?;
        let with = if one == account { other } else { one };
        self.hub.directory.nick_of(with).cloned()
    }

    /// The name of the room that someone shares with who owns that nick.
    pub(super) fn direct_name(&self, member: MemberId, nick: &Nick) -> Option<RoomName> {
        let other = self.hub.directory.owner_of(nick)?;
        Some(RoomName::direct(self.account_of(member)?, other))
    }

    /// Tells of what was said in a room of two, if it was: those sessions of the other that are not
    /// in it. Who does not read what she is sent will find it when she looks.
    pub(super) fn tell_direct(&mut self, event: &Event) {
        let Fact::Said { account: Some(by), nick, .. } = &event.fact else { return };
        let directory = &self.hub.directory;
        let Some(room) = directory.room(event.room) else { return };
        let Some([one, other]) = room.kept().name.pair() else { return };
        let with = if one == *by { other } else { one };
        if with == *by {
            return;
        }
        let (name, nick, account) = (room.kept().name.clone(), nick.clone(), Some(*by));
        let told = Arc::new(DirectSaid { room: name, seq: event.seq, nick, account });
        let cost = told.cost();
        for member in directory.sessions(with).iter().copied() {
            let Some(Seated { seat, credit }) = self.seats.get(&member) else { continue };
            if room.holds(member) || credit.load(Ordering::Relaxed) + cost > WHISPERS_BYTES_MAX {
                continue;
            }
            credit.fetch_add(cost, Ordering::Relaxed);
            let told = Arc::clone(&told);
            let message = ToShard::DirectSaid { slot: seat.slot, member, told };
            self.out[usize::from(seat.shard)].push(message);
        }
    }
}
