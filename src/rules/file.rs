//! Rule files: Markdown that is specification, documentation and test at once.

use super::info::{RuleInfo, Safety, Severity};
use crate::graph::Path;
use crate::source::{FileId, Span};
use crate::syntax::Problem;
use crate::syntax::hcl::{self, Attribute, Block, Expr, ExprKind};
use crate::value::{Kind, Str, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::scope::MetaScope;
use crate::expr::Evaluator;

/// A parameter of a rule.
#[derive(Clone, Debug)]
pub struct Param {
    /// The name in the `params` of the rule and in the configuration.
    pub name: Str,
    /// The value without configuration; its type is the type of the parameter.
    pub default: Value,
}

/// What a fix writes.
#[derive(Clone, Debug)]
pub struct FixModel {
    /// Whether it needs consent.
    pub safety: Safety,
    /// Canonical paths (relative to the entry when the rule has `each`) and the values to write.
    pub entries: Vec<(Str, Expr)>,
    /// Canonical paths of what is taken away where it is written.
    pub remove: Vec<Str>,
    /// The fix is offered only where this holds.
    pub when: Option<Expr>,
}

/// One rule, ready to judge.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What outputs show.
    pub info: Arc<RuleInfo>,
    /// The rule file.
    pub file: FileId,
    /// Canonical names, or raw types.
    pub targets: Vec<Str>,
    /// Judged only where this holds.
    pub when: Option<Expr>,
    /// Not judged where this holds.
    pub unless: Option<Expr>,
    /// The lists whose entries are judged one by one.
    pub each: Vec<Expr>,
    /// What must hold.
    pub require: Expr,
    /// What is said when it does not.
    pub message: Expr,
    /// What is said at the deciding place; made from its text when there is none.
    pub label: Option<Expr>,
    /// Tunables.
    pub params: Vec<Param>,
    /// Values with a name that the other expressions use as `local.name`; each may use those before it.
    pub locals: Vec<(Str, Expr)>,
    /// The member of a family: key and value.
    pub member: Option<(Str, Value)>,
    /// Whether it judges the root as a whole.
    pub account: bool,
    /// The severity of a finding where it is not that of the rule: an expression that names one, or null.
    pub grade: Option<Expr>,
    /// How to mend it.
    pub fix: Option<FixModel>,
    /// Why no input can hide the value it looks at, where that is so.
    pub no_undetermined: Option<Str>,
}

/// A code block of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFile {
    /// Path in the example: `main.tf`, `template.yaml`, or what the fence says.
    pub path: String,
    /// The code, marks included.
    pub text: String,
    /// Line (from 1) in the rule file of the first line of the code.
    pub line: usize,
}

/// An example in one dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The heading.
    pub title: String,
    /// `terraform` or `cloudformation`.
    pub dialect: String,
    /// Code blocks.
    pub files: Vec<ExampleFile>,
    /// Settings that come before the blocks in a `toml` fence.
    pub config: Option<String>,
}

/// A rule file, read.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Its rules: one, or the members of a family.
    pub rules: Vec<Rule>,
    /// Its examples.
    pub examples: Vec<Example>,
    /// `only <dialect>: <reason>`
    pub only: Option<(String, String)>,
    /// Mistakes.
    pub problems: Vec<Problem>,
}

/// A fenced code block.
struct Fence<'t> {
    info: &'t str,
    start: usize,
    end: usize,
}

