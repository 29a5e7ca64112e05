//! Which files there are: the Terraform folders and the candidates for templates below the paths of the command line.

use crate::report::{Fault, FaultKind};
use crate::source::{display_name, normalize};
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Folders that hold nobody's source: skipped unless they, or something in them, are named.
const SKIPPED_FOLDERS: [&str; 5] = [".git", ".terraform", ".terragrunt-cache", "cdk.out", "node_modules"];

/// The file that marks the folder of a cloud assembly.
const ASSEMBLY: &str = "cdk.out";

/// What the folders of an assembly that hold code, not templates, begin with.
const BUNDLE: &str = "asset.";

/// How files are looked for.
pub struct Options<'a> {
    /// Whether what `.gitignore` files name is left out, in git repositories and outside of them.
    pub gitignore: bool,
    /// Whether a path is excluded; the second argument says whether it is a folder.
    pub exclude: &'a (dyn Fn(&Path, bool) -> bool + Sync),
    /// Whether `exclude` also holds for the named paths themselves (for hooks, which name every changed file).
    pub force_exclude: bool,
    /// Folders that links to files may lead into, beside the named ones: the repository, usually.
    pub within: Vec<PathBuf>,
    /// Threads; 0 lets the walker decide.
    pub threads: usize,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { gitignore: true, exclude: &|_, _| false, force_exclude: false, within: Vec::new(), threads: 0 }
    }
}

/// A folder with Terraform files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerraformDir {
    /// The folder; empty for the working directory.
    pub dir: PathBuf,
    /// Its configuration files, sorted. A `.tofu` file hides the `.tf` file of the same name.
    pub files: Vec<PathBuf>,
    /// Its `.tfvars` and `.tfvars.json` files, sorted.
    pub var_files: Vec<PathBuf>,
}

/// What was found. All lists are sorted and free of duplicates; paths have no `.` in them and `..` only in front.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Folders with Terraform files, by path.
    pub terraform_dirs: Vec<TerraformDir>,
    /// Files that may be templates: `.yaml`, `.yml`, `.json`, `.template`, and whatever else was named.
    pub candidates: Vec<PathBuf>,
    /// Variable files of folders without Terraform files.
    pub stray_var_files: Vec<PathBuf>,
    /// The named files and folders, if a file was among them: what the user wants to hear about.
    /// `None`: everything that was found.
    pub focus: Option<BTreeSet<PathBuf>>,
    /// Paths that do not exist or cannot be read.
    pub faults: Vec<Fault>,
    /// Files and folders left out because they are excluded, or are links that lead out of the named folders.
    pub skipped: usize,
}

/// What a file is, by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Role {
    Terraform,
    VarFile,
    Candidate,
    /// Belongs to a Terraform folder without being read by itself: a template of `templatefile`, a test.
    Companion,
    Other,
}

fn role(name: &OsStr) -> Role {
    let Some(name) = name.to_str() else { return Role::Other };
    let ends = |suffixes: &[&str]| suffixes.iter().any(|s| name.ends_with(s));
    if ends(&[".tfvars", ".tfvars.json"]) {
        Role::VarFile
    } else if ends(&[".tftest.hcl", ".tofutest.hcl", ".tftest.json", ".tofutest.json", ".tfmock.hcl", ".tftpl"]) {
        Role::Companion
    } else if ends(&[".tf", ".tofu", ".tf.json", ".tofu.json"]) {
        Role::Terraform
    } else {
        let extension = Path::new(name).extension().and_then(OsStr::to_str).unwrap_or_default();
        let candidate = ["yaml", "yml", "json", "template"].iter().any(|e| extension.eq_ignore_ascii_case(e));
        if candidate { Role::Candidate } else { Role::Other }
    }
}

