//! One Terraform module: the files of a folder, parsed and indexed.

use crate::source::{FileId, Span};
use crate::syntax::Problem;
use crate::syntax::hcl::{Attribute, Block, Document, Expr, Item};
use crate::value::Str;
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::dialect::Mode;

/// A file of a module.
#[derive(Debug)]
pub struct ModuleFile {
    /// The file.
    pub id: FileId,
    /// Its tree.
    pub document: Document,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// A `resource` or `data` block.
#[derive(Debug)]
pub struct ResourceBlock {
    /// Resource or data source.
    pub mode: Mode,
    /// The first label.
    pub type_name: Str,
    /// The second label.
    pub name: Str,
    /// The block.
    pub block: Block,
}

impl ResourceBlock {
    /// `aws_x.name` or `data.aws_x.name`.
    pub fn address(&self) -> Str {
        match self.mode {
            Mode::Resource | Mode::Part => format!("{}.{}", self.type_name, self.name),
            Mode::Data => format!("data.{}.{}", self.type_name, self.name),
        }
        .into()
    }
}

/// The blocks of a folder by what they declare. Blocks are kept in the order of files and lines.
#[derive(Debug, Default)]
pub struct Module {
    /// The folder.
    pub dir: PathBuf,
    /// The files that make it up.
    pub files: Vec<FileId>,
    /// Resources and data sources.
    pub resources: Vec<ResourceBlock>,
    by_name: FxHashMap<(Mode, Str, Str), usize>,
    /// `variable` blocks.
    pub variables: IndexMap<Str, Block>,
    /// Local values.
    pub locals: FxHashMap<Str, Attribute>,
    /// `output` blocks.
    pub outputs: IndexMap<Str, Block>,
    /// `module` blocks.
    pub calls: IndexMap<Str, Block>,
    /// `provider` blocks, by name and alias.
    pub providers: FxHashMap<(Str, Str), Block>,
    /// `terraform` blocks.
    pub settings: Vec<Block>,
    /// Places that could not be read.
    pub damaged: Vec<Span>,
    /// Blocks that are declared twice: the second one's header and what it is.
    pub duplicates: Vec<(Span, String)>,
}

impl Module {
    /// Indexes the files of a folder. Override files (`override.tf`, `*_override.tf`) come last and are merged into
    /// the blocks they override, attribute by attribute.
    pub fn new(dir: PathBuf, files: Vec<(String, Arc<ModuleFile>)>) -> Self {
        let mut module = Module { dir, ..Module::default() };
        let (overrides, ordinary): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| is_override(name));
        for (_, file) in ordinary {
            module.files.push(file.id);
            module.damaged.extend(file.problems.iter().map(|p| p.span));
            for block in file.document.body.blocks() {
                module.add(block);
            }
        }
        for (_, file) in overrides {
            module.files.push(file.id);
            module.damaged.extend(file.problems.iter().map(|p| p.span));
            for block in file.document.body.blocks() {
                module.merge(block);
            }
        }
        module
    }

    /// The block of a resource or data source.
    pub fn resource(&self, mode: Mode, type_name: &str, name: &str) -> Option<usize> {
        self.by_name.get(&(mode, Str::from(type_name), Str::from(name))).copied()
    }

    fn add(&mut self, block: &Block) {
        let label = |i: usize| block.label(i).cloned();
        let mut again = false;
        match (block.kind.name.as_str(), label(0), label(1)) {
            ("resource" | "data", Some(type_name), Some(name)) => {
                let mode = mode_of(&block.kind.name);
                let key = (mode, type_name.clone(), name.clone());
                if self.by_name.contains_key(&key) {
                    again = true;
                } else {
                    self.by_name.insert(key, self.resources.len());
                    self.resources.push(ResourceBlock { mode, type_name, name, block: block.clone() });
                }
            }
            ("variable", Some(name), _) => again = self.variables.insert(name, block.clone()).is_some(),
            ("output", Some(name), _) => again = self.outputs.insert(name, block.clone()).is_some(),
            ("module", Some(name), _) => again = self.calls.insert(name, block.clone()).is_some(),
            ("provider", Some(name), _) => {
                let alias = alias_of(block);
                again = self.providers.insert((name, alias), block.clone()).is_some();
            }
            ("locals", ..) => {
                for attribute in block.body.attributes() {
                    if self.locals.insert(attribute.name.name.clone(), attribute.clone()).is_some() {
                        self.duplicates
                            .push((attribute.name.span, format!("local.{} is set twice", attribute.name.name)));
                    }
                }
            }
            ("terraform", ..) => self.settings.push(block.clone()),
            // A data source inside a check is read for the check alone.
            _ => {}
        }
        if again {
            let labels: Vec<&str> = block.labels.iter().map(|l| l.name.as_str()).collect();
            self.duplicates.push((block.header, format!("{} {} is declared twice", block.kind.name, labels.join("."))));
        }
    }

    fn merge(&mut self, block: &Block) {
        let label = |i: usize| block.label(i).cloned();
        let target = match (block.kind.name.as_str(), label(0), label(1)) {
            ("resource" | "data", Some(type_name), Some(name)) => self
                .by_name
                .get(&(mode_of(&block.kind.name), type_name, name))
                .and_then(|&i| self.resources.get_mut(i))
                .map(|r| &mut r.block),
            ("variable", Some(name), _) => self.variables.get_mut(&name),
            ("output", Some(name), _) => self.outputs.get_mut(&name),
            ("module", Some(name), _) => self.calls.get_mut(&name),
            ("provider", Some(name), _) => self.providers.get_mut(&(name, alias_of(block))),
            ("locals", ..) => {
                for attribute in block.body.attributes() {
                    self.locals.insert(attribute.name.name.clone(), attribute.clone());
                }
                return;
            }
            _ => None,
        };
        match target {
            Some(target) => merge_body(target, block),
            None => self.add(block),
        }
    }
}

/// Terraform's rule: an attribute replaces the attribute, nested blocks of one kind replace all blocks of that kind.
fn merge_body(target: &mut Block, by: &Block) {
    for item in &by.body.items {
        match item {
            Item::Attribute(attribute) => {
                target.body.items.retain(|i| !matches!(i, Item::Attribute(a) if a.name.name == attribute.name.name));
            }
            Item::Block(block) if block.kind.name != "lifecycle" => {
                let kind = block_kind(block);
                target.body.items.retain(|i| !matches!(i, Item::Block(b) if block_kind(b) == kind));
            }
            Item::Block(_) => {}
        }
    }
    target.body.items.extend(by.body.items.iter().cloned());
}

/// The kind of a nested block; that of its content for a dynamic one.
fn block_kind(block: &Block) -> &Str {
    match (block.kind.name.as_str(), block.label(0)) {
        ("dynamic", Some(kind)) => kind,
        _ => &block.kind.name,
    }
}

fn mode_of(kind: &str) -> Mode {
    if kind == "data" { Mode::Data } else { Mode::Resource }
}

fn alias_of(block: &Block) -> Str {
    block.body.attribute("alias").and_then(|a| a.value.as_string().cloned()).unwrap_or_default()
}

fn is_override(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}

/// The `source` of a module call, if it is a plain string.
pub fn source_of(call: &Block) -> Option<(&Str, &Expr)> {
    let attribute = call.body.attribute("source")?;
    Some((attribute.value.as_string()?, &attribute.value))
}
