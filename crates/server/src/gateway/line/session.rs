//! What a line client says, step by step.

use std::net::SocketAddr;

use lang::Lang;
use room::rate::{Bucket, TooFast};
use room::{Act, Right, RoomId, Seq, UnixMs, Visibility};
use store::people::Bearer;
use wire::Dialect;
use wire::line::{Answer, Decoder, Item, Problem, Request, Verb, Word, parse};

use super::{manner, number, say};
use crate::archive::Look;
use crate::clock;
use crate::gateway::errand::{Done, Errand, LinkErrand, Trouble};
use crate::gateway::link::{self, Invited, Knock, new_link};
use crate::gateway::login;
use crate::hub::{Ask, Deed, ToHub};
use crate::people::password::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, Password, PasswordError};
use crate::shard::{Conn, Shard};

/// Messages a search shows.
const SEARCH_MAX: usize = 20;

/// Lines cost one unit of the flood limits; what makes the server look far costs more.
const FAR_COST: u32 = 4;

/// What a token of a line client is called in the list of tokens.
const LABEL: &str = "line";

/// One client's conversation.
#[derive(Default)]
pub(super) struct Session {
    decoder: Decoder,
    /// Bytes read but not yet looked at, because the session waits for something.
    stash: Vec<u8>,
    /// What it waits for.
    pub(super) pause: Pause,
    /// What it reads from the log when the hub has answered.
    reading: Option<Box<Look>>,
    /// The errand it goes on when the hub has answered.
    errand: Option<Box<Errand>>,
    /// It has said something of which it may still be told that it is refused, or kept.
    unsettled: bool,
    /// It closes when that is settled.
    quitting: bool,
    lines: Bucket,
    dropped_in_a_row: u32,
}

/// What a session waits for before it looks at the next line.
#[derive(Default)]
pub(super) enum Pause {
    /// Nothing.
    #[default]
    No,
    /// A place in the hub's queue; then whatever the message asks for.
    Send(Box<ToHub>),
    /// The hub's answer.
    Reply,
    /// The log.
    Read(Box<Look>),
    /// Those who keep the accounts.
    Errand(Box<Errand>),
    /// The count of what her account has not read; the room that she is in.
    Unread(Box<(Bearer, Option<RoomId>)>),
    /// The end.
    Close,
}

impl Session {
    /// Adds bytes to look at.
    pub(super) fn hear(&mut self, shard: &Shard, conn: &Conn, bytes: &[u8], now: UnixMs) {
        let used = if self.stash.is_empty() { self.eat(shard, conn, bytes, now) } else { 0 };
        self.stash.extend_from_slice(&bytes[used..]);
    }

    /// Goes on with what was put aside.
    pub(super) fn go_on(&mut self, shard: &Shard, conn: &Conn, now: UnixMs) {
        if self.quitting && matches!(self.pause, Pause::No) {
            self.bye(conn);
        } else if self.can_go_on(conn) {
            let stash = std::mem::take(&mut self.stash);
            let used = self.eat(shard, conn, &stash, now);
            self.stash = stash[used..].to_vec();
        }
    }

    /// Whether something was put aside that it may look at now.
    pub(super) fn can_go_on(&self, conn: &Conn) -> bool {
        !self.stash.is_empty() && self.is_free(conn)
    }

    /// Whether it waits for nothing, neither an answer nor its client's reading.
    fn is_free(&self, conn: &Conn) -> bool {
        matches!(self.pause, Pause::No) && !conn.state.borrow().outbox_full()
    }

    /// Whether it may be given more bytes.
    pub(super) fn is_hungry(&self) -> bool {
        matches!(self.pause, Pause::No) && self.stash.is_empty()
    }

    /// Whether silence ends a line.
    pub(super) fn silence_ends_line(&self) -> bool {
        self.is_hungry() && self.decoder.silence_ends_line()
    }

    /// The client is silent, or has said its last: what it began is a line, if it never ends any.
    pub(super) fn finish(&mut self, shard: &Shard, conn: &Conn, now: UnixMs) {
        if self.decoder.silence_ends_line()
            && let Some(item) = self.decoder.finish()
        {
            self.take(shard, conn, item, now);
        }
    }

