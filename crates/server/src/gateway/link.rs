//! Guest links, whatever the protocol: who makes them, and who comes in by one.
//!
//! Coming in takes two steps, as logging in does: the accounts' service says what the link is good
//! for and takes one use of it, then the hub lets her in, or she is refused and the use is given
//! back. So of two who come at the same time by the last use one is in.

use room::{AccountId, Invitation, LinkId, Nick, Role, RoomId, Seq, UnixMs};
use store::people::{Link, NewLink, People, UseLinkError};
use wire::{MadeLink, Secret, WantedLink};

use crate::clock;
use crate::hub::Reply;
use crate::limits::ROOMS_AT_ONCE_MAX;
use crate::shard::{Conn, Rare, Shard};

/// Links that a connection is remembered to have come in by; of more the oldest is forgotten, and
/// coming in by it again takes another use.
const COME_BY_MAX: usize = ROOMS_AT_ONCE_MAX;

/// The links of a connection.
#[derive(Default)]
pub(crate) struct Guest {
    /// By which it has come in: coming in again takes no further use.
    come_by: Vec<LinkId>,
    /// By which it is coming in, and whether that took a use.
    coming_by: Option<(LinkId, bool)>,
}

/// Someone who asks to be let in by a link.
pub(crate) struct Knock {
    token: Secret,
    /// What she is to be called.
    nick: Nick,
    /// The last event of the room that she has.
    after: Option<Seq>,
    come_by: Vec<LinkId>,
    rooms: Vec<RoomId>,
}

/// Someone with a link that is good; the hub does not know yet.
pub(crate) struct Invited {
    /// What for.
    pub(super) invitation: Invitation,
    /// As in [`Knock`].
    pub(super) nick: Nick,
    /// As in [`Knock`].
    pub(super) after: Option<Seq>,
    takes_use: bool,
}

impl Knock {
    /// Of who is on that connection.
    pub(super) fn of(conn: &Conn, token: Secret, nick: Nick, after: Option<Seq>) -> Self {
        let state = conn.state.borrow();
        let come_by =
            state.rare.as_ref().map(|rare| rare.guest.come_by.clone()).unwrap_or_default();
        Self { token, nick, after, come_by, rooms: state.rooms().collect() }
    }

    /// Looks the link up, and takes a use of it: not where she is in already, or has come by it
    /// before.
    pub(super) fn answer(self, people: &mut People, now: UnixMs) -> Result<Invited, UseLinkError> {
        let token = self.token.reveal();
        let link = people.link(token)?.ok_or(UseLinkError::Unknown)?;
        let role = role_of(link.rights).ok_or(UseLinkError::Unknown)?;
        let takes_use = !self.rooms.contains(&link.room) && !self.come_by.contains(&link.id);
        if takes_use {
            people.use_link(token, now)?;
        } else {
            match link.check(now) {
                Ok(()) | Err(UseLinkError::UsedUp) => {}
                Err(error) => return Err(error),
            }
        }
        let Link { id: link, room, capacity, .. } = link;
        let invitation = Invitation { link, room, capacity, role };
        Ok(Invited { invitation, nick: self.nick, after: self.after, takes_use })
    }
}

/// Takes note of who is coming in, before the hub is asked.
pub(super) fn coming(conn: &Conn, invited: &Invited) {
    let mut state = conn.state.borrow_mut();
    state.rare().guest.coming_by = Some((invited.invitation.link, invited.takes_use));
}

/// Takes in what the hub's answer says of who is coming in.
pub(super) fn answered(shard: &Shard, conn: &Conn, reply: &Reply) {
    let mut state = conn.state.borrow_mut();
    let Some(Rare { guest, .. }) = state.rare.as_deref_mut() else { return };
    let Some((link, takes_use)) = guest.coming_by.take() else { return };
    match reply {
        Reply::Entered { .. } if !guest.come_by.contains(&link) => {
            if guest.come_by.len() == COME_BY_MAX {
                guest.come_by.remove(0);
            }
            guest.come_by.push(link);
        }
        Reply::Refused(_) if takes_use => {
            let people = shard.config.people.clone();
            tokio::task::spawn_local(async move {
                let given = people.ask(move |people| people.give_back_use(link)).await;
                if let Err(error) = given.and_then(|given| Ok(given?)) {
                    tracing::warn!(%error, "the use of a link could not be given back");
                }
            });
        }
        _ => {}
    }
}

/// The link that is asked for, by that account.
pub(crate) fn new_link(room: RoomId, wanted: &WantedLink, made_by: AccountId) -> NewLink {
    let WantedLink { capacity, uses, for_ms, role } = *wanted;
    let expires_at = for_ms.map(|for_ms| UnixMs(clock::now().0.saturating_add(for_ms)));
    NewLink { room, rights: rights_of(role), capacity, expires_at, uses, made_by }
}

/// What is shown of a link.
pub(crate) fn made_link(link: &Link) -> MadeLink {
    MadeLink {
        number: link.id.0,
        at: link.made_at,
        account: link.made_by,
        capacity: link.capacity,
        uses: link.uses_left,
        until: link.expires_at,
        role: role_of(link.rights).unwrap_or(Role::Guest),
        is_revoked: link.is_revoked,
    }
}

/// A role as the rights of a link that is kept.
const fn rights_of(role: Role) -> u32 {
    role as u32
}

/// What a link makes of a guest; `None`: it lets nobody in.
pub(crate) fn role_of(rights: u32) -> Option<Role> {
    Invitation::ROLES.into_iter().find(|role| rights_of(*role) == rights)
}
