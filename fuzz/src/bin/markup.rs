//! Formatted messages: whatever is sent becomes a tree within its bounds, without characters that
//! act on a terminal, and HTML without a tag that is not ours.
#![no_main]

use libfuzzer_sys::fuzz_target;
use room::clean;
use wire::markup::{
    Block, DEPTH_MAX, Inline, NODES_MAX, TAGS, Url, html, json, mentions, parse, plain,
};

/// Characters of the short line.
const LINE_CHARS_MAX: usize = 80;

fn check_blocks(blocks: &[Block], depth: usize, nodes: &mut usize) {
    assert!(depth <= DEPTH_MAX);
    for block in blocks {
        *nodes += 1;
        match block {
            Block::Paragraph(inlines) => check_inlines(inlines, depth + 1, nodes),
            Block::Code { text, .. } => {
                assert!(text.split('\n').all(|line| clean(line) == line));
            }
            Block::Quote(blocks) => check_blocks(blocks, depth + 1, nodes),
            Block::List { items, .. } => {
                *nodes += items.len();
                items.iter().for_each(|item| check_blocks(item, depth + 1, nodes));
            }
        }
    }
}

fn check_inlines(inlines: &[Inline], depth: usize, nodes: &mut usize) {
    assert!(depth <= DEPTH_MAX);
    for inline in inlines {
        *nodes += 1;
        match inline {
            Inline::Text(text) | Inline::Code(text) => assert_eq!(clean(text), *text),
            Inline::Strong(inside) | Inline::Emphasis(inside) | Inline::Strikethrough(inside) => {
                check_inlines(inside, depth + 1, nodes);
            }
            Inline::Link { url, inlines } => {
                assert_eq!(Url::parse(url.as_str()).as_ref(), Some(url));
                check_inlines(inlines, depth + 1, nodes);
            }
            Inline::Break | Inline::Mention(_) => {}
        }
    }
}

fuzz_target!(|source: &str| {
    let tree = parse(source);
    let mut nodes = 0;
    check_blocks(&tree.blocks, 1, &mut nodes);
    assert!(nodes <= NODES_MAX);

    let html = html(&tree);
    for (start, _) in html.match_indices('<') {
        let tag = html[start + 1..].trim_start_matches('/');
        let name = &tag[..tag.find(['>', ' ']).expect("a tag ends")];
        assert!(TAGS.contains(&name), "<{name}>");
    }
    let line = plain(&tree, LINE_CHARS_MAX);
    assert!(line.chars().count() <= LINE_CHARS_MAX);
    assert_eq!(clean(&line), line);
    assert!(!tree.blocks.is_empty() || clean(source).trim().is_empty(), "nothing is lost");
    assert!(json(&tree).starts_with('['));
    assert!(mentions(&tree).count() <= nodes);
});
