//! Policy documents of every form as one: lists of strings, principals by kind, conditions one by one.

use super::super::json;
use super::super::verdict::{MAX_DEPTH, why};
use crate::value::{Cause, CauseKind, Entries, Kind, List, Map, Piece, Rest, Str, Text, Value, to_text};
use std::sync::Arc;

/// Longer lists of a choice are not compared.
const MAX_COMPARED: usize = 200;

/// The elements of a statement by their spelling in JSON, and what they are here.
pub(super) const STRINGS: [(&str, &str); 4] =
    [("Action", "actions"), ("NotAction", "not_actions"), ("Resource", "resources"), ("NotResource", "not_resources")];

/// The document in a value: text, text that was made from a value, or an object. Unset stays unset; what is not known
/// is unknown.
pub(super) fn normalize(value: &Value) -> Value {
    match &value.kind {
        _ if value.encoded().is_some() => {}
        Kind::Absent | Kind::Null | Kind::Unknown(_) => return value.clone(),
        Kind::Choice(_) => return value.map_arms(normalize),
        Kind::String(_) | Kind::Partial(_) | Kind::AfterApply(_) => {}
        _ => return structured(value, 0),
    }
    match raw(value) {
        Ok(found) => structured(&found.marked(value.sensitive), 0),
        Err(cause) => Value::unknown(cause).with_trail(value.trail.clone()),
    }
}

/// The object that a document is, as it is spelled in JSON. `Err`: why it is not known.
pub(super) fn raw(value: &Value) -> Result<Value, Arc<Cause>> {
    match &value.kind {
        Kind::List(_) if value.encoded().is_none() => Err(why(value)),
        _ => json::decode(value, "the policy"),
    }
}

/// A document as an object, or a list of documents.
fn structured(value: &Value, depth: usize) -> Value {
    match &value.kind {
        Kind::Choice(_) => value.map_arms(|v| structured(v, depth)),
        Kind::Map(_) => {
            let mut gathered = Gathered::default();
            gathered.document(value, depth);
            document(value, gathered, value)
        }
        Kind::List(list) if lone_document(list) && depth < MAX_DEPTH => structured(&value.at(0), depth + 1),
        Kind::List(list) => {
            let mut gathered = Gathered::default();
            for item in &list.items {
                gathered.document(&value.inside(item), depth + 1);
            }
            if let Some(cause) = &list.open {
                gathered.open(cause.clone());
            }
            document(value, gathered, &Value::map(Entries::default()))
        }
        // Text inside text, as a list of documents holds.
        Kind::String(_) | Kind::Partial(_) if depth > 0 && depth < MAX_DEPTH => normalize(value),
        Kind::Unknown(_) | Kind::AfterApply(_) => Value::unknown(why(value)).with_trail(value.trail.clone()),
        Kind::Absent | Kind::Null => value.clone(),
        _ => Value::unknown(Cause::new(CauseKind::Invalid, format!("a {} is not a policy", value.type_name())))
            .with_trail(value.trail.clone()),
    }
}

/// Whether the list is a wrapping of one document.
fn lone_document(list: &List) -> bool {
    list.open.is_none() && matches!(list.items.as_slice(), [Value { kind: Kind::Map(_), .. }])
}

fn document(from: &Value, gathered: Gathered, head: &Value) -> Value {
    let mut out = Entries::default();
    out.insert("statements".into(), gathered.list().or_trail(&from.trail));
    out.insert("version".into(), head.get("Version"));
    out.insert("id".into(), head.get("Id"));
    out.insert("keys".into(), keys(head));
    Value::map(out).with_trail(from.trail.clone()).marked(from.sensitive)
}

/// The names of the elements that are written.
fn keys(map: &Value) -> Value {
    let (items, open) = match &map.kind {
        Kind::Map(map) => {
            let written = map.entries.iter().filter(|(_, v)| !v.is_unset());
            let open = match &map.rest {
                Rest::Open(cause) => Some(cause.clone()),
                _ => None,
            };
            (written.map(|(k, v)| Value::from(k.clone()).or_trail(&v.trail)).collect(), open)
        }
        _ => (Vec::new(), map.cause()),
    };
    Value::from(Kind::List(Arc::new(List { items, open, set: false }))).or_trail(&map.trail)
}

/// The elements of a list that are certain, and whether there may be others.
#[derive(Default)]
struct Gathered {
    items: Vec<Value>,
    open: Option<Arc<Cause>>,
}

impl Gathered {
    fn open(&mut self, cause: Arc<Cause>) {
        self.open.get_or_insert(cause);
    }

