//! What is asked, done: at the desk of the hub, by the readers of the log, by the accounts.

use room::{Act, Order, Right, RoomName, Seq, UnixMs, right};
use store::people::{HOOK, IssueError, Link, LinkId, MakeLinkError, MarkError, TokenId};
use wire::api::{Answer, Asked, Problem, RoomView, Setting};
use wire::json::{self, Page};
use wire::{Issued, MadeLink, Secret, WantedLink};

use super::told::{failed, not_logged_in, not_registered};
use super::{Api, Asker};
use crate::archive::{Found, Look};
use crate::clock;
use crate::gateway::link::{made_link, new_link};
use crate::hub::{Ask, Deed, Refused, Reply, Visitor};
use crate::limits::TOKEN_LIFE;
use crate::people::Failure;
use crate::people::password::Password;
use crate::unread;

/// A room that is open to who asks.
pub(super) struct Opened {
    pub(super) view: RoomView,
    is_admin: bool,
}

type Done = Result<Answer, Problem>;

impl Api {
    /// Does what is asked.
    #[expect(clippy::too_many_lines, reason = "a flat match, a few lines an operation")]
    pub(super) async fn act(&self, who: &Asker, asked: Asked) -> Done {
        match asked {
            Asked::Describe
            | Asked::Explain
            | Asked::Events(..)
            | Asked::OpenSession
            | Asked::EndSession => {
                unreachable!("it was answered before")
            }
            Asked::Register { account, password, client } => {
                let Ok(password) = Password::chosen(password.reveal()) else {
                    return Err(json::Problem::BadPassword.into());
                };
                if let Err(refused) = self.parts.desk.claim(account.clone()).await {
                    return refusal(Reply::Refused(refused), None);
                }
                let (nick, label) = (account.clone(), label(client));
                let made = self.parts.people.register(account, password, label, who.peer).await;
                made.map(logged_in).map_err(|error| not_registered(error, nick).into())
            }
            Asked::LogIn { account, password, client } => {
                // Nobody's password is one that can be none.
                let Ok(password) = Password::typed(password.reveal()) else {
                    return Err(json::Problem::LogInFailed.into());
                };
                let label = label(client);
                let made = self.parts.people.log_in(account, password, label, who.peer).await;
                made.map(logged_in).map_err(|error| not_logged_in(error).into())
            }
            Asked::Me => {
                let (bearer, _) = who.bearer()?;
                Ok(Answer::Me {
                    account: bearer.account.nick.clone(),
                    number: bearer.account.id,
                    is_admin: bearer.account.is_admin,
                    token: bearer.token.0,
                })
            }
            Asked::Tokens => self.tokens(who).await,
            Asked::MakeToken { client, for_ms } => self.make_token(who, client, for_ms).await,
            Asked::RevokeToken(number) => {
                let account = who.bearer()?.0.account.id;
                let token = TokenId(number);
                let revoke =
                    move |people: &mut store::people::People| people.revoke_token(account, token);
                if !kept(self.parts.people.ask(revoke).await)? {
                    return Err(json::Problem::NoToken(number).into());
                }
                self.parts.desk.ended(account, token).await;
                Ok(Answer::Done)
            }
            Asked::Person(nick) => {
                let asked = nick.clone();
                let found =
                    self.parts.people.ask(move |people| people.account_by_nick(&asked)).await;
                let none = || json::Problem::Refused(room::Refusal::NoAccount(nick));
                let account = kept(found)?.ok_or_else(none)?;
                Ok(Answer::Person(account.nick, account.id, account.created_at))
            }
            Asked::Rooms => self.rooms(who).await,
            Asked::Read(name, seq) => self.read(who, name, seq).await,
            Asked::CreateRoom { room: name, capacity, visibility } => {
                let visitor = who.visitor()?;
                let nick = visitor.nick.clone();
                let act =
                    Act::Create { name: name.clone(), capacity, visibility, nick, from: None };
                match self.parts.desk.ask(Some(&visitor), Ask::Act(act, None)).await {
                    Reply::Created { .. } => {
                        Ok(Answer::MadeRoom(Box::new(self.open(&visitor, name).await?.view)))
                    }
                    other => refusal(other, Some(&name)),
                }
            }
            Asked::Room(name) => {
                let opened = self.open(&who.visitor()?, name).await?;
                Ok(Answer::Room(Box::new(opened.view)))
            }
            Asked::SetRoom(name, Setting::Topic(topic)) => {
                self.in_room(who, name, |room| Ask::Act(Act::SetTopic { room, topic }, None)).await
            }
            Asked::SetRoom(name, Setting::Order(order)) | Asked::Moderate(name, order) => {
                self.moderate(who, name, order).await
            }
            Asked::Members(name) => self.in_room(who, name, Ask::Members).await,
            Asked::History { room, page, limit } => {
                self.look(who, room, (limit, matches!(page, Page::After(_))), |room| {
                    // One more than is shown tells whether there are more.
                    match page {
                        Page::Last => Look::Last(room, limit + 1),
                        Page::Before(seq) => Look::Before(room, seq, limit + 1),
                        Page::After(seq) => Look::After(room, seq, limit + 1),
                    }
                })
                .await
            }
            Asked::Say { room, text, key, reply: None } => {
                self.in_room(who, room, |room| Ask::Post { room, text, key }).await
            }
            Asked::Say { room, text, key, reply: Some(seq) } => {
                self.about(who, (room, seq), Deed::Reply(text, key)).await
            }
            Asked::Message(room, seq) => {
                let found = self.look(who, room, (1, true), |room| Look::One(room, seq)).await?;
                let Answer::Messages { messages, .. } = found else {
                    unreachable!("messages were looked for")
                };
                let none = || json::Problem::Refused(room::Refusal::NoSuchMessage(seq));
                let message = messages.into_iter().next().ok_or_else(none)?;
                if message.text.is_none() {
                    let refusal = room::Refusal::AlreadyDeleted(seq);
                    return Err(json::Problem::Refused(refusal).into());
                }
                Ok(Answer::Message(Box::new(message)))
            }
            Asked::Edit(room, seq, text) => self.about(who, (room, seq), Deed::Edit(text)).await,
            Asked::Delete(room, seq) => self.about(who, (room, seq), Deed::Delete).await,
            Asked::React(room, seq, emoji, on) => {
                self.about(who, (room, seq), Deed::React(emoji, Some(on))).await
            }
            Asked::Pin(room, seq, on) => self.about(who, (room, seq), Deed::Pin(Some(on))).await,
            Asked::Pins(room) => self.look(who, room, (usize::MAX, true), Look::Pins).await,
            Asked::Search { room, words, limit } => {
                let look = |room| Look::Search(room, words, limit + 1);
                self.look(who, room, (limit, false), look).await
            }
            Asked::Moderation(name) => self.in_room(who, name, Ask::InForce).await,
            Asked::Purge { room, nick, last_ms } => {
                self.in_room(who, room, |room| Ask::Purge { room, nick, last_ms }).await
            }
            Asked::Audit { room, before, limit } => {
                let before = before.unwrap_or(Seq(u64::MAX));
                self.audit(who, room, (before, limit)).await
            }
            Asked::Earlier(room, seq) => {
                let opened = self.open_with(who, room, Right::SeeEarlier).await?;
                let look = Look::Versions(opened.view.kept.id, seq);
                match self.parts.archive.look(look).await {
                    // Nothing is left of what was deleted.
                    Some(Found::Versions(versions)) if versions.is_empty() => {
                        Err(json::Problem::Refused(room::Refusal::NoSuchMessage(seq)).into())
                    }
                    Some(Found::Versions(versions)) => Ok(Answer::Versions(versions)),
                    _ => Err(json::Problem::LogAway.into()),
                }
            }
            Asked::Links(name) => Ok(Answer::Links(self.links(who, name, false).await?)),
            Asked::Hooks(name) => Ok(Answer::Hooks(self.links(who, name, true).await?)),
            Asked::MakeLink(room, wanted) => {
                let (number, token) = self.make_link(who, room, wanted, 0).await?;
                Ok(Answer::MadeLink(number, token))
            }
            Asked::MakeHook(room) => {
                let (number, token) =
                    self.make_link(who, room, WantedLink::default(), HOOK).await?;
                Ok(Answer::MadeHook(number, token))
            }
            Asked::RevokeLink(name, number) => {
                self.revoke_link(who, name, (number, false), Problem::NoLink).await
            }
            Asked::RevokeHook(name, number) => {
                self.revoke_link(who, name, (number, true), Problem::NoHook).await
            }
            Asked::Hook { hook, text, key } => self.hook(who, &hook, (text, key)).await,
        }
    }