/// Finds the files below `paths`; with no path, below the working directory.
///
/// Folders are walked; hidden entries and folders of tools are skipped, links to folders are not followed, a link to
/// a file counts when its target lies inside a named folder or in [`Options::within`]. A named file that belongs to a Terraform folder stands for
/// that folder; any other named file is a candidate.
pub fn discover(paths: &[PathBuf], options: &Options<'_>) -> Discovery {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let mut finder = Finder { options, roots: Vec::new(), found: Found::default() };
    let mut walks = Vec::new();
    let mut named = BTreeSet::new();
    let mut names_file = false;
    for path in paths {
        let clean = normalize(path);
        let metadata = match std::fs::metadata(open(&clean)) {
            Ok(metadata) => metadata,
            Err(error) => {
                finder.found.fault(&clean, &error);
                continue;
            }
        };
        if options.force_exclude && (options.exclude)(&clean, metadata.is_dir()) {
            finder.found.skipped += 1;
            continue;
        }
        if metadata.is_dir() {
            named.insert(clean.clone());
            walks.push((clean, None));
        } else if metadata.is_file() {
            names_file = true;
            finder.named_file(clean, &mut named, &mut walks);
        } else {
            finder.found.fault(&clean, &std::io::Error::other("not a regular file"));
        }
    }
    walks.sort();
    walks.dedup();
    let roots = walks.iter().map(|(root, _)| root).chain(&options.within);
    finder.roots = roots.filter_map(|root| open(root).canonicalize().ok()).collect();
    for (root, depth) in &walks {
        finder.walk(root, *depth);
    }
    let mut discovery = finder.found.finish();
    discovery.focus = names_file.then_some(named);
    discovery
}

/// The path that the operating system understands: an empty one is the working directory.
fn open(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

/// Whether a folder is a cloud assembly.
fn is_assembly(folder: &Path) -> bool {
    folder.join(ASSEMBLY).is_file()
}

struct Finder<'a> {
    options: &'a Options<'a>,
    /// The walked folders, links resolved.
    roots: Vec<PathBuf>,
    found: Found,
}

impl Finder<'_> {
    fn named_file(&mut self, path: PathBuf, named: &mut BTreeSet<PathBuf>, walks: &mut Vec<(PathBuf, Option<usize>)>) {
        let name = path.file_name().unwrap_or_default();
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        if crate::config::FILE_NAMES.iter().any(|n| name == *n) {
            // Settings changed: everything they govern is looked at again.
            named.insert(folder.clone());
            walks.push((folder, None));
            return;
        }
        named.insert(path.clone());
        match role(name) {
            Role::Terraform => {
                walks.push((folder, Some(1)));
                self.found.terraform.insert(path);
            }
            Role::VarFile => {
                walks.push((folder, Some(1)));
                self.found.var_files.insert(path);
            }
            Role::Companion => walks.push((folder, Some(1))),
            Role::Candidate | Role::Other => {
                self.found.candidates.insert(path);
            }
        }
    }

    /// Walks a folder. A depth of 1 is the folder of a named file: only its Terraform files are wanted.
    fn walk(&mut self, root: &Path, depth: Option<usize>) {
        // An assembly is output that nobody commits: whoever names it wants it read all the same.
        let gitignore = self.options.gitignore && !is_assembly(root);
        let walker = WalkBuilder::new(open(root))
            .hidden(true)
            .follow_links(false)
            .max_depth(depth)
            .parents(gitignore)
            .git_ignore(gitignore)
            // A repository must look alike on every machine.
            .git_global(false)
            .git_exclude(false)
            .ignore(false)
            .require_git(false)
            .threads(self.options.threads)
            .build_parallel();
        let all = Mutex::new(std::mem::take(&mut self.found));
        walker.run(|| {
            let mut local = Local { found: Found::default(), all: &all };
            let this = &*self;
            Box::new(move |entry| this.entry(entry, depth == Some(1), &mut local.found))
        });
        self.found = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    }

    fn entry(&self, entry: Result<DirEntry, ignore::Error>, terraform_only: bool, found: &mut Found) -> WalkState {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.walk_error(&error);
                return WalkState::Continue;
            }
        };
        let Some(kind) = entry.file_type() else { return WalkState::Continue };
        let path = normalize(entry.path());
        if kind.is_dir() {
            // The root itself was named.
            if entry.depth() == 0 {
                return WalkState::Continue;
            }
            if SKIPPED_FOLDERS.iter().any(|name| entry.file_name() == *name) {
                return WalkState::Skip;
            }
            let bundle = entry.file_name().to_string_lossy().starts_with(BUNDLE);
            if (self.options.exclude)(&path, true) || bundle && path.parent().is_some_and(is_assembly) {
                found.skipped += 1;
                return WalkState::Skip;
            }
            return WalkState::Continue;
        }
        let role = role(entry.file_name());
        if matches!(role, Role::Other | Role::Companion) || (terraform_only && role == Role::Candidate) {
            return WalkState::Continue;
        }
        let readable = if kind.is_symlink() { self.is_file_inside(entry.path()) } else { kind.is_file() };
        if !readable || (self.options.exclude)(&path, false) {
            found.skipped += 1;
            return WalkState::Continue;
        }
        match role {
            Role::Terraform => found.terraform.insert(path),
            Role::VarFile => found.var_files.insert(path),
            _ => found.candidates.insert(path),
        };
        WalkState::Continue
    }

    /// Whether a link leads to a file inside one of the walked folders.
    fn is_file_inside(&self, link: &Path) -> bool {
        link.canonicalize().is_ok_and(|target| target.is_file() && self.roots.iter().any(|r| target.starts_with(r)))
    }
}

