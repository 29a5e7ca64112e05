//! Policy documents that are written as blocks: the data source of Terraform's provider for AWS.

use super::super::verdict::why;
use super::document::map_of;
use crate::value::{Cause, CauseKind, Entries, Kind, List, Piece, Rest, Str, Text, Value, to_text};
use std::sync::Arc;

/// The attributes of a `statement` block and the elements they become.
const ELEMENTS: [(&str, &str); 4] =
    [("actions", "Action"), ("not_actions", "NotAction"), ("resources", "Resource"), ("not_resources", "NotResource")];

/// The text of the document that the blocks in `body` make; see [`super::policy_text`].
pub(super) fn text(body: &Value) -> Value {
    if !matches!(body.kind, Kind::Map(_)) {
        return body.map_arms(|b| match &b.kind {
            Kind::Map(_) => text(b),
            _ => Value::unknown(why(b)).with_trail(b.trail.clone()),
        });
    }
    let document = assemble(body);
    // The provider writes the text in an order of its own; what it says is known, how it reads is not.
    let cause = Cause::new(CauseKind::External, "the text of a policy document is put together by the provider");
    let text = Text::join([Piece::Hole(Value::unknown(cause))]);
    text.encoding(&document).with_trail(body.trail.clone())
}

/// The document as an object of JSON.
fn assemble(body: &Value) -> Value {
    let mut merged = Merged::default();
    for name in ["source_json", "source_policy_documents"] {
        merged.documents(&argument(body, name));
    }
    let own = argument(body, "statement");
    match &own.kind {
        Kind::List(list) => {
            for block in &list.items {
                merged.add(own.inside(block).map_arms(statement));
            }
            if let Some(cause) = &list.open {
                merged.open(cause.clone(), true);
            }
        }
        Kind::Absent | Kind::Null => {}
        _ => merged.open(why(&own), true),
    }
    for name in ["override_policy_documents", "override_json"] {
        merged.documents(&argument(body, name));
    }
    let mut out = Entries::default();
    let version = argument(body, "version");
    out.insert("Version".into(), if version.is_unset() { "2012-10-17".into() } else { version });
    let id = argument(body, "policy_id");
    if !id.is_unset() {
        out.insert("Id".into(), id);
    }
    let statements = List { items: merged.statements, open: merged.open, set: false };
    out.insert("Statement".into(), Kind::List(Arc::new(statements)).into());
    Value::map(out).with_trail(body.trail.clone()).marked(body.sensitive)
}

/// An argument as it is written. What else a data source has exists only once it is read, but is no argument.
fn argument(body: &Value, name: &str) -> Value {
    match &body.kind {
        Kind::Map(map) if map.entries.contains_key(name) => body.get(name),
        _ => Value::absent(),
    }
}

/// Statements of several documents, later ones in place of earlier ones of the same `Sid`.
#[derive(Default)]
struct Merged {
    statements: Vec<Value>,
    open: Option<Arc<Cause>>,
}

impl Merged {
    /// There may be others. If they have `Sid`s they `replace` those that came before.
    fn open(&mut self, cause: Arc<Cause>, replace: bool) {
        if replace {
            self.statements.retain(|s| matches!(sid(s), Sid::None));
        }
        self.open.get_or_insert(cause);
    }

    fn add(&mut self, statement: Value) {
        match sid(&statement) {
            Sid::None => {}
            Sid::Known(name) => {
                let same = self.statements.iter_mut().find(|s| matches!(sid(s), Sid::Known(n) if n == name));
                if let Some(same) = same {
                    *same = statement;
                    return;
                }
            }
            Sid::Unknown(cause) => {
                let before = self.statements.len();
                self.statements.retain(|s| matches!(sid(s), Sid::None));
                if self.statements.len() < before {
                    self.open.get_or_insert(cause);
                }
            }
        }
        self.statements.push(statement);
    }

    /// The statements of a document, or of a list of documents.
    fn documents(&mut self, value: &Value) {
        match &value.kind {
            Kind::Absent | Kind::Null => {}
            Kind::List(list) => {
                for item in &list.items {
                    self.documents(&value.inside(item));
                }
                if let Some(cause) = &list.open {
                    self.open(cause.clone(), true);
                }
            }
            _ => match super::document::raw(value) {
                Ok(document) => self.statements_of(&document.get("Statement")),
                Err(cause) => self.open(cause, true),
            },
        }
    }

