//! Conditions: Kleene logic over what is known of the parameters.

use super::call::{Arg, Call, call};
use super::evaluator::Evaluator;
use super::scope::{Fact, Scope};
use crate::source::Span;
use crate::syntax::document::{Node, NodeKind};
use crate::value::{
    Cause, CauseKind, Formula, Guard, Hop, HopKind, Kind, Place, Str, Trail, Truth, Value, When, formula_of, possible,
    to_text,
};
use std::fmt::Write as _;
use std::sync::Arc;

/// Longer expressions are told apart by their places.
const MAX_NAME: usize = 400;

/// How a condition comes out, and why that is not known.
#[derive(Clone)]
pub(super) struct Decision {
    pub(super) truth: Truth,
    /// What it asks of the inputs.
    pub(super) formula: Arc<Formula>,
    pub(super) cause: Option<Arc<Cause>>,
    /// The way of what decided it.
    pub(super) trail: Trail,
}

impl Decision {
    fn known(holds: bool, trail: Trail) -> Self {
        Self { truth: Truth::from(holds), formula: Formula::known(holds), cause: None, trail }
    }

    /// Not decided, unless what it asks is asked in vain.
    fn open(formula: Arc<Formula>, cause: Arc<Cause>) -> Self {
        match (possible([(&*formula, true)]), possible([(&*formula, false)])) {
            (true, false) => Self::known(true, Trail::none()),
            (false, _) => Self::known(false, Trail::none()),
            _ => Self { truth: Truth::Undetermined, formula, cause: Some(cause), trail: Trail::none() },
        }
    }

    fn join(decisions: Vec<Decision>, all: bool, name: impl FnOnce() -> Str) -> Self {
        if let Some(at) = decisions.iter().position(|d| d.truth == Truth::from(!all)) {
            let trail = decisions.into_iter().nth(at).map(|d| d.trail).unwrap_or_default();
            return Self::known(!all, trail);
        }
        let Some(cause) = decisions.iter().find_map(|d| d.cause.clone()) else {
            let given = |t: &&Trail| t.hops().any(|h| is_given(h.kind));
            let mut trails = decisions.iter().map(|d| &d.trail);
            let trail = trails.clone().find(given).or_else(|| trails.next()).cloned().unwrap_or_default();
            return Self::known(all, trail);
        };
        let parts = decisions.into_iter().map(|d| d.formula).collect();
        let formula = if all { Formula::all(parts, name) } else { Formula::any(parts, name) };
        Self::open(formula, cause)
    }
}

