//! Indexes `rules/`: what is embedded, and which types a catalog or rule is about, so that nothing is parsed at run time
//! before a resource of its type appears.

use index::{entries, name};
use std::fmt::Write as _;
use std::path::PathBuf;

#[allow(dead_code)]
#[path = "src/source/span.rs"]
mod span;
mod source {
    pub use crate::span::{FileId, Span};
}
#[allow(dead_code, unused_imports)]
#[path = "src/syntax/hcl/mod.rs"]
mod hcl;
#[path = "src/rules/index.rs"]
mod index;
#[allow(dead_code)]
#[path = "src/syntax/problem.rs"]
mod problem;
mod syntax {
    pub use crate::problem::Problem;
}
use problem::Problem;

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/rules/index.rs");
    println!("cargo::rerun-if-changed=src/syntax/hcl");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut models = String::new();
    let mut tables = String::new();
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
                let index::ModelIndex { types, names } = index::model(&text);
                writeln!(
                    models,
                    "EmbeddedModel {{ path: {path:?}, text: {include}, types: &{types:?}, names: &{names:?} }},"
                )
                .expect("strings take text");
            } else if name(&file) == "tables.hcl" {
                let index = index::tables(&text);
                writeln!(tables, "EmbeddedTables {{ path: {path:?}, text: {include}, tables: &{index:?} }},")
                    .expect("strings take text");
            } else if path.ends_with(".md") {
                let Some(index::RuleIndex { ids, resources, default, account }) = index::rule(&text) else { continue };
                writeln!(
                    rules,
                    "Embedded {{ service: {service:?}, path: {path:?}, text: {include}, ids: &{ids:?}, resources: &{resources:?}, default: {default}, account: {account} }},",
                )
                .expect("strings take text");
            }
        }
    }
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it")).join("index.rs");
    let text = format!(
        "/// Catalogs, by path.\nstatic MODELS: &[EmbeddedModel] = &[\n{models}];\n/// Tables, by path.\nstatic TABLES: &[EmbeddedTables] = &[\n{tables}];\n/// Rule files, by path.\nstatic RULES: &[Embedded] = &[\n{rules}];\n"
    );
    std::fs::write(out, text).expect("the output folder is writable");
}
