//! Conditions: Kleene logic over what is known of the parameters.

use super::call::{Arg, Call, call};
use super::evaluator::Evaluator;
use super::parameters::default_text;
use super::scope::{Fact, Scope};
use crate::source::Span;
use crate::syntax::document::Node;
use crate::value::{Cause, CauseKind, Kind, Str, Truth, Value, to_text};
use std::rc::Rc;
use std::sync::Arc;

/// How a condition comes out, and why that is not known.
#[derive(Clone)]
pub(super) struct Decision {
    pub(super) truth: Truth,
    pub(super) cause: Option<Arc<Cause>>,
}

impl Decision {
    fn known(holds: bool) -> Self {
        Self { truth: Truth::from(holds), cause: None }
    }

    fn open(cause: Arc<Cause>) -> Self {
        Self { truth: Truth::Undetermined, cause: Some(cause) }
    }

    fn join(decisions: Vec<Decision>, truth: impl Fn(Truth, Truth) -> Truth, start: Truth) -> Self {
        let mut out = Decision { truth: start, cause: None };
        for decision in decisions {
            out.truth = truth(out.truth, decision.truth);
            out.cause = out.cause.or(decision.cause);
        }
        if out.truth != Truth::Undetermined {
            out.cause = None;
        }
        out
    }
}

