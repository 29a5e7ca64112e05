//! Edits of Terraform files.

use super::layout::Layout;
use super::spell;
use super::{Nest, New, News};
use crate::graph::PathStep;
use crate::report::Edit;
use crate::source::Span;
use crate::syntax::hcl::{Attribute, Block, Body, Entry, Expr, ExprKind, Item};

/// Something in which an attribute can be written.
#[derive(Clone, Copy)]
pub(super) enum Holder<'t> {
    /// The body of a block.
    Body(&'t Body),
    /// An object expression.
    Object(&'t Expr),
}

/// What is found at the end of a path.
pub(super) enum Spot<'t> {
    /// The value that is written there.
    Written(Span),
    /// The innermost holder there is, and how many steps of the path lead to it.
    Missing(Holder<'t>, usize),
    /// An expression hides what is there.
    Opaque,
}

/// Nesting is looked into this deep.
const MAX_DEPTH: u32 = 32;

impl Holder<'_> {
    /// Tells one holder of a file from another.
    pub fn span(self) -> Span {
        match self {
            Holder::Body(body) => body.span,
            Holder::Object(expr) => expr.span,
        }
    }
}

/// The block of a body that makes up `span`.
pub(super) fn block_at(body: &Body, span: Span) -> Option<&Block> {
    let start = |item: &Item| match item {
        Item::Attribute(a) => a.span.start,
        Item::Block(b) => b.span.start,
    };
    let at = body.items.binary_search_by_key(&span.start, start).ok()?;
    match body.items.get(at)? {
        Item::Block(block) if block.span == span => Some(block),
        _ => None,
    }
}

/// The nested block with its head at `span`, or the object that makes up `span`.
pub(super) fn holder_at(body: &Body, span: Span, depth: u32) -> Option<Holder<'_>> {
    if depth > MAX_DEPTH {
        return None;
    }
    body.items.iter().find_map(|item| match item {
        Item::Block(block) if block.header == span => Some(Holder::Body(&block.body)),
        Item::Block(block) if block.span.contains(span) => holder_at(&block.body, span, depth + 1),
        Item::Attribute(attribute) if attribute.value.span.contains(span) => object_at(&attribute.value, span, depth),
        _ => None,
    })
}

fn object_at(expr: &Expr, span: Span, depth: u32) -> Option<Holder<'_>> {
    if depth > MAX_DEPTH || !expr.span.contains(span) {
        return None;
    }
    match &expr.kind {
        ExprKind::Object(_) if expr.span == span => Some(Holder::Object(expr)),
        ExprKind::Object(entries) => entries.iter().find_map(|e| object_at(&e.value, span, depth + 1)),
        ExprKind::Tuple(items) => items.iter().find_map(|e| object_at(e, span, depth + 1)),
        ExprKind::Parens(inner) => object_at(inner, span, depth + 1),
        ExprKind::Conditional(parts) => parts.iter().find_map(|e| object_at(e, span, depth + 1)),
        ExprKind::Call { args, .. } => args.iter().find_map(|e| object_at(e, span, depth + 1)),
        _ => None,
    }
}

/// Goes along a path.
pub(super) fn find<'t>(holder: Holder<'t>, steps: &[PathStep]) -> Spot<'t> {
    go(holder, steps, 0)
}

