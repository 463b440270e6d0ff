//! All the rooms of one server, and everyone who has a nick on it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::decide::Identity;
use crate::moderation::Person;
use crate::right::{self, Right, Role};
use crate::{
    AccountId, Address, Author, Decision, Event, Fact, MemberId, Nick, Room, RoomId, RoomName, Seq,
    Snapshot, UnixMs, Visibility,
};

/// Someone who has a nick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// What she is called.
    pub nick: Nick,
    /// The account she is logged in to.
    pub account: Option<AccountId>,
    /// Whether that account administers the server.
    pub is_admin: bool,
    /// Where she is. One room over the line protocol; several where a protocol can show several.
    pub rooms: HashSet<RoomId>,
}

/// The rooms of one server by name and by number, and who is present by nick and by session.
///
/// Every look-up is O(1) or O(log rooms).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    rooms_max: usize,
    next_room: RoomId,
    rooms: FxHashMap<RoomId, Room>,
    room_by_name: BTreeMap<RoomName, RoomId>,
    present: FxHashMap<MemberId, Present>,
    /// Of several sessions of one account, one: the others step in when it goes.
    member_by_nick: HashMap<Nick, MemberId>,
    sessions: FxHashMap<AccountId, Vec<MemberId>>,
    /// The nicks that only their accounts may take.
    owned: HashMap<Nick, AccountId>,
    nick_by_account: FxHashMap<AccountId, Nick>,
    /// The rooms of two, by either of the two.
    direct: FxHashMap<AccountId, BTreeSet<RoomId>>,
    /// Where each session comes from, of those that have asked for something.
    addresses: FxHashMap<MemberId, Address>,
    /// Who asks just now without being connected.
    visiting: Option<MemberId>,
    /// Stands in for a room that there is not, so that one costs as much to look for as one that
    /// is not shown.
    nowhere: Room,
}

impl Directory {
    /// The directory of a server whose log holds these rooms. More than `rooms_max` are never
    /// made; those the log already holds stay.
    #[must_use]
    pub fn new(rooms_max: usize, kept: impl IntoIterator<Item = Snapshot>) -> Self {
        let rooms: FxHashMap<_, _> =
            kept.into_iter().map(|kept| (kept.id, Room::restored(kept))).collect();
        let next_room = rooms.keys().max().map_or(RoomId(1), |last| RoomId(last.0 + 1));
        let room_by_name =
            rooms.values().map(|room| (room.kept().name.clone(), room.kept().id)).collect();
        let mut directory = Self {
            rooms_max,
            next_room,
            rooms,
            room_by_name,
            present: FxHashMap::default(),
            member_by_nick: HashMap::new(),
            sessions: FxHashMap::default(),
            owned: HashMap::new(),
            nick_by_account: FxHashMap::default(),
            direct: FxHashMap::default(),
            addresses: FxHashMap::default(),
            visiting: None,
            nowhere: nowhere(),
        };
        for (name, room) in &directory.room_by_name {
            for account in name.pair().into_iter().flatten() {
                directory.direct.entry(account).or_default().insert(*room);
            }
        }
        directory
    }

    /// Takes note that an account owns a nick: nobody else may take it from now on.
    pub fn own(&mut self, nick: Nick, account: AccountId) {
        self.nick_by_account.insert(account, nick.clone());
        self.owned.insert(nick, account);
    }

    /// Who owns a nick.
    #[must_use]
    pub fn owner_of(&self, nick: &Nick) -> Option<AccountId> {
        self.owned.get(nick).copied()
    }

    /// The nick that an account owns.
    #[must_use]
    pub fn nick_of(&self, account: AccountId) -> Option<&Nick> {
        self.nick_by_account.get(&account)
    }

    /// The rooms of two that an account has, each with whom: the oldest first.
    pub fn direct_rooms(&self, account: AccountId) -> impl Iterator<Item = (&Room, AccountId)> {
        let rooms = self.direct.get(&account).into_iter().flatten();
        rooms.filter_map(move |room| {
            let room = self.room(*room)?;
            let [one, other] = room.kept().name.pair()?;
            Some((room, if one == account { other } else { one }))
        })
    }

