//! A room as one HTML page of its own: no script, nothing from elsewhere, light or dark as its
//! reader likes.

use std::fmt::Write as _;

use lang::Lang;
use room::{Message, Snapshot};

use super::marks;
use crate::calendar;
use crate::markup::{escape, html, parse};

/// Why writing cannot fail.
const WRITES: &str = "a string takes whatever is written";

/// Nothing is loaded and nothing runs, whatever the page says: only its own style is let in.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("page.css");

/// Writes a room, message by message.
#[derive(Debug)]
pub struct Html {
    lang: Lang,
    /// The day whose section is open.
    day: String,
}

impl Html {
    /// Begins; what is written goes behind what is in `out`.
    #[must_use]
    pub fn begin(room: &Snapshot, lang: Lang, out: &mut String) -> Self {
        let tag = lang.tag();
        write!(out, "<!doctype html>\n<html lang=\"{tag}\">\n<meta charset=\"utf-8\">\n")
            .expect(WRITES);
        writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">")
            .expect(WRITES);
        out.push_str(
            "<meta name=\"viewport\" content=\"width=device-width\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<title>",
        );
        escape(room.name.as_str(), out);
        write!(out, "</title>\n<style>\n{STYLE}</style>\n<header>\n<h1>").expect(WRITES);
        escape(room.name.as_str(), out);
        out.push_str("</h1>\n");
        if let Some(topic) = &room.topic {
            out.push_str("<p>");
            escape(&topic.flat(), out);
            out.push_str("</p>\n");
        }
        write!(out, "<p class=\"note\">{}</p>\n</header>\n<main>\n", lang.text("export-utc"))
            .expect(WRITES);
        Self { lang, day: String::new() }
    }

    /// Writes the next message.
    pub fn message(&mut self, message: &Message, out: &mut String) {
        let day = calendar::day(message.at);
        if day != self.day {
            if !self.day.is_empty() {
                out.push_str("</section>\n");
            }
            writeln!(out, "<section>\n<h2><time>{day}</time></h2>").expect(WRITES);
            self.day = day;
        }
        let number = message.seq.0;
        write!(out, "<article id=\"m{number}\">\n<h3>").expect(WRITES);
        escape(message.nick.as_str(), out);
        let (at, time) = (calendar::rfc3339(message.at), calendar::time(message.at));
        write!(out, "</h3>\n<a href=\"#m{number}\"><time datetime=\"{at}\">{time}</time></a>\n")
            .expect(WRITES);
        for mark in marks(message, self.lang) {
            writeln!(out, "<small>{mark}</small>").expect(WRITES);
        }
        self.reply(message, out);
        if let Some(text) = &message.text {
            write!(out, "<div>\n{}</div>\n", html(&parse(text.as_str()))).expect(WRITES);
        } else {
            let deleted = self.lang.text("export-deleted");
            writeln!(out, "<p class=\"note\">{deleted}</p>").expect(WRITES);
        }
        if !message.reactions.is_empty() {
            out.push_str("<ul class=\"reactions\">\n");
            for (emoji, count) in &message.reactions {
                out.push_str("<li>");
                escape(emoji.as_str(), out);
                writeln!(out, " {count}</li>").expect(WRITES);
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</article>\n");
    }

    fn reply(&self, message: &Message, out: &mut String) {
        let Some(reply) = &message.reply else { return };
        write!(out, "<a class=\"reply\" href=\"#m{}\">", reply.to.0).expect(WRITES);
        match &reply.quote {
            Some(quote) => {
                out.push_str("<b>");
                escape(quote.nick.as_str(), out);
                out.push_str("</b> ");
                escape(&quote.start.flat(), out);
            }
            None => out.push_str(&self.lang.text("export-deleted")),
        }
        out.push_str("</a>\n");
    }

    /// Ends the page.
    pub fn end(self, out: &mut String) {
        if !self.day.is_empty() {
            out.push_str("</section>\n");
        }
        out.push_str("</main>\n</html>\n");
    }
}
