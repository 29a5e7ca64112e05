//! From what a rule would write to edits of the source text.
//!
//! An attribute that is written is replaced where it stands; one that comes from elsewhere is changed at its origin, if
//! a literal stands there; one that is missing is inserted, with the blocks or mappings around it. Nothing else of the
//! text is touched. Where none of this can be done without guessing there are no edits.

mod apply;
mod document;
mod hcl;
mod layout;
mod pairs;
mod policy;
mod remove;
mod satellite;
mod spell;

pub use apply::Patch;

use super::{Edit, Fix};
use crate::dialect::{Declaration, Dialect, Mode, cloudformation};
use crate::graph::{AttributeModel, AttributeType, Catalog, Graph, ListModel, Node, Path, PathStep, type_key};
use crate::rules::{FixModel, Outcome, Safety, Verdict};
use crate::source::{FileId, Sources, Span};
use crate::syntax::document::{Node as Tree, NodeKind, ScalarValue, Style};
use crate::syntax::hcl::{Document, ExprKind};
use crate::value::{HopKind, Kind, Number, Str, Trail, Value, to_text};
use layout::{Layout, LineBreak};
use rustc_hash::FxHashMap;
use satellite::Addition;
use spell::Quotes;
use std::sync::{Arc, Mutex, PoisonError};

/// A file, parsed for edits.
enum Parsed {
    Terraform(Document, LineBreak),
    /// A template, or the JSON syntax of Terraform, with its comments.
    Tree(Box<Tree>, Vec<Span>, LineBreak),
    /// Not a file of the author.
    Other,
}

/// The trees of the files that are edited; each is parsed when it is first needed.
#[derive(Default)]
pub struct Trees {
    files: Mutex<FxHashMap<FileId, Arc<Parsed>>>,
}

impl Trees {
    /// No trees yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn get(&self, file: FileId, sources: &Sources) -> Arc<Parsed> {
        let known = self.files.lock().unwrap_or_else(PoisonError::into_inner).get(&file).cloned();
        known.unwrap_or_else(|| {
            let parsed = Arc::new(parse(file, sources));
            self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(file, parsed.clone());
            parsed
        })
    }
}

fn parse(file: FileId, sources: &Sources) -> Parsed {
    let source = sources.get(file);
    // What a tool has fetched is not the author's to edit.
    if source.path.components().any(|c| c.as_os_str() == ".terraform") {
        return Parsed::Other;
    }
    let line_break = LineBreak::of(&source.text);
    if is_hcl(&source.name) {
        return Parsed::Terraform(crate::syntax::hcl::parse(file, &source.text).0, line_break);
    }
    if source.name.ends_with(".tf.json") || source.name.ends_with(".tofu.json") {
        let root = crate::syntax::json::parse(file, &source.text).documents.into_iter().next();
        return root.map_or(Parsed::Other, |root| Parsed::Tree(Box::new(root), Vec::new(), line_break));
    }
    match cloudformation::read(file, &source.text) {
        Some(template) => {
            let comments = template.comments.iter().map(|c| c.span).collect();
            Parsed::Tree(Box::new(template.root), comments, line_break)
        }
        None => Parsed::Other,
    }
}

fn is_hcl(name: &str) -> bool {
    name.ends_with(".tf") || name.ends_with(".tofu")
}

/// What is not written yet.
enum New {
    Value(Value),
    /// An expression of Terraform.
    Expression(String),
    /// Something with what is in it.
    Nest {
        what: Nest,
        inside: News,
    },
    /// A list of pairs of a key and a value.
    Pairs(Vec<(Str, Value)>),
}

/// What holds other things.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nest {
    Object,
    /// A block of Terraform.
    Block,
    /// A list with one object.
    Element,
}

type News = Vec<(Str, New)>;

impl New {
    fn is_block(&self) -> bool {
        matches!(self, New::Nest { what: Nest::Block, .. })
    }
}

