//! What names mean in the expressions of a rule.

use super::file::Rule;
use super::table::Tables;
use crate::expr::{Call, Evaluator, Function, Host, Key, Scope};
use crate::graph::{Catalog, Graph, Node, native};
use crate::source::Span;
use crate::value::{Cause, CauseKind, Entries, HopKind, Kind, List, Map, Rest, Str, Truth, Value, When};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::Arc;

/// The constants of a rule: nothing but the member of its family.
pub(super) struct MetaScope<'a> {
    pub member: Option<&'a (Str, Value)>,
}

fn no_rendering(name: &str) -> Value {
    Value::unknown(Cause::new(CauseKind::Unsupported, format!("{name} cannot be rendered here")))
}

fn member_value(member: Option<&(Str, Value)>, keys: &[Key]) -> Option<(Value, usize)> {
    let (key, value) = member?;
    match keys.first()? {
        Key::Name(name) if name == "key" => Some((key.clone().into(), 1)),
        Key::Name(name) if name == "value" => Some((value.clone(), 1)),
        _ => None,
    }
}

impl Host for MetaScope<'_> {
    fn render(&self, name: &str, _: &str, _: &Value) -> Value {
        no_rendering(name)
    }
}

impl Scope for MetaScope<'_> {
    fn host(&self) -> &dyn Host {
        self
    }

    fn traces_literals(&self) -> bool {
        false
    }

    fn resolve(&self, root: &str, keys: &[Key], _: Span) -> Option<(Value, usize)> {
        (root == "each").then(|| member_value(self.member, keys)).flatten()
    }
}

/// The values of the parameters of rules that the configuration sets, by rule id and name.
pub type ParamValues = FxHashMap<(Str, Str), Value>;

/// What a rule sees: a resource, perhaps an entry of one of its lists, and the rest of the root.
pub(super) struct RuleScope<'a> {
    pub rule: &'a Rule,
    pub graph: &'a Graph<'a>,
    pub catalog: &'a Catalog,
    pub node: &'a Node,
    pub entry: Option<&'a Value>,
    /// How many of the rule's local values are visible.
    pub locals: usize,
    pub params: &'a ParamValues,
    pub tables: &'a Tables,
    pub naming: &'a Value,
    /// The decisions that are taken to have gone their way.
    pub world: &'a When,
    /// The rule's local values as they have come out for this entry and these decisions.
    pub known: &'a Known,
}

/// Local values that have been worked out, by their place in the rule.
pub(super) type Known = RefCell<Vec<Option<Value>>>;

impl RuleScope<'_> {
    fn param(&self, name: &Str) -> Option<Value> {
        param(self.rule, self.params, name)
    }

    /// All resources of a canonical type in the root, as a list.
    fn all(&self, canonical: &str) -> Value {
        let mut items = Vec::new();
        let mut open = None;
        for &i in self.graph.of_type(canonical) {
            let Some(node) = self.graph.nodes.get(i).filter(|n| !n.orphan) else { continue };
            if node.exists == Truth::Yes || (!self.world.is_always() && self.world.implies(&node.when)) {
                items.push(node.value.clone());
            } else {
                open = open
                    .or_else(|| self.graph.declaration(node).exists_cause.clone())
                    .or_else(|| Some(Cause::new(CauseKind::Input, format!("{} may not exist", node.address))));
            }
        }
        Kind::List(Arc::new(List { items, open, set: false })).into()
    }

    /// What the block of the resource makes in its module, itself included: one, or several by `count` and `for_each`.
    fn copies(&self) -> Value {
        let own = self.graph.declaration(self.node);
        let mut items = Vec::new();
        let mut open = None;
        for &i in self.graph.of_type(&self.node.canonical) {
            let Some(node) = self.graph.nodes.get(i).filter(|n| !n.orphan) else { continue };
            let declaration = self.graph.declaration(node);
            if declaration.header != own.header || declaration.module != own.module {
                continue;
            }
            items.push(node.value.clone());
            if node.address.ends_with("[*]") {
                let cause = declaration.exists_cause.clone();
                open = cause.or_else(|| Some(Cause::new(CauseKind::Input, "their number is not known")));
            }
        }
        Kind::List(Arc::new(List { items, open, set: false })).into()
    }
}

