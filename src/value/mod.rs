//! Layer 2, values: three-valued, and every value knows where it came from.
//!
//! A [`Value`] is a [`Kind`] and a [`Trail`]. Nothing here knows AWS or a dialect.

mod convert;
mod formula;
mod guard;
mod number;
mod text;
mod trail;
mod truth;

pub use convert::{to_bool, to_number, to_text};
pub use formula::{Formula, FormulaKind, Place, Variable, possible};
pub use guard::{Guard, Title, When, formula_of};
pub use number::Number;
pub use text::{Piece, Text};
pub use trail::{Hop, HopKind, Trail};
pub use truth::Truth;

pub use smol_str::SmolStr as Str;

use crate::source::Span;
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashSet};
use std::ops::Range;
use std::sync::Arc;

/// The entries of a map in the order in which they were written.
pub type Entries = IndexMap<Str, Value, FxBuildHasher>;

/// At most this many arms are kept in a [`Kind::Choice`]; with more the value is unknown.
pub const MAX_ARMS: usize = 16;

/// Choices nested deeper in a value are left as they are.
const MAX_WORLD_DEPTH: u32 = 64;

/// Sets whose elements make more pairs are not compared, unless they are all strings.
const MAX_SET_COMPARISONS: usize = 1_000_000;

/// A value and the way it came.
#[derive(Clone, Debug)]
pub struct Value {
    /// What is known.
    pub kind: Kind,
    /// Where it was written and passed, use site first.
    pub trail: Trail,
    /// Never printed: marked sensitive, `NoEcho`, or recognised as a secret.
    pub sensitive: bool,
    /// For a text: what it was made from. For what a store holds: where in it.
    pub made_from: Option<Arc<MadeFrom>>,
}

/// What a value was made from.
#[derive(Clone, Debug)]
pub enum MadeFrom {
    /// A value (`jsonencode`), with the trails of its parts.
    Value(Value),
    /// The characters of a source file, piece by piece in the order of the text.
    Source(Vec<Segment>),
    /// What a store of parameters holds under this name when the configuration is deployed.
    Store(Value),
}

/// A piece of a text that is written in a source file.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    /// How many known bytes of the text come before it.
    pub at: u32,
    /// Where it is written; byte by byte as it is in the text if it is as long.
    pub span: Span,
    /// Its length in the text, in bytes.
    pub length: u32,
}

/// Where the known bytes `range` of a text are written: their very characters, or the pieces they are in. `segments` in
/// the order of the text.
pub fn place(segments: &[Segment], range: Range<usize>) -> Option<Span> {
    let segment = |offset: usize| {
        let offset = u32::try_from(offset).ok()?;
        let at = segments.partition_point(|s| s.at + s.length <= offset);
        let segment = segments.get(at).filter(|s| s.at <= offset)?;
        let verbatim = segment.span.end - segment.span.start == segment.length;
        Some((segment.span, verbatim.then(|| offset - segment.at)))
    };
    let (first, last) = (segment(range.start)?, segment(range.end.checked_sub(1)?)?);
    let start = first.1.map_or(first.0.start, |offset| first.0.start + offset);
    let end = last.1.map_or(last.0.end, |offset| last.0.start + offset + 1);
    (first.0.file == last.0.file && start < end).then_some(Span { start, end, ..first.0 })
}

/// What is known of a value.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Not written at all.
    Absent,
    /// Written as `null` (or `AWS::NoValue`): counts as not written where an attribute is concerned.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string that is known whole.
    String(Str),
    /// A string of which only parts are known.
    Partial(Arc<Text>),
    /// A list, set or tuple.
    List(Arc<List>),
    /// A map or object.
    Map(Arc<Map>),
    /// One of several values; which one is not decided by the source. Two to [`MAX_ARMS`] arms.
    Choice(Arc<[Arm]>),
    /// Exists only after deployment, but it is known which attribute of which resource it is.
    AfterApply(Arc<Reference>),
    /// Cannot be known, and why.
    Unknown(Arc<Cause>),
}

/// A sequence of values.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The elements that can be seen.
    pub items: Vec<Value>,
    /// Set when there may be more elements than can be seen (or others in between).
    pub open: Option<Arc<Cause>>,
    /// Whether it is a set: no order, no duplicates.
    pub set: bool,
}

