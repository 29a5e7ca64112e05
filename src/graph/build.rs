//! Building the graph: nodes, satellites, edges, inheritance.

use super::catalog::{AttributeType, Catalog, Model, Relation, Satellite};
use super::link::{Index, Link};
use super::normalize::{
    CatalogScope, ListParts, collect, convert, default_entries, entry, find, find_in, own_attributes, own_list, put,
    when_absent, with_default_tags,
};
use super::path::Path;
use super::uses::{Uses, reads};
use super::{ANY, native, raw_name, type_key};
use crate::dialect::{Declaration, Dialect, Mode, Root};
use crate::expr::Evaluator;
use crate::source::{Sources, Span};
use crate::value::{
    Arm, Cause, CauseKind, Entries, HopKind, Kind, List, Map, Rest, Str, Trail, Truth, Value, When, to_text,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, OnceLock};

/// An edge as a rule sees it.
#[derive(Clone, Debug)]
pub enum Edge {
    /// Nothing is named.
    None,
    /// To another node.
    To(usize),
    /// To several nodes; with the cause if there may be more. And where they are named.
    Many(Vec<usize>, Option<Arc<Cause>>, Trail),
    /// To something that cannot be seen.
    Unknown(Arc<Cause>),
}

/// A canonical resource.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its place among the declarations of the root.
    pub declaration: usize,
    /// `ec2.instance`
    pub canonical: Str,
    /// As the dialect has it.
    pub address: Str,
    /// Whether it exists.
    pub exists: Truth,
    /// The decisions under which it exists.
    pub when: When,
    /// Belongs to another root, which judges it.
    pub foreign: bool,
    /// Stands for the parent of a satellite whose parent is not in the root: only what the satellite says is known.
    pub orphan: bool,
    /// The canonical attributes: a map.
    pub value: Value,
    /// Edges by name.
    pub edges: Vec<(Str, Edge)>,
}

/// The canonical resources of one root.
#[derive(Debug)]
pub struct Graph<'a> {
    /// What it was made from.
    pub root: &'a Root,
    /// The resources in the order of their declarations; orphans last.
    pub nodes: Vec<Node>,
    by_type: FxHashMap<Str, Vec<usize>>,
    /// Addresses of what belongs to other roots.
    foreign: FxHashSet<Str>,
    /// Stands for the account.
    account: Declaration,
    index: Index<'a>,
    /// Worked out when a rule asks.
    uses: OnceLock<Uses>,
}

/// The canonical name of the resource that stands for the account in a root that is its baseline.
pub const ACCOUNT: &str = "account.baseline";

#[derive(Clone, Default)]
struct Added {
    /// What satellites say of an attribute, and the decisions under which they exist.
    attributes: FxHashMap<usize, Vec<(When, Value)>>,
    lists: FxHashMap<usize, ListParts>,
    /// Satellites that may or may not belong here, by attribute or list (offset by the attributes).
    maybe_attributes: FxHashMap<usize, Arc<Cause>>,
    maybe_lists: FxHashMap<usize, Arc<Cause>>,
}

struct Use<'c> {
    model: &'c Model,
    satellite: &'c Satellite,
    /// Attribute or list of the model.
    at: Slot,
}

#[derive(Clone, Copy)]
enum Slot {
    Attribute(usize),
    List(usize),
}

