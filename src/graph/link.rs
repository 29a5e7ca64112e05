//! From a value that names a resource to the resource.

use super::build::Node;
use crate::source::Sources;
use crate::value::{Cause, CauseKind, HopKind, Kind, Piece, Reference, Rest, Str, Text, Truth, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Where a value leads.
#[derive(Clone, Debug)]
pub(super) enum Link {
    /// Nothing is named.
    None,
    /// To a resource of the root: its node.
    To(usize),
    /// To something that is not in the root.
    Outside(Arc<Cause>),
    /// It cannot be told; it may be a resource of the root.
    Unknown(Arc<Cause>),
}

/// The resources of a root by what others call them.
#[derive(Debug)]
pub(super) struct Index<'a> {
    sources: &'a Sources,
    by_address: FxHashMap<Str, usize>,
    by_name: FxHashMap<(Str, Str), Vec<usize>>,
    /// The types that a resource may stand for: those it leads to, and those it is a satellite of.
    stands_for: FxHashMap<Str, Vec<Str>>,
    /// Addresses of satellites that are no resource of their own.
    parts: FxHashSet<Str>,
    /// Nodes of a type whose name is not known.
    nameless: FxHashMap<Str, Vec<(usize, Value)>>,
}

impl<'a> Index<'a> {
    /// `stands_for`: the canonical types that one may stand for; `parts`: addresses of satellites without a node.
    /// `mark`: what addresses of this root begin with where other roots speak of them.
    pub fn new(
        nodes: &[Node],
        mark: &str,
        identities: impl Fn(&Node) -> Vec<Value>,
        stands_for: FxHashMap<Str, Vec<Str>>,
        parts: FxHashSet<Str>,
        sources: &'a Sources,
    ) -> Self {
        let (by_address, by_name, nameless) = (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
        let mut index = Index { sources, by_address, by_name, stands_for, parts, nameless };
        for (i, node) in nodes.iter().enumerate() {
            index.by_address.insert(node.address.clone(), i);
            // What belongs to another root is not known here by its name alone.
            if node.foreign {
                continue;
            }
            index.by_address.insert(format!("{mark}{}", node.address).into(), i);
            for name in identities(node) {
                match &name.kind {
                    Kind::String(text) => {
                        index.by_name.entry((node.canonical.clone(), text.clone())).or_default().push(i);
                    }
                    Kind::Absent | Kind::Null => {}
                    _ => index.nameless.entry(node.canonical.clone()).or_default().push((i, name)),
                }
            }
        }
        index
    }

    /// Where `value` leads among the resources of the canonical types `to`.
    pub fn resolve(&self, value: &Value, to: &[Str], nodes: &[Node]) -> Link {
        let fits = |i: &usize| nodes.get(*i).is_some_and(|n| to.contains(&n.canonical));
        // Read from an attribute of the other resource, whatever its value.
        for hop in value.trail.hops() {
            if hop.kind == HopKind::Attribute
                && let Some(i) = self.owner(&hop.name).filter(fits)
            {
                return Link::To(i);
            }
        }
        match &value.kind {
            Kind::Absent | Kind::Null => Link::None,
            Kind::AfterApply(reference) => match self.by_address.get(&reference.address).copied() {
                Some(i) if fits(&i) => Link::To(i),
                other if is_identity(reference) && self.is_another(other, &reference.address, to, nodes) => {
                    Link::Outside(Cause::new(CauseKind::External, format!("it is {}", reference.address)))
                }
                // Something else that leads there, or not.
                _ => Link::Unknown(value.cause().unwrap_or_else(not_told)),
            },
            // An ARN or address that is put together around the resource.
            Kind::Partial(text) => match within(text).map(|hole| self.resolve(hole, to, nodes)) {
                Some(Link::To(i)) => Link::To(i),
                _ => self.by_expression(value, to),
            },
            Kind::String(text) => self.by_text(text, to, nodes),
            Kind::Choice(arms) => {
                let links: Vec<Link> = arms.iter().map(|a| self.resolve(&a.value, to, nodes)).collect();
                let unknown = || Link::Unknown(value.cause().unwrap_or_else(not_told));
                match links.first() {
                    Some(&Link::To(first)) if links.iter().all(|l| matches!(l, Link::To(i) if *i == first)) => {
                        Link::To(first)
                    }
                    _ if links.iter().all(|l| matches!(l, Link::None)) => Link::None,
                    // Whichever it is, it is not declared here.
                    _ if links.iter().all(|l| matches!(l, Link::None | Link::Outside(_))) => {
                        Link::Outside(value.cause().unwrap_or_else(not_told))
                    }
                    _ => unknown(),
                }
            }
            Kind::List(list) if list.items.len() == 1 && list.open.is_none() => self.resolve(&value.at(0), to, nodes),
            // The resource itself.
            Kind::Map(map) if matches!(map.rest, Rest::Resource(_)) => {
                let Rest::Resource(address) = &map.rest else { return Link::None };
                match self.by_address.get(address).copied().filter(fits) {
                    Some(i) => Link::To(i),
                    None => Link::Unknown(not_told()),
                }
            }
            Kind::Unknown(cause) if cause.kind == CauseKind::Import => Link::Outside(cause.clone()),
            _ => self.by_expression(value, to),
        }
    }

    /// To the resource whose name is not known either, but is written with the same words and comes from the same inputs.
    fn by_expression(&self, value: &Value, to: &[Str]) -> Link {
        let names = to.iter().filter_map(|canonical| self.nameless.get(canonical)).flatten();
        let mut found = names.filter(|(_, name)| self.is_same_expression(value, name)).map(|(i, _)| *i);
        match (found.next(), found.next()) {
            (Some(i), None) => Link::To(i),
            _ => Link::Unknown(value.cause().unwrap_or_else(not_told)),
        }
    }

    fn is_same_expression(&self, one: &Value, other: &Value) -> bool {
        reads_alike(one, other)
            && same_way(one, other)
            && match (self.words(one), self.words(other)) {
                (Some(a), Some(b)) => a == b && is_settled(&a),
                _ => false,
            }
    }

    /// How a value is written where it is used.
    fn words(&self, value: &Value) -> Option<Str> {
        let span = value.trail.span()?;
        self.sources.get(span.file).text.get(span.range()).map(Str::from)
    }

    /// Whether an address is a resource of its own that does not stand for one of the types `to`.
    fn is_another(&self, node: Option<usize>, address: &Str, to: &[Str], nodes: &[Node]) -> bool {
        match node.and_then(|i| nodes.get(i)) {
            Some(node) => !self.stands_for.get(&node.canonical).is_some_and(|all| all.iter().any(|t| to.contains(t))),
            None => !self.parts.contains(address),
        }
    }

    /// Whether there is a resource at an address.
    pub fn has(&self, address: &str) -> bool {
        self.by_address.contains_key(address)
    }

    /// The node whose attribute is called `address.attribute`.
    fn owner(&self, name: &str) -> Option<usize> {
        let mut end = name.len();
        while let Some(dot) = name.get(..end)?.rfind('.') {
            if let Some(&i) = self.by_address.get(name.get(..dot)?) {
                return Some(i);
            }
            end = dot;
        }
        None
    }

    fn by_text(&self, text: &str, to: &[Str], nodes: &[Node]) -> Link {
        let mut found = Vec::new();
        for canonical in to {
            if let Some(nodes) = self.by_name.get(&(canonical.clone(), text.into())) {
                found.extend(nodes.iter().copied());
            }
        }
        let certain: Vec<usize> =
            found.iter().copied().filter(|&i| nodes.get(i).is_some_and(|n| n.exists == Truth::Yes)).collect();
        match (found.as_slice(), certain.as_slice()) {
            ([one], _) | (_, [one]) => return Link::To(*one),
            ([_, ..], _) => {
                return Link::Unknown(Cause::new(CauseKind::Input, format!("several resources are named {text}")));
            }
            _ => {}
        }
        let literal: Value = text.into();
        for canonical in to {
            for (_, name) in self.nameless.get(canonical).into_iter().flatten() {
                if literal.equals(name) != Truth::No && !matches!(name.kind, Kind::AfterApply(_)) {
                    return Link::Unknown(name.cause().unwrap_or_else(not_told));
                }
            }
        }
        Link::Outside(Cause::new(CauseKind::External, format!("{text} is not declared here")))
    }
}

/// Whether two values that are not known are unknown for the same reason, piece by piece.
fn reads_alike(one: &Value, other: &Value) -> bool {
    match (&one.kind, &other.kind) {
        // The place of the use is no part of the reason.
        (Kind::Unknown(a), Kind::Unknown(b)) => a.kind == b.kind && a.what == b.what,
        (Kind::Partial(a), Kind::Partial(b)) => {
            let (a, b) = (a.pieces(), b.pieces());
            a.len() == b.len()
                && a.iter().zip(b).all(|pair| match pair {
                    (Piece::Known(a), Piece::Known(b)) => a == b,
                    (Piece::Hole(a), Piece::Hole(b)) => reads_alike(a, b),
                    _ => false,
                })
        }
        _ => one.same(other),
    }
}

/// Whether two values came to their places of use from the same places: the same inputs, passed by the same calls.
fn same_way(one: &Value, other: &Value) -> bool {
    let same = |a: &Value, b: &Value| a.trail.hops().skip(1).eq(b.trail.hops().skip(1));
    same(one, other)
        && match (&one.kind, &other.kind) {
            (Kind::Partial(a), Kind::Partial(b)) => a.holes().zip(b.holes()).all(|(a, b)| same(a, b)),
            _ => true,
        }
}

/// Whether an expression means the same in two places: it depends on no instance, clock or chance.
fn is_settled(words: &str) -> bool {
    let unsettled = ["each.", "count.", "self.", "uuid(", "timestamp(", "bcrypt("];
    !unsettled.iter().any(|word| words.contains(word))
}

/// Whether an attribute of a resource is what others call the resource by.
fn is_identity(reference: &Reference) -> bool {
    reference.attribute.is_empty() || reference.is_identifier()
}

/// The last hole of an ARN that is a part of its own between colons and slashes: what an ARN names is its last part. Or
/// the only attribute in a text that goes on behind it with a port, a path, a tag or a digest.
fn within(text: &Text) -> Option<&Value> {
    if let [Piece::Hole(first), Piece::Known(next), rest @ ..] = text.pieces()
        && matches!(first.kind, Kind::AfterApply(_))
        && next.starts_with([':', '/', '@'])
        && !rest.iter().any(|p| matches!(p, Piece::Hole(Value { kind: Kind::AfterApply(_), .. })))
    {
        return Some(first);
    }
    let mut holes = text.pieces().iter().enumerate().filter_map(|(i, piece)| match piece {
        Piece::Hole(Value { kind: Kind::AfterApply(reference), .. }) if is_identity(reference) => Some(i),
        _ => None,
    });
    let at = holes.next_back()?;
    let Some(Piece::Hole(hole)) = text.pieces().get(at) else { return None };
    let before = match at.checked_sub(1).and_then(|i| text.pieces().get(i)) {
        None => matches!(&hole.kind, Kind::AfterApply(r) if r.attribute.eq_ignore_ascii_case("arn")),
        Some(Piece::Known(known)) => text.prefix().starts_with("arn:") && known.ends_with([':', '/']),
        Some(Piece::Hole(_)) => false,
    };
    let after = match text.pieces().get(at + 1) {
        None => true,
        Some(Piece::Known(known)) => known.starts_with([':', '/']),
        Some(Piece::Hole(_)) => false,
    };
    (before && after).then_some(hole)
}

fn not_told() -> Arc<Cause> {
    Cause::new(CauseKind::Unsupported, "it cannot be told which resource is meant")
}
