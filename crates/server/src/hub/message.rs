//! What passes between the shards and the hub. Neither side knows a protocol here.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use room::{
    AccountId, Act, Address, Emoji, Event, InForce, Key, Listed, Measure, MemberId, Nick, Refusal,
    Right, Role, RoomId, RoomName, Seq, Snapshot, Text,
};
use store::people::{Bearer, TokenId};
use tokio::sync::oneshot;

/// Where a session sits: its shard, and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) shard: u16,
    pub(crate) slot: u32,
}

/// To the hub, from a session.
#[derive(Debug)]
pub(crate) enum ToHub {
    /// Say something. Only a refusal is answered, and where `ack` is set, the flush; both with
    /// the session's own `mark` on it. What was said with the same `key` is not said again.
    Say {
        member: MemberId,
        seat: Seat,
        room: RoomId,
        text: Text,
        key: Option<Key>,
        ack: bool,
        mark: u32,
    },
    /// Anything that gets one [`Reply`].
    Ask { member: MemberId, seat: Seat, ask: Ask },
    /// The same, by an account that is not connected; `seat` is the desk's.
    Visit { visitor: Box<Visitor>, seat: Seat, ask: Ask },
    /// The desk wants to hear of what happens in a room, or does not any more.
    Watch { seat: Seat, room: RoomId, on: bool },
    /// Someone writes in a room, or does not any more.
    Typing { member: MemberId, room: RoomId, on: bool },
    /// The session has ended.
    Gone { member: MemberId },
    /// These nicks are owned from now on.
    Own(Vec<(Nick, AccountId)>),
    /// Which nick a session would make an account of: that one, or what it is called. Refused if
    /// someone else is called so, or if it is called nothing.
    Claim { member: MemberId, nick: Option<Nick>, answer: oneshot::Sender<Result<Nick, Refusal>> },
    /// A token is good no more: who is logged in with it is so no more.
    Ended { account: AccountId, token: TokenId },
    /// An account has read a room so far, by that session: its others are told.
    Read { account: AccountId, member: MemberId, room: RoomId, seq: Seq },
    /// Who is logged in, and with which token.
    Logins(oneshot::Sender<Vec<(AccountId, TokenId)>>),
    /// Time to look for what need not be kept.
    Tick,
    /// The shard whose guest the hub is ends: what has come is heard out, and nothing after it.
    End,
}

/// Bytes of private messages on their way to one session, which cannot be held against its
/// reading: the hub adds what it passes on, the session's shard takes off what was written.
pub(crate) type Credit = Arc<AtomicUsize>;

/// What the hub must know of a session before it does anything.
#[derive(Debug)]
pub(crate) struct Newcomer {
    pub(crate) credit: Credit,
    pub(crate) address: Address,
}

/// An account that asks by single requests; whoever lets it has verified that it does.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) account: AccountId,
    /// The nick that it owns.
    pub(crate) nick: Nick,
    pub(crate) is_admin: bool,
    pub(crate) address: Address,
}

impl Visitor {
    /// Who shows that token, from there.
    pub(crate) fn of(bearer: &Bearer, peer: IpAddr) -> Self {
        let account = &bearer.account;
        Self {
            account: account.id,
            nick: account.nick.clone(),
            is_admin: account.is_admin,
            address: peer.to_canonical().into(),
        }
    }
}

