//! Functions that look into collections: lengths, keys, elements, membership.

use super::args::{Outcome, Stop, is_small, primitive_text, too_large, unknown_like, why};
use super::string::characters;
use super::types::{Type, common_type, may_shrink, sorted, unify_values};
use crate::expr::Call;
use crate::value::{Arm, Entries, Kind, List, Map, Number, Rest, Truth, Value, When, to_bool};

fn unknown<T>(value: &Value) -> Outcome<T> {
    Err(Stop::Unknown(unknown_like(value)))
}

pub(super) fn length(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    match &value.kind {
        Kind::String(s) => Ok(characters(s).into()),
        Kind::List(list) if list.open.is_some() || may_shrink(list) => unknown(value),
        Kind::List(list) => Ok((list.items.len() as i64).into()),
        Kind::Map(map) if matches!(map.rest, Rest::Closed) => Ok((map.entries.len() as i64).into()),
        Kind::Bool(_) | Kind::Number(_) => {
            Err(format!("length needs a string or a collection, not a {}", value.type_name()).into())
        }
        _ => unknown(value),
    }
}

pub(super) fn element(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    if let Kind::Unknown(cause) = &value.kind
        && let Some(list) = &cause.among
        && let Some(index) = call.number(1)?.as_usize().filter(|i| *i < list.least)
    {
        // As long as the list is at least, indices do not wrap around.
        return Ok(value.at(index));
    }
    let list = call.closed_list(0)?;
    if list.set {
        return Err("the elements of a set have no index".into());
    }
    let index = call.int(1)?;
    if list.items.is_empty() {
        return Err("an empty list has no element".into());
    }
    // Indices wrap around, in both directions.
    let at = index.rem_euclid(list.items.len() as i64);
    Ok(value.at(usize::try_from(at).unwrap_or(0)))
}

pub(super) fn index(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let wanted = call.value(1)?;
    let list = call.closed_list(0)?;
    if list.set {
        return Err("the elements of a set have no index".into());
    }
    if !is_small([value, wanted]) {
        return Err(too_large());
    }
    for (at, item) in list.items.iter().enumerate() {
        match item.equals(wanted) {
            Truth::Yes => return Ok((at as i64).into()),
            Truth::No => {}
            Truth::Undetermined => return unknown(if item.is_wholly_known() { wanted } else { value }),
        }
    }
    Err("the list does not hold the value".into())
}

pub(super) fn contains(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let wanted = call.value(1)?;
    let list = call.list(0)?;
    if !is_small([value, wanted]) {
        return Err(too_large());
    }
    let truth = Truth::any(list.items.iter().map(|item| item.equals(wanted)));
    match truth {
        Truth::Yes => Ok(true.into()),
        Truth::No if list.open.is_none() => Ok(false.into()),
        _ if value.is_wholly_known() => unknown(wanted),
        _ => unknown(value),
    }
}

pub(super) fn keys(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let map = call.map(0)?;
    let open = match map.rest {
        Rest::Closed => None,
        _ => Some(why(value)),
    };
    let items = sorted(map).into_iter().map(|(k, _)| Value::from(k.clone()).with_trail(value.trail.clone())).collect();
    Ok(Kind::List(List { items, open, set: false }.into()).into())
}

pub(super) fn values(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let map = call.map(0)?;
    let open = match map.rest {
        Rest::Closed => None,
        _ => Some(why(value)),
    };
    let items = sorted(map).into_iter().map(|(_, v)| value.inside(v)).collect();
    Ok(Kind::List(List { items, open, set: false }.into()).into())
}

pub(super) fn lookup(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    if let Kind::AfterApply(_) = value.kind {
        // The map is an attribute of a resource; the element may be missing there.
        return unknown(value);
    }
    let map = call.map(0)?;
    let key = call.text(1)?;
    if map.entries.contains_key(&key) {
        return Ok(value.get(&key));
    }
    match (&map.rest, call.args.get(2)) {
        (Rest::Closed, Some(default)) => Ok(default.clone()),
        (Rest::Closed, None) => Err(format!("the map has no key {key:?}").into()),
        (Rest::Open(_), _) => unknown(value),
        (Rest::Resource(_), _) => Ok(value.get(&key)),
    }
}

/// What [`coalesce`] makes of one argument.
enum Candidate {
    /// Null or empty: the next one counts.
    Skip,
    /// This is it.
    Take,
    /// It may be null or empty.
    Unsure,
}

pub(super) fn coalesce(call: &Call<'_>) -> Outcome {
    let common = common_type(call.args)?;
    let strings = matches!(common, Type::String | Type::Any);
    coalesce_from(call.args, &common, strings)
}