/// What one thread finds; handed on when the thread ends.
struct Local<'a> {
    found: Found,
    all: &'a Mutex<Found>,
}

impl Drop for Local<'_> {
    fn drop(&mut self) {
        let found = std::mem::take(&mut self.found);
        self.all.lock().unwrap_or_else(PoisonError::into_inner).merge(found);
    }
}

#[derive(Default)]
struct Found {
    terraform: BTreeSet<PathBuf>,
    var_files: BTreeSet<PathBuf>,
    candidates: BTreeSet<PathBuf>,
    faults: BTreeSet<Fault>,
    skipped: usize,
}

impl Found {
    fn merge(&mut self, mut other: Found) {
        self.terraform.append(&mut other.terraform);
        self.var_files.append(&mut other.var_files);
        self.candidates.append(&mut other.candidates);
        self.faults.append(&mut other.faults);
        self.skipped += other.skipped;
    }

    fn fault(&mut self, path: &Path, error: &std::io::Error) {
        let message = match error.kind() {
            std::io::ErrorKind::NotFound => "no such file or folder".to_owned(),
            std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        let path = display_name(open(path));
        self.faults.insert(Fault { path, span: None, message, kind: FaultKind::Unreadable });
    }

    fn walk_error(&mut self, error: &ignore::Error) {
        let mut path = Path::new("");
        let mut inner = error;
        loop {
            match inner {
                ignore::Error::WithPath { path: at, err } => {
                    path = at;
                    inner = err;
                }
                ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => inner = err,
                ignore::Error::Io(io) => return self.fault(&normalize(path), io),
                // Of an ignore file: git does not complain about it either.
                _ => return,
            }
        }
    }

    fn finish(self) -> Discovery {
        let mut dirs: BTreeMap<PathBuf, TerraformDir> = BTreeMap::new();
        let folder = |path: &Path| path.parent().map(Path::to_path_buf).unwrap_or_default();
        for path in &self.terraform {
            if hidden_by_tofu(path).is_some_and(|tofu| self.terraform.contains(&tofu)) {
                continue;
            }
            let dir = folder(path);
            dirs.entry(dir.clone())
                .or_insert_with(|| TerraformDir { dir, files: Vec::new(), var_files: Vec::new() })
                .files
                .push(path.clone());
        }
        let mut stray_var_files = Vec::new();
        for path in self.var_files {
            match dirs.get_mut(&folder(&path)) {
                Some(dir) => dir.var_files.push(path),
                None => stray_var_files.push(path),
            }
        }
        Discovery {
            terraform_dirs: dirs.into_values().collect(),
            candidates: self.candidates.into_iter().collect(),
            stray_var_files,
            focus: None,
            faults: self.faults.into_iter().collect(),
            skipped: self.skipped,
        }
    }
}

/// The file of OpenTofu that takes the place of a file of Terraform.
fn hidden_by_tofu(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let (stem, tofu) = match (name.strip_suffix(".tf"), name.strip_suffix(".tf.json")) {
        (Some(stem), _) => (stem, ".tofu"),
        (None, Some(stem)) => (stem, ".tofu.json"),
        (None, None) => return None,
    };
    Some(path.with_file_name(format!("{stem}{tofu}")))
}

#[cfg(test)]
mod tests;