    /// The room of that name, if who visits could enter it.
    pub(super) async fn open(&self, visitor: &Visitor, name: RoomName) -> Result<Opened, Problem> {
        match self.parts.desk.ask(Some(visitor), Ask::Open(name.clone())).await {
            Reply::Open { room, present, role, is_admin } => {
                Ok(Opened { view: RoomView { kept: *room, present, role }, is_admin })
            }
            other => refusal(other, Some(&name)),
        }
    }

    /// The same, if she has a right there.
    async fn open_with(
        &self,
        who: &Asker,
        name: RoomName,
        needed: Right,
    ) -> Result<Opened, Problem> {
        let opened = self.open(&who.visitor()?, name).await?;
        if opened.is_admin || right::may(opened.view.role, needed) {
            return Ok(opened);
        }
        Err(json::Problem::Refused(room::Refusal::NotAllowed(needed)).into())
    }

    /// Asks the hub for something in a room.
    async fn in_room(
        &self,
        who: &Asker,
        name: RoomName,
        ask: impl FnOnce(room::RoomId) -> Ask,
    ) -> Done {
        let visitor = who.visitor()?;
        let opened = self.open(&visitor, name.clone()).await?;
        let reply = self.parts.desk.ask(Some(&visitor), ask(opened.view.kept.id)).await;
        answer(reply, &name)
    }

