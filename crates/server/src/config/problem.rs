//! What is wrong with the settings, where, and what was probably meant.

use std::fmt;

use super::table::Setting;

/// Every mistake in the settings, a line each: for the operator, who mends them and starts again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problems(pub(super) Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Problem { place, message }) in self.0.iter().enumerate() {
            let newline = if index == 0 { "" } else { "\n" };
            write!(f, "{newline}{place}: {message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Where a mistake is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    File(String),
    Line { name: String, line: usize, column: usize },
    Env(String),
    Flag(String),
    Setting(&'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { name, line, column } => {
                write!(f, "{}:{line}:{column}", one_line(name))
            }
            Self::File(name) | Self::Env(name) | Self::Flag(name) => f.write_str(&one_line(name)),
            Self::Setting(key) => f.write_str(key),
        }
    }
}

/// A mistake in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) place: Place,
    pub(super) message: String,
}

pub(super) fn wrong_value(setting: &Setting, given: &str, nearest: Option<&str>) -> String {
    let expected = (setting.expected)(setting.extras.range);
    let meant = did_you_mean(nearest);
    format!("`{}` must be {expected}, not `{}`{meant}", setting.key, short(given))
}

pub(super) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}

/// Characters of a wrong value that are shown again.
const SHOWN_CHARS_MAX: usize = 60;

/// Someone's text in a shape that may be shown on a terminal: on one line, not long, and without
/// control characters.
pub(super) fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARS_MAX).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    one_line(&shown)
}

/// A text without control characters, line ends among them.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