    fn list(self) -> Value {
        Kind::List(Arc::new(List { items: self.items, open: self.open, set: false })).into()
    }

    /// The elements of a list, of lists inside it, or a single value, each changed by `make`.
    fn each(&mut self, value: &Value, depth: usize, make: &dyn Fn(&Value) -> Value) {
        if depth > MAX_DEPTH {
            return self.open(Cause::new(CauseKind::Limit, "the policy is nested too deeply"));
        }
        match &value.kind {
            Kind::Absent | Kind::Null => {}
            Kind::List(list) => {
                for item in &list.items {
                    self.each(&value.inside(item), depth + 1, make);
                }
                if let Some(cause) = &list.open {
                    self.open(cause.clone());
                }
            }
            Kind::Choice(arms) if arms.iter().any(|a| matches!(a.value.kind, Kind::List(_))) => {
                // What all arms hold is certain.
                let mut arms = arms.iter().map(|arm| {
                    let mut inner = Gathered::default();
                    inner.each(&value.inside(&arm.value), depth + 1, make);
                    inner
                });
                let mut certain = arms.next().unwrap_or_default();
                for arm in arms {
                    if arm.items.len() > MAX_COMPARED || certain.items.len() > MAX_COMPARED {
                        certain.items.clear();
                    }
                    certain.items.retain(|item| arm.items.iter().any(|other| item.same(other)));
                }
                self.items.extend(certain.items);
                self.open(certain.open.unwrap_or_else(|| why(value)));
            }
            Kind::Choice(_) => self.items.push(value.map_arms(make)),
            _ => self.items.push(make(value)),
        }
    }

    /// The statements of one document, or a statement by itself.
    fn document(&mut self, value: &Value, depth: usize) {
        match &value.kind {
            Kind::Map(map) if map.entries.contains_key("Statement") => {
                self.each(&value.get("Statement"), depth, &statement);
            }
            Kind::Map(map) if map.entries.contains_key("Effect") => self.items.push(statement(value)),
            Kind::Map(map) => match &map.rest {
                Rest::Open(cause) => self.open(cause.clone()),
                Rest::Closed if map.entries.keys().all(|k| matches!(k.as_str(), "Version" | "Id")) => {}
                _ => {
                    let name = map.entries.keys().next().cloned().unwrap_or_default();
                    let what = format!("the statements of the policy template {name} are not in the source");
                    self.open(Cause::new(CauseKind::Unsupported, what));
                }
            },
            Kind::String(text) if !text.trim_start().starts_with('{') => {
                let what = format!("the policy {text} is not in the source");
                self.open(Cause::new(CauseKind::External, what));
            }
            Kind::Absent | Kind::Null => {}
            _ => {
                let inner = structured(value, depth.max(1));
                let statements = inner.get("statements");
                match &statements.kind {
                    Kind::List(_) => self.each(&statements, depth, &Value::clone),
                    _ => self.open(why(&statements)),
                }
            }
        }
    }
}

fn statement(value: &Value) -> Value {
    match &value.kind {
        Kind::Map(_) => {}
        Kind::Unknown(_) | Kind::AfterApply(_) => {
            return Value::unknown(why(value)).with_trail(value.trail.clone());
        }
        Kind::Absent | Kind::Null => return value.clone(),
        _ => {
            let what = format!("a {} is not a statement of a policy", value.type_name());
            return Value::unknown(Cause::new(CauseKind::Invalid, what)).with_trail(value.trail.clone());
        }
    }
    let mut out = Entries::default();
    out.insert("sid".into(), to_text(&value.get("Sid")));
    out.insert("effect".into(), to_text(&value.get("Effect")));
    for (element, name) in STRINGS {
        let lower = name.ends_with("actions");
        out.insert(name.into(), strings(&value.get(element), lower));
    }
    out.insert("principals".into(), principals(&value.get("Principal")));
    out.insert("not_principals".into(), principals(&value.get("NotPrincipal")));
    out.insert("conditions".into(), conditions(&value.get("Condition")));
    out.insert("keys".into(), keys(value));
    Value::map(out).with_trail(value.trail.clone()).marked(value.sensitive)
}

/// A list of strings; not written is an empty list.
fn strings(value: &Value, lower: bool) -> Value {
    let mut gathered = Gathered::default();
    gathered.each(value, 0, &|item| {
        let text = to_text(item);
        if lower { lower_case(&text) } else { text }
    });
    gathered.list().or_trail(&value.trail)
}