impl<'a> Graph<'a> {
    /// Makes the canonical resources of a root. `account`: the root is the baseline of an account; what the account
    /// lacks is located there.
    pub fn build(root: &'a Root, catalog: &Catalog, sources: &'a Sources, account: Option<Span>) -> Graph<'a> {
        let mut nodes = Vec::new();
        let mut own: Vec<Vec<Value>> = Vec::new();
        for (i, declaration) in root.declarations.iter().enumerate() {
            let raw = type_key(declaration.mode, &declaration.type_name);
            let Some(model) = catalog.canonical(&raw).and_then(|name| catalog.model(name)) else { continue };
            nodes.push(Node {
                declaration: i,
                canonical: model.name.clone(),
                address: declaration.address.clone(),
                exists: declaration.exists,
                when: declaration.when.clone(),
                foreign: declaration.foreign,
                orphan: false,
                value: Value::absent(),
                edges: Vec::new(),
            });
            own.push(own_attributes(model, declaration));
        }
        let identities = |node: &Node| {
            let Some(model) = catalog.model(&node.canonical) else { return Vec::new() };
            let declaration = &root.declarations[node.declaration];
            model.identity.iter().map(|p| p.find(&declaration.attributes)).filter(|v| !v.is_unset()).collect()
        };
        let index = Index::new(&nodes, &root.mark(), identities, stands_for(catalog), parts(root, catalog), sources);
        let added = attach_satellites(root, catalog, &mut nodes, &mut own, &index);
        for i in 0..nodes.len() {
            let edges = edges(&nodes[i], root, catalog, &index, &nodes);
            nodes[i].edges = edges;
        }
        let is_baseline = account.is_some();
        let nowhere = Span::new(crate::source::FileId(u32::MAX), 0, 0);
        let account = account_declaration(root, account.unwrap_or(nowhere));
        let foreign = root.declarations.iter().filter(|d| d.foreign).map(|d| d.address.clone()).collect();
        let by_type = FxHashMap::default();
        let mut graph = Graph { root, nodes, by_type, foreign, account, index, uses: OnceLock::new() };
        graph.inherit_edges(catalog);
        for i in 0..graph.nodes.len() {
            let value = graph.canonical_value(i, catalog, &own, &added);
            graph.nodes[i].value = value;
        }
        graph.add_raw(catalog);
        if catalog.raw.contains(ANY) {
            graph.add_any(catalog);
        }
        if is_baseline {
            graph.add_account();
        }
        for (i, node) in graph.nodes.iter().enumerate().filter(|(_, n)| !n.foreign) {
            graph.by_type.entry(node.canonical.clone()).or_default().push(i);
        }
        graph
    }

    /// The declaration a node was made from.
    pub fn declaration(&self, node: &Node) -> &Declaration {
        self.root.declarations.get(node.declaration).unwrap_or(&self.account)
    }

    /// Whether the resource at an address belongs to another root.
    pub fn is_foreign(&self, address: &str) -> bool {
        self.foreign.contains(address)
    }

    /// The attributes of a node as the dialect has them, as far as they are written.
    pub fn raw(&self, node: &Node) -> Value {
        as_written(&self.declaration(node).attributes)
    }

    fn add_account(&mut self) {
        let account = &self.account;
        let mut entries = Entries::default();
        entries.insert("address".into(), account.address.clone().into());
        entries.insert("canonical".into(), ACCOUNT.into());
        entries.insert("dialect".into(), account.dialect.name().into());
        self.nodes.push(Node {
            declaration: self.root.declarations.len(),
            canonical: ACCOUNT.into(),
            address: account.address.clone(),
            exists: Truth::Yes,
            when: When::always(),
            foreign: false,
            orphan: false,
            value: Value::map(entries).with_trail(Trail::one(HopKind::Missing, "the setting", account.header)),
            edges: Vec::new(),
        });
    }

    /// Resources that rules judge by their raw type: with the attributes as they are written. They are no part of the
    /// net of canonical resources.
    fn add_raw(&mut self, catalog: &Catalog) {
        if catalog.raw.is_empty() {
            return;
        }
        for (i, declaration) in self.root.declarations.iter().enumerate() {
            let name = raw_name(declaration.dialect, &type_key(declaration.mode, &declaration.type_name));
            if declaration.foreign || !catalog.raw.contains(&name) {
                continue;
            }
            let attributes = as_written(&declaration.attributes);
            let (mut entries, rest) = match &attributes.kind {
                Kind::Map(map) => (map.entries.clone(), map.rest.clone()),
                Kind::Absent | Kind::Null => (Entries::default(), Rest::Closed),
                _ => {
                    let cause = attributes.cause();
                    let cause =
                        cause.unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "its attributes are not known"));
                    (Entries::default(), Rest::Open(cause))
                }
            };
            // What every resource has wins over an attribute of that name, which `raw` still shows.
            insert_common(&mut entries, declaration, &declaration.address, &name);
            let value =
                Value::from(Kind::Map(Arc::new(Map { entries, rest }))).with_trail(Trail::block(declaration.header));
            self.nodes.push(Node {
                declaration: i,
                canonical: name,
                address: declaration.address.clone(),
                exists: declaration.exists,
                when: declaration.when.clone(),
                foreign: declaration.foreign,
                orphan: false,
                value,
                edges: Vec::new(),
            });
        }
    }

    /// Every resource, whatever its type: with its tags and what all resources have. No part of the net either.
    fn add_any(&mut self, catalog: &Catalog) {
        let mut tags: FxHashMap<usize, Value> = FxHashMap::default();
        for node in self.nodes.iter().filter(|n| !n.orphan) {
            let of_tags = catalog.model(&node.canonical).and_then(|m| {
                m.attributes.iter().find(|a| a.of == AttributeType::Tags && a.path.len() == 1 && a.path[0] == "tags")
            });
            if of_tags.is_some() {
                tags.insert(node.declaration, node.value.get("tags"));
            }
        }
        for (i, declaration) in self.root.declarations.iter().enumerate() {
            if declaration.mode != Mode::Resource || declaration.foreign {
                continue;
            }
            let mut entries = Entries::default();
            insert_common(&mut entries, declaration, &declaration.address, &ANY.into());
            let tags = tags.remove(&i).unwrap_or_else(|| tags_of(declaration));
            entries.insert("tags".into(), tags);
            self.nodes.push(Node {
                declaration: i,
                canonical: ANY.into(),
                address: declaration.address.clone(),
                exists: declaration.exists,
                when: declaration.when.clone(),
                orphan: false,
                foreign: declaration.foreign,
                value: Value::map(entries).with_trail(Trail::block(declaration.header)),
                edges: Vec::new(),
            });
        }
    }

    /// The nodes of a canonical or raw type that belong to this root.
    pub fn of_type(&self, canonical: &str) -> &[usize] {
        self.by_type.get(canonical).map_or(&[], Vec::as_slice)
    }

    /// The node that an edge leads to, if it leads to one.
    pub fn next(&self, node: &Node, name: &str) -> Option<&Node> {
        match node.edges.iter().find(|(n, _)| n == name)? {
            (_, Edge::To(i)) => self.nodes.get(*i),
            _ => None,
        }
    }

    /// The value of an edge: the other resource, a list of them, absent, or unknown.
    pub fn follow(&self, node: &Node, name: &str) -> Option<Value> {
        let (_, edge) = node.edges.iter().find(|(n, _)| n == name)?;
        let of = |i: &usize| self.nodes.get(*i).map_or_else(Value::absent, |n| n.value.clone());
        Some(match edge {
            Edge::None => Value::absent(),
            Edge::To(i) => of(i),
            Edge::Many(all, open, trail) => {
                let items = all.iter().map(of).collect();
                let list = List { items, open: open.clone(), set: false };
                Value::from(Kind::List(Arc::new(list))).with_trail(trail.clone())
            }
            Edge::Unknown(cause) => Value::unknown(cause.clone()),
        })
    }

    /// The resource of one of the canonical types that a value names: its value, absent if none is named, unknown if it
    /// cannot be seen.
    pub fn named(&self, value: &Value, to: &[Str]) -> Value {
        match self.index.resolve(value, to, &self.nodes) {
            Link::None => Value::absent(),
            Link::To(i) => self.nodes.get(i).map_or_else(Value::absent, |n| n.value.clone()),
            Link::Outside(cause) | Link::Unknown(cause) => Value::unknown(cause).or_trail(&value.trail),
        }
    }

    /// What a value refers to: see `reads` among the functions of rules.
    pub fn reads(&self, value: &Value) -> Value {
        reads(value, &|address| self.index.has(address))
    }

    /// Who refers to the resource at an address: see `uses` among the functions of rules.
    pub fn uses(&self, address: &str, types: &[Str]) -> Value {
        self.uses.get_or_init(|| Uses::of(self.root)).to(address, types, self.root)
    }

    /// Whether a value, or an element of the list that it is, names the resource at that address.
    pub fn names(&self, value: &Value, address: &str, canonical: &Str) -> Value {
        let (truth, trail, cause) = self.is_named(value, address, canonical, MAX_INHERITANCE);
        match (truth, cause) {
            (Truth::Undetermined, Some(cause)) => Value::unknown(cause),
            _ => Value::from(truth),
        }
        .with_trail(trail)
    }

    fn is_named(&self, value: &Value, address: &str, to: &Str, depth: u32) -> (Truth, Trail, Option<Arc<Cause>>) {
        let undetermined = |cause| (Truth::Undetermined, value.trail.clone(), cause);
        match &value.kind {
            Kind::Choice(arms) if depth > 0 => {
                let mut all = arms.iter().map(|a| self.is_named(&value.inside(&a.value), address, to, depth - 1));
                match all.next() {
                    Some(first) if all.all(|other| other.0 == first.0) => first,
                    _ => undetermined(value.cause()),
                }
            }
            Kind::List(list) if depth > 0 => {
                let mut open = list.open.clone().map(|cause| (Truth::Undetermined, value.trail.clone(), Some(cause)));
                for item in &list.items {
                    let found = self.is_named(&value.inside(item), address, to, depth - 1);
                    match found.0 {
                        Truth::Yes => return found,
                        Truth::Undetermined => open = open.or(Some(found)),
                        Truth::No => {}
                    }
                }
                open.unwrap_or((Truth::No, value.trail.clone(), None))
            }
            _ => match self.index.resolve(value, std::slice::from_ref(to), &self.nodes) {
                Link::To(i) => {
                    let holds = self.nodes.get(i).is_some_and(|n| n.address == address);
                    (Truth::from(holds), value.trail.clone(), None)
                }
                Link::None | Link::Outside(_) => (Truth::No, value.trail.clone(), None),
                Link::Unknown(cause) => undetermined(Some(cause)),
            },
        }
    }

    fn canonical_value(&self, i: usize, catalog: &Catalog, own: &[Vec<Value>], added: &[Added]) -> Value {
        let node = &self.nodes[i];
        let declaration = self.declaration(node);
        let Some(model) = catalog.model(&node.canonical) else { return Value::absent() };
        let inherited = self.inherited(node, model);
        let mut entries = Entries::default();
        for (a, attribute) in model.attributes.iter().enumerate() {
            let written = own.get(i).and_then(|o| o.get(a)).cloned().unwrap_or_else(Value::absent);
            let extra = added.get(i);
            let mut value = written.or_else(|missing| said(extra, a, missing));
            if node.orphan && value.is_unset() {
                value = Value::unknown(Cause::new(CauseKind::Satellite, "the resource itself is not declared here"));
            }
            if !attribute.own {
                value = value.or_else(|missing| match &inherited {
                    Inherited::Nothing => missing.clone(),
                    Inherited::Unknown(cause) => Value::unknown(cause.clone()).or_trail(&missing.trail),
                    Inherited::From(other) => {
                        let source = Written { catalog, own, added };
                        let found = self.inherit(*other, &attribute.path, &source, MAX_INHERITANCE);
                        found.map_or_else(|| missing.clone(), |found| found.or_trail(&missing.trail))
                    }
                });
            }
            if attribute.of == AttributeType::Tags && declaration.dialect == Dialect::Terraform && !node.orphan {
                value = with_default_tags(value, declaration);
            }
            let value = value.or_else(|missing| when_absent(missing, attribute, declaration));
            put(&mut entries, &attribute.path, value);
        }
        for (l, list) in model.lists.iter().enumerate() {
            let mut parts = if node.orphan {
                let cause = Cause::new(CauseKind::Satellite, "the resource itself is not declared here");
                ListParts { open: Some(cause), ..ListParts::default() }
            } else {
                own_list(list, declaration)
            };
            if let Some(extra) = added.get(i) {
                if let Some(more) = extra.lists.get(&l) {
                    parts.members.extend(more.members.iter().cloned());
                    parts.symbolic.extend(more.symbolic.iter().cloned());
                    parts.open = parts.open.or_else(|| more.open.clone());
                }
                if let Some(cause) = extra.maybe_lists.get(&l) {
                    parts.open = parts.open.or_else(|| Some(cause.clone()));
                }
            }
            if !list.own && parts.is_empty() {
                match &inherited {
                    Inherited::From(other) => {
                        let other = &self.nodes[*other];
                        let from = self.declaration(other);
                        if let Some(theirs) = catalog.model(&other.canonical).and_then(|m| m.list(&list.name)) {
                            let missing = std::mem::take(&mut parts.missing);
                            parts = own_list(theirs, from);
                            if parts.members.is_empty() && parts.symbolic.is_empty() {
                                parts.missing = missing;
                            }
                        }
                    }
                    Inherited::Unknown(cause) => parts.open = Some(cause.clone()),
                    Inherited::Nothing => {}
                }
            }
            // Where nothing is written the service puts in its own.
            if !node.orphan && parts.symbolic.is_empty() && parts.open.is_none() {
                let empty = parts.members.iter().fold(When::never(), |any, m| any.or(&m.when)).opposite();
                if !empty.is_never() {
                    for value in default_entries(list, declaration) {
                        parts.push(value, empty.clone());
                    }
                }
            }
            parts.insert_into(&mut entries, &list.name);
        }
        insert_common(&mut entries, declaration, &node.address, &node.canonical);
        Value::map(entries).with_trail(Trail::block(declaration.header))
    }

    fn inherited(&self, node: &Node, model: &Model) -> Inherited {
        for relation in model.relations.iter().filter(|r| r.inherit) {
            let edge = node.edges.iter().find(|(n, _)| *n == relation.name).map(|(_, e)| e);
            match edge {
                Some(Edge::To(other)) => {
                    let declaration = self.declaration(node);
                    let version = find(
                        &declaration.attributes,
                        &relation.version(declaration.dialect).paths,
                        AttributeType::String,
                    );
                    // A pinned number may be any state of the template; only the newest is in the source.
                    if let Some(text) = version.as_str()
                        && text.bytes().all(|b| b.is_ascii_digit())
                    {
                        let what = format!("version {text} of {} is pinned", self.nodes[*other].address);
                        return Inherited::Unknown(Cause::new(CauseKind::Deployment, what));
                    }
                    return Inherited::From(*other);
                }
                Some(Edge::Unknown(cause)) => return Inherited::Unknown(cause.clone()),
                _ => {}
            }
        }
        Inherited::Nothing
    }

    /// What another resource, or one it inherits from itself, says of an attribute; `None` if none says anything.
    fn inherit(&self, from: usize, path: &[Str], source: &Written<'_>, depth: u32) -> Option<Value> {
        let other = self.nodes.get(from)?;
        let model = source.catalog.model(&other.canonical)?;
        let at = model.attributes.iter().position(|a| a.path == path)?;
        let added = source.added.get(from);
        let written = source.own.get(from)?.get(at)?.clone();
        let found = written.or_else(|missing| said(added, at, missing));
        if !found.may_be_unset() {
            return Some(found);
        }
        let further = self.inherit_further(other, model, at, path, source, depth);
        match (found.is_unset(), further) {
            (true, further) => further,
            (false, None) => Some(found),
            (false, Some(further)) => Some(found.or_else(|_| further.clone())),
        }
    }

    fn inherit_further(
        &self,
        other: &Node,
        model: &Model,
        at: usize,
        path: &[Str],
        source: &Written<'_>,
        depth: u32,
    ) -> Option<Value> {
        if model.attributes.get(at)?.own {
            return None;
        }
        match self.inherited(other, model) {
            Inherited::Nothing => None,
            Inherited::Unknown(cause) => Some(Value::unknown(cause)),
            Inherited::From(next) if depth > 0 => self.inherit(next, path, source, depth - 1),
            Inherited::From(_) => {
                Some(Value::unknown(Cause::new(CauseKind::Limit, "too many resources inherit from one another")))
            }
        }
    }

    /// Where a resource names nothing itself, it leads where the resource leads from which it inherits.
    fn inherit_edges(&mut self, catalog: &Catalog) {
        let mut changes = Vec::new();
        for (i, node) in self.nodes.iter().enumerate() {
            let Some(model) = catalog.model(&node.canonical) else { continue };
            let inherited = self.inherited(node, model);
            for (e, (name, edge)) in node.edges.iter().enumerate() {
                let relation = model.relations.iter().find(|r| r.name == *name);
                let Some(relation) = relation.filter(|r| !r.inherit && matches!(edge, Edge::None)) else { continue };
                let theirs = match &inherited {
                    Inherited::From(other) => self
                        .nodes
                        .get(*other)
                        .and_then(|n| n.edges.iter().find(|(n, _)| n == name))
                        .map(|(_, e)| e.clone()),
                    Inherited::Unknown(cause) if !relation.unseen_is_absent && self.names_nothing(node, relation) => {
                        Some(Edge::Unknown(cause.clone()))
                    }
                    _ => None,
                };
                changes.extend(theirs.map(|edge| (i, e, edge)));
            }
        }
        for (i, e, edge) in changes {
            if let Some((_, at)) = self.nodes.get_mut(i).and_then(|n| n.edges.get_mut(e)) {
                *at = edge;
            }
        }
    }

    /// Whether none of the attributes of a relation is written.
    fn names_nothing(&self, node: &Node, relation: &Relation) -> bool {
        let declaration = self.declaration(node);
        relation.spelling(declaration.dialect).paths.iter().all(|p| p.find(&declaration.attributes).is_unset())
    }
}

