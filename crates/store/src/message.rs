//! What the back ends share of messages: what erasing leaves, what a message was at
//! first, and where quotes go.

use std::collections::HashMap;

use room::{Author, Emoji, Event, Fact, Held, Message, Quote, Seq, Text, Version};

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

/// The text that a message, or a correction of one, gives its message; and which that is.
pub(crate) fn text_place(event: &mut Event) -> Option<(Seq, &mut Text)> {
    let seq = event.seq;
    match &mut event.fact {
        Fact::Said { text, .. } => Some((seq, text)),
        Fact::Edited { target, text, .. } => Some((*target, text)),
        Fact::Created { .. }
        | Fact::Deleted { .. }
        | Fact::Erased { .. }
        | Fact::Reacted { .. }
        | Fact::Pinned { .. }
        | Fact::TopicSet { .. }
        | Fact::Moderated { .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => None,
    }
}

/// Gives messages, and corrections of them, the texts that later events gave them.
pub(crate) fn renew(events: &mut [Event], later: &[Event]) {
    let newest = newest_texts(later);
    for event in events.iter_mut().filter(|_| !newest.is_empty()) {
        if let Some((seq, text)) = text_place(event)
            && let Some(newest) = newest.get(&seq)
        {
            *text = (*newest).clone();
        }
    }
}

/// The same with the quotes of such messages.
pub(crate) fn renew_quotes(events: &mut [Event], later: &[Event]) {
    let newest = newest_texts(later);
    for event in events.iter_mut().filter(|_| !newest.is_empty()) {
        if let Some((seq, Some(quote))) = quote_place(&mut event.fact)
            && let Some(newest) = newest.get(&seq)
        {
            **quote = Quote::of(&quote.nick, newest);
        }
    }
}

/// The texts that events give to messages that were said before.
fn newest_texts(events: &[Event]) -> HashMap<Seq, &Text> {
    let edited = events.iter().filter_map(|event| match &event.fact {
        Fact::Edited { target, text, .. } => Some((*target, text)),
        _ => None,
    });
    // Of several the last one stays.
    edited.collect()
}

/// What the rules must know of a message, brought up to date by later events of its room.
pub(crate) struct Holding<'a> {
    pub(crate) seq: Seq,
    /// For whom, with which emoji.
    pub(crate) by: (&'a Author, Option<&'a Emoji>),
    pub(crate) held: Option<Held>,
    /// The pinned messages of the room.
    pub(crate) pins: Vec<Seq>,
}

impl Holding<'_> {
    /// Whether an event changes what is known.
    pub(crate) fn is_about(seq: Seq, event: &Event) -> bool {
        event.seq == seq
            || event.fact.target() == Some(seq)
            || matches!(event.fact, Fact::Pinned { .. } | Fact::Deleted { .. })
    }

    /// Takes in an event that came later.
    pub(crate) fn go_on(&mut self, event: &Event) {
        match &event.fact {
            Fact::Pinned { target, on, .. } => {
                self.pins.retain(|pin| pin != target);
                self.pins.extend(on.then_some(*target));
            }
            Fact::Deleted { target, .. } => self.pins.retain(|pin| pin != target),
            _ => {}
        }
        if event.seq == self.seq
            && let Some(message) = first(event)
        {
            let Message { author, nick, text, .. } = message;
            let (edits, has_reacted, is_pinned, pins) = (0, false, false, 0);
            self.held = Some(Held { author, nick, text, edits, has_reacted, is_pinned, pins });
        }
        let Some(held) = self.held.as_mut().filter(|_| event.fact.target() == Some(self.seq))
        else {
            return;
        };
        match &event.fact {
            Fact::Edited { text, .. } => {
                held.text = Some(text.clone());
                held.edits += 1;
            }
            Fact::Deleted { .. } => held.text = None,
            Fact::Reacted { member, account, emoji, on, .. } => {
                let giver = Author { member: *member, account: *account };
                if self.by.1 == Some(emoji) && giver.is_same_person(self.by.0) {
                    held.has_reacted = *on;
                }
            }
            _ => {}
        }
    }

    /// What is known in the end.
    pub(crate) fn end(self) -> Option<Held> {
        let Self { seq, held, pins, .. } = self;
        let is_pinned = pins.contains(&seq);
        held.map(|held| Held { is_pinned, pins: pins.len() as u64, ..held })
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