impl<'t> Evaluator<'t, '_> {
    /// How the condition of a name comes out. `span` is where it is named.
    pub(super) fn condition(&self, name: &str, span: Span, scope: &Scope) -> Decision {
        let invalid = |message: String| {
            let cause = Cause::at(CauseKind::Invalid, message, span);
            Decision {
                truth: Truth::Undetermined,
                formula: self.itself(name),
                cause: Some(cause),
                trail: Trail::none(),
            }
        };
        if let Some(holds) = scope.decided(&self.named(name)) {
            return Decision::known(holds, Trail::none());
        }
        if !scope.assumed.is_empty() {
            return self.under_assumptions(name, span, scope);
        }
        // Loops around the place that asks have nothing to do with the condition.
        let scope = &self.base;
        if let Some(known) = scope.memo.conditions.borrow().get(name) {
            return known.clone().unwrap_or_else(|| {
                let message = format!("the condition `{name}` depends on itself");
                self.shared.note(span, message.as_str(), false);
                invalid(message)
            });
        }
        let Some(declared) = self.conditions.get(name) else {
            let message = format!("there is no condition `{name}`");
            if !self.hidden.contains("Conditions") {
                self.shared.note(span, message.as_str(), false);
            }
            return invalid(message);
        };
        scope.memo.conditions.borrow_mut().insert(name.into(), None);
        let within = scope.with_bindings(declared.bindings.clone());
        let mut decision = self.decide(declared.node, &within, name);
        if decision.truth != Truth::Undetermined {
            let hop =
                Hop { kind: HopKind::Local, name: Str::from(format!("condition {name}")), span: declared.node.span };
            decision.trail = decision.trail.push(hop);
        }
        scope.memo.conditions.borrow_mut().insert(name.into(), Some(decision.clone()));
        decision
    }

    /// How a condition comes out where others are decided.
    fn under_assumptions(&self, name: &str, span: Span, scope: &Scope) -> Decision {
        if let Some(Some(known)) = scope.memo.conditions.borrow().get(name) {
            return known.clone();
        }
        let mut decision = self.condition(name, span, &self.base);
        if decision.truth == Truth::Undetermined && self.spend().is_ok() {
            match (scope.allows(&decision.formula, true), scope.allows(&decision.formula, false)) {
                (true, false) => decision = Decision::known(true, Trail::none()),
                (false, true) => decision = Decision::known(false, Trail::none()),
                _ => {}
            }
        }
        scope.memo.conditions.borrow_mut().insert(name.into(), Some(decision.clone()));
        decision
    }

    /// A condition of which nothing is known but its name.
    fn itself(&self, name: &str) -> Arc<Formula> {
        Formula::open(self.named(name))
    }

    /// How an expression of the `Conditions` section comes out; `name` is the condition it is written in.
    pub(super) fn decide(&self, node: &'t Node, scope: &Scope, name: &str) -> Decision {
        let given_up = |cause| Decision {
            truth: Truth::Undetermined,
            formula: self.unique(node),
            cause: Some(cause),
            trail: Trail::none(),
        };
        if let Err(cause) = self.spend() {
            return given_up(cause);
        }
        self.deeper(node.span, || self.decide_here(node, scope, name)).unwrap_or_else(given_up)
    }

    fn decide_here(&self, node: &'t Node, scope: &Scope, name: &str) -> Decision {
        match condition_call(node) {
            Some(call) if is_logical(call.name) => self.decide_call(&call, scope, name),
            _ => {
                let value = self.value(node, scope);
                self.truth_of(&value, node, scope)
            }
        }
    }

    /// How a call of one of the functions of conditions comes out.
    pub(super) fn decide_call(&self, call: &Call<'t>, scope: &Scope, name: &str) -> Decision {
        let operands = |least: usize, most: usize| {
            let items = call.arg.items().unwrap_or(&[]);
            let fits = (least..=most).contains(&items.len());
            fits.then_some(items)
        };
        let all = |items: &'t [Node], all: bool| {
            let items = items.iter().map(|i| self.decide(i, scope, name)).collect();
            Decision::join(items, all, || self.place_name(call.span))
        };
        match call.name {
            "Condition" => match call.arg.text() {
                Some(name) => self.condition(name, call.span, scope),
                None => self.bad_condition(call, "the name of a condition"),
            },
            "Equals" => match operands(2, 2) {
                Some([a, b]) => self.equal(a, b, scope, name),
                _ => self.bad_condition(call, "two values"),
            },
            "Not" => match operands(1, 1) {
                Some([inner]) => {
                    let inner = self.decide(inner, scope, name);
                    Decision { truth: !inner.truth, formula: inner.formula.negated(), ..inner }
                }
                _ => self.bad_condition(call, "a list of one condition"),
            },
            "And" => match operands(1, usize::MAX) {
                Some(items) => all(items, true),
                None => self.bad_condition(call, "a list of conditions"),
            },
            "Or" => match operands(1, usize::MAX) {
                Some(items) => all(items, false),
                None => self.bad_condition(call, "a list of conditions"),
            },
            // The functions of rules.
            "Contains" => match operands(2, 2) {
                Some([list, value]) => self.contained(list, value, scope, name),
                _ => self.bad_condition(call, "a list and a value"),
            },
            _ => {
                let what = format!("{} is not worked out", full_name(call.name));
                let cause = Cause::at(CauseKind::Unsupported, what, call.span);
                Decision::open(Formula::open(self.place_name(call.span)), cause)
            }
        }
    }

    /// `Fn::Contains`
    fn contained(&self, list: &'t Node, value: &'t Node, scope: &Scope, name: &str) -> Decision {
        match list.items().filter(|_| call(list).is_none()) {
            Some(items) => {
                let any = items.iter().map(|item| self.equal(item, value, scope, name)).collect();
                Decision::join(any, false, || self.place_name(list.span))
            }
            None => {
                let cause = self.value(list, scope).cause().or_else(|| self.value(value, scope).cause());
                let cause =
                    cause.unwrap_or_else(|| Cause::at(CauseKind::Unsupported, "it is not worked out", list.span));
                Decision::open(self.expression(&[list, value], &scope.bindings), cause)
            }
        }
    }

    fn bad_condition(&self, call: &Call<'_>, wanted: &str) -> Decision {
        let value = self.invalid(call.span, format!("{} takes {wanted}", full_name(call.name)));
        Decision {
            truth: Truth::Undetermined,
            formula: Formula::open(self.place_name(call.span)),
            cause: value.cause(),
            trail: Trail::none(),
        }
    }

    fn equal(&self, a: &'t Node, b: &'t Node, scope: &Scope, name: &str) -> Decision {
        let (x, y) = (to_text(&self.value(a, scope)), to_text(&self.value(b, scope)));
        let truth = x.equals(&y);
        if truth != Truth::Undetermined {
            let trail = [&x, &y].into_iter().map(|v| inputs(&v.trail)).find(|t| !t.is_none()).unwrap_or_default();
            return Decision::known(truth == Truth::Yes, trail);
        }
        let compared = Compared { evaluator: self, name, nodes: [a, b] };
        let formula = compared.formula(&x, &y);
        let cause = self.open_cause(a, &x).or_else(|| self.open_cause(b, &y));
        let cause = cause.unwrap_or_else(|| Cause::at(CauseKind::Invalid, "the values cannot be compared", a.span));
        Decision::open(formula, cause)
    }

    /// Why the value of a node is not known; of a parameter with several possible values, that it has none.
    fn open_cause(&self, node: &'t Node, value: &Value) -> Option<Arc<Cause>> {
        if let (Kind::Choice(_), Some(name)) = (&value.kind, reference(node))
            && let Some(key) = self.parameter_keys.get(name)
            && self.variables.contains_key(name)
        {
            return Some(Cause::at(CauseKind::Input, format!("parameter `{name}` has no value"), *key));
        }
        value.cause()
    }

    /// How a value comes out as a condition.
    fn truth_of(&self, value: &Value, node: &'t Node, scope: &Scope) -> Decision {
        match value.truth() {
            Truth::Undetermined => {
                let cause = value.cause();
                let cause = cause.unwrap_or_else(|| Cause::at(CauseKind::Invalid, "this is no condition", node.span));
                let compared = Compared { evaluator: self, name: "", nodes: [node, node] };
                let is_true: Value = true.into();
                let formula = match &value.kind {
                    Kind::Choice(_) => compared.formula(&crate::value::to_bool(value), &is_true),
                    _ => self.expression(&[node], &scope.bindings),
                };
                Decision::open(formula, cause)
            }
            truth => Decision::known(truth == Truth::Yes, inputs(&value.trail)),
        }
    }

    /// The decision that an expression is: the same wherever the same is written.
    fn expression(&self, nodes: &[&Node], bindings: &super::scope::Bindings) -> Arc<Formula> {
        let mut text = self.prefix.clone();
        for node in nodes {
            text.push('=');
            spell(node, &mut text);
        }
        for (name, value) in bindings {
            let _ = write!(text, "&{name}={}", value.as_str().unwrap_or_default());
        }
        match nodes.first() {
            Some(node) if text.len() > MAX_NAME => self.unique(node),
            _ => Formula::open(text),
        }
    }

    fn unique(&self, node: &Node) -> Arc<Formula> {
        Formula::open(self.place_name(node.span))
    }

    fn place_name(&self, span: Span) -> Str {
        Str::from(format!("{}#{}:{}-{}", self.prefix, span.file.0, span.start, span.end))
    }

    /// The decision that a condition goes one way.
    pub(super) fn guard(&self, name: &str, holds: bool, decision: &Decision) -> Guard {
        Guard::named(self.named(name), holds, decision.formula.clone(), decision.cause.clone())
    }

    /// The scope in which a condition is decided.
    pub(super) fn assume(&self, scope: &Scope, name: &str, holds: bool, decision: &Decision) -> Scope {
        scope.assuming(self.guard(name, holds, decision))
    }

    /// What a parameter without a value equals under the assumptions.
    pub(super) fn fact(&self, parameter: &str, scope: &Scope) -> Option<Fact> {
        if scope.assumed.is_empty() {
            return None;
        }
        let variable = self.variables.get(parameter)?;
        if let Some(known) = scope.memo.facts.borrow().get(parameter) {
            return known.clone();
        }
        let mut named: Vec<(Str, Option<Place>)> = Vec::new();
        for guard in &scope.assumed {
            guard.formula.comparisons(|of, value, place| {
                if of.name == variable.name && named.iter().all(|(v, _)| v != value) {
                    named.push((value.clone(), place.cloned()));
                }
            });
        }
        let only = named.into_iter().find(|(value, _)| {
            let is = Formula::is(variable.clone(), value.clone(), None);
            self.spend().is_ok() && !scope.allows(&is, false)
        });
        let fact = only.and_then(|(value, place)| place.map(|p| Fact { value, condition: p.condition, span: p.span }));
        scope.memo.facts.borrow_mut().insert(parameter.into(), fact.clone());
        fact
    }
}

