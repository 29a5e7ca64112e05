//! The ignores of the authors: collected from all files, applied before findings are grouped.

use super::Outcome;
use crate::dialect::cloudformation::Template;
use crate::report::suppress::{
    self, Collected, Context, Cover, Date, Item, Nesting, Policy, RuleIndex, Scope, collect, hcl_items,
};
use crate::report::{Builder, Fault, Report, RuleInfo};
use crate::rules::{Library, Rule};
use crate::source::{Sources, Span};
use crate::syntax::document::{Node, NodeKind, ScalarValue};
use crate::value::{Entries, Kind, Number, Str, Value};
use rayon::prelude::*;
use std::sync::Arc;

/// How ignores are treated.
pub struct Ignores<'a> {
    /// Whether the comments of a peer count.
    pub honour: &'a (dyn Fn(&str) -> bool + Sync),
    /// Demands of the configuration; `refuse` holds ids.
    pub policy: &'a Policy,
    /// The day of the run.
    pub today: Date,
    /// All rules, if they are loaded already.
    pub all: Option<&'a [Arc<Rule>]>,
    /// The rules there are.
    pub library: &'a Library,
    /// Whether a rule is selected: its id and its default.
    pub enabled: &'a dyn Fn(&Rule) -> bool,
}

/// The items of a template: every entry of a mapping and element of a sequence.
fn document_items(root: &Node) -> Vec<Item> {
    let mut items = Vec::new();
    let mut open: Vec<(&Node, usize, Scope)> = vec![(root, 0, Scope::Part)];
    while let Some((node, depth, section)) = open.pop() {
        let passes = section == Scope::Part && node.get("TemplateURL").or_else(|| node.get("Location")).is_some();
        match &node.kind {
            NodeKind::Mapping(entries) => {
                for entry in entries {
                    // What stands here through an alias is written elsewhere.
                    if entry.value.alias.is_some() {
                        items.push(Item { span: entry.key.span, scope: Scope::Part });
                        continue;
                    }
                    let span = entry.key.span.to(entry.value.span);
                    items.push(Item { span, scope: section });
                    let below = match (depth, entry.key.text()) {
                        (0, Some("Resources")) => Scope::Block,
                        (0, _) => Scope::Source,
                        // What is passed to a nested stack comes from here.
                        (3, Some("Parameters")) if passes => Scope::Source,
                        _ => Scope::Part,
                    };
                    open.push((&entry.value, depth + 1, below));
                }
            }
            NodeKind::Sequence(elements) => {
                for element in elements.iter().filter(|e| e.alias.is_none()) {
                    items.push(Item { span: element.span, scope: Scope::Part });
                    open.push((element, depth + 1, Scope::Part));
                }
            }
            _ => {}
        }
    }
    items
}

/// A node as it is written, functions included; `depth` bounds it.
fn plain(node: &Node, depth: u32) -> Value {
    let kind = match &node.kind {
        _ if depth > 16 => Kind::Null,
        NodeKind::Scalar(scalar) => match scalar.value {
            ScalarValue::Bool(b) => Kind::Bool(b),
            ScalarValue::Int(i) => Kind::Number(Number::Int(i)),
            ScalarValue::Null => Kind::Null,
            _ => Kind::String(scalar.text.clone()),
        },
        NodeKind::Sequence(items) => Value::list(items.iter().map(|i| plain(i, depth + 1)).collect()).kind,
        NodeKind::Mapping(entries) => {
            let entries: Entries =
                entries.iter().filter_map(|e| Some((Str::from(e.key.text()?), plain(&e.value, depth + 1)))).collect();
            Value::map(entries).kind
        }
        NodeKind::Unreadable => Kind::Null,
    };
    Value::from(kind).written_at(node.span)
}

