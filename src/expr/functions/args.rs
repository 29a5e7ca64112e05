//! Reading arguments the way Terraform converts them, and the two ways in which a function can stop early.

use crate::expr::Call;
use crate::value::{Cause, CauseKind, Kind, List, Map, Number, Piece, Rest, Str, Text, Value, to_text};
use std::sync::Arc;

/// No string that a function makes is longer.
pub(super) const MAX_STRING: usize = 10_000_000;

/// No list that a function multiplies out is longer.
pub(super) const MAX_ITEMS: usize = 10_000;

/// No list that a function puts together from others is longer.
pub(super) const MAX_JOINED: usize = 100_000;

/// Values nested deeper are not followed.
pub(super) const MAX_DEPTH: usize = 128;

/// Values of more parts are not compared or converted: parts that are shared in memory count as often as they are seen.
pub(super) const MAX_PARTS: usize = 500_000;

/// Whether the values have few enough parts to walk through all of them.
pub(super) fn is_small<'a>(values: impl IntoIterator<Item = &'a Value>) -> bool {
    fn walk(value: &Value, left: &mut usize, depth: usize) -> bool {
        if *left == 0 || depth > MAX_DEPTH {
            return false;
        }
        *left -= 1;
        match &value.kind {
            Kind::List(list) => list.items.iter().all(|v| walk(v, left, depth + 1)),
            Kind::Map(map) => map.entries.values().all(|v| walk(v, left, depth + 1)),
            Kind::Choice(arms) => arms.iter().all(|arm| walk(&arm.value, left, depth + 1)),
            _ => true,
        }
    }
    let mut left = MAX_PARTS;
    values.into_iter().all(|v| walk(v, &mut left, 0))
}

/// The reason for values that are too large to walk through.
pub(super) fn too_large() -> Stop {
    Stop::Unknown(Value::unknown(Cause::new(CauseKind::Limit, "the value is too large or nested too deep")))
}

/// Why a function has no ordinary result.
#[derive(Debug)]
pub(super) enum Stop {
    /// Terraform would report an error; the reason.
    Invalid(Str),
    /// An argument that decides is not known; what is known of the result.
    Unknown(Value),
}

/// What a function answers inside the library.
pub(super) type Outcome<T = Value> = Result<T, Stop>;

impl From<&str> for Stop {
    fn from(reason: &str) -> Self {
        Stop::Invalid(reason.into())
    }
}

impl From<String> for Stop {
    fn from(reason: String) -> Self {
        Stop::Invalid(reason.into())
    }
}

/// What the evaluator is told.
pub(super) fn finish(outcome: Outcome) -> Result<Value, Str> {
    match outcome {
        Ok(value) | Err(Stop::Unknown(value)) => Ok(value),
        Err(Stop::Invalid(reason)) => Err(reason),
    }
}

/// Why a value is not wholly known. Every such value has a reason, even where [`Value::cause`] finds none.
pub(super) fn why(value: &Value) -> Arc<Cause> {
    value.cause().unwrap_or_else(|| match &value.kind {
        Kind::Map(map) if matches!(map.rest, Rest::Resource(_)) => {
            let Rest::Resource(address) = &map.rest else {
                return Cause::new(CauseKind::Deployment, "known only after deployment");
            };
            Cause::new(CauseKind::Deployment, format!("{address} has attributes that are known only after deployment"))
        }
        _ => Cause::new(CauseKind::Unsupported, "it is not wholly known"),
    })
}

/// An unknown value for the reason for which `value` is not known.
pub(super) fn unknown_like(value: &Value) -> Value {
    Value::unknown(why(value)).with_trail(value.trail.clone()).marked(value.sensitive)
}

/// An unknown value that the deployment or the clock decides.
pub(super) fn decided_later(what: &str) -> Value {
    Value::unknown(Cause::new(CauseKind::Deployment, what))
}

/// Whether `value` or something inside it is sensitive.
pub(super) fn is_sensitive_within(value: &Value, depth: usize) -> bool {
    if value.sensitive || depth > MAX_DEPTH {
        return value.sensitive;
    }
    match &value.kind {
        Kind::List(list) => list.items.iter().any(|v| is_sensitive_within(v, depth + 1)),
        Kind::Map(map) => map.entries.values().any(|v| is_sensitive_within(v, depth + 1)),
        _ => false,
    }
}

/// The string in the result, refused when it is too long.
pub(super) fn text_result(text: impl Into<String>) -> Outcome {
    let text = text.into();
    if text.len() > MAX_STRING {
        return Err(too_long());
    }
    Ok(text.into())
}

/// The reason for a string that would be too long.
pub(super) fn too_long() -> Stop {
    format!("the string would be longer than {} MB", MAX_STRING / 1_000_000).into()
}

/// The reason for a list that would be too long.
pub(super) fn too_many(limit: usize) -> Stop {
    format!("the list would have more than {limit} elements").into()
}

/// A number in the result.
pub(super) fn number_result(value: f64) -> Outcome {
    match Number::from_f64(value) {
        Some(n) => Ok(n.into()),
        None => Err("the result is not a finite number".into()),
    }
}

