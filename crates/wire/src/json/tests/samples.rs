//! One of everything that the server sends, as the code writes it.

use lang::Lang;
use room::limits::{DIRECT_CAPACITY, EDITS_MAX, PINS_MAX};
use room::{
    AccountId, Author, Departure, Emoji, Event, Fact, InForce, Listed, Measure, MemberId, Message,
    Nick, Penalty, Quote, Refusal, Reply, Retention, Role, RoomId, RoomName, Seq, Text, UnixMs,
    Version, Visibility, Who,
};

use crate::json::limits::NOTICE_PRESENT_MAX;
use crate::json::{
    Answer, Entered, Farewell, Fault, Hers, Id, Kind, Member, Notice, Problem, Unread, event,
    notice,
};
use crate::{Issued, MadeLink, Secret};

/// The language of the samples.
const LANG: Lang = Lang::En;

const AT: UnixMs = UnixMs(1_764_115_200_000);

fn room() -> RoomName {
    RoomName::parse("redes").unwrap()
}

fn listed(topic: Option<&str>) -> Listed {
    let topic = topic.map(|topic| Text::new(topic).unwrap());
    Listed { name: room(), present: 2, capacity: 40, topic }
}

fn ana() -> Nick {
    Nick::parse("ana").unwrap()
}

fn bia() -> Nick {
    Nick::parse("bia").unwrap()
}

fn text(text: &str) -> Text {
    Text::new(text).unwrap()
}

fn quote() -> Quote {
    Quote::of(&ana(), &text("bom dia"))
}

fn reply() -> Reply {
    Reply { to: Seq(2), quote: boxed(quote()) }
}

#[expect(clippy::unnecessary_wraps, reason = "so have the fields that it is for")]
fn boxed<T>(value: T) -> Option<Box<T>> {
    Some(Box::new(value))
}

fn utf8(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).unwrap().to_owned()
}

/// Every fact, each as its message to the room.
#[expect(clippy::too_many_lines, reason = "a flat list, a sample a line")]
pub(super) fn events() -> Vec<String> {
    const ANA: MemberId = MemberId(1);
    const BIA: MemberId = MemberId(2);
    let account = Some(AccountId(7));
    let heart = || Emoji::parse("❤").unwrap();
    let created =
        Fact::Created { name: room(), capacity: 40, visibility: Visibility::Public, by: ana() };
    let said = |said: &str, reply, account| Fact::Said {
        member: ANA,
        account,
        nick: ana(),
        text: text(said),
        reply,
        key: None,
    };
    let edited = Fact::Edited {
        member: ANA,
        account: None,
        nick: ana(),
        target: Seq(2),
        quote: boxed(quote()),
        text: text("boa *tarde*"),
    };
    let reacted = |on| Fact::Reacted {
        member: BIA,
        account,
        nick: bia(),
        target: Seq(2),
        quote: boxed(quote()),
        emoji: heart(),
        on,
    };
    let pinned = |on| Fact::Pinned {
        member: BIA,
        account,
        nick: bia(),
        target: Seq(2),
        quote: boxed(quote()),
        on,
    };
    let erased = |edited| Fact::Erased { member: ANA, account: None, nick: ana(), edited };
    let topic =
        |topic: Option<&str>| Fact::TopicSet { member: ANA, nick: ana(), topic: topic.map(text) };
    let left = |how| Fact::Left { member: BIA, account: None, nick: bia(), how, again: false };
    let measured = |measure| Fact::Moderated {
        member: ANA,
        account: None,
        nick: ana(),
        measure: Box::new(measure),
    };
    let guest = || Who::Guest { nick: bia(), member: Some(BIA) };
    let addresses = Who::Addresses("192.0.2.0/24".parse().unwrap());
    let until = Some(UnixMs(AT.0 + 600_000));
    let deleted = |target, is_purge| Fact::Deleted {
        member: ANA,
        account: None,
        nick: ana(),
        target,
        is_purge,
    };
    [
        (1, created),
        (2, said("bom dia", None, None)),
        (3, said("oi, @bia: veja **isto**", boxed(reply()), account)),
        (4, said("sem nada", boxed(Reply { to: Seq(1), quote: None }), None)),
        (5, edited),
        (6, reacted(true)),
        (7, reacted(false)),
        (8, pinned(true)),
        (9, pinned(false)),
        (10, topic(Some("aula 7"))),
        (11, topic(None)),
        (12, deleted(Seq(2), false)),
        (16, deleted(Seq(3), true)),
        (17, measured(Measure::Purged { who: guest(), since: until, messages: 1 })),
        (2, erased(None)),
        (5, erased(Some(Seq(2)))),
        (18, measured(Measure::Retention(Retention { messages: 1000, days: 30 }))),
        (13, measured(Measure::Banned { who: guest(), until, reason: Some(text("spam")) })),
        (14, measured(Measure::Banned { who: addresses, until: None, reason: None })),
        (15, measured(Measure::SlowMode { seconds: 10 })),
        (16, measured(Measure::Visibility(Visibility::Private))),
        (12, Fact::Entered { member: BIA, account: None, nick: bia(), again: false }),
        (12, Fact::Entered { member: ANA, account, nick: ana(), again: false }),
        (12, left(Departure::Left)),
        (12, left(Departure::Disconnected)),
        (12, left(Departure::Removed)),
        (
            12,
            Fact::Renamed {
                member: BIA,
                account: None,
                from: bia(),
                to: Nick::parse("beatriz").unwrap(),
            },
        ),
    ]
    .into_iter()
    .map(|(seq, fact)| {
        let happened = Event { room: RoomId(1), seq: Seq(seq), at: AT, fact };
        utf8(&event(&happened, &room(), 2).expect("two are no crowd"))
    })
    .collect()
}

