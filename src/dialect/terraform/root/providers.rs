//! The configuration of the provider that a resource is made by.

use super::{BodyEval, Instance, RootEval, remember};
use crate::dialect::terraform::module::ResourceBlock;
use crate::dialect::terraform::scope::Each;
use crate::syntax::hcl::{Expr, ExprKind};
use crate::value::{Kind, Map, Rest, Str, Trail, Value};
use std::rc::Rc;
use std::sync::Arc;

impl RootEval<'_> {
    pub(super) fn provider_of(&self, instance: &Rc<Instance>, resource: &ResourceBlock) -> Value {
        let reference = resource.block.body.attribute("provider").and_then(|a| a.value.as_path());
        let (name, alias) = match reference.as_deref() {
            Some([name, alias]) => (name.clone(), alias.clone()),
            Some([name]) => (name.clone(), Str::default()),
            _ => (Str::from(resource.type_name.split('_').next().unwrap_or_default()), Str::default()),
        };
        let key = (name.clone(), Str::from(format!("{alias}:")));
        remember(
            &instance.providers,
            key,
            resource.block.header,
            || format!("provider {name}"),
            || self.with_version(instance, &name, self.provider(instance, &name, &alias)),
        )
    }

    /// The configuration of a provider with the `version` that `required_providers` demands: of the module itself, or
    /// of the nearest one above it that says something. A `version` in the configuration, as it was once written, stays.
    fn with_version(&self, instance: &Rc<Instance>, name: &Str, provider: Value) -> Value {
        let mut above = Some(instance);
        let required = loop {
            let Some(at) = above else { return provider };
            let settings = at.module.settings.iter().flat_map(|s| s.body.blocks_of("required_providers"));
            let found = settings.filter_map(|b| b.body.attribute(name)).find_map(|attribute| {
                let value = self.eval(at, &Each::default(), &attribute.value);
                let version = if value.as_map().is_some() { value.get("version") } else { value };
                version.as_str().is_some().then_some(version)
            });
            match found {
                Some(version) => break version,
                None => above = at.parent.as_ref().map(|p| &p.instance),
            }
        };
        let mut map = match &provider.kind {
            Kind::Map(map) => (**map).clone(),
            Kind::Absent => Map::default(),
            _ => return provider,
        };
        map.entries.entry("version".into()).or_insert(required);
        Value { kind: Kind::Map(Arc::new(map)), ..provider }
    }

    fn provider(&self, instance: &Rc<Instance>, name: &Str, alias: &Str) -> Value {
        if let Some(block) = instance.module.providers.get(&(name.clone(), alias.clone())) {
            let key = (name.clone(), alias.clone());
            return remember(
                &instance.providers,
                key,
                block.header,
                || format!("provider {name}"),
                || {
                    let each = Each::default();
                    BodyEval { root: self, instance, each: &each }.value(
                        &block.body,
                        Rest::Closed,
                        Trail::block(block.header),
                        false,
                    )
                },
            );
        }
        let Some(parent) = &instance.parent else { return Value::absent() };
        let wanted = if alias.is_empty() { name.to_string() } else { format!("{name}.{alias}") };
        let passed = parent.instance.module.calls.get(&parent.call).and_then(|call| {
            let attribute = call.body.attribute("providers")?;
            let ExprKind::Object(entries) = &attribute.value.kind else { return None };
            let path = |e: &Expr| e.as_path().map(|p| p.join(".")).or_else(|| e.as_string().map(ToString::to_string));
            entries.iter().find(|e| path(&e.key).as_deref() == Some(&wanted)).and_then(|e| path(&e.value))
        });
        match passed {
            Some(passed) => {
                let (name, alias) = passed.split_once('.').unwrap_or((&passed, ""));
                self.provider(&parent.instance, &name.into(), &alias.into())
            }
            None if alias.is_empty() => self.provider(&parent.instance, name, alias),
            None => Value::absent(),
        }
    }
}
