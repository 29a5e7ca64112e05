//! What values refer to, and the other way round: who refers to a resource.

use crate::dialect::{Declaration, Mode, Root};
use crate::value::{Cause, CauseKind, Entries, HopKind, Kind, List, MadeFrom, Piece, Rest, Str, Trail, Truth, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Values nested deeper are not looked into.
const MAX_DEPTH: u32 = 64;

/// Values looked at in a root.
const MAX_VALUES: usize = 2_000_000;

/// A reference to an attribute of a resource.
#[derive(Debug)]
struct Found {
    /// The resource.
    address: Str,
    /// The attribute that is read; empty for the resource as a whole.
    reads: Str,
    trail: Trail,
    /// Why it is not certain.
    doubt: Option<Arc<Cause>>,
}

/// Looks for references in values.
struct Search<'s> {
    /// Whether there is a resource at an address.
    declared: &'s dyn Fn(&str) -> bool,
    found: Vec<Found>,
    /// What is found already: address, what is read, and whether it is certain.
    seen: FxHashSet<(Str, Str, bool)>,
    /// Why there may be references that cannot be seen.
    open: Option<Arc<Cause>>,
    /// How many more values may be looked at.
    left: usize,
}

impl<'s> Search<'s> {
    fn new(declared: &'s dyn Fn(&str) -> bool, left: usize) -> Self {
        Self { declared, found: Vec::new(), seen: FxHashSet::default(), open: None, left }
    }

    fn look(&mut self, value: &Value, doubt: Option<&Arc<Cause>>, depth: u32) {
        if depth == 0 || self.left == 0 {
            let what = "there are too many values to look for references in all of them";
            self.open.get_or_insert_with(|| Cause::new(CauseKind::Limit, what));
            return;
        }
        self.left -= 1;
        for hop in value.trail.hops().filter(|h| h.kind == HopKind::Attribute) {
            if let Some((address, reads)) = self.split(&hop.name) {
                self.note(address, reads, &value.trail, doubt);
            }
        }
        match &value.kind {
            Kind::AfterApply(reference) => {
                self.note(reference.address.clone(), reference.attribute.clone(), &value.trail, doubt);
            }
            Kind::List(list) => {
                for item in &list.items {
                    self.look(&value.inside(item), doubt, depth - 1);
                }
            }
            Kind::Map(map) => {
                if let Rest::Resource(address) = &map.rest {
                    // The resource as a whole; what is written in it are its own references.
                    self.note(address.clone(), Str::default(), &value.trail, doubt);
                } else {
                    for item in map.entries.values() {
                        self.look(&value.inside(item), doubt, depth - 1);
                    }
                }
            }
            Kind::Partial(text) => {
                for piece in text.pieces() {
                    if let Piece::Hole(hole) = piece {
                        self.look(&value.inside(hole), doubt, depth - 1);
                    }
                }
            }
            Kind::Choice(arms) => {
                let why = value.cause().unwrap_or_else(|| Cause::new(CauseKind::Input, "a condition is not decided"));
                let doubt = doubt.cloned().unwrap_or(why);
                for arm in arms.iter() {
                    self.look(&value.inside(&arm.value), Some(&doubt), depth - 1);
                }
            }
            Kind::Unknown(cause) if may_refer(cause) => {
                self.open.get_or_insert_with(|| cause.clone());
            }
            _ => {}
        }
        if let Some(MadeFrom::Value(made)) = value.made_from.as_deref() {
            self.look(&value.inside(made), doubt, depth - 1);
        }
    }

    fn note(&mut self, address: Str, reads: Str, trail: &Trail, doubt: Option<&Arc<Cause>>) {
        if self.seen.insert((address.clone(), reads.clone(), doubt.is_none())) {
            self.found.push(Found { address, reads, trail: trail.clone(), doubt: doubt.cloned() });
        }
    }