    async fn about(&self, who: &Asker, (name, seq): (RoomName, Seq), deed: Deed) -> Done {
        self.in_room(who, name, |room| Ask::About { room, seq, deed }).await
    }

    async fn moderate(&self, who: &Asker, name: RoomName, order: Order) -> Done {
        self.in_room(who, name, |room| Ask::Act(Act::Moderate { room, order }, None)).await
    }

    /// Looks at messages of a room: `limit` at most, counted from the front or from the end.
    async fn look(
        &self,
        who: &Asker,
        name: RoomName,
        (limit, from_front): (usize, bool),
        look: impl FnOnce(room::RoomId) -> Look,
    ) -> Done {
        let opened = self.open(&who.visitor()?, name).await?;
        let found = self.parts.archive.look(look(opened.view.kept.id)).await;
        let Some(Found::Messages(mut messages)) = found else {
            return Err(json::Problem::LogAway.into());
        };
        let more = messages.len() > limit;
        if from_front {
            messages.truncate(limit);
        } else {
            messages.drain(..messages.len().saturating_sub(limit));
        }
        Ok(Answer::Messages { messages, more })
    }

    async fn audit(&self, who: &Asker, name: RoomName, (before, limit): (Seq, usize)) -> Done {
        let kept = self.open_with(who, name, Right::Audit).await?.view.kept;
        // One more than is shown tells whether there are more.
        let look = Look::Measures(kept.id, before, limit + 1);
        let Some(Found::Measures(mut events)) = self.parts.archive.look(look).await else {
            return Err(json::Problem::LogAway.into());
        };
        let more = events.len() > limit;
        events.drain(..events.len().saturating_sub(limit));
        Ok(Answer::Audit { room: kept.name, events, more })
    }

    /// The public rooms; of who shows a token, what she has in rooms as well.
    async fn rooms(&self, who: &Asker) -> Done {
        let (mut visitor, mut markers) = (None, None);
        if let Some((bearer, _)) = &who.bearer {
            let account = bearer.account.id;
            markers =
                Some(kept(self.parts.people.ask(move |people| people.markers(account)).await)?);
            visitor = Some(who.visitor()?);
        }
        match self.parts.desk.ask(visitor.as_ref(), Ask::Channels(markers)).await {
            Reply::Channels(rooms, more, hers) => {
                let hers = match (hers, visitor) {
                    (Some(hers), Some(Visitor { account, nick, .. })) => {
                        Some(unread::counted(&self.parts.archive, (account, nick), *hers).await)
                    }
                    _ => None,
                };
                Ok(Answer::Rooms(rooms, more as u64, hers))
            }
            other => refusal(other, None),
        }
    }

    /// Keeps how far she has read a room, and tells her devices.
    async fn read(&self, who: &Asker, name: RoomName, seq: Seq) -> Done {
        let visitor = who.visitor()?;
        let kept = self.open(&visitor, name).await?.view.kept;
        // Nobody has read what is yet to be said.
        let (account, room, seq) = (visitor.account, kept.id, seq.min(kept.head));
        let marked = self.parts.people.ask(move |people| people.set_marker(account, room, seq));
        match marked.await.map_err(|failure| failed(&failure))? {
            Ok(seq) => self.parts.desk.read(account, room, seq).await,
            // Of too many rooms the oldest markers stay; the account may just be gone.
            Err(MarkError::Full | MarkError::NoAccount) => {}
            Err(MarkError::Store(error)) => return Err(failed(&error.into()).into()),
        }
        Ok(Answer::Done)
    }