/// Every notice.
pub(super) fn notices() -> Vec<String> {
    [
        Notice::Count { room: room(), present: 1203 },
        Notice::Typing { room: room(), nick: bia(), account: None, on: true },
        Notice::Read { room: room(), seq: Seq(12) },
        Notice::Direct { room: two(), seq: Seq(5), nick: bia(), account: Some(AccountId(9)) },
        Notice::Private { at: AT, nick: bia(), account: None, text: text("oi") },
        Notice::Missed { room: room(), after: Seq(12), begins: Seq(40) },
        Notice::PutOut {
            room: room(),
            nick: ana(),
            measure: Box::new(Measure::Kicked {
                who: Who::Guest { nick: bia(), member: None },
                reason: Some(text("spam")),
            }),
        },
        Notice::Called { nick: Nick::parse("ana-2").unwrap() },
        Notice::LoggedOut,
        Notice::Bye(Farewell::ShuttingDown),
        Notice::Bye(Farewell::Idle),
        Notice::Bye(Farewell::Flooded),
    ]
    .iter()
    .map(|told| utf8(&notice(told, LANG)))
    .collect()
}

fn entered() -> Entered {
    Entered {
        room: room(),
        nick: ana(),
        present: 2,
        capacity: 40,
        topic: Some(text("aula 7")),
        seq: Seq(12),
        direct: None,
        unread: None,
    }
}

/// The room of the accounts 7 and 9.
fn two() -> RoomName {
    RoomName::direct(AccountId(7), AccountId(9))
}

fn unread() -> Unread {
    Unread { read: Seq(9), messages: 3, mentions: 1, more: false }
}

fn hers() -> Hers {
    let all = Unread { read: Seq::START, messages: 999, mentions: 0, more: true };
    Hers { direct: vec![(two(), bia())], unread: vec![(two(), all), (room(), unread())] }
}

