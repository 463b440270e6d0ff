//! `papo admin`: the operator's work on accounts, on the data folder itself.
//!
//! It needs no server, and does no harm beside one: `people.db` takes one writer after the other.
//! Every change is in the audit log.

mod secret;

use std::io::Write;

use anyhow::{anyhow, bail};
use lang::Lang;
use room::Nick;
use room::limits::NAME_CHARS_MAX;
use store::people::{
    ACCOUNTS_MAX, Account, CreateError, Deed, Issued, PAGE_MAX, PasswordHash, People, TokenId,
};
use wire::calendar;

use crate::clock;
use crate::config::Config;
use crate::people::password::{
    PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, Password, PasswordError, SALT_BYTES,
};
use crate::random;
use secret::{Asking, ReadError};

/// What `papo admin` is told to do. Nicks are as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    /// Make an account.
    Create {
        /// Its nick.
        nick: String,
        /// Whether it administers the server; the first one does anyway.
        is_admin: bool,
    },
    /// Set an account's password.
    Password(String),
    /// Show the accounts.
    List,
    /// Keep an account from logging in.
    Disable(String),
    /// Let it log in again.
    Enable(String),
    /// Show an account's tokens.
    Tokens(String),
    /// Revoke one of them, by its number.
    Revoke(String, u64),
}

/// What the audit log calls whoever works on the data folder itself.
const ACTOR: &str = "papo admin";

/// Does it; what there is to tell goes to `output`.
///
/// # Errors
///
/// Why it was not done, in the operator's language.
pub(crate) fn run(task: &Task, config: &Config, output: &mut dyn Write) -> anyhow::Result<()> {
    let people = People::open(&config.data.folder)?;
    let mut desk = Desk { people, lang: config.server.lang, output };
    match task {
        Task::Create { nick, is_admin } => desk.create(nick, *is_admin),
        Task::Password(nick) => desk.set_password(nick),
        Task::List => desk.list(),
        Task::Disable(nick) => desk.set_disabled(nick, true),
        Task::Enable(nick) => desk.set_disabled(nick, false),
        Task::Tokens(nick) => desk.tokens(nick),
        Task::Revoke(nick, token) => desk.revoke(nick, *token),
    }
}

struct Desk<'o> {
    people: People,
    lang: Lang,
    output: &'o mut dyn Write,
}

