//! The parser of HCL against `hcl-edit`: what that accepts is read here without a problem, as the same tree.
//!
//! With a folder in `FORMWORK_HCL_CORPUS`, all files in it are compared as well.

use formwork::source::FileId;
use formwork::syntax::hcl::{self, Body, Item};
use hcl_edit::structure::{Body as Reference, Structure};
use std::path::{Path, PathBuf};

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            collect(&path, out);
        } else if path.extension().is_some_and(|e| e == "tf" || e == "tofu" || e == "tfvars" || e == "hcl") {
            out.push(path);
        }
    }
}

/// The names of attributes and blocks with their labels, nested.
fn ours(body: &Body) -> String {
    let item = |item: &Item| match item {
        Item::Attribute(a) => a.name.name.to_string(),
        Item::Block(b) => {
            let labels: Vec<&str> = b.labels.iter().map(|l| l.name.as_str()).collect();
            format!("{}({}){{{}}}", b.kind.name, labels.join(","), ours(&b.body))
        }
    };
    body.items.iter().map(item).collect::<Vec<_>>().join(" ")
}

fn theirs(body: &Reference) -> String {
    let item = |item: &Structure| match item {
        Structure::Attribute(a) => a.key.as_str().to_owned(),
        Structure::Block(b) => {
            let labels: Vec<&str> = b.labels.iter().map(hcl_edit::structure::BlockLabel::as_str).collect();
            format!("{}({}){{{}}}", b.ident.as_str(), labels.join(","), theirs(&b.body))
        }
    };
    body.iter().map(item).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_the_yardstick_accepts_is_read_as_the_same_tree() {
    let mut paths = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["fixtures", "rules"] {
        collect(&root.join(folder), &mut paths);
    }
    if let Some(folder) = std::env::var_os("FORMWORK_HCL_CORPUS") {
        collect(Path::new(&folder), &mut paths);
    }
    let mut compared = 0;
    let mut wrong = Vec::new();
    for path in &paths {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let text = text.trim_start_matches('\u{feff}');
        let Ok(reference) = hcl_edit::parser::parse_body(text) else { continue };
        compared += 1;
        let (document, problems) = hcl::parse(FileId(0), text);
        if let Some(problem) = problems.first() {
            wrong.push(format!("{}: {} at {}", path.display(), problem.message, problem.span.start));
        } else if ours(&document.body) != theirs(&reference) {
            wrong.push(format!("{}: another tree", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= 10, "only {compared} files");
}
