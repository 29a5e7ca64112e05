//! Templates: strings with interpolations and directives.

use super::{Env, Evaluator, MAX_TEXT, text_length};
use crate::source::Span;
use crate::syntax::hcl::Part;
use crate::value::{Cause, CauseKind, Kind, MadeFrom, Segment, Trail, Truth, Value};
use std::sync::Arc;

impl Evaluator<'_> {
    /// The string a template makes. A template of one interpolation is the value itself.
    pub fn template(&self, parts: &[Part], span: Span, env: Option<&Env<'_>>) -> Value {
        if let [Part::Interpolation(inner)] = parts {
            return self.part_of(inner, env);
        }
        let mut values = Vec::with_capacity(parts.len());
        self.parts(parts, env, &mut values);
        let length: usize = values.iter().map(text_length).fold(0, usize::saturating_add);
        if length > MAX_TEXT {
            return self.limit("the string is too long", span);
        }
        let mut joined = self.distribute(&values, span, &|values| Value::concat(values));
        if self.scope.traces_literals() && parts.len() > 1 && matches!(joined.kind, Kind::String(_) | Kind::Partial(_))
        {
            joined.made_from = layout(parts, &values).map(|segments| Arc::new(MadeFrom::Source(segments)));
        }
        let mut trail = values.iter().map(|v| &v.trail).find(|t| !t.is_none()).cloned().unwrap_or_default();
        if self.scope.traces_literals() {
            // Written here, put together from what the interpolations brought.
            trail = trail.used_at(span);
            if trail.first().is_some_and(|h| h.span != span) {
                trail = Trail::written(span);
            }
        }
        let mut out = joined;
        out.trail = trail;
        out
    }

    pub(super) fn parts(&self, parts: &[Part], env: Option<&Env<'_>>, out: &mut Vec<Value>) {
        for part in parts {
            match part {
                Part::Literal(text, _) => out.push(text.clone().into()),
                Part::Interpolation(expr) => {
                    let value = self.eval(expr, env);
                    if value.is_unset() || matches!(value.kind, Kind::List(_) | Kind::Map(_)) {
                        out.push(
                            self.error(format!("a string is needed here, not a {}", value.type_name()), expr.span),
                        );
                    } else {
                        out.push(value);
                    }
                }
                Part::If { condition, then, otherwise } => {
                    let decision = self.eval(condition, env);
                    if self.scope.strict() && Self::is_no_decision(&decision) {
                        let what = format!("a {} is not a condition", decision.type_name());
                        out.push(self.error(what, condition.span));
                        continue;
                    }
                    match decision.truth() {
                        Truth::Yes => self.parts(then, env, out),
                        Truth::No => self.parts(otherwise, env, out),
                        Truth::Undetermined => out.push(self.hole(&decision, condition.span)),
                    }
                }
                Part::For { key_name, value_name, collection, body } => {
                    let collection_value = self.eval(collection, env);
                    match self.elements(&collection_value, collection.span) {
                        Ok((elements, open)) => {
                            for (key, value) in elements {
                                if !self.scope.tick() {
                                    out.push(self.limit("there is too much to evaluate", collection.span));
                                    return;
                                }
                                let key_env = key_name.as_ref().map(|name| Env::bind(name, key, env));
                                let inner = Env::bind(value_name, value, key_env.as_ref().or(env));
                                self.parts(body, Some(&inner), out);
                            }
                            if let Some(cause) = open {
                                out.push(Value::unknown(cause));
                            }
                        }
                        Err(error) => out.push(error),
                    }
                }
            }
        }
    }

    pub(super) fn hole(&self, decision: &Value, span: Span) -> Value {
        let cause =
            decision.cause().unwrap_or_else(|| Cause::at(CauseKind::Invalid, "the condition is not a bool", span));
        Value::unknown(cause)
    }
}

/// Where the lines of a document or script in a text are written. `None`: it does not look like one, or its text is made
/// by directives.
fn layout(parts: &[Part], values: &[Value]) -> Option<Vec<Segment>> {
    if parts.len() != values.len() {
        return None;
    }
    let first = parts.iter().find_map(|p| match p {
        Part::Literal(text, _) => text.trim_start().chars().next(),
        _ => Some(' '),
    });
    let lines = parts.iter().any(|p| matches!(p, Part::Literal(text, _) if text.contains('\n')));
    if !lines && !matches!(first, Some('{' | '[')) {
        return None;
    }
    let mut at = 0u32;
    let mut out = Vec::with_capacity(parts.len());
    for (part, value) in parts.iter().zip(values) {
        let length = u32::try_from(text_length(value)).ok()?;
        match part {
            Part::Literal(_, span) => out.push(Segment { at, span: *span, length }),
            Part::Interpolation(expr) => out.push(Segment { at, span: expr.span, length }),
            _ => return None,
        }
        at = at.checked_add(length)?;
    }
    Some(out)
}
