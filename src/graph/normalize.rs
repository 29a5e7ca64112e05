//! From the attributes of a declaration to the typed attributes of a canonical resource.

use super::catalog::{Absence, AttributeModel, AttributeType, ListModel, Model, Satellite};
use super::path::Path;
use crate::dialect::terraform::SYMBOLIC;
use crate::dialect::{Declaration, Dialect};
use crate::expr::{Evaluator, Host, Key, Scope};
use crate::source::Span;
use crate::value::{
    Arm, Cause, CauseKind, Entries, HopKind, Kind, List, MAX_ARMS, Map, Rest, Str, Trail, Value, When, to_bool,
    to_number, to_text,
};
use std::sync::Arc;

/// Constants of a catalog: no names, no places.
pub(super) struct CatalogScope<'a> {
    /// The attributes of the declaration by their own names, and `self` for all of them.
    pub attributes: Option<&'a Value>,
}

impl Host for CatalogScope<'_> {
    fn render(&self, name: &str, _: &str, _: &Value) -> Value {
        Value::unknown(Cause::new(CauseKind::Unsupported, format!("{name} cannot be rendered here")))
    }
}

impl Scope for CatalogScope<'_> {
    fn host(&self) -> &dyn Host {
        self
    }

    fn traces_literals(&self) -> bool {
        false
    }

    fn strict(&self) -> bool {
        false
    }

    fn function(&self, name: &str) -> Option<&'static crate::expr::Function> {
        super::native::lookup(name)
    }

    fn resolve(&self, root: &str, _: &[Key], _: Span) -> Option<(Value, usize)> {
        let attributes = self.attributes?;
        if root == "self" {
            return Some((attributes.clone(), 0));
        }
        Some((Path(vec![super::PathStep::Name(root.into())]).find(attributes), 0))
    }
}

/// The value converted to the type of its attribute. A value that does not fit is unknown, with the reason.
pub(super) fn convert(value: &Value, of: AttributeType) -> Value {
    if value.is_unset() {
        return value.clone();
    }
    match of {
        AttributeType::Any => value.clone(),
        AttributeType::String => to_text(&lone(value)),
        AttributeType::Number => to_number(&lone(value)),
        AttributeType::Bool => to_bool(&lone(value)),
        AttributeType::Strings => match &value.kind {
            Kind::List(list) => {
                let items = list.items.iter().map(to_text).collect();
                let list = List { items, open: list.open.clone(), set: false };
                Value { kind: Kind::List(Arc::new(list)), ..value.clone() }
            }
            _ if is_text(value) => Value::list(vec![to_text(value)]),
            Kind::Unknown(_) | Kind::AfterApply(_) => value.clone(),
            Kind::Choice(arms) if arms.iter().all(|a| is_text(&a.value)) => Value::list(vec![to_text(value)]),
            Kind::Choice(_) => value.map_arms(|v| convert(v, of)),
            _ => Value::list(vec![to_text(value)]),
        },
        AttributeType::Tags => tags(value),
    }
}

/// Whether the value is a single text, known or not.
fn is_text(value: &Value) -> bool {
    match &value.kind {
        Kind::String(_) | Kind::Partial(_) => true,
        Kind::AfterApply(reference) => reference.is_identifier(),
        _ => false,
    }
}

/// The element of a list of one: some notations wrap a single value.
fn lone(value: &Value) -> Value {
    match &value.kind {
        Kind::List(list) if list.items.len() == 1 && list.open.is_none() => value.at(0),
        _ => value.clone(),
    }
}

/// A map, or a list of maps with `Key` and `Value`.
pub(super) fn tags(value: &Value) -> Value {
    match &value.kind {
        Kind::List(list) => {
            let mut entries = Entries::default();
            let mut open = list.open.clone();
            for item in &list.items {
                let item = value.inside(item);
                let key = to_text(&first_of(&item, &["Key", "key"]));
                let inner = first_of(&item, &["Value", "value"]);
                match key.as_str() {
                    Some(key) => {
                        entries.insert(key.into(), to_text(&inner));
                    }
                    None => open = open.or_else(|| key.cause().or_else(|| item.cause())),
                }
            }
            let rest = open.map_or(Rest::Closed, Rest::Open);
            Value { kind: Kind::Map(Arc::new(Map { entries, rest })), ..value.clone() }
        }
        Kind::Map(map) => {
            let entries = map.entries.iter().map(|(k, v)| (k.clone(), to_text(&value.inside(v)))).collect();
            let map = Map { entries, rest: map.rest.clone() };
            Value { kind: Kind::Map(Arc::new(map)), trail: value.trail.clone(), ..value.clone() }
        }
        Kind::Choice(_) => value.map_arms(tags),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Partial(_) => {
            let what = format!("tags are a list or a mapping, and a {} stands here", value.type_name());
            Value::unknown(Cause::new(CauseKind::Invalid, what)).with_trail(value.trail.clone())
        }
        _ => value.clone(),
    }
}

