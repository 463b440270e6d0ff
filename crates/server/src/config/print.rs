//! Prints the settings: as TOML that can be saved and used, and as the manual's page.

use std::fmt::Write as _;

use super::Loaded;
use super::problem::one_line;
use super::table::{SECTIONS, Setting, lines};
use super::value::Shape;

impl Loaded {
    /// The configuration in force as commented TOML, each value with where it came from.
    pub(crate) fn to_toml(&self) -> String {
        toml(|setting| {
            let given = &self.values[setting.key];
            (given.items.clone(), Some(format!("From: {}", given.origin)))
        })
    }
}

/// The defaults as commented TOML.
pub(crate) fn default_toml() -> String {
    toml(|setting| (setting.items(setting.default), None))
}

/// The settings as the page `docs/config.md`.
#[cfg(test)]
pub(super) fn manual_page() -> String {
    let mut page = String::from(PAGE_HEAD);
    for section in SECTIONS {
        let _ = write!(page, "\n## [{}]\n\n", section.name);
        page.extend(lines(section.doc).flat_map(|line| [line, "\n"]));
        for setting in section.settings {
            let _ = write!(page, "\n### {}\n\n", setting.key);
            page.extend(setting.doc_lines().flat_map(|line| [line, "\n"]));
            let default = literal(setting, &setting.items(setting.default));
            let _ = write!(page, "\nDefault: `{default}`");
            if setting.shape == Shape::Whole {
                let (least, greatest) = setting.extras.range;
                let _ = write!(page, ", from {least} to {greatest}");
            }
            let _ = writeln!(page, ". {}", code_names(setting));
        }
    }
    page
}

/// A setting's manual for the terminal: its lines, its default and its names.
pub(crate) fn manual_lines(setting: &Setting) -> Vec<String> {
    let mut manual: Vec<String> = setting.doc_lines().map(str::to_owned).collect();
    manual.push(String::new());
    manual.push(format!("Default: {}", literal(setting, &setting.items(setting.default))) + ".");
    manual.push(names(setting) + ".");
    manual
}

#[cfg(test)]
const PAGE_HEAD: &str = "\
<!-- Made from crates/server/src/config/table.rs. After a change there:
     UPDATE_DOCS=1 cargo test -p server the_manual_page -->

# Settings

Every setting has a default: papo starts without any. Where several sources name the same setting, a
flag wins over the environment, the environment over the file, the file over the default.

- A flag: its own where it has one, or `--set key=value` for any setting.
- The environment: the names below. A `PAPO_` name that is no setting is refused.
- A TOML file: the one that `--config FILE` or `PAPO_CONFIG` names. Without them none is read.

`papo config` prints the settings in force as such a file, each with where its value came from;
`papo config --default` prints the defaults. A relative path is taken from the folder where papo is
started. Whatever is wrong is refused at the start, all of it at once, with its place and the
nearest right name.
";

const TOML_HEAD: &str = "\
# The settings of papo. Save this as a file and use it with: papo serve --config FILE
# A flag wins over the environment, the environment over the file, the file over the default.
";

/// Every setting as TOML; `value` gives its items and a remark.
fn toml(value: impl Fn(&'static Setting) -> (Vec<String>, Option<String>)) -> String {
    let mut text = String::from(TOML_HEAD);
    for section in SECTIONS {
        text.push('\n');
        comment(&mut text, lines(section.doc));
        let _ = writeln!(text, "[{}]", section.name);
        for setting in section.settings {
            let (items, remark) = value(setting);
            text.push('\n');
            comment(&mut text, setting.doc_lines());
            comment(&mut text, [names(setting).as_str()]);
            if let Some(remark) = remark {
                // A file's name may hold anything, a line end too.
                comment(&mut text, [one_line(&remark).as_str()]);
            }
            let _ = writeln!(text, "{} = {}", setting.name, literal(setting, &items));
        }
    }
    text
}

fn comment<'l>(text: &mut String, lines: impl IntoIterator<Item = &'l str>) {
    for line in lines {
        let space = if line.is_empty() { "" } else { " " };
        let _ = writeln!(text, "#{space}{line}");
    }
}

/// The value as TOML writes it.
fn literal(setting: &Setting, items: &[String]) -> String {
    let string = |item: &String| toml::Value::String(item.clone()).to_string();
    match setting.shape {
        Shape::Whole | Shape::Switch => items[0].clone(),
        Shape::Text => string(&items[0]),
        Shape::List => format!("[{}]", items.iter().map(string).collect::<Vec<_>>().join(", ")),
    }
}

/// What else the setting is called.
fn names(setting: &Setting) -> String {
    let mut names = vec![setting.env()];
    names.extend(setting.extras.short_env.map(str::to_owned));
    if let Some(flag) = setting.extras.flag {
        names.extend(flag.short.map(|short| format!("-{short}")));
        names.push(format!("--{}", flag.long));
    }
    format!("Also: {}", names.join(", "))
}

#[cfg(test)]
fn code_names(setting: &Setting) -> String {
    names(setting).replace(": ", ": `").replace(", ", "`, `") + "`."
}