/// Whether a hop is where a value comes in from outside of the expressions.
fn is_given(kind: HopKind) -> bool {
    matches!(kind, HopKind::Default | HopKind::Input | HopKind::Argument | HopKind::Output | HopKind::Mapping)
}

/// The hops at which a value comes in.
fn inputs(trail: &Trail) -> Trail {
    let hops: Vec<&Hop> = trail.hops().filter(|h| is_given(h.kind)).collect();
    hops.into_iter().rev().fold(Trail::none(), |trail, hop| trail.push(hop.clone()))
}

/// Two values that are compared.
struct Compared<'e, 't, 's> {
    evaluator: &'e Evaluator<'t, 's>,
    /// The condition in which that is written.
    name: &'e str,
    nodes: [&'t Node; 2],
}

impl Compared<'_, '_, '_> {
    /// What their equality asks of the inputs.
    fn formula(&self, x: &Value, y: &Value) -> Arc<Formula> {
        if let Some(direct) = self.direct(x, y) {
            return direct;
        }
        let name = || self.evaluator.place_name(self.nodes[0].span);
        let arm = |when: &When, inner: Arc<Formula>| Formula::all(vec![formula_of(when, &name), inner], name);
        match (&x.kind, &y.kind) {
            (Kind::Choice(arms), _) => {
                Formula::any(arms.iter().map(|a| arm(&a.when, self.formula(&a.value, y))).collect(), name)
            }
            (_, Kind::Choice(arms)) => {
                Formula::any(arms.iter().map(|a| arm(&a.when, self.formula(x, &a.value))).collect(), name)
            }
            _ => match x.equals(y) {
                Truth::Yes => Formula::known(true),
                Truth::No => Formula::known(false),
                Truth::Undetermined => self.evaluator.expression(&self.nodes, &Vec::new()),
            },
        }
    }

    /// A comparison of an input with a string.
    fn direct(&self, x: &Value, y: &Value) -> Option<Arc<Formula>> {
        let [a, b] = self.nodes;
        [(a, b, y), (b, a, x)].into_iter().find_map(|(input, node, value)| {
            let variable = reference(input).and_then(|name| self.evaluator.variables.get(name))?;
            let place = Place { condition: self.name.into(), span: node.span };
            Some(Formula::is(variable.clone(), value.as_str()?.into(), Some(place)))
        })
    }
}