    /// Looks at bytes until it has to wait; how many it is done with.
    fn eat(&mut self, shard: &Shard, conn: &Conn, bytes: &[u8], now: UnixMs) -> usize {
        let mut input = bytes;
        while self.is_free(conn)
            && let Some(item) = self.decoder.next(&mut input)
        {
            self.take(shard, conn, item, now);
        }
        bytes.len() - input.len()
    }

    fn take(&mut self, shard: &Shard, conn: &Conn, item: Item<'_>, now: UnixMs) {
        match item {
            Item::Line(line) => self.line(shard, conn, &line, now),
            Item::TooLong => self.bad(shard, conn, Problem::TooLong, now),
            Item::NotUtf8 => self.bad(shard, conn, Problem::NotUtf8, now),
            Item::Reply(bytes) => {
                if self.afford(shard, conn, 1, now) {
                    conn.state.borrow_mut().push(bytes.to_vec().into());
                }
            }
            Item::Interrupt => self.quit(shard, conn),
        }
    }

    fn bad(&mut self, shard: &Shard, conn: &Conn, problem: Problem, now: UnixMs) {
        shard.metrics.dropped_bad.add(1);
        if self.afford(shard, conn, 1, now) {
            say(conn, &Answer::No(problem));
        }
    }

    fn line(&mut self, shard: &Shard, conn: &Conn, line: &str, now: UnixMs) {
        shard.metrics.lines.add(1);
        let Some((word, request)) = parse(line) else { return };
        let cost = match word {
            Word::Verb(
                Verb::Create
                | Verb::Dm
                | Verb::Unread
                | Verb::Channels
                | Verb::History
                | Verb::Search
                | Verb::Pins
                | Verb::Bans
                | Verb::Purge
                | Verb::Audit
                | Verb::Earlier
                | Verb::Delete
                | Verb::Link
                | Verb::Links
                | Verb::Unlink,
            ) => FAR_COST,
            Word::Verb(_) | Word::Other(_) => 1,
        };
        if !self.afford(shard, conn, cost, now) {
            return;
        }
        let room = conn.state.borrow().room();
        let needs_room = match word {
            // A nick is enough for these, and stays after the room is left.
            Word::Verb(Verb::Msg | Verb::Register) => conn.state.borrow().credit.is_none(),
            Word::Verb(verb) => verb.needs_room() && room.is_none(),
            Word::Other(_) => room.is_none(),
        };
        match request {
            _ if needs_room => {
                let word = match word {
                    Word::Verb(verb) => verb.word(),
                    Word::Other(word) => word,
                };
                say(conn, &Answer::No(Problem::NeedsRoom(word.to_owned())));
            }
            Ok(request) => self.request(shard, conn, room, request),
            Err(problem) => say(conn, &Answer::No(problem)),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a flat match, a few lines a command")]
    fn request(&mut self, shard: &Shard, conn: &Conn, room: Option<RoomId>, request: Request) {
        match (request, room) {
            (Request::Say(text), Some(room)) => {
                let (member, seat) = (conn.member, conn.seat);
                let (_, ack) = manner(&conn.state.borrow());
                self.unsettled = true;
                self.send(shard, ToHub::Say { member, seat, room, text, key: None, ack, mark: 0 });
            }
            (Request::Create { name, capacity, nick }, from) => {
                let visibility = Visibility::Public;
                self.act(shard, conn, Act::Create { name, capacity, visibility, nick, from });
            }
            (Request::Join { name, nick }, from) => {
                self.act(shard, conn, Act::Enter { name, nick, from });
            }
            (Request::JoinByLink { link, nick }, _) => {
                let knock = Box::new(Knock::of(conn, link, nick, None));
                self.pause = Pause::Errand(Box::new(Errand::Link(LinkErrand::Knock(knock))));
            }
            (Request::MakeLink(wanted), Some(room)) => match login::bearer(conn) {
                Some(bearer) => {
                    let new = Box::new(new_link(room, &wanted, bearer.account.id));
                    self.invite(shard, conn, room, LinkErrand::MakeLink(new));
                }
                None => say(conn, &Answer::No(Problem::NotLoggedIn)),
            },
            (Request::Links, Some(room)) => self.invite(shard, conn, room, LinkErrand::Links(room)),
            (Request::RevokeLink(number), Some(room)) => {
                self.invite(shard, conn, room, LinkErrand::RevokeLink(room, number));
            }
            (Request::Out, Some(room)) => self.act(shard, conn, Act::Leave { room }),
            (Request::SetTopic(topic), Some(room)) => {
                self.act(shard, conn, Act::SetTopic { room, topic });
            }
            (Request::Nick(nick), _) => self.act(shard, conn, Act::Rename { nick }),
            (Request::Direct(nick), from) => self.act(shard, conn, Act::Direct { nick, from }),
            (Request::Channels, _) => self.ask(shard, conn, Ask::Channels(None)),
            (Request::Unread, room) => match login::bearer(conn) {
                Some(bearer) => self.pause = Pause::Unread(Box::new((bearer, room))),
                None => say(conn, &Answer::No(Problem::NotLoggedIn)),
            },
            (Request::List, Some(room)) => self.ask(shard, conn, Ask::Members(room)),
            (Request::Topic, Some(room)) => self.ask(shard, conn, Ask::Topic(room)),
            (Request::Msg { to, text }, _) => self.ask(shard, conn, Ask::Whisper { to, text }),
            (Request::History(count), Some(room)) => {
                self.read(shard, conn, Look::Last(room, count));
            }
            (Request::Search(words), Some(room)) => {
                self.read(shard, conn, Look::Search(room, words, SEARCH_MAX));
            }
            (Request::Pins, Some(room)) => self.read(shard, conn, Look::Pins(room)),
            (Request::Reply(seq, text), Some(room)) => {
                self.about(shard, conn, room, seq, Deed::Reply(text, None));
            }
            (Request::Edit(seq, text), Some(room)) => {
                self.about(shard, conn, room, seq, Deed::Edit(text));
            }
            (Request::Delete(seq), Some(room)) => {
                self.about(shard, conn, room, seq, Deed::Delete);
            }
            (Request::React(seq, emoji), Some(room)) => {
                self.about(shard, conn, room, seq, Deed::React(emoji, None));
            }
            (Request::Pin(seq), Some(room)) => {
                self.about(shard, conn, room, seq, Deed::Pin(None));
            }
            (Request::Order(order), Some(room)) => {
                self.act(shard, conn, Act::Moderate { room, order });
            }
            (Request::Purge(nick, last_ms), Some(room)) => {
                self.ask(shard, conn, Ask::Purge { room, nick, last_ms });
            }
            (Request::Audit(count, before), Some(room)) => {
                let look = Look::Measures(room, before.unwrap_or(Seq(u64::MAX)), count);
                self.read_if(shard, conn, (room, Right::Audit), look);
            }
            (Request::Earlier(seq), Some(room)) => {
                let look = Look::Versions(room, seq);
                self.read_if(shard, conn, (room, Right::SeeEarlier), look);
            }
            (Request::InForce, Some(room)) => self.ask(shard, conn, Ask::InForce(room)),
            (Request::Cursor(from), Some(room)) => {
                conn.state.borrow_mut().rare().cursor_wanted = from;
                self.ask(shard, conn, Ask::Head(room));
            }
            (Request::Cursor(_), None) => {
                number(&mut conn.state.borrow_mut());
                say(conn, &Answer::Cursor(Seq::START));
            }
            (
                account @ (Request::Register(_)
                | Request::LogIn(..)
                | Request::LogInByToken(_)
                | Request::LogOut
                | Request::Tokens
                | Request::Revoke(_)),
                _,
            ) => self.account(shard, conn, account),
            (Request::Help, _) => say(conn, &Answer::Help),
            (Request::Lang(lang), _) => speak(conn, lang),
            (Request::Quit, _) => self.quit(shard, conn),
            (
                Request::Say(_)
                | Request::Out
                | Request::SetTopic(_)
                | Request::List
                | Request::Topic
                | Request::History(_)
                | Request::Search(_)
                | Request::Pins
                | Request::Reply(..)
                | Request::Edit(..)
                | Request::Delete(_)
                | Request::React(..)
                | Request::Pin(_)
                | Request::InForce
                | Request::Purge(..)
                | Request::Audit(..)
                | Request::Earlier(_)
                | Request::MakeLink(_)
                | Request::Links
                | Request::RevokeLink(_)
                | Request::Order(_),
                None,
            ) => unreachable!("what needs a room was refused outside one"),
        }
    }

    /// Asks something of those who keep the accounts, or says why not.
    fn account(&mut self, shard: &Shard, conn: &Conn, request: Request) {
        match errand(request, login::is_private(shard, conn), login::bearer(conn)) {
            Ok(errand) => self.pause = Pause::Errand(Box::new(errand)),
            Err(problem) => say(conn, &Answer::No(problem)),
        }
    }

    /// Those who keep the accounts have answered.
    pub(super) fn returned(&mut self, shard: &Shard, conn: &Conn, outcome: Result<Done, Trouble>) {
        match outcome {
            Ok(Done::Verified(login)) => {
                let bearer = Box::new(login.bearer().clone());
                conn.state.borrow_mut().rare().login = Some(*login);
                self.ask(shard, conn, Ask::LogIn(bearer, conn.newcomer()));
            }
            Ok(Done::Revoked) => self.ask(shard, conn, Ask::LogOut),
            Ok(Done::Tokens(tokens)) => say(conn, &Answer::Tokens(tokens)),
            Ok(Done::Ended(number)) => say(conn, &Answer::Revoked(number)),
            Ok(Done::Invited(invited)) => {
                link::coming(conn, &invited);
                let from = conn.state.borrow().room();
                let Invited { invitation, nick, .. } = *invited;
                self.act(shard, conn, Act::EnterByLink { invitation, nick, from });
            }
            Ok(Done::MadeLink(number, token)) => {
                say(conn, &Answer::MadeLink(number, origin(conn), token));
            }
            Ok(Done::Links(links)) => say(conn, &Answer::Links(links, clock::now())),
            Ok(Done::LinkRevoked(number)) => say(conn, &Answer::LinkRevoked(number)),
            // A line has no command that asks for it.
            Ok(Done::Marked) => {}
            Err(trouble) => say(conn, &Answer::No(problem_of(trouble))),
        }
    }

    /// Goes on an errand, if she may invite to that room.
    fn invite(&mut self, shard: &Shard, conn: &Conn, room: RoomId, errand: LinkErrand) {
        self.errand = Some(Box::new(Errand::Link(errand)));
        self.ask(shard, conn, Ask::May(room, Right::Invite));
    }

    /// Reads the log, when what the client said before is in it.
    fn read(&mut self, shard: &Shard, conn: &Conn, look: Look) {
        self.reading = Some(Box::new(look));
        self.ask(shard, conn, Ask::Written);
    }

    /// The same, if she has that right in that room.
    fn read_if(&mut self, shard: &Shard, conn: &Conn, (room, right): (RoomId, Right), look: Look) {
        self.reading = Some(Box::new(look));
        self.ask(shard, conn, Ask::May(room, right));
    }

    /// Does something with a message of the room.
    fn about(&mut self, shard: &Shard, conn: &Conn, room: RoomId, seq: Seq, deed: Deed) {
        self.ask(shard, conn, Ask::About { room, seq, deed });
    }

    /// The hub has answered.
    pub(super) fn replied(&mut self, is_refused: bool) {
        self.pause = match (self.reading.take(), self.errand.take()) {
            (Some(look), _) if !is_refused => Pause::Read(look),
            (None, Some(errand)) if !is_refused => Pause::Errand(errand),
            _ => Pause::No,
        };
    }

    /// Whether the client is still to be told what became of what it said; asks for that.
    pub(super) fn settle(&mut self, shard: &Shard, conn: &Conn) -> bool {
        let unsettled = std::mem::take(&mut self.unsettled);
        if unsettled {
            let (_, numbered) = manner(&conn.state.borrow());
            self.ask(shard, conn, if numbered { Ask::Flushed } else { Ask::Written });
        }
        unsettled
    }

    fn quit(&mut self, shard: &Shard, conn: &Conn) {
        if self.settle(shard, conn) {
            self.quitting = true;
        } else {
            self.bye(conn);
        }
    }

    fn bye(&mut self, conn: &Conn) {
        say(conn, &Answer::Bye);
        self.pause = Pause::Close;
    }

    fn act(&mut self, shard: &Shard, conn: &Conn, act: Act) {
        self.ask(shard, conn, Ask::Act(act, conn.newcomer()));
    }

    fn ask(&mut self, shard: &Shard, conn: &Conn, ask: Ask) {
        conn.state.borrow_mut().replied = false;
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

    /// Whether a line may be looked at; if not, its sender is told when, or cut.
    fn afford(&mut self, shard: &Shard, conn: &Conn, cost: u32, now: UnixMs) -> bool {
        let config = &shard.config;
        let taken = self
            .lines
            .take(config.flood, cost, now)
            .and_then(|()| conn.permit.take_line(config.address_flood, cost, now));
        let Err(TooFast { wait_ms }) = taken else {
            self.dropped_in_a_row = 0;
            return true;
        };
        shard.metrics.dropped_fast.add(1);
        self.dropped_in_a_row += 1;
        if config.flood_cut_after.is_some_and(|most| self.dropped_in_a_row > most) {
            shard.metrics.flood_closed.add(1);
            say(conn, &Answer::Flooded);
            self.pause = Pause::Close;
        } else {
            say(conn, &Answer::No(Problem::TooFast(wait_ms.div_ceil(1000))));
        }
        false
    }
}

/// What those who keep the accounts are asked: over a connection that is private, by whom is logged
/// in.
fn errand(request: Request, is_private: bool, bearer: Option<Bearer>) -> Result<Errand, Problem> {
    if !is_private {
        return Err(Problem::NotPrivate);
    }
    let bad = Problem::BadPassword(PASSWORD_CHARS_MIN as u64, PASSWORD_BYTES_MAX as u64);
    match (request, bearer) {
        (Request::Register(_) | Request::LogIn(..) | Request::LogInByToken(_), Some(_)) => {
            Err(Problem::AlreadyLoggedIn)
        }
        (Request::Register(secret), None) => match Password::chosen(secret.reveal()) {
            Ok(password) => Ok(Errand::Register(None, password, LABEL.to_owned())),
            Err(PasswordError::Short | PasswordError::Long | PasswordError::Control) => Err(bad),
        },
        (Request::LogIn(nick, secret), None) => match Password::typed(secret.reveal()) {
            Ok(password) => Ok(Errand::LogIn(nick, password, LABEL.to_owned())),
            // Nobody's password is such.
            Err(PasswordError::Short | PasswordError::Long | PasswordError::Control) => {
                Err(Problem::LogInFailed)
            }
        },
        (Request::LogInByToken(token), None) => Ok(Errand::LogInByToken(token)),
        (Request::LogOut, Some(bearer)) => Ok(Errand::LogOut(bearer)),
        (Request::Tokens, Some(bearer)) => Ok(Errand::Tokens(bearer)),
        (Request::Revoke(number), Some(bearer)) => Ok(Errand::Revoke(bearer, number)),
        _ => Err(Problem::NotLoggedIn),
    }
}

fn problem_of(trouble: Trouble) -> Problem {
    match trouble {
        Trouble::TooOften(wait_s) => Problem::TooOften(wait_s),
        Trouble::Wrong => Problem::LogInFailed,
        Trouble::AccountTaken(nick) => Problem::AccountTaken(nick),
        Trouble::Refused(refusal) => Problem::Refused(refusal),
        Trouble::Full => Problem::AccountsFull,
        Trouble::NoToken(number) => Problem::NoToken(number),
        Trouble::LinkExpired => Problem::LinkExpired,
        Trouble::LinkUsedUp => Problem::LinkUsedUp,
        Trouble::NoLink(number) => Problem::NoLink(number),
        Trouble::Busy => Problem::Busy,
        Trouble::NoSpace => Problem::NoSpace,
        Trouble::Away => Problem::LogAway,
    }
}

/// This server as the client has found it, for the address of a link.
fn origin(conn: &Conn) -> String {
    let scheme = if conn.stream.is_encrypted() { "https" } else { "http" };
    let host = conn
        .stream
        .local_address()
        .map(|address| SocketAddr::new(address.ip().to_canonical(), address.port()).to_string());
    format!("{scheme}://{}", host.unwrap_or_default())
}

fn speak(conn: &Conn, lang: Lang) {
    let mut state = conn.state.borrow_mut();
    let (_, numbered) = manner(&state);
    state.dialect = Dialect::Line { lang, numbered };
    drop(state);
    say(conn, &Answer::LangSet);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_a_connection_that_others_can_read_no_secret_is_taken() {
        for line in [
            "--REGISTER segredo de ana",
            "--LOGIN ana segredo de ana",
            "--LOGIN papo_x",
            "--LOGOUT",
            "--TOKENS",
            "--REVOKE 1",
        ] {
            let request = || parse(line).unwrap().1.unwrap();
            let refused = errand(request(), false, None).err();
            assert_eq!(refused, Some(Problem::NotPrivate), "{line}");
            assert_ne!(errand(request(), true, None).err(), refused, "{line}");
        }
    }
}
