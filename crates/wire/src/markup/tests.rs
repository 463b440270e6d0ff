//! What formatting must hold against everyone: the meaning of common messages, the attacks that
//! are known, and properties of whatever is sent.

use std::fmt::Write as _;

use proptest::prelude::*;
use room::clean;

use super::*;

/// The tree's first bound and what is true of every tree: nodes, depth, cleanness.
fn check(source: &str) -> Tree {
    let tree = parse(source);
    let mut nodes = 0;
    let depth = blocks_depth(&tree.blocks, &mut nodes);
    assert!(nodes <= NODES_MAX, "{nodes} nodes");
    assert!(depth <= DEPTH_MAX, "depth {depth}");
    check_html(&html(&tree));
    for chars_max in [0, 1, 7, 80] {
        let line = plain(&tree, chars_max);
        assert!(line.chars().count() <= chars_max);
        assert_eq!(clean(&line), line);
    }
    serde_json::from_str::<serde_json::Value>(&json(&tree)).unwrap();
    tree
}

fn blocks_depth(blocks: &[Block], nodes: &mut usize) -> usize {
    *nodes += blocks.len();
    let depth = |block: &Block| match block {
        Block::Paragraph(inlines) => inlines_depth(inlines, nodes),
        Block::Code { language, text } => {
            assert!(text.split('\n').all(|line| clean(line) == line), "{text:?}");
            assert!(language.as_ref().is_none_or(|name| !name.contains(char::is_whitespace)));
            0
        }
        Block::Quote(blocks) => blocks_depth(blocks, nodes),
        Block::List { items, .. } => {
            *nodes += items.len();
            items.iter().map(|item| blocks_depth(item, nodes)).max().unwrap_or(0)
        }
    };
    1 + blocks.iter().map(depth).max().unwrap_or(0)
}

fn inlines_depth(inlines: &[Inline], nodes: &mut usize) -> usize {
    *nodes += inlines.len();
    for pair in inlines.windows(2) {
        assert!(!matches!(pair, [Inline::Text(_), Inline::Text(_)]), "{inlines:?}");
    }
    let depth = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Code(text) => {
            assert!(!text.is_empty());
            assert_eq!(clean(text), *text);
            0
        }
        Inline::Strong(inlines) | Inline::Emphasis(inlines) | Inline::Strikethrough(inlines) => {
            inlines_depth(inlines, nodes)
        }
        Inline::Link { url, inlines } => {
            assert_eq!(Url::parse(url.as_str()).as_ref(), Some(url));
            assert!(!inlines.is_empty());
            assert!(
                !json(&Tree { blocks: vec![Block::Paragraph(inlines.clone())] })
                    .contains(r#"{"t":"a""#)
            );
            inlines_depth(inlines, nodes)
        }
        Inline::Break | Inline::Mention(_) => 0,
    };
    1 + inlines.iter().map(depth).max().unwrap_or(0)
}

/// Every tag is one that [`html`] may write, to the letter, and is closed in its turn.
fn check_html(html: &str) {
    let mut open = Vec::new();
    for (start, _) in html.match_indices('<') {
        let tag = &html[start + 1..];
        let tag = &tag[..tag.find('>').expect("a tag ends")];
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        assert!(TAGS.contains(&name), "<{tag}>");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{html}");
            continue;
        }
        if name != "br" {
            open.push(name);
        }
        let attributes = &tag[name.len()..];
        let is_known = match name {
            "a" => attributes.strip_prefix(" href=\"").is_some_and(|rest| {
                let (url, rest) = rest.split_once('"').unwrap();
                ["http://", "https://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
                    && rest == " rel=\"noopener noreferrer nofollow\""
            }),
            "ol" if !attributes.is_empty() => {
                attributes.starts_with(" start=\"") && attributes.matches('"').count() == 2
            }
            "code" if !attributes.is_empty() => {
                attributes.starts_with(" class=\"language-") && attributes.matches('"').count() == 2
            }
            "span" => attributes == " class=\"mention\"",
            _ => attributes.is_empty(),
        };
        assert!(is_known, "<{tag}>");
    }
    assert!(open.is_empty(), "{open:?}");
}

/// The tree in short: text as it is, the rest in brackets.
fn short(tree: &Tree) -> String {
    let mut out = String::new();
    short_blocks(&tree.blocks, &mut out);
    out
}

