//! Transforms and macros: what is made of a template before it is deployed.
//!
//! Transforms that are documented are applied in a module of their own. Of all others it is said that they may
//! change the template.

mod serverless;

use super::evaluator::Evaluator;
use super::scope::Scope;
use crate::dialect::Declaration;
use crate::source::Span;
use crate::syntax::document::{Node, NodeKind};
use crate::value::{Str, Value};
use rustc_hash::FxHashSet;

/// Transforms that declare no resources and change no property.
const HARMLESS: [&str; 2] = ["AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen"];

/// The name of a transform that may declare what the template does not show, if one is named; notes for those that
/// are not applied.
pub(super) fn macros(evaluator: &Evaluator<'_, '_>) -> Option<Str> {
    let mut found = None;
    for (name, span) in names(evaluator) {
        if HARMLESS.contains(&name.as_str()) {
            continue;
        }
        if name != serverless::NAME {
            evaluator.shared.note(span, format!("the macro {name} may change this template"), true);
        }
        found.get_or_insert(name);
    }
    for entry in evaluator.template.root.entries().unwrap_or(&[]) {
        if entry.key.text() == Some("Fn::Transform") {
            let _ = evaluator.transformed(&entry.value, entry.span(), &Scope::default());
            found.get_or_insert("Fn::Transform".into());
        }
    }
    // Modules are put in before deployment, and declare what the template does not show.
    let sections = ["Modules", "Rain"];
    for entry in evaluator.template.root.entries().unwrap_or(&[]) {
        if entry.key.text().is_some_and(|k| sections.contains(&k)) {
            evaluator.shared.note(entry.key.span, "modules that are not read may change this template", true);
            found.get_or_insert("Modules".into());
        }
    }
    found.or_else(|| module_resource(evaluator))
}

/// A resource whose type is a module, which declares resources under names of its own.
fn module_resource(evaluator: &Evaluator<'_, '_>) -> Option<Str> {
    let resources = evaluator.section("Resources").and_then(Node::entries)?;
    let module = resources
        .iter()
        .find(|r| r.value.get("Type").is_some_and(|t| t.text().is_none_or(|t| t.ends_with("::MODULE"))))?;
    module.key.text().map(Str::from)
}

fn names(evaluator: &Evaluator<'_, '_>) -> Vec<(Str, Span)> {
    let name = |node: &Node| match &node.kind {
        NodeKind::Mapping(_) => node.get("Name").and_then(Node::text).map(Str::from),
        _ => node.text().map(Str::from),
    };
    let Some(section) = evaluator.section("Transform") else { return Vec::new() };
    match section.items() {
        Some(items) => items.iter().filter_map(|i| Some((name(i)?, i.span))).collect(),
        None => name(section).map(|n| (n, section.span)).into_iter().collect(),
    }
}

/// Whether the template is a serverless one.
pub(super) fn is_serverless(evaluator: &Evaluator<'_, '_>) -> bool {
    names(evaluator).iter().any(|(name, _)| name == serverless::NAME)
}

/// The names of resources that a transform declares, as far as they can be told.
pub(super) fn generated(evaluator: &Evaluator<'_, '_>) -> FxHashSet<Str> {
    if evaluator.serverless { serverless::generated(evaluator) } else { FxHashSet::default() }
}

/// The properties of a resource with what the template says for all of its kind.
pub(super) fn with_globals(
    evaluator: &Evaluator<'_, '_>,
    type_name: &str,
    attributes: Value,
    header: Span,
    scope: &Scope,
) -> Value {
    serverless::with_globals(evaluator, type_name, attributes, header, scope)
}

/// What becomes of a declaration: most stay what they are.
pub(super) fn expand(evaluator: &Evaluator<'_, '_>, declaration: Declaration) -> Vec<Declaration> {
    if evaluator.serverless { serverless::expand(evaluator, declaration) } else { vec![declaration] }
}

/// Resources that are declared though no resource of the template says so: name, place, type and properties.
pub(super) fn implied(evaluator: &Evaluator<'_, '_>) -> Vec<(Str, Span, Str, Value)> {
    if !evaluator.serverless {
        return Vec::new();
    }
    let one = |implied: serverless::Implied| {
        let (type_name, attributes) = serverless::implied_properties(evaluator, &implied);
        (Str::from(implied.id), implied.span, type_name, attributes)
    };
    serverless::implied(evaluator).into_iter().map(one).collect()
}