/// Which elements of lists can be created.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Elements {
    /// Blocks of Terraform.
    Blocks,
    /// Objects that need nothing but what is put into them.
    Whole,
    /// None: an element may need more than is known here, a name at least.
    None,
}

/// Puts a value at the end of a path. `false`: the path cannot be created, or something is there already.
fn plant(news: &mut News, steps: &[PathStep], value: Value, elements: Elements) -> bool {
    let Some((PathStep::Name(name) | PathStep::Key(name), mut rest)) = steps.split_first() else { return false };
    if let [PathStep::Key(key), deeper @ ..] = rest {
        return elements != Elements::Blocks && deeper.is_empty() && plant_pair(news, name, key, value);
    }
    if rest.is_empty() {
        let free = news.iter().all(|(n, _)| n != name);
        if free {
            news.push((name.clone(), New::Value(value)));
        }
        return free;
    }
    let mut what = Nest::Object;
    if let Some((PathStep::Index(0), deeper)) = rest.split_first() {
        what = match elements {
            Elements::Blocks => Nest::Block,
            Elements::Whole => Nest::Element,
            Elements::None => return false,
        };
        rest = deeper;
    }
    let at = news.iter().position(|(n, _)| n == name).unwrap_or_else(|| {
        news.push((name.clone(), New::Nest { what, inside: Vec::new() }));
        news.len() - 1
    });
    match news.get_mut(at) {
        Some((_, New::Nest { what: there, inside })) if *there == what => plant(inside, rest, value, elements),
        _ => false,
    }
}

/// Puts a pair into a list that is not written yet.
fn plant_pair(news: &mut News, list: &Str, key: &Str, value: Value) -> bool {
    match news.iter_mut().find(|(name, _)| name == list) {
        None => news.push((list.clone(), New::Pairs(vec![(key.clone(), value)]))),
        Some((_, New::Pairs(pairs))) if pairs.iter().all(|(k, _)| k != key) => pairs.push((key.clone(), value)),
        Some(_) => return false,
    }
    true
}

/// What fixes of one root are made from.
pub(super) struct Fixer<'a> {
    pub graph: &'a Graph<'a>,
    pub catalog: &'a Catalog,
    pub sources: &'a Sources,
    pub trees: &'a Trees,
}

/// Where an attribute is to be written.
struct Site<'a> {
    declaration: &'a Declaration,
    /// The spellings of the attribute there.
    paths: Vec<Path>,
    /// Where paths start; none: at the attributes of the declaration.
    holder: Option<Span>,
    /// A list element that is created for it needs nothing else.
    fills_element: bool,
}

/// What was worked out so far.
#[derive(Default)]
struct Draft<'a> {
    edits: Vec<Edit>,
    /// What is to be inserted, by declaration and the span of the holder, with the path to the holder.
    missing: Vec<Missing<'a>>,
    /// Resources to be added.
    additions: Vec<Addition<'a>>,
    /// A value is changed that others may use.
    shared: bool,
}

struct Missing<'a> {
    declaration: &'a Declaration,
    start: Option<Span>,
    holder: Span,
    path: Vec<PathStep>,
    news: News,
}

impl<'a> Fixer<'a> {
    /// The fix of a finding; `node` is the resource to mend. `None`: none is offered here; the edits are empty where
    /// it cannot be written.
    pub fn fix(&self, model: &FixModel, verdict: &Verdict, node: &Node) -> Option<Fix> {
        let Outcome::Finding { fix: Some(fix), .. } = &verdict.outcome else { return None };
        let mut draft = Draft::default();
        let edits =
            self.draft(fix, verdict, node, &mut draft).map_or_else(Vec::new, |()| remove::replaced(draft.edits));
        let safety = if draft.shared { Safety::Unsafe } else { model.safety };
        Some(Fix { safety, edits: ordered(edits).unwrap_or_default() })
    }

