//! Source to tree. The grammar is `pulldown-cmark`'s; what of it a message may use is decided here.

use std::borrow::Cow;
use std::iter::Peekable;
use std::mem;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, OffsetIter, Options, Parser, Tag};
use room::clean;
use room::limits::TEXT_BYTES_MAX;

use super::mention::first_mention;
use super::shield::shield;
use super::url::first_url;
use super::{Block, DEPTH_MAX, Inline, NODES_MAX, Tree, Url};

/// Bytes that are looked at for formatting: a longer source is plain text. Four times what one
/// line may say, for clients that send many lines at once.
pub const SOURCE_BYTES_MAX: usize = 4 * TEXT_BYTES_MAX;

/// What goes beyond CommonMark.
pub(super) const OPTIONS: Options = Options::ENABLE_STRIKETHROUGH;

/// Characters of a code block's language; what is longer is part of the code.
const LANGUAGE_CHARS_MAX: usize = 32;

/// Turns a message into its tree. Lines end with LF, CR LF or CR; whatever is unsafe to show
/// ([`room::clean`]) is left out. Never fails: what is beyond a bound is plain text.
#[must_use]
pub fn parse(source: &str) -> Tree {
    let source = &*clean_lines(source);
    if source.len() > SOURCE_BYTES_MAX {
        return Tree::literal(source);
    }
    Reader::read(&shield(source)).unwrap_or_else(|NotRead| Tree::literal(source))
}

/// The source cannot be shown as a tree within the bounds, or the tree would say nothing.
#[derive(Debug)]
struct NotRead;

/// Walks the events of the grammar, one call a level; [`DEPTH_MAX`] bounds the stack.
struct Reader<'s> {
    source: &'s str,
    events: Peekable<OffsetIter<'s>>,
    depth: usize,
    nodes: usize,
    in_link: bool,
    /// The character before the text that comes next, on the same line.
    before: Option<char>,
    /// Whether anything can be seen in the tree so far.
    has_said: bool,
}

impl<'s> Reader<'s> {
    fn read(source: &'s str) -> Result<Tree, NotRead> {
        let events = Parser::new_ext(source, OPTIONS).into_offset_iter();
        // A definition that the shield has missed would be lost.
        if events.reference_definitions().iter().next().is_some() {
            return Err(NotRead);
        }
        let mut reader = Self {
            source,
            events: events.peekable(),
            depth: 0,
            nodes: 0,
            in_link: false,
            before: None,
            has_said: false,
        };
        let blocks = reader.blocks()?;
        if reader.has_said { Ok(Tree { blocks }) } else { Err(NotRead) }
    }

    /// The blocks up to the end of what they are in, which is left to the caller.
    fn blocks(&mut self) -> Result<Vec<Block>, NotRead> {
        self.descend()?;
        let mut blocks = Vec::new();
        while let Some((event, range)) = self.events.peek() {
            let range = range.clone();
            let block = match event {
                Event::End(_) => break,
                Event::Rule => {
                    self.events.next();
                    self.as_written(range)?
                }
                Event::Start(tag) if !is_inline(tag) => {
                    let tag = tag.clone();
                    self.events.next();
                    let block = self.block(&tag, range)?;
                    self.events.next();
                    block
                }
                // A list without blank lines has no paragraphs in its items.
                _ => self.paragraph()?,
            };
            if block != Block::Paragraph(Vec::new()) {
                self.node()?;
                blocks.push(block);
            }
        }
        self.depth -= 1;
        Ok(blocks)
    }

