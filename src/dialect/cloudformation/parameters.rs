//! Parameters: what they are given, their defaults, what they may be.

use super::evaluator::Evaluator;
use super::inputs::Given;
use super::scope::{Fact, Scope};
use crate::source::Span;
use crate::syntax::document::{Node, ScalarValue};
use crate::value::{Arm, Cause, CauseKind, Guard, HopKind, Kind, MAX_ARMS, Str, Trail, Value, Variable, to_text};
use std::sync::Arc;

/// How the value of a parameter is called in a trail.
fn label(name: &str) -> Str {
    Str::from(format!("parameter {name}"))
}

/// What is known of a parameter.
pub(super) struct Parameter {
    pub(super) value: Value,
    /// Set when nobody says what its value is.
    pub(super) variable: Option<Arc<Variable>>,
}

/// The values a parameter may have, with their places.
pub(super) type Domain = Vec<(Str, Span)>;

impl Evaluator<'_, '_> {
    /// The value of a parameter of the template. `asserted`: what rules say it may be.
    pub(super) fn parameter(
        &self,
        name: &str,
        key: Span,
        node: &Node,
        given: Option<&Given>,
        asserted: Option<&Domain>,
    ) -> Parameter {
        let kind = node.get("Type").and_then(Node::text).unwrap_or("String");
        let secret = node
            .get("NoEcho")
            .and_then(Node::as_scalar)
            .is_some_and(|s| matches!(s.value, ScalarValue::Bool(true)) || s.text.eq_ignore_ascii_case("true"));
        let undecided = || self.undecided(name, key, node, kind, secret, asserted);
        let Parameter { value, variable } = match given {
            Some(Given::Text(text, span)) => {
                let trail = Trail::one(HopKind::Input, label(name), *span);
                Parameter { value: Value::from(text.as_str()).with_trail(trail), variable: None }
            }
            Some(Given::Value(value, variable)) => {
                // A stack that leaves it out leaves the default.
                let passed = |v: &Value| v.clone().hop(HopKind::Argument, label(name));
                let or_default = |v: &Value| if v.is_unset() { undecided().value } else { passed(v) };
                match &value.kind {
                    Kind::Absent | Kind::Null => undecided(),
                    Kind::Choice(arms) if arms.iter().any(|a| a.value.is_unset()) => {
                        Parameter { value: value.map_arms(or_default), variable: None }
                    }
                    _ => Parameter { value: passed(value), variable: variable.clone() },
                }
            }
            None => undecided(),
        };
        if kind.starts_with("AWS::SSM::Parameter::Value") {
            // What is given is where to read.
            let what = format!("parameter `{name}` is read from the parameter store");
            let value = Value::unknown(Cause::at(CauseKind::External, what, key))
                .with_trail(value.trail.clone())
                .stored_under(value)
                .marked(secret);
            return Parameter { value, variable: Some(self.variable(name, None, secret)) };
        }
        Parameter { value: typed(&value, kind).marked(secret), variable }
    }

    fn variable(&self, name: &str, domain: Option<&Domain>, sensitive: bool) -> Arc<Variable> {
        let values = domain.map(|all| all.iter().map(|(value, _)| value.clone()).collect());
        Arc::new(Variable { name: self.named(name), values, sensitive })
    }

    fn undecided(
        &self,
        name: &str,
        key: Span,
        node: &Node,
        kind: &str,
        secret: bool,
        asserted: Option<&Domain>,
    ) -> Parameter {
        let strict = self.shared.options.strict_inputs && self.level == 0;
        let default = node.get("Default").and_then(|d| d.text().map(|t| (default_text(d, t), d.span)));
        let what = match default {
            Some((text, span)) if !strict => {
                let value = Value::from(text).with_trail(Trail::one(HopKind::Default, label(name), span));
                return Parameter { value, variable: None };
            }
            Some(_) => format!("parameter `{name}` has only a default, which an input may replace"),
            None => format!("parameter `{name}` has no value"),
        };
        let why = Cause::at(CauseKind::Input, what, key);
        let single = !is_list(kind);
        let domain = if single { domain(node, asserted) } else { None };
        let variable = self.variable(name, domain.as_ref(), secret);
        let value = match &domain {
            Some(values) if (1..=MAX_ARMS).contains(&values.len()) => {
                let arms = values.iter().map(|(text, span)| {
                    let when = Guard::value(&variable, text, Some(why.clone())).into();
                    Arm { when, value: Value::from(text.clone()).written_at(*span) }
                });
                Value::choice(arms.collect()).or_trail(&Trail::written(key))
            }
            _ => Value::unknown(why).with_trail(Trail::written(key)),
        };
        Parameter { value, variable: Some(variable) }
    }

