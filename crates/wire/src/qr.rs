//! An address as a QR code (ISO/IEC 18004), for a page and for a terminal.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around the code, which its readers need (section 5.3.8).
const QUIET: i32 = 4;

/// Bytes of a text that is drawn at most: what is longer no terminal shows.
pub const QR_BYTES_MAX: usize = 256;

/// The code of a text as an SVG of its own, black on white; `None`: it is too long.
#[must_use]
pub fn svg(text: &str) -> Option<String> {
    let code = encode(text)?;
    let size = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing to a string does not fail.
            let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" \
         shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QR\">\
         <rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/>\
         <path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

/// The code of a text in lines of half blocks, light where there is a block: for terminals that
/// write light on dark, or are made to. `None`: it is too long.
#[must_use]
pub fn blocks(text: &str) -> Option<Vec<String>> {
    let code = encode(text)?;
    // Outside the code all is light.
    let is_light = |x: i32, y: i32| !code.get_module(x, y);
    let end = code.size() + QUIET;
    let line = |y: i32| {
        let block = |x| match (is_light(x, y), y + 1 < end && is_light(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        (-QUIET..end).map(block).collect()
    };
    Some((-QUIET..end).step_by(2).map(line).collect())
}

fn encode(text: &str) -> Option<QrCode> {
    (text.len() <= QR_BYTES_MAX).then(|| QrCode::encode_text(text, QrCodeEcc::Low).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "http://192.0.2.1:7777/i/3q2-7wAA3q2-7wAA3q2-7w";

    #[test]
    fn a_code_is_framed_in_light_and_has_its_corners() {
        let lines = blocks(ADDRESS).unwrap();
        let columns = lines[0].chars().count();
        assert!(columns <= 80 && lines.len() <= 24, "it fits into a terminal: {columns}");
        assert!(lines.iter().all(|line| line.chars().count() == columns));
        assert!(lines[..2].iter().all(|line| line.chars().all(|block| block == '█')));
        // The finder pattern: seven dark modules, five light ones in the second row.
        let corner: String = lines[2].chars().skip(4).take(8).collect();
        assert_eq!(corner, " ▄▄▄▄▄ █");
    }

    #[test]
    fn a_drawing_has_every_dark_module_and_no_text() {
        let drawn = svg(ADDRESS).unwrap();
        let code = encode(ADDRESS).unwrap();
        let dark = (0..code.size())
            .flat_map(|y| (0..code.size()).map(move |x| (x, y)))
            .filter(|(x, y)| code.get_module(*x, *y));
        assert_eq!(drawn.matches('M').count(), dark.count());
        assert!(!drawn.contains("7wAA"), "the token stands nowhere to be read");
    }

    #[test]
    fn what_is_too_long_is_not_drawn() {
        assert!(svg(&"a".repeat(QR_BYTES_MAX)).is_some());
        assert!(svg(&"a".repeat(QR_BYTES_MAX + 1)).is_none());
        assert!(blocks(&"a".repeat(QR_BYTES_MAX + 1)).is_none());
    }
}
