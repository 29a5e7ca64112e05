//! Reading `model.hcl`: what the canonical resources of a service are and how each dialect spells them.

use super::path::Path;
use crate::dialect::Dialect;
use crate::source::Span;
use crate::syntax::hcl::{Attribute, Block, Body, Document, Expr, ExprKind};
use crate::value::Str;
use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};

/// A mistake in a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelProblem {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
}

/// The sort of value an attribute has once it is normalized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeType {
    /// As it is.
    Any,
    /// A string.
    String,
    /// A number.
    Number,
    /// A truth value.
    Bool,
    /// A list of strings; a single one counts as a list, several spellings are joined.
    Strings,
    /// A map of strings: a map, or a list of `Key`/`Value` pairs; what the provider adds to every resource included.
    Tags,
}

/// What an attribute is when it is not written.
#[derive(Clone, Debug)]
pub enum Absence {
    /// Nothing.
    Nothing,
    /// The default of the service or provider: an expression without names.
    Default(Expr),
    /// Not to be known from the source, and why.
    Unknown(Str),
}

/// How one dialect spells something: the paths, in order of preference.
#[derive(Clone, Debug, Default)]
pub struct Spelling {
    /// The paths; none when the dialect cannot say it.
    pub paths: Vec<Path>,
    /// Where it is written in the catalog.
    pub span: Option<Span>,
}

/// A resource of its own that sets something on a parent.
#[derive(Clone, Debug)]
pub struct Satellite {
    /// The raw type.
    pub type_name: Str,
    /// Which attributes of the satellite name the parent: the first that is written does. A list names several.
    pub parent: Vec<Path>,
    /// Which attribute of the satellite holds the value; for a list its entries, without one the satellite itself is the
    /// entry.
    pub value: Option<Path>,
    /// The satellite counts only if this holds for its own attributes.
    pub when: Option<Expr>,
    /// Spellings of the fields of an entry that differ from those of the list.
    pub spelling: FxHashMap<Str, Vec<Path>>,
    /// The attribute of the parent by which a new satellite refers to it; without one none is written by fixes.
    pub reference: Option<Str>,
    /// The release of the provider that brought it.
    pub since: Option<Str>,
    /// Where it is written in the catalog.
    pub span: Span,
}

/// An attribute of a canonical resource.
#[derive(Clone, Debug)]
pub struct AttributeModel {
    /// The canonical path: `metadata.http_tokens`.
    pub path: Vec<Str>,
    /// What it is normalized to.
    pub of: AttributeType,
    /// Spellings by dialect.
    pub terraform: Spelling,
    /// Spellings by dialect.
    pub cloudformation: Spelling,
    /// What it is in Terraform when it is not written.
    pub absent_terraform: Absence,
    /// What it is in CloudFormation when it is not written.
    pub absent_cloudformation: Absence,
    /// Resources of their own that set it.
    pub satellites: Vec<Satellite>,
    /// Not taken from a related resource, even where others are.
    pub own: bool,
    /// Nothing can be deployed without it: of several values one that is empty is not the one.
    pub required: bool,
    /// The element of a list that it stands in needs nothing else: fixes may write it.
    pub fills_element: bool,
}

/// A list of objects of a canonical resource.
#[derive(Clone, Debug)]
pub struct ListModel {
    /// The canonical name: `ingress`.
    pub name: Str,
    /// Spellings by dialect; several are joined.
    pub terraform: Spelling,
    /// Spellings by dialect.
    pub cloudformation: Spelling,
    /// The fields of an entry.
    pub attributes: Vec<AttributeModel>,
    /// Resources of their own that are an entry each.
    pub satellites: Vec<Satellite>,
    /// Not taken from a related resource, even where attributes are.
    pub own: bool,
    /// The entries that there are in Terraform when none is written: a list of maps of the canonical fields.
    pub absent_terraform: Option<Expr>,
    /// The entries that there are in CloudFormation when none is written.
    pub absent_cloudformation: Option<Expr>,
}