impl Desk<'_> {
    fn create(&mut self, nick: &str, is_admin: bool) -> anyhow::Result<()> {
        let nick = self.nick(nick)?;
        let lang = self.lang;
        let taken =
            || anyhow!(lang.text_with("admin-nick-taken", &[("nick", nick.as_str().into())]));
        // Nobody should type a password for nothing.
        if self.people.account_by_nick(&nick)?.is_some() {
            return Err(taken());
        }
        let password = self.password(&nick)?;
        match self.people.create_account(&nick, &password, is_admin, clock::now()) {
            Ok(account) => {
                self.record("account-create", &account, account.is_admin.then_some("admin"))?;
                let is_first = account.is_admin && !is_admin;
                self.tell(if is_first { "admin-created-first" } else { "admin-created" }, &account)
            }
            Err(CreateError::NickTaken) => Err(taken()),
            Err(CreateError::Full) => {
                Err(anyhow!(self.lang.text_with("admin-full", &[("max", ACCOUNTS_MAX.into())])))
            }
            Err(CreateError::Store(error)) => Err(error.into()),
        }
    }

    fn set_password(&mut self, nick: &str) -> anyhow::Result<()> {
        let account = self.account(nick)?;
        let password = self.password(&account.nick)?;
        self.people.set_password(account.id, &password, None)?;
        self.record("account-password", &account, None)?;
        self.tell("admin-password-set", &account)
    }

    fn set_disabled(&mut self, nick: &str, is_disabled: bool) -> anyhow::Result<()> {
        let account = self.account(nick)?;
        self.people.set_disabled(account.id, is_disabled)?;
        let action = if is_disabled { "account-disable" } else { "account-enable" };
        self.record(action, &account, None)?;
        self.tell(if is_disabled { "admin-disabled" } else { "admin-enabled" }, &account)
    }

    fn list(&mut self) -> anyhow::Result<()> {
        let title = |name| self.lang.text(name);
        let mut head = format!(
            "{:>8}  {:16}  {}\n",
            title("admin-column-number"),
            title("admin-column-created"),
            title("admin-column-nick")
        );
        let mut last = None;
        loop {
            let page = self.people.accounts(last, PAGE_MAX)?;
            for account in &page {
                let line = self.account_line(account);
                self.output.write_all(std::mem::take(&mut head).as_bytes())?;
                self.output.write_all(line.as_bytes())?;
            }
            match page.last() {
                Some(account) => last = Some(account.id),
                None if last.is_none() => {
                    return Ok(writeln!(self.output, "{}", self.lang.text("admin-no-accounts"))?);
                }
                None => return Ok(()),
            }
        }
    }

    fn account_line(&self, account: &Account) -> String {
        let marks =
            [(account.is_admin, "admin-is-admin"), (account.is_disabled, "admin-is-disabled")];
        let marks: Vec<String> =
            marks.iter().filter(|(is, _)| *is).map(|(_, name)| self.lang.text(name)).collect();
        let marks =
            if marks.is_empty() { String::new() } else { format!("  ({})", marks.join(", ")) };
        format!(
            "{:>8}  {:16}  {}{marks}\n",
            account.id.0,
            calendar::minute(account.created_at),
            account.nick
        )
    }

    fn tokens(&mut self, nick: &str) -> anyhow::Result<()> {
        let account = self.account(nick)?;
        let tokens = self.people.tokens(account.id, clock::now())?;
        if tokens.is_empty() {
            return self.tell("admin-no-tokens", &account);
        }
        let title = |name| self.lang.text(name);
        writeln!(
            self.output,
            "{:>8}  {:16}  {:16}  {:16}  {}",
            title("admin-column-number"),
            title("admin-column-created"),
            title("admin-column-used"),
            title("admin-column-expires"),
            title("admin-column-label")
        )?;
        for Issued { id, label, created_at, last_used_at, expires_at } in tokens {
            writeln!(
                self.output,
                "{:>8}  {:16}  {:16}  {:16}  {}",
                id.0,
                calendar::minute(created_at),
                calendar::minute(last_used_at),
                expires_at.map_or_else(|| self.lang.text("admin-never"), calendar::minute),
                // Whoever asked for the token chose it.
                room::clean(&label)
            )?;
        }
        Ok(())
    }

    fn revoke(&mut self, nick: &str, token: u64) -> anyhow::Result<()> {
        let account = self.account(nick)?;
        let is_revoked = self.people.revoke_token(account.id, TokenId(token))?;
        let number = token.to_string();
        let arguments = [("nick", account.nick.as_str().into()), ("token", number.as_str().into())];
        if !is_revoked {
            bail!(self.lang.text_with("admin-no-token", &arguments));
        }
        self.record("token-revoke", &account, Some(&number))?;
        Ok(writeln!(self.output, "{}", self.lang.text_with("admin-revoked", &arguments))?)
    }

    fn nick(&self, text: &str) -> anyhow::Result<Nick> {
        Nick::parse(text).map_err(|_| {
            let text = room::clean(text);
            let max = NAME_CHARS_MAX as u64;
            let arguments = [("nick", (&*text).into()), ("max", max.into())];
            anyhow!(self.lang.text_with("admin-bad-nick", &arguments))
        })
    }

    fn account(&self, nick: &str) -> anyhow::Result<Account> {
        let nick = self.nick(nick)?;
        self.people.account_by_nick(&nick)?.ok_or_else(|| {
            anyhow!(self.lang.text_with("admin-no-account", &[("nick", nick.as_str().into())]))
        })
    }

    /// The hash of a password that the operator gives, on a terminal twice.
    fn password(&self, nick: &Nick) -> anyhow::Result<PasswordHash> {
        let lang = self.lang;
        let mut asking = Asking::start()?;
        let prompt = lang.text_with("admin-prompt", &[("nick", nick.as_str().into())]);
        let text = asking.next(&prompt).map_err(|error| why_unread(lang, error))?;
        let password = Password::chosen(&text).map_err(|error| why_refused(lang, error))?;
        if asking.is_asked() {
            let again = asking.next(&lang.text("admin-prompt-again"));
            if *again.map_err(|error| why_unread(lang, error))? != *text {
                bail!(lang.text("admin-passwords-differ"));
            }
        }
        drop(asking);
        Ok(password.hash(&random::bytes::<SALT_BYTES>()?)?)
    }

    fn record(
        &mut self,
        action: &str,
        account: &Account,
        detail: Option<&str>,
    ) -> anyhow::Result<()> {
        let subject = Some(account.nick.as_str());
        let deed = Deed { account: None, actor: ACTOR, action, room: None, subject, detail };
        self.people.record(&deed, clock::now())?;
        Ok(())
    }

    fn tell(&mut self, message: &str, account: &Account) -> anyhow::Result<()> {
        let text = self.lang.text_with(message, &[("nick", account.nick.as_str().into())]);
        Ok(writeln!(self.output, "{text}")?)
    }
}

fn why_unread(lang: Lang, error: ReadError) -> anyhow::Error {
    match error {
        ReadError::None => anyhow!(lang.text("admin-password-none")),
        ReadError::Long => why_refused(lang, PasswordError::Long),
        ReadError::NotUtf8 => why_refused(lang, PasswordError::Control),
        ReadError::Io(error) => error.into(),
    }
}

fn why_refused(lang: Lang, error: PasswordError) -> anyhow::Error {
    let (min, max) = (PASSWORD_CHARS_MIN as u64, PASSWORD_BYTES_MAX as u64);
    anyhow!(match error {
        PasswordError::Short => lang.text_with("admin-password-short", &[("min", min.into())]),
        PasswordError::Long => lang.text_with("admin-password-long", &[("max", max.into())]),
        PasswordError::Control => lang.text("admin-password-bad"),
    })
}
