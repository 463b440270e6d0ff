//! What a session asks of those who keep the accounts.

use std::net::IpAddr;

use room::{AccountId, Nick, RoomId, Seq};
use store::people::{Bearer, MarkError};
use wire::json::{Answer, Problem, Secret};

use crate::people::password::Password;
use crate::people::{LoggedIn, Service, failed, not_logged_in, not_registered};

/// One thing to ask.
pub(super) enum Errand {
    /// Log in with a password; the token gets that label.
    LogIn(Nick, Password, String),
    /// Log in with a token.
    LogInByToken(Secret),
    /// Make an account and log in to it; the token gets that label.
    Register(Nick, Password, String),
    /// End the login.
    LogOut(Bearer),
    /// Keep how far a room was read.
    Read(AccountId, RoomId, Seq),
}

/// What comes of an errand: who is logged in from then on, if that changes, and the answer.
pub(super) type Outcome = (Option<Option<Bearer>>, Result<Answer, Problem>);

impl Errand {
    /// Runs it for who comes from `address`.
    pub(super) async fn run(self, people: &Service, address: IpAddr) -> Outcome {
        match self {
            Self::LogIn(nick, password, label) => {
                match people.log_in(nick, password, label, address).await {
                    Ok(logged_in) => welcome(logged_in),
                    Err(error) => (None, Err(not_logged_in(error))),
                }
            }
            Self::Register(nick, password, label) => {
                match people.register(nick.clone(), password, label, address).await {
                    Ok(logged_in) => welcome(logged_in),
                    Err(error) => (None, Err(not_registered(error, nick))),
                }
            }
            Self::LogInByToken(token) => match people.by_token(token.reveal().to_owned()).await {
                Ok(Some(bearer)) => {
                    let (account, number) = (bearer.account.nick.clone(), bearer.account.id);
                    (Some(Some(bearer)), Ok(Answer::LoggedIn { account, number, token: None }))
                }
                Ok(None) => (None, Err(Problem::LogInFailed)),
                Err(failure) => (None, Err(failed(&failure))),
            },
            Self::LogOut(bearer) => match people.log_out(bearer).await {
                Ok(()) => (Some(None), Ok(Answer::Done)),
                Err(failure) => (None, Err(failed(&failure))),
            },
            Self::Read(account, room, seq) => {
                let marked = people.ask(move |people| people.set_marker(account, room, seq)).await;
                let answer = match marked {
                    // Of too many rooms the oldest markers stay; the account may just be gone.
                    Ok(Ok(_) | Err(MarkError::Full | MarkError::NoAccount)) => Ok(Answer::Done),
                    Ok(Err(MarkError::Store(error))) => Err(failed(&error.into())),
                    Err(failure) => Err(failed(&failure)),
                };
                (None, answer)
            }
        }
    }
}

fn welcome(logged_in: LoggedIn) -> Outcome {
    let LoggedIn { account, token_id, token } = logged_in;
    let answer = Answer::LoggedIn {
        account: account.nick.clone(),
        number: account.id,
        token: Some(Secret::new(token.as_str().to_owned())),
    };
    (Some(Some(Bearer { account, token: token_id })), Ok(answer))
}
