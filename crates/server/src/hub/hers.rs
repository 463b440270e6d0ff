//! What an account has in rooms: its rooms of two, and how far it has read.

use room::{MemberId, RoomId, Seq, UnixMs};

use super::Running;
use super::message::{Hers, Marked};
use crate::limits::{LISTED_MAX, UNREAD_ROOMS_MAX};

impl Running {
    /// What who asks has in rooms, by the markers of her account. Nothing is told of a room that
    /// she could not enter: a marker outlives her right to read on.
    pub(super) fn hers(&self, member: MemberId, markers: &[(RoomId, Seq)], at: UnixMs) -> Hers {
        let directory = &self.hub.directory;
        let Some(account) = self.account_of(member) else { return Hers::default() };
        let mut direct: Vec<_> = directory.direct_rooms(account).collect();
        direct.sort_unstable_by_key(|(room, _)| std::cmp::Reverse(room.kept().active_at));
        let markerless = direct.iter().map(|(room, _)| (room.kept().id, Seq::START));
        let markerless: Vec<_> =
            markerless.filter(|(room, _)| marker(markers, *room).is_none()).collect();
        let rooms = markers.iter().chain(&markerless);
        let rooms = rooms.filter_map(|(room, read)| Some((directory.room(*room)?, *read)));
        let mut marked: Vec<_> = rooms
            .filter(|(room, _)| directory.open_to(member, &room.kept().name, at).is_ok())
            .collect();
        marked.sort_unstable_by_key(|(room, _)| std::cmp::Reverse(room.kept().active_at));
        let marked = marked.into_iter().take(UNREAD_ROOMS_MAX).map(|(room, read)| {
            let kept = room.kept();
            Marked { room: kept.id, name: kept.name.clone(), read, head: kept.head }
        });
        let named = direct.iter().take(LISTED_MAX).filter_map(|(room, other)| {
            Some((room.kept().name.clone(), directory.nick_of(*other)?.clone()))
        });
        Hers { direct: named.collect(), marked: marked.collect() }
    }
}

/// How far a room was read, by markers in the order of their rooms.
pub(crate) fn marker(markers: &[(RoomId, Seq)], room: RoomId) -> Option<Seq> {
    let place = markers.binary_search_by_key(&room, |(room, _)| *room).ok()?;
    Some(markers[place].1)
}