    /// `None`: some part of the fix cannot be written, so none of it is.
    fn draft(&self, fix: &[(Str, Value)], verdict: &Verdict, node: &Node, draft: &mut Draft<'a>) -> Option<()> {
        for (path, wanted) in fix {
            // `null` leaves it as it is.
            if matches!(wanted.kind, Kind::Null) {
                continue;
            }
            let path: Vec<Str> = path.split('.').map(Str::from).collect();
            if wanted.is_unset() {
                self.remove(verdict, node, &path, draft)?;
                continue;
            }
            self.attribute(verdict, node, &path, wanted, draft)?;
        }
        for missing in std::mem::take(&mut draft.missing) {
            let edits = self.insert(&missing)?;
            draft.edits.extend(edits);
        }
        for addition in std::mem::take(&mut draft.additions) {
            draft.edits.push(self.add(addition)?);
        }
        Some(())
    }

    fn attribute(
        &self,
        verdict: &Verdict,
        node: &Node,
        path: &[Str],
        wanted: &Value,
        draft: &mut Draft<'a>,
    ) -> Option<()> {
        // An entry may be a resource of its own.
        let entry = verdict.entry.as_ref().filter(|e| e.get("canonical").as_str().is_none());
        let subject = entry.unwrap_or(&node.value);
        let value = path.iter().fold(subject.clone(), |v, name| v.get(name));
        let absent = value
            .trail
            .first()
            .is_none_or(|h| matches!(h.kind, HopKind::Missing | HopKind::CatalogDefault | HopKind::Block));
        let parent = policy::holder(subject, path);
        let absent = absent || parent.is_some() && matches!(value.kind, Kind::Absent);
        let (site, of) = match (&parent, entry) {
            (Some((holder, field)), _) => self.policy_site(holder, field)?,
            (None, Some(entry)) => self.entry_site(verdict, node, entry, path)?,
            (None, None) => self.site(node, path, &value.trail, absent)?,
        };
        let wanted = spell::typed(wanted, of)?;
        if !absent && value.equals(&wanted) == crate::value::Truth::Yes {
            return Some(());
        }
        let found = self.locate(&site);
        if absent
            && entry.is_none()
            && let Some(satellite) = self.satellite_for(node, path, &site, found.as_ref())
        {
            let declaration = self.graph.declaration(node);
            let mut additions = draft.additions.iter();
            let at = additions.position(|a| a.satellite.type_name == satellite.type_name).unwrap_or_else(|| {
                draft.additions.push(Addition { declaration, satellite, news: News::new() });
                draft.additions.len() - 1
            });
            let news = &mut draft.additions.get_mut(at)?.news;
            return plant(news, &satellite.value.as_ref()?.0, wanted, Elements::Blocks).then_some(());
        }
        match found {
            Some(Place::Written { replaced, value: span, quotes, comment }) => {
                let undecided = matches!(value.kind, Kind::Choice(_));
                let here = absent
                    || undecided
                    || value.trail.last().is_none_or(|h| span.contains(h.span) || h.span.contains(span));
                if !here {
                    return self.origin(&value, &wanted, of, draft);
                }
                if comment {
                    return None;
                }
                draft.shared |= undecided;
                let wanted = match self.literal_at(span) {
                    Some((literal, _)) => one_for_one(&literal, wanted),
                    None => wanted,
                };
                let text = self.spell(span.file, &wanted, quotes)?;
                let text = if replaced.start < span.start { format!(" {text}") } else { text };
                draft.edits.push(Edit { span: replaced, text });
                Some(())
            }
            Some(Place::Missing { holder, path, rest }) if absent => {
                let declaration = site.declaration;
                let at =
                    draft.missing.iter().position(|m| m.declaration.header == declaration.header && m.holder == holder);
                let at = at.unwrap_or_else(|| {
                    let news = News::new();
                    draft.missing.push(Missing { declaration, start: site.holder, holder, path, news });
                    draft.missing.len() - 1
                });
                let elements = match declaration.dialect {
                    Dialect::Terraform => Elements::Blocks,
                    Dialect::CloudFormation if site.fills_element => Elements::Whole,
                    Dialect::CloudFormation => Elements::None,
                };
                plant(&mut draft.missing.get_mut(at)?.news, &rest, wanted, elements).then_some(())
            }
            _ if !absent => self.origin(&value, &wanted, of, draft),
            _ => None,
        }
    }

