//! Reading a plan.

use super::Plan;
use super::references::{Configuration, split_index};
use crate::dialect::Mode;
use crate::source::{FileId, Span};
use crate::syntax::document::{Node, NodeKind, ScalarValue};
use crate::syntax::json;
use crate::value::{Entries, Kind, List, Number, Str, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Modules nested deeper are not looked into.
const MAX_DEPTH: usize = 64;

/// A resource or data source as it is planned.
#[derive(Debug)]
pub(super) struct Planned {
    pub address: Str,
    /// Address of the module instance it is in.
    pub module: Str,
    /// `type.name` or `data.type.name`, as the configuration of its module has it.
    pub local: Str,
    pub mode: Mode,
    pub type_name: Str,
    /// What is known only after the deployment is a reference to the resource itself.
    pub values: Value,
    /// Its place in the plan.
    pub span: Span,
}

/// Whether a text looks like a plan.
pub fn may_be_plan(text: &str) -> bool {
    let start: String = text.chars().take(200).collect();
    start.trim_start().starts_with('{') && start.contains("\"format_version\"") && text.contains("\"planned_values\"")
}

/// Reads a plan. `None`: it is something else.
pub fn read(file: FileId, path: PathBuf, text: &str) -> Option<Plan> {
    let document = json::parse(file, text).documents.into_iter().next()?;
    document.get("format_version")?;
    let planned = document.get("planned_values")?;
    let mut unknown = FxHashMap::default();
    for change in document.get("resource_changes").and_then(Node::items).unwrap_or_default() {
        if let (Some(address), Some(change)) = (change.get("address").and_then(Node::text), change.get("change")) {
            unknown.insert(address, change.get("after_unknown"));
        }
    }
    let mut plan = Plan {
        file,
        path,
        resources: Vec::new(),
        variables: FxHashMap::default(),
        keys: FxHashMap::default(),
        modules: FxHashSet::default(),
        data: FxHashMap::default(),
        configuration: Configuration::read(document.get("configuration")),
    };
    if let Some(root) = planned.get("root_module") {
        plan.module(root, "", &unknown, 0);
    }
    // What was read while planning is not planned any more.
    let prior = document.get("prior_state").and_then(|s| s.get("values")).and_then(|v| v.get("root_module"));
    if let Some(root) = prior {
        plan.data_of(root, "", 0);
    }
    for (i, resource) in plan.resources.iter().enumerate() {
        if resource.mode == Mode::Data {
            plan.data.insert(resource.address.clone(), i);
        }
    }
    for entry in document.get("variables").and_then(Node::entries).unwrap_or_default() {
        if let (Some(name), Some(node)) = (entry.key.text(), entry.value.get("value")) {
            plan.variables.insert(name.into(), value(node, None, None, "", ""));
        }
    }
    Some(plan)
}

impl Plan {
    fn module(&mut self, node: &Node, address: &str, unknown: &FxHashMap<&str, Option<&Node>>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if !address.is_empty() {
            self.modules.insert(address.into());
            self.key(address);
        }
        for resource in node.get("resources").and_then(Node::items).unwrap_or_default() {
            self.resource(resource, address, unknown);
        }
        for child in node.get("child_modules").and_then(Node::items).unwrap_or_default() {
            if let Some(address) = child.get("address").and_then(Node::text) {
                self.module(child, address, unknown, depth + 1);
            }
        }
    }

    fn data_of(&mut self, node: &Node, address: &str, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for resource in node.get("resources").and_then(Node::items).unwrap_or_default() {
            let known = resource.get("address").and_then(Node::text).is_some_and(|a| self.has(a));
            if resource.get("mode").and_then(Node::text) == Some("data") && !known {
                self.resource(resource, address, &FxHashMap::default());
            }
        }
        for child in node.get("child_modules").and_then(Node::items).unwrap_or_default() {
            if let Some(address) = child.get("address").and_then(Node::text) {
                self.data_of(child, address, depth + 1);
            }
        }
    }

    fn resource(&mut self, node: &Node, module: &str, unknown: &FxHashMap<&str, Option<&Node>>) {
        let text = |key: &str| node.get(key).and_then(Node::text);
        let (Some(address), Some(type_name), Some(name)) = (text("address"), text("type"), text("name")) else {
            return;
        };
        let mode = if text("mode") == Some("data") { Mode::Data } else { Mode::Resource };
        let local = match mode {
            Mode::Data => format!("data.{type_name}.{name}"),
            Mode::Resource | Mode::Part => format!("{type_name}.{name}"),
        };
        self.key(address);
        let (unknown, sensitive) = (unknown.get(address).copied().flatten(), node.get("sensitive_values"));
        let values = node
            .get("values")
            .map_or_else(|| Value::map(Entries::default()), |values| value(values, unknown, sensitive, address, ""));
        self.resources.push(Planned {
            address: address.into(),
            module: module.into(),
            local: local.into(),
            mode,
            type_name: type_name.into(),
            values,
            span: node.get("address").map_or(node.span, |n| n.span),
        });
    }

    /// Remembers the key of an instance.
    fn key(&mut self, address: &str) {
        let Some((block, key)) = split_index(address) else { return };
        let keys = self.keys.entry(block.into()).or_default();
        if keys.iter().all(|k| !k.same(&key)) {
            keys.push(key);
        }
    }
}

fn is_true(node: Option<&Node>) -> bool {
    node.and_then(Node::as_scalar).is_some_and(|s| s.value == ScalarValue::Bool(true))
}

/// A part of a planned value. `unknown` and `sensitive` have the same shape, with `true` where it is so.
pub(super) fn value(node: &Node, unknown: Option<&Node>, sensitive: Option<&Node>, address: &str, path: &str) -> Value {
    let secret = is_true(sensitive);
    if is_true(unknown) {
        return Value::after_apply(address, path).marked(secret);
    }
    let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    let out = match &node.kind {
        NodeKind::Scalar(scalar) => match scalar.value {
            ScalarValue::Null => Value::null(),
            ScalarValue::Bool(b) => b.into(),
            ScalarValue::Int(i) => i.into(),
            ScalarValue::Float(_) => {
                Number::parse(&scalar.text).map_or_else(|| scalar.text.clone().into(), Value::from)
            }
            ScalarValue::String => scalar.text.clone().into(),
        },
        NodeKind::Sequence(items) => {
            let items = items
                .iter()
                .enumerate()
                .map(|(i, item)| {
                    let unknown = unknown.and_then(Node::items).and_then(|n| n.get(i));
                    let sensitive = sensitive.and_then(Node::items).and_then(|n| n.get(i));
                    value(item, unknown, sensitive, address, path)
                })
                .collect();
            Kind::List(Arc::new(List { items, open: None, set: false })).into()
        }
        NodeKind::Mapping(entries) => {
            let mut out = Entries::default();
            for entry in entries {
                let Some(key) = entry.key.text() else { continue };
                let (unknown, sensitive) = (unknown.and_then(|n| n.get(key)), sensitive.and_then(|n| n.get(key)));
                out.insert(key.into(), value(&entry.value, unknown, sensitive, address, &inner(key)));
            }
            // What is not known is left out of the values.
            for entry in unknown.and_then(Node::entries).unwrap_or_default() {
                if let Some(key) = entry.key.text().filter(|key| is_true(Some(&entry.value)) && !out.contains_key(*key))
                {
                    out.insert(key.into(), Value::after_apply(address, inner(key)));
                }
            }
            Value::map(out)
        }
        NodeKind::Unreadable => Value::null(),
    };
    out.written_at(node.span).marked(secret)
}
