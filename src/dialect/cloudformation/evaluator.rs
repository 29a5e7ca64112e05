//! The evaluator of a template: from nodes to values.

use super::call::{Arg, call};
use super::foreach::Expanded;
use super::nested::Child;
use super::scope::Scope;
use super::{Export, Loader, Options, Template, dynamic};
use crate::dialect::Note;
use crate::source::{FileId, Span};
use crate::syntax::document::{Node, NodeKind, Scalar, ScalarValue};
use crate::value::{
    Arm, Cause, CauseKind, Entries, HopKind, Kind, List, MAX_ARMS, Map, Number, Rest, Str, Trail, Value, Variable, When,
};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// At most so many nodes are evaluated for one root, nested stacks and loops included.
const MAX_WORK: u64 = 2_000_000;

/// Deeper evaluation, through nested stacks and conditions as well, is given up.
const MAX_EVALUATION_DEPTH: u32 = 220;

/// Longer strings are not built.
pub(super) const MAX_TEXT: usize = 1_000_000;

/// What the evaluators of a root and its nested stacks have in common.
pub(super) struct Shared<'l> {
    pub(super) loader: &'l dyn Loader,
    pub(super) options: Options,
    notes: RefCell<Vec<Note>>,
    pub(super) files: RefCell<Vec<FileId>>,
    work: Cell<u64>,
    depth: Cell<u32>,
    /// Iterations of loops so far.
    pub(super) iterations: Cell<usize>,
    /// Nested stacks so far.
    pub(super) stacks: Cell<usize>,
    /// The template that is the root, as shown.
    pub(super) root: String,
    /// The roots from which values were imported.
    pub(super) imports: RefCell<BTreeSet<String>>,
    /// Whether exports are wanted, and those so far.
    pub(super) collects: bool,
    pub(super) exported: RefCell<Vec<Export>>,
}

impl<'l> Shared<'l> {
    pub(super) fn new(loader: &'l dyn Loader, options: Options, root: &str) -> Self {
        Self {
            loader,
            options,
            notes: RefCell::default(),
            files: RefCell::default(),
            work: Cell::new(0),
            depth: Cell::new(0),
            iterations: Cell::new(0),
            stacks: Cell::new(0),
            root: root.to_owned(),
            imports: RefCell::default(),
            collects: false,
            exported: RefCell::default(),
        }
    }

    /// The notes, the files that took part, and the roots from which values were imported.
    pub(super) fn finish(self) -> (Vec<Note>, Vec<FileId>, BTreeSet<String>) {
        (self.notes.into_inner(), self.files.into_inner(), self.imports.into_inner())
    }

    pub(super) fn note(&self, span: Span, message: impl Into<String>, gap: bool) {
        self.notes.borrow_mut().push(Note { span, message: message.into(), gap });
    }
}

/// Evaluates one template.
pub(super) struct Evaluator<'t, 's> {
    pub(super) template: &'t Template,
    pub(super) shared: &'s Shared<'s>,
    /// The path of the template, as shown.
    pub(super) path: String,
    /// What the addresses of its resources start with: empty, or the address of its stack and a dot.
    pub(super) prefix: String,
    /// How many stacks it is nested in.
    pub(super) level: usize,
    /// The paths of the templates it is nested in.
    pub(super) ancestors: Vec<String>,
    pub(super) parameters: FxHashMap<Str, Value>,
    pub(super) mappings: FxHashMap<Str, super::functions::Mapping<'t>>,
    pub(super) conditions: FxHashMap<Str, Expanded<'t>>,
    pub(super) resources: Vec<Expanded<'t>>,
    pub(super) resource_index: FxHashMap<Str, usize>,
    pub(super) children: RefCell<FxHashMap<Str, Option<Rc<Child>>>>,
    /// Names that a transform declares.
    pub(super) generated: FxHashSet<Str>,
    /// Sections that may hold more than can be seen.
    pub(super) hidden: FxHashSet<&'static str>,
    /// Where the parameters are declared.
    pub(super) parameter_keys: FxHashMap<Str, Span>,
    /// The inputs that nobody gives a value, by the names of parameters and pseudo parameters.
    pub(super) variables: FxHashMap<Str, Arc<Variable>>,
    /// The scope without any assumption, which remembers how conditions come out.
    pub(super) base: Scope,
    /// Attributes that are being read back from the properties they mirror.
    pub(super) reading: RefCell<Vec<(Str, Str)>>,
    /// Whether the serverless transform is applied.
    pub(super) serverless: bool,
    /// A macro that may declare anything.
    pub(super) macros: Option<Str>,
}