fn coalesce_from(args: &[Value], common: &Type, strings: bool) -> Outcome {
    for (at, arg) in args.iter().enumerate() {
        let candidate = match &arg.kind {
            Kind::Null | Kind::Absent => Candidate::Skip,
            Kind::String(s) if strings && s.is_empty() => Candidate::Skip,
            // The text of a document is never empty.
            _ if arg.encoded().is_some() => Candidate::Take,
            Kind::Unknown(_) | Kind::AfterApply(_) => Candidate::Unsure,
            Kind::Partial(text) if text.pieces().len() == text.holes().count() => Candidate::Unsure,
            _ => Candidate::Take,
        };
        match candidate {
            Candidate::Skip => {}
            Candidate::Take => return Ok(common.convert(arg)),
            // Which resource it leads to is worth keeping: either this attribute or what comes after it.
            Candidate::Unsure if matches!(arg.kind, Kind::AfterApply(_)) => {
                let rest = args.get(at + 1..).unwrap_or_default();
                return Ok(match coalesce_from(rest, common, strings) {
                    Ok(other) => {
                        let arms = [arg.clone(), other].map(|value| Arm { when: When::unnamed(), value });
                        Value::choice(arms.to_vec())
                    }
                    // Were it null, there would be no result at all.
                    Err(Stop::Invalid(_)) => arg.clone(),
                    Err(Stop::Unknown(_)) => unknown_like(arg),
                });
            }
            Candidate::Unsure => return unknown(arg),
        }
    }
    Err("every argument of coalesce is null or empty".into())
}

pub(super) fn coalescelist(call: &Call<'_>) -> Outcome {
    for index in 0..call.args.len() {
        let arg = call.any(index)?;
        match &arg.kind {
            Kind::Null | Kind::Absent => {}
            Kind::List(list) if list.set => return Err("coalescelist needs lists, not sets".into()),
            Kind::List(list) if !list.items.is_empty() => return Ok(arg.clone()),
            Kind::List(list) if list.open.is_none() => {}
            Kind::List(_) => return unknown(arg),
            _ => {
                call.list(index)?;
            }
        }
    }
    Err("every argument of coalescelist is null or empty".into())
}

pub(super) fn one(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let list = call.closed_list(0)?;
    match list.items.as_slice() {
        [] => Ok(Value::null()),
        [item] => Ok(value.inside(item)),
        _ if may_shrink(list) => unknown(value),
        _ => Err("the list has more than one element".into()),
    }
}

/// Whether one of the elements (or the list, when it may hold more) is `decisive`; null counts as false. The element that
/// decides gives the trail.
fn decide(call: &Call<'_>, decisive: Truth) -> Outcome {
    let value = call.value(0)?;
    let list = call.list(0)?;
    let mut open = list.open.is_some().then_some(value);
    let mut decided = None;
    for item in &list.items {
        let decision = to_bool(item);
        let truth = match decision.kind {
            Kind::Bool(b) => b.into(),
            Kind::Null | Kind::Absent => Truth::No,
            _ if item.is_wholly_known() => return Err("a list of bools is needed".into()),
            _ => Truth::Undetermined,
        };
        if truth == decisive {
            decided = decided.or(Some(item));
        } else if truth == Truth::Undetermined {
            open = open.or(Some(item));
        }
    }
    match (decided, open) {
        (Some(item), _) => Ok(Value::from(decisive == Truth::Yes).with_trail(value.inside(item).trail)),
        (None, Some(open)) => unknown(open),
        (None, None) => Ok((decisive == Truth::No).into()),
    }
}

pub(super) fn alltrue(call: &Call<'_>) -> Outcome {
    decide(call, Truth::No)
}

pub(super) fn anytrue(call: &Call<'_>) -> Outcome {
    decide(call, Truth::Yes)
}

pub(super) fn matchkeys(call: &Call<'_>) -> Outcome {
    let (values, keys, wanted) = (call.closed_list(0)?, call.closed_list(1)?, call.closed_list(2)?);
    if values.items.len() != keys.items.len() {
        return Err("matchkeys needs as many keys as values".into());
    }
    if keys.items.len().saturating_mul(wanted.items.len()) > 1_000_000 {
        return Err("there is too much to compare".into());
    }
    // Keys and the keys that are wanted are of one type.
    let both = unify_values(keys.items.iter().chain(&wanted.items).cloned().collect())?;
    let (keys, wanted) = both.split_at_checked(keys.items.len()).unwrap_or_default();
    let collection = call.value(0)?;
    let mut items = Vec::new();
    for (value, key) in values.items.iter().zip(keys) {
        match Truth::any(wanted.iter().map(|w| key.equals(w))) {
            Truth::Yes => items.push(collection.inside(value)),
            Truth::No => {}
            Truth::Undetermined => {
                let culprit = wanted.iter().find(|w| !w.is_wholly_known()).unwrap_or(key);
                return unknown(if key.is_wholly_known() { culprit } else { key });
            }
        }
    }
    Ok(Value::list(items))
}