fn param(rule: &Rule, params: &ParamValues, name: &Str) -> Option<Value> {
    if let Some(set) = params.get(&(rule.info.id.clone(), name.clone())) {
        // Where the parameter is set is not where the fault is.
        return Some(without_trail(set));
    }
    rule.params.iter().find(|p| p.name == *name).map(|p| p.default.clone())
}

/// What a rule sees before there is a resource: its parameters; nothing else is known.
pub(super) struct SettingsScope<'a> {
    pub rule: &'a Rule,
    pub params: &'a ParamValues,
    pub naming: &'a Value,
}

impl Host for SettingsScope<'_> {
    fn resource(&self, _: &Value, _: &[Str]) -> Option<Value> {
        Some(later())
    }

    fn names(&self, _: &Value, _: &str, _: &Str) -> Option<Value> {
        Some(later())
    }

    fn render(&self, name: &str, _: &str, _: &Value) -> Value {
        no_rendering(name)
    }
}

fn later() -> Value {
    Value::unknown(Cause::new(CauseKind::Unsupported, "there is no resource yet"))
}

impl Scope for SettingsScope<'_> {
    fn host(&self) -> &dyn Host {
        self
    }

    fn traces_literals(&self) -> bool {
        false
    }

    fn strict(&self) -> bool {
        false
    }

    fn function(&self, name: &str) -> Option<&'static Function> {
        let found = rule_function(name)?;
        // What they say of a value that is not known would not hold for the one that is to come.
        let asks_what_is_known = [&PROVEN, &WRITTEN].into_iter().any(|f| f.name == found.name);
        Some(if asks_what_is_known { &LATER } else { found })
    }

    fn resolve(&self, root: &str, keys: &[Key], _: Span) -> Option<(Value, usize)> {
        match (root, keys.first()) {
            ("param", Some(Key::Name(name))) => Some((param(self.rule, self.params, name)?, 1)),
            ("naming", _) => Some((self.naming.clone(), 0)),
            ("each", _) => member_value(self.rule.member.as_ref(), keys),
            _ => Some((later(), keys.len())),
        }
    }
}

/// Stands for functions whose result is not known before there is a resource.
static LATER: Function =
    Function { name: "later", min_args: 0, max_args: usize::MAX, takes_unknown: true, run: |_| Ok(later()) };

/// The functions of rules.
fn rule_function(name: &str) -> Option<&'static Function> {
    let own = [&RESOURCE, &NAMES, &PROVEN, &READS, &UNDETERMINED, &USES, &WRITTEN];
    native::lookup(name).or_else(|| own.into_iter().find(|f| f.name == name))
}

fn without_trail(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::List(list) => {
            let items = list.items.iter().map(without_trail).collect();
            Kind::List(Arc::new(List { items, ..List::clone(list) }))
        }
        Kind::Map(map) => {
            let entries: Entries = map.entries.iter().map(|(k, v)| (k.clone(), without_trail(v))).collect();
            Kind::Map(Arc::new(Map { entries, rest: Rest::Closed }))
        }
        other => other.clone(),
    };
    Value::from(kind)
}

/// `resource(value, "service.name", ...)`: the resource that a value names, for values that are not a relation of the
/// resource that is judged: what an entry names, and what the other end of a relation names.
static RESOURCE: Function =
    Function { name: "resource", min_args: 2, max_args: usize::MAX, takes_unknown: true, run: resource };

fn resource(call: &Call<'_>) -> Result<Value, Str> {
    let Some((named_by, to)) = call.args.split_first() else { return Err("resource needs a value".into()) };
    let to: Option<Vec<Str>> = to.iter().map(|t| t.as_str().map(Str::from)).collect();
    let to = to.ok_or("the types of resources are strings")?;
    call.host.resource(named_by, &to).ok_or_else(|| "there are no resources here".into())
}

/// `names(value, resource)`: whether the value, or an element of the list that it is, leads to that resource of the root
/// and to no other.
static NAMES: Function = Function { name: "names", min_args: 2, max_args: 2, takes_unknown: true, run: names };