/// Reads a rule file. `service` is the folder it is in; `examples`: read them as well.
pub fn read(file: FileId, text: &str, service: &str, examples: bool) -> RuleFile {
    let mut out = RuleFile { rules: Vec::new(), examples: Vec::new(), only: None, problems: Vec::new() };
    let title = text.lines().find_map(|l| l.strip_prefix("# ")).unwrap_or_default().trim().to_owned();
    let mut fences = fences(text);
    let Some(rule) = fences.iter().position(|f| f.info == "hcl") else {
        out.problems.push(Problem::new(Span::new(file, 0, 0), "there is no `hcl` block with the rule"));
        return out;
    };
    let rule = fences.swap_remove(rule);
    let after = text.get(rule.end..).unwrap_or("");
    let body = after.split_once('\n').map_or("", |(_, rest)| rest);
    let section = |name: &str| {
        let start = body.find(&format!("\n## {name}"))?;
        let rest = &body[start + 1..];
        let rest = rest.split_once('\n').map_or("", |(_, r)| r);
        Some(rest[..rest.find("\n## ").unwrap_or(rest.len())].trim().to_owned())
    };
    let why = body[..body.find("\n## ").unwrap_or(body.len())].trim().to_owned();
    let document = {
        // Offsets of the rule's expressions are those of the Markdown file.
        let padded = format!("{}{}", blank_copy(&text[..rule.start]), &text[rule.start..rule.end]);
        let (document, problems) = hcl::parse(file, &padded);
        out.problems.extend(problems);
        document
    };
    let Some(block) = document.body.blocks_of("rule").next() else {
        out.problems
            .push(Problem::new(Span::new(file, rule.start, rule.end), "the block holds no `rule \"id\" { ... }`"));
        return out;
    };
    let page = Page { title, why, remediation: section("Remediation").unwrap_or_default(), docs: text, service };
    out.rules = read_rules(file, block, &page, &mut out.problems);
    if let Some(attribute) = block.body.attribute("only") {
        if let ExprKind::Object(entries) = &attribute.value.kind
            && let Some(entry) = entries.first()
            && let (Some(dialect), Some(reason)) = (entry.key.as_string(), entry.value.as_string())
        {
            out.only = Some((dialect.to_string(), reason.to_string()));
        } else {
            out.problems.push(Problem::new(attribute.value.span, "expected { terraform = \"why\" }"));
        }
    }
    if examples {
        out.examples = read_examples(text);
    }
    out
}

/// As many bytes, but only line breaks and blanks.
fn blank_copy(text: &str) -> String {
    text.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect()
}

fn fences(text: &str) -> Vec<Fence<'_>> {
    let mut out: Vec<Fence<'_>> = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        if let Some(rest) = line.strip_prefix("```") {
            match open.take() {
                None => open = Some((rest.trim(), next)),
                Some((info, start)) => out.push(Fence { info, start, end: at }),
            }
        }
        at = next;
    }
    out
}

struct Page<'a> {
    title: String,
    why: String,
    remediation: String,
    docs: &'a str,
    service: &'a str,
}

const KEYS: [&str; 30] = [
    "severity",
    "grade",
    "yields_to",
    "resource",
    "each",
    "when",
    "unless",
    "require",
    "message",
    "label",
    "fix",
    "fix_safety",
    "fix_when",
    "fix_remove",
    "practices",
    "aliases",
    "references",
    "params",
    "locals",
    "for_each",
    "id",
    "title",
    "scope",
    "default",
    "profile",
    "only",
    "replaces",
    "confidence",
    "note",
    "always_decided",
];

fn read_rules(file: FileId, block: &Block, page: &Page<'_>, problems: &mut Vec<Problem>) -> Vec<Rule> {
    for attribute in block.body.attributes() {
        let name = attribute.name.name.as_str();
        if !KEYS.contains(&name) {
            let near = KEYS.iter().min_by_key(|k| strsim::damerau_levenshtein(k, name));
            let hint = near.map(|n| format!("; did you mean {n}?")).unwrap_or_default();
            problems.push(Problem::new(attribute.name.span, format!("a rule has no {name}{hint}")));
        }
    }
    let label = block.label(0).cloned().unwrap_or_default();
    let members: Vec<Option<(Str, Value)>> = match block.body.attribute("for_each") {
        None => vec![None],
        Some(attribute) => {
            let value = constant(&attribute.value, None);
            match &value.kind {
                Kind::Map(map) => map.entries.iter().map(|(k, v)| Some((k.clone(), v.clone()))).collect(),
                _ => {
                    problems.push(Problem::new(attribute.value.span, "for_each of a rule is an object"));
                    Vec::new()
                }
            }
        }
    };
    members.into_iter().filter_map(|member| read_rule(file, block, &label, page, member, problems)).collect()
}

