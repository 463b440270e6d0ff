//! The requests that have to do with guest links.

use room::{Invitation, Role};

use super::fault::{Fault, Kind};
use super::limits::LINK_BYTES_MAX;
use super::parse::Reader;
use super::request::Asked;
use crate::{Secret, WantedLink, link_token};

impl Reader<'_> {
    pub(super) fn enter_by_link(&mut self) -> Result<Asked, Fault> {
        let link = self.text("link", LINK_BYTES_MAX)?;
        Ok(Asked::EnterByLink {
            link: Secret::new(link_token(&link).to_owned()),
            nick: self.optional("nick", Self::nick)?,
            after: self.optional("after", Self::seq)?,
        })
    }

    pub(super) fn asked_of_links(&mut self, verb: &str) -> Result<Asked, Fault> {
        let room = self.room()?;
        match verb {
            "links" => Ok(Asked::Links(room)),
            "revoke-link" => Ok(Asked::RevokeLink(room, self.number("number")?)),
            _ => Ok(Asked::MakeLink(room, self.wanted_link()?)),
        }
    }

    pub(crate) fn wanted_link(&mut self) -> Result<WantedLink, Fault> {
        let capacity = self.optional("capacity", Self::one_or_more)?;
        let uses = self.optional("uses", Self::one_or_more)?;
        let for_ms = self.optional("for_ms", Self::number)?;
        if for_ms == Some(0) {
            return Err(self.invalid("for_ms", Kind::Limit));
        }
        let role = self.optional("role", Self::link_role)?.unwrap_or(Role::Guest);
        Ok(WantedLink { capacity, uses, for_ms, role })
    }

    fn one_or_more(&mut self, name: &'static str) -> Result<u32, Fault> {
        match self.small(name)? {
            0 => Err(self.invalid(name, Kind::Limit)),
            number => Ok(number),
        }
    }

    fn link_role(&mut self, name: &'static str) -> Result<Role, Fault> {
        let role = self.role(name)?;
        let is_for_guests = Invitation::ROLES.contains(&role);
        if is_for_guests { Ok(role) } else { Err(self.invalid(name, Kind::Role)) }
    }
}