impl<'t> Evaluator<'t, '_> {
    /// A note, and the unknown value that goes with it: the source is wrong at `span`.
    pub(super) fn invalid(&self, span: Span, message: impl Into<String>) -> Value {
        let message = message.into();
        let cause = Cause::at(CauseKind::Invalid, message.as_str(), span);
        self.shared.note(span, message, false);
        Value::unknown(cause).written_at(span)
    }

    /// A section of the template.
    pub(super) fn section(&self, name: &str) -> Option<&'t Node> {
        self.template.root.get(name)
    }

    /// A name as it is called from the root: with the address of the nested stack in front.
    pub(super) fn named(&self, name: &str) -> Str {
        if self.prefix.is_empty() { Str::from(name) } else { Str::from(format!("{}{name}", self.prefix)) }
    }

    /// Counts a step of work; the reason when there have been too many.
    pub(super) fn spend(&self) -> Result<(), Arc<Cause>> {
        self.spend_many(1)
    }

    /// Counts steps of work; the reason when there have been too many.
    pub(super) fn spend_many(&self, steps: usize) -> Result<(), Arc<Cause>> {
        let before = self.shared.work.get();
        let work = before.saturating_add(steps as u64);
        self.shared.work.set(work);
        if work <= MAX_WORK {
            return Ok(());
        }
        let message = format!("the template has more than {MAX_WORK} values to evaluate");
        if before <= MAX_WORK {
            self.shared.note(self.template.root.span, message.as_str(), true);
        }
        Err(Cause::new(CauseKind::Limit, message))
    }

    /// Runs `f` one level deeper; the reason when that is too deep.
    pub(super) fn deeper<T>(&self, span: Span, f: impl FnOnce() -> T) -> Result<T, Arc<Cause>> {
        let depth = self.shared.depth.get() + 1;
        if depth > MAX_EVALUATION_DEPTH {
            let message = format!("evaluation is more than {MAX_EVALUATION_DEPTH} levels deep");
            self.shared.note(span, message.as_str(), true);
            return Err(Cause::at(CauseKind::Limit, message, span));
        }
        self.shared.depth.set(depth);
        let out = f();
        self.shared.depth.set(depth - 1);
        Ok(out)
    }

    /// The value of a node.
    pub(super) fn value(&self, node: &'t Node, scope: &Scope) -> Value {
        self.argument(Arg::plain(node), scope)
    }

    /// The value of an argument.
    pub(super) fn argument(&self, arg: Arg<'t>, scope: &Scope) -> Value {
        let node = arg.node;
        if let Err(cause) = self.spend() {
            return Value::unknown(cause).written_at(node.span);
        }
        let value = self.deeper(node.span, || match arg.call() {
            Some(call) => self.call(&call, scope),
            None => self.plain(node, scope),
        });
        let value = value.unwrap_or_else(|cause| Value::unknown(cause).written_at(node.span));
        match node.alias {
            Some(alias) => value.used_at(alias.used),
            None => value,
        }
    }

    /// The value of a node that is no call, or whose call is being evaluated.
    fn plain(&self, node: &'t Node, scope: &Scope) -> Value {
        match &node.kind {
            NodeKind::Scalar(scalar) => scalar_value(scalar, node.span, scope),
            NodeKind::Sequence(items) => self.sequence(node, items, scope),
            NodeKind::Mapping(_) => self.mapping(node, scope),
            NodeKind::Unreadable => {
                Value::unknown(Cause::at(CauseKind::Invalid, "the file cannot be read here", node.span))
            }
        }
        .written_at(node.span)
    }

    fn sequence(&self, node: &'t Node, items: &'t [Node], scope: &Scope) -> Value {
        let mut out: Vec<Value> = Vec::with_capacity(items.len());
        for item in items {
            let value = self.value(item, scope);
            // `AWS::NoValue` takes the element away.
            if !(value.is_unset() && call(item).is_some()) {
                out.push(value);
            }
        }
        let open = incomplete(node);
        with_optional_items(out, open)
    }

    fn mapping(&self, node: &'t Node, scope: &Scope) -> Value {
        let length = node.entries().map_or(0, <[_]>::len);
        let mut entries = Entries::with_capacity_and_hasher(length, FxBuildHasher);
        let mut rest = incomplete(node).map_or(Rest::Closed, Rest::Open);
        self.entries(node, scope, &mut entries, &mut rest);
        Kind::Map(Arc::new(Map { entries, rest })).into()
    }

    /// Adds the entries of a mapping, loops expanded.
    fn entries(&self, node: &'t Node, scope: &Scope, into: &mut Entries, rest: &mut Rest) {
        for entry in node.entries().unwrap_or(&[]) {
            let Some(key) = entry.key.text() else { continue };
            if let Some(name) = key.strip_prefix("Fn::ForEach::") {
                match self.loop_over(name, &entry.value, entry.key.span, scope) {
                    Ok((steps, body)) => {
                        for bindings in steps {
                            self.entries(body, &scope.with_bindings(bindings), into, rest);
                        }
                    }
                    Err(cause) => *rest = Rest::Open(cause),
                }
                continue;
            }
            if key == "Fn::Transform" {
                let value = self.transformed(&entry.value, entry.span(), scope);
                if let Some(cause) = value.cause() {
                    *rest = Rest::Open(cause);
                }
                continue;
            }
            let value = self.value(&entry.value, scope);
            // `AWS::NoValue` takes the property away; where a condition led to it, that is worth knowing.
            if let Some(call) = call(&entry.value).filter(|_| value.is_unset())
                && call.name != "If"
            {
                continue;
            }
            let name = match substitute(key, scope) {
                // Shares the characters of the tree.
                Cow::Borrowed(_) => entry.key.as_scalar().map(|s| s.text.clone()).unwrap_or_default(),
                Cow::Owned(name) => Str::from(name),
            };
            into.insert(name, at_header(value, entry.key.span));
        }
    }
}

