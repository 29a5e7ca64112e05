//! Edits of templates in YAML and JSON, and of Terraform files in JSON.

use super::layout::Layout;
use super::pairs;
use super::spell;
use super::{Nest, New, News};
use crate::graph::{PAIR_KEYS, PAIR_VALUES, PathStep};
use crate::report::Edit;
use crate::source::Span;
use crate::syntax::document::{Entry, Node, NodeKind, Style};

/// What is found at the end of a path.
pub(super) enum Spot<'t> {
    /// The value that is written there, behind its key.
    Written(Holder<'t>),
    /// The innermost mapping (or empty value) there is, and how many steps of the path lead to it.
    Missing(Holder<'t>, usize),
    /// A function, an alias or a list hides what is there.
    Opaque,
}

/// A mapping or an empty value in which a key can be written.
#[derive(Clone, Copy)]
pub(super) struct Holder<'t> {
    /// The key it stands behind, if it stands behind one.
    pub key: Option<&'t Node>,
    pub node: &'t Node,
}

impl Holder<'_> {
    /// Tells one holder of a file from another.
    pub fn span(self) -> Span {
        self.key.map_or(self.node.span, |k| k.span)
    }
}

/// Nesting is looked into this deep.
const MAX_DEPTH: u32 = 64;

/// The entry of a resource by the span of its logical id, in loops as well.
pub(super) fn resource_at(resources: &Node, key: Span, depth: u32) -> Option<&Entry> {
    if depth > MAX_DEPTH {
        return None;
    }
    let entries = resources.entries()?;
    if let Ok(at) = entries.binary_search_by_key(&key.start, |e| e.key.span.start)
        && let Some(entry) = entries.get(at).filter(|e| e.key.span == key)
    {
        return Some(entry);
    }
    entries.iter().find_map(|entry| {
        if entry.key.span == key {
            return Some(entry);
        }
        let loops = entry.key.text().is_some_and(|k| k.starts_with("Fn::ForEach::"));
        let body = if loops { entry.value.items()?.get(2) } else { None };
        resource_at(body?, key, depth + 1)
    })
}

/// The mapping that makes up `span`, or stands behind the key that does.
pub(super) fn holder_at<'t>(key: Option<&'t Node>, node: &'t Node, span: Span, depth: u32) -> Option<Holder<'t>> {
    if depth > MAX_DEPTH || node.alias.is_some() || !node.span.contains(span) {
        return None;
    }
    let deeper = match &node.kind {
        NodeKind::Mapping(entries) => entries.iter().filter(|e| e.key.alias.is_none()).find_map(|e| {
            let named = e.key.span == span && e.value.alias.is_none() && e.value.entries().is_some();
            let here = named.then_some(Holder { key: Some(&e.key), node: &e.value });
            here.or_else(|| holder_at(Some(&e.key), &e.value, span, depth + 1))
        }),
        NodeKind::Sequence(items) => items.iter().find_map(|i| holder_at(None, i, span, depth + 1)),
        _ => None,
    };
    deeper.or_else(|| (node.span == span && node.entries().is_some()).then_some(Holder { key, node }))
}

/// Goes along a path.
pub(super) fn find<'t>(holder: Holder<'t>, steps: &[PathStep]) -> Spot<'t> {
    go(holder, steps, 0)
}