fn messages() -> Vec<Message> {
    let plain = Message {
        room: RoomId(1),
        seq: Seq(2),
        at: AT,
        author: Author { member: MemberId(1), account: None },
        nick: ana(),
        text: Some(text("bom dia")),
        is_edited: false,
        reply: None,
        reactions: Vec::new(),
        is_pinned: false,
    };
    let all = Message {
        seq: Seq(3),
        author: Author { member: MemberId(2), account: Some(AccountId(7)) },
        nick: bia(),
        text: Some(text("bom *dia*, ana")),
        is_edited: true,
        reply: boxed(reply()),
        reactions: vec![(Emoji::parse("👍").unwrap(), 2), (Emoji::parse("❤").unwrap(), 1)],
        is_pinned: true,
        ..plain.clone()
    };
    let deleted = Message { seq: Seq(4), text: None, ..plain.clone() };
    vec![plain, all, deleted]
}

fn members() -> Vec<Member> {
    let account = Some(AccountId(7));
    vec![
        Member { nick: ana(), account, role: Role::Owner, is_admin: true },
        Member { nick: bia(), account: None, role: Role::Guest, is_admin: false },
    ]
}

fn tokens() -> Vec<Issued> {
    let end = Some(UnixMs(AT.0 + 15_552_000_000));
    let token = |number, label: &str, expires_at, is_this| Issued {
        number,
        label: label.to_owned(),
        at: AT,
        used_at: AT,
        expires_at,
        is_this,
    };
    vec![token(3, "papo-web 1.0", end, true), token(4, "bot", None, false)]
}

fn links() -> Vec<MadeLink> {
    let link = MadeLink {
        number: 5,
        at: AT,
        account: AccountId(7),
        capacity: Some(30),
        uses: Some(40),
        until: Some(UnixMs(AT.0 + 7_200_000)),
        role: Role::Guest,
        is_revoked: false,
    };
    let (capacity, uses, until) = (None, None, None);
    let (number, role, is_revoked) = (6, Role::Member, true);
    vec![link.clone(), MadeLink { number, capacity, uses, until, role, is_revoked, ..link }]
}

/// Every answer, with the id of a request that it may answer.
pub(super) fn answers() -> Vec<String> {
    let account = (ana(), AccountId(7));
    let token = Some(Secret::new("papo_3q2-7wAA".to_owned()));
    let full = Refusal::RoomFull { name: room(), present: 40, capacity: 40 };
    [
        Answer::Greeted(LANG),
        Answer::LoggedIn { account: ana(), number: AccountId(7), token },
        Answer::LoggedIn { account: ana(), number: AccountId(7), token: None },
        Answer::Tokens(tokens()),
        Answer::MadeLink(5, Secret::new("3q2-7wAA3q2-7wAA3q2-7w".to_owned())),
        Answer::Links(links()),
        Answer::Session { lang: LANG, nick: None, account: None, rooms: Vec::new(), hers: None },
        Answer::Session {
            lang: LANG,
            nick: Some(ana()),
            account: Some(account),
            rooms: vec![room()],
            hers: Some(hers()),
        },
        Answer::Rooms(vec![listed(None), listed(Some("aula 7"))], 0, None),
        Answer::Rooms(vec![listed(None)], 0, Some(hers())),
        Answer::Entered(entered()),
        Answer::Entered(Entered { unread: Some(unread()), ..entered() }),
        Answer::Entered(Entered {
            room: two(),
            nick: ana(),
            present: 1,
            capacity: DIRECT_CAPACITY,
            topic: None,
            seq: Seq(1),
            direct: Some(bia()),
            unread: Some(Unread::default()),
        }),
        Answer::Resumed(vec![Ok(entered()), Err(Problem::Refused(full))]),
        Answer::Kept(Seq(13)),
        Answer::Done,
        Answer::Messages {
            messages: messages(),
            more: true,
            given: vec![
                (Seq(3), Emoji::parse("👍").unwrap()),
                (Seq(2), Emoji::parse("❤").unwrap()),
            ],
        },
        Answer::Topic(Some(text("aula 7"))),
        Answer::Topic(None),
        Answer::Members(members(), 0),
        Answer::Renamed(bia()),
        Answer::InForce(Box::new(in_force())),
        Answer::Audit { room: room(), events: measures(), more: false },
        Answer::Versions(vec![
            Version { at: AT, text: text("bom dia") },
            Version { at: UnixMs(AT.0 + 1000), text: text("boa *tarde*") },
        ]),
    ]
    .iter()
    .map(|answer| utf8(&answer.encode(&Id::Number(1), LANG)))
    .collect()
}