/// A map of values.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// The entries that can be seen.
    pub entries: Entries,
    /// What a key that is not among the entries means.
    pub rest: Rest,
}

/// What a missing key of a [`Map`] means.
#[derive(Clone, Debug, Default)]
pub enum Rest {
    /// The key does not exist.
    #[default]
    Closed,
    /// The map may hold more than can be seen.
    Open(Arc<Cause>),
    /// The map is a resource: other attributes exist after deployment. The address of the resource.
    Resource(Str),
}

/// One possible value of a [`Kind::Choice`].
#[derive(Clone, Debug)]
pub struct Arm {
    /// The decisions under which the value holds, as far as they have names.
    pub when: When,
    /// The value.
    pub value: Value,
}

/// An attribute of a resource of the root, by address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// Address of the resource instance (`module.a.aws_s3_bucket.this["x"]`, a logical id).
    pub address: Str,
    /// The attribute that was read (`arn`, `id`, `Arn`); empty for the resource itself.
    pub attribute: Str,
}

impl Reference {
    /// Whether the attribute, by what it is called, is what a resource is identified by: a single text, neither empty nor
    /// a pattern.
    pub fn is_identifier(&self) -> bool {
        identifies(&self.attribute)
    }
}

/// Whether an attribute, by what it is called, identifies the resource that has it. Attributes of Terraform such as
/// `kms_key_id` may name another resource, or none; those of CloudFormation are the resource's own.
pub fn identifies(attribute: &str) -> bool {
    let is_arn = attribute
        .len()
        .checked_sub(3)
        .and_then(|at| attribute.get(at..))
        .is_some_and(|t| t.eq_ignore_ascii_case("arn"));
    let own = attribute.starts_with(|c: char| c.is_ascii_uppercase());
    is_arn
        || own && (attribute.ends_with("Id") || attribute.ends_with("Name"))
        || matches!(attribute, "id" | "name" | "Ref" | "key_id" | "dns_name" | "domain_name")
        || attribute.ends_with("_domain_name")
}

/// Why something cannot be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Which sort of reason it is.
    pub kind: CauseKind,
    /// The reason for people, without a final stop: "variable `x` has no value".
    pub what: Str,
    /// Where the reason lies: the declaration of the variable, the call of the module.
    pub span: Option<Span>,
    /// The list without duplicates that the value is, or is an element of: so much is known of it all the same.
    pub among: Option<Distinct>,
}

/// A list in which nothing stands twice, or one of its elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distinct {
    /// Tells the list from others.
    pub list: Str,
    /// It has at least so many elements.
    pub least: usize,
    /// Which element; none for the list itself.
    pub index: Option<usize>,
}

impl Distinct {
    /// Whether two elements are the same one; `Undetermined` for those of different lists.
    fn equals(&self, other: &Self) -> Truth {
        match (self.index, other.index) {
            (Some(a), Some(b)) if self.list == other.list => Truth::from(a == b),
            _ => Truth::Undetermined,
        }
    }
}

/// The sorts of reasons for which a value cannot be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CauseKind {
    /// A variable or parameter that nobody gave a value.
    Input,
    /// Read from the outside when the configuration runs: data sources, imports, dynamic references.
    External,
    /// A module, nested stack or file that is not there.
    Missing,
    /// Decided by the deployment: regions, accounts, identifiers, the time.
    Deployment,
    /// A function or construct whose result formwork does not compute.
    Unsupported,
    /// The source is wrong at this place (a cycle, a bad argument, a missing key).
    Invalid,
    /// A bound of formwork was reached.
    Limit,
    /// A satellite resource whose parent is not known may decide it.
    Satellite,
    /// Made by another stack: not a resource of this root.
    Import,
    /// Members of a collection that can be seen may not exist; there are no others.
    Member,
}

impl Cause {
    /// A cause without a place.
    pub fn new(kind: CauseKind, what: impl Into<Str>) -> Arc<Self> {
        Arc::new(Self { kind, what: what.into(), span: None, among: None })
    }

    /// A cause at a place.
    pub fn at(kind: CauseKind, what: impl Into<Str>, span: Span) -> Arc<Self> {
        Arc::new(Self { kind, what: what.into(), span: Some(span), among: None })
    }

