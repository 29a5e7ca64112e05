//! Paths into the attributes of a declaration, as a dialect spells them.

use super::native;
use super::normalize::first_of;
use crate::dialect::Declaration;
use crate::syntax::hcl::{Expr, ExprKind, StepKind};
use crate::value::{Cause, CauseKind, Kind, List, Rest, Str, Trail, Truth, Value, to_text};
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
    /// `["name"]`: the entry of a map, or what a list of pairs of `Key` (or `Name`) and `Value` has under that key.
    Key(Str),
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
                        StepKind::Index(Expr { kind: ExprKind::String(s), .. }) => PathStep::Key(s.clone()),
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
                PathStep::Name(name) | PathStep::Key(name) => Some(name.as_str()),
                _ => None,
            })
            .collect()
    }
}

fn go(value: &Value, steps: &[PathStep]) -> Value {
    let Some((step, rest)) = steps.split_first() else { return value.clone() };
    // What is taken away is taken away with all that would be in it.
    if matches!(value.kind, Kind::Null) {
        return value.clone();
    }
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
        PathStep::Key(name) => match &value.kind {
            Kind::List(list) => go(&paired(value, list, name), rest),
            _ => go(&go(value, &[PathStep::Name(name.clone())]), rest),
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

/// What a list of pairs has under a key; where several have it, the first counts.
fn paired(value: &Value, list: &List, name: &Str) -> Value {
    if let ([only], None) = (list.items.as_slice(), &list.open)
        && key_of(only).is_unset()
    {
        // A list of one block.
        return go(&value.at(0), &[PathStep::Name(name.clone())]);
    }
    let nothing = match &list.open {
        Some(cause) => Value::unknown(cause.clone()),
        None => Value::absent(),
    };
    let mut found = nothing.with_trail(value.trail.clone());
    for item in list.items.iter().rev() {
        found = value.inside(item).map_arms(|pair| value_of(pair, name).unwrap_or_else(|| found.clone()));
    }
    found
}

/// The value of a pair if it has the key, or if that cannot be told; `None` if it has another one.
fn value_of(pair: &Value, name: &Str) -> Option<Value> {
    let key = match pair.kind {
        Kind::Absent | Kind::Null => return None,
        Kind::Map(_) => to_text(&key_of(pair)),
        _ => pair.clone(),
    };
    match key.equals(&name.clone().into()) {
        Truth::Yes => Some(first_of(pair, &PAIR_VALUES)),
        Truth::No => None,
        Truth::Undetermined => {
            let cause = key.cause().unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "the key is not known"));
            Some(Value::unknown(cause).with_trail(key.trail))
        }
    }
}

/// How pairs call their key.
pub const PAIR_KEYS: [&str; 4] = ["Key", "key", "Name", "name"];
/// How pairs call their value.
pub const PAIR_VALUES: [&str; 2] = ["Value", "value"];

fn key_of(pair: &Value) -> Value {
    first_of(pair, &PAIR_KEYS)
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

#[cfg(test)]
mod tests {
    use super::super::native::testing::eval;
    use super::*;
    use crate::source::FileId;
    use crate::source::Span;
    use crate::syntax::hcl::parse_expression;

    fn path(text: &str) -> Path {
        let (expr, problems) = parse_expression(text, Span::new(FileId(0), 0, text.len()));
        assert!(problems.is_empty(), "{text}: {problems:?}");
        Path::read(&expr).expect("a path")
    }

    fn shown(value: &Value) -> String {
        match &value.kind {
            Kind::Absent => "absent".to_owned(),
            Kind::String(text) => text.to_string(),
            Kind::Choice(arms) => arms.iter().map(|a| shown(&a.value)).collect::<Vec<_>>().join(" | "),
            other => value.cause().map_or_else(|| format!("{other:?}"), |c| format!("unknown: {}", c.what)),
        }
    }

    #[test]
    fn pairs_are_found_by_their_key() {
        let table = [
            (r#"{ a = [{ Key = "x.y", Value = "1" }, { Key = "z", Value = "2" }] }"#, "1"),
            (r#"{ a = [{ Name = "z", Value = "2" }, { Name = "x.y", Value = "1" }] }"#, "1"),
            (r#"{ a = [{ name = "x.y", value = "1" }] }"#, "1"),
            // The first counts.
            (r#"{ a = [{ Key = "x.y", Value = "1" }, { Key = "x.y", Value = "2" }] }"#, "1"),
            (r#"{ a = [{ Key = "z", Value = "2" }] }"#, "absent"),
            (r"{ a = [] }", "absent"),
            (r"{}", "absent"),
            // A map, and a list of one block.
            (r#"{ a = { "x.y" = "1" } }"#, "1"),
            (r#"{ a = [{ "x.y" = "1" }] }"#, "1"),
            (r#"{ a = [{ Key = "x.y", Value = var.v }] }"#, "unknown: var.v has no value"),
            (r#"{ a = [{ Key = var.k, Value = "2" }] }"#, "unknown: var.k has no value"),
            // What cannot be the key does not hide it.
            (r#"{ a = [{ Key = "w.${var.k}", Value = "2" }, { Key = "x.y", Value = "1" }] }"#, "1"),
            (r#"{ a = [{ Key = "x.y", Value = "1" }, var.pair] }"#, "1"),
            (r#"{ a = [var.pair, { Key = "x.y", Value = "1" }] }"#, "unknown: var.pair has no value"),
            (r"{ a = var.pairs }", "unknown: var.pairs has no value"),
            (r#"{ a = concat([{ Key = "z", Value = "2" }], var.more) }"#, "unknown: var.more has no value"),
            (r#"{ a = [var.c ? { Key = "x.y", Value = "1" } : null, { Key = "z", Value = "2" }] }"#, "1 | absent"),
            (r#"{ a = [var.c ? { Key = "z", Value = "1" } : null] }"#, "absent"),
        ];
        let path = path(r#"a["x.y"]"#);
        for (attributes, expected) in table {
            assert_eq!(shown(&path.find(&eval(attributes))), expected, "{attributes}");
        }
    }
}
