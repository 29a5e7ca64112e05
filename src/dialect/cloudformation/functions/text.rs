//! `Fn::Sub`, `Fn::Join`, `Fn::Split`, `Fn::Select`, `Fn::Base64` and `Fn::Length`.

use super::mapping::entries_of;
use crate::dialect::cloudformation::call::Call;
use crate::dialect::cloudformation::dynamic;
use crate::dialect::cloudformation::evaluator::{Evaluator, MAX_TEXT, for_each_choice, made_of};
use crate::dialect::cloudformation::scope::Scope;
use crate::source::Span;
use crate::value::{Cause, CauseKind, Kind, Number, Piece, Reference, Value, to_text};

/// A part of the string of `Fn::Sub`.
#[derive(Debug, PartialEq)]
pub(super) enum SubPart<'x> {
    Text(&'x str),
    Name(&'x str),
}

/// The parts of the string of `Fn::Sub`: `${Name}` is a name, `${!Name}` stands for `${Name}`.
pub(super) fn sub_parts(text: &str) -> Vec<SubPart<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let behind = rest.get(start + 2..).unwrap_or("");
        let Some(end) = behind.find('}') else { break };
        let name = behind.get(..end).unwrap_or("");
        let next = behind.get(end + 1..).unwrap_or("");
        if let Some(literal) = name.strip_prefix('!') {
            out.push(SubPart::Text(rest.get(..start + 2).unwrap_or("")));
            out.push(SubPart::Text(literal));
            out.push(SubPart::Text("}"));
        } else if is_name(name.trim()) {
            out.push(SubPart::Text(rest.get(..start).unwrap_or("")));
            out.push(SubPart::Name(name.trim()));
        } else {
            // Shell code such as `${x:-y}`, which CloudFormation refuses unless it is escaped: left as it is.
            out.push(SubPart::Text(rest.get(..start + 2).unwrap_or("")));
            rest = behind;
            continue;
        }
        rest = next;
    }
    out.push(SubPart::Text(rest));
    out.retain(|p| *p != SubPart::Text(""));
    out
}

/// A part of an attribute that exists only after deployment: it still says which resource it belongs to.
fn part_of(whole: &Reference, part: &str) -> Value {
    Value::after_apply(whole.address.clone(), format!("{}.{part}", whole.attribute))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '_' | '-' | '&' | '{' | '$'))
}

