//! What the user's environment says about language, terminal and files. Read here and only here.

use std::env;
use std::path::{Path, PathBuf};

use lang::Lang;

use crate::view::colour::Palette;

/// The environment, in plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Environment {
    /// The locale's language, or the default.
    pub(crate) lang: Lang,
    /// What the terminal can show.
    pub(crate) palette: Palette,
    /// A terminal without cursor movement.
    pub(crate) dumb: bool,
    /// Where the history is kept, if anywhere.
    pub(crate) history: Option<PathBuf>,
}

impl Environment {
    /// Reads it.
    pub(crate) fn read() -> Self {
        Self::of(|name| env::var(name).ok())
    }

    /// The environment in which `variable` gives each variable's value.
    fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(&variable)
            .find(|value| !value.is_empty());
        let term = variable("TERM");
        let colorterm = variable("COLORTERM");
        let no_color = variable("NO_COLOR");
        let absolute = |path: String| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
        let state = variable("XDG_STATE_HOME").and_then(absolute).or_else(|| {
            variable("HOME").and_then(absolute).map(|home| home.join(Path::new(".local/state")))
        });
        Self {
            lang: locale.as_deref().and_then(Lang::of_tag).unwrap_or_default(),
            palette: Palette::of(no_color.as_deref(), term.as_deref(), colorterm.as_deref()),
            dumb: term.as_deref().is_none_or(|term| term.is_empty() || term == "dumb"),
            history: state.map(|state| state.join("papo").join("history")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Environment {
        Environment::of(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_first_locale_that_is_set_decides() {
        for (variables, lang) in [
            (&[("LANG", "en_US.UTF-8")][..], Lang::En),
            (&[("LC_ALL", "es_AR"), ("LANG", "en_US.UTF-8")], Lang::Es),
            (&[("LC_ALL", ""), ("LC_MESSAGES", "pt_PT"), ("LANG", "en_US")], Lang::Pt),
            (&[("LANG", "C")], Lang::Pt),
            (&[], Lang::Pt),
        ] {
            assert_eq!(of(variables).lang, lang, "{variables:?}");
        }
    }

    #[test]
    fn the_history_stays_in_the_user_s_own_folders() {
        let path = |variables: &[_]| of(variables).history;
        let home = ("HOME", "/home/ana");
        assert_eq!(path(&[home]), Some("/home/ana/.local/state/papo/history".into()));
        assert_eq!(path(&[home, ("XDG_STATE_HOME", "/s")]), Some("/s/papo/history".into()));
        let relative = path(&[home, ("XDG_STATE_HOME", "s")]);
        assert_eq!(relative, Some("/home/ana/.local/state/papo/history".into()));
        assert_eq!(path(&[]), None);
    }
}
