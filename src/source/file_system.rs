//! The file system behind a trait: disk, memory, and whatever an editor lays over them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::{PoisonError, RwLock};

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is no such file.
    #[error("no such file")]
    NotFound,
    /// The file lies outside the scanned root, after links were resolved.
    #[error("outside the scanned root")]
    Outside,
    /// The file is larger than the limit, in bytes.
    #[error("larger than the limit of {} MB", .0 / 1_000_000)]
    TooLarge(u64),
    /// The bytes are not UTF-8; the offset of the first bad byte.
    #[error("not valid UTF-8 (byte {0})")]
    NotUtf8(usize),
    /// What the operating system said.
    #[error("{0}")]
    Io(String),
}

/// The only door through which formwork reads files.
pub trait FileSystem: Send + Sync {
    /// The whole text of a file.
    fn read(&self, path: &Path) -> Result<String, ReadError>;
    /// The names of the entries of a folder, sorted; empty when it cannot be listed.
    fn list(&self, folder: &Path) -> Vec<String>;
    /// Whether the path is a folder.
    fn is_dir(&self, path: &Path) -> bool;
    /// Whether the path is a file.
    fn is_file(&self, path: &Path) -> bool;
}

/// Files larger than this are not read: no template or module comes near it.
pub const MAX_FILE_BYTES: u64 = 20_000_000;

/// The disk, limited to what lies inside one of the given roots after links are resolved.
#[derive(Debug, Default)]
pub struct Disk {
    roots: Vec<PathBuf>,
    /// Whether a folder lies inside: resolving links anew for every file would cost more than reading it.
    folders: RwLock<BTreeMap<PathBuf, bool>>,
}

impl Disk {
    /// A disk that reads only below `roots` (folders; links in them are resolved first). Without a root it reads everything.
    pub fn within(roots: impl IntoIterator<Item = PathBuf>) -> Self {
        let roots = roots.into_iter().map(|r| r.canonicalize().unwrap_or(r)).collect();
        Self { roots, folders: RwLock::default() }
    }

    fn inside(&self, path: &Path) -> Result<(), ReadError> {
        let path = or_here(path);
        if self.roots.is_empty() {
            return Ok(());
        }
        // A file that is no link lies where its folder lies.
        if let (Some(folder), Some(_)) = (path.parent(), path.file_name()) {
            let metadata = path.symlink_metadata().map_err(|e| io_error(&e))?;
            if metadata.is_file() {
                return if self.folder_inside(folder)? { Ok(()) } else { Err(ReadError::Outside) };
            }
        }
        if self.really_inside(path)? { Ok(()) } else { Err(ReadError::Outside) }
    }

    fn folder_inside(&self, folder: &Path) -> Result<bool, ReadError> {
        let folders = self.folders.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(&inside) = folders.get(folder) {
            return Ok(inside);
        }
        drop(folders);
        // The parent of a bare file name is the working directory.
        let inside = self.really_inside(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?;
        self.folders.write().unwrap_or_else(PoisonError::into_inner).insert(folder.to_path_buf(), inside);
        Ok(inside)
    }

    fn really_inside(&self, path: &Path) -> Result<bool, ReadError> {
        let real = path.canonicalize().map_err(|e| io_error(&e))?;
        Ok(self.roots.iter().any(|root| real.starts_with(root)))
    }
}

/// The empty path is the current folder: what [`normalize`] makes of `.`.
fn or_here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

fn io_error(error: &std::io::Error) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::NotFound => ReadError::NotFound,
        std::io::ErrorKind::PermissionDenied => ReadError::Io("permission denied".to_owned()),
        _ => ReadError::Io(error.to_string()),
    }
}

impl FileSystem for Disk {
    fn read(&self, path: &Path) -> Result<String, ReadError> {
        self.inside(path)?;
        let file = std::fs::File::open(path).map_err(|e| io_error(&e))?;
        let metadata = file.metadata().map_err(|e| io_error(&e))?;
        if !metadata.is_file() {
            return Err(ReadError::Io("not a regular file".to_owned()));
        }
        if metadata.len() > MAX_FILE_BYTES {
            return Err(ReadError::TooLarge(MAX_FILE_BYTES));
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
        // The file may grow while it is read.
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|e| io_error(&e))?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(ReadError::TooLarge(MAX_FILE_BYTES));
        }
        String::from_utf8(bytes).map_err(|e| ReadError::NotUtf8(e.utf8_error().valid_up_to()))
    }

    fn list(&self, folder: &Path) -> Vec<String> {
        if self.inside(folder).is_err() {
            return Vec::new();
        }
        let Ok(entries) = std::fs::read_dir(or_here(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    fn is_dir(&self, path: &Path) -> bool {
        or_here(path).is_dir() && self.inside(path).is_ok()
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file() && self.inside(path).is_ok()
    }
}

/// Files held in memory: rule examples, tests, editor buffers.
#[derive(Debug, Default, Clone)]
pub struct Memory {
    files: BTreeMap<PathBuf, String>,
}

impl Memory {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) {
        self.files.insert(normalize(&path.into()), text.into());
    }

    /// The paths that start with `folder`: they stand together.
    fn below<'a>(&'a self, folder: &'a Path) -> impl Iterator<Item = &'a PathBuf> {
        self.files.range(folder.to_path_buf()..).map(|(path, _)| path).take_while(move |p| p.starts_with(folder))
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(PathBuf::as_path)
    }
}

/// A path without `.` and `..`, worked out on the text alone; `..` that would leave the start is kept.
pub fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !matches!(out.components().next_back(), Some(Component::Normal(_))) || !out.pop() {
                    out.push("..");
                }
            }
            other => out.push(other),
        }
    }
    out
}

/// Another file system under texts that take the place of some of its files: what an editor or a fix has changed.
pub struct Overlay<'a> {
    under: &'a dyn FileSystem,
    texts: BTreeMap<PathBuf, String>,
}

impl<'a> Overlay<'a> {
    /// Nothing is changed.
    pub fn new(under: &'a dyn FileSystem) -> Self {
        Self { under, texts: BTreeMap::new() }
    }

    /// Replaces the text of a file. A file that is not there below can be read, but is not listed.
    pub fn insert(&mut self, path: &Path, text: impl Into<String>) {
        self.texts.insert(normalize(path), text.into());
    }
}

impl FileSystem for Overlay<'_> {
    fn read(&self, path: &Path) -> Result<String, ReadError> {
        match self.texts.get(&normalize(path)) {
            Some(text) => Ok(text.clone()),
            None => self.under.read(path),
        }
    }

    fn list(&self, folder: &Path) -> Vec<String> {
        self.under.list(folder)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.under.is_dir(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        self.texts.contains_key(&normalize(path)) || self.under.is_file(path)
    }
}

impl FileSystem for Memory {
    fn read(&self, path: &Path) -> Result<String, ReadError> {
        self.files.get(&normalize(path)).cloned().ok_or(ReadError::NotFound)
    }

    fn list(&self, folder: &Path) -> Vec<String> {
        let folder = normalize(folder);
        let mut names: Vec<String> = self
            .below(&folder)
            .filter_map(|p| p.strip_prefix(&folder).ok()?.components().next())
            .map(|c| c.as_os_str().to_string_lossy().into_owned())
            .collect();
        names.dedup();
        names
    }

    fn is_dir(&self, path: &Path) -> bool {
        let path = normalize(path);
        self.below(&path).any(|p| *p != path)
    }

    fn is_file(&self, path: &Path) -> bool {
        self.files.contains_key(&normalize(path))
    }
}
