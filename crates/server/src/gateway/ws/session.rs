//! What a WebSocket client says, message by message.

use room::rate::{Bucket, TooFast};
use room::{AccountId, Act, Key, Nick, Refusal, Right, RoomId, RoomName, Seq, Text, UnixMs};
use wire::Secret;
use wire::json::{self, Answer, Asked, Id, Page, Problem, Request, parse};
use wire::ws::{CloseCode, Decoder, Item, MESSAGE_BYTES_MAX, Violation};

use super::cost::cost;
use super::{Asked as AskedOfHub, Wanted, answer, bye, close, end, refuse, talk, unread};
use crate::archive::Look;
use crate::gateway::errand::{Done, Errand, LinkErrand, Trouble};
use crate::gateway::link::{self, Invited, Knock, new_link};
use crate::gateway::login;
use crate::hub::{Ask, Deed, Markers, ToHub};
use crate::limits::{POSTS_WAITING_MAX, ROOMS_AT_ONCE_MAX};
use crate::people::password::{Password, PasswordError};
use crate::shard::{Conn, Shard};

/// One client's conversation.
pub(super) struct Session {
    decoder: Decoder,
    /// Bytes read but not yet looked at, because the session waits for something.
    stash: Vec<u8>,
    /// What it waits for.
    pub(super) pause: Pause,
    /// What comes when the hub has answered.
    then: Option<Box<Then>>,
    /// What the client's program calls itself.
    client: Option<Box<str>>,
    messages: Bucket,
    refused_in_a_row: u32,
}

/// What a session waits for before it looks at the next message.
#[derive(Default)]
pub(super) enum Pause {
    /// Nothing.
    #[default]
    No,
    /// A place in the hub's queue; then whatever the message asks for.
    Send(Box<ToHub>),
    /// The hub's answer.
    Reply,
    /// Her markers; then whatever the message asks for.
    Markers(Box<(Id, Asked, AccountId)>),
    /// What is unread, which the answer tells.
    Count,
    /// The log.
    Read(Box<(Id, Look)>),
    /// Those who keep the accounts.
    Errand(Box<(Id, Errand)>),
    /// The end: the hub is gone.
    Close,
}

/// What a session goes on with.
enum Then {
    /// Looks at messages.
    Look(Id, Look),
    /// Goes on an errand.
    Errand(Id, Errand),
    /// Enters the rest of the rooms.
    Resume(Id, Nick, std::vec::IntoIter<(RoomName, Seq)>),
}

impl Session {
    /// For a client that may compress its messages, or not.
    pub(super) fn new(deflate: bool) -> Self {
        Self {
            decoder: Decoder::new(MESSAGE_BYTES_MAX, deflate),
            stash: Vec::new(),
            pause: Pause::default(),
            then: None,
            client: None,
            messages: Bucket::default(),
            refused_in_a_row: 0,
        }
    }

    /// Adds bytes to look at.
    pub(super) fn hear(&mut self, shard: &Shard, conn: &Conn, bytes: &mut [u8], now: UnixMs) {
        let used = if self.stash.is_empty() { self.eat(shard, conn, bytes, now) } else { 0 };
        self.stash.extend_from_slice(&bytes[used..]);
    }

    /// Goes on with what was put aside.
    pub(super) fn go_on(&mut self, shard: &Shard, conn: &Conn, now: UnixMs) {
        if self.can_go_on(conn) {
            let mut stash = std::mem::take(&mut self.stash);
            let used = self.eat(shard, conn, &mut stash, now);
            self.stash = stash[used..].to_vec();
        }
    }

    /// Whether something was put aside that it may look at now.
    pub(super) fn can_go_on(&self, conn: &Conn) -> bool {
        !self.stash.is_empty() && self.is_free(conn)
    }

    /// Whether it waits for nothing, neither an answer nor its client's reading.
    fn is_free(&self, conn: &Conn) -> bool {
        let mut state = conn.state.borrow_mut();
        matches!(self.pause, Pause::No)
            && !state.outbox_full()
            && !state.closing
            && talk(&mut state).posts.len() < POSTS_WAITING_MAX
    }

