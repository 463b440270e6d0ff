//! Who visits acts by the table of rights, where she could enter, and leaves no trace.

use core::net::IpAddr;

use super::*;
use crate::{
    AccountId, Addresses, Decision, Fact, Invitation, LinkId, Nick, Order, Role, Text, Visibility,
    Whom, right,
};

const OWNER: AccountId = AccountId(1);
const OTHER: AccountId = AccountId(2);
const NOON: UnixMs = UnixMs(1_800_000_000_000);
const ROOM: RoomId = RoomId(1);

fn nick_of(account: AccountId) -> Nick {
    Nick::parse(if account == OWNER { "dona" } else { "outra" }).unwrap()
}

fn name() -> RoomName {
    RoomName::parse("sala").unwrap()
}

/// What an account has done by a request, from 192.0.2.7.
fn by(
    directory: &mut Directory,
    account: AccountId,
    is_admin: bool,
    act: Act,
) -> Result<Decision, Refusal> {
    let member = MemberId(100 + account.0);
    let address = IpAddr::from([192, 0, 2, 7]).into();
    directory.visit(member, nick_of(account), (account, is_admin), address);
    let decision = directory.decide(&Command { member, at: NOON, act });
    if let Ok(decision) = &decision {
        directory.apply(decision);
    }
    directory.end_visit();
    decision
}

fn create(visibility: Visibility) -> Act {
    Act::Create { name: name(), capacity: 1, visibility, nick: nick_of(OWNER), from: None }
}

fn say() -> Act {
    let text = Text::new("oi").unwrap();
    Act::Say { room: ROOM, text, reply: None, key: None }
}

fn order(order: Order) -> Act {
    Act::Moderate { room: ROOM, order }
}

/// A room for one, made by the owner.
fn world(visibility: Visibility) -> Directory {
    let mut directory = Directory::new(9, []);
    by(&mut directory, OWNER, false, create(visibility)).unwrap();
    directory
}

fn absent() -> Refusal {
    Refusal::NoSuchRoom(name())
}

#[test]
fn a_room_is_made_without_anybody_in_it_and_has_an_owner() {
    let directory = world(Visibility::Public);
    let room = directory.room(ROOM).unwrap();
    assert_eq!((room.present(), directory.present_len()), (0, 0));
    assert_eq!(room.kept().moderation.role(OWNER), Some(Role::Owner));
    assert_eq!(directory.called(&nick_of(OWNER)), None);
}

#[test]
fn she_speaks_in_a_full_room_and_nothing_passes() {
    let mut directory = world(Visibility::Public);
    let guest = Nick::parse("cheia").unwrap();
    let enter = Act::Enter { name: name(), nick: guest, from: None };
    let decision = directory.decide(&Command { member: MemberId(7), at: NOON, act: enter });
    directory.apply(&decision.unwrap());
    let before = directory.clone();
    let said = by(&mut directory, OTHER, false, say()).unwrap();
    let [event] = &said.events[..] else { panic!("{said:?}") };
    assert!(matches!(&event.fact, Fact::Said { account: Some(OTHER), .. }), "{event:?}");
    directory.unsay(said.events.iter());
    let room = |directory: &Directory| directory.room(ROOM).unwrap().members().count();
    assert_eq!(room(&directory), room(&before));
    assert_eq!(directory.present_len(), before.present_len());
}

#[test]
fn a_private_room_is_not_there_but_for_whom_it_is() {
    let mut directory = world(Visibility::Private);
    assert_eq!(by(&mut directory, OTHER, false, say()), Err(absent()));
    assert!(by(&mut directory, OTHER, true, say()).is_ok());
    assert!(by(&mut directory, OWNER, false, say()).is_ok());
    directory.own(nick_of(OTHER), OTHER);
    let role = Order::SetRole { nick: nick_of(OTHER), role: Role::Member };
    by(&mut directory, OWNER, false, order(role)).unwrap();
    assert!(by(&mut directory, OTHER, false, say()).is_ok());
}

#[test]
fn who_is_kept_out_is_kept_out_by_account_and_by_address() {
    let addresses: Addresses = "192.0.2.0/24".parse().unwrap();
    for whom in [Whom::Nick(nick_of(OTHER)), Whom::Addresses(addresses)] {
        let mut directory = world(Visibility::Unlisted);
        directory.own(nick_of(OTHER), OTHER);
        assert!(by(&mut directory, OTHER, false, say()).is_ok());
        let ban = Order::Ban { whom, for_ms: None, reason: None };
        by(&mut directory, OWNER, false, order(ban)).unwrap();
        let refused = by(&mut directory, OTHER, false, say());
        assert!(matches!(refused, Err(Refusal::Banned { .. })), "{refused:?}");
        // Who keeps order is not taken for one of her neighbours.
        assert!(by(&mut directory, OWNER, false, say()).is_ok());
    }
}

#[test]
fn she_has_the_rights_of_her_role_and_no_others() {
    for role in Role::ALL {
        let mut directory = world(Visibility::Public);
        directory.own(nick_of(OTHER), OTHER);
        let give = Order::SetRole { nick: nick_of(OTHER), role };
        by(&mut directory, OWNER, false, order(give)).unwrap();
        // Who is logged in is a member at least.
        let role = role.max(Role::Member);
        for asked in [Order::Raid { on: true }, Order::Capacity(5)] {
            let may = right::may(role, asked.right());
            let done = by(&mut directory, OTHER, false, order(asked.clone()));
            assert_eq!(done.is_ok(), may, "{role:?} {asked:?}: {done:?}");
        }
    }
}

#[test]
fn what_takes_being_somewhere_is_refused() {
    let mut directory = world(Visibility::Public);
    let nick = nick_of(OTHER);
    let (link, capacity, role) = (LinkId(1), None, Role::Member);
    let invitation = Invitation { link, room: ROOM, capacity, role };
    for act in [
        Act::Enter { name: name(), nick: nick.clone(), from: None },
        Act::EnterByLink { invitation, nick: nick.clone(), from: None },
        Act::Leave { room: ROOM },
        Act::LogIn { account: OTHER, nick: nick.clone(), is_admin: true },
        Act::LogOut,
        Act::Rename { nick },
        Act::Disconnect,
    ] {
        assert_eq!(by(&mut directory, OTHER, false, act), Err(Refusal::NotInRoom));
    }
}

#[test]
fn whose_request_is_over_is_nobody() {
    let directory = world(Visibility::Public);
    let command = Command { member: MemberId(100 + OWNER.0), at: NOON, act: say() };
    assert_eq!(directory.decide(&command), Err(Refusal::NotInRoom));
    let (member, at) = (command.member, command.at);
    assert_eq!(directory.place_of(member, ROOM, at), Err(Refusal::NotInRoom));
    assert_eq!(directory.open_to(member, &name(), at), Err(absent()));
}
