//! Tokens: what a device or a program is known by after its login.

use room::{AccountId, UnixMs};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::StoreError;
use crate::people::account::{self, Account, COLUMNS, COLUMNS_COUNT};
use crate::people::limits::{LAST_USED_STEP_MS, TOKEN_RANDOM_BYTES, TOKENS_PER_ACCOUNT_MAX};
use crate::people::secret::{Token, token_hash};
use crate::people::{
    IssueError, People, Refused, count, cut, failed, moment, ms, number, unsigned,
};

/// Names a token where the token itself must not stand. Given once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub u64);

/// What is known of a token that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Its number.
    pub id: TokenId,
    /// What its owner sees it as: a device, a program.
    pub label: String,
    /// When it was issued.
    pub created_at: UnixMs,
    /// When it was last used, at most [`LAST_USED_STEP_MS`] behind; the moment of issue if never.
    pub last_used_at: UnixMs,
    /// From when it is no longer good; `None`: until it is revoked.
    pub expires_at: Option<UnixMs>,
}

/// Who shows a good token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// Whose it is.
    pub account: Account,
    /// Which it is.
    pub token: TokenId,
}

impl People {
    /// Issues a token made of `random` to an account. It is kept as a hash: this is the only time
    /// it can be read. Of as many as there may be the one goes that was not used for longest.
    ///
    /// # Errors
    ///
    /// [`IssueError`]: none was issued.
    pub fn issue_token(
        &mut self,
        account: AccountId,
        label: &str,
        expires_at: Option<UnixMs>,
        random: [u8; TOKEN_RANDOM_BYTES],
        now: UnixMs,
    ) -> Result<(TokenId, Token), IssueError> {
        self.issue((account, None), label, expires_at, random, now)
    }

    /// The same, asked for by who shows a token: that one stays, however long ago it was used.
    ///
    /// # Errors
    ///
    /// [`IssueError`]: none was issued.
    pub fn issue_further_token(
        &mut self,
        (account, this): (AccountId, TokenId),
        label: &str,
        expires_at: Option<UnixMs>,
        random: [u8; TOKEN_RANDOM_BYTES],
        now: UnixMs,
    ) -> Result<(TokenId, Token), IssueError> {
        self.issue((account, Some(this)), label, expires_at, random, now)
    }