    /// Whether it may be given more bytes.
    pub(super) fn is_hungry(&self, conn: &Conn) -> bool {
        self.stash.is_empty() && self.is_free(conn)
    }

    /// Looks at bytes until it has to wait; how many it is done with.
    fn eat(&mut self, shard: &Shard, conn: &Conn, bytes: &mut [u8], now: UnixMs) -> usize {
        let length = bytes.len();
        let mut input = bytes;
        while self.is_free(conn)
            && let Some(item) = shard.compression.next(&mut self.decoder, &mut input)
        {
            self.take(shard, conn, item, now);
        }
        length - input.len()
    }

    fn take(&mut self, shard: &Shard, conn: &Conn, item: Result<Item<'_>, Violation>, now: UnixMs) {
        if matches!(item, Ok(Item::Ping(_))) && !self.afford(shard, conn, None, 1, now) {
            return;
        }
        let answered = talk(&mut conn.state.borrow_mut()).closing.answer(&item);
        match item {
            Ok(Item::Text(text)) => self.message(shard, conn, &text, now),
            Ok(Item::Binary(_)) => close(shard, conn, CloseCode::UNSUPPORTED, "only text"),
            Ok(Item::Ping(_)) => answered.into_iter().for_each(|pong| {
                conn.state.borrow_mut().push(pong);
            }),
            Ok(Item::Pong(_)) => {}
            Ok(Item::Close(_)) | Err(_) => end(shard, conn, answered),
        }
    }

    fn message(&mut self, shard: &Shard, conn: &Conn, text: &str, now: UnixMs) {
        shard.metrics.requests.add(1);
        talk(&mut conn.state.borrow_mut()).asked_tick = shard.tick.get();
        match parse(text) {
            Ok(Request { id, asked }) => {
                let bearer = unread::is_told(&asked).then(|| login::bearer(conn)).flatten();
                let cost = cost(&asked, bearer.is_some());
                if !self.afford(shard, conn, Some(&id), cost, now) {
                    return;
                }
                match bearer {
                    Some(bearer) => {
                        self.pause = Pause::Markers(Box::new((id, asked, bearer.account.id)));
                    }
                    None => self.request(shard, conn, id, asked),
                }
            }
            Err(bad) => {
                if self.afford(shard, conn, bad.id.as_ref(), 1, now) {
                    refuse(shard, conn, bad.id.as_ref(), &Problem::Bad(bad.fault));
                }
            }
        }
    }

    /// Her markers have come, or cannot be had just now: then nothing is told of them.
    pub(super) fn marked(
        &mut self,
        shard: &Shard,
        conn: &Conn,
        (id, asked): (Id, Asked),
        markers: Option<Markers>,
    ) {
        let telling = markers.map(unread::Telling::of).unwrap_or_default();
        talk(&mut conn.state.borrow_mut()).unread = telling;
        self.request(shard, conn, id, asked);
        if matches!(self.pause, Pause::No) {
            self.pause = unread::next(conn);
        }
    }

