//! One root module with all it calls, evaluated on demand: nothing that nobody asks for is worked out.

use super::body::{BodyEval, is_meta};
use super::expand::{Expansion, Item, Shape, expand};
use super::inputs::Given;
use super::module::{Module, ResourceBlock};
use super::scope::{Each, ModuleScope};
use super::types::Type;
use super::{Context, source_of};
use crate::dialect::{Declaration, Dialect, Mode, Note, Root};
use crate::expr::{Evaluator, Key, doubt};
use crate::source::{Span, normalize};
use crate::syntax::Problem;
use crate::syntax::hcl::{self, Block, Expr, Part};
use crate::value::{Cause, CauseKind, Entries, HopKind, Kind, Rest, Str, Trail, Truth, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Work per root: loop rounds, function calls, instances.
const MAX_WORK: u64 = 2_000_000;

/// Memory that values of a root may take, in bytes, roughly. What is dropped again counts as well.
const MAX_BYTES: usize = 300_000_000;

/// No more notes are kept for a root.
const MAX_NOTES: usize = 1_000;

/// Instances of modules per root.
const MAX_MODULES: usize = 20_000;

/// What a part of a value takes, roughly.
const PART_BYTES: usize = 96;

/// Module calls nested deeper are not followed.
const MAX_MODULE_DEPTH: usize = 32;

/// Instances declared per root.
const MAX_DECLARATIONS: usize = 200_000;

enum Memo {
    Running,
    Done(Value),
}

type Memos<K> = RefCell<FxHashMap<K, Memo>>;

/// The instances of a module call.
struct Calls {
    expansion: Rc<Expansion>,
    /// One for every item of the expansion; empty when the module is missing.
    children: Vec<Rc<Instance>>,
    missing: Option<Arc<Cause>>,
}

/// One instance of a module: the root, or a call with its key.
pub(super) struct Instance {
    module: Arc<Module>,
    /// `module.a["x"].module.b`; empty for the root.
    address: Str,
    /// From the folder of the root module.
    pub(super) relative_dir: Str,
    /// `a.b`, as in `modules.json`.
    key_path: String,
    parent: Option<Parent>,
    callers: Vec<(Str, Span)>,
    exists: Truth,
    exists_cause: Option<Arc<Cause>>,
    variables: Memos<Str>,
    locals: Memos<Str>,
    outputs: Memos<Str>,
    attributes: Memos<(usize, Str, Str)>,
    bodies: Memos<(usize, Str)>,
    providers: Memos<(Str, Str)>,
    expansions: RefCell<FxHashMap<usize, Option<Rc<Expansion>>>>,
    calls: RefCell<FxHashMap<Str, Option<Rc<Calls>>>>,
}

struct Parent {
    instance: Rc<Instance>,
    call: Str,
    each: Each,
}

/// The evaluation of one root.
pub(super) struct RootEval<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) dir: PathBuf,
    installed: FxHashMap<String, PathBuf>,
    given: Given,
    work: Cell<u64>,
    bytes: Cell<usize>,
    modules: Cell<usize>,
    notes: RefCell<Vec<Note>>,
    /// What the notes say, so that nothing is said twice.
    noted: RefCell<FxHashSet<(Span, String)>>,
    templates: RefCell<FxHashMap<String, Rc<Template>>>,
}

/// A template that `templatefile` or `templatestring` renders.
pub(super) struct Template {
    pub span: Span,
    pub parts: Vec<Part>,
    pub problems: Vec<Problem>,
}

fn remember<K: std::hash::Hash + Eq + Clone>(
    memos: &Memos<K>,
    key: K,
    span: Span,
    name: impl Fn() -> String,
    make: impl FnOnce() -> Value,
) -> Value {
    match memos.borrow().get(&key) {
        Some(Memo::Done(value)) => return value.clone(),
        Some(Memo::Running) => {
            let what = format!("{} refers to itself", name());
            return Value::unknown(Cause::at(CauseKind::Invalid, what, span)).written_at(span);
        }
        None => {}
    }
    memos.borrow_mut().insert(key.clone(), Memo::Running);
    let value = make();
    memos.borrow_mut().insert(key, Memo::Done(value.clone()));
    value
}

impl<'a> RootEval<'a> {
    pub(super) fn new(context: &'a Context<'a>, dir: &Path, given: Given) -> Self {
        Self {
            context,
            dir: dir.to_owned(),
            installed: super::installed_modules(dir, context.fs),
            given,
            work: Cell::new(0),
            bytes: Cell::new(0),
            modules: Cell::new(0),
            notes: RefCell::default(),
            noted: RefCell::default(),
            templates: RefCell::default(),
        }
    }

