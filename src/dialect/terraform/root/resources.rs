//! Resources: their instances, their bodies, and references to them.

use super::{BodyEval, Expansion, Instance, Item, RootEval, remember};
use crate::dialect::Mode;
use crate::dialect::terraform::body::is_meta;
use crate::dialect::terraform::expand::{Shape, expand};
use crate::dialect::terraform::module::ResourceBlock;
use crate::dialect::terraform::scope::Each;
use crate::expr::{Key, doubt};
use crate::source::Span;
use crate::syntax::hcl::Block;
use crate::value::{Cause, CauseKind, HopKind, Kind, Map, Rest, Str, Trail, Truth, Value};
use std::rc::Rc;
use std::sync::Arc;

/// What the steps behind a reference choose.
pub(super) enum Selected<'e> {
    Item(&'e Item, usize),
    All,
    Unknown(Arc<Cause>, usize),
    Missing,
}

impl RootEval<'_> {
    pub(super) fn expansion(&self, instance: &Rc<Instance>, index: usize) -> Rc<Expansion> {
        let Some(resource) = instance.module.resources.get(index) else { return Rc::new(Expansion::single()) };
        match instance.expansions.borrow().get(&index) {
            Some(Some(done)) => return done.clone(),
            Some(None) => {
                let what = format!("{} depends on itself", resource.address());
                return Rc::new(Expansion::unknown(Cause::at(CauseKind::Invalid, what, resource.block.header), None));
            }
            None => {}
        }
        instance.expansions.borrow_mut().insert(index, None);
        let address = instance.join(&resource.address());
        let expansion = Rc::new(self.expand_block(instance, &resource.block, &address));
        instance.expansions.borrow_mut().insert(index, Some(expansion.clone()));
        expansion
    }

    pub(super) fn expand_block(&self, instance: &Rc<Instance>, block: &Block, address: &Str) -> Expansion {
        let value = |name: &str| {
            let attribute = block.body.attribute(name)?;
            Some(self.eval(instance, &Each::default(), &attribute.value).used_at(attribute.value.span))
        };
        let (count, for_each) = (value("count"), value("for_each"));
        let mut expansion = expand(count, for_each, block.header);
        if expansion.is_undecided()
            && let Some(keys) = self.plan.and_then(|plan| plan.keys(&instance.address, address))
        {
            expansion = expansion.planned(keys);
        }
        for _ in &expansion.items {
            self.tick();
        }
        if expansion.cut {
            self.note(block.header, "there are more instances than formwork looks at".to_owned(), true);
        }
        expansion
    }

    pub(super) fn body(&self, instance: &Rc<Instance>, index: usize, item: &Item) -> Value {
        let Some(resource) = instance.module.resources.get(index) else { return Value::absent() };
        let key = (index, item.suffix.clone());
        remember(
            &instance.bodies,
            key,
            resource.block.header,
            || resource.address().to_string(),
            || {
                self.tick();
                let address = instance.join(&format!("{}{}", resource.address(), item.suffix));
                let damage = instance.module.damaged.iter().find(|d| resource.block.span.contains(**d));
                let rest = match resource.mode {
                    // What could not be read may be just what is missed.
                    _ if damage.is_some() => {
                        let span = damage.copied().unwrap_or(resource.block.header);
                        Rest::Open(Cause::at(CauseKind::Invalid, "a part of the block could not be read", span))
                    }
                    Mode::Resource | Mode::Part => Rest::Resource(address),
                    Mode::Data => Rest::Open(external(resource)),
                };
                BodyEval { root: self, instance, each: &item.each }.value(
                    &resource.block.body,
                    rest,
                    Trail::block(resource.block.header),
                    true,
                )
            },
        )
    }

    /// The body of an instance with what can be worked out of it.
    fn whole(&self, instance: &Rc<Instance>, index: usize, item: &Item) -> Value {
        let body = self.body(instance, index, item);
        let Some(resource) = instance.module.resources.get(index) else { return body };
        let computed = self.context.computed.names(resource.mode, &resource.type_name);
        let (Kind::Map(map), false) = (&body.kind, computed.is_empty()) else { return body };
        let mut map = Map::clone(map);
        for name in computed {
            if !map.entries.contains_key(&name) {
                map.entries.insert(name.clone(), self.attribute(instance, index, item, &name));
            }
        }
        Value { kind: Kind::Map(Arc::new(map)), ..body }
    }

    /// `type.name` with the steps behind it: the value, and how many steps were used up.
    pub(in crate::dialect::terraform) fn reference(
        &self,
        instance: &Rc<Instance>,
        mode: Mode,
        type_name: &str,
        name: &str,
        keys: &[Key],
        span: Span,
    ) -> (Value, usize) {
        let Some(index) = instance.module.resource(mode, type_name, name) else {
            let what = format!("{type_name}.{name} is not declared");
            self.note(span, what.clone(), false);
            return (Value::unknown(Cause::at(CauseKind::Invalid, what, span)).written_at(span), keys.len());
        };
        let expansion = self.expansion(instance, index);
        match self.select(&expansion, keys) {
            Selected::Item(item, used) => {
                if item.exists != Truth::Yes {
                    doubt();
                }
                if let Some(Key::Name(attribute)) = keys.get(used) {
                    return (self.attribute(instance, index, item, attribute), used + 1);
                }
                (self.whole(instance, index, item), used)
            }
            Selected::All => {
                // All instances under one key that no instance has: a suffix always starts with a bracket.
                let value = remember(
                    &instance.bodies,
                    (index, "all".into()),
                    span,
                    || format!("{type_name}.{name}"),
                    || expansion.gather(|item| self.whole(instance, index, item)),
                );
                (value, 0)
            }
            Selected::Unknown(cause, used) => (Value::unknown(cause).written_at(span), used),
            Selected::Missing => {
                let what = format!("{type_name}.{name} has no such instance");
                (Value::unknown(Cause::at(CauseKind::Invalid, what, span)).written_at(span), keys.len())
            }
        }
    }

    pub(super) fn select<'e>(&self, expansion: &'e Expansion, keys: &[Key]) -> Selected<'e> {
        if expansion.shape == Shape::Single {
            return match expansion.items.first() {
                Some(item) => Selected::Item(item, 0),
                None => Selected::Missing,
            };
        }
        let key = match keys.first() {
            Some(Key::Index(key)) => key.clone(),
            Some(Key::Name(name)) if expansion.shape == Shape::Map => name.clone().into(),
            _ => return Selected::All,
        };
        match expansion.find(&key) {
            Some(item) => Selected::Item(item, 1),
            None if key.is_unknown() || !key.is_wholly_known() => {
                let cause = key.cause().unwrap_or_else(|| Cause::new(CauseKind::Input, "the key is not known"));
                Selected::Unknown(cause, keys.len())
            }
            None => Selected::Missing,
        }
    }

    /// One attribute of one instance, without evaluating the others if that can be avoided.
    pub(super) fn attribute(&self, instance: &Rc<Instance>, index: usize, item: &Item, name: &Str) -> Value {
        let Some(resource) = instance.module.resources.get(index) else { return Value::absent() };
        let address = instance.join(&format!("{}{}", resource.address(), item.suffix));
        let block = &resource.block;
        let written = block.body.attribute(name).filter(|_| !is_meta(name));
        let value = match written {
            Some(attribute) => {
                let key = (index, item.suffix.clone(), name.clone());
                let value = remember(
                    &instance.attributes,
                    key,
                    attribute.span,
                    || format!("{address}.{name}"),
                    || self.eval(instance, &item.each, &attribute.value).used_at(attribute.value.span),
                );
                // `null` leaves the value to the provider.
                (!value.is_unset()).then_some(value)
            }
            None if block.body.blocks().any(|b| b.kind.name == *name || b.label(0) == Some(name)) => {
                Some(self.body(instance, index, item).get(name))
            }
            None => None,
        };
        match value {
            Some(value) => value.hop(HopKind::Attribute, format!("{address}.{name}")),
            None => {
                let body = || self.body(instance, index, item);
                let provider = || self.provider_of(instance, resource);
                let computed =
                    self.context.computed.attribute(resource.mode, &resource.type_name, name, &body, &provider);
                match (computed, resource.mode) {
                    (Some(value), _) => {
                        value.or_trail(&Trail::block(block.header)).hop(HopKind::Attribute, format!("{address}.{name}"))
                    }
                    (None, Mode::Resource | Mode::Part) => Value::after_apply(address, name.clone()),
                    (None, Mode::Data) if self.plan.and_then(|p| p.data(&address)).is_some() => {
                        let values = self.plan.and_then(|p| p.data(&address));
                        let value = values.map_or_else(Value::absent, |v| v.get(name));
                        let trail = Trail::one(HopKind::Attribute, format!("{address}.{name}"), block.header);
                        value.with_trail(trail)
                    }
                    (None, Mode::Data) => {
                        let called = format!("{address}.{name}");
                        let cause = external(resource);
                        let distinct = self.context.computed.distinct(resource.mode, &resource.type_name, name);
                        let cause = distinct.map_or_else(|| cause.clone(), |least| cause.of_distinct(&called, least));
                        Value::unknown(cause).with_trail(Trail::one(HopKind::Attribute, called, block.header))
                    }
                }
            }
        }
    }
}

fn external(resource: &ResourceBlock) -> Arc<Cause> {
    Cause::at(CauseKind::External, format!("{} is read while planning", resource.address()), resource.block.header)
}

/// The block of a declaration. What a data source has beside its arguments exists only once it is read: it is no more
/// written than what a resource has after deployment.
pub(super) fn arguments(body: Value, address: &Str) -> Value {
    match &body.kind {
        Kind::Map(map) if matches!(&map.rest, Rest::Open(cause) if cause.kind == CauseKind::External) => {
            let map = Map { entries: map.entries.clone(), rest: Rest::Resource(address.clone()) };
            Value { kind: Kind::Map(Arc::new(map)), ..body }
        }
        _ => body,
    }
}
