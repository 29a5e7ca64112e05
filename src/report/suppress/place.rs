//! What stands around a comment: the attributes and blocks of a file by position.

use super::Cover;
use crate::source::{SourceFile, Span};
use crate::syntax::hcl::{self, Body, Expr, ExprKind};

/// Something that a directive can cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// From its first to its last character. Blanks and comments at its end do not belong to it.
    pub span: Span,
    /// What it is.
    pub scope: Scope,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// An attribute, a nested block, an element of a list.
    Part,
    /// A resource or another block of the top level.
    Block,
    /// A place that values come from: a module call, a variable, local values, a data source, a parameter, a mapping.
    Source,
}

/// What tells where a block of a file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// HCL: a brace.
    Braces,
    /// YAML: a line that is indented less. A comment that is indented deeper than what follows belongs to the block above.
    Indentation,
}

/// The items of an HCL file: blocks, attributes, entries of objects, elements of tuples.
pub fn hcl_items(body: &Body) -> Vec<Item> {
    let mut items = Vec::new();
    for item in &body.items {
        match item {
            hcl::Item::Attribute(attribute) => {
                items.push(Item { span: attribute.span, scope: Scope::Part });
                expression(&attribute.value, &mut items);
            }
            hcl::Item::Block(block) => {
                let scope = match block.kind.name.as_str() {
                    "module" | "variable" | "locals" | "data" => Scope::Source,
                    _ => Scope::Block,
                };
                items.push(Item { span: block.span, scope });
                // What is passed to a module comes from the argument.
                let arguments = if block.kind.name == "module" { Scope::Source } else { Scope::Part };
                nested(&block.body, arguments, &mut items);
            }
        }
    }
    items
}

// The depth of all of these is bounded by the parser.
fn nested(body: &Body, arguments: Scope, items: &mut Vec<Item>) {
    for attribute in body.attributes() {
        items.push(Item { span: attribute.span, scope: arguments });
        expression(&attribute.value, items);
    }
    for block in body.blocks() {
        items.push(Item { span: block.span, scope: Scope::Part });
        nested(&block.body, Scope::Part, items);
    }
}

fn expression(expr: &Expr, items: &mut Vec<Item>) {
    match &expr.kind {
        ExprKind::Tuple(elements) => {
            for element in elements {
                items.push(Item { span: element.span, scope: Scope::Part });
                expression(element, items);
            }
        }
        ExprKind::Object(entries) => {
            for entry in entries {
                items.push(Item { span: entry.key.span.to(entry.value.span), scope: Scope::Part });
                expression(&entry.value, items);
            }
        }
        ExprKind::Call { args, .. } => args.iter().for_each(|arg| expression(arg, items)),
        ExprKind::Conditional(parts) => parts.iter().for_each(|part| expression(part, items)),
        ExprKind::Parens(inner) => expression(inner, items),
        ExprKind::For(inner) => expression(&inner.value, items),
        _ => {}
    }
}

/// The items of a file, sorted, with the item that each lies in.
pub(super) struct Layout<'a> {
    file: &'a SourceFile,
    /// By start; of those that start together the largest first.
    items: Vec<Item>,
    parents: Vec<Option<usize>>,
    nesting: Nesting,
}

/// So many comment lines may stand between a peer's comment and what it covers.
const MAX_STACK: usize = 100;

/// So many items of one line are looked at: a bound for files that are one line.
const MAX_ON_LINE: usize = 64;