    pub(super) fn tick(&self) -> bool {
        let work = self.work.get() + 1;
        self.work.set(work);
        work <= MAX_WORK && self.bytes.get() <= MAX_BYTES
    }

    pub(super) fn spend(&self, bytes: usize) -> bool {
        let bytes = self.bytes.get().saturating_add(bytes);
        self.bytes.set(bytes);
        bytes <= MAX_BYTES
    }

    /// A bound was reached.
    pub(super) fn limited(&self, what: &str, span: Span) {
        self.note(span, what.to_owned(), true);
    }

    fn note(&self, span: Span, message: String, gap: bool) {
        let mut noted = self.noted.borrow_mut();
        if noted.len() < MAX_NOTES && noted.insert((span, message.clone())) {
            self.notes.borrow_mut().push(Note { span, message, gap });
        }
    }

    /// A template, parsed once for all who render it. `None`: there were too many.
    pub(super) fn template(&self, name: &str, text: &str) -> Option<Rc<Template>> {
        if let Some(known) = self.templates.borrow().get(name)
            && *self.context.sources.get(known.span.file).text == *text
        {
            return Some(known.clone());
        }
        // The tree takes several times the memory of the text.
        if !self.spend(text.len().saturating_mul(4)) {
            return None;
        }
        let file = self.context.sources.add(self.dir.join(name), text);
        let source = self.context.sources.get(file);
        let span = Span::new(file, 0, source.text.len());
        let (parts, problems) = hcl::parse_template(&source.text, span);
        let template = Rc::new(Template { span, parts, problems });
        self.templates.borrow_mut().insert(name.to_owned(), template.clone());
        Some(template)
    }

    /// All declarations of the root.
    pub(super) fn run(self, module: &Arc<Module>, name: String) -> Root {
        let mut files = module.files.clone();
        files.extend(self.given.files.iter().copied());
        let instance = Rc::new(Instance::new(module.clone(), Str::default(), ".".into(), String::new()));
        let mut declarations = Vec::new();
        let mut resources = 0;
        self.walk(&instance, &mut declarations, &mut resources, &mut files);
        if (self.work.get() > MAX_WORK || self.bytes.get() > MAX_BYTES)
            && let Some(&file) = files.first()
        {
            let span = Span::new(file, 0, 0);
            self.note(span, format!("the evaluation of {name} was given up: there is too much of it"), true);
        }
        files.sort_unstable();
        files.dedup();
        let mut notes = self.notes.into_inner();
        notes.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
        Root { dialect: Dialect::Terraform, name, declarations, resources, notes, files }
    }

    fn walk(
        &self,
        instance: &Rc<Instance>,
        out: &mut Vec<Declaration>,
        resources: &mut usize,
        files: &mut Vec<crate::source::FileId>,
    ) {
        for (index, resource) in instance.module.resources.iter().enumerate() {
            let expansion = self.expansion(instance, index);
            if resource.mode == Mode::Resource {
                *resources += expansion.items.len();
            }
            if !(self.context.wanted)(resource.mode, &resource.type_name) {
                continue;
            }
            for item in &expansion.items {
                if out.len() >= MAX_DECLARATIONS {
                    self.note(resource.block.header, format!("more than {MAX_DECLARATIONS} instances"), true);
                    return;
                }
                out.push(self.declaration(instance, index, resource, item));
            }
        }
        for (span, message) in &instance.module.duplicates {
            self.note(*span, message.clone(), false);
        }
        for name in instance.module.calls.keys() {
            let calls = self.calls(instance, name);
            let Some(calls) = calls else { continue };
            for child in &calls.children {
                files.extend(child.module.files.iter().copied());
                self.walk(child, out, resources, files);
            }
        }
    }

    fn declaration(&self, instance: &Rc<Instance>, index: usize, resource: &ResourceBlock, item: &Item) -> Declaration {
        let block = &resource.block;
        let address = instance.join(&format!("{}{}", resource.address(), item.suffix));
        let attributes = self.body(instance, index, item);
        let body = BodyEval { root: self, instance, each: &item.each };
        let exists = instance.exists.and(item.exists);
        Declaration {
            dialect: Dialect::Terraform,
            mode: resource.mode,
            type_name: resource.type_name.clone(),
            address,
            module: instance.address.clone(),
            header: block.header,
            span: block.span,
            body: block.body.span,
            exists,
            exists_cause: if item.exists == Truth::Yes { instance.exists_cause.clone() } else { item.cause.clone() },
            guard: None,
            attributes,
            meta: body.meta(&block.body),
            provider: self.provider_of(instance, resource),
            callers: instance.callers.clone(),
        }
    }

