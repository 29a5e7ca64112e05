//! CloudFormation: templates in YAML and JSON, the parameters they are given, the stacks nested in them.
//!
//! [`read`] tells templates from other files and parses them; [`evaluate`] says what one declares.

mod assembly;
mod assertions;
mod call;
mod conditions;
mod declarations;
mod detect;
mod dynamic;
mod evaluator;
mod exports;
mod foreach;
mod functions;
mod include;
mod inputs;
mod nested;
mod parameters;
mod parts;
mod scope;
mod transform;

pub use assembly::{Assembly, Constructs, Frame, Stack, may_be_manifest, read_assets, read_constructs, read_manifest};
pub use detect::{is_template, may_be_template};
pub use exports::{Export, Exports, mark};
pub use include::include;
pub use inputs::{Inputs, read_inputs};

use super::{Declaration, Dialect, Root};
use crate::source::FileId;
use crate::syntax::document::{Comment, Node};
use crate::syntax::{Problem, read_document};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A template, parsed.
#[derive(Clone, Debug)]
pub struct Template {
    /// The file it is in.
    pub file: FileId,
    /// The document that is the template.
    pub root: Node,
    /// The comments of the file, in order of position.
    pub comments: Vec<Comment>,
    /// What could not be read, in order of position.
    pub problems: Vec<Problem>,
}

/// How templates are evaluated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Defaults of parameters are not taken as their values.
    pub strict_inputs: bool,
}

/// Gives what other files hold. The owner of the files decides which may be read.
pub trait Loader {
    /// The template at a path: the folder of the calling template joined with what it writes, `..` worked out.
    /// `None` when there is no such file, or it is no template, or it lies outside the scanned root.
    fn load(&self, path: &Path) -> Option<Arc<Template>>;

    /// The template that is published under a name, beside the template at a path: that of a nested stack in an assembly.
    fn asset(&self, beside: &Path, name: &str) -> Option<PathBuf> {
        let _ = (beside, name);
        None
    }

    /// What other templates export.
    fn exports(&self) -> Option<&Exports> {
        None
    }
}

/// A loader that has no files.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Loader for NoFiles {
    fn load(&self, _path: &Path) -> Option<Arc<Template>> {
        None
    }
}

/// Reads a file. `None` when it is no template; a template with syntax errors is one, with its problems.
/// Files that cannot be templates are told by a look at their text, without parsing.
pub fn read(file: FileId, text: &str) -> Option<Template> {
    if !may_be_template(text) {
        return None;
    }
    let stream = read_document(file, text);
    // A broken file that calls itself a template must not pass as something else.
    let declared = !stream.problems.is_empty() && text.contains("AWSTemplateFormatVersion");
    let root = match stream.documents.iter().position(is_template) {
        Some(at) => stream.documents.into_iter().nth(at)?,
        None if declared => {
            let whole = crate::source::Span::new(file, 0, text.len());
            stream.documents.into_iter().next().unwrap_or_else(|| Node::unreadable(whole))
        }
        None => return None,
    };
    Some(Template { file, root, comments: stream.comments, problems: stream.problems })
}

/// What a template declares, with its nested stacks. `path` is the path of the template as it is shown; nested
/// templates are looked for beside it. Declarations come in the order of the document, those of a nested stack behind it.
pub fn evaluate(template: &Template, path: &str, inputs: &Inputs, loader: &dyn Loader, options: &Options) -> Root {
    let shared = evaluator::Shared::new(loader, *options, path);
    let declarations = nested::evaluate_root(template, inputs, &shared, "");
    let (mut notes, mut files, imports) = shared.finish();
    notes.sort_by(|a, b| {
        (a.span.file, a.span.start, a.span.end, &a.message).cmp(&(b.span.file, b.span.start, b.span.end, &b.message))
    });
    notes.dedup();
    files.sort_unstable();
    files.dedup();
    let resources = declarations.iter().filter(|d| d.mode == super::Mode::Resource).count();
    Root { dialect: Dialect::CloudFormation, name: path.to_owned(), declarations, resources, notes, files, imports }
}

/// What a template declares, as another root sees it: addresses and conditions carry the [`mark`] of the template.
pub fn evaluate_foreign(
    template: &Template,
    path: &str,
    inputs: &Inputs,
    loader: &dyn Loader,
    options: &Options,
) -> Vec<Declaration> {
    let shared = evaluator::Shared::new(loader, *options, path);
    let mut declarations = nested::evaluate_root(template, inputs, &shared, &mark(path));
    for declaration in &mut declarations {
        declaration.foreign = true;
    }
    declarations
}

/// What a template and its nested stacks export under names that are known.
pub fn exports(
    template: &Template,
    path: &str,
    inputs: &Inputs,
    loader: &dyn Loader,
    options: &Options,
) -> Vec<Export> {
    let mut shared = evaluator::Shared::new(loader, *options, path);
    shared.collects = true;
    nested::evaluate_outputs(template, inputs, &shared, &mark(path));
    shared.exported.into_inner()
}
