//! From paths to a report: what every front end does the same way.
//!
//! Files parse in parallel, then roots evaluate and are judged in parallel; a file is read and parsed once.

mod assembly;
mod computed;
mod declare;
mod ignores;
mod naming;
mod parts;
mod read;
mod roots;
mod selection;
mod templates;
mod yielding;

pub use declare::declare;
pub use ignores::Ignores;
pub use naming::{add_naming_rules, naming_value};
pub use selection::{Selection, UnknownRule, matches as rule_matches};

use crate::dialect::terraform::{self, ModuleFile};
use crate::dialect::{Dialect, Mode, Root, cloudformation};
use crate::graph::{ANY, Graph, type_key};
use crate::report::suppress::Anchored;
use crate::report::{Builder, Case, Fault, FaultKind, Finding, Report, Severity, Summary, Trees, Undetermined};
use crate::rules::{Library, Loaded, Local, ParamValues, Rule, Settings, is_idle, judge};
use crate::source::{FileId, FileSystem, ReadError, Sources, Span, display_name, normalize};
use crate::value::{Str, Value};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use templates::ParsedTemplate;

/// Files to analyse.
#[derive(Clone, Debug, Default)]
pub struct Units {
    /// Folders of Terraform modules with their files.
    pub modules: Vec<(PathBuf, Vec<PathBuf>)>,
    /// Files that may be templates.
    pub candidates: Vec<PathBuf>,
    /// Candidates that were named by the user: one that cannot be read or is no template is worth a word.
    pub named: BTreeSet<PathBuf>,
    /// Only roots that one of these files takes part in are reported.
    pub focus: Option<BTreeSet<PathBuf>>,
}

/// What a run is to do, beside the files.
pub struct Request<'a> {
    /// The door to the file system.
    pub fs: &'a dyn FileSystem,
    /// The rules there are.
    pub library: &'a Library,
    /// The rules to run.
    pub selection: &'a Selection,
    /// Severities set by the configuration.
    pub severity: &'a (dyn Fn(&Rule) -> Option<Severity> + Sync),
    /// Parameters set by the configuration.
    pub params: &'a ParamValues,
    /// What the configuration sets for a file only.
    pub local: &'a (dyn Fn(&Path) -> Option<Arc<Local>> + Sync),
    /// Rules with parameters that are set for some files only.
    pub tuned: &'a FxHashSet<Str>,
    /// The naming convention, for rules.
    pub naming: &'a Value,
    /// Values of Terraform variables.
    pub variables: &'a terraform::Inputs,
    /// Values of CloudFormation parameters.
    pub parameters: &'a cloudformation::Inputs,
    /// Sources of modules that are kept in a folder.
    pub module_map: &'a FxHashMap<String, PathBuf>,
    /// Whether the folder of a root is an account baseline.
    pub baseline: &'a (dyn Fn(&Path) -> bool + Sync),
}

/// What a run found, before the authors' ignores are applied.
pub struct Outcome {
    /// Findings, one per instance, in the order of roots and rules.
    pub findings: Vec<Anchored<Finding>>,
    /// Undetermined verdicts, likewise.
    pub undetermined: Vec<Anchored<Undetermined>>,
    /// What could not be read, gaps, notices.
    pub faults: Vec<Fault>,
    /// The rules that were loaded and selected; not all that exist.
    pub rules: Vec<Arc<Rule>>,
    /// Numbers.
    pub summary: Summary,
    /// Parsed Terraform files, for ignores.
    pub module_files: Vec<Arc<ModuleFile>>,
    /// Parsed templates, for ignores.
    pub templates: Vec<Arc<cloudformation::Template>>,
}

/// What to call a file that cannot be read.
fn read_fault(path: &Path, error: &ReadError) -> Fault {
    Fault { path: display_name(path), span: None, message: error.to_string(), kind: FaultKind::Unreadable }
}

fn problems(file: FileId, problems: &[crate::syntax::Problem], sources: &Sources) -> Vec<Fault> {
    let path = sources.get(file).name.clone();
    problems
        .iter()
        .map(|p| Fault {
            path: path.clone(),
            span: Some(p.span),
            message: p.message.clone(),
            kind: FaultKind::Unreadable,
        })
        .collect()
}