    /// Takes note of where a session comes from, before it first asks for something.
    pub fn arrive(&mut self, member: MemberId, address: Address) {
        self.addresses.insert(member, address);
    }

    /// Forgets where a session came from, after its disconnecting.
    pub fn depart(&mut self, member: MemberId) {
        self.addresses.remove(&member);
    }

    /// Lets the owner of an account, who has verified that she is, ask for something by a single
    /// request, without being connected: she is in no room, and acts in those that she could enter.
    /// It holds until [`Directory::end_visit`], before which nobody else may be heard: she takes
    /// her nick from no one, and gets nothing that is sent to it. That she owns it is known from
    /// then on.
    pub fn visit(
        &mut self,
        member: MemberId,
        nick: Nick,
        (account, is_admin): (AccountId, bool),
        address: Address,
    ) {
        self.end_visit();
        self.own(nick.clone(), account);
        let visitor = Present { nick, account: Some(account), is_admin, rooms: HashSet::new() };
        self.present.insert(member, visitor);
        self.sessions.entry(account).or_default().push(member);
        self.arrive(member, address);
        self.visiting = Some(member);
    }

    /// Ends the visit, if there is one; nothing is left of it but what was done.
    pub fn end_visit(&mut self) {
        let Some(member) = self.visiting.take() else { return };
        let account = self.present.remove(&member).and_then(|visitor| visitor.account);
        if let Some(account) = account {
            self.close(account, member);
        }
        self.depart(member);
    }

    /// Whether someone asks without being connected.
    pub(crate) fn is_visiting(&self, member: MemberId) -> bool {
        self.visiting == Some(member)
    }

    /// Gives no room a number up to `last` any more: the log knows the last one that was given,
    /// even if that room is gone.
    pub fn never_again(&mut self, last: RoomId) {
        self.next_room = self.next_room.max(RoomId(last.0 + 1));
    }

    /// Makes a decision true, whose kept events the log has accepted.
    ///
    /// # Panics
    ///
    /// If it was decided on another state than this one.
    pub fn apply(&mut self, decision: &Decision) {
        if let Some((member, nick)) = &decision.displaced {
            self.call(*member, nick.clone(), None);
        }
        if let Some((member, nick)) = &decision.called {
            self.call(*member, nick.clone(), decision.identity);
        }
        for event in &decision.events {
            self.apply_event(event);
        }
        if let Some((member, invitation)) = &decision.invited {
            let room = self.rooms.get_mut(&invitation.room).expect("it was just entered");
            room.set_invited(*member, invitation);
        }
        if let Some(member) = decision.gone {
            let gone = self.present.remove(&member).expect("who goes was present");
            assert!(gone.rooms.is_empty(), "who goes has left her rooms");
            if let Some(account) = gone.account {
                self.close(account, member);
            }
            self.release(member, &gone.nick, gone.account);
        }
        if let [Event { fact: Fact::Created { .. }, room, .. }, .., entry] = &decision.events[..]
            && let Fact::Entered { member, .. } = entry.fact
            && self.present[&member].account.is_none()
        {
            let room = self.rooms.get_mut(room).expect("it was just made");
            room.set_maker(Some(member));
        }
    }

    fn call(&mut self, member: MemberId, nick: Nick, identity: Option<Identity>) {
        let before =
            self.present.get(&member).map(|present| (present.nick.clone(), present.account));
        if let Some((before, account)) = before {
            self.release(member, &before, account);
        }
        let present = self.present.entry(member).or_insert_with(|| Present {
            nick: nick.clone(),
            account: None,
            is_admin: false,
            rooms: HashSet::new(),
        });
        present.nick = nick.clone();
        if let Some(Identity { account, is_admin }) = identity {
            (present.account, present.is_admin) = (Some(account), is_admin);
            self.owned.insert(nick.clone(), account);
            self.nick_by_account.insert(account, nick.clone());
            let sessions = self.sessions.entry(account).or_default();
            if !sessions.contains(&member) {
                sessions.push(member);
            }
        }
        let account = present.account;
        let holder = *self.member_by_nick.entry(nick).or_insert(member);
        let may_share = account.is_some() && self.present[&holder].account == account;
        assert!(holder == member || may_share, "a nick held twice");
    }