/// The first of several attributes that is written.
pub(super) fn first_of(value: &Value, names: &[&str]) -> Value {
    for name in names {
        let found = value.get(name);
        if !found.is_unset() {
            return found;
        }
    }
    Value::absent()
}

/// What the paths lead to in a declaration: see [`find`].
pub(super) fn find_in(declaration: &Declaration, paths: &[Path], of: AttributeType) -> Value {
    if paths.iter().all(|p| p.of_meta().is_none()) {
        return find(&declaration.attributes, paths, of);
    }
    let mut missing = Value::absent().with_trail(Trail::block(declaration.header));
    for path in paths {
        let found = path.find_in(declaration);
        if !found.is_unset() {
            return convert(&found, of);
        }
        missing = found;
    }
    missing
}

/// What the paths lead to: the first that is written; for lists all of them joined.
pub(super) fn find(value: &Value, paths: &[Path], of: AttributeType) -> Value {
    if of == AttributeType::Strings {
        return joined(value, paths);
    }
    let mut missing = Value::absent().with_trail(value.trail.clone());
    for path in paths {
        let found = path.find(value);
        if !found.is_unset() {
            return convert(&found, of);
        }
        // Of several places where it could stand, the innermost that is written.
        if found.trail.span().is_some_and(|s| missing.trail.span().is_none_or(|m| m.contains(s) || m.start < s.start)) {
            missing = found;
        }
    }
    missing
}

fn joined(value: &Value, paths: &[Path]) -> Value {
    let mut missing = Value::absent().with_trail(value.trail.clone());
    let mut written = Vec::new();
    for path in paths {
        let found = convert(&path.find(value), AttributeType::Strings);
        if found.is_unset() {
            missing = found;
        } else {
            written.push(found);
        }
    }
    match written.as_slice() {
        [] => return missing,
        // Written in one place: a list with a way of its own, or what may be one.
        [list] => return list.clone(),
        _ => {}
    }
    let (mut items, mut unknown) = (Vec::new(), Vec::new());
    let mut open = None;
    for found in written {
        if let Kind::List(list) = &found.kind {
            items.extend(list.items.iter().map(|i| found.inside(i)));
            open = open.or_else(|| list.open.clone());
        } else {
            // It may be a whole list, or nothing.
            open = open.or_else(|| found.cause());
            unknown.push(found);
        }
    }
    // Where nothing else is written, the list is open there.
    let trail = match unknown.as_mut_slice() {
        [only] if items.is_empty() => std::mem::take(&mut only.trail),
        _ => Trail::none(),
    };
    items.extend(unknown);
    Value::from(Kind::List(Arc::new(List { items, open, set: false }))).with_trail(trail)
}

/// What stands for an attribute that is not written, located where it would have to be.
pub(super) fn when_absent(missing: &Value, model: &AttributeModel, declaration: &Declaration) -> Value {
    let span = missing.trail.span().unwrap_or(declaration.header);
    let name = model
        .spelling(declaration.dialect)
        .paths
        .first()
        .map_or_else(|| Str::from(model.path.join(".")), |p| Str::from(p.to_string()));
    // `null` that came from elsewhere keeps its way.
    let null = matches!(missing.kind, Kind::Null);
    let trail = |kind| match missing.trail.first() {
        Some(hop) if null && hop.kind == HopKind::Written => missing.trail.relabel(kind, name.clone()),
        _ if null => missing.trail.clone(),
        _ => Trail::one(kind, name.clone(), span),
    };
    match model.absent(declaration.dialect) {
        Absence::Nothing => Value::absent().with_trail(trail(HopKind::Missing)),
        Absence::Default(expr) => {
            let value = Evaluator::new(&CatalogScope { attributes: Some(&declaration.attributes) }).eval(expr, None);
            value.with_trail(trail(HopKind::CatalogDefault))
        }
        Absence::Unknown(why) => {
            Value::unknown(Cause::at(CauseKind::Deployment, why.clone(), span)).with_trail(trail(HopKind::Missing))
        }
    }
}