impl<'a> Layout<'a> {
    pub fn new(file: &'a SourceFile, mut items: Vec<Item>, nesting: Nesting) -> Self {
        items.sort_by_key(|item| (item.span.start, std::cmp::Reverse(item.span.end)));
        let mut parents = Vec::with_capacity(items.len());
        let mut open: Vec<usize> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            while open.last().and_then(|&i| items.get(i)).is_some_and(|top| top.span.end < item.span.end) {
                open.pop();
            }
            parents.push(open.last().copied());
            open.push(index);
        }
        Self { file, items, parents, nesting }
    }

    fn around(&self, index: Option<usize>) -> impl Iterator<Item = (usize, &Item)> {
        std::iter::successors(index, |&i| self.parents.get(i).copied().flatten())
            .filter_map(|i| Some((i, self.items.get(i)?)))
    }

    /// The innermost item that holds a position.
    fn innermost(&self, at: u32) -> Option<usize> {
        let last = self.items.partition_point(|item| item.span.start <= at).checked_sub(1);
        self.around(last).find(|(_, item)| item.span.end > at).map(|(i, _)| i)
    }

    fn is_through(&self, index: usize) -> bool {
        self.around(Some(index)).any(|(_, item)| item.scope == Scope::Source)
    }

    fn line_bounds(&self, line: usize) -> (u32, u32) {
        let starts = self.file.line_starts();
        let length = self.file.text.len() as u32;
        let start = starts.get(line).copied().unwrap_or(length);
        (start, starts.get(line + 1).copied().unwrap_or(length))
    }

    fn text(&self, start: u32, end: u32) -> &str {
        self.file.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// What a comment covers by its place: behind or before code, the code of its line; alone, what follows.
    /// `adjacent` demands that only comments stand between.
    pub fn line_or_following(&self, comment: Span, adjacent: bool) -> (Cover, bool) {
        let (start, _) = self.line_bounds(self.file.line_index(comment.start));
        let (_, end) = self.line_bounds(self.file.line_index(comment.end.max(1) - 1));
        let before = self.text(start, comment.start);
        let after = self.text(comment.end, end);
        if before.trim().is_empty() && after.trim().is_empty() {
            return self.following(comment, adjacent);
        }
        let first = self.items.partition_point(|item| item.span.start < start);
        let on_line = self.items.iter().enumerate().skip(first).take_while(|(_, item)| item.span.start < end);
        let on_line = on_line.take(MAX_ON_LINE);
        let mut covered: Option<(Span, bool)> = None;
        for (index, item) in on_line {
            match &mut covered {
                // What lies in it is covered already.
                Some((span, _)) if span.end >= item.span.end => {}
                Some((span, _)) => *span = span.to(item.span),
                None => covered = Some((item.span, self.is_through(index))),
            }
        }
        let (span, through) = covered.unwrap_or_else(|| {
            let line = Span { file: comment.file, start, end };
            let through = self.innermost(comment.start).is_some_and(|i| self.is_through(i));
            (line, through)
        });
        (Cover::Span(span), through)
    }

    /// The item that follows a comment in the same block.
    pub fn following(&self, comment: Span, adjacent: bool) -> (Cover, bool) {
        let nothing = (Cover::Span(Span { start: comment.end, ..comment }), false);
        let next = self.items.partition_point(|item| item.span.start < comment.end);
        let Some(item) = self.items.get(next) else { return nothing };
        let block = self.innermost(comment.start).and_then(|i| self.items.get(i));
        if block.is_some_and(|block| !block.span.contains(item.span)) {
            return nothing;
        }
        if self.nesting == Nesting::Indentation && self.column(comment.start) > self.column(item.span.start) {
            return nothing;
        }
        if adjacent && !self.only_comments_between(comment, item.span.start) {
            return nothing;
        }
        (Cover::Span(item.span), self.is_through(next))
    }

    /// Bytes between the start of the line and a position.
    fn column(&self, at: u32) -> u32 {
        at - self.line_bounds(self.file.line_index(at)).0.min(at)
    }

    fn only_comments_between(&self, comment: Span, item: u32) -> bool {
        let first = self.file.line_index(comment.end.max(1) - 1) + 1;
        let last = self.file.line_index(item);
        last >= first
            && last - first <= MAX_STACK
            && (first..last).all(|line| {
                let text = self.file.line(line).trim_start();
                text.starts_with('#') || text.starts_with("//") || text.starts_with("/*") || text.starts_with('*')
            })
    }

    /// The resource or other block that a comment stands in. A block in braces is not entered before its
    /// second line, and left before its last.
    pub fn block_around(&self, comment: Span) -> Option<(Span, bool)> {
        let line = self.file.line_index(comment.start);
        let (start, _) = self.line_bounds(line);
        // Behind code, the code says where the comment is.
        let code = self.text(start, comment.start).trim_end().len() as u32;
        let at = if code > 0 { start + code - 1 } else { comment.start };
        let (index, item) = self.around(self.innermost(at)).find(|(_, item)| item.scope != Scope::Part)?;
        let first = self.file.line_index(item.span.start);
        let last = self.file.line_index(item.span.end.max(1) - 1);
        let inside = self.nesting == Nesting::Indentation || (first < line && line < last);
        inside.then(|| (item.span, self.is_through(index)))
    }

    /// Whether a comment stands before everything else.
    pub fn is_before_all(&self, comment: Span) -> bool {
        self.items.first().is_none_or(|first| comment.end <= first.span.start)
    }

    /// The line below a comment.
    pub fn next_line(&self, comment: Span) -> Span {
        let (start, end) = self.line_bounds(self.file.line_index(comment.end.max(1) - 1) + 1);
        Span { file: comment.file, start, end }
    }
}
