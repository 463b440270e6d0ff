//! Roles and rights as decisions, each both ways.

use core::net::IpAddr;

use super::*;
use crate::{
    AccountId, Act, Addresses, Command, Emoji, Held, Invitation, LinkId, RoomName, Seq, Target,
    Visibility, right,
};

const OWNER: MemberId = MemberId(1);
const MODERATOR: MemberId = MemberId(2);
const MEMBER: MemberId = MemberId(3);
const GUEST: MemberId = MemberId(4);
const OTHER: MemberId = MemberId(5);
const ADMIN: MemberId = MemberId(6);
/// Who is in the room, by what she is there.
const ROLES: [(Role, MemberId); 4] = [
    (Role::Guest, GUEST),
    (Role::Member, MEMBER),
    (Role::Moderator, MODERATOR),
    (Role::Owner, OWNER),
];
const NICKS: [&str; 6] = ["dona", "modera", "membro", "visita", "outra", "admin"];
const NOON: UnixMs = UnixMs(1_800_000_000_000);
const LATER: UnixMs = UnixMs(NOON.0 + 60_000);
const ROOM: RoomId = RoomId(1);

fn nick(name: &str) -> Nick {
    Nick::parse(name).unwrap()
}

fn nick_of(member: MemberId) -> Nick {
    nick(NICKS[usize::try_from(member.0).unwrap() - 1])
}

fn account_of(member: MemberId) -> AccountId {
    AccountId(100 + member.0)
}

fn text(text: &str) -> Text {
    Text::new(text).unwrap()
}

fn name() -> RoomName {
    RoomName::parse("sala").unwrap()
}

/// A directory and what is done in it.
struct World(Directory);

impl World {
    /// A room with one of each, an administrator of the server and a guest more.
    fn new() -> Self {
        let mut world = Self(Directory::new(9, []));
        for member in [OWNER, MODERATOR, MEMBER, ADMIN] {
            world.log_in(member, account_of(member), &nick_of(member), member == ADMIN).unwrap();
        }
        let create = Act::Create {
            name: name(),
            capacity: 9,
            visibility: Visibility::Public,
            nick: nick_of(OWNER),
            from: None,
        };
        world.act(OWNER, create).unwrap();
        for member in [MODERATOR, MEMBER, GUEST, OTHER, ADMIN] {
            world.enter(member).unwrap();
        }
        let role = Order::SetRole { nick: nick_of(MODERATOR), role: Role::Moderator };
        world.order(OWNER, role).unwrap();
        world
    }

    fn decide(&self, member: MemberId, act: Act, at: UnixMs) -> Result<Decision, Refusal> {
        self.0.decide(&Command { member, at, act })
    }

    fn act_at(&mut self, member: MemberId, act: Act, at: UnixMs) -> Result<Decision, Refusal> {
        let decision = self.decide(member, act, at)?;
        self.0.apply(&decision);
        Ok(decision)
    }

    fn act(&mut self, member: MemberId, act: Act) -> Result<Decision, Refusal> {
        self.act_at(member, act, NOON)
    }

    fn order(&mut self, member: MemberId, order: Order) -> Result<Decision, Refusal> {
        self.act(member, Act::Moderate { room: ROOM, order })
    }

    fn log_in(
        &mut self,
        member: MemberId,
        account: AccountId,
        nick: &Nick,
        is_admin: bool,
    ) -> Result<Decision, Refusal> {
        self.act(member, Act::LogIn { account, nick: nick.clone(), is_admin })
    }

    fn enter_as(&mut self, member: MemberId, nick: &Nick, at: UnixMs) -> Result<Decision, Refusal> {
        let (nick, from) = (nick.clone(), None);
        self.act_at(member, Act::Enter { name: name(), nick, from }, at)
    }

    fn enter(&mut self, member: MemberId) -> Result<Decision, Refusal> {
        self.enter_as(member, &nick_of(member), NOON)
    }

    fn leave(&mut self, member: MemberId) {
        self.act(member, Act::Leave { room: ROOM }).unwrap();
    }

    fn say(&mut self, member: MemberId, said: &str, at: UnixMs) -> Result<(), Refusal> {
        self.act_at(member, Act::Say { room: ROOM, text: text(said), reply: None, key: None }, at)
            .map(|_| ())
    }

