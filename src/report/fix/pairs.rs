//! Lists of pairs of a key and a value, in YAML and JSON.

use super::News;
use super::document::{entry_end, field};
use super::layout::Layout;
use super::spell;
use crate::graph::{PAIR_KEYS, PAIR_VALUES};
use crate::report::Edit;
use crate::source::Span;
use crate::syntax::document::Node;
use crate::value::{Value, to_text};

/// How pairs on lines of their own are written.
pub(super) struct Style<'t> {
    /// The column of the dash.
    dash: usize,
    /// The column of the keys.
    column: usize,
    key: &'t str,
    value: &'t str,
}

impl<'t> Style<'t> {
    /// As pairs are written where there are none to look at.
    pub fn new(dash: usize) -> Self {
        Self { dash, column: dash + 2, key: "Key", value: "Value" }
    }

    /// As the first pair of a list is written.
    fn of(first: &'t Node, layout: &Layout<'_>) -> Option<Self> {
        let start = first.span.start as usize;
        let before = layout.slice(layout.line_start(start), start);
        let dash = before.find('-').filter(|_| before.trim() == "-")?;
        let name = |names: &[&str]| field(first, names).and_then(|e| e.key.text());
        let (key, value) = (name(&PAIR_KEYS).unwrap_or("Key"), name(&PAIR_VALUES).unwrap_or("Value"));
        Some(Self { dash, column: layout.column(start), key, value })
    }

    /// The lines of a pair, each with a line break before it.
    pub fn lines(&self, key: &str, value: &Value, layout: &Layout<'_>) -> Option<String> {
        let Self { dash, column, key: key_name, value: value_name } = *self;
        let (newline, gap) = (layout.newline, column.saturating_sub(dash + 1));
        let (key, value) = (spell::yaml_string(key), spell::yaml(&to_text(value))?);
        Some(format!("{newline}{:dash$}-{:gap$}{key_name}: {key}{newline}{:column$}{value_name}: {value}", "", "", ""))
    }
}

/// A pair in braces.
pub(super) fn inline(key: &str, value: &Value, json: bool) -> Option<String> {
    let value = to_text(value);
    Some(if json {
        format!("{{\"Key\": {}, \"Value\": {}}}", spell::json_string(key), spell::json(&value)?)
    } else {
        format!("{{Key: {}, Value: {}}}", spell::yaml_string(key), spell::yaml(&value)?)
    })
}

/// Where an element of a list in brackets ends: a mapping in braces may be said to reach to what comes next.
fn end_in_flow(item: &Node, layout: &Layout<'_>) -> Option<usize> {
    let Some(inside) = item.entries().and_then(|e| e.iter().map(entry_end).max()) else {
        return Some(item.span.end as usize);
    };
    let closing = layout.slice(inside, layout.text.len()).find('}')? + inside;
    (!layout.has_comment(inside, closing)).then_some(closing + 1)
}

/// Adds pairs to a list.
pub(super) fn insert(list: &Node, items: &[Node], news: &News, layout: &Layout<'_>) -> Option<Vec<Edit>> {
    let (start, end) = (list.span.start as usize, list.span.end as usize);
    let file = list.span.file;
    let pairs: Option<Vec<(&str, &Value)>> = news
        .iter()
        .map(|(key, new)| match new {
            super::New::Value(value) => Some((key.as_str(), value)),
            _ => None,
        })
        .collect();
    let pairs = pairs?;
    if !layout.slice(start, end).starts_with('[') {
        let style = Style::of(items.first()?, layout)?;
        let last = items.last()?;
        let end = last.entries().and_then(|e| e.iter().map(entry_end).max()).unwrap_or(last.span.end as usize);
        let at = layout.behind(end);
        let lines: Option<String> = pairs.iter().map(|(k, v)| style.lines(k, v, layout)).collect();
        return Some(vec![Edit { span: Span::new(file, at, at), text: lines? }]);
    }
    let json = layout.text.trim_start().starts_with('{');
    let written: Option<Vec<String>> = pairs.iter().map(|(k, v)| inline(k, v, json)).collect();
    let written = written?;
    let Some(last) = items.last() else {
        let blank = layout.slice(start + 1, end.saturating_sub(1)).trim().is_empty();
        return blank.then(|| vec![Edit { span: list.span, text: format!("[{}]", written.join(", ")) }]);
    };
    let (first, behind) = (last.span.start as usize, end_in_flow(last, layout)?);
    if !layout.starts_line(first) {
        let text: String = written.iter().map(|pair| format!(", {pair}")).collect();
        return Some(vec![Edit { span: Span::new(file, behind, behind), text }]);
    }
    let (newline, indent) = (layout.newline, layout.indent(first));
    if layout.has_comment(behind, layout.behind(behind)) {
        // The comment behind the last pair stays behind it.
        let text: String = written.iter().map(|pair| format!("{pair},{newline}{indent}")).collect();
        return Some(vec![Edit { span: Span::new(file, first, first), text }]);
    }
    let text: String = written.iter().map(|pair| format!(",{newline}{indent}{pair}")).collect();
    Some(vec![Edit { span: Span::new(file, behind, behind), text }])
}
