//! Cloud assemblies among the files of a run: what their manifests say of the templates beside them.

use super::templates::ParsedTemplate;
use crate::dialect::cloudformation::{self, Assembly, Constructs, Frame, Inputs};
use crate::dialect::{Construct, Root};
use crate::source::{FileId, FileSystem, Sources, Span, display_name, normalize};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file that describes an assembly.
const MANIFEST: &str = "manifest.json";

/// Files of the program are looked for in so many folders above that of the assembly.
const MAX_ANCESTORS: usize = 4;

/// What all manifests say.
#[derive(Default)]
pub(super) struct Assemblies {
    /// What a template is deployed with, by its path.
    inputs: FxHashMap<PathBuf, Inputs>,
    /// The constructs of a template, by its path.
    constructs: FxHashMap<PathBuf, Constructs>,
    /// The files that are published, by folder and name.
    assets: FxHashMap<PathBuf, FxHashMap<String, String>>,
}

impl Assemblies {
    /// Reads the assemblies of the folders in which there are templates of an assembly.
    pub fn read(templates: &[Arc<ParsedTemplate>], fs: &dyn FileSystem, sources: &Sources) -> Self {
        let of_assembly = |t: &&Arc<ParsedTemplate>| t.path.to_string_lossy().ends_with(".template.json");
        let folders: BTreeSet<PathBuf> =
            templates.iter().filter(of_assembly).filter_map(|t| t.path.parent().map(Path::to_path_buf)).collect();
        let mut out = Self::default();
        for folder in folders {
            let open = |name: &str| -> Option<(FileId, Arc<str>)> {
                // Names stay beside the manifest.
                let plain = Path::new(name).components().count() == 1;
                let path = folder.join(name);
                let text = fs.read(&path).ok().filter(|_| plain)?;
                let id = sources.add(path, text);
                Some((id, sources.get(id).text.clone()))
            };
            let Some(assembly) = open(MANIFEST).and_then(|(id, text)| cloudformation::read_manifest(id, &text)) else {
                continue;
            };
            out.add(&folder, assembly, open);
        }
        out
    }

    fn add(&mut self, folder: &Path, assembly: Assembly, open: impl Fn(&str) -> Option<(FileId, Arc<str>)>) {
        for stack in assembly.stacks {
            let path = normalize(&folder.join(&stack.template));
            let mut constructs = stack.constructs;
            if let Some((id, text)) = stack.more.as_deref().and_then(&open) {
                constructs.extend(cloudformation::read_constructs(id, &text));
            }
            self.inputs.insert(path.clone(), stack.inputs);
            self.constructs.insert(path, constructs);
        }
        for name in assembly.asset_manifests {
            if let Some((id, text)) = open(&name) {
                let assets = self.assets.entry(folder.to_path_buf()).or_default();
                assets.extend(cloudformation::read_assets(id, &text));
            }
        }
    }

    /// What a template is given: what the user gives it wins over what its manifest says.
    pub fn inputs(&self, template: &Path, given: &Inputs) -> Option<Inputs> {
        let mut inputs = self.inputs.get(template)?.clone();
        inputs.extend(given.clone());
        Some(inputs)
    }

    /// The file that is published under a name, beside a template.
    pub fn asset(&self, beside: &Path, name: &str) -> Option<PathBuf> {
        let folder = beside.parent()?;
        Some(folder.join(self.assets.get(folder)?.get(name)?))
    }

    /// Adds to the declarations of a root where the program made them.
    pub fn trace(&self, template: &Path, root: &mut Root, fs: &dyn FileSystem, sources: &Sources) {
        let Some(constructs) = self.constructs.get(template) else { return };
        let mut program =
            Program { fs, sources, folder: template.parent().unwrap_or(Path::new("")), files: FxHashMap::default() };
        for declaration in &mut root.declarations {
            let id = declaration.address.rsplit('.').next().unwrap_or_default();
            let path = declaration.construct.as_ref().map(|c| &c.path).or_else(|| constructs.path_of(id));
            let Some(path) = path.cloned() else { continue };
            let (source, span) = constructs.frame(&path).map_or((None, None), |frame| program.place(&frame));
            declaration.construct = Some(Construct { path, source, span });
        }
    }
}

/// The program that made an assembly.
struct Program<'a> {
    fs: &'a dyn FileSystem,
    sources: &'a Sources,
    /// The folder of the assembly.
    folder: &'a Path,
    /// The files that were looked for, by the names under which the program knew them.
    files: FxHashMap<String, Option<(String, FileId)>>,
}

impl Program<'_> {
    /// A place in words, and its characters if the file is there.
    fn place(&mut self, frame: &Frame) -> (Option<String>, Option<Span>) {
        if !self.files.contains_key(&frame.file) {
            let found = self.find(&frame.file);
            self.files.insert(frame.file.clone(), found);
        }
        let Some(Some((name, file))) = self.files.get(&frame.file) else {
            return (Some(format!("{}:{}:{}", frame.file, frame.line, frame.column)), None);
        };
        let source = self.sources.get(*file);
        let line = source.line_starts().get(frame.line as usize - 1).map(|&start| {
            let text = source.line(frame.line as usize - 1);
            let indent = text.len() - text.trim_start().len();
            let start = start as usize;
            Span::new(*file, start + indent, start + text.trim_end().len().max(indent))
        });
        (Some(format!("{name}:{}:{}", frame.line, frame.column)), line)
    }

    /// The file of the program: as the program knew it, or with as much of its path as leads to a file from the folders
    /// around the assembly. The assembly may have been made on another machine.
    fn find(&self, file: &str) -> Option<(String, FileId)> {
        let unified = file.replace('\\', "/");
        let parts: Vec<&str> = unified.split('/').filter(|p| !p.is_empty() && *p != "." && *p != "..").collect();
        let parts = parts.get(parts.len().saturating_sub(12)..)?;
        let folders: Vec<&Path> = self.folder.ancestors().skip(1).take(MAX_ANCESTORS).collect();
        for from in 0..parts.len() {
            for folder in &folders {
                let path = normalize(&folder.join(parts.get(from..)?.join("/")));
                if let Ok(text) = self.fs.read(&path) {
                    return Some((display_name(&path), self.sources.add(path, text)));
                }
            }
        }
        None
    }
}