    fn is_in(&self, member: MemberId) -> bool {
        self.0.room(ROOM).unwrap().holds(member)
    }

    fn arrive(&mut self, member: MemberId, address: &str) {
        self.0.arrive(member, address.parse::<IpAddr>().unwrap().into());
    }
}

fn kick(member: MemberId) -> Order {
    Order::Kick { nick: nick_of(member), reason: None }
}

fn ban(whom: Whom, for_ms: Option<u64>) -> Order {
    Order::Ban { whom, for_ms, reason: Text::new("spam") }
}

fn ban_nick(member: MemberId) -> Order {
    ban(Whom::Nick(nick_of(member)), None)
}

fn mute(member: MemberId, for_ms: Option<u64>) -> Order {
    Order::Mute { nick: nick_of(member), for_ms, reason: Text::new("spam") }
}

fn addresses(text: &str) -> Addresses {
    text.parse().unwrap()
}

fn held(author: MemberId) -> Target {
    let account = (author != GUEST && author != OTHER).then(|| account_of(author));
    let held = Held {
        author: Author { member: author, account },
        nick: nick_of(author),
        text: Some(text("bom dia")),
        edits: 0,
        has_reacted: false,
        is_pinned: false,
        pins: 0,
    };
    Target { seq: Seq(2), held: Some(held) }
}

/// What takes a right, done by `member`, and to a guest if to someone; none where no act of the
/// rules takes it alone.
fn act_of(right: Right, member: MemberId) -> Option<Act> {
    let (room, target) = (ROOM, held(member));
    let pattern = text("spam");
    let order = match right {
        Right::Say => return Some(Act::Say { room, text: text("oi"), reply: None, key: None }),
        Right::React => {
            let emoji = Emoji::parse("👍").unwrap();
            return Some(Act::React { room, target, emoji, on: true });
        }
        Right::SetTopic => return Some(Act::SetTopic { room, topic: Text::new("aula") }),
        Right::Pin => return Some(Act::Pin { room, target, on: true }),
        Right::EditOwn => return Some(Act::Edit { room, target, text: text("boa tarde") }),
        Right::DeleteOwn => return Some(Act::Delete { room, target }),
        Right::DeleteOthers => return Some(Act::Delete { room, target: held(OTHER) }),
        Right::Kick => kick(OTHER),
        Right::Ban => ban_nick(OTHER),
        Right::Mute => mute(OTHER, None),
        Right::SlowMode => Order::SlowMode { seconds: 30 },
        Right::Filter => Order::Filter { pattern, on: true },
        Right::Raid => Order::Raid { on: true },
        // Of someone who is not here, so that everyone is above her.
        Right::Invite => Order::SetRole { nick: nick("ausente"), role: Role::Member },
        Right::Roles => Order::SetRole { nick: nick("ausente"), role: Role::Moderator },
        Right::Visibility => Order::Visibility(Visibility::Private),
        Right::Capacity => Order::Capacity(50),
        Right::Retention => Order::Retention(crate::Retention { messages: 9, days: 0 }),
        Right::Purge | Right::Audit | Right::SeeEarlier => return None,
    };
    Some(Act::Moderate { room, order })
}

#[test]
fn everyone_may_what_the_table_says_and_no_more() {
    let mut world = World::new();
    world.0.own(nick("ausente"), AccountId(7));
    for right in Right::ALL {
        for (role, member) in ROLES {
            let Some(act) = act_of(right, member) else { continue };
            let refusal = match right {
                Right::DeleteOthers => Refusal::NotYours(Seq(2)),
                _ => Refusal::NotAllowed(right),
            };
            let decided = world.decide(member, act, NOON);
            if right::may(role, right) {
                assert!(!decided.unwrap().events.is_empty(), "{role:?} {right:?}");
            } else {
                assert_eq!(decided, Err(refusal), "{role:?} {right:?}");
            }
        }
        if let Some(act) = act_of(right, ADMIN) {
            assert!(world.decide(ADMIN, act, NOON).is_ok(), "{right:?}");
        }
    }
}

