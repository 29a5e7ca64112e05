//! Parameters: what they are given, their defaults, what they may be.

use super::evaluator::Evaluator;
use super::inputs::Given;
use super::scope::{Fact, Scope};
use crate::source::Span;
use crate::syntax::document::{Node, ScalarValue};
use crate::value::{Arm, Cause, CauseKind, Guard, HopKind, Kind, MAX_ARMS, Str, Trail, Value, to_text};

/// How the value of a parameter is called in a trail.
fn label(name: &str) -> Str {
    Str::from(format!("parameter {name}"))
}

impl Evaluator<'_, '_> {
    /// The value of a parameter of the template.
    pub(super) fn parameter(&self, name: &str, key: Span, node: &Node, given: Option<&Given>) -> Value {
        let kind = node.get("Type").and_then(Node::text).unwrap_or("String");
        let secret = node
            .get("NoEcho")
            .and_then(Node::as_scalar)
            .is_some_and(|s| matches!(s.value, ScalarValue::Bool(true)) || s.text.eq_ignore_ascii_case("true"));
        let value = match given {
            Some(Given::Text(text, span)) => {
                Value::from(text.as_str()).with_trail(Trail::one(HopKind::Input, label(name), *span))
            }
            // A stack that leaves it out leaves the default.
            Some(Given::Value(value)) if !value.is_unset() => value.clone().hop(HopKind::Argument, label(name)),
            _ => self.undecided(name, key, node, kind),
        };
        if kind.starts_with("AWS::SSM::Parameter::Value") {
            // What is given is where to read.
            let what = format!("parameter `{name}` is read from the parameter store");
            return Value::unknown(Cause::at(CauseKind::External, what, key))
                .with_trail(value.trail.clone())
                .stored_under(value)
                .marked(secret);
        }
        typed(&value, kind).marked(secret)
    }

    fn undecided(&self, name: &str, key: Span, node: &Node, kind: &str) -> Value {
        let strict = self.shared.options.strict_inputs && self.level == 0;
        let default = node.get("Default").and_then(|d| d.text().map(|t| (default_text(d, t), d.span)));
        if let (Some((text, span)), false) = (default, strict) {
            return Value::from(text).with_trail(Trail::one(HopKind::Default, label(name), span));
        }
        let single = matches!(kind, "String" | "Number");
        if let Some(allowed) = node.get("AllowedValues").and_then(Node::items)
            && single
            && (1..=MAX_ARMS).contains(&allowed.len())
            && allowed.iter().all(|a| a.text().is_some())
        {
            let why = Cause::at(CauseKind::Input, format!("parameter `{name}` has no value"), key);
            let arms = allowed.iter().filter_map(|item| {
                let text = default_text(item, item.text()?);
                let condition = self.named(&format!("{name} is {text}"));
                let when = Guard { condition, holds: true, cause: Some(why.clone()) };
                Some(Arm { when: Some(when), value: Value::from(text).written_at(item.span) })
            });
            return Value::choice(arms.collect()).or_trail(&Trail::written(key));
        }
        let what = if strict && default_exists(node) {
            format!("parameter `{name}` has only a default, which an input may replace")
        } else {
            format!("parameter `{name}` has no value")
        };
        Value::unknown(Cause::at(CauseKind::Input, what, key)).with_trail(Trail::written(key))
    }
}

/// The value of a parameter under assumptions.
pub(super) fn narrowed(name: &str, value: &Value, scope: &Scope) -> Value {
    if let Some(fact) = scope.equals(name) {
        return supposed(fact, value);
    }
    match &value.kind {
        Kind::Choice(arms) => {
            let differs = |arm: &&Arm| !arm.value.as_str().is_some_and(|s| scope.differs(name, s));
            let left: Vec<Arm> = arms.iter().filter(differs).cloned().collect();
            if left.is_empty() || left.len() == arms.len() {
                return value.clone();
            }
            Value::choice(left).or_trail(&value.trail).marked(value.sensitive)
        }
        _ => value.clone(),
    }
}

/// The value of a parameter that equals a string because a condition says so.
pub(super) fn supposed(fact: &Fact, value: &Value) -> Value {
    Value::from(fact.value.clone())
        .with_trail(Trail::one(HopKind::Local, format!("condition {}", fact.condition), fact.span))
        .marked(value.sensitive)
}

fn default_exists(node: &Node) -> bool {
    node.get("Default").is_some_and(|d| d.text().is_some())
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

/// A value as a parameter of a type hands it on: lists are split at their commas.
fn typed(value: &Value, kind: &str) -> Value {
    let list = kind == "CommaDelimitedList" || kind.starts_with("List<");
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