/// An edge to another canonical resource.
#[derive(Clone, Debug)]
pub struct Relation {
    /// The name under which a rule finds the other resource.
    pub name: Str,
    /// The canonical types it may lead to.
    pub to: Vec<Str>,
    /// The attributes that name it.
    pub terraform: Spelling,
    /// The attributes that name it.
    pub cloudformation: Spelling,
    /// Attributes that are not written here are taken from there.
    pub inherit: bool,
    /// The attribute that pins a version of the other resource.
    pub version_terraform: Spelling,
    /// The attribute that pins a version of the other resource.
    pub version_cloudformation: Spelling,
    /// Whether the attributes name a list of resources.
    pub many: bool,
    /// Whether a resource that cannot be seen counts as none: what it might say has to be said here.
    pub unseen_is_absent: bool,
}

/// A canonical resource.
#[derive(Clone, Debug)]
pub struct Model {
    /// `ec2.instance`
    pub name: Str,
    /// Raw types it is made from.
    pub terraform: Vec<Str>,
    /// Raw types it is made from.
    pub cloudformation: Vec<Str>,
    /// Attributes by which others name it, when they do not refer to it.
    pub identity: Vec<Path>,
    /// Attributes.
    pub attributes: Vec<AttributeModel>,
    /// Lists of objects.
    pub lists: Vec<ListModel>,
    /// Edges.
    pub relations: Vec<Relation>,
    /// Where it is written.
    pub span: Span,
}

impl Model {
    /// The list of that canonical name.
    pub fn list(&self, name: &str) -> Option<&ListModel> {
        self.lists.iter().find(|l| l.name == name)
    }

    /// The raw types of a dialect.
    pub fn types(&self, dialect: Dialect) -> &[Str] {
        match dialect {
            Dialect::Terraform => &self.terraform,
            Dialect::CloudFormation => &self.cloudformation,
        }
    }
}

impl AttributeModel {
    /// How a dialect spells it.
    pub fn spelling(&self, dialect: Dialect) -> &Spelling {
        match dialect {
            Dialect::Terraform => &self.terraform,
            Dialect::CloudFormation => &self.cloudformation,
        }
    }

    /// What it is in a dialect when it is not written.
    pub fn absent(&self, dialect: Dialect) -> &Absence {
        match dialect {
            Dialect::Terraform => &self.absent_terraform,
            Dialect::CloudFormation => &self.absent_cloudformation,
        }
    }
}

impl ListModel {
    /// How a dialect spells it.
    pub fn spelling(&self, dialect: Dialect) -> &Spelling {
        match dialect {
            Dialect::Terraform => &self.terraform,
            Dialect::CloudFormation => &self.cloudformation,
        }
    }
}

impl ListModel {
    /// The entries that there are in a dialect when none is written.
    pub fn absent(&self, dialect: Dialect) -> Option<&Expr> {
        match dialect {
            Dialect::Terraform => self.absent_terraform.as_ref(),
            Dialect::CloudFormation => self.absent_cloudformation.as_ref(),
        }
    }
}

impl Relation {
    /// How a dialect spells it.
    pub fn spelling(&self, dialect: Dialect) -> &Spelling {
        match dialect {
            Dialect::Terraform => &self.terraform,
            Dialect::CloudFormation => &self.cloudformation,
        }
    }

    /// Where a dialect pins the version.
    pub fn version(&self, dialect: Dialect) -> &Spelling {
        match dialect {
            Dialect::Terraform => &self.version_terraform,
            Dialect::CloudFormation => &self.version_cloudformation,
        }
    }
}

/// All models that are loaded.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// By canonical name.
    pub models: IndexMap<Str, Model>,
    /// Facts about the account: expressions over `resources` and `self`.
    pub account: IndexMap<Str, Expr>,
    /// Attributes of raw types that are worked out from the others: an expression over `self`.
    pub computed: FxHashMap<(Str, Str), Expr>,
    /// Attributes of raw types that are lists without duplicates: how many elements these have at least.
    pub distinct: FxHashMap<(Str, Str), usize>,
    /// Raw types that rules judge without a model, by the names that [`super::raw_name`] makes.
    pub raw: FxHashSet<Str>,
    by_type: FxHashMap<Str, Str>,
}

