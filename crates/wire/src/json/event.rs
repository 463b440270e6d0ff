//! What happens, as JSON: each event is written once, in one pass, for all who get it.

use bytes::Bytes;
use lang::Lang;
use room::{
    AccountId, Departure, Event, Fact, Measure, Nick, Quote, Reply, RoomName, Seq, Text, UnixMs,
    Who,
};
use serde::Serialize;

use super::limits::NOTICE_PRESENT_MAX;
use super::shape;
use crate::markup::{Block, Inline, Tree, parse};

/// Bytes of an event without its text, as a first guess; it grows beyond.
const FORM_BYTES: usize = 192;

/// The event for the members of `room`; `None` if they are not told of it: who comes or goes while
/// she is in by another session, and who enters, leaves or is called otherwise among more than
/// [`NOTICE_PRESENT_MAX`]. Then a [`Notice::Count`] is due now and then.
///
/// `present` is how many are in the room now.
#[must_use]
pub fn event(event: &Event, room: &RoomName, present: u32) -> Option<Bytes> {
    if NOTICE_PRESENT_MAX < present && is_coming_or_going(&event.fact) {
        return None;
    }
    if let Fact::Entered { again: true, .. } | Fact::Left { again: true, .. } = &event.fact {
        return None;
    }
    let place = Place { room: room.as_str(), seq: event.seq.0, at: event.at.0, present };
    Some(write(&place.shape(&event.fact)))
}

/// Whether it says who is in a room, and by which name, and nothing else.
const fn is_coming_or_going(fact: &Fact) -> bool {
    match fact {
        Fact::Entered { .. } | Fact::Left { .. } | Fact::Renamed { .. } => true,
        Fact::Created { .. }
        | Fact::Said { .. }
        | Fact::Edited { .. }
        | Fact::Deleted { .. }
        | Fact::Erased { .. }
        | Fact::Reacted { .. }
        | Fact::Pinned { .. }
        | Fact::Moderated { .. }
        | Fact::TopicSet { .. } => false,
    }
}

/// What is told of beside the events of a room. None of it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// How many are in a crowded room.
    Count {
        /// Which.
        room: RoomName,
        /// How many.
        present: u32,
    },
    /// Someone writes, or does not any more.
    Typing {
        /// Where.
        room: RoomName,
        /// Who.
        nick: Nick,
        /// Her account, if she is logged in.
        account: Option<AccountId>,
        /// Begins, or ends.
        on: bool,
    },
    /// To the other devices of one who has read a room so far.
    Read {
        /// Which.
        room: RoomName,
        /// The last message that was read.
        seq: Seq,
    },
    /// Something was said in a room of two that she is not in.
    Direct {
        /// Which.
        room: RoomName,
        /// The message.
        seq: Seq,
        /// Who said it.
        nick: Nick,
        /// Her account.
        account: Option<AccountId>,
    },
    /// A word to one person.
    Private {
        /// When it was said.
        at: UnixMs,
        /// Who said it.
        nick: Nick,
        /// Her account, if she is logged in.
        account: Option<AccountId>,
        /// What.
        text: Text,
    },
    /// Events are not kept any more that a member has not got.
    Missed {
        /// Where.
        room: RoomName,
        /// The last event before the gap.
        after: Seq,
        /// The first event behind it.
        begins: Seq,
    },
    /// She is called otherwise: the owner of her nick has logged in.
    Called {
        /// What she is called.
        nick: Nick,
    },
    /// She is logged in no more, and in no room: her token was ended elsewhere, or has expired.
    LoggedOut,
    /// She is put out of a room.
    PutOut {
        /// Which.
        room: RoomName,
        /// By whom.
        nick: Nick,
        /// How, until when and why.
        measure: Box<Measure>,
    },
    /// The server closes the connection.
    Bye(Farewell),
}

/// Why the server closes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    /// It goes down.
    ShuttingDown,
    /// In no room, and silent for too long.
    Idle,
    /// Requests came too fast, also after many refusals.
    Flooded,
}

/// The notice; `lang` is that of the sentences in it.
#[must_use]
pub fn notice(notice: &Notice, lang: Lang) -> Bytes {
    let written = match notice {
        Notice::Count { room, present } => {
            shape::Event::Count(shape::Count { room: room.as_str(), present: *present })
        }
        Notice::Typing { room, nick, account, on } => shape::Event::Typing(shape::Typing {
            room: room.as_str(),
            by: by(nick, *account),
            on: *on,
        }),
        Notice::Read { room, seq } => {
            shape::Event::Read(shape::Read { room: room.as_str(), seq: seq.0 })
        }
        Notice::Direct { room, seq, nick, account } => shape::Event::Direct(shape::DirectSaid {
            room: room.as_str(),
            seq: seq.0,
            by: by(nick, *account),
        }),
        Notice::Private { at, nick, account, text } => shape::Event::Message(shape::Private {
            at: at.0,
            by: by(nick, *account),
            text: text.as_str(),
            markup: markup(text),
        }),
        Notice::PutOut { room, nick, measure } => {
            let shape::Moderated { measure, until, reason, .. } = *measured(measure);
            shape::Event::PutOut(shape::PutOut {
                room: room.as_str(),
                by: by(nick, None),
                measure,
                until,
                reason,
            })
        }
        Notice::Called { nick } => shape::Event::Called(shape::Called { nick: nick.as_str() }),
        Notice::LoggedOut => shape::Event::LoggedOut,
        Notice::Missed { room, after, begins } => shape::Event::Missed(shape::Missed {
            room: room.as_str(),
            after: after.0,
            begins: begins.0,
        }),
        Notice::Bye(farewell) => {
            let (why, id) = match farewell {
                Farewell::ShuttingDown => (shape::ByeWhy::ShuttingDown, "json-shutting-down"),
                Farewell::Idle => (shape::ByeWhy::Idle, "json-idle"),
                Farewell::Flooded => (shape::ByeWhy::Flooded, "json-flooded"),
            };
            return write(&shape::Event::Bye(shape::Bye { why, message: &lang.text(id) }));
        }
    };
    write(&written)
}

