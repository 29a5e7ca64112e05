//! Bodies of blocks as values: attributes, nested blocks, dynamic blocks.

use super::root::{Instance, RootEval};
use super::scope::{Each, ModuleScope};
use crate::expr::{Env, Evaluator};
use crate::syntax::hcl::{Block, Body, Item};
use crate::value::{Arm, Cause, CauseKind, Entries, Kind, List, Map, Rest, Str, Trail, Value};
use rustc_hash::FxHashMap;
use std::rc::Rc;
use std::sync::Arc;

/// Under this prefix an open list of blocks has a companion: one symbolic block for a `dynamic` whose collection is not
/// known. Whether it exists is open, what it holds can be judged.
pub const SYMBOLIC: &str = "dynamic:";

/// Arguments that belong to Terraform, not to the resource.
const META: [&str; 8] =
    ["count", "for_each", "provider", "depends_on", "lifecycle", "connection", "provisioner", "providers"];

/// Whether an argument or block of a resource belongs to Terraform.
pub(super) fn is_meta(name: &str) -> bool {
    META.contains(&name)
}

/// Blocks nested deeper are not looked into.
const MAX_BLOCK_DEPTH: u32 = 20;

/// The evaluation of one body.
pub(super) struct BodyEval<'a> {
    pub root: &'a RootEval<'a>,
    pub instance: &'a Rc<Instance>,
    pub each: &'a Each,
}

#[derive(Default)]
struct Blocks {
    items: Vec<Value>,
    symbolic: Vec<Value>,
    open: Option<Arc<Cause>>,
}