impl Catalog {
    /// Adds the models of a catalog file.
    pub fn load(&mut self, document: &Document) -> Vec<ModelProblem> {
        let mut problems = Vec::new();
        let shapes: Shapes<'_> =
            document.body.blocks_of("shape").filter_map(|b| Some((b.label(0)?.clone(), &b.body))).collect();
        for block in document.body.blocks() {
            let label = block.label(0).cloned();
            match (block.kind.name.as_str(), label) {
                // Read where it is used.
                ("shape", Some(_)) => {}
                ("resource", Some(name)) => {
                    let model = read_model(name.clone(), block, &shapes, &mut problems);
                    for raw in model.terraform.iter().chain(&model.cloudformation) {
                        if let Some(other) = self.by_type.insert(raw.clone(), name.clone()) {
                            problem(&mut problems, block.header, format!("{raw} is already a {other}"));
                        }
                    }
                    self.models.insert(name, model);
                }
                ("account", Some(name)) => match block.body.attribute("value") {
                    Some(value) => {
                        self.account.insert(name, value.value.clone());
                    }
                    None => problem(&mut problems, block.header, "an account fact needs a value"),
                },
                ("computed", Some(raw)) => {
                    for attribute in block.body.attributes() {
                        self.computed.insert((raw.clone(), attribute.name.name.clone()), attribute.value.clone());
                    }
                }
                ("distinct", Some(raw)) => {
                    for attribute in block.body.attributes() {
                        match &attribute.value.kind {
                            ExprKind::Number(least) if least.parse::<usize>().is_ok() => {
                                let key = (raw.clone(), attribute.name.name.clone());
                                self.distinct.insert(key, least.parse().unwrap_or(0));
                            }
                            _ => problem(&mut problems, attribute.value.span, "expected the least number of elements"),
                        }
                    }
                }
                _ => {
                    let expected = "expected resource, shape, account, computed or distinct with a label";
                    problem(&mut problems, block.header, expected);
                }
            }
        }
        problems
    }

    /// The canonical name of a raw type (`data.` in front of a data source).
    pub fn canonical(&self, raw: &str) -> Option<&Str> {
        self.by_type.get(raw)
    }

    /// The model of a canonical name.
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.get(name)
    }
}

fn problem(problems: &mut Vec<ModelProblem>, span: Span, message: impl Into<String>) {
    problems.push(ModelProblem { span, message: message.into() });
}

fn strings(attribute: Option<&Attribute>, problems: &mut Vec<ModelProblem>) -> Vec<Str> {
    let Some(attribute) = attribute else { return Vec::new() };
    let items = match &attribute.value.kind {
        ExprKind::Tuple(items) => items.iter().collect(),
        _ => vec![&attribute.value],
    };
    items
        .into_iter()
        .filter_map(|item| {
            let text = item.as_string().cloned().or_else(|| item.as_path().map(|p| p.join(".").into()));
            if text.is_none() {
                problem(problems, item.span, "expected a name");
            }
            text
        })
        .collect()
}

/// A path, a list of paths, or `none`.
fn paths(expr: &Expr, problems: &mut Vec<ModelProblem>) -> Vec<Path> {
    match &expr.kind {
        ExprKind::Variable(name) if name == "none" => Vec::new(),
        ExprKind::Tuple(items) => items.iter().flat_map(|i| paths(i, problems)).collect(),
        _ => match Path::read(expr) {
            Some(path) => vec![path],
            None => {
                problem(problems, expr.span, "expected a path such as block[0].attribute");
                Vec::new()
            }
        },
    }
}

fn spelling(attribute: Option<&Attribute>, problems: &mut Vec<ModelProblem>) -> Spelling {
    let Some(attribute) = attribute else { return Spelling::default() };
    Spelling { paths: paths(&attribute.value, problems), span: Some(attribute.value.span) }
}

fn is_true(attribute: Option<&Attribute>) -> bool {
    attribute.is_some_and(|a| matches!(a.value.kind, ExprKind::Bool(true)))
}