/// What is written out under a key belongs to the key: what is missing in it is missing there, not where the first of
/// its entries happens to stand.
pub(super) fn at_header(mapping: Value, key: Span) -> Value {
    let plain = mapping.trail.first().is_some_and(|h| h.kind == HopKind::Written) && mapping.trail.hops().count() == 1;
    if plain && matches!(mapping.kind, Kind::Map(_)) {
        return mapping.with_trail(Trail::block(key));
    }
    mapping
}

/// Why a collection may hold more than was read.
pub(super) fn incomplete(node: &Node) -> Option<Arc<Cause>> {
    node.incomplete.then(|| {
        Cause::at(CauseKind::Invalid, "a syntax error hides what follows", Span { start: node.span.end, ..node.span })
    })
}

/// A scalar as CloudFormation hands it on.
pub(super) fn scalar_value(scalar: &Scalar, span: Span, scope: &Scope) -> Value {
    match scalar.value {
        ScalarValue::Null => Value::null(),
        ScalarValue::Bool(b) => b.into(),
        ScalarValue::Int(i) => Value::from(i),
        // A version number such as 8.0 must not lose its digits.
        ScalarValue::Float(f) => match Number::from_f64(f) {
            Some(n) if n.to_string() == scalar.text => n.into(),
            _ => scalar.text.clone().into(),
        },
        ScalarValue::String => {
            let text = substitute(&scalar.text, scope);
            match text {
                Cow::Borrowed(_) => dynamic::resolve(Value::from(scalar.text.clone()), span),
                Cow::Owned(text) => dynamic::resolve(Value::from(text), span),
            }
        }
    }
}

/// Replaces the variables of the loops around, `${Name}` and `&{Name}`, in a string.
pub(super) fn substitute<'x>(text: &'x str, scope: &Scope) -> Cow<'x, str> {
    if scope.bindings.is_empty() || !text.contains('{') {
        return text.into();
    }
    let mut out = Cow::Borrowed(text);
    for (name, value) in scope.bindings.iter().rev() {
        let value = crate::value::to_text(value);
        let Some(value) = value.as_str() else { continue };
        for pattern in [format!("${{{name}}}"), format!("&{{{name}}}")] {
            if out.contains(&pattern) && out.len() < MAX_TEXT / 100 {
                out = out.replace(&pattern, value).into();
            }
        }
    }
    out
}