    /// A cause at a place, if there is one.
    pub fn placed(kind: CauseKind, what: impl Into<Str>, span: Option<Span>) -> Arc<Self> {
        Arc::new(Self { kind, what: what.into(), span, among: None })
    }

    /// The same cause for a list without duplicates that has at least `least` elements.
    #[must_use]
    pub fn of_distinct(&self, list: impl Into<Str>, least: usize) -> Arc<Self> {
        let among = Some(Distinct { list: list.into(), least, index: None });
        Arc::new(Self { among, ..self.clone() })
    }

    /// Why an element of a list is not known that is not known for this reason.
    #[must_use]
    pub fn of_element(self: &Arc<Self>, index: usize) -> Arc<Self> {
        match &self.among {
            Some(list) if list.index.is_none() => {
                let among = Some(Distinct { index: Some(index), ..list.clone() });
                Arc::new(Self { among, ..Self::clone(self) })
            }
            _ => self.clone(),
        }
    }
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        Self { kind, trail: Trail::none(), sensitive: false, made_from: None }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Kind::Bool(value).into()
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Kind::String(value.into()).into()
    }
}

impl From<Str> for Value {
    fn from(value: Str) -> Self {
        Kind::String(value).into()
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Kind::String(value.into()).into()
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Kind::Number(value).into()
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Kind::Number(Number::Int(value)).into()
    }
}

impl From<Truth> for Value {
    /// `Undetermined` becomes an unknown value without a better reason.
    fn from(value: Truth) -> Self {
        match value {
            Truth::Yes => true.into(),
            Truth::No => false.into(),
            Truth::Undetermined => Value::unknown(Cause::new(CauseKind::Unsupported, "cannot be decided")),
        }
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Value::list(items)
    }
}

impl Value {
    /// Not written.
    pub fn absent() -> Self {
        Kind::Absent.into()
    }

    /// `null`.
    pub fn null() -> Self {
        Kind::Null.into()
    }

    /// An unknown value.
    pub fn unknown(cause: Arc<Cause>) -> Self {
        Kind::Unknown(cause).into()
    }

    /// An attribute that exists only after deployment.
    pub fn after_apply(address: impl Into<Str>, attribute: impl Into<Str>) -> Self {
        Kind::AfterApply(Arc::new(Reference { address: address.into(), attribute: attribute.into() })).into()
    }

    /// A list that is seen whole.
    pub fn list(items: Vec<Value>) -> Self {
        Kind::List(Arc::new(List { items, open: None, set: false })).into()
    }

    /// A map that is seen whole.
    pub fn map(entries: Entries) -> Self {
        Kind::Map(Arc::new(Map { entries, rest: Rest::Closed })).into()
    }

    /// The same value with another trail.
    #[must_use]
    pub fn with_trail(mut self, trail: Trail) -> Self {
        self.trail = trail;
        self
    }

    /// The same value written at `span`, unless it has a trail already.
    #[must_use]
    pub fn written_at(mut self, span: Span) -> Self {
        if self.trail.is_none() {
            self.trail = Trail::written(span);
        }
        self
    }

    /// The same value, used at `span`: a new first hop, unless the value is written inside `span` itself.
    #[must_use]
    pub fn used_at(mut self, span: Span) -> Self {
        self.trail = self.trail.used_at(span);
        self
    }

    /// The same value; its first hop is now known to be of `kind`, under `name`.
    #[must_use]
    pub fn hop(mut self, kind: HopKind, name: impl Into<Str>) -> Self {
        self.trail = self.trail.relabel(kind, name.into());
        self
    }

    /// The same value with the trail of `other` when it has none of its own.
    #[must_use]
    pub fn or_trail(mut self, other: &Trail) -> Self {
        if self.trail.is_none() {
            self.trail = other.clone();
        }
        self
    }

    /// The same value, sensitive if `sensitive` says so.
    #[must_use]
    pub fn marked(mut self, sensitive: bool) -> Self {
        self.sensitive |= sensitive;
        self
    }

    /// The same text, made from `value`.
    #[must_use]
    pub fn encoding(mut self, value: &Value) -> Self {
        self.made_from = Some(Arc::new(MadeFrom::Value(value.clone())));
        self
    }

