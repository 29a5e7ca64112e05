//! What names mean inside a Terraform module.

use super::root::{Instance, RootEval};
use crate::expr::{Evaluator, Host, Key, Scope};
use crate::source::{ReadError, Span};
use crate::value::{Cause, CauseKind, Kind, Str, Value};
use std::rc::Rc;

/// A scope without names, for `.tfvars` files and defaults.
pub(super) struct ConstantScope;

impl Host for ConstantScope {
    fn render(&self, name: &str, _: &str, _: &Value) -> Value {
        Value::unknown(Cause::new(CauseKind::Invalid, format!("{name} cannot be rendered here")))
    }
}

impl Scope for ConstantScope {
    fn host(&self) -> &dyn Host {
        self
    }

    fn resolve(&self, _: &str, _: &[Key], _: Span) -> Option<(Value, usize)> {
        None
    }
}

/// What stands for one instance of a block with `count` or `for_each`.
#[derive(Clone, Debug, Default)]
pub(super) struct Each {
    /// `count.index`
    pub index: Option<Value>,
    /// `each.key` and `each.value`
    pub pair: Option<(Value, Value)>,
}

/// The names inside one instance of a module, for one instance of a block.
pub(super) struct ModuleScope<'a> {
    pub root: &'a RootEval<'a>,
    pub instance: &'a Rc<Instance>,
    pub each: &'a Each,
}

impl ModuleScope<'_> {
    fn each(&self, keys: &[Key]) -> Option<(Value, usize)> {
        let (key, value) = self.each.pair.as_ref()?;
        match keys.first()? {
            Key::Name(name) if name == "key" => Some((key.clone(), 1)),
            Key::Name(name) if name == "value" => Some((value.clone(), 1)),
            _ => None,
        }
    }

    fn path(&self, keys: &[Key], span: Span) -> Option<(Value, usize)> {
        let Key::Name(name) = keys.first()? else { return None };
        let value = match name.as_str() {
            "module" => Value::from(self.instance.relative_dir.clone()),
            "root" => Value::from("."),
            _ => Value::unknown(Cause::at(CauseKind::Deployment, "path.cwd is where Terraform is run", span)),
        };
        Some((value.written_at(span), 1))
    }
}

/// The first key, if it is a name.
fn name_of(keys: &[Key], at: usize) -> Option<&Str> {
    match keys.get(at)? {
        Key::Name(name) => Some(name),
        _ => None,
    }
}

impl Host for ModuleScope<'_> {
    fn read_file(&self, path: &str) -> Result<String, ReadError> {
        self.root.context.fs.read(&self.root.dir.join(path))
    }

    fn file_set(&self, folder: &str, pattern: &str) -> Result<Vec<String>, ReadError> {
        super::files::file_set(self.root.context.fs, &self.root.dir.join(folder), pattern)
    }

    fn render(&self, name: &str, text: &str, variables: &Value) -> Value {
        let Some(template) = self.root.template(name, text) else {
            return Value::unknown(Cause::new(CauseKind::Limit, "the templates take too much memory"));
        };
        if let Some(problem) = template.problems.first() {
            return Value::unknown(Cause::at(CauseKind::Invalid, problem.message.clone(), problem.span));
        }
        let scope = TemplateScope { outer: self, variables };
        Evaluator::new(&scope).template(&template.parts, template.span, None)
    }
}

impl Scope for ModuleScope<'_> {
    fn host(&self) -> &dyn Host {
        self
    }

    fn tick(&self) -> bool {
        self.root.tick()
    }

    fn spend(&self, bytes: usize) -> bool {
        self.root.spend(bytes)
    }

    fn limited(&self, what: &str, span: Span) {
        self.root.limited(what, span);
    }

    fn resolve(&self, root: &str, keys: &[Key], span: Span) -> Option<(Value, usize)> {
        let eval = self.root;
        match root {
            "var" => Some((eval.variable(self.instance, name_of(keys, 0)?, span), 1)),
            "local" => Some((eval.local(self.instance, name_of(keys, 0)?, span), 1)),
            "each" => Some(self.each(keys).unwrap_or_else(|| (eval.misplaced("each", span), keys.len().min(1)))),
            "count" => match &self.each.index {
                Some(index) if name_of(keys, 0)? == "index" => Some((index.clone(), 1)),
                _ => Some((eval.misplaced("count.index", span), keys.len().min(1))),
            },
            "path" => self.path(keys, span),
            "terraform" => {
                let name = name_of(keys, 0)?;
                let cause = Cause::at(CauseKind::Input, format!("terraform.{name} is not given"), span);
                Some((Value::unknown(cause).written_at(span), 1))
            }
            "self" => {
                let cause = Cause::at(CauseKind::Deployment, "self is known only while deploying", span);
                Some((Value::unknown(cause).written_at(span), keys.len()))
            }
            "module" => {
                Some(eval.module_call(self.instance, name_of(keys, 0)?, &keys[1..], span)).map(|(v, n)| (v, n + 1))
            }
            "data" => {
                let (type_name, name) = (name_of(keys, 0)?, name_of(keys, 1)?);
                let (value, used) =
                    eval.reference(self.instance, crate::dialect::Mode::Data, type_name, name, &keys[2..], span);
                Some((value, used + 2))
            }
            "ephemeral" => {
                let cause = Cause::at(CauseKind::External, "ephemeral values are never known", span);
                Some((Value::unknown(cause), keys.len()))
            }
            "resource" if matches!(keys, [Key::Name(_), Key::Name(_), ..]) => {
                let (type_name, name) = (name_of(keys, 0)?, name_of(keys, 1)?);
                let (value, used) =
                    eval.reference(self.instance, crate::dialect::Mode::Resource, type_name, name, &keys[2..], span);
                Some((value, used + 2))
            }
            _ => {
                let name = name_of(keys, 0)?;
                let (value, used) =
                    eval.reference(self.instance, crate::dialect::Mode::Resource, root, name, &keys[1..], span);
                Some((value, used + 1))
            }
        }
    }
}

/// The variables given to `templatefile` and nothing else.
struct TemplateScope<'a> {
    outer: &'a ModuleScope<'a>,
    variables: &'a Value,
}

impl Host for TemplateScope<'_> {
    fn read_file(&self, path: &str) -> Result<String, ReadError> {
        self.outer.read_file(path)
    }

    fn render(&self, name: &str, _: &str, _: &Value) -> Value {
        Value::unknown(Cause::new(CauseKind::Invalid, format!("{name}: a template cannot render a template")))
    }
}

impl Scope for TemplateScope<'_> {
    fn host(&self) -> &dyn Host {
        self
    }

    fn tick(&self) -> bool {
        self.outer.tick()
    }

    fn spend(&self, bytes: usize) -> bool {
        self.outer.spend(bytes)
    }

    fn limited(&self, what: &str, span: Span) {
        self.outer.limited(what, span);
    }

    fn resolve(&self, root: &str, _: &[Key], span: Span) -> Option<(Value, usize)> {
        match &self.variables.kind {
            Kind::Map(map) => match (map.entries.get(root), self.variables.cause()) {
                (Some(value), _) => Some((value.clone(), 0)),
                (None, Some(cause)) if !matches!(map.rest, crate::value::Rest::Closed) => {
                    Some((Value::unknown(cause), 0))
                }
                _ => None,
            },
            _ => {
                let cause = self
                    .variables
                    .cause()
                    .unwrap_or_else(|| Cause::at(CauseKind::Invalid, "the variables are not a map", span));
                Some((Value::unknown(cause), 0))
            }
        }
    }
}
