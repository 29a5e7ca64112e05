//! Taking away what is written: an attribute or block with its lines, the key of a mapping.

use super::layout::Layout;
use super::{Draft, Fixer, Parsed, document, hcl, terraform_start, tree_start, tree_steps};
use crate::graph::{Node, PathStep};
use crate::report::Edit;
use crate::rules::Verdict;
use crate::source::Span;
use crate::syntax::hcl::{Body, Item};
use crate::value::{HopKind, Str};

impl<'a> Fixer<'a> {
    /// Takes away what is written for a canonical attribute; where nothing is written there is nothing to do. `None`:
    /// it cannot be taken away here.
    pub(super) fn remove(&self, verdict: &Verdict, node: &Node, path: &[Str], draft: &mut Draft<'a>) -> Option<()> {
        let entry = verdict.entry.as_ref().filter(|e| e.get("canonical").as_str().is_none());
        let subject = entry.unwrap_or(&node.value);
        let value = path.iter().fold(subject.clone(), |v, name| v.get(name));
        let unwritten = |kind| matches!(kind, HopKind::Missing | HopKind::CatalogDefault | HopKind::Block);
        let absent = value.trail.first().is_none_or(|h| unwritten(h.kind)) && value.as_list().is_none();
        let site = match entry {
            Some(entry) => self.entry_site(verdict, node, entry, path)?.0,
            None => self.site(node, path, &value.trail, absent)?.0,
        };
        let file = site.declaration.header.file;
        let source = self.sources.get(file);
        for path in &site.paths {
            let (span, layout) = match &*self.trees.get(file, self.sources) {
                Parsed::Terraform(document, line_break) => {
                    let start = terraform_start(document, site.declaration, site.holder)?;
                    let steps = path.of_meta().unwrap_or(&path.0);
                    let layout = Layout::new(&source.text, *line_break, &document.comments);
                    (in_hcl(start, steps), lines(in_hcl(start, steps), &layout))
                }
                Parsed::Tree(root, comments, line_break) => {
                    let start = tree_start(root, site.declaration, site.holder)?;
                    let steps = tree_steps(&site, path);
                    let layout = Layout::new(&source.text, *line_break, comments);
                    (in_document(start, &steps), lines(in_document(start, &steps), &layout))
                }
                Parsed::Other => return None,
            };
            if span.is_some() {
                draft.edits.push(Edit { span: layout?, text: String::new() });
            }
        }
        Some(())
    }
}

/// The attribute or block at the end of a path.
fn in_hcl(start: hcl::Holder<'_>, steps: &[PathStep]) -> Option<Span> {
    let hcl::Holder::Body(mut body) = start else { return None };
    let names: Vec<&Str> = steps
        .iter()
        .filter_map(|s| match s {
            PathStep::Name(name) => Some(name),
            _ => None,
        })
        .collect();
    let (last, outer) = names.split_last()?;
    for name in outer {
        body = &body.blocks_of(name).next()?.body;
    }
    item(body, last)
}

fn item(body: &Body, name: &str) -> Option<Span> {
    let mut found = body.items.iter().filter_map(|item| match item {
        Item::Attribute(a) if a.name.name == name => Some(a.span),
        Item::Block(b) if b.kind.name == name => Some(b.span),
        _ => None,
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The entry at the end of a path, unless it is the only one of its mapping.
fn in_document(start: document::Holder<'_>, steps: &[PathStep]) -> Option<Span> {
    let (PathStep::Name(last), outer) = steps.split_last()? else { return None };
    let document::Spot::Written(holder) = document::find(start, outer) else { return None };
    let entry = holder.node.entry(last)?;
    (holder.node.entries()?.len() > 1 && entry.key.alias.is_none()).then(|| entry.span())
}

/// The lines that something fills; `None` when it shares them, or a comment would be lost.
fn lines(span: Option<Span>, layout: &Layout<'_>) -> Option<Span> {
    let span = span?;
    let (start, end) = (layout.line_start(span.start as usize), layout.behind(span.end as usize));
    let alone = layout.starts_line(span.start as usize) && layout.slice(span.end as usize, end).trim().is_empty();
    if !alone || layout.has_comment(start, end) {
        return None;
    }
    let rest = layout.slice(end, layout.text.len());
    let line_break = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    Some(Span::new(span.file, start, end + line_break))
}
