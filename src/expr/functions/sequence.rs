//! Functions that put lists and sets together and take them apart.

use super::args::{MAX_ITEMS, MAX_JOINED, Outcome, Stop, too_many, unknown_like, why};
use super::collection::bound;
use super::types::{identity, may_shrink, set_of, unify_values};
use crate::expr::Call;
use crate::value::{Cause, Kind, List, Str, Truth, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

fn list_of(items: Vec<Value>, open: Option<Arc<Cause>>, set: bool) -> Value {
    Kind::List(List { items, open, set }.into()).into()
}

pub(super) fn concat(call: &Call<'_>) -> Outcome {
    let mut items = Vec::new();
    let mut open = None;
    for index in 0..call.args.len() {
        let value = call.value(index)?;
        match call.list(index) {
            Ok(list) if list.set => return Err("concat needs lists, not sets".into()),
            Ok(list) => {
                if items.len() + list.items.len() > MAX_JOINED {
                    return Err(too_many(MAX_JOINED));
                }
                items.extend(list.items.iter().map(|item| value.inside(item)));
                if open.is_none() {
                    open.clone_from(&list.open);
                }
            }
            Err(Stop::Unknown(_)) => open = open.or_else(|| Some(why(value))),
            Err(stop) => return Err(stop),
        }
    }
    Ok(list_of(items, open, false))
}

/// How far a nested list is walked in all, empty lists included.
const MAX_VISITS: usize = 4 * MAX_JOINED;

struct Flat {
    items: Vec<Value>,
    open: Option<Arc<Cause>>,
    visits: usize,
}

impl Flat {
    fn add(&mut self, value: &Value, list: &List, depth: usize) -> Outcome<()> {
        if depth > super::args::MAX_DEPTH {
            return Err("the list is nested too deep".into());
        }
        if self.open.is_none() {
            self.open.clone_from(&list.open);
        }
        for item in &list.items {
            self.visits += 1;
            if self.visits > MAX_VISITS || self.items.len() > MAX_JOINED {
                return Err(too_many(MAX_JOINED));
            }
            let inner = value.inside(item).marked(value.sensitive);
            match &item.kind {
                Kind::List(list) => self.add(&inner, list, depth + 1)?,
                // It may be a list or not: how many elements it brings cannot be told.
                Kind::Unknown(_) => {
                    self.open.get_or_insert_with(|| why(item));
                    self.items.push(inner);
                }
                Kind::Choice(arms) if arms.iter().any(|a| matches!(a.value.kind, Kind::List(_))) => {
                    self.open.get_or_insert_with(|| why(item));
                }
                _ => self.items.push(inner),
            }
        }
        Ok(())
    }
}

pub(super) fn flatten(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let list = call.list(0)?;
    let mut flat = Flat { items: Vec::new(), open: None, visits: 0 };
    flat.add(value, list, 0)?;
    // An unknown element of a list whose length is known stands for itself only if it is not a list.
    if flat.open.is_some() {
        flat.items.retain(|item| !matches!(item.kind, Kind::Unknown(_)));
    }
    Ok(list_of(flat.items, flat.open, false))
}

pub(super) fn distinct(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let list = call.list(0)?;
    let unified = unify_values(list.items.clone())?;
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut items = Vec::new();
    let mut open = list.open.clone();
    let mut uncertain = 0usize;
    for item in unified {
        if item.is_wholly_known() {
            if seen.insert(identity(&item)) {
                items.push(value.inside(&item));
            }
        } else {
            uncertain += 1;
            open = open.or_else(|| Some(why(&item)));
            items.push(value.inside(&item));
        }
    }
    // One unknown element alone equals nothing.
    if uncertain == 1 && items.len() == 1 && list.open.is_none() {
        open = None;
    }
    Ok(list_of(items, open, false))
}

pub(super) fn chunklist(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let list = call.closed_list(0)?;
    let size = call.count(1)?;
    let items: Vec<Value> = list.items.iter().map(|item| value.inside(item)).collect();
    let items = unify_values(items)?;
    if items.is_empty() {
        return Ok(Value::list(Vec::new()));
    }
    let size = if size == 0 { items.len() } else { size };
    Ok(Value::list(items.chunks(size).map(|c| Value::list(c.to_vec())).collect()))
}

pub(super) fn reverse(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let list = call.list(0)?;
    Ok(list_of(list.items.iter().rev().map(|item| value.inside(item)).collect(), list.open.clone(), false))
}

/// Why it is not known which elements a list has.
fn open_cause(value: &Value) -> Option<Arc<Cause>> {
    match &value.kind {
        Kind::List(list) if !list.set => list.open.clone(),
        Kind::Unknown(cause) => Some(cause.clone()),
        _ => None,
    }
}

pub(super) fn slice(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    if let Some(cause) = open_cause(value) {
        // As long as it is asked for, or an error; which elements these are is not known.
        let (from, to) = (call.number(1)?.as_usize(), call.number(2)?.as_usize());
        let elements = match (from, to) {
            (Some(from), Some(to)) if from <= to && to - from <= MAX_JOINED => from..to,
            _ => return Err(Stop::Unknown(unknown_like(value))),
        };
        let element = |index| Value::unknown(cause.of_element(index)).with_trail(value.trail.clone());
        return Ok(Value::list(elements.map(element).collect()));
    }
    let list = call.closed_list(0)?;
    if list.set {
        return Err("the elements of a set have no index".into());
    }
    let from = bound(call.number(1)?, list.items.len())?;
    let to = bound(call.number(2)?, list.items.len())?;
    let Some(part) = list.items.get(from..to) else { return Err("the start lies behind the end".into()) };
    Ok(Value::list(part.iter().map(|item| value.inside(item)).collect()))
}

pub(super) fn sort(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let list = call.list(0)?;
    if list.open.is_some() || !list.items.iter().all(Value::is_wholly_known) {
        // The elements are there, somewhere.
        let items = list.items.iter().map(|item| value.inside(item)).collect();
        return Ok(list_of(items, Some(why(value)), false));
    }
    let mut keyed: Vec<(Str, Value)> = Vec::with_capacity(list.items.len());
    for (text, item) in call.texts(0)?.into_iter().zip(&list.items) {
        keyed.push((text.clone(), Value { kind: Kind::String(text), ..value.inside(item) }));
    }
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Value::list(keyed.into_iter().map(|(_, v)| v).collect()))
}

