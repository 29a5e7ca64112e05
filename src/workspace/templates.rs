//! Reading files that may be templates or plans, and evaluating templates.

use super::{Request, TemplateIndex, read_fault};
use crate::dialect::terraform::plan::{self, Plan};
use crate::dialect::{Declaration, Root, cloudformation};
use crate::report::{Fault, FaultKind};
use crate::source::{FileSystem, ReadError, Sources, display_name, normalize};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A template and where it is.
pub(super) struct ParsedTemplate {
    pub path: PathBuf,
    pub template: Arc<cloudformation::Template>,
    /// Whether it may import values of other stacks.
    pub imports: bool,
    /// Whether it may export values.
    pub exports: bool,
}

/// What the candidates turned out to be.
pub(super) struct Candidates {
    pub templates: Vec<Arc<ParsedTemplate>>,
    pub plans: Vec<Plan>,
    pub skipped: usize,
    pub faults: Vec<Fault>,
}

enum Read {
    Template(Arc<ParsedTemplate>),
    Plan(Box<Plan>),
    Other,
    Fault(Fault),
}

/// Reads the files that may be templates; what is none is counted.
pub(super) fn read_all(
    paths: &[PathBuf],
    named: &BTreeSet<PathBuf>,
    fs: &dyn FileSystem,
    sources: &Sources,
) -> Candidates {
    let read: Vec<Read> = paths
        .par_iter()
        .map(|path| match fs.read(path) {
            Ok(text) => {
                if plan::may_be_plan(&text) {
                    let id = sources.add(path.clone(), text);
                    return match plan::read(id, normalize(path), &sources.get(id).text) {
                        Some(plan) => Read::Plan(Box::new(plan)),
                        None => Read::Other,
                    };
                }
                if !cloudformation::may_be_template(&text) {
                    return Read::Other;
                }
                let imports = text.contains("ImportValue");
                // A stack that is nested may export as well.
                let exports = ["Export", "TemplateURL", "Location"].iter().any(|word| text.contains(word));
                let id = sources.add(path.clone(), text);
                match cloudformation::read(id, &sources.get(id).text) {
                    Some(template) => {
                        let (path, template) = (normalize(path), Arc::new(template));
                        Read::Template(Arc::new(ParsedTemplate { path, template, imports, exports }))
                    }
                    None => Read::Other,
                }
            }
            // Binary data under the name of a data file is nobody's template.
            Err(ReadError::NotUtf8(_)) if !named.contains(path) => Read::Other,
            Err(error) => Read::Fault(read_fault(path, &error)),
        })
        .collect();
    let mut out = Candidates { templates: Vec::new(), plans: Vec::new(), skipped: 0, faults: Vec::new() };
    for (path, read) in paths.iter().zip(read) {
        match read {
            Read::Template(template) => out.templates.push(template),
            Read::Plan(plan) => out.plans.push(*plan),
            Read::Fault(fault) => out.faults.push(fault),
            Read::Other => {
                out.skipped += 1;
                if named.contains(path) {
                    let message = "neither Terraform, nor a plan, nor a CloudFormation template".to_owned();
                    out.faults.push(Fault { path: display_name(path), span: None, message, kind: FaultKind::Notice });
                }
            }
        }
    }
    out
}

struct Files<'a> {
    index: &'a TemplateIndex,
    exports: cloudformation::Exports,
}

impl cloudformation::Loader for Files<'_> {
    fn load(&self, path: &Path) -> Option<Arc<cloudformation::Template>> {
        self.index.get(&normalize(path)).map(|t| t.template.clone())
    }

    fn exports(&self) -> Option<&cloudformation::Exports> {
        Some(&self.exports)
    }
}

/// A root is not shown more declarations of other roots.
const MAX_FOREIGN: usize = 20_000;

/// Evaluates every template as a root. Those of which one imports what another exports see one another's declarations.
pub(super) fn evaluate_all(templates: &[Arc<ParsedTemplate>], request: &Request<'_>) -> Vec<Root> {
    let index: TemplateIndex = templates.iter().map(|t| (t.path.clone(), t.clone())).collect();
    let options = cloudformation::Options { strict_inputs: request.variables.strict };
    let mut files = Files { index: &index, exports: cloudformation::Exports::default() };
    if templates.iter().any(|t| t.imports) {
        let all: Vec<_> = templates
            .par_iter()
            .filter(|t| t.exports)
            .map(|t| {
                let name = display_name(&t.path);
                cloudformation::exports(&t.template, &name, request.parameters, &files, &options)
            })
            .collect();
        files.exports.extend(all.into_iter().flatten());
    }
    let mut roots: Vec<Root> = templates
        .par_iter()
        .map(|t| cloudformation::evaluate(&t.template, &display_name(&t.path), request.parameters, &files, &options))
        .collect();
    let links: Vec<(usize, usize)> = roots
        .iter()
        .enumerate()
        .flat_map(|(i, root)| {
            let other = |name: &String| roots.iter().position(|r| r.name == *name);
            root.imports.iter().filter_map(other).map(move |j| (i, j)).collect::<Vec<_>>()
        })
        .collect();
    let involved: BTreeSet<usize> = links.iter().flat_map(|&(i, j)| [i, j]).collect();
    let foreign: FxHashMap<usize, Vec<Declaration>> = involved
        .into_par_iter()
        .filter_map(|i| {
            let (template, root) = (templates.get(i)?, roots.get(i)?);
            let parameters = request.parameters;
            let seen = cloudformation::evaluate_foreign(&template.template, &root.name, parameters, &files, &options);
            Some((i, seen))
        })
        .collect();
    let both_ways: BTreeSet<(usize, usize)> = links.into_iter().flat_map(|(i, j)| [(i, j), (j, i)]).collect();
    for (to, from) in both_ways {
        let (Some(seen), Some(file)) = (foreign.get(&from), templates.get(from)) else { continue };
        let Some(root) = roots.get_mut(to) else { continue };
        if root.declarations.len() - root.resources + seen.len() <= MAX_FOREIGN {
            root.declarations.extend(seen.iter().cloned());
            root.files.push(file.template.file);
        }
    }
    roots
}
