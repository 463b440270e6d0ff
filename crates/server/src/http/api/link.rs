//! Where a guest link leads to, for the page that says so.

use std::net::IpAddr;

use room::RoomName;
use store::people::{People, UseLinkError};

use super::Api;
use super::meter::Whose;
use crate::clock;
use crate::gateway::link::role_of;
use crate::http::link::Nowhere;
use crate::hub::{Ask, Reply};

/// What looking a link up costs of an address's limit.
const LOOK_COST: u32 = 1;

impl Api {
    /// Where that token leads to. Nothing is used up.
    pub(in crate::http) async fn leads(
        &self,
        token: &str,
        peer: IpAddr,
    ) -> Result<RoomName, Nowhere> {
        self.meters.take(Whose::Address(peer), LOOK_COST).map_err(|_| Nowhere::Busy)?;
        let token = token.to_owned();
        let look_up = move |people: &mut People| {
            let link = people.link(&token)?.filter(|link| role_of(link.rights).is_some());
            let link = link.ok_or(UseLinkError::Unknown)?;
            link.check(clock::now()).map(|()| link.room)
        };
        let room = self.parts.people.ask(look_up).await.map_err(|_| Nowhere::Busy)?;
        let room = room.map_err(|error| match error {
            UseLinkError::Unknown | UseLinkError::Revoked => Nowhere::Unknown,
            UseLinkError::Expired => Nowhere::Expired,
            UseLinkError::UsedUp => Nowhere::UsedUp,
            UseLinkError::Store(_) => Nowhere::Busy,
        })?;
        match self.parts.desk.ask(None, Ask::Named(room)).await {
            Reply::Named(Some(name)) => Ok(name),
            Reply::Named(None) => Err(Nowhere::Unknown),
            _ => Err(Nowhere::Busy),
        }
    }
}
