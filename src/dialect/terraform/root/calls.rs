//! Calls of modules: their instances, and what they give back.

use super::resources::Selected;
use super::{Calls, Instance, MAX_MODULE_DEPTH, MAX_MODULES, Parent, RootEval, remember};
use crate::dialect::terraform::expand::Item;
use crate::dialect::terraform::module::Module;
use crate::dialect::terraform::scope::Each;
use crate::dialect::terraform::source_of;
use crate::expr::{Key, doubt};
use crate::source::{Span, normalize};
use crate::syntax::hcl::Block;
use crate::value::{Cause, CauseKind, Entries, HopKind, Str, Truth, Value};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

impl RootEval<'_> {
    pub(super) fn calls(&self, instance: &Rc<Instance>, name: &Str) -> Option<Rc<Calls>> {
        let block = instance.module.calls.get(name)?;
        match instance.calls.borrow().get(name) {
            Some(Some(done)) => return Some(done.clone()),
            // The expansion of the call needs an output of the call.
            Some(None) => return None,
            None => {}
        }
        instance.calls.borrow_mut().insert(name.clone(), None);
        let calls = Rc::new(self.make_calls(instance, name, block));
        instance.calls.borrow_mut().insert(name.clone(), Some(calls.clone()));
        Some(calls)
    }

    fn make_calls(&self, instance: &Rc<Instance>, name: &Str, block: &Block) -> Calls {
        let key_path =
            if instance.key_path.is_empty() { name.to_string() } else { format!("{}.{name}", instance.key_path) };
        let address = instance.join(&format!("module.{name}"));
        let expansion = Rc::new(self.expand_block(instance, block, &address));
        for item in &expansion.items {
            let address = instance.join(&format!("module.{name}{}", item.suffix));
            let mut callers = instance.callers.clone();
            callers.push((address.clone(), block.header));
            self.callers.borrow_mut().insert(address, callers);
        }
        let module = match self.find_module(instance, name, block, &key_path) {
            Ok(module) => module,
            Err(cause) => {
                self.note(block.header, cause.what.to_string(), cause.kind != CauseKind::Invalid);
                return Calls { expansion, children: Vec::new(), missing: Some(cause) };
            }
        };
        let instances = self.modules.get() + expansion.items.len();
        if instances > MAX_MODULES {
            let cause = Cause::at(CauseKind::Limit, format!("more than {MAX_MODULES} module instances"), block.header);
            self.limited(&cause.what, block.header);
            return Calls { expansion, children: Vec::new(), missing: Some(cause) };
        }
        self.modules.set(instances);
        let relative_dir: Str = relative(&self.dir, &module.dir).into();
        let children = expansion
            .items
            .iter()
            .map(|item| {
                let address = instance.join(&format!("module.{name}{}", item.suffix));
                let mut child = Instance::new(module.clone(), address.clone(), relative_dir.clone(), key_path.clone());
                child.callers.clone_from(&instance.callers);
                child.callers.push((address, block.header));
                child.exists = instance.exists.and(item.exists);
                child.exists_cause =
                    if item.exists == Truth::Yes { instance.exists_cause.clone() } else { item.cause.clone() };
                child.parent = Some(Parent { instance: instance.clone(), call: name.clone(), each: item.each.clone() });
                Rc::new(child)
            })
            .collect();
        Calls { expansion, children, missing: None }
    }

    fn find_module(
        &self,
        instance: &Rc<Instance>,
        name: &Str,
        block: &Block,
        key_path: &str,
    ) -> Result<Arc<Module>, Arc<Cause>> {
        let Some(attribute) = block.body.attribute("source") else {
            let what = format!("module.{name} has no source");
            return Err(Cause::at(CauseKind::Invalid, what, block.header));
        };
        // OpenTofu takes variables and locals here.
        let value = match source_of(block) {
            Some((source, _)) => source.clone().into(),
            None => self.eval(instance, &Each::default(), &attribute.value),
        };
        let Some(source) = value.as_str() else {
            let what = format!("the source of module.{name} is not known");
            return Err(Cause::at(CauseKind::Missing, what, attribute.value.span));
        };
        let missing = || {
            let what = format!("module.{name} is not on disk (source {source})");
            Cause::at(CauseKind::Missing, what, attribute.value.span)
        };
        let local = source.starts_with("./") || source.starts_with("../");
        let dir = if local {
            normalize(&instance.module.dir.join(source))
        } else if let Some(dir) = self.context.module_map.get(source) {
            dir.clone()
        } else {
            self.installed.get(key_path).cloned().ok_or_else(missing)?
        };
        let mut above = Some(instance);
        let mut depth = 0;
        while let Some(at) = above {
            if at.module.dir == dir {
                let what = format!("module.{name} calls itself");
                return Err(Cause::at(CauseKind::Invalid, what, block.header));
            }
            depth += 1;
            above = at.parent.as_ref().map(|p| &p.instance);
        }
        if depth >= MAX_MODULE_DEPTH {
            let what = format!("modules are nested deeper than {MAX_MODULE_DEPTH} calls");
            return Err(Cause::at(CauseKind::Limit, what, block.header));
        }
        self.context.modules.get(&dir, self.context).ok_or_else(missing)
    }

    /// `module.name` with the steps behind it: the value, and how many steps were used up.
    pub(in crate::dialect::terraform) fn module_call(
        &self,
        instance: &Rc<Instance>,
        name: &Str,
        keys: &[Key],
        span: Span,
    ) -> (Value, usize) {
        if !instance.module.calls.contains_key(name) {
            let what = format!("module.{name} is not declared");
            self.note(span, what.clone(), false);
            return (Value::unknown(Cause::at(CauseKind::Invalid, what, span)).written_at(span), keys.len());
        }
        let Some(calls) = self.calls(instance, name) else {
            let what = format!("module.{name} depends on itself");
            return (Value::unknown(Cause::at(CauseKind::Invalid, what, span)).written_at(span), keys.len());
        };
        if let Some(cause) = &calls.missing {
            return (Value::unknown(cause.clone()).written_at(span), keys.len());
        }
        let child = |item: &Item| calls.children.get(calls.expansion.position(item)?).cloned();
        match self.select(&calls.expansion, keys) {
            Selected::Item(item, used) => {
                if item.exists != Truth::Yes {
                    doubt();
                }
                let Some(child) = child(item) else { return (Value::absent(), used) };
                match keys.get(used) {
                    Some(Key::Name(output)) => (self.output(&child, output, span), used + 1),
                    _ => (self.outputs(&child), used),
                }
            }
            Selected::All => {
                let value = calls.expansion.gather(|item| child(item).map_or_else(Value::absent, |c| self.outputs(&c)));
                (value, 0)
            }
            Selected::Unknown(cause, used) => (Value::unknown(cause).written_at(span), used),
            Selected::Missing => {
                let what = format!("module.{name} has no such instance");
                (Value::unknown(Cause::at(CauseKind::Invalid, what, span)).written_at(span), keys.len())
            }
        }
    }

    fn output(&self, child: &Rc<Instance>, name: &Str, span: Span) -> Value {
        let Some(value) = child.module.outputs.get(name).and_then(|b| b.body.attribute("value")) else {
            let what = format!("{} has no output {name}", child.address);
            self.note(span, what.clone(), false);
            return Value::unknown(Cause::at(CauseKind::Invalid, what, span)).written_at(span);
        };
        remember(
            &child.outputs,
            name.clone(),
            value.span,
            || format!("{}.{name}", child.address),
            || {
                let out = self.eval(child, &Each::default(), &value.value).used_at(value.value.span);
                out.hop(HopKind::Output, format!("{}.{name}", child.address))
            },
        )
    }

    fn outputs(&self, child: &Rc<Instance>) -> Value {
        let mut entries = Entries::default();
        for (name, block) in &child.module.outputs {
            entries.insert(name.clone(), self.output(child, name, block.header));
        }
        Value::map(entries)
    }
}

/// The path from one folder to another, with forward slashes.
fn relative(from: &Path, to: &Path) -> String {
    let (from, to) = (normalize(from), normalize(to));
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let mut out = PathBuf::new();
    for _ in from.components().skip(common) {
        out.push("..");
    }
    for part in to.components().skip(common) {
        out.push(part);
    }
    if out.as_os_str().is_empty() { ".".to_owned() } else { crate::source::display_name(&out) }
}