fn known_attributes(body: &Body, known: &[&str], problems: &mut Vec<ModelProblem>) {
    for attribute in body.attributes() {
        if !known.contains(&attribute.name.name.as_str()) {
            problem(problems, attribute.name.span, format!("unknown key {}", attribute.name.name));
        }
    }
}

/// Attributes that several lists or resources of a file have in common, by name.
type Shapes<'d> = FxHashMap<Str, &'d Body>;

/// The attributes of a list or resource: its own, and those of its shape that it does not spell itself.
fn read_attributes(body: &Body, shapes: &Shapes<'_>, problems: &mut Vec<ModelProblem>) -> Vec<AttributeModel> {
    let mut blocks: Vec<(&Str, &Block)> =
        body.blocks_of("attribute").filter_map(|b| b.label(0).map(|label| (label, b))).collect();
    for name in strings(body.attribute("shape"), problems) {
        let Some(shape) = shapes.get(&name) else {
            let span = body.attribute("shape").map_or(body.span, |a| a.value.span);
            problem(problems, span, format!("there is no shape {name} in this file"));
            continue;
        };
        let shared = shape.blocks_of("attribute").filter_map(|b| b.label(0).map(|label| (label, b)));
        let new: Vec<_> = shared.filter(|(label, _)| blocks.iter().all(|(own, _)| own != label)).collect();
        blocks.extend(new);
    }
    blocks.into_iter().map(|(label, block)| read_attribute(label, block, problems)).collect()
}

fn read_model(name: Str, block: &Block, shapes: &Shapes<'_>, problems: &mut Vec<ModelProblem>) -> Model {
    let body = &block.body;
    known_attributes(body, &["terraform", "cloudformation", "identity", "shape"], problems);
    let mut model = Model {
        name,
        terraform: strings(body.attribute("terraform"), problems),
        cloudformation: strings(body.attribute("cloudformation"), problems),
        identity: body.attribute("identity").map(|a| paths(&a.value, problems)).unwrap_or_default(),
        attributes: read_attributes(body, shapes, problems),
        lists: Vec::new(),
        relations: Vec::new(),
        span: block.header,
    };
    for inner in body.blocks() {
        let Some(label) = inner.label(0).cloned() else {
            problem(problems, inner.header, "a label is missing");
            continue;
        };
        match inner.kind.name.as_str() {
            "attribute" => {}
            "list" => model.lists.push(read_list(label, inner, shapes, problems)),
            "relation" => model.relations.push(read_relation(label, inner, problems)),
            _ => problem(problems, inner.header, "expected attribute, list or relation"),
        }
    }
    model
}

fn read_attribute(label: &Str, block: &Block, problems: &mut Vec<ModelProblem>) -> AttributeModel {
    let body = &block.body;
    known_attributes(
        body,
        &[
            "type",
            "terraform",
            "cloudformation",
            "absent",
            "absent_terraform",
            "absent_cloudformation",
            "own",
            "required",
            "fills_element",
            "source",
        ],
        problems,
    );
    let of = match body.attribute("type").and_then(|a| a.value.as_path()).as_deref() {
        Some([name]) => match name.as_str() {
            "any" => AttributeType::Any,
            "string" => AttributeType::String,
            "number" => AttributeType::Number,
            "bool" => AttributeType::Bool,
            "strings" => AttributeType::Strings,
            "tags" => AttributeType::Tags,
            _ => {
                problem(problems, block.header, format!("there is no type {name}"));
                AttributeType::Any
            }
        },
        _ => {
            problem(problems, block.header, "a type is missing");
            AttributeType::Any
        }
    };
    let absent = |key: &str| body.attribute(key).or_else(|| body.attribute("absent")).map(|a| read_absence(&a.value));
    AttributeModel {
        path: label.split('.').map(Str::from).collect(),
        of,
        terraform: spelling(body.attribute("terraform"), problems),
        cloudformation: spelling(body.attribute("cloudformation"), problems),
        absent_terraform: absent("absent_terraform").unwrap_or(Absence::Nothing),
        absent_cloudformation: absent("absent_cloudformation").unwrap_or(Absence::Nothing),
        satellites: body.blocks_of("satellite").filter_map(|b| read_satellite(b, problems)).collect(),
        own: is_true(body.attribute("own")),
        required: is_true(body.attribute("required")),
        fills_element: is_true(body.attribute("fills_element")),
    }
}

