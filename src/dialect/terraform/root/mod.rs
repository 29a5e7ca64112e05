//! One root module with all it calls, evaluated on demand: nothing that nobody asks for is worked out.

mod calls;
mod parts;
mod providers;
mod resources;

use super::Context;
use super::body::BodyEval;
use super::expand::{Expansion, Item};
use super::inputs::Given;
use super::module::{Module, ResourceBlock};
use super::plan::Plan;
use super::scope::{Each, ModuleScope};
use super::types::Type;
use crate::dialect::{Declaration, Dialect, Mode, Note, Root};
use crate::expr::Evaluator;
use crate::source::Span;
use crate::syntax::Problem;
use crate::syntax::hcl::{self, Block, Expr, Part};
use crate::value::{Cause, CauseKind, HopKind, Kind, Str, Trail, Truth, Value, When, to_text};
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
    /// What is planned, where a plan is at hand.
    plan: Option<&'a Plan>,
    /// The calls that lead to every module instance, whether the module is there or not.
    callers: RefCell<Callers>,
    /// Parts of modules that are declared already: the calls of a module do not matter to them.
    parts: RefCell<FxHashSet<Span>>,
}

/// The calls that lead to a module instance, outermost first, by its address.
pub(super) type Callers = FxHashMap<Str, Vec<(Str, Span)>>;

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
            plan: None,
            callers: RefCell::default(),
            parts: RefCell::default(),
        }
    }

    /// With what is planned: it decides what the configuration leaves open.
    pub(super) fn with_plan(mut self, plan: &'a Plan) -> Self {
        self.plan = Some(plan);
        self
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

    /// All declarations of the root. `callers` receives the calls of its modules.
    pub(super) fn run(self, module: &Arc<Module>, name: String, callers: &mut Callers) -> Root {
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
        *callers = self.callers.into_inner();
        let mut notes = self.notes.into_inner();
        notes.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
        let imports = std::collections::BTreeSet::new();
        Root { dialect: Dialect::Terraform, name, declarations, resources, notes, files, imports }
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
        self.parts(instance, out);
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
        let attributes = resources::arguments(self.body(instance, index, item), &address);
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
            exists_inside: item.exists,
            exists_cause: if item.exists == Truth::Yes { instance.exists_cause.clone() } else { item.cause.clone() },
            // Decisions about modules are not followed.
            when: if instance.exists == Truth::Yes { item.when.clone() } else { When::unnamed() },
            exists_trail: Trail::none(),
            attributes,
            meta: body.meta(&block.body),
            provider: self.provider_of(instance, resource),
            callers: instance.callers.clone(),
            foreign: false,
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
        let planned = self.plan.filter(|_| instance.parent.is_none()).and_then(|plan| plan.variable(name));
        let default = block.body.attribute("default");
        let label: Str = format!("var.{name}").into();
        let value = match (given, default) {
            // The plan was made with another value than the files give.
            (given, default)
                if planned.is_some_and(|p| {
                    let own = given.clone().or_else(|| default.map(|d| constant(&d.value)));
                    !own.is_some_and(|v| v.same(p) || to_text(&v).same(&to_text(p)))
                }) =>
            {
                planned.cloned().unwrap_or_else(Value::absent).hop(HopKind::Input, name.clone())
            }
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
