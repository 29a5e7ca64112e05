//! Plans as `terraform show -json` prints them: values from the plan, places from the configuration where it is there.

mod document;
mod overlay;
mod references;

use super::root::RootEval;
use super::{Context, Module, inputs};
use crate::dialect::{Declaration, Dialect, Mode, Root};
use crate::source::{FileId, Span};
use crate::value::{HopKind, Str, Trail, Truth, Value, When};
use document::Planned;
use overlay::overlay;
use references::Configuration;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use document::{may_be_plan, read};

/// A plan.
#[derive(Debug)]
pub struct Plan {
    /// The file.
    pub file: FileId,
    /// Where it is.
    pub path: PathBuf,
    /// Resources and data sources as they are planned, in the order of the plan.
    resources: Vec<Planned>,
    /// The values of the variables of the root module.
    variables: FxHashMap<Str, Value>,
    /// The keys of blocks with `count` or `for_each`, by address: strings and numbers.
    keys: FxHashMap<Str, Vec<Value>>,
    /// Addresses of module instances that are planned.
    modules: FxHashSet<Str>,
    /// What was read while planning, by address.
    data: FxHashMap<Str, usize>,
    /// What the configuration says of references and providers.
    configuration: Configuration,
}

impl Plan {
    /// The types of what is planned.
    pub fn types(&self) -> impl Iterator<Item = (Mode, &Str)> {
        self.resources.iter().map(|r| (r.mode, &r.type_name))
    }

    /// The value of a variable of the root module.
    pub(super) fn variable(&self, name: &str) -> Option<&Value> {
        self.variables.get(name)
    }

    /// The keys of a block at an address whose instances the configuration alone does not tell. `None`: it is in a
    /// module that is not planned.
    pub(super) fn keys(&self, module: &Str, address: &str) -> Option<&[Value]> {
        let planned = module.is_empty() || self.modules.contains(module);
        planned.then(|| self.keys.get(address).map_or(&[][..], Vec::as_slice))
    }

    /// What a data source gave.
    pub(super) fn data(&self, address: &str) -> Option<&Value> {
        self.resources.get(*self.data.get(address)?).map(|r| &r.values)
    }

    /// Whether the plan was made from a root module.
    pub fn is_of(&self, module: &Module) -> bool {
        self.configuration.is_of(module)
    }
}

/// The root module that a plan was made from: of those that fit, the one nearest to the plan.
pub fn root_of(plan: &Plan, roots: &[Arc<Module>]) -> Option<Arc<Module>> {
    let home = plan.path.parent().unwrap_or(Path::new(""));
    let distance = |dir: &Path| {
        let common = home.components().zip(dir.components()).take_while(|(a, b)| a == b).count();
        home.components().count() + dir.components().count() - 2 * common
    };
    let fitting = roots.iter().filter(|m| plan.is_of(m));
    fitting.min_by_key(|m| (distance(&m.dir), m.dir.clone())).cloned()
}

/// Evaluates the root that a plan was made from, with the values of the plan.
pub fn evaluate(plan: &Plan, module: Option<&Arc<Module>>, context: &Context<'_>) -> Root {
    let name = crate::source::display_name(&plan.path);
    let mut calls = FxHashMap::default();
    let mut root = match module {
        Some(module) => {
            let given = inputs::read(&module.dir, context.inputs, context.sources, context.fs);
            let eval = RootEval::new(context, &module.dir, given).with_plan(plan);
            let root = eval.run(module, name, &mut calls);
            // What the configuration leaves open the plan decides.
            Root { notes: root.notes.into_iter().filter(|n| !is_decided(&n.message)).collect(), ..root }
        }
        None => Root {
            dialect: Dialect::Terraform,
            name,
            declarations: Vec::new(),
            resources: 0,
            notes: Vec::new(),
            files: Vec::new(),
            imports: std::collections::BTreeSet::new(),
        },
    };
    let mut sources: FxHashMap<Str, Declaration> =
        root.declarations.drain(..).map(|d| (d.address.clone(), d)).collect();
    root.resources = plan.resources.iter().filter(|r| r.mode == Mode::Resource).count();
    for planned in &plan.resources {
        if !(context.wanted)(planned.mode, &planned.type_name) {
            continue;
        }
        let declaration = match sources.remove(&planned.address) {
            Some(source) => Declaration {
                attributes: overlay(&source.attributes, &planned.values),
                exists: Truth::Yes,
                exists_inside: Truth::Yes,
                exists_cause: None,
                ..source
            },
            None => plan.alone(planned, &calls),
        };
        root.declarations.push(declaration);
    }
    // Data sources that the plan does not show are as the configuration has them, and so is what no plan shows.
    let mut left: Vec<Declaration> = sources.into_values().filter(|d| d.mode != Mode::Resource).collect();
    left.sort_by(|a, b| a.address.cmp(&b.address));
    root.declarations.extend(left);
    root.files.push(plan.file);
    root
}

/// Whether a note is about something that the plan knows.
fn is_decided(message: &str) -> bool {
    message.contains("is not on disk")
}

impl Plan {
    /// A resource without source: located at the call of its module or, lacking that, in the plan.
    fn alone(&self, planned: &Planned, calls: &FxHashMap<Str, Vec<(Str, Span)>>) -> Declaration {
        let mut module = planned.module.as_str();
        let callers = loop {
            if let Some(callers) = calls.get(module) {
                break callers.clone();
            }
            // The nearest call around it that is in the tree.
            match references::split_module(module) {
                Some((outer, _)) => module = outer,
                None => break Vec::new(),
            }
        };
        let call = callers.last().map(|(_, span)| *span);
        let header = call.unwrap_or(planned.span);
        let attributes = self.configuration.attributes(planned, self);
        let attributes = match call {
            Some(span) => at_call(&attributes, &planned.address, span),
            None => attributes,
        };
        Declaration {
            dialect: Dialect::Terraform,
            mode: planned.mode,
            type_name: planned.type_name.clone(),
            address: planned.address.clone(),
            module: planned.module.clone(),
            header,
            span: header,
            body: header,
            exists: Truth::Yes,
            exists_inside: Truth::Yes,
            exists_cause: None,
            when: When::always(),
            exists_trail: Trail::none(),
            attributes: attributes.with_trail(Trail::block(header)),
            meta: Value::absent(),
            provider: self.configuration.provider(planned),
            callers,
            foreign: false,
        }
    }

    /// Whether a resource of that address is planned.
    fn has(&self, address: &str) -> bool {
        self.resources.iter().any(|r| r.address == address)
    }
}

/// The same value, located at the call of the module that brings it.
fn at_call(value: &Value, address: &Str, span: Span) -> Value {
    let mut out = overlay::map_parts(value, &|v| at_call(v, address, span));
    out.trail = if value.trail.is_none() { Trail::none() } else { Trail::one(HopKind::Planned, address.clone(), span) };
    out
}
