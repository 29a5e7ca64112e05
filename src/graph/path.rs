//! Paths into the attributes of a declaration, as a dialect spells them.

use super::native;
use crate::dialect::Declaration;
use crate::syntax::hcl::{Expr, ExprKind, StepKind};
use crate::value::{Kind, List, Rest, Str, Trail, Value};
use std::fmt;
use std::sync::Arc;

/// A step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// `.name`
    Name(Str),
    /// `[0]`: the element of a list; a single object counts as a list of one.
    Index(usize),
    /// `[*]`: all elements, one after another.
    Each,
    /// `json(path)`: the document in the text at the path. What is no text stays as it is.
    Document,
    /// `meta.`, in front: what belongs to the declaration but not to its attributes.
    Meta,
}

/// A path such as `metadata_options[0].http_tokens` or `LaunchTemplateData.ImageId`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Path(pub Vec<PathStep>);

impl Path {
    /// Reads a path from an expression; `None` if the expression is something else.
    pub fn read(expr: &Expr) -> Option<Path> {
        let mut steps = Vec::new();
        match &expr.kind {
            ExprKind::Variable(name) if name == "meta" => steps.push(PathStep::Meta),
            ExprKind::Variable(name) | ExprKind::String(name) => steps.push(PathStep::Name(name.clone())),
            ExprKind::Call { name, args, .. } if name.name == "json" => {
                let [of] = args.as_slice() else { return None };
                steps = Path::read(of)?.0;
                steps.push(PathStep::Document);
            }
            ExprKind::Access { of, steps: more } => {
                steps = Path::read(of)?.0;
                for step in more {
                    steps.push(match &step.kind {
                        StepKind::Attribute(name) => PathStep::Name(name.clone()),
                        StepKind::FullSplat => PathStep::Each,
                        StepKind::Index(Expr { kind: ExprKind::Number(n), .. }) => PathStep::Index(n.parse().ok()?),
                        StepKind::Index(Expr { kind: ExprKind::String(s), .. }) => PathStep::Name(s.clone()),
                        _ => return None,
                    });
                }
            }
            ExprKind::Parens(inner) => return Path::read(inner),
            _ => return None,
        }
        Some(Path(steps))
    }

    /// The value at the path. What is not written is `Absent`, with the trail of the innermost thing that is.
    pub fn find(&self, value: &Value) -> Value {
        go(value, &self.0)
    }

    /// The value at the path in a declaration.
    pub fn find_in(&self, declaration: &Declaration) -> Value {
        match self.0.split_first() {
            Some((PathStep::Meta, rest)) => {
                // What is missing would stand beside the attributes: it is located as these are, at the header.
                let meta = declaration.meta.clone().with_trail(Trail::block(declaration.header));
                go(&meta, rest)
            }
            _ => self.find(&declaration.attributes),
        }
    }

    /// Whether the path starts at what belongs to the declaration but not to its attributes; and the rest of it.
    pub fn of_meta(&self) -> Option<&[PathStep]> {
        match self.0.split_first() {
            Some((PathStep::Meta, rest)) => Some(rest),
            _ => None,
        }
    }

    /// The names of the path without indices, for schemas and messages.
    pub fn names(&self) -> Vec<&str> {
        self.0
            .iter()
            .filter_map(|s| match s {
                PathStep::Name(name) => Some(name.as_str()),
                _ => None,
            })
            .collect()
    }
}

fn go(value: &Value, steps: &[PathStep]) -> Value {
    let Some((step, rest)) = steps.split_first() else { return value.clone() };
    if matches!(value.kind, Kind::Choice(_)) {
        return value.map_arms(|v| go(v, steps));
    }
    match step {
        PathStep::Name(name) => match &value.kind {
            // A property that only exists after deployment is not written, as far as an attribute is concerned.
            Kind::Map(map) if matches!(map.rest, Rest::Resource(_)) && !map.entries.contains_key(name) => {
                go(&Value::absent().with_trail(value.trail.clone()), rest)
            }
            // A list of one block, spelled without an index.
            Kind::List(list) if list.items.len() == 1 && list.open.is_none() => go(&value.at(0).get(name), rest),
            _ => go(&value.get(name), rest),
        },
        PathStep::Index(index) => match &value.kind {
            Kind::Map(_) if *index == 0 => go(value, rest),
            _ => go(&value.at(*index), rest),
        },
        PathStep::Each => match &value.kind {
            Kind::List(list) => {
                let mut items = Vec::new();
                let mut open = list.open.clone();
                for item in &list.items {
                    let found = go(&value.inside(item), rest);
                    match &found.kind {
                        Kind::Absent => {}
                        Kind::List(inner) if rest.contains(&PathStep::Each) => {
                            items.extend(inner.items.iter().map(|v| found.inside(v)));
                            open = open.or_else(|| inner.open.clone());
                        }
                        _ => items.push(found),
                    }
                }
                if items.is_empty() && open.is_none() {
                    return Value::absent().with_trail(value.trail.clone());
                }
                Value::from(Kind::List(Arc::new(List { items, open, set: false }))).or_trail(&value.trail)
            }
            Kind::Map(_) => {
                let found = go(value, rest);
                if matches!(found.kind, Kind::Absent) { found } else { Value::list(vec![found]) }
            }
            _ => value.clone(),
        },
        PathStep::Document => {
            if value.is_unset() {
                return go(&Value::absent().with_trail(value.trail.clone()), rest);
            }
            match native::json::decode(value, "the text") {
                Ok(document) => go(&document, rest),
                Err(cause) => Value::unknown(cause).with_trail(value.trail.clone()),
            }
        }
        // Only in front, where a declaration is at hand.
        PathStep::Meta => Value::absent(),
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.names().iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}
