//! The configuration in a plan: which attribute refers to what.

use super::Plan;
use super::document::{self, Planned};
use crate::dialect::Mode;
use crate::dialect::terraform::Module;
use crate::syntax::document::{Entry, Node};
use crate::value::{Cause, CauseKind, Entries, Kind, Number, Str, Value};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// References are followed through so many modules.
const MAX_STEPS: usize = 64;

/// The `configuration` of a plan.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    root: Option<Node>,
    providers: Option<Node>,
}

impl Configuration {
    pub fn read(node: Option<&Node>) -> Self {
        let part = |key: &str| node.and_then(|n| n.get(key)).cloned();
        Self { root: part("root_module"), providers: part("provider_config") }
    }

    /// Whether it is that of a root module: the same resources, data sources and module calls.
    pub fn is_of(&self, module: &Module) -> bool {
        let Some(root) = &self.root else { return false };
        let resources = root.get("resources").and_then(Node::items).unwrap_or_default();
        let planned: FxHashSet<&str> = resources.iter().filter_map(|r| r.get("address")?.text()).collect();
        let declared: Vec<Str> = module.resources.iter().map(super::super::ResourceBlock::address).collect();
        let calls = root.get("module_calls").and_then(Node::entries).unwrap_or_default();
        let called: FxHashSet<&str> = calls.iter().filter_map(|e| e.key.text()).collect();
        !(planned.is_empty() && called.is_empty())
            && planned.len() == declared.len()
            && declared.iter().all(|a| planned.contains(a.as_str()))
            && called.len() == module.calls.len()
            && module.calls.keys().all(|name| called.contains(name.as_str()))
    }

    /// The configuration of a module by the address of one of its instances.
    fn module(&self, address: &str) -> Option<&Node> {
        let mut node = self.root.as_ref()?;
        for name in module_names(address) {
            node = node.get("module_calls")?.get(name)?.get("module")?;
        }
        Some(node)
    }

    /// The call that makes a module instance.
    fn call(&self, address: &str) -> Option<&Node> {
        let (outer, name) = split_module(address)?;
        self.module(outer)?.get("module_calls")?.get(name)
    }

    fn resource(&self, planned: &Planned) -> Option<&Node> {
        let resources = self.module(&planned.module)?.get("resources")?.items()?;
        resources.iter().find(|r| r.get("address").and_then(Node::text) == Some(planned.local.as_str()))
    }

    /// The attributes of a resource that has no source: what is not known leads where the configuration refers to, and
    /// what the configuration does not mention is not written.
    pub fn attributes(&self, planned: &Planned, plan: &Plan) -> Value {
        let Kind::Map(map) = &planned.values.kind else { return planned.values.clone() };
        let expressions = self.resource(planned).and_then(|r| r.get("expressions"));
        let mut entries = Entries::default();
        for (key, value) in &map.entries {
            let expression = expressions.and_then(|e| e.get(key));
            // A provider fills in what nobody writes; the catalogs know what that means.
            if expressions.is_some() && expression.is_none() && planned.mode == Mode::Resource {
                continue;
            }
            entries.insert(key.clone(), self.resolved(value, expression, planned, plan));
        }
        Value::map(entries)
    }

    /// A planned value with what is not known replaced by what the expression refers to.
    fn resolved(&self, value: &Value, expression: Option<&Node>, planned: &Planned, plan: &Plan) -> Value {
        match &value.kind {
            Kind::AfterApply(_) => {
                let own = planned.span;
                let found = expression.and_then(|e| self.reference(e, &planned.module, &planned.address, plan, 0));
                found.unwrap_or_else(|| not_known(planned)).written_at(expression.map_or(own, |e| e.span))
            }
            Kind::List(list) => {
                let blocks = expression.and_then(Node::items).unwrap_or_default();
                let items = list.items.iter().enumerate();
                let items = items.map(|(i, v)| self.resolved(v, blocks.get(i).or(expression), planned, plan)).collect();
                Value { kind: Kind::List(Arc::new(crate::value::List { items, ..(**list).clone() })), ..value.clone() }
            }
            Kind::Map(map) => {
                let entries = map.entries.iter();
                let entries = entries
                    .filter(|(_, v)| !v.is_unset())
                    .map(|(k, v)| (k.clone(), self.resolved(v, expression.and_then(|e| e.get(k)), planned, plan)))
                    .collect();
                Value { kind: Value::map(entries).kind, ..value.clone() }
            }
            _ => value.clone(),
        }
    }

