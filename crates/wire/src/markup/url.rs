//! Addresses that a message may link to, and where they stand in a text.

use std::ops::Range;

use room::clean;

/// Bytes of a link's address; a longer one is text. Browsers and proxies take no less.
pub const URL_BYTES_MAX: usize = 2048;

/// An address that is safe to follow: `http`, `https` or `mailto` (RFC 3986, section 3.1), the
/// scheme in lower case, without white space, backslashes or characters that cannot be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url(String);

impl Url {
    /// Checks that `text` is such an address; `None` if it is not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > URL_BYTES_MAX || text.contains(is_never_in_url) || clean(text) != text {
            return None;
        }
        let (scheme, rest) = text.split_once(':')?;
        let scheme = scheme.to_ascii_lowercase();
        let is_whole = match &*scheme {
            "http" | "https" => rest.strip_prefix("//").is_some_and(|rest| {
                rest.starts_with(|first: char| first.is_alphanumeric() || first == '[')
            }),
            "mailto" => rest.starts_with(|first: char| first.is_alphanumeric()),
            _ => false,
        };
        is_whole.then(|| Self(format!("{scheme}:{rest}")))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first bare `http` or `https` URL of a text, and where it stands; `before` is the character
/// before the text.
pub(super) fn first_url(text: &str, before: Option<char>) -> Option<(Range<usize>, Url)> {
    let mut from = 0;
    while let Some(separator) = text[from..].find("://").map(|at| from + at) {
        from = separator + "://".len();
        let Some(start) = scheme_start(text, separator, before) else { continue };
        let end = from + length(&text[from..]);
        let end = start + trimmed(&text[start..end]).len();
        if let Some(url) = Url::parse(&text[start..end]) {
            return Some((start..end, url));
        }
        from = from.max(end);
    }
    None
}

/// Where the scheme that ends at `separator` begins, if it is ours and begins a word.
fn scheme_start(text: &str, separator: usize, before: Option<char>) -> Option<usize> {
    let head = &text[..separator];
    let scheme = ["https", "http"].into_iter().find(|scheme| {
        head.len()
            .checked_sub(scheme.len())
            .is_some_and(|start| head.as_bytes()[start..].eq_ignore_ascii_case(scheme.as_bytes()))
    })?;
    let start = separator - scheme.len();
    let before = text[..start].chars().next_back().or(before);
    (!before.is_some_and(char::is_alphanumeric)).then_some(start)
}

/// Bytes of a bare URL after its `://`. A square bracket that it has not opened ends it too: what
/// follows is the rest of a `[link](…)` that is text.
fn length(rest: &str) -> usize {
    let mut opened = 0_usize;
    let ends = |character| match character {
        '[' => {
            opened += 1;
            false
        }
        ']' => match opened.checked_sub(1) {
            Some(left) => {
                opened = left;
                false
            }
            None => true,
        },
        _ => ends_url(character),
    };
    rest.find(ends).unwrap_or(rest.len())
}

/// Without the punctuation that belongs to the sentence rather than to the URL. A bracket is the
/// URL's if the URL opened it (as GitHub's Markdown does, section 6.9 of its specification).
fn trimmed(mut url: &str) -> &str {
    let count = |bracket: char| url.matches(bracket).count();
    let mut unopened = [('(', ')'), ('{', '}')]
        .map(|(open, close)| (close, count(close).saturating_sub(count(open))));
    while let Some(last) = url.chars().next_back() {
        if let Some((_, left)) = unopened.iter_mut().find(|(close, _)| *close == last) {
            if *left == 0 {
                break;
            }
            *left -= 1;
        } else if !matches!(
            last,
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '&' | '='
        ) {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

/// What ends a bare URL: also the punctuation of languages that put no space after it.
fn ends_url(character: char) -> bool {
    is_never_in_url(character)
        || character.is_control()
        || matches!(
            character,
            '…' | '“'
                | '”'
                | '‘'
                | '’'
                | '«'
                | '»'
                | '、'
                | '。'
                | '，'
                | '！'
                | '？'
                | '；'
                | '：'
                | '（'
                | '）'
                | '「'
                | '」'
                | '『'
                | '』'
                | '【'
                | '】'
                | '《'
                | '》'
        )
}

/// White space, what RFC 3986 excludes in section 2 and browsers read in their own way, and what is
/// drawn as nothing.
fn is_never_in_url(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '<' | '>' | '"' | '`' | '\\' | '\u{AD}' | '\u{61C}' | '\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_or_refused() {
        for (text, url) in [
            ("http://x", "http://x"),
            ("HTTPS://Papo.example/A", "https://Papo.example/A"),
            ("https://[::1]:80/", "https://[::1]:80/"),
            ("https://jacaré.example/é", "https://jacaré.example/é"),
            ("mailto:ana@example.org", "mailto:ana@example.org"),
        ] {
            assert_eq!(Url::parse(text).unwrap().as_str(), url);
        }
        let long = format!("http://{}", "x".repeat(URL_BYTES_MAX));
        assert!(Url::parse(&long[..URL_BYTES_MAX]).is_some());
        for text in [
            &long[..=URL_BYTES_MAX],
            "",
            "x",
            "//x",
            "http:",
            "http://",
            "http:///x",
            "http:x",
            "mailto:",
            "javascript://x",
            "java\nscript:x",
            " http://x",
            "http://x y",
            "http://x\\@y",
            "http://x\0",
            "http://x\u{202e}",
            "http://x\u{200b}y",
            "http://\"x",
        ] {
            assert_eq!(Url::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_bare_url_ends_where_a_reader_ends_it() {
        for (text, found) in [
            ("veja https://x.example/a?b=c#d.", "https://x.example/a?b=c#d"),
            ("(http://x/a_(b))", "http://x/a_(b)"),
            ("http://x/)))))", "http://x/"),
            ("[http://x]", "http://x"),
            ("[http://x](y)", "http://x"),
            ("“http://x”", "http://x"),
            ("http://x。続き", "http://x"),
            ("**http://x**", "http://x"),
            ("http:// http://y", "http://y"),
            ("ahttp://x http://y", "http://y"),
            ("ftp://x, HTTP://y, z", "HTTP://y"),
            ("http://[::1]:80/", "http://[::1]:80/"),
            ("http://x\u{202e}y", "http://x"),
        ] {
            let (range, _) = first_url(text, None).expect(text);
            assert_eq!(&text[range], found);
        }
        for text in ["http://", "http://.", "xhttps://y", "file://x", "https//x", "é://"] {
            assert_eq!(first_url(text, None), None, "{text:?}");
        }
        assert_eq!(first_url("http://x", Some('a')), None);
    }
}