fn measures() -> Vec<Event> {
    let addresses = Who::Addresses("192.0.2.0/24".parse().unwrap());
    let pattern = text("spam.*gratis");
    [
        Measure::Banned { who: addresses, until: None, reason: None },
        Measure::Filter { pattern, on: true },
    ]
    .into_iter()
    .zip(14..)
    .map(|(measure, seq)| {
        let (member, measure) = (MemberId(1), Box::new(measure));
        let fact = Fact::Moderated { member, account: None, nick: ana(), measure };
        Event { room: RoomId(1), seq: Seq(seq), at: AT, fact }
    })
    .collect()
}

fn in_force() -> InForce {
    let guest = Who::Guest { nick: bia(), member: None };
    let addresses = Who::Addresses("192.0.2.0/24".parse().unwrap());
    InForce {
        bans: vec![
            (guest, penalty()),
            (addresses, Penalty { by: ana(), until: None, reason: None }),
        ],
        mutes: Vec::new(),
        roles: vec![(AccountId(7), ana(), Role::Owner)],
        patterns: vec![text("spam.*gratis")],
        slow_s: 10,
        raid: false,
        visibility: Visibility::Public,
        capacity: 40,
        retention: Retention { messages: 1000, days: 30 },
        more: 0,
    }
}

fn penalty() -> Penalty {
    Penalty { by: ana(), until: Some(UnixMs(AT.0 + 600_000)), reason: Some(text("spam")) }
}

/// One problem of every code.
pub(crate) fn problems() -> Vec<Problem> {
    let field = || "text".to_owned();
    vec![
        Problem::Bad(Fault::NotJson),
        Problem::Bad(Fault::Invalid("do".to_owned(), Kind::Verb)),
        Problem::Bad(Fault::Missing(field())),
        Problem::Bad(Fault::Unknown("txt".to_owned())),
        Problem::Bad(Fault::Twice(field())),
        Problem::Bad(Fault::Invalid(field(), Kind::Text)),
        Problem::Bad(Fault::TooLong(field(), 4096)),
        Problem::Bad(Fault::TooLarge("seq".to_owned(), 9_007_199_254_740_991)),
        Problem::NotInRoom(room()),
        Problem::Refused(Refusal::NoSuchRoom(room())),
        Problem::Refused(Refusal::RoomExists(room())),
        Problem::Refused(Refusal::RoomFull { name: room(), present: 40, capacity: 40 }),
        Problem::Refused(Refusal::NoSuchLink),
        Problem::LinkExpired,
        Problem::LinkUsedUp,
        Problem::Refused(Refusal::LinkFull),
        Problem::Refused(Refusal::BadCapacity),
        Problem::Refused(Refusal::TooManyRooms(10_000)),
        Problem::InTooManyRooms(64),
        Problem::NickNeeded,
        Problem::Refused(Refusal::NickTaken(ana())),
        Problem::Refused(Refusal::NickOwned(ana())),
        Problem::NoSuchNick(bia()),
        Problem::NotReading(bia()),
        Problem::Refused(Refusal::NoSuchMessage(Seq(99))),
        Problem::Refused(Refusal::NotYours(Seq(2))),
        Problem::Refused(Refusal::AlreadyDeleted(Seq(2))),
        Problem::Refused(Refusal::TooManyEdits(EDITS_MAX)),
        Problem::Refused(Refusal::TooManyPins(PINS_MAX)),
        Problem::Refused(Refusal::NotBelow(bia())),
        Problem::Refused(Refusal::Banned { room: room(), penalty: Box::new(penalty()) }),
        Problem::Refused(Refusal::Muted(Box::new(penalty()))),
        Problem::Refused(Refusal::NoGuests),
        Problem::Refused(Refusal::SlowMode { wait_ms: 2500 }),
        Problem::Refused(Refusal::Filtered),
        Problem::Refused(Refusal::NoAccount(bia())),
        Problem::Refused(Refusal::LoggedInAs(ana())),
        Problem::Refused(Refusal::NothingToUndo),
        Problem::Refused(Refusal::ListFull(100)),
        Problem::Refused(Refusal::BadPattern),
        Problem::Refused(Refusal::BadSlowMode),
        Problem::Refused(Refusal::NoDirect(bia())),
        Problem::Refused(Refusal::NameReserved(two())),
        Problem::LogInFailed,
        Problem::NoToken(3),
        Problem::NotLoggedIn,
        Problem::AlreadyLoggedIn,
        Problem::AccountTaken(ana()),
        Problem::BadPassword,
        Problem::RegistrationClosed,
        Problem::NotEncrypted,
        Problem::TooFast(2500),
        Problem::Busy,
        Problem::NoSpace,
        Problem::LogAway,
    ]
}