fn constant(expr: &Expr, member: Option<&(Str, Value)>) -> Value {
    Evaluator::new(&MetaScope { member }).eval(expr, None)
}

fn read_rule(
    file: FileId,
    block: &Block,
    label: &Str,
    page: &Page<'_>,
    member: Option<(Str, Value)>,
    problems: &mut Vec<Problem>,
) -> Option<Rule> {
    let body = &block.body;
    let text_of = |a: &Attribute| constant(&a.value, member.as_ref()).as_str().map(Str::from);
    let text = |key: &str| body.attribute(key).and_then(text_of);
    let mut need = |key: &str| {
        let found = body.attribute(key).map(|a| a.value.clone());
        if found.is_none() {
            problems.push(Problem::new(block.header, format!("the rule has no {key}")));
        }
        found
    };
    let (require, message, resource) = (need("require"), need("message"), need("resource"));
    let (require, message, resource) = (require?, message?, resource?);
    let id = match (&member, text("id")) {
        (Some(_), Some(id)) => id,
        (Some((key, _)), None) => format!("{label}-{key}").into(),
        (None, _) => label.clone(),
    };
    let severity = match text("severity").as_deref().map(Severity::parse) {
        Some(Some(severity)) => severity,
        _ => {
            let span = body.attribute("severity").map_or(block.header, |a| a.value.span);
            problems.push(Problem::new(span, "severity is one of info, low, medium, high, critical"));
            Severity::Medium
        }
    };
    let strings = |key: &str| -> Vec<Str> {
        body.attribute(key).map(|a| string_list(&constant(&a.value, member.as_ref()))).unwrap_or_default()
    };
    let mut aliases = BTreeMap::new();
    if let Some(attribute) = body.attribute("aliases")
        && let Kind::Map(map) = &constant(&attribute.value, member.as_ref()).kind
    {
        for (peer, ids) in &map.entries {
            aliases.insert(peer.clone(), string_list(ids));
        }
    }
    let mut params = Vec::new();
    if let Some(attribute) = body.attribute("params")
        && let Kind::Map(map) = &constant(&attribute.value, member.as_ref()).kind
    {
        params.extend(map.entries.iter().map(|(n, v)| Param { name: n.clone(), default: v.clone() }));
    }
    let mut locals = Vec::new();
    if let Some(attribute) = body.attribute("locals") {
        match &attribute.value.kind {
            ExprKind::Object(entries) => {
                locals.extend(entries.iter().filter_map(|e| Some((path_text(&e.key)?, e.value.clone()))));
            }
            _ => problems.push(Problem::new(attribute.value.span, "expected { name = expression }")),
        }
    }
    let safety = match text("fix_safety").as_deref() {
        Some("safe") => Safety::Safe,
        _ => Safety::Unsafe,
    };
    let key = |e: &hcl::Entry| Some((key_text(&e.key, member.as_ref())?, e.value.clone()));
    let entries: Vec<(Str, Expr)> = match body.attribute("fix").map(|a| &a.value.kind) {
        Some(ExprKind::Object(entries)) => entries.iter().filter_map(key).collect(),
        _ => Vec::new(),
    };
    let remove = strings("fix_remove");
    let fix = (!entries.is_empty() || !remove.is_empty()).then(|| FixModel {
        safety,
        entries,
        remove,
        when: body.attribute("fix_when").map(|a| a.value.clone()),
    });
    let targets = targets(&resource);
    let each = match body.attribute("each").map(|a| &a.value) {
        None => Vec::new(),
        Some(Expr { kind: ExprKind::Tuple(items), .. }) => items.clone(),
        Some(expr) => vec![expr.clone()],
    };
    let info = RuleInfo {
        id,
        title: text("title").map_or_else(|| page.title.clone(), |t| t.to_string()),
        severity,
        service: page.service.into(),
        resources: targets.clone(),
        default: body.attribute("default").is_none_or(|a| !matches!(a.value.kind, ExprKind::Bool(false))),
        yields_to: strings("yields_to"),
        practices: strings("practices"),
        aliases,
        references: strings("references"),
        fix: fix.as_ref().map(|f| f.safety),
        why: page.why.clone(),
        remediation: page.remediation.clone(),
        docs: page.docs.to_owned(),
    };
    Some(Rule {
        info: Arc::new(info),
        file,
        targets,
        when: body.attribute("when").map(|a| a.value.clone()),
        unless: body.attribute("unless").map(|a| a.value.clone()),
        each,
        require,
        message,
        label: body.attribute("label").map(|a| a.value.clone()),
        params,
        locals,
        member: member.clone(),
        account: text("scope").as_deref() == Some("account"),
        grade: body.attribute("grade").map(|a| a.value.clone()),
        fix,
        no_undetermined: text("always_decided"),
    })
}

