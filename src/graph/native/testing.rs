//! A small world for tests: HCL expressions in which some names are not known.

use crate::expr::{Evaluator, Function, Host, Key, Scope};
use crate::source::{FileId, Span};
use crate::syntax::hcl::parse_expression;
use crate::value::{Cause, CauseKind, HopKind, Kind, Str, Trail, Truth, Value};

struct World;

impl Host for World {
    fn render(&self, _: &str, _: &str, _: &Value) -> Value {
        Value::absent()
    }
}

impl Scope for World {
    fn host(&self) -> &dyn Host {
        self
    }

    fn strict(&self) -> bool {
        false
    }

    fn function(&self, name: &str) -> Option<&'static Function> {
        super::lookup(name)
    }

    /// `var.x`, `data.type.name.attribute` and `pseudo["AWS::X"]` are unknown, `made.x.y` is the attribute `y` of the
    /// resource `x`, `absent` is not written.
    fn resolve(&self, root: &str, keys: &[Key], span: Span) -> Option<(Value, usize)> {
        let path: Vec<Str> = keys
            .iter()
            .filter_map(|k| match k {
                Key::Name(name) => Some(name.clone()),
                Key::Index(Value { kind: Kind::String(s), .. }) => Some(s.clone()),
                _ => None,
            })
            .collect();
        let name = format!("{root}.{}", path.join("."));
        match root {
            "absent" => Some((Value::absent(), 0)),
            "var" => {
                let cause = Cause::at(CauseKind::Input, format!("{name} has no value"), span);
                Some((Value::unknown(cause).with_trail(Trail::one(HopKind::Default, name, span)), keys.len()))
            }
            "data" => {
                let cause = Cause::at(CauseKind::External, "it is read while planning", span);
                Some((Value::unknown(cause).with_trail(Trail::one(HopKind::Attribute, name, span)), keys.len()))
            }
            "pseudo" => {
                let what = format!("{} is decided by the deployment", path.join(""));
                Some((Value::unknown(Cause::at(CauseKind::Deployment, what, span)).written_at(span), keys.len()))
            }
            "made" => {
                let mut path = path.into_iter();
                let (address, attribute) = (path.next()?, path.next().unwrap_or_default());
                Some((Value::after_apply(address, attribute).written_at(span), keys.len()))
            }
            _ => None,
        }
    }
}

/// The value of an expression.
pub(in crate::graph) fn eval(text: &str) -> Value {
    let (expr, problems) = parse_expression(text, Span::new(FileId(0), 0, text.len()));
    assert!(problems.is_empty(), "{text}: {problems:?}");
    Evaluator::new(&World).eval(&expr, None)
}

/// What the value of an expression decides: `yes`, `no` or `?`.
pub(super) fn truth(text: &str) -> &'static str {
    match eval(text).truth() {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Undetermined => "?",
    }
}

/// The part of the expression to which the trail of its value leads first.
pub(super) fn evidence(text: &str) -> &str {
    eval(text).trail.span().and_then(|s| text.get(s.range())).unwrap_or("")
}

/// Checks a table of expressions and what they decide.
pub(super) fn check(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter(|(text, expected)| truth(text) != *expected)
        .map(|(text, expected)| format!("{text}: expected {expected}, got {:?}", eval(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
