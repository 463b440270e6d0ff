//! What happens to accounts beside the sessions: `papo admin` works on the file while the server
//! runs, and tokens expire. The hub is told of it within a few [`TICK`]s.

use room::AccountId;
use store::StoreError;
use store::people::PAGE_MAX;
use tokio::sync::{mpsc, oneshot};
use tokio::time::interval;

use super::{Failure, Service};
use crate::clock;
use crate::hub::ToHub;
use crate::limits::{LOGIN_CHECK_TICKS, TICK};

/// Looks at the accounts, and tells the hub.
pub(crate) struct Watch {
    people: Service,
    hub: mpsc::Sender<ToHub>,
    /// The last account that the hub knows of.
    last: Option<AccountId>,
    /// The version of the file when it was last looked at.
    version: Option<i64>,
    /// How many more times every login is to be looked at.
    checks_due: u32,
    ticks: u64,
}

/// A login that is under way while the file changes may reach the hub after the first check.
const CHECKS_AFTER_CHANGE: u32 = 2;

impl Watch {
    /// Of a hub that knows the accounts up to `last`.
    pub(crate) const fn new(
        people: Service,
        hub: mpsc::Sender<ToHub>,
        last: Option<AccountId>,
    ) -> Self {
        Self { people, hub, last, version: None, checks_due: 0, ticks: 0 }
    }

    /// Looks every [`TICK`], for as long as it is let.
    pub(crate) async fn run(mut self) {
        let mut ticks = interval(TICK);
        loop {
            ticks.tick().await;
            // What could not be done now is still due at the next tick.
            if let Err(failure) = self.look().await {
                tracing::warn!(error = %failure, "the accounts could not be looked at");
            }
        }
    }

    async fn look(&mut self) -> Result<(), Failure> {
        let last = self.last;
        let look = move |people: &mut store::people::People| -> Result<_, StoreError> {
            Ok((people.version_elsewhere()?, people.accounts(last, PAGE_MAX)?))
        };
        let (version, accounts) = self.people.ask(look).await??;
        if let Some(account) = accounts.last() {
            self.last = Some(account.id);
            let owners = accounts.into_iter().map(|account| (account.nick, account.id)).collect();
            // The hub outlives everyone who tells it something.
            let _ = self.hub.send(ToHub::Own(owners)).await;
        }
        if self.version.replace(version).is_some_and(|before| before != version) {
            self.checks_due = CHECKS_AFTER_CHANGE;
        }
        self.ticks += 1;
        if self.ticks.is_multiple_of(LOGIN_CHECK_TICKS) {
            self.checks_due = self.checks_due.max(1);
        }
        if self.checks_due > 0 {
            self.check().await?;
            self.checks_due -= 1;
        }
        Ok(())
    }

    /// Ends the logins whose token is good no more.
    async fn check(&self) -> Result<(), Failure> {
        let (answer, logins) = oneshot::channel();
        let _ = self.hub.send(ToHub::Logins(answer)).await;
        let Ok(logins) = logins.await else { return Ok(()) };
        for page in logins.chunks(PAGE_MAX) {
            let tokens: Vec<_> = page.iter().map(|(_, token)| *token).collect();
            let look = move |people: &mut store::people::People| {
                people.ended_tokens(&tokens, clock::now())
            };
            let ended = self.people.ask(look).await??;
            for (account, token) in page.iter().filter(|(_, token)| ended.contains(token)) {
                let ended = ToHub::Ended { account: *account, token: *token };
                let _ = self.hub.send(ended).await;
            }
        }
        Ok(())
    }
}