fn read_absence(expr: &Expr) -> Absence {
    if let ExprKind::Call { name, args, .. } = &expr.kind
        && name.name == "unknown"
    {
        let why = args.first().and_then(Expr::as_string).cloned();
        return Absence::Unknown(why.unwrap_or_else(|| "it is decided elsewhere".into()));
    }
    Absence::Default(expr.clone())
}

fn read_list(name: Str, block: &Block, shapes: &Shapes<'_>, problems: &mut Vec<ModelProblem>) -> ListModel {
    let body = &block.body;
    let known = ["terraform", "cloudformation", "own", "shape", "absent", "absent_terraform", "absent_cloudformation"];
    known_attributes(body, &known, problems);
    let absent = |key: &str| body.attribute(key).or_else(|| body.attribute("absent")).map(|a| a.value.clone());
    let attributes = read_attributes(body, shapes, problems);
    ListModel {
        name,
        terraform: spelling(body.attribute("terraform"), problems),
        cloudformation: spelling(body.attribute("cloudformation"), problems),
        attributes,
        satellites: body.blocks_of("satellite").filter_map(|b| read_satellite(b, problems)).collect(),
        own: is_true(body.attribute("own")),
        absent_terraform: absent("absent_terraform"),
        absent_cloudformation: absent("absent_cloudformation"),
    }
}

fn read_satellite(block: &Block, problems: &mut Vec<ModelProblem>) -> Option<Satellite> {
    let body = &block.body;
    known_attributes(body, &["parent", "value", "when", "spelling", "reference", "since"], problems);
    let Some(type_name) = block.label(0).cloned() else {
        problem(problems, block.header, "a satellite is labelled with its type");
        return None;
    };
    let parent = body.attribute("parent").map(|a| paths(&a.value, problems)).unwrap_or_default();
    if parent.is_empty() {
        problem(problems, block.header, "a satellite names its parent: parent = attribute");
        return None;
    }
    let text = |key: &str| {
        let value = &body.attribute(key)?.value;
        value.as_string().cloned().or_else(|| value.as_path().map(|p| p.join(".").into()))
    };
    let mut own = FxHashMap::default();
    if let Some(attribute) = body.attribute("spelling") {
        match &attribute.value.kind {
            ExprKind::Object(entries) => {
                for entry in entries {
                    if let Some(key) = entry.key.as_string() {
                        own.insert(key.clone(), paths(&entry.value, problems));
                    }
                }
            }
            _ => problem(problems, attribute.value.span, "expected { field = path }"),
        }
    }
    Some(Satellite {
        type_name,
        parent,
        value: body.attribute("value").and_then(|a| Path::read(&a.value)),
        when: body.attribute("when").map(|a| a.value.clone()),
        spelling: own,
        reference: text("reference"),
        since: text("since"),
        span: block.header,
    })
}

fn read_relation(name: Str, block: &Block, problems: &mut Vec<ModelProblem>) -> Relation {
    let body = &block.body;
    known_attributes(
        body,
        &[
            "to",
            "terraform",
            "cloudformation",
            "inherit",
            "version_terraform",
            "version_cloudformation",
            "many",
            "unseen",
        ],
        problems,
    );
    let unseen = body.attribute("unseen");
    if let Some(attribute) = unseen
        && !matches!(&attribute.value.kind, ExprKind::Variable(name) if name == "absent")
    {
        problem(problems, attribute.value.span, "expected absent");
    }
    let flag = |key: &str| is_true(body.attribute(key));
    Relation {
        name,
        to: strings(body.attribute("to"), problems),
        terraform: spelling(body.attribute("terraform"), problems),
        cloudformation: spelling(body.attribute("cloudformation"), problems),
        inherit: flag("inherit"),
        version_terraform: spelling(body.attribute("version_terraform"), problems),
        version_cloudformation: spelling(body.attribute("version_cloudformation"), problems),
        many: flag("many"),
        unseen_is_absent: unseen.is_some(),
    }
}
