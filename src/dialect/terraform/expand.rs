//! `count` and `for_each`: from one block to its instances.

use super::scope::Each;
use crate::source::Span;
use crate::value::{Arm, Cause, CauseKind, Entries, Kind, List, Map, Rest, Str, Trail, Truth, Value, When, to_number};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::cell::OnceCell;
use std::sync::Arc;

/// More instances of one block are not looked at.
const MAX_INSTANCES: usize = 10_000;

/// Of more instances that may exist no list is made for each number there may be of them.
const MAX_CHOSEN: usize = 4;

/// Which sort of collection the instances of a block make up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// Neither `count` nor `for_each`.
    Single,
    /// `count`
    List,
    /// `for_each`
    Map,
}

/// One instance.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// `[0]`, `["a"]`, `[*]` for one that stands for all, or nothing.
    pub suffix: Str,
    pub each: Each,
    pub exists: Truth,
    /// Why it is not known whether it exists.
    pub cause: Option<Arc<Cause>>,
    /// The decisions under which it exists.
    pub when: When,
}

/// The instances of a block.
#[derive(Clone, Debug)]
pub(super) struct Expansion {
    pub shape: Shape,
    pub items: Vec<Item>,
    /// Set when there may be other instances; the last item stands for them.
    pub open: Option<Arc<Cause>>,
    /// Whether there are more than are looked at.
    pub cut: bool,
    /// How many of the items there are under which decisions, where it is one of several numbers.
    numbers: Vec<(When, usize)>,
    /// Places of the items by suffix, made when they are first asked for.
    places: OnceCell<FxHashMap<Str, usize>>,
}

fn item(suffix: Str, each: Each) -> Item {
    Item { suffix, each, exists: Truth::Yes, cause: None, when: When::always() }
}

fn by_key(key: &str, value: Value) -> Item {
    let pair = Some((Value::from(key).with_trail(value.trail.clone()), value));
    let quoted = key.replace('\\', "\\\\").replace('"', "\\\"");
    item(format!("[\"{quoted}\"]").into(), Each { index: None, pair })
}

impl Expansion {
    pub fn single() -> Self {
        Self { items: vec![item(Str::default(), Each::default())], ..Self::empty(Shape::Single) }
    }

    fn empty(shape: Shape) -> Self {
        Self { shape, items: Vec::new(), open: None, cut: false, numbers: Vec::new(), places: OnceCell::new() }
    }

    /// One symbolic instance that stands for all.
    pub fn unknown(cause: Arc<Cause>, shape: Option<Shape>) -> Self {
        Self::unknown_of(cause, shape, &Trail::none())
    }

    /// As [`Expansion::unknown`]; `trail` is that of what is not known.
    fn unknown_of(cause: Arc<Cause>, shape: Option<Shape>, trail: &Trail) -> Self {
        let mut out = Self::empty(shape.unwrap_or(Shape::List));
        out.add_symbolic(cause, trail);
        out
    }

    fn add_symbolic(&mut self, cause: Arc<Cause>, trail: &Trail) {
        let unknown = Value::unknown(cause.clone()).with_trail(trail.clone());
        let each = match self.shape {
            Shape::Map => Each { index: None, pair: Some((unknown.clone(), unknown)) },
            _ => Each { index: Some(unknown), pair: None },
        };
        let (exists, why) = (Truth::Undetermined, Some(cause.clone()));
        self.items.push(Item { suffix: "[*]".into(), each, exists, cause: why, when: When::unnamed() });
        self.open = Some(cause);
    }

    /// Whether it is open which instances there are.
    pub fn is_undecided(&self) -> bool {
        self.open.is_some() || self.items.iter().any(|i| i.exists != Truth::Yes)
    }

