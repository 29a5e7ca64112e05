//! What a catalog or rule file is about, read without loading it: the index of `rules/`.
//!
//! `build.rs` uses it for what is built in, debug builds for a folder that is read at run time.

use super::hcl::{self, Block, Body, Expr, ExprKind, Part, StepKind};
use super::source::FileId;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is in a folder, sorted.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    paths
}

/// The last part of a path.
pub fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// What a catalog is about.
pub struct ModelIndex {
    /// The raw types, satellites included.
    pub types: Vec<String>,
    /// The canonical names it declares.
    pub names: Vec<String>,
}

/// What a rule file is about.
pub struct RuleIndex {
    /// The ids of its rules.
    pub ids: Vec<String>,
    /// The types they judge.
    pub resources: Vec<String>,
    /// Whether they run without being selected.
    pub default: bool,
    /// Whether they judge the account as a whole.
    pub account: bool,
}

/// What a file of tables holds: the names of the tables, and the days whose state they describe.
pub fn tables(text: &str) -> Vec<(String, String)> {
    let (document, _) = hcl::parse(FileId(0), text);
    let blocks = document.body.blocks_of("table");
    blocks
        .filter_map(|block| {
            let as_of = block.body.attribute("as_of").and_then(|a| a.value.as_string());
            Some((block.labels.first()?.name.to_string(), as_of.map(ToString::to_string).unwrap_or_default()))
        })
        .collect()
}

/// The index of a catalog.
pub fn model(text: &str) -> ModelIndex {
    let (document, _) = hcl::parse(FileId(0), text);
    let (types, names) = model_types(&document.body);
    ModelIndex { types, names }
}

/// The index of a rule file; `None` when it holds no rule.
pub fn rule(text: &str) -> Option<RuleIndex> {
    let (document, _) = hcl::parse(FileId(0), rule_block(text)?);
    let rule = document.body.blocks_of("rule").next()?;
    let resources = names_of(rule.body.attribute("resource").map(|a| &a.value));
    let off = rule.body.attribute("default").is_some_and(|a| matches!(a.value.kind, ExprKind::Bool(false)));
    let account = rule.body.attribute("scope").and_then(|a| a.value.as_string()).is_some_and(|s| s == "account");
    Some(RuleIndex { ids: ids(rule), resources, default: !off, account })
}

/// The first `hcl` block of a rule file.
fn rule_block(text: &str) -> Option<&str> {
    let start = text.find("```hcl\n")? + "```hcl\n".len();
    let length = text[start..].find("\n```")?;
    Some(&text[start..=start + length])
}

fn model_types(body: &Body) -> (Vec<String>, Vec<String>) {
    let mut raw = BTreeSet::new();
    let mut names = Vec::new();
    for block in body.blocks() {
        match (block.kind.name.as_str(), block.labels.first()) {
            ("resource", Some(label)) => {
                names.push(label.name.to_string());
                raw.extend(names_of(block.body.attribute("terraform").map(|a| &a.value)));
                raw.extend(names_of(block.body.attribute("cloudformation").map(|a| &a.value)));
                satellites(&block.body, &mut raw);
            }
            ("computed" | "distinct", Some(label)) => {
                raw.insert(label.name.to_string());
            }
            ("shape", _) => satellites(&block.body, &mut raw),
            ("account", Some(label)) => names.push(format!("account.{}", label.name)),
            _ => {}
        }
    }
    (raw.into_iter().collect(), names)
}

fn satellites(body: &Body, raw: &mut BTreeSet<String>) {
    for block in body.blocks() {
        if block.kind.name == "satellite" {
            raw.extend(block.labels.first().map(|l| l.name.to_string()));
        }
        satellites(&block.body, raw);
    }
}

fn names_of(expr: Option<&Expr>) -> Vec<String> {
    let Some(expr) = expr else { return Vec::new() };
    match &expr.kind {
        ExprKind::Tuple(items) => items.iter().flat_map(|i| names_of(Some(i))).collect(),
        // `cloudformation["AWS::Foo::Bar"]`
        ExprKind::Access { of, steps } => {
            let mut name = of.as_path().unwrap_or_default();
            for step in steps {
                match &step.kind {
                    StepKind::Attribute(part) => name.push(part.clone()),
                    StepKind::Index(key) => name.extend(key.as_string().cloned()),
                    _ => return Vec::new(),
                }
            }
            vec![name.join(".")]
        }
        _ => match (expr.as_string(), expr.as_path()) {
            (Some(text), _) => vec![text.to_string()],
            (_, Some(path)) => vec![path.join(".")],
            _ => Vec::new(),
        },
    }
}

/// The ids of a rule: its label, or for a family the label with the key of every member.
fn ids(rule: &Block) -> Vec<String> {
    let label = rule.labels.first().map(|l| l.name.to_string()).unwrap_or_default();
    let Some(ExprKind::Object(entries)) = rule.body.attribute("for_each").map(|a| &a.value.kind) else {
        return vec![label];
    };
    let keys = entries.iter().filter_map(|e| e.key.as_string().map(ToString::to_string));
    match rule.body.attribute("id").map(|a| &a.value.kind) {
        Some(ExprKind::Template(parts)) => keys
            .map(|key| {
                parts
                    .iter()
                    .map(|part| match part {
                        Part::Literal(text, _) => text.to_string(),
                        _ => key.clone(),
                    })
                    .collect()
            })
            .collect(),
        _ => keys.map(|key| format!("{label}-{key}")).collect(),
    }
}
