//! `Fn::FindInMap`.

use crate::dialect::cloudformation::call::{Arg, Call};
use crate::dialect::cloudformation::evaluator::{Evaluator, for_each_choice};
use crate::dialect::cloudformation::scope::Scope;
use crate::source::Span;
use crate::syntax::document::Node;
use crate::value::{Arm, Cause, CauseKind, Entries, Guard, HopKind, Kind, MAX_ARMS, Str, Value, When, to_text};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

type Keys<'t, V> = IndexMap<Str, V, FxBuildHasher>;

/// A mapping of the template, ready to be looked up.
pub(in crate::dialect::cloudformation) struct Mapping<'t> {
    /// The values by their two keys.
    keys: Keys<'t, Keys<'t, &'t Node>>,
    /// Whether it may hold more than can be seen.
    open: bool,
}

/// The mappings of a template by name.
pub(in crate::dialect::cloudformation) fn index_mappings(section: Option<&Node>) -> FxHashMap<Str, Mapping<'_>> {
    let mut out = FxHashMap::default();
    for entry in section.and_then(Node::entries).unwrap_or(&[]) {
        let Some(name) = entry.key.text() else { continue };
        let mut mapping = Mapping { keys: Keys::default(), open: entry.value.incomplete };
        for top in entry.value.entries().unwrap_or(&[]) {
            let Some(key) = top.key.text() else { continue };
            mapping.open |= key.starts_with("Fn::") || top.value.incomplete;
            let mut inner = Keys::default();
            for second in top.value.entries().unwrap_or(&[]) {
                if let Some(key) = second.key.text() {
                    mapping.open |= key.starts_with("Fn::");
                    inner.insert(key.into(), &second.value);
                }
            }
            mapping.keys.insert(key.into(), inner);
        }
        out.insert(name.into(), mapping);
    }
    out
}

impl<'t> Evaluator<'t, '_> {
    pub(super) fn find_in_map(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let (keys, default) = match call.arg.items() {
            Some([map, top, second]) => ([map, top, second], None),
            Some([map, top, second, options]) if options.get("DefaultValue").is_some() => {
                ([map, top, second], options.get("DefaultValue"))
            }
            _ => return self.bad_arguments(call, "a mapping and two keys"),
        };
        let values = keys.map(|k| to_text(&self.value(k, scope)));
        for_each_choice(&values, |values| match values {
            [map, top, second] => self.look_up(call, [map, top, second], keys, default, scope),
            _ => Value::absent(),
        })
    }

    fn look_up(
        &self,
        call: &Call<'t>,
        [map, top, second]: [&Value; 3],
        nodes: [&'t Node; 3],
        default: Option<&'t Node>,
        scope: &Scope,
    ) -> Value {
        let Some(name) = map.as_str() else { return self.not_text(call, map) };
        let fall_back = |problem: &dyn Fn() -> Value| match default {
            Some(node) => self.value(node, scope),
            None => problem(),
        };
        let Some(mapping) = self.mappings.get(name) else {
            return fall_back(&|| {
                if self.hidden.contains("Mappings") {
                    let what = format!("the mapping `{name}` is declared where the template cannot be seen");
                    return Value::unknown(Cause::at(CauseKind::Unsupported, what, call.span));
                }
                self.invalid(call.span, format!("there is no mapping `{name}`"))
            });
        };
        let lacking = |key: &str| {
            fall_back(&|| {
                let what = format!("the mapping `{name}` has no key `{key}`");
                if mapping.open {
                    return Value::unknown(Cause::at(CauseKind::Unsupported, what, call.span));
                }
                // Which key is looked up may be the business of the deployment; that one is missing is no error yet.
                Value::unknown(Cause::at(CauseKind::Invalid, what, call.span))
            })
        };
        match (top.as_str(), second.as_str()) {
            (Some(top), Some(second)) => match mapping.keys.get(top) {
                None => lacking(top),
                Some(inner) => match inner.get(second) {
                    None => lacking(second),
                    Some(node) => self.mapped(name, node, call.span, scope),
                },
            },
            // An unknown key is one of those that are there.
            (None, Some(second)) if top.cause().is_some() => {
                let found = mapping.keys.iter().filter_map(|(k, inner)| inner.get(second).map(|node| (k, *node)));
                self.one_of(call, name, found.collect(), top, nodes[1], default, mapping.open, scope)
            }
            (Some(top), None) if second.cause().is_some() => match mapping.keys.get(top) {
                None => lacking(top),
                Some(inner) => {
                    let found = inner.iter().map(|(k, node)| (k, *node)).collect();
                    self.one_of(call, name, found, second, nodes[2], default, mapping.open, scope)
                }
            },
            (None, _) => self.not_text(call, top),
            (_, None) => self.not_text(call, second),
        }
    }

    fn mapped(&self, name: &str, node: &'t Node, span: Span, scope: &Scope) -> Value {
        self.value(node, scope).hop(HopKind::Mapping, format!("mapping {name}")).used_at(span)
    }

    /// The value behind a key that is not known: it is one of those found.
    #[allow(clippy::too_many_arguments)]
    fn one_of(
        &self,
        call: &Call<'t>,
        name: &str,
        found: Vec<(&Str, &'t Node)>,
        key: &Value,
        key_node: &'t Node,
        default: Option<&'t Node>,
        open: bool,
        scope: &Scope,
    ) -> Value {
        let unknown = || self.not_text(call, key);
        if open || found.is_empty() {
            return unknown();
        }
        let asked = Arg::plain(key_node).call().filter(|c| c.name == "Ref").and_then(|c| c.arg.text());
        let asked = asked.and_then(|name| self.variables.get(name));
        let mut arms: Vec<Arm> = Vec::new();
        let why = key.cause();
        for (key, node) in found {
            let value = self.mapped(name, node, call.span, scope);
            let when = match asked {
                Some(variable) => Guard::value(variable, key, why.clone()).into(),
                None => When::unnamed(),
            };
            // Many keys with few values: only the values count.
            if let Some(same) = arms.iter_mut().find(|a| a.value.same(&value)) {
                same.when = same.when.or(&when);
            } else if arms.len() < MAX_ARMS {
                arms.push(Arm { when, value });
            } else {
                return unknown();
            }
        }
        if let Some(node) = default {
            if arms.len() >= MAX_ARMS {
                return unknown();
            }
            arms.push(Arm { when: When::unnamed(), value: self.value(node, scope) });
        }
        Value::choice(arms)
    }

    /// A key that is no known string.
    fn not_text(&self, call: &Call<'t>, key: &Value) -> Value {
        match key.cause() {
            Some(cause) => Value::unknown(cause),
            None => self.bad_arguments(call, "strings as keys"),
        }
    }
}

/// The entries of a map value that are known by key; none when it is no map.
pub(super) fn entries_of(value: &Value) -> Option<&Entries> {
    match &value.kind {
        Kind::Map(map) => Some(&map.entries),
        _ => None,
    }
}