    async fn tokens(&self, who: &Asker) -> Done {
        let bearer = who.bearer()?.0;
        let (account, this) = (bearer.account.id, bearer.token);
        let tokens = move |people: &mut store::people::People| people.tokens(account, clock::now());
        let tokens = kept(self.parts.people.ask(tokens).await)?;
        let view = |token: store::people::Issued| Issued {
            number: token.id.0,
            label: token.label,
            at: token.created_at,
            used_at: token.last_used_at,
            expires_at: token.expires_at,
            is_this: token.id == this,
        };
        Ok(Answer::Tokens(tokens.into_iter().map(view).collect()))
    }

    async fn make_token(&self, who: &Asker, client: Option<String>, for_ms: Option<u64>) -> Done {
        let bearer = who.bearer()?.0;
        let life_ms = u64::try_from(TOKEN_LIFE.as_millis()).unwrap_or(u64::MAX);
        let end = end_after(for_ms.unwrap_or(life_ms));
        let made = self.parts.people.make_token(bearer, label(client), end).await;
        match made.map_err(|failure| failed(&failure))? {
            Ok((number, token)) => {
                Ok(Answer::MadeToken(number.0, Secret::new(token.as_str().to_owned())))
            }
            // Disabled meanwhile.
            Err(IssueError::NoAccount) => Err(json::Problem::LogInFailed.into()),
            Err(IssueError::Store(error)) => Err(failed(&error.into()).into()),
        }
    }

    async fn links(
        &self,
        who: &Asker,
        name: RoomName,
        hooks: bool,
    ) -> Result<Vec<MadeLink>, Problem> {
        let room = self.open_with(who, name, Right::Invite).await?.view.kept.id;
        let links = kept(self.parts.people.ask(move |people| people.links(room)).await)?;
        Ok(links.iter().filter(|link| link.is_hook() == hooks).map(made_link).collect())
    }

    async fn make_link(
        &self,
        who: &Asker,
        name: RoomName,
        wanted: WantedLink,
        more_rights: u32,
    ) -> Result<(u64, Secret), Problem> {
        let room = self.open_with(who, name, Right::Invite).await?.view.kept.id;
        let made_by = who.bearer()?.0.account.id;
        let mut new = new_link(room, &wanted, made_by);
        new.rights |= more_rights;
        let made = self.parts.people.make_link(new).await;
        match made.map_err(|failure| failed(&failure))? {
            Ok((number, token)) => Ok((number.0, Secret::new(token.as_str().to_owned()))),
            Err(MakeLinkError::Full) => {
                let max = store::people::LINKS_PER_ROOM_MAX;
                Err(json::Problem::Refused(room::Refusal::ListFull(max)).into())
            }
            Err(MakeLinkError::NoAccount) => Err(json::Problem::LogInFailed.into()),
            Err(MakeLinkError::Store(error)) => Err(failed(&error.into()).into()),
        }
    }

    async fn revoke_link(
        &self,
        who: &Asker,
        name: RoomName,
        (number, is_hook): (u64, bool),
        none: Problem,
    ) -> Done {
        let room = self.open_with(who, name, Right::Invite).await?.view.kept.id;
        let revoke = move |people: &mut store::people::People| {
            let links = people.links(room)?;
            let is_it = |link: &Link| link.id.0 == number && link.is_hook() == is_hook;
            Ok(links.iter().any(is_it) && people.revoke_link(room, LinkId(number))?)
        };
        let was_good = kept(self.parts.people.ask(revoke).await)?;
        if was_good { Ok(Answer::Done) } else { Err(none) }
    }