    /// Gives a nick back, or hands it on to another session of its account.
    fn release(&mut self, member: MemberId, nick: &Nick, account: Option<AccountId>) {
        if self.member_by_nick.get(nick) != Some(&member) {
            return;
        }
        self.member_by_nick.remove(nick);
        let others = account.and_then(|account| self.sessions.get(&account));
        let other = others.into_iter().flatten().find(|other| **other != member).copied();
        if let Some(other) = other
            && self.present[&other].nick == *nick
        {
            self.member_by_nick.insert(nick.clone(), other);
        }
    }

    fn close(&mut self, account: AccountId, member: MemberId) {
        if let Some(sessions) = self.sessions.get_mut(&account) {
            sessions.retain(|other| *other != member);
            if sessions.is_empty() {
                self.sessions.remove(&account);
            }
        }
    }

    fn apply_event(&mut self, event: &Event) {
        match &event.fact {
            Fact::Created { name, .. } => {
                let room = Room::created(event).expect("the event is a creation");
                let before = self.room_by_name.insert(name.clone(), event.room);
                assert_eq!(before, None, "a room's name held twice");
                for account in name.pair().into_iter().flatten() {
                    self.direct.entry(account).or_default().insert(event.room);
                }
                self.rooms.insert(event.room, room);
                self.next_room = self.next_room.max(RoomId(event.room.0 + 1));
                return;
            }
            Fact::Entered { member, .. } => {
                self.present
                    .get_mut(member)
                    .expect("who enters has a nick")
                    .rooms
                    .insert(event.room);
            }
            Fact::Left { member, .. } => {
                self.present
                    .get_mut(member)
                    .expect("who leaves has a nick")
                    .rooms
                    .remove(&event.room);
            }
            Fact::Said { .. }
            | Fact::Edited { .. }
            | Fact::Deleted { .. }
            | Fact::Erased { .. }
            | Fact::Reacted { .. }
            | Fact::Pinned { .. }
            | Fact::TopicSet { .. }
            | Fact::Moderated { .. }
            | Fact::Renamed { .. } => {}
        }
        self.rooms.get_mut(&event.room).expect("events are of rooms that exist").apply(event);
    }

