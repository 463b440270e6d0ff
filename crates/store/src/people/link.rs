//! Guest links: a way into exactly one room for who has no account.

pub use room::LinkId;
use room::{AccountId, RoomId, UnixMs};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::StoreError;
use crate::people::limits::{LINK_RANDOM_BYTES, LINKS_PER_ROOM_MAX};
use crate::people::secret::{LinkToken, link_hash};
use crate::people::{
    MakeLinkError, People, Refused, UseLinkError, account, count, failed, moment, ms, number,
    unsigned,
};

/// The right of a webhook, which no guest has: to have its maker say something, and nothing else.
/// Such a link lets nobody in.
pub const HOOK: u32 = 1 << 31;

/// What a link is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// The room it leads to.
    pub room: RoomId,
    /// What its guests may do there, as the rules of the room number it. Kept as it is.
    pub rights: u32,
    /// Guests that may be in the room by it at the same time; `None`: as many as the room takes.
    /// Whoever lets them in counts them.
    pub capacity: Option<u32>,
    /// From when it is no longer good; `None`: until it is revoked.
    pub expires_at: Option<UnixMs>,
    /// How often it may be used; `None`: as often as one likes.
    pub uses: Option<u32>,
    /// Who makes it.
    pub made_by: AccountId,
}

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub id: LinkId,
    /// The room it leads to.
    pub room: RoomId,
    /// As in [`NewLink::rights`].
    pub rights: u32,
    /// As in [`NewLink::capacity`].
    pub capacity: Option<u32>,
    /// As in [`NewLink::expires_at`].
    pub expires_at: Option<UnixMs>,
    /// How often it may still be used; `None`: as often as one likes.
    pub uses_left: Option<u32>,
    /// Who made it.
    pub made_by: AccountId,
    /// When it was made.
    pub made_at: UnixMs,
    /// Whether it was revoked.
    pub is_revoked: bool,
}

impl Link {
    /// Whether it is a webhook, by which something is said, and nobody comes in.
    #[must_use]
    pub const fn is_hook(&self) -> bool {
        self.rights & HOOK != 0
    }

    /// Whether it lets somebody in at `now`.
    ///
    /// # Errors
    ///
    /// [`UseLinkError`] if not; never [`UseLinkError::Unknown`].
    pub fn check(&self, now: UnixMs) -> Result<(), UseLinkError> {
        if self.is_revoked {
            return Err(UseLinkError::Revoked);
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            return Err(UseLinkError::Expired);
        }
        if self.uses_left == Some(0) {
            return Err(UseLinkError::UsedUp);
        }
        Ok(())
    }
}

/// The columns of a link, as [`link`] reads them.
const COLUMNS: &str =
    "id, room, rights, capacity, expires_at, uses_left, made_by, made_at, is_revoked";

/// How many links a room has.
const COUNT: &str = "SELECT count(*) FROM link WHERE room = ?";