    /// Says something as the account that made a webhook, with its rights of today.
    async fn hook(
        &self,
        who: &Asker,
        hook: &Secret,
        (text, key): (room::Text, Option<room::Key>),
    ) -> Done {
        let token = hook.reveal().to_owned();
        let look_up = move |people: &mut store::people::People| {
            let link = people.link(&token)?;
            let is_good = |link: &Link| link.is_hook() && link.check(clock::now()).is_ok();
            let Some(link) = link.filter(is_good) else { return Ok(None) };
            let maker = people.account_by_number(link.made_by)?;
            Ok(maker.filter(|maker| !maker.is_disabled).map(|maker| (maker, link.room)))
        };
        let found = kept(self.parts.people.ask(look_up).await)?;
        let (account, room) = found.ok_or(Problem::NoHook)?;
        let visitor = Visitor {
            account: account.id,
            nick: account.nick,
            is_admin: account.is_admin,
            address: who.peer.to_canonical().into(),
        };
        match self.parts.desk.ask(Some(&visitor), Ask::Post { room, text, key }).await {
            Reply::Replied { seq } => {
                self.meters.count(|metrics| metrics.hooks.add(1));
                Ok(Answer::Kept(seq))
            }
            // The room is gone, or its maker may not know of it any more.
            Reply::Refused(Refused::Rule(
                room::Refusal::NotInRoom | room::Refusal::NoSuchRoom(_),
            )) => Err(Problem::NoHook),
            other => refusal(other, None),
        }
    }
}

impl Asker {
    /// Whose token she shows.
    pub(super) fn bearer(&self) -> Result<(&store::people::Bearer, &Secret), Problem> {
        let (bearer, token) = self.bearer.as_ref().ok_or(json::Problem::NotLoggedIn)?;
        Ok((bearer, token))
    }

    /// Who she is to the hub.
    pub(super) fn visitor(&self) -> Result<Visitor, Problem> {
        let (bearer, _) = self.bearer()?;
        Ok(Visitor::of(bearer, self.peer))
    }
}

/// What the hub has answered about a room.
fn answer(reply: Reply, room: &RoomName) -> Done {
    match reply {
        Reply::TopicSet
        | Reply::Edited { .. }
        | Reply::Deleted { .. }
        | Reply::Reacted { .. }
        | Reply::Pinned { .. }
        | Reply::Moderated { .. } => Ok(Answer::Done),
        Reply::Replied { seq } => Ok(Answer::Kept(seq)),
        Reply::Members(members, more) => {
            Ok(Answer::Members(members.into_iter().map(Into::into).collect(), more as u64))
        }
        Reply::InForce(in_force) => Ok(Answer::InForce(in_force)),
        refused @ Reply::Refused(_) => refusal(refused, Some(room)),
        Reply::Created { .. }
        | Reply::Entered { .. }
        | Reply::Left { .. }
        | Reply::Renamed { .. }
        | Reply::LoggedIn { .. }
        | Reply::LoggedOut
        | Reply::Open { .. }
        | Reply::Channels(..)
        | Reply::Hers(_)
        | Reply::Topic(_)
        | Reply::Named(_)
        | Reply::Head(_)
        | Reply::Written
        | Reply::Whispered { .. } => unreachable!("it was not asked for"),
    }
}

/// Why not. Where a room is gone meanwhile, there is no such room.
pub(super) fn refusal<T>(reply: Reply, room: Option<&RoomName>) -> Result<T, Problem> {
    let Reply::Refused(refused) = reply else { unreachable!("it was not asked for") };
    let problem = match refused {
        Refused::Rule(room::Refusal::NotInRoom) => match room {
            Some(room) => json::Problem::Refused(room::Refusal::NoSuchRoom(room.clone())),
            None => json::Problem::LogAway,
        },
        Refused::Rule(refusal) => json::Problem::Refused(refusal),
        Refused::NoSuchNick(nick) => json::Problem::NoSuchNick(nick),
        Refused::NotReading(nick) => json::Problem::NotReading(nick),
        Refused::Busy => json::Problem::Busy,
        Refused::NoSpace => json::Problem::NoSpace,
        Refused::LogAway => json::Problem::LogAway,
    };
    Err(problem.into())
}

fn logged_in(made: crate::people::LoggedIn) -> Answer {
    Answer::LoggedIn {
        account: made.account.nick,
        number: made.account.id,
        token: Secret::new(made.token.as_str().to_owned()),
    }
}

/// What a token is called in the list of tokens.
fn label(client: Option<String>) -> String {
    client.unwrap_or_else(|| "API".to_owned())
}

/// The moment so many milliseconds from now.
fn end_after(for_ms: u64) -> UnixMs {
    UnixMs(clock::now().0.saturating_add(for_ms))
}

/// What the accounts have answered, where only the disk can refuse it.
fn kept<T>(answer: Result<Result<T, store::StoreError>, Failure>) -> Result<T, Problem> {
    let failure = match answer {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(error)) => error.into(),
        Err(failure) => failure,
    };
    Err(failed(&failure).into())
}
