//! Entering by a guest link. By name: beside the other commands.

use super::*;
use crate::{AccountId, Act, Command, LinkId, Order, Right, Text};

const MAKER: MemberId = MemberId(1);
const EVA: MemberId = MemberId(2);
const DUDA: MemberId = MemberId(3);
const ROOM: RoomId = RoomId(1);
const LINK: LinkId = LinkId(7);
const NOON: UnixMs = UnixMs(1_800_000_000_000);

struct World(Directory);

impl World {
    /// A private room with its maker in it.
    fn new(capacity: u32) -> Self {
        let mut world = Self(Directory::new(10, []));
        let login = Act::LogIn { account: AccountId(1), nick: nick(MAKER), is_admin: false };
        world.act(MAKER, login).unwrap();
        let visibility = Visibility::Private;
        let (name, nick) = (name(), nick(MAKER));
        world.act(MAKER, Act::Create { name, capacity, visibility, nick, from: None }).unwrap();
        world
    }

    fn act(&mut self, member: MemberId, act: Act) -> Result<Decision, Refusal> {
        let decision = self.0.decide(&Command { member, at: NOON, act })?;
        self.0.apply(&decision);
        Ok(decision)
    }

    fn by(&mut self, member: MemberId, invitation: Invitation) -> Result<(), Refusal> {
        let act = Act::EnterByLink { invitation, nick: nick(member), from: None };
        self.act(member, act).map(|_| ())
    }

    fn say(&mut self, member: MemberId) -> Result<(), Refusal> {
        let text = Text::new("oi").unwrap();
        self.act(member, Act::Say { room: ROOM, text, reply: None, key: None }).map(|_| ())
    }

    fn raid(&mut self, on: bool) {
        self.act(MAKER, Act::Moderate { room: ROOM, order: Order::Raid { on } }).unwrap();
    }
}

fn name() -> RoomName {
    RoomName::parse("segredo").unwrap()
}

fn nick(member: MemberId) -> Nick {
    Nick::parse(["ana", "eva", "duda"][usize::try_from(member.0).unwrap() - 1]).unwrap()
}

fn link(capacity: Option<u32>, role: Role) -> Invitation {
    Invitation { link: LINK, room: ROOM, capacity, role }
}

#[test]
fn a_link_opens_its_room_while_it_is_private_and_no_other_way_does() {
    let mut world = World::new(9);
    let by_name = || Act::Enter { name: name(), nick: nick(EVA), from: None };
    assert_eq!(world.act(EVA, by_name()), Err(Refusal::NoSuchRoom(name())));
    let nowhere = Invitation { room: RoomId(2), ..link(None, Role::Guest) };
    assert_eq!(world.by(EVA, nowhere), Err(Refusal::NoSuchLink));
    world.by(EVA, link(None, Role::Guest)).unwrap();
    world.say(EVA).unwrap();
    // It is the link that lets her in, not her having been there.
    world.act(EVA, Act::Leave { room: ROOM }).unwrap();
    assert_eq!(world.act(EVA, by_name()), Err(Refusal::NoSuchRoom(name())));
}

#[test]
fn as_many_are_in_by_a_link_at_a_time_as_it_says() {
    let mut world = World::new(9);
    let one = link(Some(1), Role::Guest);
    world.by(EVA, one).unwrap();
    // Who is in already stays.
    world.by(EVA, one).unwrap();
    assert_eq!(world.by(DUDA, one), Err(Refusal::LinkFull));
    // Another link counts its own.
    world.by(DUDA, Invitation { link: LinkId(8), ..one }).unwrap();
    world.act(DUDA, Act::Leave { room: ROOM }).unwrap();
    world.act(EVA, Act::Disconnect).unwrap();
    world.by(DUDA, one).unwrap();
    assert_eq!(world.0.room(ROOM).unwrap().present_by(LINK), 1);
}

#[test]
fn a_link_makes_no_place_in_a_full_room_and_lifts_no_ban() {
    let mut world = World::new(2);
    world.by(EVA, link(None, Role::Member)).unwrap();
    let full = Refusal::RoomFull { name: name(), present: 2, capacity: 2 };
    assert_eq!(world.by(DUDA, link(None, Role::Member)), Err(full));
    let whom = crate::Whom::Nick(nick(EVA));
    let ban = Order::Ban { whom, for_ms: None, reason: None };
    world.act(MAKER, Act::Moderate { room: ROOM, order: ban }).unwrap();
    let refused = world.by(EVA, link(None, Role::Member));
    assert!(matches!(refused, Err(Refusal::Banned { .. })), "{refused:?}");
}

#[test]
fn a_link_may_make_a_member_of_a_guest_and_no_more() {
    for role in Invitation::ROLES {
        let mut world = World::new(9);
        world.by(EVA, link(None, role)).unwrap();
        let room = world.0.room(ROOM).unwrap();
        assert_eq!(world.0.role(room, EVA), role);
        for right in [Right::Kick, Right::Invite, Right::Roles] {
            assert!(!world.0.may(room, EVA, right), "{role:?} {right:?}");
        }
        world.raid(true);
        let expected = if role == Role::Guest { Err(Refusal::NoGuests) } else { Ok(()) };
        assert_eq!(world.say(EVA), expected);
        assert_eq!(world.by(DUDA, link(None, role)), expected);
        // It ends with her leaving.
        world.act(EVA, Act::Leave { room: ROOM }).unwrap();
        assert_eq!(world.0.role(world.0.room(ROOM).unwrap(), EVA), Role::Guest);
    }
}

#[test]
fn a_room_that_is_put_back_knows_by_which_link_they_came() {
    let mut world = World::new(9);
    world.by(EVA, link(Some(1), Role::Member)).unwrap();
    let kept = world.0.room(ROOM).unwrap().kept().clone();
    world.0.rebuild(kept);
    let room = world.0.room(ROOM).unwrap();
    assert_eq!(world.0.role(room, EVA), Role::Member);
    assert_eq!(world.by(DUDA, link(Some(1), Role::Guest)), Err(Refusal::LinkFull));
}

/// What is looked up is the same as well: see [`Directory::shown`].
#[test]
fn a_private_room_is_answered_as_one_that_there_is_not() {
    let world = World::new(9);
    let absent = RoomName::parse("nenhuma").unwrap();
    for asked in [name(), absent, RoomName::parse("nowhere").unwrap()] {
        // Called as someone who is in it, too: nothing else is looked at first.
        for nick in [nick(EVA), nick(MAKER)] {
            let act = Act::Enter { name: asked.clone(), nick, from: None };
            let refused = world.0.decide(&Command { member: EVA, at: NOON, act });
            assert_eq!(refused, Err(Refusal::NoSuchRoom(asked.clone())));
        }
        assert!(world.0.shown(&asked, EVA).is_none());
    }
    assert!(world.0.shown(&name(), MAKER).is_some());
}