/// The text in lower case, as far as it is known.
pub(super) fn lower_case(value: &Value) -> Value {
    let lower = match &value.kind {
        Kind::String(s) => Value::from(s.to_lowercase()),
        Kind::Partial(text) => Text::join(text.pieces().iter().map(|p| match p {
            Piece::Known(s) => Piece::Known(s.to_lowercase().into()),
            hole @ Piece::Hole(_) => hole.clone(),
        })),
        _ => return value.clone(),
    };
    lower.with_trail(value.trail.clone()).marked(value.sensitive)
}

/// The kind of a principal by its spelling in JSON.
fn principal_kind(key: &str) -> &'static str {
    match key {
        "AWS" => "aws",
        "Service" => "service",
        "Federated" => "federated",
        "CanonicalUser" => "canonical",
        "*" => "any",
        _ => "other",
    }
}

fn principal(kind: Value, value: &Value) -> Value {
    let mut out = Entries::default();
    out.insert("kind".into(), kind);
    out.insert("value".into(), to_text(value));
    Value::map(out).with_trail(value.trail.clone())
}

fn principals(value: &Value) -> Value {
    let mut gathered = Gathered::default();
    by_kind(value, &mut gathered, 0);
    gathered.list().or_trail(&value.trail)
}

fn by_kind(value: &Value, gathered: &mut Gathered, depth: usize) {
    match &value.kind {
        Kind::Map(map) => {
            for key in map.entries.keys() {
                gathered.each(&value.get(key), depth, &|item| principal(principal_kind(key).into(), item));
            }
            if let Rest::Open(cause) = &map.rest {
                gathered.open(cause.clone());
            }
        }
        Kind::List(list) if depth < MAX_DEPTH => {
            for item in &list.items {
                by_kind(&value.inside(item), gathered, depth + 1);
            }
            if let Some(cause) = &list.open {
                gathered.open(cause.clone());
            }
        }
        Kind::Absent | Kind::Null => {}
        Kind::String(text) => {
            let kind = if text == "*" { "any" } else { "aws" };
            gathered.items.push(principal(kind.into(), value));
        }
        Kind::Choice(arms) => {
            let mut arms = arms.iter().map(|arm| {
                let mut inner = Gathered::default();
                by_kind(&value.inside(&arm.value), &mut inner, depth + 1);
                inner
            });
            let mut certain = arms.next().unwrap_or_default();
            let mut differ = certain.open.clone();
            for arm in arms {
                if arm.items.len() > MAX_COMPARED || certain.items.len() > MAX_COMPARED {
                    certain.items.clear();
                }
                let before = certain.items.len();
                certain.items.retain(|item| arm.items.iter().any(|other| item.same(other)));
                if certain.items.len() < before || arm.items.len() > certain.items.len() || arm.open.is_some() {
                    differ = differ.or_else(|| Some(why(value)));
                }
            }
            gathered.items.extend(certain.items);
            if let Some(cause) = differ {
                gathered.open(cause);
            }
        }
        _ => gathered.open(why(value)),
    }
}

fn conditions(value: &Value) -> Value {
    let mut gathered = Gathered::default();
    match &value.kind {
        Kind::Absent | Kind::Null => {}
        Kind::Map(operators) => {
            for operator in operators.entries.keys() {
                let tests = value.get(operator);
                match &tests.kind {
                    Kind::Absent | Kind::Null => {}
                    Kind::Map(map) => {
                        for key in map.entries.keys() {
                            gathered.items.push(condition(operator, key, &tests.get(key)));
                        }
                        if let Rest::Open(cause) = &map.rest {
                            gathered.open(cause.clone());
                        }
                    }
                    _ => gathered.open(why(&tests)),
                }
            }
            if let Rest::Open(cause) = &operators.rest {
                gathered.open(cause.clone());
            }
        }
        _ => gathered.open(why(value)),
    }
    gathered.list().or_trail(&value.trail)
}

fn condition(operator: &Str, key: &str, values: &Value) -> Value {
    let mut out = Entries::default();
    out.insert("operator".into(), operator.clone().into());
    out.insert("key".into(), key.to_lowercase().into());
    out.insert("values".into(), strings(values, false));
    Value::map(out).with_trail(values.trail.clone())
}

/// A map that may hold more than is seen when `open` says so.
pub(super) fn map_of(entries: Entries, open: Option<Arc<Cause>>) -> Value {
    Kind::Map(Arc::new(Map { entries, rest: open.map_or(Rest::Closed, Rest::Open) })).into()
}
