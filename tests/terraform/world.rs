//! Roots in memory or on disk, with all that they declare.

use formwork::dialect::{Declaration, Root, cloudformation, terraform};
use formwork::report::Fault;
use formwork::rules::{Library, ParamValues, Rule};
use formwork::source::{FileSystem, Memory, Sources};
use formwork::value::Value;
use formwork::workspace::{Request, Selection, Units, declare};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// As deep as the threads of the command.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// What was declared.
pub struct World {
    pub roots: Vec<Root>,
    pub faults: Vec<Fault>,
    pub sources: Sources,
}

impl World {
    /// The declaration with that address, in whichever root.
    pub fn get(&self, address: &str) -> &Declaration {
        let all = || self.roots.iter().flat_map(|r| &r.declarations);
        let found = all().find(|d| d.address == address);
        found.unwrap_or_else(|| panic!("no {address} among {:?}", all().map(|d| &d.address).collect::<Vec<_>>()))
    }

    /// An attribute of a declaration.
    pub fn attribute(&self, address: &str, name: &str) -> Value {
        self.get(address).attributes.get(name)
    }

    /// The messages of notes that say that not everything was seen.
    pub fn gaps(&self) -> Vec<String> {
        self.notes(true)
    }

    /// The messages of notes that say that the source is wrong.
    pub fn mistakes(&self) -> Vec<String> {
        self.notes(false)
    }

    fn notes(&self, gap: bool) -> Vec<String> {
        let notes = self.roots.iter().flat_map(|r| &r.notes);
        notes.filter(|n| n.gap == gap).map(|n| n.message.clone()).collect()
    }
}

/// Declares all roots among files given by path.
pub fn declare_in(fs: &dyn FileSystem, paths: Vec<PathBuf>) -> World {
    let mut modules: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in paths {
        if path.file_name().is_some_and(|n| terraform::is_module_file(&n.to_string_lossy())) {
            modules.entry(path.parent().unwrap_or(Path::new("")).to_path_buf()).or_default().push(path);
        }
    }
    let units = Units { modules: modules.into_iter().collect(), ..Units::default() };
    let request = Request {
        fs,
        library: &Library::new(),
        selection: &Selection::default(),
        severity: &|_: &Rule| None,
        local: &|_: &Path| None,
        tuned: &FxHashSet::default(),
        params: &ParamValues::default(),
        naming: &Value::absent(),
        variables: &terraform::Inputs::default(),
        parameters: &cloudformation::Inputs::default(),
        module_map: &FxHashMap::default(),
        baseline: &|_: &Path| false,
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(STACK_BYTES).build().expect("a thread");
    let sources = Sources::new();
    let (roots, faults) = pool.install(|| declare(&units, &request, &sources));
    World { roots, faults, sources }
}

/// Declares all roots among files given by path and text.
pub fn world(files: &[(&str, String)]) -> World {
    let mut fs = Memory::new();
    for (path, text) in files {
        fs.insert(*path, text.clone());
    }
    declare_in(&fs, files.iter().map(|(path, _)| PathBuf::from(path)).collect())
}
