//! The JSON syntax of Terraform, read into the same tree as its native syntax.
//!
//! A JSON object is a body, a label or a value, depending on where it stands; only the schema of a resource tells a
//! nested block from an attribute. Where Terraform itself defines the block, it becomes one. Inside a resource an
//! object or an array of objects becomes an attribute with that value: every reader takes a single object for a list
//! of one block.

mod expression;

#[cfg(test)]
mod tests;

use crate::source::{FileId, Span};
use crate::syntax::document::{Entry, Node, NodeKind};
use crate::syntax::hcl::{Attribute, Block, Body, Document, Ident, Item};
use crate::syntax::{Problem, json};
use expression::{Expressions, Text};
use smol_str::SmolStr;

/// What the value of a property in a body becomes.
#[derive(Clone, Copy)]
enum Shape {
    /// An attribute; how its strings are read.
    Attribute(Text),
    /// A block with so many labels and this sort of body.
    Block(usize, Sort),
}

/// The sorts of bodies that Terraform itself defines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Root,
    Settings,
    Variable,
    Output,
    Module,
    Resource,
    Lifecycle,
    Dynamic,
    /// `moved`, `import`, `removed`: addresses.
    Move,
    Check,
    /// Attributes under any name.
    Locals,
    /// `provider` and nested blocks: attributes and dynamic blocks.
    Plain,
}

/// The shape of a property by the body in which it stands. The same table as in Terraform's language reference.
fn shape(sort: Sort, name: &str) -> Shape {
    use Shape::{Attribute, Block};
    match (sort, name) {
        (Sort::Root, "resource" | "data" | "ephemeral") => Block(2, Sort::Resource),
        (Sort::Root, "variable") => Block(1, Sort::Variable),
        (Sort::Root, "output") => Block(1, Sort::Output),
        (Sort::Root, "module") => Block(1, Sort::Module),
        (Sort::Root, "provider") => Block(1, Sort::Plain),
        (Sort::Root, "check") => Block(1, Sort::Check),
        (Sort::Root, "terraform") => Block(0, Sort::Settings),
        (Sort::Root, "locals") => Block(0, Sort::Locals),
        (Sort::Root, "moved" | "import" | "removed") => Block(0, Sort::Move),
        (Sort::Root, _) => Block(0, Sort::Plain),
        (Sort::Settings, "backend" | "provider_meta") => Block(1, Sort::Plain),
        (Sort::Settings, "required_providers" | "cloud" | "encryption") => Block(0, Sort::Plain),
        (Sort::Variable, "validation") => Block(0, Sort::Plain),
        (Sort::Variable, "type") => Attribute(Text::Expression),
        (Sort::Variable, "default" | "description") => Attribute(Text::Literal),
        (Sort::Output, "precondition") => Block(0, Sort::Plain),
        (Sort::Module, "source" | "version") => Attribute(Text::Literal),
        (Sort::Output | Sort::Module | Sort::Resource, "depends_on")
        | (Sort::Module, "providers")
        | (Sort::Resource, "provider")
        | (Sort::Lifecycle, "ignore_changes" | "replace_triggered_by")
        | (Sort::Move, "from" | "to" | "provider") => Attribute(Text::Expression),
        (Sort::Resource | Sort::Move, "lifecycle") => Block(0, Sort::Lifecycle),
        (Sort::Resource, "connection") => Block(0, Sort::Plain),
        (Sort::Resource, "provisioner") => Block(1, Sort::Plain),
        (Sort::Resource | Sort::Plain | Sort::Dynamic, "dynamic") => Block(1, Sort::Dynamic),
        (Sort::Dynamic, "content") => Block(0, Sort::Plain),
        (Sort::Dynamic, "iterator") => Attribute(Text::Expression),
        (Sort::Lifecycle, "precondition" | "postcondition") => Block(0, Sort::Plain),
        (Sort::Check, "data") => Block(2, Sort::Resource),
        (Sort::Check, "assert") => Block(0, Sort::Plain),
        _ => Attribute(Text::Template),
    }
}

/// Reads a `.tf.json` file.
pub(super) fn parse(file: FileId, text: &str) -> (Document, Vec<Problem>) {
    document(file, text, |reader, root| reader.bodies(root, Sort::Root))
}