    /// Takes back messages which the log refused; `said` in the order in which they were applied.
    ///
    /// # Panics
    ///
    /// If they are not the last of their rooms.
    pub fn unsay<'e>(&mut self, said: impl DoubleEndedIterator<Item = &'e Event>) {
        for event in said.rev() {
            self.rooms.get_mut(&event.room).expect("it was said in a room").unsay(event);
        }
    }

    /// Puts a room back as the log has it, with those who are in it, after an event broke it.
    pub fn rebuild(&mut self, kept: Snapshot) {
        let id = kept.id;
        let mut room = Room::restored(kept);
        room.set_maker(self.rooms.get(&id).and_then(Room::maker));
        if let Some(broken) = self.rooms.get(&id) {
            room.set_all_invited(broken);
        }
        let (seq, at) = (room.kept().head, room.kept().active_at);
        let mut members: Vec<_> =
            self.present.iter().filter(|(_, present)| present.rooms.contains(&id)).collect();
        members.sort_unstable_by_key(|(member, _)| **member);
        for (member, present) in members {
            let (member, account, nick) = (*member, present.account, present.nick.clone());
            let fact = Fact::Entered { member, account, nick, again: false };
            room.apply(&Event { room: id, seq, at, fact });
        }
        self.rooms.insert(id, room);
    }

    /// The rooms that have had nobody in them and nothing said for `idle_ms`, unlisted ones too. A
    /// room of two in which something was said is not one of them: what two have written to each
    /// other stays, however rarely they do.
    #[must_use]
    pub fn idle_rooms(&self, now: UnixMs, idle_ms: u64) -> Vec<RoomId> {
        self.rooms
            .values()
            .filter(|room| room.present() == 0 && now.since(room.kept().active_at) >= idle_ms)
            .filter(|room| !room.is_direct() || room.kept().head <= Seq::START.next())
            .map(|room| room.kept().id)
            .collect()
    }

    /// The rooms in which a purge has begun and not ended, by number.
    #[must_use]
    pub fn purging_rooms(&self) -> Vec<RoomId> {
        let rooms = self.rooms.values().map(Room::kept);
        let purging = rooms.filter(|kept| kept.moderation.is_purging());
        let mut rooms: Vec<_> = purging.map(|kept| kept.id).collect();
        rooms.sort_unstable();
        rooms
    }

    /// Takes away a room that is empty; its name is free again. Whether it did.
    pub fn remove(&mut self, room: RoomId) -> bool {
        match self.rooms.get(&room) {
            Some(empty) if empty.present() == 0 => {
                let name = empty.kept().name.clone();
                self.room_by_name.remove(&name);
                self.rooms.remove(&room);
                for account in name.pair().into_iter().flatten() {
                    self.forget_direct(account, room);
                }
                true
            }
            _ => false,
        }
    }

    fn forget_direct(&mut self, account: AccountId, room: RoomId) {
        if let Some(rooms) = self.direct.get_mut(&account) {
            rooms.remove(&room);
            if rooms.is_empty() {
                self.direct.remove(&account);
            }
        }
    }

    /// The room with that number.
    #[must_use]
    pub fn room(&self, room: RoomId) -> Option<&Room> {
        self.rooms.get(&room)
    }

    /// The room of that name.
    #[must_use]
    pub fn room_named(&self, name: &RoomName) -> Option<&Room> {
        self.room_by_name.get(name).map(|room| &self.rooms[room])
    }

    /// The room of that name, if it is shown to someone.
    ///
    /// A private room must not be told from one that there is not, by the time of the answer
    /// either: so both take the same look-ups. For a name that no room has, the room that is looked
    /// at is a private one in which nobody is anything.
    pub(crate) fn shown(&self, name: &RoomName, member: MemberId) -> Option<&Room> {
        let id = self.room_by_name.get(name).copied().unwrap_or(self.nowhere.kept().id);
        let found = self.rooms.get(&id);
        let is_shown = self.is_shown(name, found.unwrap_or(&self.nowhere), member);
        found.filter(|_| is_shown)
    }

    /// The rooms that everyone may see, in order of name.
    pub fn public_rooms(&self) -> impl Iterator<Item = &Room> {
        self.room_by_name
            .values()
            .map(|room| &self.rooms[room])
            .filter(|room| room.kept().visibility == Visibility::Public)
    }

    /// Who that session is, if it has a nick.
    #[must_use]
    pub fn present(&self, member: MemberId) -> Option<&Present> {
        self.present.get(&member)
    }

    /// Who holds that nick.
    #[must_use]
    pub fn called(&self, nick: &Nick) -> Option<MemberId> {
        self.member_by_nick.get(nick).copied()
    }

    /// Every session that is called so: several are of one account.
    pub fn all_called(&self, nick: &Nick) -> impl Iterator<Item = MemberId> {
        let member = self.called(nick);
        let others = member.map_or(&[][..], |member| self.sessions_of(member));
        let others = others.iter().copied().filter(move |other| Some(*other) != member);
        member.into_iter().chain(others)
    }

    /// How many rooms there are.
    #[must_use]
    pub fn rooms_len(&self) -> usize {
        self.rooms.len()
    }

    /// How many nicks are owned.
    pub(crate) fn owned_len(&self) -> usize {
        self.owned.len()
    }

    /// How many sessions have a nick.
    #[must_use]
    pub fn present_len(&self) -> usize {
        self.present.len()
    }

    /// The sessions that are logged in to an account.
    #[must_use]
    pub fn sessions(&self, account: AccountId) -> &[MemberId] {
        self.sessions.get(&account).map_or(&[], Vec::as_slice)
    }

    /// Every session of the person that `member` is.
    pub(crate) fn sessions_of(&self, member: MemberId) -> &[MemberId] {
        let account = self.present.get(&member).and_then(|present| present.account);
        account.map_or(&[], |account| self.sessions(account))
    }

    /// Who is in a room, in order of entry: each person once, by however many sessions.
    pub fn persons<'d>(
        &'d self,
        room: &'d Room,
    ) -> impl Iterator<Item = (MemberId, &'d Nick)> + 'd {
        room.members().filter(|(member, _)| {
            let mut here = self.sessions_of(*member).iter().filter(|other| room.holds(**other));
            here.next().is_none_or(|first| first == member)
        })
    }

    /// What someone is in a room, whether she is in it or not. Who has no nick is a guest.
    #[must_use]
    pub fn role(&self, room: &Room, member: MemberId) -> Role {
        let account = self.present.get(&member).and_then(|present| present.account);
        self.rank(room, &Author { member, account }).1
    }

    /// Whether someone has a right in a room, wherever she is.
    #[must_use]
    pub fn may(&self, room: &Room, member: MemberId, right: Right) -> bool {
        // What everyone may is asked with every message.
        right::may(Role::Guest, right)
            || (!room.is_direct()
                && (self.present.get(&member).is_some_and(|present| present.is_admin)
                    || right::may(self.role(room, member), right)))
    }

    /// Someone as bans and mutes of a room look at her, by that nick. Who keeps order there is
    /// not taken for one of her neighbours.
    pub(crate) fn person<'p>(&self, room: &Room, member: MemberId, nick: &'p Nick) -> Person<'p> {
        let account = self.present.get(&member).and_then(|present| present.account);
        let address = self.addresses.get(&member).copied();
        let keeps_order = self.role(room, member) >= Role::Moderator;
        Person { member, nick, account, address: address.filter(|_| !keeps_order) }
    }

    /// How high someone stands in a room: administrators of the server above everyone.
    pub(crate) fn rank(&self, room: &Room, author: &Author) -> (bool, Role) {
        let sessions = author.account.and_then(|account| self.sessions.get(&account));
        let mut sessions = sessions.into_iter().flatten().chain([&author.member]);
        let is_admin =
            sessions.any(|member| self.present.get(member).is_some_and(|present| present.is_admin));
        let role = if room.maker() == Some(author.member) {
            Role::Owner
        } else {
            let as_guest = || room.role_by_link(author.member).unwrap_or(Role::Guest);
            author.account.map_or_else(as_guest, |account| {
                room.kept().moderation.role(account).unwrap_or(Role::Member)
            })
        };
        (is_admin, role)
    }

    /// The sessions that a measure is about, of those in a room.
    pub(crate) fn members_who<'d>(
        &'d self,
        room: &'d Room,
        who: &'d crate::Who,
    ) -> impl Iterator<Item = MemberId> + 'd {
        let is_meant = |(member, nick)| who.is(&self.person(room, member, nick)).then_some(member);
        room.members().filter_map(is_meant)
    }

    /// Whether another room may be made.
    pub(crate) fn has_place_for_a_room(&self) -> bool {
        self.rooms.len() < self.rooms_max
    }

    /// The most rooms it holds.
    pub(crate) const fn rooms_max(&self) -> usize {
        self.rooms_max
    }

    /// The number of the next room.
    pub(crate) const fn next_room(&self) -> RoomId {
        self.next_room
    }
}

/// A private room of a number that is never given.
fn nowhere() -> Room {
    Room::restored(Snapshot {
        id: RoomId(0),
        name: RoomName::parse("nowhere").expect("a name"),
        capacity: 1,
        visibility: Visibility::Private,
        topic: None,
        moderation: Arc::default(),
        head: Seq::START,
        active_at: UnixMs(0),
    })
}