fn go<'t>(holder: Holder<'t>, steps: &[PathStep], at: usize) -> Spot<'t> {
    match steps.get(at) {
        None => match holder {
            Holder::Object(expr) => Spot::Written(expr.span),
            Holder::Body(_) => Spot::Opaque,
        },
        // A single object counts as a list of one.
        Some(PathStep::Index(0) | PathStep::Each) if matches!(holder, Holder::Object(_)) => go(holder, steps, at + 1),
        Some(PathStep::Index(_) | PathStep::Each | PathStep::Document | PathStep::Meta) => Spot::Opaque,
        Some(PathStep::Key(_)) if matches!(holder, Holder::Body(_)) => Spot::Opaque,
        Some(PathStep::Name(name) | PathStep::Key(name)) => match holder {
            Holder::Body(body) => {
                if let Some(attribute) = body.attribute(name) {
                    return into(&attribute.value, steps, at + 1);
                }
                let blocks = blocks(body, name);
                let (chosen, next) = match steps.get(at + 1) {
                    Some(PathStep::Index(index)) => (blocks.get(*index), at + 2),
                    Some(PathStep::Each) if blocks.len() == 1 => (blocks.first(), at + 2),
                    _ => (blocks.first(), at + 1),
                };
                match chosen {
                    Some(body) => go(Holder::Body(body), steps, next),
                    None if blocks.is_empty() => Spot::Missing(holder, at),
                    None => Spot::Opaque,
                }
            }
            Holder::Object(expr) => {
                let ExprKind::Object(entries) = &expr.kind else { return Spot::Opaque };
                match entries.iter().find(|e| e.key.as_string().is_some_and(|k| k == name)) {
                    Some(entry) => into(&entry.value, steps, at + 1),
                    None => Spot::Missing(holder, at),
                }
            }
        },
    }
}

fn into<'t>(expr: &'t Expr, steps: &[PathStep], at: usize) -> Spot<'t> {
    match (&expr.kind, steps.get(at)) {
        (_, None) => Spot::Written(expr.span),
        (ExprKind::Parens(inner), _) => into(inner, steps, at),
        // An object that is encoded is written here; any other text holds a document of its own.
        (ExprKind::Call { name, args, .. }, Some(PathStep::Document)) if name.name == "jsonencode" => {
            match args.as_slice() {
                [document] => into(document, steps, at + 1),
                _ => Spot::Opaque,
            }
        }
        (_, Some(PathStep::Document)) => Spot::Opaque,
        (ExprKind::Object(_), _) => go(Holder::Object(expr), steps, at),
        (ExprKind::Tuple(items), Some(PathStep::Index(index))) => match items.get(*index) {
            Some(item) => into(item, steps, at + 1),
            None => Spot::Opaque,
        },
        (ExprKind::Tuple(items), Some(PathStep::Each)) => match items.as_slice() {
            [item] => into(item, steps, at + 1),
            _ => Spot::Opaque,
        },
        _ => Spot::Opaque,
    }
}

/// The bodies of the nested blocks of a kind; of a dynamic block its content.
fn blocks<'t>(body: &'t Body, kind: &str) -> Vec<&'t Body> {
    body.blocks()
        .filter_map(|b| {
            if b.kind.name == kind {
                return Some(&b.body);
            }
            let dynamic = b.kind.name == "dynamic" && b.label(0).is_some_and(|l| l == kind);
            if dynamic { b.body.blocks_of("content").next().map(|c| &c.body) } else { None }
        })
        .collect()
}

/// Writes what is missing into a holder. `None` when something has no literal.
pub(super) fn insert(holder: Holder<'_>, news: &News, layout: &Layout<'_>) -> Option<Vec<Edit>> {
    match holder {
        Holder::Body(body) if layout.slice(body.span.start as usize, body.span.end as usize).contains('\n') => {
            into_lines(body, news, layout)
        }
        Holder::Body(body) => into_one_line(body, news, layout),
        Holder::Object(expr) => into_object(expr, news, layout),
    }
}

/// A block of a new resource.
pub(super) fn resource(kind: &str, name: &str, news: &News, layout: &Layout<'_>) -> Option<String> {
    let Lines { attributes, blocks } = lines(news, unit(layout), 0, layout)?;
    let newline = layout.newline;
    let gap = if attributes.is_empty() || blocks.is_empty() { "" } else { newline };
    Some(format!("resource \"{kind}\" \"{name}\" {{{attributes}{gap}{blocks}{newline}}}"))
}

