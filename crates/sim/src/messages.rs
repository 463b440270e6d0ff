//! The books on what was said in one room: who said it, what it says now, and what of it is gone.

use std::collections::{BTreeMap, BTreeSet};

use room::{AccountId, Emoji, Event, Fact, MemberId, Nick, Quote, RoomId, Seq, Text};
use store::{READ_EVENTS_MAX, Reader};

use crate::check::Broken;

/// Everything said in one room.
#[derive(Debug, Default)]
pub(crate) struct Messages(BTreeMap<Seq, Said>);

/// One message.
#[derive(Debug)]
struct Said {
    author: MemberId,
    account: Option<AccountId>,
    nick: Nick,
    /// Every text it ever had, the newest last.
    texts: Vec<String>,
    is_deleted: bool,
    reactions: BTreeSet<(Emoji, MemberId)>,
    is_pinned: bool,
}

impl Messages {
    /// Takes note of an event; whether it was allowed. `may_delete` says whether one may delete
    /// what another, with that account, said.
    pub(crate) fn hand_out(
        &mut self,
        event: &Event,
        may_delete: impl Fn(MemberId, (MemberId, Option<AccountId>)) -> bool,
    ) -> Result<(), Broken> {
        let undue = || Broken::Undue {
            room: event.room,
            event: format!("{:?}: {:?}", event.seq, event.fact),
        };
        let check = |is_due: bool| if is_due { Ok(()) } else { Err(undue()) };
        if let Fact::Said { member, account, nick, text, reply, key: _ } = &event.fact {
            if let Some(reply) = reply {
                check(self.quote(reply.to) == reply.quote.as_deref().map(shown))?;
                check(reply.quote.is_some())?;
            }
            let said = Said {
                author: *member,
                account: *account,
                nick: nick.clone(),
                texts: vec![text.as_str().to_owned()],
                is_deleted: false,
                reactions: BTreeSet::new(),
                is_pinned: false,
            };
            self.0.insert(event.seq, said);
            return Ok(());
        }
        let Some(target) = event.fact.target() else { return Ok(()) };
        let quote = self.quote(target);
        let said = self.0.get_mut(&target).filter(|said| !said.is_deleted).ok_or_else(undue)?;
        match &event.fact {
            Fact::Edited { member, text, quote: given, .. } => {
                check(*member == said.author && quote == given.as_deref().map(shown))?;
                check(said.texts.last().is_none_or(|last| last != text.as_str()))?;
                said.texts.push(text.as_str().to_owned());
                Ok(())
            }
            Fact::Deleted { member, .. } => {
                said.is_deleted = true;
                said.is_pinned = false;
                let author = (said.author, said.account);
                check(*member == said.author || may_delete(*member, author))
            }
            Fact::Reacted { member, emoji, on, quote: given, .. } => {
                let reaction = (emoji.clone(), *member);
                let is_new = if *on {
                    said.reactions.insert(reaction)
                } else {
                    said.reactions.remove(&reaction)
                };
                check(is_new && quote == given.as_deref().map(shown))
            }
            Fact::Pinned { on, quote: given, .. } => {
                let was_pinned = std::mem::replace(&mut said.is_pinned, *on);
                check(was_pinned != *on && quote == given.as_deref().map(shown))
            }
            // Nobody hands out what is erased: only a log has it.
            _ => Err(undue()),
        }
    }

    /// How a message begins, as it is quoted.
    fn quote(&self, seq: Seq) -> Option<(String, String)> {
        let said = self.0.get(&seq).filter(|said| !said.is_deleted)?;
        Some((said.nick.as_str().to_owned(), said.texts.last()?.clone()))
    }

    fn is_deleted(&self, seq: Seq) -> bool {
        self.0.get(&seq).is_some_and(|said| said.is_deleted)
    }

