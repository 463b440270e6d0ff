//! The table of rights over real sockets: whoever owns a room, moderates it, is a member or a guest
//! of it, or administers the server tries everything in it, over lines and over WebSocket. What
//! the table gives is done; of what it does not give nothing is left.

use room::{Right, Role, right};
use serde_json::{Value, json};

use crate::client::Client;
use crate::harness::{NO_FLOOD_CONTROL, Server};
use crate::ws::client::Ws;
use crate::ws::people::{PASSWORD, log_in, register};

/// The rooms' owner, who sets the stage and looks at it.
const OWNER: &str = "olga";
/// A guest, who is below everyone else.
const BELOW: &str = "vera";
/// An account that is in none of the rooms.
const OUTSIDE: &str = "nina";

/// Who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Actor {
    /// Who has that role in the room.
    Is(Role),
    /// A member there who administers the server.
    Administers,
}

impl Actor {
    const ALL: [Self; 5] = [
        Self::Administers,
        Self::Is(Role::Owner),
        Self::Is(Role::Moderator),
        Self::Is(Role::Member),
        Self::Is(Role::Guest),
    ];

    const fn nick(self) -> &'static str {
        match self {
            Self::Administers => "chefe",
            Self::Is(Role::Owner) => "dora",
            Self::Is(Role::Moderator) => "mara",
            Self::Is(Role::Member) => "mel",
            Self::Is(Role::Guest) => "gil",
        }
    }

    const fn has_account(self) -> bool {
        !matches!(self, Self::Is(Role::Guest))
    }

    fn may(self, right: Right) -> bool {
        match self {
            Self::Administers => true,
            Self::Is(role) => right::may(role, right),
        }
    }
}

/// One of the protocols, spoken by who tries.
enum Hand {
    Line(Client),
    Ws(Box<Ws>),
}

#[derive(Debug, Clone, Copy)]
enum Protocol {
    Line,
    Ws,
}

/// The messages of a room: of who tries, and of who is below.
struct Said {
    own: u64,
    below: u64,
}

impl Hand {
    /// Connected, and logged in if the actor has an account.
    fn of(actor: Actor, protocol: Protocol, server: &Server) -> Self {
        match protocol {
            Protocol::Line => {
                let mut client = Client::connect(server);
                if actor.has_account() {
                    client.send(&format!("--LOGIN {} {PASSWORD}", actor.nick()));
                    client.expect_ok();
                    client.expect_tag("[INFO]");
                }
                Self::Line(client)
            }
            Protocol::Ws => {
                let mut client = Ws::open(server);
                if actor.has_account() {
                    client.ok(log_in(actor.nick()));
                }
                Self::Ws(Box::new(client))
            }
        }
    }

    fn enter(&mut self, room: &str, nick: &str) {
        match self {
            Self::Line(client) => client.send(&format!("--JOIN {room} {nick}")),
            Self::Ws(client) => {
                client.ok(json!({"do": "enter", "room": room, "nick": nick}));
            }
        }
        assert_eq!(self.settle(), Ok(()), "{nick} enters {room}");
    }

    fn say(&mut self, room: &str, text: &str) -> Result<(), String> {
        match self {
            Self::Line(client) => client.send(text),
            Self::Ws(client) => {
                let say = json!({"do": "say", "room": room, "text": text});
                return client.no_or_ok(say).map(|_| ()).map_err(|code| code.to_string());
            }
        }
        self.settle()
    }

    /// Reads all that a line client was sent so far: the first refusal, if there is one.
    fn settle(&mut self) -> Result<(), String> {
        let Self::Line(client) = self else { return Ok(()) };
        // The hub answers this one, in its turn.
        client.send("--MSG ninguem oi");
        let mut refused = Ok(());
        loop {
            let line = client.line();
            if line == "[ERRO] - O usuario ninguem nao esta conectado" {
                return refused;
            }
            if let Some(why) = line.strip_prefix("[ERRO] - ") {
                refused = refused.and(Err(why.to_owned()));
            }
        }
    }

