//! Laying the values of a plan over those of the configuration: the plan knows more, the configuration where it comes
//! from.

use crate::value::{Entries, Kind, List, Map, Rest, Value, to_text};
use std::sync::Arc;

/// Longer lists are compared by position.
const MAX_COMPARED: usize = 64;

/// The planned value with the trails of the configuration.
///
/// What the configuration does not write stays unwritten: a provider fills in values that nobody asked for, and the
/// catalogs know what they mean.
pub(super) fn overlay(source: &Value, planned: &Value) -> Value {
    // The plan does not know it yet, or the configuration leaves it to the provider.
    if planned.is_unknown() || source.is_unset() {
        return source.clone();
    }
    let decided = |kind: Kind| Value {
        kind,
        trail: source.trail.clone(),
        sensitive: source.sensitive || planned.sensitive,
        made_from: None,
    };
    match (&source.kind, &planned.kind) {
        // A write-only argument is null in every plan.
        (_, Kind::Null | Kind::Absent) if source.is_wholly_known() => source.clone(),
        (_, Kind::Null | Kind::Absent) => decided(Kind::Null),
        (Kind::List(list), Kind::List(items)) => decided(Kind::List(Arc::new(lists(source, list, items)))),
        (Kind::Map(map), Kind::Map(entries)) => decided(Kind::Map(Arc::new(maps(source, map, entries)))),
        // A single block that the configuration has as an object.
        (Kind::Map(_), Kind::List(items)) if items.items.len() == 1 => {
            items.items.first().map_or_else(|| source.clone(), |item| overlay(source, item))
        }
        _ if source.is_wholly_known() && same(source, planned) => source.clone(),
        (_, Kind::String(text)) => {
            // A document that was made from values keeps their places.
            let document = source.encoded().and_then(|inner| {
                let json = serde_json::from_str(text).ok()?;
                Some(overlay(inner, &from_json(&json, 0)))
            });
            let out = decided(planned.kind.clone());
            match document {
                Some(document) => out.encoding(&document),
                None => Value { made_from: source.made_from.clone().filter(|_| unchanged(source, text)), ..out },
            }
        }
        _ => {
            let trail = source.trail.clone();
            let located = map_parts(planned, &|v| v.clone().with_trail(trail.clone()));
            decided(located.kind)
        }
    }
}

/// Whether the segments of a text still fit.
fn unchanged(source: &Value, text: &str) -> bool {
    source.as_str() == Some(text)
}

fn same(source: &Value, planned: &Value) -> bool {
    source.same(planned) || to_text(source).same(&to_text(planned)) || same_document(source, planned)
}

/// Providers write JSON in a form of their own.
fn same_document(source: &Value, planned: &Value) -> bool {
    let read = |v: &Value| serde_json::from_str::<serde_json::Value>(v.as_str()?).ok();
    matches!((read(source), read(planned)), (Some(a), Some(b)) if a == b)
}

fn from_json(json: &serde_json::Value, depth: usize) -> Value {
    match json {
        _ if depth > 64 => Value::null(),
        serde_json::Value::Null => Value::null(),
        serde_json::Value::Bool(b) => (*b).into(),
        serde_json::Value::Number(n) => {
            crate::value::Number::parse(&n.to_string()).map_or_else(Value::null, Value::from)
        }
        serde_json::Value::String(s) => s.as_str().into(),
        serde_json::Value::Array(items) => Value::list(items.iter().map(|i| from_json(i, depth + 1)).collect()),
        serde_json::Value::Object(entries) => {
            Value::map(entries.iter().map(|(k, v)| (k.as_str().into(), from_json(v, depth + 1))).collect())
        }
    }
}

/// Elements are paired by what they say: a plan has the blocks of a set in an order of its own.
fn lists(whole: &Value, source: &List, planned: &List) -> List {
    let mut free: Vec<Option<Value>> = source.items.iter().map(|i| Some(whole.inside(i))).collect();
    let by_position = planned.items.len().max(free.len()) > MAX_COMPARED;
    let mut out: Vec<Option<Value>> = vec![None; planned.items.len()];
    // Those that agree most first, so that an element does not take the counterpart of a better one.
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (p, item) in planned.items.iter().enumerate() {
        if by_position {
            pairs.push((usize::from(p < free.len()), p, p));
            continue;
        }
        for (s, candidate) in free.iter().enumerate() {
            if let Some(score) = candidate.as_ref().and_then(|c| likeness(c, item)) {
                pairs.push((score, s, p));
            }
        }
    }
    pairs.sort_by(|a, b| (b.0, a.1.abs_diff(a.2), a.2).cmp(&(a.0, b.1.abs_diff(b.2), b.2)));
    for (_, s, p) in pairs {
        if let (Some(slot), Some(item)) = (out.get_mut(p).filter(|o| o.is_none()), planned.items.get(p))
            && let Some(candidate) = free.get_mut(s).and_then(Option::take)
        {
            *slot = Some(overlay(&candidate, item));
        }
    }
    let items = out
        .into_iter()
        .zip(&planned.items)
        .map(|(found, item)| found.unwrap_or_else(|| item.clone().with_trail(whole.trail.clone())))
        .collect();
    List { items, open: None, set: source.set }
}

/// How many parts agree; `None` when some certainly do not.
fn likeness(source: &Value, planned: &Value) -> Option<usize> {
    match (&source.kind, &planned.kind) {
        _ if source.is_unset() || source.is_unknown() || planned.is_unknown() => Some(0),
        (Kind::Map(map), Kind::Map(entries)) => {
            let mut score = 0;
            for (key, value) in &map.entries {
                if let Some(other) = entries.entries.get(key) {
                    score += likeness(value, other)?;
                }
            }
            Some(score)
        }
        (Kind::List(_), Kind::List(_)) => Some(usize::from(source.same(planned))),
        (Kind::Choice(_) | Kind::Partial(_), _) => Some(0),
        _ if same(source, planned) => Some(1),
        _ => None,
    }
}

fn maps(whole: &Value, source: &Map, planned: &Map) -> Map {
    let mut entries: Entries = source
        .entries
        .iter()
        .map(|(key, value)| {
            let value = whole.inside(value);
            let known = planned.entries.get(key).map(|p| overlay(&value, p));
            (key.clone(), known.unwrap_or(value))
        })
        .collect();
    let rest = match &source.rest {
        // The plan shows what the configuration does not.
        Rest::Open(_) => {
            for (key, value) in &planned.entries {
                if !entries.contains_key(key) && !value.is_unset() {
                    entries.insert(key.clone(), value.clone().with_trail(whole.trail.clone()));
                }
            }
            Rest::Closed
        }
        other => other.clone(),
    };
    Map { entries, rest }
}

/// The same value with every part of a collection changed by `f`.
pub(super) fn map_parts(value: &Value, f: &dyn Fn(&Value) -> Value) -> Value {
    let kind = match &value.kind {
        Kind::List(list) => {
            Kind::List(Arc::new(List { items: list.items.iter().map(f).collect(), ..List::clone(list) }))
        }
        Kind::Map(map) => {
            let entries = map.entries.iter().map(|(k, v)| (k.clone(), f(v))).collect();
            Kind::Map(Arc::new(Map { entries, rest: map.rest.clone() }))
        }
        other => other.clone(),
    };
    Value { kind, ..value.clone() }
}
