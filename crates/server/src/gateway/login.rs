//! Who is logged in on a connection, whatever its protocol.

use store::people::Bearer;
use wire::Secret;

use crate::hub::{Refused, Reply};
use crate::shard::{Conn, Shard};

/// An account on a connection.
pub(crate) struct Login {
    bearer: Bearer,
    /// What logs in again; there until she is told, if a password logged in.
    token: Option<Secret>,
    /// The hub has let her in.
    is_in: bool,
}

impl Login {
    /// Of someone who has been verified; the hub does not know yet.
    pub(super) const fn new(bearer: Bearer, token: Option<Secret>) -> Self {
        Self { bearer, token, is_in: false }
    }

    /// Whose account it is, and by which token.
    pub(super) const fn bearer(&self) -> &Bearer {
        &self.bearer
    }
}

/// Who is logged in there.
pub(super) fn bearer(conn: &Conn) -> Option<Bearer> {
    let state = conn.state.borrow();
    let login = state.rare.as_ref().and_then(|rare| rare.login.as_ref());
    login.filter(|login| login.is_in).map(|login| login.bearer.clone())
}

/// Whether passwords and tokens may go over a connection: it is encrypted, or comes from where the
/// operator says that nobody listens.
pub(super) fn is_private(shard: &Shard, conn: &Conn) -> bool {
    conn.stream.is_encrypted() || shard.config.accounts.is_private(conn.permit.peer())
}

/// She is logged in; whose account it is, and what logs in again.
pub(super) fn let_in(conn: &Conn) -> Option<(Bearer, Option<Secret>)> {
    let mut state = conn.state.borrow_mut();
    let login = state.rare.as_mut()?.login.as_mut()?;
    login.is_in = true;
    Some((login.bearer.clone(), login.token.take()))
}

/// Takes in what the hub's answer says of the login, before she is told.
pub(super) fn answered(shard: &Shard, conn: &Conn, reply: &Reply) {
    match reply {
        Reply::LoggedOut => conn.state.borrow_mut().rare().login = None,
        Reply::Refused(refused) => refuse(shard, conn, refused),
        _ => {}
    }
}

/// The hub does not let her in: what was issued to her is good for nothing.
fn refuse(shard: &Shard, conn: &Conn, refused: &Refused) {
    let mut state = conn.state.borrow_mut();
    let Some(rare) = &mut state.rare else { return };
    let Some(Login { bearer, token, .. }) = rare.login.take_if(|login| !login.is_in) else {
        return;
    };
    tracing::debug!(?refused, "a login was refused by the rooms");
    if token.is_some() {
        let people = shard.config.people.clone();
        tokio::task::spawn_local(async move {
            if let Err(error) = people.log_out(bearer).await {
                tracing::warn!(%error, "a token that nobody has could not be revoked");
            }
        });
    }
}
