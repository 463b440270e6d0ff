//! What the program finds around itself at its start, read once.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::Path;

/// What the program finds around itself: nothing else reads the environment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    /// The environment.
    pub(crate) variables: Vec<(OsString, OsString)>,
    /// Whether the superuser runs it.
    pub(crate) is_root: bool,
    /// Whether standard error is a terminal.
    pub(crate) on_terminal: bool,
}

impl Surroundings {
    /// Those of this process.
    pub(crate) fn of_process() -> Self {
        Self {
            variables: std::env::vars_os().collect(),
            is_root: rustix::process::geteuid().is_root(),
            on_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// A variable that is set to something, in UTF-8.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        let (_, value) = self.variables.iter().find(|(found, _)| found == name)?;
        value.to_str().filter(|value| !value.is_empty())
    }

    /// Where the data goes if nobody says where: the XDG base directories (version 0.8), which
    /// want a path that is not absolute to be passed over.
    pub(crate) fn data_folder(&self) -> Option<String> {
        if self.is_root {
            return Some("/var/lib/papo".to_owned());
        }
        let absolute = |name| self.variable(name).filter(|path| Path::new(path).is_absolute());
        absolute("XDG_DATA_HOME")
            .map(|data| format!("{data}/papo"))
            .or_else(|| absolute("HOME").map(|home| format!("{home}/.local/share/papo")))
    }

    /// Whether log lines may be coloured: on a terminal, unless `NO_COLOR` is set
    /// (<https://no-color.org>).
    pub(crate) fn colour(&self) -> bool {
        self.on_terminal && self.variable("NO_COLOR").is_none()
    }
}

#[cfg(test)]
impl Surroundings {
    /// Those of an ordinary user with these variables.
    pub(crate) fn with(variables: &[(&str, &str)]) -> Self {
        let variables =
            variables.iter().map(|&(name, value)| (name.into(), value.into())).collect();
        Self { variables, is_root: false, on_terminal: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_folder_follows_xdg() {
        let home = ("HOME", "/home/ana");
        for (variables, expected) in [
            (vec![home], Some("/home/ana/.local/share/papo")),
            (vec![home, ("XDG_DATA_HOME", "/srv/ana")], Some("/srv/ana/papo")),
            (vec![home, ("XDG_DATA_HOME", "")], Some("/home/ana/.local/share/papo")),
            (vec![home, ("XDG_DATA_HOME", "here")], Some("/home/ana/.local/share/papo")),
            (vec![("HOME", "")], None),
            (vec![], None),
        ] {
            let surroundings = Surroundings::with(&variables);
            assert_eq!(surroundings.data_folder().as_deref(), expected, "{variables:?}");
        }
        let root = Surroundings { is_root: true, ..Surroundings::with(&[home]) };
        assert_eq!(root.data_folder().as_deref(), Some("/var/lib/papo"));
    }

    #[test]
    fn colour_is_for_terminals_that_want_it() {
        for (on_terminal, no_color, expected) in
            [(true, "", true), (true, "1", false), (false, "", false)]
        {
            let plain = Surroundings::with(&[("NO_COLOR", no_color)]);
            assert_eq!(Surroundings { on_terminal, ..plain }.colour(), expected);
        }
    }
}
