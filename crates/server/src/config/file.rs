//! Reads the settings of a TOML file, and says where in it each one stands.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Place, wrong_value};
use super::table::{SECTIONS, settings};
use super::value::Shape;
use super::{Gathered, Origin};

/// Bytes of a configuration file: a larger one is not one.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Offers every setting in the file at `path` to `gathered`, and every mistake in it.
pub(super) fn gather(path: &Path, gathered: &mut Gathered) {
    match read(path) {
        Ok(text) => gather_text(&path.display().to_string(), &text, gathered),
        Err(error) => {
            gathered.refuse(Place::File(path.display().to_string()), error.to_string());
        }
    }
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    // One byte more than the limit tells a file at the limit from a longer one.
    let bytes = File::open(path)?.take(FILE_BYTES_MAX + 1).read_to_string(&mut text)?;
    if bytes as u64 > FILE_BYTES_MAX {
        let message = format!("more than {FILE_BYTES_MAX} bytes: not a configuration file");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(text)
}

pub(super) fn gather_text(name: &str, text: &str, gathered: &mut Gathered) {
    let mut found = Gathered::default();
    let mut document = Document { name, text, gathered: &mut found };
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        document.table(&[], table.get_ref());
    }
    // What could be read of a file with a mistake in its form may mean something else.
    for error in errors {
        let place = document.place(error.span().unwrap_or_default().start);
        document.gathered.refuse(place, error.message().trim().replace('\n', " "));
    }
    // Tables come in the order of their names.
    found.problems.sort_by_key(|problem| match problem.place {
        Place::Line { line, column, .. } => (line, column),
        _ => (0, 0),
    });
    gathered.problems.append(&mut found.problems);
    gathered.values.append(&mut found.values);
}

struct Document<'d> {
    name: &'d str,
    text: &'d str,
    gathered: &'d mut Gathered,
}

impl Document<'_> {
    fn table(&mut self, path: &[&str], table: &DeTable<'_>) {
        for (name, value) in table {
            let mut path = path.to_vec();
            path.push(name.get_ref());
            let (key, place) = (dotted(&path), self.place(name.span().start));
            if let Some(setting) = settings().find(|setting| setting.key == key) {
                self.value(setting, value);
                continue;
            }
            let is_section = SECTIONS.iter().any(|section| section.name == key);
            match value.get_ref() {
                DeValue::Table(inner) if is_section || !inner.is_empty() => {
                    self.table(&path, inner);
                }
                _ if is_section => {
                    self.gathered.refuse(place, format!("`{key}` is a section, not a setting"));
                }
                _ => self.gathered.refuse_unknown(place, &key),
            }
        }
    }

    fn value(&mut self, setting: &'static super::table::Setting, value: &Spanned<DeValue<'_>>) {
        let wrong = |this: &mut Self, span: Range<usize>, nearest| {
            let place = this.place(span.start);
            this.gathered.refuse(place, wrong_value(setting, this.raw(span), nearest));
        };
        let values: &[Spanned<DeValue<'_>>] = match (setting.shape, value.get_ref()) {
            (Shape::List, DeValue::Array(items)) => items,
            (Shape::List, _) => return wrong(self, value.span(), None),
            _ => std::slice::from_ref(value),
        };
        let mut items = Vec::new();
        for value in values {
            match item(setting.shape, value.get_ref()) {
                Some(item) => items.push(item),
                None => return wrong(self, value.span(), None),
            }
        }
        match (setting.check)(&items, setting.extras.range) {
            Ok(items) => {
                let (line, _) = self.line_column(value.span().start);
                let origin = Origin::File { name: self.name.to_owned(), line };
                self.gathered.accept(setting, items, origin);
            }
            Err(mistake) => wrong(self, values[mistake.item].span(), mistake.nearest),
        }
    }

    /// What is written there.
    fn raw(&self, span: Range<usize>) -> &str {
        self.text.get(span).unwrap_or_default()
    }

    fn place(&self, offset: usize) -> Place {
        let (line, column) = self.line_column(offset);
        Place::Line { name: self.name.to_owned(), line, column }
    }

    /// Line and column of a byte, both from 1, the column in characters.
    fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// The whole name; a part that could not stand in a dotted name is quoted, as TOML does.
fn dotted(path: &[&str]) -> String {
    let bare = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
    };
    let parts: Vec<String> = path
        .iter()
        .map(|part| if bare(part) { (*part).to_owned() } else { format!("{part:?}") })
        .collect();
    parts.join(".")
}

/// The value as a flag would spell it, if it is of the right kind.
fn item(shape: Shape, value: &DeValue<'_>) -> Option<String> {
    match (shape, value) {
        (Shape::Whole, DeValue::Integer(number)) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n.to_string())
        }
        (Shape::Switch, DeValue::Boolean(is)) => Some(is.to_string()),
        (Shape::Text | Shape::List, DeValue::String(text)) => Some(text.to_string()),
        _ => None,
    }
}
