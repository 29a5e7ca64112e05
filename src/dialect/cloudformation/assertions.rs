//! The `Rules` section: what its assertions say of parameters that nobody gives a value.

use super::call::{Call, call};
use super::evaluator::Evaluator;
use super::parameters::{Domain, default_text};
use super::scope::Scope;
use crate::syntax::document::Node;
use crate::value::{Kind, Str, Truth};
use rustc_hash::FxHashMap;

/// Assertions nested deeper say nothing.
const MAX_DEPTH: u32 = 20;

/// The values that parameters may have, by name.
pub(super) type Asserted = FxHashMap<Str, Domain>;

impl<'t> Evaluator<'t, '_> {
    /// What the rules say that holds in any case: those without a condition, and those whose condition is decided.
    pub(super) fn asserted(&self) -> Asserted {
        let mut out = Asserted::default();
        for rule in self.section("Rules").and_then(Node::entries).unwrap_or(&[]) {
            let applies = match rule.value.get("RuleCondition") {
                Some(condition) => self.decide(condition, &Scope::default(), "").truth,
                None => Truth::Yes,
            };
            if applies != Truth::Yes {
                continue;
            }
            for assertion in rule.value.get("Assertions").and_then(Node::items).unwrap_or(&[]) {
                if let Some(node) = assertion.get("Assert") {
                    for (parameter, domain) in self.allowed_by(node, 0) {
                        restrict(&mut out, parameter, domain);
                    }
                }
            }
        }
        out
    }

    /// The values of parameters with which an assertion holds.
    fn allowed_by(&self, node: &'t Node, depth: u32) -> Asserted {
        let mut out = Asserted::default();
        let Some(call) = call(node).filter(|_| depth < MAX_DEPTH && self.spend().is_ok()) else { return out };
        match (call.name, call.arg.items()) {
            ("Equals", Some([a, b])) => {
                for (input, other) in [(a, b), (b, a)] {
                    if let (Some(name), Some(value)) = (self.open_parameter(input), literal(other)) {
                        out.insert(name, vec![value]);
                    }
                }
            }
            ("Contains", Some([list, input])) => {
                if let (Some(name), Some(domain)) = (self.open_parameter(input), self.listed(list)) {
                    out.insert(name, domain);
                }
            }
            ("And", Some(parts)) => {
                for part in parts {
                    for (parameter, domain) in self.allowed_by(part, depth + 1) {
                        restrict(&mut out, parameter, domain);
                    }
                }
            }
            ("Or", Some(parts)) => {
                let mut ways = parts.iter().map(|p| self.allowed_by(p, depth + 1));
                out = ways.next().unwrap_or_default();
                for way in ways {
                    // Only what every way says something about is restricted.
                    out.retain(|parameter, domain| {
                        let Some(more) = way.get(parameter) else { return false };
                        domain.extend(
                            more.iter()
                                .filter(|(v, _)| domain.iter().all(|(w, _)| v != w))
                                .cloned()
                                .collect::<Vec<_>>(),
                        );
                        true
                    });
                }
            }
            _ => {}
        }
        out
    }

    /// A parameter that a node refers to, if it has no value.
    fn open_parameter(&self, node: &Node) -> Option<Str> {
        let name = call(node).filter(|c| c.name == "Ref").and_then(|c: Call<'_>| c.arg.text())?;
        (self.variables.contains_key(name) && self.parameter_keys.contains_key(name)).then(|| name.into())
    }

    /// The strings of a list that is written out, or is known for other reasons.
    fn listed(&self, node: &'t Node) -> Option<Domain> {
        if call(node).is_none()
            && let Some(items) = node.items()
        {
            return items.iter().map(literal).collect();
        }
        let value = self.value(node, &Scope::default());
        let Kind::List(list) = &value.kind else { return None };
        if list.open.is_some() {
            return None;
        }
        list.items.iter().map(|item| Some((Str::from(item.as_str()?), node.span))).collect()
    }
}

fn literal(node: &Node) -> Option<(Str, crate::source::Span)> {
    if call(node).is_some() {
        return None;
    }
    Some((default_text(node, node.text()?), node.span))
}

/// Both restrictions hold.
fn restrict(all: &mut Asserted, parameter: Str, domain: Domain) {
    match all.get_mut(&parameter) {
        Some(known) => known.retain(|(value, _)| domain.iter().any(|(v, _)| v == value)),
        None => {
            all.insert(parameter, domain);
        }
    }
}
