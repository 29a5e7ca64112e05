//! Roots and the stacks nested in them.

use super::call::call;
use super::evaluator::{Evaluator, Shared};
use super::foreach::Expanded;
use super::functions::index_mappings;
use super::inputs::Given;
use super::parameters::Domain;
use super::scope::Scope;
use super::{Inputs, Template, transform};
use crate::dialect::Declaration;
use crate::source::{Span, normalize};
use crate::syntax::document::{Entry, Node};
use crate::value::{Cause, CauseKind, HopKind, Str, Truth, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// Stacks are nested at most so deep.
const MAX_LEVELS: usize = 8;

/// A root has at most so many nested stacks.
const MAX_STACKS: usize = 200;

/// The resource type of a nested stack, and the one that a transform makes a nested stack of, with the property that
/// says where its template is.
const STACKS: [(&str, &str); 2] =
    [("AWS::CloudFormation::Stack", "TemplateURL"), ("AWS::Serverless::Application", "Location")];

/// A nested stack, evaluated.
pub(super) struct Child {
    /// What it declares; taken by the stack that declares it.
    pub(super) declarations: RefCell<Vec<Declaration>>,
    /// Its outputs, or why they are not known.
    outputs: Result<FxHashMap<Str, Value>, Arc<Cause>>,
}

/// Evaluates the template of a root; `mark` is what the addresses of its resources start with.
pub(super) fn evaluate_root(template: &Template, inputs: &Inputs, shared: &Shared<'_>, mark: &str) -> Vec<Declaration> {
    Evaluator::root(template, inputs, shared, mark).declarations()
}

/// Evaluates the outputs of a root and of the stacks nested in it.
pub(super) fn evaluate_outputs(template: &Template, inputs: &Inputs, shared: &Shared<'_>, mark: &str) {
    let evaluator = Evaluator::root(template, inputs, shared, mark);
    let _ = evaluator.outputs();
    for resource in &evaluator.resources {
        let _ = evaluator.child(resource);
    }
}

impl<'t, 's> Evaluator<'t, 's> {
    /// The evaluator of a root.
    fn root(template: &'t Template, inputs: &Inputs, shared: &'s Shared<'s>, mark: &str) -> Self {
        let given: FxHashMap<Str, Given> = inputs
            .parameters
            .iter()
            .map(|(name, (text, span))| (name.clone(), Given::Text(text.clone(), *span)))
            .collect();
        let mut evaluator = Evaluator::new(template, shared, shared.root.clone());
        mark.clone_into(&mut evaluator.prefix);
        evaluator.pseudo_inputs(&given, |_| None);
        evaluator.prepare(&given);
        evaluator
    }

    fn new(template: &'t Template, shared: &'s Shared<'s>, path: String) -> Self {
        shared.files.borrow_mut().push(template.file);
        Self {
            template,
            shared,
            path,
            prefix: String::new(),
            level: 0,
            ancestors: Vec::new(),
            parameters: FxHashMap::default(),
            mappings: FxHashMap::default(),
            conditions: FxHashMap::default(),
            resources: Vec::new(),
            resource_index: FxHashMap::default(),
            children: RefCell::default(),
            generated: FxHashSet::default(),
            hidden: FxHashSet::default(),
            parameter_keys: FxHashMap::default(),
            variables: FxHashMap::default(),
            base: Scope::default(),
            reading: RefCell::default(),
            serverless: false,
            macros: None,
        }
    }

    /// Reads the sections that resources depend on.
    fn prepare(&mut self, given: &FxHashMap<Str, Given>) {
        self.macros = transform::macros(self);
        self.serverless = transform::is_serverless(self);
        self.hidden =
            ["Parameters", "Mappings", "Conditions", "Resources"].into_iter().filter(|s| self.may_hide(s)).collect();
        let parameters = self.section("Parameters").and_then(Node::entries).unwrap_or(&[]);
        for entry in parameters {
            if let Some(name) = entry.key.text() {
                self.parameter_keys.insert(name.into(), entry.key.span);
                self.take_parameter(name, entry, given, None);
            }
        }
        self.mappings = index_mappings(self.section("Mappings"));
        let asserted = self.asserted();
        for entry in parameters {
            if let Some((name, domain)) = entry.key.text().and_then(|name| Some((name, asserted.get(name)?))) {
                self.take_parameter(name, entry, given, Some(domain));
            }
        }
        let scope = Scope::default();
        if let Some(section) = self.section("Conditions") {
            let mut out = Vec::new();
            self.expand(section, &scope, &mut out);
            self.conditions = out.into_iter().map(|e| (e.name.clone(), e)).collect();
        }
        match self.section("Resources") {
            Some(section) => {
                if section.entries().is_none() && !section.is_null() {
                    self.shared.note(
                        section.span,
                        format!("Resources is {}, not a mapping", section.describe()),
                        false,
                    );
                }
                let mut out = Vec::new();
                self.expand(section, &scope, &mut out);
                self.resources = out;
            }
            None if !self.template.root.incomplete => {
                let root = self.template.root.span;
                let start = Span { end: root.start, ..root };
                self.shared.note(start, "the template has no Resources", false);
            }
            None => {}
        }
        self.resource_index = self.resources.iter().enumerate().map(|(i, r)| (r.name.clone(), i)).collect();
        self.generated = transform::generated(self);
    }

    fn take_parameter(&mut self, name: &str, entry: &Entry, given: &FxHashMap<Str, Given>, asserted: Option<&Domain>) {
        let parameter = self.parameter(name, entry.key.span, &entry.value, given.get(name), asserted);
        self.parameters.insert(name.into(), parameter.value);
        match parameter.variable {
            Some(variable) => self.variables.insert(name.into(), variable),
            None => self.variables.remove(name),
        };
    }

    /// The nested stack a resource is, evaluated; `None` when the resource is none, or its own values depend on it.
    pub(super) fn child(&self, resource: &Expanded<'t>) -> Option<Rc<Child>> {
        let kind = resource.node.get("Type").and_then(Node::text)?;
        let &(_, location) = STACKS.iter().find(|(name, _)| *name == kind)?;
        if let Some(known) = self.children.borrow().get(&resource.name) {
            return known.clone();
        }
        // While it is worked out it depends on itself.
        self.children.borrow_mut().insert(resource.name.clone(), None);
        let child = Rc::new(self.nested(resource, location));
        self.children.borrow_mut().insert(resource.name.clone(), Some(child.clone()));
        Some(child)
    }

    /// An output of a nested stack; `None` when the resource is no nested stack.
    pub(super) fn child_output(&self, name: &str, output: &str, span: Span) -> Option<Value> {
        let resource = self.resource_index.get(name).and_then(|&i| self.resources.get(i))?;
        let child = self.child(resource)?;
        Some(match &child.outputs {
            Ok(outputs) => match outputs.get(output) {
                Some(value) => value.clone().hop(HopKind::Output, format!("output {output} of {name}")),
                None => self.invalid(span, format!("the nested stack `{name}` has no output `{output}`")),
            },
            Err(cause) => Value::unknown(cause.clone()).written_at(span),
        })
    }

    fn nested(&self, resource: &Expanded<'t>, location: &str) -> Child {
        let address = self.named(&resource.name);
        let lost = |kind: CauseKind, why: String, span: Span| {
            self.shared.note(span, why.as_str(), true);
            let cause = Cause::at(kind, why, span);
            Child { declarations: RefCell::default(), outputs: Err(cause) }
        };
        let scope = self.resource_scope(resource);
        let properties = resource.node.get("Properties");
        let url_node = properties.and_then(|p| p.get(location));
        let span = url_node.map_or(resource.key, |n| n.span);
        let url = url_node.map(|n| self.value(n, &scope));
        let Some(path) = url.as_ref().and_then(|u| u.as_str()).and_then(|u| self.local_path(u)) else {
            let why = format!("the template of the nested stack `{address}` is not in the source");
            return lost(CauseKind::Missing, why, span);
        };
        if self.level + 1 > MAX_LEVELS || self.shared.stacks.get() >= MAX_STACKS {
            let why = format!(
                "the nested stack `{address}` is not followed: more than {MAX_LEVELS} levels or {MAX_STACKS} stacks"
            );
            return lost(CauseKind::Limit, why, span);
        }
        if self.path == path || self.ancestors.contains(&path) {
            return lost(CauseKind::Invalid, format!("the nested stack `{address}` contains itself"), span);
        }
        let Some(template) = self.shared.loader.load(Path::new(&path)) else {
            let why = format!("the template of the nested stack `{address}`, {path}, is not in the source");
            return lost(CauseKind::Missing, why, span);
        };
        self.shared.stacks.set(self.shared.stacks.get() + 1);
        let mut given: FxHashMap<Str, Given> = FxHashMap::default();
        for entry in properties.and_then(|p| p.get("Parameters")).and_then(Node::entries).unwrap_or(&[]) {
            if let Some(name) = entry.key.text() {
                let passed = call(&entry.value).filter(|c| c.name == "Ref").and_then(|c| c.arg.text());
                let variable = passed.and_then(|p| self.variables.get(p)).cloned();
                given.insert(name.into(), Given::Value(self.value(&entry.value, &scope), variable));
            }
        }
        let done = self.deeper(resource.key, || {
            let mut child = Evaluator::new(&template, self.shared, path);
            child.prefix = format!("{address}.");
            child.level = self.level + 1;
            child.ancestors = self.ancestors.iter().cloned().chain([self.path.clone()]).collect();
            // The parent's region and account are the child's; its name and identifier are not.
            let inherited = ["AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::URLSuffix"];
            child.pseudo_inputs(&FxHashMap::default(), |name| {
                self.parameters.get(name).filter(|_| inherited.contains(&name)).cloned()
            });
            if properties.and_then(|p| p.get("Parameters")).is_some_and(|p| p.entries().is_none() || call(p).is_some())
            {
                child.unknown_arguments(&mut given, resource.key);
            }
            child.prepare(&given);
            child.arguments_fit(properties, resource.key);
            (child.declarations(), child.outputs())
        });
        match done {
            Ok((declarations, outputs)) => Child { declarations: RefCell::new(declarations), outputs: Ok(outputs) },
            Err(cause) => Child { declarations: RefCell::default(), outputs: Err(cause) },
        }
    }

    /// Whether a section may hold more than can be seen, so that a missing name proves nothing.
    fn may_hide(&self, section: &str) -> bool {
        let included = |e: &Entry| e.key.text().is_some_and(|k| k.starts_with("Fn::"));
        self.macros.is_some()
            || self.template.root.incomplete
            || self
                .section(section)
                .is_some_and(|s| s.incomplete || s.entries().is_some_and(|e| e.iter().any(included)))
    }

    /// Every parameter is given something that cannot be seen.
    fn unknown_arguments(&self, given: &mut FxHashMap<Str, Given>, span: Span) {
        for entry in self.section("Parameters").and_then(Node::entries).unwrap_or(&[]) {
            if let Some(name) = entry.key.text() {
                let cause = Cause::at(CauseKind::Unsupported, "the arguments of the nested stack are not known", span);
                given.insert(name.into(), Given::Value(Value::unknown(cause).written_at(span), None));
            }
        }
    }

    /// Says so when the stack is given a parameter its template does not have.
    fn arguments_fit(&self, properties: Option<&Node>, _stack: Span) {
        for entry in properties.and_then(|p| p.get("Parameters")).and_then(Node::entries).unwrap_or(&[]) {
            let Some(name) = entry.key.text().filter(|n| !n.starts_with("Fn::") && *n != "Ref") else { continue };
            if !self.parameter_keys.contains_key(name) && !self.hidden.contains("Parameters") {
                let message = format!("the template of the nested stack has no parameter `{name}`");
                self.shared.note(entry.key.span, message, false);
            }
        }
    }

    /// The path of a template named by a nested stack, if it can be a file of the source.
    fn local_path(&self, url: &str) -> Option<String> {
        let url = url.strip_prefix("file://").unwrap_or(url);
        if url.is_empty() || url.contains("://") || url.contains('\\') || url.starts_with('/') {
            return None;
        }
        let folder = Path::new(&self.path).parent().unwrap_or(Path::new(""));
        Some(normalize(&folder.join(url)).to_string_lossy().replace('\\', "/"))
    }

    fn outputs(&self) -> FxHashMap<Str, Value> {
        let mut entries = Vec::new();
        let scope = Scope::default();
        if let Some(section) = self.section("Outputs") {
            self.expand(section, &scope, &mut entries);
        }
        let mut out = FxHashMap::default();
        for entry in entries {
            let scope = scope.with_bindings(entry.bindings.clone());
            let mut inner = None;
            if let Some(condition) = entry.node.get("Condition").and_then(|c| c.text().map(|t| (t, c.span))) {
                let decision = self.condition(condition.0, condition.1, &scope);
                match decision.truth {
                    Truth::No => continue,
                    Truth::Undetermined => inner = Some(self.assume(&scope, condition.0, true, &decision)),
                    Truth::Yes => {}
                }
            }
            if let Some(value) = entry.node.get("Value") {
                let scope = inner.as_ref().unwrap_or(&scope);
                let value = self.value(value, scope);
                self.export(&entry.name, entry.node, &value, scope);
                out.insert(entry.name.clone(), value);
            }
        }
        out
    }
}