    /// The instances with these keys and no others, with what is known of each.
    pub fn planned(&self, keys: &[Value]) -> Self {
        let shape = match keys.first().map(|k| &k.kind) {
            Some(Kind::String(_)) => Shape::Map,
            Some(_) => Shape::List,
            None => self.shape,
        };
        let items = keys
            .iter()
            .filter_map(|key| {
                let known = self.find(key).filter(|i| i.suffix != "[*]");
                let symbolic = self.items.last().and_then(|i| i.each.pair.as_ref()).map(|(_, value)| value.clone());
                Some(match (&key.kind, known) {
                    (_, Some(item)) => Item { exists: Truth::Yes, cause: None, ..item.clone() },
                    (Kind::String(text), None) => by_key(text, symbolic.unwrap_or_else(|| key.clone())),
                    (Kind::Number(n), None) => {
                        item(format!("[{n}]").into(), Each { index: Some(key.clone()), pair: None })
                    }
                    _ => return None,
                })
            })
            .collect();
        Self { items, cut: false, ..Self::empty(shape) }
    }

    fn places(&self) -> &FxHashMap<Str, usize> {
        self.places.get_or_init(|| self.items.iter().enumerate().map(|(at, i)| (i.suffix.clone(), at)).collect())
    }

    /// The place of an item of this expansion.
    pub fn position(&self, item: &Item) -> Option<usize> {
        self.places().get(&item.suffix).copied()
    }

    /// The instance behind a key; the symbolic one where others may exist.
    pub fn find(&self, key: &Value) -> Option<&Item> {
        let suffix: Option<String> = match (&key.kind, self.shape) {
            (Kind::Number(n), Shape::List) => Some(format!("[{n}]")),
            (Kind::String(s), Shape::List) => Some(format!("[{s}]")),
            (Kind::String(s), _) => Some(format!("[\"{}\"]", s.replace('\\', "\\\\").replace('"', "\\\""))),
            _ => None,
        };
        let exact = suffix.and_then(|s| self.items.get(*self.places().get(s.as_str())?));
        exact.or_else(|| if self.open.is_some() { self.items.last() } else { None })
    }

    /// The instances as one value: a list for `count`, a map for `for_each`.
    pub fn gather(&self, value: impl Fn(&Item) -> Value) -> Value {
        let known = self.items.iter().filter(|i| i.exists == Truth::Yes);
        let undecided = self.items.iter().find(|i| i.exists != Truth::Yes).and_then(|i| i.cause.clone());
        let open = self.open.clone().or(undecided);
        match self.shape {
            Shape::Single => self.items.first().map_or_else(Value::absent, value),
            Shape::List if !self.numbers.is_empty() => {
                let all: Vec<Value> = self.items.iter().map(value).collect();
                let some = |n: usize| Value::list(all.iter().take(n).cloned().collect());
                let arms = self.numbers.iter().map(|(when, n)| Arm { when: when.clone(), value: some(*n) });
                Value::choice(arms.collect())
            }
            Shape::List => Kind::List(Arc::new(List { items: known.map(value).collect(), open, set: false })).into(),
            Shape::Map => {
                let entries: Entries =
                    known.filter_map(|i| Some((Str::from(i.each.pair.as_ref()?.0.as_str()?), value(i)))).collect();
                Kind::Map(Arc::new(Map { entries, rest: open.map_or(Rest::Closed, Rest::Open) })).into()
            }
        }
    }
}

/// The instances of a block with these meta-arguments.
pub(super) fn expand(count: Option<Value>, for_each: Option<Value>, span: Span) -> Expansion {
    match (count, for_each) {
        (Some(count), _) => by_count(&count, span),
        (_, Some(for_each)) => by_collection(&for_each, span),
        _ => Expansion::single(),
    }
}

fn counted(n: usize) -> Expansion {
    let items = (0..n.min(MAX_INSTANCES))
        .map(|i| item(format!("[{i}]").into(), Each { index: Some((i as i64).into()), pair: None }))
        .collect();
    Expansion { items, cut: n > MAX_INSTANCES, ..Expansion::empty(Shape::List) }
}

