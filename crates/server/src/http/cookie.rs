//! The cookie in which the browser client keeps its token, where no script can read it.
//!
//! `HttpOnly` keeps it from scripts, `SameSite=Strict` from requests that other sites cause
//! (RFC 6265bis). It is taken for a token in two places only: the opening handshake of WebSocket
//! from a page of the server's own, and the end of the login. So no request that a page could be
//! made to send does anything by it.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use wire::Secret;

use crate::limits::TOKEN_LIFE;

/// Its name over a connection in the clear, as to this machine itself.
const NAME: &str = "papo-session";

/// Its name over TLS: a browser takes such a one only with `Secure`, and from nobody but the host
/// itself.
const HOST_NAME: &str = "__Host-papo-session";

/// Bytes of a token that is looked at; one of ours is far shorter.
const TOKEN_BYTES_MAX: usize = 256;

/// The token that a request brings along; that of the stricter cookie, then the first.
pub(super) fn token(headers: &HeaderMap) -> Option<Secret> {
    let value = value(headers, HOST_NAME).or_else(|| value(headers, NAME))?;
    let is_one = !value.is_empty() && value.len() <= TOKEN_BYTES_MAX;
    is_one.then(|| Secret::new(value.to_owned()))
}

fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The header that keeps a token, for as long as one may be good.
pub(super) fn keep(token: &Secret, is_encrypted: bool) -> String {
    set(token.reveal(), TOKEN_LIFE.as_secs(), is_encrypted)
}

/// The header that takes the cookie away.
pub(super) fn forget(is_encrypted: bool) -> String {
    set("", 0, is_encrypted)
}

fn set(value: &str, age_s: u64, is_encrypted: bool) -> String {
    let (name, secure) = if is_encrypted { (HOST_NAME, "; Secure") } else { (NAME, "") };
    format!("{name}={value}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Strict{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, line.parse().unwrap());
        }
        token(&headers).map(|token| token.reveal().to_owned())
    }

    #[test]
    fn a_token_is_found_among_other_cookies() {
        let token = Some("papo_3q2-7wAA".to_owned());
        assert_eq!(found(&["papo-session=papo_3q2-7wAA"]), token);
        assert_eq!(found(&["a=b; papo-session=papo_3q2-7wAA;c=d"]), token);
        assert_eq!(found(&["a=b", "papo-session=papo_3q2-7wAA"]), token);
        assert_eq!(found(&["papo-session=papo_3q2-7wAA; papo-session=x"]), token);
        assert_eq!(found(&["papo-session=x; __Host-papo-session=papo_3q2-7wAA"]), token);
        let long = format!("papo-session={}", "a".repeat(TOKEN_BYTES_MAX + 1));
        for none in ["", "a=b", "papo-session=", "papo-sessions=x", "xpapo-session=x", &long] {
            assert_eq!(found(&[none]), None, "{none}");
        }
    }

    #[test]
    fn no_script_reads_it_and_no_other_site_sends_it() {
        let token = Secret::new("papo_3q2".to_owned());
        let kept = "papo-session=papo_3q2; Path=/; Max-Age=15552000; HttpOnly; SameSite=Strict";
        assert_eq!(keep(&token, false), kept);
        assert_eq!(keep(&token, true), format!("__Host-{kept}; Secure"));
        assert!(forget(false).starts_with("papo-session=; Path=/; Max-Age=0; "));
    }
}
