//! What people are given to read.

use room::{Author, Emoji, MemberId, Nick, Quote, Reply, RoomId, RoomName, Seq, Text, UnixMs};
use room::{Snapshot, Visibility};

use super::*;
use crate::markup::{self, TAGS};

fn room() -> Snapshot {
    Snapshot {
        id: RoomId(1),
        name: RoomName::parse("redes").unwrap(),
        capacity: 40,
        visibility: Visibility::Public,
        topic: Text::new("aula <7> & fim"),
        moderation: std::sync::Arc::default(),
        head: Seq(9),
        active_at: UnixMs(0),
    }
}

fn message(seq: u64, at: u64, text: Option<&str>) -> Message {
    Message {
        room: RoomId(1),
        seq: Seq(seq),
        at: UnixMs(at),
        author: Author { member: MemberId(1), account: None },
        nick: Nick::parse("ana_1").unwrap(),
        text: text.and_then(Text::new),
        is_edited: false,
        reply: None,
        reactions: Vec::new(),
        is_pinned: false,
    }
}

fn messages() -> Vec<Message> {
    let day = 1_764_115_200_000;
    let mut all = vec![
        message(2, day, Some("bom *dia*, <b>não</b> http://x.test/?a=1&b")),
        message(3, day + 60_000, None),
        message(4, day + 24 * 3_600_000, Some("1. um")),
    ];
    (all[0].is_edited, all[0].is_pinned) = (true, true);
    all[0].reactions = vec![(Emoji::parse("❤️").unwrap(), 2), (Emoji::parse("👍").unwrap(), 1)];
    let nick = Nick::parse("ana_1").unwrap();
    let quote = Quote { nick, start: Text::new("bom *dia*").unwrap() };
    all[2].reply = Some(Box::new(Reply { to: Seq(2), quote: Some(Box::new(quote)) }));
    all
}

#[test]
fn markdown_is_as_one_would_write_it() {
    let mut out = String::new();
    let mut markdown = Markdown::begin(&room(), Lang::En, &mut out);
    for message in messages() {
        markdown.message(&message, &mut out);
    }
    let expected = "\
# redes

aula \\<7\\> \\& fim

Times are in UTC.

## 2025-11-26

**ana\\_1** 00:00 · #2 · edited · pinned

bom *dia*, \\<b\\>não\\</b\\> [http://x.test/?a=1\\&b](<http://x.test/?a=1&b>)

❤️ 2 · 👍 1

**ana\\_1** 00:01 · #3

*message deleted*

## 2025-11-27

**ana\\_1** 00:00 · #4

> #2 **ana\\_1**: bom \\*dia\\*

1. um
";
    assert_eq!(out, expected);
}

/// What the Markdown says is what the message said.
#[test]
fn markdown_reads_back_as_the_same_message() {
    for source in [
        "bom **dia *mesmo*** ~~x~~",
        "1. a",
        "7) a",
        "- a",
        "\\# a # b",
        "+ 1 \\- 2 - 3 = 0",
        "1\\. não 2. é lista",
        "`` a`b `` e `c`",
        "> a > b",
        "[a *b*](http://x.test/a_(b)?c=<d>)",
        "*não _fecha",
        "a * b ** c ~ d ~~ e",
        "@ana e @bia_2, <script>alert(1)</script> &amp; &#60;",
        "tabela | de | nada",
        "```x",
        "um\ndois\n\ntrês",
        "- um\n- dois\n  > três\n\n  quatro\n- ",
        "```rust\nfn a() {\n\n    b(`c`)\n}\n```",
        "> a\n> b\n>\n> - c",
        "9. a\n10. b",
        "a\n# b\n1. c",
        "````\n```\n````",
        "***",
    ] {
        let tree = markup::parse(source);
        let mut out = String::new();
        markdown::write(&tree, &mut out);
        assert_eq!(markup::parse(out.trim_end()), tree, "{source}: {out}");
    }
}

fn page() -> String {
    let mut out = String::new();
    let mut html = Html::begin(&room(), Lang::Pt, &mut out);
    for message in messages() {
        html.message(&message, &mut out);
    }
    html.end(&mut out);
    out
}

#[test]
fn a_page_has_every_message_in_its_day() {
    let page = page();
    for part in [
        "<html lang=\"pt-BR\">",
        "<title>redes</title>",
        "<p>aula &lt;7&gt; &amp; fim</p>",
        "<h2><time>2025-11-26</time></h2>\n<article id=\"m2\">\n<h3>ana_1</h3>\n\
         <a href=\"#m2\"><time \
         datetime=\"2025-11-26T00:00:00Z\">00:00</time></a>\n<small>editada</small>",
        "bom <em>dia</em>, &lt;b&gt;não&lt;/b&gt;",
        "<li>❤️ 2</li>\n<li>👍 1</li>",
        "<p class=\"note\">mensagem apagada</p>",
        "</section>\n<section>\n<h2><time>2025-11-27</time></h2>",
        "<a class=\"reply\" href=\"#m2\"><b>ana_1</b> bom *dia*</a>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(page.ends_with("</section>\n</main>\n</html>\n"));
}

/// Tags of the page around the messages.
const FRAME: [&str; 18] = [
    "!doctype", "html", "meta", "title", "style", "header", "h1", "main", "section", "h2", "h3",
    "time", "article", "small", "div", "b", "ul", "li",
];

#[test]
fn a_page_runs_nothing_and_loads_nothing() {
    let page = page();
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline';"));
    for tag in page.split('<').skip(1) {
        let name: String =
            tag.trim_start_matches('/').chars().take_while(|c| !" >\n".contains(*c)).collect();
        assert!(FRAME.contains(&&*name) || TAGS.contains(&&*name), "<{tag}");
    }
    for bad in ["<script", "onerror", "url(", "@import", "src="] {
        assert!(!page.contains(bad), "{bad}");
    }
    // Every element that is opened is closed, but for those that have no end.
    for tag in ["section", "article", "div", "main", "header", "h3", "a", "p"] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}
