//! Reading files that may be templates or plans, and evaluating templates.

use super::assembly::Assemblies;
use super::{Request, TemplateIndex, read_fault};
use crate::dialect::terraform::plan::{self, Plan};
use crate::dialect::{Declaration, Root, cloudformation};
use crate::report::{Fault, FaultKind};
use crate::source::{FileSystem, ReadError, Sources, display_name, normalize};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A template and where it is.
pub(super) struct ParsedTemplate {
    pub path: PathBuf,
    pub template: Arc<cloudformation::Template>,
    /// The files that are included in it.
    pub included: Vec<Arc<cloudformation::Template>>,
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
                    Some(mut template) => {
                        let path = normalize(path);
                        let included = include(&mut template, &path, fs, sources);
                        let template = Arc::new(template);
                        Read::Template(Arc::new(ParsedTemplate { path, template, included, imports, exports }))
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

/// Puts the files that a template includes in their places; the files.
fn include(
    template: &mut cloudformation::Template,
    path: &Path,
    fs: &dyn FileSystem,
    sources: &Sources,
) -> Vec<Arc<cloudformation::Template>> {
    let mut included = Vec::new();
    if !sources.get(template.file).text.contains("AWS::Include") {
        return included;
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    cloudformation::include(&mut template.root, &mut |location| {
        if included.len() >= MAX_INCLUDED {
            return None;
        }
        let path = normalize(&folder.join(location));
        let file = sources.add(path.clone(), fs.read(&path).ok()?);
        let stream = crate::syntax::read_document(file, &sources.get(file).text);
        let root = stream.documents.into_iter().next()?;
        let (comments, problems) = (stream.comments, stream.problems);
        let part = cloudformation::Template { file, root: root.clone(), comments, problems };
        included.push(Arc::new(part));
        Some(root)
    });
    included
}

struct Files<'a> {
    index: &'a TemplateIndex,
    exports: cloudformation::Exports,
    assemblies: &'a Assemblies,
}

impl cloudformation::Loader for Files<'_> {
    fn load(&self, path: &Path) -> Option<Arc<cloudformation::Template>> {
        self.index.get(&normalize(path)).map(|t| t.template.clone())
    }

    fn asset(&self, beside: &Path, name: &str) -> Option<PathBuf> {
        self.assemblies.asset(&normalize(beside), name)
    }

    fn exports(&self) -> Option<&cloudformation::Exports> {
        Some(&self.exports)
    }
}

/// A template includes at most so many files.
const MAX_INCLUDED: usize = 100;

/// A root is not shown more declarations of other roots.
const MAX_FOREIGN: usize = 20_000;

/// Evaluates every template as a root. Those of which one imports what another exports see one another's declarations.
/// A template that another one nests is no root: it is judged with what the other gives it.
pub(super) fn evaluate_all(templates: &[Arc<ParsedTemplate>], request: &Request<'_>, sources: &Sources) -> Vec<Root> {
    let index: TemplateIndex = templates.iter().map(|t| (t.path.clone(), t.clone())).collect();
    let options = cloudformation::Options { strict_inputs: request.variables.strict };
    let assemblies = Assemblies::read(templates, request.fs, sources);
    let mut files = Files { index: &index, exports: cloudformation::Exports::default(), assemblies: &assemblies };
    let inputs = |t: &ParsedTemplate| match assemblies.inputs(&t.path, request.parameters) {
        Some(inputs) => Cow::Owned(inputs),
        None => Cow::Borrowed(request.parameters),
    };
    if templates.iter().any(|t| t.imports) {
        let all: Vec<_> = templates
            .par_iter()
            .filter(|t| t.exports)
            .map(|t| cloudformation::exports(&t.template, &display_name(&t.path), &inputs(t), &files, &options))
            .collect();
        files.exports.extend(all.into_iter().flatten());
    }
    let evaluated: Vec<Root> = templates
        .par_iter()
        .map(|t| {
            let mut root = cloudformation::evaluate(&t.template, &display_name(&t.path), &inputs(t), &files, &options);
            assemblies.trace(&t.path, &mut root, request.fs, sources);
            root
        })
        .collect();
    let nested = nested(&evaluated, templates);
    let kept = evaluated.into_iter().zip(templates).zip(nested).filter(|(_, nested)| !nested).map(|(kept, _)| kept);
    let (mut roots, templates): (Vec<Root>, Vec<&Arc<ParsedTemplate>>) = kept.unzip();
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

/// Which roots are nested in another one that is not nested in them.
fn nested(roots: &[Root], templates: &[Arc<ParsedTemplate>]) -> Vec<bool> {
    let takes_part = |root: &Root, template: &ParsedTemplate| root.files.contains(&template.template.file);
    let outer: Vec<_> = roots.iter().zip(templates).filter(|(root, _)| root.files.len() > 1).collect();
    let is_nested = |(root, template): (&Root, &Arc<ParsedTemplate>)| {
        outer.iter().any(|(o, t)| t.path != template.path && takes_part(o, template) && !takes_part(root, t))
    };
    roots.iter().zip(templates).map(is_nested).collect()
}
