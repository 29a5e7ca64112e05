//! The layers: a module imports only from those above it, and only the catalogs know AWS.

use std::path::{Path, PathBuf};

/// From the top: each may import from itself and those before it.
const LAYERS: [&str; 13] = [
    "source",
    "syntax",
    "value",
    "nearest",
    "expr",
    "dialect",
    "graph",
    "rules",
    "report",
    "config",
    "workspace",
    "output",
    "cli",
];

/// Names that belong to the language of templates, not to what can be deployed with it.
const LANGUAGE: [&str; 3] = ["AWS::CloudFormation::Stack", "AWS::Serverless::", "AWS::SSM::Parameter::Value"];

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("src is readable").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The sources without test modules, as (path below `src`, text).
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&root, &mut paths);
    paths
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
            (name, std::fs::read_to_string(path).expect("sources are readable"))
        })
        .filter(|(name, _)| !name.ends_with("/tests.rs") && !name.contains("/tests/"))
        .map(|(name, text)| {
            let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
            (name, text[..end].to_owned())
        })
        .collect()
}

fn layer_of(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

fn rank(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|l| *l == layer)
}

/// What follows `crate::` in a line of code.
fn imports(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or("");
    code.match_indices("crate::")
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(|(at, found)| {
            let rest = &code[at + found.len()..];
            &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())]
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn a_layer_imports_only_from_those_above_it() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let layer = layer_of(&path);
        if ["lib", "main"].contains(&layer) {
            continue;
        }
        let own = rank(layer).unwrap_or_else(|| panic!("src/{path} is in no layer: name it in tests/architecture.rs"));
        for (number, line) in text.lines().enumerate() {
            for import in imports(line) {
                let allowed = rank(import).is_some_and(|other| other <= own);
                if !allowed {
                    wrong.push(format!("src/{path}:{}: {layer} imports {import}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_catalogs_and_native_models_know_aws() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if path.starts_with("graph/native/") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let mut code = line.split("//").next().unwrap_or("").to_owned();
            for allowed in LANGUAGE {
                code = code.replace(allowed, "");
            }
            let terraform = code.contains("\"aws_") || code.contains("\"data.aws_");
            let cloudformation = code.match_indices("AWS::").any(|(at, _)| {
                let rest = &code[at + 5..];
                let service = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                service > 0 && rest[service..].starts_with("::")
            });
            if terraform || cloudformation {
                wrong.push(format!("src/{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "AWS names belong into rules/:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_undone() {
    let marks = [concat!("to", "do!("), concat!("unimpl", "emented!("), concat!("dbg", "!("), concat!("FIX", "ME")];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            if marks.iter().any(|m| line.contains(m)) {
                wrong.push(format!("src/{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn input_cannot_reach_a_panic() {
    let calls = [".unwrap()", ".expect(", "panic!(", "unreachable!("];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            let invariant = code.contains(".expect(\"invariant: ");
            if calls.iter().any(|c| code.contains(c)) && !invariant {
                wrong.push(format!("src/{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