/// The canonical types that one of another type may stand for: those it leads to (an alias), and those it is folded into.
fn stands_for(catalog: &Catalog) -> FxHashMap<Str, Vec<Str>> {
    let mut out: FxHashMap<Str, Vec<Str>> = FxHashMap::default();
    for model in catalog.models.values() {
        let to = model.relations.iter().flat_map(|r| r.to.iter().cloned());
        out.entry(model.name.clone()).or_default().extend(to);
        for satellite in satellites(model) {
            if let Some(owner) = catalog.canonical(&satellite.type_name) {
                out.entry(owner.clone()).or_default().push(model.name.clone());
            }
        }
    }
    out
}

fn satellites(model: &Model) -> impl Iterator<Item = &Satellite> {
    model.attributes.iter().flat_map(|a| &a.satellites).chain(model.lists.iter().flat_map(|l| &l.satellites))
}

/// The addresses of satellites that are no resource of their own: their ids may be those of their parents.
fn parts(root: &Root, catalog: &Catalog) -> FxHashSet<Str> {
    let types: FxHashSet<&str> = catalog.models.values().flat_map(satellites).map(|s| s.type_name.as_str()).collect();
    let is_part = |d: &&Declaration| types.contains(type_key(d.mode, &d.type_name).as_str());
    root.declarations.iter().filter(is_part).map(|d| d.address.clone()).collect()
}

