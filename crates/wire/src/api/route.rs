//! Which operation a method and a path mean.

use std::borrow::Cow;

use super::ROOT;

/// A method that some path takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Look. `HEAD` is the same without the body.
    Get,
    /// Do, or make.
    Post,
    /// Set.
    Put,
    /// Change.
    Patch,
    /// Take away.
    Delete,
}

impl Method {
    /// As it stands in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Anyone.
    Open,
    /// Anyone, but a password is in it: over a connection that is encrypted or local.
    Password,
    /// Who shows a token.
    Token,
    /// The browser client: who shows a token, and no page of another origin.
    OwnPage,
    /// The browser client, which shows what it may not read itself: a cookie.
    Cookie,
    /// Anyone; who shows a token is told more.
    Either,
}

macro_rules! routes {
    ($($operation:ident $method:ident $path:literal $door:ident $help:literal,)*) => {
        /// What can be asked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Operation {
            $(#[doc = $help] $operation,)*
        }

        impl Operation {
            /// Its name in the code and, with a small first letter, in the document.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$operation => stringify!($operation),)*
                }
            }

            /// Who may ask for it.
            #[must_use]
            pub const fn door(self) -> Door {
                match self {
                    $(Self::$operation => Door::$door,)*
                }
            }
        }

        /// Every operation: its method, its path beneath [`ROOT`] and what it does.
        pub const ROUTES: &[(Operation, Method, &str, &str)] = &[
            $((Operation::$operation, Method::$method, $path, $help),)*
        ];
    };
}

routes! {
    Describe Get "/openapi.json" Open "This description, for programs",
    Explain Get "/docs" Open "This description, for people",
    Register Post "/accounts" Password "Make an account, and a token for it",
    LogIn Post "/login" Password "Get a token for a password",
    OpenSession Post "/session" OwnPage "Keep one's login in a cookie, as the browser client does",
    EndSession Delete "/session" Cookie "End the login that is kept in the cookie",
    Me Get "/me" Token "Whose token it is",
    Tokens Get "/tokens" Token "One's tokens",
    MakeToken Post "/tokens" Token "Make a token, as for a bot",
    RevokeToken Delete "/tokens/{number}" Token "Revoke one of one's tokens",
    Person Get "/people/{nick}" Token "Who owns a nick",
    Rooms Get "/rooms" Either "The public rooms; with a token, what one has in rooms too",
    CreateRoom Post "/rooms" Token "Make a room, without entering it",
    Room Get "/rooms/{room}" Token "A room",
    SetRoom Patch "/rooms/{room}" Token "Set one thing of a room",
    Members Get "/rooms/{room}/members" Token "Who is in a room",
    History Get "/rooms/{room}/messages" Token "A page of what was said",
    Say Post "/rooms/{room}/messages" Token "Say something",
    Message Get "/rooms/{room}/messages/{seq}" Token "One message",
    Earlier Get "/rooms/{room}/messages/{seq}/earlier" Token "What a message ever said",
    Edit Patch "/rooms/{room}/messages/{seq}" Token "Give one's message another text",
    Delete Delete "/rooms/{room}/messages/{seq}" Token "Take a message back",
    React Put "/rooms/{room}/messages/{seq}/reactions/{emoji}" Token "Give a message an emoji",
    Unreact Delete "/rooms/{room}/messages/{seq}/reactions/{emoji}" Token
        "Take one's emoji away",
    Pin Put "/rooms/{room}/messages/{seq}/pin" Token "Pin a message",
    Unpin Delete "/rooms/{room}/messages/{seq}/pin" Token "Take a pin away",
    Read Put "/rooms/{room}/read/{seq}" Token "Say how far one has read a room",
    Pins Get "/rooms/{room}/pins" Token "The pinned messages",
    Search Get "/rooms/{room}/search" Token "The messages that have all these words",
    Events Get "/rooms/{room}/events" Token "What happens in a room, as it happens",
    Moderation Get "/rooms/{room}/moderation" Token "What those with rights have laid down",
    Moderate Post "/rooms/{room}/moderation" Token "Keep order",
    Audit Get "/rooms/{room}/audit" Token "Who did what of that",
    Links Get "/rooms/{room}/links" Token "The guest links to a room",
    MakeLink Post "/rooms/{room}/links" Token "Make a guest link",
    RevokeLink Delete "/rooms/{room}/links/{number}" Token "Revoke a guest link",
    Hooks Get "/rooms/{room}/hooks" Token "The webhooks of a room",
    MakeHook Post "/rooms/{room}/hooks" Token "Make a webhook",
    RevokeHook Delete "/rooms/{room}/hooks/{number}" Token "Revoke a webhook",
    Hook Post "/hooks/{hook}" Open "Say something by a webhook",
}

/// Why a method and a path mean nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Miss {
    /// Nothing has that path.
    NoRoute,
    /// The path takes these methods.
    Method(Vec<Method>),
}

/// The parts of a path that a route leaves open, by name, in their order.
pub type Params = Vec<(&'static str, String)>;

/// Whether a path is one of the API's.
#[must_use]
pub fn is_ours(path: &str) -> bool {
    path.strip_prefix("/api").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a method and a path (as they came, without a query) mean. `HEAD` is taken for `GET`.
///
/// # Errors
///
/// [`Miss`].
pub fn find(method: &str, path: &str) -> Result<(Operation, Params), Miss> {
    let beneath = path.strip_prefix(ROOT).ok_or(Miss::NoRoute)?;
    let method = if method == "HEAD" { "GET" } else { method };
    let mut taken = Vec::new();
    for (operation, route_method, pattern, _) in ROUTES {
        let Some(params) = fit(pattern, beneath) else { continue };
        if route_method.as_str() == method {
            return Ok((*operation, params));
        }
        taken.push(*route_method);
    }
    Err(if taken.is_empty() { Miss::NoRoute } else { Miss::Method(taken) })
}

fn fit(pattern: &'static str, path: &str) -> Option<Params> {
    let mut params = Params::new();
    let (mut patterns, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), segments.next()) {
            (None, None) => return Some(params),
            (Some(pattern), Some(segment)) => {
                match pattern.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                    Some(name) => params.push((name, decode(segment, false)?.into_owned())),
                    None if pattern == segment => {}
                    None => return None,
                }
            }
            (None, Some(_)) | (Some(_), None) => return None,
        }
    }
}

/// The names and values of a query; `None` if it is badly encoded.
pub(super) fn query(query: &str) -> Option<Vec<(Cow<'_, str>, Cow<'_, str>)>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let decoded = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((decode(name, true)?, decode(value, true)?))
    });
    decoded.collect()
}

/// Percent-decoding, once (RFC 3986, section 2.1); in a query `+` is a space, as HTML's forms have
/// it.
fn decode(text: &str, is_query: bool) -> Option<Cow<'_, str>> {
    let is_plain = |byte: u8| byte != b'%' && !(is_query && byte == b'+');
    if text.bytes().all(is_plain) {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => {
                let ([high, low], after) = rest.split_first_chunk()?;
                bytes.push(hex(*high)? << 4 | hex(*low)?);
                rest = after;
            }
            b'+' if is_query => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// A text as a segment of a path (RFC 3986, section 2.1).
#[must_use]
pub fn encode(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
    encoded
}

const HEX: [char; 16] =
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
