//! Attributes that the catalogs say how to work out.

use crate::dialect::Mode;
use crate::dialect::terraform::Computed;
use crate::expr::{Evaluator, Function, Host, Key, Scope};
use crate::graph::{Catalog, native, type_key};
use crate::source::Span;
use crate::value::{Cause, CauseKind, Str, Value};

/// The `computed` blocks of the catalogs.
pub(super) struct FromCatalog<'a> {
    pub catalog: &'a Catalog,
}

struct SelfScope<'a> {
    body: &'a dyn Fn() -> Value,
    provider: &'a dyn Fn() -> Value,
}

impl Host for SelfScope<'_> {
    fn render(&self, name: &str, _: &str, _: &Value) -> Value {
        Value::unknown(Cause::new(CauseKind::Unsupported, format!("{name} cannot be rendered here")))
    }
}

impl Scope for SelfScope<'_> {
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
        native::lookup(name)
    }

    fn resolve(&self, root: &str, _: &[Key], _: Span) -> Option<(Value, usize)> {
        match root {
            "self" => Some(((self.body)(), 0)),
            "provider" => Some(((self.provider)(), 0)),
            _ => None,
        }
    }
}

impl Computed for FromCatalog<'_> {
    fn attribute(
        &self,
        mode: Mode,
        type_name: &str,
        attribute: &str,
        body: &dyn Fn() -> Value,
        provider: &dyn Fn() -> Value,
    ) -> Option<Value> {
        let key = (Str::from(type_key(mode, type_name)), Str::from(attribute));
        let expr = self.catalog.computed.get(&key)?;
        let value = Evaluator::new(&SelfScope { body, provider }).eval(expr, None);
        (!value.is_unset()).then_some(value)
    }

    fn names(&self, mode: Mode, type_name: &str) -> Vec<Str> {
        let raw = type_key(mode, type_name);
        let mut names: Vec<Str> =
            self.catalog.computed.keys().filter(|(of, _)| *of == raw.as_str()).map(|(_, name)| name.clone()).collect();
        names.sort_unstable();
        names
    }

    fn distinct(&self, mode: Mode, type_name: &str, attribute: &str) -> Option<usize> {
        let key = (Str::from(type_key(mode, type_name)), Str::from(attribute));
        self.catalog.distinct.get(&key).copied()
    }
}
