//! What a session asks of those who keep the accounts, whatever its protocol. Who is let in by them
//! still has to be by the hub.

use std::net::IpAddr;

use room::{AccountId, MemberId, Nick, Refusal, RoomId, Seq};
use store::StoreError;
use store::people::{
    Bearer, LINKS_PER_ROOM_MAX, Link, LinkId, MakeLinkError, MarkError, NewLink, People, TokenId,
    UseLinkError,
};
use tokio::sync::{mpsc, oneshot};
use wire::{Issued, MadeLink, Secret};

use super::link::{Invited, Knock, made_link};
use super::login::Login;
use crate::clock;
use crate::hub::ToHub;
use crate::people::password::Password;
use crate::people::{Failure, LogInError, LoggedIn, RegisterError, Service};
use crate::shard::{Conn, Shard};

/// One thing to ask.
pub(super) enum Errand {
    /// Log in with a password; the token gets that label.
    LogIn(Nick, Password, String),
    /// Log in with a token.
    LogInByToken(Secret),
    /// Make an account of that nick, or of what she is called, and log in to it; the token gets
    /// that label.
    Register(Option<Nick>, Password, String),
    /// End the login.
    LogOut(Bearer),
    /// Show where the account is logged in.
    Tokens(Bearer),
    /// End the login of that number.
    Revoke(Bearer, u64),
    /// Keep how far a room was read.
    Read(AccountId, RoomId, Seq),
    /// What has to do with guest links.
    Link(LinkErrand),
}

/// What may be asked that has to do with guest links.
pub(super) enum LinkErrand {
    /// Come in by a guest link.
    Knock(Box<Knock>),
    /// Make a guest link, to a room where she may.
    MakeLink(Box<NewLink>),
    /// Show the guest links to a room where she may see them.
    Links(RoomId),
    /// Revoke the guest link of that number to such a room.
    RevokeLink(RoomId, u64),
}

/// What comes of an errand.
pub(super) enum Done {
    /// She is who she says; the hub does not know yet.
    Verified(Box<Login>),
    /// The token is good for nothing any more; the hub does not know yet.
    Revoked,
    /// Where the account is logged in, the oldest first.
    Tokens(Vec<Issued>),
    /// That token is good for nothing any more.
    Ended(u64),
    /// It is kept.
    Marked,
    /// The link is good; the hub does not know yet.
    Invited(Box<Invited>),
    /// That link is made.
    MadeLink(u64, Secret),
    /// The guest links to the room, the oldest first.
    Links(Vec<MadeLink>),
    /// Nobody comes in by that link any more.
    LinkRevoked(u64),
}

/// Why nothing came of it.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Too many attempts: wait so many seconds.
    TooOften(u64),
    /// The account, the password or the token is wrong. Which one is not told.
    Wrong,
    /// There is such an account.
    AccountTaken(Nick),
    /// The rules do not allow it.
    Refused(Refusal),
    /// There are as many accounts as there may be.
    Full,
    /// The account has no token of that number.
    NoToken(u64),
    /// The link's time is over.
    LinkExpired,
    /// The link was used as often as it may be.
    LinkUsedUp,
    /// The room has no link of that number that is not revoked.
    NoLink(u64),
    /// Too much is asked.
    Busy,
    /// The disk is full.
    NoSpace,
    /// The accounts cannot be used.
    Away,
}

/// Who is on an errand.
pub(super) struct Runner<'s> {
    people: &'s Service,
    hub: &'s mpsc::Sender<ToHub>,
    member: MemberId,
    /// Where she comes from.
    address: IpAddr,
}

impl<'s> Runner<'s> {
    /// Who is on that connection.
    pub(super) fn of(shard: &'s Shard, conn: &Conn) -> Self {
        let (people, hub) = (&shard.config.people, &shard.hub);
        Self { people, hub, member: conn.member, address: conn.permit.peer() }
    }

    pub(super) async fn run(self, errand: Errand) -> Result<Done, Trouble> {
        let (people, address) = (self.people, self.address);
        match errand {
            Errand::LogIn(nick, password, label) => {
                let logged_in = people.log_in(nick, password, label, address).await;
                logged_in.map(verified).map_err(not_logged_in)
            }
            Errand::Register(nick, password, label) => {
                let nick = self.claim(nick).await?;
                let logged_in = people.register(nick.clone(), password, label, address).await;
                logged_in.map(verified).map_err(|error| not_registered(error, nick))
            }
            Errand::LogInByToken(token) => {
                let bearer = people.by_token(token.reveal().to_owned()).await;
                match bearer.map_err(|failure| failed(&failure))? {
                    Some(bearer) => Ok(Done::Verified(Box::new(Login::new(bearer, None)))),
                    None => Err(Trouble::Wrong),
                }
            }
            Errand::LogOut(bearer) => {
                let ended = people.log_out(bearer).await;
                ended.map(|()| Done::Revoked).map_err(|failure| failed(&failure))
            }
            Errand::Tokens(bearer) => {
                let account = bearer.account.id;
                let tokens = people.ask(move |people| people.tokens(account, clock::now())).await;
                let tokens = tokens.and_then(|tokens| Ok(tokens?));
                let tokens = tokens.map_err(|failure| failed(&failure))?.into_iter();
                Ok(Done::Tokens(tokens.map(|token| issued(token, bearer.token)).collect()))
            }
            Errand::Revoke(bearer, number) => {
                let (account, token) = (bearer.account.id, TokenId(number));
                let revoked = people.ask(move |people| people.revoke_token(account, token)).await;
                let revoked = revoked.and_then(|revoked| Ok(revoked?));
                if !revoked.map_err(|failure| failed(&failure))? {
                    return Err(Trouble::NoToken(number));
                }
                // The hub outlives every shard.
                let _ = self.hub.send(ToHub::Ended { account, token }).await;
                Ok(Done::Ended(number))
            }
            Errand::Read(account, room, seq) => {
                let marked = people.ask(move |people| people.set_marker(account, room, seq)).await;
                match marked.map_err(|failure| failed(&failure))? {
                    // The marker may stand further on already.
                    Ok(seq) => {
                        let read = ToHub::Read { account, member: self.member, room, seq };
                        // The hub outlives every shard.
                        let _ = self.hub.send(read).await;
                        Ok(Done::Marked)
                    }
                    // Of too many rooms the oldest markers stay; the account may just be gone.
                    Err(MarkError::Full | MarkError::NoAccount) => Ok(Done::Marked),
                    Err(MarkError::Store(error)) => Err(failed(&error.into())),
                }
            }
            Errand::Link(errand) => self.with_links(errand).await,
        }
    }

