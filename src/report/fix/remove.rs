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

/// The edits, where lines that are written behind what is taken away go in its place.
pub(super) fn replaced(mut edits: Vec<Edit>) -> Vec<Edit> {
    let is_new = |e: &Edit| e.span.start == e.span.end && e.text.starts_with(['\n', '\r']);
    let (new, mut rest): (Vec<Edit>, Vec<Edit>) = edits.drain(..).partition(is_new);
    for edit in new {
        let at = edit.span.start;
        let taken = rest.iter_mut().find(|r| r.span.file == edit.span.file && r.span.start < at && at < r.span.end);
        match taken {
            Some(taken) => {
                let lines = edit.text.trim_start_matches(['\n', '\r']);
                let line_break = if edit.text.starts_with('\r') { "\r\n" } else { "\n" };
                taken.text.push_str(lines);
                taken.text.push_str(line_break);
            }
            None => rest.push(edit),
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::replaced;
    use crate::report::Edit;
    use crate::source::{FileId, Span};

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(FileId(0), start, end), text: text.to_owned() }
    }

    #[test]
    fn new_lines_take_the_place_of_old_ones() {
        let cases = [
            // Behind the line that goes, before its line break.
            (vec![edit(10, 20, ""), edit(19, 19, "\n  a = 1")], vec![edit(10, 20, "  a = 1\n")]),
            (vec![edit(19, 19, "\r\n  a = 1"), edit(10, 20, "")], vec![edit(10, 20, "  a = 1\r\n")]),
            // Somewhere else.
            (vec![edit(10, 20, ""), edit(25, 25, "\n  a = 1")], vec![edit(10, 20, ""), edit(25, 25, "\n  a = 1")]),
            (vec![edit(10, 20, ""), edit(10, 10, "\n  a = 1")], vec![edit(10, 20, ""), edit(10, 10, "\n  a = 1")]),
            (vec![edit(10, 20, "b"), edit(30, 30, "c")], vec![edit(10, 20, "b"), edit(30, 30, "c")]),
        ];
        for (edits, expected) in cases {
            let made: Vec<(Span, String)> = replaced(edits).into_iter().map(|e| (e.span, e.text)).collect();
            let expected: Vec<(Span, String)> = expected.into_iter().map(|e| (e.span, e.text)).collect();
            assert_eq!(made, expected);
        }
    }
}