    /// Where an attribute of a resource is written, or would have to be.
    fn site(&self, node: &Node, path: &[Str], trail: &Trail, absent: bool) -> Option<(Site<'a>, AttributeType)> {
        let model = self.catalog.model(&node.canonical)?;
        let attribute = model.attributes.iter().find(|a| a.path == path)?;
        let own = self.graph.declaration(node);
        let span = trail.span();
        let inside = |d: &Declaration| span.is_some_and(|s| d.span.contains(s));
        if !node.orphan && (inside(own) || (absent && span.is_none())) {
            let paths = attribute.spelling(own.dialect).paths.clone();
            let fills_element = attribute.fills_element;
            return Some((Site { declaration: own, paths, holder: None, fills_element }, attribute.of));
        }
        let declaration = self.graph.root.declarations.iter().find(|d| inside(d))?;
        let raw = type_key(declaration.mode, &declaration.type_name);
        if let Some(satellite) = attribute.satellites.iter().find(|s| s.type_name == raw.as_str()) {
            let paths = satellite.value.iter().cloned().collect();
            return Some((
                Site { declaration, paths, holder: None, fills_element: attribute.fills_element },
                attribute.of,
            ));
        }
        // Inherited from a resource that may spell it in its own way.
        let model = self.catalog.canonical(&raw).and_then(|name| self.catalog.model(name))?;
        let attribute = model.attributes.iter().find(|a| a.path == path)?;
        let paths = attribute.spelling(declaration.dialect).paths.clone();
        Some((Site { declaration, paths, holder: None, fills_element: attribute.fills_element }, attribute.of))
    }

    /// Where an attribute of an entry is written, or would have to be.
    fn entry_site(
        &self,
        verdict: &Verdict,
        node: &Node,
        entry: &Value,
        path: &[Str],
    ) -> Option<(Site<'a>, AttributeType)> {
        let span = entry.trail.last()?.span;
        let address = entry.get("address");
        let address = address.as_str()?;
        let own = self.graph.declaration(node);
        // Entries that are inherited say where they are written; satellites are entries themselves.
        let mut declarations = std::iter::once(own).chain(&self.graph.root.declarations);
        let declaration = declarations.find(|d| d.address == address)?;
        let raw = type_key(declaration.mode, &declaration.type_name);
        let owner = if declaration.address == own.address { None } else { self.catalog.canonical(&raw) };
        let model = self.catalog.model(owner.unwrap_or(&node.canonical))?;
        // An entry has the attributes of its list, written or not.
        let of_list = |l: &&ListModel| {
            let has = |a: &AttributeModel| {
                entry.as_map().is_some_and(|m| a.path.first().is_some_and(|n| m.entries.contains_key(n)))
            };
            l.attributes.iter().any(|a| a.path == path) && l.attributes.iter().all(has)
        };
        let list = match &verdict.list {
            Some(name) => model.list(name).filter(of_list)?,
            None => {
                let mut lists = model.lists.iter().filter(of_list);
                let first = lists.next()?;
                if lists.next().is_some() {
                    return None;
                }
                first
            }
        };
        let attribute: &AttributeModel = list.attributes.iter().find(|a| a.path == path)?;
        let usual = &attribute.spelling(declaration.dialect).paths;
        let name = path.join(".");
        if let Some(satellite) = list.satellites.iter().find(|s| s.type_name == raw.as_str()) {
            let paths = satellite.spelling.get(name.as_str()).unwrap_or(usual).clone();
            return Some((
                Site { declaration, paths, holder: None, fills_element: attribute.fills_element },
                attribute.of,
            ));
        }
        Some((
            Site { declaration, paths: usual.clone(), holder: Some(span), fills_element: attribute.fills_element },
            attribute.of,
        ))
    }