fn names(call: &Call<'_>) -> Result<Value, Str> {
    let [value, resource] = call.args else { return Err("names needs a value and a resource".into()) };
    if resource.is_unset() {
        return Ok(Value::from(false).with_trail(value.trail.clone()));
    }
    let (address, canonical) = (resource.get("address"), resource.get("canonical"));
    let (Some(address), Some(canonical)) = (address.as_str(), canonical.as_str()) else {
        let cause = resource.cause().unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "this is no resource"));
        return Ok(Value::unknown(cause).with_trail(value.trail.clone()));
    };
    call.host.names(value, address, &canonical.into()).ok_or_else(|| "there are no resources here".into())
}

/// `reads(value)`: the attributes of resources that a value refers to, as objects of `address` and `reads` (the name of
/// the attribute; empty for the whole resource), each located at the reference.
static READS: Function = Function { name: "reads", min_args: 1, max_args: 1, takes_unknown: true, run: reads };

fn reads(call: &Call<'_>) -> Result<Value, Str> {
    let Some(value) = call.args.first() else { return Err("reads needs a value".into()) };
    call.host.reads(value).ok_or_else(|| "there are no resources here".into())
}

/// `uses(resource, type, ...)`: the places in the root that refer to a resource, as objects of `address`, `type`,
/// `attribute` (the first name on the way to the reference) and `reads` (which attribute of the resource; empty for the
/// whole of it), each located at the reference. With raw types, such as `aws_sns_topic`, only resources of these count; a
/// catalog must know them. References in conditions of existence and in `depends_on` are none.
static USES: Function = Function { name: "uses", min_args: 1, max_args: usize::MAX, takes_unknown: true, run: uses };

fn uses(call: &Call<'_>) -> Result<Value, Str> {
    let Some((resource, types)) = call.args.split_first() else { return Err("uses needs a resource".into()) };
    let types: Option<Vec<Str>> = types.iter().map(|t| t.as_str().map(Str::from)).collect();
    let types = types.ok_or("the types of resources are strings")?;
    let address = resource.get("address");
    let Some(address) = address.as_str() else {
        let cause = resource.cause().unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "this is no resource"));
        return Ok(Value::unknown(cause).with_trail(resource.trail.clone()));
    };
    call.host.uses(address, &types).ok_or_else(|| "there are no resources here".into())
}

/// `undetermined("why", value)`: what cannot be told, for a reason that only the rule knows; located at `value`.
static UNDETERMINED: Function =
    Function { name: "undetermined", min_args: 1, max_args: 2, takes_unknown: true, run: undetermined };

fn undetermined(call: &Call<'_>) -> Result<Value, Str> {
    let why = call.args.first().and_then(Value::as_str).ok_or("undetermined needs a reason")?;
    let trail = call.args.get(1).map(|v| v.trail.clone()).unwrap_or_default();
    Ok(Value::unknown(Cause::new(CauseKind::External, why)).with_trail(trail))
}

/// `written(value)`: whether the source says anything there, known or not. (`value != null` asks what it says, and cannot
/// be told of what is not known.)
static WRITTEN: Function = Function { name: "written", min_args: 1, max_args: 1, takes_unknown: true, run: written };

fn written(call: &Call<'_>) -> Result<Value, Str> {
    let Some(value) = call.args.first() else { return Err("written needs a value".into()) };
    Ok(is_written(value))
}

fn is_written(value: &Value) -> Value {
    if matches!(value.kind, Kind::Choice(_)) {
        return value.map_arms(is_written);
    }
    let missing = value.trail.first().is_some_and(|h| matches!(h.kind, HopKind::Missing | HopKind::CatalogDefault));
    Value::from(!missing && !value.is_unset()).with_trail(value.trail.clone())
}

/// `proven(condition)`: whether the condition holds for certain; what is not decided is not proven.
static PROVEN: Function = Function { name: "proven", min_args: 1, max_args: 1, takes_unknown: true, run: proven };

fn proven(call: &Call<'_>) -> Result<Value, Str> {
    let Some(value) = call.args.first() else { return Err("proven needs a condition".into()) };
    Ok(Value::from(value.truth() == Truth::Yes).with_trail(value.trail.clone()))
}

