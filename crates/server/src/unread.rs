//! What someone has not read: the messages of others behind her markers, counted from the log by a
//! reading thread.

use room::{AccountId, Message, Nick, RoomId, Seq};
use store::{READ_EVENTS_MAX, Reader, StoreError};
use wire::json::{self, Unread};
use wire::markup;

use crate::archive::Archive;
use crate::hub;
use crate::limits::{UNREAD_LOOKED_MAX, UNREAD_MAX};

/// What is to be counted, and for whom.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) account: AccountId,
    pub(crate) nick: Nick,
    pub(crate) spans: Vec<Span>,
}

/// What of a room is to be counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) room: RoomId,
    /// What comes behind it,
    pub(crate) after: Seq,
    /// up to and with it.
    pub(crate) upto: Seq,
}

/// How much is unread in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Count {
    /// At most [`UNREAD_MAX`].
    pub(crate) messages: u32,
    /// Those of them in which she is called.
    pub(crate) mentions: u32,
    /// There may be more.
    pub(crate) more: bool,
}

/// What an account has in rooms, with the counts of what it has not read. Where nothing can be
/// counted just now, there may be more.
pub(crate) async fn counted(
    archive: &Archive,
    (account, nick): (AccountId, Nick),
    hers: hub::Hers,
) -> json::Hers {
    let span =
        |marked: &hub::Marked| Span { room: marked.room, after: marked.read, upto: marked.head };
    let spans = hers.marked.iter().map(span).collect();
    let counts = archive.unread(Wanted { account, nick, spans }).await.unwrap_or_default();
    let unknown = Count { more: true, ..Count::default() };
    let counts = counts.into_iter().chain(std::iter::repeat(unknown));
    let unread = hers.marked.into_iter().zip(counts).map(|(marked, count)| {
        let Count { messages, mentions, more } = count;
        (marked.name, Unread { read: marked.read, messages, mentions, more })
    });
    json::Hers { direct: hers.direct, unread: unread.collect() }
}

/// Counts, looking at no more than [`UNREAD_LOOKED_MAX`] messages in all.
///
/// # Errors
///
/// As of [`Reader::after`].
pub(crate) fn count(reader: &mut dyn Reader, wanted: &Wanted) -> Result<Vec<Count>, StoreError> {
    let mut left = UNREAD_LOOKED_MAX;
    wanted.spans.iter().map(|span| count_one(reader, wanted, *span, &mut left)).collect()
}

fn count_one(
    reader: &mut dyn Reader,
    wanted: &Wanted,
    Span { room, mut after, upto }: Span,
    left: &mut usize,
) -> Result<Count, StoreError> {
    let mut count = Count::default();
    while after < upto {
        let limit = READ_EVENTS_MAX.min(*left);
        if limit == 0 {
            count.more = true;
            break;
        }
        let page = reader.after(room, after, limit)?;
        *left -= page.len();
        for message in page.iter().filter(|message| message.seq <= upto && wanted.is_for(message)) {
            if count.messages == UNREAD_MAX {
                count.more = true;
                return Ok(count);
            }
            count.messages += 1;
            count.mentions += u32::from(wanted.is_called(message));
        }
        match page.last() {
            Some(last) if page.len() == limit => after = last.seq,
            _ => break,
        }
    }
    Ok(count)
}

impl Wanted {
    /// Whether it can be unread: it is another's, and stands.
    fn is_for(&self, message: &Message) -> bool {
        message.text.is_some() && message.author.account != Some(self.account)
    }

    fn is_called(&self, message: &Message) -> bool {
        let text = message.text.as_ref().filter(|text| text.as_str().contains('@'));
        text.is_some_and(|text| {
            markup::mentions(&markup::parse(text.as_str())).any(|nick| *nick == self.nick)
        })
    }
}

#[cfg(test)]
mod tests {
    use room::{Event, Fact, MemberId, RoomName, Text, UnixMs, Visibility};
    use store::{Log as _, Memory};

    use super::*;

    const ROOM: RoomId = RoomId(1);
    const ANA: AccountId = AccountId(1);
    const BIA: AccountId = AccountId(2);

    fn nick() -> Nick {
        Nick::parse("ana").unwrap()
    }

    fn event(seq: u64, fact: Fact) -> Event {
        Event { room: ROOM, seq: Seq(seq), at: UnixMs(0), fact }
    }

    fn said(seq: u64, account: AccountId, text: &str) -> Event {
        let (member, text) = (MemberId(account.0), Text::new(text).unwrap());
        let account = Some(account);
        event(seq, Fact::Said { member, account, nick: nick(), text, reply: None, key: None })
    }

    /// A room in which these were said, from 2 on.
    fn log(said: impl IntoIterator<Item = Event>) -> Box<dyn Reader> {
        let mut log = Memory::new();
        let name = RoomName::parse("sala").unwrap();
        let visibility = Visibility::Public;
        let made = event(1, Fact::Created { name, capacity: 9, visibility, by: nick() });
        log.append(&[made]).unwrap();
        for said in said {
            log.append(&[said]).unwrap();
        }
        log.reader().unwrap()
    }

    fn counted(reader: &mut dyn Reader, spans: &[(u64, u64)]) -> Vec<Count> {
        let span =
            |(after, upto): &(u64, u64)| Span { room: ROOM, after: Seq(*after), upto: Seq(*upto) };
        let spans = spans.iter().map(span).collect();
        count(reader, &Wanted { account: ANA, nick: nick(), spans }).unwrap()
    }

    #[test]
    fn the_messages_of_others_that_stand_are_counted() {
        let deleted = Fact::Deleted {
            member: MemberId(2),
            account: Some(BIA),
            nick: nick(),
            target: Seq(4),
            is_purge: false,
        };
        let mut reader = log([
            said(2, BIA, "oi"),
            said(3, ANA, "oi, @ana"),
            said(4, BIA, "@ana, veja"),
            said(5, BIA, "**@Ana**, veja"),
            said(6, BIA, "ana@example.org"),
            event(7, deleted),
        ]);
        let count = |messages, mentions| Count { messages, mentions, more: false };
        let spans = [(0, 7), (2, 7), (0, 5), (5, 7), (6, 7), (7, 7), (9, 7)];
        let expected = [
            count(3, 1),
            count(2, 1),
            count(2, 1),
            count(1, 0),
            count(0, 0),
            count(0, 0),
            count(0, 0),
        ];
        assert_eq!(counted(&mut *reader, &spans), expected);
    }

    #[test]
    fn both_limits_hold() {
        let most = u64::from(UNREAD_MAX);
        let mut reader = log((2..most + 3).map(|seq| said(seq, BIA, "oi")));
        let all = Count { messages: UNREAD_MAX, mentions: 0, more: false };
        let counts = counted(&mut *reader, &[(2, most + 2), (1, most + 2)]);
        assert_eq!(counts, [all, Count { more: true, ..all }]);
        let often = vec![(1, most + 2); UNREAD_LOOKED_MAX / UNREAD_MAX as usize + 2];
        let last = counted(&mut *reader, &often).pop();
        assert_eq!(last, Some(Count { more: true, ..Count::default() }));
    }
}
