//! Guest links, as the rules look at them.

use crate::{LinkId, Role, RoomId};

/// What a guest link that is good lets someone do: the caller has verified its token, and that it
/// is neither expired nor used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation {
    /// Which link.
    pub link: LinkId,
    /// Where it leads to.
    pub room: RoomId,
    /// How many may be there by it at the same time; `None`: as many as the room takes.
    pub capacity: Option<u32>,
    /// What a guest is there by it, and no more than [`Role::Member`]: then she is not kept out and
    /// silent with the other guests.
    pub role: Role,
}

impl Invitation {
    /// What a link may make of a guest.
    pub const ROLES: [Role; 2] = [Role::Guest, Role::Member];
}