    #[expect(clippy::too_many_lines, reason = "a flat match, a few lines a request")]
    fn request(&mut self, shard: &Shard, conn: &Conn, id: Id, asked: Asked) {
        match asked {
            Asked::Hello { lang, client } => self.hello(shard, conn, &id, (lang, client)),
            Asked::LogIn { account, password } => {
                self.log_in(shard, conn, id, (account, &password));
            }
            Asked::LogInByToken(token) => {
                if may_send_secret(shard, conn, &id) {
                    self.pause = Pause::Errand(Box::new((id, Errand::LogInByToken(token))));
                }
            }
            Asked::LogInByCookie => {
                let cookie = talk(&mut conn.state.borrow_mut()).cookie.take();
                match cookie {
                    Some(token) if may_send_secret(shard, conn, &id) => {
                        self.pause = Pause::Errand(Box::new((id, Errand::LogInByToken(token))));
                    }
                    Some(_) => {}
                    None => refuse(shard, conn, Some(&id), &Problem::NotLoggedIn),
                }
            }
            Asked::Register { account, password } => {
                self.register(shard, conn, id, (account, &password));
            }
            Asked::LogOut => match login::bearer(conn) {
                Some(bearer) => {
                    self.pause = Pause::Errand(Box::new((id, Errand::LogOut(bearer))));
                }
                None => refuse(shard, conn, Some(&id), &Problem::NotLoggedIn),
            },
            Asked::Tokens => match login::bearer(conn) {
                Some(bearer) => self.pause = Pause::Errand(Box::new((id, Errand::Tokens(bearer)))),
                None => refuse(shard, conn, Some(&id), &Problem::NotLoggedIn),
            },
            Asked::Revoke(number) => match login::bearer(conn) {
                Some(bearer) => {
                    self.pause = Pause::Errand(Box::new((id, Errand::Revoke(bearer, number))));
                }
                None => refuse(shard, conn, Some(&id), &Problem::NotLoggedIn),
            },
            Asked::Me => match markers(conn) {
                Some(markers) => self.ask(shard, conn, id, Ask::Hers(markers)),
                None => answer(shard, conn, &id, &session(shard, conn, None)),
            },
            Asked::Rooms => self.ask(shard, conn, id, Ask::Channels(markers(conn))),
            Asked::Direct(nick) => {
                if let Some(own) = may_enter(shard, conn, &id, None) {
                    let act = Act::Direct { nick, from: None };
                    self.act(shard, conn, id, Wanted::Enter(own, None), act);
                }
            }
            Asked::Create { room, capacity, visibility, nick } => {
                if let Some(nick) = may_enter(shard, conn, &id, nick) {
                    let wanted = Wanted::Enter(nick.clone(), None);
                    let act = Act::Create { name: room, capacity, visibility, nick, from: None };
                    self.act(shard, conn, id, wanted, act);
                }
            }
            Asked::Enter { room, nick, after } => {
                if let Some(nick) = may_enter(shard, conn, &id, nick) {
                    let wanted = Wanted::Enter(nick.clone(), after);
                    let act = Act::Enter { name: room, nick, from: None };
                    self.act(shard, conn, id, wanted, act);
                }
            }
            Asked::EnterByLink { link, nick, after } => {
                if let Some(nick) = may_enter(shard, conn, &id, nick) {
                    let knock = Box::new(Knock::of(conn, link, nick, after));
                    self.pause =
                        Pause::Errand(Box::new((id, Errand::Link(LinkErrand::Knock(knock)))));
                }
            }
            Asked::MakeLink(room, wanted) => {
                if let Some(room) = place(shard, conn, &id, room) {
                    match login::bearer(conn) {
                        Some(bearer) => {
                            let new = Box::new(new_link(room, &wanted, bearer.account.id));
                            self.invite(shard, conn, id, room, LinkErrand::MakeLink(new));
                        }
                        None => refuse(shard, conn, Some(&id), &Problem::NotLoggedIn),
                    }
                }
            }
            Asked::Links(room) => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.invite(shard, conn, id, room, LinkErrand::Links(room));
                }
            }
            Asked::RevokeLink(room, number) => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.invite(shard, conn, id, room, LinkErrand::RevokeLink(room, number));
                }
            }
            Asked::Resume { nick, rooms } => {
                if let Some(nick) = nick.or_else(|| called(conn)) {
                    self.resume(shard, conn, id, nick, rooms.into_iter());
                } else {
                    refuse(shard, conn, Some(&id), &Problem::NickNeeded);
                }
            }
            Asked::Leave(room) => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.act(shard, conn, id, Wanted::Answer, Act::Leave { room });
                }
            }
            Asked::Say { room, text, key, reply } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    match reply {
                        None => self.post(shard, conn, id, room, (text, key)),
                        Some(seq) => {
                            self.about(shard, conn, id, (room, seq), Deed::Reply(text, key));
                        }
                    }
                }
            }
            Asked::Edit { room, seq, text } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.about(shard, conn, id, (room, seq), Deed::Edit(text));
                }
            }
            Asked::Delete { room, seq } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.about(shard, conn, id, (room, seq), Deed::Delete);
                }
            }
            Asked::React { room, seq, emoji, on } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.about(shard, conn, id, (room, seq), Deed::React(emoji, Some(on)));
                }
            }
            Asked::Pin { room, seq, on } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.about(shard, conn, id, (room, seq), Deed::Pin(Some(on)));
                }
            }
            Asked::Pins(room) => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.look(shard, conn, id, Look::Pins(room));
                }
            }
            Asked::Topic(room) => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.ask(shard, conn, id, Ask::Topic(room));
                }
            }
            Asked::SetTopic { room, topic } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    let wanted = Wanted::Topic(topic.clone());
                    self.act(shard, conn, id, wanted, Act::SetTopic { room, topic });
                }
            }
            Asked::Members(room) => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.ask(shard, conn, id, Ask::Members(room));
                }
            }
            Asked::History { room, page, limit } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    // One more than is shown tells whether there are more.
                    let look = match page {
                        Page::Last => Look::Last(room, limit + 1),
                        Page::Before(seq) => Look::Before(room, seq, limit + 1),
                        Page::After(seq) => Look::After(room, seq, limit + 1),
                    };
                    self.look(shard, conn, id, look);
                }
            }
            Asked::Search { room, words, limit } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.look(shard, conn, id, Look::Search(room, words, limit + 1));
                }
            }
            Asked::Message { nick, text } => {
                if called(conn).is_some() {
                    self.ask(shard, conn, id, Ask::Whisper { to: nick, text });
                } else {
                    refuse(shard, conn, Some(&id), &Problem::NickNeeded);
                }
            }
            Asked::Typing { room, on } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    answer(shard, conn, &id, &Answer::Done);
                    self.send(shard, ToHub::Typing { member: conn.member, room, on });
                }
            }
            Asked::Read { room, seq } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    match login::bearer(conn) {
                        Some(bearer) => {
                            // Nobody has read what is yet to be said.
                            let seq = seq.min(shard.head_of(room).unwrap_or_default());
                            let errand = Errand::Read(bearer.account.id, room, seq);
                            self.pause = Pause::Errand(Box::new((id, errand)));
                        }
                        // A guest has no other devices.
                        None => answer(shard, conn, &id, &Answer::Done),
                    }
                }
            }
            Asked::Order { room, order } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    let act = Act::Moderate { room, order: *order };
                    self.act(shard, conn, id, Wanted::Answer, act);
                }
            }
            Asked::Purge { room, nick, last_ms } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.ask(shard, conn, id, Ask::Purge { room, nick, last_ms });
                }
            }
            Asked::Audit { room, before, limit } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    let before = before.unwrap_or(Seq(u64::MAX));
                    let look = Look::Measures(room, before, limit + 1);
                    self.look_if(shard, conn, id, (room, Right::Audit), look);
                }
            }
            Asked::Earlier { room, seq } => {
                if let Some(room) = place(shard, conn, &id, room) {
                    let look = Look::Versions(room, seq);
                    self.look_if(shard, conn, id, (room, Right::SeeEarlier), look);
                }
            }
            Asked::InForce(room) => {
                if let Some(room) = place(shard, conn, &id, room) {
                    self.ask(shard, conn, id, Ask::InForce(room));
                }
            }
            Asked::Rename(nick) => {
                if called(conn).is_some() {
                    self.act(shard, conn, id, Wanted::Answer, Act::Rename { nick });
                } else {
                    refuse(shard, conn, Some(&id), &Problem::NickNeeded);
                }
            }
        }
    }

    fn hello(
        &mut self,
        shard: &Shard,
        conn: &Conn,
        id: &Id,
        (lang, client): (Option<lang::Lang>, Option<String>),
    ) {
        let mut state = conn.state.borrow_mut();
        let talk = talk(&mut state);
        talk.lang = lang.unwrap_or(talk.lang);
        let lang = talk.lang;
        drop(state);
        if let Some(client) = client {
            tracing::debug!(client, "a program says its name");
            self.client = Some(client.into());
        }
        answer(shard, conn, id, &Answer::Greeted(lang));
    }

    fn log_in(&mut self, shard: &Shard, conn: &Conn, id: Id, (nick, secret): (Nick, &Secret)) {
        if !may_send_secret(shard, conn, &id) {
            return;
        }
        match Password::typed(secret.reveal()) {
            Ok(password) => {
                let errand = Errand::LogIn(nick, password, self.label());
                self.pause = Pause::Errand(Box::new((id, errand)));
            }
            // Nobody's password is such.
            Err(PasswordError::Short | PasswordError::Long | PasswordError::Control) => {
                refuse(shard, conn, Some(&id), &Problem::LogInFailed);
            }
        }
    }

    fn register(&mut self, shard: &Shard, conn: &Conn, id: Id, (nick, secret): (Nick, &Secret)) {
        if !may_send_secret(shard, conn, &id) {
            return;
        }
        match Password::chosen(secret.reveal()) {
            Ok(password) => {
                let errand = Errand::Register(Some(nick), password, self.label());
                self.pause = Pause::Errand(Box::new((id, errand)));
            }
            Err(PasswordError::Short | PasswordError::Long | PasswordError::Control) => {
                refuse(shard, conn, Some(&id), &Problem::BadPassword);
            }
        }
    }

    /// What a token of this client is called in the list of tokens.
    fn label(&self) -> String {
        self.client.as_deref().unwrap_or("WebSocket").to_owned()
    }

    /// Enters the next of several rooms; answers when there is none left.
    fn resume(
        &mut self,
        shard: &Shard,
        conn: &Conn,
        id: Id,
        nick: Nick,
        mut rooms: std::vec::IntoIter<(RoomName, Seq)>,
    ) {
        while let Some((name, after)) = rooms.next() {
            talk(&mut conn.state.borrow_mut()).resumed.get_or_insert_default();
            if let Some(too_many) = too_many_rooms(conn) {
                let mut state = conn.state.borrow_mut();
                let resumed = talk(&mut state).resumed.get_or_insert_default();
                resumed.push(Err(too_many));
                continue;
            }
            self.then = Some(Box::new(Then::Resume(id.clone(), nick.clone(), rooms)));
            let wanted = Wanted::Resume(nick.clone(), after);
            let act = Act::Enter { name, nick, from: None };
            return self.act(shard, conn, id, wanted, act);
        }
        let resumed = talk(&mut conn.state.borrow_mut()).resumed.take().unwrap_or_default();
        unread::answer(shard, conn, id, Answer::Resumed(resumed));
    }

    /// Says something; the answer comes when it is on the disk, and meanwhile more may be said.
    fn post(
        &mut self,
        shard: &Shard,
        conn: &Conn,
        id: Id,
        room: RoomId,
        (text, key): (Text, Option<Key>),
    ) {
        let mut state = conn.state.borrow_mut();
        let talk = talk(&mut state);
        let mark = talk.next_mark;
        talk.next_mark = mark.wrapping_add(1);
        talk.posts.push_back((mark, id));
        drop(state);
        let (member, seat) = (conn.member, conn.seat);
        self.send(shard, ToHub::Say { member, seat, room, text, key, ack: true, mark });
    }

    /// Does something with a message of a room.
    fn about(
        &mut self,
        shard: &Shard,
        conn: &Conn,
        id: Id,
        (room, seq): (RoomId, Seq),
        deed: Deed,
    ) {
        self.ask(shard, conn, id, Ask::About { room, seq, deed });
    }

    /// Reads the log, when what the client said before is in it.
    fn look(&mut self, shard: &Shard, conn: &Conn, id: Id, look: Look) {
        self.then = Some(Box::new(Then::Look(id.clone(), look)));
        self.ask(shard, conn, id, Ask::Written);
    }

    /// The same, if she has that right in that room.
    fn look_if(
        &mut self,
        shard: &Shard,
        conn: &Conn,
        id: Id,
        (room, right): (RoomId, Right),
        look: Look,
    ) {
        self.then = Some(Box::new(Then::Look(id.clone(), look)));
        self.ask(shard, conn, id, Ask::May(room, right));
    }

    /// Goes on an errand, if she may invite to that room.
    fn invite(&mut self, shard: &Shard, conn: &Conn, id: Id, room: RoomId, errand: LinkErrand) {
        self.then = Some(Box::new(Then::Errand(id.clone(), Errand::Link(errand))));
        self.ask(shard, conn, id, Ask::May(room, Right::Invite));
    }

    fn act(&mut self, shard: &Shard, conn: &Conn, id: Id, wanted: Wanted, act: Act) {
        let newcomer = conn.newcomer();
        self.ask_for(shard, conn, AskedOfHub { id, wanted }, Ask::Act(act, newcomer));
    }

    fn ask(&mut self, shard: &Shard, conn: &Conn, id: Id, ask: Ask) {
        self.ask_for(shard, conn, AskedOfHub { id, wanted: Wanted::Answer }, ask);
    }

    fn ask_for(&mut self, shard: &Shard, conn: &Conn, asked: AskedOfHub, ask: Ask) {
        let mut state = conn.state.borrow_mut();
        state.replied = false;
        talk(&mut state).asked = Some(asked);
        drop(state);
        self.pause = Pause::Reply;
        self.send(shard, ToHub::Ask { member: conn.member, seat: conn.seat, ask });
    }

    /// Sends to the hub at once, or as soon as it has a place.
    fn send(&mut self, shard: &Shard, message: ToHub) {
        use tokio::sync::mpsc::error::TrySendError;
        match shard.hub.try_send(message) {
            Ok(()) => {}
            Err(TrySendError::Full(message)) => self.pause = Pause::Send(Box::new(message)),
            Err(TrySendError::Closed(_)) => self.pause = Pause::Close,
        }
    }

    /// The hub has answered.
    pub(super) fn replied(&mut self, shard: &Shard, conn: &Conn) {
        self.pause = Pause::No;
        match self.then.take().map(|then| *then) {
            None => {}
            // She has been told why not.
            Some(Then::Look(..) | Then::Errand(..)) if conn.state.borrow().refused => {}
            Some(Then::Look(id, look)) => self.pause = Pause::Read(Box::new((id, look))),
            Some(Then::Errand(id, errand)) => self.pause = Pause::Errand(Box::new((id, errand))),
            Some(Then::Resume(id, nick, rooms)) => self.resume(shard, conn, id, nick, rooms),
        }
        if matches!(self.pause, Pause::No) {
            self.pause = unread::next(conn);
        }
    }

    /// Those who keep the accounts have answered.
    pub(super) fn returned(
        &mut self,
        shard: &Shard,
        conn: &Conn,
        id: Id,
        outcome: Result<Done, Trouble>,
    ) {
        match outcome {
            Ok(Done::Verified(login)) => {
                let bearer = Box::new(login.bearer().clone());
                conn.state.borrow_mut().rare().login = Some(*login);
                let asked = AskedOfHub { id, wanted: Wanted::LogIn };
                self.ask_for(shard, conn, asked, Ask::LogIn(bearer, conn.newcomer()));
            }
            Ok(Done::Revoked) => {
                let asked = AskedOfHub { id, wanted: Wanted::LogOut };
                self.ask_for(shard, conn, asked, Ask::LogOut);
            }
            Ok(Done::Tokens(tokens)) => answer(shard, conn, &id, &Answer::Tokens(tokens)),
            Ok(Done::Invited(invited)) => {
                link::coming(conn, &invited);
                let Invited { invitation, nick, after, .. } = *invited;
                let wanted = Wanted::Enter(nick.clone(), after);
                self.act(
                    shard,
                    conn,
                    id,
                    wanted,
                    Act::EnterByLink { invitation, nick, from: None },
                );
            }
            Ok(Done::MadeLink(number, token)) => {
                answer(shard, conn, &id, &Answer::MadeLink(number, token));
            }
            Ok(Done::Links(links)) => answer(shard, conn, &id, &Answer::Links(links)),
            Ok(Done::Marked | Done::Ended(_) | Done::LinkRevoked(_)) => {
                answer(shard, conn, &id, &Answer::Done);
            }
            Err(trouble) => refuse(shard, conn, Some(&id), &problem_of(trouble)),
        }
        if matches!(self.pause, Pause::No) {
            self.pause = unread::next(conn);
        }
    }

    /// Whether a message may be looked at; if not, its sender is told when, or cut.
    fn afford(
        &mut self,
        shard: &Shard,
        conn: &Conn,
        id: Option<&Id>,
        cost: u32,
        now: UnixMs,
    ) -> bool {
        let config = &shard.config;
        let taken = self
            .messages
            .take(config.flood, cost, now)
            .and_then(|()| conn.permit.take_line(config.address_flood, cost, now));
        let Err(TooFast { wait_ms }) = taken else {
            self.refused_in_a_row = 0;
            return true;
        };
        shard.metrics.dropped_fast.add(1);
        self.refused_in_a_row += 1;
        if config.flood_cut_after.is_some_and(|most| self.refused_in_a_row > most) {
            shard.metrics.flood_closed.add(1);
            bye(shard, conn, json::Farewell::Flooded, CloseCode::POLICY);
        } else {
            refuse(shard, conn, id, &Problem::TooFast(wait_ms));
        }
        false
    }
}

