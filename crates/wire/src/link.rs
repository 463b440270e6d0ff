//! Guest links, as they are written and shown.

use room::{AccountId, Role, UnixMs};

/// What stands before the token in a link's path. No name has a `/`, so that no room's name is
/// taken for a link.
pub const LINK_PATH: &str = "/i/";

/// What is known of a guest link that was made; its token is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeLink {
    /// Its number.
    pub number: u64,
    /// When it was made.
    pub at: UnixMs,
    /// Who made it.
    pub account: AccountId,
    /// Guests that may be in by it at the same time.
    pub capacity: Option<u32>,
    /// How often it may still be used.
    pub uses: Option<u32>,
    /// Until when it is good.
    pub until: Option<UnixMs>,
    /// What a guest is in the room by it.
    pub role: Role,
    /// Whether it was revoked.
    pub is_revoked: bool,
}

/// What a guest link that is to be made shall be good for; as it is by itself, for everything and
/// for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedLink {
    /// Guests that may be in by it at the same time; `None`: any number.
    pub capacity: Option<u32>,
    /// How often it may be used; `None`: as often as one likes.
    pub uses: Option<u32>,
    /// How long it shall be good, in milliseconds; `None`: until it is revoked.
    pub for_ms: Option<u64>,
    /// What a guest is in the room by it: no more than [`Role::Member`].
    pub role: Role,
}

impl Default for WantedLink {
    fn default() -> Self {
        Self { capacity: None, uses: None, for_ms: None, role: Role::Guest }
    }
}

/// Whether that is a link with its path, `/i/<token>`, or a whole address that ends so.
#[must_use]
pub fn has_link_path(text: &str) -> bool {
    text.contains(LINK_PATH)
}

/// The token of a link: of its path, of a whole address, or as it is. Whether it is one is for the
/// server to say.
#[must_use]
pub fn link_token(text: &str) -> &str {
    let token = text.rsplit_once(LINK_PATH).map_or(text, |(_, token)| token);
    token.split(['?', '#', '/']).next().unwrap_or_default()
}

/// The path of a link.
#[must_use]
pub fn link_path(token: &str) -> String {
    format!("{LINK_PATH}{token}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_wherever_it_stands() {
        for text in [
            "3q2-7wAA",
            "/i/3q2-7wAA",
            "http://papo.example/i/3q2-7wAA",
            "https://papo.example:7777/i/3q2-7wAA/?app#x",
            "https://papo.example/#/i/3q2-7wAA",
        ] {
            assert_eq!(link_token(text), "3q2-7wAA", "{text}");
        }
        for none in ["", "/i/", "/"] {
            assert_eq!(link_token(none), "", "{none}");
        }
    }

    #[test]
    fn no_name_is_taken_for_a_link() {
        assert!(room::RoomName::parse(&link_path("a")).is_err());
        assert!(!has_link_path("3q2-7wAA"));
    }
}