    /// What has to do with guest links.
    async fn with_links(&self, errand: LinkErrand) -> Result<Done, Trouble> {
        let people = self.people;
        match errand {
            LinkErrand::Knock(knock) => {
                let invited = people.ask(move |people| knock.answer(people, clock::now())).await;
                let invited = invited.map_err(|failure| failed(&failure))?;
                invited.map(|invited| Done::Invited(Box::new(invited))).map_err(not_invited)
            }
            LinkErrand::MakeLink(new) => {
                let made = people.make_link(*new).await.map_err(|failure| failed(&failure))?;
                let (number, token) = made.map_err(not_made)?;
                Ok(Done::MadeLink(number.0, Secret::new(token.as_str().to_owned())))
            }
            LinkErrand::Links(room) => {
                let links = people.ask(move |people| people.links(room)).await;
                let links = links.and_then(|links| Ok(links?));
                let links = links.map_err(|failure| failed(&failure))?;
                Ok(Done::Links(
                    links.iter().filter(|link| !link.is_hook()).map(made_link).collect(),
                ))
            }
            LinkErrand::RevokeLink(room, number) => {
                let revoke = move |people: &mut People| {
                    let is_it = |link: &Link| link.id.0 == number && !link.is_hook();
                    let is_link = people.links(room)?.iter().any(is_it);
                    Ok(is_link && people.revoke_link(room, LinkId(number))?)
                };
                let revoked: Result<Result<bool, StoreError>, _> = people.ask(revoke).await;
                let revoked = revoked.and_then(|revoked| Ok(revoked?));
                if !revoked.map_err(|failure| failed(&failure))? {
                    return Err(Trouble::NoLink(number));
                }
                Ok(Done::LinkRevoked(number))
            }
        }
    }

    /// Which nick she may make an account of: one that nobody else is using just now.
    async fn claim(&self, nick: Option<Nick>) -> Result<Nick, Trouble> {
        let (answer, claimed) = oneshot::channel();
        let asked = self.hub.send(ToHub::Claim { member: self.member, nick, answer }).await;
        match asked.map(|()| claimed) {
            Ok(claimed) => claimed.await.map_err(|_| Trouble::Busy)?.map_err(Trouble::Refused),
            Err(_) => Err(Trouble::Busy),
        }
    }
}

fn issued(token: store::people::Issued, this: TokenId) -> Issued {
    Issued {
        number: token.id.0,
        label: token.label,
        at: token.created_at,
        used_at: token.last_used_at,
        expires_at: token.expires_at,
        is_this: token.id == this,
    }
}

fn verified(logged_in: LoggedIn) -> Done {
    let LoggedIn { account, token_id, token } = logged_in;
    let token = Secret::new(token.as_str().to_owned());
    Done::Verified(Box::new(Login::new(Bearer { account, token: token_id }, Some(token))))
}

fn not_logged_in(error: LogInError) -> Trouble {
    match error {
        LogInError::TooOften(too_often) => Trouble::TooOften(too_often.wait_s),
        // Which of them is not told.
        LogInError::Wrong | LogInError::Disabled => Trouble::Wrong,
        LogInError::Failure(failure) => failed(&failure),
    }
}

fn not_registered(error: RegisterError, nick: Nick) -> Trouble {
    match error {
        RegisterError::TooOften(too_often) => Trouble::TooOften(too_often.wait_s),
        RegisterError::NickTaken => Trouble::AccountTaken(nick),
        RegisterError::Full => Trouble::Full,
        RegisterError::Failure(failure) => failed(&failure),
    }
}

fn not_invited(error: UseLinkError) -> Trouble {
    match error {
        // Which of them is not told.
        UseLinkError::Unknown | UseLinkError::Revoked => Trouble::Refused(Refusal::NoSuchLink),
        UseLinkError::Expired => Trouble::LinkExpired,
        UseLinkError::UsedUp => Trouble::LinkUsedUp,
        UseLinkError::Store(error) => failed(&error.into()),
    }
}

fn not_made(error: MakeLinkError) -> Trouble {
    match error {
        MakeLinkError::Full => Trouble::Refused(Refusal::ListFull(LINKS_PER_ROOM_MAX)),
        // Disabled meanwhile.
        MakeLinkError::NoAccount => Trouble::Wrong,
        MakeLinkError::Store(error) => failed(&error.into()),
    }
}

fn failed(failure: &Failure) -> Trouble {
    match failure {
        Failure::Busy(_) => Trouble::Busy,
        Failure::Store(StoreError::NoSpace) => Trouble::NoSpace,
        Failure::Store(error) => {
            tracing::warn!(%error, "the accounts cannot be used");
            Trouble::Away
        }
        Failure::Hash(_) | Failure::Random(_) => {
            tracing::warn!(error = %failure, "the accounts cannot be used");
            Trouble::Busy
        }
    }
}