    /// What stands at a site: of several spellings the first that is written, else the first.
    fn locate(&self, site: &Site<'_>) -> Option<Place> {
        let file = site.declaration.header.file;
        let parsed = self.trees.get(file, self.sources);
        let source = self.sources.get(file);
        let mut missing = None;
        for path in &site.paths {
            let steps = path.of_meta().unwrap_or(&path.0);
            let found = match &*parsed {
                Parsed::Terraform(document, line_break) => {
                    let start = terraform_start(document, site.declaration, site.holder)?;
                    match hcl::find(start, steps) {
                        hcl::Spot::Written(span) => {
                            let layout = Layout::new(&source.text, *line_break, &document.comments);
                            Some(Place::written(span, span, Quotes::AsNeeded, &layout))
                        }
                        hcl::Spot::Missing(holder, at) => Some(Place::missing(holder.span(), steps, at)),
                        hcl::Spot::Opaque => None,
                    }
                }
                Parsed::Tree(root, comments, line_break) => {
                    let start = tree_start(root, site.declaration, site.holder)?;
                    let steps = tree_steps(site, path);
                    match document::find(start, &steps) {
                        document::Spot::Written(holder) => {
                            let layout = Layout::new(&source.text, *line_break, comments);
                            let quotes = document::quotes(holder.node, &layout);
                            let (replaced, value) = document::replaced(holder, &layout);
                            Some(Place::written(replaced, value, quotes, &layout))
                        }
                        document::Spot::Missing(holder, at) => Some(Place::missing(holder.span(), &steps, at)),
                        document::Spot::Opaque => None,
                    }
                }
                Parsed::Other => None,
            };
            match found {
                Some(Place::Written { .. }) => return found,
                Some(_) if missing.is_none() => missing = found,
                Some(_) => {}
                // A spelling that cannot be looked through may be the one that is written.
                None => return None,
            }
        }
        missing
    }

    fn insert(&self, missing: &Missing<'_>) -> Option<Vec<Edit>> {
        let declaration = missing.declaration;
        let file = declaration.header.file;
        let source = self.sources.get(file);
        match &*self.trees.get(file, self.sources) {
            Parsed::Terraform(document, line_break) => {
                let start = terraform_start(document, declaration, missing.start)?;
                let hcl::Spot::Missing(holder, _) = hcl::find(start, &missing.path) else { return None };
                hcl::insert(holder, &missing.news, &Layout::new(&source.text, *line_break, &document.comments))
            }
            Parsed::Tree(root, comments, line_break) => {
                let start = tree_start(root, declaration, missing.start)?;
                let document::Spot::Missing(holder, _) = document::find(start, &missing.path) else { return None };
                let layout = Layout::new(&source.text, *line_break, comments);
                document::insert(holder, &missing.news, document::unit(root, &layout), &layout)
            }
            Parsed::Other => None,
        }
    }

    /// Changes a literal at the place where the value comes from.
    fn origin(&self, value: &Value, wanted: &Value, of: AttributeType, draft: &mut Draft<'a>) -> Option<()> {
        let passed = |h: &HopKind| matches!(h, HopKind::Attribute | HopKind::Inherited | HopKind::Input);
        if value.trail.hops().any(|h| passed(&h.kind)) {
            return None;
        }
        let span = value.trail.last()?.span;
        let (literal, quotes) = self.literal_at(span)?;
        // What came out at the use must be what was put in here: `!var.x` is no such use.
        let same = match (spell::typed(&literal, of), spell::typed(value, of)) {
            (Some(a), Some(b)) => a.same(&b),
            _ => literal.is_unset(),
        };
        if !same {
            return None;
        }
        let wanted = one_for_one(&literal, wanted.clone());
        let text = self.spell(span.file, &wanted, quotes)?;
        draft.edits.push(Edit { span, text });
        draft.shared = true;
        Some(())
    }