impl<'t> Evaluator<'t, '_> {
    pub(super) fn interpolation(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let (text, variables) = match (call.arg.text(), call.arg.items()) {
            (Some(text), _) => (text, None),
            (_, Some([text])) if text.text().is_some() => (text.text().unwrap_or(""), None),
            (_, Some([text, variables])) if text.text().is_some() && text.tag.is_none() => {
                let value = self.value(variables, scope);
                if entries_of(&value).is_none() && value.cause().is_none() {
                    return self.bad_arguments(call, "a string and a mapping of variables");
                }
                (text.text().unwrap_or(""), Some(value))
            }
            _ => return self.bad_arguments(call, "a string, or a string and a mapping of variables"),
        };
        let mut parts = Vec::new();
        let template = crate::dialect::cloudformation::evaluator::substitute(text, scope);
        for part in sub_parts(&template) {
            parts.push(match part {
                SubPart::Text(text) => Value::from(text),
                SubPart::Name(name) => {
                    let given = variables.as_ref().and_then(|v| entries_of(v).map(|e| e.get(name).cloned()));
                    match given {
                        Some(Some(value)) => value,
                        // The variables themselves are not known.
                        None if variables.is_some() => variables.clone().unwrap_or_else(Value::absent),
                        _ => match name.split_once('.') {
                            Some((resource, attribute)) => self.named_attribute(resource, attribute, call.span, scope),
                            None => self.named_value(name, call.span, scope),
                        },
                    }
                }
            });
        }
        self.joined(&parts, call.span)
    }

    /// One string of many values.
    fn joined(&self, parts: &[Value], span: Span) -> Value {
        // A string that is one value and nothing else is that value.
        if let [only] = parts {
            let only = to_text(only);
            if !only.is_unset() {
                return dynamic::resolve(only, span).used_at(span);
            }
        }
        let joined = for_each_choice(parts, |parts| {
            let mut length = 0_usize;
            for part in parts {
                length += match &part.kind {
                    Kind::String(s) => s.len(),
                    Kind::Partial(text) => text
                        .pieces()
                        .iter()
                        .map(|p| match p {
                            Piece::Known(s) => s.len(),
                            Piece::Hole(_) => 1,
                        })
                        .sum(),
                    _ => 1,
                };
            }
            if let Err(cause) = self.spend_many(parts.len() + length / 256) {
                return Value::unknown(cause).written_at(span);
            }
            if length > MAX_TEXT {
                let what = format!("the string is longer than {MAX_TEXT} bytes");
                self.shared.note(span, what.as_str(), true);
                return Value::unknown(Cause::at(CauseKind::Limit, what, span)).written_at(span);
            }
            let text = dynamic::resolve(Value::concat(parts), span);
            if text.trail.is_none() { text.with_trail(made_of(parts, span)) } else { text }
        });
        joined.or_trail(&made_of(parts, span))
    }

    pub(super) fn join(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let Some([delimiter, items]) = call.arg.items() else {
            return self.bad_arguments(call, "a delimiter and a list");
        };
        let Some(delimiter) = delimiter.text().map(Value::from) else {
            return self.bad_arguments(call, "a delimiter and a list");
        };
        let items = self.value(items, scope);
        for_each_choice(std::slice::from_ref(&items), |items| {
            let Some(items) = items.first() else { return Value::absent() };
            let Kind::List(list) = &items.kind else {
                return match items.cause() {
                    Some(cause) => Value::unknown(cause),
                    None => self.bad_arguments(call, "a delimiter and a list"),
                };
            };
            if let Some(cause) = &list.open {
                return Value::unknown(cause.clone());
            }
            let mut parts: Vec<Value> = Vec::with_capacity(list.items.len() * 2);
            for (i, item) in list.items.iter().enumerate() {
                if i > 0 {
                    parts.push(delimiter.clone());
                }
                parts.push(items.inside(item));
            }
            self.joined(&parts, call.span)
        })
    }

    pub(super) fn split(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let Some([delimiter, source]) = call.arg.items() else {
            return self.bad_arguments(call, "a delimiter and a string");
        };
        let delimiter = delimiter.text().filter(|d| !d.is_empty());
        let Some(delimiter) = delimiter else { return self.bad_arguments(call, "a delimiter and a string") };
        let source = to_text(&self.value(source, scope));
        for_each_choice(&[source], |source| {
            let Some(source) = source.first() else { return Value::absent() };
            if let Kind::AfterApply(whole) = &source.kind {
                // No identifier has a comma in it.
                if delimiter == "," && ["Ref", "Id", "Arn"].iter().any(|end| whole.attribute.ends_with(end)) {
                    return Value::list(vec![source.clone()]).with_trail(source.trail.clone());
                }
                return part_of(whole, "split").marked(source.sensitive);
            }
            match (source.as_str(), source.cause()) {
                (Some(text), _) => {
                    if let Err(cause) = self.spend_many(text.len() / 16) {
                        return Value::unknown(cause);
                    }
                    let items = text.split(delimiter);
                    let items = items.map(|i| Value::from(i).with_trail(source.trail.clone()).marked(source.sensitive));
                    Value::list(items.collect()).with_trail(source.trail.clone())
                }
                (_, Some(cause)) => Value::unknown(cause).marked(source.sensitive),
                _ => self.bad_arguments(call, "a delimiter and a string"),
            }
        })
    }

    pub(super) fn select(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let Some([index, list]) = call.arg.items() else {
            return self.bad_arguments(call, "an index and a list");
        };
        let index = super::number_of(&self.value(index, scope));
        let list = self.value(list, scope);
        for_each_choice(&[index, list], |values| {
            let [index, list] = values else { return Value::absent() };
            if let Some(cause) = index.cause() {
                return Value::unknown(cause);
            }
            let Some(index) = index.as_number().and_then(Number::as_usize) else {
                return self.bad_arguments(call, "an index and a list");
            };
            match &list.kind {
                Kind::List(items) => {
                    let item = list.at(index);
                    if matches!(item.kind, Kind::Absent) {
                        let length = items.items.len();
                        return self
                            .invalid(call.span, format!("Fn::Select asks for item {index} of a list of {length}"));
                    }
                    item.used_at(call.span)
                }
                Kind::AfterApply(whole) => part_of(whole, &index.to_string()).marked(list.sensitive),
                _ => match list.cause() {
                    Some(cause) => Value::unknown(cause.of_element(index)).marked(list.sensitive),
                    None => self.bad_arguments(call, "an index and a list"),
                },
            }
        })
    }

    /// The text itself, not encoded: what is encoded is what matters, and rules read it as the author wrote it.
    pub(super) fn base64(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let value = to_text(&self.argument(call.arg, scope));
        value.used_at(call.span)
    }

    pub(super) fn length(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let value = self.argument(call.arg, scope);
        for_each_choice(&[value], |values| {
            let Some(value) = values.first() else { return Value::absent() };
            match (&value.kind, value.cause()) {
                (Kind::List(list), _) if list.open.is_none() => {
                    Value::from(list.items.len() as i64).with_trail(made_of([value], call.span))
                }
                (_, Some(cause)) => Value::unknown(cause),
                _ => self.bad_arguments(call, "a list"),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::SubPart::{Name as N, Text as T};
    use super::sub_parts;

    #[test]
    fn the_string_of_sub_falls_into_text_and_names() {
        let cases: [(&str, Vec<super::SubPart<'_>>); 9] = [
            ("plain", vec![T("plain")]),
            ("a${B}c", vec![T("a"), N("B"), T("c")]),
            ("${A}${B.C}", vec![N("A"), N("B.C")]),
            ("${AWS::Region}", vec![N("AWS::Region")]),
            ("x${!Y}z", vec![T("x${"), T("Y"), T("}"), T("z")]),
            ("${ A }", vec![N("A")]),
            ("${x:-y z}", vec![T("${"), T("x:-y z}")]),
            ("${unclosed", vec![T("${unclosed")]),
            ("", vec![]),
        ];
        for (text, expected) in cases {
            assert_eq!(sub_parts(text), expected, "{text}");
        }
    }
}