fn problem_of(trouble: Trouble) -> Problem {
    const MS_PER_S: u64 = 1000;
    match trouble {
        Trouble::TooOften(wait_s) => Problem::TooFast(wait_s * MS_PER_S),
        Trouble::Wrong => Problem::LogInFailed,
        Trouble::AccountTaken(nick) => Problem::AccountTaken(nick),
        Trouble::Refused(refusal) => Problem::Refused(refusal),
        Trouble::NoToken(number) => Problem::NoToken(number),
        Trouble::LinkExpired => Problem::LinkExpired,
        Trouble::LinkUsedUp => Problem::LinkUsedUp,
        Trouble::NoLink(_) => Problem::Refused(Refusal::NoSuchLink),
        Trouble::Full => Problem::RegistrationClosed,
        Trouble::Busy => Problem::Busy,
        Trouble::NoSpace => Problem::NoSpace,
        Trouble::Away => Problem::LogAway,
    }
}

/// What the server takes a session for, and what its account has in rooms.
pub(super) fn session(shard: &Shard, conn: &Conn, hers: Option<json::Hers>) -> Answer {
    let mut state = conn.state.borrow_mut();
    let talk = talk(&mut state);
    let (lang, nick) = (talk.lang, talk.nick.clone());
    drop(state);
    let account = login::bearer(conn).map(|bearer| bearer.account);
    let account = account.map(|account| (account.nick, account.id));
    Answer::Session { lang, nick, account, rooms: shard.rooms_of(conn), hers }
}