    /// What an expression in a module refers to: the attribute of another resource, whatever its value will be.
    fn reference(&self, expression: &Node, module: &str, at: &str, plan: &Plan, steps: usize) -> Option<Value> {
        if steps > MAX_STEPS {
            return None;
        }
        let references: Vec<&str> = expression.get("references")?.items()?.iter().filter_map(Node::text).collect();
        let with_key = references.iter().any(|r| matches!(*r, "each.key" | "each.value" | "count.index"));
        let first = references
            .iter()
            .find(|r| !["each.", "count.", "path.", "terraform.", "local."].iter().any(|p| r.starts_with(p)))?;
        if let Some(name) = first.strip_prefix("var.") {
            let name = name.split(['.', '[']).next()?;
            let outer = split_module(module)?.0;
            let argument = self.call(module)?.get("expressions")?.get(name)?;
            return self.reference(argument, outer, module, plan, steps + 1);
        }
        if let Some(rest) = first.strip_prefix("module.") {
            let dot = end_of_step(rest);
            let (call, output) = (rest.get(..dot)?, rest.get(dot..)?.strip_prefix('.')?);
            let inner = join(module, &format!("module.{call}"));
            let inner = self.instance(&inner, with_key, at, |a| plan.modules.contains(a))?;
            let output = output.split(['.', '[']).next()?;
            let expression = self.module(&inner)?.get("outputs")?.get(output)?.get("expression")?;
            return self.reference(expression, &inner, &inner, plan, steps + 1);
        }
        // `type.name.attribute`, `type.name[0].attribute`; a data source has been read or stays unknown.
        let type_end = first.find('.')?;
        let name_end = type_end + 1 + end_of_step(first.get(type_end + 1..)?);
        let (local, attribute) = (first.get(..name_end)?, first.get(name_end..)?.trim_start_matches('.'));
        if local.starts_with("data.") {
            return None;
        }
        let address = self.instance(&join(module, local), with_key, at, |a| plan.has(a))?;
        Some(Value::after_apply(address, attribute))
    }

    /// The planned instance of a block: itself, the one with the key of what refers to it, or the only one.
    fn instance(&self, block: &str, same_key: bool, at: &str, has: impl Fn(&str) -> bool) -> Option<String> {
        if has(block) {
            return Some(block.to_owned());
        }
        let index = at.rfind('[').filter(|_| same_key && at.ends_with(']')).map(|i| at.get(i..).unwrap_or_default());
        index
            .map(|index| format!("{block}{index}"))
            .filter(|a| has(a))
            .or_else(|| Some(format!("{block}[0]")).filter(|a| has(a)))
    }

    /// The configuration of the provider of a resource: what is constant in it.
    pub fn provider(&self, planned: &Planned) -> Value {
        let found = || {
            let key = self.resource(planned)?.get("provider_config_key")?.text()?;
            let providers = self.providers.as_ref()?;
            // A module without a configuration of its own uses that of its caller.
            let key = if providers.get(key).is_some() { key } else { key.rsplit(':').next()? };
            providers.get(key)
        };
        let Some(provider) = found() else { return Value::absent() };
        let mut entries = Entries::default();
        for Entry { key, value } in provider.get("expressions").and_then(Node::entries).unwrap_or_default() {
            if let Some(name) = key.text() {
                entries.insert(name.into(), constant(value, 0));
            }
        }
        if let Some(version) = provider.get("version_constraint") {
            entries.insert("version".into(), document::value(version, None, None, "", ""));
        }
        Value::map(entries).written_at(provider.span)
    }
}

/// The constants of an expression, block by block.
fn constant(node: &Node, depth: usize) -> Value {
    if let Some(constant) = node.get("constant_value") {
        return document::value(constant, None, None, "", "");
    }
    if depth > MAX_STEPS || node.get("references").is_some() {
        return Value::unknown(Cause::at(CauseKind::Input, "the plan does not show its value", node.span));
    }
    if let Some(items) = node.items() {
        return Value::list(items.iter().map(|i| constant(i, depth + 1)).collect()).written_at(node.span);
    }
    let entries = node.entries().unwrap_or_default().iter();
    Value::map(entries.filter_map(|e| Some((e.key.text()?.into(), constant(&e.value, depth + 1)))).collect())
}

fn not_known(planned: &Planned) -> Value {
    let what = format!("a part of {} is known only after deployment", planned.address);
    Value::unknown(Cause::at(CauseKind::Deployment, what, planned.span))
}

fn join(module: &str, local: &str) -> String {
    if module.is_empty() { local.to_owned() } else { format!("{module}.{local}") }
}

/// Where a step of an address ends: at the dot behind its name and index.
fn end_of_step(text: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '.' if !quoted => return i,
            _ => {}
        }
    }
    text.len()
}

/// The names of the calls in the address of a module instance, outermost first.
fn module_names(address: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = address;
    while let Some(step) = rest.strip_prefix("module.") {
        let end = end_of_step(step);
        let name = step.get(..end).unwrap_or(step);
        out.push(name.split('[').next().unwrap_or(name));
        rest = step.get(end..).unwrap_or("").trim_start_matches('.');
    }
    out
}

/// The module around a module instance, and the name of the call.
pub(super) fn split_module(address: &str) -> Option<(&str, &str)> {
    let mut start = 0;
    let mut last = None;
    while let Some(step) = address.get(start..)?.strip_prefix("module.") {
        last = Some(start);
        start += "module.".len() + end_of_step(step) + 1;
        if start >= address.len() {
            break;
        }
    }
    let at = last?;
    let name = address.get(at + "module.".len()..)?;
    Some((address.get(..at)?.trim_end_matches('.'), name.split('[').next().unwrap_or(name)))
}

/// The block of an instance and the key of the instance: a number or a string.
pub(super) fn split_index(address: &str) -> Option<(&str, Value)> {
    let inner = address.strip_suffix(']')?;
    if let Some(text) = inner.strip_suffix('"') {
        // The quotation mark that opens the key is the last one behind a bracket.
        let at = text.rfind("[\"")?;
        let key = text.get(at + 2..)?.replace("\\\"", "\"").replace("\\\\", "\\");
        return Some((address.get(..at)?, Str::from(key).into()));
    }
    let at = inner.rfind('[')?;
    Some((address.get(..at)?, Number::parse(inner.get(at + 1..)?)?.into()))
}
