//! Holds a file against its shape. All mistakes are collected, not only the first.

use super::ConfigProblem;
use super::glob::Globs;
use super::node::{Node, NodeKind, same_key};
use super::shape::{Key, PLACEHOLDERS, Shape};
use crate::nearest::did_you_mean;
use crate::source::Span;

/// The problems of a node that should have a shape. `key` is its name, as it is written.
pub(super) fn check(node: &Node, shape: &Shape, text: &str) -> Vec<ConfigProblem> {
    let mut checker = Checker { text, problems: Vec::new() };
    checker.node(node, shape, "formwork.toml");
    checker.problems
}

struct Checker<'a> {
    text: &'a str,
    problems: Vec<ConfigProblem>,
}

impl Checker<'_> {
    fn problem(&mut self, span: Span, message: String, label: impl Into<String>, help: Option<String>) {
        self.problems.push(ConfigProblem::new(span, message, label).with_help(help));
    }

    fn mismatch(&mut self, node: &Node, shape: &Shape, name: &str) {
        let wanted = shape.describe();
        let help = match (shape, &node.kind) {
            (Shape::List(item), NodeKind::Text(_)) if !matches!(item, Shape::Table(_)) => {
                let written = self.text.get(node.span.range()).unwrap_or("\"...\"");
                (!written.contains('\n')).then(|| format!("write it in brackets: [{written}]"))
            }
            (Shape::List(Shape::Table(_)), NodeKind::Table(_)) => Some(format!("write `[[{name}]]`")),
            (Shape::Bool, NodeKind::Text(t)) if t == "true" || t == "false" => {
                Some(format!("write it without quotation marks: {t}"))
            }
            _ => None,
        };
        let message = format!("`{name}` must be {wanted}, not {}", node.type_name());
        self.problem(node.span, message, format!("expected {wanted}"), help);
    }

    fn node(&mut self, node: &Node, shape: &Shape, name: &str) {
        match (shape, &node.kind) {
            (Shape::Bool, NodeKind::Bool(_)) | (Shape::Text | Shape::RuleName, NodeKind::Text(_)) => {}
            (Shape::Count, NodeKind::Integer(i)) => {
                if *i < 0 {
                    self.problem(node.span, format!("`{name}` must not be negative"), "expected 0 or more", None);
                }
            }
            (Shape::Glob, NodeKind::Text(pattern)) => {
                if let Err(error) = Globs::check(pattern) {
                    self.problem(node.span, format!("bad pattern in `{name}`"), error, None);
                }
            }
            (Shape::Pattern, NodeKind::Text(pattern)) => self.pattern(node, pattern),
            (Shape::Regex, NodeKind::Text(pattern)) => {
                if let Err(error) = compile(pattern) {
                    self.problem(node.span, format!("bad regular expression in `{name}`"), error, None);
                }
            }
            (Shape::Choice(noun, words), NodeKind::Text(word)) => {
                if !words.contains(&word.as_str()) {
                    let help = did_you_mean(word, words.iter().copied());
                    let label = format!("expected {}", one_of(words));
                    self.problem(node.span, format!("unknown {noun} `{word}`"), label, help);
                }
            }
            (Shape::List(item), NodeKind::List(nodes)) => {
                for node in nodes {
                    self.node(node, item, name);
                }
            }
            (Shape::Table(keys), NodeKind::Table(_)) => self.table(node, keys, name, false),
            (Shape::Open(keys), NodeKind::Table(_)) => self.table(node, keys, name, true),
            (Shape::MapOf(shape), NodeKind::Table(entries)) => {
                for (key, value) in entries {
                    self.node(value, shape, &key.value);
                }
            }
            (Shape::Any, _) => self.any(node, name),
            _ => self.mismatch(node, shape, name),
        }
    }

    fn table(&mut self, node: &Node, keys: &[Key], name: &str, open: bool) {
        let mut seen: Vec<&str> = Vec::new();
        for (written, value) in node.entries() {
            let Some(key) = keys.iter().find(|k| same_key(k.name, &written.value)) else {
                if open {
                    self.any(value, &written.value);
                } else {
                    self.unknown_key(written, keys, name);
                }
                continue;
            };
            if seen.contains(&key.name) {
                let message = format!("`{}` is given twice", key.name);
                self.problem(written.span, message, "also written with another hyphen", None);
            }
            seen.push(key.name);
            self.node(value, &key.shape, &written.value);
        }
        if keys.iter().any(|k| k.name == "paths") && node.get("paths").is_none() {
            let message = format!("`{name}` has no `paths`");
            self.problem(node.span, message, "applies nowhere", Some("add `paths = [\"...\"]`".to_owned()));
        }
        let both = |a: &str, b: &str| node.get(a).is_some() && node.get(b).is_some();
        if keys.iter().any(|k| k.name == "regex") && both("pattern", "regex") {
            let span = node.get("regex").map_or(node.span, |n| n.span);
            let message = format!("`{name}` has a pattern and a regular expression");
            self.problem(span, message, "only one of the two can be followed", None);
        }
    }

    fn unknown_key(&mut self, written: &super::Spanned<String>, keys: &[Key], table: &str) {
        let help = did_you_mean(&written.value, keys.iter().map(|k| k.name)).or_else(|| {
            let names: Vec<&str> = keys.iter().map(|k| k.name).collect();
            Some(format!("the keys are {}", names.join(", ")))
        });
        let label = if table == "formwork.toml" {
            "not a key of formwork.toml".to_owned()
        } else {
            format!("not a key of `{table}`")
        };
        self.problem(written.span, format!("unknown key `{}`", written.value), label, help);
    }

    /// Values that are typed later: all but those that no rule could understand.
    fn any(&mut self, node: &Node, name: &str) {
        match &node.kind {
            NodeKind::Date => {
                let message = format!("`{name}` must not be a date");
                self.problem(node.span, message, "write it as a string", None);
            }
            NodeKind::Float(f) if !f.is_finite() => {
                let message = format!("`{name}` must be a finite number");
                self.problem(node.span, message, "not a finite number", None);
            }
            NodeKind::List(items) => items.iter().for_each(|item| self.any(item, name)),
            NodeKind::Table(entries) => entries.iter().for_each(|(key, value)| self.any(value, &key.value)),
            _ => {}
        }
    }

    fn pattern(&mut self, node: &Node, pattern: &str) {
        let mut at = 0;
        while let Some(found) = pattern.get(at..).and_then(|rest| rest.find(['{', '}'])) {
            let open = at + found;
            let closed = pattern.get(open..).and_then(|rest| rest.find('}')).map(|i| open + i);
            let opens = pattern.as_bytes().get(open) == Some(&b'{');
            let (true, Some(close)) = (opens, closed) else {
                let span = self.part(node, pattern, open, open + 1);
                self.problem(span, "a brace stands alone in `pattern`".to_owned(), "the other one is missing", None);
                return;
            };
            let name = pattern.get(open + 1..close).unwrap_or_default();
            if !PLACEHOLDERS.contains(&name) {
                let help = did_you_mean(name, PLACEHOLDERS)
                    .or_else(|| Some("the placeholders are {region}, {env}, {sep} and {words}".to_owned()));
                let span = self.part(node, pattern, open, close + 1);
                self.problem(span, format!("unknown placeholder `{{{name}}}`"), "stands for nothing", help);
            }
            at = close + 1;
        }
    }

    /// The span of a part of a string: the whole string when it is not written as it reads.
    fn part(&self, node: &Node, value: &str, start: usize, end: usize) -> Span {
        let written = self.text.get(node.span.range()).unwrap_or("");
        let plain = written.len() == value.len() + 2 && written.get(1..written.len() - 1) == Some(value);
        if plain {
            let offset = node.span.start as usize + 1;
            Span::new(node.span.file, offset + start, offset + end)
        } else {
            node.span
        }
    }
}

/// Compiles a regular expression of a user; the error is one line.
fn compile(pattern: &str) -> Result<regex::Regex, String> {
    regex::RegexBuilder::new(pattern).size_limit(1_000_000).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "too large".to_owned(),
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default().trim();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    })
}

/// `a, b or c`.
pub(super) fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
