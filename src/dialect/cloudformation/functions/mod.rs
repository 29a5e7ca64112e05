//! The intrinsic functions.

mod json;
mod mapping;
mod network;
mod reference;
mod text;

pub(super) use mapping::{Mapping, index_mappings};

use super::call::{Arg, Call};
use super::conditions::full_name;
use super::evaluator::Evaluator;
use super::scope::Scope;
use crate::source::Span;
use crate::syntax::document::Node;
use crate::value::{Arm, Cause, CauseKind, HopKind, Kind, List, Map, Str, Trail, Truth, Value, to_number};
use std::sync::Arc;

/// Values nested deeper than this in one that a condition leads to do not say so.
const MAX_DECIDED_DEPTH: u32 = 8;

impl<'t> Evaluator<'t, '_> {
    /// The value of a call.
    pub(super) fn call(&self, call: &Call<'t>, scope: &Scope) -> Value {
        // A list of arguments that another function would have to give.
        if matches!(call.name, "Sub" | "Join" | "Split" | "Select" | "FindInMap" | "If" | "Cidr")
            && call.arg.call().is_some()
            && let Some(cause) = self.argument(call.arg, scope).cause()
        {
            return Value::unknown(cause).written_at(call.span);
        }
        let value = match call.name {
            "Ref" => self.reference(call, scope),
            "GetAtt" => self.attribute(call, scope),
            "Sub" => self.interpolation(call, scope),
            "Join" => self.join(call, scope),
            "Split" => self.split(call, scope),
            "Select" => self.select(call, scope),
            "FindInMap" => self.find_in_map(call, scope),
            "If" => self.either(call, scope),
            "Base64" => self.base64(call, scope),
            "Cidr" => self.cidr(call, scope),
            "Length" => self.length(call, scope),
            "ToJsonString" => self.json_text(call, scope),
            "Transform" => self.transformed(call.arg.node, call.span, scope),
            "GetAZs" => deployment("the list of availability zones is decided by the deployment", call.span),
            "ImportValue" => self.import(call, scope),
            "Equals" | "And" | "Or" | "Not" | "Condition" => {
                let decision = self.decide_call(call, scope, "");
                match (decision.truth, decision.cause) {
                    (Truth::Undetermined, Some(cause)) => Value::unknown(cause),
                    (truth, _) => truth.into(),
                }
            }
            // They ask the deployment for attributes of parameters.
            "RefAll" | "ValueOf" | "ValueOfAll" => {
                deployment(format!("{} is decided by the deployment", full_name(call.name)), call.span)
            }
            name => {
                let message = format!("formwork does not know the function {}", full_name(name));
                self.shared.note(call.span, message.as_str(), true);
                Value::unknown(Cause::at(CauseKind::Unsupported, message, call.span))
            }
        };
        value.written_at(call.span)
    }

    /// `Fn::If`.
    fn either(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let Some([condition, yes, no]) = call.arg.items() else {
            return self.bad_arguments(call, "a condition and two values");
        };
        let Some(name) = Arg::plain(condition).text() else {
            return self.bad_arguments(call, "the name of a condition and two values");
        };
        let decision = self.condition(name, condition.span, scope);
        match (decision.truth, &decision.cause) {
            (Truth::Yes, _) => self.chosen(yes, scope, &decision.trail),
            (Truth::No, _) => self.chosen(no, scope, &decision.trail),
            // A condition that is wrong has no arms to choose from.
            (_, Some(cause)) if cause.kind == CauseKind::Invalid => Value::unknown(cause.clone()),
            _ => {
                let arm = |node: &'t Node, holds: bool| Arm {
                    when: self.guard(name, holds, &decision).into(),
                    value: self.value(node, &self.assume(scope, name, holds, &decision)),
                };
                Value::choice(vec![arm(yes, true), arm(no, false)]).or_trail(&Trail::written(call.span))
            }
        }
    }

    /// The value that a decided condition leads to: what decided it is part of its way.
    fn chosen(&self, node: &'t Node, scope: &Scope, decision: &Trail) -> Value {
        let value = self.value(node, scope);
        if decision.is_none() { value } else { decided_by(value, decision, MAX_DECIDED_DEPTH) }
    }

    /// `Fn::Transform`, and macros named in its stead: nobody here knows what comes out.
    pub(super) fn transformed(&self, node: &'t Node, span: Span, scope: &Scope) -> Value {
        let first = node.items().and_then(|items| items.first()).unwrap_or(node);
        let name = first.get("Name").map(|n| self.value(n, scope)).and_then(|v| v.as_str().map(Str::from));
        let message = match name {
            Some(name) => format!("the macro {name} decides what stands here"),
            None => "a macro decides what stands here".to_owned(),
        };
        self.shared.note(span, message.as_str(), true);
        Value::unknown(Cause::at(CauseKind::External, message, span)).written_at(span)
    }

    /// A call with arguments that CloudFormation refuses.
    pub(super) fn bad_arguments(&self, call: &Call<'_>, wanted: &str) -> Value {
        if call.arg.node.incomplete {
            let cause = Cause::at(CauseKind::Invalid, "a syntax error hides the arguments", call.span);
            return Value::unknown(cause);
        }
        self.invalid(call.span, format!("{} takes {wanted}", full_name(call.name)))
    }
}

/// What is written in a value, and came to be used because of a decision. A collection itself stays where it is
/// written: that is where its parts are found.
fn decided_by(value: Value, decision: &Trail, depth: u32) -> Value {
    match &value.kind {
        Kind::List(_) | Kind::Map(_) | Kind::Choice(_) if depth == 0 => value,
        Kind::List(list) => {
            let items = list.items.iter().map(|v| decided_by(v.clone(), decision, depth - 1)).collect();
            let list = List { items, open: list.open.clone(), set: list.set };
            Value { kind: Kind::List(Arc::new(list)), ..value }
        }
        Kind::Map(map) => {
            let inner = |(k, v): (&Str, &Value)| (k.clone(), decided_by(v.clone(), decision, depth - 1));
            let map = Map { entries: map.entries.iter().map(inner).collect(), rest: map.rest.clone() };
            Value { kind: Kind::Map(Arc::new(map)), ..value }
        }
        Kind::Choice(_) => value.map_arms(|arm| decided_by(arm.clone(), decision, depth - 1)),
        _ if value.trail.first().is_some_and(|h| h.kind == HopKind::Written) => {
            let trail = value.trail.then(decision);
            value.with_trail(trail)
        }
        _ => value,
    }
}

/// A value as a number; a known value that is none stays as it is.
fn number_of(value: &Value) -> Value {
    let number = to_number(value);
    if number.cause().is_some() && value.cause().is_none() { value.clone() } else { number }
}

/// Something that is decided when the stack is deployed.
pub(super) fn deployment(what: impl Into<Str>, span: Span) -> Value {
    Value::unknown(Cause::at(CauseKind::Deployment, what, span)).written_at(span)
}