    /// What a log must have of an event that was handed out.
    pub(crate) fn left_of(&self, event: &Event) -> Event {
        let mut left = event.clone();
        match &mut left.fact {
            Fact::Said { member, account, nick, .. } if self.is_deleted(event.seq) => {
                let (member, account, nick) = (*member, *account, nick.clone());
                left.fact = Fact::Erased { member, account, nick, edited: None };
            }
            Fact::Edited { member, account, nick, target, .. } if self.is_deleted(*target) => {
                let (member, account, nick) = (*member, *account, nick.clone());
                left.fact = Fact::Erased { member, account, nick, edited: Some(*target) };
            }
            Fact::Said { text, reply, .. } => {
                *text = self.newest(event.seq).unwrap_or_else(|| text.clone());
                if let Some(reply) = reply {
                    reply.quote = self.newest_quote(reply.to);
                }
            }
            Fact::Edited { target, text, quote, .. } => {
                *text = self.newest(*target).unwrap_or_else(|| text.clone());
                *quote = self.newest_quote(*target);
            }
            Fact::Reacted { target, quote, .. } | Fact::Pinned { target, quote, .. } => {
                *quote = self.newest_quote(*target);
            }
            _ => {}
        }
        left
    }

    /// What a message says now.
    fn newest(&self, seq: Seq) -> Option<Text> {
        let said = self.0.get(&seq).filter(|said| !said.is_deleted)?;
        Text::new(said.texts.last()?)
    }

    fn newest_quote(&self, seq: Seq) -> Option<Box<Quote>> {
        Some(Box::new(Quote::of(&self.0.get(&seq)?.nick, &self.newest(seq)?)))
    }

    /// Whether the log shows each message as these books have it, and nothing of a deleted one.
    pub(crate) fn compare(
        &self,
        room: RoomId,
        logged: &[Event],
        reader: &mut dyn Reader,
    ) -> Result<(), Broken> {
        let differs = |detail| Broken::Differs { room, told_by: "messages", detail };
        let failed = |cause: store::StoreError| differs(cause.to_string());
        let last = reader.last(room, READ_EVENTS_MAX).map_err(failed)?;
        let told = self.0.iter().map(|(seq, said)| {
            let mut reactions: BTreeMap<&Emoji, u64> = BTreeMap::new();
            said.reactions.iter().for_each(|(emoji, _)| *reactions.entry(emoji).or_default() += 1);
            let text = (!said.is_deleted).then(|| said.texts[said.texts.len() - 1].as_str());
            let is_edited = !said.is_deleted && said.texts.len() > 1;
            (*seq, said.author, text, is_edited, said.is_pinned, reactions)
        });
        let shown = last.iter().map(|message| {
            let reactions =
                message.reactions.iter().map(|(emoji, count)| (emoji, *count)).collect();
            let text = message.text.as_ref().map(room::Text::as_str);
            let (author, is_pinned) = (message.author.member, message.is_pinned);
            (message.seq, author, text, message.is_edited, is_pinned, reactions)
        });
        // A deleted message's reactions are not shown.
        let told = told.map(|mut told| {
            if told.2.is_none() {
                told.5 = BTreeMap::new();
            }
            told
        });
        if !told.eq(shown) {
            return Err(differs(format!("{last:?}")));
        }
        let pinned: Vec<_> = last.iter().filter(|message| message.is_pinned).cloned().collect();
        if reader.pins(room).map_err(failed)? != pinned {
            return Err(differs("other pins".to_owned()));
        }
        let (logged, last) = (format!("{logged:?}"), format!("{last:?}"));
        // Nor is what a message said before it was corrected.
        let gone = self.0.values().flat_map(|said| {
            let left = usize::from(!said.is_deleted);
            &said.texts[..said.texts.len() - left]
        });
        for text in gone {
            let found = reader.search(room, text, READ_EVENTS_MAX).map_err(failed)?;
            let found =
                found.iter().any(|found| found.text.as_ref().is_some_and(|it| it.as_str() == text));
            let place = [
                (logged.contains(text), "the log"),
                (last.contains(text), "the history"),
                (found, "a search"),
            ];
            if let Some((_, place)) = place.into_iter().find(|(is_there, _)| *is_there) {
                return Err(Broken::Readable { room, text: text.clone(), place });
            }
        }
        Ok(())
    }
}

/// A quote, as the books compare it.
fn shown(quote: &Quote) -> (String, String) {
    (quote.nick.as_str().to_owned(), quote.start.as_str().to_owned())
}