impl People {
    /// Makes a link whose token is made of `random`. It is kept as a hash: this is the only time it
    /// can be read. At the room's limit, links that are no longer good are forgotten first.
    ///
    /// # Errors
    ///
    /// [`MakeLinkError`]: none was made.
    pub fn make_link(
        &mut self,
        new: &NewLink,
        random: [u8; LINK_RANDOM_BYTES],
        now: UnixMs,
    ) -> Result<(LinkId, LinkToken), MakeLinkError> {
        let token = LinkToken::of_random(random);
        let hash = link_hash(token.as_str()).expect("a link's token looks like one");
        self.write("making a link", |transaction| {
            if !account::is_enabled(transaction, new.made_by)? {
                return Err(Refused::By(MakeLinkError::NoAccount));
            }
            if count(transaction, COUNT, new.room.0)? >= LINKS_PER_ROOM_MAX {
                forget_useless(transaction, new.room, now)?;
            }
            if count(transaction, COUNT, new.room.0)? >= LINKS_PER_ROOM_MAX {
                return Err(Refused::By(MakeLinkError::Full));
            }
            transaction
                .prepare_cached(
                    "INSERT INTO link (hash, room, rights, capacity, expires_at, uses_left,
                                       made_by, made_at, is_revoked)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
                )?
                .execute(params![
                    hash,
                    number(new.room.0),
                    new.rights,
                    new.capacity,
                    new.expires_at.map(ms),
                    new.uses,
                    number(new.made_by.0),
                    ms(now),
                ])?;
            Ok(LinkId(transaction.last_insert_rowid().cast_unsigned()))
        })
        .map(|id| (id, token))
    }

    /// The link of a token, good or not; `None` if there is none. Nothing is used up.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn link(&self, token: &str) -> Result<Option<Link>, StoreError> {
        let Some(hash) = link_hash(token) else { return Ok(None) };
        let find = || {
            let sql = format!("SELECT {COLUMNS} FROM link WHERE hash = ?");
            self.connection.prepare_cached(&sql)?.query_row([hash], link).optional()
        };
        find().map_err(failed("reading a link"))
    }

    /// Takes one use of a link, whole or not at all. The link as it is afterwards.
    ///
    /// # Errors
    ///
    /// [`UseLinkError`]: nothing was used up.
    pub fn use_link(&mut self, token: &str, now: UnixMs) -> Result<Link, UseLinkError> {
        let hash = link_hash(token).ok_or(UseLinkError::Unknown)?;
        self.write("using a link", |transaction| {
            let sql = format!("SELECT {COLUMNS} FROM link WHERE hash = ?");
            let found = transaction.prepare_cached(&sql)?.query_row([hash], link).optional()?;
            // A webhook is no way in.
            let found = found.filter(|found| !found.is_hook());
            let mut found = found.ok_or(Refused::By(UseLinkError::Unknown))?;
            found.check(now).map_err(Refused::By)?;
            if let Some(uses_left) = &mut found.uses_left {
                *uses_left -= 1;
                let sql = "UPDATE link SET uses_left = ? WHERE id = ?";
                let params = params![*uses_left, number(found.id.0)];
                transaction.prepare_cached(sql)?.execute(params)?;
            }
            Ok(found)
        })
    }

    /// Gives back a use of a link that came to nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: the use is lost.
    pub fn give_back_use(&mut self, link: LinkId) -> Result<(), StoreError> {
        self.write("giving back the use of a link", |transaction| {
            let sql = "UPDATE link SET uses_left = uses_left + 1
                       WHERE id = ? AND uses_left IS NOT NULL";
            transaction.prepare_cached(sql)?.execute(params![number(link.0)])?;
            Ok(())
        })
    }

    /// The links to a room, good or not, the oldest first: at most [`LINKS_PER_ROOM_MAX`].
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn links(&self, room: RoomId) -> Result<Vec<Link>, StoreError> {
        let read = || -> rusqlite::Result<Vec<_>> {
            let sql = format!("SELECT {COLUMNS} FROM link WHERE room = ? ORDER BY id");
            let mut select = self.connection.prepare_cached(&sql)?;
            select.query_map([number(room.0)], link)?.collect()
        };
        read().map_err(failed("reading links"))
    }

    /// Revokes a link to a room. Whether there was one that was not revoked.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: it is still good.
    pub fn revoke_link(&mut self, room: RoomId, link: LinkId) -> Result<bool, StoreError> {
        self.write("revoking a link", |transaction| {
            let sql = "UPDATE link SET is_revoked = 1 WHERE room = ? AND id = ? AND is_revoked = 0";
            let params = params![number(room.0), number(link.0)];
            Ok(transaction.prepare_cached(sql)?.execute(params)? > 0)
        })
    }
}

fn forget_useless(connection: &Connection, room: RoomId, now: UnixMs) -> rusqlite::Result<()> {
    let sql = "DELETE FROM link
               WHERE room = ? AND (is_revoked = 1 OR expires_at <= ? OR uses_left = 0)";
    connection.prepare_cached(sql)?.execute(params![number(room.0), ms(now)]).map(|_| ())
}

fn link(row: &Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link {
        id: LinkId(unsigned(row, 0)?),
        room: RoomId(unsigned(row, 1)?),
        rights: row.get(2)?,
        capacity: row.get(3)?,
        expires_at: moment(row, 4)?,
        uses_left: row.get(5)?,
        made_by: AccountId(unsigned(row, 6)?),
        made_at: UnixMs(unsigned(row, 7)?),
        is_revoked: row.get(8)?,
    })
}
