//! A room of two: the same one each time, for two accounts and nobody else.

use super::create::Wanted;
use super::enter::Door;
use crate::limits::{DIRECT_CAPACITY, DIRECT_ROOMS_MAX};
use crate::{Decision, Directory, MemberId, Nick, Refusal, RoomId, RoomName, UnixMs, Visibility};

impl Directory {
    /// In the order of the checks: she is logged in and the other has an account, then as of any
    /// room that is entered, or made where it is not there yet. Who has no account cannot be told
    /// from who is not there.
    pub(super) fn decide_direct(
        &self,
        member: MemberId,
        nick: &Nick,
        from: Option<RoomId>,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let no = || Refusal::NoDirect(nick.clone());
        let present = self.present(member).ok_or_else(no)?;
        let account = present.account.ok_or_else(no)?;
        let other = self.owner_of(nick).ok_or_else(no)?;
        let name = &RoomName::direct(account, other);
        if self.room_named(name).is_some() {
            return self.decide_enter(member, Door::Name(name), &present.nick, from, at);
        }
        if self.direct_rooms(account).count() >= DIRECT_ROOMS_MAX {
            return Err(Refusal::ListFull(DIRECT_ROOMS_MAX));
        }
        let wanted = Wanted { name, capacity: DIRECT_CAPACITY, visibility: Visibility::Private };
        self.making(member, &wanted, &present.nick, from, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, Act, Command, Invitation, LinkId, Order, Right, Role, Text};

    const ANA: MemberId = MemberId(1);
    const BIA: MemberId = MemberId(2);
    const CHEFE: MemberId = MemberId(3);
    const EVA: MemberId = MemberId(4);
    const NOON: UnixMs = UnixMs(1_800_000_000_000);
    const ROOM: RoomId = RoomId(1);

    fn nick(name: &str) -> Nick {
        Nick::parse(name).unwrap()
    }

    fn act(directory: &mut Directory, member: MemberId, act: Act) -> Result<(), Refusal> {
        let decision = directory.decide(&Command { member, at: NOON, act })?;
        directory.apply(&decision);
        Ok(())
    }

    fn direct(name: &str) -> Act {
        Act::Direct { nick: nick(name), from: None }
    }

    /// Three accounts, one of which administers the server, and a guest.
    fn directory() -> Directory {
        let mut directory = Directory::new(9, []);
        for (member, name) in [(ANA, "ana"), (BIA, "bia"), (CHEFE, "chefe")] {
            let (account, is_admin) = (AccountId(member.0), member == CHEFE);
            let log_in = Act::LogIn { account, nick: nick(name), is_admin };
            act(&mut directory, member, log_in).unwrap();
        }
        let name = RoomName::parse("praca").unwrap();
        let visibility = Visibility::Public;
        let made = Act::Create { name, capacity: 9, visibility, nick: nick("eva"), from: None };
        act(&mut directory, EVA, made).unwrap();
        directory
    }

    #[test]
    fn it_is_one_room_whoever_asks_and_only_theirs() {
        let mut directory = directory();
        act(&mut directory, ANA, direct("BIA")).unwrap();
        act(&mut directory, BIA, direct("ana")).unwrap();
        let name = RoomName::direct(AccountId(1), AccountId(2));
        let room = directory.room_named(&name).unwrap();
        assert!(room.holds(ANA) && room.holds(BIA) && room.is_direct());
        assert_eq!(directory.public_rooms().count(), 1, "it is in no list");
        let of = |account| {
            let rooms = directory.direct_rooms(AccountId(account));
            rooms.map(|(room, other)| (room.kept().id, other.0)).collect::<Vec<_>>()
        };
        let room = room.kept().id;
        assert_eq!((of(1), of(2), of(3)), (vec![(room, 2)], vec![(room, 1)], vec![]));
        for (member, called) in [(CHEFE, "chefe"), (EVA, "eva")] {
            let enter = Act::Enter { name: name.clone(), nick: nick(called), from: None };
            let refused = act(&mut directory, member, enter);
            assert_eq!(refused, Err(Refusal::NoSuchRoom(name.clone())), "{called}");
            let (link, capacity, role) = (LinkId(1), None, Role::Member);
            let invitation = Invitation { link, room, capacity, role };
            let by_link = Act::EnterByLink { invitation, nick: nick(called), from: None };
            assert_eq!(act(&mut directory, member, by_link), Err(Refusal::NoSuchLink), "{called}");
        }
        // Nor for who asks without being connected, if she is not one of them.
        let address = core::net::IpAddr::from([192, 0, 2, 7]).into();
        for (account, called, is_there) in [(3, "chefe", false), (2, "bia", true)] {
            let visitor = MemberId(50);
            let account = AccountId(account);
            directory.visit(visitor, nick(called), (account, account.0 == 3), address);
            let open = directory.open_to(visitor, &name, NOON).is_ok();
            assert_eq!(open, is_there, "{called}");
            let text = Text::new("oi").unwrap();
            let say = Act::Say { room, text, reply: None, key: None };
            let said = directory.decide(&Command { member: visitor, at: NOON, act: say });
            assert_eq!(said.is_ok(), is_there, "{called}");
            directory.end_visit();
        }
        let create = Act::Create {
            name: name.clone(),
            capacity: 2,
            visibility: Visibility::Public,
            nick: nick("eva"),
            from: None,
        };
        assert_eq!(act(&mut directory, EVA, create), Err(Refusal::NameReserved(name)));
    }

    #[test]
    fn nobody_has_a_right_there_that_not_everyone_has() {
        let mut directory = directory();
        act(&mut directory, CHEFE, direct("ana")).unwrap();
        act(&mut directory, ANA, direct("chefe")).unwrap();
        let room = directory.direct_rooms(AccountId(1)).next().unwrap().0;
        let id = room.kept().id;
        assert_ne!(id, ROOM);
        for member in [ANA, CHEFE, BIA, EVA] {
            for right in Right::ALL {
                let may = right.least() == Role::Guest;
                assert_eq!(directory.may(room, member, right), may, "{member:?} {right:?}");
            }
        }
        for order in [
            Order::Invite { nick: nick("bia"), role: Role::Member },
            Order::SetRole { nick: nick("bia"), role: Role::Owner },
            Order::Visibility(Visibility::Public),
            Order::Kick { nick: nick("ana"), reason: None },
        ] {
            let right = order.right();
            let refused = act(&mut directory, CHEFE, Act::Moderate { room: id, order });
            assert_eq!(refused, Err(Refusal::NotAllowed(right)));
        }
    }

    #[test]
    fn it_is_for_accounts() {
        let mut directory = directory();
        for (member, name) in [(EVA, "ana"), (ANA, "eva"), (ANA, "ninguem"), (MemberId(9), "ana")] {
            let refused = act(&mut directory, member, direct(name));
            assert_eq!(refused, Err(Refusal::NoDirect(nick(name))));
        }
    }

    #[test]
    fn what_was_said_there_outlives_idleness() {
        let mut directory = directory();
        for name in ["bia", "chefe"] {
            act(&mut directory, ANA, direct(name)).unwrap();
        }
        let room = directory.direct_rooms(AccountId(2)).next().unwrap().0.kept().id;
        let text = Text::new("oi").unwrap();
        act(&mut directory, ANA, Act::Say { room, text, reply: None, key: None }).unwrap();
        act(&mut directory, ANA, Act::LogOut).unwrap();
        let idle = directory.idle_rooms(UnixMs(NOON.0 + 1000), 1000);
        assert_eq!(idle.len(), 1);
        assert_ne!(idle[0], room);
        assert!(directory.remove(idle[0]));
        assert_eq!(directory.direct_rooms(AccountId(3)).count(), 0);
        // As after a start.
        let kept = directory.room(room).unwrap().kept().clone();
        let again = Directory::new(9, [kept]);
        assert_eq!(again.direct_rooms(AccountId(2)).count(), 1);
    }
}
