//! What stacks export, and what others make of it.

use super::call::Call;
use super::evaluator::Evaluator;
use super::scope::Scope;
use crate::source::Span;
use crate::syntax::document::Node;
use crate::value::{Cause, CauseKind, HopKind, Kind, Piece, Str, Text, Value, to_text};
use rustc_hash::FxHashMap;

/// A value that a template exports under a name that is known.
#[derive(Clone, Debug)]
pub struct Export {
    /// The name.
    pub name: Str,
    /// The template as a root, as it is shown.
    pub root: String,
    /// The logical id of the output.
    pub output: Str,
    /// Where the name is written.
    pub place: Span,
    /// How many stacks the output is nested in.
    pub level: usize,
    /// The value. Addresses and conditions in it carry the [`mark`] of the root.
    pub value: Value,
}

/// The exports of all templates, by name.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    by_name: FxHashMap<Str, Vec<Export>>,
}

/// What the addresses of a root begin with where another root speaks of them.
pub fn mark(root: &str) -> String {
    format!("{root}:")
}

impl Exports {
    /// Adds exports.
    pub fn extend(&mut self, exports: impl IntoIterator<Item = Export>) {
        for export in exports {
            self.by_name.entry(export.name.clone()).or_default().push(export);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The exports of a name. A template that another one nests counts as the nested one, which knows its parameters.
    fn find(&self, name: &str) -> Vec<&Export> {
        let all = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let nested = |e: &Export| all.iter().any(|o| o.level > 0 && o.place == e.place);
        all.iter().filter(|e| e.level > 0 || !nested(e)).collect()
    }
}

impl<'t> Evaluator<'t, '_> {
    /// `Fn::ImportValue`
    pub(super) fn import(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let name = to_text(&self.argument(call.arg, scope));
        if let Kind::Choice(_) = name.kind {
            return name.map_arms(|name| self.imported(name, call.span));
        }
        self.imported(&name, call.span)
    }

    fn imported(&self, name: &Value, span: Span) -> Value {
        let unknown = |what: String| Value::unknown(Cause::at(CauseKind::Import, what, span)).written_at(span);
        let text = match &name.kind {
            Kind::String(text) => text,
            Kind::Partial(text) => return unknown(format!("`{}` is exported by another stack", outline(text))),
            _ => return unknown("it is exported by another stack".to_owned()),
        };
        let found = self.shared.loader.exports().map(|all| all.find(text)).unwrap_or_default();
        let mut others = found.iter().filter(|e| e.root != self.shared.root);
        match (others.next(), others.next()) {
            (Some(export), None) => {
                self.shared.imports.borrow_mut().insert(export.root.clone());
                let hop = format!("{}, exported as {text}", export.output);
                export.value.clone().hop(HopKind::Output, hop).used_at(span)
            }
            (Some(first), Some(second)) => {
                unknown(format!("`{text}` is exported by {} and by {}", first.root, second.root))
            }
            (None, _) => unknown(format!("`{text}` is exported by another stack")),
        }
    }

    /// Remembers an output that is exported under a known name.
    pub(super) fn export(&self, output: &Str, node: &'t Node, value: &Value, scope: &Scope) {
        if !self.shared.collects {
            return;
        }
        let Some(name) = node.get("Export").and_then(|e| e.get("Name")) else { return };
        let text = to_text(&self.value(name, scope));
        if let Some(text) = text.as_str() {
            self.shared.exported.borrow_mut().push(Export {
                name: text.into(),
                root: self.shared.root.clone(),
                output: output.clone(),
                place: name.span,
                level: self.level,
                value: value.clone(),
            });
        }
    }
}

/// A partly known string for people: dots where it is not known.
fn outline(text: &Text) -> String {
    text.pieces()
        .iter()
        .map(|p| match p {
            Piece::Known(known) => known.as_str(),
            Piece::Hole(_) => "...",
        })
        .collect()
}