/// Where and when something happens.
#[derive(Clone, Copy)]
struct Place<'e> {
    room: &'e str,
    seq: u64,
    at: u64,
    present: u32,
}

/// The entry of a measure in the list of who did what; `None` of another event.
pub(crate) fn entry<'e>(event: &'e Event, room: &'e RoomName) -> Option<shape::Moderated<'e>> {
    let Fact::Moderated { account, nick, measure, .. } = &event.fact else { return None };
    let place = Place { room: room.as_str(), seq: event.seq.0, at: event.at.0, present: 0 };
    Some(*place.measure(nick, *account, measure))
}

impl<'e> Place<'e> {
    fn measure(
        self,
        nick: &'e Nick,
        account: Option<AccountId>,
        measure: &'e Measure,
    ) -> Box<shape::Moderated<'e>> {
        let mut moderated = measured(measure);
        (moderated.room, moderated.seq, moderated.at) = (self.room, self.seq, self.at);
        moderated.by = by(nick, account);
        moderated
    }

    #[expect(clippy::too_many_lines, reason = "a flat match: one shape a fact")]
    fn shape(self, fact: &'e Fact) -> shape::Event<'e> {
        let Self { room, seq, at, present } = self;
        match fact {
            Fact::Created { name: _, capacity, visibility, by: nick } => {
                shape::Event::Created(shape::Created {
                    room,
                    seq,
                    at,
                    by: by(nick, None),
                    capacity: *capacity,
                    visibility: shape::Visibility::of(*visibility),
                })
            }
            Fact::Said { member: _, account, nick, text, reply, key: _ } => {
                shape::Event::Said(shape::Said {
                    room,
                    seq,
                    at,
                    by: by(nick, *account),
                    text: text.as_str(),
                    markup: markup(text),
                    reply: reply.as_deref().map(answered),
                })
            }
            Fact::Edited { member: _, account, nick, target, quote, text } => {
                shape::Event::Edited(shape::Edited {
                    room,
                    seq,
                    at,
                    by: by(nick, *account),
                    target: target.0,
                    text: text.as_str(),
                    markup: markup(text),
                    quote: quote.as_deref().map(quoted),
                })
            }
            Fact::Deleted { member: _, account, nick, target, is_purge } => {
                let (by, target) = (by(nick, *account), target.0);
                let purge = is_purge.then_some(true);
                shape::Event::Deleted(shape::Deleted { room, seq, at, by, target, purge })
            }
            Fact::Erased { member: _, account, nick, edited } => {
                let (by, target) = (by(nick, *account), edited.map(|edited| edited.0));
                shape::Event::Erased(shape::Erased { room, seq, at, by, target })
            }
            Fact::Reacted { member: _, account, nick, target, quote, emoji, on } => {
                shape::Event::Reacted(shape::Reacted {
                    room,
                    seq,
                    at,
                    by: by(nick, *account),
                    target: target.0,
                    emoji: emoji.as_str(),
                    on: *on,
                    quote: quote.as_deref().map(quoted),
                })
            }
            Fact::Pinned { member: _, account, nick, target, quote, on } => {
                shape::Event::Pinned(shape::Pinned {
                    room,
                    seq,
                    at,
                    by: by(nick, *account),
                    target: target.0,
                    on: *on,
                    quote: quote.as_deref().map(quoted),
                })
            }
            Fact::TopicSet { member: _, nick, topic } => {
                let (by, topic) = (by(nick, None), topic.as_ref().map(Text::as_str));
                shape::Event::Topic(shape::TopicSet { room, seq, at, by, topic })
            }
            Fact::Moderated { member: _, account, nick, measure } => {
                let mut moderated = self.measure(nick, *account, measure);
                // For those with rights alone; `bans` tells them.
                (moderated.pattern, moderated.addresses) = (None, None);
                shape::Event::Moderated(moderated)
            }
            Fact::Entered { member: _, account, nick, again: _ } => {
                let by = by(nick, *account);
                shape::Event::Entered(shape::Entered { room, seq, at, by, present })
            }
            Fact::Left { member: _, account, nick, how, again: _ } => {
                let how = match how {
                    Departure::Left => shape::Departure::Left,
                    Departure::Disconnected => shape::Departure::Disconnected,
                    Departure::Removed => shape::Departure::Removed,
                };
                shape::Event::Left(shape::Left {
                    room,
                    seq,
                    at,
                    by: by(nick, *account),
                    how,
                    present,
                })
            }
            Fact::Renamed { member: _, account, from, to } => {
                let by = by(from, *account);
                shape::Event::Renamed(shape::Renamed { room, seq, at, by, nick: to.as_str() })
            }
        }
    }
}