    /// Tries what takes that right. Whether it was granted: otherwise it was refused for the want
    /// of a right.
    fn tries(&mut self, right: Right, room: &str, said: &Said) -> bool {
        let (line, request) = attempt(right, said);
        match self {
            Self::Line(client) => client.send(&line),
            Self::Ws(client) => {
                let mut request = request;
                request["room"] = room.into();
                let answer = client.no_or_ok(request);
                let refusal = answer.as_ref().err().and_then(Value::as_str);
                let due = if right == Right::DeleteOthers { "not-yours" } else { "not-allowed" };
                assert!(refusal.is_none_or(|code| code == due), "{right:?}: {answer:?}");
                return refusal.is_none();
            }
        }
        let refusal = self.settle().err();
        let is_due = |why: &String| {
            why.starts_with("Apenas quem ")
                || right == Right::DeleteOthers && why.ends_with(" nao e sua")
        };
        assert!(refusal.as_ref().is_none_or(is_due), "{right:?}: {refusal:?}");
        refusal.is_none()
    }
}

/// What takes that right: as a line, and as a request.
fn attempt(right: Right, said: &Said) -> (String, Value) {
    let Said { own, below } = said;
    match right {
        Right::Say => ("mais".into(), json!({"do": "say", "text": "mais"})),
        Right::React => {
            (format!("--REACT {below} +1"), json!({"do": "react", "seq": below, "emoji": "👍"}))
        }
        Right::SetTopic => ("--TOPIC aula".into(), json!({"do": "topic", "topic": "aula"})),
        Right::Pin => (format!("--PIN {below}"), json!({"do": "pin", "seq": below})),
        Right::EditOwn => {
            (format!("--EDIT {own} outro"), json!({"do": "edit", "seq": own, "text": "outro"}))
        }
        Right::DeleteOwn => (format!("--DELETE {own}"), json!({"do": "delete", "seq": own})),
        Right::DeleteOthers => (format!("--DELETE {below}"), json!({"do": "delete", "seq": below})),
        Right::Kick => (format!("--KICK {BELOW}"), json!({"do": "kick", "nick": BELOW})),
        Right::Ban => (format!("--BAN {BELOW}"), json!({"do": "ban", "nick": BELOW})),
        Right::Mute => (format!("--MUTE {BELOW}"), json!({"do": "mute", "nick": BELOW})),
        Right::SlowMode => ("--SLOW 9".into(), json!({"do": "slow-mode", "seconds": 9})),
        Right::Filter => ("--FILTER a+b".into(), json!({"do": "filter", "pattern": "a+b"})),
        Right::Purge => (format!("--PURGE {BELOW}"), json!({"do": "purge", "nick": BELOW})),
        Right::Raid => ("--RAID on".into(), json!({"do": "raid"})),
        Right::Invite => (format!("--INVITE {OUTSIDE}"), json!({"do": "invite", "nick": OUTSIDE})),
        Right::Audit => ("--AUDIT".into(), json!({"do": "audit"})),
        Right::SeeEarlier => (format!("--EARLIER {below}"), json!({"do": "earlier", "seq": below})),
        Right::Roles => (
            format!("--ROLE {OUTSIDE} moderator"),
            json!({"do": "role", "nick": OUTSIDE, "role": "moderator"}),
        ),
        Right::Visibility => {
            ("--MODE unlisted".into(), json!({"do": "visibility", "visibility": "unlisted"}))
        }
        Right::Capacity => ("--CAPACITY 50".into(), json!({"do": "capacity", "capacity": 50})),
        Right::Retention => ("--RETENTION 900".into(), json!({"do": "retention", "messages": 900})),
    }
}

/// What only reading takes changes nothing.
const fn is_reading(right: Right) -> bool {
    matches!(right, Right::Audit | Right::SeeEarlier)
}

/// Everyone but who tries.
struct Stage {
    server: Server,
    owner: Ws,
    below: Ws,
    rooms: u32,
}