/// The tags of a resource without a model.
fn tags_of(declaration: &Declaration) -> Value {
    let key = match declaration.dialect {
        Dialect::Terraform => "tags",
        Dialect::CloudFormation => "Tags",
    };
    let attributes = as_written(&declaration.attributes);
    let own = convert(&attributes.get(key), AttributeType::Tags);
    let own = match declaration.dialect {
        Dialect::Terraform => with_default_tags(own, declaration),
        Dialect::CloudFormation => own,
    };
    if own.is_unset() { own.with_trail(Trail::one(HopKind::Missing, key, declaration.header)) } else { own }
}

/// What satellites say of an attribute of which the resource itself says nothing.
fn said(added: Option<&Added>, attribute: usize, missing: &Value) -> Value {
    let Some(added) = added else { return missing.clone() };
    let otherwise = match added.maybe_attributes.get(&attribute) {
        Some(cause) => Value::unknown(cause.clone()).or_trail(&missing.trail),
        None => missing.clone(),
    };
    let all = added.attributes.get(&attribute).map_or(&[][..], Vec::as_slice);
    all.iter().fold(otherwise, |otherwise, (when, value)| {
        if when.is_always() {
            return value.clone();
        }
        let there = Arm { when: when.clone(), value: value.clone() };
        let not = Arm { when: when.opposite(), value: otherwise.clone() };
        Value::choice(vec![there, not]).or_trail(&otherwise.trail)
    })
}