    /// The value that the text was made from, if it was.
    pub fn encoded(&self) -> Option<&Value> {
        match self.made_from.as_deref() {
            Some(MadeFrom::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// Where the pieces of the text are written, as far as that is known.
    pub fn segments(&self) -> &[Segment] {
        match self.made_from.as_deref() {
            Some(MadeFrom::Source(segments)) => segments,
            _ => &[],
        }
    }

    /// The same value, read from a store of parameters under `name`.
    #[must_use]
    pub fn stored_under(mut self, name: Value) -> Self {
        self.made_from = Some(Arc::new(MadeFrom::Store(name)));
        self
    }

    /// The name under which a store of parameters holds the value, if it is read from one.
    pub fn store_name(&self) -> Option<&Value> {
        match self.made_from.as_deref() {
            Some(MadeFrom::Store(name)) => Some(name),
            _ => None,
        }
    }

    /// Whether it is not written or `null`.
    pub fn is_unset(&self) -> bool {
        matches!(self.kind, Kind::Absent | Kind::Null)
    }

    /// Whether nothing about the value itself is known: `Unknown` or `AfterApply`.
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_) | Kind::AfterApply(_))
    }

    /// Whether the value and everything in it is known.
    pub fn is_wholly_known(&self) -> bool {
        match &self.kind {
            Kind::Absent | Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => true,
            Kind::Partial(_) | Kind::Choice(_) | Kind::AfterApply(_) | Kind::Unknown(_) => false,
            Kind::List(list) => list.open.is_none() && list.items.iter().all(Value::is_wholly_known),
            Kind::Map(map) => matches!(map.rest, Rest::Closed) && map.entries.values().all(Value::is_wholly_known),
        }
    }

