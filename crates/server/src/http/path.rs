//! From the path of a URL to the path of a file, as pure text.
//!
//! The walls stand twice: what leads upwards or aside in any spelling does not get past here, and
//! what does get past is opened beneath the folder only ([`super::folder`]).

use std::path::PathBuf;

/// A file's path inside the folder of pages, for the path of a URL as it came.
///
/// A path that ends with `/` is that folder's `index.html`. `None`: nothing can have that path.
/// That is so for an empty, a dotted (`.`, `..`, `.git`) or a badly encoded segment, and for a
/// segment with a separator or a control character in it, however they are written.
pub(super) fn resolve(url_path: &str) -> Option<PathBuf> {
    let segments = url_path.strip_prefix('/')?;
    let mut path = PathBuf::new();
    let mut segments = segments.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if segment.is_empty() && is_last {
            path.push("index.html");
            break;
        }
        path.push(decode(segment).filter(|name| is_plain(name))?);
    }
    Some(path)
}

fn is_plain(name: &str) -> bool {
    let separates = |character: char| matches!(character, '/' | '\\') || character.is_control();
    !name.is_empty() && !name.starts_with('.') && !name.contains(separates)
}

/// Percent-decoding, once (RFC 3986, section 2.1).
fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let ([high, low], after) = rest.split_first_chunk()?;
        bytes.push(hex(*high)? << 4 | hex(*low)?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_lead_to_files() {
        for (url_path, file) in [
            ("/", "index.html"),
            ("/index.html", "index.html"),
            ("/x", "x"),
            ("/a/b.css", "a/b.css"),
            ("/a/", "a/index.html"),
            ("/a%20b", "a b"),
            ("/sa%C3%ADda.txt", "saída.txt"),
            ("/a%2Eb", "a.b"),
            ("/a..b", "a..b"),
            ("/100%25", "100%"),
            ("/%252e%252e", "%2e%2e"),
            ("/~ana/+&=:;", "~ana/+&=:;"),
        ] {
            assert_eq!(resolve(url_path).as_deref(), Some(Path::new(file)), "{url_path}");
        }
    }

    #[test]
    fn what_leads_elsewhere_leads_nowhere() {
        for url_path in [
            "",
            "*",
            "x",
            "//",
            "//etc/passwd",
            "/a//b",
            "/..",
            "/../x",
            "/a/../b",
            "/a/..",
            "/.",
            "/./x",
            "/%2e%2e/x",
            "/.%2e/x",
            "/%2E./x",
            "/..%2fx",
            "/%2f",
            "/%2fetc%2fpasswd",
            "/a%2fb",
            "/a%5cb",
            "/a\\b",
            "/..\\x",
            "/%5c%5chost",
            "/%00",
            "/x%00.html",
            "/a%0a",
            "/a%7f",
            "/%",
            "/%2",
            "/%zz",
            "/%c0%ae%c0%ae/x",
            "/%ff",
            "/%c2%80",
            "/.git/config",
            "/.htpasswd",
            "/a/.env",
            "/%2egit",
            "/.well-known/x",
        ] {
            assert_eq!(resolve(url_path), None, "{url_path}");
        }
    }

    proptest! {
        #[test]
        fn a_file_is_always_beneath_the_folder(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "/", "//", ".", "..", "%2e", "%2E", "%2f", "%5c", "\\", "%00", "%25", "%", "a",
                    "index.html", "%c0%af", "é", "~", "C:", "\u{0}",
                ]),
                0..12,
            ),
            noise in any::<String>(),
        ) {
            let pieces = pieces.concat();
            for url_path in [pieces.clone(), format!("/{pieces}"), format!("/{noise}")] {
                if let Some(path) = resolve(&url_path) {
                    prop_assert!(path.components().count() > 0);
                    for component in path.components() {
                        let Component::Normal(name) = component else {
                            return Err(TestCaseError::fail(format!("{url_path:?} -> {path:?}")));
                        };
                        let name = name.to_str().expect("UTF-8");
                        prop_assert!(!name.starts_with('.') && !name.contains(['\0', '\\']));
                    }
                }
            }
        }
    }
}
