//! What the back ends share of messages: what erasing leaves, what a message was at
//! first, and where quotes go.

use room::{Author, Event, Fact, Message, Quote, Seq};

/// What is left of something said, or of a correction, when its message is deleted; `None` of
/// facts that have no text of a message.
pub(crate) fn erased(fact: &Fact) -> Option<Fact> {
    let (member, account, nick, edited) = match fact {
        Fact::Said { member, account, nick, .. } => (member, account, nick, None),
        Fact::Edited { member, account, nick, target, .. } => {
            (member, account, nick, Some(*target))
        }
        Fact::Created { .. }
        | Fact::Deleted { .. }
        | Fact::Erased { .. }
        | Fact::Reacted { .. }
        | Fact::Pinned { .. }
        | Fact::TopicSet { .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => return None,
    };
    Some(Fact::Erased { member: *member, account: *account, nick: nick.clone(), edited })
}

/// The message that `event` made, as it was at first; `None` if it made none.
pub(crate) fn first(event: &Event) -> Option<Message> {
    let (member, account, nick, text, reply) = match &event.fact {
        Fact::Said { member, account, nick, text, reply } => {
            (member, account, nick, Some(text.clone()), reply.clone())
        }
        Fact::Erased { member, account, nick, edited: None } => (member, account, nick, None, None),
        Fact::Created { .. }
        | Fact::Edited { .. }
        | Fact::Deleted { .. }
        | Fact::Erased { edited: Some(_), .. }
        | Fact::Reacted { .. }
        | Fact::Pinned { .. }
        | Fact::TopicSet { .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => return None,
    };
    Some(Message {
        room: event.room,
        seq: event.seq,
        at: event.at,
        author: Author { member: *member, account: *account },
        nick: nick.clone(),
        text,
        is_edited: false,
        reply,
        reactions: Vec::new(),
        is_pinned: false,
    })
}

/// The message an event is about, and the place for its quote; `None` if it has none.
pub(crate) fn quote_place(fact: &mut Fact) -> Option<(Seq, &mut Option<Box<Quote>>)> {
    match fact {
        Fact::Said { reply: Some(reply), .. } => Some((reply.to, &mut reply.quote)),
        Fact::Edited { target, quote, .. }
        | Fact::Reacted { target, quote, .. }
        | Fact::Pinned { target, quote, .. } => Some((*target, quote)),
        Fact::Said { reply: None, .. }
        | Fact::Created { .. }
        | Fact::Deleted { .. }
        | Fact::Erased { .. }
        | Fact::TopicSet { .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => None,
    }
}
