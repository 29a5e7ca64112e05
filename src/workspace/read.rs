//! Reading the files of a run and loading the rules that their types need.

use super::templates::{self, ParsedTemplate};
use super::{Request, Units, problems, read_fault};
use crate::dialect::Root;
use crate::dialect::terraform::plan::Plan;
use crate::dialect::terraform::{self, Module, ModuleFile, Modules};
use crate::graph::type_key;
use crate::report::Fault;
use crate::rules::Loaded;
use crate::source::{Sources, normalize};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was read.
pub(super) struct Read {
    pub faults: Vec<Fault>,
    pub module_files: Vec<Arc<ModuleFile>>,
    pub modules: Modules,
    /// Modules that nobody else calls.
    pub roots: Vec<Arc<Module>>,
    pub templates: Vec<Arc<ParsedTemplate>>,
    pub plans: Vec<Plan>,
    /// Candidates that are no templates.
    pub skipped: usize,
    /// The templates, evaluated.
    pub stacks: Vec<Root>,
    /// Rules and catalogs for the types that occur.
    pub loaded: Loaded,
}

enum Parsed {
    File(PathBuf, String, Arc<ModuleFile>),
    Fault(Fault),
}

/// Reads all units.
pub(super) fn read(units: &Units, request: &Request<'_>, sources: &Sources) -> Read {
    let mut faults = Vec::new();
    let jobs: Vec<&PathBuf> = units.modules.iter().flat_map(|(_, files)| files).collect();
    // The largest part of the work: files of both dialects at once.
    let (parsed, candidates) = rayon::join(
        || {
            jobs.par_iter()
                .map(|path| match request.fs.read(path) {
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
    let modules = Modules::default();
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

    let templates::Candidates { templates, plans, skipped, faults: more } = candidates;
    faults.extend(more);
    for template in &templates {
        for part in std::iter::once(&template.template).chain(&template.included) {
            faults.extend(problems(part.file, &part.problems, sources));
        }
    }
    let stacks = templates::evaluate_all(&templates, request, sources);

    let mut types: FxHashSet<String> = FxHashSet::default();
    for module in &found {
        types.extend(module.resources.iter().map(|r| type_key(r.mode, &r.type_name)));
        types.extend(module.providers.keys().map(|(name, _)| format!("provider.{name}")));
        types.extend(["variable", "output", "file"].map(str::to_owned));
    }
    for plan in &plans {
        types.extend(plan.types().map(|(mode, type_name)| type_key(mode, type_name)));
    }
    for stack in &stacks {
        types.extend(stack.declarations.iter().map(|d| d.type_name.to_string()));
        types.insert("File".to_owned());
    }
    let baseline = found.iter().any(|m| (request.baseline)(&m.dir))
        || stacks.iter().any(|s| (request.baseline)(Path::new(&s.name)));
    let loaded = request.library.load_for(&types, baseline, sources);
    Read { faults, module_files, modules, roots, templates, plans, skipped, stacks, loaded }
}