#[test]
fn what_is_asked_beside_the_acts_is_by_the_table_too() {
    let mut world = World::new();
    for right in Right::ALL {
        for (role, member) in ROLES {
            let asked = world.0.check_right(member, ROOM, right);
            let may = right::may(role, right);
            assert_eq!(asked, if may { Ok(()) } else { Err(Refusal::NotAllowed(right)) });
            let purge = world.0.decide_purge(member, ROOM, (&nick("ausente"), None), NOON);
            assert_eq!(purge.is_ok(), right::may(role, Right::Purge), "{role:?}");
        }
        assert_eq!(world.0.check_right(ADMIN, ROOM, right), Ok(()));
    }
    world.leave(OWNER);
    assert_eq!(world.0.check_right(OWNER, ROOM, Right::Say), Err(Refusal::NotInRoom));
}

#[test]
fn who_is_not_in_the_room_has_no_rights_there() {
    let mut world = World::new();
    for member in [OWNER, ADMIN] {
        world.leave(member);
        for right in Right::ALL {
            let Some(act) = act_of(right, member) else { continue };
            assert_eq!(world.decide(member, act, NOON), Err(Refusal::NotInRoom), "{right:?}");
        }
    }
}

#[test]
fn nobody_acts_on_who_is_not_below() {
    let world = World::new();
    for (role, member) in ROLES.into_iter().filter(|(role, _)| *role >= Role::Moderator) {
        for (other_role, other) in ROLES {
            let by_order = |order| Act::Moderate { room: ROOM, order };
            for act in
                [by_order(kick(other)), by_order(ban_nick(other)), by_order(mute(other, None))]
            {
                let decided = world.decide(member, act, NOON);
                if other_role < role {
                    assert!(decided.is_ok(), "{role:?} {other_role:?}");
                } else {
                    assert_eq!(decided, Err(Refusal::NotBelow(nick_of(other))));
                }
            }
            if member != other {
                let act = Act::Delete { room: ROOM, target: held(other) };
                assert_eq!(world.decide(member, act, NOON).is_ok(), other_role < role);
            }
        }
        let act = Act::Moderate { room: ROOM, order: kick(ADMIN) };
        assert_eq!(world.decide(member, act, NOON), Err(Refusal::NotBelow(nick_of(ADMIN))));
    }
    let act = Act::Moderate { room: ROOM, order: kick(OWNER) };
    assert!(world.decide(ADMIN, act, NOON).is_ok());
}

#[test]
fn who_is_put_out_has_left_before_the_others_are_told_why() {
    let mut world = World::new();
    let reason = Text::new("por hoje chega");
    let order = Order::Kick { nick: nick_of(GUEST), reason: reason.clone() };
    let decision = world.order(MODERATOR, order).unwrap();
    let [left, measure] = &decision.events[..] else { panic!("{decision:?}") };
    let how = Departure::Removed;
    let nick = nick_of(GUEST);
    assert_eq!(
        left.fact,
        Fact::Left { member: GUEST, account: None, nick: nick.clone(), how, again: false }
    );
    let who = Who::Guest { nick, member: Some(GUEST) };
    let kicked = Measure::Kicked { who, reason };
    assert!(matches!(&measure.fact, Fact::Moderated { measure, .. } if **measure == kicked));
    assert!(!world.is_in(GUEST));
    assert_eq!(world.order(MODERATOR, kick(GUEST)), Err(Refusal::NotHere(nick_of(GUEST))));
    // It was for once.
    world.enter(GUEST).unwrap();
    let long = Order::Kick { nick: nick_of(GUEST), reason: Text::new(&"é".repeat(300)) };
    let decision = world.order(MODERATOR, long).unwrap();
    let Fact::Moderated { measure, .. } = &decision.events[1].fact else { panic!("{decision:?}") };
    let Measure::Kicked { reason, .. } = &**measure else { panic!("{measure:?}") };
    assert_eq!(reason.as_ref().unwrap().as_str(), "é".repeat(REASON_CHARS_MAX));
}

