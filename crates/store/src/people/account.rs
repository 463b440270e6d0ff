//! Accounts: who owns a nick, and by which password.

use room::{AccountId, Nick, UnixMs};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::StoreError;
use crate::people::limits::ACCOUNTS_MAX;
use crate::people::{
    CreateError, PasswordHash, People, Refused, TokenId, failed, ms, number, page, unsigned,
};

/// A person that owns a nick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number; never given again.
    pub id: AccountId,
    /// The nick that only its owner may take.
    pub nick: Nick,
    /// When it was made.
    pub created_at: UnixMs,
    /// Whether it administers the server. The first account does.
    pub is_admin: bool,
    /// Whether it may not log in any more. Its nick stays taken.
    pub is_disabled: bool,
}

/// What a login is checked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Whose.
    pub account: Account,
    /// The hash that the password must answer.
    pub password: PasswordHash,
}

/// The columns of an account, as [`account`] reads them.
pub(super) const COLUMNS: &str =
    "account.id, account.nick, account.created_at, account.is_admin, account.is_disabled";

/// How many columns these are.
pub(super) const COLUMNS_COUNT: usize = 5;

impl People {
    /// Makes an account. The first one administers the server, whatever `is_admin` says.
    ///
    /// # Errors
    ///
    /// [`CreateError`]: nothing was made.
    pub fn create_account(
        &mut self,
        nick: &Nick,
        password: &PasswordHash,
        is_admin: bool,
        now: UnixMs,
    ) -> Result<Account, CreateError> {
        self.write("making an account", |transaction| {
            // None is ever removed, so the last number says how many there are.
            let sql = "SELECT ifnull(max(id), 0) FROM account";
            let count = transaction.prepare_cached(sql)?.query_row([], |row| unsigned(row, 0))?;
            if by_nick(transaction, nick, |_| Ok(()))?.is_some() {
                return Err(Refused::By(CreateError::NickTaken));
            }
            if count >= ACCOUNTS_MAX {
                return Err(Refused::By(CreateError::Full));
            }
            let is_admin = is_admin || count == 0;
            transaction
                .prepare_cached(
                    "INSERT INTO account
                         (nick, nick_key, password, created_at, is_admin, is_disabled)
                     VALUES (?, ?, ?, ?, ?, 0)",
                )?
                .execute(params![
                    nick.as_str(),
                    nick.key(),
                    password.as_str(),
                    ms(now),
                    is_admin
                ])?;
            let id = AccountId(transaction.last_insert_rowid().cast_unsigned());
            Ok(Account { id, nick: nick.clone(), created_at: now, is_admin, is_disabled: false })
        })
    }

