//! Types as far as conversions need them: what the elements of a list, set or map have in common.

use super::args::{MAX_DEPTH, Outcome, is_small, too_large};
use crate::value::{Entries, Kind, List, Map, Str, Value, to_bool, to_number, to_text};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A type. Lists and tuples are not told apart in values, nor are maps and objects: the narrower one is assumed
/// until it does not fit.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    /// Null or not known: fits everything.
    Any,
    Bool,
    Number,
    String,
    /// A bool and a number: common ground only if a string joins them.
    Clash,
    /// One type for each place.
    Tuple(Vec<Type>),
    /// One type for all elements.
    List(Box<Type>),
    /// One type for each attribute.
    Object(BTreeMap<Str, Type>),
    /// One type for all elements.
    Map(Box<Type>),
}

impl Type {
    /// The type of a value, seen down to a bounded depth.
    pub(super) fn of(value: &Value) -> Type {
        Self::of_nested(value, 0)
    }

    fn of_nested(value: &Value, depth: usize) -> Type {
        if depth > MAX_DEPTH {
            return Type::Any;
        }
        match &value.kind {
            Kind::Bool(_) => Type::Bool,
            Kind::Number(_) => Type::Number,
            Kind::String(_) | Kind::Partial(_) => Type::String,
            Kind::List(list) => {
                let items = list.items.iter().map(|v| Self::of_nested(v, depth + 1));
                if list.open.is_some() || list.set {
                    let one = items.reduce(|a, b| a.unify(b).unwrap_or(Type::Any)).unwrap_or(Type::Any);
                    Type::List(Box::new(one))
                } else {
                    Type::Tuple(items.collect())
                }
            }
            Kind::Map(map) => {
                Type::Object(map.entries.iter().map(|(k, v)| (k.clone(), Self::of_nested(v, depth + 1))).collect())
            }
            Kind::Choice(arms) => arms
                .iter()
                .map(|arm| Self::of_nested(&arm.value, depth + 1))
                .reduce(|a, b| a.unify(b).unwrap_or(Type::Any))
                .unwrap_or(Type::Any),
            Kind::Absent | Kind::Null | Kind::AfterApply(_) | Kind::Unknown(_) => Type::Any,
        }
    }

    /// What both convert to, if there is such a type.
    pub(super) fn unify(self, other: Type) -> Option<Type> {
        use Type::{Any, Bool, Clash, List, Map, Number, Object, String, Tuple};
        Some(match (self, other) {
            (Any, t) | (t, Any) => t,
            (Bool, Bool) => Bool,
            (Number, Number) => Number,
            (Bool | Number | String | Clash, String) | (String, Bool | Number | Clash) => String,
            (Bool | Number | Clash, Bool | Number | Clash) => Clash,
            (Tuple(a), Tuple(b)) if a.len() == b.len() => {
                Tuple(a.into_iter().zip(b).map(|(x, y)| x.unify(y)).collect::<Option<_>>()?)
            }
            (Tuple(a), Tuple(b)) => List(Box::new(Self::unify_all(a.into_iter().chain(b))?)),
            (List(a), Tuple(b)) | (Tuple(b), List(a)) => List(Box::new(Self::unify_all(b.into_iter().chain([*a]))?)),
            (List(a), List(b)) => List(Box::new(a.unify(*b)?)),
            (Object(a), Object(mut b)) if a.len() == b.len() && a.keys().eq(b.keys()) => Object(
                a.into_iter()
                    .map(|(k, x)| {
                        let y = b.remove(&k).unwrap_or(Any);
                        x.unify(y).map(|t| (k, t))
                    })
                    .collect::<Option<_>>()?,
            ),
            (Object(a), Object(b)) => Map(Box::new(Self::unify_all(a.into_values().chain(b.into_values()))?)),
            (Map(a), Object(b)) | (Object(b), Map(a)) => Map(Box::new(Self::unify_all(b.into_values().chain([*a]))?)),
            (Map(a), Map(b)) => Map(Box::new(a.unify(*b)?)),
            _ => return None,
        })
    }

    /// What all convert to; `Any` for none.
    pub(super) fn unify_all(types: impl IntoIterator<Item = Type>) -> Option<Type> {
        types.into_iter().try_fold(Type::Any, Type::unify)
    }

    /// Whether values of this type can exist: a bool and a number alone have nothing in common.
    fn is_possible(&self) -> bool {
        match self {
            Type::Clash => false,
            Type::Tuple(types) => types.iter().all(Type::is_possible),
            Type::Object(types) => types.values().all(Type::is_possible),
            Type::List(inner) | Type::Map(inner) => inner.is_possible(),
            _ => true,
        }
    }

    /// Whether converting to the type leaves every primitive as it is.
    fn is_free(&self) -> bool {
        matches!(self, Type::Any)
    }

