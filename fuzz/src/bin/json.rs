//! Messages of `papo.v1`: any of them is read without a panic, what it asks for keeps the bounds
//! that its type promises, and what is said can be written to others.
#![no_main]

use libfuzzer_sys::fuzz_target;
use room::limits::TEXT_BYTES_MAX;
use room::{Event, Fact, MemberId, Nick, RoomId, RoomName, Seq, Text, UnixMs, clean};
use wire::json::limits::{
    CLIENT_BYTES_MAX, FIELD_BYTES_MAX, ID_BYTES_MAX, KEY_BYTES_MAX, NUMBER_MAX, PAGE_MAX,
    RESUMED_ROOMS_MAX, SEARCH_BYTES_MAX,
};
use wire::json::{Asked, BadRequest, Fault, Id, Problem, event, parse};

/// Bytes of a field's name with its place in a list.
const PLACED_BYTES_MAX: usize = FIELD_BYTES_MAX + "rooms[64].".len();

/// A text is safe to show, and members can be told of it.
fn check(room: &RoomName, text: &Text) {
    let is_safe = |line| clean(line) == line;
    assert!(text.as_str().split('\n').all(is_safe), "nothing in it acts on a terminal");
    assert!(text.as_str().len() <= TEXT_BYTES_MAX);
    assert!(!text.as_str().trim().is_empty());
    let nick = Nick::parse("ana").expect("a nick");
    let (member, text) = (MemberId(1), text.clone());
    let fact = Fact::Said { member, account: None, nick, text, reply: None, key: None };
    let happened = Event { room: RoomId(1), seq: Seq(1), at: UnixMs(1), fact };
    let written = event(&happened, room, 2).expect("what is said is told");
    check_message(&written);
}

/// One message to a client is one line of UTF-8 without control characters.
fn check_message(written: &[u8]) {
    let written = std::str::from_utf8(written).expect("JSON is UTF-8");
    assert!(written.starts_with('{') && written.ends_with('}'));
    assert!(!written.contains(|character: char| character.is_ascii_control()));
}

fn check_refused(bad: BadRequest) {
    match &bad.fault {
        Fault::NotJson => assert_eq!(bad.id, None),
        Fault::Missing(field)
        | Fault::Unknown(field)
        | Fault::Twice(field)
        | Fault::Invalid(field, _)
        | Fault::TooLong(field, _)
        | Fault::TooLarge(field, _) => {
            assert!(field.len() <= PLACED_BYTES_MAX);
            assert_eq!(clean(field), *field);
        }
    }
    let BadRequest { id, fault } = bad;
    check_message(&Problem::Bad(fault).encode(id.as_ref(), Default::default()));
}

fuzz_target!(|message: &str| {
    let request = match parse(message) {
        Ok(request) => request,
        Err(bad) => return check_refused(bad),
    };
    if let Id::Text(id) = &request.id {
        assert!((1..=ID_BYTES_MAX).contains(&id.len()));
        assert_eq!(clean(id), **id);
    }
    match request.asked {
        Asked::Hello { client: Some(client), .. } => assert!(client.len() <= CLIENT_BYTES_MAX),
        Asked::Say { room, text, key, reply } => {
            check(&room, &text);
            assert!(key.is_none_or(|key| (1..=KEY_BYTES_MAX).contains(&key.as_str().len())));
            assert!(reply.is_none_or(|reply| reply.0 <= NUMBER_MAX));
        }
        Asked::Edit { room, text, .. } | Asked::SetTopic { room, topic: Some(text) } => {
            check(&room, &text);
        }
        Asked::History { limit, .. } => assert!((1..=PAGE_MAX).contains(&limit)),
        Asked::Search { words, limit, .. } => {
            assert!(words.len() <= SEARCH_BYTES_MAX && !words.trim().is_empty());
            assert!((1..=PAGE_MAX).contains(&limit));
        }
        Asked::Resume { rooms, .. } => assert!((1..=RESUMED_ROOMS_MAX).contains(&rooms.len())),
        _ => {}
    }
});
