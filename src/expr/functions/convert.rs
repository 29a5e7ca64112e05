//! Conversions between types, and marks.

use super::args::{Outcome, Stop, unknown_like, why};
use super::types::{Type, set_of, unify_entries, unify_values};
use crate::expr::Call;
use crate::value::{Cause, CauseKind, Kind, List, Map, Value, to_bool, to_number, to_text};

/// Runs a conversion of a primitive, whose failure is an unknown value that says so.
fn primitive(call: &Call<'_>, convert: fn(&Value) -> Value, wanted: &str) -> Outcome {
    let value = call.any(0)?;
    let out = convert(value);
    match (&value.kind, &out.kind) {
        (Kind::Partial(_), Kind::Unknown(_)) => Err(Stop::Unknown(unknown_like(value))),
        (Kind::Unknown(_), Kind::Unknown(_)) => Ok(out),
        (_, Kind::Unknown(_)) => Err(format!("a {} cannot be converted to {wanted}", value.type_name()).into()),
        _ => Ok(out),
    }
}

pub(super) fn tostring(call: &Call<'_>) -> Outcome {
    primitive(call, to_text, "a string")
}

pub(super) fn tonumber(call: &Call<'_>) -> Outcome {
    primitive(call, to_number, "a number")
}

pub(super) fn tobool(call: &Call<'_>) -> Outcome {
    primitive(call, to_bool, "a bool")
}

pub(super) fn tolist(call: &Call<'_>) -> Outcome {
    let value = call.any(0)?;
    if value.is_unset() || value.is_unknown() {
        return Ok(value.clone());
    }
    let list = call.list(0)?;
    let open = if list.set && list.items.len() > 1 {
        // In which order the elements of a set come is not known before all of them are.
        list.open.clone().or_else(|| list.items.iter().find(|v| !v.is_wholly_known()).map(why))
    } else {
        list.open.clone()
    };
    let items = unify_values(list.items.clone())?;
    Ok(Value { kind: Kind::List(List { items, open, set: false }.into()), ..value.clone() })
}

pub(super) fn toset(call: &Call<'_>) -> Outcome {
    let value = call.any(0)?;
    if value.is_unset() || value.is_unknown() {
        return Ok(value.clone());
    }
    let list = call.list(0)?;
    let items = unify_values(list.items.clone())?;
    let set = List { open: list.open.clone(), ..set_of(items) };
    Ok(Value { kind: Kind::List(set.into()), ..value.clone() })
}

pub(super) fn tomap(call: &Call<'_>) -> Outcome {
    let value = call.any(0)?;
    if value.is_unset() || value.is_unknown() {
        return Ok(value.clone());
    }
    let map = call.map(0)?;
    let entries = unify_entries(&map.entries)?;
    Ok(Value { kind: Kind::Map(Map { entries, rest: map.rest.clone() }.into()), ..value.clone() })
}

pub(super) fn sensitive(call: &Call<'_>) -> Outcome {
    Ok(call.any(0)?.clone().marked(true))
}

pub(super) fn nonsensitive(call: &Call<'_>) -> Outcome {
    Ok(Value { sensitive: false, ..call.any(0)?.clone() })
}

pub(super) fn issensitive(call: &Call<'_>) -> Outcome {
    let value = call.any(0)?;
    if value.is_unknown() && !value.sensitive {
        // What the value will be marked with is not known either.
        return Err(Stop::Unknown(unknown_like(value)));
    }
    Ok(value.sensitive.into())
}

/// formwork does not tell ephemeral values apart.
pub(super) fn ephemeralasnull(call: &Call<'_>) -> Outcome {
    Ok(call.any(0)?.clone())
}

pub(super) fn type_of(call: &Call<'_>) -> Outcome {
    let value = call.any(0)?;
    match Type::of(value) {
        Type::Any if !value.is_unset() => Err(Stop::Unknown(unknown_like(value))),
        _ => Ok(Value::unknown(Cause::new(CauseKind::Unsupported, "type is a function of the console"))),
    }
}