    fn issue(
        &mut self,
        (account, keep): (AccountId, Option<TokenId>),
        label: &str,
        expires_at: Option<UnixMs>,
        random: [u8; TOKEN_RANDOM_BYTES],
        now: UnixMs,
    ) -> Result<(TokenId, Token), IssueError> {
        let token = Token::of_random(random);
        let hash = token_hash(token.as_str()).expect("a token looks like one");
        self.write("issuing a token", |transaction| {
            if !account::is_enabled(transaction, account)? {
                return Err(Refused::By(IssueError::NoAccount));
            }
            forget_expired(transaction, account, now)?;
            let sql = "SELECT count(*) FROM token WHERE account = ?";
            if count(transaction, sql, account.0)? >= TOKENS_PER_ACCOUNT_MAX {
                let sql = "DELETE FROM token WHERE id = (SELECT id FROM token
                           WHERE account = ?1 AND id IS NOT ?2
                           ORDER BY last_used_at, id LIMIT 1)";
                let keep = keep.map(|keep| number(keep.0));
                transaction.prepare_cached(sql)?.execute(params![number(account.0), keep])?;
            }
            transaction
                .prepare_cached(
                    "INSERT INTO token
                         (hash, account, label, created_at, last_used_at, expires_at)
                     VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
                )?
                .execute(params![
                    hash,
                    number(account.0),
                    cut(label),
                    ms(now),
                    expires_at.map(ms)
                ])?;
            Ok(TokenId(transaction.last_insert_rowid().cast_unsigned()))
        })
        .map(|id| (id, token))
    }

    /// Who a text is a good token of; `None` if it is none, if it has expired, or if the account
    /// is disabled. All of these take the same look-up.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn account_of_token(&self, token: &str, now: UnixMs) -> Result<Option<Bearer>, StoreError> {
        let Some(hash) = token_hash(token) else { return Ok(None) };
        let find = || {
            let sql = format!(
                "SELECT {COLUMNS}, token.id, token.last_used_at, token.expires_at
                 FROM token JOIN account ON account.id = token.account WHERE token.hash = ?"
            );
            self.connection.prepare_cached(&sql)?.query_row([hash], found).optional()
        };
        let found = find().map_err(failed("reading a token"))?;
        let Some(Found { bearer, last_used_at, expires_at }) = found else { return Ok(None) };
        if bearer.account.is_disabled || expires_at.is_some_and(|end| end <= now) {
            return Ok(None);
        }
        if now.since(last_used_at) >= LAST_USED_STEP_MS {
            let used = || {
                let sql = "UPDATE token SET last_used_at = ?2 WHERE id = ?1 AND last_used_at < ?2";
                let params = params![number(bearer.token.0), ms(now)];
                self.connection.prepare_cached(sql)?.execute(params)
            };
            // It is as good as before where this cannot be written down.
            if let Err(cause) = used() {
                tracing::warn!(%cause, "the last use of a token could not be written down");
            }
        }
        Ok(Some(bearer))
    }

    /// The tokens of an account that are good, the oldest first: at most
    /// [`TOKENS_PER_ACCOUNT_MAX`].
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn tokens(&self, account: AccountId, now: UnixMs) -> Result<Vec<Issued>, StoreError> {
        let read = || -> rusqlite::Result<Vec<_>> {
            let sql = "SELECT id, label, created_at, last_used_at, expires_at FROM token
                       WHERE account = ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY id";
            let mut select = self.connection.prepare_cached(sql)?;
            select.query_map(params![number(account.0), ms(now)], issued)?.collect()
        };
        read().map_err(failed("reading tokens"))
    }

    /// Which of these tokens are good no more: revoked, expired, or of a disabled account.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn ended_tokens(
        &self,
        tokens: &[TokenId],
        now: UnixMs,
    ) -> Result<Vec<TokenId>, StoreError> {
        let read = || -> rusqlite::Result<Vec<_>> {
            let sql = "SELECT 1 FROM token JOIN account ON account.id = token.account
                       WHERE token.id = ? AND is_disabled = 0
                           AND (expires_at IS NULL OR expires_at > ?)";
            let mut select = self.connection.prepare_cached(sql)?;
            let mut ended = Vec::new();
            for token in tokens {
                if !select.exists(params![number(token.0), ms(now)])? {
                    ended.push(*token);
                }
            }
            Ok(ended)
        };
        read().map_err(failed("reading tokens"))
    }

    /// Revokes a token of an account. Whether it had it.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: it is still good.
    pub fn revoke_token(&mut self, account: AccountId, token: TokenId) -> Result<bool, StoreError> {
        self.write("revoking a token", |transaction| {
            let sql = "DELETE FROM token WHERE account = ? AND id = ?";
            let params = params![number(account.0), number(token.0)];
            Ok(transaction.prepare_cached(sql)?.execute(params)? > 0)
        })
    }
}

struct Found {
    bearer: Bearer,
    last_used_at: UnixMs,
    expires_at: Option<UnixMs>,
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let account = account::account(row)?;
    Ok(Found {
        bearer: Bearer { account, token: TokenId(unsigned(row, COLUMNS_COUNT)?) },
        last_used_at: UnixMs(unsigned(row, COLUMNS_COUNT + 1)?),
        expires_at: moment(row, COLUMNS_COUNT + 2)?,
    })
}

fn issued(row: &Row<'_>) -> rusqlite::Result<Issued> {
    Ok(Issued {
        id: TokenId(unsigned(row, 0)?),
        label: row.get(1)?,
        created_at: UnixMs(unsigned(row, 2)?),
        last_used_at: UnixMs(unsigned(row, 3)?),
        expires_at: moment(row, 4)?,
    })
}

/// What is no longer good makes room for what is to be.
fn forget_expired(
    connection: &Connection,
    account: AccountId,
    now: UnixMs,
) -> rusqlite::Result<()> {
    let sql = "DELETE FROM token WHERE account = ? AND expires_at <= ?";
    connection.prepare_cached(sql)?.execute(params![number(account.0), ms(now)]).map(|_| ())
}
