//! The values of parameters that come from outside of the template.

use crate::source::{FileId, Span};
use crate::syntax::Problem;
use crate::syntax::document::{Node, NodeKind, ScalarValue};
use crate::syntax::read_document;
use crate::value::{Str, Value, Variable};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Values for parameters (and pseudo parameters, `AWS::Region`), with where they are given.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The values by the name of the parameter.
    pub parameters: BTreeMap<Str, (String, Span)>,
    /// A template these are for, as a deployment file names it; the path as it is written there.
    pub template: Option<String>,
}

impl Inputs {
    /// Adds what `other` gives; it wins.
    pub fn extend(&mut self, other: Inputs) {
        self.parameters.extend(other.parameters);
        self.template = other.template.or(self.template.take());
    }

    /// Adds a value written as `Name=Value`, the form of the command line.
    pub fn assign(&mut self, assignment: &str, span: Span) -> Result<(), String> {
        match assignment.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                self.parameters.insert(name.trim().into(), (value.to_owned(), span));
                Ok(())
            }
            _ => Err(format!("`{assignment}` is not of the form Name=Value")),
        }
    }
}

/// What a parameter is given.
#[derive(Clone)]
pub(super) enum Given {
    /// By a file or the command line.
    Text(String, Span),
    /// By the stack around; with the input that it is, if it is one without a value.
    Value(Value, Option<Arc<Variable>>),
}

/// Reads a file of parameters, in JSON or YAML, in any of the forms in use: the list of `ParameterKey` and
/// `ParameterValue` that the command line of AWS takes; the list of `Name=Value`; the mapping with `Parameters` of
/// pipelines; the deployment file with `template-file-path` and `parameters`; a plain mapping of names to values.
pub fn read_inputs(file: FileId, text: &str) -> (Inputs, Vec<Problem>) {
    let stream = read_document(file, text);
    let mut inputs = Inputs::default();
    let mut problems = stream.problems;
    let Some(root) = stream.documents.first() else { return (inputs, problems) };
    match &root.kind {
        NodeKind::Sequence(items) => {
            for item in items {
                from_item(item, &mut inputs, &mut problems);
            }
        }
        NodeKind::Mapping(_) => {
            let inner = ["Parameters", "parameters"]
                .into_iter()
                .find_map(|k| root.get(k))
                .filter(|n| matches!(n.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_)));
            inputs.template = root.get("template-file-path").and_then(Node::text).map(ToOwned::to_owned);
            match inner.map(|n| &n.kind) {
                Some(NodeKind::Sequence(items)) => {
                    for item in items {
                        from_item(item, &mut inputs, &mut problems);
                    }
                }
                _ => from_mapping(inner.unwrap_or(root), &mut inputs, &mut problems),
            }
        }
        _ => problems.push(Problem::new(root.span, "parameters are a list or a mapping")),
    }
    (inputs, problems)
}

fn from_item(item: &Node, inputs: &mut Inputs, problems: &mut Vec<Problem>) {
    if let Some(text) = item.text() {
        if let Err(message) = inputs.assign(text, item.span) {
            problems.push(Problem::new(item.span, message));
        }
        return;
    }
    let Some(name) = item.get("ParameterKey").and_then(Node::text) else {
        problems.push(Problem::new(item.span, "a parameter has no `ParameterKey`"));
        return;
    };
    if item.get("UsePreviousValue").and_then(Node::text).is_some_and(|t| t.eq_ignore_ascii_case("true")) {
        return;
    }
    match item.get("ParameterValue") {
        Some(value) => give(name, value, inputs, problems),
        None => problems.push(Problem::new(item.span, format!("the parameter `{name}` has no `ParameterValue`"))),
    }
}

fn from_mapping(node: &Node, inputs: &mut Inputs, problems: &mut Vec<Problem>) {
    for entry in node.entries().unwrap_or(&[]) {
        if let Some(name) = entry.key.text() {
            give(name, &entry.value, inputs, problems);
        }
    }
}

fn give(name: &str, value: &Node, inputs: &mut Inputs, problems: &mut Vec<Problem>) {
    let text = match (&value.kind, value.items()) {
        (NodeKind::Scalar(scalar), _) => match scalar.value {
            ScalarValue::Bool(b) => Some(b.to_string()),
            ScalarValue::Null => Some(String::new()),
            _ => Some(scalar.text.to_string()),
        },
        (_, Some(items)) if items.iter().all(|i| i.text().is_some()) => {
            Some(items.iter().filter_map(Node::text).collect::<Vec<_>>().join(","))
        }
        _ => None,
    };
    match text {
        Some(text) => {
            inputs.parameters.insert(name.into(), (text, value.span));
        }
        None => problems.push(Problem::new(value.span, format!("the value of the parameter `{name}` is not a string"))),
    }
}
