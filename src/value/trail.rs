//! The way a value came.

use super::Str;
use crate::source::Span;
use std::sync::Arc;

/// What happened to a value at one place on its way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum HopKind {
    /// Written here as it is.
    Written,
    /// Used here: an expression that leads elsewhere.
    Used,
    /// The head of a block or resource: where something that is not written in it is located.
    Block,
    /// The default of an input (variable, parameter); the name of the input.
    Default,
    /// Given to an input by a file or the command line; the name of the input.
    Input,
    /// A local value or named condition; its name.
    Local,
    /// Passed by a module call or nested stack; the name of the argument.
    Argument,
    /// An output of a module or stack; its name.
    Output,
    /// Looked up in a mapping; its name.
    Mapping,
    /// Read from an attribute of another resource; `address.attribute`.
    Attribute,
    /// Inherited from another resource (a launch template); its address.
    Inherited,
    /// Not written: the default of the service or provider applies.
    CatalogDefault,
    /// Not written, located where it would have to be.
    Missing,
    /// Written in a satellite resource; its address.
    Satellite,
    /// Planned, by a module whose source is not there; the address of the resource.
    Planned,
}

/// One place on the way of a value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Hop {
    /// What happened here.
    pub kind: HopKind,
    /// The name that goes with the kind; empty when it has none.
    pub name: Str,
    /// Where.
    pub span: Span,
}

#[derive(Debug)]
struct Node {
    hop: Hop,
    next: Trail,
}

/// The hops of a value, use site first. Cheap to copy and to extend at the front.
#[derive(Clone, Debug, Default)]
pub struct Trail(Option<Arc<Node>>);

/// Longer trails are not extended: enough for people, and a bound on hostile input.
const MAX_HOPS: usize = 32;

impl Trail {
    /// No trail: the value was not written in a source file.
    pub fn none() -> Self {
        Trail(None)
    }

    /// Written at `span`.
    pub fn written(span: Span) -> Self {
        Self::one(HopKind::Written, "", span)
    }

    /// In a block whose head is at `span`.
    pub fn block(span: Span) -> Self {
        Self::one(HopKind::Block, "", span)
    }

    /// A single hop.
    pub fn one(kind: HopKind, name: impl Into<Str>, span: Span) -> Self {
        Trail::none().push(Hop { kind, name: name.into(), span })
    }

    /// Whether there is no hop.
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// The hops, use site first.
    pub fn hops(&self) -> impl Iterator<Item = &Hop> {
        let mut at = self.0.as_deref();
        std::iter::from_fn(move || {
            let node = at?;
            at = node.next.0.as_deref();
            Some(&node.hop)
        })
    }

    /// The hop at which the value is used.
    pub fn first(&self) -> Option<&Hop> {
        self.0.as_deref().map(|n| &n.hop)
    }

    /// The hop at which the value is written.
    pub fn last(&self) -> Option<&Hop> {
        self.hops().last()
    }

    /// The span of the first hop.
    pub fn span(&self) -> Option<Span> {
        self.first().map(|h| h.span)
    }

    /// A hop in front.
    #[must_use]
    pub fn push(&self, hop: Hop) -> Trail {
        Trail(Some(Arc::new(Node { hop, next: self.clone() })))
    }

    /// This trail, or `other` when this one is empty.
    #[must_use]
    pub fn or(&self, other: &Trail) -> Trail {
        if self.is_none() { other.clone() } else { self.clone() }
    }

    /// A [`HopKind::Used`] hop in front, unless the trail starts inside `span` as written or used there.
    #[must_use]
    pub fn used_at(&self, span: Span) -> Trail {
        match self.first() {
            None => Trail::written(span),
            Some(hop) if span.contains(hop.span) && matches!(hop.kind, HopKind::Written | HopKind::Used) => {
                self.clone()
            }
            Some(hop) if hop.span == span => self.clone(),
            _ if self.hops().count() >= MAX_HOPS => self.clone(),
            _ => self.push(Hop { kind: HopKind::Used, name: Str::default(), span }),
        }
    }

    /// The same trail with another kind and name for its first hop.
    #[must_use]
    pub fn relabel(&self, kind: HopKind, name: Str) -> Trail {
        match self.0.as_deref() {
            None => Trail::none(),
            Some(node) => node.next.push(Hop { kind, name, span: node.hop.span }),
        }
    }

    /// This trail, and behind its last hop the hops of `cause`: what decided that the value came this way.
    #[must_use]
    pub fn then(&self, cause: &Trail) -> Trail {
        let hops: Vec<&Hop> = self.hops().collect();
        if hops.len() + cause.hops().count() > MAX_HOPS {
            return self.clone();
        }
        hops.into_iter().rev().fold(cause.clone(), |trail, hop| trail.push(hop.clone()))
    }

    /// The same trail with the hops of another behind the first one: where it comes from stays at the end.
    #[must_use]
    pub fn beside(&self, other: &Trail) -> Trail {
        let Some(node) = self.0.as_deref() else { return other.clone() };
        other.then(&node.next).push(node.hop.clone())
    }

    /// The trail of something inside a collection, reached through the trail of the collection: the collection's
    /// hops up to the one where it is written, which is narrowed to the place of the inner value.
    #[must_use]
    pub fn through(&self, collection: &Trail) -> Trail {
        let Some(inner) = self.first() else { return collection.clone() };
        // Written in what is used here, wherever other parts of it come from. (Behind what is written stands what decided
        // that it is used.)
        let in_use = |h: &Hop| h.kind == HopKind::Used && h.span.contains(inner.span);
        if inner.kind == HopKind::Written && collection.first().is_some_and(in_use) {
            return self.clone();
        }
        let mut outer: Vec<&Hop> = collection.hops().collect();
        let Some(written) = outer.pop() else { return self.clone() };
        if self.hops().count() + outer.len() >= MAX_HOPS {
            return self.clone();
        }
        let mut trail = if written.kind == HopKind::Block {
            // What is written in a block does not come through its head.
            self.clone()
        } else if !written.span.contains(inner.span) {
            // The collection was put together here from values with a way of their own.
            let kind = if written.kind == HopKind::Written { HopKind::Used } else { written.kind };
            self.push(Hop { kind, ..written.clone() })
        } else if inner.kind == HopKind::Written {
            self.relabel(written.kind, written.name.clone())
        } else {
            self.clone()
        };
        for hop in outer.into_iter().rev() {
            trail = trail.push(hop.clone());
        }
        trail
    }
}

impl PartialEq for Trail {
    fn eq(&self, other: &Self) -> bool {
        self.hops().eq(other.hops())
    }
}

impl Drop for Node {
    // Long chains must not recurse when they are dropped.
    fn drop(&mut self) {
        let mut next = self.next.0.take();
        while let Some(node) = next {
            match Arc::try_unwrap(node) {
                Ok(mut node) => next = node.next.0.take(),
                Err(_) => break,
            }
        }
    }
}