fn by_count(count: &Value, span: Span) -> Expansion {
    if let Kind::Choice(arms) = &count.kind {
        // `var.create ? 1 : 0`: as many as there can be, of which none is certain beyond the least number.
        let counts: Option<Vec<usize>> = arms.iter().map(|a| to_number(&a.value).as_number()?.as_usize()).collect();
        if let Some(counts) = counts {
            let (least, most) = (counts.iter().min().copied().unwrap_or(0), counts.iter().max().copied().unwrap_or(0));
            let mut out = counted(most);
            let cause = count.cause();
            for (i, item) in out.items.iter_mut().enumerate().skip(least) {
                item.exists = Truth::Undetermined;
                item.cause.clone_from(&cause);
                let with_it = arms.iter().zip(&counts).filter(|&(_, &n)| n > i);
                item.when = with_it.fold(When::never(), |when, (arm, _)| when.or(&arm.when));
            }
            if most <= MAX_CHOSEN {
                out.numbers = arms.iter().zip(counts).map(|(arm, n)| (arm.when.clone(), n)).collect();
            }
            return out;
        }
    }
    match to_number(count).as_number().map(crate::value::Number::as_usize) {
        Some(Some(n)) => counted(n),
        Some(None) => Expansion::unknown(Cause::at(CauseKind::Invalid, "count is not a whole number", span), None),
        None => {
            let cause = count.cause().unwrap_or_else(|| Cause::at(CauseKind::Invalid, "count is not a number", span));
            Expansion::unknown_of(cause, None, &count.trail)
        }
    }
}

fn by_collection(collection: &Value, span: Span) -> Expansion {
    let mut out = Expansion::empty(Shape::Map);
    match &collection.kind {
        Kind::Choice(arms) => {
            let cause =
                collection.cause().unwrap_or_else(|| Cause::new(CauseKind::Input, "it is one of several values"));
            let mut worlds: IndexMap<Str, (Item, Vec<Arm>), FxBuildHasher> = IndexMap::default();
            for arm in arms.iter() {
                let inner = by_collection(&collection.inside(&arm.value), span);
                if inner.open.is_some() {
                    return Expansion::unknown_of(cause, Some(Shape::Map), &collection.trail);
                }
                out.cut |= inner.cut;
                for item in inner.items {
                    let Some((_, value)) = item.each.pair.clone() else { continue };
                    let value = Arm { when: arm.when.clone(), value };
                    worlds.entry(item.suffix.clone()).or_insert_with(|| (item, Vec::new())).1.push(value);
                }
            }
            for (mut item, values) in worlds.into_values() {
                // A key of every world exists in all of them, with the value that it has there.
                if values.len() < arms.len() {
                    item.exists = Truth::Undetermined;
                    item.cause = Some(cause.clone());
                    item.when = values.iter().fold(When::never(), |when, arm| when.or(&arm.when));
                }
                if let Some((_, value)) = &mut item.each.pair {
                    *value = Value::choice(values);
                }
                out.items.push(item);
            }
        }
        Kind::Map(map) => {
            let mut keys: Vec<&Str> = map.entries.keys().collect();
            keys.sort();
            out.cut = keys.len() > MAX_INSTANCES;
            out.items = keys.into_iter().take(MAX_INSTANCES).map(|k| by_key(k, collection.get(k))).collect();
            if let Rest::Open(cause) = &map.rest {
                out.add_symbolic(cause.clone(), &collection.trail);
            }
        }
        Kind::List(list) => {
            let mut open = list.open.clone();
            let mut keyed: Vec<(Str, Value)> = Vec::new();
            for item in list.items.iter().take(MAX_INSTANCES) {
                match item.as_str() {
                    Some(key) => keyed.push((key.into(), collection.inside(item))),
                    None => {
                        open = open.or_else(|| {
                            item.cause().or_else(|| {
                                Some(Cause::at(CauseKind::Invalid, "for_each needs a set of strings", span))
                            })
                        });
                    }
                }
            }
            keyed.sort_by(|a, b| a.0.cmp(&b.0));
            keyed.dedup_by(|a, b| a.0 == b.0);
            out.cut = list.items.len() > MAX_INSTANCES;
            out.items = keyed.into_iter().map(|(k, v)| by_key(&k, v)).collect();
            if let Some(cause) = open {
                out.add_symbolic(cause, &collection.trail);
            }
        }
        Kind::Null | Kind::Absent => {
            return Expansion::unknown(Cause::at(CauseKind::Invalid, "for_each is null", span), Some(Shape::Map));
        }
        _ => {
            let cause = collection
                .cause()
                .unwrap_or_else(|| Cause::at(CauseKind::Invalid, "for_each is not a map or set", span));
            return Expansion::unknown_of(cause, Some(Shape::Map), &collection.trail);
        }
    }
    out
}
