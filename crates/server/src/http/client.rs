//! The browser client, which `build.rs` put into the program.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use bytes::Bytes;

use super::answer::{self, Content};
use super::conditional::Validators;
use super::kind;

/// Nothing from elsewhere, no script or style inside a page, nothing as HTML but through Svelte's
/// own templates, and no worker but the one of `web/src/state/update.svelte.ts`.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; \
                      worker-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'; require-trusted-types-for 'script'; \
                      trusted-types svelte-trusted-html papo";

/// The powers a page may ask a browser for that the client does not ask for.
const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/// Where the client's files with a hash in their names are: what has another content has another
/// name.
const HASHED: &str = "assets/";

/// First segments of the paths that are places in the client: a room, words with someone, a guest
/// link.
const PLACES: [&str; 3] = ["/r/", "/d/", "/i/"];

/// One file of the client.
struct File {
    path: &'static str,
    bytes: &'static [u8],
    gzip: Option<&'static [u8]>,
    tag: &'static str,
}

/// All of them, by path; none if the program was built without.
static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/web.rs"));

/// Whether there is a client.
pub(super) fn is_there() -> bool {
    !FILES.is_empty()
}

/// Whether the path of a URL is a place in the client, which its one page shows; where there is no
/// client, the page that says so.
pub(super) fn is_place(url_path: &str) -> bool {
    PLACES.iter().any(|start| url_path.len() > start.len() && url_path.starts_with(start))
}

/// Answers with the client's file of this path, if it has it.
pub(super) fn answer(method: &Method, headers: &HeaderMap, path: &str) -> Option<Response<Body>> {
    let file = FILES.iter().find(|file| file.path == path)?;
    let gzip = file.gzip.filter(|_| takes_gzip(headers));
    let etag = format!("\"{}{}\"", file.tag, if gzip.is_some() { "-gz" } else { "" });
    let bytes = Bytes::from_static(gzip.unwrap_or(file.bytes));
    let content = Content::Bytes(bytes, Validators { etag, modified: None });
    let mut response = answer::page(method, headers, content, kind::of(path.as_ref()));
    let fields = response.headers_mut();
    if file.gzip.is_some() {
        fields.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if gzip.is_some() {
        fields.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if path.starts_with(HASHED) {
        let forever = "public, max-age=31536000, immutable";
        fields.insert(CACHE_CONTROL, HeaderValue::from_static(forever));
    }
    fields.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    for (name, value) in
        [("cross-origin-opener-policy", "same-origin"), ("permissions-policy", PERMISSIONS)]
    {
        fields.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    Some(response)
}

/// Whether the client takes gzip (RFC 9110, section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim().eq_ignore_ascii_case("gzip") && weight.parse().is_ok_and(|q: f32| q > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_who_takes_it() {
        for (field, takes) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=x", false),
            ("br", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, field.parse().unwrap())]);
            assert_eq!(takes_gzip(&headers), takes, "{field}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn places_have_a_name_behind_them() {
        for (path, place) in [
            ("/r/redes", true),
            ("/r/redes/12", true),
            ("/d/bia", true),
            ("/i/papo_abc", true),
            ("/r/", false),
            ("/r", false),
            ("/x/y", false),
            ("/", false),
        ] {
            assert_eq!(is_place(path), place, "{path}");
        }
    }

    #[test]
    fn every_file_has_a_kind_and_the_page_runs_nothing_inside_it() {
        for file in FILES {
            assert_ne!(kind::of(file.path.as_ref()), "application/octet-stream", "{}", file.path);
        }
        if let Some(page) = FILES.iter().find(|file| file.path == "index.html") {
            let page = std::str::from_utf8(page.bytes).unwrap();
            assert!(!page.contains("<style") && !page.contains("onclick"), "{page}");
            assert!(page.split("<script").skip(1).all(|tag| tag.contains(" src=")), "{page}");
        }
    }
}