/// What was done; where, when and by whom is left open.
#[expect(clippy::too_many_lines, reason = "a flat match, a few lines a measure")]
fn measured(measure: &Measure) -> Box<shape::Moderated<'_>> {
    let mut moderated = Box::new(shape::Moderated {
        room: "",
        seq: 0,
        at: 0,
        by: shape::By { nick: "", account: None },
        measure: shape::Measure::Kicked,
        nick: None,
        addresses: None,
        until: None,
        reason: None,
        role: None,
        seconds: None,
        pattern: None,
        on: None,
        visibility: None,
        capacity: None,
        since: None,
        messages: None,
        days: None,
    });
    moderated.measure = match measure {
        Measure::Kicked { who, reason } => {
            about(who, &mut moderated);
            moderated.reason = reason.as_ref().map(Text::as_str);
            shape::Measure::Kicked
        }
        Measure::Banned { who, until, reason } => {
            penalty(who, *until, reason.as_ref(), &mut moderated);
            shape::Measure::Banned
        }
        Measure::Muted { who, until, reason } => {
            penalty(who, *until, reason.as_ref(), &mut moderated);
            shape::Measure::Muted
        }
        Measure::Unbanned { who } => {
            about(who, &mut moderated);
            shape::Measure::Unbanned
        }
        Measure::Unmuted { who } => {
            about(who, &mut moderated);
            shape::Measure::Unmuted
        }
        Measure::RoleSet { account: _, nick, role } => {
            moderated.nick = Some(nick.as_str());
            moderated.role = Some(shape::Role::of(*role));
            shape::Measure::Role
        }
        Measure::SlowMode { seconds } => {
            moderated.seconds = Some(*seconds);
            shape::Measure::SlowMode
        }
        Measure::Filter { pattern, on } => {
            (moderated.pattern, moderated.on) = (Some(pattern.as_str()), Some(*on));
            shape::Measure::Filter
        }
        Measure::Raid { on } => {
            moderated.on = Some(*on);
            shape::Measure::Raid
        }
        Measure::Visibility(visibility) => {
            moderated.visibility = Some(shape::Visibility::of(*visibility));
            shape::Measure::Visibility
        }
        Measure::Capacity(capacity) => {
            moderated.capacity = Some(*capacity);
            shape::Measure::Capacity
        }
        Measure::Retention(retention) => {
            moderated.messages = Some(retention.messages);
            moderated.days = Some(retention.days);
            shape::Measure::Retention
        }
        Measure::Purged { who, since, messages } => {
            about(who, &mut moderated);
            moderated.since = since.map(|since| since.0);
            moderated.messages = Some(*messages);
            shape::Measure::Purged
        }
    };
    moderated
}

fn penalty<'m>(
    who: &'m Who,
    until: Option<UnixMs>,
    reason: Option<&'m Text>,
    moderated: &mut shape::Moderated<'m>,
) {
    about(who, moderated);
    moderated.until = until.map(|until| until.0);
    moderated.reason = reason.map(Text::as_str);
}

fn about<'m>(who: &'m Who, moderated: &mut shape::Moderated<'m>) {
    match who {
        Who::Guest { nick, .. } | Who::Account { nick, .. } => {
            moderated.nick = Some(nick.as_str());
        }
        Who::Addresses(addresses) => moderated.addresses = Some(addresses.to_string()),
    }
}

pub(crate) fn by(nick: &Nick, account: Option<AccountId>) -> shape::By<'_> {
    shape::By { nick: nick.as_str(), account: account.map(|account| account.0) }
}

pub(crate) fn answered(reply: &Reply) -> shape::Reply<'_> {
    shape::Reply { to: reply.to.0, quote: reply.quote.as_deref().map(quoted) }
}

fn quoted(quote: &Quote) -> shape::Quote<'_> {
    shape::Quote { nick: quote.nick.as_str(), text: quote.start.as_str() }
}

/// The formatting of a text; `None` if it is one paragraph of just that text, as most are.
pub(crate) fn markup(text: &Text) -> Option<Tree> {
    let tree = parse(text.as_str());
    let is_plain = match &tree.blocks[..] {
        [Block::Paragraph(inlines)] => {
            matches!(&inlines[..], [Inline::Text(plain)] if plain == text.as_str())
        }
        _ => false,
    };
    (!is_plain).then_some(tree)
}

/// One message to a client.
pub(crate) fn write(message: &impl Serialize) -> Bytes {
    let mut written = Vec::with_capacity(FORM_BYTES);
    serde_json::to_writer(&mut written, message)
        .expect("all keys are strings, and memory takes whatever is written");
    written.into()
}