    /// The literal that makes up a span, and its quotation marks.
    fn literal_at(&self, span: Span) -> Option<(Value, Quotes)> {
        let source = self.sources.get(span.file);
        match &*self.trees.get(span.file, self.sources) {
            Parsed::Terraform(..) => hcl_literal(&source.text, span),
            Parsed::Tree(..) => tree_literal(span.file, source.text.get(span.range())?),
            Parsed::Other => None,
        }
    }

    /// The value as the file of the edit writes it.
    fn spell(&self, file: FileId, value: &Value, quotes: Quotes) -> Option<String> {
        match &*self.trees.get(file, self.sources) {
            Parsed::Terraform(..) if quotes == Quotes::AsNeeded => spell::hcl(value),
            Parsed::Terraform(..) => spell::hcl(&Some(to_text(value)).filter(Value::is_wholly_known)?),
            Parsed::Tree(..) => {
                let json = self.sources.get(file).text.trim_start().starts_with('{');
                spell::quoted(value, quotes, if json { spell::json } else { spell::yaml })
            }
            Parsed::Other => None,
        }
    }
}

enum Place {
    Written {
        /// What is replaced: the value, or the value with the line break before it.
        replaced: Span,
        value: Span,
        quotes: Quotes,
        /// Whether a comment would be lost.
        comment: bool,
    },
    Missing {
        holder: Span,
        path: Vec<PathStep>,
        rest: Vec<PathStep>,
    },
}

impl Place {
    fn written(replaced: Span, value: Span, quotes: Quotes, layout: &Layout<'_>) -> Self {
        let comment = layout.has_comment(replaced.start as usize, replaced.end as usize);
        Place::Written { replaced, value, quotes, comment }
    }

    fn missing(holder: Span, steps: &[PathStep], at: usize) -> Self {
        Place::Missing { holder, path: steps.to_vec(), rest: steps.get(at..).unwrap_or(&[]).to_vec() }
    }
}

/// Where paths start in a Terraform file.
fn terraform_start<'t>(
    document: &'t Document,
    declaration: &Declaration,
    holder: Option<Span>,
) -> Option<hcl::Holder<'t>> {
    let block = hcl::block_at(&document.body, declaration.span)?;
    match holder {
        None => Some(hcl::Holder::Body(&block.body)),
        Some(span) => hcl::holder_at(&block.body, span, 0),
    }
}

/// Where paths start in a tree: at the resource, or the mapping of an entry.
fn tree_start<'t>(root: &'t Tree, declaration: &Declaration, holder: Option<Span>) -> Option<document::Holder<'t>> {
    let part = declaration.mode == Mode::Part;
    let resources = match (declaration.dialect, part) {
        (Dialect::Terraform, false) => root.get("resource")?.get(&declaration.type_name)?,
        (Dialect::Terraform, true) => root.get(declaration.type_name.split('.').next()?)?,
        (Dialect::CloudFormation, false) => root.get("Resources")?,
        (Dialect::CloudFormation, true) => root.get(&format!("{}s", declaration.type_name))?,
    };
    let resource = document::resource_at(resources, declaration.header, 0)?;
    // What a transform has made of the resource is not what is written.
    if declaration.dialect == Dialect::CloudFormation
        && !part
        && resource.value.get("Type").and_then(Tree::text) != Some(declaration.type_name.as_str())
    {
        return None;
    }
    match holder {
        None => Some(document::Holder { key: Some(&resource.key), node: &resource.value }),
        Some(span) => document::holder_at(Some(&resource.key), &resource.value, span, 0),
    }
}

fn tree_steps(site: &Site<'_>, path: &Path) -> Vec<PathStep> {
    if let Some(steps) = path.of_meta() {
        return steps.to_vec();
    }
    let wrapped = site.holder.is_none()
        && site.declaration.dialect == Dialect::CloudFormation
        && site.declaration.mode != Mode::Part;
    let properties = wrapped.then(|| PathStep::Name("Properties".into()));
    properties.into_iter().chain(path.0.iter().cloned()).collect()
}

