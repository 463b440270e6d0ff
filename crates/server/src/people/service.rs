//! How a gateway asks for accounts: registering, logging in, tokens, and all else that is kept of
//! people.
//!
//! A login goes one way whether there is such an account or not: the same limits, the same look-up,
//! one hash of the same cost. Only then does it part.

use std::net::IpAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use room::{AccountId, Nick, UnixMs};
use store::StoreError;
use store::people::{
    Account, Bearer, CreateError, IssueError, LinkId, LinkToken, MakeLinkError, NewLink,
    PasswordHash, People, Token, TokenId,
};

use crate::clock;
use crate::config::Limits;
use crate::limits::{HASH_QUEUE_MAX, HASH_THREADS, PEOPLE_QUEUE_MAX, TOKEN_LIFE};
use crate::listen::address_key;
use crate::metrics::PeopleMetrics;
use crate::people::attempts::{Attempts, TooOften};
use crate::people::password::{self, HashError, Password};
use crate::people::pool::{Busy, Place, Pool};
use crate::random;

/// Somebody who has just shown who they are.
#[derive(Debug)]
pub(crate) struct LoggedIn {
    /// Whose account it is.
    pub(crate) account: Account,
    /// The number of the token.
    pub(crate) token_id: TokenId,
    /// The token, which nobody can read again.
    pub(crate) token: Token,
}

/// What keeps anything of the service from being done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Too much is asked of it.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no memory for a hash.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The system has no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(#[from] getrandom::Error),
}

