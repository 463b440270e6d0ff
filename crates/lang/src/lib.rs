//! The words papo says to people, in every language it speaks.
//!
//! One folder a language under `locales/`, one Fluent file a part of the program; the same files
//! serve the line protocol, the pages and the terminal client. A message that a translation lacks
//! is a failing test, not a hole.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// A language papo speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Brazilian Portuguese, the default: what the seed spoke.
    #[default]
    Pt,
    /// English.
    En,
    /// Spanish.
    Es,
}

impl Lang {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Pt, Self::En, Self::Es];

    /// How commands and settings name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pt => "pt",
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// Its BCP 47 tag, as HTML and HTTP name it.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Pt => "pt-BR",
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// The language of a tag or a locale (`pt-BR`, `pt_BR.UTF-8`, `en`), if papo speaks it.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(primary))
    }

    /// The message `id` without arguments.
    #[must_use]
    pub fn text(self, id: &str) -> String {
        self.text_with(id, &[])
    }

    /// The message `id` with its arguments.
    ///
    /// A message that does not exist reads as its own id: the tests of this crate and of those
    /// who call it keep that from happening.
    #[must_use]
    pub fn text_with(self, id: &str, arguments: &[(&str, Value<'_>)]) -> String {
        let bundle = &bundles()[self as usize];
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            debug_assert!(false, "no message {id} in {}", self.tag());
            return id.to_owned();
        };
        let arguments: FluentArgs<'_> = arguments
            .iter()
            .map(|&(name, value)| match value {
                Value::Text(text) => (name, FluentValue::from(text)),
                // A number would be grouped and rounded; what papo counts is shown as it is.
                Value::Count(count) => (name, FluentValue::from(count)),
            })
            .collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        debug_assert!(errors.is_empty(), "{id} in {}: {errors:?}", self.tag());
        text.into_owned()
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(code: &str) -> Result<Self, UnknownLang> {
        Self::of_tag(code).ok_or(UnknownLang)
    }
}

/// papo does not speak that language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLang;

impl fmt::Display for UnknownLang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of pt, en, es")
    }
}

impl std::error::Error for UnknownLang {}

/// What a message is filled in with.
#[derive(Debug, Clone, Copy)]
pub enum Value<'v> {
    /// Words.
    Text(&'v str),
    /// A number: it chooses the plural form.
    Count(u64),
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value<'_> {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<u32> for Value<'_> {
    fn from(count: u32) -> Self {
        Self::Count(count.into())
    }
}

macro_rules! parts {
    ($tag:literal) => {
        [
            include_str!(concat!("../locales/", $tag, "/line.ftl")),
            include_str!(concat!("../locales/", $tag, "/connect.ftl")),
            include_str!(concat!("../locales/", $tag, "/start.ftl")),
            include_str!(concat!("../locales/", $tag, "/web.ftl")),
            include_str!(concat!("../locales/", $tag, "/admin.ftl")),
            include_str!(concat!("../locales/", $tag, "/json.ftl")),
            include_str!(concat!("../locales/", $tag, "/keep.ftl")),
            include_str!(concat!("../locales/", $tag, "/api.ftl")),
        ]
    };
}

/// Each language's parts, in the order of [`Lang::ALL`].
const SOURCES: [[&str; 8]; 3] = [parts!("pt-BR"), parts!("en"), parts!("es")];

fn bundles() -> &'static [FluentBundle<FluentResource>; 3] {
    static BUNDLES: OnceLock<[FluentBundle<FluentResource>; 3]> = OnceLock::new();
    BUNDLES.get_or_init(|| Lang::ALL.map(bundle))
}

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    let tag = lang.tag().parse().expect("the tags are well formed");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // The isolating marks are for mixed directions on a page; in a terminal they are noise.
    bundle.set_use_isolating(false);
    for source in SOURCES[lang as usize] {
        let resource = FluentResource::try_new(source.to_owned())
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", lang.tag()));
        bundle.add_resource(resource).expect("no message is defined twice");
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Each message's variables, by its id.
    fn messages(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
        let (mut messages, mut current) = (BTreeMap::new(), String::new());
        for line in SOURCES[lang as usize].iter().flat_map(|source| source.lines()) {
            if let Some((id, _)) = line.split_once(" =")
                && line.starts_with(|character: char| character.is_ascii_alphabetic())
            {
                id.clone_into(&mut current);
                messages.insert(current.clone(), BTreeSet::new());
            }
            for rest in line.split('$').skip(1) {
                let name =
                    rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap();
                messages.get_mut(&current).unwrap().insert(name.to_owned());
            }
        }
        messages
    }

    #[test]
    fn every_language_says_the_same_with_the_same_arguments() {
        let pt = messages(Lang::Pt);
        assert!(pt.len() > 20);
        assert_eq!(pt, messages(Lang::En));
        assert_eq!(pt, messages(Lang::Es));
    }

    #[test]
    fn tags_and_locales_find_their_language() {
        for (tag, lang) in [
            ("pt", Some(Lang::Pt)),
            ("pt-PT", Some(Lang::Pt)),
            ("en_GB.UTF-8", Some(Lang::En)),
            ("ES", Some(Lang::Es)),
            ("C", None),
            ("", None),
        ] {
            assert_eq!(Lang::of_tag(tag), lang, "{tag}");
        }
    }
}