    /// The address in `address.attribute`, and the attribute.
    fn split(&self, name: &str) -> Option<(Str, Str)> {
        let mut end = name.len();
        while let Some(dot) = name.get(..end)?.rfind('.') {
            let address = name.get(..dot)?;
            if (self.declared)(address) {
                return Some((address.into(), name.get(dot + 1..)?.into()));
            }
            end = dot;
        }
        None
    }
}

/// Whether what is not known may be made from an attribute of a resource. What nobody gave, and what the deployment
/// decides (which has a place), is not.
fn may_refer(cause: &Cause) -> bool {
    match cause.kind {
        CauseKind::Unsupported | CauseKind::Limit => true,
        CauseKind::Deployment => cause.span.is_none(),
        _ => false,
    }
}

/// The references in a value: a list of objects of `address` and `reads` (which attribute of the resource), each located at
/// the reference. It is open where there may be others.
pub(super) fn reads(value: &Value, declared: &dyn Fn(&str) -> bool) -> Value {
    let mut search = Search::new(declared, MAX_VALUES);
    search.look(value, None, MAX_DEPTH);
    let mut out = List { open: search.open, ..List::default() };
    for one in search.found {
        if let Some(doubt) = one.doubt {
            out.open = Some(doubt);
            continue;
        }
        let mut entries = Entries::default();
        entries.insert("address".into(), one.address.into());
        entries.insert("reads".into(), one.reads.into());
        out.items.push(Value::map(entries).with_trail(one.trail));
    }
    Value::from(Kind::List(Arc::new(out))).with_trail(value.trail.clone())
}

/// A place that refers to a resource.
#[derive(Debug)]
struct Use {
    /// The declaration that refers to it.
    by: usize,
    /// Which of its attributes does.
    attribute: Str,
    found: Found,
}

/// The references of a root by the address of the resource that they lead to.
#[derive(Debug, Default)]
pub(super) struct Uses {
    by_address: FxHashMap<Str, Vec<Use>>,
    /// Declarations that may refer to something that cannot be told, and why.
    unseen: Vec<(usize, Arc<Cause>)>,
    /// Set when there are resources of types that no catalog knows.
    others: Option<Arc<Cause>>,
}

impl Uses {
    /// The references that the attributes of all declarations make.
    pub fn of(root: &Root) -> Self {
        let count = root.declarations.iter().filter(|d| d.mode == Mode::Resource).count();
        let mut uses = Self::default();
        if root.resources > count {
            let what = "resources of types that are not looked at may refer to it";
            uses.others = Some(Cause::new(CauseKind::Unsupported, what));
        }
        let addresses: FxHashSet<&str> = root.declarations.iter().map(|d| d.address.as_str()).collect();
        let declared = |address: &str| addresses.contains(address);
        let mut left = MAX_VALUES;
        for (by, declaration) in root.declarations.iter().enumerate() {
            let doubt = (declaration.exists != Truth::Yes).then(|| {
                let what = || Cause::new(CauseKind::Input, format!("{} may not exist", declaration.address));
                declaration.exists_cause.clone().unwrap_or_else(what)
            });
            let attributes = &declaration.attributes;
            let parts: Vec<(Str, Value)> = match &attributes.kind {
                Kind::Map(map) => map.entries.iter().map(|(n, v)| (n.clone(), attributes.inside(v))).collect(),
                _ => vec![(Str::default(), attributes.clone())],
            };
            for (attribute, value) in parts {
                let mut search = Search::new(&declared, left);
                search.look(&value, doubt.as_ref(), MAX_DEPTH);
                left = search.left;
                uses.unseen.extend(search.open.map(|cause| (by, cause)));
                for found in search.found {
                    let one = Use { by, attribute: attribute.clone(), found };
                    uses.by_address.entry(one.found.address.clone()).or_default().push(one);
                }
            }
        }
        uses
    }

