//! The requests that only some may make: `kick` and those that keep order beside it.

use room::limits::{PENALTY_MS_MAX, TEXT_BYTES_MAX};
use room::{Addresses, Order, Retention, Role, Text, Visibility, Whom};

use super::fault::{Fault, Kind};
use super::limits::FIELD_BYTES_MAX;
use super::parse::Reader;
use super::request::Asked;

/// Bytes of an address or a range of them: an IPv6 address has 45, the length of a range 4.
const ADDRESSES_BYTES_MAX: usize = 49;

/// Takes the fields of an order.
type ReadOrder<R> = fn(&mut R) -> Result<Order, Fault>;

impl Reader<'_> {
    /// What a verb asks for; `None`: it is none of these.
    pub(super) fn asked_to_keep_order(&mut self, verb: &str) -> Option<Result<Asked, Fault>> {
        match verb {
            "purge" => return Some(self.purge()),
            "audit" => return Some(self.audit()),
            "earlier" => return Some(self.earlier()),
            "bans" => return Some(self.room().map(Asked::InForce)),
            _ => {}
        }
        let order = Self::order_named(verb)?;
        Some(self.order(order))
    }

    /// How the order of a verb is read; `None`: it is none.
    pub(crate) fn order_named(verb: &str) -> Option<ReadOrder<Self>> {
        let order: ReadOrder<Self> = match verb {
            "kick" => Self::kick,
            "ban" => Self::ban,
            "unban" => |reader| Ok(Order::Unban { whom: reader.whom()? }),
            "mute" => Self::mute,
            "unmute" => |reader| Ok(Order::Unmute { nick: reader.nick("nick")? }),
            "slow-mode" => |reader| Ok(Order::SlowMode { seconds: reader.small("seconds")? }),
            "filter" => Self::filter,
            "raid" => |reader| Ok(Order::Raid { on: reader.on()? }),
            "role" => Self::set_role,
            "invite" => Self::invite,
            "visibility" => |reader| {
                let visibility = reader.visibility()?;
                visibility
                    .map(Order::Visibility)
                    .ok_or_else(|| Fault::Missing("visibility".to_owned()))
            },
            "retention" => |reader| {
                let messages = reader.optional("messages", Self::number)?.unwrap_or(0);
                let days = reader.optional("days", Self::small)?.unwrap_or(0);
                Ok(Order::Retention(Retention { messages, days }))
            },
            "capacity" => |reader| reader.small("capacity").map(Order::Capacity),
            _ => return None,
        };
        Some(order)
    }

    fn order(
        &mut self,
        order: impl FnOnce(&mut Self) -> Result<Order, Fault>,
    ) -> Result<Asked, Fault> {
        let room = self.room()?;
        let order = Box::new(order(self)?);
        Ok(Asked::Order { room, order })
    }

    fn purge(&mut self) -> Result<Asked, Fault> {
        let (room, nick) = (self.room()?, self.nick("nick")?);
        Ok(Asked::Purge { room, nick, last_ms: self.last_ms()? })
    }

    pub(crate) fn last_ms(&mut self) -> Result<Option<u64>, Fault> {
        match self.optional("last_ms", Self::number)? {
            Some(0) => Err(self.invalid("last_ms", Kind::Limit)),
            last_ms => Ok(last_ms),
        }
    }

    fn audit(&mut self) -> Result<Asked, Fault> {
        let room = self.room()?;
        Ok(Asked::Audit { room, before: self.optional("before", Self::seq)?, limit: self.limit()? })
    }

    fn earlier(&mut self) -> Result<Asked, Fault> {
        Ok(Asked::Earlier { room: self.room()?, seq: self.seq("seq")? })
    }

    fn kick(&mut self) -> Result<Order, Fault> {
        Ok(Order::Kick { nick: self.nick("nick")?, reason: self.reason()? })
    }

    fn ban(&mut self) -> Result<Order, Fault> {
        let (whom, for_ms) = (self.whom()?, self.for_ms()?);
        Ok(Order::Ban { whom, for_ms, reason: self.reason()? })
    }

    fn mute(&mut self) -> Result<Order, Fault> {
        let (nick, for_ms) = (self.nick("nick")?, self.for_ms()?);
        Ok(Order::Mute { nick, for_ms, reason: self.reason()? })
    }

    fn filter(&mut self) -> Result<Order, Fault> {
        let pattern = self.text("pattern", TEXT_BYTES_MAX)?;
        let pattern = Text::new(&pattern).ok_or_else(|| self.invalid("pattern", Kind::Text))?;
        Ok(Order::Filter { pattern, on: self.on()? })
    }

    fn set_role(&mut self) -> Result<Order, Fault> {
        Ok(Order::SetRole { nick: self.nick("nick")?, role: self.role("role")? })
    }

    fn invite(&mut self) -> Result<Order, Fault> {
        let nick = self.nick("nick")?;
        let role = self.optional("role", Self::role)?.unwrap_or(Role::Member);
        Ok(Order::Invite { nick, role })
    }

    /// Someone by her nick, or an address or a range of them.
    fn whom(&mut self) -> Result<Whom, Fault> {
        let addresses = self.optional("addresses", |reader, name| {
            let addresses = reader.text(name, ADDRESSES_BYTES_MAX)?;
            addresses.parse::<Addresses>().map_err(|_| reader.invalid(name, Kind::Addresses))
        })?;
        match addresses {
            Some(addresses) => Ok(Whom::Addresses(addresses)),
            None => self.nick("nick").map(Whom::Nick),
        }
    }

    fn for_ms(&mut self) -> Result<Option<u64>, Fault> {
        match self.optional("for_ms", Self::number)? {
            Some(0) => Err(self.invalid("for_ms", Kind::Limit)),
            Some(for_ms) if for_ms > PENALTY_MS_MAX => {
                Err(Fault::TooLarge("for_ms".to_owned(), PENALTY_MS_MAX))
            }
            for_ms => Ok(for_ms),
        }
    }

    fn reason(&mut self) -> Result<Option<Text>, Fault> {
        self.optional("reason", Self::line)
    }

    pub(super) fn role(&mut self, name: &'static str) -> Result<Role, Fault> {
        match &*self.text(name, FIELD_BYTES_MAX)? {
            "owner" => Ok(Role::Owner),
            "moderator" => Ok(Role::Moderator),
            "member" => Ok(Role::Member),
            "guest" => Ok(Role::Guest),
            _ => Err(self.invalid(name, Kind::Role)),
        }
    }

    /// `None`: it is not said.
    pub(crate) fn visibility(&mut self) -> Result<Option<Visibility>, Fault> {
        self.optional("visibility", |reader, name| match &*reader.text(name, FIELD_BYTES_MAX)? {
            "public" => Ok(Visibility::Public),
            "unlisted" => Ok(Visibility::Unlisted),
            "private" => Ok(Visibility::Private),
            _ => Err(reader.invalid(name, Kind::Visibility)),
        })
    }
}
