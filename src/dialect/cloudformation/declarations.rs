//! From resources to declarations.

use super::assembly::construct_path;
use super::evaluator::{Evaluator, at_header, incomplete};
use super::foreach::Expanded;
use super::scope::Scope;
use super::transform;
use crate::dialect::{Construct, Declaration, Dialect, Mode};
use crate::source::Span;
use crate::syntax::document::{Node, NodeKind};
use crate::value::{Entries, Kind, Map, Rest, Str, Trail, Truth, Value, When};
use std::sync::Arc;

impl<'t> Evaluator<'t, '_> {
    /// What the template declares, with its nested stacks.
    pub(super) fn declarations(&self) -> Vec<Declaration> {
        let mut out = Vec::with_capacity(self.resources.len());
        for resource in &self.resources {
            let Some(declaration) = self.declaration(resource) else { continue };
            let (address, header, exists) = (declaration.address.clone(), declaration.header, declaration.exists);
            let trail = declaration.exists_trail.clone();
            let (cause, when) = (declaration.exists_cause.clone(), declaration.when.clone());
            out.extend(transform::expand(self, declaration));
            let Some(child) = self.child(resource) else { continue };
            for mut inner in child.declarations.take() {
                inner.callers.insert(0, (address.clone(), header));
                inner.exists_trail = inner.exists_trail.or(&trail);
                // A stack that may not exist takes its resources with it.
                if exists == Truth::Undetermined {
                    inner.exists = exists.and(inner.exists);
                    inner.exists_cause = inner.exists_cause.or_else(|| cause.clone());
                    inner.when = when.and(&inner.when);
                }
                out.push(inner);
            }
        }
        for (name, span, type_name, attributes) in transform::implied(self) {
            let declared = Declaration {
                dialect: Dialect::CloudFormation,
                mode: Mode::Resource,
                type_name,
                address: self.named(&name),
                module: Str::from(self.prefix.trim_end_matches('.')),
                header: span,
                span,
                body: Span { start: span.end, ..span },
                exists: Truth::Yes,
                exists_inside: Truth::Yes,
                exists_cause: None,
                when: When::always(),
                exists_trail: Trail::none(),
                attributes,
                meta: Value::map(Entries::default()).written_at(span),
                provider: self.deployment_of(),
                callers: Vec::new(),
                foreign: false,
                construct: None,
            };
            out.extend(transform::expand(self, declared));
        }
        out.extend(self.parts(&self.template.root));
        out
    }

    /// Where it is deployed, as far as an input says so: `region` and `account`, as a provider has them.
    fn deployment_of(&self) -> Value {
        let given = |(name, parameter): (&str, &str)| Some((Str::from(name), self.parameters.get(parameter)?.clone()));
        let entries: Entries =
            [("region", "AWS::Region"), ("account", "AWS::AccountId")].into_iter().filter_map(given).collect();
        if entries.is_empty() { Value::absent() } else { Value::map(entries) }
    }

    /// The scope in which the properties of a resource are evaluated: its own condition holds.
    pub(super) fn resource_scope(&self, resource: &Expanded<'t>) -> Scope {
        let scope = Scope::default().with_bindings(resource.bindings.clone());
        let condition = resource.node.get("Condition").and_then(|c| c.text().map(|t| (t, c.span)));
        let Some((name, span)) = condition else { return scope };
        let decision = self.condition(name, span, &scope);
        if decision.truth == Truth::Undetermined { self.assume(&scope, name, true, &decision) } else { scope }
    }

    /// The properties of a resource: a mapping, or something that may become one.
    fn properties(&self, node: &'t Node, resource: &Expanded<'t>, scope: &Scope) -> Value {
        let value = at_header(self.value(node, scope), resource.key);
        if value.is_unset() || value.is_unknown() || matches!(value.kind, Kind::Map(_) | Kind::Choice(_)) {
            return value;
        }
        let what = format!("the properties of `{}` are {}, not a mapping", resource.name, node.describe());
        let wrong = self.invalid(node.span, what);
        let rest = wrong.cause().map_or(Rest::Closed, Rest::Open);
        let map = Kind::Map(Arc::new(Map { entries: Entries::default(), rest }));
        Value::from(map).with_trail(Trail::block(resource.key))
    }

    fn declaration(&self, resource: &Expanded<'t>) -> Option<Declaration> {
        let node = resource.node;
        if !matches!(node.kind, NodeKind::Mapping(_)) {
            if !matches!(node.kind, NodeKind::Unreadable) {
                let message = format!("the resource `{}` is {}, not a mapping", resource.name, node.describe());
                self.shared.note(resource.key, message, false);
            }
            return None;
        }
        let Some(type_name) = node.get("Type").and_then(Node::text) else {
            if let Some(kind) = node.get("Type") {
                let message = format!("the type of the resource `{}` is not written here", resource.name);
                self.shared.note(kind.span, message, true);
            } else if !node.incomplete {
                self.shared.note(resource.key, format!("the resource `{}` has no Type", resource.name), false);
            }
            return None;
        };
        let plain = Scope::default().with_bindings(resource.bindings.clone());
        let mut exists = Truth::Yes;
        let mut exists_cause = None;
        let mut when = When::always();
        let mut exists_trail = Trail::none();
        let mut assumed = None;
        if let Some((name, span)) = node.get("Condition").and_then(|c| c.text().map(|t| (t, c.span))) {
            let decision = self.condition(name, span, &plain);
            match decision.truth {
                Truth::No => return None,
                Truth::Yes => exists_trail = decision.trail,
                Truth::Undetermined => {
                    exists = Truth::Undetermined;
                    when = self.guard(name, true, &decision).into();
                    assumed = Some(self.assume(&plain, name, true, &decision));
                    exists_cause = decision.cause;
                }
            }
        }
        let scope = assumed.as_ref().unwrap_or(&plain);
        let properties = node.get("Properties").filter(|p| !p.is_null());
        let attributes = if let Some(properties) = properties {
            self.properties(properties, resource, scope)
        } else {
            let rest = incomplete(node).map_or(Rest::Closed, Rest::Open);
            Value::from(Kind::Map(Arc::new(Map { entries: Entries::default(), rest })))
                .with_trail(Trail::block(resource.key))
        };
        let attributes = transform::with_globals(self, type_name, attributes, resource.key, scope);
        let mut meta = Entries::default();
        for entry in node.entries().unwrap_or(&[]) {
            match entry.key.text() {
                Some("Type" | "Properties") | None => {}
                Some(key) => {
                    meta.insert(key.into(), self.value(&entry.value, scope));
                }
            }
        }
        let body = properties.map_or(node.span, |p| p.span);
        Some(Declaration {
            dialect: Dialect::CloudFormation,
            mode: Mode::Resource,
            type_name: Str::from(type_name),
            address: self.named(&resource.name),
            module: Str::from(self.prefix.trim_end_matches('.')),
            header: resource.key,
            span: resource.span,
            body,
            exists,
            exists_inside: exists,
            exists_cause,
            when,
            exists_trail,
            attributes,
            meta: Value::map(meta).written_at(node.span),
            provider: self.deployment_of(),
            callers: Vec::new(),
            foreign: false,
            construct: construct_path(node).map(|path| Construct { path: path.into(), source: None, span: None }),
        })
    }
}
