//! Evaluating expressions to values with trails.

mod call;
mod template;

use super::operators::{binary, unary};
use super::{Function, Host};
use crate::source::Span;
use crate::syntax::hcl::{BinaryOp, Entry, Expr, ExprKind, For, Step, StepKind};
use crate::value::{
    Arm, Cause, CauseKind, Entries, Guard, HopKind, Kind, List, MAX_ARMS, Map, Number, Rest, Str, Trail, Truth, Value,
    Variable, When, to_text,
};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A step into a value, its index evaluated.
#[derive(Clone, Debug)]
pub enum Key {
    /// `.name`
    Name(Str),
    /// `[key]`
    Index(Value),
    /// `.*`
    AttributeSplat,
    /// `[*]`
    FullSplat,
}

/// What names mean in an expression.
pub trait Scope: Host {
    /// This scope as the world that functions see.
    fn host(&self) -> &dyn Host;

    /// The value of a name and the number of `keys` behind it that were used up to find it.
    /// `None`: the name means nothing here.
    fn resolve(&self, root: &str, keys: &[Key], span: Span) -> Option<(Value, usize)>;

    /// A function beside those of the library.
    fn function(&self, name: &str) -> Option<&'static Function> {
        let _ = name;
        None
    }

    /// Whether literals are places a finding may point to (source files), or not (rules, catalogs).
    fn traces_literals(&self) -> bool {
        true
    }

    /// Whether an attribute that an object lacks is an error (Terraform), or merely absent (rules).
    fn strict(&self) -> bool {
        true
    }

    /// Counts work; `false` once there was too much of it.
    fn tick(&self) -> bool {
        true
    }

    /// Counts memory that a new value takes, in bytes; `false` once there was too much of it.
    fn spend(&self, bytes: usize) -> bool {
        let _ = bytes;
        true
    }

    /// Hears of a bound that was reached: what is behind it is not known.
    fn limited(&self, what: &str, span: Span) {
        let _ = (what, span);
    }
}

/// Names bound inside an expression: `for` variables. A chain from the innermost outwards.
pub struct Env<'a> {
    name: &'a str,
    value: Value,
    parent: Option<&'a Env<'a>>,
}

impl<'a> Env<'a> {
    /// Binds a name inside `parent`.
    pub fn bind(name: &'a str, value: Value, parent: Option<&'a Env<'a>>) -> Self {
        Self { name, value, parent }
    }

    fn find(mut env: Option<&Env<'_>>, name: &str) -> Option<Value> {
        while let Some(at) = env {
            if at.name == name {
                return Some(at.value.clone());
            }
            env = at.parent;
        }
        None
    }
}

/// Pairs of keys and values, and the cause if there may be more.
type Elements = (Vec<(Value, Value)>, Option<Arc<Cause>>);

/// Nested evaluation (expressions within expressions, names that lead to expressions) deeper than this is given up.
const MAX_EVAL_DEPTH: u32 = 3_000;

/// A value of more parts is given up: everything that walks through values is bounded by this.
const MAX_PARTS: usize = 200_000;

/// A value nested deeper is given up.
const MAX_VALUE_DEPTH: usize = 256;

/// No template makes a longer string.
const MAX_TEXT: usize = 10_000_000;

/// Strings up to this length are not counted.
const SMALL_TEXT: usize = 1_024;

/// What an element of a collection takes, roughly.
const PART_BYTES: usize = 96;

/// At most this many combinations of undecided arguments are tried.
const MAX_COMBINATIONS: usize = 64;

/// Numbers of undecided conditions; they tell them apart and appear nowhere.
static DECISIONS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static DOUBTS: Cell<u32> = const { Cell::new(0) };
}

/// Says that what was just looked up may not exist: then looking it up is an error, which `try` and `can` have to know.
pub fn doubt() {
    DOUBTS.set(DOUBTS.get().wrapping_add(1));
}

