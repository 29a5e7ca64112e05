//! The serverless transform.

use crate::dialect::cloudformation::evaluator::Evaluator;
use crate::dialect::cloudformation::scope::Scope;
use crate::syntax::document::Node;
use crate::value::{Kind, List, Map, Str, Value};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// The name of the transform.
pub(super) const NAME: &str = "AWS::Serverless-2016-10-31";

/// What the types of its resources start with.
const PREFIX: &str = "AWS::Serverless::";

/// The resources it declares on its own.
pub(super) fn generated(evaluator: &Evaluator<'_, '_>) -> FxHashSet<Str> {
    let mut out = FxHashSet::default();
    for resource in &evaluator.resources {
        let kind = resource.node.get("Type").and_then(Node::text).and_then(|t| t.strip_prefix(PREFIX));
        let properties = resource.node.get("Properties");
        match kind {
            Some("Function" | "StateMachine") if properties.and_then(|p| p.get("Role")).is_none() => {
                out.insert(Str::from(format!("{}Role", resource.name)));
            }
            _ => {}
        }
    }
    out
}

/// Merges `Globals` into the properties of a serverless resource: its own win, lists are joined.
pub(super) fn with_globals<'t>(
    evaluator: &Evaluator<'t, '_>,
    type_name: &str,
    attributes: Value,
    scope: &Scope,
) -> Value {
    let Some(kind) = type_name.strip_prefix(PREFIX) else { return attributes };
    let Some(globals) = evaluator.section("Globals").and_then(|g| g.get(kind)) else { return attributes };
    merged(&evaluator.value(globals, scope), attributes)
}

fn merged(global: &Value, own: Value) -> Value {
    match (&global.kind, &own.kind) {
        (Kind::Map(outer), Kind::Map(inner)) => {
            let mut entries = inner.entries.clone();
            for (key, value) in &outer.entries {
                let value = match entries.get(key) {
                    Some(own) => merged(value, own.clone()),
                    None => value.clone(),
                };
                entries.insert(key.clone(), value);
            }
            let map = Map { entries, rest: inner.rest.clone() };
            Value { kind: Kind::Map(Arc::new(map)), ..own }
        }
        (Kind::List(outer), Kind::List(inner)) => {
            let items = outer.items.iter().chain(&inner.items).cloned().collect();
            let open = outer.open.clone().or_else(|| inner.open.clone());
            Value { kind: Kind::List(Arc::new(List { items, open, set: inner.set })), ..own }
        }
        (_, Kind::Absent) => global.clone(),
        _ => own,
    }
}
