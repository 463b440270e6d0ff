//! The events of a room as lines.

use bytes::Bytes;
use lang::Lang;
use room::{Departure, Event, Fact, Measure, Nick, Quote, Reply, Seq, Text};

use super::{NOTICE_PRESENT_MAX, moderation};

/// What the others in the room see of an event; `None` if they are shown nothing.
///
/// One line, whatever the event: who reads only this line must understand it. So what is about a
/// message says its number and how it begins, if it still has a text.
#[must_use]
pub fn event(event: &Event, present: u32, lang: Lang, numbered: bool) -> Option<Bytes> {
    let crowd = present > NOTICE_PRESENT_MAX;
    let line = match &event.fact {
        Fact::Said { nick, text, reply, .. } => {
            return Some(said(event, nick, text, reply.as_deref(), lang, numbered));
        }
        Fact::Edited { nick, target, quote, text, .. } => {
            edited(nick, *target, quote.as_deref(), text, lang)
        }
        Fact::Deleted { nick, target, is_purge: false, .. } => lang.text_with(
            "line-deleted-by",
            &[("nick", nick.as_str().into()), ("number", number(*target).as_str().into())],
        ),
        Fact::Erased { nick, edited: None, .. } => {
            lang.text_with("line-erased", &[("nick", nick.as_str().into())])
        }
        Fact::Reacted { nick, target, quote, emoji, on, .. } => lang.text_with(
            if *on { "line-reacted-by" } else { "line-unreacted-by" },
            &[
                ("nick", nick.as_str().into()),
                ("emoji", emoji.as_str().into()),
                ("message", named(*target, quote.as_deref(), lang).as_str().into()),
            ],
        ),
        Fact::Pinned { nick, target, quote, on, .. } => lang.text_with(
            if *on { "line-pinned-by" } else { "line-unpinned-by" },
            &[
                ("nick", nick.as_str().into()),
                ("message", named(*target, quote.as_deref(), lang).as_str().into()),
            ],
        ),
        Fact::TopicSet { nick, topic: Some(topic), .. } => lang.text_with(
            "line-topic-set-by",
            &[("nick", nick.as_str().into()), ("topic", (&*topic.flat()).into())],
        ),
        Fact::TopicSet { nick, topic: None, .. } => {
            lang.text_with("line-topic-cleared-by", &[("nick", nick.as_str().into())])
        }
        // Of a purge its end is told.
        Fact::Moderated { measure, .. }
            if matches!(**measure, Measure::Purged { messages: 0, .. }) =>
        {
            return None;
        }
        Fact::Moderated { nick, measure, .. } => moderation::sentence(nick, measure, lang),
        Fact::Entered { nick, again: false, .. } if !crowd => {
            lang.text_with("line-entered", &[("nick", nick.as_str().into())])
        }
        Fact::Left {
            nick, how: Departure::Left | Departure::Disconnected, again: false, ..
        } if !crowd => lang.text_with("line-left", &[("nick", nick.as_str().into())]),
        Fact::Renamed { from, to, .. } if !crowd => lang.text_with(
            "line-renamed",
            &[("from", from.as_str().into()), ("to", to.as_str().into())],
        ),
        // Of a correction that is erased, the message's own line tells; of who is put out and of
        // what is purged, that of the measure; who comes or goes by one session of several is
        // there before and after.
        Fact::Created { .. }
        | Fact::Deleted { is_purge: true, .. }
        | Fact::Erased { edited: Some(_), .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => return None,
    };
    let number =
        if numbered && event.fact.is_kept() { format!("{} ", event.seq.0) } else { String::new() };
    Some(format!("{number}[INFO] - {line}\n").into())
}

/// A message: the seed's form, and the one that must be quick.
fn said(
    event: &Event,
    nick: &Nick,
    text: &Text,
    reply: Option<&Reply>,
    lang: Lang,
    numbered: bool,
) -> Bytes {
    const NUMBER_BYTES_MAX: usize = 21;
    let (nick, text) = (nick.as_str(), &*text.flat());
    let answered = reply.map(|reply| answered(reply, lang) + " ").unwrap_or_default();
    let bytes = nick.len() + answered.len() + text.len() + 5 + NUMBER_BYTES_MAX;
    let mut line = String::with_capacity(bytes);
    if numbered {
        line.push_str(&event.seq.0.to_string());
        line.push(' ');
    }
    for part in ["[", nick, "]: ", &answered, text, "\n"] {
        line.push_str(part);
    }
    line.into()
}

/// What an answer answers, as it stands before its text.
pub(super) fn answered(reply: &Reply, lang: Lang) -> String {
    match &reply.quote {
        Some(quote) => {
            let (nick, start) = (quote.nick.as_str(), &*quote.start.flat());
            lang.text_with("line-reply", &[("nick", nick.into()), ("quote", start.into())])
        }
        None => {
            lang.text_with("line-reply-unquoted", &[("number", number(reply.to).as_str().into())])
        }
    }
}

fn edited(nick: &Nick, target: Seq, quote: Option<&Quote>, text: &Text, lang: Lang) -> String {
    let (number, text) = (number(target), text.flat());
    let (nick, number, text) = (
        ("nick", nick.as_str().into()),
        ("number", number.as_str().into()),
        ("text", (&*text).into()),
    );
    match quote {
        Some(quote) => {
            let start = quote.start.flat();
            let quote = ("quote", (&*start).into());
            lang.text_with("line-edited-by", &[nick, number, quote, text])
        }
        None => lang.text_with("line-edited-by-unquoted", &[nick, number, text]),
    }
}

/// A message's number is a name, not a count: it goes into a sentence as it is written.
fn number(seq: Seq) -> String {
    seq.0.to_string()
}

/// A message that something is about.
fn named(target: Seq, quote: Option<&Quote>, lang: Lang) -> String {
    let number = number(target);
    let number = ("number", number.as_str().into());
    match quote {
        Some(quote) => {
            let (nick, start) = (quote.nick.as_str(), &*quote.start.flat());
            let quoted = [number, ("nick", nick.into()), ("quote", start.into())];
            lang.text_with("line-message", &quoted)
        }
        None => lang.text_with("line-message-unquoted", &[number]),
    }
}

/// A private message, as its recipient sees it.
#[must_use]
pub fn whisper(from: &Nick, text: &Text) -> Bytes {
    format!("[MSG] - {from}: {text}\n").into()
}

#[cfg(test)]
mod tests {
    use room::{Emoji, MemberId, RoomId, UnixMs, Visibility};

    use super::*;

    fn shown(fact: Fact, present: u32, numbered: bool) -> Option<String> {
        let event = Event { room: RoomId(1), seq: Seq(7), at: UnixMs(0), fact };
        let line = super::event(&event, present, Lang::Pt, numbered)?;
        Some(String::from_utf8(line.to_vec()).unwrap())
    }

    #[test]
    fn a_message_has_the_seeds_form() {
        let said = |reply| Fact::Said {
            member: MemberId(1),
            account: None,
            nick: Nick::parse("ana").unwrap(),
            text: Text::new("oi, gente").unwrap(),
            reply,
            key: None,
        };
        assert_eq!(shown(said(None), 2, false).unwrap(), "[ana]: oi, gente\n");
        assert_eq!(shown(said(None), 9000, true).unwrap(), "7 [ana]: oi, gente\n");
        let reply = |quote| Some(Box::new(Reply { to: Seq(5), quote }));
        for (reply, line) in [
            (reply(Some(Box::new(quote()))), "[ana]: (a bia: \"bom dia\") oi, gente\n"),
            (reply(None), "[ana]: (a #5) oi, gente\n"),
        ] {
            assert_eq!(shown(said(reply.clone()), 2, false).unwrap(), line);
            assert_eq!(shown(said(reply), 2, true).unwrap(), format!("7 {line}"));
        }
    }

    fn quote() -> Quote {
        let (nick, text) = (Nick::parse("bia").unwrap(), Text::new("bom dia").unwrap());
        Quote::of(&nick, &text)
    }

    #[test]
    fn what_is_about_a_message_makes_sense_alone() {
        let (member, account, target) = (MemberId(1), None, Seq(5));
        let nick = || Nick::parse("bia").unwrap();
        let edited = |quote| Fact::Edited {
            member,
            account,
            nick: nick(),
            target,
            quote,
            text: Text::new("boa tarde").unwrap(),
        };
        let reacted = |quote, on| Fact::Reacted {
            member,
            account,
            nick: nick(),
            target,
            quote,
            emoji: Emoji::parse("👍").unwrap(),
            on,
        };
        let pinned = |quote, on| Fact::Pinned { member, account, nick: nick(), target, quote, on };
        let erased = |edited| Fact::Erased { member, account, nick: nick(), edited };
        let deleted = |is_purge| Fact::Deleted { member, account, nick: nick(), target, is_purge };
        for (fact, line) in [
            (edited(Some(Box::new(quote()))), "bia corrigiu #5 \"bom dia\": boa tarde"),
            (edited(None), "bia corrigiu #5: boa tarde"),
            (deleted(false), "bia apagou a mensagem #5"),
            (erased(None), "bia disse algo que foi apagado"),
            (reacted(Some(Box::new(quote())), true), "bia reagiu com 👍 a #5 de bia: \"bom dia\""),
            (reacted(Some(Box::new(quote())), false), "bia retirou 👍 de #5 de bia: \"bom dia\""),
            (reacted(None, true), "bia reagiu com 👍 a #5"),
            (pinned(Some(Box::new(quote())), true), "bia fixou #5 de bia: \"bom dia\""),
            (pinned(None, false), "bia desafixou #5"),
        ] {
            // In a crowd too: it is said by someone, not by the room.
            assert_eq!(shown(fact.clone(), 9000, false).unwrap(), format!("[INFO] - {line}\n"));
            assert_eq!(shown(fact, 1, true).unwrap(), format!("7 [INFO] - {line}\n"));
        }
        assert_eq!(shown(erased(Some(Seq(5))), 1, true), None);
        assert_eq!(shown(deleted(true), 1, true), None);
    }

    #[test]
    fn notices_keep_quiet_in_a_crowd() {
        let (member, nick) = (MemberId(1), Nick::parse("ana").unwrap());
        let entered = Fact::Entered { member, account: None, nick: nick.clone(), again: false };
        let left =
            |how, again| Fact::Left { member, account: None, nick: nick.clone(), how, again };
        let entered_again =
            Fact::Entered { member, account: None, nick: nick.clone(), again: true };
        for silent in [left(Departure::Removed, false), left(Departure::Left, true), entered_again]
        {
            assert_eq!(shown(silent, 1, false), None);
        }
        let left = left(Departure::Left, false);
        assert_eq!(shown(entered.clone(), 50, true).unwrap(), "[INFO] - ana entrou no canal\n");
        assert_eq!(shown(entered, 51, false), None);
        assert_eq!(shown(left.clone(), 50, false).unwrap(), "[INFO] - ana saiu do canal\n");
        assert_eq!(shown(left, 51, false), None);
        let topic = Fact::TopicSet { member, nick: nick.clone(), topic: Text::new("aula") };
        assert_eq!(shown(topic, 51, true).unwrap(), "7 [INFO] - ana mudou o topico: aula\n");
        let created = Fact::Created {
            name: room::RoomName::parse("s").unwrap(),
            capacity: 1,
            visibility: Visibility::Public,
            by: nick,
        };
        assert_eq!(shown(created, 1, false), None);
    }
}
