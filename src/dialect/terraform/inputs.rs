//! Values given to the variables of a root module.

use crate::source::{FileSystem, Sources};
use crate::syntax::Problem;
use crate::syntax::hcl;
use crate::value::{HopKind, Str, Value};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

use super::scope::ConstantScope;
use crate::expr::Evaluator;

/// What the user gives on the command line or in the configuration.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// `--var-file`, in order.
    pub files: Vec<PathBuf>,
    /// `--var name=value`, in order; the texts.
    pub values: Vec<(String, String)>,
    /// Whether defaults of variables count as unknown.
    pub strict: bool,
}

/// The values of the variables of one root, and what was wrong in the files.
#[derive(Debug, Default)]
pub struct Given {
    /// By name.
    pub values: FxHashMap<Str, Value>,
    /// Problems in the files.
    pub problems: Vec<Problem>,
    /// Files that were read.
    pub files: Vec<crate::source::FileId>,
}

/// Reads the values for a root in Terraform's order: `terraform.tfvars(.json)`, `*.auto.tfvars(.json)` in the order of
/// their names, the given files, the given values. Later ones win.
pub fn read(dir: &Path, inputs: &Inputs, sources: &Sources, fs: &dyn FileSystem) -> Given {
    let mut given = Given::default();
    let names = fs.list(dir);
    let mut files: Vec<PathBuf> = Vec::new();
    for name in ["terraform.tfvars", "terraform.tfvars.json"] {
        if names.iter().any(|n| n == name) {
            files.push(dir.join(name));
        }
    }
    files.extend(
        names.iter().filter(|n| n.ends_with(".auto.tfvars") || n.ends_with(".auto.tfvars.json")).map(|n| dir.join(n)),
    );
    files.extend(inputs.files.iter().cloned());
    for path in files {
        // A file that is given on the command line is checked there.
        let Ok(text) = fs.read(&path) else { continue };
        let json = path.extension().is_some_and(|e| e == "json");
        let file = sources.add(path, text);
        given.files.push(file);
        let source = sources.get(file);
        let (document, problems) =
            if json { super::json::parse_variables(file, &source.text) } else { hcl::parse(file, &source.text) };
        given.problems.extend(problems);
        for attribute in document.body.attributes() {
            let value = Evaluator::new(&ConstantScope).eval(&attribute.value, None);
            let value = value.written_at(attribute.value.span).hop(HopKind::Input, attribute.name.name.clone());
            given.values.insert(attribute.name.name.clone(), value);
        }
    }
    for (name, text) in &inputs.values {
        given.values.insert(name.as_str().into(), command_line(name, text, sources));
    }
    given
}

/// A value of the command line is a string; where the variable is not one, its text is an expression.
fn command_line(name: &str, text: &str, sources: &Sources) -> Value {
    let file = sources.add(PathBuf::from(format!("--var {name}")), text);
    let span = crate::source::Span::new(file, 0, text.len());
    let structured = text.trim_start().starts_with(['[', '{']);
    let value = if structured {
        let (expr, problems) = hcl::parse_expression(text, span);
        if problems.is_empty() { Evaluator::new(&ConstantScope).eval(&expr, None) } else { text.into() }
    } else {
        text.into()
    };
    value.written_at(span).hop(HopKind::Input, name)
}