/// A primitive as a string; `Err` tells what it is instead.
pub(super) fn primitive_text(value: &Value) -> Result<Str, &'static str> {
    match to_text(value).kind {
        Kind::String(s) => Ok(s),
        _ => Err(value.type_name()),
    }
}

impl Call<'_> {
    fn wrong(&self, index: usize, what: &str) -> Stop {
        format!("argument {} of {} {what}", index + 1, self.name).into()
    }

    /// The argument, whatever it is.
    pub(super) fn any(&self, index: usize) -> Outcome<&Value> {
        self.args.get(index).ok_or_else(|| format!("{} lacks argument {}", self.name, index + 1).into())
    }

    /// The argument, which must not be null.
    pub(super) fn value(&self, index: usize) -> Outcome<&Value> {
        let value = self.any(index)?;
        if value.is_unset() { Err(self.wrong(index, "must not be null")) } else { Ok(value) }
    }

    fn mismatch(&self, index: usize, value: &Value, wanted: &str) -> Stop {
        if value.is_unknown() || matches!(value.kind, Kind::Partial(_) | Kind::Choice(_)) {
            return Stop::Unknown(unknown_like(value));
        }
        self.wrong(index, &format!("must be {wanted}, not a {}", value.type_name()))
    }

    /// The argument as a string that is known whole.
    pub(super) fn text(&self, index: usize) -> Outcome<Str> {
        let value = self.value(index)?;
        primitive_text(value).map_err(|_| self.mismatch(index, value, "a string"))
    }

    /// The argument as the pieces of a string, at least one of which is known or all of them.
    pub(super) fn pieces(&self, index: usize) -> Outcome<Vec<Piece>> {
        let value = self.value(index)?;
        match &value.kind {
            Kind::Partial(text) => Ok(text.pieces().to_vec()),
            _ => self.text(index).map(|s| vec![Piece::Known(s)]),
        }
    }

    /// The argument as a number.
    pub(super) fn number(&self, index: usize) -> Outcome<Number> {
        let value = self.value(index)?;
        match &value.kind {
            Kind::Number(n) => Ok(*n),
            Kind::String(s) => Number::parse(s).ok_or_else(|| self.wrong(index, "must be a number, not a string")),
            _ => Err(self.mismatch(index, value, "a number")),
        }
    }

    /// The argument as a whole number.
    pub(super) fn int(&self, index: usize) -> Outcome<i64> {
        self.number(index)?.as_i64().ok_or_else(|| self.wrong(index, "must be a whole number"))
    }

    /// The argument as a whole number that is not negative.
    pub(super) fn count(&self, index: usize) -> Outcome<usize> {
        usize::try_from(self.int(index)?).map_err(|_| self.wrong(index, "must not be negative"))
    }

    /// The argument as a list, set or tuple.
    pub(super) fn list(&self, index: usize) -> Outcome<&List> {
        let value = self.value(index)?;
        match &value.kind {
            Kind::List(list) => Ok(list),
            _ => Err(self.mismatch(index, value, "a list")),
        }
    }

    /// The argument as a list of which every element can be seen (not necessarily known).
    pub(super) fn closed_list(&self, index: usize) -> Outcome<&List> {
        let list = self.list(index)?;
        match &list.open {
            Some(_) => Err(Stop::Unknown(unknown_like(self.value(index)?))),
            None => Ok(list),
        }
    }

    /// The argument as a list of strings that are all known. A null element is an error.
    pub(super) fn texts(&self, index: usize) -> Outcome<Vec<Str>> {
        let list = self.closed_list(index)?;
        list.items
            .iter()
            .map(|item| match primitive_text(item) {
                Ok(text) => Ok(text),
                Err(_) if item.is_wholly_known() => {
                    Err(self.wrong(index, &format!("must be a list of strings; it holds a {}", item.type_name())))
                }
                Err(_) => Err(Stop::Unknown(unknown_like(item))),
            })
            .collect()
    }

    /// The argument as a map or object.
    pub(super) fn map(&self, index: usize) -> Outcome<&Map> {
        let value = self.value(index)?;
        match &value.kind {
            Kind::Map(map) => Ok(map),
            _ => Err(self.mismatch(index, value, "a map")),
        }
    }

    /// The argument, if it is wholly known.
    pub(super) fn known(&self, index: usize) -> Outcome<&Value> {
        let value = self.value(index)?;
        if value.is_wholly_known() { Ok(value) } else { Err(Stop::Unknown(unknown_like(value))) }
    }
}

/// A string of pieces, in which `change` was applied to what is known and every hole became an unknown value:
/// what stands there is changed too, nobody knows how.
pub(super) fn each_known(pieces: &[Piece], mut change: impl FnMut(&str) -> String) -> Value {
    Text::join(pieces.iter().map(|piece| match piece {
        Piece::Known(s) => Piece::Known(change(s).into()),
        Piece::Hole(hole) => Piece::Hole(unknown_like(hole)),
    }))
}