/// Tags of the resource over those that the provider adds to all.
pub(super) fn with_default_tags(own: Value, declaration: &Declaration) -> Value {
    let defaults = tags(
        &Path(vec![
            super::PathStep::Name("default_tags".into()),
            super::PathStep::Index(0),
            super::PathStep::Name("tags".into()),
        ])
        .find(&declaration.provider),
    );
    if defaults.is_unset() {
        return own;
    }
    match (&own.kind, &defaults.kind) {
        (Kind::Absent | Kind::Null, _) => defaults,
        (Kind::Map(a), Kind::Map(b)) => {
            let mut entries: Entries = b.entries.iter().map(|(k, v)| (k.clone(), defaults.inside(v))).collect();
            for (key, value) in &a.entries {
                entries.insert(key.clone(), own.inside(value));
            }
            let rest = match (&a.rest, &b.rest) {
                (Rest::Open(cause), _) | (_, Rest::Open(cause)) => Rest::Open(cause.clone()),
                _ => Rest::Closed,
            };
            Value { kind: Kind::Map(Arc::new(Map { entries, rest })), ..own.clone() }
        }
        (Kind::Map(a), Kind::Unknown(cause)) => {
            let map = Map { entries: a.entries.clone(), rest: Rest::Open(cause.clone()) };
            Value { kind: Kind::Map(Arc::new(map)), ..own.clone() }
        }
        _ => own,
    }
}

/// Puts a value under a dotted canonical path.
pub(super) fn put(entries: &mut Entries, path: &[Str], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        entries.insert(first.clone(), value);
        return;
    }
    let mut inner = match entries.get(first).map(|v| &v.kind) {
        Some(Kind::Map(map)) => map.entries.clone(),
        _ => Entries::default(),
    };
    put(&mut inner, rest, value);
    entries.insert(first.clone(), Value::map(inner));
}

/// An entry of a list, and the decisions under which it exists.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub value: Value,
    pub when: When,
}

/// The entries of a list.
#[derive(Clone, Debug, Default)]
pub(super) struct ListParts {
    pub members: Vec<Member>,
    /// Entries that stand for any number of others.
    pub symbolic: Vec<Value>,
    /// There may be entries that nothing here stands for.
    pub open: Option<Arc<Cause>>,
    /// Where the list would have to be written.
    pub missing: Trail,
}

impl ListParts {
    /// Whether there is no entry, and can be none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.symbolic.is_empty() && self.open.is_none()
    }

    /// Adds an entry that exists under these decisions.
    pub fn push(&mut self, value: Value, when: When) {
        // The same entry under another decision.
        let same = |m: &&mut Member| m.value.trail == value.trail && m.value.same(&value);
        if !when.is_always()
            && let Some(known) = self.members.iter_mut().find(same)
        {
            known.when = known.when.or(&when);
            if When::always().implies(&known.when) {
                known.when = When::always();
            }
            return;
        }
        self.members.push(Member { value, when });
    }

    /// Adds the entries of another list, all of which exist under these decisions.
    pub fn append(&mut self, other: ListParts, when: &When) {
        for member in other.members {
            self.push(member.value, when.and(&member.when));
        }
        self.symbolic.extend(other.symbolic);
        self.open = self.open.take().or(other.open);
    }

    pub fn insert_into(self, entries: &mut Entries, name: &str) {
        if !self.symbolic.is_empty() {
            entries.insert(format!("{SYMBOLIC}{name}").into(), Value::list(self.symbolic));
        }
        entries.insert(name.into(), listed(self.members, self.open.as_ref(), &self.missing));
    }
}

