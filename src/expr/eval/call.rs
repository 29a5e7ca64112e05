//! Calls of functions, and what `try` and `can` make of errors.

use super::super::functions;
use super::super::{Call, Function};
use super::{DOUBTS, Env, Evaluator};
use crate::source::Span;
use crate::syntax::hcl::{Expr, Ident};
use crate::value::{Arm, Cause, CauseKind, HopKind, Kind, Trail, Truth, Value, When};

impl Evaluator<'_> {
    pub(super) fn call(&self, name: &Ident, args: &[Expr], expand: bool, span: Span, env: Option<&Env<'_>>) -> Value {
        let plain = name.name.strip_prefix("core::").unwrap_or(&name.name);
        match plain {
            "try" => return self.try_each(args, span, env),
            "can" => return self.can(args, span, env),
            _ => {}
        }
        if !self.scope.tick() {
            return self.limit("there is too much to evaluate", span);
        }
        let mut values: Vec<Value> = args.iter().map(|a| self.eval(a, env)).collect();
        if expand && let Some(last) = values.pop() {
            match &last.kind {
                Kind::List(list) if list.open.is_none() => {
                    values.extend(list.items.iter().map(|item| last.inside(item)));
                }
                Kind::List(_) | Kind::Unknown(_) | Kind::AfterApply(_) | Kind::Choice(_) => {
                    let cause = last
                        .cause()
                        .unwrap_or_else(|| Cause::at(CauseKind::Unsupported, "the arguments are not known", span));
                    return Value::unknown(cause).or_trail(&last.trail);
                }
                _ => return self.error("only a list can be expanded to arguments", span),
            }
        }
        if plain.contains("::") {
            let cause = Cause::at(CauseKind::Unsupported, format!("{plain} is a function of a provider"), span);
            return Value::unknown(cause);
        }
        let Some(function) = self.scope.function(plain).or_else(|| functions::lookup(plain)) else {
            return self.error(format!("there is no function {plain}"), span);
        };
        if values.len() < function.min_args || values.len() > function.max_args {
            return self.error(format!("{plain} does not take {} arguments", values.len()), span);
        }
        let result = self.distribute(&values, span, &|values| self.apply(function, plain, values, span));
        let result = self.checked(result, span);
        if !result.trail.is_none() {
            return result;
        }
        match result.kind {
            Kind::List(_) | Kind::Map(_) if self.scope.traces_literals() => result.with_trail(Trail::written(span)),
            _ => result.with_trail(Self::way_of(&values, span)),
        }
    }

    /// The way of the result of a call at `span`: that of the first argument that is more than a literal. Of several
    /// literals none stands for the result.
    fn way_of(args: &[Value], span: Span) -> Trail {
        let literal = |t: &Trail| {
            let mut hops = t.hops();
            hops.next().is_some_and(|h| h.kind == HopKind::Written && span.contains(h.span)) && hops.next().is_none()
        };
        let mut trails = args.iter().map(|v| &v.trail).filter(|t| !t.is_none());
        match (args, trails.clone().find(|t| !literal(t))) {
            (_, Some(trail)) => trail.clone(),
            ([only], None) => only.trail.clone(),
            (_, None) if trails.next().is_some() => Trail::written(span),
            (_, None) => Trail::none(),
        }
    }

    pub(super) fn apply(&self, function: &Function, name: &str, args: &[Value], span: Span) -> Value {
        let unmarks = matches!(function.name, "nonsensitive" | "issensitive");
        let sensitive = !unmarks && args.iter().any(|a| a.sensitive);
        if !function.takes_unknown
            && let Some(unknown) = args.iter().find(|a| !a.is_wholly_known())
        {
            let cause =
                unknown.cause().unwrap_or_else(|| Cause::at(CauseKind::Unsupported, "an argument is not known", span));
            return Value::unknown(cause).with_trail(unknown.trail.clone()).marked(sensitive);
        }
        let call = Call { name, args, span, host: self.scope.host() };
        match (function.run)(&call) {
            Ok(value) => value.marked(sensitive),
            Err(what) => self.error(what, span).marked(sensitive),
        }
    }

    /// Whether a value is known and decides nothing: null, a number, a list, a string that spells no bool.
    pub(super) fn is_no_decision(value: &Value) -> bool {
        match &value.kind {
            Kind::Null | Kind::Absent | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => true,
            Kind::String(s) => !matches!(s.as_str(), "true" | "false" | "1" | "0"),
            _ => false,
        }
    }

    /// Whether a value holds an error. Bounded, as every value that is made here is.
    pub(super) fn holds_error(value: &Value) -> bool {
        match &value.kind {
            Kind::Unknown(cause) => cause.kind == CauseKind::Invalid,
            Kind::Partial(text) => text.holes().any(Self::holds_error),
            Kind::List(list) => list.items.iter().any(Self::holds_error),
            Kind::Map(map) => map.entries.values().any(Self::holds_error),
            Kind::Choice(arms) => arms.iter().any(|arm| Self::holds_error(&arm.value)),
            _ => false,
        }
    }

    /// The value of an expression, and whether evaluating it fails. The error stays inside.
    pub(super) fn attempt(&self, arg: &Expr, env: Option<&Env<'_>>) -> (Value, Truth) {
        let (errors, maybe) = (self.errors.get(), self.maybe.get());
        let value = self.eval(arg, env);
        let is_error = matches!(&value.kind, Kind::Unknown(cause) if cause.kind == CauseKind::Invalid);
        let failed = if is_error || self.errors.get() != errors {
            Truth::Yes
        } else if self.maybe.get() != maybe {
            Truth::Undetermined
        } else {
            Truth::No
        };
        self.errors.set(errors);
        self.maybe.set(maybe);
        (value, failed)
    }

    pub(super) fn try_each(&self, args: &[Expr], span: Span, env: Option<&Env<'_>>) -> Value {
        let Some((first, rest)) = args.split_first() else {
            return self.error("no argument of try can be evaluated", span);
        };
        let doubts = DOUBTS.get();
        let (value, failed) = self.attempt(first, env);
        if failed != Truth::Yes && DOUBTS.get() != doubts && !rest.is_empty() {
            // It may not exist: then what follows counts.
            let other = self.undecided(|| self.try_each(rest, span, env));
            let trail = value.trail.or(&other.trail);
            let arms = [value, other].map(|value| Arm { when: When::unnamed(), value });
            return Value::choice(arms.to_vec()).or_trail(&trail);
        }
        match (failed, &value.kind) {
            (Truth::No, _) => value,
            (Truth::Yes, _) => self.try_each(rest, span, env),
            (Truth::Undetermined, Kind::Choice(arms)) if arms.iter().any(|arm| Self::holds_error(&arm.value)) => {
                let other = self.undecided(|| self.try_each(rest, span, env));
                value.map_arms(|arm| if Self::holds_error(arm) { other.clone() } else { arm.clone() })
            }
            (Truth::Undetermined, _) => Self::may_fail(span).or_trail(&value.trail),
        }
    }

    pub(super) fn may_fail(span: Span) -> Value {
        Value::unknown(Cause::at(CauseKind::Input, "whether this can be evaluated is not decided", span))
    }

    pub(super) fn can(&self, args: &[Expr], span: Span, env: Option<&Env<'_>>) -> Value {
        let [arg] = args else { return self.error("can takes one argument", span) };
        let doubts = DOUBTS.get();
        let (value, failed) = self.attempt(arg, env);
        if failed != Truth::Yes && DOUBTS.get() != doubts {
            return Self::may_fail(span).or_trail(&value.trail);
        }
        let within = match failed {
            Truth::Yes => return Value::from(false).with_trail(value.trail),
            Truth::No => |_: &Value| false,
            Truth::Undetermined => Self::holds_error,
        };
        match &value.kind {
            // The error must be in one of the arms, or it cannot be told where it went.
            Kind::Choice(arms) if failed == Truth::No || arms.iter().any(|arm| within(&arm.value)) => {
                value.map_arms(|arm| {
                    if within(arm) {
                        false.into()
                    } else if arm.is_wholly_known() {
                        true.into()
                    } else {
                        Self::may_fail(span)
                    }
                })
            }
            _ if failed == Truth::No && value.is_wholly_known() => Value::from(true).with_trail(value.trail),
            // As in Terraform: what is not known may still turn out to be wrong.
            _ => match value.cause() {
                Some(cause) if failed == Truth::No => Value::unknown(cause).with_trail(value.trail),
                _ => Self::may_fail(span).or_trail(&value.trail),
            },
        }
    }
}