impl Stage {
    fn new() -> Self {
        let server = Server::start(&NO_FLOOD_CONTROL);
        // The first account administers the server.
        let accounts = Actor::ALL.into_iter().filter(|actor| actor.has_account()).map(Actor::nick);
        for nick in accounts.chain([OUTSIDE]) {
            Ws::open(&server).ok(register(nick));
        }
        let mut owner = Ws::open(&server);
        owner.ok(register(OWNER));
        let below = Ws::open(&server);
        Self { server, owner, below, rooms: 0 }
    }

    /// A new room, with who tries in it, and the messages there.
    fn room(&mut self, actor: Actor, hand: &mut Hand) -> (String, Said) {
        self.rooms += 1;
        let room = format!("sala-{}", self.rooms);
        self.owner.ok(json!({"do": "create", "room": room, "capacity": 9}));
        if let Actor::Is(role @ (Role::Owner | Role::Moderator)) = actor {
            let role = if role == Role::Owner { "owner" } else { "moderator" };
            let given = json!({"do": "role", "room": room, "nick": actor.nick(), "role": role});
            self.owner.ok(given);
        }
        self.below.ok(json!({"do": "enter", "room": room, "nick": BELOW}));
        let below = self.below_says(&room);
        hand.enter(&room, actor.nick());
        let own = self.says(&room, hand);
        (room, Said { own, below })
    }

    /// Says something as who is below, with an earlier text; its number.
    fn below_says(&mut self, room: &str) -> u64 {
        let said = self.below.ok(json!({"do": "say", "room": room, "text": "um"}));
        let seq = said["seq"].as_u64().unwrap();
        self.below.ok(json!({"do": "edit", "room": room, "seq": seq, "text": "dois"}));
        seq
    }

    /// Says something as who tries; its number.
    fn says(&mut self, room: &str, hand: &mut Hand) -> u64 {
        hand.say(room, "oi").unwrap();
        let last = self.owner.ok(json!({"do": "history", "room": room, "limit": 1}));
        last["messages"][0]["seq"].as_u64().unwrap()
    }

    /// Takes back what was granted, where it would stand in the way of the next.
    fn take_back(&mut self, right: Right, room: &str, said: &mut Said, hand: &mut Hand) {
        let mut order = |mut order: Value| {
            order["room"] = room.into();
            self.owner.ok(order);
        };
        match right {
            Right::Ban => order(json!({"do": "unban", "nick": BELOW})),
            Right::Mute => order(json!({"do": "unmute", "nick": BELOW})),
            Right::SlowMode => order(json!({"do": "slow-mode", "seconds": 0})),
            Right::Raid => order(json!({"do": "raid", "on": false})),
            _ => {}
        }
        if matches!(right, Right::Kick | Right::Ban) {
            self.below.ok(json!({"do": "enter", "room": room}));
        }
        if matches!(right, Right::DeleteOthers | Right::Purge) {
            said.below = self.below_says(room);
        }
        if right == Right::DeleteOwn {
            said.own = self.says(room, hand);
        }
    }

    /// All that can be seen of a room: what was said, who is in, what is in force.
    fn seen(&mut self, room: &str) -> [Value; 4] {
        ["history", "members", "topic", "bans"]
            .map(|verb| self.owner.ok(json!({"do": verb, "room": room})))
    }

    fn leave(&mut self, room: &str, hand: &mut Hand) {
        let leave = json!({"do": "leave", "room": room});
        self.owner.ok(leave.clone());
        // She may have been put out.
        let _ = self.below.no_or_ok(leave.clone());
        if let Hand::Ws(client) = hand {
            client.ok(leave);
        }
    }
}