/// Analyses files.
pub fn analyse(units: &Units, request: &Request<'_>, sources: &Sources) -> Outcome {
    let read::Read { mut faults, module_files, modules, roots, templates, plans, skipped, stacks, mut loaded } =
        read::read(units, request, sources);
    let rules: Vec<Arc<Rule>> = loaded.rules.iter().filter(|r| request.selection.includes(r)).cloned().collect();
    let is_tuned = |r: &Rule| request.tuned.contains(&r.info.id);
    // A rule that has to be given something before it judges anything costs nothing until then.
    let active: Vec<Arc<Rule>> =
        rules.iter().filter(|r| is_tuned(r) || !is_idle(r, request.params, request.naming)).cloned().collect();
    let any = active.iter().any(|r| r.targets.iter().any(|t| t == ANY));
    if !any {
        loaded.catalog.raw.remove(ANY);
    }
    let judged = |raw: &str| {
        let canonical = loaded.catalog.canonical(raw);
        canonical.is_some_and(|name| active.iter().any(|r| r.targets.contains(name)))
    };
    faults.extend(loaded.problems.iter().map(|p| Fault {
        path: sources.get(p.span.file).name.clone(),
        span: Some(p.span),
        message: p.message.clone(),
        kind: FaultKind::Unreadable,
    }));

    let wanted = |mode: Mode, type_name: &str| {
        let raw = type_key(mode, type_name);
        if mode == Mode::Part {
            return judged(&raw);
        }
        (any && mode == Mode::Resource)
            || request.library.knows_type(&raw)
            || loaded.judges_raw(Dialect::Terraform, &raw)
    };
    let computed = computed::FromCatalog { catalog: &loaded.catalog };
    let context = terraform::Context {
        sources,
        fs: request.fs,
        modules: &modules,
        module_map: request.module_map,
        computed: &computed,
        wanted: &wanted,
        inputs: request.variables,
    };
    let roots = roots::terraform_roots(&roots, &plans, &context);
    let trees = Trees::new();
    let run = Run { units, request, sources, loaded: &loaded, rules: &active, trees: &trees };
    let (of_modules, of_stacks) = rayon::join(
        || {
            roots
                .par_iter()
                .filter_map(|root| {
                    let mut evaluated = root.evaluate(&context)?;
                    if wanted(Mode::Part, "file") {
                        parts::add_files(&mut evaluated, sources);
                    }
                    Some(run.judge(&evaluated, (request.baseline)(&root.dir())))
                })
                .collect::<Vec<_>>()
        },
        || {
            stacks
                .into_par_iter()
                .map(|mut root| {
                    if wanted(Mode::Part, "File") {
                        parts::add_files(&mut root, sources);
                    }
                    run.judge(&root, (request.baseline)(Path::new(&root.name)))
                })
                .collect::<Vec<_>>()
        },
    );
    let mut summary = Summary {
        files: module_files.len() + templates.len() + plans.len(),
        skipped,
        roots: roots.len() + of_stacks.len(),
        rules: rules.len(),
        ..Summary::default()
    };
    let mut builder = Builder::new();
    builder.faults(faults);
    for (part, resources) in of_modules.into_iter().chain(of_stacks) {
        summary.resources += resources;
        builder.append(part);
    }
    let (mut findings, undetermined, faults) = builder.into_parts();
    yielding::drop_yielding(&mut findings, &rules);
    let with_parts = |t: Arc<ParsedTemplate>| std::iter::once(t.template.clone()).chain(t.included.clone());
    let templates = templates.into_iter().flat_map(with_parts).collect();
    Outcome { findings, undetermined, faults, rules, summary, module_files, templates }
}

struct Run<'a> {
    units: &'a Units,
    request: &'a Request<'a>,
    sources: &'a Sources,
    loaded: &'a Loaded,
    rules: &'a [Arc<Rule>],
    trees: &'a Trees,
}

impl Run<'_> {
    fn in_focus(&self, root: &Root) -> bool {
        let Some(focus) = &self.units.focus else { return true };
        root.files.iter().any(|&file| {
            let path = normalize(&self.sources.get(file).path);
            focus.contains(&path) || path.ancestors().skip(1).any(|dir| focus.contains(dir))
        })
    }

    fn judge(&self, root: &Root, baseline: bool) -> (Builder, usize) {
        let mut builder = Builder::new();
        if !self.in_focus(root) {
            return (builder, 0);
        }
        for note in &root.notes {
            let path = self.sources.get(note.span.file).name.clone();
            let kind = if note.gap { FaultKind::Gap } else { FaultKind::Notice };
            builder.fault(path, Some(note.span), note.message.clone(), kind);
        }
        let place = root.files.first().map(|&file| Span::new(file, 0, 0)).filter(|_| baseline);
        let graph = Graph::build(root, &self.loaded.catalog, self.sources, place);
        let known: RefCell<FxHashMap<FileId, Option<Arc<Local>>>> = RefCell::default();
        let local = |file: FileId| {
            let make = || (self.request.local)(&self.sources.get(file).path);
            known.borrow_mut().entry(file).or_insert_with(make).clone()
        };
        let settings = Settings {
            params: self.request.params,
            naming: self.request.naming,
            severity: self.request.severity,
            local: &local,
            tables: &self.loaded.tables,
        };
        let verdicts = judge(self.rules, &graph, &self.loaded.catalog, &settings);
        let case = Case {
            rules: self.rules,
            graph: &graph,
            catalog: &self.loaded.catalog,
            settings: &settings,
            sources: self.sources,
            trees: self.trees,
        };
        builder.verdicts(verdicts, &case);
        (builder, root.resources)
    }
}

impl Outcome {
    /// The report, as if nobody had accepted anything.
    pub fn into_report(self, sources: &Sources) -> Report {
        let mut report = Builder::report(self.findings, self.undetermined, Vec::new(), self.faults, sources);
        report.rules = self.rules.iter().map(|r| (*r.info).clone()).collect();
        report.summary = self.summary;
        report
    }
}

/// The template behind a path, among those that were read.
type TemplateIndex = FxHashMap<PathBuf, Arc<ParsedTemplate>>;