#[test]
fn who_is_banned_is_told_why_and_until_when_and_cannot_enter() {
    let mut world = World::new();
    let order = ban(Whom::Nick(nick_of(GUEST)), Some(60_000));
    world.order(MODERATOR, order).unwrap();
    assert!(!world.is_in(GUEST));
    let penalty =
        crate::Penalty { by: nick_of(MODERATOR), until: Some(LATER), reason: Text::new("spam") };
    let banned = Refusal::Banned { room: name(), penalty: Box::new(penalty) };
    // By another nick it is still her session; by another session, still her nick.
    assert_eq!(world.enter(GUEST), Err(banned.clone()));
    assert_eq!(world.enter_as(GUEST, &nick("novata"), NOON), Err(banned.clone()));
    world.act(GUEST, Act::Disconnect).unwrap();
    assert_eq!(world.enter_as(MemberId(44), &nick_of(GUEST), NOON), Err(banned.clone()));
    world.enter_as(MemberId(44), &nick("novata"), NOON).unwrap();
    assert_eq!(world.act(MemberId(44), Act::Rename { nick: nick_of(GUEST) }), Err(banned));
    world.leave(MemberId(44));
    let before = UnixMs(LATER.0 - 1);
    assert!(world.enter_as(MemberId(44), &nick_of(GUEST), before).is_err());
    world.enter_as(MemberId(44), &nick_of(GUEST), LATER).unwrap();
}

#[test]
fn a_banned_account_is_kept_out_by_all_its_sessions_until_it_is_let_in() {
    let mut world = World::new();
    let second = MemberId(33);
    world.log_in(second, account_of(MEMBER), &nick_of(MEMBER), false).unwrap();
    world.enter_as(second, &nick_of(MEMBER), NOON).unwrap();
    world.order(MODERATOR, ban_nick(MEMBER)).unwrap();
    assert!(!world.is_in(MEMBER) && !world.is_in(second));
    for member in [MEMBER, second] {
        let refused = world.enter_as(member, &nick_of(MEMBER), NOON);
        assert!(matches!(refused, Err(Refusal::Banned { .. })));
    }
    // As a guest she comes in, but not to log in there.
    let guest = MemberId(34);
    world.enter_as(guest, &nick("novata"), NOON).unwrap();
    let refused = world.log_in(guest, account_of(MEMBER), &nick_of(MEMBER), false);
    assert!(matches!(refused, Err(Refusal::Banned { .. })));
    let unban = Order::Unban { whom: Whom::Nick(nick_of(MEMBER)) };
    world.order(MODERATOR, unban.clone()).unwrap();
    world.enter(MEMBER).unwrap();
    assert_eq!(world.order(MODERATOR, unban), Err(Refusal::NothingToUndo));
}

#[test]
fn addresses_are_banned_but_not_those_who_keep_order() {
    let mut world = World::new();
    for member in [OWNER, MODERATOR, MEMBER, GUEST, ADMIN] {
        world.arrive(member, "192.0.2.7");
    }
    world.arrive(OTHER, "192.0.3.7");
    let whom = Whom::Addresses(addresses("192.0.2.0/24"));
    world.order(MODERATOR, ban(whom.clone(), None)).unwrap();
    let is_in = [OWNER, MODERATOR, MEMBER, GUEST, OTHER, ADMIN].map(|member| world.is_in(member));
    assert_eq!(is_in, [true, true, false, false, true, true]);
    for member in [MEMBER, GUEST] {
        assert!(matches!(world.enter(member), Err(Refusal::Banned { .. })));
    }
    world.leave(MODERATOR);
    world.enter(MODERATOR).unwrap();
    let other = Order::Unban { whom: Whom::Addresses(addresses("192.0.2.0/25")) };
    assert_eq!(world.order(OWNER, other), Err(Refusal::NothingToUndo));
    world.order(OWNER, Order::Unban { whom }).unwrap();
    world.enter(GUEST).unwrap();
}