/// The sets of the arguments, converted to what they have in common; `Err` where one cannot be seen at all.
fn sets(call: &Call<'_>) -> Outcome<Vec<List>> {
    let mut items = Vec::new();
    let mut lengths = Vec::new();
    for index in 0..call.args.len() {
        let value = call.value(index)?;
        let list = match call.list(index) {
            Ok(list) => list,
            Err(Stop::Unknown(_)) => &List { items: Vec::new(), open: Some(why(value)), set: true },
            Err(stop) => return Err(stop),
        };
        if items.len() + list.items.len() > MAX_JOINED {
            return Err(too_many(MAX_JOINED));
        }
        items.extend(list.items.iter().map(|item| value.inside(item)));
        lengths.push((list.items.len(), list.open.clone()));
    }
    let items = unify_values(items)?;
    let mut rest = items.into_iter();
    Ok(lengths
        .into_iter()
        .map(|(length, open)| List { items: rest.by_ref().take(length).collect(), open, set: true })
        .collect())
}

pub(super) fn setunion(call: &Call<'_>) -> Outcome {
    let sets = sets(call)?;
    let open = sets.iter().find_map(|s| s.open.clone());
    let items = sets.into_iter().flat_map(|s| s.items).collect();
    let set = set_of(items);
    Ok(list_of(set.items, open, true))
}