fn go<'t>(holder: Holder<'t>, steps: &[PathStep], at: usize) -> Spot<'t> {
    let node = holder.node;
    let Some(step) = steps.get(at) else { return Spot::Written(holder) };
    if node.alias.is_some() || node.tag.is_some() || is_function(node) {
        return Spot::Opaque;
    }
    match (step, &node.kind) {
        (PathStep::Name(_), _) if node.is_null() && holder.key.is_some() => Spot::Missing(holder, at),
        (PathStep::Name(name) | PathStep::Key(name), NodeKind::Mapping(entries)) => {
            match entries.iter().find(|e| e.key.text() == Some(name)) {
                // What is merged in from elsewhere is overridden by a key of its own.
                Some(entry) if entry.key.alias.is_none() && entry.value.span.file == node.span.file => {
                    go(Holder { key: Some(&entry.key), node: &entry.value }, steps, at + 1)
                }
                _ => Spot::Missing(holder, at),
            }
        }
        (PathStep::Key(name), NodeKind::Sequence(items)) => {
            match items.iter().find(|i| field(i, &PAIR_KEYS).and_then(|e| e.value.text()) == Some(name)) {
                Some(pair) => match field(pair, &PAIR_VALUES) {
                    Some(entry) => go(Holder { key: Some(&entry.key), node: &entry.value }, steps, at + 1),
                    None => Spot::Opaque,
                },
                None => Spot::Missing(holder, at),
            }
        }
        (PathStep::Document, NodeKind::Mapping(_) | NodeKind::Sequence(_)) => go(holder, steps, at + 1),
        (PathStep::Index(0) | PathStep::Each, NodeKind::Mapping(_)) => go(holder, steps, at + 1),
        (PathStep::Index(index), NodeKind::Sequence(items)) => match items.get(*index) {
            Some(item) => go(Holder { key: None, node: item }, steps, at + 1),
            None => Spot::Opaque,
        },
        (PathStep::Each, NodeKind::Sequence(items)) => match items.as_slice() {
            [item] => go(Holder { key: None, node: item }, steps, at + 1),
            _ => Spot::Opaque,
        },
        _ => Spot::Opaque,
    }
}

/// The first of several entries that a plain mapping has.
pub(super) fn field<'t>(node: &'t Node, names: &[&str]) -> Option<&'t Entry> {
    if node.alias.is_some() || node.tag.is_some() {
        return None;
    }
    names.iter().find_map(|name| node.entry(name))
}

/// Whether a mapping is a call in its long form.
fn is_function(node: &Node) -> bool {
    let Some([only]) = node.entries() else { return false };
    only.key.text().is_some_and(|k| k.starts_with("Fn::") || matches!(k, "Ref" | "Condition"))
}

/// The place of a value as it stands in the text: of an alias its use.
fn place(node: &Node) -> Span {
    node.alias.map_or(node.span, |a| a.used)
}

/// What is replaced by another value, and the value itself: with the line break and the blanks before it where it starts
/// on a line of its own.
pub(super) fn replaced(holder: Holder<'_>, layout: &Layout<'_>) -> (Span, Span) {
    let span = place(holder.node);
    let start = span.start as usize;
    let above = holder.key.filter(|k| k.span.file == span.file && k.span.end < span.start && layout.starts_line(start));
    if let Some(key) = above {
        let end = key.span.end as usize;
        if layout.slice(end, start).trim() == ":" {
            let colon = layout.slice(end, start).find(':').unwrap_or(0);
            return (Span::new(span.file, end + colon + 1, span.end as usize), span);
        }
    }
    (span, span)
}

/// The quotation marks of a scalar.
pub(super) fn quotes(node: &Node, layout: &Layout<'_>) -> spell::Quotes {
    let quoted = node.tag.is_none() && node.as_scalar().is_some_and(|s| s.style == Style::Quoted);
    let mark = layout.text.get(node.span.range()).and_then(|t| t.chars().next());
    match mark {
        Some(mark @ ('\'' | '"')) if quoted => spell::Quotes::Kept(mark),
        _ => spell::Quotes::AsNeeded,
    }
}

/// How the keys of a file are indented, one level in another.
pub(super) fn unit(root: &Node, layout: &Layout<'_>) -> usize {
    let section = root.entry("Resources").or_else(|| root.entry("resource"));
    let first = section.and_then(|s| s.value.entries()).and_then(<[Entry]>::first);
    let depth = |node: &Node| layout.column(node.span.start as usize);
    let Some(first) = first else { return 2 };
    let outer = section.map_or(0, |e| depth(&e.key));
    match depth(&first.key).saturating_sub(outer) {
        0 => 2,
        unit => unit.min(8),
    }
}