impl Host for RuleScope<'_> {
    fn resource(&self, named_by: &Value, to: &[Str]) -> Option<Value> {
        Some(self.graph.named(named_by, to).within(self.world))
    }

    fn names(&self, named_by: &Value, address: &str, canonical: &Str) -> Option<Value> {
        Some(self.graph.names(named_by, address, canonical))
    }

    fn reads(&self, value: &Value) -> Option<Value> {
        Some(self.graph.reads(value))
    }

    fn uses(&self, address: &str, types: &[Str]) -> Option<Value> {
        Some(self.graph.uses(address, types))
    }

    fn render(&self, name: &str, _: &str, _: &Value) -> Value {
        no_rendering(name)
    }
}

impl Scope for RuleScope<'_> {
    fn host(&self) -> &dyn Host {
        self
    }

    fn traces_literals(&self) -> bool {
        false
    }

    fn strict(&self) -> bool {
        false
    }

    fn function(&self, name: &str) -> Option<&'static Function> {
        rule_function(name)
    }

    fn resolve(&self, root: &str, keys: &[Key], span: Span) -> Option<(Value, usize)> {
        let (mut value, mut used) = self.find(root, keys, span)?;
        // What does not depend on the resource is the same in all worlds.
        if self.world.is_always() || matches!(root, "local" | "tables" | "param" | "naming" | "each") {
            return Some((value, used));
        }
        // Only what is asked for is worth a look at the worlds it is in.
        while let (Some(Key::Name(name)), Kind::Map(_)) = (keys.get(used), &value.kind) {
            value = value.get(name);
            used += 1;
        }
        Some((value.within(self.world), used))
    }
}

impl RuleScope<'_> {
    /// What a name leads to, whatever is decided.
    fn find(&self, root: &str, keys: &[Key], _: Span) -> Option<(Value, usize)> {
        match root {
            "self" => {
                let mut node = self.node;
                for (used, key) in keys.iter().enumerate() {
                    let Key::Name(name) = key else { break };
                    if let Some(next) = self.graph.next(node, name) {
                        node = next;
                    } else if let Some(other) = self.graph.follow(node, name) {
                        return Some((other, used + 1));
                    } else {
                        return Some((node.value.clone(), used));
                    }
                }
                Some((node.value.clone(), keys.iter().take_while(|k| matches!(k, Key::Name(_))).count()))
            }
            // The attributes as the dialect has them.
            "raw" => Some((self.graph.raw(self.node), 0)),
            "copies" => Some((self.copies(), 0)),
            "local" => match keys.first()? {
                Key::Name(name) => {
                    let visible = self.rule.locals.get(..self.locals)?;
                    let at = visible.iter().position(|(n, _)| n == name)?;
                    if let Some(Some(known)) = self.known.borrow().get(at) {
                        return Some((known.clone(), 1));
                    }
                    let scope = RuleScope { locals: at, ..*self };
                    let (_, expr) = visible.get(at)?;
                    let value = Evaluator::new(&scope).eval(expr, None);
                    let mut known = self.known.borrow_mut();
                    if known.len() <= at {
                        known.resize(at + 1, None);
                    }
                    if let Some(slot) = known.get_mut(at) {
                        *slot = Some(value.clone());
                    }
                    Some((value, 1))
                }
                _ => None,
            },
            "entry" => self.entry.map(|e| (e.clone(), 0)),
            "param" => match keys.first()? {
                Key::Name(name) => Some((self.param(name)?, 1)),
                _ => None,
            },
            "naming" => Some((self.naming.clone(), 0)),
            "each" => member_value(self.rule.member.as_ref(), keys),
            "account" => match keys.first()? {
                Key::Name(name) => {
                    let fact = self.catalog.account.get(name);
                    // No catalog of the fact is loaded: no resource of its types is declared.
                    let value = fact.map_or_else(Value::absent, |e| Evaluator::new(self).eval(e, None));
                    Some((value, 1))
                }
                _ => None,
            },
            "tables" => match (keys.first()?, keys.get(1)?) {
                (Key::Name(service), Key::Name(name)) => {
                    let name = format!("{service}.{name}");
                    let missing = || Cause::new(CauseKind::Invalid, format!("there is no table {name}"));
                    Some((self.tables.get(&name).unwrap_or_else(|| Value::unknown(missing())), 2))
                }
                _ => None,
            },
            "resources" => match (keys.first()?, keys.get(1)?) {
                (Key::Name(service), Key::Name(name)) => Some((self.all(&format!("{service}.{name}")), 2)),
                _ => None,
            },
            _ => None,
        }
    }
}
