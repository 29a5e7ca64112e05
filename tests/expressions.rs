//! Expressions of Terraform with the results that Terraform itself gives: `fixtures/expressions/*.jsonl`.
//!
//! A line has the expression and either its result, as `jsonencode` writes it, or `"error": true`.

use formwork::expr::{Evaluator, Host, Key, Scope};
use formwork::source::{FileId, ReadError, Span};
use formwork::syntax::hcl;
use formwork::value::{Cause, CauseKind, Kind, Value};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A world with files and without names.
struct World {
    files: PathBuf,
}

/// The variables of a template.
struct Variables<'a> {
    world: &'a World,
    values: &'a Value,
}

fn eval(scope: &dyn Scope, text: &str) -> Value {
    let (expr, problems) = hcl::parse_expression(text, Span::new(FileId(0), 0, text.len()));
    match problems.first() {
        Some(problem) => Value::unknown(Cause::new(CauseKind::Invalid, problem.message.clone())),
        None => Evaluator::new(scope).eval(&expr, None),
    }
}

impl Host for World {
    fn read_file(&self, path: &str) -> Result<String, ReadError> {
        std::fs::read_to_string(self.files.join(path)).map_err(|_| ReadError::NotFound)
    }

    fn render(&self, _: &str, text: &str, variables: &Value) -> Value {
        let (parts, problems) = hcl::parse_template(text, Span::new(FileId(1), 0, text.len()));
        if let Some(problem) = problems.first() {
            return Value::unknown(Cause::new(CauseKind::Invalid, problem.message.clone()));
        }
        let scope = Variables { world: self, values: variables };
        Evaluator::new(&scope).template(&parts, Span::new(FileId(1), 0, text.len()), None)
    }
}

impl Scope for World {
    fn host(&self) -> &dyn Host {
        self
    }

    fn resolve(&self, _: &str, _: &[Key], _: Span) -> Option<(Value, usize)> {
        None
    }
}

impl Host for Variables<'_> {
    fn render(&self, name: &str, text: &str, variables: &Value) -> Value {
        self.world.render(name, text, variables)
    }
}

impl Scope for Variables<'_> {
    fn host(&self) -> &dyn Host {
        self
    }

    fn resolve(&self, root: &str, _: &[Key], _: Span) -> Option<(Value, usize)> {
        let value = self.values.get(root);
        (!value.is_unset()).then_some((value, 0))
    }
}

/// Whether an error is what keeps a value from being known.
fn is_error(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(cause) => cause.kind == CauseKind::Invalid,
        Kind::Partial(text) => text.holes().any(is_error),
        Kind::List(list) => list.items.iter().any(is_error),
        Kind::Map(map) => map.entries.values().any(is_error),
        _ => false,
    }
}

/// The result as Terraform would report it: JSON text, an error, or something that is not known.
fn outcome(world: &World, expr: &str) -> String {
    let value = eval(world, &format!("jsonencode({expr})"));
    match &value.kind {
        Kind::String(json) => json.to_string(),
        _ if is_error(&value) => "an error".to_owned(),
        _ => format!("unknown: {:?}", value.cause().map(|c| c.what.clone())),
    }
}

/// The mismatches of one file of expressions, and how many there are in it.
fn check(family: &Path) -> (usize, Vec<String>) {
    let world = World { files: family.with_file_name("files") };
    let text = std::fs::read_to_string(family).expect("a readable fixture");
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let expr = case["expr"].as_str().expect("an expression");
        let expected = case["result"].as_str().unwrap_or("an error");
        let found = outcome(&world, expr);
        count += 1;
        if found != expected {
            wrong.push(format!("{expr}\n    expected {expected}\n    found    {found}"));
        }
    }
    (count, wrong)
}

#[test]
fn expressions_have_the_results_that_terraform_gives() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/expressions");
    let mut families: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder of fixtures")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "jsonl"))
        .collect();
    families.sort();
    let mut total = 0;
    let mut report = String::new();
    for family in &families {
        let (count, wrong) = check(family);
        total += count;
        for mismatch in wrong {
            let name = family.file_stem().unwrap_or_default().to_string_lossy();
            writeln!(report, "{name}: {mismatch}").expect("writing to a string");
        }
    }
    assert!(total >= 1_000, "only {total} expressions were found");
    assert!(report.is_empty(), "\n{report}");
}
