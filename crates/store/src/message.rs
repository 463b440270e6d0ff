//! What the back ends share of messages: what erasing leaves, what a message was at
//! first, and where quotes go.

use room::{Author, Event, Fact, Message, Quote, Seq, Version};

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
        | Fact::Moderated { .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => return None,
    };
    Some(Fact::Erased { member: *member, account: *account, nick: nick.clone(), edited })
}

/// The message that `event` made, as it was at first; `None` if it made none.
pub(crate) fn first(event: &Event) -> Option<Message> {
    let (member, account, nick, text, reply) = match &event.fact {
        Fact::Said { member, account, nick, text, reply, key: _ } => {
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
        | Fact::Moderated { .. }
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

/// What the events of one message say it said, in their order: nothing, if it was deleted.
pub(crate) fn versions(events: &[Event]) -> Vec<Version> {
    let mut versions = Vec::new();
    for event in events {
        match &event.fact {
            Fact::Said { text, .. } | Fact::Edited { text, .. } => {
                versions.push(Version { at: event.at, text: text.clone() });
            }
            Fact::Deleted { .. } | Fact::Erased { .. } => return Vec::new(),
            Fact::Created { .. }
            | Fact::Reacted { .. }
            | Fact::Pinned { .. }
            | Fact::TopicSet { .. }
            | Fact::Moderated { .. }
            | Fact::Entered { .. }
            | Fact::Left { .. }
            | Fact::Renamed { .. } => {}
        }
    }
    versions
}

/// Takes the texts of deleted messages, and quotes of them, out of events.
pub(crate) fn erase_deleted(events: &mut [Event], deleted: &[Seq]) {
    if deleted.is_empty() {
        return;
    }
    for event in events {
        let (seq, target) = (event.seq, event.fact.target());
        let is_deleted = |seq: &Seq| deleted.contains(seq);
        if let Some(left) = erased(&event.fact)
            && is_deleted(&target.unwrap_or(seq))
        {
            event.fact = left;
        } else if let Some((target, quote)) = quote_place(&mut event.fact)
            && is_deleted(&target)
        {
            *quote = None;
        }
    }
}

/// Does with `messages`, which stand as they did before `events`, what those do; adds those that
/// follow the last.
pub(crate) fn go_on_with(messages: &mut Vec<Message>, events: &[Event]) {
    for event in events {
        if let Some(message) = first(event) {
            if messages.last().is_none_or(|last| last.seq < message.seq) {
                messages.push(message);
            }
        } else if let Some(target) = event.fact.target()
            && let Some(message) = messages.iter_mut().find(|message| message.seq == target)
        {
            apply(message, &event.fact);
        }
    }
}

fn apply(message: &mut Message, fact: &Fact) {
    match fact {
        Fact::Edited { text, .. } => {
            message.text = Some(text.clone());
            message.is_edited = true;
        }
        Fact::Deleted { .. } => {
            message.text = None;
            (message.is_edited, message.is_pinned) = (false, false);
            message.reactions.clear();
        }
        Fact::Reacted { emoji, on, .. } => {
            let given = message.reactions.iter().position(|(given, _)| given == emoji);
            match (given, on) {
                (Some(place), true) => message.reactions[place].1 += 1,
                (None, true) => message.reactions.push((emoji.clone(), 1)),
                (Some(place), false) => message.reactions[place].1 -= 1,
                (None, false) => {}
            }
            message.reactions.retain(|(_, count)| *count > 0);
        }
        Fact::Pinned { on, .. } => message.is_pinned = *on,
        Fact::Created { .. }
        | Fact::Said { .. }
        | Fact::Erased { .. }
        | Fact::TopicSet { .. }
        | Fact::Moderated { .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => {}
    }
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
        | Fact::Moderated { .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => None,
    }
}
