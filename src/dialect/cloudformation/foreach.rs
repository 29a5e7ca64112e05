//! Loops: `Fn::ForEach::Name: [Variable, Collection, {Key: Value}]`.

use super::evaluator::{Evaluator, substitute};
use super::scope::{Bindings, Scope};
use crate::source::Span;
use crate::syntax::document::Node;
use crate::value::{Cause, CauseKind, Kind, Str, Value, to_text};
use std::sync::Arc;

/// At most so many iterations are made for one root.
const MAX_ITERATIONS: usize = 10_000;

/// An entry of a section, with the variables of the loops that made it.
pub(super) struct Expanded<'t> {
    /// Its name, variables filled in.
    pub(super) name: Str,
    /// Where the name is written.
    pub(super) key: Span,
    /// Key and value.
    pub(super) span: Span,
    pub(super) node: &'t Node,
    pub(super) bindings: Bindings,
}

impl<'t> Evaluator<'t, '_> {
    /// The entries of a section, loops expanded.
    pub(super) fn expand(&self, section: &'t Node, scope: &Scope, out: &mut Vec<Expanded<'t>>) {
        for entry in section.entries().unwrap_or(&[]) {
            let Some(key) = entry.key.text() else { continue };
            if let Some(name) = key.strip_prefix("Fn::ForEach::") {
                if let Ok((steps, body)) = self.loop_over(name, &entry.value, entry.key.span, scope) {
                    for bindings in steps {
                        self.expand(body, &scope.with_bindings(bindings), out);
                    }
                }
                continue;
            }
            if key == "Fn::Transform" {
                let _ = self.transformed(&entry.value, entry.span(), scope);
                continue;
            }
            out.push(Expanded {
                name: Str::from(substitute(key, scope).as_ref()),
                key: entry.key.alias.map_or(entry.key.span, |a| a.used),
                span: entry.span(),
                node: &entry.value,
                bindings: scope.bindings.clone(),
            });
        }
    }

    /// The variables of every step of a loop, and its body. Why there are none, if the collection is not known or the
    /// loop is wrong.
    pub(super) fn loop_over(
        &self,
        name: &str,
        node: &'t Node,
        key: Span,
        scope: &Scope,
    ) -> Result<(Vec<Bindings>, &'t Node), Arc<Cause>> {
        let fail = |message: String| {
            self.shared.note(key, message.as_str(), false);
            Cause::at(CauseKind::Invalid, message, key)
        };
        let Some([variable, collection, body]) = node.items() else {
            return Err(fail(format!("Fn::ForEach::{name} takes a variable, a collection and a mapping")));
        };
        let (Some(variable), Some(_)) = (variable.text(), body.entries()) else {
            return Err(fail(format!("Fn::ForEach::{name} takes a variable, a collection and a mapping")));
        };
        let collection_value = self.value(collection, scope);
        let unknown = |cause: Option<Arc<Cause>>| {
            let why = cause.map_or_else(|| "its collection is not known".to_owned(), |c| c.what.to_string());
            let message = format!("Fn::ForEach::{name} is not expanded: {why}");
            self.shared.note(key, message.as_str(), true);
            Cause::at(CauseKind::Input, message, key)
        };
        let items = match &collection_value.kind {
            Kind::List(list) if list.open.is_none() => &list.items,
            Kind::List(_) => return Err(unknown(collection_value.cause())),
            _ if collection_value.cause().is_some() => return Err(unknown(collection_value.cause())),
            _ => return Err(fail(format!("the collection of Fn::ForEach::{name} is not a list"))),
        };
        let done = self.shared.iterations.get();
        if done + items.len() > MAX_ITERATIONS {
            let message = format!("loops make more than {MAX_ITERATIONS} iterations");
            self.shared.note(key, message.as_str(), true);
            return Err(Cause::at(CauseKind::Limit, message, key));
        }
        self.shared.iterations.set(done + items.len());
        let mut steps = Vec::with_capacity(items.len());
        for item in items {
            let text: Value = to_text(&collection_value.inside(item));
            if text.as_str().is_none() {
                return Err(unknown(text.cause()));
            }
            let mut bindings = scope.bindings.clone();
            bindings.push((Str::from(variable), text));
            steps.push(bindings);
        }
        Ok((steps, body))
    }
}