#[test]
fn who_is_muted_is_not_heard_whatever_she_is_called() {
    let mut world = World::new();
    world.order(MODERATOR, mute(GUEST, Some(60_000))).unwrap();
    world.act(GUEST, Act::Rename { nick: nick("novata") }).unwrap();
    for right in [Right::Say, Right::React, Right::SetTopic, Right::Pin, Right::EditOwn] {
        let act = act_of(right, GUEST).unwrap();
        let refused = world.decide(GUEST, act.clone(), NOON);
        assert!(matches!(refused, Err(Refusal::Muted(_))), "{right:?}");
        assert!(world.decide(GUEST, act, LATER).is_ok());
    }
    let own = act_of(Right::DeleteOwn, GUEST).unwrap();
    assert!(world.decide(GUEST, own, NOON).is_ok(), "she may take back what she said");
    world.say(OTHER, "oi", NOON).unwrap();
    world.order(MODERATOR, Order::Unmute { nick: nick_of(GUEST) }).unwrap();
    world.say(GUEST, "oi", NOON).unwrap();
    // A moderator too, by an owner; and logging in again does not help.
    world.order(OWNER, mute(MODERATOR, None)).unwrap();
    assert!(matches!(world.say(MODERATOR, "oi", NOON), Err(Refusal::Muted(_))));
}

#[test]
fn slow_mode_makes_each_wait_but_those_who_set_it() {
    let mut world = World::new();
    world.order(MODERATOR, Order::SlowMode { seconds: 30 }).unwrap();
    for member in [GUEST, MEMBER] {
        world.say(member, "oi", NOON).unwrap();
        let wait = world.say(member, "oi", UnixMs(NOON.0 + 10_000));
        assert_eq!(wait, Err(Refusal::SlowMode { wait_ms: 20_000 }));
        world.say(member, "oi", UnixMs(NOON.0 + 30_000)).unwrap();
    }
    for member in [MODERATOR, OWNER, ADMIN] {
        world.say(member, "oi", NOON).unwrap();
        world.say(member, "oi", NOON).unwrap();
    }
    assert_eq!(
        world.order(MODERATOR, Order::SlowMode { seconds: SLOW_S_MAX + 1 }),
        Err(Refusal::BadSlowMode)
    );
    world.order(MODERATOR, Order::SlowMode { seconds: 0 }).unwrap();
    world.say(GUEST, "oi", NOON).unwrap();
    world.say(GUEST, "oi", NOON).unwrap();
}

#[test]
fn what_the_filter_forbids_is_said_by_none_but_who_sets_it() {
    let mut world = World::new();
    let order = |on| Order::Filter { pattern: text(r"compre.*ja"), on };
    world.order(MODERATOR, order(true)).unwrap();
    assert_eq!(world.order(MODERATOR, order(true)), Ok(Decision::default()));
    for member in [GUEST, MEMBER] {
        assert_eq!(world.say(member, "COMPRE agora ja", NOON), Err(Refusal::Filtered));
        world.say(member, "ja comprei", NOON).unwrap();
        let edit = Act::Edit { room: ROOM, target: held(member), text: text("compreja") };
        assert_eq!(world.decide(member, edit, NOON), Err(Refusal::Filtered));
        let topic = Act::SetTopic { room: ROOM, topic: Text::new("compreja") };
        assert_eq!(world.decide(member, topic, NOON), Err(Refusal::Filtered));
    }
    world.say(MODERATOR, "compreja", NOON).unwrap();
    world.order(MODERATOR, order(false)).unwrap();
    world.say(GUEST, "compreja", NOON).unwrap();
    assert_eq!(world.order(MODERATOR, order(false)), Err(Refusal::NothingToUndo));
    for pattern in ["(", &"a".repeat(PATTERN_CHARS_MAX + 1)] {
        let order = Order::Filter { pattern: text(pattern), on: true };
        assert_eq!(world.order(MODERATOR, order), Err(Refusal::BadPattern));
    }
}

#[test]
fn in_a_raid_guests_neither_enter_nor_speak() {
    let mut world = World::new();
    world.leave(OTHER);
    world.order(MODERATOR, Order::Raid { on: true }).unwrap();
    assert_eq!(world.say(GUEST, "oi", NOON), Err(Refusal::NoGuests));
    assert_eq!(world.enter(OTHER), Err(Refusal::NoGuests));
    for (_, member) in &ROLES[1..] {
        world.say(*member, "oi", NOON).unwrap();
    }
    world.leave(MEMBER);
    world.enter(MEMBER).unwrap();
    world.order(MODERATOR, Order::Raid { on: false }).unwrap();
    world.enter(OTHER).unwrap();
    world.say(GUEST, "oi", NOON).unwrap();
}

