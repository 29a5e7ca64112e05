//! Variables, outputs and providers as declarations, for rules that judge them.

use super::{BodyEval, Instance, RootEval};
use crate::dialect::terraform::scope::Each;
use crate::dialect::{Declaration, Dialect, Mode, Part};
use crate::syntax::hcl::Block;
use crate::value::{Entries, HopKind, Kind, Map, Rest, Str, Trail, Value};
use std::rc::Rc;
use std::sync::Arc;

impl RootEval<'_> {
    /// The parts of a module, once however often it is called.
    pub(super) fn parts(&self, instance: &Rc<Instance>, out: &mut Vec<Declaration>) {
        let wanted = |type_name: &str| (self.context.wanted)(Mode::Part, type_name);
        if wanted("variable") {
            for (name, block) in &instance.module.variables {
                out.extend(self.part(instance, block, "variable", &format!("var.{name}"), name));
            }
        }
        if wanted("output") {
            for (name, block) in &instance.module.outputs {
                out.extend(self.part(instance, block, "output", &format!("output.{name}"), name));
            }
        }
        let mut providers: Vec<_> = instance.module.providers.iter().collect();
        providers.sort_by_key(|(_, block)| block.span);
        for ((name, alias), block) in providers {
            let type_name = format!("provider.{name}");
            if wanted(&type_name) {
                let address = if alias.is_empty() { type_name.clone() } else { format!("{type_name}.{alias}") };
                out.extend(self.part(instance, block, &type_name, &address, name));
            }
        }
    }

    fn part(
        &self,
        instance: &Rc<Instance>,
        block: &Block,
        type_name: &str,
        address: &str,
        name: &Str,
    ) -> Option<Declaration> {
        if !self.parts.borrow_mut().insert(block.span) {
            return None;
        }
        let each = Each::default();
        let mut attributes = Entries::default();
        attributes.insert("name".into(), Value::from(name.clone()).written_at(block.header));
        let body = BodyEval { root: self, instance, each: &each };
        for attribute in block.body.attributes() {
            let (key, span) = (&attribute.name.name, attribute.value.span);
            // A type is no value.
            let value = if type_name == "variable" && key == "type" {
                let source = self.context.sources.get(span.file);
                Value::from(source.text.get(span.range()).unwrap_or_default()).written_at(span)
            } else {
                self.eval(instance, &each, &attribute.value).used_at(span)
            };
            attributes.insert(key.clone(), value);
        }
        if type_name.starts_with("provider.") {
            // With its blocks: roles that are assumed, tags.
            let value = body.value(&block.body, Rest::Closed, Trail::block(block.header), false);
            if let Kind::Map(map) = &value.kind {
                for (key, value) in &map.entries {
                    attributes.entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
        }
        let map = Map { entries: attributes, rest: Rest::Closed };
        Some(
            Part {
                dialect: Dialect::Terraform,
                type_name: type_name.into(),
                address: instance.join(address),
                module: instance.address.clone(),
                header: block.header,
                span: block.span,
                body: block.body.span,
                attributes: Value::from(Kind::Map(Arc::new(map))).with_trail(Trail::one(
                    HopKind::Block,
                    "",
                    block.header,
                )),
            }
            .declared(),
        )
    }
}