/// Reads a `.tfvars.json` file: its strings are taken as they are.
pub(super) fn parse_variables(file: FileId, text: &str) -> (Document, Vec<Problem>) {
    document(file, text, |reader, root| {
        let entries = reader.entries(root);
        entries.iter().map(|e| reader.attribute(e, Text::Literal)).collect()
    })
}

fn document(
    file: FileId,
    text: &str,
    read: impl FnOnce(&mut Reader<'_>, &Node) -> Vec<Item>,
) -> (Document, Vec<Problem>) {
    let stream = json::parse(file, text);
    let mut reader = Reader { expressions: Expressions::new(text, stream.problems) };
    let items = stream.documents.first().map_or_else(Vec::new, |root| read(&mut reader, root));
    let body = Body { items, span: Span::new(file, 0, text.len()) };
    (Document { body, comments: Vec::new() }, reader.expressions.problems)
}

struct Reader<'t> {
    expressions: Expressions<'t>,
}

/// The place between the braces.
fn inner(span: Span) -> Span {
    if span.end - span.start < 2 { span } else { Span { start: span.start + 1, end: span.end - 1, ..span } }
}

fn ident(key: &Node) -> Ident {
    Ident { name: SmolStr::new(key.text().unwrap_or_default()), span: key.span }
}

impl Reader<'_> {
    /// The entries of an object; anything else is a problem.
    fn entries<'n>(&mut self, node: &'n Node) -> &'n [Entry] {
        if let Some(entries) = node.entries() {
            return entries;
        }
        if !matches!(node.kind, NodeKind::Unreadable) {
            self.expressions.problem(node.span, format!("an object is needed here, not {}", node.describe()));
        }
        &[]
    }

    /// The items of a body: an object, or an array of objects that are read one after another.
    fn bodies(&mut self, node: &Node, sort: Sort) -> Vec<Item> {
        let mut out = Vec::new();
        match node.items() {
            Some(items) => items.iter().for_each(|item| self.body(item, sort, &mut out)),
            None => self.body(node, sort, &mut out),
        }
        out
    }

    fn body(&mut self, node: &Node, sort: Sort, out: &mut Vec<Item>) {
        for entry in self.entries(node) {
            let Some(name) = entry.key.text() else { continue };
            // Under this key there is a comment.
            if name == "//" {
                continue;
            }
            match shape(sort, name) {
                Shape::Attribute(text) => out.push(self.attribute(entry, text)),
                Shape::Block(labels, body) => {
                    let kind = ident(&entry.key);
                    self.blocks(&kind, entry.key.span, &entry.value, &mut Vec::new(), labels, body, out);
                }
            }
        }
    }

    fn attribute(&mut self, entry: &Entry, text: Text) -> Item {
        let value = self.expressions.read(&entry.value, text);
        Item::Attribute(Attribute { name: ident(&entry.key), value, span: entry.span() })
    }

    /// Goes down the labels that are left, then makes a block of every object.
    #[allow(clippy::too_many_arguments)]
    fn blocks(
        &mut self,
        kind: &Ident,
        head: Span,
        node: &Node,
        labels: &mut Vec<Ident>,
        left: usize,
        sort: Sort,
        out: &mut Vec<Item>,
    ) {
        if let Some(items) = node.items() {
            for item in items {
                // An array inside an array is no body; `entries` says so.
                if item.items().is_some() {
                    self.entries(item);
                } else {
                    self.blocks(kind, head, item, labels, left, sort, out);
                }
            }
            return;
        }
        // `"lifecycle": null` is nothing.
        if node.is_null() {
            return;
        }
        if left == 0 {
            let mut items = Vec::new();
            self.body(node, sort, &mut items);
            let body = Body { items, span: inner(node.span) };
            let span = head.to(node.span);
            let (kind, labels) = (kind.clone(), labels.clone());
            out.push(Item::Block(Block { kind, labels, body, header: head, span }));
            return;
        }
        for entry in self.entries(node) {
            if entry.key.text() == Some("//") {
                continue;
            }
            labels.push(ident(&entry.key));
            // The head of a block is its innermost key: what stands before it belongs to other blocks as well.
            self.blocks(kind, entry.key.span, &entry.value, labels, left - 1, sort, out);
            labels.pop();
        }
    }
}