    fn eval(&self, instance: &Rc<Instance>, each: &Each, expr: &Expr) -> Value {
        let scope = ModuleScope { root: self, instance, each };
        Evaluator::new(&scope).eval(expr, None)
    }

    pub(super) fn misplaced(&self, name: &str, span: Span) -> Value {
        Value::unknown(Cause::at(CauseKind::Invalid, format!("{name} means nothing here"), span)).written_at(span)
    }

    // ---- variables and locals ----

    pub(super) fn variable(&self, instance: &Rc<Instance>, name: &Str, span: Span) -> Value {
        let Some(block) = instance.module.variables.get(name) else {
            self.note(span, format!("var.{name} is not declared"), false);
            return Value::unknown(Cause::at(CauseKind::Invalid, format!("var.{name} is not declared"), span))
                .written_at(span);
        };
        remember(
            &instance.variables,
            name.clone(),
            span,
            || format!("var.{name}"),
            || self.variable_value(instance, name, block),
        )
    }

    fn variable_value(&self, instance: &Rc<Instance>, name: &Str, block: &Block) -> Value {
        let flag = |key: &str| {
            let attribute = block.body.attribute(key)?;
            self.eval(instance, &Each::default(), &attribute.value).as_bool()
        };
        let constant = |expr: &Expr| self.eval(instance, &Each::default(), expr);
        let given = match &instance.parent {
            Some(parent) => parent.instance.module.calls.get(&parent.call).and_then(|call| {
                let argument = call.body.attribute(name)?;
                let value = self.eval(&parent.instance, &parent.each, &argument.value).used_at(argument.value.span);
                Some(value.hop(HopKind::Argument, format!("{name} of {}", instance.address)))
            }),
            None => self.given.values.get(name).cloned(),
        };
        let default = block.body.attribute("default");
        let label: Str = format!("var.{name}").into();
        let value = match (given, default) {
            (Some(value), _) if !value.is_unset() || flag("nullable") != Some(false) || default.is_none() => value,
            (_, Some(_)) if instance.parent.is_none() && self.context.inputs.strict => {
                let cause = Cause::at(CauseKind::Input, format!("{label} is left to its default"), block.header);
                Value::unknown(cause).with_trail(Trail::one(HopKind::Default, label, block.header))
            }
            (_, Some(default)) => constant(&default.value).used_at(default.value.span).hop(HopKind::Default, label),
            (_, None) => {
                let cause = Cause::at(CauseKind::Input, format!("{label} has no value"), block.header);
                Value::unknown(cause).with_trail(Trail::one(HopKind::Default, label, block.header))
            }
        };
        let value = match block.body.attribute("type") {
            Some(attribute) => {
                let of = Type::read(&attribute.value);
                let converted = of.convert(&value, &|expr| constant(expr).used_at(expr.span));
                let parts = match converted.kind {
                    Kind::List(_) | Kind::Map(_) => converted.parts_within(MAX_BYTES / PART_BYTES, usize::MAX),
                    _ => Some(0),
                };
                if parts.is_some_and(|n| self.spend(n * PART_BYTES)) {
                    converted
                } else {
                    let what = format!("the values take too much memory at var.{name}");
                    self.limited(&what, block.header);
                    Value::unknown(Cause::at(CauseKind::Limit, what, block.header))
                }
            }
            None => value,
        };
        value.marked(flag("sensitive") == Some(true))
    }

    pub(super) fn local(&self, instance: &Rc<Instance>, name: &Str, span: Span) -> Value {
        let Some(attribute) = instance.module.locals.get(name) else {
            self.note(span, format!("local.{name} is not declared"), false);
            return Value::unknown(Cause::at(CauseKind::Invalid, format!("local.{name} is not declared"), span))
                .written_at(span);
        };
        remember(
            &instance.locals,
            name.clone(),
            attribute.span,
            || format!("local.{name}"),
            || {
                let value = self.eval(instance, &Each::default(), &attribute.value).used_at(attribute.value.span);
                value.hop(HopKind::Local, format!("local.{name}"))
            },
        )
    }

    // ---- resources ----

