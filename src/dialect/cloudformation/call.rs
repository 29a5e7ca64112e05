//! Recognising intrinsic functions, in their short and long forms.

use crate::source::Span;
use crate::syntax::document::Node;

/// An intrinsic function with its argument.
#[derive(Clone, Copy)]
pub(super) struct Call<'t> {
    /// The name without `Fn::`: `Ref`, `GetAtt`, `Condition`.
    pub(super) name: &'t str,
    /// What it is given.
    pub(super) arg: Arg<'t>,
    /// The whole call.
    pub(super) span: Span,
}

/// The argument of a function.
#[derive(Clone, Copy)]
pub(super) struct Arg<'t> {
    /// The argument; in the short form it carries the tag of the function.
    pub(super) node: &'t Node,
    /// Whether the tag of the node is that of the function, hence not to be evaluated again.
    pub(super) tagged: bool,
}

impl<'t> Arg<'t> {
    /// An argument as it stands.
    pub(super) fn plain(node: &'t Node) -> Self {
        Self { node, tagged: false }
    }

    /// The call in the argument, if it is one.
    pub(super) fn call(self) -> Option<Call<'t>> {
        if self.tagged { long_form(self.node) } else { call(self.node) }
    }

    /// The text of a scalar that is no call.
    pub(super) fn text(self) -> Option<&'t str> {
        if self.call().is_some() {
            None
        } else if self.tagged {
            self.node.tagged_text()
        } else {
            self.node.text()
        }
    }

    /// The items of a list that is no call.
    pub(super) fn items(self) -> Option<&'t [Node]> {
        if self.call().is_some() { None } else { self.node.items() }
    }
}

/// The call a node is, in either form.
pub(super) fn call(node: &Node) -> Option<Call<'_>> {
    match &node.tag {
        Some(tag) => {
            let name = tag.strip_prefix("Fn::").unwrap_or(tag);
            Some(Call { name, arg: Arg { node, tagged: true }, span: node.span })
        }
        None => long_form(node),
    }
}

/// A mapping with the name of a function as its only key.
fn long_form(node: &Node) -> Option<Call<'_>> {
    let [entry] = node.entries()? else { return None };
    let key = entry.key.text()?;
    let name = if key == "Ref" { key } else { key.strip_prefix("Fn::")? };
    if name.starts_with("ForEach::") {
        return None;
    }
    Some(Call { name, arg: Arg::plain(&entry.value), span: node.span })
}