#[test]
fn a_private_room_is_not_there_for_who_was_not_let_in() {
    let mut world = World::new();
    for member in [OWNER, MODERATOR, MEMBER, GUEST, OTHER, ADMIN] {
        if member != OWNER {
            world.leave(member);
        }
    }
    world.order(OWNER, Order::Visibility(Visibility::Private)).unwrap();
    let nowhere = Err(Refusal::NoSuchRoom(name()));
    for member in [MEMBER, GUEST] {
        assert_eq!(world.enter(member), nowhere);
    }
    // Not even by a nick that is taken, which a room that is there would be asked about.
    assert_eq!(world.enter_as(GUEST, &nick_of(OWNER), NOON), nowhere);
    assert_eq!(world.0.public_rooms().count(), 0);
    for member in [MODERATOR, ADMIN] {
        world.enter(member).unwrap();
    }
    let role = Order::SetRole { nick: nick_of(MEMBER), role: Role::Member };
    world.order(MODERATOR, role).unwrap();
    world.enter(MEMBER).unwrap();
    let (nick, from) = (nick_of(GUEST), None);
    let link = LinkId(1);
    let invitation = Invitation { link, room: ROOM, capacity: None, role: Role::Guest };
    world.act(GUEST, Act::EnterByLink { invitation, nick, from }).unwrap();
    // Who is put out is as far away as before; who is banned hears no more than that.
    world.order(MODERATOR, ban_nick(GUEST)).unwrap();
    assert_eq!(world.enter(GUEST), nowhere);
}

#[test]
fn roles_are_given_to_accounts_and_outlive_the_session() {
    let mut world = World::new();
    let give = |member, role| Order::SetRole { nick: nick_of(member), role };
    let refused = world.order(OWNER, give(GUEST, Role::Moderator));
    assert_eq!(refused, Err(Refusal::NoAccount(nick_of(GUEST))));
    world.order(OWNER, give(MEMBER, Role::Moderator)).unwrap();
    world.act(MEMBER, Act::Disconnect).unwrap();
    let back = MemberId(33);
    world.log_in(back, account_of(MEMBER), &nick_of(MEMBER), false).unwrap();
    world.enter_as(back, &nick_of(MEMBER), NOON).unwrap();
    world.order(back, kick(GUEST)).unwrap();
    world.order(OWNER, give(MEMBER, Role::Guest)).unwrap();
    assert_eq!(world.order(back, kick(OTHER)), Err(Refusal::NotAllowed(Right::Kick)));
    // An owner of one's own making is nobody's to put down but an administrator's.
    world.order(OWNER, give(MEMBER, Role::Owner)).unwrap();
    let down = give(MEMBER, Role::Guest);
    assert_eq!(world.order(OWNER, down.clone()), Err(Refusal::NotBelow(nick_of(MEMBER))));
    world.order(ADMIN, down).unwrap();
}

#[test]
fn a_guest_owns_the_room_she_made_while_she_is_connected() {
    let mut world = World(Directory::new(9, []));
    let create = Act::Create {
        name: name(),
        capacity: 9,
        visibility: Visibility::Public,
        nick: nick_of(GUEST),
        from: None,
    };
    let decision = world.act(GUEST, create).unwrap();
    assert_eq!(decision.events.len(), 2, "made and entered: a guest's role is not kept");
    world.enter(OTHER).unwrap();
    assert_eq!(world.order(OTHER, kick(GUEST)), Err(Refusal::NotAllowed(Right::Kick)));
    // She may go and come.
    world.leave(GUEST);
    world.enter(GUEST).unwrap();
    world.order(GUEST, kick(OTHER)).unwrap();
    world.act(GUEST, Act::Disconnect).unwrap();
    let back = MemberId(44);
    world.enter_as(back, &nick_of(GUEST), NOON).unwrap();
    world.enter(OTHER).unwrap();
    assert_eq!(world.order(back, kick(OTHER)), Err(Refusal::NotAllowed(Right::Kick)));
}