fn short_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => {
                out.push_str("p{");
                short_inlines(inlines, out);
                out.push('}');
            }
            Block::Code { language, text } => {
                write!(out, "pre{{{}:{text}}}", language.as_deref().unwrap_or("")).unwrap();
            }
            Block::Quote(blocks) => {
                out.push_str("quote{");
                short_blocks(blocks, out);
                out.push('}');
            }
            Block::List { start, items } => {
                write!(out, "list{}{{", start.map_or(String::new(), |n| n.to_string())).unwrap();
                for item in items {
                    out.push('-');
                    short_blocks(item, out);
                }
                out.push('}');
            }
        }
    }
}

fn short_inlines(inlines: &[Inline], out: &mut String) {
    let inside = |name: &str, inlines: &[Inline], out: &mut String| {
        write!(out, "{name}{{").unwrap();
        short_inlines(inlines, out);
        out.push('}');
    };
    for inline in inlines {
        match inline {
            Inline::Text(text) => out.push_str(text),
            Inline::Strong(inlines) => inside("b", inlines, out),
            Inline::Emphasis(inlines) => inside("i", inlines, out),
            Inline::Strikethrough(inlines) => inside("s", inlines, out),
            Inline::Code(text) => write!(out, "code{{{text}}}").unwrap(),
            Inline::Link { url, inlines } => inside(&format!("a={}", url.as_str()), inlines, out),
            Inline::Break => out.push('/'),
            Inline::Mention(nick) => write!(out, "at{{{nick}}}").unwrap(),
        }
    }
}

#[test]
fn what_people_write_means_what_they_mean() {
    for (source, tree) in [
        ("", ""),
        ("  \n ", ""),
        ("oi, **ana** e _bia_!", "p{oi, b{ana} e i{bia}!}"),
        ("um\ndois\r\ntrês\rquatro", "p{um/dois/três/quatro}"),
        ("um\\\ndois  \ntrês", "p{um/dois/três}"),
        ("um\n\ndois", "p{um}p{dois}"),
        ("~~não~~ `a*b*`", "p{s{não} code{a*b*}}"),
        ("snake_case_name 2*3*4", "p{snake_case_name 2i{3}4}"),
        ("# título\n## outro", "p{b{título}}p{b{outro}}"),
        ("#hashtag", "p{#hashtag}"),
        ("> **a**\n> b\n\nc", "quote{p{b{a}/b}}p{c}"),
        ("- a\n- b\n  1. c", "list{-p{a}-p{b}list1{-p{c}}}"),
        ("- a\n\n- b", "list{-p{a}-p{b}}"),
        ("3. paris", "list3{-p{paris}}"),
        ("```rust\nfn a() {}\n\n```", "pre{rust:fn a() {}\n}"),
        ("```let x = 1;\nx\n```", "pre{:let x = 1;\nx}"),
        ("```\n**a** @b http://c", "pre{:**a** @b http://c}"),
        ("    a\n    b", "pre{:a\nb}"),
        ("```um só```", "p{code{um só}}"),
        // Links.
        ("[a *b*](https://x/y \"z\")", "p{a=https://x/y{a i{b}}}"),
        (
            "<https://x/y> <ana@x.org>",
            "p{a=https://x/y{https://x/y} a=mailto:ana@x.org{ana@x.org}}",
        ),
        ("![gato](http://x/g.png)", "p{a=http://x/g.png{gato}}"),
        ("![](http://x/g.png)", "p{a=http://x/g.png{http://x/g.png}}"),
        ("[a](b.html 't') [*c*](ftp://d)", "p{[a](b.html \"t\") [i{c}](ftp://d)}"),
        ("[![a](http://i)](http://l)", "p{a=http://l{![a](http://i)}}"),
        ("veja https://x/__init__.py.", "p{veja a=https://x/__init__.py{https://x/__init__.py}.}"),
        ("*http://x/*a*", "p{i{a=http://x/*a{http://x/*a}}}"),
        ("**http://x**", "p{b{a=http://x{http://x}}}"),
        ("(http://x/a_(b))", "p{(a=http://x/a_(b){http://x/a_(b)})}"),
        ("`http://x` [http://y](http://z)", "p{code{http://x} a=http://z{http://y}}"),
        ("http://x/?a=1&b=2&copy=3", "p{a=http://x/?a=1&b=2&copy=3{http://x/?a=1&b=2&copy=3}}"),
        // Mentions.
        ("@ana e @joão_1: oi", "p{at{ana} e at{joão_1}: oi}"),
        ("**@ana** _a_@bia ana@x.org", "p{b{at{ana}} i{a}@bia ana@x.org}"),
        (
            "`@ana` [@bia](http://x) http://x/@eva",
            "p{code{@ana} a=http://x{@bia} a=http://x/@eva{http://x/@eva}}",
        ),
        ("a@**b** **a**@b", "p{a@b{b} b{a}@b}"),
        // What would disappear.
        ("[ana]: oi", "p{[ana]: oi}"),
        ("[12:30]: <oi> 'x'\n[b]", "p{[12:30]: <oi> 'x'/[b]}"),
        ("> [ana]: oi", "quote{p{[ana]: oi}}"),
        ("[a\nb]: c", "p{[a/b]: c}"),
        ("[^1]: a", "p{[^1]: a}"),
        ("---", "p{---}"),
        ("a\n\n***\n\nb", "p{a}p{***}p{b}"),
        ("-", "p{-}"),
        ("2.", "p{2.}"),
        (">", "p{>}"),
        ("#", "p{#}"),
        ("```rust", "p{```rust}"),
        ("a\n\n#", "p{a}p{#}"),
        ("<b>a</b> <3", "p{<b>a</b> <3}"),
        ("<div>\n*a* @ana\n</div>", "p{<div>/*a* at{ana}/</div>}"),
        ("| a | b |\n|---|---|\n| c | d |", "p{| a | b |/|---|---|/| c | d |}"),
        ("- [ ] a", "list{-p{[ ] a}}"),
        ("$a$ :smile: a^b^", "p{$a$ :smile: a^b^}"),
    ] {
        assert_eq!(short(&check(source)), tree, "{source:?}");
    }
}