/// Whether a function belongs to conditions.
fn is_logical(name: &str) -> bool {
    matches!(name, "Condition" | "Equals" | "Not" | "And" | "Or" | "Contains" | "EachMemberEquals" | "EachMemberIn")
}

/// Writes an expression out, whatever form it has.
fn spell(node: &Node, out: &mut String) {
    if out.len() > MAX_NAME {
        return;
    }
    if let Some(tag) = &node.tag {
        out.push('!');
        out.push_str(tag.strip_prefix("Fn::").unwrap_or(tag));
        out.push(' ');
    }
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            let _ = write!(out, "{:?}", scalar.text);
        }
        NodeKind::Sequence(items) => {
            out.push('[');
            for item in items {
                spell(item, out);
                out.push(',');
            }
            out.push(']');
        }
        NodeKind::Mapping(entries) => {
            // The long form of a function is the short one.
            if let (Some(call), None) = (call(node), &node.tag) {
                let _ = write!(out, "!{} ", call.name);
                spell(call.arg.node, out);
                return;
            }
            out.push('{');
            for entry in entries {
                spell(&entry.key, out);
                out.push(':');
                spell(&entry.value, out);
                out.push(',');
            }
            out.push('}');
        }
        NodeKind::Unreadable => out.push('?'),
    }
}

/// The parameter or pseudo parameter a node refers to.
fn reference(node: &Node) -> Option<&str> {
    call(node).filter(|c| c.name == "Ref").and_then(|c| c.arg.text())
}

/// The call a node is where conditions stand: `Condition` is a function here.
fn condition_call(node: &Node) -> Option<Call<'_>> {
    if let Some(call) = call(node) {
        return Some(call);
    }
    let [entry] = node.entries()? else { return None };
    (entry.key.text() == Some("Condition")).then(|| Call {
        name: "Condition",
        arg: Arg::plain(&entry.value),
        span: node.span,
    })
}

/// A function as people write it.
pub(super) fn full_name(name: &str) -> Str {
    if matches!(name, "Ref" | "Condition") { name.into() } else { Str::from(format!("Fn::{name}")) }
}
