//! The pages that papo brings along: how to enter, and that there is nothing here.
//!
//! They are whole in themselves, so that they work on a machine without any other network.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use axum::body::Body;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use bytes::Bytes;
use lang::Lang;

use super::answer::{self, Content};
use super::client;
use super::conditional::Validators;
use super::gate::Entry;
use super::language;

/// Nothing from anywhere but the style inside the page and the icon.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) const HTML: &str = "text/html; charset=utf-8";

/// Both pages in all languages.
#[derive(Debug)]
pub(super) struct Builtin {
    entrance: [Page; Lang::ALL.len()],
    missing: [Page; Lang::ALL.len()],
}

impl Builtin {
    /// Puts the pages together.
    pub(super) fn new() -> Self {
        Self {
            entrance: Lang::ALL.map(|lang| Page::new(include_str!("builtin/page.html"), lang)),
            missing: Lang::ALL.map(|lang| Page::new(include_str!("builtin/missing.html"), lang)),
        }
    }

    /// Answers with the page that says how to enter by `entry`.
    pub(super) fn entrance(
        &self,
        method: &Method,
        headers: &HeaderMap,
        entry: &Entry,
    ) -> Response<Body> {
        let page = &self.entrance[language::wanted(headers) as usize];
        page.finish(answer::page(
            method,
            headers,
            page.fill(&Filling { entry: entry.clone(), ..Filling::default() }),
            HTML,
        ))
    }

    /// Answers that there is nothing here.
    pub(super) fn missing(&self, method: &Method, headers: &HeaderMap) -> Response<Body> {
        let page = &self.missing[language::wanted(headers) as usize];
        let content = page.fill(&Filling::default());
        page.finish(answer::failure(StatusCode::NOT_FOUND, method, content, HTML))
    }
}

/// One page in one language.
#[derive(Debug)]
pub(super) struct Page {
    lang: Lang,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Html(String),
    Host,
    Port,
    Of(Slot),
}

/// What only a link's page has.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Room,
    Path,
    Qr,
    Reason,
}

/// What a page is filled in with.
#[derive(Debug, Default)]
pub(super) struct Filling<'f> {
    pub(super) entry: Entry,
    pub(super) room: &'f str,
    pub(super) path: &'f str,
    /// A drawing, as HTML.
    pub(super) qr: &'f str,
    pub(super) reason: &'f str,
}

impl Page {
    /// Fills in everything that is known before anyone asks.
    pub(super) fn new(template: &str, lang: Lang) -> Self {
        let mut parts = Vec::new();
        let mut html = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").expect("the templates are well formed");
            html.push_str(before);
            match name {
                "host" => parts.extend([cut(&mut html), Part::Host]),
                "port" => parts.extend([cut(&mut html), Part::Port]),
                "room" => parts.extend([cut(&mut html), Part::Of(Slot::Room)]),
                "path" => parts.extend([cut(&mut html), Part::Of(Slot::Path)]),
                "qr" => parts.extend([cut(&mut html), Part::Of(Slot::Qr)]),
                "reason" => parts.extend([cut(&mut html), Part::Of(Slot::Reason)]),
                "lang" => html.push_str(lang.tag()),
                "style" => html.push_str(include_str!("builtin/style.css")),
                "mark" => html.push_str(include_str!("builtin/mark.svg").trim_end()),
                "browser" if client::is_there() => {
                    let link = escape(&lang.text("web-browser"));
                    write!(html, "<a href=\"/\">{link}</a>").expect("a string takes everything");
                }
                "browser-link" if client::is_there() => {
                    let text = escape(&lang.text("web-link-browser"));
                    write!(html, "<a class=\"button\" href=\"?app\">{text}</a>")
                        .expect("a string takes everything");
                }
                "browser" | "browser-link" => {
                    html.push_str(&escape(&lang.text("web-browser-missing")));
                }
                "icon" => html.push_str(include_str!("builtin/icon.html").trim_end()),
                id => html.push_str(&escape(&lang.text(id))),
            }
            rest = after;
        }
        html.push_str(rest);
        parts.push(Part::Html(html));
        Self { lang, parts }
    }

    pub(super) fn fill(&self, filling: &Filling<'_>) -> Content {
        let Filling { entry, room, path, qr, reason } = filling;
        let mut html = String::new();
        for part in &self.parts {
            match (part, &entry.host) {
                (Part::Html(part), _) => html.push_str(part),
                (Part::Host, Some(host)) => html.push_str(&escape(host)),
                (Part::Host, None) => html.push_str(&escape(&self.lang.text("web-host-unknown"))),
                (Part::Port, Some(_)) => {
                    write!(html, "{}", entry.port).expect("a string takes everything");
                }
                (Part::Of(Slot::Room), _) => html.push_str(&escape(room)),
                (Part::Of(Slot::Path), _) => html.push_str(&escape(path)),
                (Part::Of(Slot::Qr), _) => html.push_str(qr),
                (Part::Of(Slot::Reason), _) => html.push_str(&escape(reason)),
                (Part::Port, None) => html.push_str(&escape(&self.lang.text("web-port-unknown"))),
            }
        }
        let mut hasher = DefaultHasher::new();
        html.hash(&mut hasher);
        let etag = format!("\"{:x}-{:016x}\"", html.len(), hasher.finish());
        Content::Bytes(Bytes::from(html), Validators { etag, modified: None })
    }

    pub(super) fn finish(&self, mut response: Response<Body>) -> Response<Body> {
        let fields = response.headers_mut();
        fields.insert(CONTENT_LANGUAGE, HeaderValue::from_static(self.lang.tag()));
        fields.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        fields.insert(VARY, HeaderValue::from_static("accept-language"));
        response
    }
}