impl<'t> Evaluator<'t, '_> {
    /// How the condition of a name comes out. `span` is where it is named.
    pub(super) fn condition(&self, name: &str, span: Span, scope: &Scope) -> Decision {
        if let Some(holds) = scope.decided(name) {
            return Decision::known(holds);
        }
        // Loops around the place that asks have nothing to do with the condition.
        let scope = if scope.decided.is_empty() && scope.facts.is_empty() { &self.base } else { scope };
        if let Some(known) = scope.memo.borrow().get(name) {
            return known.clone().unwrap_or_else(|| {
                let message = format!("the condition `{name}` depends on itself");
                self.shared.note(span, message.as_str(), false);
                Decision::open(Cause::at(CauseKind::Invalid, message, span))
            });
        }
        let Some(declared) = self.conditions.get(name) else {
            let message = format!("there is no condition `{name}`");
            if !self.hidden.contains("Conditions") {
                self.shared.note(span, message.as_str(), false);
            }
            return Decision::open(Cause::at(CauseKind::Invalid, message, span));
        };
        scope.memo.borrow_mut().insert(name.into(), None);
        let decision = if declared.bindings.is_empty() && scope.bindings.is_empty() {
            self.decide(declared.node, scope)
        } else {
            self.decide(declared.node, &scope.with_bindings(declared.bindings.clone()))
        };
        scope.memo.borrow_mut().insert(name.into(), Some(decision.clone()));
        decision
    }

    /// How an expression of the `Conditions` section comes out.
    pub(super) fn decide(&self, node: &'t Node, scope: &Scope) -> Decision {
        if let Err(cause) = self.spend() {
            return Decision::open(cause);
        }
        self.deeper(node.span, || self.decide_here(node, scope)).unwrap_or_else(Decision::open)
    }

    fn decide_here(&self, node: &'t Node, scope: &Scope) -> Decision {
        let Some(call) = condition_call(node) else {
            let value = self.value(node, scope);
            return truth_of(&value, node.span);
        };
        if matches!(call.name, "Condition" | "Equals" | "Not" | "And" | "Or") {
            return self.decide_call(&call, scope);
        }
        let value = self.value(node, scope);
        truth_of(&value, node.span)
    }

    /// How a call of one of the functions of conditions comes out.
    pub(super) fn decide_call(&self, call: &Call<'t>, scope: &Scope) -> Decision {
        let operands = |least: usize, most: usize| {
            let items = call.arg.items().unwrap_or(&[]);
            let fits = (least..=most).contains(&items.len());
            fits.then_some(items)
        };
        match call.name {
            "Condition" => match call.arg.text() {
                Some(name) => self.condition(name, call.span, scope),
                None => self.bad_condition(call, "the name of a condition"),
            },
            "Equals" => match operands(2, 2) {
                Some([a, b]) => self.equal(a, b, scope),
                _ => self.bad_condition(call, "two values"),
            },
            "Not" => match operands(1, 1) {
                Some([inner]) => {
                    let inner = self.decide(inner, scope);
                    Decision { truth: !inner.truth, cause: inner.cause }
                }
                _ => self.bad_condition(call, "a list of one condition"),
            },
            "And" => match operands(1, usize::MAX) {
                Some(items) => {
                    let items = items.iter().map(|i| self.decide(i, scope)).collect();
                    Decision::join(items, Truth::and, Truth::Yes)
                }
                None => self.bad_condition(call, "a list of conditions"),
            },
            "Or" => match operands(1, usize::MAX) {
                Some(items) => {
                    let items = items.iter().map(|i| self.decide(i, scope)).collect();
                    Decision::join(items, Truth::or, Truth::No)
                }
                None => self.bad_condition(call, "a list of conditions"),
            },
            _ => self.bad_condition(call, "no such argument"),
        }
    }

    fn bad_condition(&self, call: &Call<'_>, wanted: &str) -> Decision {
        let value = self.invalid(call.span, format!("{} takes {wanted}", full_name(call.name)));
        truth_of(&value, call.span)
    }

    fn equal(&self, a: &'t Node, b: &'t Node, scope: &Scope) -> Decision {
        let (x, y) = (to_text(&self.value(a, scope)), to_text(&self.value(b, scope)));
        let truth = x.equals(&y);
        if truth != Truth::Undetermined {
            return Decision { truth, cause: None };
        }
        let differs = |node: &'t Node, other: &Value| match (reference(node), other.as_str()) {
            (Some(parameter), Some(text)) => scope.differs(parameter, text),
            _ => false,
        };
        if differs(a, &y) || differs(b, &x) {
            return Decision::known(false);
        }
        let cause = self.open_cause(a, &x).or_else(|| self.open_cause(b, &y));
        Decision::open(cause.unwrap_or_else(|| Cause::at(CauseKind::Invalid, "the values cannot be compared", a.span)))
    }

    /// Why the value of a node is not known; of a parameter with several possible values, that it has none.
    fn open_cause(&self, node: &'t Node, value: &Value) -> Option<Arc<Cause>> {
        if let (Kind::Choice(_), Some(name)) = (&value.kind, reference(node))
            && let Some(key) = self.parameter_keys.get(name)
        {
            return Some(Cause::at(CauseKind::Input, format!("parameter `{name}` has no value"), *key));
        }
        value.cause()
    }

    /// The scope in which a condition is decided, with what follows from it.
    pub(super) fn assume(&self, scope: &Scope, condition: &str, holds: bool) -> Scope {
        let mut inner = Scope { memo: Rc::default(), ..scope.with_bindings(scope.bindings.clone()) };
        self.suppose(&mut inner, condition, holds, 0);
        inner
    }

    fn suppose(&self, scope: &mut Scope, condition: &str, holds: bool, depth: usize) {
        if depth > 20 || scope.decided(condition).is_some() || scope.decided.len() > 200 {
            return;
        }
        scope.decided.push((condition.into(), holds));
        if let Some(declared) = self.conditions.get(condition)
            && declared.bindings.is_empty()
        {
            self.follow(scope, condition, declared.node, holds, depth + 1);
        }
    }

    /// Adds what follows when an expression holds or does not.
    fn follow(&self, scope: &mut Scope, condition: &str, node: &'t Node, holds: bool, depth: usize) {
        if depth > 20 || scope.facts.len() > 200 || self.spend().is_err() {
            return;
        }
        let Some(call) = condition_call(node) else { return };
        let items = call.arg.items().unwrap_or(&[]);
        match (call.name, items) {
            ("Condition", _) => {
                if let Some(name) = call.arg.text() {
                    self.suppose(scope, name, holds, depth + 1);
                }
            }
            ("Not", [inner]) => self.follow(scope, condition, inner, !holds, depth + 1),
            ("And", items) if holds => items.iter().for_each(|i| self.follow(scope, condition, i, true, depth + 1)),
            ("Or", items) if !holds => items.iter().for_each(|i| self.follow(scope, condition, i, false, depth + 1)),
            ("Equals", [a, b]) => {
                for (name, other) in [(reference(a), b), (reference(b), a)] {
                    let Some(parameter) = name else { continue };
                    let given = self.parameters.get(parameter);
                    // A known parameter is what it is; only an open one can be narrowed.
                    let open = given.is_none_or(|v| v.cause().is_some()) && scope.binding(parameter).is_none();
                    if open
                        && call_free(other)
                        && let Some(text) = other.text()
                    {
                        scope.facts.push(Fact {
                            parameter: parameter.into(),
                            value: default_text(other, text),
                            equal: holds,
                            condition: condition.into(),
                            span: other.span,
                        });
                    }
                }
            }
            _ => {}
        }
    }
}

/// How a value comes out as a condition.
fn truth_of(value: &Value, span: Span) -> Decision {
    match value.truth() {
        Truth::Undetermined => {
            Decision::open(value.cause().unwrap_or_else(|| Cause::at(CauseKind::Invalid, "this is no condition", span)))
        }
        truth => Decision { truth, cause: None },
    }
}

fn call_free(node: &Node) -> bool {
    call(node).is_none()
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