/// What is written in place of a literal: where a single text stands for a list, a list of one is written as one.
fn one_for_one(literal: &Value, wanted: Value) -> Value {
    match (&literal.kind, &wanted.kind) {
        (Kind::String(_), Kind::List(list)) if list.items.len() == 1 => wanted.at(0),
        _ => wanted,
    }
}

/// The literal that makes up a span of a Terraform file.
fn hcl_literal(text: &str, span: Span) -> Option<(Value, Quotes)> {
    let (expr, problems) = crate::syntax::hcl::parse_expression(text, span);
    if !problems.is_empty() {
        return None;
    }
    let value = hcl_value(&expr.kind, 0)?;
    let quotes = if matches!(value.kind, Kind::String(_)) { Quotes::Kept('"') } else { Quotes::AsNeeded };
    Some((value, quotes))
}

fn hcl_value(kind: &ExprKind, depth: u32) -> Option<Value> {
    Some(match kind {
        ExprKind::Null => Value::null(),
        ExprKind::Bool(b) => (*b).into(),
        ExprKind::Number(n) => Number::parse(n)?.into(),
        ExprKind::String(s) => s.clone().into(),
        ExprKind::Tuple(items) if depth < 4 => {
            let items: Option<Vec<Value>> = items.iter().map(|i| hcl_value(&i.kind, depth + 1)).collect();
            Value::list(items?)
        }
        _ => return None,
    })
}

/// The literal that a piece of a YAML or JSON file is.
fn tree_literal(file: FileId, text: &str) -> Option<(Value, Quotes)> {
    let stream = crate::syntax::read_document(file, text);
    let [node] = stream.documents.as_slice() else { return None };
    let value = tree_value(node, 0)?;
    let quotes = match (node.as_scalar().map(|s| s.style), text.chars().next()) {
        (Some(Style::Quoted), Some(mark)) => Quotes::Kept(mark),
        _ => Quotes::AsNeeded,
    };
    Some((value, quotes))
}

fn tree_value(node: &Tree, depth: u32) -> Option<Value> {
    if node.tag.is_some() || node.alias.is_some() {
        return None;
    }
    Some(match &node.kind {
        NodeKind::Scalar(scalar) => match scalar.value {
            ScalarValue::Bool(b) => b.into(),
            ScalarValue::Int(i) => i.into(),
            ScalarValue::Null => Value::null(),
            ScalarValue::String | ScalarValue::Float(_) => scalar.text.clone().into(),
        },
        NodeKind::Sequence(items) if depth < 4 => {
            let items: Option<Vec<Value>> = items.iter().map(|i| tree_value(i, depth + 1)).collect();
            Value::list(items?)
        }
        _ => return None,
    })
}

/// The edits in order of position, equal ones once. `None` if some overlap.
pub(super) fn ordered(mut edits: Vec<Edit>) -> Option<Vec<Edit>> {
    edits.sort_by(|a, b| (a.span, &a.text).cmp(&(b.span, &b.text)));
    edits.dedup();
    let clash = edits.windows(2).any(|pair| match pair {
        [a, b] => a.span.file == b.span.file && (b.span.start < a.span.end || a.span == b.span),
        _ => false,
    });
    (!clash).then_some(edits)
}

/// Joins the fix of one more instance: what coincides stays once. The first fix wins where they contradict.
pub(super) fn join(first: &mut Option<Fix>, other: Option<Fix>) {
    let (Some(fix), Some(other)) = (first.as_mut(), other) else { return };
    // A finding is gone when all its instances are.
    if fix.edits.is_empty() || other.edits.is_empty() {
        fix.edits.clear();
        return;
    }
    if other.safety == Safety::Unsafe {
        fix.safety = Safety::Unsafe;
    }
    if fix.edits != other.edits {
        let both = fix.edits.iter().cloned().chain(other.edits).collect();
        fix.edits = ordered(both).unwrap_or_default();
    }
}