/// One step of indentation.
fn unit(layout: &Layout<'_>) -> &'static str {
    let tabs = layout.text.lines().find(|l| l.starts_with([' ', '\t'])).is_some_and(|l| l.starts_with('\t'));
    if tabs { "\t" } else { "  " }
}

/// `name = value` lines and blocks, each with a line break before it.
struct Lines {
    attributes: String,
    blocks: String,
}

fn lines(news: &News, indent: &str, pad: usize, layout: &Layout<'_>) -> Option<Lines> {
    let unit = unit(layout);
    let widest = news.iter().filter(|(_, n)| !n.is_block()).map(|(name, _)| name.len()).max().unwrap_or(0);
    // One column for new attributes, that of the attribute above where they fit.
    let pad = if pad > widest { pad - 1 } else { widest };
    let mut out = Lines { attributes: String::new(), blocks: String::new() };
    for (name, new) in news {
        if let New::Nest { what: Nest::Block, inside } = new {
            let inner = lines(inside, &format!("{indent}{unit}"), 0, layout)?;
            let newline = layout.newline;
            if !out.blocks.is_empty() {
                out.blocks.push_str(newline);
            }
            let Lines { attributes, blocks } = inner;
            let gap = if attributes.is_empty() || blocks.is_empty() { "" } else { newline };
            out.blocks.push_str(&format!("{newline}{indent}{name} {{{attributes}{gap}{blocks}{newline}{indent}}}"));
        } else {
            let value = expression(new)?;
            out.attributes.push_str(&format!("{}{indent}{name:pad$} = {value}", layout.newline));
        }
    }
    Some(out)
}

/// The value on one line.
fn expression(new: &New) -> Option<String> {
    match new {
        New::Value(value) => spell::hcl(value),
        New::Expression(text) => Some(text.clone()),
        New::Nest { inside, .. } => {
            let entries: Option<Vec<String>> =
                inside.iter().map(|(k, n)| Some(format!("{} = {}", spell::hcl_key(k), expression(n)?))).collect();
            Some(format!("{{ {} }}", entries?.join(", ")))
        }
        New::Pairs(_) => None,
    }
}

fn into_lines(body: &Body, news: &News, layout: &Layout<'_>) -> Option<Vec<Edit>> {
    let (start, end) = (body.span.start as usize, body.span.end as usize);
    let first_block = body.blocks().map(|b| b.span.start).min().unwrap_or(u32::MAX);
    // New attributes stand behind the last of the attributes that come before all blocks.
    let above: Option<&Attribute> =
        body.attributes().filter(|a| a.span.start < first_block && a.name.name != "depends_on").last();
    let indent = child_indent(body, layout);
    let pad = above.map_or(0, |a| equals_column(a, layout));
    let Lines { attributes, mut blocks } = lines(news, &indent, pad, layout)?;
    let last = start + layout.slice(start, end).trim_end().len();
    if !blocks.is_empty() && (!body.items.is_empty() || !attributes.is_empty()) {
        blocks.insert_str(0, layout.newline);
    }
    if !layout.slice(last, end).contains('\n') {
        // The closing brace stands behind the last item.
        let tail = format!("{attributes}{blocks}{}{}", layout.newline, layout.indent(start));
        return Some(vec![edit(body.span, last, end, tail)]);
    }
    let at = layout.behind(above.map_or(start, |a| a.span.end as usize));
    if last <= at {
        return Some(vec![edit(body.span, at, at, attributes + &blocks)]);
    }
    let places = [(at, attributes), (last, blocks)];
    Some(places.into_iter().filter(|(_, t)| !t.is_empty()).map(|(at, t)| edit(body.span, at, at, t)).collect())
}

fn into_one_line(body: &Body, news: &News, layout: &Layout<'_>) -> Option<Vec<Edit>> {
    let (start, end) = (body.span.start as usize, body.span.end as usize);
    let outer = layout.indent(start);
    let indent = format!("{outer}{}", unit(layout));
    let Lines { attributes, mut blocks } = lines(news, &indent, 0, layout)?;
    let newline = layout.newline;
    let inner = layout.slice(start, end);
    if inner.trim().is_empty() {
        if !attributes.is_empty() && !blocks.is_empty() {
            blocks.insert_str(0, newline);
        }
        let text = format!("{{{attributes}{blocks}{newline}{outer}}}");
        return Some(vec![edit(body.span, start.checked_sub(1)?, end + 1, text)]);
    }
    // A block on one line holds one argument only: it becomes one of several lines.
    let first = start + (inner.len() - inner.trim_start().len());
    let last = start + inner.trim_end().len();
    if !blocks.is_empty() {
        blocks.insert_str(0, newline);
    }
    Some(vec![
        edit(body.span, start, first, format!("{newline}{indent}")),
        edit(body.span, last, end, format!("{attributes}{blocks}{newline}{outer}")),
    ])
}

fn into_object(expr: &Expr, news: &News, layout: &Layout<'_>) -> Option<Vec<Edit>> {
    let ExprKind::Object(entries) = &expr.kind else { return None };
    let written: Option<Vec<(String, String)>> =
        news.iter().map(|(name, new)| Some((spell::hcl_key(name), expression(new)?))).collect();
    let written = written?;
    let line: Vec<String> = written.iter().map(|(k, v)| format!("{k} = {v}")).collect();
    let Some(last) = entries.last() else {
        let (start, end) = (expr.span.start as usize, expr.span.end as usize);
        // A comment in an empty object is worth more than the fix.
        let blank = layout.slice(start + 1, end.saturating_sub(1)).trim().is_empty();
        return blank.then(|| vec![edit(expr.span, start, end, format!("{{ {} }}", line.join(", ")))]);
    };
    let (key, end) = (last.key.span.start as usize, last.value.span.end as usize);
    if !layout.starts_line(key) {
        return Some(vec![edit(expr.span, end, end, format!(", {}", line.join(", ")))]);
    }
    let indent = layout.indent(key);
    let pad = entry_column(last, layout);
    let text: String = written
        .iter()
        .map(|(k, v)| {
            let width = if pad > k.len() { pad - 1 } else { k.len() };
            format!("{}{indent}{k:width$} = {v}", layout.newline)
        })
        .collect();
    let at = layout.behind(end);
    // With the closing brace behind the last entry there is no line to write on.
    (at < expr.span.end as usize).then(|| vec![edit(expr.span, at, at, text)])
}

fn child_indent(body: &Body, layout: &Layout<'_>) -> String {
    let starts = body.items.iter().map(|item| match item {
        Item::Attribute(a) => a.span.start as usize,
        Item::Block(b) => b.span.start as usize,
    });
    for start in starts {
        if layout.starts_line(start) {
            return layout.indent(start).to_owned();
        }
    }
    format!("{}{}", layout.indent(body.span.start as usize), unit(layout))
}

/// How many characters the name and the blanks behind it take.
fn equals_column(attribute: &Attribute, layout: &Layout<'_>) -> usize {
    width_before_equals(attribute.name.span, attribute.value.span, layout)
}

fn entry_column(entry: &Entry, layout: &Layout<'_>) -> usize {
    width_before_equals(entry.key.span, entry.value.span, layout)
}

fn width_before_equals(name: Span, value: Span, layout: &Layout<'_>) -> usize {
    let between = layout.slice(name.start as usize, value.start as usize);
    // An attribute of several lines ends a group of aligned ones.
    if layout.slice(value.start as usize, value.end as usize).contains('\n') {
        return 0;
    }
    between.find('=').map_or(0, |at| between[..at].chars().count())
}

fn edit(within: Span, start: usize, end: usize, text: String) -> Edit {
    Edit { span: Span::new(within.file, start, end), text }
}
