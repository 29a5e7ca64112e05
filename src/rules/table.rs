//! Tables: facts that change with time, such as the runtimes of a service and their dates, kept apart from the rules that
//! read them.

use super::embedded::tables;
use super::scope::MetaScope;
use crate::expr::Evaluator;
use crate::source::FileId;
use crate::syntax::hcl::{self, Block};
use crate::syntax::{Problem, hcl::Expr};
use crate::value::{Entries, Kind, Str, Value};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

const KEYS: [&str; 3] = ["as_of", "sources", "rows"];

/// The tables by name, as expressions see them: maps of `as_of`, `sources` and `rows`.
type ByName = FxHashMap<Str, Value>;

/// The tables of a run: those of the user over those that are built in.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    user: ByName,
}

impl Tables {
    /// The table of that name: a map of `as_of`, `sources` and `rows`. A built-in one is read when it is first asked for.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.user.get(name).cloned().or_else(|| built_in(name))
    }

    /// Adds the tables of a file of the user.
    pub(super) fn add(&mut self, file: FileId, text: &str) -> Vec<Problem> {
        let (read, problems) = read(file, text);
        self.user.extend(read);
        problems
    }
}

/// The names of the built-in tables and the days whose state they describe, by name.
pub fn dates() -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<(&str, &str)> = tables().iter().flat_map(|file| file.tables.iter().copied()).collect();
    all.sort_unstable();
    all
}

fn built_in(name: &str) -> Option<Value> {
    static READ: OnceLock<Vec<OnceLock<ByName>>> = OnceLock::new();
    let at = tables().iter().position(|file| file.tables.iter().any(|(table, _)| *table == name))?;
    let files = READ.get_or_init(|| tables().iter().map(|_| OnceLock::new()).collect());
    let file = files.get(at)?.get_or_init(|| {
        // Mistakes are shown by `Library::load_all`.
        tables().get(at).map(|file| read(FileId(u32::MAX), file.text).0).unwrap_or_default()
    });
    file.get(name).cloned()
}

/// Reads the tables of a file.
pub(super) fn read(file: FileId, text: &str) -> (ByName, Vec<Problem>) {
    let (document, mut problems) = hcl::parse(file, text);
    let mut out = ByName::default();
    for block in document.body.blocks() {
        match block.label(0).filter(|_| block.kind.name == "table") {
            Some(name) if name.split('.').count() == 2 => {
                out.insert(name.clone(), read_table(block, &mut problems));
            }
            Some(_) => problems.push(Problem::new(block.header, "the name of a table is \"service.name\"")),
            None => problems.push(Problem::new(block.header, "expected table \"service.name\"")),
        }
    }
    (out, problems)
}

fn read_table(block: &Block, problems: &mut Vec<Problem>) -> Value {
    let mut entries = Entries::default();
    for attribute in block.body.attributes() {
        let name = &attribute.name.name;
        if !KEYS.contains(&name.as_str()) {
            problems.push(Problem::new(attribute.name.span, format!("a table has no {name}")));
        }
    }
    for key in KEYS {
        let Some(attribute) = block.body.attribute(key) else {
            problems.push(Problem::new(block.header, format!("the table has no {key}")));
            continue;
        };
        let value = constant(&attribute.value);
        if let Some(fault) = fault(key, &value) {
            problems.push(Problem::new(attribute.value.span, fault));
        }
        entries.insert(key.into(), value);
    }
    Value::map(entries)
}

fn constant(expr: &Expr) -> Value {
    Evaluator::new(&MetaScope { member: None }).eval(expr, None)
}

/// What is wrong with a value of a table.
fn fault(key: &str, value: &Value) -> Option<&'static str> {
    match (key, &value.kind) {
        _ if !value.is_wholly_known() => Some("the values of a table are constants"),
        ("as_of", Kind::String(date)) if is_date(date) => None,
        ("as_of", _) => Some("expected a date, YYYY-MM-DD"),
        ("sources", Kind::List(list)) if !list.items.is_empty() && list.items.iter().all(|s| s.as_str().is_some()) => {
            None
        }
        ("sources", _) => Some("expected a list of addresses of documentation"),
        (_, Kind::Map(_) | Kind::List(_)) => None,
        _ => Some("expected an object, or a list"),
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |text: &str, digits: usize| {
        (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<u32>().ok()).flatten()
    };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|m| (1..=12).contains(&m))
        && number(day, 2).is_some_and(|d| (1..=31).contains(&d))
}

#[cfg(test)]
mod tests {
    use super::{Tables, is_date, read};
    use crate::source::FileId;

    const GOOD: &str = r#"
table "colours.warm" {
  as_of   = "2026-11-22"
  sources = ["https://example.com/colours"]
  rows    = { red = { since = "2020-01-01" }, "yellow" = {} }
}
"#;

    #[test]
    fn a_table_is_a_map_without_places() {
        let (tables, problems) = read(FileId(0), GOOD);
        assert!(problems.is_empty(), "{problems:?}");
        let table = &tables["colours.warm"];
        assert_eq!(table.get("as_of").as_str(), Some("2026-11-22"));
        let since = table.get("rows").get("red").get("since");
        assert_eq!(since.as_str(), Some("2020-01-01"));
        assert!(since.trail.is_none());
    }

    #[test]
    fn mistakes_are_named() {
        let table = |body: &str| format!("table \"a.b\" {{\n{body}\n}}\n");
        let ok = "sources = [\"x\"]\nrows = []";
        let cases = [
            ("resource \"a\" {}\n".to_owned(), "expected table \"service.name\""),
            ("table \"a\" {}\n".to_owned(), "the name of a table is \"service.name\""),
            (table(ok), "the table has no as_of"),
            (table(&format!("as_of = \"soon\"\n{ok}")), "expected a date, YYYY-MM-DD"),
            (table("as_of = \"2026-01-01\"\nsources = []\nrows = []"), "expected a list of addresses of documentation"),
            (table("as_of = \"2026-01-01\"\nsources = [\"x\"]\nrows = 1"), "expected an object, or a list"),
            (table("as_of = \"2026-01-01\"\nsources = [\"x\"]\nrows = [var.x]"), "the values of a table are constants"),
            (table(&format!("as_of = \"2026-01-01\"\n{ok}\nrow = 1")), "a table has no row"),
        ];
        for (text, expected) in cases {
            let (_, problems) = read(FileId(0), &text);
            let messages: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
            assert_eq!(messages, [expected], "{text}");
        }
    }

    #[test]
    fn those_of_the_user_come_first() {
        let mut tables = Tables::default();
        assert!(tables.get("colours.warm").is_none());
        assert!(tables.add(FileId(0), GOOD).is_empty());
        assert!(tables.get("colours.warm").is_some());
        assert!(tables.get("colours.cold").is_none());
    }

    #[test]
    fn dates() {
        for (text, expected) in [
            ("2026-11-22", true),
            ("2026-1-22", false),
            ("2026-13-01", false),
            ("2026-01-00", false),
            ("2026-01-32", false),
            ("22.11.2026", false),
            ("2026-11", false),
            ("+026-11-22", false),
            ("", false),
        ] {
            assert_eq!(is_date(text), expected, "{text}");
        }
    }
}