    /// Who owns a nick, disabled or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn account_by_nick(&self, nick: &Nick) -> Result<Option<Account>, StoreError> {
        by_nick(&self.connection, nick, account).map_err(failed("reading an account"))
    }

    /// The account of that number, disabled or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn account_by_number(&self, number: AccountId) -> Result<Option<Account>, StoreError> {
        let before = AccountId(number.0.saturating_sub(1));
        let next = self.accounts(Some(before), 1)?;
        Ok(next.into_iter().find(|account| account.id == number))
    }

    /// What a login under a nick is checked by.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn credentials(&self, nick: &Nick) -> Result<Option<Credentials>, StoreError> {
        by_nick(&self.connection, nick, |row| {
            let password = PasswordHash::new(row.get(COLUMNS_COUNT)?);
            Ok(Credentials { account: account(row)?, password })
        })
        .map_err(failed("reading an account"))
    }

    /// At most `limit` accounts (and [`super::PAGE_MAX`]) after one, in the order in which they
    /// were made.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn accounts(
        &self,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        let after = after.map_or(0, |after| number(after.0));
        let read = || -> rusqlite::Result<Vec<_>> {
            let sql = format!("SELECT {COLUMNS} FROM account WHERE id > ? ORDER BY id LIMIT ?");
            let mut select = self.connection.prepare_cached(&sql)?;
            select.query_map(params![after, page(limit)], account)?.collect()
        };
        read().map_err(failed("reading the accounts"))
    }

    /// Every nick that is owned, and by whom.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn owners(&self) -> Result<Vec<(Nick, AccountId)>, StoreError> {
        let read = || -> rusqlite::Result<Vec<_>> {
            let sql = format!("SELECT {COLUMNS} FROM account ORDER BY id");
            let mut select = self.connection.prepare(&sql)?;
            let rows = select.query_map([], account)?;
            rows.map(|row| row.map(|account| (account.nick, account.id))).collect()
        };
        read().map_err(failed("reading the accounts"))
    }

    /// Sets a password and revokes the account's tokens but `keep`, so that who came in by the old
    /// one is out. Whether there is such an account.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: the old password holds.
    pub fn set_password(
        &mut self,
        account: AccountId,
        password: &PasswordHash,
        keep: Option<TokenId>,
    ) -> Result<bool, StoreError> {
        self.write("setting a password", |transaction| {
            let sql = "UPDATE account SET password = ?2 WHERE id = ?1";
            let params = params![number(account.0), password.as_str()];
            let is_there = transaction.prepare_cached(sql)?.execute(params)? > 0;
            revoke_all(transaction, account, keep)?;
            Ok(is_there)
        })
    }

    /// Puts another hash of the same password in the place of `from`, as a login does when the
    /// parameters have changed. Nothing happens if the password was changed meanwhile.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: the old hash holds.
    pub fn rehash_password(
        &mut self,
        account: AccountId,
        from: &PasswordHash,
        to: &PasswordHash,
    ) -> Result<(), StoreError> {
        self.write("renewing a password's hash", |transaction| {
            let sql = "UPDATE account SET password = ?3 WHERE id = ?1 AND password = ?2";
            let params = params![number(account.0), from.as_str(), to.as_str()];
            transaction.prepare_cached(sql)?.execute(params)?;
            Ok(())
        })
    }

    /// Disables an account and revokes its tokens, or enables it. Whether there is such an account.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: nothing has changed.
    pub fn set_disabled(
        &mut self,
        account: AccountId,
        is_disabled: bool,
    ) -> Result<bool, StoreError> {
        self.write("disabling an account", |transaction| {
            let sql = "UPDATE account SET is_disabled = ?2 WHERE id = ?1";
            let params = params![number(account.0), is_disabled];
            let is_there = transaction.prepare_cached(sql)?.execute(params)? > 0;
            if is_disabled {
                revoke_all(transaction, account, None)?;
            }
            Ok(is_there)
        })
    }
}

fn by_nick<T>(
    connection: &Connection,
    nick: &Nick,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    let sql = format!("SELECT {COLUMNS}, password FROM account WHERE nick_key = ?");
    connection.prepare_cached(&sql)?.query_row([nick.key()], read).optional()
}

/// Whether there is an account that may do something.
pub(super) fn is_enabled(connection: &Connection, account: AccountId) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM account WHERE id = ? AND is_disabled = 0";
    connection.prepare_cached(sql)?.exists([number(account.0)])
}

fn revoke_all(
    connection: &Connection,
    account: AccountId,
    keep: Option<TokenId>,
) -> rusqlite::Result<()> {
    let sql = "DELETE FROM token WHERE account = ? AND id IS NOT ?";
    let params = params![number(account.0), keep.map(|keep| number(keep.0))];
    connection.prepare_cached(sql)?.execute(params).map(|_| ())
}

/// Reads an account from a row that begins with [`COLUMNS`].
pub(super) fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    let nick = Nick::parse(row.get_ref(1)?.as_str()?).map_err(|cause| {
        rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(cause))
    })?;
    Ok(Account {
        id: AccountId(unsigned(row, 0)?),
        nick,
        created_at: UnixMs(unsigned(row, 2)?),
        is_admin: row.get(3)?,
        is_disabled: row.get(4)?,
    })
}