impl BodyEval<'_> {
    /// Attributes and blocks as a map. `top`: leave out what belongs to Terraform.
    pub fn value(&self, body: &Body, rest: Rest, trail: Trail, top: bool) -> Value {
        self.map(body, rest, trail, top, None, 0)
    }

    /// What belongs to Terraform: `lifecycle` and the like, as a map.
    pub fn meta(&self, body: &Body) -> Value {
        let mut entries = Entries::default();
        for block in body.blocks_of("lifecycle") {
            let value = self.map(&block.body, Rest::Closed, Trail::block(block.header), false, None, 1);
            entries.insert("lifecycle".into(), value);
        }
        Value::map(entries)
    }

    fn map(&self, body: &Body, rest: Rest, trail: Trail, top: bool, env: Option<&Env<'_>>, depth: u32) -> Value {
        let scope = ModuleScope { root: self.root, instance: self.instance, each: self.each };
        let evaluator = Evaluator::new(&scope);
        let mut entries = Entries::default();
        let mut kinds: Vec<Str> = Vec::new();
        let mut blocks: FxHashMap<Str, Blocks> = FxHashMap::default();
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    let name = &attribute.name.name;
                    if top && is_meta(name) {
                        continue;
                    }
                    let value = evaluator.eval(&attribute.value, env).used_at(attribute.value.span);
                    entries.insert(name.clone(), value);
                }
                Item::Block(block) => {
                    if top && is_meta(&block.kind.name) {
                        continue;
                    }
                    let dynamic = block.kind.name == "dynamic";
                    let kind = match block.label(0) {
                        Some(label) if dynamic => label.clone(),
                        _ => block.kind.name.clone(),
                    };
                    let group = blocks.entry(kind.clone()).or_insert_with(|| {
                        kinds.push(kind);
                        Blocks::default()
                    });
                    if depth >= MAX_BLOCK_DEPTH {
                        let cause = Cause::at(CauseKind::Limit, "blocks are nested too deeply", block.header);
                        self.root.limited(&cause.what, block.header);
                        group.open = Some(cause);
                    } else if dynamic {
                        self.dynamic(block, group, env, depth);
                    } else {
                        let trail = Trail::block(block.header);
                        group.items.push(self.map(&block.body, Rest::Closed, trail, false, env, depth + 1));
                    }
                }
            }
        }
        for kind in kinds {
            let Some(group) = blocks.remove(&kind) else { continue };
            let trail =
                group.items.first().or(group.symbolic.first()).map_or_else(|| trail.clone(), |v| v.trail.clone());
            if !group.symbolic.is_empty() {
                let symbolic = Value::list(group.symbolic).with_trail(trail.clone());
                entries.insert(format!("{SYMBOLIC}{kind}").into(), symbolic);
            }
            let list = List { items: group.items, open: group.open, set: false };
            // A list of blocks has no place of its own: every block has its own trail.
            entries.insert(kind, Value::from(Kind::List(Arc::new(list))));
        }
        Value::from(Kind::Map(Arc::new(Map { entries, rest }))).with_trail(trail)
    }

    /// `dynamic "kind" { for_each = ..., iterator = x, content { ... } }`
    fn dynamic(&self, block: &Block, group: &mut Blocks, env: Option<&Env<'_>>, depth: u32) {
        let scope = ModuleScope { root: self.root, instance: self.instance, each: self.each };
        let evaluator = Evaluator::new(&scope);
        let (Some(for_each), Some(content)) =
            (block.body.attribute("for_each"), block.body.blocks_of("content").next())
        else {
            group.open =
                Some(Cause::at(CauseKind::Invalid, "a dynamic block needs for_each and content", block.header));
            return;
        };
        let iterator =
            block.body.attribute("iterator").and_then(|a| a.value.as_path()).and_then(|p| p.first().cloned());
        let iterator = iterator.or_else(|| block.label(0).cloned()).unwrap_or_default();
        let collection = evaluator.eval(&for_each.value, env).used_at(for_each.value.span);
        let expand = |key: Value, value: Value| {
            let mut pair = Entries::default();
            pair.insert("key".into(), key);
            pair.insert("value".into(), value);
            let env = Env::bind(&iterator, Value::map(pair), env);
            self.map(&content.body, Rest::Closed, Trail::block(content.header), false, Some(&env), depth + 1)
        };
        let collection = match &collection.kind {
            // Every arm may be the one: their elements are possible ones.
            Kind::Choice(arms) => {
                let cause = collection.cause().unwrap_or_else(|| Cause::new(CauseKind::Input, "it is not decided"));
                let elements: Option<Vec<_>> =
                    arms.iter().map(|arm| elements(&collection.inside(&arm.value))).collect();
                if let Some(elements) = elements {
                    let shared = |(key, value): &(Value, Value)| {
                        elements.iter().all(|all| all.iter().any(|(k, v)| k.same(key) && v.same(value)))
                    };
                    for (i, (arm, all)) in arms.iter().zip(&elements).enumerate() {
                        for (key, value) in all {
                            if !self.root.tick() {
                                break;
                            }
                            let block = expand(key.clone(), value.clone());
                            if !shared(&(key.clone(), value.clone())) {
                                group.symbolic.push(possible(block, arm));
                            } else if i == 0 {
                                group.items.push(block);
                            }
                        }
                    }
                    // Whether the blocks exist is not decided; there are no others.
                    group.open.get_or_insert_with(|| Cause::placed(CauseKind::Member, cause.what.clone(), cause.span));
                    return;
                }
                Value::unknown(cause).or_trail(&collection.trail)
            }
            _ => collection,
        };
        let mut open = None;
        match &collection.kind {
            Kind::List(list) => {
                open.clone_from(&list.open);
                for (i, item) in list.items.iter().enumerate() {
                    if !self.root.tick() {
                        open = Some(Cause::at(CauseKind::Limit, "there is too much to evaluate", block.header));
                        break;
                    }
                    let item = collection.inside(item);
                    let key = if list.set { item.clone() } else { (i as i64).into() };
                    group.items.push(expand(key, item));
                }
            }
            Kind::Map(map) => {
                let mut keys: Vec<&Str> = map.entries.keys().collect();
                keys.sort();
                for key in keys {
                    if !self.root.tick() {
                        open = Some(Cause::at(CauseKind::Limit, "there is too much to evaluate", block.header));
                        break;
                    }
                    group.items.push(expand(key.clone().into(), collection.get(key)));
                }
                if let Rest::Open(cause) = &map.rest {
                    open = Some(cause.clone());
                }
            }
            Kind::Null | Kind::Absent => {}
            _ => {
                open = collection.cause().or_else(|| {
                    Some(Cause::at(CauseKind::Invalid, "for_each is not a collection", for_each.value.span))
                });
            }
        }
        if let Some(cause) = open {
            let unknown = Value::unknown(cause.clone()).with_trail(collection.trail.clone());
            group.symbolic.push(expand(unknown.clone(), unknown));
            group.open = Some(cause);
        }
    }
}

/// A block that is there in one arm of a choice.
fn possible(block: Value, arm: &Arm) -> Value {
    let trail = block.trail.clone();
    let otherwise = Arm { when: arm.when.opposite(), value: Value::null() };
    let arms = vec![Arm { when: arm.when.clone(), value: block }, otherwise];
    Value::choice(arms).or_trail(&trail)
}

/// The elements of a collection that is seen whole, with their keys.
fn elements(collection: &Value) -> Option<Vec<(Value, Value)>> {
    match &collection.kind {
        Kind::Null | Kind::Absent => Some(Vec::new()),
        Kind::List(list) if list.open.is_none() => Some(
            list.items
                .iter()
                .enumerate()
                .map(|(i, item)| {
                    let item = collection.inside(item);
                    (if list.set { item.clone() } else { (i as i64).into() }, item)
                })
                .collect(),
        ),
        Kind::Map(map) if matches!(map.rest, Rest::Closed) => {
            Some(map.entries.keys().map(|key| (key.clone().into(), collection.get(key))).collect())
        }
        _ => None,
    }
}
