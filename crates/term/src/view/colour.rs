//! Colours: who said it, and what kind of line it is.

use std::fmt::Write as _;

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style<'k> {
    /// A nick, by the key it is compared by: one member has one colour everywhere.
    Nick(&'k str),
    /// One's own nick in another's message.
    Mention,
    /// The tag of an answer that says yes.
    Ok,
    /// The tag of a refusal.
    Error,
    /// The tag of a notice.
    Info,
    /// The client's own words, and what was typed.
    Quiet,
    /// A QR code: what is written is white, and the ground black, on every terminal.
    Qr,
}

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Palette {
    /// No colours: asked for by `NO_COLOR`, or a dumb terminal.
    Plain,
    /// The eight colours that every colour terminal has.
    Eight,
    /// 256 colours.
    Many,
}

/// Of the 256 colours those that can be read on a dark and on a light ground.
const MANY: [u8; 16] = [31, 35, 37, 64, 67, 71, 97, 99, 130, 132, 133, 136, 161, 166, 168, 173];

/// Of the eight those that are neither ground nor the tags' red.
const EIGHT: [u8; 5] = [32, 33, 34, 35, 36];

impl Palette {
    /// The palette of a terminal; the arguments are the environment variables of these names.
    pub(crate) fn of(no_color: Option<&str>, term: Option<&str>, colorterm: Option<&str>) -> Self {
        let term = term.unwrap_or("dumb");
        if no_color.is_some_and(|value| !value.is_empty()) || term == "dumb" {
            Self::Plain
        } else if term.contains("256color") || colorterm.is_some_and(|value| !value.is_empty()) {
            Self::Many
        } else {
            Self::Eight
        }
    }

    /// `text` in `style`.
    pub(crate) fn paint(self, style: Style<'_>, text: &str) -> String {
        let mut painted = String::with_capacity(text.len() + 16);
        let _ = match (self, style) {
            (Self::Plain, _) => return text.to_owned(),
            (Self::Many, Style::Nick(key)) => {
                write!(painted, "\x1b[1;38;5;{}m", pick(&MANY, key))
            }
            (Self::Eight, Style::Nick(key)) => write!(painted, "\x1b[1;{}m", pick(&EIGHT, key)),
            (_, Style::Mention) => write!(painted, "\x1b[1;7m"),
            (_, Style::Ok) => write!(painted, "\x1b[32m"),
            (_, Style::Error) => write!(painted, "\x1b[1;31m"),
            (_, Style::Info) => write!(painted, "\x1b[36m"),
            (_, Style::Quiet) => write!(painted, "\x1b[2m"),
            (_, Style::Qr) => write!(painted, "\x1b[97;40m"),
        };
        painted.push_str(text);
        painted.push_str("\x1b[0m");
        painted
    }
}

/// FNV-1a: the same colour on every machine and in every version.
fn pick<const N: usize>(colours: &[u8; N], key: &str) -> u8 {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // FNV mixes its last bytes into too few bits: SplitMix64's end does the rest.
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let index = (hash ^ (hash >> 31)) % N as u64;
    colours[usize::try_from(index).expect("below N")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_chooses_the_palette() {
        for (no_color, term, colorterm, palette) in [
            (None, Some("xterm-256color"), None, Palette::Many),
            (Some(""), Some("xterm-256color"), None, Palette::Many),
            (Some("1"), Some("xterm-256color"), Some("truecolor"), Palette::Plain),
            (None, Some("linux"), None, Palette::Eight),
            (None, Some("xterm"), Some("truecolor"), Palette::Many),
            (None, Some("dumb"), Some("truecolor"), Palette::Plain),
            (None, None, None, Palette::Plain),
        ] {
            assert_eq!(Palette::of(no_color, term, colorterm), palette, "{term:?} {no_color:?}");
        }
    }

    #[test]
    fn a_nick_has_one_colour_and_nicks_have_many() {
        let colours: std::collections::BTreeSet<String> =
            (0..200).map(|n| Palette::Many.paint(Style::Nick(&format!("nick{n}")), "x")).collect();
        assert_eq!(colours.len(), MANY.len());
        let ana = Palette::Many.paint(Style::Nick("ana"), "Ana");
        assert_eq!(ana, "\x1b[1;38;5;133mAna\x1b[0m", "colours are a promise between versions");
        assert_eq!(Palette::Plain.paint(Style::Error, "x"), "x");
    }
}
