//! Parameters and outputs as declarations, for rules that judge them.

use super::evaluator::Evaluator;
use super::scope::Scope;
use crate::dialect::{Declaration, Dialect, Part};
use crate::source::Span;
use crate::syntax::document::{Entry, Node};
use crate::value::{Entries, HopKind, Str, Trail, Value};

impl Evaluator<'_, '_> {
    /// The parameters and outputs of a template.
    pub(super) fn parts(&self, root: &Node) -> Vec<Declaration> {
        let mut out = Vec::new();
        for (section, type_name) in [("Parameters", "Parameter"), ("Outputs", "Output")] {
            for entry in root.get(section).and_then(Node::entries).unwrap_or_default() {
                out.extend(self.part(section, type_name, entry));
            }
        }
        out
    }

    fn part(&self, section: &str, type_name: &str, entry: &Entry) -> Option<Declaration> {
        let name = entry.key.text()?;
        let header = entry.key.span;
        let mut attributes = Entries::default();
        attributes.insert("Name".into(), Value::from(name).written_at(header));
        let scope = Scope::default();
        for inner in entry.value.entries()? {
            let Some(key) = inner.key.text() else { continue };
            let value = self.value(&inner.value, &scope);
            attributes.insert(key.into(), value.written_at(inner.value.span));
        }
        Some(
            Part {
                dialect: Dialect::CloudFormation,
                type_name: type_name.into(),
                address: self.named(&format!("{section}.{name}")),
                module: Str::from(self.prefix.trim_end_matches('.')),
                header,
                span: entry.span(),
                body: Span { start: header.end, ..entry.span() },
                attributes: Value::map(attributes).with_trail(Trail::one(HopKind::Block, "", header)),
            }
            .declared(),
        )
    }
}
