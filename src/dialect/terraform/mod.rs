//! Terraform as Terraform sees it: modules, variables, locals, expansion, references.

mod body;
mod expand;
mod files;
mod inputs;
mod json;
mod module;
pub mod plan;
mod root;
mod scope;
mod types;

pub use body::SYMBOLIC;
pub use inputs::Inputs;
pub use module::{Module, ModuleFile, ResourceBlock, source_of};

use crate::dialect::{Mode, Root};
use crate::source::{FileSystem, Sources, normalize};
use crate::syntax::hcl;
use crate::value::{Str, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Attributes that can be worked out although nobody writes them: a policy document assembled from blocks, the region
/// of a provider.
pub trait Computed: Sync {
    /// The attribute of a resource or data source, if it can be worked out from its configuration.
    fn attribute(
        &self,
        mode: Mode,
        type_name: &str,
        attribute: &str,
        body: &dyn Fn() -> Value,
        provider: &dyn Fn() -> Value,
    ) -> Option<Value>;

    /// The attributes that can be worked out.
    fn names(&self, _mode: Mode, _type_name: &str) -> Vec<Str> {
        Vec::new()
    }

    /// How many elements an attribute has at least that is a list without duplicates.
    fn distinct(&self, _mode: Mode, _type_name: &str, _attribute: &str) -> Option<usize> {
        None
    }
}

/// Everything the roots of one run share.
pub struct Context<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// The door to the file system.
    pub fs: &'a dyn FileSystem,
    /// Parsed modules.
    pub modules: &'a Modules,
    /// Sources of modules that are kept in a folder, from the configuration.
    pub module_map: &'a FxHashMap<String, PathBuf>,
    /// Attributes that can be worked out.
    pub computed: &'a dyn Computed,
    /// Which types are declared; the others are only counted and referred to.
    pub wanted: &'a (dyn Fn(Mode, &str) -> bool + Sync),
    /// Values of variables.
    pub inputs: &'a Inputs,
}

type Slot = Arc<OnceLock<Option<Arc<Module>>>>;

/// The modules of a run by folder. Each is parsed once, however many roots use it.
#[derive(Default)]
pub struct Modules {
    slots: Mutex<FxHashMap<PathBuf, Slot>>,
}

/// Whether a file of that name belongs to a Terraform or OpenTofu module.
pub fn is_module_file(name: &str) -> bool {
    [".tf", ".tofu", ".tf.json", ".tofu.json"].iter().any(|ending| name.ends_with(ending))
}

impl Modules {
    /// Adds a module that is already parsed.
    pub fn insert(&self, module: Arc<Module>) {
        let slot = self.slot(&module.dir);
        let _ = slot.set(Some(module));
    }

    fn slot(&self, dir: &Path) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry(normalize(dir)).or_default().clone()
    }

    /// The module in a folder, parsed now if it was not before. `None`: there is none.
    pub fn get(&self, dir: &Path, context: &Context<'_>) -> Option<Arc<Module>> {
        self.slot(dir)
            .get_or_init(|| {
                let names: Vec<String> = context.fs.list(dir).into_iter().filter(|n| is_module_file(n)).collect();
                let names = without_hidden(names);
                if names.is_empty() {
                    return None;
                }
                let files = names
                    .into_iter()
                    .filter_map(|name| {
                        let path = dir.join(&name);
                        let text = context.fs.read(&path).ok()?;
                        Some((name, Arc::new(parse_file(path, text, context.sources))))
                    })
                    .collect();
                Some(Arc::new(Module::new(normalize(dir), files)))
            })
            .clone()
    }

    /// All modules parsed so far, by folder.
    pub fn all(&self) -> Vec<Arc<Module>> {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let mut modules: Vec<Arc<Module>> = slots.values().filter_map(|s| s.get().cloned().flatten()).collect();
        modules.sort_by(|a, b| a.dir.cmp(&b.dir));
        modules
    }
}

/// `x.tofu` hides `x.tf`, as it does for OpenTofu.
pub fn without_hidden(mut names: Vec<String>) -> Vec<String> {
    let hidden: FxHashSet<String> = names
        .iter()
        .filter_map(|n| {
            n.strip_suffix(".tofu")
                .map(|stem| format!("{stem}.tf"))
                .or_else(|| n.strip_suffix(".tofu.json").map(|stem| format!("{stem}.tf.json")))
        })
        .collect();
    names.retain(|n| !hidden.contains(n));
    names
}

/// Parses one file of a module.
pub fn parse_file(path: PathBuf, text: String, sources: &Sources) -> ModuleFile {
    let json = path.extension().is_some_and(|e| e == "json");
    let id = sources.add(path, text);
    let source = sources.get(id);
    let (document, problems) = if json { json::parse(id, &source.text) } else { hcl::parse(id, &source.text) };
    ModuleFile { id, document, problems }
}

/// The folders of modules that no other module of the run calls by a local source. Modules that only call one another
/// are roots as well: nothing else would judge them.
pub fn roots(modules: &[Arc<Module>]) -> Vec<Arc<Module>> {
    let by_dir: FxHashMap<&Path, usize> = modules.iter().enumerate().map(|(i, m)| (m.dir.as_path(), i)).collect();
    let calls: Vec<Vec<usize>> = modules
        .iter()
        .map(|module| {
            module
                .calls
                .values()
                .filter_map(|call| {
                    let (source, _) = source_of(call)?;
                    if !source.starts_with("./") && !source.starts_with("../") {
                        return None;
                    }
                    by_dir.get(normalize(&module.dir.join(source.as_str())).as_path()).copied()
                })
                .collect()
        })
        .collect();
    let mut called = vec![false; modules.len()];
    for (i, targets) in calls.iter().enumerate() {
        for &target in targets {
            if target != i {
                called[target] = true;
            }
        }
    }
    let mut reached = vec![false; modules.len()];
    let mut root = vec![false; modules.len()];
    for start in (0..modules.len()).filter(|&i| !called[i]).chain(0..modules.len()) {
        if reached[start] {
            continue;
        }
        root[start] = true;
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                open.extend(calls[at].iter().copied());
            }
        }
    }
    modules.iter().zip(root).filter(|(_, root)| *root).map(|(m, _)| m.clone()).collect()
}

/// Evaluates a root module with all it calls.
pub fn evaluate(module: &Arc<Module>, context: &Context<'_>) -> Root {
    let given = inputs::read(&module.dir, context.inputs, context.sources, context.fs);
    let name = crate::source::display_name(&module.dir);
    let name = if name.is_empty() { ".".to_owned() } else { name };
    root::RootEval::new(context, &module.dir, given).run(module, name, &mut FxHashMap::default())
}

/// Modules that `terraform init` has fetched: from the path of the call to the folder.
fn installed_modules(dir: &Path, fs: &dyn FileSystem) -> FxHashMap<String, PathBuf> {
    let Ok(text) = fs.read(&dir.join(".terraform/modules/modules.json")) else { return FxHashMap::default() };
    let Ok(manifest) = serde_json::from_str::<serde_json::Value>(&text) else { return FxHashMap::default() };
    let entries = manifest.get("Modules").and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| {
            let key = entry.get("Key")?.as_str()?;
            let folder = entry.get("Dir")?.as_str()?;
            (!key.is_empty()).then(|| (key.to_owned(), normalize(&dir.join(folder))))
        })
        .collect()
}