fn account_declaration(root: &Root, span: Span) -> Declaration {
    Declaration {
        dialect: root.dialect,
        mode: crate::dialect::Mode::Resource,
        type_name: "account".into(),
        address: format!("account of {}", root.name).into(),
        module: Str::default(),
        header: span,
        span,
        body: span,
        exists: Truth::Yes,
        exists_inside: Truth::Yes,
        exists_cause: None,
        when: When::always(),
        exists_trail: Trail::none(),
        attributes: Value::absent(),
        meta: Value::absent(),
        provider: Value::absent(),
        callers: Vec::new(),
        foreign: false,
        construct: None,
    }
}

/// What declarations and satellites say, by node and attribute.
struct Written<'w> {
    catalog: &'w Catalog,
    own: &'w [Vec<Value>],
    added: &'w [Added],
}

/// Resources inherit from resources that inherit, so many times.
const MAX_INHERITANCE: u32 = 16;

enum Inherited {
    Nothing,
    From(usize),
    Unknown(Arc<Cause>),
}

/// The attributes of a declaration without those that only exist after deployment: these are not written.
fn as_written(attributes: &Value) -> Value {
    attributes.map_arms(|value| match &value.kind {
        Kind::Map(map) if matches!(map.rest, Rest::Resource(_)) => {
            let map = Map { entries: map.entries.clone(), rest: Rest::Closed };
            Value { kind: Kind::Map(Arc::new(map)), ..value.clone() }
        }
        _ => value.clone(),
    })
}