/// What each of [`problems`] is answered with.
pub(super) fn refusals() -> Vec<String> {
    let unread = |problem: &Problem| matches!(problem, Problem::Bad(Fault::NotJson));
    let id = Id::Number(1);
    problems()
        .iter()
        .map(|problem| utf8(&problem.encode((!unread(problem)).then_some(&id), LANG)))
        .collect()
}

#[test]
fn every_sentence_is_there_in_every_language() {
    for lang in Lang::ALL {
        for problem in problems() {
            // The debug assertions of `lang` fail on a sentence or an argument that is not there.
            let written = utf8(&problem.encode(None, lang));
            assert!(written.starts_with(r#"{"re":null,"no":{"code":""#), "{written}");
            assert!(!written.contains(r#""message":"json-"#), "{written}");
        }
    }
    let not_in_room = utf8(&Problem::Refused(Refusal::NotInRoom).encode(None, LANG));
    assert!(!not_in_room.contains("\"room\""));
}

#[test]
fn in_a_crowd_nobody_is_told_who_comes_and_goes() {
    let happened = |fact| Event { room: RoomId(1), seq: Seq(1), at: AT, fact };
    let (member, nick) = (MemberId(1), ana());
    for fact in [
        Fact::Entered { member, account: None, nick: nick.clone(), again: false },
        Fact::Left {
            member,
            account: None,
            nick: nick.clone(),
            how: Departure::Left,
            again: false,
        },
        Fact::Renamed { member, account: None, from: nick.clone(), to: bia() },
    ] {
        let happened = happened(fact);
        assert!(event(&happened, &room(), NOTICE_PRESENT_MAX).is_some());
        assert_eq!(event(&happened, &room(), NOTICE_PRESENT_MAX + 1), None);
    }
    let again = |fact| event(&happened(fact), &room(), 2);
    assert_eq!(
        again(Fact::Entered { member, account: None, nick: nick.clone(), again: true }),
        None
    );
    let how = Departure::Left;
    assert_eq!(
        again(Fact::Left { member, account: None, nick: nick.clone(), how, again: true }),
        None
    );
    let said = Fact::Said { member, account: None, nick, text: text("oi"), reply: None, key: None };
    assert!(event(&happened(said), &room(), 100_000).is_some());
}

#[test]
fn formatting_is_left_out_where_the_text_says_it_all() {
    let written = |said: &str| {
        let private = Notice::Private { at: AT, nick: ana(), account: None, text: text(said) };
        utf8(&notice(&private, LANG))
    };
    assert!(written("bom dia").ends_with(r#""text":"bom dia"}"#));
    for (said, markup) in [
        ("oi @bia", r#"[{"t":"p","c":["oi ",{"t":"at","nick":"bia"}]}]"#),
        ("\\*", r#"[{"t":"p","c":["*"]}]"#),
        (" oi", r#"[{"t":"p","c":["oi"]}]"#),
    ] {
        assert!(written(said).ends_with(&format!(r#""markup":{markup}}}"#)), "{said}");
    }
}
