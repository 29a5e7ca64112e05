//! Where the fields of policy documents are written: under other names than those that rules know them by, in objects and
//! in blocks.

use super::{Fixer, Site};
use crate::dialect::Dialect;
use crate::graph::native::{Field, policy_field};
use crate::graph::{AttributeType, Path, PathStep};
use crate::value::{HopKind, Str, Value};

/// The document or statement that a path leads into, and the field at its end; `None` if it leads elsewhere.
pub(super) fn holder(subject: &Value, path: &[Str]) -> Option<(Value, Field)> {
    let (last, rest) = path.split_last()?;
    let holder = rest.iter().fold(subject.clone(), |v, name| v.get(name));
    let field = policy_field(&holder, last)?;
    Some((holder, field))
}

impl<'a> Fixer<'a> {
    /// Where a field of a policy document or of a statement in one is written, or would have to be.
    pub(super) fn policy_site(&self, holder: &Value, field: &Field) -> Option<(Site<'a>, AttributeType)> {
        let hop = holder.trail.last()?;
        let declaration = self.graph.root.declarations.iter().find(|d| d.span.contains(hop.span))?;
        let is_block = hop.kind == HopKind::Block && declaration.dialect == Dialect::Terraform;
        let name = if is_block { field.block } else { field.json };
        let paths = vec![Path(vec![PathStep::Name(name.into())])];
        let holder = (hop.span != declaration.header).then_some(hop.span);
        let of = if field.list { AttributeType::Strings } else { AttributeType::String };
        Some((Site { declaration, paths, holder, fills_element: false }, of))
    }
}
