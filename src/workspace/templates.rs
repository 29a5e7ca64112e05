//! Reading files that may be templates or plans, and evaluating templates.

use super::{Request, TemplateIndex, read_fault};
use crate::dialect::terraform::plan::{self, Plan};
use crate::dialect::{Root, cloudformation};
use crate::report::{Fault, FaultKind};
use crate::source::{FileSystem, ReadError, Sources, display_name, normalize};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A template and where it is.
pub(super) struct ParsedTemplate {
    pub path: PathBuf,
    pub template: Arc<cloudformation::Template>,
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
                let id = sources.add(path.clone(), text);
                match cloudformation::read(id, &sources.get(id).text) {
                    Some(template) => {
                        Read::Template(Arc::new(ParsedTemplate { path: normalize(path), template: Arc::new(template) }))
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
}

impl cloudformation::Loader for Files<'_> {
    fn load(&self, path: &Path) -> Option<Arc<cloudformation::Template>> {
        self.index.get(&normalize(path)).map(|t| t.template.clone())
    }
}

/// Evaluates every template as a root.
pub(super) fn evaluate_all(templates: &[Arc<ParsedTemplate>], request: &Request<'_>) -> Vec<Root> {
    let index: TemplateIndex = templates.iter().map(|t| (t.path.clone(), t.clone())).collect();
    let options = cloudformation::Options { strict_inputs: request.variables.strict };
    templates
        .par_iter()
        .map(|template| {
            let name = display_name(&template.path);
            cloudformation::evaluate(&template.template, &name, request.parameters, &Files { index: &index }, &options)
        })
        .collect()
}