    /// The places that refer to the resource at an address, but for the resource itself: a list of objects of `address`,
    /// `type`, `attribute` (which of its attributes refers) and `reads` (which attribute of the resource), each located at
    /// the reference. It is open where there may be others. `types`: only resources of these, which catalogs have to know.
    pub fn to(&self, address: &str, types: &[Str], root: &Root) -> Value {
        let of_type =
            |by: &Declaration| types.is_empty() || types.contains(&super::type_key(by.mode, &by.type_name).into());
        let unseen = self.unseen.iter().find(|(by, _)| root.declarations.get(*by).is_some_and(of_type));
        let others = self.others.as_ref().filter(|_| types.is_empty());
        let mut out = List { open: unseen.map(|(_, cause)| cause).or(others).cloned(), ..List::default() };
        for one in self.by_address.get(address).into_iter().flatten() {
            let by = root.declarations.get(one.by).filter(|d| d.address != address && of_type(d));
            let Some(by) = by else { continue };
            if let Some(doubt) = &one.found.doubt {
                out.open = Some(doubt.clone());
                continue;
            }
            let mut entries = Entries::default();
            entries.insert("address".into(), by.address.clone().into());
            entries.insert("type".into(), super::type_key(by.mode, &by.type_name).into());
            entries.insert("attribute".into(), one.attribute.clone().into());
            entries.insert("reads".into(), one.found.reads.clone().into());
            out.items.push(Value::map(entries).with_trail(one.found.trail.clone()));
        }
        Kind::List(Arc::new(out)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::source::{FileId, Span};
    use crate::value::{Map, Text};

    fn declaration(address: &str, attributes: Vec<(&str, Value)>, exists: Truth) -> Declaration {
        let span = Span::new(FileId(0), 0, 0);
        let entries = attributes.into_iter().map(|(name, value)| (Str::from(name), value)).collect();
        let map = Map { entries, rest: Rest::Resource(address.into()) };
        Declaration {
            dialect: Dialect::Terraform,
            mode: Mode::Resource,
            type_name: address.split('.').next().unwrap_or_default().into(),
            address: address.into(),
            module: Str::default(),
            header: span,
            span,
            body: span,
            exists,
            exists_cause: None,
            exists_inside: exists,
            when: crate::value::When::always(),
            exists_trail: Trail::none(),
            attributes: Value::from(Kind::Map(Arc::new(map))),
            meta: Value::absent(),
            provider: Value::absent(),
            callers: Vec::new(),
            foreign: false,
        }
    }

    /// The uses of `key.a` in a root that declares it and `user.x` with one attribute, in short.
    fn uses_by(value: Value, exists: Truth, resources: usize, types: &[&str]) -> String {
        let arn = ("arn", Value::after_apply("key.a", "arn"));
        let declarations = vec![
            declaration("key.a", vec![arn], Truth::Yes),
            declaration("user.x", vec![("attribute", value)], exists),
        ];
        let (notes, files) = (Vec::new(), Vec::new());
        let root = Root {
            dialect: Dialect::Terraform,
            name: String::new(),
            declarations,
            resources,
            notes,
            files,
            imports: std::collections::BTreeSet::default(),
        };
        let types: Vec<Str> = types.iter().map(|t| Str::from(*t)).collect();
        let found = Uses::of(&root).to("key.a", &types, &root);
        let Kind::List(list) = &found.kind else { return format!("{found:?}") };
        let text = |one: &Value, name: &str| one.get(name).as_str().unwrap_or("?").to_owned();
        let mut out: Vec<String> = list
            .items
            .iter()
            .map(|u| {
                format!("{} {}.{} {}", text(u, "type"), text(u, "address"), text(u, "attribute"), text(u, "reads"))
            })
            .collect();
        out.extend(list.open.as_ref().map(|_| "open".to_owned()));
        out.join(", ")
    }

    #[test]
    fn references_are_found_wherever_they_stand() {
        let arn = || Value::after_apply("key.a", "arn");
        let known =
            |name: &str| Value::from("b").with_trail(Trail::one(HopKind::Attribute, name, Span::new(FileId(0), 1, 2)));
        let text = || Text::join([Piece::Known("x/".into()), Piece::Hole(arn())]);
        let whole =
            || Kind::Map(Arc::new(Map { entries: Entries::default(), rest: Rest::Resource("key.a".into()) })).into();
        let choice = || {
            let arms = [arn(), Value::null()]
                .into_iter()
                .map(|value| crate::value::Arm { when: crate::value::When::unnamed(), value })
                .collect();
            Value::choice(arms)
        };
        let made =
            || Value { made_from: Some(Arc::new(MadeFrom::Value(Value::list(vec![arn()])))), ..Value::from("[]") };
        let unknown = |kind| Value::unknown(Cause::new(kind, "?"));
        let region = || Value::unknown(Cause::at(CauseKind::Deployment, "?", Span::new(FileId(0), 1, 2)));
        let found = "user user.x.attribute arn";
        let table: [(&str, Value, String); 14] = [
            ("an attribute", arn(), found.into()),
            ("in a list", Value::list(vec![arn(), arn()]), found.into()),
            ("in a map", Value::map([(Str::from("k"), arn())].into_iter().collect()), found.into()),
            ("in a text", text(), found.into()),
            ("in what a text was made from", made(), found.into()),
            ("the whole resource", whole(), "user user.x.attribute ".into()),
            ("a value that is known", known("key.a.name"), "user user.x.attribute name".into()),
            ("of another resource", known("key.ab.name"), String::new()),
            ("one of two", choice(), "open".into()),
            ("none", Value::from("b"), String::new()),
            ("an input", unknown(CauseKind::Input), String::new()),
            ("what is not worked out", unknown(CauseKind::Unsupported), "open".into()),
            ("what is made from it", unknown(CauseKind::Deployment), "open".into()),
            ("what the deployment decides", region(), String::new()),
        ];
        for (what, value, expected) in table {
            assert_eq!(uses_by(value, Truth::Yes, 2, &[]), expected, "{what}");
        }
    }

    #[test]
    fn what_may_not_exist_or_is_not_looked_at_leaves_it_open() {
        let arn = || Value::after_apply("key.a", "arn");
        assert_eq!(uses_by(arn(), Truth::Undetermined, 2, &[]), "open");
        assert_eq!(uses_by(arn(), Truth::Yes, 3, &[]), "user user.x.attribute arn, open");
    }

    #[test]
    fn only_resources_of_the_types_that_are_asked_for_count() {
        let arn = || Value::after_apply("key.a", "arn");
        assert_eq!(uses_by(arn(), Truth::Yes, 3, &["user"]), "user user.x.attribute arn");
        assert_eq!(uses_by(arn(), Truth::Undetermined, 2, &["user"]), "open");
        assert_eq!(uses_by(arn(), Truth::Undetermined, 2, &["other"]), "");
    }

    #[test]
    fn what_a_value_reads_is_listed() {
        let read = |value: &Value| {
            let found = reads(value, &|address| address == "key.a");
            let Kind::List(list) = &found.kind else { return format!("{found:?}") };
            let text = |one: &Value, name: &str| one.get(name).as_str().unwrap_or("?").to_owned();
            let mut out: Vec<String> =
                list.items.iter().map(|one| format!("{} {}", text(one, "address"), text(one, "reads"))).collect();
            out.extend(list.open.as_ref().map(|_| "open".to_owned()));
            out.join(", ")
        };
        let attribute = |name: &str| Value::after_apply("key.a", name);
        let choice = {
            let arms = [attribute("id"), Value::null()];
            Value::choice(
                arms.into_iter()
                    .map(|value| crate::value::Arm { when: crate::value::When::unnamed(), value })
                    .collect(),
            )
        };
        let table = [
            (attribute("id"), "key.a id"),
            (Value::list(vec![attribute("id"), attribute("secret"), attribute("id")]), "key.a id, key.a secret"),
            (Text::join([Piece::Known("x".into()), Piece::Hole(attribute("secret"))]), "key.a secret"),
            (choice, "open"),
            (Value::from("x"), ""),
            (Value::absent(), ""),
        ];
        for (value, expected) in table {
            assert_eq!(read(&value), expected, "{value:?}");
        }
    }
}