fn path_text(key: &Expr) -> Option<Str> {
    key.as_string().cloned().or_else(|| key.as_path().map(|p| p.join(".").into()))
}

/// A key that may name the member of a family: `"require.${each.key}"`.
fn key_text(key: &Expr, member: Option<&(Str, Value)>) -> Option<Str> {
    path_text(key).or_else(|| constant(key, member).as_str().map(Str::from))
}

fn string_list(value: &Value) -> Vec<Str> {
    match &value.kind {
        Kind::List(list) => list.items.iter().filter_map(|v| v.as_str().map(Str::from)).collect(),
        Kind::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

fn targets(expr: &Expr) -> Vec<Str> {
    match &expr.kind {
        ExprKind::Tuple(items) => items.iter().flat_map(targets).collect(),
        _ => Path::read(expr).map(|p| p.names().join(".").into()).into_iter().collect(),
    }
}

/// The examples: code blocks below the headings of the section `Examples`.
fn read_examples(text: &str) -> Vec<Example> {
    let mut out: Vec<Example> = Vec::new();
    let Some(start) = text.find("\n## Examples") else { return out };
    let mut title = String::new();
    let mut config = None;
    let mut open: Option<(String, usize, String)> = None;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        at += line.len();
        if at <= start + 1 {
            continue;
        }
        if let Some((info, first, code)) = &mut open {
            if line.starts_with("```") {
                let (info, first, code) = (std::mem::take(info), *first, std::mem::take(code));
                open = None;
                add_fence(&mut out, &title, &mut config, &info, first, code);
            } else {
                code.push_str(line);
            }
        } else if let Some(info) = line.strip_prefix("```") {
            open = Some((info.trim().to_owned(), number + 2, String::new()));
        } else if let Some(heading) = line.strip_prefix("### ") {
            heading.trim().clone_into(&mut title);
            config = None;
        }
    }
    out
}

fn add_fence(out: &mut Vec<Example>, title: &str, config: &mut Option<String>, info: &str, line: usize, text: String) {
    let (language, path) = info.split_once(' ').unwrap_or((info, ""));
    let default = match language {
        "terraform" => "main.tf",
        "cloudformation" if text.trim_start().starts_with('{') => "template.json",
        "cloudformation" => "template.yaml",
        "toml" => {
            *config = Some(text);
            return;
        }
        _ => return,
    };
    let path = if path.trim().is_empty() { default } else { path.trim() };
    let file = ExampleFile { path: path.to_owned(), text, line };
    // Several blocks of one dialect under one heading are the files of one example.
    if let Some(last) = out.iter_mut().find(|e| e.title == title && e.dialect == language)
        && last.files.iter().all(|f| f.path != file.path)
    {
        last.files.push(file);
        return;
    }
    out.push(Example {
        title: title.to_owned(),
        dialect: language.to_owned(),
        files: vec![file],
        config: config.clone(),
    });
}