    /// The value of a parameter under assumptions.
    pub(super) fn narrowed(&self, name: &str, value: &Value, scope: &Scope) -> Value {
        if let Some(fact) = self.fact(name, scope) {
            return supposed(&fact, value);
        }
        value.given(&scope.world())
    }
}

/// The values that a parameter may have, if they are listed.
fn domain(node: &Node, asserted: Option<&Domain>) -> Option<Domain> {
    let allowed = node.get("AllowedValues").and_then(Node::items);
    let allowed = allowed.filter(|items| items.iter().all(|a| a.text().is_some()));
    let allowed = allowed.map(|items| {
        let mut out = Domain::new();
        for item in items {
            let Some(text) = item.text().map(|t| default_text(item, t)) else { continue };
            if out.iter().all(|(value, _)| *value != text) {
                out.push((text, item.span));
            }
        }
        out
    });
    match (allowed, asserted) {
        (Some(allowed), Some(asserted)) => {
            let both: Domain = asserted.iter().filter(|(v, _)| allowed.iter().any(|(w, _)| v == w)).cloned().collect();
            // Rules that leave nothing cannot be met: then they are not what was meant.
            Some(if both.is_empty() { allowed } else { both })
        }
        (Some(allowed), None) => Some(allowed).filter(|a| !a.is_empty()),
        (None, asserted) => asserted.cloned(),
    }
}

/// The value of a parameter that equals a string because a condition says so.
pub(super) fn supposed(fact: &Fact, value: &Value) -> Value {
    Value::from(fact.value.clone())
        .with_trail(Trail::one(HopKind::Local, format!("condition {}", fact.condition), fact.span))
        .marked(value.sensitive)
}

/// The text of a scalar as it arrives in a parameter: a truth value of YAML is `true` or `false`.
pub(super) fn default_text(node: &Node, text: &str) -> Str {
    match node.as_scalar().map(|s| s.value) {
        Some(ScalarValue::Bool(true)) => "true".into(),
        Some(ScalarValue::Bool(false)) => "false".into(),
        Some(ScalarValue::Int(i)) => Str::from(i.to_string()),
        _ => text.into(),
    }
}

fn is_list(kind: &str) -> bool {
    kind == "CommaDelimitedList" || kind.starts_with("List<")
}

/// A value as a parameter of a type hands it on: lists are split at their commas.
fn typed(value: &Value, kind: &str) -> Value {
    let list = is_list(kind);
    match &value.kind {
        Kind::Choice(_) => value.map_arms(|v| typed(v, kind)),
        Kind::String(text) if list => {
            let items = if text.trim().is_empty() {
                Vec::new()
            } else {
                text.split(',').map(|item| Value::from(item.trim()).with_trail(value.trail.clone())).collect()
            };
            Value::list(items).with_trail(value.trail.clone()).marked(value.sensitive)
        }
        Kind::List(_) if list => value.clone(),
        Kind::Partial(_) if list => {
            let cause = value.cause().unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "a list in parts"));
            Value::unknown(cause).with_trail(value.trail.clone()).marked(value.sensitive)
        }
        // A list given to a string arrives joined.
        Kind::List(items) if items.open.is_none() => {
            let mut parts = Vec::new();
            for (i, item) in items.items.iter().enumerate() {
                if i > 0 {
                    parts.push(Value::from(","));
                }
                parts.push(item.clone());
            }
            Value::concat(&parts).with_trail(value.trail.clone()).marked(value.sensitive)
        }
        _ => to_text(value),
    }
}
