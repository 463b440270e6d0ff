//! The rows of the terminal that belong to the input line, and how lines get above them.
//!
//! What scrolls past belongs to the terminal, with its own scrolling back and copying. Only the
//! last rows are drawn here: erased, what is new written in their place, and drawn again below it.
//! All of it is one string for one write, so nothing shows in between.

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

use crate::limits::INPUT_ROWS_MAX;

/// A wide character and the cursor beside it must fit.
const COLUMNS_MIN: usize = 4;

/// A prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PromptText {
    /// With colours.
    pub(crate) painted: String,
    /// Without.
    pub(crate) plain: String,
}

/// What was drawn last.
#[derive(Debug)]
pub(crate) struct Screen {
    columns: usize,
    /// Only carriage return and space are understood.
    dumb: bool,
    rows: Vec<Row>,
    cursor: Cursor,
}

/// A row, and before which of its characters the cursor stands.
#[derive(Debug, Default, Clone, Copy)]
struct Cursor {
    row: usize,
    at: usize,
}

#[derive(Debug, Default)]
struct Row {
    text: String,
    /// The columns of each of its characters.
    widths: Vec<usize>,
}

impl Screen {
    /// A screen with nothing drawn; the cursor stands at the start of a row.
    pub(crate) fn new(columns: usize, dumb: bool) -> Self {
        let columns = columns.max(COLUMNS_MIN);
        Self { columns, dumb, rows: Vec::new(), cursor: Cursor::default() }
    }

    /// Whether only carriage return and space are understood.
    pub(crate) fn is_dumb(&self) -> bool {
        self.dumb
    }

    /// The terminal is `columns` wide now, and has wrapped anew what was drawn.
    pub(crate) fn resize(&mut self, columns: usize) {
        self.columns = columns.max(COLUMNS_MIN);
    }

    /// Forgets what was drawn and clears the terminal.
    pub(crate) fn clear(&mut self) -> &'static str {
        self.rows.clear();
        self.cursor = Cursor::default();
        if self.dumb { "" } else { "\x1b[H\x1b[2J" }
    }

    /// Writes `above` above the input line and draws that with `cursor` (bytes into `text`).
    pub(crate) fn draw(
        &mut self,
        above: &[String],
        prompt: &PromptText,
        text: &str,
        cursor: usize,
    ) -> String {
        let mut out = self.erase();
        for line in above {
            out.push_str(line);
            out.push_str("\r\n");
        }
        (self.rows, self.cursor) = layout(self.columns - 1, prompt, text, cursor);
        let rows_max = if self.dumb { 1 } else { INPUT_ROWS_MAX };
        let hidden = (self.cursor.row + 1).saturating_sub(rows_max);
        self.rows.drain(..hidden);
        self.rows.truncate(rows_max);
        self.cursor.row -= hidden;
        for (index, row) in self.rows.iter().enumerate() {
            if index > 0 {
                out.push_str("\r\n");
            }
            out.push_str(&row.text);
        }
        let Cursor { row, at } = self.cursor;
        let column: usize = self.rows[row].widths[..at].iter().sum();
        if self.dumb {
            self.go_back_dumb(&mut out, column);
        } else {
            go_up(&mut out, self.rows.len() - 1 - row);
            out.push('\r');
            if column > 0 {
                let _ = write!(out, "\x1b[{column}C");
            }
        }
        out
    }

    /// Takes the input line away; the cursor stands where it began.
    pub(crate) fn erase(&mut self) -> String {
        let mut out = String::new();
        if self.dumb {
            let used: usize = self.rows.iter().flat_map(|row| &row.widths).sum();
            out = format!("\r{}\r", " ".repeat(used.min(self.columns - 1)));
        } else {
            go_up(&mut out, self.rows_above_cursor());
            out.push_str("\r\x1b[J");
        }
        self.rows.clear();
        self.cursor = Cursor::default();
        out
    }

    /// How many rows of the terminal, as wide as it is now, stand above the one with the cursor.
    fn rows_above_cursor(&self) -> usize {
        let Cursor { row, at } = self.cursor;
        let above = self.rows.iter().take(row);
        let whole: usize =
            above.map(|row| row.wrapped_row(row.widths.len(), self.columns) + 1).sum();
        whole + self.rows.get(row).map_or(0, |row| row.wrapped_row(at, self.columns))
    }

    /// Writes the row's beginning once more: the only way to the cursor's column.
    fn go_back_dumb(&self, out: &mut String, column: usize) {
        let Some(row) = self.rows.first() else { return };
        out.push('\r');
        let mut used = 0;
        for grapheme in row.text.graphemes(true) {
            used += grapheme.width();
            if used > column {
                break;
            }
            out.push_str(grapheme);
        }
    }
}

impl Row {
    fn columns(&self) -> usize {
        self.widths.iter().sum()
    }

    /// On which of its rows the terminal has the character `at`, if it wraps at `columns`. After
    /// the last character the cursor stays on that one's row.
    fn wrapped_row(&self, at: usize, columns: usize) -> usize {
        let (mut row, mut used) = (0, 0);
        for &width in self.widths.iter().take(at + 1) {
            if used + width > columns {
                (row, used) = (row + 1, 0);
            }
            used += width;
        }
        row
    }
}

fn go_up(out: &mut String, rows: usize) {
    if rows > 0 {
        let _ = write!(out, "\x1b[{rows}A");
    }
}

/// Cuts prompt and text into rows of at most `columns`; the terminal itself never wraps them.
fn layout(columns: usize, prompt: &PromptText, text: &str, cursor: usize) -> (Vec<Row>, Cursor) {
    let mut row = Row::default();
    // A prompt that would leave no room to type is not drawn.
    if prompt.plain.width() <= columns * 2 / 3 {
        row.text.push_str(&prompt.painted);
        row.widths = prompt.plain.graphemes(true).map(UnicodeWidthStr::width).collect();
    }
    let mut rows = Vec::new();
    let mut place = None;
    for (index, grapheme) in text.grapheme_indices(true) {
        let grapheme = if grapheme == "\t" { " " } else { grapheme };
        let width = grapheme.width();
        if row.columns() + width > columns {
            rows.push(std::mem::take(&mut row));
        }
        if place.is_none() && cursor < index + grapheme.len() {
            place = Some(Cursor { row: rows.len(), at: row.widths.len() });
        }
        row.text.push_str(grapheme);
        row.widths.push(width);
    }
    let place = place.unwrap_or(Cursor { row: rows.len(), at: row.widths.len() });
    rows.push(row);
    (rows, place)
}

#[cfg(test)]
mod tests;
