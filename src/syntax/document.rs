//! The tree of YAML and JSON files: one shape for both, every node with its bytes.

use crate::source::Span;
use smol_str::SmolStr;

/// Deeper nesting is a problem, not a tree.
pub const MAX_DEPTH: usize = 200;

/// What a YAML or JSON file holds.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// The documents in order: at most one in JSON, any number in YAML.
    pub documents: Vec<Node>,
    /// The comments in order of position; JSON has none.
    pub comments: Vec<Comment>,
    /// What could not be read, in order of position.
    pub problems: Vec<super::Problem>,
}

/// A comment, from its `#` to the end of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The `#` and all behind it, without the line break.
    pub span: Span,
    /// Whether nothing but blanks stands before it on its line.
    pub own_line: bool,
}

/// A value in a file.
#[derive(Clone, Debug)]
pub struct Node {
    /// The bytes of the value with its tag, without its anchor. Of a block mapping: first key to last value.
    pub span: Span,
    /// A local tag without its exclamation mark: `Ref` for `!Ref`. Tags of YAML itself (`!!str`) are applied, not kept.
    pub tag: Option<SmolStr>,
    /// What it is.
    pub kind: NodeKind,
    /// Set when the value stands here through an alias (`*x`) or a merge key (`<<: *x`).
    pub alias: Option<AliasUse>,
    /// Set on a collection that may hold more than could be read: a syntax error broke it off, or a limit was reached.
    pub incomplete: bool,
}

/// The two ends of an alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AliasUse {
    /// The alias: `*x`.
    pub used: Span,
    /// The anchored value.
    pub anchor: Span,
}

/// The sorts of values.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// Anything that is not a collection.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping in the order in which it is written, merge keys applied; no key is there twice.
    Mapping(Vec<Entry>),
    /// Something stands here that could not be read.
    Unreadable,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// A scalar: its characters and what they mean.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The characters, quotes and escapes undone.
    pub text: SmolStr,
    /// How it is written.
    pub style: Style,
    /// What it means by the schema of the language.
    pub value: ScalarValue,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// As a block, `|` or `>`.
    Block,
}

/// What a scalar means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScalarValue {
    /// Its characters.
    String,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Nothing.
    Null,
}

impl Node {
    /// A node without tag and alias.
    pub fn new(span: Span, kind: NodeKind) -> Self {
        Self { span, tag: None, kind, alias: None, incomplete: false }
    }

    /// A place where something could not be read.
    pub fn unreadable(span: Span) -> Self {
        Self::new(span, NodeKind::Unreadable)
    }

    /// The scalar, when it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The characters of a scalar of any type but null. `None` when it has a tag of its own: then they stand for
    /// something else.
    pub fn text(&self) -> Option<&str> {
        if self.tag.is_none() { self.tagged_text() } else { None }
    }

    /// The characters of a scalar of any type but null, whatever its tag.
    pub fn tagged_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar(scalar) if scalar.value != ScalarValue::Null => Some(&scalar.text),
            _ => None,
        }
    }

    /// The items, when it is a sequence.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, when it is a mapping.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.kind {
            NodeKind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry with a key; `None` when there is none or the node is no mapping.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|e| e.key.text() == Some(key))
    }

    /// The value of a key; `None` when there is none or the node is no mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.value)
    }

    /// Marks the node and all collections in it as incomplete: where brackets do not match, nothing is surely missing.
    pub(super) fn distrust(&mut self) {
        match &mut self.kind {
            NodeKind::Sequence(items) => items.iter_mut().for_each(Node::distrust),
            NodeKind::Mapping(entries) => entries.iter_mut().for_each(|e| e.value.distrust()),
            _ => return,
        }
        self.incomplete = true;
    }

    /// Marks the node and whatever comes last in it as incomplete: an error follows right behind.
    pub(super) fn distrust_end(&mut self) {
        match &mut self.kind {
            NodeKind::Sequence(items) => {
                if let Some(last) = items.last_mut() {
                    last.distrust_end();
                }
            }
            NodeKind::Mapping(entries) => {
                if let Some(last) = entries.iter_mut().rev().find(|e| e.key.alias.is_none()) {
                    last.value.distrust_end();
                }
            }
            _ => return,
        }
        self.incomplete = true;
    }

    /// Whether it is the empty or explicit null.
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|s| s.value == ScalarValue::Null)
    }

    /// The sort of value, for messages: "a mapping".
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            NodeKind::Scalar(scalar) => match scalar.value {
                ScalarValue::String => "a string",
                ScalarValue::Bool(_) => "a boolean",
                ScalarValue::Int(_) | ScalarValue::Float(_) => "a number",
                ScalarValue::Null => "null",
            },
            NodeKind::Sequence(_) => "a list",
            NodeKind::Mapping(_) => "a mapping",
            NodeKind::Unreadable => "unreadable",
        }
    }
}

impl Entry {
    /// Key and value together.
    pub fn span(&self) -> Span {
        if self.key.alias.is_none() && self.value.alias.is_none() && self.key.span.start <= self.value.span.start {
            self.key.span.to(self.value.span)
        } else {
            self.key.span
        }
    }
}

/// A compact picture of a tree for tests: what is written, with the bytes of every scalar as they stand in the text.
#[cfg(test)]
pub(crate) fn picture(text: &str, node: &Node) -> String {
    let tag = node.tag.as_ref().map_or_else(String::new, |t| format!("!{t} "));
    let alias = if node.alias.is_some() { "*" } else { "" };
    let broken = if node.incomplete { "~" } else { "" };
    let source = text.get(node.span.range()).unwrap_or("<outside>").trim_end();
    let body = match &node.kind {
        NodeKind::Scalar(s) => match s.value {
            ScalarValue::String => format!("{:?}@{source:?}", s.text),
            ScalarValue::Null => "null".to_owned(),
            other => format!("{other:?}@{source}"),
        },
        NodeKind::Sequence(items) => {
            let items: Vec<String> = items.iter().map(|i| picture(text, i)).collect();
            format!("[{}]", items.join(", "))
        }
        NodeKind::Mapping(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|e| format!("{}: {}", e.key.text().unwrap_or("?"), picture(text, &e.value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        NodeKind::Unreadable => "unreadable".to_owned(),
    };
    format!("{tag}{alias}{broken}{body}")
}