/// What every resource has.
fn insert_common(entries: &mut Entries, declaration: &Declaration, address: &Str, canonical: &Str) {
    entries.insert("address".into(), address.clone().into());
    entries.insert("type".into(), declaration.type_name.clone().into());
    entries.insert("canonical".into(), canonical.clone().into());
    entries.insert("dialect".into(), declaration.dialect.name().into());
    entries.insert("module".into(), declaration.module.clone().into());
    entries.insert("provider".into(), provider_identity(declaration));
    entries.insert("region".into(), region(declaration));
    entries.insert("account".into(), account(declaration));
}

/// Which provider configuration a resource belongs to: resources with the same one share account and region.
fn provider_identity(declaration: &Declaration) -> Value {
    // Since release 6 of the provider a resource may name a region of its own.
    let own = declaration.attributes.get("region");
    let own = own.as_str().filter(|_| declaration.dialect == Dialect::Terraform).unwrap_or_default();
    match declaration.provider.trail.span() {
        Some(Span { file, start, .. }) => format!("{}:{start}:{own}", file.0).into(),
        None => format!("default:{own}").into(),
    }
}

fn region(declaration: &Declaration) -> Value {
    let own = declaration.attributes.get("region");
    if declaration.dialect == Dialect::Terraform && own.as_str().is_some() {
        return own;
    }
    let region = declaration.provider.get("region");
    if region.is_unset() {
        return Value::unknown(Cause::new(CauseKind::Deployment, "the region is decided by the deployment"));
    }
    region
}

/// The account that a resource is in: what an input says; the only one that the provider may work in; or that of the role
/// that it takes on, the last of several.
fn account(declaration: &Declaration) -> Value {
    let provider = &declaration.provider;
    let given = provider.get("account");
    if declaration.dialect == Dialect::CloudFormation && !given.is_unset() {
        return given;
    }
    let allowed = provider.get("allowed_account_ids");
    if let Kind::List(list) = &allowed.kind
        && list.open.is_none()
        && list.items.len() == 1
    {
        return to_text(&allowed.at(0));
    }
    let roles = provider.get("assume_role");
    if let Kind::List(list) = &roles.kind
        && let Some(role) = list.items.last()
    {
        let role = roles.inside(role).get("role_arn");
        if let Some(account) = role.as_str().and_then(native::account_in) {
            return Value::from(account).with_trail(role.trail.clone());
        }
    }
    Value::unknown(Cause::new(CauseKind::Deployment, "the account is decided by the deployment"))
}

fn edges(node: &Node, root: &Root, catalog: &Catalog, index: &Index<'_>, nodes: &[Node]) -> Vec<(Str, Edge)> {
    let Some(model) = catalog.model(&node.canonical) else { return Vec::new() };
    let declaration = &root.declarations[node.declaration];
    if node.orphan {
        return Vec::new();
    }
    model
        .relations
        .iter()
        .map(|relation| {
            let paths = &relation.spelling(declaration.dialect).paths;
            let edge = if relation.many {
                many(&find(&declaration.attributes, paths, AttributeType::Strings), relation, index, nodes)
            } else {
                let named = find(&declaration.attributes, paths, AttributeType::Any);
                // One of several that may well be declared here is not unseen.
                let leads = |v: &Value| matches!(index.resolve(v, &relation.to, nodes), Link::To(_));
                let one_of_several = match &named.kind {
                    Kind::Choice(arms) => arms.iter().any(|a| leads(&named.inside(&a.value))),
                    _ => false,
                };
                match index.resolve(&named, &relation.to, nodes) {
                    Link::None => Edge::None,
                    Link::To(i) => Edge::To(i),
                    Link::Outside(_) if relation.unseen_is_absent => Edge::None,
                    Link::Unknown(_) if relation.unseen_is_absent && !one_of_several => Edge::None,
                    Link::Outside(cause) | Link::Unknown(cause) => Edge::Unknown(cause),
                }
            };
            (relation.name.clone(), edge)
        })
        .collect()
}