#[test]
fn a_nick_is_its_accounts() {
    let mut world = World(Directory::new(9, []));
    world.0.own(nick("ana"), AccountId(1));
    let create = Act::Create {
        name: name(),
        capacity: 9,
        visibility: Visibility::Public,
        nick: nick_of(OWNER),
        from: None,
    };
    world.act(OWNER, create).unwrap();
    for taken in ["ana", "ANA"] {
        let refused = world.enter_as(GUEST, &nick(taken), NOON);
        assert_eq!(refused, Err(Refusal::NickOwned(nick("ana"))));
    }
    world.enter(GUEST).unwrap();
    let rename = Act::Rename { nick: nick("ana") };
    assert_eq!(world.act(GUEST, rename), Err(Refusal::NickOwned(nick("ana"))));
    let decision = world.log_in(GUEST, AccountId(1), &nick("ana"), false).unwrap();
    assert!(matches!(decision.events[..], [Event { fact: Fact::Renamed { .. }, .. }]));
    let rename = Act::Rename { nick: nick("bia") };
    assert_eq!(world.act(GUEST, rename), Err(Refusal::LoggedInAs(nick("ana"))));
    let as_other = world.log_in(GUEST, AccountId(2), &nick("bia"), false);
    assert_eq!(as_other, Err(Refusal::LoggedInAs(nick("ana"))));
    world.act(GUEST, Act::LogOut).unwrap();
    assert!(!world.is_in(GUEST));
    assert_eq!(world.0.present(GUEST), None);
    assert_eq!(world.act(GUEST, Act::LogOut), Ok(Decision::default()));
}

#[test]
fn a_guest_gives_a_nick_up_to_its_owner() {
    let mut world = World::new();
    let (owner, held) = (MemberId(33), nick_of(GUEST));
    let like = |number| nick(&format!("{}-{number}", held.as_str()));
    world.0.own(like(2), AccountId(8));
    world.enter_as(MemberId(34), &like(3), NOON).unwrap();
    let keep_out = Order::Ban { whom: Whom::Nick(like(4)), for_ms: None, reason: None };
    world.order(OWNER, keep_out).unwrap();
    let decision = world.log_in(owner, AccountId(7), &held, false).unwrap();
    assert_eq!(decision.displaced, Some((GUEST, like(5))), "free, no account's, not kept out");
    let renamed = Fact::Renamed { member: GUEST, account: None, from: held.clone(), to: like(5) };
    assert!(matches!(&decision.events[..], [Event { fact, .. }] if *fact == renamed));
    assert_eq!((world.0.called(&held), world.0.called(&like(5))), (Some(owner), Some(GUEST)));
    assert!(world.is_in(GUEST));
    let long = nick(&"a".repeat(crate::limits::NAME_CHARS_MAX));
    world.enter_as(MemberId(35), &long, NOON).unwrap();
    let decision = world.log_in(MemberId(36), AccountId(9), &long, false).unwrap();
    assert_eq!(decision.displaced.unwrap().1.as_str(), format!("{}-2", "a".repeat(30)));
}

#[test]
fn one_person_may_be_in_a_room_by_several_sessions() {
    let mut world = World::new();
    let again = |decision: &Decision| match decision.events[..] {
        [Event { fact: Fact::Entered { again, .. } | Fact::Left { again, .. }, .. }] => again,
        _ => panic!("{decision:?}"),
    };
    let second = MemberId(33);
    world.log_in(second, account_of(MEMBER), &nick_of(MEMBER), false).unwrap();
    assert!(again(&world.enter_as(second, &nick_of(MEMBER), NOON).unwrap()));
    let room = world.0.room(ROOM).unwrap();
    assert_eq!(room.present(), 7, "capacity counts sessions");
    assert_eq!(world.0.persons(room).count(), 6);
    assert!(again(&world.act(MEMBER, Act::Disconnect).unwrap()));
    assert_eq!(world.0.called(&nick_of(MEMBER)), Some(second));
    assert!(!again(&world.act(second, Act::Leave { room: ROOM }).unwrap()));
    world.act(second, Act::Disconnect).unwrap();
    assert_eq!(world.0.called(&nick_of(MEMBER)), None);
}