    fn expansion(&self, instance: &Rc<Instance>, index: usize) -> Rc<Expansion> {
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
        let expansion = Rc::new(self.expand_block(instance, &resource.block));
        instance.expansions.borrow_mut().insert(index, Some(expansion.clone()));
        expansion
    }

    fn expand_block(&self, instance: &Rc<Instance>, block: &Block) -> Expansion {
        let value = |name: &str| {
            let attribute = block.body.attribute(name)?;
            Some(self.eval(instance, &Each::default(), &attribute.value).used_at(attribute.value.span))
        };
        let (count, for_each) = (value("count"), value("for_each"));
        let expansion = expand(count, for_each, block.header);
        for _ in &expansion.items {
            self.tick();
        }
        if expansion.cut {
            self.note(block.header, "there are more instances than formwork looks at".to_owned(), true);
        }
        expansion
    }

    fn body(&self, instance: &Rc<Instance>, index: usize, item: &Item) -> Value {
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
                    Mode::Resource => Rest::Resource(address),
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

    /// `type.name` with the steps behind it: the value, and how many steps were used up.
    pub(super) fn reference(
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
                (self.body(instance, index, item), used)
            }
            Selected::All => {
                // All instances under one key that no instance has: a suffix always starts with a bracket.
                let value = remember(
                    &instance.bodies,
                    (index, "all".into()),
                    span,
                    || format!("{type_name}.{name}"),
                    || expansion.gather(|item| self.body(instance, index, item)),
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

    fn select<'e>(&self, expansion: &'e Expansion, keys: &[Key]) -> Selected<'e> {
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
    fn attribute(&self, instance: &Rc<Instance>, index: usize, item: &Item, name: &Str) -> Value {
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
                    (None, Mode::Resource) => Value::after_apply(address, name.clone()),
                    (None, Mode::Data) => Value::unknown(external(resource)).with_trail(Trail::one(
                        HopKind::Attribute,
                        format!("{address}.{name}"),
                        block.header,
                    )),
                }
            }
        }
    }

    // ---- providers ----

    fn provider_of(&self, instance: &Rc<Instance>, resource: &ResourceBlock) -> Value {
        let reference = resource.block.body.attribute("provider").and_then(|a| a.value.as_path());
        let (name, alias) = match reference.as_deref() {
            Some([name, alias]) => (name.clone(), alias.clone()),
            Some([name]) => (name.clone(), Str::default()),
            _ => (Str::from(resource.type_name.split('_').next().unwrap_or_default()), Str::default()),
        };
        self.provider(instance, &name, &alias)
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
            let crate::syntax::hcl::ExprKind::Object(entries) = &attribute.value.kind else { return None };
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

    // ---- module calls ----

    fn calls(&self, instance: &Rc<Instance>, name: &Str) -> Option<Rc<Calls>> {
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
        let expansion = Rc::new(self.expand_block(instance, block));
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
        let Some((source, expr)) = source_of(block) else {
            let what = format!("the source of module.{name} is not a plain string");
            return Err(Cause::at(CauseKind::Missing, what, block.header));
        };
        let missing =
            || Cause::at(CauseKind::Missing, format!("module.{name} is not on disk (source {source})"), expr.span);
        let local = source.starts_with("./") || source.starts_with("../");
        let dir = if local {
            normalize(&instance.module.dir.join(source.as_str()))
        } else if let Some(dir) = self.context.module_map.get(source.as_str()) {
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
    pub(super) fn module_call(&self, instance: &Rc<Instance>, name: &Str, keys: &[Key], span: Span) -> (Value, usize) {
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

enum Selected<'e> {
    Item(&'e Item, usize),
    All,
    Unknown(Arc<Cause>, usize),
    Missing,
}

impl Instance {
    fn new(module: Arc<Module>, address: Str, relative_dir: Str, key_path: String) -> Self {
        Self {
            module,
            address,
            relative_dir,
            key_path,
            parent: None,
            callers: Vec::new(),
            exists: Truth::Yes,
            exists_cause: None,
            variables: RefCell::default(),
            locals: RefCell::default(),
            outputs: RefCell::default(),
            attributes: RefCell::default(),
            bodies: RefCell::default(),
            providers: RefCell::default(),
            expansions: RefCell::default(),
            calls: RefCell::default(),
        }
    }

    fn join(&self, local: &str) -> Str {
        if self.address.is_empty() { local.into() } else { format!("{}.{local}", self.address).into() }
    }
}

fn external(resource: &ResourceBlock) -> Arc<Cause> {
    Cause::at(CauseKind::External, format!("{} is read while planning", resource.address()), resource.block.header)
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