/// What a session may ask.
#[derive(Debug)]
pub(crate) enum Ask {
    /// A command of the rules; the first one of a session says who it is.
    Act(Act, Option<Newcomer>),
    /// Be logged in to an account, which has been verified.
    LogIn(Box<Bearer>, Option<Newcomer>),
    /// Be logged in no more, here and wherever the same token is used; it has been revoked.
    LogOut,
    /// Something with a message of a room: the hub looks it up before the rules decide.
    About { room: RoomId, seq: Seq, deed: Deed },
    /// To say something that is answered when it is on the disk, if nothing was said with that key
    /// before.
    Post { room: RoomId, text: Text, key: Option<Key> },
    /// A room that is open to who asks without being connected.
    Open(RoomName),
    /// The public rooms; and with her markers, what she has in rooms.
    Channels(Option<Markers>),
    /// What she has in rooms, with her markers.
    Hers(Markers),
    /// Who is in a room.
    Members(RoomId),
    /// A room's topic.
    Topic(RoomId),
    /// Delete what someone said, all or in the last so many milliseconds.
    Purge { room: RoomId, nick: Nick, last_ms: Option<u64> },
    /// What is in force in a room, for those who keep order there.
    InForce(RoomId),
    /// What a room is called.
    Named(RoomId),
    /// A room's last sequence.
    Head(RoomId),
    /// Nothing but to be answered when all that was said before is in the log.
    Written,
    /// The same, if she has that right in that room.
    May(RoomId, Right),
    /// The same, when it is on the disk.
    Flushed,
    /// A word to one person.
    Whisper { to: Nick, text: Text },
}

/// How far an account has read, by room: in the order of their numbers.
pub(crate) type Markers = Vec<(RoomId, Seq)>;

/// What may be done with a message. Where it is to be on or off, `None` is the other way round.
#[derive(Debug)]
pub(crate) enum Deed {
    /// Answer it, if nothing was said with that key before.
    Reply(Text, Option<Key>),
    /// Give it another text.
    Edit(Text),
    /// Take it back.
    Delete,
    /// Give it an emoji, or take that away.
    React(Emoji, Option<bool>),
    /// Pin it, or take the pin away.
    Pin(Option<bool>),
}

/// To a shard, from the hub or the flusher. A slot that has another member by now is skipped.
#[derive(Debug, Clone)]
pub(crate) enum ToShard {
    /// Something happened in a room; `present` are in it now.
    Event { event: Arc<Event>, present: u32 },
    /// A session is in this room from here on.
    Seated { slot: u32, member: MemberId, room: RoomId, name: RoomName, head: Seq },
    /// A session is no longer in this room.
    Unseated { slot: u32, member: MemberId, room: RoomId },
    /// A session was put out of that room.
    PutOut { slot: u32, member: MemberId, name: RoomName, by: Nick, measure: Box<Measure> },
    /// A session is called otherwise now: who owns the nick that it had has logged in.
    Displaced { slot: u32, member: MemberId, from: Nick, to: Nick },
    /// Something was said in a room of two that the session is not in, though it is one of the two.
    DirectSaid { slot: u32, member: MemberId, told: Arc<DirectSaid> },
    /// Another session of the same account has read a room so far.
    Read { slot: u32, member: MemberId, name: RoomName, seq: Seq },
    /// A session is logged in no more, and in no room: its token was ended elsewhere.
    LoggedOut { slot: u32, member: MemberId },
    /// What a session asked for.
    Reply { slot: u32, member: MemberId, reply: Reply },
    /// What a session said is on the disk.
    Kept { slot: u32, member: MemberId, mark: u32, seq: Seq },
    /// What a session said is refused.
    Refused { slot: u32, member: MemberId, mark: u32, refused: Refused },
    /// A private word.
    Whisper { slot: u32, member: MemberId, whispered: Whispered },
    /// Someone writes in a room; she herself is not told.
    Typing { room: RoomId, member: MemberId, typing: Arc<Typing> },
}

/// Something was said in a room of two.
#[derive(Debug)]
pub(crate) struct DirectSaid {
    pub(crate) room: RoomName,
    pub(crate) seq: Seq,
    pub(crate) nick: Nick,
    pub(crate) account: Option<AccountId>,
}

impl DirectSaid {
    /// What it counts against its recipient's [`Credit`], in bytes.
    pub(crate) fn cost(&self) -> usize {
        const FORM_BYTES: usize = 64;
        2 * self.nick.as_str().len() + self.room.as_str().len() + FORM_BYTES
    }
}

/// Someone writes, or does not any more.
#[derive(Debug)]
pub(crate) struct Typing {
    pub(crate) nick: Nick,
    pub(crate) account: Option<AccountId>,
    pub(crate) on: bool,
}

