//! The grammar of policy documents.

use super::{as_document, openness};
use crate::value::{Cause, Entries, Kind, List, Piece, Value};
use rustc_hash::FxHashSet;
use std::sync::Arc;

const DOCUMENT_KEYS: [&str; 3] = ["Version", "Id", "Statement"];

const STATEMENT_KEYS: [&str; 9] =
    ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"];

/// The version since which policies have variables.
const CURRENT: &str = "2012-10-17";

/// What is wrong with a document, or with each of a list of documents that are not one; open where it cannot be told.
/// A fault is `{ what, kind, document }`: in words, its kind, and the document it is in.
pub(super) fn of_all(value: &Value) -> Value {
    match &value.kind {
        Kind::Choice(_) => value.map_arms(of_all),
        Kind::List(list) if value.encoded().is_none() => {
            let mut found = List { items: Vec::new(), open: list.open.clone(), set: false };
            for item in &list.items {
                let faults = of_all(&value.inside(item));
                match &faults.kind {
                    Kind::List(inner) => {
                        found.items.extend(inner.items.iter().map(|f| faults.inside(f)));
                        found.open = found.open.or_else(|| inner.open.clone());
                    }
                    _ => found.open = found.open.or_else(|| faults.cause()),
                }
            }
            Value::from(Kind::List(Arc::new(found))).with_trail(value.trail.clone())
        }
        _ => as_document(value).map_arms(of),
    }
}

fn of(document: &Value) -> Value {
    if document.is_unset() {
        return Value::list(Vec::new()).with_trail(document.trail.clone());
    }
    if !matches!(document.kind, Kind::Map(_)) {
        return document.clone();
    }
    let mut found = Found { document, items: Vec::new(), open: None };
    found.keys(document, &DOCUMENT_KEYS);
    let statements = document.get("statements");
    let mut sids: FxHashSet<String> = FxHashSet::default();
    if let Kind::List(list) = &statements.kind {
        for item in &list.items {
            let statement = statements.inside(item);
            found.statement(&statement);
            if let Some(sid) = statement.get("sid").as_str()
                && !sid.is_empty()
                && !sids.insert(sid.to_owned())
            {
                found.add(FaultKind::Sid, format!("the Sid {sid} is used twice"), &statement.get("sid"));
            }
        }
    }
    found.open(openness(&statements));
    let list = List { items: found.items, open: found.open, set: false };
    Value::from(Kind::List(Arc::new(list))).with_trail(document.trail.clone())
}

/// What is wrong.
#[derive(Clone, Copy)]
enum FaultKind {
    /// There is no such element.
    Element,
    /// The effect is missing or neither of the two.
    Effect,
    /// There is no action.
    NoAction,
    /// An action does not name a service.
    Action,
    /// Two statements have the same identifier.
    Sid,
    /// A variable is used, but the version does not know any.
    Version,
}

impl FaultKind {
    fn name(self) -> &'static str {
        match self {
            FaultKind::Element => "element",
            FaultKind::Effect => "effect",
            FaultKind::NoAction => "no-action",
            FaultKind::Action => "action",
            FaultKind::Sid => "sid",
            FaultKind::Version => "version",
        }
    }
}

struct Found<'d> {
    document: &'d Value,
    items: Vec<Value>,
    open: Option<Arc<Cause>>,
}

impl Found<'_> {
    fn add(&mut self, kind: FaultKind, what: String, place: &Value) {
        let mut fault = Entries::default();
        fault.insert("what".into(), what.into());
        fault.insert("kind".into(), kind.name().into());
        fault.insert("document".into(), self.document.clone());
        self.items.push(Value::map(fault).with_trail(place.trail.clone()));
    }

    fn open(&mut self, cause: Option<Arc<Cause>>) {
        self.open = self.open.take().or(cause);
    }

    fn keys(&mut self, value: &Value, allowed: &[&str]) {
        let keys = value.get("keys");
        if let Kind::List(list) = &keys.kind {
            for item in &list.items {
                if let Some(key) = item.as_str()
                    && !allowed.contains(&key)
                {
                    self.add(FaultKind::Element, format!("there is no element {key} in a policy"), &keys.inside(item));
                }
            }
        }
        self.open(openness(&keys));
    }

    fn statement(&mut self, statement: &Value) {
        if !matches!(statement.kind, Kind::Map(_)) {
            self.open(statement.cause());
            return;
        }
        self.keys(statement, &STATEMENT_KEYS);
        let effect = statement.get("effect");
        match effect.as_str() {
            Some("Allow" | "Deny") => {}
            Some(other) => {
                self.add(FaultKind::Effect, format!("the effect {other:?} is neither Allow nor Deny"), &effect);
            }
            None if effect.is_unset() => {
                if openness(&statement.get("keys")).is_none() {
                    self.add(FaultKind::Effect, "a statement has no effect".to_owned(), statement);
                }
            }
            None => self.open(effect.cause()),
        }
        let (actions, excluded) = (statement.get("actions"), statement.get("not_actions"));
        let empty = |v: &Value| matches!(&v.kind, Kind::List(list) if list.items.is_empty() && list.open.is_none());
        if empty(&actions) && empty(&excluded) && openness(&statement.get("keys")).is_none() {
            self.add(FaultKind::NoAction, "a statement has no action".to_owned(), statement);
        }
        for list in [&actions, &excluded] {
            let Kind::List(items) = &list.kind else { continue };
            for item in &items.items {
                match item.as_str() {
                    Some("*") => {}
                    Some(action) if !action.contains(':') => {
                        self.add(
                            FaultKind::Action,
                            format!("the action {action:?} does not name a service"),
                            &list.inside(item),
                        );
                    }
                    Some(_) => {}
                    None => self.open(item.cause()),
                }
            }
            self.open(items.open.clone());
        }
        self.version(statement);
    }

    /// Variables of a policy (`${aws:username}`) are taken as text by the versions before the current one.
    fn version(&mut self, statement: &Value) {
        let version = self.document.get("version");
        if version.as_str() == Some(CURRENT) {
            return;
        }
        let conditions = statement.get("conditions");
        let mut lists = vec![statement.get("resources"), statement.get("not_resources")];
        if let Kind::List(list) = &conditions.kind {
            lists.extend(list.items.iter().map(|c| conditions.inside(c).get("values")));
        }
        let variable = lists.iter().find_map(|list| {
            let Kind::List(items) = &list.kind else { return None };
            items.items.iter().find(|i| uses_variable(i)).map(|i| list.inside(i))
        });
        let Some(variable) = variable else { return };
        if version.is_unset() || version.as_str().is_some() {
            self.add(FaultKind::Version, format!("a variable is used, but the version is not {CURRENT}"), &variable);
        } else {
            self.open(version.cause());
        }
    }
}

fn uses_variable(value: &Value) -> bool {
    match &value.kind {
        Kind::String(text) => text.contains("${"),
        Kind::Partial(text) => text.pieces().iter().any(|p| matches!(p, Piece::Known(s) if s.contains("${"))),
        _ => false,
    }
}