fn many(value: &Value, relation: &Relation, index: &Index<'_>, nodes: &[Node]) -> Edge {
    match &value.kind {
        Kind::Absent | Kind::Null => Edge::None,
        Kind::List(list) => {
            let mut all = Vec::new();
            let mut open = list.open.clone();
            for item in &list.items {
                match index.resolve(&value.inside(item), &relation.to, nodes) {
                    Link::To(i) => all.push(i),
                    Link::None => {}
                    Link::Outside(cause) | Link::Unknown(cause) => open = open.or(Some(cause)),
                }
            }
            Edge::Many(all, open, value.trail.clone())
        }
        // Nothing of the list can be seen.
        _ => {
            let cause = value.cause().unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "it is not a list"));
            Edge::Many(Vec::new(), Some(cause), value.trail.clone())
        }
    }
}

/// Folds satellites into their parents; those without a parent in the root get an orphan node of their own.
fn attach_satellites(
    root: &Root,
    catalog: &Catalog,
    nodes: &mut Vec<Node>,
    own: &mut Vec<Vec<Value>>,
    index: &Index<'_>,
) -> Vec<Added> {
    let mut uses: FxHashMap<&str, Vec<Use<'_>>> = FxHashMap::default();
    for model in catalog.models.values() {
        for (a, attribute) in model.attributes.iter().enumerate() {
            for satellite in &attribute.satellites {
                let at = Slot::Attribute(a);
                uses.entry(&satellite.type_name).or_default().push(Use { model, satellite, at });
            }
        }
        for (l, list) in model.lists.iter().enumerate() {
            for satellite in &list.satellites {
                let at = Slot::List(l);
                uses.entry(&satellite.type_name).or_default().push(Use { model, satellite, at });
            }
        }
    }
    let mut added: Vec<Added> = vec![Added::default(); nodes.len()];
    if uses.is_empty() {
        return added;
    }
    let declared = nodes.len();
    for (d, declaration) in root.declarations.iter().enumerate() {
        let raw = type_key(declaration.mode, &declaration.type_name);
        let mut orphans: FxHashMap<Str, usize> = FxHashMap::default();
        for usage in uses.get(raw.as_str()).into_iter().flatten() {
            let applies = match &usage.satellite.when {
                None => Truth::Yes,
                Some(when) => {
                    Evaluator::new(&CatalogScope { attributes: Some(&declaration.attributes) }).eval(when, None).truth()
                }
            };
            if applies == Truth::No {
                continue;
            }
            let named = find_in(declaration, &usage.satellite.parent, AttributeType::Any);
            let mut parents = Parents::default();
            parents.find(&named, &declaration.when, &usage.model.name, index, &nodes[..declared]);
            for (node, when) in &parents.known {
                let exists = nodes[*node].when.clone();
                let parent = &root.declarations[nodes[*node].declaration];
                let when = if exists_with(declaration, parent) { When::always() } else { when.clone() };
                if let (Slot::List(l), true) = (usage.at, stands_for_many(declaration, parent)) {
                    // Nobody knows how many of them there are.
                    let cause = declaration.exists_cause.clone();
                    let cause = cause.unwrap_or_else(|| Cause::new(CauseKind::Input, "their number is not known"));
                    added[*node].lists.entry(l).or_default().open.get_or_insert(cause);
                }
                attach(&mut added[*node], usage, declaration, &exists, &when, applies);
            }
            if let Some(cause) = &parents.unknown {
                let what = format!("{} may belong to it: {}", declaration.address, cause.what);
                let cause = Cause::placed(CauseKind::Satellite, what, cause.span);
                for (i, node) in nodes[..declared].iter().enumerate() {
                    if declaration.foreign == node.foreign
                        && node.canonical == usage.model.name
                        && parents.known.iter().all(|(known, _)| *known != i)
                    {
                        match usage.at {
                            Slot::Attribute(a) => added[i].maybe_attributes.insert(a, cause.clone()),
                            Slot::List(l) => added[i].maybe_lists.insert(l, cause.clone()),
                        };
                    }
                }
            }
            let here = parents.known.iter().any(|(known, _)| !nodes[*known].foreign);
            let elsewhere = parents.outside || parents.unknown.is_some() || !parents.known.is_empty();
            if !here && elsewhere && !declaration.foreign {
                // Judged by itself: a parent of which nothing else is known.
                let at = *orphans.entry(usage.model.name.clone()).or_insert_with(|| {
                    nodes.push(Node {
                        declaration: d,
                        canonical: usage.model.name.clone(),
                        address: declaration.address.clone(),
                        exists: declaration.exists,
                        when: declaration.when.clone(),
                        foreign: false,
                        orphan: true,
                        value: Value::absent(),
                        edges: Vec::new(),
                    });
                    own.push(vec![Value::absent(); usage.model.attributes.len()]);
                    added.push(Added::default());
                    nodes.len() - 1
                });
                // It is there whenever it is there.
                attach(&mut added[at], usage, declaration, &When::always(), &When::always(), applies);
            }
        }
    }
    added
}