/// A word to one person.
#[derive(Debug, Clone)]
pub(crate) struct Whispered {
    pub(crate) from: Nick,
    pub(crate) account: Option<AccountId>,
    pub(crate) text: Text,
}

impl Whispered {
    /// What it counts against its recipient's [`Credit`]: in bytes, and never nothing.
    pub(crate) fn cost(from: &Nick, text: &Text) -> usize {
        const FORM_BYTES: usize = 64;
        from.as_str().len() + text.as_str().len() + FORM_BYTES
    }
}

/// The answer to an [`Ask`].
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// In a room that was made for it; `head` is its last sequence.
    Created { room: RoomId, name: RoomName, present: u32, capacity: u32, head: Seq },
    /// In a room.
    Entered {
        room: RoomId,
        name: RoomName,
        present: u32,
        capacity: u32,
        topic: Option<Text>,
        head: Seq,
        /// With whom, if it is a room of two.
        direct: Option<Nick>,
    },
    /// Out of the room.
    Left { name: RoomName },
    /// The topic is set.
    TopicSet,
    /// The answer is said, with this sequence.
    Replied { seq: Seq },
    /// The message has another text.
    Edited { seq: Seq },
    /// The message is deleted.
    Deleted { seq: Seq },
    /// The emoji is given, or taken away.
    Reacted { seq: Seq, on: bool },
    /// The message is pinned, or not any more.
    Pinned { seq: Seq, on: bool },
    /// What was done by someone with rights, and by what nick; `None`: it was so already.
    Moderated { done: Option<(Nick, Box<Measure>)> },
    /// What is in force; the first of each list.
    InForce(Box<InForce>),
    /// Called so.
    Renamed { nick: Nick },
    /// Logged in, and called so.
    LoggedIn { nick: Nick },
    /// Logged in no more.
    LoggedOut,
    /// An open room, how many are in it, and what who asks is there.
    Open { room: Box<Snapshot>, present: u32, role: Role, is_admin: bool },
    /// The first of the public rooms, how many more there are, and what she has in rooms, if she
    /// said her markers.
    Channels(Vec<Listed>, usize, Option<Box<Hers>>),
    /// What she has in rooms.
    Hers(Box<Hers>),
    /// The first of those in the room, and how many more there are.
    Members(Vec<Member>, usize),
    /// The topic.
    Topic(Option<Text>),
    /// What the room is called, if it is there.
    Named(Option<RoomName>),
    /// The last sequence.
    Head(Seq),
    /// What was said before is in the log, or on the disk if that was asked.
    Written,
    /// The word is on its way.
    Whispered { to: Nick },
    /// No.
    Refused(Refused),
}

/// What an account has in rooms, those in which something happened last first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hers {
    /// The first of its rooms of two, each with whom.
    pub(crate) direct: Vec<(RoomName, Nick)>,
    /// The first of these, and of the rooms in which it has a marker.
    pub(crate) marked: Vec<Marked>,
}

/// A room that an account reads.
#[derive(Debug, Clone)]
pub(crate) struct Marked {
    pub(crate) room: RoomId,
    pub(crate) name: RoomName,
    /// How far it has read.
    pub(crate) read: Seq,
    /// The room's last event.
    pub(crate) head: Seq,
}

/// Someone in a room.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) nick: Nick,
    pub(crate) account: Option<AccountId>,
    pub(crate) role: Role,
    pub(crate) is_admin: bool,
}

impl From<Member> for wire::json::Member {
    fn from(Member { nick, account, role, is_admin }: Member) -> Self {
        Self { nick, account, role, is_admin }
    }
}

/// Why the hub says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The rules do.
    Rule(Refusal),
    /// Nobody is called so.
    NoSuchNick(Nick),
    /// Who is called so does not read what she is sent.
    NotReading(Nick),
    /// There is too much of this to do already.
    Busy,
    /// The disk is full; nothing was kept, nothing happened.
    NoSpace,
    /// The log cannot be used just now.
    LogAway,
}
