//! A tree as compact JSON: the shape that clients and programs are promised. Written by hand, so
//! that no renaming in the tree changes it.

use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::{Block, Inline, Tree};

/// The shape of [`json`] in TypeScript: a union told apart by `t`, where text is a bare string.
pub const TYPESCRIPT: &str = r#"/** A formatted message. Show it, never insert it as HTML. */
export type Markup = Block[];

export type Block =
  /** A paragraph. */
  | { t: "p"; c: Inline[] }
  /** Code, to be shown as it is; `lang` as written after the fence. */
  | { t: "pre"; lang?: string; x: string }
  /** A quote. */
  | { t: "quote"; c: Block[] }
  /** A list without numbers: its items. */
  | { t: "ul"; c: Block[][] }
  /** A numbered list: the number of the first item, and the items. */
  | { t: "ol"; start: number; c: Block[][] };

export type Inline =
  /** Text of one line. */
  | string
  /** Strong. */
  | { t: "b"; c: Inline[] }
  /** Emphasis. */
  | { t: "i"; c: Inline[] }
  /** Crossed out. */
  | { t: "s"; c: Inline[] }
  /** Code, to be shown as it is. */
  | { t: "code"; x: string }
  /** A link: http, https or mailto. No link and no mention is in it. */
  | { t: "a"; url: string; c: Inline[] }
  /** The line ends here. */
  | { t: "br" }
  /** Someone is called; she need not exist. */
  | { t: "at"; nick: string };
"#;

/// The message as compact JSON, of the shape in [`TYPESCRIPT`]. Every kind of node:
///
/// ```
/// use wire::markup::{json, parse};
///
/// for (source, written) in [
///     ("oi", r#"[{"t":"p","c":["oi"]}]"#),
///     ("um\ndois", r#"[{"t":"p","c":["um",{"t":"br"},"dois"]}]"#),
///     ("**a**", r#"[{"t":"p","c":[{"t":"b","c":["a"]}]}]"#),
///     ("*a*", r#"[{"t":"p","c":[{"t":"i","c":["a"]}]}]"#),
///     ("~~a~~", r#"[{"t":"p","c":[{"t":"s","c":["a"]}]}]"#),
///     ("`a`", r#"[{"t":"p","c":[{"t":"code","x":"a"}]}]"#),
///     ("[a](http://x)", r#"[{"t":"p","c":[{"t":"a","url":"http://x","c":["a"]}]}]"#),
///     ("oi @ana", r#"[{"t":"p","c":["oi ",{"t":"at","nick":"ana"}]}]"#),
///     ("```rust\na\nb\n```", r#"[{"t":"pre","lang":"rust","x":"a\nb"}]"#),
///     ("```\na\n```", r#"[{"t":"pre","x":"a"}]"#),
///     ("> a", r#"[{"t":"quote","c":[{"t":"p","c":["a"]}]}]"#),
///     ("- a\n- b", r#"[{"t":"ul","c":[[{"t":"p","c":["a"]}],[{"t":"p","c":["b"]}]]}]"#),
///     ("3. a", r#"[{"t":"ol","start":3,"c":[[{"t":"p","c":["a"]}]]}]"#),
/// ] {
///     assert_eq!(json(&parse(source)), written);
/// }
/// ```
#[must_use]
pub fn json(tree: &Tree) -> String {
    serde_json::to_string(tree).expect("a tree has only strings for keys")
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.blocks.serialize(serializer)
    }
}

impl Serialize for Block {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Paragraph(inlines) => node(serializer, "p", &[("c", inlines)]),
            Self::Code { language: Some(language), text } => {
                node(serializer, "pre", &[("lang", language), ("x", text)])
            }
            Self::Code { language: None, text } => node(serializer, "pre", &[("x", text)]),
            Self::Quote(blocks) => node(serializer, "quote", &[("c", blocks)]),
            Self::List { start: None, items } => node(serializer, "ul", &[("c", items)]),
            Self::List { start: Some(start), items } => {
                let mut map = serializer.serialize_map(Some(3))?;
                map.serialize_entry("t", "ol")?;
                map.serialize_entry("start", start)?;
                map.serialize_entry("c", items)?;
                map.end()
            }
        }
    }
}

impl Serialize for Inline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Strong(inlines) => node(serializer, "b", &[("c", inlines)]),
            Self::Emphasis(inlines) => node(serializer, "i", &[("c", inlines)]),
            Self::Strikethrough(inlines) => node(serializer, "s", &[("c", inlines)]),
            Self::Code(text) => node(serializer, "code", &[("x", text)]),
            Self::Link { url, inlines } => {
                let mut map = serializer.serialize_map(Some(3))?;
                map.serialize_entry("t", "a")?;
                map.serialize_entry("url", url.as_str())?;
                map.serialize_entry("c", inlines)?;
                map.end()
            }
            Self::Break => node::<_, str>(serializer, "br", &[]),
            Self::Mention(nick) => node(serializer, "at", &[("nick", nick.as_str())]),
        }
    }
}

/// An object of a tag and fields of one type.
fn node<S: Serializer, V: Serialize + ?Sized>(
    serializer: S,
    tag: &str,
    fields: &[(&str, &V)],
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1 + fields.len()))?;
    map.serialize_entry("t", tag)?;
    for (key, value) in fields {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::markup::parse;

    /// One of each kind.
    const EVERYTHING: &str = "# a *b* ~~c~~ `d` [e](http://x)\n\n@ana\n\n> f\ng\n\n- h\n\n\
                              1. i\n\n```rust\nj\n```";

    fn strings_after<'t>(text: &'t str, start: &str) -> BTreeSet<&'t str> {
        text.split(start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn typescript_knows_every_tag_and_no_other() {
        let written = json(&parse(EVERYTHING));
        let tags = strings_after(&written, "{\"t\":\"");
        assert_eq!(tags.len(), 12, "{written}");
        assert_eq!(tags, strings_after(TYPESCRIPT, "{ t: \""));
        for (key, type_) in [
            ("c", "c: Inline[]"),
            ("x", "x: string"),
            ("lang", "lang?: string"),
            ("start", "start: number"),
            ("url", "url: string"),
            ("nick", "nick: string"),
        ] {
            assert!(written.contains(&format!("\"{key}\":")), "{key}");
            assert!(TYPESCRIPT.contains(type_), "{type_}");
        }
    }
}
