//! `Ref` and `Fn::GetAtt`.

use super::deployment;
use crate::dialect::cloudformation::call::Call;
use crate::dialect::cloudformation::evaluator::Evaluator;
use crate::dialect::cloudformation::inputs::Given;
use crate::dialect::cloudformation::parameters::supposed;
use crate::dialect::cloudformation::scope::Scope;
use crate::source::Span;
use crate::value::{Cause, CauseKind, HopKind, Kind, Str, Truth, Value, Variable, to_text};
use std::sync::Arc;

/// The parameters that every template has.
const PSEUDO: [&str; 7] = [
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// Attributes are read back from properties that are read back, so many times.
const MAX_MIRRORS: usize = 8;

impl<'t> Evaluator<'t, '_> {
    pub(super) fn reference(&self, call: &Call<'t>, scope: &Scope) -> Value {
        if let Some(name) = call.arg.text() {
            return self.named_value(name, call.span, scope);
        }
        let name = to_text(&self.argument(call.arg, scope));
        match name.as_str() {
            Some(name) => self.named_value(name, call.span, scope),
            None => match name.cause() {
                Some(cause) => Value::unknown(cause),
                None => self.bad_arguments(call, "the name of a parameter or resource"),
            },
        }
    }

    /// What `Ref` gives for a name.
    pub(in crate::dialect::cloudformation) fn named_value(&self, name: &str, span: Span, scope: &Scope) -> Value {
        let substituted = super::super::evaluator::substitute(name, scope);
        let name = substituted.as_ref();
        if let Some(value) = scope.binding(name) {
            return value.clone().used_at(span);
        }
        if let Some(value) = self.parameters.get(name) {
            return self.narrowed(name, value, scope).used_at(span);
        }
        if name == "AWS::NoValue" {
            return Value::null().written_at(span);
        }
        if PSEUDO.contains(&name) {
            if let Some(fact) = self.fact(name, scope) {
                return supposed(&fact, &Value::null()).used_at(span);
            }
            let of = match name {
                "AWS::StackName" | "AWS::StackId" if !self.prefix.is_empty() => {
                    format!(" of {}", self.prefix.trim_end_matches('.'))
                }
                _ => String::new(),
            };
            return deployment(format!("{name}{of} is decided by the deployment"), span);
        }
        self.resource_attribute(name, "Ref", span)
    }

    /// An attribute of a resource; `Ref` for what `Ref` gives.
    fn resource_attribute(&self, name: &str, attribute: &str, span: Span) -> Value {
        let Some(resource) = self.resource_index.get(name).and_then(|&i| self.resources.get(i)) else {
            return self.missing(name, span);
        };
        // A resource that is not created has no attributes.
        if let Some((condition, at)) = resource.node.get("Condition").and_then(|c| c.text().map(|t| (t, c.span)))
            && self.condition(condition, at, &self.base).truth == Truth::No
        {
            let what = format!("`{name}` is not created, as its condition `{condition}` does not hold");
            return Value::unknown(Cause::at(CauseKind::Invalid, what, span)).written_at(span);
        }
        Value::after_apply(self.named(name), attribute).written_at(span)
    }

    fn missing(&self, name: &str, span: Span) -> Value {
        if self.generated.contains(name) {
            return Value::after_apply(self.named(name), "Ref").written_at(span);
        }
        if self.hidden.contains("Resources") || self.hidden.contains("Parameters") {
            let what = match &self.macros {
                Some(by) => format!("`{name}` may be declared by {by}, which is not expanded"),
                None => format!("`{name}` is declared where the template cannot be seen"),
            };
            return Value::unknown(Cause::at(CauseKind::Unsupported, what, span)).written_at(span);
        }
        self.invalid(span, format!("there is no parameter or resource `{name}`"))
    }

    pub(super) fn attribute(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let (name, attribute) = if let Some(text) = call.arg.text() {
            let Some((name, attribute)) = text.split_once('.') else {
                return self.bad_arguments(call, "a resource and an attribute, joined by a dot");
            };
            (Value::from(name), Value::from(attribute))
        } else {
            match call.arg.items() {
                Some([name, attribute]) => (self.value(name, scope), self.value(attribute, scope)),
                // Some tools write the parts of an attribute's name as items.
                Some([name, first, second]) => {
                    let parts = [self.value(first, scope), Value::from("."), self.value(second, scope)];
                    (self.value(name, scope), Value::concat(&parts))
                }
                _ => return self.bad_arguments(call, "a resource and an attribute"),
            }
        };
        let (name, attribute) = (to_text(&name), to_text(&attribute));
        match (name.as_str(), attribute.as_str()) {
            (Some(name), Some(attribute)) => self.named_attribute(name, attribute, call.span, scope),
            _ => match name.cause().or_else(|| attribute.cause()) {
                Some(cause) => Value::unknown(cause),
                None => self.bad_arguments(call, "a resource and an attribute"),
            },
        }
    }

    /// What `Fn::GetAtt` gives.
    pub(super) fn named_attribute(&self, name: &str, attribute: &str, span: Span, scope: &Scope) -> Value {
        let (name, attribute) =
            (super::super::evaluator::substitute(name, scope), super::super::evaluator::substitute(attribute, scope));
        if self.generated.contains(name.as_ref()) {
            return Value::after_apply(self.named(&name), attribute.as_ref()).written_at(span);
        }
        let value = self.resource_attribute(&name, &attribute, span);
        if matches!(value.kind, Kind::AfterApply(_))
            && let Some(written) = self.mirrored(&name, &attribute, scope)
        {
            return written.hop(HopKind::Attribute, format!("{}.{attribute}", self.named(&name))).used_at(span);
        }
        if value.is_unknown()
            && value.cause().is_some_and(|c| c.kind == CauseKind::Deployment)
            && let Some(output) = attribute.strip_prefix("Outputs.")
            && let Some(value) = self.child_output(&name, output, span)
        {
            return value.used_at(span);
        }
        value
    }

    /// What the template writes for the property of a resource that has the name of an attribute: the attribute gives it
    /// back. `None`: there is no such property.
    fn mirrored(&self, name: &str, attribute: &str, scope: &Scope) -> Option<Value> {
        let resource = self.resource_index.get(name).and_then(|&i| self.resources.get(i))?;
        let mut path = attribute.split('.');
        let node = resource.node.get("Properties")?.get(path.next()?)?;
        // While it is read it depends on itself.
        let place = (resource.name.clone(), Str::from(attribute));
        if self.reading.borrow().contains(&place) || self.reading.borrow().len() >= MAX_MIRRORS {
            return None;
        }
        self.reading.borrow_mut().push(place);
        let value = self.deeper(node.span, || self.value(node, &self.resource_scope(resource)));
        self.reading.borrow_mut().pop();
        let value = path.fold(value.ok()?, |value, key| value.get(key)).within(&scope.world());
        let circle =
            matches!(&value.kind, Kind::AfterApply(r) if r.address == self.named(name) && r.attribute == attribute);
        (!value.may_be_unset() && !circle).then_some(value)
    }

    /// What a pseudo parameter is given by the inputs.
    pub(in crate::dialect::cloudformation) fn pseudo_inputs(
        &mut self,
        given: &rustc_hash::FxHashMap<Str, Given>,
        inherited: impl Fn(&str) -> Option<Value>,
    ) {
        for name in PSEUDO {
            let value = match given.get(name) {
                Some(Given::Text(text, span)) => {
                    Some(Value::from(text.as_str()).with_trail(crate::value::Trail::one(HopKind::Input, name, *span)))
                }
                Some(Given::Value(value, _)) => Some(value.clone()),
                None => inherited(name),
            };
            match value {
                Some(value) => {
                    self.parameters.insert(name.into(), value);
                }
                None => {
                    // The region and account of a nested stack are those of the stack around.
                    let own = matches!(name, "AWS::StackId" | "AWS::StackName");
                    let variable = if own { self.named(name) } else { name.into() };
                    let variable = Variable { name: variable, values: None, sensitive: false };
                    self.variables.insert(name.into(), Arc::new(variable));
                }
            }
        }
    }
}