/// A list of which some items are there only under a condition: one list for every way the conditions can go,
/// if these are few; otherwise a list in which these items may be nothing.
fn with_optional_items(items: Vec<Value>, open: Option<Arc<Cause>>) -> Value {
    let list = |items: Vec<Value>| Value::from(Kind::List(Arc::new(List { items, open: open.clone(), set: false })));
    let optional = |v: &Value| matches!(v.kind, Kind::Choice(_)) && v.may_be_unset();
    if !items.iter().any(optional) {
        return list(items);
    }
    let mut worlds = vec![(When::always(), Vec::with_capacity(items.len()))];
    'items: for item in &items {
        let Kind::Choice(arms) = &item.kind else {
            worlds.iter_mut().for_each(|(_, chosen)| chosen.push(item.clone()));
            continue;
        };
        if !optional(item) {
            worlds.iter_mut().for_each(|(when, chosen)| chosen.push(item.given(when)));
            continue;
        }
        let mut next = Vec::with_capacity(worlds.len() * 2);
        for (when, chosen) in &worlds {
            for arm in arms.iter() {
                let when = when.and(&arm.when);
                if when.is_never() {
                    continue;
                }
                let mut chosen = chosen.clone();
                if !arm.value.is_unset() {
                    chosen.push(arm.value.clone());
                }
                next.push((when, chosen));
            }
            if next.len() > MAX_ARMS {
                worlds.clear();
                break 'items;
            }
        }
        worlds = next;
    }
    if !worlds.is_empty() {
        let arms = worlds.into_iter().map(|(when, chosen)| Arm { when, value: list(chosen) });
        return Value::choice(arms.collect());
    }
    let cause = items.iter().find(|v| optional(v)).and_then(Value::cause);
    let doubt = cause.map(|c| Arc::new(Cause { kind: CauseKind::Member, what: c.what.clone(), span: c.span }));
    Kind::List(Arc::new(List { items, open: open.or(doubt), set: false })).into()
}

/// Calls `f` for every way the choices among `values` can go and joins the results, if these are few. Otherwise calls it
/// once with the choices as they are.
pub(super) fn for_each_choice(values: &[Value], mut f: impl FnMut(&[Value]) -> Value) -> Value {
    let choices: Vec<(usize, &[Arm])> = values
        .iter()
        .enumerate()
        .filter_map(|(i, v)| match &v.kind {
            Kind::Choice(arms) => Some((i, arms.as_ref())),
            _ => None,
        })
        .collect();
    let product = choices.iter().try_fold(1_usize, |n, (_, arms)| n.checked_mul(arms.len()));
    let Some(product) = product.filter(|&p| p <= 4 * MAX_ARMS) else { return f(values) };
    if choices.is_empty() {
        return f(values);
    }
    let mut arms = Vec::new();
    let mut world = values.to_vec();
    'worlds: for mut index in 0..product {
        let mut when = When::always();
        for (at, choice) in &choices {
            let Some(arm) = choice.get(index % choice.len()) else { continue };
            index /= choice.len();
            when = when.and(&arm.when);
            if when.is_never() {
                continue 'worlds;
            }
            if let Some(slot) = world.get_mut(*at) {
                *slot = arm.value.clone();
            }
        }
        arms.push(Arm { when, value: f(&world) });
    }
    if arms.is_empty() {
        return f(values);
    }
    Value::choice(arms)
}

/// The trail of a string made of others: the way of the part that came from elsewhere, if it is one, used at `span`.
pub(super) fn made_of<'v>(parts: impl IntoIterator<Item = &'v Value>, span: Span) -> Trail {
    let mut elsewhere = parts.into_iter().filter(|v| v.trail.last().is_some_and(|hop| !span.contains(hop.span)));
    match (elsewhere.next(), elsewhere.next()) {
        (Some(only), None) => only.trail.used_at(span),
        _ => Trail::written(span),
    }
}