/// One list for every way the decisions can go, if these are few; otherwise a list with entries that may be nothing.
fn listed(members: Vec<Member>, open: Option<&Arc<Cause>>, missing: &Trail) -> Value {
    let list = |items: Vec<Value>, open: Option<Arc<Cause>>| {
        let trail = if items.is_empty() { missing.clone() } else { Trail::none() };
        Value::from(Kind::List(Arc::new(List { items, open, set: false }))).with_trail(trail)
    };
    let mut worlds: Vec<(When, Vec<Value>)> = vec![(When::always(), Vec::with_capacity(members.len()))];
    for member in &members {
        if member.when.is_always() {
            worlds.iter_mut().for_each(|(_, items)| items.push(member.value.clone()));
            continue;
        }
        let without = member.when.opposite();
        let mut next = Vec::with_capacity(worlds.len() * 2);
        for (world, items) in worlds {
            let (with, without) = (world.and(&member.when), world.and(&without));
            if !with.is_never() {
                let more = items.iter().chain([&member.value]).cloned().collect();
                next.push((with, more));
            }
            if !without.is_never() {
                next.push((without, items));
            }
        }
        worlds = next;
        if worlds.len() > MAX_ARMS {
            worlds.clear();
            break;
        }
    }
    if worlds.is_empty() {
        let cause = members.iter().find_map(|m| m.when.cause());
        let (what, span) =
            cause.map_or_else(|| ("whether it exists is not decided".into(), None), |c| (c.what.clone(), c.span));
        let doubt = Cause::placed(CauseKind::Member, what, span);
        let items = members.into_iter().map(|m| {
            let nothing = Arm { when: m.when.opposite(), value: Value::null() };
            if m.when.is_always() {
                m.value
            } else {
                Value::choice(vec![Arm { when: m.when, value: m.value }, nothing])
            }
        });
        return list(items.collect(), Some(open.cloned().unwrap_or(doubt)));
    }
    let arms = worlds.into_iter().map(|(when, items)| Arm { when, value: list(items, open.cloned()) });
    Value::choice(arms.collect())
}

/// The entries that are written in the resource itself.
pub(super) fn own_list(model: &ListModel, declaration: &Declaration) -> ListParts {
    let name = model
        .spelling(declaration.dialect)
        .paths
        .first()
        .map_or_else(|| model.name.clone(), |p| Str::from(p.to_string()));
    let mut parts =
        ListParts { missing: Trail::one(HopKind::Missing, name, declaration.header), ..ListParts::default() };
    for path in &model.spelling(declaration.dialect).paths {
        let found = path.find(&declaration.attributes);
        collect(&found, &When::always(), model, None, declaration, &mut parts);
        if let [super::PathStep::Name(name)] = path.0.as_slice() {
            let symbolic = declaration.attributes.get(&format!("{SYMBOLIC}{name}"));
            if let Kind::List(list) = &symbolic.kind {
                for item in &list.items {
                    match item.when_set() {
                        Some((value, when)) if item.may_be_unset() => {
                            parts.push(entry(&value, model, None, declaration), when);
                        }
                        Some((value, _)) => parts.symbolic.push(entry(&value, model, None, declaration)),
                        None => {}
                    }
                }
            }
        }
    }
    parts
}

/// The entries that a list has when none is written: those of the service, located where they would be written.
pub(super) fn default_entries(model: &ListModel, declaration: &Declaration) -> Vec<Value> {
    let Some(expr) = model.absent(declaration.dialect) else { return Vec::new() };
    let name =
        model.spelling(declaration.dialect).paths.first().map_or_else(|| model.name.to_string(), Path::to_string);
    let trail = Trail::one(HopKind::CatalogDefault, name, declaration.header);
    let value = Evaluator::new(&CatalogScope { attributes: Some(&declaration.attributes) }).eval(expr, None);
    let Kind::List(list) = &value.kind else { return Vec::new() };
    let make = |item: &Value| {
        let mut entries = Entries::default();
        for attribute in &model.attributes {
            let written = attribute.path.iter().fold(item.clone(), |v, name| v.get(name));
            put(&mut entries, &attribute.path, convert(&written, attribute.of).with_trail(trail.clone()));
        }
        entries.insert("address".into(), declaration.address.clone().into());
        Value::map(entries).with_trail(trail.clone())
    };
    list.items.iter().map(make).collect()
}

/// Adds the entries that a value holds in some worlds; `satellite` when they stand in a resource of its own.
pub(super) fn collect(
    found: &Value,
    world: &When,
    model: &ListModel,
    satellite: Option<&Satellite>,
    declaration: &Declaration,
    parts: &mut ListParts,
) {
    match &found.kind {
        Kind::Absent | Kind::Null => {}
        Kind::List(list) => {
            for item in &list.items {
                let item = found.inside(item);
                match &item.kind {
                    Kind::Choice(_) => {
                        if let Some((value, when)) = item.when_set() {
                            let when = world.and(&when);
                            parts.push(entry(&value, model, satellite, declaration), when);
                        }
                    }
                    Kind::Null | Kind::Absent | Kind::List(_) | Kind::Map(_) => {
                        collect(&item, world, model, satellite, declaration, parts);
                    }
                    _ => parts.open = parts.open.take().or_else(|| item.cause()),
                }
            }
            // Members that may not exist are among those that were collected.
            if let Some(cause) = list.open.as_ref().filter(|c| c.kind != CauseKind::Member) {
                parts.open = Some(cause.clone());
            }
        }
        Kind::Map(_) => parts.push(entry(found, model, satellite, declaration), world.clone()),
        Kind::Choice(arms) => {
            for arm in arms.iter() {
                let world = world.and(&arm.when);
                collect(&found.inside(&arm.value), &world, model, satellite, declaration, parts);
            }
        }
        _ => parts.open = parts.open.take().or_else(|| found.cause()),
    }
}