    /// What is between the start of a block and its end.
    fn block(&mut self, tag: &Tag<'_>, range: Range<usize>) -> Result<Block, NotRead> {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.paragraph(),
            Tag::Heading { .. } => self.heading(range),
            Tag::BlockQuote(_) => Ok(Block::Quote(self.blocks()?)),
            Tag::List(start) => Ok(Block::List { start: *start, items: self.items()? }),
            Tag::CodeBlock(kind) => Ok(self.code(kind)),
            // Not in the options.
            _ => Err(NotRead),
        }
    }

    fn paragraph(&mut self) -> Result<Block, NotRead> {
        self.before = None;
        let mut inlines = self.inlines()?;
        while inlines.last() == Some(&Inline::Break) {
            inlines.pop();
        }
        Ok(Block::Paragraph(inlines))
    }

    /// A message has no sections, so a heading is a paragraph that stands out.
    fn heading(&mut self, range: Range<usize>) -> Result<Block, NotRead> {
        self.descend()?;
        let Block::Paragraph(inlines) = self.paragraph()? else { return Err(NotRead) };
        self.depth -= 1;
        if inlines.is_empty() {
            return self.as_written(range);
        }
        self.node()?;
        Ok(Block::Paragraph(vec![Inline::Strong(inlines)]))
    }

    fn items(&mut self) -> Result<Vec<Vec<Block>>, NotRead> {
        let mut items = Vec::new();
        while self.events.next_if(|(event, _)| matches!(event, Event::Start(Tag::Item))).is_some() {
            self.node()?;
            items.push(self.blocks()?);
            self.events.next();
        }
        Ok(items)
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>) -> Block {
        let mut text = String::new();
        while let Some((Event::Text(piece), _)) =
            self.events.next_if(|(event, _)| matches!(event, Event::Text(_)))
        {
            text.push_str(&piece);
        }
        let mut language = None;
        if let CodeBlockKind::Fenced(info) = kind {
            let info = info.trim();
            if is_language(info) {
                language = Some(info.to_owned());
            } else if !info.is_empty() {
                // The code begins beside its fence.
                text = format!("{info}\n{text}");
            }
        }
        let text = clean_lines(text.strip_suffix('\n').unwrap_or(&text)).into_owned();
        self.has_said |= !text.trim().is_empty();
        Block::Code { language, text }
    }

    /// A part of the source as a paragraph without formatting.
    fn as_written(&mut self, range: Range<usize>) -> Result<Block, NotRead> {
        let mut inlines = Vec::new();
        let text = self.source[range].trim().to_owned();
        self.text(&text, &mut inlines)?;
        Ok(Block::Paragraph(inlines))
    }

    /// The inlines up to the end of what they are in, which is left to the caller.
    fn inlines(&mut self) -> Result<Vec<Inline>, NotRead> {
        self.descend()?;
        let mut inlines = Vec::new();
        // Neighbouring texts are one: a nick or a URL may be spread over several events.
        let mut text = String::new();
        // The ends of links that are text.
        let mut unlinked = Vec::new();
        while let Some((event, _)) =
            self.events.next_if(|(event, _)| !ends_inlines(event, unlinked.is_empty()))
        {
            match event {
                Event::Text(piece) | Event::Html(piece) | Event::InlineHtml(piece) => {
                    text.push_str(&piece);
                }
                // People end a line to end a line.
                Event::SoftBreak | Event::HardBreak => text.push('\n'),
                Event::Code(code) => {
                    self.text(&mem::take(&mut text), &mut inlines)?;
                    self.inline_code(&code, &mut inlines)?;
                }
                Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                    let written = Written::link(link_type, &dest_url, &title);
                    self.link(written, &mut text, &mut unlinked, &mut inlines)?;
                }
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    let written = Written::image(&dest_url, &title);
                    self.link(written, &mut text, &mut unlinked, &mut inlines)?;
                }
                Event::Start(tag) => {
                    self.text(&mem::take(&mut text), &mut inlines)?;
                    let inside = self.inlines()?;
                    self.events.next();
                    self.push(styled(&tag, inside)?, &mut inlines)?;
                }
                Event::End(_) => text.push_str(&unlinked.pop().unwrap_or_default()),
                // Not in the options, or ends the inlines.
                Event::InlineMath(_)
                | Event::DisplayMath(_)
                | Event::FootnoteReference(_)
                | Event::TaskListMarker(_)
                | Event::Rule => return Err(NotRead),
            }
        }
        self.text(&text, &mut inlines)?;
        self.depth -= 1;
        Ok(inlines)
    }

    /// A link, after its start. If it may not be one, it is text as it was written, and its end is
    /// put by for later.
    fn link(
        &mut self,
        written: Written,
        text: &mut String,
        unlinked: &mut Vec<String>,
        inlines: &mut Vec<Inline>,
    ) -> Result<(), NotRead> {
        let url = if self.in_link { None } else { Url::parse(&written.url) };
        let Some(url) = url else {
            text.push_str(written.start);
            unlinked.push(written.end);
            return Ok(());
        };
        self.text(&mem::take(text), inlines)?;
        self.in_link = true;
        let mut inside = self.inlines()?;
        self.in_link = false;
        self.events.next();
        if inside.is_empty() {
            self.text_node(url.as_str(), &mut inside)?;
        }
        self.push(Inline::Link { url, inlines: inside }, inlines)
    }

    fn inline_code(&mut self, code: &str, inlines: &mut Vec<Inline>) -> Result<(), NotRead> {
        let code = clean(code);
        if code.is_empty() {
            return Ok(());
        }
        self.has_said |= !code.trim().is_empty();
        self.before = code.chars().next_back();
        self.push(Inline::Code(code.into_owned()), inlines)
    }

    /// Text of any number of lines, with the mentions and URLs in it.
    fn text(&mut self, text: &str, inlines: &mut Vec<Inline>) -> Result<(), NotRead> {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.before = None;
                self.push(Inline::Break, inlines)?;
            }
            let mut line = &*clean(line);
            while !self.in_link
                && let Some((range, url)) = first_url(line, self.before)
            {
                self.called(&line[..range.start], inlines)?;
                let mut inside = Vec::new();
                self.text_node(&line[range.clone()], &mut inside)?;
                self.push(Inline::Link { url, inlines: inside }, inlines)?;
                line = &line[range.end..];
            }
            self.called(line, inlines)?;
        }
        Ok(())
    }

    /// Text of one line without URLs, with the mentions in it.
    fn called(&mut self, mut line: &str, inlines: &mut Vec<Inline>) -> Result<(), NotRead> {
        while !self.in_link
            && let Some((range, nick)) = first_mention(line, self.before)
        {
            self.text_node(&line[..range.start], inlines)?;
            self.before = line[..range.end].chars().next_back();
            self.has_said = true;
            self.push(Inline::Mention(nick), inlines)?;
            line = &line[range.end..];
        }
        self.text_node(line, inlines)
    }

    fn text_node(&mut self, text: &str, inlines: &mut Vec<Inline>) -> Result<(), NotRead> {
        let Some(last) = text.chars().next_back() else { return Ok(()) };
        self.before = Some(last);
        self.has_said |= !text.trim().is_empty();
        if let Some(Inline::Text(before)) = inlines.last_mut() {
            before.push_str(text);
            return Ok(());
        }
        self.push(Inline::Text(text.to_owned()), inlines)
    }

    fn push(&mut self, inline: Inline, inlines: &mut Vec<Inline>) -> Result<(), NotRead> {
        self.node()?;
        inlines.push(inline);
        Ok(())
    }

    fn node(&mut self) -> Result<(), NotRead> {
        self.nodes += 1;
        if self.nodes > NODES_MAX { Err(NotRead) } else { Ok(()) }
    }

    fn descend(&mut self) -> Result<(), NotRead> {
        self.depth += 1;
        if self.depth > DEPTH_MAX { Err(NotRead) } else { Ok(()) }
    }
}