#[test]
fn who_is_called_is_listed_in_order() {
    let tree =
        check("@ana\n\n> **@bia**, `@eva`\n\n- @caio [@d](http://x)\n\n```\n@e\n```\n\n@ana");
    let nicks: Vec<_> = mentions(&tree).map(room::Nick::as_str).collect();
    assert_eq!(nicks, ["ana", "bia", "caio", "ana"]);
}

/// Nothing of these becomes a link, and nothing of them a tag.
const NO_LINKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<<script>alert(1);//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"x\" onerror=\"alert(1)\"/>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<base href=//evil.example/>",
    "<a href=javascript:alert(1)>x</a>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo '<script>' ?>",
    "<!DOCTYPE html><script>alert(1)</script>",
    "</p></div><script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'onmouseover='alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "&amp;lt;script&amp;gt;",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](javascript&colon;alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](&#106&#97&#118&#97:alert(1))",
    "[x](java\\script:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](\u{1}javascript:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](&#0;javascript:alert(1))",
    "[x](java\0script:alert(1))",
    "[x](java%73cript:alert(1))",
    "[x](%6A%61vascript:alert(1))",
    "[x](ｊavascript:alert(1))",
    "[x](javascript://%0aalert(1))",
    "[x](jav\u{200b}ascript:alert(1))",
    "[x](\u{202e}javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](blob:http:x)",
    "[x](view-source:http:x)",
    "[x](intent:x#Intent;scheme=javascript;end)",
    "[x](//evil.example)",
    "[x](/etc)",
    "[x](#top)",
    "[x](?a)",
    "[x]()",
    "[x](http:evil.example)",
    "[x](http:/evil.example)",
    "[x](http:\\\\evil.example)",
    "[x](<https:// evil.example>)",
    "[x](https:///evil.example)",
    "[x](mailto:)",
    "[x](:)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[x]\n\n[x]: data:text/html,x",
    "[y]: javascript:alert(1)\n[x][y]",
    "[x][]\n\n   [x]:\n javascript:alert(1)\n 'title'",
    "![x](javascript:alert(1))",
    "![x](x \"onerror=alert(1)\")",
    "![\"onerror=alert(1)](x)",
    "![x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "<java&#115;cript:alert(1)>",
    "<http:>",
    "[![x](javascript:a)](javascript:b)",
    "javascript:alert(1)",
    "JAVASCRIPT://x",
    "[[x](javascript:a)](javascript:b)",
    "`<script>`",
    "```<script>\n</script>\n```",
    "```js\" onclick=\"alert(1)\nx\n```",
    "``` \"><script>\nx\n```",
    "    <script>alert(1)</script>",
    "@<script> @\"onclick @&lt;b&gt;",
    "# <script>",
    "> <script>\n> alert(1)\n> </script>",
    "- <img src=x onerror=alert(1)>",
    "\u{feff}<script>",
    "<\0script>",
    "<\u{202e}script>",
    "\\<script\\>",
    "+ADw-script+AD4-",
    "¼script¾",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
];