fn of_template(template: &Template, sources: &Sources, honour: &(dyn Fn(&str) -> bool + Sync)) -> Collected {
    let file = sources.get(template.file);
    let mut out = Collected::default();
    if !template.comments.is_empty() {
        let comments: Vec<Span> = template.comments.iter().map(|c| c.span).collect();
        let items = document_items(&template.root);
        out.extend(collect(template.file, &file, &comments, items, Nesting::Indentation, honour));
    }
    if let Some(metadata) = template.root.get("Metadata") {
        out.extend(suppress::metadata(&plain(metadata, 0), Cover::File, metadata.span, &file, honour));
    }
    for entry in template.root.get("Resources").and_then(Node::entries).unwrap_or_default() {
        let whole = entry.key.span.to(entry.value.span);
        if let Some(metadata) = entry.value.get("Metadata") {
            let value = plain(metadata, 0);
            out.extend(suppress::metadata(&value, Cover::Span(whole), metadata.span, &file, honour));
        }
    }
    if file.text.contains("\"//formwork\"") {
        notes(&template.root, None, 0, &mut |node, cover, through| {
            if let Some(text) = node.text() {
                out.extend(suppress::note(text, node.span, cover, through, &file));
            }
        });
    }
    out
}

/// The `//formwork` keys of a JSON document, each with what it covers.
fn notes(node: &Node, section: Option<&str>, depth: usize, found: &mut dyn FnMut(&Node, Cover, bool)) {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                if entry.key.text() == Some("//formwork") {
                    let cover = if depth == 0 { Cover::File } else { Cover::Span(node.span) };
                    found(&entry.value, cover, depth == 2 && section != Some("Resources"));
                } else if depth < 64 {
                    let section = if depth == 0 { entry.key.text() } else { section };
                    notes(&entry.value, section, depth + 1, found);
                }
            }
        }
        NodeKind::Sequence(items) if depth < 64 => {
            for item in items {
                notes(item, section, depth + 1, found);
            }
        }
        _ => {}
    }
}

impl Outcome {
    /// The report, the ignores of the authors applied.
    pub fn accept(self, ignores: &Ignores<'_>, sources: &Sources) -> Report {
        let honour = ignores.honour;
        let of_modules: Vec<Collected> = self
            .module_files
            .par_iter()
            .filter(|f| !f.document.comments.is_empty())
            .map(|f| {
                let source = sources.get(f.id);
                // Most files have comments, few have directives: the items are made for those only.
                if !f.document.comments.iter().any(|c| may_be_directive(source.text.get(c.range()).unwrap_or(""))) {
                    return Collected::default();
                }
                let items = hcl_items(&f.document.body);
                collect(f.id, &source, &f.document.comments, items, Nesting::Braces, honour)
            })
            .collect();
        let of_templates: Vec<Collected> = self.templates.par_iter().map(|t| of_template(t, sources, honour)).collect();
        let mut collected = Collected::default();
        for one in of_modules.into_iter().chain(of_templates) {
            collected.extend(one);
        }
        let mut faults: Vec<Fault> = self.faults;
        faults.append(&mut collected.notices);
        let (mut findings, mut undetermined, mut suppressed) = (self.findings, self.undetermined, Vec::new());
        if !collected.directives.is_empty() {
            let loaded;
            let rules: &[Arc<Rule>] = match ignores.all {
                Some(rules) => rules,
                None => {
                    loaded = ignores.library.load_all(&Sources::new());
                    &loaded.rules
                }
            };
            let infos: Vec<RuleInfo> = rules.iter().map(|r| (*r.info).clone()).collect();
            let enabled = |id: &str| rules.iter().any(|r| r.info.id == id && (ignores.enabled)(r));
            let index = RuleIndex::new(&infos, enabled);
            let context = Context { rules: &index, today: ignores.today, policy: ignores.policy, sources };
            let applied = suppress::apply(findings, undetermined, &collected.directives, &context);
            findings = applied.findings;
            undetermined = applied.undetermined;
            suppressed = applied.suppressed;
            faults.extend(applied.notices);
        }
        let mut report = Builder::report(findings, undetermined, suppressed, faults, sources);
        report.rules = self.rules.iter().map(|r| (*r.info).clone()).collect();
        report.summary = self.summary;
        report
    }
}

fn may_be_directive(comment: &str) -> bool {
    ["formwork", "skip", "ignore", "kics"].iter().any(|word| comment.contains(word))
}