/// Writes what is missing into a mapping. `None` when there is no place for it or something has no literal.
pub(super) fn insert(holder: Holder<'_>, news: &News, unit: usize, layout: &Layout<'_>) -> Option<Vec<Edit>> {
    let node = holder.node;
    if let Some(items) = node.items() {
        return pairs::insert(node, items, news, layout);
    }
    let Some(entries) = node.entries() else { return under_key(holder.key?, node, news, unit, layout) };
    let start = node.span.start as usize;
    let flow = layout.slice(start, layout.text.len()).starts_with('{');
    let own: Vec<&Entry> = entries.iter().filter(|e| e.key.alias.is_none()).collect();
    if flow {
        let json = layout.text.trim_start().starts_with('{');
        return into_flow(node, &own, news, Braces { json, unit }, layout);
    }
    let first = own.first()?;
    let key = first.key.span.start as usize;
    // `? key` is written by nobody.
    if layout.slice(layout.line_start(key), key).contains('?') {
        return None;
    }
    let column = layout.column(key);
    let end = own.iter().map(|e| entry_end(e)).max()?;
    let at = layout.behind(end);
    let text = block(news, column, unit, layout)?;
    Some(vec![Edit { span: Span::new(node.span.file, at, at), text }])
}

pub(super) fn entry_end(entry: &Entry) -> usize {
    let value = place(&entry.value);
    let key = entry.key.span.end;
    // The place of an empty value may be anywhere behind the key.
    let empty = entry.value.is_null() && value.start == value.end;
    if empty { key as usize } else { value.end.max(key) as usize }
}

/// Below a key without a value.
fn under_key(key: &Node, value: &Node, news: &News, unit: usize, layout: &Layout<'_>) -> Option<Vec<Edit>> {
    let end = key.span.end as usize;
    let written = place(value);
    if written.start != written.end && !layout.slice(written.start as usize, written.end as usize).trim().is_empty() {
        // An explicit `null`.
        let inline: Option<Vec<String>> = news.iter().map(|(k, n)| inline(k, n, false)).collect();
        return Some(vec![Edit { span: written, text: format!("{{{}}}", inline?.join(", ")) }]);
    }
    let at = layout.behind(end);
    let text = block(news, layout.column(key.span.start as usize) + unit, unit, layout)?;
    Some(vec![Edit { span: Span::new(key.span.file, at, at), text }])
}

/// Lines of a block mapping, each with a line break before it.
fn block(news: &News, column: usize, unit: usize, layout: &Layout<'_>) -> Option<String> {
    let mut out = String::new();
    for (name, new) in news {
        let head = format!("{}{:column$}{}:", layout.newline, "", spell::yaml_string(name));
        out.push_str(&head);
        match new {
            New::Value(value) => {
                out.push(' ');
                out.push_str(&spell::yaml(value)?);
            }
            New::Nest { what: Nest::Element, inside } => {
                let (dash, newline) = (column + unit, layout.newline);
                let element = block(inside, dash + 2, unit, layout)?;
                let element = element.strip_prefix(newline)?.trim_start_matches(' ');
                out.push_str(&format!("{newline}{:dash$}- {element}", ""));
            }
            New::Nest { inside, .. } => out.push_str(&block(inside, column + unit, unit, layout)?),
            New::Expression(_) => return None,
            New::Pairs(pairs) => {
                let style = pairs::Style::new(column + unit);
                for (key, value) in pairs {
                    out.push_str(&style.lines(key, value, layout)?);
                }
            }
        }
    }
    Some(out)
}

/// How a mapping in braces is written.
#[derive(Clone, Copy)]
struct Braces {
    json: bool,
    unit: usize,
}

