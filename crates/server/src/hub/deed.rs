//! What is done with messages: looked up first, so that the rules can decide.

use room::{Act, Author, Command, Key, MemberId, RoomId, Seq, Target, Text, UnixMs};

use super::Running;
use super::message::{Deed, Refused, Reply, Seat, ToShard};

impl Running {
    /// Says something that answers nothing. All that was said before is in the log.
    pub(super) fn post_alone(
        &mut self,
        (member, seat): (MemberId, Seat),
        room: RoomId,
        (text, key): (Text, Option<Key>),
        at: UnixMs,
    ) {
        if self.is_said_before((member, seat), (room, key.as_ref()), at) {
            return;
        }
        let act = Act::Say { room, text, reply: None, key };
        self.act(seat, &Command { member, at, act });
    }

    /// Whether something was said with a key, or cannot be: then who asks is told so.
    fn is_said_before(
        &mut self,
        (member, seat): (MemberId, Seat),
        (room, key): (RoomId, Option<&Key>),
        at: UnixMs,
    ) -> bool {
        let Some(key) = key else { return false };
        match self.said_before(member, (room, key), at) {
            Ok(None) => return false,
            Ok(Some(seq)) => {
                let (slot, reply) = (seat.slot, Reply::Replied { seq });
                self.after_flush.push((seat.shard, ToShard::Reply { slot, member, reply }));
            }
            Err(refused) => self.reply(seat, member, Reply::Refused(refused)),
        }
        true
    }

    /// Decide, append, apply. All that was said before is in the log.
    pub(super) fn about(
        &mut self,
        (member, seat): (MemberId, Seat),
        (room, seq): (RoomId, Seq),
        deed: Deed,
        at: UnixMs,
    ) {
        if let Deed::Reply(_, key) = &deed
            && self.is_said_before((member, seat), (room, key.as_ref()), at)
        {
            return;
        }
        let account = self.hub.directory.present(member).and_then(|present| present.account);
        let emoji = match &deed {
            Deed::React(emoji, _) => Some(emoji),
            Deed::Reply(..) | Deed::Edit(_) | Deed::Delete | Deed::Pin(_) => None,
        };
        let held = match self.hub.log.held(room, seq, &Author { member, account }, emoji) {
            Ok(held) => held,
            Err(error) => {
                tracing::warn!(%error, "a message could not be looked up");
                return self.reply(seat, member, Reply::Refused(Refused::LogAway));
            }
        };
        let act = act(room, Target { seq, held }, deed);
        self.act(seat, &Command { member, at, act });
    }
}

fn act(room: RoomId, target: Target, deed: Deed) -> Act {
    match deed {
        Deed::Reply(text, key) => Act::Say { room, text, reply: Some(Box::new(target)), key },
        Deed::Edit(text) => Act::Edit { room, target, text },
        Deed::Delete => Act::Delete { room, target },
        Deed::React(emoji, on) => {
            let is_on = target.held.as_ref().is_some_and(|held| held.has_reacted);
            Act::React { room, target, emoji, on: on.unwrap_or(!is_on) }
        }
        Deed::Pin(on) => {
            let is_on = target.held.as_ref().is_some_and(|held| held.is_pinned);
            Act::Pin { room, target, on: on.unwrap_or(!is_on) }
        }
    }
}