/// One entry of a list, normalized; `satellite` when it is a resource of its own.
pub(super) fn entry(
    value: &Value,
    model: &ListModel,
    satellite: Option<&Satellite>,
    declaration: &Declaration,
) -> Value {
    if matches!(value.kind, Kind::Choice(_)) {
        return value.map_arms(|v| entry(v, model, satellite, declaration));
    }
    let mut entries = Entries::default();
    for attribute in &model.attributes {
        let name = attribute.path.join(".");
        let own = satellite.and_then(|s| s.spelling.get(name.as_str()));
        let paths = own.unwrap_or(&attribute.spelling(declaration.dialect).paths);
        let found = find(value, paths, attribute.of).or_else(|missing| when_absent(missing, attribute, declaration));
        put(&mut entries, &attribute.path, found);
    }
    entries.insert("address".into(), declaration.address.clone().into());
    let rest = match &value.kind {
        Kind::Map(map) => match &map.rest {
            Rest::Open(cause) => Rest::Open(cause.clone()),
            _ => Rest::Closed,
        },
        _ => Rest::Closed,
    };
    Value::from(Kind::Map(Arc::new(Map { entries, rest }))).with_trail(value.trail.clone()).marked(value.sensitive)
}

/// What is left of a choice without the arms that say nothing: with them nothing could be deployed.
fn without_nothing(value: Value) -> Value {
    let Kind::Choice(arms) = &value.kind else { return value };
    let nothing = |v: &Value| v.is_unset() || v.as_str() == Some("");
    let left = arms.iter().filter(|a| !nothing(&a.value));
    let left: Vec<Arm> = left.map(|arm| Arm { when: arm.when.clone(), value: value.inside(&arm.value) }).collect();
    if left.is_empty() || left.len() == arms.len() {
        return value;
    }
    Value::choice(left).or_trail(&value.trail).marked(value.sensitive)
}

/// The attributes of a declaration under their canonical paths, without what other resources add.
pub(super) fn own_attributes(model: &Model, declaration: &Declaration) -> Vec<Value> {
    model
        .attributes
        .iter()
        .map(|attribute| {
            let found = find_in(declaration, &attribute.spelling(declaration.dialect).paths, attribute.of);
            let found = if attribute.required { without_nothing(found) } else { found };
            // The provider leaves an empty string out, as if it were null.
            let empty = declaration.dialect == Dialect::Terraform
                && attribute.of == AttributeType::String
                && found.as_str() == Some("");
            if empty { Value { kind: Kind::Null, ..found } } else { found }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::convert;
    use crate::graph::catalog::AttributeType;
    use crate::value::{Arm, Cause, CauseKind, Kind, Value, When};

    fn either(values: [Value; 2]) -> Value {
        Value::choice(values.into_iter().map(|value| Arm { when: When::unnamed(), value }).collect())
    }

    /// How many elements there are; `None`: it cannot be told.
    #[test]
    fn a_single_text_is_a_list_of_one() {
        let unknown = || Value::unknown(Cause::new(CauseKind::Input, "var.x has no value"));
        let table = [
            (Value::from("a"), Some(1)),
            (Value::list(vec!["a".into(), "b".into()]), Some(2)),
            (Value::after_apply("aws_iam_role.r", "id"), Some(1)),
            (Value::after_apply("aws_iam_policy.p", "arn"), Some(1)),
            (Value::after_apply("Policy", "Ref"), Some(1)),
            (Value::after_apply("aws_lb.x", "subnets"), None),
            (Value::after_apply("aws_lb.x", ""), None),
            (either(["a".into(), Value::after_apply("Policy", "Ref")]), Some(1)),
            (either(["a".into(), Value::list(Vec::new())]), None),
            (either(["a".into(), unknown()]), None),
            (unknown(), None),
        ];
        for (value, expected) in table {
            let found = convert(&value, AttributeType::Strings);
            let length = match &found.kind {
                Kind::List(list) if list.open.is_none() => Some(list.items.len()),
                _ => None,
            };
            assert_eq!(length, expected, "{value:?}");
        }
    }
}