/// For every known element, in how many of the sets it is known to be.
fn membership(sets: &[List]) -> FxHashMap<String, usize> {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for set in sets {
        let keys: FxHashSet<String> = set.items.iter().filter(|v| v.is_wholly_known()).map(identity).collect();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
}

fn first_doubt(sets: &[List]) -> Option<Arc<Cause>> {
    sets.iter().find_map(|s| s.open.clone().or_else(|| s.items.iter().find(|v| !v.is_wholly_known()).map(why)))
}

pub(super) fn setintersection(call: &Call<'_>) -> Outcome {
    let sets = sets(call)?;
    // Nothing is in all sets when one is empty.
    if sets.iter().any(|s| s.items.is_empty() && s.open.is_none()) {
        return Ok(list_of(Vec::new(), None, true));
    }
    let counts = membership(&sets);
    let doubt = first_doubt(&sets);
    let all = sets.len();
    let items = sets
        .into_iter()
        .next()
        .map(|s| s.items)
        .unwrap_or_default()
        .into_iter()
        .filter(|v| v.is_wholly_known() && counts.get(&identity(v)) == Some(&all))
        .collect();
    Ok(list_of(set_of(items).items, doubt, true))
}

pub(super) fn setsubtract(call: &Call<'_>) -> Outcome {
    let sets = sets(call)?;
    let [from, without] = sets.as_slice() else { return Err("setsubtract needs two sets".into()) };
    let mut items = Vec::new();
    let mut open = from.open.clone().or_else(|| without.open.clone());
    let taken: FxHashSet<String> = without.items.iter().filter(|v| v.is_wholly_known()).map(identity).collect();
    let unknown: Vec<&Value> = without.items.iter().filter(|v| !v.is_wholly_known()).take(64).collect();
    for item in &from.items {
        if without.open.is_some() {
            break;
        }
        if !item.is_wholly_known() {
            open = open.or_else(|| Some(why(item)));
            continue;
        }
        if taken.contains(&identity(item)) {
            continue;
        }
        match Truth::any(unknown.iter().map(|u| u.equals(item))) {
            Truth::Undetermined => open = open.or_else(|| unknown.first().map(|u| why(u))),
            _ => items.push(item.clone()),
        }
    }
    Ok(list_of(set_of(items).items, open, true))
}

pub(super) fn setproduct(call: &Call<'_>) -> Outcome {
    if call.args.len() < 2 {
        return Err("setproduct needs at least two sets".into());
    }
    let mut lists: Vec<Vec<Value>> = Vec::with_capacity(call.args.len());
    let mut ordered = true;
    let mut total = 1usize;
    let mut doubt = None;
    for index in 0..call.args.len() {
        let value = call.value(index)?;
        let list = match call.list(index) {
            Ok(list) => list,
            Err(Stop::Unknown(hole)) => {
                doubt.get_or_insert(hole);
                continue;
            }
            Err(stop) => return Err(stop),
        };
        ordered &= !list.set;
        if list.items.is_empty() && list.open.is_none() {
            total = 0;
            continue;
        }
        if list.open.is_some() || may_shrink(list) {
            doubt.get_or_insert(unknown_like(value));
            continue;
        }
        let items = unify_values(list.items.iter().map(|item| value.inside(item)).collect())?;
        total = total.saturating_mul(items.len());
        lists.push(items);
    }
    if total == 0 {
        return Ok(list_of(Vec::new(), None, !ordered));
    }
    if let Some(doubt) = doubt {
        return Err(Stop::Unknown(doubt));
    }
    if total > MAX_ITEMS {
        return Err(too_many(MAX_ITEMS));
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for list in &lists {
        rows = rows
            .iter()
            .flat_map(|row| {
                list.iter().map(move |item| {
                    let mut row = row.clone();
                    row.push(item.clone());
                    row
                })
            })
            .collect();
    }
    let rows = rows.into_iter().map(Value::list).collect();
    if ordered {
        return Ok(Value::list(rows));
    }
    Ok(Kind::List(set_of(rows).into()).into())
}
