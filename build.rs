//! Indexes `rules/`: what is embedded, and which types a catalog or rule is about, so that nothing is parsed at run time
//! before a resource of its type appears.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[allow(dead_code)]
#[path = "src/source/span.rs"]
mod span;
mod source {
    pub use crate::span::{FileId, Span};
}
#[allow(dead_code, unused_imports)]
#[path = "src/syntax/hcl/mod.rs"]
mod hcl;
#[allow(dead_code)]
#[path = "src/syntax/problem.rs"]
mod problem;
mod syntax {
    pub use crate::problem::Problem;
}
use problem::Problem;

use hcl::{Block, Body, Expr, ExprKind, Part, StepKind};
use source::FileId;

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/syntax/hcl");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut models = String::new();
    let mut rules = String::new();
    for folder in entries(&root.join("rules")) {
        if !folder.is_dir() {
            continue;
        }
        let service = name(&folder);
        for file in entries(&folder) {
            let text = std::fs::read_to_string(&file).expect("rule files are readable");
            let include = format!("include_str!({:?})", file.display().to_string());
            let path = format!("rules/{service}/{}", name(&file));
            if name(&file) == "model.hcl" {
                let (document, _) = hcl::parse(FileId(0), &text);
                let (raw, names) = model_types(&document.body);
                writeln!(
                    models,
                    "EmbeddedModel {{ path: {path:?}, text: {include}, types: &{raw:?}, names: &{names:?} }},"
                )
                .expect("strings take text");
            } else if path.ends_with(".md") {
                let Some(block) = rule_block(&text) else { continue };
                let (document, _) = hcl::parse(FileId(0), block);
                let Some(rule) = document.body.blocks_of("rule").next() else { continue };
                let resources = names_of(rule.body.attribute("resource").map(|a| &a.value));
                let ids = ids(rule);
                let off = rule.body.attribute("default").is_some_and(|a| matches!(a.value.kind, ExprKind::Bool(false)));
                let account =
                    rule.body.attribute("scope").and_then(|a| a.value.as_string()).is_some_and(|s| s == "account");
                writeln!(
                    rules,
                    "Embedded {{ service: {service:?}, path: {path:?}, text: {include}, ids: &{ids:?}, resources: &{resources:?}, default: {}, account: {account} }},",
                    !off
                )
                .expect("strings take text");
            }
        }
    }
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it")).join("index.rs");
    let text = format!(
        "/// Catalogs, by path.\npub static MODELS: &[EmbeddedModel] = &[\n{models}];\n/// Rule files, by path.\npub static RULES: &[Embedded] = &[\n{rules}];\n"
    );
    std::fs::write(out, text).expect("the output folder is writable");
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
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
            ("computed", Some(label)) => {
                raw.insert(label.name.to_string());
            }
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
