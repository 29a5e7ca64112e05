//! From a value that names a resource to the resource.

use super::build::Node;
use crate::value::{Cause, CauseKind, HopKind, Kind, Rest, Str, Truth, Value};
use rustc_hash::FxHashMap;
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
pub(super) struct Index {
    by_address: FxHashMap<Str, usize>,
    by_name: FxHashMap<(Str, Str), Vec<usize>>,
    /// Nodes of a type whose name is not known.
    nameless: FxHashMap<Str, Vec<(usize, Value)>>,
}

impl Index {
    pub fn new(nodes: &[Node], identities: impl Fn(&Node) -> Vec<Value>) -> Self {
        let mut index =
            Index { by_address: FxHashMap::default(), by_name: FxHashMap::default(), nameless: FxHashMap::default() };
        for (i, node) in nodes.iter().enumerate() {
            index.by_address.insert(node.address.clone(), i);
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
                // Something else that leads there, or not.
                _ => Link::Unknown(value.cause().unwrap_or_else(not_told)),
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
            _ => Link::Unknown(value.cause().unwrap_or_else(not_told)),
        }
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

fn not_told() -> Arc<Cause> {
    Cause::new(CauseKind::Unsupported, "it cannot be told which resource is meant")
}
