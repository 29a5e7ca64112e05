//! From paths to a report: what every front end does the same way.
//!
//! Files parse in parallel, then roots evaluate and are judged in parallel; a file is read and parsed once.

mod computed;
mod ignores;
mod naming;
mod selection;
mod templates;

pub use ignores::Ignores;
pub use naming::{add_naming_rules, naming_value};
pub use selection::{Selection, UnknownRule, matches as rule_matches};

use crate::dialect::terraform::{self, Module, ModuleFile};
use crate::dialect::{Dialect, Mode, Root, cloudformation};
use crate::graph::{Graph, type_key};
use crate::report::suppress::Anchored;
use crate::report::{Builder, Case, Fault, FaultKind, Finding, Report, Severity, Summary, Trees, Undetermined};
use crate::rules::{Library, Loaded, ParamValues, Rule, Settings, judge};
use crate::source::{FileId, FileSystem, ReadError, Sources, Span, display_name, normalize};
use crate::value::Value;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
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
    /// Severities set by the configuration, by rule id and by the path of the file that is reported.
    pub severity: &'a (dyn Fn(&Rule) -> Severity + Sync),
    /// Parameters set by the configuration.
    pub params: &'a ParamValues,
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

enum Parsed {
    File(PathBuf, String, Arc<ModuleFile>),
    Fault(Fault),
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
    let mut faults = Vec::new();
    let jobs: Vec<(&PathBuf, &PathBuf)> =
        units.modules.iter().flat_map(|(dir, files)| files.iter().map(move |f| (dir, f))).collect();
    // The largest part of the work: files of both dialects at once.
    let (parsed, candidates) = rayon::join(
        || {
            jobs.par_iter()
                .map(|(_, path)| match request.fs.read(path) {
                    Ok(text) => {
                        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                        let file = terraform::parse_file((*path).clone(), text, sources);
                        Parsed::File((*path).clone(), name, Arc::new(file))
                    }
                    Err(error) => Parsed::Fault(read_fault(path, &error)),
                })
                .collect::<Vec<_>>()
        },
        || templates::read_all(&units.candidates, &units.named, request.fs, sources),
    );
    let mut by_dir: FxHashMap<PathBuf, Vec<(String, Arc<ModuleFile>)>> = FxHashMap::default();
    let mut module_files = Vec::new();
    for item in parsed {
        match item {
            Parsed::Fault(fault) => faults.push(fault),
            Parsed::File(path, name, file) => {
                faults.extend(problems(file.id, &file.problems, sources));
                module_files.push(file.clone());
                let dir = normalize(path.parent().unwrap_or(Path::new("")));
                by_dir.entry(dir).or_default().push((name, file));
            }
        }
    }
    let modules = terraform::Modules::default();
    let mut found: Vec<Arc<Module>> = by_dir
        .into_par_iter()
        .map(|(dir, files)| {
            let module = Arc::new(Module::new(dir, files));
            modules.insert(module.clone());
            module
        })
        .collect();
    found.sort_by(|a, b| a.dir.cmp(&b.dir));
    let roots = terraform::roots(&found);

    let templates::Candidates { templates, skipped, faults: more } = candidates;
    faults.extend(more);
    for template in &templates {
        faults.extend(problems(template.template.file, &template.template.problems, sources));
    }
    let stacks = templates::evaluate_all(&templates, request);

    let mut types: FxHashSet<String> = FxHashSet::default();
    for module in &found {
        types.extend(module.resources.iter().map(|r| type_key(r.mode, &r.type_name)));
    }
    for stack in &stacks {
        types.extend(stack.declarations.iter().map(|d| d.type_name.to_string()));
    }
    let baseline = found.iter().any(|m| (request.baseline)(&m.dir))
        || stacks.iter().any(|s| (request.baseline)(Path::new(&s.name)));
    let loaded = request.library.load_for(&types, baseline, sources);
    let rules: Vec<Arc<Rule>> = loaded.rules.iter().filter(|r| request.selection.includes(r)).cloned().collect();
    faults.extend(loaded.problems.iter().map(|p| Fault {
        path: sources.get(p.span.file).name.clone(),
        span: Some(p.span),
        message: p.message.clone(),
        kind: FaultKind::Unreadable,
    }));

    let wanted = |mode: Mode, type_name: &str| {
        let raw = type_key(mode, type_name);
        request.library.knows_type(&raw) || loaded.judges_raw(Dialect::Terraform, &raw)
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
    let trees = Trees::new();
    let run = Run { units, request, sources, loaded: &loaded, rules: &rules, trees: &trees };
    let (of_modules, of_stacks) = rayon::join(
        || {
            roots
                .par_iter()
                .map(|module| {
                    let root = terraform::evaluate(module, &context);
                    let baseline = (request.baseline)(&module.dir);
                    run.judge(&root, baseline)
                })
                .collect::<Vec<_>>()
        },
        || stacks.par_iter().map(|root| run.judge(root, (request.baseline)(Path::new(&root.name)))).collect::<Vec<_>>(),
    );
    let mut summary = Summary {
        files: module_files.len() + templates.len(),
        skipped,
        roots: roots.len() + stacks.len(),
        rules: rules.len(),
        ..Summary::default()
    };
    let mut builder = Builder::new();
    builder.faults(faults);
    for (part, resources) in of_modules.into_iter().chain(of_stacks) {
        summary.resources += resources;
        builder.append(part);
    }
    let (findings, undetermined, faults) = builder.into_parts();
    let templates = templates.into_iter().map(|t| t.template.clone()).collect();
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
        let graph = Graph::build(root, &self.loaded.catalog, place);
        let settings =
            Settings { params: self.request.params, naming: self.request.naming, severity: self.request.severity };
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