    /// The value converted to this type, to which it is known to convert. Parts that are not known stay as they are.
    pub(super) fn convert(&self, value: &Value) -> Value {
        if self.is_free() {
            return value.clone();
        }
        match (self, &value.kind) {
            (Type::Bool, _) => to_bool(value),
            (Type::Number, _) => to_number(value),
            (Type::String, _) => to_text(value),
            (Type::List(inner), Kind::List(list)) => {
                let items = list.items.iter().map(|v| inner.convert(v)).collect();
                Self::with_list(value, List { items, open: list.open.clone(), set: list.set })
            }
            (Type::Tuple(types), Kind::List(list)) => {
                let items = list.items.iter().zip(types).map(|(v, t)| t.convert(v)).collect();
                Self::with_list(value, List { items, open: list.open.clone(), set: list.set })
            }
            (Type::Map(inner), Kind::Map(map)) => {
                let entries = map.entries.iter().map(|(k, v)| (k.clone(), inner.convert(v))).collect();
                Self::with_map(value, Map { entries, rest: map.rest.clone() })
            }
            (Type::Object(types), Kind::Map(map)) => {
                let convert = |k: &Str, v: &Value| types.get(k).map_or_else(|| v.clone(), |t| t.convert(v));
                let entries = map.entries.iter().map(|(k, v)| (k.clone(), convert(k, v))).collect();
                Self::with_map(value, Map { entries, rest: map.rest.clone() })
            }
            _ => value.clone(),
        }
    }

    fn with_list(value: &Value, list: List) -> Value {
        Value { kind: Kind::List(list.into()), ..value.clone() }
    }

    fn with_map(value: &Value, map: Map) -> Value {
        Value { kind: Kind::Map(map.into()), ..value.clone() }
    }
}

/// The type that the values have in common. It is an error when there is none.
pub(super) fn common_type(values: &[Value]) -> Outcome<Type> {
    if !is_small(values) {
        return Err(too_large());
    }
    let common = Type::unify_all(values.iter().map(Type::of)).filter(Type::is_possible);
    common.ok_or_else(|| "the values have no type in common".into())
}

/// The values converted to what they have in common.
pub(super) fn unify_values(values: Vec<Value>) -> Outcome<Vec<Value>> {
    let common = common_type(&values)?;
    // The usual case: nothing to convert.
    if matches!(common, Type::Any | Type::Bool | Type::Number)
        || (common == Type::String && values.iter().all(|v| !matches!(v.kind, Kind::Bool(_) | Kind::Number(_))))
    {
        return Ok(values);
    }
    Ok(values.iter().map(|v| common.convert(v)).collect())
}

/// The entries of a map converted to what they have in common.
pub(super) fn unify_entries(entries: &Entries) -> Outcome<Entries> {
    let values = unify_values(entries.values().cloned().collect())?;
    Ok(entries.keys().cloned().zip(values).collect())
}

/// A set of values: without duplicates and in the order in which Terraform walks through a set.
/// Elements that are not wholly known are kept, behind the others.
pub(super) fn set_of(values: Vec<Value>) -> List {
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut keyed: Vec<(String, Value)> = Vec::with_capacity(values.len());
    let mut unknown: Vec<Value> = Vec::new();
    for value in values {
        if !value.is_wholly_known() {
            if unknown.len() >= 64 || !unknown.iter().any(|v| v.same(&value)) {
                unknown.push(value);
            }
            continue;
        }
        if seen.insert(identity(&value)) {
            keyed.push((order_key(&value), value));
        }
    }
    keyed.sort_by(|(a, x), (b, y)| match (&x.kind, &y.kind) {
        (Kind::Number(m), Kind::Number(n)) => m.partial_cmp(n).unwrap_or(std::cmp::Ordering::Equal),
        (Kind::String(s), Kind::String(t)) => s.cmp(t),
        (Kind::Bool(s), Kind::Bool(t)) => s.cmp(t),
        _ => x.is_unset().cmp(&y.is_unset()).then_with(|| a.cmp(b)),
    });
    let items = keyed.into_iter().map(|(_, v)| v).chain(unknown).collect();
    List { items, open: None, set: true }
}

/// Text that two wholly known values share exactly when they are equal.
pub(super) fn identity(value: &Value) -> String {
    let mut out = String::new();
    write_key(value, true, &mut out, 0);
    out
}

/// Text by which Terraform orders values of composite types in a set.
fn order_key(value: &Value) -> String {
    let mut out = String::new();
    if matches!(value.kind, Kind::List(_) | Kind::Map(_)) {
        write_key(value, false, &mut out, 0);
    }
    out
}

fn write_key(value: &Value, names: bool, out: &mut String, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match &value.kind {
        Kind::Bool(b) => out.push(if *b { 'T' } else { 'F' }),
        Kind::Number(n) => {
            let _ = write!(out, "{n}");
        }
        Kind::String(s) => {
            let _ = write!(out, "{s:?}");
        }
        Kind::List(list) => {
            out.push('<');
            for item in &list.items {
                write_key(item, names, out, depth + 1);
                out.push(';');
            }
            out.push('>');
        }
        Kind::Map(map) => {
            let mut keys: Vec<&Str> = map.entries.keys().collect();
            keys.sort_unstable();
            out.push(if names { '{' } else { '<' });
            for key in keys {
                if names {
                    let _ = write!(out, "{key:?}:");
                }
                if let Some(item) = map.entries.get(key) {
                    write_key(item, names, out, depth + 1);
                }
                out.push(';');
            }
            out.push(if names { '}' } else { '>' });
        }
        _ => out.push('~'),
    }
}

/// The entries of a map in the order of their keys, in which Terraform walks through it.
pub(super) fn sorted(map: &Map) -> Vec<(&Str, &Value)> {
    let mut entries: Vec<(&Str, &Value)> = map.entries.iter().collect();
    entries.sort_unstable_by(|a, b| a.0.cmp(b.0));
    entries
}

/// A set or list whose elements may coincide once they are known: how many there are cannot be told.
pub(super) fn may_shrink(list: &List) -> bool {
    list.set && list.items.len() > 1 && !list.items.iter().all(Value::is_wholly_known)
}
