//! Type constraints of variables: conversion, `optional()` attributes and their defaults.

use crate::syntax::hcl::{Expr, ExprKind};
use crate::value::{Cause, CauseKind, Kind, List, Map, Rest, Str, Value, to_bool, to_number, to_text};
use std::sync::Arc;

/// A type constraint.
#[derive(Clone, Debug)]
pub enum Type {
    /// `any`, or a constraint that could not be read.
    Any,
    /// `string`
    String,
    /// `number`
    Number,
    /// `bool`
    Bool,
    /// `list(T)`
    List(Box<Type>),
    /// `set(T)`
    Set(Box<Type>),
    /// `map(T)`
    Map(Box<Type>),
    /// `tuple([T, ...])`
    Tuple(Vec<Type>),
    /// `object({...})`
    Object(Vec<Field>),
}

/// An attribute of an object type.
#[derive(Clone, Debug)]
pub struct Field {
    name: Str,
    of: Type,
    optional: bool,
    default: Option<Expr>,
}

impl Type {
    /// Reads a constraint: `list(string)`, or the legacy string forms `"list"`.
    pub fn read(expr: &Expr) -> Type {
        match &expr.kind {
            ExprKind::Variable(name) | ExprKind::String(name) => match name.as_str() {
                "string" => Type::String,
                "number" => Type::Number,
                "bool" => Type::Bool,
                "list" => Type::List(Box::new(Type::Any)),
                "set" => Type::Set(Box::new(Type::Any)),
                "map" => Type::Map(Box::new(Type::Any)),
                _ => Type::Any,
            },
            ExprKind::Parens(inner) => Type::read(inner),
            ExprKind::Call { name, args, .. } => {
                let first = || Box::new(args.first().map_or(Type::Any, Type::read));
                match (name.name.as_str(), args.first().map(|a| &a.kind)) {
                    ("list", _) => Type::List(first()),
                    ("set", _) => Type::Set(first()),
                    ("map", _) => Type::Map(first()),
                    ("tuple", Some(ExprKind::Tuple(items))) => Type::Tuple(items.iter().map(Type::read).collect()),
                    ("object", Some(ExprKind::Object(entries))) => Type::Object(
                        entries
                            .iter()
                            .filter_map(|e| Some(Field::read(e.key.as_string()?.clone(), &e.value)))
                            .collect(),
                    ),
                    _ => Type::Any,
                }
            }
            _ => Type::Any,
        }
    }

    /// The value as Terraform converts it. `default` evaluates the default of an optional attribute.
    /// What does not fit stays as it is: Terraform would refuse it, and nothing can be said about it.
    pub fn convert(&self, value: &Value, default: &dyn Fn(&Expr) -> Value) -> Value {
        if matches!(value.kind, Kind::Choice(_)) {
            return value.map_arms(|v| self.convert(v, default));
        }
        if value.is_unset() || value.is_unknown() {
            return value.clone();
        }
        match (self, &value.kind) {
            (Type::String, _) => to_text(value),
            (Type::Number, _) => to_number(value),
            (Type::Bool, _) => to_bool(value),
            (Type::List(of) | Type::Set(of), Kind::List(list)) => {
                let mut items: Vec<Value> = list.items.iter().map(|v| of.convert(v, default)).collect();
                let set = matches!(self, Type::Set(_));
                if set {
                    sort_set(&mut items);
                }
                let list = List { items, open: list.open.clone(), set };
                Value { kind: Kind::List(Arc::new(list)), ..value.clone() }
            }
            (Type::Map(of), Kind::Map(map)) => {
                let entries = map.entries.iter().map(|(k, v)| (k.clone(), of.convert(v, default))).collect();
                let map = Map { entries, rest: map.rest.clone() };
                Value { kind: Kind::Map(Arc::new(map)), ..value.clone() }
            }
            (Type::Tuple(types), Kind::List(list)) => {
                let items = list
                    .items
                    .iter()
                    .enumerate()
                    .map(|(i, v)| types.get(i).map_or_else(|| v.clone(), |t| t.convert(v, default)))
                    .collect();
                let list = List { items, open: list.open.clone(), set: false };
                Value { kind: Kind::List(Arc::new(list)), ..value.clone() }
            }
            (Type::Object(fields), Kind::Map(map)) => {
                let mut entries = crate::value::Entries::default();
                for field in fields {
                    let given = map.entries.get(&field.name);
                    let converted = match given {
                        Some(v) if !v.is_unset() => field.of.convert(v, default),
                        _ if given.is_none() && !matches!(map.rest, Rest::Closed) => value.get(&field.name),
                        _ => match &field.default {
                            Some(expr) => field.of.convert(&default(expr), default),
                            None if field.optional => {
                                given.cloned().unwrap_or_else(|| Value::null().with_trail(value.trail.clone()))
                            }
                            None => match given {
                                Some(null) => null.clone(),
                                None => Value::unknown(Cause::new(
                                    CauseKind::Invalid,
                                    format!("the attribute {} is missing", field.name),
                                )),
                            },
                        },
                    };
                    entries.insert(field.name.clone(), converted);
                }
                let map = Map { entries, rest: Rest::Closed };
                Value { kind: Kind::Map(Arc::new(map)), ..value.clone() }
            }
            _ => value.clone(),
        }
    }
}

impl Field {
    fn read(name: Str, expr: &Expr) -> Field {
        if let ExprKind::Call { name: function, args, .. } = &expr.kind
            && function.name == "optional"
        {
            let of = args.first().map_or(Type::Any, Type::read);
            return Field { name, of, optional: true, default: args.get(1).cloned() };
        }
        Field { name, of: Type::read(expr), optional: false, default: None }
    }
}

/// A set has no order; Terraform shows strings in theirs. Duplicates go.
fn sort_set(items: &mut Vec<Value>) {
    items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    let mut out: Vec<Value> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        let duplicate = match item.as_str() {
            Some(_) => out.last().is_some_and(|last| last.same(&item)),
            None => item.is_wholly_known() && out.len() < 1000 && out.iter().any(|o| o.same(&item)),
        };
        if !duplicate {
            out.push(item);
        }
    }
    *items = out;
}
