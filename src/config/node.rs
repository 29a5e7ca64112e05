//! The TOML file as a plain tree in which every key and value has its span.

use super::{ConfigProblem, Spanned};
use crate::source::{FileId, Span};
use crate::value::{Entries, HopKind, Kind, Number, Str, Trail, Value};
use std::ops::Range;
use toml_edit::{Item, TableLike};

/// A value of the file.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub span: Span,
    pub kind: NodeKind,
}

#[derive(Clone, Debug)]
pub(super) enum NodeKind {
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    Date,
    List(Vec<Node>),
    Table(Vec<(Spanned<String>, Node)>),
}

impl Node {
    /// Reads a whole file.
    pub fn parse(file: FileId, text: &str) -> Result<Node, ConfigProblem> {
        match toml_edit::Document::parse(text) {
            Ok(document) => {
                let whole = 0..text.len();
                Ok(Reader { file, text }.table(document.as_table(), whole))
            }
            Err(error) => {
                let mut range = error.span().unwrap_or(0..0);
                // A mistake at the end of a line is shown on the line, not on the line break.
                if range.is_empty() && range.start == text.len() {
                    range = text.trim_end().len()..text.trim_end().len();
                }
                Err(ConfigProblem::new(
                    Span::new(file, range.start, range.end),
                    "the file is not valid TOML",
                    error.message(),
                ))
            }
        }
    }

    /// What a person calls the type of the value.
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            NodeKind::Text(_) => "a string",
            NodeKind::Integer(_) => "a whole number",
            NodeKind::Float(_) => "a number",
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Date => "a date",
            NodeKind::List(_) => "a list",
            NodeKind::Table(_) => "a table",
        }
    }

    pub fn text(&self) -> Option<Spanned<String>> {
        match &self.kind {
            NodeKind::Text(text) => Some(Spanned::new(text.clone(), self.span)),
            _ => None,
        }
    }

    pub fn bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(b) => Some(b),
            _ => None,
        }
    }

    pub fn integer(&self) -> Option<i64> {
        match self.kind {
            NodeKind::Integer(i) => Some(i),
            _ => None,
        }
    }

    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::List(items) => items,
            _ => &[],
        }
    }

    pub fn entries(&self) -> &[(Spanned<String>, Node)] {
        match &self.kind {
            NodeKind::Table(entries) => entries,
            _ => &[],
        }
    }

    /// The value behind a key of a table; `-` and `_` are one character.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(k, _)| same_key(&k.value, key)).map(|(_, node)| node)
    }

    /// The strings of a list; what is none is left out.
    pub fn texts(&self) -> Vec<Spanned<String>> {
        self.items().iter().filter_map(Node::text).collect()
    }

    /// As a value of the evaluator, with a trail that says it comes from the configuration.
    pub fn value(&self) -> Value {
        let kind = match &self.kind {
            NodeKind::Text(text) => Kind::String(text.as_str().into()),
            NodeKind::Integer(i) => Kind::Number(Number::Int(*i)),
            NodeKind::Float(f) => Number::from_f64(*f).map_or(Kind::Null, Kind::Number),
            NodeKind::Bool(b) => Kind::Bool(*b),
            NodeKind::Date => Kind::Null,
            NodeKind::List(items) => Value::list(items.iter().map(Node::value).collect()).kind,
            NodeKind::Table(entries) => {
                let entries: Entries = entries.iter().map(|(k, v)| (Str::from(k.value.as_str()), v.value())).collect();
                Value::map(entries).kind
            }
        };
        Value::from(kind).with_trail(Trail::one(HopKind::Written, "", self.span))
    }
}

/// Keys are the same when they differ only in `-` and `_`.
pub(super) fn same_key(a: &str, b: &str) -> bool {
    let fold = |c: u8| if c == b'_' { b'-' } else { c };
    a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(x, y)| fold(x) == fold(y))
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
}

impl Reader<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        let end = range.end.min(self.text.len());
        Span::new(self.file, range.start.min(end), end)
    }

    fn table(&self, table: &dyn TableLike, range: Range<usize>) -> Node {
        let entries = table
            .iter()
            .filter_map(|(name, item)| {
                let (key, _) = table.get_key_value(name)?;
                let range = key.span().unwrap_or(0..0);
                let node = self.item(item, range.clone())?;
                Some((Spanned::new(name.to_owned(), self.span(range)), node))
            })
            .collect();
        Node { span: self.span(range), kind: NodeKind::Table(entries) }
    }

    /// `near` locates tables that are never written themselves, such as `a` in `a.b = 1`.
    fn item(&self, item: &Item, near: Range<usize>) -> Option<Node> {
        match item {
            Item::None => None,
            Item::Value(value) => Some(self.value(value, near)),
            Item::Table(table) => Some(self.table(table, table.span().unwrap_or(near))),
            Item::ArrayOfTables(tables) => {
                let items = tables.iter().map(|t| self.table(t, t.span().unwrap_or(near.clone()))).collect();
                Some(Node { span: self.span(item.span().unwrap_or(near)), kind: NodeKind::List(items) })
            }
        }
    }

    fn value(&self, value: &toml_edit::Value, near: Range<usize>) -> Node {
        let range = value.span().unwrap_or(near);
        let kind = match value {
            toml_edit::Value::String(s) => NodeKind::Text(s.value().clone()),
            toml_edit::Value::Integer(i) => NodeKind::Integer(*i.value()),
            toml_edit::Value::Float(f) => NodeKind::Float(*f.value()),
            toml_edit::Value::Boolean(b) => NodeKind::Bool(*b.value()),
            toml_edit::Value::Datetime(_) => NodeKind::Date,
            toml_edit::Value::Array(array) => {
                NodeKind::List(array.iter().map(|v| self.value(v, range.clone())).collect())
            }
            toml_edit::Value::InlineTable(table) => return self.table(table, range),
        };
        Node { span: self.span(range), kind }
    }
}