    fn statements_of(&mut self, value: &Value) {
        match &value.kind {
            Kind::Absent | Kind::Null => {}
            Kind::List(list) => {
                for item in &list.items {
                    self.add(value.inside(item));
                }
                if let Some(cause) = &list.open {
                    self.open(cause.clone(), true);
                }
            }
            Kind::Map(_) => self.add(value.clone()),
            _ => self.open(why(value), true),
        }
    }
}

enum Sid {
    None,
    Known(Str),
    Unknown(Arc<Cause>),
}

fn sid(statement: &Value) -> Sid {
    let sid = to_text(&statement.get("Sid"));
    match &sid.kind {
        Kind::Absent | Kind::Null => Sid::None,
        Kind::String(s) if s.is_empty() => Sid::None,
        Kind::String(s) => Sid::Known(s.clone()),
        _ => Sid::Unknown(why(&sid)),
    }
}

fn statement(block: &Value) -> Value {
    let mut out = Entries::default();
    let mut open = None;
    if let Kind::Map(map) = &block.kind
        && let Rest::Open(cause) = &map.rest
    {
        open = Some(cause.clone());
    }
    let effect = block.get("effect");
    // A default is located where it would be written.
    out.insert("Effect".into(), if effect.is_unset() { Value::from("Allow").or_trail(&block.trail) } else { effect });
    let sid = block.get("sid");
    if !sid.is_unset() {
        out.insert("Sid".into(), sid);
    }
    for (attribute, element) in ELEMENTS {
        let value = block.get(attribute);
        if !value.is_unset() && !is_empty(&value) {
            out.insert(element.into(), variables(&value));
        }
    }
    for (attribute, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        if let Some(value) = grouped(&block.get(attribute), &["type"], "identifiers") {
            out.insert(element.into(), value);
        }
    }
    if let Some(value) = grouped(&block.get("condition"), &["test", "variable"], "values") {
        out.insert("Condition".into(), value);
    }
    map_of(out, open).with_trail(block.trail.clone()).marked(block.sensitive)
}

fn is_empty(value: &Value) -> bool {
    matches!(&value.kind, Kind::List(list) if list.items.is_empty() && list.open.is_none())
}

/// Blocks as a map by their `keys`, with the `values` of blocks of the same keys joined. `None` without blocks.
fn grouped(blocks: &Value, keys: &[&str], values: &str) -> Option<Value> {
    let (items, mut open): (Vec<Value>, _) = match &blocks.kind {
        Kind::Absent | Kind::Null => return None,
        Kind::List(list) if list.items.is_empty() && list.open.is_none() => return None,
        Kind::List(list) => (list.items.iter().map(|b| blocks.inside(b)).collect(), list.open.clone()),
        _ => (Vec::new(), Some(why(blocks))),
    };
    let mut groups: Vec<(Str, Vec<Value>)> = Vec::new();
    let (key, rest) = keys.split_first()?;
    for block in items {
        let found = to_text(&block.get(key));
        match found.as_str() {
            Some(name) => match groups.iter_mut().find(|(n, _)| n == name) {
                Some((_, blocks)) => blocks.push(block),
                None => groups.push((name.into(), vec![block])),
            },
            None => open = open.or_else(|| Some(why(&found))),
        }
    }
    let mut out = Entries::default();
    for (name, blocks) in groups {
        let inner = if rest.is_empty() {
            let lists: Vec<Value> = blocks.iter().map(|b| variables(&b.get(values))).collect();
            match <[Value; 1]>::try_from(lists) {
                Ok([one]) => one,
                // Lists inside a list are taken apart where the document is read.
                Err(several) => Value::list(several),
            }
        } else {
            match grouped(&Value::list(blocks), rest, values) {
                Some(inner) => inner,
                None => continue,
            }
        };
        out.insert(name, inner);
    }
    Some(map_of(out, open).or_trail(&blocks.trail))
}

/// `&{aws:username}`, which Terraform does not take for an interpolation, as the policy has it: `${aws:username}`.
fn variables(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::String(s) if s.contains("&{") => Kind::String(s.replace("&{", "${").into()),
        Kind::List(list) => {
            let items = list.items.iter().map(variables).collect();
            Kind::List(Arc::new(List { items, open: list.open.clone(), set: false }))
        }
        Kind::Partial(text) => {
            let pieces = text.pieces().iter().map(|p| match p {
                Piece::Known(s) => Piece::Known(s.replace("&{", "${").into()),
                hole @ Piece::Hole(_) => hole.clone(),
            });
            Text::join(pieces).kind
        }
        _ => return value.clone(),
    };
    Value { kind, ..value.clone() }
}