#[test]
fn lists_are_bounded_and_what_has_run_out_does_not_count() {
    let mut world = World::new();
    for number in 0..BANS_MAX {
        let whom = Whom::Nick(nick(&format!("n{number}")));
        world.order(OWNER, ban(whom, Some(60_000))).unwrap();
    }
    let one_more = || ban(Whom::Nick(nick("mais")), None);
    assert_eq!(world.order(OWNER, one_more()), Err(Refusal::ListFull(BANS_MAX)));
    let again = ban(Whom::Nick(nick("n7")), Some(60_000));
    world.order(OWNER, again).unwrap();
    let act = Act::Moderate { room: ROOM, order: one_more() };
    world.act_at(OWNER, act, LATER).unwrap();
    assert_eq!(world.0.room(ROOM).unwrap().kept().moderation.bans().len(), 1);
    for number in 0..PATTERNS_MAX {
        let pattern = text(&format!("p{number}"));
        world.order(OWNER, Order::Filter { pattern, on: true }).unwrap();
    }
    let order = Order::Filter { pattern: text("mais"), on: true };
    assert_eq!(world.order(OWNER, order), Err(Refusal::ListFull(PATTERNS_MAX)));
}

#[test]
fn a_capacity_below_those_who_are_in_puts_nobody_out() {
    let mut world = World::new();
    world.order(OWNER, Order::Capacity(1)).unwrap();
    assert!(world.is_in(GUEST));
    world.leave(OTHER);
    assert!(matches!(world.enter(OTHER), Err(Refusal::RoomFull { .. })));
    assert_eq!(world.order(OWNER, Order::Capacity(0)), Err(Refusal::BadCapacity));
    assert_eq!(world.order(OWNER, Order::Capacity(1)), Ok(Decision::default()));
}

#[test]
fn an_invitation_gives_and_takes_nothing_away() {
    let mut world = World::new();
    let invite = |member, role| Order::Invite { nick: nick_of(member), role };
    assert_eq!(world.order(MEMBER, invite(OWNER, Role::Member)).unwrap_err(), {
        Refusal::NotAllowed(Right::Invite)
    });
    let owner = world.order(MODERATOR, invite(MEMBER, Role::Owner));
    assert_eq!(owner.unwrap_err(), Refusal::NotAllowed(Right::Roles));
    let guest = world.order(MODERATOR, invite(GUEST, Role::Member));
    assert_eq!(guest.unwrap_err(), Refusal::NoAccount(nick_of(GUEST)));
    // She has more already, and keeps it.
    for (by, of) in [(MODERATOR, OWNER), (OWNER, MODERATOR), (MODERATOR, MODERATOR)] {
        assert_eq!(world.order(by, invite(of, Role::Member)), Ok(Decision::default()));
    }
    assert_eq!(world.order(MODERATOR, invite(MEMBER, Role::Member)).unwrap().events.len(), 1);
    assert_eq!(world.order(MODERATOR, invite(MEMBER, Role::Member)), Ok(Decision::default()));
    assert_eq!(world.order(OWNER, invite(MEMBER, Role::Owner)).unwrap().events.len(), 1);
}

#[test]
fn what_is_in_force_is_told_to_those_who_keep_order() {
    let mut world = World::new();
    for until_ms in [1000, 90_000] {
        let net = format!("192.0.2.{}", until_ms / 1000);
        let whom = Whom::Addresses(net.parse().unwrap());
        world.order(OWNER, Order::Ban { whom, for_ms: Some(until_ms), reason: None }).unwrap();
    }
    for (role, member) in ROLES {
        let found = world.0.in_force(member, ROOM, 9, LATER);
        assert_eq!(found.is_ok(), right::may(role, Right::Audit), "{role:?}");
    }
    let found = world.0.in_force(OWNER, ROOM, 1, LATER).unwrap();
    assert_eq!((found.bans.len(), found.more), (1, 1), "one has run out, one role is left out");
    assert_eq!(found.roles[0].1, nick_of(MODERATOR));
    world.leave(OWNER);
    assert_eq!(world.0.in_force(OWNER, ROOM, 1, LATER), Err(Refusal::NotInRoom));
}