fn every_right_is_given_or_not(protocol: Protocol) {
    let mut stage = Stage::new();
    for actor in Actor::ALL {
        let mut hand = Hand::of(actor, protocol, &stage.server);
        let (room, mut said) = stage.room(actor, &mut hand);
        for right in Right::ALL {
            let before = stage.seen(&room);
            let is_granted = hand.tries(right, &room, &said);
            assert_eq!(is_granted, actor.may(right), "{actor:?} {right:?}");
            let is_changed = stage.seen(&room) != before;
            let is_due = is_granted && !is_reading(right);
            assert_eq!(is_changed, is_due, "what is left of {actor:?} {right:?}");
            if is_granted {
                stage.take_back(right, &room, &mut said, &mut hand);
            }
        }
        stage.leave(&room, &mut hand);
    }
}

#[test]
fn every_right_is_given_or_not_over_lines() {
    every_right_is_given_or_not(Protocol::Line);
}

#[test]
fn every_right_is_given_or_not_over_websocket() {
    every_right_is_given_or_not(Protocol::Ws);
}

/// The other half of `SlowMode` and `Filter`, and whom `Raid` is against.
#[test]
fn who_keeps_order_is_not_held_back_by_it() {
    let mut stage = Stage::new();
    for protocol in [Protocol::Line, Protocol::Ws] {
        for actor in Actor::ALL {
            let mut hand = Hand::of(actor, protocol, &stage.server);
            let (room, _) = stage.room(actor, &mut hand);
            let (keeps_order, is_guest) = (actor.may(Right::Kick), !actor.has_account());
            for (order, text, is_free) in [
                (json!({"do": "filter", "pattern": "a+b"}), "aab", keeps_order),
                (json!({"do": "raid"}), "oi", !is_guest),
                (json!({"do": "slow-mode", "seconds": 600}), "oi", keeps_order),
            ] {
                let mut order = order;
                order["room"] = room.as_str().into();
                stage.owner.ok(order.clone());
                // The first in slow mode is everyone's.
                let _ = hand.say(&room, "primeira");
                let said = hand.say(&room, text);
                assert_eq!(said.is_ok(), is_free, "{actor:?} {protocol:?} {order}: {said:?}");
            }
            stage.leave(&room, &mut hand);
        }
    }
}

/// Invitations into a private room, by everyone who is in it, of someone who is not.
#[test]
fn an_invitation_into_a_private_room_is_worth_what_who_gives_it_may() {
    let mut stage = Stage::new();
    let mut nina = Ws::open(&stage.server);
    nina.ok(log_in(OUTSIDE));
    for protocol in [Protocol::Line, Protocol::Ws] {
        for actor in Actor::ALL {
            let mut hand = Hand::of(actor, protocol, &stage.server);
            let (room, said) = stage.room(actor, &mut hand);
            let private = json!({"do": "visibility", "room": room, "visibility": "private"});
            stage.owner.ok(private);
            let enter = json!({"do": "enter", "room": room});
            assert_eq!(nina.no(enter.clone()), "no-room");
            assert_eq!(hand.tries(Right::Invite, &room, &said), actor.may(Right::Invite));
            let mut line = Client::connect(&stage.server);
            line.send(&format!("--LOGIN {OUTSIDE} {PASSWORD}"));
            line.expect_ok();
            line.expect_tag("[INFO]");
            line.send(&format!("--JOIN {room} {OUTSIDE}"));
            if actor.may(Right::Invite) {
                line.expect_ok();
                nina.ok(enter);
                // A member may not invite in her turn, and of the guests nobody has come in.
                let invite = json!({"do": "invite", "room": room, "nick": "mel"});
                assert_eq!(nina.no(invite), "not-allowed");
                let guest = json!({"do": "enter", "room": room, "nick": "zeca"});
                assert_eq!(Ws::open(&stage.server).no(guest), "no-room");
                nina.ok(json!({"do": "leave", "room": room}));
            } else {
                line.expect(&format!("[ERRO] - O canal {room} nao existe"));
                assert_eq!(nina.no(enter), "no-room");
            }
            let guest = json!({"do": "invite", "room": room, "nick": BELOW});
            assert_eq!(stage.owner.no(guest), "no-account");
            stage.leave(&room, &mut hand);
        }
    }
}