/// Why nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogInError {
    /// Too many attempts; this one was not looked at.
    #[error(transparent)]
    TooOften(#[from] TooOften),
    /// There is no such account, or that is not its password: which of the two is not told.
    #[error("no such account, or another password")]
    Wrong,
    /// The password is right, and the account is disabled.
    #[error("the account is disabled")]
    Disabled,
    /// Anything else.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why nobody was registered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegisterError {
    /// Too many accounts from one address.
    #[error(transparent)]
    TooOften(#[from] TooOften),
    /// The nick belongs to an account.
    #[error("the nick belongs to an account")]
    NickTaken,
    /// There are as many accounts as there may be.
    #[error("there are as many accounts as there may be")]
    Full,
    /// Anything else.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// The way to the people; cheap to clone.
#[derive(Clone)]
pub(crate) struct Service {
    people: Pool<People>,
    hashers: Pool<()>,
    attempts: Arc<Attempts>,
    limits: Arc<Limits>,
}

impl Service {
    /// Starts its threads. They end when every clone is dropped.
    ///
    /// # Errors
    ///
    /// If the system gives no thread.
    pub(crate) fn spawn(
        people: People,
        limits: Limits,
        metrics: Arc<PeopleMetrics>,
    ) -> std::io::Result<(Self, Vec<JoinHandle<()>>)> {
        let (people, mut threads) = Pool::spawn("people", vec![people], PEOPLE_QUEUE_MAX)?;
        let (hashers, more) = Pool::spawn("hasher", vec![(); HASH_THREADS], HASH_QUEUE_MAX)?;
        threads.extend(more);
        let attempts = Arc::new(Attempts::new(metrics));
        Ok((Self { people, hashers, attempts, limits: Arc::new(limits) }, threads))
    }

    /// Makes an account for who comes from `address`, and logs it in with a token called `label`.
    ///
    /// # Errors
    ///
    /// [`RegisterError`]. If only the token could not be issued, the account is there: logging in
    /// is the way on.
    pub(crate) async fn register(
        &self,
        nick: Nick,
        password: Password,
        label: String,
        address: IpAddr,
    ) -> Result<LoggedIn, RegisterError> {
        let place = self.place()?;
        let asked = nick.clone();
        // Who owns a nick is no secret, and a hash for nothing is dear.
        let taken = self.kept(move |people| people.account_by_nick(&asked)).await?;
        if taken.is_some() {
            return Err(RegisterError::NickTaken);
        }
        self.attempts.register(self.limited(address), clock::now())?;
        let hash = self.hash(place, password).await?;
        let create =
            move |people: &mut People| people.create_account(&nick, &hash, false, clock::now());
        let account = match self.ask(create).await? {
            Ok(account) => account,
            Err(CreateError::NickTaken) => return Err(RegisterError::NickTaken),
            Err(CreateError::Full) => return Err(RegisterError::Full),
            Err(CreateError::Store(error)) => return Err(Failure::from(error).into()),
        };
        self.attempts.count(|metrics| metrics.registrations.add(1));
        match self.issue(account, label).await {
            Ok(logged_in) => Ok(logged_in),
            Err(LogInError::Failure(failure)) => Err(failure.into()),
            // Neither can be of an account that is new.
            Err(LogInError::TooOften(_) | LogInError::Wrong | LogInError::Disabled) => {
                Err(RegisterError::Failure(Busy.into()))
            }
        }
    }

    /// Logs in who comes from `address` and knows the password, with a token called `label`.
    ///
    /// # Errors
    ///
    /// [`LogInError`].
    pub(crate) async fn log_in(
        &self,
        nick: Nick,
        password: Password,
        label: String,
        address: IpAddr,
    ) -> Result<LoggedIn, LogInError> {
        let account = self.check(nick, password, address).await?;
        let logged_in = self.issue(account, label).await?;
        self.attempts.count(|metrics| metrics.logins.add(1));
        Ok(logged_in)
    }

    /// Whose good token a text is; `None` if it is none.
    ///
    /// # Errors
    ///
    /// [`Failure`].
    pub(crate) async fn by_token(&self, token: String) -> Result<Option<Bearer>, Failure> {
        let token = zeroize::Zeroizing::new(token);
        self.kept(move |people| people.account_of_token(&token, clock::now())).await
    }

    /// Makes a token called `label` for who shows one, good until `end`. Hers stays.
    ///
    /// # Errors
    ///
    /// [`Failure`], or why the accounts refuse it.
    pub(crate) async fn make_token(
        &self,
        bearer: &Bearer,
        label: String,
        end: UnixMs,
    ) -> Result<Result<(TokenId, Token), IssueError>, Failure> {
        let random = random::bytes()?;
        let by = (bearer.account.id, bearer.token);
        self.ask(move |people| {
            people.issue_further_token(by, &label, Some(end), random, clock::now())
        })
        .await
    }

    /// Ends the login that a token stands for.
    ///
    /// # Errors
    ///
    /// [`Failure`]: the token is still good.
    pub(crate) async fn log_out(&self, bearer: Bearer) -> Result<(), Failure> {
        self.kept(move |people| people.revoke_token(bearer.account.id, bearer.token)).await?;
        Ok(())
    }

    /// Sets a password in the place of `old`, and logs the account out everywhere but where it does
    /// this. Trying an old password counts as an attempt to log in.
    ///
    /// # Errors
    ///
    /// [`LogInError`]: the old password holds.
    #[cfg_attr(not(test), expect(dead_code, reason = "no protocol changes passwords yet"))]
    pub(crate) async fn change_password(
        &self,
        bearer: Bearer,
        old: Password,
        new: Password,
        address: IpAddr,
    ) -> Result<(), LogInError> {
        self.check(bearer.account.nick, old, address).await?;
        let hash = self.hash(self.place()?, new).await?;
        let (account, keep) = (bearer.account.id, Some(bearer.token));
        self.kept(move |people| people.set_password(account, &hash, keep)).await?;
        Ok(())
    }

    /// Makes a guest link.
    ///
    /// # Errors
    ///
    /// [`Failure`], or why the accounts refuse it.
    pub(crate) async fn make_link(
        &self,
        new: NewLink,
    ) -> Result<Result<(LinkId, LinkToken), MakeLinkError>, Failure> {
        let random = random::bytes()?;
        self.ask(move |people| people.make_link(&new, random, clock::now())).await
    }

    /// Asks the thread that owns the people: for tokens, links, markers and the audit log.
    ///
    /// # Errors
    ///
    /// [`Busy`], as a [`Failure`].
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut People) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        self.people.ask(job).await.map_err(|busy| self.busy(busy))
    }

    /// Asks for what only the disk can refuse.
    async fn kept<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut People) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        Ok(self.ask(job).await??)
    }

    /// The account of that nick and password. The way is the same, and as long, for an account
    /// that does not exist.
    async fn check(
        &self,
        nick: Nick,
        password: Password,
        address: IpAddr,
    ) -> Result<Account, LogInError> {
        // Before it counts as an attempt: so no more are remembered than are hashed.
        let place = self.place()?;
        self.attempts.log_in(self.limited(address), &nick, clock::now())?;
        let credentials = self.kept(move |people| people.credentials(&nick)).await?;
        let (account, kept) = credentials.map(|it| (it.account, it.password)).unzip();
        let salt = random::bytes().map_err(Failure::from)?;
        let verify = move |(): &mut ()| {
            let is_right = password.verify(kept.as_ref())?;
            let Some(old) = kept.filter(|kept| is_right && !password::is_current(kept)) else {
                return Ok((is_right, None));
            };
            let new = password.hash(&salt)?;
            Ok((is_right, Some((old, new))))
        };
        let verified: Result<_, HashError> =
            place.ask(verify).await.map_err(|busy| self.busy(busy))?;
        let (is_right, renewed) = verified.map_err(Failure::from)?;
        self.attempts.count(|metrics| metrics.hashes.add(1));
        let Some(account) = account.filter(|_| is_right) else {
            self.attempts.count(|metrics| metrics.login_failures.add(1));
            return Err(LogInError::Wrong);
        };
        if account.is_disabled {
            return Err(LogInError::Disabled);
        }
        if let Some((old, new)) = renewed {
            self.renew(account.id, old, new).await;
        }
        Ok(account)
    }

    /// Keeps a hash by today's parameters. The login goes on where that fails: the next one tries
    /// again.
    async fn renew(&self, account: AccountId, old: PasswordHash, new: PasswordHash) {
        let renewed = self.kept(move |people| people.rehash_password(account, &old, &new)).await;
        if let Err(error) = renewed {
            tracing::warn!(%error, "a password's hash could not be renewed");
        }
    }

    async fn issue(&self, account: Account, label: String) -> Result<LoggedIn, LogInError> {
        let random = random::bytes().map_err(Failure::from)?;
        let id = account.id;
        let issue = move |people: &mut People| {
            let now = clock::now();
            let life_ms = u64::try_from(TOKEN_LIFE.as_millis()).unwrap_or(u64::MAX);
            let end = UnixMs(now.0.saturating_add(life_ms));
            people.issue_token(id, &label, Some(end), random, now)
        };
        match self.ask(issue).await? {
            Ok((token_id, token)) => Ok(LoggedIn { account, token_id, token }),
            // Disabled between the two.
            Err(IssueError::NoAccount) => Err(LogInError::Disabled),
            Err(IssueError::Store(error)) => Err(Failure::from(error).into()),
        }
    }

    async fn hash(
        &self,
        place: Place<'_, ()>,
        password: Password,
    ) -> Result<PasswordHash, Failure> {
        let salt = random::bytes()?;
        let hash = move |(): &mut ()| password.hash(&salt);
        let hash = place.ask(hash).await.map_err(|busy| self.busy(busy))??;
        self.attempts.count(|metrics| metrics.hashes.add(1));
        Ok(hash)
    }

    /// A place among those whose password is hashed.
    fn place(&self) -> Result<Place<'_, ()>, Failure> {
        self.hashers.place().map_err(|busy| self.busy(busy))
    }

    fn busy(&self, busy: Busy) -> Failure {
        self.attempts.count(|metrics| metrics.busy.add(1));
        busy.into()
    }

    /// What counts as the address; `None` if no limit per address holds for it.
    fn limited(&self, address: IpAddr) -> Option<IpAddr> {
        let address = address.to_canonical();
        (!self.limits.trusts(address)).then(|| address_key(address))
    }
}

#[cfg(test)]
mod tests;