/// `key: value` on one line.
fn inline(name: &str, new: &New, json: bool) -> Option<String> {
    let key = if json { spell::json_string(name) } else { spell::yaml_string(name) };
    let value = match new {
        New::Value(value) if json => spell::json(value)?,
        New::Value(value) => spell::yaml(value)?,
        New::Expression(_) => return None,
        New::Nest { inside, what } => {
            let inside: Option<Vec<String>> = inside.iter().map(|(k, n)| inline(k, n, json)).collect();
            let object = format!("{{{}}}", inside?.join(", "));
            if *what == Nest::Element { format!("[{object}]") } else { object }
        }
        New::Pairs(pairs) => {
            let inside: Option<Vec<String>> = pairs.iter().map(|(k, v)| pairs::inline(k, v, json)).collect();
            format!("[{}]", inside?.join(", "))
        }
    };
    Some(format!("{key}: {value}"))
}

/// `"key": value` over several lines, without a line break before the first.
fn spread(news: &News, indent: &str, style: Braces, layout: &Layout<'_>) -> Option<String> {
    let mut out = Vec::new();
    for (name, new) in news {
        out.push(match new {
            New::Value(_) | New::Expression(_) => inline(name, new, style.json)?,
            New::Pairs(pairs) => {
                let key = if style.json { spell::json_string(name) } else { spell::yaml_string(name) };
                let (newline, deeper) = (layout.newline, deeper(indent, style.unit));
                let inside: Option<Vec<String>> = pairs.iter().map(|(k, v)| pairs::inline(k, v, style.json)).collect();
                let inside = inside?.join(&format!(",{newline}{deeper}"));
                format!("{key}: [{newline}{deeper}{inside}{newline}{indent}]")
            }
            New::Nest { inside, what } => {
                let key = if style.json { spell::json_string(name) } else { spell::yaml_string(name) };
                let deeper = deeper(indent, style.unit);
                let newline = layout.newline;
                let inside = spread(inside, &deeper, style, layout)?;
                let (open, close) = if *what == Nest::Element { ("[{", "}]") } else { ("{", "}") };
                format!("{key}: {open}{newline}{deeper}{inside}{newline}{indent}{close}")
            }
        });
    }
    Some(out.join(&format!(",{}{indent}", layout.newline)))
}

fn deeper(indent: &str, unit: usize) -> String {
    if indent.ends_with('\t') { format!("{indent}\t") } else { format!("{indent}{:unit$}", "") }
}

/// Into braces.
fn into_flow(node: &Node, own: &[&Entry], news: &News, style: Braces, layout: &Layout<'_>) -> Option<Vec<Edit>> {
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    let one_line = || -> Option<String> {
        let written: Option<Vec<String>> = news.iter().map(|(k, n)| inline(k, n, style.json)).collect();
        Some(written?.join(", "))
    };
    let Some(last) = own.last() else {
        let inner = layout.slice(start + 1, end.saturating_sub(1));
        if !inner.trim().is_empty() {
            return None;
        }
        // A template in braces over several lines goes on like that.
        let text = if style.json && !layout.one_line {
            let outer = layout.indent(start);
            let indent = deeper(outer, style.unit);
            let (newline, inside) = (layout.newline, spread(news, &indent, style, layout)?);
            format!("{{{newline}{indent}{inside}{newline}{outer}}}")
        } else {
            format!("{{{}}}", one_line()?)
        };
        return Some(vec![Edit { span: node.span, text }]);
    };
    let key = last.key.span.start as usize;
    let behind = entry_end(last);
    if !layout.starts_line(key) {
        let text = format!(", {}", one_line()?);
        return Some(vec![Edit { span: Span::new(node.span.file, behind, behind), text }]);
    }
    let indent = layout.indent(key);
    let inside = spread(news, indent, style, layout)?;
    let rest = layout.slice(behind, end).lines().next().unwrap_or("");
    if rest.contains('#') {
        // The comment behind the last entry stays behind it.
        let text = format!("{inside},{}{indent}", layout.newline);
        return Some(vec![Edit { span: Span::new(node.span.file, key, key), text }]);
    }
    let text = format!(",{}{indent}{inside}", layout.newline);
    Some(vec![Edit { span: Span::new(node.span.file, behind, behind), text }])
}
