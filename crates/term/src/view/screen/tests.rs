//! Screens drawn on a terminal that reflows, as the real ones do.

use proptest::prelude::*;

use super::*;

/// A terminal of endless height: lines of characters, wrapped where they are shown.
struct Terminal {
    columns: usize,
    lines: Vec<Vec<String>>,
    line: usize,
    at: usize,
}

impl Terminal {
    fn new(columns: usize) -> Self {
        Self { columns, lines: vec![Vec::new()], line: 0, at: 0 }
    }

    /// Where each row shown begins and ends.
    fn rows(&self) -> Vec<(usize, usize, usize)> {
        let mut rows = Vec::new();
        for (line, cells) in self.lines.iter().enumerate() {
            let (mut from, mut used) = (0, 0);
            for (at, cell) in cells.iter().enumerate() {
                if used + cell.width() > self.columns {
                    rows.push((line, from, at));
                    (from, used) = (at, 0);
                }
                used += cell.width();
            }
            rows.push((line, from, cells.len() + 1));
        }
        rows
    }

    fn row(&self) -> usize {
        self.rows()
            .iter()
            .position(|&(line, from, to)| line == self.line && (from..to).contains(&self.at))
            .expect("the cursor is somewhere")
    }

    fn write(&mut self, text: &str) {
        let mut graphemes = text.graphemes(true).peekable();
        while let Some(grapheme) = graphemes.next() {
            match grapheme {
                "\x1b" => {
                    assert_eq!(graphemes.next(), Some("["));
                    let mut number = String::new();
                    let last = loop {
                        match graphemes.next().unwrap() {
                            digit if digit.as_bytes()[0].is_ascii_digit() => number += digit,
                            last => break last,
                        }
                    };
                    self.control(number.parse().unwrap_or(1), last);
                }
                "\r" => self.at = self.rows()[self.row()].1,
                "\n" => self.feed(),
                "\r\n" => {
                    self.feed();
                    self.at = 0;
                }
                _ => {
                    let cells = &mut self.lines[self.line];
                    if self.at < cells.len() {
                        cells[self.at] = grapheme.to_owned();
                    } else {
                        cells.push(grapheme.to_owned());
                    }
                    self.at += 1;
                }
            }
        }
    }

    fn feed(&mut self) {
        self.line += 1;
        if self.line == self.lines.len() {
            self.lines.push(Vec::new());
        }
        assert!(self.lines[self.line].is_empty(), "only fresh rows are written to");
        self.at = 0;
    }

    fn control(&mut self, number: usize, last: &str) {
        match last {
            "A" => {
                let up = self.row().checked_sub(number).expect("never above the top");
                (self.line, self.at, _) = self.rows()[up];
            }
            "C" => {
                let mut columns = 0;
                while columns < number {
                    columns += self.lines[self.line].get(self.at).map_or(1, |cell| cell.width());
                    self.at += 1;
                }
                assert_eq!(columns, number, "the cursor stands on a character");
            }
            "J" => {
                self.lines.truncate(self.line + 1);
                self.lines[self.line].truncate(self.at);
            }
            "m" => {}
            _ => panic!("{number}{last}"),
        }
    }

    fn text(&self) -> Vec<String> {
        self.lines.iter().map(|cells| cells.concat()).collect()
    }
}

fn plain(text: &str) -> PromptText {
    PromptText { painted: text.to_owned(), plain: text.to_owned() }
}

#[derive(Debug, Clone)]
enum Act {
    Messages(Vec<String>),
    Type(String, usize),
    Resize(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let text = "[a-c é李部\u{1f600}]{0,60}";
    prop::collection::vec(
        prop_oneof![
            prop::collection::vec(text, 0..4).prop_map(Act::Messages),
            (text, 0_usize..100).prop_map(|(text, cursor)| Act::Type(text, cursor)),
            (4_usize..50).prop_map(Act::Resize),
        ],
        0..30,
    )
}

fn play(acts: Vec<Act>, dumb: bool) {
    let mut terminal = Terminal::new(20);
    let mut screen = Screen::new(20, dumb);
    let (mut messages, mut input, mut cursor) = (Vec::new(), String::new(), 0);
    for act in acts {
        let mut above = Vec::new();
        match act {
            Act::Messages(lines) => above = lines,
            Act::Type(text, at) => {
                input = text;
                let places: Vec<usize> = input.grapheme_indices(true).map(|(at, _)| at).collect();
                cursor = places.get(at).copied().unwrap_or(input.len());
            }
            Act::Resize(columns) if !dumb => {
                terminal.columns = columns;
                screen.resize(columns);
            }
            Act::Resize(_) => {}
        }
        messages.extend(above.iter().cloned());
        terminal.write(&screen.draw(&above, &plain("ana> "), &input, cursor));
        let shown = terminal.text();
        for (line, message) in shown.iter().zip(&messages) {
            assert_eq!(line.trim_end(), message.trim_end(), "no message is torn");
        }
        let drawn = shown[messages.len()..].concat();
        let prompt = if drawn.starts_with("ana> ") { "ana> " } else { "" };
        let whole = format!("{prompt}{input}");
        if screen.rows.len() < INPUT_ROWS_MAX && !dumb {
            assert_eq!(drawn, whole, "the input is whole");
            let cells: usize =
                terminal.lines[messages.len()..terminal.line].iter().map(Vec::len).sum();
            let before = prompt.len() + input[..cursor].graphemes(true).count();
            assert_eq!(cells + terminal.at, before, "the cursor is where one types");
        } else {
            assert!(whole.contains(drawn.trim_end()), "{drawn:?} of {whole:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nothing_is_torn_by_messages_typing_or_a_new_width(acts in acts()) {
        play(acts, false);
    }

    #[test]
    fn a_dumb_terminal_keeps_its_messages_whole(acts in acts()) {
        play(acts, true);
    }
}

#[test]
fn a_burst_is_drawn_with_the_input_below_it_once() {
    let mut screen = Screen::new(40, false);
    let prompt = plain("> ");
    assert_eq!(screen.draw(&[], &prompt, "oi", 2), "\r\x1b[J> oi\r\x1b[4C");
    let above: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
    let drawn = screen.draw(&above, &prompt, "oi", 1);
    assert_eq!(drawn.matches("> oi").count(), 1);
    assert!(drawn.ends_with("999\r\n> oi\r\x1b[3C"));
}