/// Her markers, if they were fetched.
fn markers(conn: &Conn) -> Option<Markers> {
    talk(&mut conn.state.borrow_mut()).unread.take_markers()
}

/// Whether she may log in; says why not.
fn may_log_in(shard: &Shard, conn: &Conn, id: &Id) -> bool {
    let is_guest = login::bearer(conn).is_none();
    if !is_guest {
        refuse(shard, conn, Some(id), &Problem::AlreadyLoggedIn);
    }
    is_guest
}

/// Whether a password or a token may go over this connection, to log in with.
fn may_send_secret(shard: &Shard, conn: &Conn, id: &Id) -> bool {
    if !login::is_private(shard, conn) {
        refuse(shard, conn, Some(id), &Problem::NotEncrypted);
        return false;
    }
    may_log_in(shard, conn, id)
}

/// What she is called.
fn called(conn: &Conn) -> Option<Nick> {
    talk(&mut conn.state.borrow_mut()).nick.clone()
}

/// What she is to be called where she enters a room, if she may enter one more; says why not.
fn may_enter(shard: &Shard, conn: &Conn, id: &Id, nick: Option<Nick>) -> Option<Nick> {
    if let Some(too_many) = too_many_rooms(conn) {
        refuse(shard, conn, Some(id), &too_many);
        return None;
    }
    let nick = nick.or_else(|| called(conn));
    if nick.is_none() {
        refuse(shard, conn, Some(id), &Problem::NickNeeded);
    }
    nick
}

/// Why she may not enter one room more.
fn too_many_rooms(conn: &Conn) -> Option<Problem> {
    let is_full = conn.state.borrow().rooms_len() >= ROOMS_AT_ONCE_MAX;
    let max = u32::try_from(ROOMS_AT_ONCE_MAX).expect("a small constant");
    is_full.then_some(Problem::InTooManyRooms(max))
}

/// The room of that name, if she is in it; says so if not.
fn place(shard: &Shard, conn: &Conn, id: &Id, room: RoomName) -> Option<RoomId> {
    let place = shard.place_named(conn, &room);
    if place.is_none() {
        refuse(shard, conn, Some(id), &Problem::NotInRoom(room));
    }
    place
}