    /// The string, when it is a known string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(s) => Some(s),
            _ => None,
        }
    }

    /// The truth value, when it is a known truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// The number, when it is a known number.
    pub fn as_number(&self) -> Option<Number> {
        match self.kind {
            Kind::Number(n) => Some(n),
            _ => None,
        }
    }

    /// The list, when it is one.
    pub fn as_list(&self) -> Option<&List> {
        match &self.kind {
            Kind::List(l) => Some(l),
            _ => None,
        }
    }

    /// The map, when it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.kind {
            Kind::Map(m) => Some(m),
            _ => None,
        }
    }

    /// Why the value is not known, as far as it is not; the first reason found.
    pub fn cause(&self) -> Option<Arc<Cause>> {
        match &self.kind {
            Kind::Unknown(cause) => Some(cause.clone()),
            Kind::AfterApply(r) => Some(Cause::new(
                CauseKind::Deployment,
                if r.attribute.is_empty() {
                    format!("{} exists only after deployment", r.address)
                } else {
                    format!("{}.{} is known only after deployment", r.address, r.attribute)
                },
            )),
            Kind::Partial(text) => text.holes().find_map(Value::cause),
            Kind::Choice(arms) => Some(match arms.iter().find_map(|a| a.when.cause()) {
                Some(cause) => cause.clone(),
                None => match arms.iter().find_map(|a| a.when.first()) {
                    Some(guard) => {
                        Cause::new(CauseKind::Input, format!("it depends on the condition {}", guard.condition))
                    }
                    None => Cause::new(CauseKind::Input, "it is one of several values"),
                },
            }),
            Kind::List(list) => list.open.clone().or_else(|| list.items.iter().find_map(Value::cause)),
            Kind::Map(map) => match &map.rest {
                Rest::Open(cause) => Some(cause.clone()),
                _ => map.entries.values().find_map(Value::cause),
            },
            _ => None,
        }
    }

    /// What is behind a key of a map. `Absent` when a closed map lacks it; unknown where it cannot be told.
    /// The trail runs through the map: see [`Trail::through`].
    pub fn get(&self, key: &str) -> Value {
        match &self.kind {
            Kind::Map(map) => match map.entries.get(key) {
                Some(value) => self.inside(value),
                None => match &map.rest {
                    Rest::Closed => Value::absent().with_trail(self.trail.clone()),
                    Rest::Open(cause) => Value::unknown(cause.clone()).with_trail(self.trail.clone()),
                    Rest::Resource(address) => Value::after_apply(address.clone(), key),
                },
            }
            .marked(self.sensitive),
            Kind::Choice(_) => self.map_arms(|v| v.get(key)),
            Kind::AfterApply(r) => {
                let attribute =
                    if r.attribute.is_empty() { Str::from(key) } else { Str::from(format!("{}.{key}", r.attribute)) };
                Value::after_apply(r.address.clone(), attribute).with_trail(self.trail.clone())
            }
            Kind::Unknown(_) => self.clone(),
            _ => Value::absent().with_trail(self.trail.clone()),
        }
    }

    /// The element of a list at `index`. `Absent` when a closed list is shorter.
    pub fn at(&self, index: usize) -> Value {
        match &self.kind {
            Kind::List(list) => match (list.items.get(index), &list.open) {
                (Some(item), None) => self.inside(item).marked(self.sensitive),
                // Others may come before or between: which one is at the index cannot be told.
                (_, Some(cause)) => Value::unknown(cause.clone()).with_trail(self.trail.clone()),
                (None, None) => Value::absent().with_trail(self.trail.clone()),
            },
            Kind::Choice(_) => self.map_arms(|v| v.at(index)),
            Kind::Unknown(cause) => Value { kind: Kind::Unknown(cause.of_element(index)), ..self.clone() },
            // Two elements are not the same value because they are of the same list.
            Kind::AfterApply(r) if !r.attribute.is_empty() => {
                let element = Value::after_apply(r.address.clone(), format!("{}[{index}]", r.attribute));
                element.with_trail(self.trail.clone()).marked(self.sensitive)
            }
            Kind::AfterApply(_) => self.clone(),
            _ => Value::absent().with_trail(self.trail.clone()),
        }
    }

    /// A value found inside this one, with the trail that leads to it through this one.
    pub fn inside(&self, inner: &Value) -> Value {
        let mut out = inner.clone();
        out.trail = inner.trail.through(&self.trail);
        out
    }

    /// Applies `f` to every arm of a choice (to the value itself when it is none) and joins the results.
    pub fn map_arms(&self, mut f: impl FnMut(&Value) -> Value) -> Value {
        match &self.kind {
            Kind::Choice(arms) => {
                let arms = arms
                    .iter()
                    .map(|arm| {
                        let mut value = f(&arm.value);
                        value.trail = value.trail.or(&self.trail);
                        Arm { when: arm.when.clone(), value: value.marked(self.sensitive) }
                    })
                    .collect();
                Value::choice(arms).or_trail(&self.trail)
            }
            _ => f(self),
        }
    }

    /// One of several values. Nested choices are flattened: an inner arm holds when both decisions go its way, and is
    /// dropped when they cannot. Arms that agree become one value; of more than [`MAX_ARMS`] those that are alike are
    /// joined, and what is still more becomes unknown.
    pub fn choice(arms: Vec<Arm>) -> Value {
        let mut flat: Vec<Arm> = Vec::with_capacity(arms.len());
        let mut last = None;
        for arm in arms {
            if arm.when.is_never() {
                last = Some(arm.value);
                continue;
            }
            match &arm.value.kind {
                Kind::Choice(inner) => {
                    for a in inner.iter() {
                        let when = arm.when.and(&a.when);
                        if !when.is_never() {
                            flat.push(Arm { when, value: a.value.clone() });
                        }
                    }
                    last = Some(arm.value);
                }
                _ => flat.push(arm),
            }
        }
        // Where nothing is possible nobody will look.
        let Some(first) = flat.first() else { return last.unwrap_or_else(Value::absent) };
        if flat.iter().all(|a| a.value.same(&first.value)) {
            return flat.swap_remove(0).value;
        }
        if flat.len() > MAX_ARMS {
            flat = Self::joined(flat);
        }
        if flat.len() > MAX_ARMS {
            return Value::unknown(Cause::new(CauseKind::Limit, format!("more than {MAX_ARMS} values are possible")));
        }
        let sensitive = flat.iter().any(|a| a.value.sensitive);
        Value::from(Kind::Choice(flat.into())).marked(sensitive)
    }

    /// Arms with the same value, made one.
    fn joined(arms: Vec<Arm>) -> Vec<Arm> {
        let mut out: Vec<Arm> = Vec::new();
        for arm in arms {
            if let Some(same) = out.iter_mut().find(|a| a.value.same(&arm.value)) {
                same.when = same.when.or(&arm.when);
                continue;
            }
            out.push(arm);
            if out.len() > MAX_ARMS {
                break;
            }
        }
        out
    }

    /// What is left of a choice in the worlds in which `world` is so.
    #[must_use]
    pub fn given(&self, world: &When) -> Value {
        let Kind::Choice(arms) = &self.kind else { return self.clone() };
        if world.is_always() {
            return self.clone();
        }
        let left: Vec<Arm> = arms.iter().filter(|a| !a.when.and(world).is_never()).cloned().collect();
        if left.is_empty() || left.len() == arms.len() {
            return self.clone();
        }
        Value::choice(left).or_trail(&self.trail).marked(self.sensitive)
    }

    /// The value, and everything in it, in the worlds in which `world` is so. Elements of lists that are not there in
    /// any of them are left out.
    #[must_use]
    pub fn within(&self, world: &When) -> Value {
        if world.is_always() { self.clone() } else { self.within_depth(world, MAX_WORLD_DEPTH) }
    }

    fn within_depth(&self, world: &When, depth: u32) -> Value {
        if depth == 0 || !self.has_choices(MAX_WORLD_DEPTH) {
            return self.clone();
        }
        let value = self.given(world);
        let kind = match &value.kind {
            Kind::List(list) => {
                // A member that does not exist here is none.
                let gone = |before: &Value, after: &Value| after.is_unset() && !before.is_unset();
                let within = list.items.iter().map(|v| (v, v.within_depth(world, depth - 1)));
                let items = within.filter(|(before, after)| !gone(before, after)).map(|(_, after)| after).collect();
                Kind::List(Arc::new(List { items, open: list.open.clone(), set: list.set }))
            }
            Kind::Map(map) => {
                let entries = map.entries.iter().map(|(k, v)| (k.clone(), v.within_depth(world, depth - 1))).collect();
                Kind::Map(Arc::new(Map { entries, rest: map.rest.clone() }))
            }
            Kind::Choice(arms) => {
                let arms = arms
                    .iter()
                    .map(|a| Arm { when: a.when.clone(), value: a.value.within_depth(world, depth - 1) })
                    .collect();
                return Value::choice(arms).or_trail(&value.trail).marked(value.sensitive);
            }
            Kind::Partial(text) => {
                let pieces = text.pieces().iter().map(|piece| match piece {
                    Piece::Hole(v) => v.within_depth(world, depth - 1).piece(),
                    known @ Piece::Known(_) => known.clone(),
                });
                Text::join(pieces).kind
            }
            _ => return value,
        };
        Value { kind, ..value }
    }

    /// Whether it is a choice in which nothing is one of the possibilities.
    pub fn may_be_unset(&self) -> bool {
        match &self.kind {
            Kind::Choice(arms) => arms.iter().any(|a| a.value.is_unset()),
            _ => self.is_unset(),
        }
    }

    /// What it is where it is not unset, and the decisions under which that is so. `None`: it is unset.
    pub fn when_set(&self) -> Option<(Value, When)> {
        match &self.kind {
            Kind::Absent | Kind::Null => None,
            Kind::Choice(arms) if self.may_be_unset() => {
                let set = || arms.iter().filter(|a| !a.value.is_unset());
                let when = set().fold(When::never(), |when, arm| when.or(&arm.when));
                let value = Value::choice(set().cloned().collect());
                Some((value.or_trail(&self.trail).marked(self.sensitive), when))
            }
            _ => Some((self.clone(), When::always())),
        }
    }

    /// The same value; `f` says what it is where it is unset.
    #[must_use]
    pub fn or_else(self, f: impl Fn(&Value) -> Value) -> Value {
        match &self.kind {
            Kind::Absent | Kind::Null => f(&self),
            Kind::Choice(_) if self.may_be_unset() => {
                self.map_arms(|arm| if arm.is_unset() { f(arm) } else { arm.clone() })
            }
            _ => self,
        }
    }

    /// Whether there is a choice in it.
    fn has_choices(&self, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match &self.kind {
            Kind::Choice(_) => true,
            Kind::List(list) => list.items.iter().any(|v| v.has_choices(depth)),
            Kind::Map(map) => map.entries.values().any(|v| v.has_choices(depth)),
            Kind::Partial(text) => text.holes().any(|v| v.has_choices(depth)),
            _ => false,
        }
    }

    /// Calls `f` with the arms of every choice in the value, the outer ones first.
    pub fn choices(&self, f: &mut dyn FnMut(&[Arm])) {
        self.choices_within(f, MAX_WORLD_DEPTH);
    }

    fn choices_within(&self, f: &mut dyn FnMut(&[Arm]), depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match &self.kind {
            Kind::Choice(arms) => {
                f(arms);
                arms.iter().for_each(|a| a.value.choices_within(f, depth));
            }
            Kind::List(list) => list.items.iter().for_each(|v| v.choices_within(f, depth)),
            Kind::Map(map) => map.entries.values().for_each(|v| v.choices_within(f, depth)),
            Kind::Partial(text) => text.holes().for_each(|v| v.choices_within(f, depth)),
            _ => {}
        }
    }

    /// Whether two values are known to be alike, trails aside. Unknown values are alike only when it is the same unknown.
    pub fn same(&self, other: &Value) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Absent | Kind::Null, Kind::Absent | Kind::Null) => true,
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Number(a), Kind::Number(b)) => a == b,
            (Kind::String(a), Kind::String(b)) => a == b,
            (Kind::AfterApply(a), Kind::AfterApply(b)) => a == b,
            // What the deployment decides is the same wherever it is asked for.
            (Kind::Unknown(a), Kind::Unknown(b)) => {
                a == b || (a.kind == CauseKind::Deployment && b.kind == CauseKind::Deployment && a.what == b.what)
            }
            (Kind::List(a), Kind::List(b)) => {
                a.open == b.open
                    && a.items.len() == b.items.len()
                    && a.items.iter().zip(&b.items).all(|(x, y)| x.same(y))
            }
            (Kind::Map(a), Kind::Map(b)) => {
                matches!((&a.rest, &b.rest), (Rest::Closed, Rest::Closed))
                    && a.entries.len() == b.entries.len()
                    && a.entries.iter().all(|(k, x)| b.entries.get(k).is_some_and(|y| x.same(y)))
            }
            (Kind::Partial(a), Kind::Partial(b)) => a.same(b),
            _ => false,
        }
    }

    /// Kleene equality: `No` needs proof that the values differ, `Yes` that they are equal.
    /// `null` and absent are equal; a number and a string that spells it are not.
    pub fn equals(&self, other: &Value) -> Truth {
        match (&self.kind, &other.kind) {
            (Kind::Choice(arms), _) => Truth::agree(arms.iter().map(|a| a.value.equals(other))),
            (_, Kind::Choice(arms)) => Truth::agree(arms.iter().map(|a| self.equals(&a.value))),
            (Kind::AfterApply(a), Kind::AfterApply(b)) if a == b => Truth::Yes,
            (Kind::Unknown(a), Kind::Unknown(b)) => match (&a.among, &b.among) {
                (Some(a), Some(b)) => a.equals(b),
                _ => Truth::Undetermined,
            },
            (Kind::Unknown(_) | Kind::AfterApply(_), _) | (_, Kind::Unknown(_) | Kind::AfterApply(_)) => {
                Truth::Undetermined
            }
            (Kind::Partial(a), Kind::Partial(b)) => {
                if a.may_overlap(b) {
                    Truth::Undetermined
                } else {
                    Truth::No
                }
            }
            (Kind::Partial(a), Kind::String(s)) | (Kind::String(s), Kind::Partial(a)) => {
                if a.may_equal(s) {
                    Truth::Undetermined
                } else {
                    Truth::No
                }
            }
            (Kind::Partial(_), _) | (_, Kind::Partial(_)) => Truth::No,
            (Kind::List(a), Kind::List(b)) => {
                if a.set && b.set {
                    return Self::set_equals(a, b);
                }
                match (&a.open, &b.open) {
                    (None, None) if a.items.len() != b.items.len() => Truth::No,
                    (None, None) => Truth::all(a.items.iter().zip(&b.items).map(|(x, y)| x.equals(y))),
                    (Some(_), None) => Self::open_equals(a, b),
                    (None, Some(_)) => Self::open_equals(b, a),
                    (Some(_), Some(_)) => Truth::Undetermined,
                }
            }
            (Kind::Map(a), Kind::Map(b)) => {
                let lacks = |x: &Map, y: &Map| {
                    matches!(y.rest, Rest::Closed) && x.entries.keys().any(|k| !y.entries.contains_key(k))
                };
                if lacks(a, b) || lacks(b, a) {
                    return Truth::No;
                }
                let entries = Truth::all(a.entries.iter().filter_map(|(k, x)| b.entries.get(k).map(|y| x.equals(y))));
                let closed = matches!((&a.rest, &b.rest), (Rest::Closed, Rest::Closed));
                if closed || entries == Truth::No { entries } else { Truth::Undetermined }
            }
            _ => Truth::from(self.same(other)),
        }
    }

    /// More elements may stand before, between and behind those of an open list, and two that are not known may be
    /// one: it differs from a closed one only if it has an element that the other lacks.
    fn open_equals(open: &List, closed: &List) -> Truth {
        let pairs = open.items.len().saturating_mul(closed.items.len());
        let lacks = |x: &Value| closed.items.iter().all(|y| x.equals(y) == Truth::No);
        if pairs <= MAX_SET_COMPARISONS && open.items.iter().any(lacks) { Truth::No } else { Truth::Undetermined }
    }

    fn set_equals(a: &List, b: &List) -> Truth {
        let known = a.open.is_none() && b.open.is_none() && a.items.iter().chain(&b.items).all(Value::is_wholly_known);
        if !known {
            return Truth::Undetermined;
        }
        let strings = |x: &List| x.items.iter().map(|i| i.as_str().map(Str::from)).collect::<Option<FxHashSet<Str>>>();
        if let (Some(x), Some(y)) = (strings(a), strings(b)) {
            return Truth::from(x == y);
        }
        if a.items.len().saturating_mul(b.items.len()) > MAX_SET_COMPARISONS {
            return Truth::Undetermined;
        }
        let within = |x: &List, y: &List| x.items.iter().all(|i| y.items.iter().any(|j| i.same(j)));
        Truth::from(within(a, b) && within(b, a))
    }

    /// How many values this one is made of, itself included, if they are not more than `limit` and nested not deeper
    /// than `depth`. A part that is shared counts as often as it is seen: so often is it visited by whoever walks it.
    pub fn parts_within(&self, limit: usize, depth: usize) -> Option<usize> {
        fn walk(value: &Value, left: &mut usize, depth: usize) -> Option<()> {
            *left = left.checked_sub(1)?;
            let depth = depth.checked_sub(1)?;
            match &value.kind {
                Kind::List(list) => list.items.iter().try_for_each(|v| walk(v, left, depth)),
                Kind::Map(map) => map.entries.values().try_for_each(|v| walk(v, left, depth)),
                Kind::Choice(arms) => arms.iter().try_for_each(|arm| walk(&arm.value, left, depth)),
                Kind::Partial(text) => text.holes().try_for_each(|v| walk(v, left, depth)),
                _ => Some(()),
            }
        }
        let mut left = limit;
        walk(self, &mut left, depth)?;
        Some(limit - left)
    }

    /// The value as a decision. Unset counts as `No`; strings count as Terraform converts them (`"true"`, `"0"`);
    /// a choice decides only if all arms agree; everything else is undetermined.
    pub fn truth(&self) -> Truth {
        match &self.kind {
            Kind::Absent | Kind::Null => Truth::No,
            Kind::Bool(b) => Truth::from(*b),
            Kind::String(s) if matches!(s.as_str(), "true" | "1") => Truth::Yes,
            Kind::String(s) if matches!(s.as_str(), "false" | "0") => Truth::No,
            Kind::Choice(arms) => Truth::agree(arms.iter().map(|a| a.value.truth())),
            _ => Truth::Undetermined,
        }
    }

    /// The type of the value as Terraform names it.
    pub fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Absent | Kind::Null => "null",
            Kind::Bool(_) => "bool",
            Kind::Number(_) => "number",
            Kind::String(_) | Kind::Partial(_) => "string",
            Kind::List(list) if list.set => "set",
            Kind::List(_) => "tuple",
            Kind::Map(_) => "object",
            Kind::Choice(_) | Kind::AfterApply(_) | Kind::Unknown(_) => "unknown",
        }
    }
}