/// A link as its author wrote it.
struct Written {
    start: &'static str,
    end: String,
    url: String,
}

impl Written {
    fn link(kind: LinkType, url: &str, title: &str) -> Self {
        match kind {
            LinkType::Autolink => Self { start: "<", end: ">".to_owned(), url: url.to_owned() },
            LinkType::Email => {
                Self { start: "<", end: ">".to_owned(), url: format!("mailto:{url}") }
            }
            LinkType::Inline
            | LinkType::Reference
            | LinkType::ReferenceUnknown
            | LinkType::Collapsed
            | LinkType::CollapsedUnknown
            | LinkType::Shortcut
            | LinkType::ShortcutUnknown
            | LinkType::WikiLink { .. } => {
                Self { start: "[", end: link_end(url, title), url: url.to_owned() }
            }
        }
    }

    fn image(url: &str, title: &str) -> Self {
        Self { start: "![", end: link_end(url, title), url: url.to_owned() }
    }
}

fn link_end(url: &str, title: &str) -> String {
    if title.is_empty() { format!("]({url})") } else { format!("]({url} \"{title}\")") }
}

fn styled(tag: &Tag<'_>, inside: Vec<Inline>) -> Result<Inline, NotRead> {
    match tag {
        Tag::Strong => Ok(Inline::Strong(inside)),
        Tag::Emphasis => Ok(Inline::Emphasis(inside)),
        Tag::Strikethrough => Ok(Inline::Strikethrough(inside)),
        // Not in the options.
        _ => Err(NotRead),
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn ends_inlines(event: &Event<'_>, is_linked: bool) -> bool {
    match event {
        Event::End(_) => is_linked,
        Event::Start(tag) => !is_inline(tag),
        Event::Rule => true,
        _ => false,
    }
}

fn is_language(info: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_' | '.' | '#');
    (1..=LANGUAGE_CHARS_MAX).contains(&info.len()) && info.chars().all(is_part)
}

/// [`clean`] for a text of several lines; all of them end with LF then.
fn clean_lines(text: &str) -> Cow<'_, str> {
    let is_clean_line = |line| matches!(clean(line), Cow::Borrowed(_));
    if text.split('\n').all(is_clean_line) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<_> = text.split('\n').map(clean).collect();
    Cow::Owned(lines.join("\n"))
}