/// What was put together so far.
fn cut(html: &mut String) -> Part {
    Part::Html(std::mem::take(html))
}

/// Text as it may stand between tags and inside a quoted attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(page: &Page, entry: &Entry) -> String {
        match page.fill(&Filling { entry: entry.clone(), ..Filling::default() }) {
            Content::Bytes(bytes, _) => String::from_utf8(bytes.into()).unwrap(),
            Content::File(_) => unreachable!("built-in pages are in memory"),
        }
    }

    #[test]
    fn every_language_has_both_pages_whole() {
        let builtin = Builtin::new();
        let entry = Entry { host: Some("papo.example".to_owned()), port: 7777, ..Entry::default() };
        for (lang, page) in Lang::ALL.into_iter().zip(&builtin.entrance) {
            let html = html(page, &entry);
            assert!(html.contains(&format!("<html lang=\"{}\">", lang.tag())));
            for line in [
                "<code>telnet papo.example 7777</code>",
                "<code>nc papo.example 7777</code>",
                "<code>papo connect -i papo.example -p 7777</code>",
            ] {
                assert!(html.contains(line), "{lang}: {line}");
            }
        }
        for page in builtin.entrance.iter().chain(&builtin.missing) {
            let html = html(page, &entry);
            assert!(!html.contains("{{") && !html.contains("web-"), "{html}");
            assert!(html.len() < 16 * 1024, "the page stays small");
        }
    }

    #[test]
    fn an_unknown_address_is_a_blank_to_fill_in() {
        let html = html(&Builtin::new().entrance[Lang::En as usize], &Entry::default());
        assert!(html.contains("<code>telnet ADDRESS PORT</code>"));
    }

    #[test]
    fn what_a_client_names_is_text() {
        let entry = Entry { host: Some("<b>\"&'".to_owned()), port: 1, ..Entry::default() };
        let html = html(&Builtin::new().entrance[Lang::Pt as usize], &entry);
        assert!(html.contains("telnet &lt;b&gt;&quot;&amp;&#39; 1"));
    }

    #[test]
    fn the_tag_changes_with_the_page_and_not_else() {
        let pages = Builtin::new().entrance;
        let tag = |page: &Page, port| {
            let entry = Entry { host: Some("a".to_owned()), port, ..Entry::default() };
            match page.fill(&Filling { entry, ..Filling::default() }) {
                Content::Bytes(_, validators) => validators.etag,
                Content::File(_) => unreachable!("built-in pages are in memory"),
            }
        };
        assert_eq!(tag(&pages[0], 1), tag(&pages[0], 1));
        assert_ne!(tag(&pages[0], 1), tag(&pages[0], 2));
        assert_ne!(tag(&pages[0], 1), tag(&pages[1], 1));
    }
}