/// Evaluates expressions in a scope.
pub struct Evaluator<'a> {
    scope: &'a dyn Scope,
    /// Errors so far, so that `try` and `can` see one that is buried in a result.
    errors: Cell<u32>,
    /// Errors so far that only one way of an open decision leads to.
    maybe: Cell<u32>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for expressions in `scope`.
    pub fn new(scope: &'a dyn Scope) -> Self {
        Self { scope, errors: Cell::new(0), maybe: Cell::new(0) }
    }

    /// The value of an expression. What cannot be evaluated is unknown, with its cause.
    pub fn eval(&self, expr: &Expr, env: Option<&Env<'_>>) -> Value {
        let depth = DEPTH.get();
        if depth >= MAX_EVAL_DEPTH {
            return self.limit("expressions lead too deep into one another", expr.span);
        }
        DEPTH.set(depth + 1);
        let value = self.eval_kind(expr, env);
        DEPTH.set(depth);
        match expr.kind {
            ExprKind::Template(_)
            | ExprKind::Call { .. }
            | ExprKind::Conditional(_)
            | ExprKind::Tuple(_)
            | ExprKind::Object(_)
            | ExprKind::For(_) => self.bounded(value, expr.span),
            _ => value,
        }
    }

    /// A value that was made here, unless it is too large.
    fn bounded(&self, value: Value, span: Span) -> Value {
        let new = |inner: &Value| match &inner.kind {
            Kind::String(s) if s.len() > SMALL_TEXT => s.len(),
            Kind::List(list) => list.items.len() * PART_BYTES,
            Kind::Map(map) => map.entries.len() * PART_BYTES,
            _ => 0,
        };
        let bytes = match &value.kind {
            Kind::Unknown(cause) if cause.kind == CauseKind::Limit && cause.span.is_none() => {
                return self.limit(&cause.what, span).or_trail(&value.trail).marked(value.sensitive);
            }
            Kind::String(_) => new(&value),
            Kind::List(_) | Kind::Map(_) | Kind::Choice(_) | Kind::Partial(_) => {
                if value.parts_within(MAX_PARTS, MAX_VALUE_DEPTH).is_none() {
                    return self.limit("the value is too large or nested too deep", span);
                }
                // What is deeper inside was counted when it was made.
                let inner: usize = match &value.kind {
                    Kind::List(list) => list.items.iter().map(new).sum(),
                    Kind::Map(map) => map.entries.values().map(new).sum(),
                    _ => 0,
                };
                new(&value).saturating_add(inner)
            }
            _ => 0,
        };
        if bytes > 0 && !self.scope.spend(bytes) {
            return self.limit("the values take too much memory", span);
        }
        value
    }

    fn eval_kind(&self, expr: &Expr, env: Option<&Env<'_>>) -> Value {
        match &expr.kind {
            ExprKind::Null => self.literal(Value::null(), expr.span),
            ExprKind::Bool(b) => self.literal((*b).into(), expr.span),
            ExprKind::Number(text) => match Number::parse(text) {
                Some(n) => self.literal(n.into(), expr.span),
                None => self.error(format!("{text} is not a number"), expr.span),
            },
            ExprKind::String(text) => self.literal(text.clone().into(), expr.span),
            ExprKind::Template(parts) => self.template(parts, expr.span, env),
            ExprKind::Variable(name) => self.access(name, &[], expr.span, env),
            ExprKind::Access { of, steps } => match &of.kind {
                ExprKind::Variable(name) => self.access(name, steps, expr.span, env),
                _ => {
                    let value = self.eval(of, env);
                    let keys = self.keys(steps, env);
                    self.steps(value, &keys, expr.span)
                }
            },
            ExprKind::Call { name, args, expand } => self.call(name, args, *expand, expr.span, env),
            ExprKind::Unary(op, operand) => {
                let operand = self.eval(operand, env);
                self.checked(self.each_arm(&operand, |v| unary(*op, v, self.scope.strict())), expr.span)
            }
            ExprKind::Binary { first, rest } => {
                let mut left = self.eval(first, env);
                for (op, right) in rest {
                    left = self.binary(*op, left, right, expr.span, env);
                }
                left
            }
            ExprKind::Conditional(parts) => self.conditional(parts, env),
            ExprKind::Tuple(items) => {
                let items = items.iter().map(|item| self.part_of(item, env)).collect();
                self.literal(Value::list(items), expr.span)
            }
            ExprKind::Object(entries) => self.object(entries, expr.span, env),
            ExprKind::For(body) => self.for_expression(body, expr.span, env),
            ExprKind::Parens(inner) => self.eval(inner, env),
            ExprKind::Invalid => self.error("it could not be read", expr.span),
        }
    }

    // ---- small things ----

    fn literal(&self, value: Value, span: Span) -> Value {
        if self.scope.traces_literals() { value.with_trail(Trail::written(span)) } else { value }
    }

    /// An element of a collection that is written here: it is used where it is written.
    fn part_of(&self, expr: &Expr, env: Option<&Env<'_>>) -> Value {
        let value = self.eval(expr, env);
        if self.scope.traces_literals() { value.used_at(expr.span) } else { value }
    }

    fn error(&self, what: impl Into<Str>, span: Span) -> Value {
        self.errors.set(self.errors.get() + 1);
        let value = Value::unknown(Cause::at(CauseKind::Invalid, what, span));
        self.literal(value, span)
    }

    /// Counts an error that an operator or function has put into its result.
    fn checked(&self, value: Value, span: Span) -> Value {
        match &value.kind {
            Kind::Unknown(cause) if cause.kind == CauseKind::Invalid && cause.span.is_none() => {
                let what = cause.what.clone();
                self.error(what, span).or_trail(&value.trail).marked(value.sensitive)
            }
            _ => value,
        }
    }

    /// Runs what only one way of an open decision leads to: an error in it may happen or not.
    fn undecided<T>(&self, f: impl FnOnce() -> T) -> T {
        let before = self.errors.get();
        let out = f();
        let new = self.errors.get().saturating_sub(before);
        self.errors.set(before);
        self.maybe.set(self.maybe.get().saturating_add(new));
        out
    }

    /// Applies `f` to every arm of a choice, or to the value itself.
    fn each_arm(&self, value: &Value, f: impl FnMut(&Value) -> Value) -> Value {
        match value.kind {
            Kind::Choice(_) => self.undecided(|| value.map_arms(f)),
            _ => value.map_arms(f),
        }
    }

    fn limit(&self, what: &str, span: Span) -> Value {
        self.scope.limited(what, span);
        self.literal(Value::unknown(Cause::at(CauseKind::Limit, what, span)), span)
    }

    // ---- names and steps ----

    fn keys(&self, steps: &[Step], env: Option<&Env<'_>>) -> Vec<Key> {
        steps
            .iter()
            .map(|step| match &step.kind {
                StepKind::Attribute(name) => Key::Name(name.clone()),
                StepKind::Index(expr) => Key::Index(self.eval(expr, env)),
                StepKind::AttributeSplat => Key::AttributeSplat,
                StepKind::FullSplat => Key::FullSplat,
            })
            .collect()
    }

    fn access(&self, root: &str, steps: &[Step], span: Span, env: Option<&Env<'_>>) -> Value {
        let keys = self.keys(steps, env);
        if let Some(value) = Env::find(env, root) {
            return self.steps(value, &keys, span);
        }
        match self.scope.resolve(root, &keys, span) {
            Some((value, used)) => self.steps(value, keys.get(used..).unwrap_or(&[]), span),
            None => self.error(format!("{root} means nothing here"), span),
        }
    }

    /// Goes the steps into a value.
    pub fn steps(&self, mut value: Value, keys: &[Key], span: Span) -> Value {
        for (i, key) in keys.iter().enumerate() {
            match key {
                Key::Name(name) => value = self.attribute(&value, name, span),
                Key::Index(index) => value = self.index(&value, index, span),
                Key::AttributeSplat => {
                    let rest = &keys[i + 1..];
                    let names = rest.iter().take_while(|k| matches!(k, Key::Name(_))).count();
                    let list = self.splat(&value, &rest[..names], span);
                    return self.steps(list, &rest[names..], span);
                }
                Key::FullSplat => return self.splat(&value, &keys[i + 1..], span),
            }
        }
        value
    }

    fn attribute(&self, value: &Value, name: &str, span: Span) -> Value {
        if let Kind::Choice(_) = value.kind {
            return self.each_arm(value, |v| self.attribute(v, name, span));
        }
        // The legacy `list.0`.
        if let (Kind::List(_), Ok(index)) = (&value.kind, name.parse::<i64>()) {
            return self.index(value, &index.into(), span);
        }
        let found = value.get(name);
        if self.scope.strict() && matches!(found.kind, Kind::Absent) {
            return self.error(format!("there is no attribute {name}"), span);
        }
        found
    }

    fn index(&self, value: &Value, index: &Value, span: Span) -> Value {
        if matches!(value.kind, Kind::Choice(_)) {
            return self.each_arm(value, |v| self.index(v, index, span));
        }
        if matches!(index.kind, Kind::Choice(_)) {
            return self.each_arm(index, |i| self.index(value, i, span));
        }
        if value.is_unknown() {
            return index.as_number().and_then(Number::as_usize).map_or_else(|| value.clone(), |i| value.at(i));
        }
        if let Some(values) = Self::one_of(value, index) {
            return values;
        }
        let found = match (&value.kind, &index.kind) {
            (_, Kind::Unknown(_) | Kind::AfterApply(_) | Kind::Partial(_)) => {
                let cause = index.cause().unwrap_or_else(|| Cause::new(CauseKind::Input, "the index is not known"));
                return Value::unknown(cause).or_trail(&index.trail);
            }
            (Kind::List(list), _) if list.set && self.scope.strict() => {
                return self.error("the elements of a set have no index", span);
            }
            (Kind::List(_), Kind::Number(n)) => match n.as_usize() {
                Some(i) => value.at(i),
                None => return self.error(format!("{n} is not an index"), span),
            },
            (Kind::List(_), Kind::String(s)) => match s.parse::<usize>() {
                Ok(i) => value.at(i),
                Err(_) => return self.error("a list has no such key", span),
            },
            (Kind::Map(_), _) => match to_text(index).as_str() {
                Some(key) => value.get(key),
                None => return self.error("this is not a key", span),
            },
            _ if self.scope.strict() => {
                return self.error(format!("a {} has no elements", value.type_name()), span);
            }
            _ => Value::absent().with_trail(value.trail.clone()),
        };
        if self.scope.strict() && matches!(found.kind, Kind::Absent) {
            return self.error("there is no element with this key", span);
        }
        found
    }

    /// The values of a small map that is seen whole, behind a key that is not known: one of them it is.
    fn one_of(value: &Value, key: &Value) -> Option<Value> {
        let Kind::Map(map) = &value.kind else { return None };
        let small = (1..=MAX_ARMS).contains(&map.entries.len()) && matches!(map.rest, Rest::Closed);
        if !small || !key.is_unknown() || map.entries.values().any(|v| matches!(v.kind, Kind::Choice(_))) {
            return None;
        }
        let condition: Str = format!("#{}", DECISIONS.fetch_add(1, Ordering::Relaxed)).into();
        let values = Some(map.entries.keys().cloned().collect());
        let variable = Arc::new(Variable { name: condition, values, sensitive: true });
        let cause = key.cause();
        let arms = map.entries.iter().map(|(name, inner)| {
            let guard = Guard::value(&variable, name, cause.clone());
            Arm { when: guard.into(), value: value.inside(inner) }
        });
        Some(Value::choice(arms.collect()).or_trail(&key.trail).marked(value.sensitive))
    }

    fn splat(&self, value: &Value, rest: &[Key], span: Span) -> Value {
        match &value.kind {
            Kind::Choice(_) => self.each_arm(value, |v| self.splat(v, rest, span)),
            Kind::Null | Kind::Absent => Value::list(Vec::new()).or_trail(&value.trail),
            Kind::List(list) => {
                if !self.scope.spend(list.items.len() * PART_BYTES) {
                    return self.limit("the values take too much memory", span);
                }
                let items = list.items.iter().map(|item| self.steps(value.inside(item), rest, span)).collect();
                let list = List { items, open: list.open.clone(), set: false };
                Value::from(Kind::List(Arc::new(list))).or_trail(&value.trail).marked(value.sensitive)
            }
            Kind::Unknown(_) | Kind::AfterApply(_) => {
                let cause =
                    value.cause().unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "the elements are not known"));
                Value::unknown(cause).or_trail(&value.trail)
            }
            _ => Value::list(vec![self.steps(value.clone(), rest, span)]).or_trail(&value.trail),
        }
    }

    // ---- operators ----

    fn binary(&self, op: BinaryOp, left: Value, right: &Expr, span: Span, env: Option<&Env<'_>>) -> Value {
        // What is decided by the left operand alone does not look at the right one.
        match op {
            BinaryOp::And if left.truth() == Truth::No && !left.is_unset() => {
                return Value::from(false).with_trail(left.trail).marked(left.sensitive);
            }
            BinaryOp::Or if left.truth() == Truth::Yes => {
                return Value::from(true).with_trail(left.trail).marked(left.sensitive);
            }
            _ => {}
        }
        let right = self.eval(right, env);
        let strict = self.scope.strict();
        let result = self.distribute(&[left, right], span, &|args| match args {
            [left, right] => binary(op, left, right, strict),
            _ => Value::absent(),
        });
        self.checked(result, span)
    }

    /// Calls `f` for every combination of the arms of undecided arguments that is possible.
    fn distribute(&self, args: &[Value], span: Span, f: &dyn Fn(&[Value]) -> Value) -> Value {
        if !args.iter().any(|a| matches!(a.kind, Kind::Choice(_))) {
            return f(args);
        }
        let mut left = MAX_COMBINATIONS;
        match self.undecided(|| Self::combinations(args, 0, &mut left, f)) {
            Some(value) => value,
            None => self.limit("too many values are possible", span),
        }
    }

    /// `None` when there are more than `left`.
    fn combinations(args: &[Value], from: usize, left: &mut usize, f: &dyn Fn(&[Value]) -> Value) -> Option<Value> {
        let Some(at) = (from..args.len()).find(|&i| matches!(args[i].kind, Kind::Choice(_))) else {
            *left = left.checked_sub(1)?;
            return Some(f(args));
        };
        let choice = args[at].clone();
        let Kind::Choice(arms) = &choice.kind else { return Some(f(args)) };
        let mut results = Vec::with_capacity(arms.len());
        for arm in arms.iter() {
            let mut world = args.to_vec();
            world[at] = choice.inside(&arm.value).marked(choice.sensitive);
            for other in world.iter_mut().skip(at + 1) {
                *other = other.given(&arm.when);
            }
            let value = Self::combinations(&world, at + 1, left, f)?;
            results.push(Arm { when: arm.when.clone(), value });
        }
        Some(Value::choice(results).or_trail(&choice.trail))
    }

    fn conditional(&self, parts: &[Expr; 3], env: Option<&Env<'_>>) -> Value {
        let [condition, yes, no] = parts;
        let span = condition.span;
        let decision = self.eval(condition, env);
        let arm = |expr: &Expr, other: &Expr| {
            let value = self.part_of(expr, env);
            // A primitive beside a string becomes a string.
            let value = match (&value.kind, &other.kind) {
                (Kind::Bool(_) | Kind::Number(_), ExprKind::String(_) | ExprKind::Template(_)) => to_text(&value),
                _ => value,
            };
            let starts = |trail: &Trail, kind| trail.first().is_some_and(|h| h.kind == kind);
            // That a resource is there, or what it is, is no decision of the author; nor is, for a rule, what is
            // written beside the value.
            let beside = !self.scope.traces_literals() && decision.trail.hops().count() == 1;
            if starts(&value.trail, HopKind::Written) && !starts(&decision.trail, HopKind::Block) && !beside {
                let trail = value.trail.then(&decision.trail);
                value.with_trail(trail)
            } else {
                value
            }
        };
        match decision.truth() {
            _ if self.scope.strict() && Self::is_no_decision(&decision) => {
                self.error(format!("a {} is not a condition", decision.type_name()), condition.span)
            }
            Truth::Yes => arm(yes, no).marked(decision.sensitive),
            Truth::No => arm(no, yes).marked(decision.sensitive),
            Truth::Undetermined => {
                if let Kind::Unknown(cause) = &decision.kind
                    && cause.kind == CauseKind::Invalid
                {
                    return decision;
                }
                let undecided = |mut value: Value| {
                    if value.trail.is_none() {
                        value.trail = decision.trail.clone();
                    }
                    value
                };
                let (yes, no) = self.undecided(|| (self.part_of(yes, env), self.part_of(no, env)));
                let (yes, no) = (undecided(yes), undecided(no));
                // Names mean something else in every module instance and loop: only this very decision is the same.
                let cause = decision.cause();
                let condition: Str = format!("#{}", DECISIONS.fetch_add(1, Ordering::Relaxed)).into();
                let at = self.scope.traces_literals().then_some(span);
                let guard = |holds| Guard::expression(condition.clone(), holds, at, cause.clone());
                let both = |when: &When| {
                    Value::choice(vec![
                        Arm { when: When::from(guard(true)).and(when), value: yes.clone() },
                        Arm { when: When::from(guard(false)).and(when), value: no.clone() },
                    ])
                };
                let out = match &decision.kind {
                    // What decides has ways of its own, which the result follows.
                    Kind::Choice(arms) if arms.iter().any(|a| a.when.first().is_some()) => {
                        let arm = |a: &Arm| {
                            let value = match a.value.truth() {
                                Truth::Yes => yes.given(&a.when),
                                Truth::No => no.given(&a.when),
                                Truth::Undetermined => both(&a.when),
                            };
                            Arm { when: a.when.clone(), value }
                        };
                        Value::choice(arms.iter().map(arm).collect())
                    }
                    _ => both(&When::always()),
                };
                out.or_trail(&decision.trail).marked(decision.sensitive)
            }
        }
    }

    // ---- collections ----

    fn object(&self, entries: &[Entry], span: Span, env: Option<&Env<'_>>) -> Value {
        let mut out = Entries::default();
        let mut rest = Rest::Closed;
        for entry in entries {
            let key = self.eval(&entry.key, env);
            let value = self.part_of(&entry.value, env);
            let text = to_text(&key);
            match text.as_str() {
                Some(key) => {
                    out.insert(key.into(), value);
                }
                None if key.is_unset() => return self.error("a key is null", entry.key.span),
                None => {
                    let cause = key
                        .cause()
                        .unwrap_or_else(|| Cause::at(CauseKind::Invalid, "this is not a key", entry.key.span));
                    rest = Rest::Open(cause);
                }
            }
        }
        self.literal(Kind::Map(Arc::new(Map { entries: out, rest })).into(), span)
    }

    /// The elements of a collection as `for` sees them, and whether there may be more. `Err`: it cannot be walked.
    fn elements(&self, collection: &Value, span: Span) -> Result<Elements, Value> {
        match &collection.kind {
            Kind::List(list) => {
                let items = list.items.iter().enumerate().map(|(i, item)| {
                    let item = collection.inside(item);
                    let key = if list.set { item.clone() } else { (i as i64).into() };
                    (key, item)
                });
                Ok((items.collect(), list.open.clone()))
            }
            Kind::Map(map) => {
                let mut items: Vec<(Value, Value)> =
                    map.entries.iter().map(|(k, v)| (k.clone().into(), collection.inside(v))).collect();
                // Terraform walks maps in the order of their keys.
                items.sort_by(|a, b| a.0.as_str().cmp(&b.0.as_str()));
                let open = match &map.rest {
                    Rest::Closed => None,
                    Rest::Open(cause) => Some(cause.clone()),
                    Rest::Resource(address) => Some(Cause::new(
                        CauseKind::Deployment,
                        format!("all attributes of {address} exist only after deployment"),
                    )),
                };
                Ok((items, open))
            }
            Kind::Unknown(_) | Kind::AfterApply(_) => {
                let cause = collection
                    .cause()
                    .unwrap_or_else(|| Cause::at(CauseKind::Unsupported, "the elements are not known", span));
                Ok((Vec::new(), Some(cause)))
            }
            _ => Err(self.error(format!("a {} cannot be walked", collection.type_name()), span)),
        }
    }

    fn for_expression(&self, body: &For, span: Span, env: Option<&Env<'_>>) -> Value {
        let collection = self.eval(&body.collection, env);
        self.each_arm(&collection, |c| self.for_over(c, body, span, env))
    }

    fn for_over(&self, collection: &Value, body: &For, span: Span, env: Option<&Env<'_>>) -> Value {
        let (elements, mut open) = match self.elements(collection, span) {
            Ok(elements) => elements,
            Err(error) => return error,
        };
        let mut items = Vec::new();
        let mut entries = Entries::default();
        let mut groups: indexmap::IndexMap<Str, Vec<Value>> = indexmap::IndexMap::new();
        for (key, value) in elements {
            if !self.scope.tick() {
                return self.limit("there is too much to evaluate", span);
            }
            let key_env = body.key_name.as_ref().map(|name| Env::bind(name, key, env));
            let inner = Env::bind(&body.value_name, value, key_env.as_ref().or(env));
            let inner = Some(&inner);
            if let Some(condition) = &body.condition {
                let decision = self.eval(condition, inner);
                if self.scope.strict() && Self::is_no_decision(&decision) {
                    return self.error(format!("a {} is not a condition", decision.type_name()), condition.span);
                }
                match decision.truth() {
                    Truth::No => continue,
                    Truth::Yes => {}
                    Truth::Undetermined => {
                        open = open.or_else(|| decision.cause());
                        continue;
                    }
                }
            }
            let result = self.eval(&body.value, inner).written_if(self.scope.traces_literals(), body.value.span);
            let Some(key) = &body.key else {
                items.push(result);
                continue;
            };
            let key = to_text(&self.eval(key, inner));
            match key.as_str() {
                Some(key) if body.group => groups.entry(key.into()).or_default().push(result),
                Some(key) => {
                    if entries.insert(key.into(), result).is_some() && self.scope.strict() {
                        return self.error(format!("the key {key:?} occurs twice"), span);
                    }
                }
                None => {
                    open = open.or_else(|| {
                        key.cause()
                            .or_else(|| Some(Cause::at(CauseKind::Invalid, "this is not a key", body.value.span)))
                    });
                }
            }
        }
        for (key, items) in groups {
            entries.insert(key, self.literal(Value::list(items), body.value.span));
        }
        let out: Value = if body.key.is_some() {
            entries.sort_unstable_keys();
            let rest = open.map_or(Rest::Closed, Rest::Open);
            Kind::Map(Arc::new(Map { entries, rest })).into()
        } else {
            Kind::List(Arc::new(List { items, open, set: false })).into()
        };
        self.literal(out, span).or_trail(&collection.trail).marked(collection.sensitive)
    }
}

/// How long a string is, as far as it is known.
fn text_length(value: &Value) -> usize {
    match &value.kind {
        Kind::String(s) => s.len(),
        Kind::Partial(text) => text
            .pieces()
            .iter()
            .map(|piece| match piece {
                crate::value::Piece::Known(s) => s.len(),
                crate::value::Piece::Hole(_) => 0,
            })
            .sum(),
        Kind::Choice(arms) => arms.iter().map(|arm| text_length(&arm.value)).fold(0, usize::saturating_add),
        _ => 0,
    }
}

impl Value {
    fn written_if(self, traced: bool, span: Span) -> Value {
        if traced { self.written_at(span) } else { self }
    }
}