/// The resources that a satellite belongs to.
#[derive(Default)]
struct Parents {
    /// Those that are declared here, with the decisions under which it belongs to them.
    known: Vec<(usize, When)>,
    /// Whether one is named that is not declared here.
    outside: bool,
    /// Set when one is named and it cannot be told which.
    unknown: Option<Arc<Cause>>,
}

impl Parents {
    /// Adds those that a value names: a list names several, and one that is empty none.
    fn find(&mut self, named: &Value, when: &When, model: &Str, index: &Index<'_>, nodes: &[Node]) {
        match &named.kind {
            Kind::List(list) => {
                for item in &list.items {
                    self.add(&named.inside(item), when, model, index, nodes);
                }
                self.unknown = self.unknown.take().or_else(|| list.open.clone());
            }
            Kind::Choice(arms) => {
                for arm in arms.iter() {
                    self.find(&named.inside(&arm.value), &when.and(&arm.when), model, index, nodes);
                }
            }
            _ => self.add(named, when, model, index, nodes),
        }
    }

    fn add(&mut self, named: &Value, when: &When, model: &Str, index: &Index<'_>, nodes: &[Node]) {
        match index.resolve(named, std::slice::from_ref(model), nodes) {
            Link::None => {}
            Link::To(node) => match self.known.iter_mut().find(|(known, _)| *known == node) {
                Some((_, known)) => *known = known.or(when),
                None => self.known.push((node, when.clone())),
            },
            Link::Outside(_) => self.outside = true,
            Link::Unknown(cause) => self.unknown = self.unknown.take().or(Some(cause)),
        }
    }
}

/// Whether a resource (a satellite) certainly exists where another (its parent) does: in a module instance that may not exist both are there or
/// neither is.
pub(super) fn exists_with(declaration: &Declaration, parent: &Declaration) -> bool {
    let (module, of_parent) = (declaration.module.as_str(), parent.module.as_str());
    let within = of_parent.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    declaration.exists_inside == Truth::Yes && within
}

/// Adds what a satellite says to a node that exists under `parent`.
/// Whether a declaration stands for any number of resources that belong to one parent.
fn stands_for_many(declaration: &Declaration, parent: &Declaration) -> bool {
    let (module, of_parent) = (declaration.module.as_str(), parent.module.as_str());
    let inside = module.strip_prefix(of_parent).unwrap_or(module);
    inside.contains("[*]") || declaration.address.ends_with("[*]")
}

fn attach(added: &mut Added, usage: &Use<'_>, declaration: &Declaration, parent: &When, when: &When, applies: Truth) {
    // Where the parent exists the satellite does, if the same decides about both.
    let when = if parent.implies(when) { When::always() } else { when.clone() };
    match usage.at {
        Slot::Attribute(a) => {
            let Some(attribute) = usage.model.attributes.get(a) else { return };
            let whole = Path::default();
            let path = usage.satellite.value.as_ref().unwrap_or(&whole);
            let found = convert(&path.find(&declaration.attributes), attribute.of);
            let found = found.hop_through(&declaration.address);
            if applies == Truth::Yes && !when.has_others() {
                added.attributes.entry(a).or_default().push((when, found));
                return;
            }
            let cause = declaration
                .exists_cause
                .clone()
                .unwrap_or_else(|| Cause::new(CauseKind::Input, "it is not known whether it exists"));
            let what = format!("{} may not exist: {}", declaration.address, cause.what);
            added.maybe_attributes.insert(a, Cause::placed(CauseKind::Satellite, what, cause.span));
        }
        Slot::List(l) => {
            let Some(list) = usage.model.lists.get(l) else { return };
            let mut found = ListParts::default();
            match &usage.satellite.value {
                Some(path) => {
                    let value = path.find(&declaration.attributes);
                    collect(&value, &When::always(), list, Some(usage.satellite), declaration, &mut found);
                }
                None => {
                    let value = entry(&declaration.attributes, list, Some(usage.satellite), declaration);
                    found.push(value, When::always());
                }
            }
            let when = if applies == Truth::Yes { when } else { When::unnamed() };
            added.lists.entry(l).or_default().append(found, &when);
        }
    }
}

impl Value {
    /// The same value; where it has no trail of its own it stands in the satellite at `address`.
    fn hop_through(self, address: &Str) -> Value {
        if self.trail.first().is_some_and(|h| h.kind == HopKind::Written && h.name.is_empty()) {
            return self.hop(HopKind::Satellite, address.clone());
        }
        self
    }
}
