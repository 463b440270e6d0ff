//! A message as it stands, as a line of a list.

use lang::Lang;
use room::Message;

use super::event::answered;

/// `#<number> [nick]: text`, and between the number and the nick, in brackets, what became of it:
/// there nobody can write it who did not do it.
pub(super) fn line(message: &Message, lang: Lang) -> String {
    let marks = [
        (message.text.is_none(), "line-mark-deleted"),
        (message.is_edited, "line-mark-edited"),
        (message.is_pinned, "line-mark-pinned"),
    ];
    let marks = marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, id)| lang.text(id));
    let given = message.reactions.iter().map(|(emoji, count)| format!("{emoji} {count}"));
    let marks: Vec<_> = marks.chain(given).collect();
    let number = format!("#{}", message.seq.0);
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    let nick = &message.nick;
    let Some(text) = &message.text else { return format!("{number}{marks} [{nick}]") };
    match &message.reply {
        Some(reply) => format!("{number}{marks} [{nick}]: {} {text}", answered(reply, lang)),
        None => format!("{number}{marks} [{nick}]: {text}"),
    }
}

#[cfg(test)]
mod tests {
    use room::{Author, Emoji, MemberId, Nick, Quote, Reply, RoomId, Seq, Text, UnixMs};

    use super::*;

    #[test]
    fn a_message_shows_its_number_and_what_became_of_it() {
        let (nick, bia) = (Nick::parse("ana").unwrap(), Nick::parse("bia").unwrap());
        let plain = Message {
            room: RoomId(1),
            seq: Seq(12),
            at: UnixMs(0),
            author: Author { member: MemberId(1), account: None },
            nick,
            text: Text::new("oi"),
            is_edited: false,
            reply: None,
            reactions: Vec::new(),
            is_pinned: false,
        };
        let quote = Some(Box::new(Quote::of(&bia, &Text::new("bom dia").unwrap())));
        let reactions =
            [("👍", 2), ("❤", 1)].map(|(text, count)| (Emoji::parse(text).unwrap(), count));
        let all = Message {
            is_edited: true,
            is_pinned: true,
            reactions: reactions.to_vec(),
            reply: Some(Box::new(Reply { to: Seq(3), quote })),
            ..plain.clone()
        };
        let deleted = Message { text: None, ..plain.clone() };
        for (message, shown) in [
            (plain, "#12 [ana]: oi"),
            (all, "#12 (editada, fixada, 👍 2, ❤\u{fe0f} 1) [ana]: (a bia: \"bom dia\") oi"),
            (deleted, "#12 (apagada) [ana]"),
        ] {
            assert_eq!(line(&message, Lang::Pt), shown);
        }
    }
}