pub(super) fn merge(call: &Call<'_>) -> Outcome {
    let mut entries = Entries::default();
    let mut open: Option<Value> = None;
    let mut sensitive = false;
    for index in 0..call.args.len() {
        let arg = call.any(index)?;
        sensitive |= arg.sensitive;
        let (map, uncertain) = match &arg.kind {
            Kind::Null | Kind::Absent => continue,
            Kind::Map(map) if matches!(map.rest, Rest::Closed) => (map.as_ref(), false),
            Kind::Map(map) => (map.as_ref(), true),
            Kind::Unknown(_) | Kind::AfterApply(_) => (&Map::default(), true),
            _ => return Err(format!("merge needs maps, not a {}", arg.type_name()).into()),
        };
        if uncertain {
            // It may set every key that came before it.
            let cause = unknown_like(arg);
            for (key, value) in &mut entries {
                if !map.entries.contains_key(key) {
                    *value = cause.clone().or_trail(&value.trail);
                }
            }
            open.get_or_insert(cause);
        }
        for (key, value) in &map.entries {
            entries.insert(key.clone(), arg.inside(value));
        }
        if entries.len() > super::args::MAX_JOINED {
            return Err(super::args::too_many(super::args::MAX_JOINED));
        }
    }
    let rest = open.map_or(Rest::Closed, |cause| Rest::Open(why(&cause)));
    Ok(Value::from(Kind::Map(Map { entries, rest }.into())).marked(sensitive))
}

pub(super) fn zipmap(call: &Call<'_>) -> Outcome {
    let keys = call.closed_list(0)?;
    let source = call.value(1)?;
    let values = match call.closed_list(1) {
        Ok(list) if list.set => return Err("the values of zipmap must be a list, not a set".into()),
        Ok(list) => Some(list),
        // The keys are known all the same.
        Err(Stop::Unknown(_)) => None,
        Err(stop) => return Err(stop),
    };
    if values.is_some_and(|v| v.items.len() != keys.items.len()) {
        return Err("zipmap needs as many values as keys".into());
    }
    let mut entries = Entries::default();
    let mut rest = Rest::Closed;
    for (at, key) in keys.items.iter().enumerate() {
        if key.is_unset() {
            return Err("a key of zipmap is null".into());
        }
        let value = match values.and_then(|v| v.items.get(at)) {
            Some(item) => source.inside(item),
            None => unknown_like(source),
        };
        match primitive_text(key) {
            Ok(key) => {
                entries.insert(key, value);
            }
            Err(found) if key.is_wholly_known() => {
                return Err(format!("the keys of zipmap must be strings, not a {found}").into());
            }
            Err(_) => {
                // It may be the same as any key before it.
                let cause = unknown_like(key);
                for value in entries.values_mut() {
                    *value = cause.clone();
                }
                rest = Rest::Open(why(key));
            }
        }
    }
    Ok(Kind::Map(Map { entries, rest }.into()).into())
}

pub(super) fn transpose(call: &Call<'_>) -> Outcome {
    call.known(0)?;
    let map = call.map(0)?;
    let mut out: std::collections::BTreeMap<crate::value::Str, Vec<Value>> = std::collections::BTreeMap::new();
    for (key, value) in sorted(map) {
        let Kind::List(list) = &value.kind else { return Err("transpose needs a map of lists of strings".into()) };
        for item in &list.items {
            match primitive_text(item) {
                Ok(text) => out.entry(text).or_default().push(key.clone().into()),
                Err(found) => return Err(format!("transpose needs lists of strings; one holds a {found}").into()),
            }
        }
    }
    Ok(Value::map(out.into_iter().map(|(k, v)| (k, Value::list(v))).collect()))
}

/// The old way to write a map: keys and values in turn.
pub(super) fn map(call: &Call<'_>) -> Outcome {
    if !call.args.len().is_multiple_of(2) {
        return Err("map needs as many values as keys".into());
    }
    let mut entries = Entries::default();
    for index in (0..call.args.len()).step_by(2) {
        entries.insert(call.text(index)?, call.any(index + 1)?.clone());
    }
    Ok(Value::map(entries))
}

/// The old way to write a list.
pub(super) fn list(call: &Call<'_>) -> Outcome {
    Ok(Value::list(unify_values(call.args.to_vec())?))
}

/// A whole number as an index into something of `length`, at most `length`.
pub(super) fn bound(number: Number, length: usize) -> Outcome<usize> {
    match number.as_usize() {
        Some(n) if n <= length => Ok(n),
        _ => Err("an index lies outside of the list".into()),
    }
}