#[test]
fn nothing_gets_out_of_the_text() {
    assert!(NO_LINKS.len() >= 60);
    for source in NO_LINKS {
        for source in [(*source).to_owned(), format!("oi {source} fim"), format!("*a\n\n{source}")]
        {
            let tree = check(&source);
            let html = html(&tree);
            assert!(!html.contains("<a "), "{source:?} became {html}");
            assert!(!tree.blocks.is_empty(), "{source:?}");
        }
    }
}

#[test]
fn a_link_leads_where_it_says_and_nowhere_else() {
    for (source, urls) in [
        // Refused, so text; and what of it is an address becomes a link again.
        ("[x](http://a\"onclick=alert(1))", &["http://a"][..]),
        ("[x](http://a'onclick='b)", &["http://a'onclick='b"]),
        ("[x](<http://a\" onclick=\"b>)", &["http://a"]),
        ("[x](http://a&quot;onclick=b)", &["http://a"]),
        ("[x](http://a \"title\\\" onclick=\\\"b\")", &["http://a"]),
        ("[x](HTTPS://A)", &["https://A"]),
        ("[x](&#104;ttp://a)", &["http://a"]),
        ("http://a\"><script>alert(1)</script>", &["http://a"]),
        ("http://a<b>", &["http://a"]),
        ("http://a\u{202e}fdp.exe", &["http://afdp.exe"]),
        ("http://a&#x202e;fdp.exe", &["http://afdp.exe"]),
        ("[x](http://a&#x202e;b)", &["http://ab"]),
        ("[x](http://a&#10;b)", &["http://a"]),
        ("http://a`b`", &["http://a"]),
        ("[http://a](javascript:b)", &["http://a"]),
        ("[x](javascript:'http://a')", &["http://a"]),
        ("[a [b](http://c) d](http://e)", &["http://c", "http://e"]),
        ("![a [b](http://c) d](http://e)", &["http://e"]),
        ("[[[x](http://a)](http://b)](c)", &["http://a", "http://b"]),
        ("http://x?http://y", &["http://x?http://y"]),
        ("http://a.http://b", &["http://a.http://b"]),
    ] {
        let found = json(&check(source));
        let found: Vec<_> = found
            .split(r#"{"t":"a","url":""#)
            .skip(1)
            .map(|rest| rest.split(r#"","c""#).next().unwrap())
            .collect();
        assert_eq!(found, urls, "{source:?}");
    }
}

#[test]
fn characters_by_number_are_as_clean_as_others() {
    for (source, tree) in [
        ("a&#27;[2Jb", "p{a[2Jb}"),
        ("a&#x9b;31m&#x202e;b&#x2069;", "p{a31mb}"),
        ("a&#7;&#8;&#127;b", "p{ab}"),
        ("a&#0;b", "p{a\u{fffd}b}"),
        ("a\0b\u{1b}[0m", "p{ab[0m}"),
        ("a&#10;b&#13;c", "p{a/bc}"),
        ("`a\u{1b}b` `&#27;`", "p{code{ab} code{&#27;}}"),
        ("```\na\u{1b}\u{202e}b\n```", "pre{:ab}"),
        ("&#27;", ""),
        ("\u{202e}\u{1b}", ""),
    ] {
        let checked = short(&check(source));
        // What says nothing but has marks in it is shown as written.
        let tree = if source == "&#27;" { "p{&#27;}" } else { tree };
        assert_eq!(checked, tree, "{source:?}");
    }
}

/// What costs a parser dear when it comes a thousand times.
#[rustfmt::skip] // One a line would be a long list.
const BOMBS: &[&str] = &[
    ">", "> ", "- ", "1. ", "* a ", "*a **a ", "**", "_a_*b*", "*a_ ", "[", "]", "![", "[a](",
    "[a](http://b) ", "`", "` ``", "~~a", "~", "<", "<a ", "<!--", "<?", "<![CDATA[", "&",
    "&amp;", "&#27;", "\\", "@", "@a ", "@a.", "http://", "http://a ", "http://a_ ", "http://a)",
    "(http://a", "]:", "[a]: b\n", "[a]:\n", "-\n", "- a\n", "1.\n", "\n", "a\n", "a\n\n", "#\n",
    "---\n", "```\n", "\t", " ", "\0", "\u{202e}", "é", "👨\u{200d}👩", "> - ", ">\n", "a*", "*",
    "\r", "[a][", "<a@b.c>", "<http://a>",
];

#[test]
fn a_bomb_is_plain_text() {
    let repeat = |piece: &str| piece.repeat(SOURCE_BYTES_MAX / piece.len());
    for piece in BOMBS {
        check(&repeat(piece));
    }
    for (bomb, is_literal) in [
        (">".repeat(DEPTH_MAX - 2) + "a", false),
        (">".repeat(DEPTH_MAX - 1) + "a", true),
        ("- a\n".repeat((NODES_MAX - 1) / 3), false),
        ("- a\n".repeat(NODES_MAX / 3 + 1), true),
        ("`a` ".repeat(NODES_MAX / 2 - 1), false),
        ("`a` ".repeat(NODES_MAX / 2 + 1), true),
        ("a *b* ".repeat(9) + &"c".repeat(SOURCE_BYTES_MAX - 54), false),
        ("a *b* ".repeat(9) + &"c".repeat(SOURCE_BYTES_MAX - 53), true),
    ] {
        let tree = check(&bomb);
        assert_eq!(tree == Tree::literal(&bomb), is_literal, "{}", &bomb[..40.min(bomb.len())]);
    }
    assert!(short(&check(&repeat("> **a**\n"))).contains("> **a**/> **a**/"));
}

/// Pieces that together reach most of the grammar.
fn source() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "*",
            "**",
            "_",
            "__",
            "~~",
            "`",
            "```",
            "> ",
            "- ",
            "1. ",
            "# ",
            "\n",
            "\n\n",
            " ",
            "    ",
            "[",
            "]",
            "](",
            ")",
            "![",
            "]:",
            "<",
            ">",
            "</",
            "<!--",
            "-->",
            "&",
            "&#27;",
            "&lt;",
            "\\",
            "http://",
            "https://x.y/z",
            "javascript:",
            "mailto:",
            "@",
            "@ana",
            "\r",
            "\t",
            "\0",
            "\"",
            "'",
            "\u{202e}",
            "e\u{301}",
            "<script>",
            "---",
            "=",
            "|",
            ":",
            "^",
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,4}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_is_sent_is_bounded_and_safe(source in source()) {
        check(&source);
    }

    #[test]
    fn even_what_is_no_text(source in any::<String>()) {
        check(&source);
    }

    #[test]
    fn plain_words_are_kept(
        words in proptest::collection::vec("[a-zA-Zà-ú][a-zA-Z0-9à-ú]{0,9}[,.!?]?", 1..30),
        separator in proptest::sample::select(vec![" ", "\n", "\n\n"]),
    ) {
        let tree = check(&words.join(separator));
        prop_assert_eq!(plain(&tree, usize::MAX), words.join(" "));
    }

    /// Whatever the marks around them, words stay and keep their order.
    #[test]
    fn no_word_is_lost(
        pieces in proptest::collection::vec(
            (proptest::sample::select(vec![
                "*", "**", "_", "~~", "`", "> ", "\n- ", "\n\n", "\n", "[", "] ", " <", "> ",
                "]: ", "@", " ", "\n1. ", "\n# ", "\n```\n",
            ]), "[a-z]{3,6}"),
            1..20,
        ),
    ) {
        let source = pieces.iter().flat_map(|(mark, word)| [*mark, word]).collect::<String>();
        let line = plain(&check(&source), usize::MAX);
        let mut rest = &*line;
        for (_, word) in &pieces {
            let at = rest.find(word.as_str());
            prop_assert!(at.is_some(), "{} is not in {:?} of {:?}", word, line, source);
            rest = &rest[at.unwrap() + word.len()..];
        }
    }
}
