//! The events of a room as lines.

use bytes::Bytes;
use lang::Lang;
use room::{Event, Fact, Nick, Text};

use super::NOTICE_PRESENT_MAX;

/// What the others in the room see of an event; `None` if they are shown nothing.
#[must_use]
pub fn event(event: &Event, present: u32, lang: Lang, numbered: bool) -> Option<Bytes> {
    let crowd = present > NOTICE_PRESENT_MAX;
    let line = match &event.fact {
        Fact::Said { nick, text, .. } => return Some(said(event, nick, text, numbered)),
        Fact::TopicSet { nick, topic: Some(topic), .. } => lang.text_with(
            "line-topic-set-by",
            &[("nick", nick.as_str().into()), ("topic", topic.as_str().into())],
        ),
        Fact::TopicSet { nick, topic: None, .. } => {
            lang.text_with("line-topic-cleared-by", &[("nick", nick.as_str().into())])
        }
        Fact::Entered { nick, .. } if !crowd => {
            lang.text_with("line-entered", &[("nick", nick.as_str().into())])
        }
        Fact::Left { nick, .. } if !crowd => {
            lang.text_with("line-left", &[("nick", nick.as_str().into())])
        }
        Fact::Renamed { from, to, .. } if !crowd => lang.text_with(
            "line-renamed",
            &[("from", from.as_str().into()), ("to", to.as_str().into())],
        ),
        Fact::Created { .. } | Fact::Entered { .. } | Fact::Left { .. } | Fact::Renamed { .. } => {
            return None;
        }
    };
    let number =
        if numbered && event.fact.is_kept() { format!("{} ", event.seq.0) } else { String::new() };
    Some(format!("{number}[INFO] - {line}\n").into())
}

/// A message: the seed's form, and the one that must be quick.
fn said(event: &Event, nick: &Nick, text: &Text, numbered: bool) -> Bytes {
    const NUMBER_BYTES_MAX: usize = 21;
    let (nick, text) = (nick.as_str(), text.as_str());
    let mut line = String::with_capacity(nick.len() + text.len() + 5 + NUMBER_BYTES_MAX);
    if numbered {
        line.push_str(&event.seq.0.to_string());
        line.push(' ');
    }
    for part in ["[", nick, "]: ", text, "\n"] {
        line.push_str(part);
    }
    line.into()
}

/// A private message, as its recipient sees it.
#[must_use]
pub fn whisper(from: &Nick, text: &Text) -> Bytes {
    format!("[MSG] - {from}: {text}\n").into()
}

#[cfg(test)]
mod tests {
    use room::{Departure, MemberId, RoomId, Seq, UnixMs, Visibility};

    use super::*;

    fn shown(fact: Fact, present: u32, numbered: bool) -> Option<String> {
        let event = Event { room: RoomId(1), seq: Seq(7), at: UnixMs(0), fact };
        let line = super::event(&event, present, Lang::Pt, numbered)?;
        Some(String::from_utf8(line.to_vec()).unwrap())
    }

    #[test]
    fn a_message_has_the_seeds_form() {
        let (member, nick) = (MemberId(1), Nick::parse("ana").unwrap());
        let said = Fact::Said { member, nick, text: Text::new("oi, gente").unwrap() };
        assert_eq!(shown(said.clone(), 2, false).unwrap(), "[ana]: oi, gente\n");
        assert_eq!(shown(said, 9000, true).unwrap(), "7 [ana]: oi, gente\n");
    }

    #[test]
    fn notices_keep_quiet_in_a_crowd() {
        let (member, nick) = (MemberId(1), Nick::parse("ana").unwrap());
        let entered = Fact::Entered { member, nick: nick.clone() };
        let left = Fact::Left { member, nick: nick.clone(), how: Departure::Left };
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
